//! Days, months and years of the Gregorian calendar, as days since 1970-01-01 in UTC.

use crate::model::{Timestamp, civil_date};

const DAY_SECONDS: i64 = 86_400;
const DAY_MICROS: i64 = DAY_SECONDS * 1_000_000;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    /// 1 to 31.
    pub(super) day: i64,
}

impl Day {
    pub(super) fn of(moment: Timestamp) -> Self {
        Day(moment.as_micros().div_euclid(DAY_MICROS))
    }

    /// Midnight at which the day begins.
    pub(super) fn start(self) -> Timestamp {
        Timestamp::from_seconds(self.0.saturating_mul(DAY_SECONDS))
    }

    pub(super) fn plus(self, days: i64) -> Self {
        Day(self.0.saturating_add(days))
    }

    /// 0 for Monday.
    pub(super) fn weekday(self) -> i64 {
        self.0.saturating_add(3).rem_euclid(7)
    }

    /// The same day of the month `months` on, or the last day that month has.
    pub(super) fn plus_months(self, months: i64) -> Self {
        let date = self.date();
        let count = date.year * 12 + date.month - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        Date { year, month, day: date.day.min(month_days(year, month)) }.number()
    }

    pub(super) fn date(self) -> Date {
        let (year, month, day) = civil_date(self.0);
        Date { year, month, day }
    }
}

impl Date {
    /// Howard Hinnant's `days_from_civil`.
    pub(super) fn number(self) -> Day {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month_from_march = (self.month + 9) % 12;
        let of_year = (153 * month_from_march + 2) / 5 + self.day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        Day(era * 146_097 + of_era - 719_468)
    }

    pub(super) fn first_of_month(self) -> Day {
        Date { day: 1, ..self }.number()
    }
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, Day};
    use crate::model::Timestamp;

    #[test]
    fn a_day_becomes_a_date_and_comes_back() {
        for number in (-800_000..800_000).step_by(97) {
            assert_eq!(Day(number).date().number(), Day(number));
        }
        let leap = Date { year: 2024, month: 2, day: 29 }.number();
        assert_eq!(leap.plus_months(-12).date(), Date { year: 2023, month: 2, day: 28 });
        assert_eq!((leap.weekday(), Day::of(Timestamp::from_micros(-1))), (3, Day(-1)));
    }

    #[test]
    fn no_moment_overflows() {
        for micros in [i64::MIN, i64::MAX] {
            let day = Day::of(Timestamp::from_micros(micros));
            assert_eq!(day.plus_months(-24_000).plus_months(24_000).date().year, day.date().year);
            day.start();
        }
    }
}
