//! The view: from where in time the store is looked at.

use crate::model::{Atom, Timestamp};

/// A moment on each of the two axes of time. Record time is now unless it is set, and valid time that of the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct View {
    /// Valid time: what was true in the world at this moment.
    pub valid_at: Option<Timestamp>,
    /// Record time: what the store held at this moment. Deleted records are gone from the past as well.
    pub as_of: Option<Timestamp>,
}

impl View {
    /// What was true at a moment, as far as is known now.
    pub fn valid_at(moment: Timestamp) -> Self {
        View { valid_at: Some(moment), as_of: None }
    }

    /// What the store held at a moment.
    pub fn as_of(moment: Timestamp) -> Self {
        View { valid_at: None, as_of: Some(moment) }
    }

    /// What the store held at one moment about what was true at another.
    pub fn both(valid_at: Timestamp, as_of: Timestamp) -> Self {
        View { valid_at: Some(valid_at), as_of: Some(as_of) }
    }

    /// This view at a moment in the world.
    #[must_use]
    pub fn with_valid(self, valid_at: Timestamp) -> Self {
        View { valid_at: Some(valid_at), ..self }
    }

    /// The moment from which the store looks.
    pub(super) fn stand(&self, now: Timestamp) -> Timestamp {
        self.as_of.unwrap_or(now)
    }

    /// Whether an atom, as it was known from where the store looks, is shown.
    pub(super) fn shows(&self, atom: &Atom, now: Timestamp) -> bool {
        atom.held_at(self.valid_at.unwrap_or(self.stand(now)))
    }
}
