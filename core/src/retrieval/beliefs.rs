//! What the ledger shows of an entity from where a view looks, read up to a bound.
//!
//! What is judged together is read together, as it is by every claim that is made about it: a bound leaves out whole
//! cells, and never changes what one amounts to.

use std::collections::HashSet;

use super::read::read_slots;
use super::view::View;
use crate::error::Result;
use crate::model::{Atom, Record, Timestamp};
use crate::storage::{Key, Snapshot, decode, join, keys};
use crate::tenancy::{Entries, Ledger, Place, Rows, filed, hash_of_name, hash_of_object};
use crate::truth::{Cell, Item};

/// Predicates of a subject that are looked for where not all of its entries are read. People use dozens.
const PREDICATES_MAX: usize = 512;

/// The beliefs of a user at one version, from where a view looks.
pub(super) struct Beliefs<'a> {
    snapshot: &'a dyn Snapshot,
    pub(super) ledger: Ledger<'a>,
    today: Ledger<'a>,
    user: Option<&'a str>,
    view: View,
    now: Timestamp,
}

/// What is told about a subject.
#[derive(Default)]
pub(super) struct Told {
    pub(super) cells: Vec<Cell>,
    /// When the first and the last of the claims was made that were read.
    pub(super) span: Option<(Timestamp, Timestamp)>,
    /// Whether there is more than was read.
    pub(super) more: bool,
}

impl<'a> Beliefs<'a> {
    /// Of the rows of a snapshot.
    pub(super) fn open(
        rows: &'a dyn Rows,
        snapshot: &'a dyn Snapshot,
        user: Option<&'a str>,
        view: View,
        now: Timestamp,
    ) -> Result<Self> {
        let (ledger, today) = (Ledger::open(rows, view.as_of)?, Ledger::open(rows, None)?);
        Ok(Beliefs { snapshot, ledger, today, user, view, now })
    }

    /// The names of the entity that a name belongs to, the main one first.
    pub(super) fn names(&self, name: &str) -> Result<Vec<String>> {
        Ok(self.ledger.names(self.user, name)?.all)
    }

    /// Whether the view shows an atom.
    pub(super) fn shows(&self, atom: &Atom) -> bool {
        self.view.shows(atom, self.now)
    }

    /// What is told about a subject in all its names, of about `most` entries of the ledger.
    pub(super) fn told(&self, subject: &str, most: usize) -> Result<Told> {
        let (entries, more) = self.entries_about(subject, most)?;
        let claims = entries.iter().filter(|(_, item)| item.is_in_force(self.view.as_of));
        let said = claims.filter_map(|(_, item)| item.claim()).map(|claim| claim.said_at);
        let span = span_of(said);
        let stand = self.view.stand(self.now);
        let mut cells = Vec::new();
        for (place, items) in self.ledger.parted(entries)? {
            let items: Vec<&Item> = items.iter().collect();
            cells.push(if more {
                self.ledger.fold(&place, &self.ledger.cell(&place)?, stand)?
            } else {
                self.ledger.fold_items(&self.ledger.ontology.get(&place.predicate), &items, stand)?
            });
        }
        Ok(Told { cells, span, more })
    }

    /// The atoms that the view shows and that lead to an entity by any of its names, in the order of their ids, and
    /// whether there are more; at most `most` are looked at.
    pub(super) fn leading_to(&self, name: &str, most: usize) -> Result<(Vec<Atom>, bool)> {
        let (mut atoms, mut more, mut left) = (Vec::new(), false, most);
        let mut seen = HashSet::new();
        for name in self.names(name)? {
            let prefix = keys::filed_under(filed::OBJECT, hash_of_object(self.user, &name));
            let rows = self.snapshot.scan(&prefix, &prefix.end(), left.saturating_add(1))?;
            more |= rows.len() > left;
            let slots: Vec<u32> = rows.iter().take(left).filter_map(|(key, _)| key.last_slot()).collect();
            left = left.saturating_sub(slots.len());
            for stored in read_slots(self.snapshot, &slots)?.into_iter().flatten() {
                let Record::Atom(known) = stored.record else { continue };
                let atom = atom_in(&self.ledger, &self.today, &known, self.view.stand(self.now))?;
                let shown = atom.filter(|atom| self.shows(atom) && seen.insert(atom.id));
                atoms.extend(shown);
            }
        }
        atoms.sort_by_key(|atom: &Atom| atom.id);
        Ok((atoms, more))
    }

