//! What records wait for: the rows of the durable queue.

use serde::{Deserialize, Serialize};

use crate::dynamics::{BACKOFF_MAX, backoff};
use crate::error::Code;
use crate::model::Timestamp;

/// Something that a record waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Vector,
    Claims,
}

/// Why it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// It was not asked for yet.
    Unasked,
    /// It could not be had.
    Failed(Code),
}

/// What a record waits for. There is a row only while it waits for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) vector: bool,
    pub(crate) claims: bool,
    /// Calls for it that failed.
    pub(crate) attempts: u32,
    pub(crate) next_try: Timestamp,
    pub(crate) since: Timestamp,
    /// The stable name of the last error.
    pub(crate) error: Option<String>,
}

impl Waiting {
    /// Waits for nothing yet.
    pub(crate) fn new(now: Timestamp) -> Self {
        Waiting { vector: false, claims: false, attempts: 0, next_try: now, since: now, error: None }
    }

    /// Waits for this as well, from now on.
    pub(crate) fn want(&mut self, want: Want, lack: Lack, now: Timestamp) {
        *self.part(want) = true;
        self.next_try = self.next_try.min(now);
        if let Lack::Failed(code) = lack {
            self.attempts = self.attempts.max(1);
            self.error = Some(code.as_str().to_owned());
        }
    }

    /// Waits for this no more.
    pub(crate) fn unwant(&mut self, want: Want) {
        *self.part(want) = false;
    }

    /// A retry failed: it is put off, longer each time.
    pub(crate) fn put_off(&mut self, code: Code, now: Timestamp) {
        self.attempts = self.attempts.saturating_add(1);
        self.error = Some(code.as_str().to_owned());
        // The first attempt was the call itself.
        self.next_try = now.plus(backoff(self.attempts - 1));
    }

    /// A retry was not made, because the callback is suspended until then: that is no attempt.
    pub(crate) fn hold(&mut self, code: Code, until: Timestamp, now: Timestamp) {
        self.error = Some(code.as_str().to_owned());
        self.next_try = until.min(now.plus(BACKOFF_MAX));
    }

    /// Whether it may be tried now. Nothing is put off for longer than [`BACKOFF_MAX`]: what seems to be was put off by
    /// a clock that was set back since.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.next_try <= now || self.next_try > now.plus(BACKOFF_MAX)
    }

    pub(crate) fn is_idle(&self) -> bool {
        !self.vector && !self.claims
    }

    fn part(&mut self, want: Want) -> &mut bool {
        match want {
            Want::Vector => &mut self.vector,
            Want::Claims => &mut self.claims,
        }
    }
}
