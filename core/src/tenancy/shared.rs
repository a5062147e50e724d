//! What the tenants of a store share: the context, their running states, and one budget of memory.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::context::{Context, Counters};
use super::runtime::Runtime;
use crate::error::Result;
use crate::observe::{HealthReason, Metrics, MetricsOptions, WorkingSetFigures};

/// What the tenants of a store share.
pub(crate) struct Shared {
    pub(crate) context: Context,
    /// Bytes that the working sets of all tenants may take together.
    budget: u64,
    runtimes: Mutex<HashMap<String, Arc<Runtime>>>,
}

impl Shared {
    pub(crate) fn new(context: Context, budget: u64) -> Self {
        Shared { context, budget, runtimes: Mutex::default() }
    }

    /// The running state of a tenant; made if there is none.
    pub(crate) fn runtime(&self, tenant: &str) -> Arc<Runtime> {
        let mut runtimes = self.runtimes();
        if let Some(runtime) = runtimes.get(tenant) {
            return Arc::clone(runtime);
        }
        let runtime = Arc::new(Runtime::new(tenant));
        runtimes.insert(tenant.to_owned(), Arc::clone(&runtime));
        runtime
    }

    /// Erases a tenant's rows and ends its handles; false if it had no rows.
    pub(crate) fn erase(&self, tenant: &str) -> Result<bool> {
        let runtime = self.runtime(tenant);
        let erased = runtime.end(&self.context)?;
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

    /// The metrics so far.
    pub(crate) fn metrics(&self, options: &MetricsOptions) -> Metrics {
        let Context { calls, engine, .. } = &self.context;
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
            file_bytes: engine.file_bytes(),
            tenants,
        }
    }

    /// What needs attention, though the store works: a line each.
    pub(crate) fn reasons(&self) -> Vec<HealthReason> {
        let rebuilt: u64 = self.runtimes().values().map(|runtime| runtime.rebuilt()).sum();
        let reason = |holds: bool, code: &'static str, what: String, remedy: &'static str| {
            holds.then_some(HealthReason { code, what, remedy })
        };
        let reasons = [
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
