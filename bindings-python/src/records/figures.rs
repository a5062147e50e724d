//! Figures: usage, health, caches, metrics.

use ebbmark as core;
use pyo3::prelude::*;

use crate::record::record;

record! {
    /// What a tenant holds.
    Stats(core::Stats) {
        /// The tenant's version: the number of its commits.
        version: u64,
        /// Episodes that are not deleted, expired ones among them.
        episodes: u64,
        /// Atoms that are not deleted, historical ones among them.
        atoms: u64,
        /// Records that have a vector.
        vectors: u64,
        /// Records that wait for a vector, for their claims, or for both: each is counted once. See
        /// `Tenant.pending`.
        pending: u64,
        /// Slots used up by all versions of all records, live or not.
        slots: u64,
        /// The vector space, once there is a vector.
        space: Option<core::VectorSpace>,
        /// Bytes of memory that the tenant's working set takes, 0 when it is not loaded.
        working_set_bytes: u64,
    }
}

record! {
    /// What a tenant holds and has done. Counted in the same commit as what is counted.
    Usage(core::Usage) {
        /// Episodes that are not deleted, archived and expired ones among them.
        episodes: u64,
        /// Atoms that are not deleted, historical ones among them.
        atoms: u64,
        /// Episodes that are archived.
        archived: u64,
        /// Records that have a vector.
        vectors: u64,
        /// Records that wait for a vector, or for the claims to be drawn from them.
        pending: u64,
        /// Bytes of the records as they are written, and of their vectors; former versions and indexes come on top.
        bytes: u64,
        /// Records that were ever added.
        added: u64,
        /// Records that were ever deleted, by the host or by forgetting.
        deleted: u64,
        /// Uses that were ever written down.
        uses: u64,
    }
}

record! {
    /// The usage of all tenants of a store.
    UsageReport(core::UsageReport) {
        /// Each tenant with what it holds, in order of their ids.
        tenants: Vec<(String, core::Usage)>,
    }
}

record! {
    /// How the working sets of a store do.
    WorkingSetFigures(core::WorkingSetFigures) {
        /// Calls that found the working set loaded.
        hits: u64,
        /// Calls that had to load it.
        misses: u64,
        /// Working sets dropped to keep the budget.
        evictions: u64,
        /// Bytes loaded now, over all tenants.
        bytes: u64,
        /// Sealed segments that were damaged or missing and were rebuilt from the records.
        segments_rebuilt: u64,
    }
}

record! {
    /// How a cache does. All are zero for a cache that is off.
    CacheFigures(core::CacheFigures) {
        /// Look-ups that found what they asked for.
        hits: u64,
        /// Look-ups that did not.
        misses: u64,
        /// Entries dropped to keep the budget, among them those that are larger than all of it.
        evictions: u64,
        /// Bytes of what it holds now, keys and some room for book-keeping included.
        bytes: u64,
    }
}

record! {
    /// How a callback does, since the store was opened.
    BreakerFigures(core::BreakerFigures) {
        /// Whether it is called now.
        state: core::BreakerState,
        /// Calls that were made.
        calls: u64,
        /// Calls that failed: by an error, a panic, a reply that cannot be used, or by taking too long.
        failures: u64,
        /// Calls that were not made, because it had failed too often.
        refused: u64,
        /// How often it came to be suspended; after a trial that failed, again.
        opened: u64,
    }
}

record! {
    /// How the host's callbacks do. One that the store has not got was never called.
    CallbackFigures(core::CallbackFigures) {
        /// The embedder.
        embedder: core::BreakerFigures,
        /// The extractor.
        extractor: core::BreakerFigures,
        /// The reranker.
        reranker: core::BreakerFigures,
    }
}

record! {
    /// Something that needs attention, though the store works.
    HealthReason(core::HealthReason) {
        /// Its stable dotted name, for programs.
        code: String,
        /// What it is, as a sentence with numbers and without names.
        what: String,
        /// What to do about it.
        remedy: String,
    }
}

record! {
    /// Whether the store can be used, and if not, why not.
    Health(core::Health) {
        /// Whether it can be used.
        state: core::HealthState,
        /// The first failure, if there was one.
        cause: Option<core::Error>,
        /// What needs attention, though the store works.
        reasons: Vec<core::HealthReason>,
    }
}

record! {
    /// How often a verb ended in one way.
    CallCount(core::CallCount) {
        /// The verb, as the method is called.
        verb: String,
        /// `ok`, or the code of the error.
        outcome: String,
        /// How often.
        count: u64,
    }
}

record! {
    /// Durations, counted by bucket. A clock that was set back meanwhile counts as 0.
    Durations(core::Durations) {
        /// The upper bound of each bucket in microseconds, the bound included, and how many fell between it and the bound
        /// before. The last has no bound.
        buckets: Vec<(Option<u64>, u64)>,
        /// All durations together, in microseconds.
        sum_micros: u64,
    }
}

record! {
    /// What a tenant holds, writes that are on their way included.
    TenantFigures(core::TenantFigures) {
        /// The tenant's id.
        tenant: String,
        /// What it holds and has done.
        usage: core::Usage,
        /// Bytes of memory that its working set takes.
        working_set_bytes: u64,
    }
}

record! {
    /// The metrics of a store since it was opened. Numbers, names of verbs and codes of errors; never content.
    ///
    /// `Metrics.to_openmetrics` gives them as text for a scraper.
    Metrics(core::Metrics) {
        /// Calls by verb and outcome, in that order; what never happened is left out.
        calls: Vec<core::CallCount>,
        /// How long calls of `add` took, failed ones included, by the store's clock.
        add: core::Durations,
        /// How long calls of `search` took, failed ones included, by the store's clock.
        search: core::Durations,
        /// Episodes that were added.
        episodes_added: u64,
        /// Hits that searches returned.
        hits_returned: u64,
        /// Commits of writes that became durable; those that only seal segments are not counted.
        commits: u64,
        /// How the working sets do.
        working_sets: core::WorkingSetFigures,
        /// How the cache of embeddings does.
        embedding_cache: core::CacheFigures,
        /// How the cache of answers does.
        query_cache: core::CacheFigures,
        /// How the host's callbacks do.
        callbacks: core::CallbackFigures,
        /// Bytes of the file; `None` in memory, and where the file system does not tell.
        file_bytes: Option<u64>,
        /// Figures of the tenants whose working set is loaded, in order of their ids, if they were asked for.
        tenants: Vec<core::TenantFigures>,
    }
}

#[pymethods]
impl Usage {
    /// Episodes and atoms together.
    #[getter]
    fn records(&self) -> u64 {
        self.0.records()
    }
}

#[pymethods]
impl UsageReport {
    /// The report as CSV, a line for each tenant, with a heading.
    fn to_csv(&self) -> String {
        self.0.to_csv()
    }

    /// The report as JSON.
    fn to_json(&self) -> String {
        self.0.to_json()
    }
}

#[pymethods]
impl Durations {
    /// Calls in all buckets together.
    #[getter]
    fn count(&self) -> u64 {
        self.0.count()
    }
}

#[pymethods]
impl Metrics {
    /// The metrics as OpenMetrics text, to be served to Prometheus.
    fn to_openmetrics(&self) -> String {
        self.0.to_openmetrics()
    }
}
