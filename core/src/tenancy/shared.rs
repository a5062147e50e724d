//! What the tenants of a store share: the context, their running states, and one budget of memory.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::audit::Author;
use super::context::{Context, Counters};
use super::runtime::Runtime;
use crate::error::Result;
use crate::observe::{BreakerState, Cause, HealthReason, Metrics, MetricsOptions, WorkingSetFigures};

/// How often uses are written down.
const USES_DELAY: Duration = Duration::from_secs(1);

/// What the tenants of a store share.
pub(crate) struct Shared {
    pub(crate) context: Context,
    /// Bytes that the working sets of all tenants may take together.
    budget: u64,
    runtimes: Mutex<HashMap<String, Arc<Runtime>>>,
    /// Whether a thread waits to write uses down.
    watching: AtomicBool,
    /// The process that opened the store.
    process: u32,
}

impl Shared {
    pub(crate) fn new(context: Context, budget: u64) -> Self {
        let (watching, process) = (AtomicBool::new(false), std::process::id());
        Shared { context, budget, runtimes: Mutex::default(), watching, process }
    }

    /// The running state of a tenant; made if there is none.
    pub(crate) fn runtime(&self, tenant: &str) -> Arc<Runtime> {
        let mut runtimes = self.runtimes();
        if let Some(runtime) = runtimes.get(tenant) {
            return Arc::clone(runtime);
        }
        let runtime = Arc::new(Runtime::new(tenant, self.context.counters.tick()));
        runtimes.insert(tenant.to_owned(), Arc::clone(&runtime));
        runtime
    }

    /// Erases a tenant's rows and ends its handles; false if it had no rows.
    pub(crate) fn erase(&self, tenant: &str) -> Result<bool> {
        let runtime = self.runtime(tenant);
        let erased = runtime.end(&self.context)?;
        // Nobody could ask for them any more; but nothing of an erased tenant is to be kept.
        self.context.answers.clear();
        let mut runtimes = self.runtimes();
        if runtimes.get(tenant).is_some_and(|current| Arc::ptr_eq(current, &runtime)) {
            runtimes.remove(tenant);
        }
        Ok(erased)
    }

