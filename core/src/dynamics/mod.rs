//! Dynamics: how memories fade, as pure functions of strength and time.

mod retention;

pub(crate) use retention::retention;
