//! Maintenance: the work that comes due, in budgets that the caller sets.

mod audit;
mod due;
mod lease;
mod pending;
mod reconsolidate;
mod reindex;
mod retention;

pub use due::{Budget, MaintenanceReport};
pub use lease::Lease;
pub use pending::{PendingReport, PendingWork};
pub use retention::RetentionReport;
