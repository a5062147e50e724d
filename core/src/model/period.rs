//! Periods: spans of time in the world.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;

/// A span of time in the world: from a moment until another (exclusive).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Where it begins; unknown, and so for ever back, if absent.
    pub from: Option<Timestamp>,
    /// Where it ends; open if absent.
    pub to: Option<Timestamp>,
}

impl Period {
    /// Whether a moment lies in it.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment < to)
    }
}
