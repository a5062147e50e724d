//! Time expressions: "in May", "since 2020", "three years ago", "next Monday", "from 2015 to 2019".

use super::calendar::{Date, Day};
use super::cursor::Cursor;
use super::moment::{Moment, Unit, When};
use super::numeral::{number, year};
use crate::model::Timestamp;

#[rustfmt::skip]
const NOW: [&str; 16] = [
    "as of now", "as of today", "at present", "at the moment", "at this moment", "at this point",
    "currently", "for now", "for the moment", "from now on", "now", "nowadays", "presently", "right now",
    "starting today", "these days",
];

#[rustfmt::skip]
const VAGUE: [&str; 30] = [
    "a few days ago", "this summer", "this weekend", "this winter", "a few weeks ago", "all day",
    "all week", "any day now", "at some point", "at the weekend", "earlier", "in the future", "last autumn",
    "last fall", "last spring", "last summer", "last winter", "later", "next autumn", "next fall",
    "next spring", "next summer", "next winter", "not long ago", "one day", "over the weekend", "someday",
    "soon", "sooner or later", "the other day",
];

/// Times that are long over.
#[rustfmt::skip]
const PAST: [&str; 14] = [
    "a few years ago", "a long time ago", "a while ago", "a while back", "ages ago", "as a child",
    "as a kid", "at the time", "back in the day", "back then", "in the past", "long ago", "years ago",
    "a few months ago",
];

/// Times that reach up to now.
#[rustfmt::skip]
const LASTING: [&str; 32] = [
    "all my life", "ever since", "for a long time", "for a while", "for ages",
    "for as long as i can remember", "for years", "in the past few years", "lately", "my entire life",
    "my whole life", "of late", "recently", "since childhood", "since forever", "for a few years",
    "for several years", "for many years", "for a few months", "for a few weeks", "for several months",
    "for decades", "for months", "for weeks", "for most of my life", "for quite a while",
    "for some time", "for over a decade", "all her life", "all his life", "for a few days", "for days",
];

/// The time expression that begins at the cursor, with the number of its tokens.
pub(super) fn when(cursor: Cursor<'_, '_>, said_at: Timestamp) -> Option<(When, usize)> {
    if !may_begin(cursor.word(0)) {
        return None;
    }
    let today = Day::of(said_at);
    let mut rest = cursor;
    let found = fixed(&mut rest, today).or_else(|| framed(&mut rest, today)).or_else(|| {
        rest = cursor;
        bare(&mut rest, today).map(When::At)
    })?;
    Some((found, rest.at.saturating_sub(cursor.at)))
}

/// A quick look before the long lists.
fn may_begin(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || number(word).is_some()
        || matches!(
            word,
            "as" | "at"
                | "for"
                | "from"
                | "in"
                | "on"
                | "since"
                | "until"
                | "till"
                | "up"
                | "between"
                | "back"
                | "starting"
                | "beginning"
                | "effective"
                | "by"
                | "around"
                | "during"
                | "last"
                | "next"
                | "this"
                | "these"
                | "today"
                | "yesterday"
                | "tomorrow"
                | "tonight"
                | "now"
                | "nowadays"
                | "currently"
                | "presently"
                | "right"
                | "recently"
                | "lately"
                | "earlier"
                | "later"
                | "soon"
                | "someday"
                | "sooner"
                | "the"
                | "all"
                | "my"
                | "any"
                | "ages"
                | "years"
                | "long"
                | "over"
                | "not"
                | "of"
                | "ever"
                | "early"
                | "some"
                | "through"
                | "throughout"
        )
}

fn fixed(rest: &mut Cursor<'_, '_>, today: Day) -> Option<When> {
    let pick = |rest: &mut Cursor<'_, '_>, list: &[&str]| {
        let best = list.iter().filter(|phrase| rest.sees(phrase)).max_by_key(|phrase| phrase.len())?;
        rest.eat_phrase(best).then_some(())
    };
    if let Some(unit) = [("this week", 0), ("this month", 1), ("this year", 12)]
        .iter()
        .find_map(|(phrase, months)| rest.eat_phrase(phrase).then_some(*months))
    {
        let date = today.date();
        let end = match unit {
            0 => today.plus(7 - today.weekday()),
            1 => date.first_of_month().plus_months(1),
            _ => year_start(date.year + 1),
        };
        return Some(When::Within(end.start()));
    }
    pick(rest, &NOW)
        .map(|()| When::Now)
        .or_else(|| pick(rest, &VAGUE).map(|()| When::Vague))
        .or_else(|| pick(rest, &PAST).map(|()| When::Past))
        .or_else(|| pick(rest, &LASTING).map(|()| When::Lasting))
}

