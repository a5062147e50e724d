//! `timeline`: records in the order in which they happened in the world.

use std::fmt;
use std::str::FromStr;

use super::filter::Filter;
use super::read::{check_limit, find, read_slots};
use crate::error::{Code, Error, Result};
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::{Id, Record, Timestamp};
use crate::observe::Verb;
use crate::tenancy::Tenant;

/// A place on the line of time: a moment, and what happened then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimelineCursor {
    at: Timestamp,
    id: Id,
}

impl fmt::Display for TimelineCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at:{}:{}", self.at.as_micros(), self.id)
    }
}

impl FromStr for TimelineCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.strip_prefix("at:").and_then(|rest| rest.split_once(':'));
        let place = parts.and_then(|(at, id)| at.parse().ok().zip(id.parse().ok()));
        place.map(|(at, id)| TimelineCursor { at: Timestamp::from_micros(at), id }).ok_or_else(|| {
            Error::draft(Code::CursorMalformed, "a cursor is not one of a timeline")
                .got(format!("{} bytes of text", text.len()))
                .expected("a cursor that a timeline returned")
                .remedy("start the timeline again without a cursor")
        })
    }
}

/// A page of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelinePage {
    /// Records, oldest first; of one moment, in the order of their ids.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` behind the last record.
    pub next: Option<TimelineCursor>,
}

impl Tenant {
    /// Records in the order in which they happened in the world, oldest first, a page at a time: episodes by when they
    /// were said, atoms by when they began to hold, as far as that is known, else by when they were recorded. The scope of
    /// the handle narrows the filter.
    ///
    /// What comes between two pages to a place that was passed is not shown any more.
    ///
    /// ```
    /// use ebbmark::{Filter, NewEpisode, NewFact, Options, Store, Timestamp};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let (then, later) = (Timestamp::from_seconds(1_500_000_000), Timestamp::from_seconds(1_600_000_000));
    /// let told = tenant.add(NewEpisode::user("The river was high.").occurred_at(later))?;
    /// let home = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto").valid_from(then))?;
    /// let page = tenant.timeline(&Filter::default(), None, 10)?;
    /// let ids: Vec<_> = page.records.iter().map(|record| record.id()).collect();
    /// assert_eq!(ids, [home.id, told.ids[0]]);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid` for a limit outside 1 to 1000; those of a filter; `row.damaged`.
    pub fn timeline(
        &self,
        filter: &Filter,
        from: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<TimelinePage> {
        self.call(Verb::Timeline, |work| {
            work.given(limit);
            let page = self.line_of_time(filter, from, limit)?;
            work.found(page.records.len());
            Ok(page)
        })
    }

    fn line_of_time(
        &self,
        filter: &Filter,
        mut from: Option<TimelineCursor>,
        limit: usize,
    ) -> Result<TimelinePage> {
        check_limit("a page", limit, PAGE_LIMIT_MAX)?;
        let mut records = Vec::new();
        let Some(filter) = self.narrowed(filter)? else {
            return Ok(TimelinePage { records, next: None });
        };
        let now = self.common().now();
        let curve = self.curve_for(&filter, self.snapshot()?.as_ref())?;
        loop {
            // One more than is wanted tells whether there is a next page.
            let mut places = self.places(&filter, now, from, limit - records.len() + 1)?;
            let is_last = places.len() <= limit - records.len();
            places.truncate(limit - records.len());
            let snapshot = self.snapshot()?;
            let slots: Vec<u32> = places.iter().map(|(_, slot)| *slot).collect();
            let read = read_slots(snapshot.as_ref(), &slots)?;
            for (stored, (place, _)) in read.into_iter().zip(&places) {
                // What changed since the columns were read must still be what was asked for.
                let stored =
                    stored.map_or_else(|| find(snapshot.as_ref(), place.id), |stored| Ok(Some(stored)))?;
                let accepted = stored.filter(|stored| filter.accepts(stored, curve, now));
                records.extend(accepted.map(|stored| stored.record));
            }
            from = places.last().map(|(place, _)| *place).or(from);
            if is_last || records.len() == limit {
                return Ok(TimelinePage { records, next: from.filter(|_| !is_last) });
            }
        }
    }

    /// The first places behind a cursor that a filter accepts, in order, with their slots.
    fn places(
        &self,
        filter: &Filter,
        now: Timestamp,
        from: Option<TimelineCursor>,
        count: usize,
    ) -> Result<Vec<(TimelineCursor, u32)>> {
        self.read(|set| {
            let allowed = filter.allowed(set, now);
            let place = |slot: u32| {
                let row = slot as usize;
                let at = Timestamp::from_micros(*set.columns.occurred_at.get(row)?);
                Some((TimelineCursor { at, id: Id::from_u128(*set.columns.id.get(row)?) }, slot))
            };
            let behind = |(place, _): &(TimelineCursor, u32)| from.is_none_or(|from| *place > from);
            let mut places: Vec<(TimelineCursor, u32)> =
                allowed.iter().filter_map(place).filter(behind).collect();
            if count < places.len() {
                places.select_nth_unstable(count);
                places.truncate(count);
            }
            places.sort_unstable();
            Ok(places)
        })
    }
}
