//! Listening: what a long call tells its caller, and how its caller and the end of the interpreter stop it.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::Duration;

use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::errors::ReopenError;

/// Between two looks for signals, a call that finishes no record is asked so often whether it goes on. Reading one message
/// for claims, after which it is asked, takes some 50 us.
const ASKED_BETWEEN_LOOKS: usize = 64;

thread_local! {
    /// What interrupted the call of this thread: raised when the call has ended.
    static INTERRUPT: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// The thread that Python's signal handlers run on.
static MAIN_THREAD: OnceLock<ThreadId> = OnceLock::new();

/// Notes that this thread is Python's main thread.
pub(crate) fn this_is_the_main_thread() {
    // Set once: a second import in the same process does not change it.
    let _ = MAIN_THREAD.set(std::thread::current().id());
}

/// Takes what interrupted the call of this thread.
pub(crate) fn take_interrupt() -> Option<PyErr> {
    INTERRUPT.take()
}

/// Notes an exception that is no `Exception`, such as a `KeyboardInterrupt`: it is to end the call, not to count as a
/// failure of a callback.
pub(crate) fn note_interrupt(py: Python<'_>, raised: &PyErr) {
    if !raised.is_instance_of::<PyException>(py) {
        INTERRUPT.set(Some(raised.clone_ref(py)));
    }
}

/// Calls that are without the interpreter now, each of which will want it back.
static AWAY: AtomicUsize = AtomicUsize::new(0);

/// Whether the interpreter is ending: a thread that wanted it back then would be killed with Rust's frames on its stack,
/// which ends the process.
static ENDING: AtomicBool = AtomicBool::new(false);

/// How long the end of the interpreter waits for calls that are away.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);

/// Runs a call of the core without the interpreter.
pub(crate) fn away<T: Send>(py: Python<'_>, call: impl FnOnce() -> T + Send) -> PyResult<T> {
    if is_ending() {
        return Err(ending());
    }
    AWAY.fetch_add(1, Ordering::AcqRel);
    let result = py.detach(call);
    AWAY.fetch_sub(1, Ordering::AcqRel);
    Ok(result)
}

pub(crate) fn is_ending() -> bool {
    ENDING.load(Ordering::Acquire)
}

fn ending() -> PyErr {
    let message =
        "the interpreter is ending: got a call, expected none from now on; end threads before the program";
    ReopenError::new_err((message, "store.closed", "end threads before the program"))
}

/// Lets no call leave any more, and waits for those that are away.
pub(crate) fn end(py: Python<'_>, close: impl FnOnce() + Send) {
    ENDING.store(true, Ordering::Release);
    py.detach(close);
    let (rest, mut waited) = (Duration::from_millis(1), Duration::ZERO);
    while AWAY.load(Ordering::Acquire) > 0 && waited < PATIENCE_AT_THE_END {
        py.detach(|| std::thread::park_timeout(rest));
        waited += rest;
    }
}

/// Hears how far a call is: passes it on to the caller's callback, and lets signals stop the call.
pub(crate) struct Listener {
    progress: Option<Py<PyAny>>,
    asked: AtomicUsize,
    stopped: AtomicBool,
}

impl Listener {
    pub(crate) fn new(progress: Option<Py<PyAny>>) -> Self {
        Listener { progress, asked: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    /// Passes on how far the call is, and looks for signals.
    fn hear(&self, py: Python<'_>, records: usize) -> PyResult<()> {
        if let Some(progress) = self.progress.as_ref().filter(|_| records > 0) {
            progress.call1(py, (records,))?;
        }
        py.check_signals()
    }

    fn has_reason_to_attach(&self, records: usize) -> bool {
        if records > 0 && self.progress.is_some() {
            return true;
        }
        let is_main = MAIN_THREAD.get() == Some(&std::thread::current().id());
        is_main
            && (records > 0 || self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(ASKED_BETWEEN_LOOKS))
    }
}

impl ebbmark::Progress for Listener {
    fn advance(&self, records: usize) -> bool {
        let interrupted = INTERRUPT.with_borrow(Option::is_some);
        if interrupted || self.stopped.load(Ordering::Relaxed) {
            return false;
        }
        if !self.has_reason_to_attach(records) {
            return true;
        }
        // An interpreter that is ending hears nothing more.
        let heard = Python::try_attach(|py| self.hear(py, records)).unwrap_or(Ok(()));
        let Err(raised) = heard else { return true };
        INTERRUPT.set(Some(raised));
        self.stopped.store(true, Ordering::Relaxed);
        false
    }
}
