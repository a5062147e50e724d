//! Fading: what is left of memories, and what maintenance did.

use ebbmark as core;

use crate::record::record;

record! {
    /// How well a record is remembered, as of now.
    MemoryState(core::Memory) {
        /// The record.
        id: core::Id,
        /// The chance that it is still there, 0 to 1; 1 for what never fades, and for episodes.
        retention: f64,
        /// Days without use in which an atom falls to 1/e on the exponential curve; on that of FSRS 69.8 % are left by then, since
        /// the two agree at 90 %. Infinite for what never fades, and for episodes.
        stability_days: f64,
        /// From when it fades: its last use, or when it was said.
        since: core::Timestamp,
        /// How often it was used.
        uses: u32,
        /// When it was last used.
        used_at: Option<core::Timestamp>,
        /// How important an episode is, 0 to 1: `.4 recency + .2 role + .4 the host's own`; `None` for an atom.
        importance: Option<f32>,
        /// Whether it is kept from dissolving, and from the retention policy.
        pinned: bool,
        /// When it was archived, if it is: it is then out of lists and searches.
        archived_at: Option<core::Timestamp>,
    }
}

record! {
    /// When less than a share of an atom will be left.
    Crossing(core::Crossing) {
        /// The share.
        share: f32,
        /// The moment, which may be past; `None` if it never comes.
        at: Option<core::Timestamp>,
    }
}

record! {
    /// An atom that fades.
    Fading(core::Fading) {
        /// The atom.
        id: core::Id,
        /// How much of it is left, 0 to 1.
        retention: f64,
        /// When it dissolves if it is not used; `None` if it does not.
        dissolves_at: Option<core::Timestamp>,
    }
}

record! {
    /// How the atoms of one kind and standing have faded.
    DecayGroup(core::DecayGroup) {
        /// Their kind.
        kind: core::Kind,
        /// Their standing.
        standing: core::StandingKind,
        /// How many of them have how much left: 0 to .1, to .3, to .5, to .7, to .9, to 1.
        buckets: [u64; 6],
        /// How much is left of them on average.
        mean_retention: f64,
    }
}

record! {
    /// How the atoms of a tenant have faded, as of now.
    DecayReport(core::DecayReport) {
        /// The atoms by kind and standing, in order of kind.
        groups: Vec<core::DecayGroup>,
        /// Believed atoms of which less is left than the tenant calls weak.
        weak: u64,
        /// Atoms that dissolve within 24 hours if they are not used, or are to dissolve by now.
        at_risk: u64,
    }
}

record! {
    /// What a call of `maintain` did, job by job.
    MaintenanceReport(core::MaintenanceReport) {
        /// Atoms that were looked at because they become believed with time, or their time begins or ends.
        settled: u64,
        /// Atoms that were not believed, had faded, and are gone.
        dissolved: u64,
        /// Episodes that had expired and are gone.
        expired: u64,
        /// Episodes that were archived.
        archived: u64,
        /// Episodes that the retention policy deleted.
        deleted: u64,
        /// Atoms that are gone because no episode supports them any more.
        unsupported: u64,
        /// Records that were scheduled anew because the tenant was configured otherwise.
        rescheduled: u64,
        /// Records that got the vector or the claims that they waited for.
        processed: u64,
        /// Entries of the audit that were older than the tenant keeps them.
        pruned: u64,
        /// Records that are due, or too many, and were left for the next call; one more while records are still to be
        /// scheduled anew.
        pending: u64,
        /// When something is due next, if anything is; past while something is pending.
        next_due: Option<core::Timestamp>,
    }
}

record! {
    /// What the retention policy did, or would do.
    RetentionReport(core::RetentionReport) {
        /// Episodes that were archived.
        archived: u64,
        /// Episodes that were deleted.
        deleted: u64,
        /// Atoms that are gone because no episode supports them any more.
        unsupported: u64,
    }
}

record! {
    /// A record that waits for something.
    PendingWork(core::PendingWork) {
        /// The record.
        id: core::Id,
        /// Whether it waits for its vector.
        vector: bool,
        /// Whether it is an episode that waits for its claims.
        claims: bool,
        /// Calls for it that failed, the one that added it included; 0 if it was not asked for yet.
        attempts: u32,
        /// When it may be asked for again, by the store's clock.
        next_try: core::Timestamp,
        /// Since when it waits.
        since: core::Timestamp,
        /// The stable name of the last error, as `EbbmarkError.code` has it.
        error: Option<String>,
    }
}

record! {
    /// What `process_pending` did.
    PendingReport(core::PendingReport) {
        /// Records that wait for nothing any more.
        done: usize,
        /// Records that were taken up and still wait.
        failed: usize,
        /// Records that wait now, those included that are not due.
        left: usize,
        /// Why some failed: the first error of a callback.
        error: Option<core::Error>,
    }
}

record! {
    /// How far a change of vector space is.
    ReembedReport(core::ReembedReport) {
        /// Records that got their vector in the new space, by this call.
        done: u64,
        /// Places of records that are still to be looked at, and 1 while something of a former space is still there; 0 once it is
        /// over.
        left: u64,
    }
}

record! {
    /// A lease that was granted: its holder may do what it is named for, alone, until it expires.
    ///
    /// Who holds one may be slower than he thinks, and go on after it expired. `fence` is greater in every later grant of the
    /// name, so that whatever the lease protects can refuse those who come with a smaller one than it has seen.
    Lease(core::Lease) {
        /// What it is a lease of: 1 to 256 bytes without control characters, within the tenant.
        name: String,
        /// The number of the grant: 1 for the first of a name, and greater than all before it.
        fence: u64,
        /// When it expires, by the store's clock.
        until: core::Timestamp,
    }
}
