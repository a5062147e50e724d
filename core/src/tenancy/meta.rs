//! The meta row of a tenant: counters that every commit keeps exact, and the vector spaces.

use serde::{Deserialize, Serialize};

use super::space::Spaces;
use super::stored::{Stored, VectorState};
use crate::error::{Code, Error, QuotaExceeded, Result};
use crate::limits::SLOTS_MAX;
use crate::model::{Id, Quotas, RecordSort};
use crate::observe::Usage;
use crate::storage::{Snapshot, decode, encode, keys};

/// What a tenant holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// Slots used up, which is also the next slot.
    pub(crate) slots: u32,
    pub(crate) usage: Usage,
    pub(crate) spaces: Spaces,
    /// The greatest id of any record, deleted ones included.
    pub(crate) last_id: Id,
}

impl Meta {
    /// Counts a record in (`+1`) or out (`-1`).
    pub(crate) fn count(&mut self, stored: &Stored, step: i64) -> Result<()> {
        let vector = if stored.vector == VectorState::Present { 4 * self.spaces.dimensions() } else { 0 };
        let bytes = encode(&stored.record)?.len() + vector;
        let usage = &mut self.usage;
        let add = |count: &mut u64, if_so: bool, by: i64| {
            *count = count.saturating_add_signed(if if_so { by } else { 0 });
        };
        let is_episode = stored.record.sort() == RecordSort::Episode;
        add(&mut usage.episodes, is_episode, step);
        add(&mut usage.atoms, !is_episode, step);
        add(&mut usage.archived, stored.trace.archived_at.is_some(), step);
        add(&mut usage.vectors, stored.vector == VectorState::Present, step);
        add(&mut usage.bytes, true, step * bytes as i64);
        Ok(())
    }

    /// Counts a record that was archived, or brought back, and says what it said before.
    pub(crate) fn count_archived(&mut self, old: &Stored, new: &Stored) {
        let step = i64::from(new.trace.archived_at.is_some()) - i64::from(old.trace.archived_at.is_some());
        self.usage.archived = self.usage.archived.saturating_add_signed(step);
    }

    /// What quotas limit, each with its limit and what is held.
    fn limited(&self, quotas: &Quotas) -> [(&'static str, Option<u64>, u64); 3] {
        let usage = &self.usage;
        [
            ("records", quotas.records, usage.records()),
            ("bytes", quotas.bytes, usage.bytes),
            ("vectors", quotas.vectors, usage.vectors),
        ]
    }

    /// Whether nine tenths of a quota are used.
    pub(super) fn is_nearly_full(&self, quotas: &Quotas) -> bool {
        let held = self.limited(quotas).into_iter();
        held.into_iter().any(|(_, limit, used)| limit.is_some_and(|limit| used >= limit - limit / 10))
    }

    /// Fails if this is more than the quotas allow, and more than before.
    pub(crate) fn check_quotas(&self, before: &Meta, quotas: &Quotas) -> Result<()> {
        let held = before.limited(quotas).into_iter().zip(self.limited(quotas));
        for ((what, limit, used), (_, _, wanted)) in held {
            if let Some(limit) = limit.filter(|&limit| wanted > limit && wanted > used) {
                return Err(quota_exceeded(QuotaExceeded { what, limit, used, asked: wanted - used }));
            }
        }
        Ok(())
    }
}

fn quota_exceeded(exceeded: QuotaExceeded) -> Error {
    let QuotaExceeded { what, limit, used, asked } = exceeded;
    Error::draft(Code::QuotaExceeded, format!("the tenant may not hold so many {what}"))
        .got(format!("{asked} more beside {used}"))
        .expected(format!("at most {limit} in all"))
        .quota(exceeded)
        .remedy("delete what is not needed, or raise the quota; nothing was written")
}

/// The meta row of a tenant. Every commit writes it: where there was one, it must be there.
pub(crate) fn read(snapshot: &dyn Snapshot) -> Result<Meta> {
    let row = snapshot.get_many(&[keys::meta()])?.pop().flatten();
    let meta: Option<Meta> = row.map(|row| decode(&row)).transpose()?;
    match meta {
        Some(meta) if meta.slots <= SLOTS_MAX => Ok(meta),
        None if snapshot.version() == 0 => Ok(Meta::default()),
        _ => Err(Error::draft(Code::RowDamaged, "a tenant's counters are gone or make no sense")
            .got("commits without their counters")
            .expected("the row that every commit writes")
            .remedy("restore the file from a backup")),
    }
}
