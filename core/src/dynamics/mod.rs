//! Dynamics: how memories fade, what uses make of them, how much is let through, and when what failed is tried again, as
//! pure functions of strength and time.

mod backoff;
mod breaker;
mod decay;
mod fsrs;
mod importance;
mod rate;
mod schedule;

pub(crate) use backoff::{BACKOFF_MAX, backoff};
pub(crate) use breaker::Breaker;
pub(crate) use decay::{reinforced, retention, scaled, stability};
pub use fsrs::{Fsrs, FsrsState};
pub(crate) use importance::{Kept, importance};
pub(crate) use rate::Gcra;
pub use rate::Permit;
pub(crate) use schedule::{Job, crossing, crossing_at, kept, next_due, retention_due, retention_of};
