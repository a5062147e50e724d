//! Reading: records by id, in lists, by time, their versions, and the feed of changes.

use std::time::Duration;

use ebbmark as core;
use pyo3::prelude::*;

use super::Tenant;
use super::believing::view;
use crate::listening::away;
use crate::translate::{Given, Told, given, size};

#[pymethods]
impl Tenant {
    /// A record.
    ///
    /// Args:
    ///     valid_at: As it held at this moment in the world.
    ///     as_of: As it was known at this moment.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record, or it was not known at that moment.
    #[pyo3(signature = (id, *, valid_at = None, as_of = None))]
    fn get(
        &self,
        py: Python<'_>,
        id: Given<core::Id>,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
    ) -> PyResult<Told<core::Record>> {
        let view = view(valid_at, as_of);
        let get = |tenant: &core::Tenant| {
            if view == core::View::default() { tenant.get(id.0) } else { tenant.get_at(id.0, view) }
        };
        self.run(py, get).map(Told)
    }

    /// Records in the order in which they were added, a page at a time.
    ///
    /// Args:
    ///     after: The `next` of the page before; the first page unless given.
    ///     limit: 1 to 1000.
    #[pyo3(signature = (filter = None, *, after = None, limit: "int" = 100))]
    fn list(
        &self,
        py: Python<'_>,
        filter: Option<Given<core::Filter>>,
        after: Option<Given<core::Cursor>>,
        #[pyo3(from_py_with = size)] limit: usize,
    ) -> PyResult<Told<core::Page>> {
        let filter = given(filter).unwrap_or_default();
        self.run(py, |tenant| tenant.list(&filter, given(after), limit)).map(Told)
    }

    /// Records in the order in which they happened, a page at a time.
    ///
    /// Args:
    ///     after: The `next` of the page before; the first page unless given.
    ///     limit: 1 to 1000.
    #[pyo3(signature = (filter = None, *, after = None, limit: "int" = 100))]
    fn timeline(
        &self,
        py: Python<'_>,
        filter: Option<Given<core::Filter>>,
        after: Option<Given<core::TimelineCursor>>,
        #[pyo3(from_py_with = size)] limit: usize,
    ) -> PyResult<Told<core::TimelinePage>> {
        let filter = given(filter).unwrap_or_default();
        self.run(py, |tenant| tenant.timeline(&filter, given(after), limit)).map(Told)
    }

    /// The versions of a record, oldest first, each with who made it and how.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn history(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<Vec<core::Revision>>> {
        self.run(py, |tenant| tenant.history(id.0)).map(Told)
    }

    /// The changes after a version of the tenant, in order; up to `limit`, 1 to 1000, or a few more so that none is cut apart.
    #[pyo3(signature = (since: "int" = 0, *, limit: "int" = 1000))]
    fn changes(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = size)] since: u64,
        #[pyo3(from_py_with = size)] limit: usize,
    ) -> PyResult<Told<Vec<core::Change>>> {
        self.run(py, |tenant| tenant.changes(since, limit)).map(Told)
    }

    /// The changes made from now on, as they become durable.
    ///
    /// Args:
    ///     capacity: Changes that are held unread, 1 to 2^20; what comes beyond that is counted and told as `Dropped`.
    #[pyo3(signature = (capacity: "int" = 1024))]
    fn subscribe(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = size)] capacity: usize,
    ) -> PyResult<Subscription> {
        self.run(py, |tenant| tenant.subscribe(capacity)).map(Subscription)
    }

    /// Who did what, newest first, a page at a time. Needs "admin" access.
    ///
    /// Args:
    ///     record, cause, actor: Only entries of these.
    ///     since, until: Only entries from a moment until another (exclusive).
    ///     after: The `next` of the page before; the first page unless given.
    ///     limit: 1 to 1000.
    #[pyo3(signature = (
        *, record = None, cause = None, actor = None, since = None, until = None, after = None, limit: "int" = 100
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the question")]
    fn audit(
        &self,
        py: Python<'_>,
        record: Option<Given<core::Id>>,
        cause: Option<Given<core::Cause>>,
        actor: Option<Given<String>>,
        since: Option<Given<core::Timestamp>>,
        until: Option<Given<core::Timestamp>>,
        after: Option<Given<core::AuditCursor>>,
        #[pyo3(from_py_with = size)] limit: usize,
    ) -> PyResult<Told<core::AuditPage>> {
        let query = core::AuditQuery {
            since: given(since),
            until: given(until),
            actor: given(actor),
            record: given(record),
            cause: given(cause),
        };
        self.run(py, |tenant| tenant.audit(&query, given(after), limit)).map(Told)
    }

    /// Prunes the audit of what is older than a moment. Gives how many entries. Needs "admin" access.
    fn prune_audit(&self, py: Python<'_>, before: Given<core::Timestamp>) -> PyResult<u64> {
        self.run(py, |tenant| tenant.prune_audit(before.0))
    }
}

/// How long a wait for a change goes on before it looks for signals.
const PATIENCE: Duration = Duration::from_millis(50);

/// The changes of a tenant as they become durable. Iterating gives those that are there already, and ends.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Subscription(core::Subscription);

#[pymethods]
impl Subscription {
    /// The next change, or how many were `Dropped`; None if there is none in time.
    ///
    /// Args:
    ///     timeout: How long it is waited for, as a timedelta or in seconds; not at all unless given.
    #[pyo3(signature = (timeout = None))]
    fn next(&self, py: Python<'_>, timeout: Option<Given<Duration>>) -> PyResult<Told<Option<core::Event>>> {
        let mut left = given(timeout).unwrap_or_default();
        loop {
            let wait = left.min(PATIENCE);
            let next = || if wait.is_zero() { self.0.try_next() } else { self.0.next_timeout(wait) };
            let event = away(py, next)?;
            left -= wait;
            if event.is_some() || left.is_zero() {
                return Ok(Told(event));
            }
            py.check_signals()?;
        }
    }

    fn __iter__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    fn __next__(&self) -> Option<Told<core::Event>> {
        self.0.try_next().map(Told)
    }
}
