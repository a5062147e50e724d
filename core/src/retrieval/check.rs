//! The checks of questions that several verbs share.

use crate::error::{Code, Error, Result};
use crate::model::Timestamp;

/// Checks that a range of time ends after it begins, where it has both ends.
pub(super) fn check_range(what: &str, since: Option<Timestamp>, until: Option<Timestamp>) -> Result<()> {
    let (Some(since), Some(until)) = (since, until) else { return Ok(()) };
    if until > since {
        return Ok(());
    }
    Err(Error::draft(Code::IntervalInverted, format!("{what} ends before it begins"))
        .got(format!("until {until}"))
        .expected(format!("after {since}"))
        .remedy("swap the two"))
}

/// Checks how much may be left of what is asked for.
pub(super) fn check_share(share: f32) -> Result<()> {
    if (0.0..=1.0).contains(&share) {
        return Ok(());
    }
    Err(Error::draft(Code::RangeInvalid, "a share of retention is out of range")
        .got(share)
        .expected("0 to 1")
        .remedy("ask for what is left of them, as a share of 1"))
}