    /// The entries about a subject in all its names: all of them if they take no more than `most` rows, else some of
    /// each of its predicates, and that there are more.
    fn entries_about(&self, subject: &str, most: usize) -> Result<(Entries, bool)> {
        let mut entries = Entries::new();
        let prefix = |name: &String| keys::ledger(hash_of_name(self.user, name), None, None);
        let prefixes: Vec<Key> = self.names(subject)?.iter().map(prefix).collect();
        for prefix in &prefixes {
            let (read, more) = self.first(prefix, most.saturating_sub(entries.len()))?;
            entries.extend(read);
            if more {
                return Ok((self.some_of_each(&prefixes, most)?, true));
            }
        }
        Ok((entries, false))
    }

    /// Some entries of each predicate: those with few leave their share to those that follow.
    fn some_of_each(&self, subjects: &[Key], most: usize) -> Result<Entries> {
        let mut predicates = Vec::new();
        for subject in subjects {
            let mut from = subject.clone();
            while predicates.len() < PREDICATES_MAX
                && let Some(key) = self.snapshot.keys(&from, &subject.end(), 1)?.pop()
            {
                let predicate = key.ledger_predicate();
                from = predicate.end();
                predicates.push(predicate);
            }
        }
        let mut entries = Entries::new();
        for (at, predicate) in predicates.iter().enumerate() {
            let share = most.saturating_sub(entries.len()) / (predicates.len() - at);
            entries.extend(self.first(predicate, share.max(1))?.0);
        }
        Ok(entries)
    }

    /// The first entries under a key, and whether there are more.
    fn first(&self, prefix: &Key, most: usize) -> Result<(Entries, bool)> {
        let mut rows = self.snapshot.scan(prefix, &prefix.end(), most.saturating_add(1))?;
        let more = rows.len() > most;
        if more && let Some(cut) = rows.last().map(|(key, _)| key.without_part()) {
            // Of the last entry some parts may be missing.
            rows.retain(|(key, _)| key.without_part() != cut);
        }
        let entry = |(key, payload): (Key, Vec<u8>)| Ok((key, decode(&payload)?));
        Ok((join(rows)?.into_iter().map(entry).collect::<Result<_>>()?, more))
    }
}

/// A stored atom as its ledger shows it; `None` if it was not known then. `today` is the ledger of now: an atom that has
/// the main name of its entity may have been known by another one then.
pub(super) fn atom_in(
    ledger: &Ledger<'_>,
    today: &Ledger<'_>,
    known: &Atom,
    now: Timestamp,
) -> Result<Option<Atom>> {
    let place = Place::of_atom(known);
    let user = place.user.as_deref();
    for subject in today.names(user, &place.subject)?.all {
        for object in today.names(user, &place.object)?.all {
            let place = Place { subject: subject.clone(), object, ..place.clone() };
            let cell = ledger.fold(&place, &ledger.cell(&place)?, now)?;
            if let Some(atom) = cell.atom(known.id) {
                return Ok(Some(atom.clone()));
            }
        }
    }
    Ok(None)
}

/// The first and the last of some moments.
pub(super) fn span_of(moments: impl Iterator<Item = Timestamp>) -> Option<(Timestamp, Timestamp)> {
    moments.fold(None, |span, moment| {
        let (first, last) = span.unwrap_or((moment, moment));
        Some((first.min(moment), last.max(moment)))
    })
}
