//! Cells that an operation changes beyond what one commit can carry: they are noted in its commit, and folded anew in
//! commits that follow. Facts are folded when they are read, so that they are right at once.

use super::check::check_budget;
use super::settle::{Effect, Opened, Operation, Settled, open, places_of_entries, remove_atom};
use crate::error::Result;
use crate::model::{Id, Record};
use crate::observe::{Cause, Verb};
use crate::storage::{Key, Table, decode, encode, join, keys};
use crate::tenancy::{Access, Place, Tenant, Write};
use crate::truth::Cell;

/// Cells that are folded anew in one commit.
const CELLS_PER_COMMIT: usize = 128;

impl Tenant {
    /// Settles opened cells, or notes them for later if they are too many for one commit.
    pub(super) fn settle_or_defer(&self, write: &mut Write<'_>, opened: Vec<Opened>) -> Result<Settled> {
        if opened.len() <= CELLS_PER_COMMIT {
            return self.settle_cells(write, &opened);
        }
        for Opened { place, cell, .. } in &opened {
            let atoms: Vec<Id> = cell.atoms.iter().map(|atom| atom.id).collect();
            write.put_split(&keys::todo(place.hash()?), &encode(&(place, atoms))?)?;
        }
        Ok(Settled::default())
    }

    /// Settles what was noted for later. `gone_with` is the episode whose deletion noted it.
    pub(super) fn settle_deferred(
        &self,
        cause: Cause,
        gone_with: Option<Id>,
        mut effect: Effect,
    ) -> Result<Effect> {
        while !self.is_dry_run() {
            let settled = self.write(cause, |write| {
                if let Some(episode) = gone_with {
                    write.goes_with(episode);
                }
                let todo = write.scan(&keys::table(Table::Todo))?;
                let some: Vec<(Key, Vec<u8>)> = join(todo)?.into_iter().take(CELLS_PER_COMMIT).collect();
                let mut settled = Settled::default();
                for (key, payload) in &some {
                    write.clear(key)?;
                    let (place, atoms): (Place, Vec<Id>) = decode(payload)?;
                    settled.extend(self.refold(write, &place, &atoms)?);
                }
                Ok((!some.is_empty()).then_some(settled))
            })?;
            let Some(Settled { added, removed, retired, restored }) = settled else { return Ok(effect) };
            effect.added.extend(added);
            effect.removed.extend(removed);
            effect.retired.extend(retired);
            effect.restored.extend(restored);
        }
        Ok(effect)
    }

    /// Folds a cell anew; of the atoms that were known in it, those are removed that no cell has any more.
    fn refold(&self, write: &mut Write<'_>, place: &Place, known: &[Id]) -> Result<Settled> {
        let opened = open(write, place)?;
        let mut settled = self.store_cell(write, &Cell::default(), &opened.cell, None)?;
        for &id in known.iter().filter(|id| opened.cell.atom(**id).is_none()) {
            // It may be in the cell that its founding claim is in by now.
            let founded = Operation::get(write, id).map(|operation| operation.entries).unwrap_or_default();
            let mut there = false;
            for place in places_of_entries(write, &founded)? {
                there |= open(write, &place)?.cell.atom(id).is_some();
            }
            if !there {
                remove_atom(write, id, &mut settled)?;
            }
        }
        Ok(settled)
    }

    /// Looks at what is due: atoms that become believed with time, or whose time begins or ends. Settles what was noted
    /// for later as well. At most `budget` (1 to 1000) atoms are looked at; gives how many were.
    ///
    /// # Errors
    /// `range.invalid`, `access.denied`.
    pub fn settle_due(&self, budget: usize) -> Result<usize> {
        self.call(Verb::SettleDue, |work| {
            work.given(budget);
            let value = self.look_again(budget)?;
            work.found(value);
            Ok(value)
        })
    }

    fn look_again(&self, budget: usize) -> Result<usize> {
        self.require(Access::ReadWrite)?;
        check_budget(budget)?;
        self.settle_deferred(Cause::Settle, None, Effect::default())?;
        let mut looked_at = 0;
        while looked_at < budget {
            let some = CELLS_PER_COMMIT.min(budget - looked_at);
            let count = self.write(Cause::Settle, |write| self.settle_some(write, some))?;
            looked_at += count;
            if count == 0 || self.is_dry_run() {
                break;
            }
        }
        Ok(looked_at)
    }

    /// Looks at the first of what is due.
    fn settle_some(&self, write: &mut Write<'_>, count: usize) -> Result<usize> {
        let until = keys::due(write.now(), u32::MAX).end();
        let due = write.scan_range(&keys::table(Table::Due), &until)?;
        let due: Vec<Key> = due.into_iter().map(|(key, _)| key).take(count).collect();
        for key in &due {
            let slot = key.last_slot().unwrap_or(0);
            // An earlier one of the same cell may have settled it.
            let Some(stored) = write.stored(slot)? else { continue };
            let Record::Atom(atom) = &stored.record else { continue };
            if atom.due.is_some_and(|due| due <= write.now()) {
                self.refold(write, &Place::of_atom(atom), &[atom.id])?;
            }
        }
        Ok(due.len())
    }
}