/// Times that a preposition opens.
fn framed(rest: &mut Cursor<'_, '_>, today: Day) -> Option<When> {
    let start = *rest;
    let word = rest.word(0);
    rest.advance(1);
    let found = match word {
        "since" => {
            rest.eat_any(&["about", "around"]);
            moment(rest, today).map(When::Since)
        }
        "up" => (rest.eat("until") || rest.eat_phrase("to")).then(|| moment(rest, today).map(When::Until))?,
        "until" | "till" => {
            let recent = rest.eat_any(&["recently", "now"]).then(|| Moment::day(today));
            recent.or_else(|| moment(rest, today)).map(When::Until)
        }
        "from" => span(rest, today, &["to", "until", "till", "through", "-", "\u{2013}"]),
        "between" => span(rest, today, &["and"]),
        "starting" | "beginning" | "effective" => {
            rest.eat_any(&["in", "on", "from", "with"]);
            moment(rest, today).map(|moment| When::Since(sided(moment, 1)))
        }
        "as" => rest.eat_any(&["of", "from"]).then(|| moment(rest, today).map(When::Since))?,
        "for" => lasting(rest, today),
        "in" => inside(rest, today).map(When::At),
        "back" => rest
            .eat("in")
            .then(|| inside(rest, today).or_else(|| moment(rest, today)))
            .flatten()
            .map(When::At),
        "on" => on(rest, today).map(When::At),
        "by" | "around" | "during" | "throughout" => moment(rest, today).map(When::At),
        _ => None,
    };
    if found.is_none() {
        *rest = start;
    }
    found
}

fn span(rest: &mut Cursor<'_, '_>, today: Day, links: &[&str]) -> Option<When> {
    let first = moment(rest, today)?;
    let start = *rest;
    if (rest.eat_any(links) || (rest.eat_pause() && !rest.is_end()))
        && let Some(last) = moment(rest, today)
    {
        return Some(When::Span(first, last));
    }
    *rest = start;
    if links.contains(&"and") {
        return None;
    }
    rest.eat_any(&["on", "onward", "onwards", "forward"]);
    Some(When::Since(first))
}

/// After "for".
fn lasting(rest: &mut Cursor<'_, '_>, today: Day) -> Option<When> {
    rest.eat_any(&["about", "almost", "around", "nearly", "over"]);
    rest.eat_phrases(&["more than", "at least", "the last", "the past"]);
    let (count, unit) = amount(rest)?;
    rest.eat_any(&["now", "already"]);
    let start = unit.from(today, count.saturating_neg()).start();
    Some(When::For { start, end: unit.from(today, count).start() })
}

/// After "in".
fn inside(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    rest.eat_any(&["about", "around"]);
    if let Some((count, unit)) = amount(rest) {
        return Some(Moment::day(unit.from(today, count)));
    }
    if matches!(rest.word(0), "last" | "next" | "yesterday" | "today" | "tomorrow") {
        return None;
    }
    moment(rest, today)
}

/// After "on".
fn on(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    rest.eat("the");
    if matches!(rest.word(1), "mornings" | "evenings" | "afternoons" | "nights") {
        return None;
    }
    let is_date = month(rest.word(0)).is_some() || weekday(rest.word(0)).is_some();
    (is_date || rest.word(0).starts_with(|c: char| c.is_ascii_digit())).then(|| moment(rest, today))?
}

/// A moment that needs no preposition: "yesterday", "last year", "two weeks ago", but not "May".
pub(super) fn bare(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    let start = *rest;
    let named = match rest.word(0) {
        "today" | "tonight" => Some(today),
        "yesterday" => Some(today.plus(-1)),
        "tomorrow" => Some(today.plus(1)),
        _ => None,
    };
    if let Some(day) = named {
        rest.advance(1);
        rest.eat_any(&["morning", "afternoon", "evening", "night"]);
        return Some(Moment::day(day));
    }
    if rest.eat_phrase("the day before yesterday") {
        return Some(Moment::day(today.plus(-2)));
    }
    if rest.eat_phrase("the day after tomorrow") {
        return Some(Moment::day(today.plus(2)));
    }
    if let Some((count, unit)) = amount(rest)
        && rest.eat_any(&["ago", "back"])
    {
        return Some(Moment::day(unit.from(today, count.saturating_neg())).lasting(unit));
    }
    *rest = start;
    relative(rest, today).or_else(|| {
        *rest = start;
        None
    })
}

