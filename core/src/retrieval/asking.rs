//! A question on its way: checked, with what it may find; and what it found, in its place.

use super::query::Query;
use super::sieve::Sieve;
use crate::model::{Id, ScoreParts};

/// A question that was checked, and what it may find.
pub(super) struct Asking<'a> {
    pub(super) query: Query,
    /// What is searched.
    pub(super) sieve: Sieve<'a>,
    /// In another time, what is returned: there a record is judged as it is shown, and not as it is.
    pub(super) judge: Option<Sieve<'a>>,
}

impl Asking<'_> {
    /// Whether old versions may be returned.
    pub(super) fn is_historical(&self) -> bool {
        self.judge.as_ref().unwrap_or(&self.sieve).filter.historical
    }
}

/// A slot in its place.
pub(super) struct Ranked {
    pub(super) slot: u32,
    pub(super) id: Id,
    pub(super) score: f32,
    pub(super) parts: ScoreParts,
}
