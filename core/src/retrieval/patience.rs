//! Patience: until when an answer is waited for.

use std::time::Duration;

use crate::error::{Code, Error, Result};
use crate::model::{Clock, Timestamp};

/// Until when an answer is waited for, by a clock.
#[derive(Clone, Copy)]
pub(super) struct Patience<'a> {
    clock: &'a dyn Clock,
    until: Option<Timestamp>,
}

impl<'a> Patience<'a> {
    pub(super) fn new(clock: &'a dyn Clock, deadline: Option<Duration>) -> Self {
        Patience { clock, until: deadline.map(|deadline| clock.now().plus(deadline)) }
    }

    /// Fails when the time is over.
    pub(super) fn check(&self) -> Result<()> {
        let is_over = self.until.is_some_and(|until| self.clock.now() >= until);
        if !is_over {
            return Ok(());
        }
        Err(Error::draft(Code::SearchDeadline, "the search took longer than it may")
            .got("no answer yet")
            .expected("an answer within its deadline")
            .remedy("give it more time, or narrow its filter; conditions on metadata are the slowest"))
    }
}