/// "last week", "next June", "this Friday".
fn relative(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    rest.eat("early");
    rest.eat("the");
    let side = match rest.word(0) {
        "last" | "past" => -1,
        "next" => 1,
        "this" | "coming" => 0,
        _ => return None,
    };
    rest.advance(1);
    let name = rest.word(0);
    rest.advance(1);
    if let Some(moment) = month(name).map(|month| sided(month_moment(today, month, 1), side)) {
        return Some(moment.lasting(Unit::Months(1)));
    }
    if let Some(weekday) = weekday(name) {
        return Some(sided(weekday_moment(today, weekday), if side == 0 { 1 } else { side }));
    }
    let date = today.date();
    let (day, length) = match (name, side) {
        ("morning" | "afternoon" | "evening", 0) => (today, Unit::Days(1)),
        ("night", -1) => (today.plus(-1), Unit::Days(1)),
        ("week" | "weekend", -1 | 1) => (today.plus(side * 7), Unit::Days(7)),
        ("month", -1 | 1) => (date.first_of_month().plus_months(side), Unit::Months(1)),
        ("year", -1 | 1) => (year_start(date.year + side), Unit::Months(12)),
        _ => return None,
    };
    Some(Moment::day(day).lasting(length))
}

fn sided(moment: Moment, side: i64) -> Moment {
    match side {
        -1 => Moment { future: moment.past, ..moment },
        1 => Moment { past: moment.future, ..moment },
        _ => moment,
    }
}

/// Any moment: a year, a month, a date, a weekday or one that [`bare`] takes.
fn moment(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    let start = *rest;
    rest.eat_phrases(&["the beginning of", "the start of", "the end of", "the middle of"]);
    rest.eat_any(&["early", "late", "mid", "the"]);
    let word = rest.word(0);
    let found = if let Some(month) = month(word) {
        rest.advance(1);
        Some(after_month(rest, today, month))
    } else if let Some(weekday) = weekday(word) {
        rest.advance(1);
        Some(weekday_moment(today, weekday))
    } else if let Some(year) = year(word) {
        rest.advance(1);
        Some(Moment::day(year_start(year)).lasting(Unit::Months(12)))
    } else if let Some(day) = iso_date(word) {
        rest.advance(1);
        Some(Moment::day(day))
    } else {
        day_first(rest, today)
    };
    found.or_else(|| {
        *rest = start;
        bare(rest, today)
    })
}

/// What follows a month's name: a day, a year, both or nothing.
fn after_month(rest: &mut Cursor<'_, '_>, today: Day, month: i64) -> Moment {
    let day = day_of_month(rest.word(0));
    rest.advance(usize::from(day.is_some()));
    let comma = usize::from(day.is_some() && rest.is_pause(0)) + usize::from(rest.word(0) == "of");
    let length = if day.is_some() { Unit::Days(1) } else { Unit::Months(1) };
    let moment = match year(rest.word(comma)) {
        Some(year) => {
            rest.advance(comma + 1);
            Moment::day(Date { year, month, day: day.unwrap_or(1) }.number())
        }
        None => month_moment(today, month, day.unwrap_or(1)),
    };
    moment.lasting(length)
}

/// "3 March", "3rd of March 2020".
fn day_first(rest: &mut Cursor<'_, '_>, today: Day) -> Option<Moment> {
    let day = day_of_month(rest.word(0))?;
    let of = usize::from(rest.word(1) == "of");
    let month = month(rest.word(1 + of))?;
    rest.advance(2 + of);
    Some(match year(rest.word(0)) {
        Some(year) => {
            rest.advance(1);
            Moment::day(Date { year, month, day }.number())
        }
        None => month_moment(today, month, day),
    })
}

fn month_moment(today: Day, month: i64, day: i64) -> Moment {
    let year = today.date().year;
    let of = |year: i64| Date { year, month, day }.number();
    let past = if of(year) <= today { of(year) } else { of(year - 1) };
    let future = if of(year) > today { of(year) } else { of(year + 1) };
    Moment { past: past.start(), future: future.start(), length: Unit::Days(1) }
}

fn weekday_moment(today: Day, weekday: i64) -> Moment {
    let whole_week = |days: i64| if days == 0 { 7 } else { days };
    let back = whole_week((today.weekday() - weekday).rem_euclid(7));
    let on = whole_week((weekday - today.weekday()).rem_euclid(7));
    Moment { past: today.plus(-back).start(), future: today.plus(on).start(), length: Unit::Days(1) }
}

fn year_start(year: i64) -> Day {
    Date { year, month: 1, day: 1 }.number()
}

/// "three years", "a couple of weeks".
fn amount(rest: &mut Cursor<'_, '_>) -> Option<(i64, Unit)> {
    let start = *rest;
    let count = if rest.eat_phrases(&["a couple of", "a couple"]) {
        Some(2)
    } else {
        let count = number(rest.word(0));
        rest.advance(1);
        count
    };
    let unit = match rest.word(0) {
        "day" | "days" => Some(Unit::Days(1)),
        "week" | "weeks" => Some(Unit::Days(7)),
        "month" | "months" => Some(Unit::Months(1)),
        "year" | "years" => Some(Unit::Months(12)),
        "decade" | "decades" => Some(Unit::Months(120)),
        _ => None,
    };
    rest.advance(1);
    let found = count.zip(unit);
    if found.is_none() {
        *rest = start;
    }
    found
}

