//! Conflicts: two atoms that cannot both hold, and how that was settled.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::id::Id;

/// Why two atoms cannot both hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Clash {
    /// Two values where one is possible at a time.
    Value,
    /// Two predicates that exclude one another, of one object.
    Opposite,
    /// A claim and its denial.
    Negation,
    /// Two steps of one progression.
    Progression,
}

/// Why one of two claims holds and the other does not. The order is the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grounds {
    /// Its source is trusted further.
    Trust,
    /// It is known when it began, or it ended sooner: what only ended once fills the time that is left.
    Time,
    /// Its provenance is better.
    Provenance,
    /// It is a later step of the progression.
    Progression,
    /// It is newer.
    Newer,
    /// Its source was surer by more than 0.2.
    Confidence,
    /// The conflict was resolved by the host.
    Resolved,
    /// It says more of the same.
    Refinement,
}

/// How a conflict stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ConflictStatus {
    /// Nothing decides between them: both are current, and disputed.
    Open,
    /// One of them holds.
    Settled {
        /// The one that holds.
        winner: Id,
        /// Why.
        grounds: Grounds,
    },
}

/// Two atoms that cannot both hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Its id, made of the two atoms'.
    pub id: Id,
    /// The atom with the smaller id.
    pub first: Id,
    /// The atom with the greater id.
    pub second: Id,
    /// Why they cannot both hold.
    pub clash: Clash,
    /// How it stands.
    pub status: ConflictStatus,
    /// When the later of the two was first known.
    pub since: Timestamp,
}
