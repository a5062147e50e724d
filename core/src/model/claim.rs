//! Claims: what somebody asserted, once; the evidence that atoms rest on.

use serde::{Deserialize, Serialize};

use super::atom::{Kind, Provenance};
use super::clock::Timestamp;
use super::id::Id;
use super::scope::Scope;
use super::trust::Trust;

/// One assertion of a claim, as it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id; also that of the operation that [`undo`](crate::Tenant::undo) takes back.
    pub id: Id,
    /// What it is about.
    pub subject: String,
    /// The relation, as it was said.
    pub predicate: String,
    /// The value, as it was said.
    pub object: String,
    /// Whether it says that the value does not hold.
    pub negated: bool,
    /// Situations in which alone it holds.
    pub contexts: Vec<String>,
    /// Sort of claim, where one was given.
    pub kind: Option<Kind>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// How sure the source was, 0 to 1.
    pub confidence: f32,
    /// How far the source is trusted: no further than the episodes that support it.
    pub trust: Trust,
    /// Whose belief it reports; the speaker's own if absent.
    pub holder: Option<String>,
    /// Through how many mouths it came: 0 first hand, 1 reported, ..
    pub distance: u8,
    /// True in the world from this moment, if it said so.
    pub valid_from: Option<Timestamp>,
    /// True in the world until this moment, if it said so.
    pub valid_to: Option<Timestamp>,
    /// When it was made.
    pub said_at: Timestamp,
    /// The episodes that support it. Without any of those it had, it is gone.
    pub supports: Vec<Id>,
    /// Its labels.
    pub scope: Scope,
    /// Who asserted it: the actor of the handle.
    pub actor: String,
    /// The atom that it joined or founded when it came.
    pub atom: Id,
}
