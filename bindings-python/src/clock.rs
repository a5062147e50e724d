//! The clock that a test sets.

use std::sync::Arc;

use ebbmark as core;
use pyo3::prelude::*;

use crate::translate::{Given, Told};

/// A clock that stands still until it is set: for tests, and for programs whose time is not the system's.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct ManualClock(pub(crate) Arc<core::ManualClock>);

#[pymethods]
impl ManualClock {
    #[new]
    fn new(now: Given<core::Timestamp>) -> Self {
        ManualClock(Arc::new(core::ManualClock::at(now.0)))
    }

    /// Sets the time; it may go backwards.
    fn set(&self, now: Given<core::Timestamp>) {
        self.0.set(now.0);
    }

    /// The time it shows.
    fn now(&self) -> Told<core::Timestamp> {
        Told(core::Clock::now(self.0.as_ref()))
    }

    fn __repr__(&self) -> String {
        format!("ManualClock({})", core::Clock::now(self.0.as_ref()))
    }
}
