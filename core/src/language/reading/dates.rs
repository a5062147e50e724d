//! The dates that a question names, as times that a record may be of.

use super::calendar::{Date, Day};
use super::cursor::Cursor;
use super::numeral::year;
use super::sentence::{lower_case, sentences};
use super::when::{bare, month};
use crate::model::{Period, Timestamp};

/// Times of one question, at most.
const DATES_MAX: usize = 16;

/// Months that are words of their own, too: a month only behind one of the words of [`BEFORE_MONTH`].
const AMBIGUOUS: [&str; 6] = ["may", "march", "mar", "dec", "sep", "jan"];

const BEFORE_MONTH: [&str; 9] = ["in", "of", "since", "until", "by", "during", "early", "late", "mid"];

/// What makes a month one of a certain year.
const SIDES: [&str; 5] = ["last", "past", "next", "this", "coming"];

/// A time that a question names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// From the first day up to but without the last.
    Days(Day, Day),
    /// All days before this one.
    Before(Day),
    /// This day, and all after it.
    From(Day),
    /// A month of every year, or a day of it.
    Yearly { month: i64, day: Option<i64> },
}

/// The dates that a question names: days and months, in English or as `2023-10-13`, and what is counted from now ("two weeks
/// ago", "last May"). A year alone says too little.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dates(Vec<Named>);

impl Dates {
    pub(crate) fn of(text: &str, now: Timestamp) -> Self {
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut dates = counted(text, now);
        let mut at = 0;
        while at < words.len() && dates.len() < DATES_MAX {
            let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
            let found = words.get(at..).and_then(|words| read(words, before));
            dates.extend(found.map(|(named, _)| named).filter(|named| !dates.contains(named)));
            at += found.map_or(1, |(_, taken)| taken);
        }
        Dates(dates)
    }

    /// These dates, and all time before the day of a moment, or from it on.
    #[must_use]
    pub(crate) fn beside(mut self, moment: Timestamp, is_after: bool) -> Self {
        let day = Day::of(moment);
        self.0.push(if is_after { Named::From(day) } else { Named::Before(day) });
        self
    }

    /// Those of one time, from the beginning of the first day to the end of the last.
    pub(crate) fn periods(&self) -> Vec<Period> {
        let period = |named: &Named| match named {
            Named::Days(from, to) => Some(Period { from: Some(from.start()), to: Some(to.start()) }),
            Named::Before(day) => Some(Period { from: None, to: Some(day.start()) }),
            Named::From(day) => Some(Period { from: Some(day.start()), to: None }),
            Named::Yearly { .. } => None,
        };
        self.0.iter().filter_map(period).collect()
    }

