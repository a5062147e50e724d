//! The ledger of a cell: what was claimed, and what was ruled about claims. Nothing in it is ever changed but by
//! coming into force and going out of it.

use serde::{Deserialize, Serialize};

use crate::model::{Claim, Id, Timestamp};

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its id, which is that of the operation that made it.
    pub(crate) id: Id,
    /// The moments of record time at which it came into force and went out of it, in turn.
    pub(crate) toggles: Vec<Timestamp>,
    pub(crate) what: What,
}

/// What an entry says.
#[expect(clippy::large_enum_variant, reason = "nearly all entries are claims")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum What {
    Claim(Claim),
    Ruling(Ruling),
}

/// What was ruled about claims.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Ruling {
    /// These claims are taken back.
    Withdraw(Vec<Id>),
    /// Where nothing else decides between the two atoms, the first one holds.
    Prefer { winner: Id, loser: Id },
    /// An atom holds in these situations only.
    Narrow { atom: Id, contexts: Vec<String> },
    /// Two atoms say the same, and the first one says it well.
    Same { keep: Id, other: Id },
}

impl Ruling {
    /// The claims or atoms that it names.
    pub(crate) fn names(&self) -> Vec<Id> {
        match self {
            Ruling::Withdraw(claims) => claims.clone(),
            Ruling::Prefer { winner, loser } => vec![*winner, *loser],
            Ruling::Narrow { atom, .. } => vec![*atom],
            Ruling::Same { keep, other } => vec![*keep, *other],
        }
    }
}

impl Item {
    pub(crate) fn new(id: Id, at: Timestamp, what: What) -> Self {
        Item { id, toggles: vec![at], what }
    }

    /// Whether it was in force at a moment of record time; now, if none is given.
    pub(crate) fn is_in_force(&self, at: Option<Timestamp>) -> bool {
        is_in_force(&self.toggles, at)
    }

    /// When the store learnt of it.
    pub(crate) fn recorded_at(&self) -> Timestamp {
        self.toggles.first().copied().unwrap_or(Timestamp::MIN)
    }

    pub(crate) fn claim(&self) -> Option<&Claim> {
        match &self.what {
            What::Claim(claim) => Some(claim),
            What::Ruling(_) => None,
        }
    }

    /// The episodes that support a claim.
    pub(crate) fn supports(&self) -> &[Id] {
        self.claim().map(|claim| claim.supports.as_slice()).unwrap_or_default()
    }

    pub(crate) fn ruling(&self) -> Option<&Ruling> {
        match &self.what {
            What::Claim(_) => None,
            What::Ruling(ruling) => Some(ruling),
        }
    }
}

/// Whether what comes into force and goes out of it at these moments is in force at a moment; now, if none is given.
pub(crate) fn is_in_force(toggles: &[Timestamp], at: Option<Timestamp>) -> bool {
    toggles.iter().filter(|&&toggle| at.is_none_or(|at| toggle <= at)).count() % 2 == 1
}
