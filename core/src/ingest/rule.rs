//! `confirm`, `retract`, `resolve` and `undo`: the verbs on what was claimed.

use super::assert::{Assertion, lost};
use super::settle::{Effect, Opened, Operation, add_entry, open, open_all, places_of_entries, put_entry};
use super::{entities, predicates};
use crate::error::{Code, Error, Result};
use crate::limits::{CONTEXTS_MAX, TERM_BYTES_MAX};
use crate::model::{
    Atom, Claim, HistoricalReason, Id, Kind, Provenance, RecordSort, Standing, Trust, check_text,
};
use crate::observe::{Cause, Verb};
use crate::storage::{Key, keys};
use crate::tenancy::{Access, Ledger, Place, Tenant, Write, filed, not_found};
use crate::truth::{Item, Ruling, What, conflict_id};

/// How an open conflict is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// This atom of the two holds.
    Keep(Id),
    /// Both hold, each in its own situations.
    KeepBoth {
        /// Situations of the conflict's first atom.
        first: Vec<String>,
        /// Situations of the conflict's second atom.
        second: Vec<String>,
    },
    /// Both say the same, and this atom says it well.
    Merge(Id),
    /// Neither holds: both are taken back.
    Reject,
}

impl Tenant {
    /// Confirms an atom: the claim is made again, with the provenance `Confirmed`. A supposition becomes a fact;
    /// one whose time is over, or has its dates, is confirmed for its time.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Provenance, Standing, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let heard = NewFact::new("Mara", "works_at", "Acme").provenance(Provenance::Inferred).confidence(0.5);
    /// let heard = tenant.assert_fact(heard)?;
    /// tenant.confirm(heard.id)?;
    /// assert_eq!(tenant.explain(heard.id)?.atom.standing, Standing::Substantiated);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`; `record.sort` for an episode; `atom.retracted`; `access.denied`.
    pub fn confirm(&self, atom: Id) -> Result<Assertion> {
        self.call(Verb::Confirm, |work| {
            work.id(atom);
            self.confirm_atom(atom)
        })
    }

    fn confirm_atom(&self, atom: Id) -> Result<Assertion> {
        self.require(Access::ReadWrite)?;
        self.write(Cause::Confirm, |write| {
            let (known, before) = open_atom(write, atom)?;
            if known.standing == Standing::Historical(HistoricalReason::Retracted) {
                return Err(retracted(atom));
            }
            let told = first_claim(&before, atom)?;
            let overruled = known.standing == Standing::Historical(HistoricalReason::Overruled);
            let past = matches!(known.standing, Standing::Historical(_)) && !overruled;
            let now = write.now();
            let to_come = known.valid_from.is_some_and(|from| from > now);
            let dated = past || !overruled && (to_come || known.valid_to.is_some());
            let id = self.common().next_id();
            let claim = Claim {
                id,
                atom: id,
                provenance: Provenance::Confirmed,
                confidence: 1.0,
                kind: told.kind.filter(|kind| *kind != Kind::Hypothesis),
                trust: Trust::High,
                valid_from: known.valid_from.filter(|_| dated),
                valid_to: known.valid_to.filter(|_| dated),
                said_at: write.now(),
                supports: Vec::new(),
                actor: write.actor().to_owned(),
                ..told.clone()
            };
            self.enter(write, before, claim, &self.unasked())
        })
    }

    /// Takes an atom back: its claims no longer count, and what it had taken the place of holds again.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let berlin = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// let porto = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// assert_eq!(tenant.retract(porto.id)?.restored, [berlin.id]);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`; `record.sort` for an episode; `atom.retracted`; `access.denied`.
    pub fn retract(&self, atom: Id) -> Result<Effect> {
        self.call(Verb::Retract, |work| {
            work.id(atom);
            self.withdraw(atom)
        })
    }

    fn withdraw(&self, atom: Id) -> Result<Effect> {
        self.require(Access::ReadWrite)?;
        self.write(Cause::Retract, |write| {
            let (known, before) = open_atom(write, atom)?;
            if known.standing == Standing::Historical(HistoricalReason::Retracted) {
                return Err(retracted(atom));
            }
            let ruling = Ruling::Withdraw(before.cell.claims_of(atom).collect());
            let place = Place::of(first_claim(&before, atom)?);
            self.rule(write, vec![(place, ruling)], &[before])
        })
    }

