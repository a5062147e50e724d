//! Maintenance: the work that comes due, in budgets that the caller sets.

mod lease;
mod pending;
mod reindex;

pub use lease::Lease;
pub use pending::{PendingReport, PendingWork};
