//! Cells that an operation changes beyond what one commit can carry: they are noted in its commit, and folded anew in
//! commits that follow. Facts are folded when they are read, so that they are right at once.

use super::settle::{Effect, Opened, Operation, Settled, open, places_of_entries, remove_atom};
use crate::error::Result;
use crate::model::{Id, Record};
use crate::observe::Cause;
use crate::storage::{Key, Table, decode, encode, join, keys};
use crate::tenancy::{Place, Stored, Tenant, Write};
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
    pub(crate) fn settle_deferred(
        &self,
        cause: Cause,
        gone_with: Option<Id>,
        mut effect: Effect,
    ) -> Result<Effect> {
        while !self.is_dry_run() {
            let settled = self.write(cause, |write| {
                write.goes_with(gone_with);
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
            let Some(settled) = settled else { return Ok(effect) };
            effect.extend(Effect::of(None, settled));
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

    /// Folds the cell of an atom anew, because its time has come.
    pub(crate) fn settle_atom(&self, write: &mut Write<'_>, stored: &Stored) -> Result<()> {
        if let Record::Atom(atom) = &stored.record {
            self.refold(write, &Place::of_atom(atom), &[atom.id])?;
        }
        Ok(())
    }
}
