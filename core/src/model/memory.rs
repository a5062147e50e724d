//! Memory: what use and forgetting know of a record, beside what it says.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::id::Id;

/// How well a memory served when it was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Grade {
    /// It was not remembered, or was of no use.
    Again = 1,
    /// It was remembered with effort, or of little use.
    Hard = 2,
    /// It was remembered.
    #[default]
    Good = 3,
    /// It was remembered at once.
    Easy = 4,
}

/// The trace that use leaves in a record.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trace {
    /// What uses have made of the stability, as a factor.
    pub(crate) growth: f32,
    /// The difficulty that FSRS keeps, 1 to 10; 0 before the first use.
    pub(crate) difficulty: f32,
    /// When it was last used.
    pub(crate) used_at: Option<Timestamp>,
    pub(crate) uses: u32,
    pub(crate) pinned: bool,
    /// When it was archived, if it is.
    pub(crate) archived_at: Option<Timestamp>,
}

impl Default for Trace {
    fn default() -> Self {
        Trace { growth: 1.0, difficulty: 0.0, used_at: None, uses: 0, pinned: false, archived_at: None }
    }
}

impl Trace {
    /// From when a memory fades: from its last use, or from when it was said.
    pub(crate) fn since(&self, said_at: Timestamp) -> Timestamp {
        self.used_at.map_or(said_at, |used_at| used_at.max(said_at))
    }
}

/// How well a record is remembered, as of now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// The record.
    pub id: Id,
    /// The chance that it is still there, 0 to 1; 1 for what never fades, and for episodes.
    pub retention: f64,
    /// Days without use in which an atom falls to 1/e on the exponential curve; on that of FSRS 69.8 % are left by then, since
    /// the two agree at 90 %. Infinite for what never fades, and for episodes.
    pub stability_days: f64,
    /// From when it fades: its last use, or when it was said.
    pub since: Timestamp,
    /// How often it was used.
    pub uses: u32,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// How important an episode is, 0 to 1: `.4 recency + .2 role + .4 the host's own`; `None` for an atom.
    pub importance: Option<f32>,
    /// Whether it is kept from dissolving, and from the retention policy.
    pub pinned: bool,
    /// When it was archived, if it is: it is then out of lists and searches.
    pub archived_at: Option<Timestamp>,
}
