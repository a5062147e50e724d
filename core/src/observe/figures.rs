//! Figures: what a tenant holds, how the working sets do, and whether the store is well.

use crate::error::Error;
use crate::model::VectorSpace;

/// What a tenant holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The tenant's version: the number of its commits.
    pub version: u64,
    /// Episodes that are not deleted, expired ones among them.
    pub episodes: u64,
    /// Atoms that are not deleted, historical ones among them.
    pub atoms: u64,
    /// Records that have a vector.
    pub vectors: u64,
    /// Records that wait for a vector, for their claims, or for both: each is counted once. See
    /// [`Tenant::pending`](crate::Tenant::pending).
    pub pending: u64,
    /// Slots used up by all versions of all records, live or not.
    pub slots: u64,
    /// The vector space, once there is a vector.
    pub space: Option<VectorSpace>,
    /// Bytes of memory that the tenant's working set takes, 0 when it is not loaded.
    pub working_set_bytes: u64,
}

/// How the working sets of a store do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkingSetFigures {
    /// Calls that found the working set loaded.
    pub hits: u64,
    /// Calls that had to load it.
    pub misses: u64,
    /// Working sets dropped to keep the budget.
    pub evictions: u64,
    /// Bytes loaded now, over all tenants.
    pub bytes: u64,
    /// Sealed segments that were damaged or missing and were rebuilt from the records.
    pub segments_rebuilt: u64,
}

/// Whether the store can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HealthState {
    /// Reads and writes work.
    Healthy,
    /// It can be used, and something needs attention: see [`Health::reasons`].
    Degraded,
    /// A failure latched the store: open it again.
    Failed,
    /// The store was closed.
    Closed,
}

/// Whether the store can be used, and if not, why not.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Whether it can be used.
    pub state: HealthState,
    /// The first failure, if there was one.
    pub cause: Option<Error>,
    /// What needs attention, though the store works.
    pub reasons: Vec<HealthReason>,
}

/// Something that needs attention, though the store works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthReason {
    /// Its stable dotted name, for programs.
    pub code: String,
    /// What it is, as a sentence with numbers and without names.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl Health {
    /// This health with what needs attention, where the store can be used.
    pub(crate) fn with(mut self, reasons: impl IntoIterator<Item = HealthReason>) -> Self {
        if matches!(self.state, HealthState::Healthy | HealthState::Degraded) {
            self.reasons.extend(reasons);
            if !self.reasons.is_empty() {
                self.state = HealthState::Degraded;
            }
        }
        self
    }
}
