//! Settings of a tenant and of callbacks.

use std::time::Duration;

use ebbmark as core;

use crate::record::{record, settings};

record! {
    /// What is archived: what is both old and unimportant.
    ArchiveRule(core::ArchiveRule) {
        /// Days since it occurred or was last used.
        older_than_days: f64,
        /// Importance, 0 to 1, below which it goes.
        importance_below: f32,
    }
}

settings! {
    /// Which episodes are archived, and which are deleted. An empty policy matches nothing; a pinned episode is matched by
    /// none of it. Days are counted as fractions.
    RetentionPolicy(core::RetentionPolicy) {
        /// Archives what is old and unimportant: out of lists and searches unless they ask for it.
        archive: Option<core::ArchiveRule>,
        /// Deletes what has been archived for so many days.
        delete_archived_after_days: Option<f64>,
        /// Deletes what occurred so many days ago, however important it is.
        delete_older_than_days: Option<f64>,
        /// Deletes the least important of more episodes than this, archived ones first.
        episodes_max: Option<u64>,
    }
}

settings! {
    /// How much a tenant may hold.
    Quotas(core::Quotas) {
        /// Episodes and atoms, archived and historical ones among them.
        records: Option<u64>,
        /// Bytes of its records and their vectors, as `Usage` counts them.
        bytes: Option<u64>,
        /// Records with a vector.
        vectors: Option<u64>,
    }
}

record! {
    /// How often a tenant may be called.
    RateLimit(core::RateLimit) {
        /// Calls a second in the long run, more than 0.
        per_second: f64,
        /// Calls at once after a rest, at least 1.
        burst: u32,
    }
}

settings! {
    /// What a tenant can choose for itself. Set by `Tenant.configure`, kept in the file.
    TenantConfig(core::TenantConfig) {
        /// How memories fade.
        curve: core::Curve,
        /// Atoms that are not believed dissolve when less of them is left than this, 0 to 1; 0.1 unless said otherwise.
        dissolve_below: f32,
        /// Believed atoms are weak when less of them is left than this, 0 to 1; 0.5 unless said otherwise.
        weak_below: f32,
        /// Which episodes are archived and deleted; none unless said otherwise.
        retention: core::RetentionPolicy,
        /// How much it may hold; as much as it likes unless said otherwise.
        quotas: core::Quotas,
        /// How often it may be called; as often as it likes unless said otherwise.
        rate: Option<core::RateLimit>,
        /// The language whose word forms are taken as one.
        language: core::Language,
        /// Days after which entries of the audit are pruned; never unless said otherwise.
        audit_days: Option<f64>,
    }
}

settings! {
    /// What is done about an embedder or an extractor that fails.
    ///
    /// One that fails so often in a row that it is no accident is not called for a while. Records are then added as if it had
    /// failed, and wait for `Tenant.process_pending`; searches go on by words. After that
    /// while one call is tried: if it succeeds, all is as before.
    CallbackOptions(core::CallbackOptions) {
        /// Failures in a row after which a callback is not called for a while, at least 1; 5 unless said otherwise.
        failures_to_open: u32,
        /// How long it is not called then, 1 ms to 366 days by the store's clock; 30 s unless said otherwise, about what a
        /// server of models takes to start again.
        open_for: Duration,
        /// How long one call may take, 1 ms to 366 days; unless it is set, for ever. If it is set, every call runs on a
        /// thread of its own, and one that takes longer is abandoned with its thread, which ends when the callback
        /// returns. An embedder is called for at most 256 texts at a time.
        deadline: Option<Duration>,
    }
}

record! {
    /// What a rate limit says to a call.
    Permit(core::Permit) {
        /// Whether the call may go on.
        allowed: bool,
        /// Calls that could be made at once after this one.
        remaining: u32,
        /// Seconds after which the call would be allowed, 0 if it is; infinite if it never is.
        retry_after: f64,
    }
}

record! {
    /// The identity of a vector space. Vectors of two spaces are never compared.
    VectorSpace(core::VectorSpace) {
        /// The model's name and version, as the host knows it.
        name: String,
        /// Components of every vector, 1 to 8192.
        dimensions: u32,
    }
}
