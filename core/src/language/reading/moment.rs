//! Moments and periods as a text names them.

use super::calendar::Day;
use crate::model::Timestamp;

/// A moment that a text names. A month or a weekday names two: the latest one past and the first one ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) past: Timestamp,
    pub(super) future: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    At(Moment),
    Since(Moment),
    Until(Moment),
    Span(Moment, Moment),
    /// "for three years": it began at this moment if it still holds.
    For(Timestamp),
    Now,
    /// A time that no day can be given to: "recently", "one day".
    Vague,
}

impl Moment {
    pub(super) fn day(day: Day) -> Self {
        Moment { past: day.start(), future: day.start() }
    }
}
