//! The plain reads: by id, in order, over time.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::filter::Filter;
use super::view::View;
use crate::error::{Code, Error, Result};
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::{Curve, Id, Record, Revision};
use crate::observe::{Change, Verb};
use crate::storage::{Key, Snapshot, Table, big_endian_u32, decode, join, keys, part_key};
use crate::tenancy::{AuditRow, Stored, Tenant, not_found, read_config};

/// Most records that a list reads at a time.
const LIST_STRIDE_MAX: usize = 256;

/// Where a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(Id);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after:{}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let id = text.strip_prefix("after:").and_then(|id| id.parse().ok());
        id.map(Cursor).ok_or_else(|| {
            Error::draft(Code::CursorMalformed, "a cursor is not one of a list")
                .got(format!("{} bytes of text", text.len()))
                .expected("a cursor that a list returned")
                .remedy("start the list again without a cursor")
        })
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Records in the order they were first added.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` behind the last record.
    pub next: Option<Cursor>,
}

impl Tenant {
    /// The current version of a record. An atom that is due to be looked at again is shown as it stands by now.
    ///
    /// # Errors
    /// `record.not_found`, `row.damaged`.
    pub fn get(&self, id: Id) -> Result<Record> {
        self.call(Verb::Get, |work| {
            work.id(id);
            self.current(id)
        })
    }

    pub(crate) fn current(&self, id: Id) -> Result<Record> {
        let snapshot = self.snapshot()?;
        let record = find(snapshot.as_ref(), id)?.ok_or_else(|| not_found(id))?.record;
        let due = record.as_atom().and_then(|atom| atom.due);
        if due.is_some_and(|due| due <= self.common().now()) {
            return self.as_shown(id, View::default());
        }
        Ok(record)
    }

    /// Records in the order they were first added, a page at a time. The scope of the handle narrows the filter.
    ///
    /// # Errors
    /// `range.invalid` for a limit outside 1 to 1000; those of a filter; `row.damaged`.
    pub fn list(&self, filter: &Filter, cursor: Option<Cursor>, limit: usize) -> Result<Page> {
        self.call(Verb::List, |work| {
            work.given(limit);
            let value = self.listed(filter, cursor, limit)?;
            work.found(value.records.len());
            Ok(value)
        })
    }

    fn listed(&self, filter: &Filter, cursor: Option<Cursor>, limit: usize) -> Result<Page> {
        check_limit("a page", limit, PAGE_LIMIT_MAX)?;
        let Some(filter) = self.narrowed(filter)? else {
            return Ok(Page { records: Vec::new(), next: None });
        };
        let (snapshot, now) = (self.snapshot()?, self.common().now());
        let curve = self.curve_for(&filter, snapshot.as_ref())?;
        let mut from = cursor.map_or(keys::table(Table::Slot), |Cursor(id)| keys::slot(id).end());
        let mut records: Vec<Record> = Vec::new();
        let stride = (limit + 1).clamp(16, LIST_STRIDE_MAX);
        loop {
            let rows = snapshot.scan(&from, &keys::table(Table::Slot).end(), stride)?;
            let Some((last, _)) = rows.last() else { return Ok(Page { records, next: None }) };
            from = last.end();
            let slots: Vec<u32> = rows.iter().map(|(_, slot)| big_endian_u32(slot)).collect();
            for stored in read_slots(snapshot.as_ref(), &slots)? {
                let stored = stored.ok_or_else(astray)?;
                if filter.accepts(&stored, curve, now) {
                    if records.len() == limit {
                        let next = records.last().map(|record| Cursor(record.id()));
                        return Ok(Page { records, next });
                    }
                    records.push(stored.record);
                }
            }
        }
    }

    /// The curve of the tenant, where a filter asks what is left of an atom.
    pub(super) fn curve_for(&self, filter: &Filter, snapshot: &dyn Snapshot) -> Result<Curve> {
        filter.retention_below.map_or(Ok(Curve::default()), |_| Ok(read_config(snapshot)?.curve))
    }

    /// All versions of a record, oldest first, the current one last.
    ///
    /// # Errors
    /// `record.not_found`: a deleted record has no history.
    pub fn history(&self, id: Id) -> Result<Vec<Revision>> {
        self.call(Verb::History, |work| {
            work.id(id);
            let value = self.versions(id)?;
            work.found(value.len());
            Ok(value)
        })
    }

    pub(super) fn versions(&self, id: Id) -> Result<Vec<Revision>> {
        let snapshot = self.snapshot()?;
        let current = find(snapshot.as_ref(), id)?.ok_or_else(|| not_found(id))?;
        let past = keys::history(id);
        let rows = join(snapshot.scan(&past, &past.end(), usize::MAX)?)?;
        let mut revisions = rows.iter().map(|(_, payload)| decode(payload)).collect::<Result<Vec<_>>>()?;
        revisions.push(current.revision());
        Ok(revisions)
    }

    /// The durable feed: changes behind version `since` in order, those of about `limit` commits (1 to 1000).
    /// Ask again with the version of the last one; no changes means that there are none yet. What
    /// [`Tenant::prune_audit`] removed is left out: the feed begins at what is left.
    ///
    /// # Errors
    /// `range.invalid`, `row.damaged`.
    pub fn changes(&self, since: u64, limit: usize) -> Result<Vec<Change>> {
        self.call(Verb::Changes, |work| {
            work.given(limit);
            let value = self.feed(since, limit)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn feed(&self, since: u64, limit: usize) -> Result<Vec<Change>> {
        check_limit("a page of changes", limit, PAGE_LIMIT_MAX)?;
        let snapshot = self.snapshot()?;
        let end = keys::table(Table::Change).end();
        let mut from = keys::change(since.saturating_add(1));
        let mut changes = Vec::new();
        // Commits that changed no record are passed over, so that an empty page is the end.
        while changes.is_empty() {
            let mut rows = snapshot.scan(&from, &end, limit)?;
            let Some((last, _)) = rows.last() else { break };
            // The last commit may have more parts than the limit let through.
            let (last, commit_end) = (last.end(), keys::change(version_of(last)).end());
            rows.extend(snapshot.scan(&last, &commit_end, usize::MAX)?);
            from = commit_end;
            for (key, payload) in join(rows)? {
                changes.extend(decode::<AuditRow>(&payload)?.entry(version_of(&key)).changes);
            }
        }
        Ok(changes)
    }
}

/// The version of a commit by a key of its row in the feed.
fn version_of(key: &Key) -> u64 {
    key.body().first_chunk().map_or(0, |version| u64::from_be_bytes(*version))
}

/// The record of an id.
pub(super) fn find(snapshot: &dyn Snapshot, id: Id) -> Result<Option<Stored>> {
    let Some(slot) = snapshot.get_many(&[keys::slot(id)])?.pop().flatten() else { return Ok(None) };
    let stored = read_slots(snapshot, &[big_endian_u32(&slot)])?.pop().flatten();
    stored.filter(|stored| stored.record.id() == id).map(Some).ok_or_else(astray)
}

/// The error for an index row that does not lead to its record, though both are read at one version.
pub(super) fn astray() -> Error {
    Error::draft(Code::RowDamaged, "an index leads to no record, or to another one")
        .got("an id without its record")
        .expected("the record")
        .remedy("run reindex; if that does not help, restore the file from a backup")
}

/// The records of slots, in their order; `None` for a slot that is empty by now.
pub(crate) fn read_slots(snapshot: &dyn Snapshot, slots: &[u32]) -> Result<Vec<Option<Stored>>> {
    let keys: Vec<Key> = slots.iter().map(|&slot| keys::record(slot)).collect();
    read_many(snapshot, &keys)
}

/// What is stored under keys, each in as many parts as it has, in their order; `None` where there is nothing.
pub(super) fn read_many<T: DeserializeOwned>(
    snapshot: &dyn Snapshot,
    keys: &[Key],
) -> Result<Vec<Option<T>>> {
    let first_parts: Vec<Key> = keys.iter().map(|key| part_key(key, 0)).collect();
    let firsts = snapshot.get_many(&first_parts)?;
    let read = |((first_key, first), key): ((Key, Option<Vec<u8>>), &Key)| {
        let Some(first) = first else { return Ok(None) };
        let mut rows = vec![(first_key, first)];
        if parts_of(&rows) > 1 {
            rows.extend(snapshot.scan(&part_key(key, 1), &key.end(), usize::MAX)?);
        }
        let payload = join(rows)?.pop();
        payload.map(|(_, payload)| decode(&payload)).transpose()
    };
    first_parts.into_iter().zip(firsts).zip(keys).map(read).collect()
}

fn parts_of(rows: &[(Key, Vec<u8>)]) -> u16 {
    rows.first().and_then(|(_, row)| row.first_chunk()).map_or(1, |count| u16::from_be_bytes(*count))
}

/// Checks how many of something are asked for.
pub(crate) fn check_limit(what: &str, limit: usize, limit_max: usize) -> Result<()> {
    if (1..=limit_max).contains(&limit) {
        return Ok(());
    }
    Err(Error::draft(Code::RangeInvalid, format!("{what} cannot have this limit"))
        .got(limit)
        .expected(format!("1 to {limit_max}"))
        .remedy("ask for fewer, and go on from there"))
}
