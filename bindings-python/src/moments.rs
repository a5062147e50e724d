//! Moments and spans: aware `datetime`s, `timedelta`s.

use std::time::Duration;

use ebbmark::Timestamp;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyFloat, PyInt};

use crate::errors::{invalid, wrong_type};

const DAY_MICROS: i64 = 86_400_000_000;

/// 1970 in UTC; made once.
fn epoch(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || {
        let datetime = py.import("datetime")?;
        let utc = datetime.getattr("timezone")?.getattr("utc")?;
        Ok::<_, PyErr>(datetime.getattr("datetime")?.call1((1970, 1, 1, 0, 0, 0, 0, utc))?.unbind())
    };
    EPOCH.get_or_try_init(py, make).map(|epoch| epoch.bind(py))
}

/// A moment as an aware `datetime` in UTC.
pub(crate) fn to_datetime(py: Python<'_>, moment: Timestamp) -> PyResult<Bound<'_, PyAny>> {
    let micros = moment.as_micros();
    let (days, rest) = (micros.div_euclid(DAY_MICROS), micros.rem_euclid(DAY_MICROS));
    let (seconds, micros) = ((rest / 1_000_000) as i32, (rest % 1_000_000) as i32);
    let beyond = || {
        let got = format!("{} s since 1970", moment.as_micros() / 1_000_000);
        invalid(
            "a moment is outside the years of datetime",
            &got,
            "years 1 to 9999",
            "ask for another record",
        )
    };
    let days = i32::try_from(days).map_err(|_| beyond())?;
    let since = PyDelta::new(py, days, seconds, micros, false).map_err(|_| beyond())?;
    epoch(py)?.add(since).map_err(|_| beyond())
}

/// A moment from an aware `datetime`.
pub(crate) fn from_datetime(given: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let py = given.py();
    let moment = given.cast::<PyDateTime>().map_err(|_| wrong_type(given, "an aware datetime"))?;
    if moment.call_method0("utcoffset")?.is_none() {
        return Err(invalid(
            "a datetime has no time zone",
            &moment.repr()?.to_string(),
            "an aware datetime",
            "say which time zone it is of: datetime.now(timezone.utc), or .replace(tzinfo=...)",
        ));
    }
    let since = micros_of(&moment.sub(epoch(py)?)?).map(Timestamp::from_micros)?;
    // One that UTC has not got, close to year 1 or 9999, could not be shown again.
    to_datetime(py, since).map(|_| since)
}

fn micros_of(span: &Bound<'_, PyAny>) -> PyResult<i64> {
    let part = |name: &str| span.getattr(name)?.extract::<i64>();
    // A timedelta has 10^9 days at most, which is more than 64 bits of microseconds hold.
    Ok(part("days")?
        .saturating_mul(DAY_MICROS)
        .saturating_add(part("seconds")? * 1_000_000 + part("microseconds")?))
}

/// A span from a `timedelta`, or from a number of seconds.
pub(crate) fn from_span(given: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let impossible = || {
        let got = given.repr().map_or_else(|_| "a span".to_owned(), |text| text.to_string());
        invalid("a span of time is impossible", &got, "0 seconds or more", "correct it")
    };
    if given.is_instance_of::<PyDelta>() {
        return u64::try_from(micros_of(given)?).map(Duration::from_micros).map_err(|_| impossible());
    }
    if !given.is_instance_of::<PyFloat>() && !given.is_instance_of::<PyInt>() {
        return Err(wrong_type(given, "a timedelta, or a number of seconds"));
    }
    Duration::try_from_secs_f64(given.extract()?).map_err(|_| impossible())
}
