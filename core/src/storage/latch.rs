//! The latch at the storage boundary: after a failure, a close or a fork, nothing goes through any more.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Code, Error, ErrorKind, Result};
use crate::observe::{Health, HealthState};

/// Lets calls through until the first failure, and remembers that.
pub(crate) struct Latch {
    process: u32,
    state: Mutex<(HealthState, Option<Error>)>,
}

impl Latch {
    pub(crate) fn new() -> Self {
        Latch { process: std::process::id(), state: Mutex::new((HealthState::Healthy, None)) }
    }

    /// Runs a call on the engine; a panic inside it becomes an error and latches.
    pub(crate) fn guard<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        self.check()?;
        match catch_unwind(AssertUnwindSafe(call)) {
            Ok(result) => result,
            Err(_) => Err(self.fail(
                Error::draft(Code::FileDamaged, "the engine gave up on the file")
                    .got("a structure that makes no sense")
                    .expected("an undamaged file")
                    .remedy("open the store again; if it fails again, restore a backup"),
            )),
        }
    }

    /// Like [`Latch::guard`], for writes: a failure of the medium or of the structure latches.
    pub(crate) fn guard_write<T>(&self, call: impl FnOnce() -> Result<T>) -> Result<T> {
        self.guard(call).inspect_err(|error| {
            if matches!(error.kind(), ErrorKind::Io | ErrorKind::Corrupt) {
                self.fail(error.clone());
            }
        })
    }

    /// Drops what holds the file. The engine then commits once more, to leave a file that needs no recovery.
    ///
    /// A fork leaves that to its parent. After a failure it must not be: on a damaged structure the engine could
    /// panic twice in it, and so end the process. It does not commit while a panic unwinds.
    pub(crate) fn release<T>(&self, handle: T) {
        if self.is_forked() {
            std::mem::forget(handle);
            return;
        }
        let failed = self.lock().1.is_some();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let _held = handle;
            if failed {
                // Unwinds without running the panic hook: nothing is printed.
                resume_unwind(Box::new(()));
            }
        }));
    }

    fn is_forked(&self) -> bool {
        std::process::id() != self.process
    }

    /// Fails in a fork of the process that opened the store.
    pub(crate) fn check_fork(&self) -> Result<()> {
        if !self.is_forked() {
            return Ok(());
        }
        Err(Error::draft(Code::ProcessForked, "the store was opened before this process was forked")
            .got(format!("process {}", std::process::id()))
            .expected(format!("process {}", self.process))
            .remedy("open the store after the fork, in one process only"))
    }

    fn check(&self) -> Result<()> {
        self.check_fork()?;
        match &*self.lock() {
            (HealthState::Healthy | HealthState::Degraded, _) => Ok(()),
            (HealthState::Closed, _) => Err(Error::draft(Code::StoreClosed, "the store was closed")
                .got("a call on a closed store")
                .expected("an open store")
                .remedy("open it again")),
            (HealthState::Failed, cause) => {
                let mut draft = Error::draft(Code::StoreFailed, "an earlier failure stopped the store")
                    .expected("a healthy store");
                if let Some(cause) = cause {
                    draft = draft.got(cause.code().as_str()).source(cause.clone());
                }
                Err(draft.remedy("drop all handles and open it again; acknowledged writes are kept"))
            }
        }
    }

    fn fail(&self, error: Error) -> Error {
        let mut state = self.lock();
        if state.0 == HealthState::Healthy {
            *state = (HealthState::Failed, Some(error.clone()));
        }
        error
    }

    pub(crate) fn close(&self) {
        self.lock().0 = HealthState::Closed;
    }

    pub(crate) fn health(&self) -> Health {
        let (state, cause) = self.lock().clone();
        Health { state, cause, reasons: Vec::new() }
    }

    fn lock(&self) -> MutexGuard<'_, (HealthState, Option<Error>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Latch;
    use crate::error::{Code, Error};

    #[test]
    fn a_fork_of_the_opener_is_refused() {
        let mut latch = Latch::new();
        assert!(latch.guard(|| Ok(())).is_ok());
        // What a forked child sees: the id of its parent in the latch, and another one of its own.
        latch.process = latch.process.wrapping_add(1);
        assert_eq!(latch.guard(|| Ok(())).unwrap_err().code(), Code::ProcessForked);
    }

    #[test]
    fn what_is_released_is_dropped_in_peace_in_unwinding_or_not_at_all() {
        struct Held<'a>(&'a std::cell::Cell<Option<bool>>);
        impl Drop for Held<'_> {
            fn drop(&mut self) {
                self.0.set(Some(std::thread::panicking()));
            }
        }
        let dropped = |latch: Latch| {
            let unwinding = std::cell::Cell::new(None);
            latch.release(Held(&unwinding));
            unwinding.get()
        };
        assert_eq!(dropped(Latch::new()), Some(false));
        let failed = Latch::new();
        failed.fail(Error::draft(Code::FileDamaged, "damage").remedy("none"));
        assert_eq!(dropped(failed), Some(true));
        let mut fork = Latch::new();
        fork.process = fork.process.wrapping_add(1);
        assert_eq!(dropped(fork), None);
    }

    #[test]
    fn a_panic_becomes_an_error_and_latches() {
        let latch = Latch::new();
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let failed: crate::Result<()> = latch.guard(|| panic!("the engine gives up"));
        std::panic::set_hook(hook);
        assert_eq!(failed.unwrap_err().code(), Code::FileDamaged);
        assert_eq!(latch.guard(|| Ok(())).unwrap_err().code(), Code::StoreFailed);
    }
}
