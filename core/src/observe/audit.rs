//! The audit: which verb changed what, who called it, and when. Ids, counts and names of actors; never content.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::Change;
use crate::model::Timestamp;

/// Declares the causes once, with their stable names. Rows hold their numbers: a new one goes to the end.
macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident $name:literal),* $(,)?) => {
        /// Why a commit was made: the verb that was called.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Cause { $($(#[$doc])* $cause,)* }

        impl Cause {
            /// All of them.
            pub const ALL: &[Cause] = &[$(Cause::$cause),*];

            /// The stable name, for logs and for bindings.
            pub fn as_str(self) -> &'static str {
                match self { $(Cause::$cause => $name,)* }
            }
        }
    };
}

causes! {
    /// Episodes were added, with what they say.
    Add "add",
    /// A claim was asserted.
    Assert "assert",
    /// An atom was confirmed.
    Confirm "confirm",
    /// An atom was taken back.
    Retract "retract",
    /// A conflict was settled by the host.
    Resolve "resolve",
    /// An operation was undone.
    Undo "undo",
    /// Two entities were merged.
    Merge "merge",
    /// A predicate was defined.
    Define "define",
    /// An episode was given another version.
    Update "update",
    /// A record was deleted.
    Delete "delete",
    /// What had come due was done.
    Maintain "maintain",
    /// A record got the vector that it waited for.
    Embed "embed",
    /// What is derived from the records was made again.
    Reindex "reindex",
    /// Vectors were made in another space.
    Reembed "reembed",
    /// Old entries of the audit were removed.
    Prune "prune",
    /// Memories were used. Uses that go along with another commit are among its changes.
    Use "use",
    /// A record was pinned, or is no more.
    Pin "pin",
    /// An archived episode was brought back.
    Restore "restore",
    /// Atoms were made to fade more slowly.
    Reconsolidate "reconsolidate",
    /// The retention policy was applied.
    Retention "retention",
    /// The tenant was configured.
    Configure "configure",
    /// A lease was granted, renewed or given back.
    Lease "lease",
    /// A document was added, or replaced by another version.
    AddDocument "add_document",
    /// A document was deleted.
    DeleteDocument "delete_document",
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One commit as the audit tells it. A call may make several: a large batch does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The version of the tenant that the commit made.
    pub version: u64,
    /// When, by the store's clock.
    pub at: Timestamp,
    /// Who: the actor of the handle.
    pub actor: Arc<str>,
    /// Why: the verb that was called.
    pub cause: Cause,
    /// What happened to records, in the order in which it did; empty where no record changed.
    pub changes: Vec<Change>,
    /// Entries that a [`Cause::Prune`] removed, 0 for every other cause.
    pub pruned: u64,
}