    /// Settles an open conflict. See [`Tenant::conflicts`].
    ///
    /// ```
    /// use ebbmark::{FactQuery, NewFact, Options, Outcome, Resolution, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let third = tenant.assert_fact(NewFact::new("Mara", "birthday", "March 3"))?;
    /// let fourth = tenant.assert_fact(NewFact::new("Mara", "birthday", "March 4"))?;
    /// assert_eq!(fourth.outcome, Outcome::Disputed);
    /// let conflict = tenant.conflicts(false)?.remove(0);
    /// tenant.resolve(conflict.id, &Resolution::Keep(third.id))?;
    /// assert_eq!(tenant.facts(&FactQuery::about("Mara"))?[0].object, "March 3");
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `conflict.not_found`, `conflict.settled`, `conflict.resolution` for an atom that is not of the conflict or the
    /// same situations for both; `text.*`; `range.invalid` for too many situations; `access.denied`.
    pub fn resolve(&self, conflict: Id, resolution: &Resolution) -> Result<Effect> {
        self.call(Verb::Resolve, |work| {
            work.id(conflict);
            self.settle_conflict(conflict, resolution)
        })
    }

    fn settle_conflict(&self, conflict: Id, resolution: &Resolution) -> Result<Effect> {
        self.require(Access::ReadWrite)?;
        let resolution = check_resolution(resolution)?;
        self.write(Cause::Resolve, |write| {
            let (first, second) = disputing(write, conflict)?;
            let (_, before) = open_atom(write, first)?;
            let place = |atom: Id| Ok::<Place, Error>(Place::of(first_claim(&before, atom)?));
            let other = |atom: Id| match atom {
                _ if atom == first => Ok(second),
                _ if atom == second => Ok(first),
                _ => Err(odd_resolution(format!("the atom {atom}"), "one of the conflict's two atoms")),
            };
            let rulings = match &resolution {
                Resolution::Keep(winner) => {
                    let ruling = Ruling::Prefer { winner: *winner, loser: other(*winner)? };
                    vec![(place(*winner)?, ruling)]
                }
                Resolution::Merge(keep) => {
                    let ruling = Ruling::Same { keep: *keep, other: other(*keep)? };
                    vec![(place(*keep)?, ruling)]
                }
                Resolution::Reject => {
                    let claims = [first, second].into_iter().flat_map(|atom| before.cell.claims_of(atom));
                    vec![(place(first)?, Ruling::Withdraw(claims.collect()))]
                }
                Resolution::KeepBoth { first: one, second: two } => vec![
                    (place(first)?, Ruling::Narrow { atom: first, contexts: one.clone() }),
                    (place(second)?, Ruling::Narrow { atom: second, contexts: two.clone() }),
                ],
            };
            self.rule(write, rulings, std::slice::from_ref(&before))
        })
    }

    /// Undoes an operation: an assertion with all it superseded, a confirmation, a retraction, a resolution, a merge of
    /// entities, a definition of a predicate, or an undo. The tenant is as if the operation had not been made; what was
    /// believed in between is still told by `as_of`.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let berlin = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// let porto = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// assert_eq!(tenant.undo(porto.operation)?.restored, [berlin.id]);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `operation.not_found`, `operation.undone` if it was undone before, `access.denied`; those of defining a predicate.
    pub fn undo(&self, operation: Id) -> Result<Effect> {
        self.call(Verb::Undo, |work| {
            work.id(operation);
            self.toggle(operation)
        })
    }

    fn toggle(&self, operation: Id) -> Result<Effect> {
        self.require(Access::ReadWrite)?;
        let effect = self.write(Cause::Undo, |write| {
            let mut known = Operation::get(write, operation)?;
            if known.undone {
                return Err(Error::draft(Code::OperationUndone, "the operation was undone before")
                    .got(operation)
                    .expected("an operation that is in force")
                    .remedy("undo the undo, if it is to be in force again"));
            }
            let id = self.common().next_id();
            let mut places = places_of_entries(write, &known.entries)?;
            for ends in &known.links {
                places.extend(entities::places_of_both(write, ends)?);
            }
            if let Some(definition) = known.definition {
                self.require(Access::Admin)?;
                places.extend(predicates::places_of_definition(write, definition)?);
            }
            places.sort_unstable();
            places.dedup();
            let before = open_all(write, &places)?;
            for key in &known.entries {
                toggle_entry(write, key)?;
            }
            for ends in &known.links {
                entities::toggle_link(write, ends)?;
            }
            if let Some(definition) = known.definition {
                predicates::toggle(write, definition)?;
            }
            known.undone = true;
            known.put(write, operation)?;
            // What an undo undid is in force again, what that had undone is not, and so on.
            let (mut next, mut undone) = (known.undoes, false);
            while let Some(id) = next {
                let operation = Operation { undone, ..Operation::get(write, id)? };
                operation.put(write, id)?;
                (next, undone) = (operation.undoes, !undone);
            }
            Operation {
                at: write.now(),
                actor: write.actor().to_owned(),
                undoes: Some(operation),
                undone: false,
                ..known
            }
            .put(write, id)?;
            Ok(Effect::of(Some(id), self.settle_or_defer(write, before)?))
        })?;
        self.settle_deferred(Cause::Undo, None, effect)
    }

