//! Settling: the ledger of a cell is edited, the cell is folded before and after, and the atoms that differ are stored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::model::{Atom, HistoricalReason, Id, Record, RevisionKind, Standing, Timestamp};
use crate::observe::ChangeKind;
use crate::storage::{Key, encode, keys};
use crate::tenancy::{
    Entries, Lack, Ledger, Place, Stored, Tenant, VectorState, Want, Write, entry_key, read_one, space_of,
    vector_of,
};
use crate::truth::{Cell, Item, What};

/// What an operation did, so that it can be undone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Operation {
    pub(super) at: Timestamp,
    pub(super) actor: String,
    /// The ledger entries that it brought into force, or put out of it.
    pub(super) entries: Vec<Vec<u8>>,
    /// The names that it linked, or parted.
    pub(super) links: Vec<LinkEnds>,
    /// Whether it defined a predicate, by the operation that did first.
    pub(super) definition: Option<Id>,
    /// The operation that it undid.
    pub(super) undoes: Option<Id>,
    /// Whether it was undone.
    pub(super) undone: bool,
}

/// Two names that were linked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LinkEnds {
    pub(super) user: Option<String>,
    pub(super) gone: String,
    pub(super) keep: String,
    /// The operation that linked them.
    pub(super) op: Id,
}

impl Operation {
    pub(super) fn new(write: &Write<'_>) -> Self {
        Operation { at: write.now(), actor: write.actor().to_owned(), ..Operation::default() }
    }

    pub(super) fn put(&self, write: &mut Write<'_>, id: Id) -> Result<()> {
        write.put_split(&keys::operation(id), &encode(self)?)
    }

    pub(super) fn get(write: &Write<'_>, id: Id) -> Result<Operation> {
        read_one(write, &keys::operation(id))?.ok_or_else(|| {
            Error::draft(Code::OperationNotFound, "there is no such operation")
                .got(id)
                .expected("the id of an operation of this tenant")
                .remedy("take the id from the reply of the call that is to be undone")
        })
    }
}

/// The places of ledger entries that are still there. Texts are read from the ledger, so that no row of an operation
/// keeps what was deleted from it.
pub(super) fn places_of_entries(write: &Write<'_>, entries: &[Vec<u8>]) -> Result<Vec<Place>> {
    let ledger = Ledger::open(write, None)?;
    let mut places = Vec::new();
    for key in entries {
        let beside = ledger.entries(&Key::of_bytes(key).without_id())?;
        places.extend(beside.iter().find_map(|(_, item)| item.claim()).map(Place::of));
    }
    Ok(places)
}

/// A cell before it is edited.
pub(super) struct Opened {
    pub(super) place: Place,
    pub(super) entries: Entries,
    pub(super) cell: Cell,
}

/// Reads and folds the cell of a place.
pub(super) fn open(write: &Write<'_>, place: &Place) -> Result<Opened> {
    let ledger = Ledger::open(write, None)?;
    let entries = ledger.cell(place)?;
    let cell = ledger.fold(place, &entries, write.now())?;
    Ok(Opened { place: place.clone(), entries, cell })
}

/// Puts an entry into the ledger, with the rows that lead from its episodes to it.
pub(super) fn put_entry(write: &mut Write<'_>, key: &Key, item: &Item) -> Result<()> {
    for &episode in item.supports() {
        write.put(keys::support(episode, key), &[]);
    }
    write.put_split(key, &encode(item)?)
}

/// Adds a new entry at a place. Gives its key.
pub(super) fn add_entry(write: &mut Write<'_>, place: &Place, id: Id, what: What) -> Result<Key> {
    let key = entry_key(place, id);
    put_entry(write, &key, &Item::new(id, write.now(), what))?;
    Ok(key)
}

/// Takes an entry out of the ledger for good.
pub(super) fn remove_entry(write: &mut Write<'_>, key: &Key, item: &Item) -> Result<()> {
    for &episode in item.supports() {
        write.delete(keys::support(episode, key));
    }
    write.clear(key)
}

/// What could be had of a claim's vector.
#[derive(Clone, Debug, Default)]
pub(super) struct Vector {
    pub(super) vector: Option<Vec<f32>>,
    /// Why the claim waits for it.
    pub(super) lack: Option<Lack>,
}

/// What settling changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Settled {
    /// Atoms that are new.
    pub(super) added: Vec<Id>,
    /// Atoms that are gone.
    pub(super) removed: Vec<Id>,
    /// Atoms that hold no more.
    pub(super) retired: Vec<Id>,
    /// Atoms that hold again.
    pub(super) restored: Vec<Id>,
}

/// What a verb changed beside what it was asked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// What [`Tenant::undo`] takes to take it back. A deletion cannot be undone.
    pub operation: Option<Id>,
    /// Atoms that are there again, or for the first time.
    pub added: Vec<Id>,
    /// Atoms that are gone.
    pub removed: Vec<Id>,
    /// Atoms that hold no more.
    pub retired: Vec<Id>,
    /// Atoms that hold again.
    pub restored: Vec<Id>,
}

impl Effect {
    pub(super) fn of(operation: Option<Id>, settled: Settled) -> Self {
        let Settled { added, removed, retired, restored } = settled;
        Effect { operation, added, removed, retired, restored }
    }
}

impl Settled {
    pub(super) fn extend(&mut self, other: Settled) {
        self.added.extend(other.added);
        self.removed.extend(other.removed);
        self.retired.extend(other.retired);
        self.restored.extend(other.restored);
    }
}

