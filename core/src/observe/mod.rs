//! What can be seen from outside: events, the change feed and figures, as plain data.

mod cache;
mod callbacks;
mod event;
mod figures;
mod usage;

pub use cache::CacheFigures;
pub use callbacks::{BreakerFigures, BreakerState, CallbackFigures};
pub(crate) use event::Subscribers;
pub use event::{Change, ChangeKind, Event, Subscription};
pub use figures::{Health, HealthState, Stats, WorkingSetFigures};
pub use usage::{Usage, UsageReport};
