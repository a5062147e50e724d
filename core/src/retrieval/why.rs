//! `explain` and `conflicts`: why an atom stands as it does.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::facts::{cell_of, is_historical};
use super::read::{find, read_slots};
use crate::error::{Code, Error, Result};
use crate::model::{
    Atom, Claim, Conflict, ConflictStatus, HistoricalReason, Id, Record, RecordSort, Standing,
};
use crate::observe::Verb;
use crate::storage::keys;
use crate::tenancy::{Ledger, Place, Rows, Tenant, filed, not_found};
use crate::truth::{Cell, clash_words, grounds_words};

/// Why an atom stands as it does. Printed, it is a few sentences for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The atom.
    pub atom: Atom,
    /// The claims it rests on, in the order of their ids.
    pub claims: Vec<Claim>,
    /// Its conflicts.
    pub conflicts: Vec<Conflict>,
    /// The atoms that the conflicts are with, and those it took the place of.
    pub others: Vec<Atom>,
    /// Why it stands as it does, as a sentence.
    pub because: String,
}

impl Tenant {
    /// Why an atom stands as it does: its evidence, its conflicts, and what settled them.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let berlin = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// let why = tenant.explain(berlin.id)?;
    /// assert!(why.to_string().starts_with("'Mara lives in Berlin' is historical: only one value is possible"));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`; `record.sort` for an episode; those of reading the store.
    pub fn explain(&self, id: Id) -> Result<Explanation> {
        self.call(Verb::Explain, |work| {
            work.id(id);
            self.explained(id)
        })
    }

    fn explained(&self, id: Id) -> Result<Explanation> {
        let snapshot = self.snapshot()?;
        let stored = find(snapshot.as_ref(), id)?.ok_or_else(|| not_found(id))?;
        let Record::Atom(known) = stored.record else {
            return Err(Error::draft(Code::RecordSort, "only an atom is explained")
                .got(format!("{id}, an {:?}", RecordSort::Episode))
                .expected("the id of an atom")
                .remedy("a hit of a search says itself why it was returned"));
        };
        let ledger = Ledger::open(&snapshot, None)?;
        let entries = ledger.cell(&Place::of_atom(&known))?;
        let cell = ledger.fold(&Place::of_atom(&known), &entries, self.common().now())?;
        let atom = cell.atom(id).ok_or_else(|| not_found(id))?.clone();
        let claims = entries.iter().filter_map(|(_, item)| item.claim());
        let claims = claims.filter(|claim| cell.atom_of(claim.id) == Some(id)).cloned().collect();
        let of_it = |conflict: &&Conflict| [conflict.first, conflict.second].contains(&id);
        let conflicts: Vec<Conflict> = cell.conflicts.iter().filter(of_it).cloned().collect();
        let named = |other: &&Atom| {
            let in_conflict =
                conflicts.iter().any(|conflict| [conflict.first, conflict.second].contains(&other.id));
            other.id != id
                && (in_conflict
                    || atom.supersedes.contains(&other.id)
                    || atom.superseded_by == Some(other.id))
        };
        let as_stored = |judged: &Atom| -> Result<Atom> {
            let stored = self.stored(judged.id)?;
            let known = stored.as_ref().and_then(|stored| stored.record.as_atom()).unwrap_or(judged);
            Ok(Atom { version: known.version, recorded_at: known.recorded_at, ..judged.clone() })
        };
        let others = cell.atoms.iter().filter(named).map(as_stored).collect::<Result<Vec<Atom>>>()?;
        let because = because(&atom, &cell);
        let atom = Atom { version: known.version, recorded_at: known.recorded_at, ..atom };
        Ok(Explanation { atom, claims, conflicts, others, because })
    }

