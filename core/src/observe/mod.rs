//! What can be seen from outside: events, the change feed and figures, as plain data.

mod event;
mod figures;
mod usage;

pub(crate) use event::Subscribers;
pub use event::{Change, ChangeKind, Event, Subscription};
pub use figures::{Health, HealthState, Stats, WorkingSetFigures};
pub use usage::{Usage, UsageReport};
