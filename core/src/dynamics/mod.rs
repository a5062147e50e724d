//! Dynamics: how memories fade, what uses make of them, and how much is let through, as pure functions of strength and
//! time.

mod decay;
mod fsrs;
mod importance;
mod rate;
mod schedule;

pub(crate) use decay::{reinforced, retention, scaled, stability};
pub use fsrs::{Fsrs, FsrsState};
pub(crate) use importance::{Kept, importance};
pub(crate) use rate::Gcra;
pub use rate::Permit;
pub(crate) use schedule::{Job, crossing, crossing_at, kept, next_due, retention_due, retention_of};
