//! An entry of the audit as its row holds it, and the rows that lead to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Id, Record, RecordSort, Timestamp};
use crate::observe::{AuditEntry, Cause, Change, ChangeKind};
use crate::storage::{Key, keys};

/// Who makes a write, and why.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub(super) actor: Arc<str>,
    pub(super) cause: Cause,
}

/// An entry of the audit; its key has the version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AuditRow {
    pub(super) at: Timestamp,
    pub(super) actor: Arc<str>,
    pub(super) cause: Cause,
    pub(super) pruned: u64,
    pub(super) changes: Vec<Noted>,
}

/// A change; what it shares with the others of its commit is told once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Noted {
    kind: ChangeKind,
    sort: RecordSort,
    id: Id,
    before: Option<u32>,
    after: Option<u32>,
    other: Option<Id>,
}

impl Noted {
    /// The change from a record to what it is now. `gone_with` is the episode whose deletion takes others along.
    pub(super) fn new(
        kind: ChangeKind,
        old: Option<&Record>,
        new: Option<&Record>,
        gone_with: Option<Id>,
    ) -> Option<Self> {
        let record = new.or(old)?;
        let other = match new {
            Some(new) => other_atom(old, new),
            None => gone_with.filter(|episode| *episode != record.id()),
        };
        let (before, after) = (old.map(Record::version), new.map(Record::version));
        Some(Noted { kind, sort: record.sort(), id: record.id(), before, after, other })
    }
}

/// The atom that took the place of this one, had taken it until now, or lost its place to this one now.
fn other_atom(old: Option<&Record>, new: &Record) -> Option<Id> {
    let new = new.as_atom()?;
    let old = old.and_then(Record::as_atom);
    let lost_to = old.and_then(|old| old.superseded_by);
    let won: &[Id] = old.map_or(&[], |old| &old.supersedes);
    let taken = new.supersedes.iter().find(|id| !won.contains(id)).copied();
    new.superseded_by
        .filter(|id| Some(*id) != lost_to)
        .or(taken)
        .or(lost_to.filter(|_| new.superseded_by.is_none()))
}

impl AuditRow {
    /// The entry as it is told.
    pub(crate) fn entry(self, version: u64) -> AuditEntry {
        let AuditRow { at, actor, cause, pruned, changes } = self;
        let told = |Noted { kind, sort, id, before, after, other }: Noted| {
            let actor = Arc::clone(&actor);
            Change { version, kind, sort, id, at, actor, before, after, other }
        };
        let changes = changes.into_iter().map(told).collect();
        AuditEntry { version, at, actor, cause, changes, pruned }
    }

    /// The keys of the rows that lead to it.
    pub(crate) fn index(&self, version: u64) -> impl Iterator<Item = Key> {
        let records: BTreeSet<Id> = self.changes.iter().map(|change| change.id).collect();
        let at = self.at;
        let by_record = records.into_iter().map(move |id| keys::audit_entry(Some(id), at, version));
        std::iter::once(keys::audit_entry(None, at, version)).chain(by_record)
    }
}
