//! The handle of a tenant. Its methods stand in files by what they are about.

mod believing;
mod fading;
mod finding;
mod keeping;
mod managing;
pub(crate) mod reading;

use std::sync::Arc;

use ebbmark as core;
use pyo3::prelude::*;

use crate::callbacks::ProgressFunction;
use crate::errors::raised;
use crate::listening::{Listener, away, take_guard, take_interrupt};
use crate::records::talk::scope;
use crate::translate::{Given, Told, given};

/// A handle of one tenant; made by `Store.tenant`. Many threads may use it at once.
///
/// It carries an access level, an actor, and a scope, which labels what is added through it and narrows what is found.
///
/// Every method may raise, besides what it says: ReopenError (`store.closed`, `process.forked`: the store was closed, or opened
/// before a fork; `tenant.erased`; `store.failed`), DeniedError (`access.denied`), CorruptError (`row.damaged`), StorageError
/// (`io`), and TypeError for an argument of the wrong type.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Tenant(core::Tenant);

impl Tenant {
    pub(crate) fn new(tenant: core::Tenant) -> Self {
        Tenant(tenant)
    }

    /// Runs a call of the core without the interpreter.
    fn run<T: Send>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(&core::Tenant) -> core::Result<T> + Send,
    ) -> PyResult<T> {
        finished(py, away(py, || call(&self.0)))
    }

    /// Runs a long call of the core without the interpreter: it tells its progress, and signals can stop it.
    fn run_long<T: Send>(
        &self,
        py: Python<'_>,
        progress: Option<Given<ProgressFunction>>,
        call: impl FnOnce(&core::Tenant) -> core::Result<T> + Send,
    ) -> PyResult<T> {
        let listener = Listener::new(given(progress).map(|function| function.0));
        let heard = self.0.clone().with_progress(Arc::new(listener));
        finished(py, away(py, || call(&heard)))
    }
}

/// What a call gave; what interrupted it comes first.
pub(crate) fn finished<T>(py: Python<'_>, result: core::Result<T>) -> PyResult<T> {
    let (interrupt, guard) = (take_interrupt(), take_guard());
    if let Some(interrupt) = interrupt {
        return Err(interrupt);
    }
    result.map_err(|error| {
        let raised = raised(py, &error);
        if error.code() == core::Code::GuardRejected && guard.is_some() {
            raised.set_cause(py, guard);
        }
        raised
    })
}

#[pymethods]
impl Tenant {
    /// The tenant's name.
    #[getter]
    fn id(&self) -> &str {
        self.0.id()
    }

    /// What this handle may do.
    #[getter]
    fn access(&self) -> Told<core::Access> {
        Told(self.0.access())
    }

    /// Who acts through this handle.
    #[getter]
    fn actor(&self) -> &str {
        self.0.actor()
    }

    /// The labels that this handle adds and narrows by.
    #[getter]
    fn scope(&self) -> Told<core::Scope> {
        Told(self.0.scope().clone())
    }

    /// Whether this handle only tries out.
    #[getter]
    fn is_dry_run(&self) -> bool {
        self.0.is_dry_run()
    }

    /// This handle with an access level that is lower or the same.
    ///
    /// Raises:
    ///     DeniedError: The level is higher: a handle cannot raise itself.
    fn with_access(&self, py: Python<'_>, access: Given<core::Access>) -> PyResult<Self> {
        finished(py, self.0.clone().with_access(access.0)).map(Tenant)
    }

    /// This handle for another actor: 1 to 256 bytes without control characters.
    fn with_actor(&self, py: Python<'_>, actor: Given<String>) -> PyResult<Self> {
        finished(py, self.0.clone().with_actor(&actor.0)).map(Tenant)
    }

    /// This handle with other labels; each 1 to 256 bytes without control characters.
    #[pyo3(signature = (*, user = None, agent = None, session = None))]
    fn with_scope(
        &self,
        py: Python<'_>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
    ) -> PyResult<Self> {
        finished(py, self.0.clone().with_scope(scope(user, agent, session))).map(Tenant)
    }

    /// This handle for trying out: what is written through it is decided as it would be, and nothing is changed.
    fn dry_run(&self) -> Self {
        Tenant(self.0.dry_run())
    }

    fn __repr__(&self) -> String {
        format!("<Tenant {:?}, {:?} as {:?}>", self.0.id(), self.0.access(), self.0.actor())
    }
}