    /// Drops the working sets that were used longest ago until the budget is kept; `current` stays.
    pub(super) fn keep_budget(&self, current: &Runtime) {
        let counters = &self.context.counters;
        let is_over = || counters.bytes.load(Ordering::Relaxed) > self.budget;
        if !is_over() {
            return;
        }
        let mut loaded: Vec<Arc<Runtime>> = self.runtimes().values().cloned().collect();
        loaded.retain(|runtime| runtime.bytes() > 0 && !std::ptr::eq(Arc::as_ptr(runtime), current));
        // Uses go on while this sorts, so that each is looked at once.
        loaded.sort_by_cached_key(|runtime| runtime.last_use());
        for runtime in loaded {
            if is_over() && runtime.evict(&self.context) {
                Counters::add(&counters.evictions, 1);
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a use must not wait for the medium, and nobody else may come by"
    )]
    fn watch_uses(self: &Arc<Self>) {
        if !self.context.clock.goes_on() || self.watching.swap(true, Ordering::AcqRel) {
            return;
        }
        let shared = Arc::downgrade(self);
        let watch = move || {
            loop {
                thread::sleep(USES_DELAY);
                if shared.upgrade().is_none_or(|shared| shared.is_all_written_down()) {
                    return;
                }
            }
        };
        if thread::Builder::new().name("ebbmark-uses".to_owned()).spawn(watch).is_err() {
            // The next commit takes them along.
            self.watching.store(false, Ordering::Release);
        }
    }

    /// Writes the uses down; whether none is left, and nobody needs to watch.
    fn is_all_written_down(&self) -> bool {
        self.flush_uses();
        let waiting = || self.runtimes().values().any(|runtime| runtime.uses.is_waiting());
        if waiting() {
            return false;
        }
        self.watching.store(false, Ordering::Release);
        // One may have come just now, and have found a watch that is about to end.
        !waiting() || self.watching.swap(true, Ordering::AcqRel)
    }

    /// Writes all uses down. What cannot be written is held.
    fn flush_uses(&self) {
        let runtimes: Vec<Arc<Runtime>> = self.runtimes().values().cloned().collect();
        for runtime in runtimes {
            if runtime.uses.is_any() {
                // A failure is told by the next call that writes.
                let _ = runtime
                    .flush_uses(&self.context, &Author { actor: Arc::from("ebbmark"), cause: Cause::Use });
            }
        }
    }

    /// The metrics so far.
    pub(crate) fn metrics(&self, options: &MetricsOptions) -> Metrics {
        let Context { calls, engine, embeddings, answers, host, .. } = &self.context;
        let (add, search) = calls.durations();
        let mut tenants = Vec::new();
        if options.tenants {
            let runtimes: Vec<Arc<Runtime>> = self.runtimes().values().cloned().collect();
            tenants.extend(runtimes.iter().filter_map(|runtime| runtime.figures()));
            tenants.sort_unstable_by(|a, b| a.tenant.cmp(&b.tenant));
        }
        Metrics {
            calls: calls.counts(),
            add,
            search,
            episodes_added: calls.episodes_added.load(Ordering::Relaxed),
            hits_returned: calls.hits_returned.load(Ordering::Relaxed),
            commits: calls.commits.load(Ordering::Relaxed),
            working_sets: self.figures(),
            embedding_cache: embeddings.figures(),
            query_cache: answers.figures(),
            callbacks: host.figures(),
            file_bytes: engine.file_bytes(),
            tenants,
        }
    }

    /// What needs attention, though the store works: a line each.
    pub(crate) fn reasons(&self) -> Vec<HealthReason> {
        let rebuilt: u64 = self.runtimes().values().map(|runtime| runtime.rebuilt()).sum();
        let reason = |holds: bool, code: &'static str, what: String, remedy: &'static str| {
            holds.then_some(HealthReason { code: code.to_owned(), what, remedy: remedy.to_owned() })
        };
        let callbacks = self.context.host.figures();
        let suspended =
            [&callbacks.embedder, &callbacks.extractor].map(|figures| figures.state != BreakerState::Closed);
        let runtimes: Vec<Arc<Runtime>> = self.runtimes().values().cloned().collect();
        let nearly = runtimes.iter().filter(|runtime| runtime.is_nearly_full()).count();
        let reasons = [
            reason(
                suspended.contains(&true),
                "callback.suspended",
                "a callback failed too often in a row, and is suspended".to_owned(),
                "look at the callback; what waits for it is asked for again by process_pending",
            ),
            reason(
                nearly > 0,
                "quota.nearly_used",
                format!("{nearly} loaded tenants have used nine tenths of a quota or more"),
                "delete what is not needed, or raise the quota",
            ),
            reason(
                self.context.engine.is_read_only(),
                "store.read_only",
                "the store was opened for reading: every write fails".to_owned(),
                "open it with Store::open to write",
            ),
            reason(
                rebuilt > 0,
                "segments.rebuilt",
                format!(
                    "{rebuilt} sealed segments were missing or damaged, and were rebuilt from the records"
                ),
                "run reindex on the tenants, so that they load fast again",
            ),
        ];
        reasons.into_iter().flatten().collect()
    }

    pub(crate) fn figures(&self) -> WorkingSetFigures {
        let counters = &self.context.counters;
        WorkingSetFigures {
            hits: counters.hits.load(Ordering::Relaxed),
            misses: counters.misses.load(Ordering::Relaxed),
            evictions: counters.evictions.load(Ordering::Relaxed),
            segments_rebuilt: counters.segments_rebuilt.load(Ordering::Relaxed),
            bytes: counters.bytes.load(Ordering::Relaxed),
        }
    }

    fn runtimes(&self) -> MutexGuard<'_, HashMap<String, Arc<Runtime>>> {
        self.runtimes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What handles hold: with the last of them the store ends. A thread that writes uses down just then holds what they share
/// a little longer, but not the file.
pub(crate) struct Owner(Arc<Shared>);

impl Owner {
    pub(crate) fn new(shared: Shared) -> Arc<Self> {
        Arc::new(Owner(Arc::new(shared)))
    }

    /// Sees to it that uses are written down within a second or so, where the clock goes on by itself.
    pub(super) fn watch_uses(&self) {
        self.0.watch_uses();
    }

    /// Writes all uses down and releases the file.
    pub(crate) fn close(&self) {
        // In a fork nobody lets go of what another thread held then.
        if std::process::id() == self.process {
            self.flush_uses();
        }
        self.context.engine.close();
    }
}

impl Deref for Owner {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.close();
    }
}
