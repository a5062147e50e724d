//! The feed of changes, and the audit.

use std::sync::Arc;

use ebbmark as core;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_union;

use crate::record::record;
use crate::translate::Translate;

record! {
    /// One change of one record. Content is never part of it.
    Change(core::Change) {
        /// The version of the tenant that the change made; changes of one commit share it.
        version: u64,
        /// What happened.
        kind: core::ChangeKind,
        /// Which of the two records it is.
        sort: core::RecordSort,
        /// The record.
        id: core::Id,
        /// When, by the store's clock.
        at: core::Timestamp,
        /// Who: the actor of the handle.
        actor: Arc<str>,
        /// The version of the record before; `None` if it was not there.
        before: Option<u32>,
        /// The version of the record after; `None` if it is gone.
        after: Option<u32>,
        /// The other record that the change is about, where there is one: the atom that took the place of this one, or whose
        /// place this one took; of an atom that holds again, the one that had taken its place; of an atom that went with an
        /// episode, the episode.
        other: Option<core::Id>,
    }
}

record! {
    /// One commit as the audit tells it. A call may make several: a large batch does.
    AuditEntry(core::AuditEntry) {
        /// The version of the tenant that the commit made.
        version: u64,
        /// When, by the store's clock.
        at: core::Timestamp,
        /// Who: the actor of the handle.
        actor: Arc<str>,
        /// Why: the verb that was called.
        cause: core::Cause,
        /// What happened to records, in the order in which it did; empty where no record changed.
        changes: Vec<core::Change>,
        /// Entries that a "prune" removed, 0 for every other cause.
        pruned: u64,
    }
}

record! {
    /// A page of the audit.
    AuditPage(core::AuditPage) {
        /// Entries, newest first by the store's clock; of one moment, the later commit first.
        entries: Vec<core::AuditEntry>,
        /// Where the next page begins; `None` behind the last entry.
        next: Option<core::AuditCursor>,
    }
}

/// How many changes a subscription could not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) count: u64,
}

record! {
    /// Changes that a subscription dropped because nobody read them; they are still in the feed: see `Tenant.changes`.
    Dropped(Lost) {
        /// How many.
        count: u64,
    }
}

impl Translate for core::Event {
    const TYPE: PyStaticExpr = type_hint_union!(<core::Change as Translate>::TYPE, <Lost as Translate>::TYPE);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            core::Event::Change(change) => change.into_python(py),
            core::Event::Dropped(count) => Lost { count }.into_python(py),
        }
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<Dropped>() {
            return Lost::from_python(given).map(|lost| core::Event::Dropped(lost.count));
        }
        core::Change::from_python(given).map(core::Event::Change)
    }
}
