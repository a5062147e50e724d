//! Maintenance: the work that comes due, in budgets that the caller sets.

mod audit;
mod due;
mod lease;
mod pending;
mod reconsolidate;
mod reembed;
mod reindex;
mod retention;

pub use due::{Budget, MaintenanceReport};
pub use lease::Lease;
pub use pending::{PendingReport, PendingWork};
pub use reembed::ReembedReport;
pub use retention::RetentionReport;