fn day_of_month(word: &str) -> Option<i64> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let tail = word.strip_prefix(digits)?;
    let fits = digits.len() <= 2 && matches!(tail, "" | "st" | "nd" | "rd" | "th");
    digits.parse().ok().filter(|day| fits && (1..=31).contains(day))
}

fn iso_date(word: &str) -> Option<Day> {
    let mut parts = word.split('-');
    let (year, month, day) = (year(parts.next()?)?, parts.next()?, parts.next()?);
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let day = day_of_month(day)?;
    parts.next().is_none().then(|| Date { year, month, day }.number())
}

pub(super) fn month(word: &str) -> Option<i64> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sept" | "sep" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

pub(super) fn weekday(word: &str) -> Option<i64> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    NAMES.iter().zip(0..).find_map(|(name, value)| (*name == word).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::super::calendar::{Date, Day};
    use super::super::cursor::Cursor;
    use super::super::sentence::{lower_case, sentences};
    use super::{When, when};
    use crate::model::Timestamp;

    fn day(year: i64, month: i64, day: i64) -> Timestamp {
        Date { year, month, day }.number().start()
    }

    fn of(text: &str) -> Option<When> {
        let lower = lower_case(text);
        let all = sentences(text, &lower);
        // A Wednesday.
        let said_at = day(2026, 6, 10).plus_seconds(54_301);
        assert_eq!(Day::of(said_at).weekday(), 2);
        let (found, length) = when(Cursor::new(&all.first()?.tokens), said_at)?;
        (length == all.first()?.tokens.len()).then_some(found)
    }

    #[test]
    fn moments_are_days_that_a_calendar_shows() {
        for (text, past, future) in [
            ("in May", day(2026, 5, 1), day(2027, 5, 1)),
            ("in July", day(2025, 7, 1), day(2026, 7, 1)),
            ("in 2019", day(2019, 1, 1), day(2019, 1, 1)),
            ("on March 3rd", day(2026, 3, 3), day(2027, 3, 3)),
            ("on 3 March 2020", day(2020, 3, 3), day(2020, 3, 3)),
            ("on March 3, 2020", day(2020, 3, 3), day(2020, 3, 3)),
            ("on the 5th of May", day(2026, 5, 5), day(2027, 5, 5)),
            ("yesterday", day(2026, 6, 9), day(2026, 6, 9)),
            ("last week", day(2026, 6, 3), day(2026, 6, 3)),
            ("last month", day(2026, 5, 1), day(2026, 5, 1)),
            ("last year", day(2025, 1, 1), day(2025, 1, 1)),
            ("next year", day(2027, 1, 1), day(2027, 1, 1)),
            ("three years ago", day(2023, 6, 10), day(2023, 6, 10)),
            ("two weeks ago", day(2026, 5, 27), day(2026, 5, 27)),
            ("on Monday", day(2026, 6, 8), day(2026, 6, 15)),
            ("last Wednesday", day(2026, 6, 3), day(2026, 6, 3)),
            ("next Monday", day(2026, 6, 15), day(2026, 6, 15)),
            ("next June", day(2027, 6, 1), day(2027, 6, 1)),
            ("in two weeks", day(2026, 6, 24), day(2026, 6, 24)),
        ] {
            let Some(When::At(moment)) = of(text) else { panic!("{text}: {:?}", of(text)) };
            assert_eq!((moment.past, moment.future), (past, future), "{text}");
        }
    }

    #[test]
    fn periods_have_the_ends_that_are_named() {
        assert!(matches!(of("since 2020"), Some(When::Since(from)) if from.past == day(2020, 1, 1)));
        assert!(matches!(of("until last month"), Some(When::Until(to)) if to.past == day(2026, 5, 1)));
        assert!(matches!(of("for three years"), Some(When::For { start, .. }) if start == day(2023, 6, 10)));
        let (begin, end) = (day(2015, 1, 1), day(2019, 1, 1));
        let span = of("from 2015 to 2019");
        assert!(matches!(span, Some(When::Span(from, to)) if (from.past, to.past) == (begin, end)));
        assert!(matches!((of("right now"), of("recently")), (Some(When::Now), Some(When::Lasting))));
    }

    #[test]
    fn other_numbers_and_names_are_no_times() {
        for text in
            ["for 2019 people", "in Porto", "on my way", "may", "March", "at 3", "in 3 steps", "from Porto"]
        {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
