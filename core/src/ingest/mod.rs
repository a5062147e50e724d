//! Ingest: validate, decide, one commit, apply, tell. The verbs that change what a tenant holds.

mod add;
mod assert;
mod revise;

pub use add::Receipt;
pub use assert::{Assertion, Outcome};
pub use revise::EpisodeUpdate;