    /// The spans of a few days or months among them, from a moment up to but without another, with the day around them that
    /// [`Dates::hold`] allows.
    pub(crate) fn spans(&self) -> Vec<(Timestamp, Timestamp)> {
        let span = |named: &Named| match named {
            Named::Days(from, to) => Some((from.plus(-1).start(), to.plus(1).start())),
            Named::Before(_) | Named::From(_) | Named::Yearly { .. } => None,
        };
        self.0.iter().filter_map(span).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a moment is within one of them, or less than a day off: the days of a person begin elsewhere. Before and after
    /// an event are told by the day in UTC.
    pub(crate) fn hold(&self, moment: Timestamp) -> bool {
        let day = Day::of(moment);
        self.0.iter().any(|named| match named {
            Named::Before(_) | Named::From(_) => named.holds(day),
            Named::Days(..) | Named::Yearly { .. } => {
                [-1, 0, 1].into_iter().any(|off| named.holds(day.plus(off)))
            }
        })
    }
}

impl Named {
    fn holds(self, day: Day) -> bool {
        match self {
            Named::Days(from, to) => from <= day && day < to,
            Named::Before(end) => day < end,
            Named::From(begin) => begin <= day,
            Named::Yearly { month, day: wanted } => {
                let date = day.date();
                date.month == month && wanted.is_none_or(|wanted| date.day == wanted)
            }
        }
    }
}

/// The times of a text that are counted from now.
fn counted(text: &str, now: Timestamp) -> Vec<Named> {
    let lower = lower_case(text);
    let today = Day::of(now);
    let mut dates = Vec::new();
    for sentence in sentences(text, &lower) {
        let mut rest = Cursor::new(&sentence.tokens);
        while !rest.is_end() && dates.len() < DATES_MAX {
            if let Some(moment) = bare(&mut rest, today) {
                dates.push(Named::Days(Day::of(moment.past), Day::of(moment.past_end())));
            } else {
                rest.advance(1);
            }
        }
    }
    dates
}

/// The date that the words begin with, and how many of them it takes.
fn read(words: &[&str], before: &str) -> Option<(Named, usize)> {
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    if let (Some(year), Some(month), Some(day)) = (year(word(0)), small(word(1), 12), small(word(2), 31)) {
        return Some((Named::whole(Some(year), month, Some(day)), 3));
    }
    if let Some(day) = day_of_month(word(0)) {
        let at = if word(1).eq_ignore_ascii_case("of") { 2 } else { 1 };
        let month = month(&word(at).to_lowercase())?;
        let year = year(word(at + 1));
        return Some((Named::whole(year, month, Some(day)), at + 1 + usize::from(year.is_some())));
    }
    let lower = word(0).to_lowercase();
    let month = month(&lower)?;
    if let Some(day) = day_of_month(word(1)) {
        let year = year(word(2));
        return Some((Named::whole(year, month, Some(day)), 2 + usize::from(year.is_some())));
    }
    let year = year(word(1));
    let is_clear =
        !AMBIGUOUS.contains(&lower.as_str()) || BEFORE_MONTH.contains(&before.to_lowercase().as_str());
    let is_capital = word(0).starts_with(char::is_uppercase);
    let is_month =
        year.is_some() || (is_capital && is_clear && !SIDES.contains(&before.to_lowercase().as_str()));
    is_month.then(|| (Named::whole(year, month, None), 1 + usize::from(year.is_some())))
}

impl Named {
    fn whole(year: Option<i64>, month: i64, day: Option<i64>) -> Self {
        let Some(year) = year else { return Named::Yearly { month, day } };
        let from = Date { year, month, day: day.unwrap_or(1) }.number();
        Named::Days(from, if day.is_some() { from.plus(1) } else { from.plus_months(1) })
    }
}

fn small(word: &str, most: i64) -> Option<i64> {
    let number = if word.len() <= 2 { word.parse().ok()? } else { return None };
    (1..=most).contains(&number).then_some(number)
}

/// "3", "3rd".
fn day_of_month(word: &str) -> Option<i64> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = word.get(digits.len()..).unwrap_or_default();
    if ["", "st", "nd", "rd", "th"].contains(&ending) { small(digits, 31) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i64, month: i64, day: i64) -> Timestamp {
        Date { year, month, day }.number().start()
    }

    /// On Wednesday, 18 October 2023.
    fn dates(text: &str) -> Dates {
        Dates::of(text, at(2023, 10, 18))
    }

    #[test]
    fn days_and_months_are_read_with_and_without_a_year() {
        for text in [
            "What was on 13 October 2023?",
            "on the 13th of October, 2023",
            "October 13th, 2023",
            "2023-10-13",
        ] {
            let dates = dates(text);
            assert!(dates.hold(at(2023, 10, 13)), "{text}");
            assert!(dates.hold(at(2023, 10, 14)) && !dates.hold(at(2023, 10, 16)), "{text}");
            assert!(!dates.hold(at(2022, 10, 13)), "{text}");
        }
        let month = dates("Where did she go in May 2023?");
        assert!(month.hold(at(2023, 5, 31)) && !month.hold(at(2023, 7, 1)) && !month.hold(at(2024, 5, 5)));
        let yearly = dates("What did we plan for Sept.?");
        assert!(yearly.hold(at(2019, 9, 9)) && yearly.hold(at(2026, 9, 30)) && !yearly.hold(at(2026, 11, 1)));
        assert!(dates("her birthday on March 3").hold(at(2026, 3, 3)));
    }

    #[test]
    fn what_is_counted_from_now_is_of_one_time() {
        let may = dates("Where did I go last May?");
        assert!(may.hold(at(2023, 5, 20)) && !may.hold(at(2022, 5, 20)));
        assert!(dates("what did we eat yesterday").hold(at(2023, 10, 17)));
        assert!(dates("the film of two weeks ago").hold(at(2023, 10, 6)));
        assert!(!dates("the film of two weeks ago").hold(at(2023, 10, 16)));
        assert!(dates("Who called last week?").hold(at(2023, 10, 12)));
    }

    #[test]
    fn words_that_only_look_like_months_are_none() {
        for text in
            ["May I ask?", "They march on", "in 2023", "the 13 of them", "decided in marching order", ""]
        {
            assert!(dates(text).is_empty(), "{text}");
        }
        assert!(!dates("What happened in March?").is_empty());
    }
}
