//! The running state of one tenant: its working set for readers, its writer for writers.
//!
//! Locks, always in this order: the working set, then the writer. A writer decides and queues under the
//! writer's lock alone, waits for durability under none, and applies to the working set under both.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

use super::audit::Author;
use super::context::{Context, Counters};
use super::load::load;
use super::uses::{USES_BESIDE_BYTES, Uses};
use super::working_set::WorkingSet;
use super::write::Write;
use super::writer::Writer;
use crate::dynamics::Gcra;
use crate::error::{Code, Error, Result};
use crate::limits::COMMIT_BYTES_MAX;
use crate::observe::{Subscribers, TenantFigures, Work};
use crate::storage::Ticket;

/// A write that was queued, and the life of the writer that it was queued in.
pub(crate) struct QueuedWrite {
    ticket: Ticket,
    generation: u64,
}

/// The running state of one tenant.
pub(crate) struct Runtime {
    pub(crate) id: Arc<str>,
    /// Tells it from every other of the store, also from one of the same id that was erased.
    pub(super) number: u64,
    pub(crate) subscribers: Subscribers,
    /// Uses that are not written down yet.
    pub(super) uses: Uses,
    /// The state of the rate limit.
    pub(super) rate: Mutex<Gcra>,
    set: RwLock<Option<WorkingSet>>,
    /// Loaded together with the working set.
    writer: Mutex<Option<Writer>>,
    /// The version that readers see at least: whoever finds his write in it has nothing left to do.
    visible: AtomicU64,
    /// Bytes of the working set when it was last looked at.
    bytes: AtomicU64,
    /// When it was last used, in ticks of the store.
    touched: AtomicU64,
    /// Segments that had to be rebuilt when it was last loaded, and were not made again since.
    rebuilt: AtomicU64,
    erased: AtomicBool,
}

impl Runtime {
    pub(super) fn new(id: &str, number: u64) -> Self {
        Runtime {
            id: Arc::from(id),
            number,
            subscribers: Subscribers::default(),
            uses: Uses::default(),
            rate: Mutex::default(),
            set: RwLock::new(None),
            writer: Mutex::new(None),
            visible: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            touched: AtomicU64::new(0),
            rebuilt: AtomicU64::new(0),
            erased: AtomicBool::new(false),
        }
    }

    /// Reads the working set, loading it first if need be.
    pub(super) fn read<T>(
        &self,
        context: &Context,
        call: impl FnOnce(&WorkingSet) -> Result<T>,
    ) -> Result<T> {
        let mut loaded = false;
        loop {
            self.check()?;
            let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(set) = &*set {
                self.touch(context, loaded);
                return call(set);
            }
            drop(set);
            self.load(context)?;
            loaded = true;
        }
    }

    /// The version that readers see, if the working set is loaded; it counts as used.
    pub(super) fn loaded_version(&self, context: &Context) -> Option<u64> {
        let set = self.set.read().unwrap_or_else(PoisonError::into_inner);
        self.touched.store(context.counters.tick(), Ordering::Relaxed);
        set.as_ref().map(|set| set.version)
    }

