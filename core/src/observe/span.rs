//! The verbs of a tenant, and the spans that a host's subscriber sees of them. Ids and counts only, never content.
//!
//! The one file that names the tracing crate.

use tracing::field::{Empty, display};

use crate::model::Id;

/// Makes a span with the fields that any work may have.
macro_rules! work {
    ($name:expr) => {
        Work(tracing::debug_span!(
            target: "ebbmark",
            $name,
            id = Empty,
            given = Empty,
            found = Empty,
            version = Empty,
            outcome = Empty
        ))
    };
}

/// Declares the verbs once, with their stable names.
macro_rules! verbs {
    ($($verb:ident $name:literal),* $(,)?) => {
        /// A verb of a tenant that the host may call.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Verb { $($verb,)* }

        impl Verb {
            /// All of them, in the order of their numbers.
            pub(crate) const ALL: &[Verb] = &[$(Verb::$verb),*];

            /// Its name in metrics and spans.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Verb::$verb => $name,)* }
            }

            /// Begins the span of a call.
            pub(crate) fn begin(self) -> Work {
                match self { $(Verb::$verb => work!($name),)* }
            }
        }
    };
}

verbs! {
    Add "add",
    AddDocument "add_document",
    AssertFact "assert_fact",
    Audit "audit",
    AtRisk "at_risk",
    Changes "changes",
    Configure "configure",
    Confirm "confirm",
    Conflicts "conflicts",
    Context "context",
    DecayReport "decay_report",
    DecaySchedule "decay_schedule",
    DefinePredicate "define_predicate",
    Delete "delete",
    DeleteDocument "delete_document",
    Document "document",
    Entity "entity",
    Explain "explain",
    ExplainMissing "explain_missing",
    ExplainSearch "explain_search",
    Facets "facets",
    Facts "facts",
    Get "get",
    GetAt "get_at",
    History "history",
    Lease "lease",
    List "list",
    Maintain "maintain",
    Memory "memory",
    MergeEntities "merge_entities",
    Neighbors "neighbors",
    Path "path",
    Pending "pending",
    Pin "pin",
    Predicate "predicate",
    ProcessPending "process_pending",
    Profile "profile",
    PruneAudit "prune_audit",
    Reconsolidate "reconsolidate",
    Recount "recount",
    Reembed "reembed",
    Reindex "reindex",
    Reinforce "reinforce",
    Release "release",
    Renew "renew",
    Resolve "resolve",
    Restore "restore",
    Retention "retention",
    Retract "retract",
    Search "search",
    SearchPage "search_page",
    Stats "stats",
    Timeline "timeline",
    Undo "undo",
    Unpin "unpin",
    Update "update",
    Usage "usage",
    Weak "weak",
}

/// Work with a span of its own. Without a subscriber it is nothing.
pub(crate) struct Work(tracing::Span);

impl Work {
    /// The waiting for a commit to be durable.
    pub(crate) fn commit() -> Self {
        work!("commit")
    }

    /// The loading of a tenant's working set.
    pub(crate) fn load() -> Self {
        work!("load")
    }

    /// Does the work within the span.
    pub(crate) fn within<T>(&self, run: impl FnOnce() -> T) -> T {
        self.0.in_scope(run)
    }

    /// Which record or operation it is about.
    pub(crate) fn id(&self, id: Id) {
        self.0.record("id", display(id));
    }

    /// How many things came in.
    pub(crate) fn given(&self, count: usize) {
        self.0.record("given", count);
    }

    /// How many things came out.
    pub(crate) fn found(&self, count: usize) {
        self.0.record("found", count);
    }

    /// The version of the tenant.
    pub(crate) fn version(&self, version: u64) {
        self.0.record("version", version);
    }

    /// "ok", or the code of the error.
    pub(crate) fn outcome(&self, outcome: &'static str) {
        self.0.record("outcome", outcome);
    }
}
