//! Fading: what is left of memories, what uses do to them, and maintenance.

use std::time::Duration;

use ebbmark as core;
use pyo3::prelude::*;

use super::Tenant;
use crate::callbacks::ProgressFunction;
use crate::names::named;
use crate::store::budget;
use crate::translate::{Given, Told, given_or, plain};

#[pymethods]
impl Tenant {
    /// How well a record is remembered.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn memory(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<core::Memory>> {
        self.run(py, |tenant| tenant.memory(id.0)).map(Told)
    }

    /// When an atom crosses 0.9, 0.75, 0.5, 0.25 and 0.1 of what it was, if it is not used; nothing
    /// for an episode.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn decay_schedule(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<Vec<core::Crossing>>> {
        self.run(py, |tenant| tenant.decay_schedule(id.0)).map(Told)
    }

    /// How much is left of the current atoms, by kind and standing.
    fn decay_report(&self, py: Python<'_>) -> PyResult<Told<core::DecayReport>> {
        self.run(py, core::Tenant::decay_report).map(Told)
    }

    /// The believed atoms of which less than a share is left, weakest first.
    ///
    /// Args:
    ///     share: 0 to 1.
    ///     limit: 1 to 1000.
    #[pyo3(signature = (share: "float" = 0.5, *, limit: "int" = 100))]
    fn weak(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] share: f32,
        #[pyo3(from_py_with = plain)] limit: usize,
    ) -> PyResult<Told<Vec<core::Fading>>> {
        self.run(py, |tenant| tenant.weak(share, limit)).map(Told)
    }

    /// The atoms that will dissolve within a span of time, first ones first, if they are not used.
    ///
    /// Args:
    ///     within: As a timedelta or in seconds.
    ///     limit: 1 to 1000.
    #[pyo3(signature = (within, *, limit: "int" = 100))]
    fn at_risk(
        &self,
        py: Python<'_>,
        within: Given<Duration>,
        #[pyo3(from_py_with = plain)] limit: usize,
    ) -> PyResult<Told<Vec<core::Fading>>> {
        self.run(py, |tenant| tenant.at_risk(within.0, limit)).map(Told)
    }

    /// Tells that a memory was used, and how well it served: it lasts longer.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    #[pyo3(signature = (id, grade: "Grade" = "good"))]
    fn reinforce(&self, py: Python<'_>, id: Given<core::Id>, grade: &str) -> PyResult<()> {
        let grade = named(py, grade)?;
        self.run(py, |tenant| tenant.reinforce(id.0, grade))
    }

    /// Tells that memories were used: as `reinforce` with "good" for each, for the records that an answer rests on.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn mark_used(&self, py: Python<'_>, ids: Given<Vec<core::Id>>) -> PyResult<()> {
        self.run(py, |tenant| tenant.mark_used(ids.0))
    }

    /// Writes down the uses that were told; they are otherwise within a second.
    fn flush_uses(&self, py: Python<'_>) -> PyResult<()> {
        self.run(py, core::Tenant::flush_uses)
    }

    /// Keeps a record from fading, from retention rules and from expiry.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn pin(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<()> {
        self.run(py, |tenant| tenant.pin(id.0))
    }

    /// Lets a pinned record fade again.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn unpin(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<()> {
        self.run(py, |tenant| tenant.unpin(id.0))
    }

    /// Takes an episode back out of the archive.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn restore(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<()> {
        self.run(py, |tenant| tenant.restore(id.0))
    }

    /// Makes the stability of the atoms that a filter accepts so many times what it is. Gives how many.
    ///
    /// Args:
    ///     factor: More than 1, 10 at most.
    #[pyo3(signature = (filter, factor: "float"))]
    fn reconsolidate(
        &self,
        py: Python<'_>,
        filter: Given<core::Filter>,
        #[pyo3(from_py_with = plain)] factor: f32,
    ) -> PyResult<u64> {
        self.run(py, |tenant| tenant.reconsolidate(&filter.0, factor))
    }

    /// Does what is due: dissolves what has faded, expires, archives, deletes by rule, asks pending callbacks again. In however
    /// many slices it is done, the same comes of it.
    ///
    /// Args:
    ///     records: Records that are looked at, at most.
    ///     time: How long it may take, as a timedelta or in seconds; a second unless given.
    ///     progress: A function of the number of records that were looked at since it was last called.
    #[pyo3(signature = (*, records: "int" = 10_000, time = None, progress = None))]
    fn maintain(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] records: usize,
        time: Option<Given<Duration>>,
        progress: Option<Given<ProgressFunction>>,
    ) -> PyResult<Told<core::MaintenanceReport>> {
        let budget = budget(records, time);
        self.run_long(py, progress, |tenant| tenant.maintain(&budget)).map(Told)
    }

    /// Archives and deletes by the tenant's retention rules now; with `dry_run`, only counts.
    #[pyo3(signature = (*, dry_run: "bool" = false))]
    fn retention(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] dry_run: bool,
    ) -> PyResult<Told<core::RetentionReport>> {
        self.run(py, |tenant| tenant.retention(dry_run)).map(Told)
    }

    /// What waits for a vector or for its claims, longest first.
    ///
    /// Args:
    ///     limit: 1 to 1000.
    #[pyo3(signature = (*, limit: "int" = 100))]
    fn pending(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] limit: usize,
    ) -> PyResult<Told<Vec<core::PendingWork>>> {
        self.run(py, |tenant| tenant.pending(limit)).map(Told)
    }

    /// Asks the embedder and the extractor again for what waits and is due.
    ///
    /// Args:
    ///     budget: Records at most, 1 to 1000.
    ///     progress: A function of the number of records that were tried since it was last called.
    #[pyo3(signature = (budget: "int" = 1000, *, progress = None))]
    fn process_pending(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] budget: usize,
        progress: Option<Given<ProgressFunction>>,
    ) -> PyResult<Told<core::PendingReport>> {
        self.run_long(py, progress, |tenant| tenant.process_pending(budget)).map(Told)
    }

    /// Gives all records vectors of the store's embedder, after it was changed; searches go on meanwhile. Needs "admin" access.
    ///
    /// Args:
    ///     records: Records at most; all of them unless given. Call it again for the rest.
    ///     progress: A function of the number of records that were looked at since it was last called.
    #[pyo3(signature = (*, records = None, progress = None))]
    fn reembed(
        &self,
        py: Python<'_>,
        records: Option<Given<usize>>,
        progress: Option<Given<ProgressFunction>>,
    ) -> PyResult<Told<core::ReembedReport>> {
        let records = given_or(records, || usize::MAX);
        self.run_long(py, progress, |tenant| tenant.reembed(records)).map(Told)
    }

    /// Makes all indexes again from the records. Needs "admin" access.
    fn reindex(&self, py: Python<'_>) -> PyResult<()> {
        self.run(py, core::Tenant::reindex)
    }
}
