//! Maintenance: the work that comes due, in budgets that the caller sets.

mod audit;
mod pending;
mod reindex;

pub use pending::PendingReport;
