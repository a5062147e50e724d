//! Metrics of a store as plain data.

use super::cache::CacheFigures;
use super::callbacks::CallbackFigures;
use super::figures::WorkingSetFigures;
use super::usage::Usage;

/// What metrics are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricsOptions {
    /// Whether figures of single tenants are told, with their ids: of those whose working set is loaded. Off unless
    /// said otherwise: ids of tenants may be personal, and there may be many.
    pub tenants: bool,
}

/// The metrics of a store since it was opened. Numbers, names of verbs and codes of errors; never content.
///
/// [`Metrics::to_openmetrics`] gives them as text for a scraper.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Calls by verb and outcome, in that order; what never happened is left out.
    pub calls: Vec<CallCount>,
    /// How long calls of `add` took, failed ones included, by the store's clock.
    pub add: Durations,
    /// How long calls of `search` took, failed ones included, by the store's clock.
    pub search: Durations,
    /// Episodes that were added.
    pub episodes_added: u64,
    /// Hits that searches returned.
    pub hits_returned: u64,
    /// Commits of writes that became durable; those that only seal segments are not counted.
    pub commits: u64,
    /// How the working sets do.
    pub working_sets: WorkingSetFigures,
    /// How the cache of embeddings does.
    pub embedding_cache: CacheFigures,
    /// How the cache of answers does.
    pub query_cache: CacheFigures,
    /// How the host's callbacks do.
    pub callbacks: CallbackFigures,
    /// Bytes of the file; `None` in memory, and where the file system does not tell.
    pub file_bytes: Option<u64>,
    /// Figures of the tenants whose working set is loaded, in order of their ids, if they were asked for.
    pub tenants: Vec<TenantFigures>,
}

/// How often a verb ended in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCount {
    /// The verb, as the method is called.
    pub verb: String,
    /// `ok`, or the code of the error.
    pub outcome: String,
    /// How often.
    pub count: u64,
}

/// Durations, counted by bucket. A clock that was set back meanwhile counts as 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    /// The upper bound of each bucket in microseconds, the bound included, and how many fell between it and the bound
    /// before. The last has no bound.
    pub buckets: Vec<(Option<u64>, u64)>,
    /// All durations together, in microseconds.
    pub sum_micros: u64,
}

impl Durations {
    /// How many there were.
    pub fn count(&self) -> u64 {
        self.buckets.iter().map(|(_, count)| count).sum()
    }
}

/// What a tenant holds, writes that are on their way included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantFigures {
    /// The tenant's id.
    pub tenant: String,
    /// What it holds and has done.
    pub usage: Usage,
    /// Bytes of memory that its working set takes.
    pub working_set_bytes: u64,
}
