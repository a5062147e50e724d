//! `facts` and its kin: what is believed of a subject, now or as it was believed then.

use super::beliefs::{Beliefs, atom_in};
use super::read::find;
use super::view::View;
use crate::error::Result;
use crate::limits::TERM_BYTES_MAX;
use crate::model::{Atom, Id, Record, Standing, Timestamp, check_text};
use crate::observe::Verb;
use crate::storage::Snapshot;
use crate::tenancy::{Ledger, Names, Place, Tenant, not_found};
use crate::truth::{Cell, Item, Object};

/// Which facts are asked for. Built in chains: `FactQuery::about("Mara").predicate("lives_in")`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactQuery {
    /// What they are about, by any of its names.
    pub subject: String,
    /// Only those of this predicate's slot.
    pub predicate: Option<String>,
    /// Only those with this value, however it is spelled.
    pub object: Option<String>,
    /// From where in time.
    pub view: View,
    /// Whether atoms that do not hold at that moment are returned too.
    pub historical: bool,
}

impl FactQuery {
    /// All that is believed of a subject.
    pub fn about(subject: impl Into<String>) -> Self {
        FactQuery { subject: subject.into(), ..FactQuery::default() }
    }

    /// Only of a predicate's slot.
    #[must_use]
    pub fn predicate(mut self, predicate: impl Into<String>) -> Self {
        self.predicate = Some(predicate.into());
        self
    }

    /// Only with a value.
    #[must_use]
    pub fn object(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// True at a moment.
    #[must_use]
    pub fn valid_at(mut self, moment: Timestamp) -> Self {
        self.view.valid_at = Some(moment);
        self
    }

    /// Held by the store at a moment.
    #[must_use]
    pub fn as_of(mut self, moment: Timestamp) -> Self {
        self.view.as_of = Some(moment);
        self
    }

    /// With what does not hold.
    #[must_use]
    pub fn with_historical(mut self) -> Self {
        self.historical = true;
        self
    }
}

/// An atom that leads from one entity to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbor {
    /// The name at the other end.
    pub name: String,
    /// How the entity that was asked about is related to it: the atom's predicate, or its inverse where the atom is about
    /// the other end. `None` if that has no name.
    pub relation: Option<String>,
    /// Whether the atom is about the entity that was asked about, and not about the other end.
    pub outgoing: bool,
    /// The atom.
    pub atom: Atom,
}

