//! The checks of numbers that several verbs share.

use crate::error::{Code, Error, Result};
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::Timestamp;

/// Checks that an episode does not expire before it occurred.
pub(super) fn check_expiry(occurred_at: Option<Timestamp>, expires_at: Option<Timestamp>) -> Result<()> {
    let (Some(from), Some(to)) = (occurred_at, expires_at) else { return Ok(()) };
    if to > from {
        return Ok(());
    }
    Err(Error::draft(Code::IntervalInverted, "an episode would expire before it occurred")
        .got(format!("expiry {to}"))
        .expected(format!("after {from}"))
        .remedy("correct or leave out the expiry"))
}

/// Checks how much a call may do.
pub(crate) fn check_budget(budget: usize) -> Result<()> {
    if (1..=PAGE_LIMIT_MAX).contains(&budget) {
        return Ok(());
    }
    Err(Error::draft(Code::RangeInvalid, "a budget is out of range")
        .got(budget)
        .expected(format!("1 to {PAGE_LIMIT_MAX}"))
        .remedy("call again for the rest"))
}

/// Checks a number that must lie between 0 and 1.
pub(super) fn check_unit(what: &str, number: f32) -> Result<()> {
    if (0.0..=1.0).contains(&number) {
        return Ok(());
    }
    Err(Error::draft(Code::RangeInvalid, format!("{what} is out of range"))
        .got(number)
        .expected("0 to 1")
        .remedy("scale it to that range"))
}

/// The error for what the guard refuses.
pub(super) fn rejected(reason: String) -> Error {
    Error::draft(Code::GuardRejected, "the guard does not let a text in")
        .got(reason)
        .expected("what the guard's policy allows")
        .remedy("leave it out, or change the policy")
}
