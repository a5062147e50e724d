//! Retrieval: query, filter, legs, fusion, rank. And the plain reads: get, list, timeline, history, changes, audit.

mod answers;
mod asked;
mod audit;
mod check;
mod decay;
mod documents;
mod facts;
mod filter;
mod fusion;
mod links;
mod neighbourhood;
mod query;
mod read;
mod search;
mod timeline;
mod view;
mod weights;
mod why;

pub use audit::{AuditCursor, AuditPage, AuditQuery};
pub use decay::{Crossing, DecayGroup, DecayReport, Fading, StandingKind};
pub use facts::{FactQuery, Neighbor};
pub use filter::Filter;
pub use query::Query;
pub use read::{Cursor, Page};
pub(crate) use read::{check_limit, read_slots};
pub use timeline::{TimelineCursor, TimelinePage};
pub use view::View;
pub use weights::Weights;
pub use why::Explanation;
