//! The meta row of a tenant: counters that every commit keeps exact, and the vector space.

use serde::{Deserialize, Serialize};

use super::stored::{Stored, VectorState};
use crate::error::{Code, Error, Result};
use crate::limits::SLOTS_MAX;
use crate::model::{Id, RecordSort, VectorSpace};
use crate::storage::{Snapshot, decode, keys};

/// What a tenant holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// Slots used up, which is also the next slot.
    pub(crate) slots: u32,
    pub(crate) episodes: u64,
    pub(crate) atoms: u64,
    pub(crate) vectors: u64,
    /// Records that wait for something: rows of the queue.
    pub(crate) pending: u64,
    pub(crate) space: Option<VectorSpace>,
    /// The greatest id of any record, deleted ones included.
    pub(crate) last_id: Id,
}

impl Meta {
    /// Counts a record in (`+1`) or out (`-1`).
    pub(crate) fn count(&mut self, stored: &Stored, step: i64) {
        let records = match stored.record.sort() {
            RecordSort::Episode => &mut self.episodes,
            RecordSort::Atom => &mut self.atoms,
        };
        *records = records.saturating_add_signed(step);
        match stored.vector {
            VectorState::None => {}
            VectorState::Present => self.vectors = self.vectors.saturating_add_signed(step),
        }
    }

    /// The dimensions of the tenant's vectors, 0 while it has none.
    pub(crate) fn dimensions(&self) -> usize {
        self.space.as_ref().map_or(0, |space| space.dimensions as usize)
    }
}

/// The meta row of a tenant that is at a version. Every commit writes it: where there was one, it must be there.
pub(crate) fn read(snapshot: &dyn Snapshot, version: u64) -> Result<Meta> {
    let row = snapshot.get_many(&[keys::meta()])?.pop().flatten();
    let meta: Option<Meta> = row.map(|row| decode(&row)).transpose()?;
    match meta {
        Some(meta) if meta.slots <= SLOTS_MAX => Ok(meta),
        None if version == 0 => Ok(Meta::default()),
        _ => Err(Error::draft(Code::RowDamaged, "a tenant's counters are gone or make no sense")
            .got("commits without their counters")
            .expected("the row that every commit writes")
            .remedy("restore the file from a backup")),
    }
}

/// Checks that vectors of `space` may be compared with those of `known`; the first ones decide.
pub(crate) fn check_space(known: Option<&VectorSpace>, space: &VectorSpace) -> Result<()> {
    let Some(known) = known else { return Ok(()) };
    if known.dimensions != space.dimensions {
        return Err(Error::draft(Code::VectorDimensions, "a vector does not fit the tenant's vector space")
            .got(format!("{} dimensions", space.dimensions))
            .expected(format!("{} dimensions of the space '{}'", known.dimensions, known.name))
            .remedy("use the embedder that made the tenant's vectors"));
    }
    if known.name != space.name {
        return Err(Error::draft(Code::VectorSpace, "vectors of two spaces cannot be compared")
            .got(format!("the space '{}'", space.name))
            .expected(format!("the space '{}'", known.name))
            .remedy("use the embedder that made the tenant's vectors"));
    }
    Ok(())
}
