//! The order of a tenant's writes, and what of them is on its way to the file.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::context::Context;
use super::meta::Meta;
use super::space::Spaces;
use super::working_set::Delta;
use crate::error::Result;
use crate::index::{Entry, Part, encode_segment};
use crate::limits::{COMMIT_BYTES_MAX, SEGMENT_SLOTS};
use crate::model::TenantConfig;
use crate::observe::Change;
use crate::storage::{Bytes, Commit, Key, OpId, Ticket, keys, split};

/// The order of a tenant's writes, those included that are not durable yet.
#[derive(Default)]
pub(super) struct Writer {
    /// Tells this writer from one that was loaded before or after it.
    pub(super) generation: u64,
    /// The version after all queued commits.
    pub(super) version: u64,
    pub(super) meta: Meta,
    pub(super) config: Arc<TenantConfig>,
    /// The entries behind the last sealed segment.
    pub(super) tail: Vec<Arc<Entry>>,
    /// Rows of queued commits, by the version that put (or deleted) them last.
    pub(super) overlay: BTreeMap<Key, (u64, Option<Bytes>)>,
    pub(super) queued: VecDeque<Queued>,
    pub(super) last_ticket: Option<Ticket>,
}

/// What is to be done in memory when a commit is durable.
pub(super) struct Queued {
    pub(super) version: u64,
    pub(super) deltas: Vec<Delta>,
    pub(super) changes: Vec<Change>,
    pub(super) spaces: Spaces,
}

impl Writer {
    /// Whether a commit is on its way.
    pub(super) fn is_busy(&self) -> bool {
        let settled = self.last_ticket.as_ref().is_none_or(Ticket::is_settled);
        !self.queued.is_empty() || !settled
    }

    /// Forgets what is durable: the snapshot has it now.
    pub(super) fn take_durable(&mut self, version: u64) -> Vec<Queued> {
        let durable = self.queued.partition_point(|queued| queued.version <= version);
        self.overlay.retain(|_, (made_by, _)| *made_by > version);
        self.queued.drain(..durable).collect()
    }

    /// Queues a commit of these rows, in memory and at the engine.
    pub(super) fn queue(
        &mut self,
        context: &Context,
        tenant: &Arc<str>,
        op: OpId,
        rows: BTreeMap<Key, Option<Bytes>>,
    ) -> Result<Ticket> {
        let put = |(key, row): (&Key, &Option<Bytes>)| row.clone().map(|row| (key.clone(), row));
        let puts = rows.iter().filter_map(put).collect();
        let deletes = rows.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key.clone()).collect();
        let commit = Commit { tenant: Arc::clone(tenant), expect: self.version, op, puts, deletes };
        let ticket = context.engine.submit(commit)?;
        self.version += 1;
        self.overlay.extend(rows.into_iter().map(|(key, row)| (key, (self.version, row))));
        self.last_ticket = Some(ticket.clone());
        Ok(ticket)
    }

    /// Seals the segments that are full. They are derived, so that they may lag behind the records.
    pub(super) fn seal(&mut self, context: &Context, tenant: &Arc<str>, op: OpId) -> Result<()> {
        while self.tail.len() >= SEGMENT_SLOTS as usize {
            let number = (self.meta.slots - self.tail.len() as u32) / SEGMENT_SLOTS;
            let entries: Vec<Arc<Entry>> = self.tail.drain(..SEGMENT_SLOTS as usize).collect();
            self.put_segment(context, tenant, op, number, &entries)?;
        }
        Ok(())
    }

    pub(super) fn put_segment(
        &mut self,
        context: &Context,
        tenant: &Arc<str>,
        op: OpId,
        number: u32,
        entries: &[Arc<Entry>],
    ) -> Result<()> {
        let mut rows = BTreeMap::new();
        let mut bytes = 0;
        for (part, payload) in Part::ALL.into_iter().zip(encode_segment(entries)) {
            for (key, row) in split(&keys::segment_part(self.meta.spaces.left, number, part as u8), &payload)
            {
                if bytes + row.len() > COMMIT_BYTES_MAX / 2 {
                    self.queue(context, tenant, op, std::mem::take(&mut rows))?;
                    bytes = 0;
                }
                bytes += row.len();
                rows.insert(key, Some(row));
            }
        }
        self.queue(context, tenant, op, rows)?;
        Ok(())
    }
}