    /// Enters rulings as one operation and settles the cells that they are about.
    fn rule(
        &self,
        write: &mut Write<'_>,
        rulings: Vec<(Place, Ruling)>,
        before: &[Opened],
    ) -> Result<Effect> {
        let id = self.common().next_id();
        let mut operation = Operation::new(write);
        for (number, (place, ruling)) in rulings.into_iter().enumerate() {
            let entry = if number == 0 { id } else { self.common().next_id() };
            let key = add_entry(write, &place, entry, What::Ruling(ruling))?;
            operation.entries.push(key.as_bytes().to_vec());
        }
        operation.put(write, id)?;
        Ok(Effect::of(Some(id), self.settle_cells(write, before)?))
    }
}

/// An atom as it stands, with its cell.
pub(super) fn open_atom(write: &Write<'_>, id: Id) -> Result<(Atom, Opened)> {
    let (_, stored) = write.find(id)?.ok_or_else(|| not_found(id))?;
    let Some(atom) = stored.record.as_atom() else {
        return Err(Error::draft(Code::RecordSort, "only a claim can be judged")
            .got(format!("{id}, an {:?}", RecordSort::Episode))
            .expected("the id of an atom")
            .remedy("update or delete the episode"));
    };
    let opened = open(write, &Place::of_atom(atom))?;
    let known = opened.cell.atom(id).cloned().ok_or_else(lost)?;
    Ok((known, opened))
}

/// The claim that founded an atom, as far as it is still there.
fn first_claim(opened: &Opened, atom: Id) -> Result<&Claim> {
    let claims = opened.entries.iter().filter_map(|(_, item)| item.claim());
    let mut own = claims.filter(|claim| opened.cell.atom_of(claim.id) == Some(atom));
    own.next().ok_or_else(lost)
}

fn toggle_entry(write: &mut Write<'_>, key: &[u8]) -> Result<()> {
    let key = Key::of_bytes(key);
    // An entry whose episode was deleted since is not there any more.
    let found = Ledger::open(write, None)?.entries(&key)?.pop();
    let Some((_, mut item)) = found else { return Ok(()) };
    let item: &mut Item = &mut item;
    item.toggles.push(write.now());
    put_entry(write, &key, item)
}

/// The two atoms of an open conflict.
fn disputing(write: &Write<'_>, conflict: Id) -> Result<(Id, Id)> {
    for (key, _) in write.scan(&keys::filed_under(filed::CONFLICT, conflict.as_u128()))? {
        let slot = key.last_slot().unwrap_or(0);
        let Some(stored) = write.stored(slot)? else { continue };
        let Some(atom) = stored.record.as_atom() else { continue };
        let of_it = |other: &&Id| conflict_id(atom.id, **other) == conflict;
        if let Some(&other) = atom.disputed_with.iter().find(of_it) {
            return Ok((atom.id.min(other), atom.id.max(other)));
        }
        return Err(Error::draft(Code::ConflictSettled, "the conflict is settled")
            .got(conflict)
            .expected("an open conflict")
            .remedy("confirm or retract one of its atoms, or undo what settled it"));
    }
    Err(Error::draft(Code::ConflictNotFound, "there is no such conflict")
        .got(conflict)
        .expected("the id of an open conflict of this tenant")
        .remedy("list the conflicts; a resolved one is gone"))
}

fn check_resolution(resolution: &Resolution) -> Result<Resolution> {
    let Resolution::KeepBoth { first, second } = resolution else { return Ok(resolution.clone()) };
    if first.len().max(second.len()) > CONTEXTS_MAX {
        return Err(Error::draft(Code::RangeInvalid, "a resolution names too many situations")
            .got(first.len().max(second.len()))
            .expected(format!("at most {CONTEXTS_MAX} for each atom"))
            .remedy("name the ones that matter most"));
    }
    let checked = |contexts: &[String]| -> Result<Vec<String>> {
        contexts.iter().map(|context| check_text("a context", context, TERM_BYTES_MAX)).collect()
    };
    let (first, second) = (checked(first)?, checked(second)?);
    let same = |one: &[String], other: &[String]| one.iter().all(|context| other.contains(context));
    if same(&first, &second) && same(&second, &first) {
        return Err(odd_resolution("the same situations for both".to_owned(), "different situations"));
    }
    Ok(Resolution::KeepBoth { first, second })
}

fn odd_resolution(got: String, expected: &str) -> Error {
    Error::draft(Code::ConflictResolution, "the resolution does not fit the conflict")
        .got(got)
        .expected(expected)
        .remedy("look at the conflict and name one of its atoms")
}

fn retracted(atom: Id) -> Error {
    Error::draft(Code::AtomRetracted, "the atom was taken back before")
        .got(atom)
        .expected("an atom that was not taken back")
        .remedy("undo the retraction, or assert the fact anew")
}