impl Tenant {
    /// Stores the atoms in which a cell differs from what it was by now. `found` is the vector of a claim's sentence.
    pub(super) fn store_cell(
        &self,
        write: &mut Write<'_>,
        before: &Cell,
        after: &Cell,
        found: Option<(Id, &Vector)>,
    ) -> Result<Settled> {
        let mut settled = Settled::default();
        let unchanged = |atom: &&Atom| before.atom(atom.id) == Some(*atom);
        for atom in after.atoms.iter().filter(|atom| !unchanged(atom)) {
            let vector = found.filter(|(claim, _)| after.atom_of(*claim) == Some(atom.id));
            self.store_atom(write, atom, vector.map(|(_, vector)| vector), &mut settled)?;
        }
        for atom in before.atoms.iter().filter(|atom| after.atom(atom.id).is_none()) {
            remove_atom(write, atom.id, &mut settled)?;
        }
        Ok(settled)
    }

    /// Stores an atom as its cell has it now.
    fn store_atom(
        &self,
        write: &mut Write<'_>,
        atom: &Atom,
        found: Option<&Vector>,
        settled: &mut Settled,
    ) -> Result<()> {
        let now = write.now();
        let Some((slot, stored)) = write.find(atom.id)? else {
            // The sentence of an atom that comes back has to be embedded again.
            let again = self.unasked();
            let found = found.unwrap_or(&again);
            self.admit(write, found)?;
            let new = Atom { version: 1, recorded_at: now, ..atom.clone() };
            write.add(Record::Atom(new), found.vector.as_deref(), found.lack)?;
            settled.added.push(atom.id);
            return Ok(());
        };
        let Some(old) = stored.record.as_atom() else { return Ok(()) };
        let same = Atom { version: old.version, recorded_at: old.recorded_at, ..atom.clone() };
        let wanting = found.filter(|found| found.vector.is_some() && stored.vector != VectorState::Present);
        if same == *old && wanting.is_none() {
            return Ok(());
        }
        let (revision, change) = what_changed(old, atom);
        match change {
            ChangeKind::Restored => settled.restored.push(atom.id),
            ChangeKind::Superseded | ChangeKind::Retracted => settled.retired.push(atom.id),
            _ => {}
        }
        write.keep_revision(&stored)?;
        let new = Atom { version: old.version.saturating_add(1), recorded_at: now, ..atom.clone() };
        let next = Stored {
            record: Record::Atom(new),
            made_by: revision,
            actor: self.actor().to_owned(),
            ..stored.clone()
        };
        if let Some(found) = wanting {
            self.admit(write, found)?;
            if let Some(mut waiting) = write.waiting(atom.id)? {
                waiting.unwant(Want::Vector);
                write.set_waiting(atom.id, Some(&waiting))?;
            }
            let next = Stored { vector: VectorState::Present, ..next };
            return write.replace(slot, &stored, next, found.vector.as_deref(), change);
        }
        if next.record.searched_text() == stored.record.searched_text() {
            return write.set(slot, &stored, &next, change);
        }
        let vector = stored_vector(write, slot, &stored)?;
        write.replace(slot, &stored, next, vector.as_deref(), change)
    }

    /// A vector that is to be asked for later.
    pub(super) fn unasked(&self) -> Vector {
        Vector { vector: None, lack: self.common().space.is_some().then_some(Lack::Unasked) }
    }

    fn admit(&self, write: &mut Write<'_>, found: &Vector) -> Result<()> {
        found.vector.as_ref().map_or(Ok(()), |vector| write.admit(&space_of(self.common(), vector)))
    }

    /// Folds cells anew that were changed since they were opened.
    pub(super) fn settle_cells(&self, write: &mut Write<'_>, opened: &[Opened]) -> Result<Settled> {
        let mut settled = Settled::default();
        let mut there = BTreeSet::new();
        for before in opened {
            let after = open(write, &before.place)?.cell;
            for atom in &after.atoms {
                self.store_atom(write, atom, None, &mut settled)?;
                there.insert(atom.id);
            }
        }
        // An atom may have moved from one of the cells to another.
        for atom in opened.iter().flat_map(|before| &before.cell.atoms) {
            if there.insert(atom.id) {
                remove_atom(write, atom.id, &mut settled)?;
            }
        }
        Ok(settled)
    }
}

/// Reads and folds cells.
pub(super) fn open_all(write: &Write<'_>, places: &[Place]) -> Result<Vec<Opened>> {
    places.iter().map(|place| open(write, place)).collect()
}

pub(super) fn remove_atom(write: &mut Write<'_>, id: Id, settled: &mut Settled) -> Result<()> {
    if let Some((slot, stored)) = write.find(id)? {
        write.remove(slot, &stored, ChangeKind::Deleted)?;
        settled.removed.push(id);
    }
    Ok(())
}

/// The exact vector of a stored record.
pub(super) fn stored_vector(write: &Write<'_>, slot: u32, stored: &Stored) -> Result<Option<Vec<f32>>> {
    if stored.vector != VectorState::Present {
        return Ok(None);
    }
    Ok(write.get(&write.spaces().vector(slot))?.map(|payload| vector_of(&payload)))
}

/// What made the next version of an atom.
fn what_changed(old: &Atom, new: &Atom) -> (RevisionKind, ChangeKind) {
    let reason = |atom: &Atom| match atom.standing {
        Standing::Historical(reason) => Some(reason),
        _ => None,
    };
    match (reason(old), reason(new)) {
        (Some(_), None) => (RevisionKind::Restored, ChangeKind::Restored),
        (was, Some(HistoricalReason::Retracted)) if was != Some(HistoricalReason::Retracted) => {
            (RevisionKind::Retracted, ChangeKind::Retracted)
        }
        (None, Some(_)) => (RevisionKind::Superseded, ChangeKind::Superseded),
        _ if new.assertions > old.assertions => (RevisionKind::Reinforced, ChangeKind::Reinforced),
        _ => (RevisionKind::Judged, ChangeKind::Judged),
    }
}