    /// Decides a write on the latest rows and queues it, without waiting for it to be durable. A dry run is decided
    /// and dropped.
    pub(super) fn submit<T>(
        &self,
        context: &Context,
        author: &Author,
        dry: bool,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<(T, Option<QueuedWrite>)> {
        self.with_writer(context, |writer| {
            if dry {
                let mut write = Write::new(context, &self.id, writer, author.clone());
                let value = decide(&mut write)?;
                write.check_if_metered()?;
                return Ok((value, None));
            }
            self.queue(context, author, writer, USES_BESIDE_BYTES, decide)
        })
    }

    /// Queues a write with the uses that fit into so many bytes in front of it.
    fn queue<T>(
        &self,
        context: &Context,
        author: &Author,
        writer: &mut Writer,
        uses_bytes: usize,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<(T, Option<QueuedWrite>)> {
        let mut write = Write::new(context, &self.id, writer, author.clone());
        let noted = write.note_uses(&self.uses.next(), uses_bytes)?;
        let value = decide(&mut write)?;
        let version = write.version();
        let ticket = write.submit()?;
        self.uses.send(noted, version);
        let generation = writer.generation;
        Ok((value, ticket.map(|ticket| QueuedWrite { ticket, generation })))
    }

    /// Decides several writes, one behind the other until there is none, with nobody else's between them, and queues them
    /// all; or none, if together they would exceed a quota or one of them fails. A dry run queues none.
    pub(super) fn submit_all<T>(
        &self,
        context: &Context,
        author: &Author,
        dry: bool,
        decide: impl Fn(&mut Write<'_>, usize) -> Result<Option<T>>,
    ) -> Result<(Vec<T>, Option<QueuedWrite>)> {
        self.with_writer(context, |writer| {
            let mut tried = Write::new(context, &self.id, writer, author.clone());
            let values: Result<Vec<T>> =
                (0..).map_while(|number| decide(&mut tried, number).transpose()).collect();
            let mut values = values?;
            tried.check_if_metered()?;
            if dry {
                return Ok((values, None));
            }
            let mut last = None;
            if values.len() < 2 {
                last = tried.submit()?;
            } else {
                drop(tried);
                values.clear();
                for number in 0.. {
                    let mut write = Write::new(context, &self.id, writer, author.clone());
                    let Some(value) = decide(&mut write, number)? else { break };
                    // The whole was found to fit, however it is cut.
                    write.metered = false;
                    values.push(value);
                    last = write.submit()?.or(last);
                }
            }
            let generation = writer.generation;
            Ok((values, last.map(|ticket| QueuedWrite { ticket, generation })))
        })
    }

    /// Calls with the writer locked, loading the tenant first if need be.
    fn with_writer<T>(&self, context: &Context, call: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let mut loaded = false;
        loop {
            self.check()?;
            let mut writer = self.writer();
            if let Some(writer) = writer.as_mut() {
                self.touch(context, loaded);
                return call(writer);
            }
            drop(writer);
            self.load(context)?;
            loaded = true;
        }
    }

    /// Writes all uses down that were told before this call.
    pub(super) fn flush_uses(&self, context: &Context, author: &Author) -> Result<()> {
        while self.uses.is_waiting() {
            let ((), queued) = self.with_writer(context, |writer| {
                self.queue(context, author, writer, COMMIT_BYTES_MAX / 2, |_| Ok(()))
            })?;
            queued.map_or(Ok(()), |queued| self.settle(context, &queued))?;
        }
        // Others may be on their way in a commit that somebody else waits for.
        let on_its_way = self.uses.is_any().then(|| self.writer().as_ref()?.last_ticket.clone()).flatten();
        if let Some(ticket) = on_its_way {
            let version = context.engine.wait(&ticket)?;
            self.apply(context, version);
        }
        Ok(())
    }

    /// Decides a write with nobody else at work, makes it durable, and has the tenant loaded anew by its next use.
    pub(super) fn submit_alone<T>(
        &self,
        context: &Context,
        author: &Author,
        dry: bool,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<T> {
        loop {
            self.check()?;
            let (mut set, mut writer) = self.lock_both();
            let Some(current) = writer.as_mut() else {
                drop((set, writer));
                self.load(context)?;
                continue;
            };
            let mut write = Write::new(context, &self.id, current, author.clone());
            let value = decide(&mut write)?;
            if dry {
                return Ok(value);
            }
            write.submit()?;
            let drained = self.drain(context, writer.as_mut());
            self.drop_both(context, &mut set, &mut writer);
            return drained.map(|()| value);
        }
    }

    /// Waits until a commit is durable, then lets readers see it and everything before it.
    pub(super) fn settle(&self, context: &Context, queued: &QueuedWrite) -> Result<()> {
        let work = Work::commit();
        match work.within(|| context.engine.wait(&queued.ticket)) {
            Ok(version) => {
                work.version(version);
                self.apply(context, version);
                Ok(())
            }
            Err(error) => {
                // What was queued behind it was decided on rows that will never be.
                let (mut set, mut writer) = self.lock_both();
                if writer.as_ref().is_some_and(|writer| writer.generation == queued.generation) {
                    self.drop_both(context, &mut set, &mut writer);
                }
                Err(error)
            }
        }
    }

    /// Applies all queued changes up to a version that is durable.
    fn apply(&self, context: &Context, version: u64) {
        if self.visible.load(Ordering::Acquire) >= version {
            return;
        }
        let (mut set, mut writer) = self.lock_both();
        let (Some(set), Some(writer)) = (set.as_mut(), writer.as_mut()) else { return };
        for queued in writer.take_durable(version) {
            queued.deltas.into_iter().for_each(|delta| set.apply(delta));
            set.version = queued.version;
            set.spaces = queued.spaces;
            self.subscribers.publish(&queued.changes);
            Counters::add(&context.calls.commits, 1);
        }
        self.uses.settle(version);
        self.visible.fetch_max(version, Ordering::Release);
        self.resize(context, set.bytes());
    }

    /// Loads the working set and the writer together, from one snapshot.
    fn load(&self, context: &Context) -> Result<()> {
        let (mut set, mut writer) = self.lock_both();
        if set.is_some() && writer.is_some() {
            return Ok(());
        }
        self.check()?;
        // Nothing of this tenant is queued while there is no writer, so that head and snapshot agree.
        let snapshot = context.engine.snapshot(&self.id)?;
        let work = Work::load();
        let loaded = work.within(|| load(snapshot.as_ref(), &context.analyzers))?;
        work.version(loaded.set.version);
        work.found(loaded.meta.slots as usize);
        context.ids.go_beyond(loaded.meta.last_id);
        self.resize(context, loaded.set.bytes());
        let generation = context.counters.tick();
        let (meta, config) = (loaded.meta, Arc::clone(&loaded.set.config));
        let version = loaded.set.version;
        *writer = Some(Writer { generation, version, meta, config, tail: loaded.tail, ..Writer::default() });
        *set = Some(loaded.set);
        Counters::add(&context.counters.misses, 1);
        Counters::add(&context.counters.segments_rebuilt, loaded.rebuilt);
        self.rebuilt.store(loaded.rebuilt, Ordering::Relaxed);
        // What was on its way in commits of a writer before this one is durable, or never will be.
        self.uses.settle(version);
        self.uses.recall();
        Ok(())
    }

    /// Drops the working set, unless it is in use; false if it was kept.
    pub(super) fn evict(&self, context: &Context) -> bool {
        let Ok(mut set) = self.set.try_write() else { return false };
        let Ok(mut writer) = self.writer.try_lock() else { return false };
        if set.is_none() || writer.as_ref().is_some_and(Writer::is_busy) {
            return false;
        }
        self.drop_both(context, &mut set, &mut writer);
        true
    }

    /// Drops the working set when all that is queued is durable; the next use loads it anew from segments that were all
    /// made again.
    pub(super) fn unload(&self, context: &Context) -> Result<()> {
        let (mut set, mut writer) = self.lock_both();
        self.drain(context, writer.as_mut())?;
        self.drop_both(context, &mut set, &mut writer);
        self.rebuilt.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Erases the tenant's rows and ends this state for good; false if there were no rows.
    pub(super) fn end(&self, context: &Context) -> Result<bool> {
        let (mut set, mut writer) = self.lock_both();
        if self.erased.load(Ordering::SeqCst) {
            // Another call was faster; what has this id by now is another life of the tenant.
            return Ok(false);
        }
        self.drain(context, writer.as_mut())?;
        let erased = context.engine.erase(&self.id)?;
        self.erased.store(true, Ordering::SeqCst);
        self.drop_both(context, &mut set, &mut writer);
        Ok(erased)
    }

    /// Waits for all that is queued, and tells of it; the working set is not kept up.
    fn drain(&self, context: &Context, writer: Option<&mut Writer>) -> Result<()> {
        let Some(writer) = writer else { return Ok(()) };
        let Some(ticket) = writer.last_ticket.clone() else { return Ok(()) };
        let version = context.engine.wait(&ticket)?;
        for queued in writer.take_durable(version) {
            self.subscribers.publish(&queued.changes);
            Counters::add(&context.calls.commits, 1);
        }
        self.uses.settle(version);
        Ok(())
    }

    fn drop_both(&self, context: &Context, set: &mut Option<WorkingSet>, writer: &mut Option<Writer>) {
        *set = None;
        *writer = None;
        self.resize(context, 0);
    }

    /// Notes the bytes of the working set; called with both locks held.
    fn resize(&self, context: &Context, bytes: u64) {
        context.counters.resize(self.bytes.swap(bytes, Ordering::Relaxed), bytes);
    }

    /// Notes a use. The use that had to load the working set was a miss, and is no hit.
    fn touch(&self, context: &Context, loaded: bool) {
        self.touched.store(context.counters.tick(), Ordering::Relaxed);
        Counters::add(&context.counters.hits, u64::from(!loaded));
    }

    /// Segments that are rebuilt whenever the tenant is loaded.
    pub(super) fn rebuilt(&self) -> u64 {
        self.rebuilt.load(Ordering::Relaxed)
    }

    /// Whether it is loaded and has used nine tenths of a quota or more.
    pub(super) fn is_nearly_full(&self) -> bool {
        // One that is being written to or loaded is asked another time.
        let writer = self.writer.try_lock();
        let nearly = |writer: &Writer| writer.meta.is_nearly_full(&writer.config.quotas);
        writer.is_ok_and(|writer| writer.as_ref().is_some_and(nearly))
    }

    /// What it holds, if it is loaded.
    pub(super) fn figures(&self) -> Option<TenantFigures> {
        let writer = self.writer();
        let meta = &writer.as_ref()?.meta;
        Some(TenantFigures {
            tenant: self.id.to_string(),
            usage: meta.usage,
            working_set_bytes: self.bytes(),
        })
    }

    /// Bytes of the working set, 0 when it is not loaded.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The tick of the last use.
    pub(super) fn last_use(&self) -> u64 {
        self.touched.load(Ordering::Relaxed)
    }

    /// Fails if the tenant was erased.
    pub(super) fn check(&self) -> Result<()> {
        if self.erased.load(Ordering::SeqCst) {
            return Err(Error::draft(Code::TenantErased, "the tenant was erased after this handle was made")
                .got("a handle of an erased tenant")
                .expected("a handle made after the erasure")
                .remedy("ask the store for a new handle"));
        }
        Ok(())
    }

    fn lock_both(&self) -> (RwLockWriteGuard<'_, Option<WorkingSet>>, MutexGuard<'_, Option<Writer>>) {
        let set = self.set.write().unwrap_or_else(PoisonError::into_inner);
        (set, self.writer())
    }

    fn writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
