//! Retrieval: query, filter, legs, fusion, rank. And the plain reads: get, list, history, changes.

mod filter;
mod fusion;
mod neighbourhood;
mod query;
mod read;
mod search;

pub use filter::Filter;
pub use query::{Hit, Query, ScoreParts};
pub use read::{Cursor, Page};