    /// Conflicts of the tenant in the order of their ids: the open ones, or with `settled` all that are on record. An
    /// open one is settled by [`Tenant::resolve`], a settled one undone by undoing what settled it.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn conflicts(&self, settled: bool) -> Result<Vec<Conflict>> {
        self.call(Verb::Conflicts, |work| {
            let value = self.clashes(settled)?;
            work.found(value.len());
            Ok(value)
        })
    }

    fn clashes(&self, settled: bool) -> Result<Vec<Conflict>> {
        let snapshot = self.snapshot()?;
        let now = self.common().now();
        let ledger = Ledger::open(&snapshot, None)?;
        let mut conflicts: BTreeMap<Id, Conflict> = BTreeMap::new();
        let mut seen: HashSet<Id> = HashSet::new();
        for purpose in [filed::DISPUTED, filed::SUPERSEDED].into_iter().take(if settled { 2 } else { 1 }) {
            let rows = snapshot.rows(&keys::filed_for(purpose))?;
            let slots: Vec<u32> = rows.iter().filter_map(|(key, _)| key.last_slot()).collect();
            for stored in read_slots(snapshot.as_ref(), &slots)?.into_iter().flatten() {
                let Record::Atom(atom) = stored.record else { continue };
                let in_scope = self.scope().user.is_none() || self.scope().user == atom.scope.user;
                if !in_scope || seen.contains(&atom.id) {
                    continue;
                }
                let cell = cell_of(&ledger, &atom, now)?;
                seen.extend(cell.atoms.iter().map(|atom| atom.id));
                let wanted = |conflict: &Conflict| settled || conflict.status == ConflictStatus::Open;
                let shown = cell.conflicts.into_iter().filter(wanted);
                conflicts.extend(shown.map(|conflict| (conflict.id, conflict)));
            }
        }
        Ok(conflicts.into_values().collect())
    }
}

/// Why an atom stands as it does, as a sentence without values.
fn because(atom: &Atom, cell: &Cell) -> String {
    let conflict = |with: Id| {
        let of_both = |conflict: &&Conflict| {
            let pair = [conflict.first, conflict.second];
            pair.contains(&atom.id) && pair.contains(&with)
        };
        cell.conflicts.iter().find(of_both)
    };
    let settled = |with: Id| {
        let conflict = conflict(with)?;
        match conflict.status {
            ConflictStatus::Settled { grounds, .. } => Some(format!(
                "{}; the one that holds does because {}",
                clash_words(conflict.clash),
                grounds_words(grounds)
            )),
            ConflictStatus::Open => None,
        }
    };
    let lost = atom.superseded_by.and_then(settled);
    match atom.standing {
        Standing::Historical(HistoricalReason::Retracted) => "it was taken back".to_owned(),
        Standing::Historical(HistoricalReason::Ended) => "its time is over".to_owned(),
        Standing::Historical(HistoricalReason::Refined) => "more of the same is known".to_owned(),
        Standing::Historical(_) => lost.unwrap_or_else(|| "another claim took its place".to_owned()),
        _ if atom.is_disputed() => {
            let clash = atom.disputed_with.iter().find_map(|&with| conflict(with));
            let words = clash.map_or("it is contradicted", |conflict| clash_words(conflict.clash));
            format!("{words}, and nothing decides between them")
        }
        _ => {
            let won = atom.supersedes.iter().find_map(|&with| settled(with));
            won.unwrap_or_else(|| "nothing known stands against it".to_owned())
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Explanation { atom, claims, others, because, .. } = self;
        let standing = match atom.standing {
            _ if atom.is_disputed() => "disputed",
            Standing::Unsubstantiated => "heard, not yet believed",
            Standing::Substantiated => "believed",
            Standing::Historical(_) => "historical",
        };
        writeln!(f, "'{}' is {standing}: {because}.", atom.sentence())?;
        for claim in claims {
            let source = claim
                .holder
                .as_ref()
                .map_or_else(String::new, |holder| format!(" as the belief of {holder}"));
            let (provenance, said_at) = (format!("{:?}", claim.provenance).to_lowercase(), claim.said_at);
            writeln!(f, "- {provenance} at {said_at} with confidence {:.2}{source}", claim.confidence)?;
        }
        for other in others {
            let standing = if is_historical(other) { "no longer holds" } else { "holds" };
            writeln!(f, "- against '{}', which {standing}", other.sentence())?;
        }
        Ok(())
    }
}
