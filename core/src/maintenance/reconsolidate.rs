//! `reconsolidate`: many atoms made to fade more slowly at once.

use crate::dynamics::scaled;
use crate::error::{Code, Error, Result};
use crate::model::{Id, RecordSort};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::retrieval::Filter;
use crate::tenancy::{Access, Tenant};

/// Atoms that are changed in one commit.
const ATOMS_PER_COMMIT: usize = 64;

/// The greatest factor: ten times.
const FACTOR_MAX: f32 = 10.0;

impl Tenant {
    /// Multiplies the stability of the atoms that a filter accepts by a factor of more than 1, 10 at most; gives how
    /// many there were. Those that have become weak are meant: `Filter::default().retention_below(0.5)`, and 1.5.
    ///
    /// # Errors
    /// `range.invalid` for the factor; those of a filter; `access.denied`.
    pub fn reconsolidate(&self, filter: &Filter, factor: f32) -> Result<u64> {
        self.call(Verb::Reconsolidate, |work| {
            let changed = self.strengthen(filter, factor)?;
            work.found(changed as usize);
            Ok(changed)
        })
    }

    fn strengthen(&self, filter: &Filter, factor: f32) -> Result<u64> {
        self.require(Access::ReadWrite)?;
        if !(factor > 1.0 && factor <= FACTOR_MAX) {
            return Err(Error::draft(Code::RangeInvalid, "a factor of reconsolidation is out of range")
                .got(factor)
                .expected(format!("more than 1, {FACTOR_MAX} at most"))
                .remedy("1.5 is what one good use at half retention does"));
        }
        self.flush_uses()?;
        let atoms = filter.clone().only(RecordSort::Atom);
        let ids = self.accepted(&atoms)?;
        let mut changed = 0;
        for some in ids.chunks(ATOMS_PER_COMMIT) {
            changed += self.write(Cause::Reconsolidate, |write| {
                let mut changed = 0;
                for &id in some {
                    let Some((slot, stored)) = write.find(id)? else { continue };
                    let trace = scaled(&stored.trace, factor);
                    write.retrace(slot, &stored, trace, ChangeKind::Reconsolidated)?;
                    changed += 1;
                }
                Ok(changed)
            })?;
        }
        Ok(changed)
    }

    /// The ids that a filter accepts, in the order of their slots.
    fn accepted(&self, filter: &Filter) -> Result<Vec<Id>> {
        let Some(filter) = self.narrowed(filter)? else { return Ok(Vec::new()) };
        let now = self.common().now();
        self.read(|set| {
            let slots = filter.allowed(set, now);
            let id = |slot: u32| set.columns.id.get(slot as usize).map(|&id| Id::from_u128(id));
            Ok(slots.iter().filter_map(id).collect())
        })
    }
}
