//! Maintenance: the work that comes due, in budgets that the caller sets.

mod due;
mod pending;
mod reconsolidate;
mod reindex;
mod retention;

pub use due::{Budget, MaintenanceReport};
pub use pending::PendingReport;
pub use retention::RetentionReport;
