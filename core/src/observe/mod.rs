//! What can be seen from outside: events, the change feed, the audit, metrics and spans, as plain data.

mod audit;
mod cache;
mod callbacks;
mod calls;
mod event;
mod figures;
mod metrics;
mod openmetrics;
mod span;
mod usage;

pub use audit::{AuditEntry, Cause};
pub use cache::CacheFigures;
pub use callbacks::{BreakerFigures, BreakerState, CallbackFigures};
pub(crate) use calls::Calls;
pub(crate) use event::Subscribers;
pub use event::{Change, ChangeKind, Event, Subscription};
pub use figures::{Health, HealthReason, HealthState, Stats, WorkingSetFigures};
pub use metrics::{CallCount, Durations, Metrics, MetricsOptions, TenantFigures};
pub(crate) use span::{Verb, Work};
pub use usage::{Usage, UsageReport};