impl Tenant {
    /// What is believed of a subject, in the order in which it was first known. The subject is one of the handle's user.
    ///
    /// ```
    /// use ebbmark::{FactQuery, NewFact, Options, Store, Timestamp};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let (then, later) = (Timestamp::from_seconds(1_500_000_000), Timestamp::from_seconds(1_600_000_000));
    /// tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto").valid_from(later))?;
    /// tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin").valid_from(then))?;
    /// let home = FactQuery::about("Mara").predicate("lives_in");
    /// assert_eq!(tenant.facts(&home)?[0].object, "Porto");
    /// assert_eq!(tenant.facts(&home.valid_at(then))?[0].object, "Berlin");
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `text.*`; those of reading the store.
    pub fn facts(&self, query: &FactQuery) -> Result<Vec<Atom>> {
        self.call(Verb::Facts, |work| {
            let value = self.believed(query)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn believed(&self, query: &FactQuery) -> Result<Vec<Atom>> {
        let subject = check_text("a subject", &query.subject, TERM_BYTES_MAX)?;
        let snapshot = self.snapshot()?;
        let now = self.common().now();
        let user = self.scope().user.as_deref();
        let subject = self.own_name(subject);
        let ledger = Ledger::open(&snapshot, query.view.as_of)?;
        let entries = ledger.about(user, &subject, query.predicate.as_deref())?;
        let object = query.object.as_deref();
        let objects = object.map(|object| ledger.names(user, object)).transpose()?;
        let mut facts = Vec::new();
        for (place, items) in ledger.parted(entries)? {
            let predicate = ledger.ontology.get(&place.predicate);
            let items: Vec<&Item> = items.iter().collect();
            let cell = ledger.fold_items(&predicate, &items, query.view.stand(now))?;
            facts.extend(cell.atoms.into_iter().filter(|atom| {
                (query.historical || query.view.shows(atom, now))
                    && objects.as_ref().is_none_or(|names| is_named(names, &atom.object))
            }));
        }
        facts.sort_by_key(|atom| atom.id);
        self.with_bookkeeping(snapshot.as_ref(), facts)
    }

    /// The entities that atoms lead to from one, and from which atoms lead to it, by any of its names.
    ///
    /// # Errors
    /// `text.*`; those of reading the store.
    pub fn neighbors(&self, name: &str, view: View) -> Result<Vec<Neighbor>> {
        self.call(Verb::Neighbors, |work| {
            let value = self.related(name, view)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn related(&self, name: &str, view: View) -> Result<Vec<Neighbor>> {
        let query = FactQuery { subject: name.to_owned(), view, ..FactQuery::default() };
        let mut neighbors: Vec<Neighbor> =
            self.believed(&query)?.into_iter().map(outgoing_neighbor).collect();
        let snapshot = self.snapshot()?;
        let (user, now) = (self.scope().user.as_deref(), self.common().now());
        let beliefs = Beliefs::open(&snapshot, snapshot.as_ref(), user, view, now)?;
        let (incoming, _) = beliefs.leading_to(&self.own_name(name.to_owned()), usize::MAX)?;
        for atom in self.with_bookkeeping(snapshot.as_ref(), incoming)? {
            neighbors.push(incoming_neighbor(&beliefs.ledger, atom));
        }
        Ok(neighbors)
    }

    /// A record as a view shows it: an atom as it was judged then, an episode in the version of then.
    ///
    /// # Errors
    /// `record.not_found`, also if the store did not know it then or it was not true then; `row.damaged`.
    pub fn get_at(&self, id: Id, view: View) -> Result<Record> {
        self.call(Verb::GetAt, |work| {
            work.id(id);
            self.as_shown(id, view)
        })
    }

    pub(super) fn as_shown(&self, id: Id, view: View) -> Result<Record> {
        let snapshot = self.snapshot()?;
        let now = self.common().now();
        let stored = find(snapshot.as_ref(), id)?.ok_or_else(|| not_found(id))?;
        match stored.record {
            Record::Atom(known) => {
                let ledger = Ledger::open(&snapshot, view.as_of)?;
                let today = Ledger::open(&snapshot, None)?;
                let atom = atom_in(&ledger, &today, &known, view.stand(now))?;
                let atom = atom.filter(|atom| view.valid_at.is_none() || view.shows(atom, now));
                let atom = self.with_bookkeeping(snapshot.as_ref(), atom.into_iter().collect())?.pop();
                atom.map(Record::Atom).ok_or_else(|| not_found(id))
            }
            Record::Episode(_) => {
                let versions = self.versions(id)?;
                let known = |recorded: Timestamp| view.as_of.is_none_or(|as_of| recorded <= as_of);
                let mut records = versions.into_iter().map(|revision| revision.record).rev();
                let then = records.find(|record| known(record.recorded_at()));
                let said = |record: &Record| {
                    record.as_episode().is_some_and(|episode| {
                        view.valid_at.is_none_or(|moment| episode.occurred_at <= moment)
                    })
                };
                then.filter(said).ok_or_else(|| not_found(id))
            }
        }
    }

    /// The names of the entity that a name belongs to, the main one first. A name that stands alone is an entity of its own.
    ///
    /// # Errors
    /// `text.*`; those of reading the store.
    pub fn entity(&self, name: &str) -> Result<Vec<String>> {
        self.call(Verb::Entity, |work| {
            let value = self.names_of(name)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn names_of(&self, name: &str) -> Result<Vec<String>> {
        let name = check_text("a name", name, TERM_BYTES_MAX)?;
        let snapshot = self.snapshot()?;
        Ok(Ledger::open(&snapshot, None)?.names(self.scope().user.as_deref(), &name)?.all)
    }

    /// Gives folded atoms the version and record time of the stored ones.
    pub(super) fn with_bookkeeping(
        &self,
        snapshot: &dyn Snapshot,
        mut atoms: Vec<Atom>,
    ) -> Result<Vec<Atom>> {
        for atom in &mut atoms {
            if let Some(Record::Atom(known)) = find(snapshot, atom.id)?.map(|stored| stored.record) {
                (atom.version, atom.recorded_at) = (known.version, known.recorded_at);
            }
        }
        Ok(atoms)
    }
}

/// What an atom leads to.
pub(super) fn outgoing_neighbor(atom: Atom) -> Neighbor {
    let (name, relation) = (atom.object.clone(), Some(atom.predicate.clone()));
    Neighbor { name, relation, outgoing: true, atom }
}

/// What an atom leads here from.
pub(super) fn incoming_neighbor(ledger: &Ledger<'_>, atom: Atom) -> Neighbor {
    let predicate = ledger.ontology.get(&atom.predicate);
    let relation = if predicate.symmetric { Some(&predicate.name) } else { predicate.inverse.as_ref() };
    Neighbor { name: atom.subject.clone(), relation: relation.cloned(), outgoing: false, atom }
}

/// Whether a value is one of these names, or more of the same.
fn is_named(names: &Names, value: &str) -> bool {
    let value = Object::of(value);
    names.all.iter().map(|name| Object::of(name)).any(|name| value == name || value.refines(&name))
}

/// The cell of a stored atom.
pub(super) fn cell_of(ledger: &Ledger<'_>, known: &Atom, now: Timestamp) -> Result<Cell> {
    let place = Place::of_atom(known);
    ledger.fold(&place, &ledger.cell(&place)?, now)
}

/// Whether an atom no longer holds.
pub(super) fn is_historical(atom: &Atom) -> bool {
    matches!(atom.standing, Standing::Historical(_))
}
