//! Standings without their reasons, as they are counted and asked for.

use serde::{Deserialize, Serialize};

use crate::model::{Atom, Standing};

/// Whether an atom is believed, without the reason why it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum StandingKind {
    /// Heard, not yet believed.
    Unsubstantiated,
    /// Believed.
    Substantiated,
    /// No longer current.
    Historical,
}

impl StandingKind {
    pub(super) const ALL: [StandingKind; 3] =
        [StandingKind::Unsubstantiated, StandingKind::Substantiated, StandingKind::Historical];

    /// That of an atom.
    pub fn of(atom: &Atom) -> Self {
        match atom.standing {
            Standing::Unsubstantiated => StandingKind::Unsubstantiated,
            Standing::Substantiated => StandingKind::Substantiated,
            Standing::Historical(_) => StandingKind::Historical,
        }
    }
}
