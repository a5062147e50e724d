//! Dynamics: how memories fade, and when what failed is tried again, as pure functions of time.

mod backoff;
mod breaker;
mod retention;

pub(crate) use backoff::{BACKOFF_MAX, backoff};
pub(crate) use breaker::Breaker;
pub(crate) use retention::retention;
