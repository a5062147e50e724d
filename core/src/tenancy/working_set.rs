//! The working set: what search needs of a tenant in memory. All of it is derived from the rows.

use std::sync::Arc;

use super::space::Spaces;
use crate::dynamics::retention;
use crate::error::Result;
use crate::index::{Code, Columns, Conversations, Entry, Row, TextIndex, VectorIndex, flag};
use crate::model::{RecordSort, TenantConfig, Timestamp, VectorSpace};
use crate::storage::Key;

/// A change of the indexes, made when its commit is durable.
#[derive(Clone, Debug)]
pub(crate) enum Delta {
    /// The next slot holds this.
    Append(Arc<Entry>),
    /// A slot's record is gone, or has moved to another slot; these were its terms.
    Kill { slot: u32, terms: Vec<u64> },
    /// A slot's row has changed; its text and vector have not.
    Set { slot: u32, row: Row },
    /// Vectors of the next slots, if they have one, in the space that the tenant is changing to.
    Next(Vec<Option<Code>>),
    /// The tenant is changing to no space any more, or to another.
    NoNext,
}

/// The indexes of a tenant, all at one version.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorkingSet {
    pub(crate) columns: Columns,
    pub(crate) vectors: VectorIndex,
    pub(crate) text: TextIndex,
    pub(crate) conversations: Conversations,
    /// Vectors in the space that the tenant is changing to, of the first slots.
    pub(crate) next: VectorIndex,
    /// The spaces of the vectors.
    pub(crate) spaces: Spaces,
    /// What the tenant chose for itself.
    pub(crate) config: Arc<TenantConfig>,
    /// The version of the tenant that the indexes show.
    pub(crate) version: u64,
}

impl WorkingSet {
    /// Makes one change.
    pub(crate) fn apply(&mut self, delta: Delta) {
        match delta {
            Delta::Append(entry) => {
                let slot = self.columns.len();
                self.vectors.push(entry.code.as_ref());
                if entry.row.has(flag::LIVE) {
                    self.text.insert(slot, &entry.counts, entry.row.length);
                }
                self.append_row(entry.row);
            }
            Delta::Kill { slot, terms } => {
                let Some(mut row) = self.columns.row(slot) else { return };
                self.text.remove(terms.into_iter(), row.length);
                if let Some(turn) = self.columns.turn(slot) {
                    self.conversations.remove(turn);
                }
                row.flags &= !flag::LIVE;
                self.columns.set(slot, row);
            }
            Delta::Set { slot, row } => self.set_row(slot, row),
            Delta::Next(codes) => codes.iter().for_each(|code| self.next.push(code.as_ref())),
            Delta::NoNext => self.next = VectorIndex::default(),
        }
    }

    /// Adds the row of the next slot to the columns and to its conversation.
    pub(super) fn append_row(&mut self, row: Row) {
        let slot = self.columns.len();
        self.columns.push(row);
        if row.has(flag::LIVE)
            && row.sort == RecordSort::Episode as u8
            && let Some(turn) = self.columns.turn(slot)
        {
            self.conversations.insert(turn);
        }
    }

    /// Replaces the row of a slot. A passage may have moved within its document.
    fn set_row(&mut self, slot: u32, row: Row) {
        let before = self.columns.turn(slot);
        self.columns.set(slot, row);
        let after = self.columns.turn(slot);
        if before != after && row.has(flag::LIVE) && row.sort == RecordSort::Episode as u8 {
            before.into_iter().for_each(|turn| self.conversations.remove(turn));
            after.into_iter().for_each(|turn| self.conversations.insert(turn));
        }
    }

    /// The vectors that a vector of this space is compared with, and where the exact ones are.
    pub(crate) fn vectors_in(&self, space: &VectorSpace) -> Result<Vectors<'_>> {
        if self.spaces.is_next(space) {
            return Ok(Vectors { index: &self.next, spaces: &self.spaces, next: true });
        }
        self.spaces.check(space)?;
        Ok(Vectors { index: &self.vectors, spaces: &self.spaces, next: false })
    }

    /// How much of an atom is left, 0 to 1; 1 for an episode.
    pub(crate) fn retention(&self, slot: u32, now: Timestamp) -> f64 {
        let at = slot as usize;
        let columns = &self.columns;
        match (columns.stability.get(at), columns.since.get(at)) {
            (Some(&stability), Some(&since)) if stability > 0.0 => {
                let days = now.days_since(Timestamp::from_micros(since));
                retention(self.config.curve, f64::from(stability), days)
            }
            _ => 1.0,
        }
    }

    /// When something expires or begins next, so that it is found no more, or is found.
    pub(crate) fn next_change(&self, now: Timestamp) -> Timestamp {
        let now = now.as_micros();
        let moments = |slot: u32| {
            let at = slot as usize;
            [self.columns.expires_at.get(at).copied(), self.columns.occurred_at.get(at).copied()]
        };
        let coming = self.columns.special().iter().flat_map(moments).flatten().filter(|&moment| moment > now);
        coming.min().map_or(Timestamp::MAX, Timestamp::from_micros)
    }

    /// Bytes of memory taken.
    pub(crate) fn bytes(&self) -> u64 {
        let parts = [&self.vectors, &self.next].map(VectorIndex::bytes).into_iter().chain([
            self.columns.bytes(),
            self.text.bytes(),
            self.conversations.bytes(),
        ]);
        parts.sum::<usize>() as u64
    }
}

/// The vectors of one space.
#[derive(Clone, Copy)]
pub(crate) struct Vectors<'a> {
    pub(crate) index: &'a VectorIndex,
    spaces: &'a Spaces,
    next: bool,
}

impl Vectors<'_> {
    /// The key of a slot's exact vector.
    pub(crate) fn key(&self, slot: u32) -> Key {
        if self.next { self.spaces.next_vector(slot) } else { self.spaces.vector(slot) }
    }
}
