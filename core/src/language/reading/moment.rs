//! Moments and periods as a text names them.

use super::calendar::Day;
use crate::model::Timestamp;

/// A span of the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    Days(i64),
    Months(i64),
}

impl Unit {
    /// The day so many of it on.
    pub(super) fn from(self, day: Day, count: i64) -> Day {
        match self {
            Unit::Days(days) => day.plus(count.saturating_mul(days)),
            Unit::Months(months) => day.plus_months(count.saturating_mul(months)),
        }
    }
}

/// A moment that a text names. A month or a weekday names two: the latest one past and the first one ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub(super) past: Timestamp,
    pub(super) future: Timestamp,
    /// How long what was named lasts: "2015" a year, "May" a month.
    pub(super) length: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    At(Moment),
    Since(Moment),
    Until(Moment),
    Span(Moment, Moment),
    /// "for three years": it began at `start` if it still holds, and ends at `end` if it begins now.
    For {
        start: Timestamp,
        end: Timestamp,
    },
    /// "this week": what is for now ends with it.
    Within(Timestamp),
    Now,
    /// A time that no day can be given to: "recently", "one day".
    Vague,
    /// As `Vague`, but long over: "as a kid".
    Past,
    /// As `Vague`, but up to now: "for years".
    Lasting,
}

impl Moment {
    pub(super) fn day(day: Day) -> Self {
        Moment { past: day.start(), future: day.start(), length: Unit::Days(1) }
    }

    pub(super) fn lasting(self, length: Unit) -> Self {
        Moment { length, ..self }
    }

    /// Where what was named ends, of the one that is past.
    pub(super) fn past_end(self) -> Timestamp {
        self.length.from(Day::of(self.past), 1).start()
    }
}
