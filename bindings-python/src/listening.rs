//! Listening: what a long call tells its caller, and how its caller and the end of the interpreter stop it.

use std::cell::{OnceCell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyException, PySystemExit};
use pyo3::prelude::*;

/// Between two looks for signals, a call that finishes no record is asked so often whether it goes on. Reading one message
/// for claims, after which it is asked, takes some 50 us.
const ASKED_BETWEEN_LOOKS: usize = 64;

thread_local! {
    /// What interrupted the call of this thread: raised when the call has ended.
    static INTERRUPT: RefCell<Option<PyErr>> = const { RefCell::new(None) };

    /// What a guard raised: the cause of the error that says that it let nothing in.
    static GUARD: RefCell<Option<PyErr>> = const { RefCell::new(None) };

    /// This thread as Python knows it.
    static THIS: OnceCell<Thread> = const { OnceCell::new() };
}

/// Takes what interrupted the call of this thread.
pub(crate) fn take_interrupt() -> Option<PyErr> {
    INTERRUPT.take()
}

/// Keeps what a guard raised.
pub(crate) fn note_guard(raised: PyErr) {
    GUARD.set(Some(raised));
}

/// Takes what a guard raised.
pub(crate) fn take_guard() -> Option<PyErr> {
    GUARD.take()
}

/// Notes an exception that is no `Exception`, such as a `KeyboardInterrupt`: it is to end the call that asked.
pub(crate) fn note_interrupt(py: Python<'_>, raised: &PyErr) {
    if !raised.is_instance_of::<PyException>(py) {
        INTERRUPT.set(Some(raised.clone_ref(py)));
    }
}

/// Whether the interpreter is ending. A thread that wants it back from then on is killed by it, and if frames of Rust are on
/// its stack, that ends the process: such a thread is stopped before.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Whether a thread besides the main one has called.
static OTHERS: AtomicBool = AtomicBool::new(false);

/// The threads that are in a callback now, by the numbers that Python gives them, with their process: a fork has not got them.
static IN_CALLBACKS: Mutex<Vec<(u32, u64)>> = Mutex::new(Vec::new());

/// How long the end of the interpreter waits for callbacks. One that hears of no exception for longer, because it waits outside of
/// Python, is killed in the middle, which may end the process.
const PATIENCE_WITH_CALLBACKS: Duration = Duration::from_secs(5);

/// How long a call that has come back may take to make its reply, which is done in microseconds.
const TIME_TO_REPLY: Duration = Duration::from_millis(20);

/// Runs a call of the core without the interpreter.
pub(crate) fn away<T: Send>(py: Python<'_>, call: impl FnOnce() -> T + Send) -> T {
    let is_main = this_thread(py).is_main;
    if !is_main {
        OTHERS.store(true, Ordering::Relaxed);
    }
    py.detach(|| {
        if !is_main {
            stop_if_ending();
        }
        let result = call();
        if !is_main {
            stop_if_ending();
        }
        result
    })
}

/// Stops a thread, to go with the process, if the interpreter is ending. Only daemons are left then.
fn stop_if_ending() {
    while ENDING.load(Ordering::Acquire) {
        std::thread::park();
    }
}

/// Lets no thread but this one come back from a call any more; closes what is to be closed; and ends the callbacks that other
/// threads are in, by an exception.
pub(crate) fn end(py: Python<'_>, close: impl FnOnce() + Send) {
    ENDING.store(true, Ordering::Release);
    py.detach(close);
    let mut waited = Duration::ZERO;
    for thread in in_callbacks() {
        // One that cannot be told is waited for all the same.
        let _ = raise_in(py, thread);
    }
    while !in_callbacks().is_empty() && waited < PATIENCE_WITH_CALLBACKS {
        py.detach(|| std::thread::park_timeout(TIME_TO_REPLY));
        waited += TIME_TO_REPLY;
    }
    if OTHERS.load(Ordering::Relaxed) {
        py.detach(|| std::thread::park_timeout(TIME_TO_REPLY));
    }
}

/// The threads of this process that are in a callback.
fn in_callbacks() -> Vec<u64> {
    let process = std::process::id();
    let threads = IN_CALLBACKS.lock().unwrap_or_else(PoisonError::into_inner);
    threads.iter().filter(|(of, _)| *of == process).map(|(_, thread)| *thread).collect()
}

/// Raises `SystemExit` in another thread, as soon as it runs Python.
fn raise_in(py: Python<'_>, thread: u64) -> PyResult<()> {
    let ctypes = py.import("ctypes")?;
    let number = ctypes.getattr("c_ulong")?.call1((thread,))?;
    let exit = ctypes.getattr("py_object")?.call1((py.get_type::<PySystemExit>(),))?;
    ctypes.getattr("pythonapi")?.call_method1("PyThreadState_SetAsyncExc", (number, exit))?;
    Ok(())
}

/// Runs a callback with the interpreter; none while that ends.
pub(crate) fn back<T>(call: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let reply = Python::try_attach(|py| {
        if ENDING.load(Ordering::Acquire) {
            return None;
        }
        let here = (std::process::id(), this_thread(py).number);
        IN_CALLBACKS.lock().unwrap_or_else(PoisonError::into_inner).push(here);
        let reply = call(py);
        let mut threads = IN_CALLBACKS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = threads.iter().rposition(|thread| *thread == here) {
            threads.swap_remove(place);
        }
        Some(reply)
    });
    reply.flatten()
}

/// A thread as Python knows it.
#[derive(Clone, Copy, Default)]
struct Thread {
    number: u64,
    /// Whether Python's signal handlers run on it.
    is_main: bool,
}

/// This thread: asked of Python once a thread.
fn this_thread(py: Python<'_>) -> Thread {
    let ask = || -> PyResult<Thread> {
        let threading = py.import("threading")?;
        let number = threading.call_method0("get_ident")?.extract()?;
        let main: u64 = threading.call_method0("main_thread")?.getattr("ident")?.extract()?;
        Ok(Thread { number, is_main: number == main })
    };
    THIS.with(|known| *known.get_or_init(|| ask().unwrap_or_default()))
}

/// Whether this is known to be Python's main thread.
fn is_known_as_main_thread() -> bool {
    THIS.with(|known| known.get().is_some_and(|thread| thread.is_main))
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
        is_known_as_main_thread()
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
