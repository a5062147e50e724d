//! One write of a tenant: decided on the latest rows, staged, and submitted as one commit.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::audit::{AuditRow, Author, Noted};
use super::basis::Basis;
use super::context::Context;
use super::load::read_entries;
use super::meta::Meta;
use super::stored::{Stored, VectorState, derived_keys};
use super::waiting::{Lack, Want};
use super::working_set::Delta;
use super::writer::{Queued, Writer};
use crate::error::{Code, Error, ErrorKind, Result};
use crate::index::{Entry, Row, flag};
use crate::language::Analyzer;
use crate::limits::{COMMIT_BYTES_MAX, SEGMENT_SLOTS, SLOTS_MAX};
use crate::model::{Id, Record, RevisionKind, TenantConfig, Timestamp, Trace, VectorSpace};
use crate::observe::{Change, ChangeKind};
use crate::storage::{
    Bytes, Key, OpId, Snapshot, Table, Ticket, big_endian_u32, decode, encode, join, keys, split,
};

/// Records that one write holds read, at most.
const RECORDS_MAX: usize = 4096;

/// One write being decided. Dropped without being submitted, it has changed nothing (but for segments it resealed).
pub(crate) struct Write<'a> {
    context: &'a Context,
    tenant: &'a Arc<str>,
    pub(super) writer: &'a mut Writer,
    snapshot: OnceCell<Box<dyn Snapshot>>,
    basis: OnceCell<Basis>,
    /// The records that were read, as they are with this write.
    records: RefCell<HashMap<u32, Option<Stored>>>,
    author: Author,
    now: Timestamp,
    op: OpId,
    pub(super) meta: Meta,
    pub(super) config: Arc<TenantConfig>,
    /// Whether the quotas are asked.
    pub(super) metered: bool,
    rows: BTreeMap<Key, Option<Bytes>>,
    /// Bytes of all rows that were ever staged.
    staged: usize,
    entries: Vec<Arc<Entry>>,
    pub(super) deltas: Vec<Delta>,
    changes: Vec<Noted>,
    /// The episode whose deletion takes along what is removed.
    gone_with: Option<Id>,
    /// What the entry of this commit says beside its changes, if it is to be made whatever was staged.
    told: Option<u64>,
}

impl<'a> Write<'a> {
    pub(super) fn new(
        context: &'a Context,
        tenant: &'a Arc<str>,
        writer: &'a mut Writer,
        author: Author,
    ) -> Self {
        let (meta, config) = (writer.meta.clone(), Arc::clone(&writer.config));
        Write {
            context,
            tenant,
            writer,
            snapshot: OnceCell::new(),
            basis: OnceCell::new(),
            records: RefCell::default(),
            author,
            now: context.now(),
            op: context.next_id().as_u128(),
            meta,
            config,
            metered: false,
            rows: BTreeMap::new(),
            staged: 0,
            entries: Vec::new(),
            deltas: Vec::new(),
            changes: Vec::new(),
            gone_with: None,
            told: None,
        }
    }

    /// The moment of this write.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// What the tenant chose for itself.
    pub(crate) fn config(&self) -> &TenantConfig {
        &self.config
    }

