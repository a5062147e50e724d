//! Retrieval: query, filter, legs, fusion, rank. And the plain reads: get, list, timeline, history, changes, audit.

mod answers;
mod asked;
mod audit;
mod beliefs;
mod check;
mod decay;
mod facts;
mod filter;
mod fusion;
mod links;
mod neighbourhood;
mod path;
mod profile;
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
pub use path::{Connection, Path, PathQuery, Step};
pub use profile::Profile;
pub use query::Query;
pub use read::{Cursor, Page};
pub(crate) use read::{check_limit, read_slots};
pub use timeline::{TimelineCursor, TimelinePage};
pub use view::View;
pub use weights::Weights;
pub use why::Explanation;
