//! The handle of a tenant: the only way to its records.

use std::sync::{Arc, Mutex};

use super::audit::Author;
use super::context::Context;
use super::ledger::read_one;
use super::runtime::{QueuedWrite, Runtime};
use super::shared::Owner;
use super::stored::Stored;
use super::uses::{USES_MAX, Used, used};
use super::working_set::WorkingSet;
use super::write::Write;
use crate::dynamics::Gcra;
use crate::error::{Code, Error, Result};
use crate::limits::SUBSCRIPTION_EVENTS_MAX;
use crate::model::{Curve, Id, Progress, Scope, check_name};
use crate::observe::{Calls, Cause, Stats, Subscription, Verb, Work};
use crate::storage::{Snapshot, big_endian_u32, keys};
use crate::truth::is_self;

/// What a handle may do; each level may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Read.
    ReadOnly,
    /// Read and write records.
    ReadWrite,
    /// Also configure the tenant, define predicates, rebuild what is derived, and read and prune the audit, which tells who did what in all
    /// scopes.
    Admin,
}

/// A handle of one tenant. Cheap to clone; many threads may use it at once.
///
/// It carries an access level, an actor (who is acting, for history and the change feed) and a scope, which
/// labels what is added through it and narrows what is listed and searched through it.
#[derive(Clone)]
pub struct Tenant {
    shared: Arc<Owner>,
    runtime: Arc<Runtime>,
    access: Access,
    actor: Arc<str>,
    scope: Scope,
    dry: bool,
    progress: Option<Arc<dyn Progress>>,
}

impl Tenant {
    pub(crate) fn new(shared: Arc<Owner>, id: &str, access: Access) -> Result<Self> {
        check_name("a tenant id", id)?;
        let runtime = shared.runtime(id);
        let (actor, scope) = (Arc::from("host"), Scope::default());
        Ok(Tenant { shared, runtime, access, actor, scope, dry: false, progress: None })
    }

    /// The tenant's id.
    pub fn id(&self) -> &str {
        &self.runtime.id
    }

    /// What this handle may do.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Who acts through this handle.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// The labels that this handle adds and narrows by.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// This handle with an access level that is lower or the same.
    ///
    /// # Errors
    /// `access.denied` if the level is higher: a handle cannot raise itself.
    pub fn with_access(mut self, access: Access) -> Result<Self> {
        self.require(access)?;
        self.access = access;
        Ok(self)
    }

    /// This handle for another actor: 1 to 256 bytes without control characters.
    ///
    /// # Errors
    /// `name.invalid`.
    pub fn with_actor(mut self, actor: &str) -> Result<Self> {
        check_name("an actor", actor)?;
        self.actor = Arc::from(actor);
        Ok(self)
    }

    /// This handle with another scope; each part 1 to 256 bytes without control characters.
    ///
    /// # Errors
    /// `name.invalid`.
    pub fn with_scope(mut self, scope: Scope) -> Result<Self> {
        scope.check()?;
        self.scope = scope;
        Ok(self)
    }

    /// This handle for trying out: what is written through it is decided as it would be, and nothing is changed.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Outcome, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// let tried = tenant.dry_run().assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// assert_eq!(tried.outcome, Outcome::Superseded);
    /// assert_eq!(tenant.stats()?.atoms, 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    #[must_use]
    pub fn dry_run(&self) -> Self {
        Tenant { dry: true, ..self.clone() }
    }

    /// This handle with somebody who hears how far its long calls are, and may stop them: [`Tenant::add`],
    /// [`Tenant::add_document`], [`Tenant::process_pending`], [`Tenant::maintain`], [`Tenant::reembed`]. A search has a
    /// [`Query::deadline`](crate::Query::deadline) instead. A call that is stopped fails with `call.stopped`; what it had made durable
    /// stays.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use ebbmark::{NewEpisode, Options, Progress, Store};
    ///
    /// /// Stops after a hundred records.
    /// struct Hundred(AtomicUsize);
    ///
    /// impl Progress for Hundred {
    ///     fn advance(&self, records: usize) -> bool {
    ///         self.0.fetch_add(records, Ordering::Relaxed) + records < 100
    ///     }
    /// }
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let notes: Vec<NewEpisode> = (0..1000).map(|number| format!("Note {number}").into()).collect();
    /// let stopped = tenant.clone().with_progress(Arc::new(Hundred(AtomicUsize::new(0)))).add(notes).unwrap_err();
    /// assert_eq!(stopped.code().as_str(), "call.stopped");
    /// assert_eq!(tenant.stats()?.episodes, 128);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    #[must_use]
    pub fn with_progress(self, progress: Arc<dyn Progress>) -> Self {
        Tenant { progress: Some(progress), ..self }
    }

