//! Ingest: validate, decide, one commit, apply, tell. The verbs that change what a tenant holds.

mod add;
mod assert;
mod check;
mod deferred;
mod documents;
mod entities;
mod guard;
mod learn;
mod predicates;
mod revise;
mod rule;
mod settle;
mod uses;

pub use add::{FactReceipt, Receipt};
pub use assert::Assertion;
pub(crate) use check::check_budget;
pub use documents::DocumentReceipt;
pub use guard::{SecretGuard, SecretPolicy};
pub(crate) use learn::Drawn;
pub use revise::EpisodeUpdate;
pub use rule::Resolution;
pub use settle::Effect;
