//! Upkeep of all tenants: on demand, or by a thread that the host asks for.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Store;
use crate::error::{Code, Error, Result};
use crate::maintenance::{Budget, MaintenanceReport};
use crate::observe::UsageReport;
use crate::tenancy::Access;

impl Store {
    /// Does what has come due for all tenants, in the order of their ids, each with the whole budget. See
    /// [`Tenant::maintain`](crate::Tenant::maintain).
    ///
    /// # Errors
    /// The first of those of [`Tenant::maintain`](crate::Tenant::maintain), after all tenants were looked after.
    pub fn maintain(&self, budget: &Budget) -> Result<MaintenanceReport> {
        let (mut report, mut failure) = (MaintenanceReport::default(), None);
        for id in self.tenants()? {
            let tenant = self.tenant_with_access(&id, Access::Admin)?.with_actor("ebbmark")?;
            match tenant.maintain(budget) {
                Ok(of_one) => report.add(&of_one),
                // Erased meanwhile.
                Err(error) if error.code() == Code::TenantErased => {}
                // The others are looked after all the same.
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(report), Err)
    }

    /// Starts a thread that calls [`Store::maintain`] again and again, `every` so often (a second or more), until it is
    /// stopped.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ebbmark::{Budget, Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// let maintainer = store.start_maintenance(Duration::from_secs(60), Budget::default())?;
    /// // .. and when the program ends:
    /// maintainer.stop();
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid` for less than a second; `store.closed`, `process.forked`; `io` if there can be no thread.
    pub fn start_maintenance(&self, every: Duration, budget: Budget) -> Result<Maintainer> {
        if every < Duration::from_secs(1) {
            return Err(Error::draft(Code::RangeInvalid, "maintenance would be done too often")
                .got(format!("every {every:?}"))
                .expected("every second or less often")
                .remedy("it costs what is due; a minute is often enough"));
        }
        // A store that is closed has nothing to do.
        self.tenants()?;
        Maintainer::start(self.clone(), every, budget)
    }

    /// What every tenant holds and has done.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn usage(&self) -> Result<UsageReport> {
        let mut tenants = Vec::new();
        for id in self.tenants()? {
            match self.tenant(&id)?.usage() {
                Ok(usage) => tenants.push((id, usage)),
                // Erased meanwhile.
                Err(error) if error.code() == Code::TenantErased => {}
                Err(error) => return Err(error),
            }
        }
        Ok(UsageReport { tenants })
    }
}

/// A thread that does what comes due. It ends when it is stopped or dropped; both wait for the commit that it is at.
#[derive(Debug)]
pub struct Maintainer {
    shared: Arc<State>,
    thread: Option<JoinHandle<()>>,
    /// The process whose thread it is.
    process: u32,
}

#[derive(Debug, Default)]
struct State {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    stopped: bool,
    runs: u64,
    last: Option<Result<MaintenanceReport>>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Maintainer {
    fn start(store: Store, every: Duration, budget: Budget) -> Result<Self> {
        let shared = Arc::new(State::default());
        let state = Arc::clone(&shared);
        let run = move || {
            loop {
                let done = store.maintain(&budget);
                let mut inner = state.lock();
                (inner.runs, inner.last) = (inner.runs + 1, Some(done));
                let waited = state.changed.wait_timeout_while(inner, every, |inner| !inner.stopped);
                if waited.unwrap_or_else(PoisonError::into_inner).0.stopped {
                    return;
                }
            }
        };
        let spawned = thread::Builder::new().name("ebbmark-maintain".to_owned()).spawn(run);
        let thread = spawned.map_err(|error| {
            Error::draft(Code::Io, "there can be no thread for maintenance")
                .source(error)
                .remedy("call maintain now and then instead")
        })?;
        Ok(Maintainer { shared, thread: Some(thread), process: std::process::id() })
    }

    /// How often it has run, and what came of the last time.
    pub fn last(&self) -> (u64, Option<Result<MaintenanceReport>>) {
        let inner = self.shared.lock();
        (inner.runs, inner.last.clone())
    }

    /// Ends the thread, and waits for it.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Maintainer {
    fn drop(&mut self) {
        if std::process::id() != self.process {
            // A fork has not got the thread, and nobody there lets go of what it held.
            std::mem::forget(self.thread.take());
            return;
        }
        self.shared.lock().stopped = true;
        self.shared.changed.notify_all();
        // A callback may let go of it on its own thread, which cannot wait for itself.
        let others = self.thread.take().filter(|thread| thread.thread().id() != thread::current().id());
        if let Some(thread) = others {
            // A panic of the thread was told by itself.
            let _ = thread.join();
        }
    }
}