    /// Tells that so many more records are finished, and fails if the call is to stop.
    pub(crate) fn go_on(&self, records: usize) -> Result<()> {
        if self.progress.as_ref().is_none_or(|progress| progress.advance(records)) {
            return Ok(());
        }
        Err(Error::draft(Code::CallStopped, "the call was stopped by its progress")
            .got("a progress that says stop")
            .expected("one that says go on")
            .remedy("call it again to go on; what it had made durable stays"))
    }

    /// Whether this handle only tries out.
    pub fn is_dry_run(&self) -> bool {
        self.dry
    }

    /// The changes made from now on, as they become durable. At most `capacity` (1 to 2^20) are held
    /// unread; what is dropped beyond that is counted, told, and still in the durable feed.
    ///
    /// # Errors
    /// `range.invalid`, `tenant.erased`, `store.closed`, `process.forked`.
    pub fn subscribe(&self, capacity: usize) -> Result<Subscription> {
        if capacity == 0 || capacity > SUBSCRIPTION_EVENTS_MAX {
            return Err(Error::draft(Code::RangeInvalid, "a subscription cannot have this capacity")
                .got(capacity)
                .expected(format!("1 to {SUBSCRIPTION_EVENTS_MAX}"))
                .remedy("choose how many unread events you can hold"));
        }
        self.runtime.check()?;
        // A store that is closed has no more changes.
        self.snapshot()?;
        Ok(self.runtime.subscribers.subscribe(capacity))
    }

