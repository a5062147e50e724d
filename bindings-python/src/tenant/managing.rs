//! Managing: configuration, quotas, rate, usage, leases.

use std::time::Duration;

use ebbmark as core;
use pyo3::prelude::*;

use super::Tenant;
use crate::translate::{Given, Told, size};

#[pymethods]
impl Tenant {
    /// What the tenant chose for itself, or the defaults.
    fn config(&self, py: Python<'_>) -> PyResult<Told<core::TenantConfig>> {
        self.run(py, core::Tenant::config).map(Told)
    }

    /// Chooses how the tenant fades, keeps, and limits what it holds; kept in the file. Needs "admin" access.
    ///
    /// Raises:
    ///     InvalidInputError: A number is out of its range.
    fn configure(&self, py: Python<'_>, config: Given<core::TenantConfig>) -> PyResult<()> {
        self.run(py, |tenant| tenant.configure(config.0))
    }

    /// What the tenant holds, and what it has done.
    fn usage(&self, py: Python<'_>) -> PyResult<Told<core::Usage>> {
        self.run(py, core::Tenant::usage).map(Told)
    }

    /// Counts what the tenant holds anew, from its records. Needs "admin" access.
    fn recount(&self, py: Python<'_>) -> PyResult<Told<core::Usage>> {
        self.run(py, core::Tenant::recount).map(Told)
    }

    /// Figures of the tenant's indexes.
    fn stats(&self, py: Python<'_>) -> PyResult<Told<core::Stats>> {
        self.run(py, core::Tenant::stats).map(Told)
    }

    /// Asks the tenant's rate limit whether a call of some cost may go on.
    #[pyo3(signature = (cost: "int" = 1))]
    fn take_permit(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = size)] cost: u32,
    ) -> PyResult<Told<core::Permit>> {
        self.run(py, |tenant| tenant.take_permit(cost)).map(Told)
    }

    /// Takes a lease: until it ends nobody else gets it. Its fence grows with every grant.
    ///
    /// Args:
    ///     name: 1 to 256 bytes.
    ///     ttl: How long, 1 ms to 366 days, as a timedelta or in seconds.
    ///
    /// Raises:
    ///     LockedError: Somebody else holds it (`lease.held`).
    fn lease(
        &self,
        py: Python<'_>,
        name: Given<String>,
        ttl: Given<Duration>,
    ) -> PyResult<Told<core::Lease>> {
        self.run(py, |tenant| tenant.lease(&name.0, ttl.0)).map(Told)
    }

    /// Makes a lease last longer.
    ///
    /// Raises:
    ///     ConflictError: It was released, or expired and was granted to another (`lease.lost`).
    fn renew(
        &self,
        py: Python<'_>,
        lease: Given<core::Lease>,
        ttl: Given<Duration>,
    ) -> PyResult<Told<core::Lease>> {
        self.run(py, |tenant| tenant.renew(&lease.0, ttl.0)).map(Told)
    }

    /// Gives a lease back.
    ///
    /// Raises:
    ///     ConflictError: It was released, or expired and was granted to another (`lease.lost`).
    fn release(&self, py: Python<'_>, lease: Given<core::Lease>) -> PyResult<()> {
        self.run(py, |tenant| tenant.release(&lease.0))
    }
}