    fn analyzer(&self) -> &'a Analyzer {
        self.context.analyzers.of(self.config.language)
    }

    /// Checks that vectors of this space belong here, and makes it the tenant's if it has none.
    pub(crate) fn admit(&mut self, space: &VectorSpace) -> Result<()> {
        self.meta.spaces.check(space)?;
        self.meta.spaces.current.get_or_insert_with(|| space.clone());
        Ok(())
    }

    /// The record of an id with its slot.
    pub(crate) fn find(&self, id: Id) -> Result<Option<(u32, Stored)>> {
        let Some(row) = self.get(&keys::slot(id))? else { return Ok(None) };
        let slot = big_endian_u32(&row);
        Ok(self.stored(slot)?.map(|stored| (slot, stored)))
    }

    /// The record of a slot.
    pub(crate) fn stored(&self, slot: u32) -> Result<Option<Stored>> {
        if let Some(known) = self.records.borrow().get(&slot) {
            return Ok(known.clone());
        }
        let payload = join(self.scan(&keys::record(slot))?)?.pop();
        let stored: Option<Stored> = payload.map(|(_, payload)| decode(&payload)).transpose()?;
        let mut records = self.records.borrow_mut();
        if records.len() >= RECORDS_MAX {
            // All of it can be read again.
            records.clear();
        }
        records.insert(slot, stored.clone());
        Ok(stored)
    }

    /// The payload of a row.
    pub(crate) fn get(&self, key: &Key) -> Result<Option<Vec<u8>>> {
        if let Some(row) = self.rows.get(key).or_else(|| self.writer.overlay.get(key).map(|(_, row)| row)) {
            return Ok(row.as_deref().map(<[u8]>::to_vec));
        }
        Ok(self.snapshot()?.get_many(std::slice::from_ref(key))?.pop().flatten())
    }

    /// The rows whose keys begin with `prefix`, in order.
    pub(crate) fn scan(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>> {
        self.scan_range(prefix, &prefix.end())
    }

    /// The rows from `from` up to but without `to`, in order.
    pub(crate) fn scan_range(&self, from: &Key, to: &Key) -> Result<Vec<(Key, Vec<u8>)>> {
        let mut rows: BTreeMap<Key, Vec<u8>> =
            self.snapshot()?.scan(from, to, usize::MAX)?.into_iter().collect();
        let queued = self.writer.overlay.range(from..to).map(|(key, (_, row))| (key, row));
        for (key, row) in queued.chain(self.rows.range(from..to)) {
            match row {
                Some(row) => rows.insert(key.clone(), row.to_vec()),
                None => rows.remove(key),
            };
        }
        Ok(rows.into_iter().collect())
    }

    /// The keys of the first rows from `from` up to but without `to`, in order; at least one if there are any.
    pub(crate) fn first_keys(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<Key>> {
        let queued = || {
            self.writer
                .overlay
                .range(from..to)
                .map(|(key, (_, row))| (key, row))
                .chain(self.rows.range(from..to))
        };
        // Rows that are deleted here, and may be among the first ones of the file.
        let deleted = queued().filter(|(_, row)| row.is_none()).count();
        let rows = self.snapshot()?.scan(from, to, limit + deleted)?;
        let mut keys: BTreeSet<Key> = rows.into_iter().map(|(key, _)| key).collect();
        for (key, row) in queued() {
            if row.is_some() {
                keys.insert(key.clone())
            } else {
                keys.remove(key)
            };
        }
        Ok(keys.into_iter().take(limit).collect())
    }

    /// The last durable rows. Rows of queued commits are in the overlay.
    fn snapshot(&self) -> Result<&dyn Snapshot> {
        if let Some(snapshot) = self.snapshot.get() {
            return Ok(snapshot.as_ref());
        }
        let snapshot = self.context.engine.snapshot(self.tenant)?;
        Ok(self.snapshot.get_or_init(|| snapshot).as_ref())
    }

    /// Who makes this write.
    pub(crate) fn actor(&self) -> &str {
        &self.author.actor
    }

    /// Says that what is removed from now on goes with an episode that is deleted.
    pub(crate) fn goes_with(&mut self, episode: Option<Id>) {
        self.gone_with = episode;
    }

    /// The version that this write makes.
    pub(crate) fn version(&self) -> u64 {
        self.writer.version + 1
    }

    /// Makes an entry of the audit whatever was staged; it says how many others were pruned.
    pub(crate) fn tell(&mut self, pruned: u64) {
        self.told = Some(pruned);
    }

    /// What ledgers on this write go by.
    pub(super) fn basis(&self) -> &OnceCell<Basis> {
        &self.basis
    }

    /// Whether so much is staged that a commit of several things should end here.
    pub(crate) fn is_full(&self) -> bool {
        self.staged > COMMIT_BYTES_MAX / 4
    }

    fn stage(&mut self, key: Key, row: Option<Bytes>) {
        if key.is_in(Table::Predicate) || key.is_in(Table::Link) {
            self.basis.take();
        }
        self.staged += key.len() + row.as_ref().map_or(0, |row| row.len());
        self.rows.insert(key, row);
    }

    pub(crate) fn put(&mut self, key: Key, payload: &[u8]) {
        // The empty row is shared, and takes no allocation.
        let row = if payload.is_empty() { Bytes::default() } else { Bytes::from(payload) };
        self.stage(key, Some(row));
    }

    pub(crate) fn delete(&mut self, key: Key) {
        self.stage(key, None);
    }

    /// Puts a new record into the next slot.
    pub(crate) fn add(&mut self, record: Record, vector: Option<&[f32]>, lack: Option<Lack>) -> Result<u32> {
        let vector_state = if vector.is_some() { VectorState::Present } else { VectorState::None };
        if let Some(lack) = lack {
            self.want(record.id(), Want::Vector, lack)?;
        }
        let stored = Stored {
            arrival: self.meta.slots,
            vector: vector_state,
            made_by: RevisionKind::Added,
            actor: self.author.actor.to_string(),
            record,
            trace: Trace::default(),
        };
        self.meta.usage.added += 1;
        self.meta.last_id = self.meta.last_id.max(stored.record.id());
        self.note(ChangeKind::Added, None, Some(&stored.record));
        self.append(stored, vector)
    }

    /// Puts a record into the next slot.
    fn append(&mut self, stored: Stored, vector: Option<&[f32]>) -> Result<u32> {
        let slot = self.meta.slots;
        if slot >= SLOTS_MAX {
            return Err(Error::draft(Code::TenantFull, "the tenant has used up its slots")
                .got(slot)
                .expected(format!("fewer than {SLOTS_MAX} record versions over its life"))
                .remedy("export the tenant and import it into a new one"));
        }
        let entry = Arc::new(stored.entry(self.analyzer(), vector));
        self.put_record(slot, &stored)?;
        self.derive(slot, &stored);
        if let Some(vector) = vector {
            let bytes: Vec<u8> = vector.iter().flat_map(|component| component.to_le_bytes()).collect();
            self.put(self.meta.spaces.vector(slot), &bytes);
        }
        self.meta.slots += 1;
        self.meta.count(&stored, 1)?;
        self.deltas.push(Delta::Append(Arc::clone(&entry)));
        self.entries.push(entry);
        Ok(slot)
    }

    /// Puts the parts of a record; how many.
    fn put_record(&mut self, slot: u32, stored: &Stored) -> Result<usize> {
        self.records.get_mut().insert(slot, Some(stored.clone()));
        let parts = split(&keys::record(slot), &encode(stored)?);
        let count = parts.len();
        parts.into_iter().for_each(|(key, row)| self.stage(key, Some(row)));
        Ok(count)
    }

    /// Replaces a record by a new version in a new slot: its text or its vector changed.
    pub(crate) fn replace(
        &mut self,
        slot: u32,
        old: &Stored,
        new: Stored,
        vector: Option<&[f32]>,
        kind: ChangeKind,
    ) -> Result<()> {
        self.note(kind, Some(&old.record), Some(&new.record));
        self.vacate(slot, old)?;
        self.append(new, vector)?;
        Ok(())
    }

    /// Changes a record in place: its text and its vector stay as they are.
    pub(crate) fn set(&mut self, slot: u32, old: &Stored, stored: &Stored, kind: ChangeKind) -> Result<()> {
        self.note(kind, Some(&old.record), Some(&stored.record));
        self.meta.usage.uses += u64::from(kind == ChangeKind::Used);
        if old.record == stored.record {
            self.meta.count_archived(old, stored);
        } else {
            self.meta.count(old, -1)?;
            self.meta.count(stored, 1)?;
        }
        let (before, after) =
            (derived_keys(slot, old, &self.config), derived_keys(slot, stored, &self.config));
        before.iter().filter(|key| !after.contains(key)).for_each(|key| self.delete(key.clone()));
        after.into_iter().filter(|key| !before.contains(key)).for_each(|key| self.derive_row(slot, key));
        let parts = self.put_record(slot, stored)?;
        // A shorter record may have fewer parts than the one it takes the place of.
        let former = split(&keys::record(slot), &encode(old)?);
        former.into_iter().skip(parts).for_each(|(key, _)| self.stage(key, None));
        let row = stored.row(self.analyzer());
        self.put(keys::overlay(slot), &row.to_bytes());
        self.deltas.push(Delta::Set { slot, row });
        Ok(())
    }

    /// Removes a record with its past.
    pub(crate) fn remove(&mut self, slot: u32, stored: &Stored, kind: ChangeKind) -> Result<()> {
        self.note(kind, Some(&stored.record), None);
        self.meta.usage.deleted += 1;
        if stored.record.version() > 1 {
            self.clear(&keys::history(stored.record.id()))?;
        }
        self.set_waiting(stored.record.id(), None)?;
        self.vacate(slot, stored)
    }

    /// Keeps a version that is about to be replaced in the history of its record.
    pub(crate) fn keep_revision(&mut self, stored: &Stored) -> Result<()> {
        let key = keys::revision(stored.record.id(), stored.record.version());
        let parts = split(&key, &encode(&stored.revision())?);
        parts.into_iter().for_each(|(key, row)| self.stage(key, Some(row)));
        Ok(())
    }

    /// Slots used up so far.
    pub(crate) fn slots(&self) -> u32 {
        self.meta.slots
    }

    /// Makes what is derived from the records of one segment again. A crash in between shows nothing stale: without
    /// its segment the records are read, and the overlays go last.
    pub(crate) fn reseal(&mut self, first: u32) -> Result<()> {
        let end = self.meta.slots.min(first + SEGMENT_SLOTS);
        for (key, payload) in join(self.scan_range(&keys::record(first), &keys::record(end))?)? {
            self.derive(big_endian_u32(key.body()), &decode(&payload)?);
        }
        if end - first < SEGMENT_SLOTS {
            return Ok(());
        }
        let scan = |from: &Key, to: &Key| self.scan_range(from, to);
        let entries = read_entries(scan, first, end, self.analyzer(), &self.meta.spaces)?;
        let entries: Vec<Arc<Entry>> = entries.into_iter().map(Arc::new).collect();
        let segment = keys::segment(self.meta.spaces.left, first / SEGMENT_SLOTS);
        let old = self.keys(&segment, &segment.end())?.into_iter().map(|key| (key, None)).collect();
        self.writer.queue(self.context, self.tenant, self.op, old)?;
        self.writer.put_segment(self.context, self.tenant, self.op, first / SEGMENT_SLOTS, &entries)?;
        for key in self.keys(&keys::overlay(first), &keys::overlay(end))? {
            self.delete(key);
        }
        Ok(())
    }

    /// Deletes the rows of an index that lead to no record, or to one that they do not follow from.
    pub(crate) fn sweep(&mut self) -> Result<()> {
        for table in [Table::Slot, Table::Filed, Table::Due] {
            let all = keys::table(table);
            for key in self.keys(&all, &all.end())? {
                if !self.leads_to_its_record(&key)? {
                    self.delete(key);
                }
            }
        }
        Ok(())
    }

    fn leads_to_its_record(&self, key: &Key) -> Result<bool> {
        let slot = if key.is_in(Table::Slot) {
            match self.get(key) {
                Ok(row) => row.map(|row| big_endian_u32(&row)),
                Err(error) if error.kind() == ErrorKind::Corrupt => None,
                Err(error) => return Err(error),
            }
        } else {
            key.last_slot()
        };
        let stored = slot.map_or(Ok(None), |slot| self.stored(slot))?;
        Ok(slot
            .zip(stored)
            .is_some_and(|(slot, stored)| derived_keys(slot, &stored, &self.config).contains(key)))
    }

    /// The keys from `from` up to but without `to`, also those of damaged rows.
    fn keys(&self, from: &Key, to: &Key) -> Result<BTreeSet<Key>> {
        self.keys_of(from, to, usize::MAX)
    }

    /// Keys from `from` up to but without `to`, the first ones and `limit` at least if there are so many.
    fn keys_of(&self, from: &Key, to: &Key, limit: usize) -> Result<BTreeSet<Key>> {
        let queued = || {
            let queued = self.writer.overlay.range(from..to).map(|(key, (_, row))| (key, row));
            queued.chain(self.rows.range(from..to))
        };
        // Rows that are deleted here may be among the first ones of the file.
        let limit = limit.saturating_add(queued().filter(|(_, row)| row.is_none()).count());
        let mut keys: BTreeSet<Key> = self.snapshot()?.keys(from, to, limit)?.into_iter().collect();
        for (key, row) in queued() {
            if row.is_some() {
                keys.insert(key.clone())
            } else {
                keys.remove(key)
            };
        }
        Ok(keys)
    }

    /// Puts a payload that may take several rows.
    pub(crate) fn put_split(&mut self, key: &Key, payload: &[u8]) -> Result<()> {
        self.clear(key)?;
        split(key, payload).into_iter().for_each(|(key, row)| self.stage(key, Some(row)));
        Ok(())
    }

    /// Deletes at most so many rows whose keys begin with `prefix`; whether there were any.
    pub(crate) fn clear_some(&mut self, prefix: &Key, count: usize) -> Result<bool> {
        let keys = self.keys_of(prefix, &prefix.end(), count)?;
        let any = !keys.is_empty();
        keys.into_iter().take(count).for_each(|key| self.delete(key));
        Ok(any)
    }

    /// Deletes all rows whose keys begin with `prefix`.
    pub(crate) fn clear(&mut self, prefix: &Key) -> Result<()> {
        for key in self.keys(prefix, &prefix.end())? {
            self.delete(key);
        }
        Ok(())
    }

    /// Empties a slot for good.
    fn vacate(&mut self, slot: u32, stored: &Stored) -> Result<()> {
        for (key, _) in split(&keys::record(slot), &encode(stored)?) {
            self.stage(key, None);
        }
        self.records.get_mut().insert(slot, None);
        if stored.vector == VectorState::Present {
            self.delete(self.meta.spaces.vector(slot));
            if self.meta.spaces.is_unclean {
                self.meta
                    .spaces
                    .beside()
                    .into_iter()
                    .for_each(|space| self.delete(keys::vector(space, slot)));
            }
        }
        derived_keys(slot, stored, &self.config).into_iter().for_each(|key| self.delete(key));
        let entry = stored.entry(self.analyzer(), None);
        let row = Row { flags: entry.row.flags & !flag::LIVE, ..entry.row };
        self.put(keys::overlay(slot), &row.to_bytes());
        let terms = entry.counts.iter().map(|&(term, _)| term).collect();
        self.deltas.push(Delta::Kill { slot, terms });
        self.meta.count(stored, -1)?;
        Ok(())
    }

    /// Puts the rows that lead to a record's slot.
    fn derive(&mut self, slot: u32, stored: &Stored) {
        derived_keys(slot, stored, &self.config).into_iter().for_each(|key| self.derive_row(slot, key));
    }

    fn derive_row(&mut self, slot: u32, key: Key) {
        let payload = if key.is_in(Table::Slot) { slot.to_be_bytes().to_vec() } else { Vec::new() };
        self.put(key, &payload);
    }

    fn note(&mut self, kind: ChangeKind, old: Option<&Record>, new: Option<&Record>) {
        self.changes.extend(Noted::new(kind, old, new, self.gone_with));
    }

    /// Stages the entry of the audit, unless all that was staged is derived from what was there. Gives its changes.
    fn put_audit(&mut self) -> Result<Vec<Change>> {
        if self.told.is_none() && self.rows.keys().all(Key::is_derived) {
            return Ok(Vec::new());
        }
        let version = self.version();
        let Author { actor, cause } = self.author.clone();
        let (changes, pruned) = (std::mem::take(&mut self.changes), self.told.unwrap_or(0));
        let row = AuditRow { at: self.now, actor, cause, pruned, changes };
        let parts = split(&keys::change(version), &encode(&row)?);
        parts.into_iter().for_each(|(key, row)| self.stage(key, Some(row)));
        row.index(version).for_each(|key| self.put(key, &[]));
        Ok(row.entry(version).changes)
    }

    /// Queues what was staged as one commit, and gives the ticket to wait for. If nothing was staged, what was decided
    /// rests on the last commit, which may not be durable yet.
    pub(super) fn submit(mut self) -> Result<Option<Ticket>> {
        if self.rows.is_empty() && self.told.is_none() {
            return Ok(self.writer.last_ticket.clone().filter(|ticket| !ticket.is_settled()));
        }
        self.check_if_metered()?;
        let changes = self.put_audit()?;
        let meta = encode(&self.meta)?;
        self.put(keys::meta(), &meta);
        let ticket = self.writer.queue(self.context, self.tenant, self.op, self.rows)?;
        let spaces = self.meta.spaces.clone();
        self.writer.meta = self.meta;
        self.writer.config = self.config;
        self.writer.tail.append(&mut self.entries);
        let version = self.writer.version;
        self.writer.queued.push_back(Queued { version, deltas: self.deltas, changes, spaces });
        self.writer.seal(self.context, self.tenant, self.op)?;
        Ok(Some(self.writer.last_ticket.clone().unwrap_or(ticket)))
    }
}