    /// What the tenant holds.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn stats(&self) -> Result<Stats> {
        self.call(Verb::Stats, |_| self.held())
    }

    fn held(&self) -> Result<Stats> {
        let (version, working_set_bytes) = self.read(|set| Ok((set.version, set.bytes())))?;
        let meta = super::meta::read(self.snapshot()?.as_ref())?;
        Ok(Stats {
            version,
            episodes: meta.usage.episodes,
            atoms: meta.usage.atoms,
            vectors: meta.usage.vectors,
            pending: meta.usage.pending,
            slots: u64::from(meta.slots),
            space: meta.spaces.current,
            working_set_bytes,
        })
    }

    /// Runs a verb that the host called: within a span, counted by its outcome, and some of them timed.
    pub(crate) fn call<T>(&self, verb: Verb, run: impl FnOnce(&Work) -> Result<T>) -> Result<T> {
        let context = self.common();
        let started = Calls::is_timed(verb).then(|| context.now());
        let work = verb.begin();
        let result = work.within(|| run(&work));
        // A clock that was set back counts as 0.
        let micros = started.map(|started| {
            let micros = context.now().as_micros().saturating_sub(started.as_micros());
            u64::try_from(micros).unwrap_or(0)
        });
        work.outcome(context.calls.end(verb, result.as_ref().err(), micros));
        result
    }

    /// A name, or the handle's user for "I" and "me".
    pub(crate) fn own_name(&self, name: String) -> String {
        let user = self.scope.user.as_ref().filter(|_| is_self(&name));
        user.cloned().unwrap_or(name)
    }

    /// Fails unless this handle has at least this level.
    pub(crate) fn require(&self, access: Access) -> Result<()> {
        if self.access >= access {
            return Ok(());
        }
        Err(Error::draft(Code::AccessDenied, "this handle may not do that")
            .got(format!("{:?}", self.access))
            .expected(format!("{access:?}"))
            .remedy("ask the store for a handle with that access"))
    }

    /// What all tenants of the store work with.
    pub(crate) fn common(&self) -> &Context {
        &self.shared.context
    }

    /// The rows as of the last durable commit. Fails for a handle whose tenant was erased.
    pub(crate) fn snapshot(&self) -> Result<Box<dyn Snapshot>> {
        let snapshot = self.common().engine.snapshot(&self.runtime.id)?;
        // Checked afterwards: the snapshot may be one of the tenant's next life.
        self.runtime.check()?;
        Ok(snapshot)
    }

    /// A record as of the last durable commit.
    pub(crate) fn stored(&self, id: Id) -> Result<Option<Stored>> {
        Ok(self.stored_with_snapshot(id)?.1)
    }

    fn stored_with_snapshot(&self, id: Id) -> Result<(Box<dyn Snapshot>, Option<Stored>)> {
        let snapshot = self.snapshot()?;
        let row = snapshot.get_many(&[keys::slot(id)])?.pop().flatten();
        let read = |slot: Vec<u8>| read_one(&snapshot, &keys::record(big_endian_u32(&slot)));
        let stored = row.map_or(Ok(None), read)?;
        Ok((snapshot, stored))
    }

    /// Reads the working set.
    pub(crate) fn read<T>(&self, call: impl FnOnce(&WorkingSet) -> Result<T>) -> Result<T> {
        let value = self.runtime.read(self.common(), call);
        self.shared.keep_budget(&self.runtime);
        value
    }

    /// Decides a write on the latest rows and queues it; it is not durable before it is settled. Its cause is told by the
    /// audit.
    pub(crate) fn submit<T>(
        &self,
        cause: Cause,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<(T, Option<QueuedWrite>)> {
        self.require(Access::ReadWrite)?;
        self.runtime.submit(self.common(), &self.author(cause), self.dry, decide)
    }

    /// Decides several writes with nobody else's between them, until there is none, and queues them all, or none; see
    /// [`Tenant::submit`].
    pub(crate) fn submit_all<T>(
        &self,
        cause: Cause,
        decide: impl Fn(&mut Write<'_>, usize) -> Result<Option<T>>,
    ) -> Result<(Vec<T>, Option<QueuedWrite>)> {
        self.require(Access::ReadWrite)?;
        self.runtime.submit_all(self.common(), &self.author(cause), self.dry, decide)
    }

    /// Waits until what was queued is durable and visible.
    pub(crate) fn settle(&self, queued: Option<QueuedWrite>) -> Result<()> {
        if let Some(queued) = queued {
            self.runtime.settle(self.common(), &queued)?;
        }
        self.shared.keep_budget(&self.runtime);
        Ok(())
    }

    /// Decides a write on the latest rows and makes it durable and visible.
    pub(crate) fn write<T>(
        &self,
        cause: Cause,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<T> {
        let (value, ticket) = self.submit(cause, decide)?;
        self.settle(ticket)?;
        Ok(value)
    }

    /// Decides a write with nobody else at work on the tenant; it is loaded anew afterwards.
    pub(crate) fn write_alone<T>(
        &self,
        cause: Cause,
        decide: impl FnOnce(&mut Write<'_>) -> Result<T>,
    ) -> Result<T> {
        self.require(Access::ReadWrite)?;
        self.runtime.submit_alone(self.common(), &self.author(cause), self.dry, decide)
    }

    /// Fails on a store that was opened for reading.
    pub(crate) fn require_writable(&self) -> Result<()> {
        if !self.common().engine.is_read_only() {
            return Ok(());
        }
        Err(Error::draft(Code::StoreReadOnly, "the store was opened for reading")
            .got("a use of a memory")
            .expected("a store that was opened for writing")
            .remedy("open it with Store::open"))
    }

    /// Holds a use until it is written down.
    pub(crate) fn hold_use(&self, used: Used) -> Result<()> {
        if self.runtime.uses.push(used) >= USES_MAX {
            return self.flush_uses();
        }
        self.shared.watch_uses();
        Ok(())
    }

    /// Writes the uses down that were told.
    ///
    /// # Errors
    /// Those of writing; what was not written down is still held.
    pub fn flush_uses(&self) -> Result<()> {
        self.require(Access::ReadWrite)?;
        self.write_down_uses()
    }

    /// Writes uses down that others told, whatever this handle may do.
    pub(crate) fn write_down_uses(&self) -> Result<()> {
        self.runtime.flush_uses(self.common(), &self.author(Cause::Use))
    }

    /// A record with the uses that are not written down yet.
    pub(crate) fn stored_as_used(&self, id: Id, curve: Curve) -> Result<Stored> {
        loop {
            let settled = self.runtime.uses.settled();
            let (snapshot, stored) = self.stored_with_snapshot(id)?;
            let mut stored = stored.ok_or_else(|| not_found(id))?;
            for use_of in self.runtime.uses.unseen(id, snapshot.version()) {
                stored.trace = used(&stored, curve, &use_of);
            }
            if self.runtime.uses.settled() == settled {
                return Ok(stored);
            }
            // Some were written down meanwhile, and may have been missed in both places.
        }
    }

    fn author(&self, cause: Cause) -> Author {
        Author { actor: Arc::clone(&self.actor), cause }
    }

    /// The version that readers see, if the working set is loaded.
    pub(crate) fn loaded_version(&self) -> Option<u64> {
        self.runtime.loaded_version(self.common())
    }

    /// The number of the tenant's running state.
    pub(crate) fn number(&self) -> u64 {
        self.runtime.number
    }

    /// The state of the rate limit.
    pub(super) fn rate(&self) -> &Mutex<Gcra> {
        &self.runtime.rate
    }

    /// Drops the working set, so that the next use loads what the rows say.
    pub(crate) fn unload(&self) -> Result<()> {
        self.runtime.unload(self.common())
    }
}

/// The error for an id that this tenant does not have; it is the same whether another tenant has it or not.
pub(crate) fn not_found(id: Id) -> Error {
    Error::draft(Code::RecordNotFound, "there is no such record")
        .got(id)
        .expected("the id of a live record of this tenant")
        .remedy("list the tenant's records")
}
