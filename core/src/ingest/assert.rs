//! `assert_fact`: a claim in, a verdict out.

use std::collections::HashSet;

use super::add::check_unit;
use crate::error::{Code, Error, Result};
use crate::limits::{CONTEXTS_MAX, SUPPORTS_MAX, TERM_BYTES_MAX};
use crate::model::{
    Atom, HistoricalReason, Id, NewFact, Provenance, Record, RecordSort, RevisionKind, Standing, Timestamp,
    check_text,
};
use crate::observe::ChangeKind;
use crate::storage::{big_endian_u32, keys};
use crate::tenancy::{Access, Stored, Tenant, VectorState, Write, filed_hashes, gather, space_of};
use crate::truth::{Verdict, claimed_from, judge, normal_predicate, predicate};

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is new and stands beside what was known.
    Added,
    /// It was known: its evidence grew.
    Reinforced,
    /// It took the place of the claims it contradicts.
    Superseded,
    /// A current claim is newer or better trusted: this one is kept as historical.
    Rejected,
}

/// The verdict on a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The atom that holds the claim.
    pub id: Id,
    /// What became of it.
    pub outcome: Outcome,
    /// The atoms whose place it took.
    pub superseded: Vec<Id>,
    /// Why, as a sentence. It names the predicate, never the values.
    pub reason: String,
}

impl Tenant {
    /// Asserts a claim, and settles it against what is known of the same subject and predicate.
    ///
    /// Claims of one user compete where subject and predicate are the same, contexts are the same, and times overlap.
    /// The same claim again reinforces. A predicate with one value at a time (`lives_in`, `works_at`, ..) takes the
    /// claim of the better provenance, and of two alike the one that holds from a later moment; the other is kept as
    /// historical, with the times at which it was true and was held. A claim whose time is over is kept as historical
    /// and retires nothing. All else is added. An atom keeps its first 64 supports.
    ///
    /// # Errors
    /// `text.*`, `range.invalid`, `interval.inverted`, `vector.*`, `record.not_found` for an unknown
    /// support, `access.denied`: nothing was written.
    pub fn assert_fact(&self, fact: NewFact) -> Result<Assertion> {
        self.require(Access::ReadWrite)?;
        let fact = self.check_fact(fact)?;
        let sentence = atom_of(&fact, Id::from_u128(0), Timestamp::MIN).sentence();
        let embedded = gather(self.context(), &[(&sentence, fact.vector.as_deref())])?;
        let found = Vector {
            pending: embedded.failure.is_some(),
            vector: embedded.vectors.into_iter().next().flatten(),
        };
        self.write(|write| self.settle_claim(write, &fact, &found))
    }

    fn check_fact(&self, mut fact: NewFact) -> Result<NewFact> {
        fact.subject = check_text("a subject", &fact.subject, TERM_BYTES_MAX)?;
        fact.predicate = check_text("a predicate", &fact.predicate, TERM_BYTES_MAX)?;
        fact.object = check_text("an object", &fact.object, TERM_BYTES_MAX)?;
        for (what, count, limit) in
            [("contexts", fact.contexts.len(), CONTEXTS_MAX), ("supports", fact.supports.len(), SUPPORTS_MAX)]
        {
            if count > limit {
                return Err(Error::draft(Code::RangeInvalid, format!("a fact has too many {what}"))
                    .got(count)
                    .expected(format!("at most {limit}"))
                    .remedy("name the ones that matter most"));
            }
        }
        for context in &mut fact.contexts {
            *context = check_text("a context", context, TERM_BYTES_MAX)?;
        }
        check_unit("a confidence", fact.confidence)?;
        let mut seen = HashSet::new();
        fact.supports.retain(|support| seen.insert(*support));
        fact.scope = fact.scope.or(self.scope());
        fact.scope.check()?;
        if let (Some(from), Some(to)) = (fact.valid_from, fact.valid_to)
            && to <= from
        {
            return Err(Error::draft(Code::IntervalInverted, "a fact would end before it begins")
                .got(format!("valid to {to}"))
                .expected(format!("after {from}"))
                .remedy("correct the interval"));
        }
        Ok(fact)
    }

    fn settle_claim(&self, write: &mut Write<'_>, fact: &NewFact, found: &Vector) -> Result<Assertion> {
        check_supports(write, fact)?;
        let filed = filed(write, fact)?;
        let atoms: Vec<Atom> =
            filed.iter().filter_map(|(_, stored)| stored.record.as_atom().cloned()).collect();
        let now = write.now();
        let verdict = judge(fact, now, &atoms);
        let reason = reason(&verdict, &fact.predicate);
        let at = |position: usize| filed.get(position).zip(atoms.get(position)).ok_or_else(lost);
        let mut new = atom_of(fact, self.context().next_id(), now);
        let outcome = match verdict {
            Verdict::Reinforce(position) => {
                let ((slot, stored), atom) = at(position)?;
                let atom = reinforced(atom, fact, now);
                let id = atom.id;
                self.reinforce(write, *slot, stored, atom, found)?;
                return Ok(Assertion { id, outcome: Outcome::Reinforced, superseded: Vec::new(), reason });
            }
            Verdict::Add => Outcome::Added,
            Verdict::AddEnded => {
                new.standing = Standing::Historical(HistoricalReason::Ended);
                Outcome::Added
            }
            Verdict::Supersede(positions) => {
                for position in positions {
                    let ((slot, stored), atom) = at(position)?;
                    new.supersedes.push(atom.id);
                    let until = new.valid_from.unwrap_or(now);
                    let next = self.next_version(
                        write,
                        stored,
                        retired(atom, new.id, until, now),
                        RevisionKind::Superseded,
                    )?;
                    write.set(*slot, &next, ChangeKind::Superseded)?;
                }
                Outcome::Superseded
            }
            Verdict::Overruled(position) => {
                let (_, atom) = at(position)?;
                new = Atom { version: 1, ..retired(&new, atom.id, atom.begins(), now) };
                Outcome::Rejected
            }
        };
        let (id, superseded) = (new.id, new.supersedes.clone());
        self.admit(write, found)?;
        write.add(Record::Atom(new), found.vector.as_deref(), found.pending)?;
        Ok(Assertion { id, outcome, superseded, reason })
    }

    fn admit(&self, write: &mut Write<'_>, found: &Vector) -> Result<()> {
        found.vector.as_ref().map_or(Ok(()), |vector| write.admit(&space_of(self.context(), vector)))
    }

    /// Stores a reinforced atom; one that lacked a vector takes the one that came with the claim.
    fn reinforce(
        &self,
        write: &mut Write<'_>,
        slot: u32,
        stored: &Stored,
        atom: Atom,
        found: &Vector,
    ) -> Result<()> {
        let next = self.next_version(write, stored, atom, RevisionKind::Reinforced)?;
        if stored.vector == VectorState::Present || found.vector.is_none() {
            return write.set(slot, &next, ChangeKind::Reinforced);
        }
        self.admit(write, found)?;
        let next = Stored { vector: VectorState::Present, ..next };
        write.replace(slot, stored, next, found.vector.as_deref(), ChangeKind::Reinforced)
    }

    /// The stored form of an atom's next version; the former one is kept in its history.
    fn next_version(
        &self,
        write: &mut Write<'_>,
        stored: &Stored,
        atom: Atom,
        made_by: RevisionKind,
    ) -> Result<Stored> {
        write.keep_revision(stored)?;
        let (record, actor) = (Record::Atom(atom), self.actor().to_owned());
        Ok(Stored { record, made_by, actor, ..stored.clone() })
    }
}

/// What could be had of a claim's vector.
struct Vector {
    vector: Option<Vec<f32>>,
    /// It could not be had, and the claim waits for it.
    pending: bool,
}

fn check_supports(write: &Write<'_>, fact: &NewFact) -> Result<()> {
    for &support in &fact.supports {
        let known = write.find(support)?.is_some_and(|(_, found)| found.record.sort() == RecordSort::Episode);
        if !known {
            return Err(Error::draft(Code::RecordNotFound, "a fact names a support that is not there")
                .got(support)
                .expected("the id of an episode of this tenant")
                .remedy("add the episode first"));
        }
    }
    Ok(())
}

/// The atoms filed under a claim's subject and slot name.
fn filed(write: &Write<'_>, fact: &NewFact) -> Result<Vec<(u32, Stored)>> {
    let (subject, name) =
        filed_hashes(fact.scope.user.as_deref(), &fact.subject, &fact.predicate, &fact.object);
    let mut filed = Vec::new();
    for (key, _) in write.scan(&keys::filed_under(subject, name))? {
        let slot = key.body().get(16..).map_or(0, big_endian_u32);
        filed.extend(write.stored(slot)?.map(|stored| (slot, stored)));
    }
    Ok(filed)
}

fn atom_of(fact: &NewFact, id: Id, now: Timestamp) -> Atom {
    let known = predicate(&normal_predicate(&fact.predicate));
    Atom {
        id,
        subject: fact.subject.clone(),
        predicate: fact.predicate.clone(),
        object: fact.object.clone(),
        contexts: fact.contexts.clone(),
        kind: fact.kind.or(known.map(|predicate| predicate.kind)).unwrap_or_default(),
        standing: standing(fact.provenance, fact.confidence),
        provenance: fact.provenance,
        confidence: fact.confidence,
        assertions: 1,
        supports: fact.supports.clone(),
        scope: fact.scope.clone(),
        valid_from: claimed_from(fact, now),
        valid_to: fact.valid_to,
        recorded_at: now,
        retired_at: None,
        asserted_at: now,
        asserted_from: fact.valid_from.unwrap_or(now),
        supersedes: Vec::new(),
        superseded_by: None,
        version: 1,
    }
}

/// Corrected or confirmed claims are believed at once, stated ones with a confidence of 0.9 or more.
fn standing(provenance: Provenance, confidence: f32) -> Standing {
    match provenance {
        Provenance::Corrected | Provenance::Confirmed => Standing::Substantiated,
        Provenance::Stated if confidence >= 0.9 => Standing::Substantiated,
        _ => Standing::Unsubstantiated,
    }
}

fn reinforced(atom: &Atom, fact: &NewFact, now: Timestamp) -> Atom {
    let mut atom = atom.clone();
    atom.assertions = atom.assertions.saturating_add(1);
    atom.confidence = atom.confidence.max(fact.confidence);
    let from = fact.valid_from.unwrap_or(now);
    (atom.provenance, atom.asserted_from) =
        (atom.provenance, atom.asserted_from).max((fact.provenance, from));
    if atom.standing == Standing::Unsubstantiated {
        atom.standing = standing(fact.provenance, fact.confidence);
    }
    let news: Vec<Id> = fact.supports.iter().filter(|id| !atom.supports.contains(id)).copied().collect();
    atom.supports.extend(news);
    atom.supports.truncate(SUPPORTS_MAX);
    atom.valid_from = atom.valid_from.zip(fact.valid_from).map(|(a, b)| a.min(b)).or(atom.valid_from);
    if !matches!(atom.standing, Standing::Historical(_)) {
        atom.valid_to = atom.valid_to.zip(fact.valid_to).map(|(a, b)| a.max(b));
    }
    atom.asserted_at = now;
    atom.recorded_at = now;
    atom.version = atom.version.saturating_add(1);
    atom
}

/// The atom as one that `winner` took the place of, true until `until`.
fn retired(atom: &Atom, winner: Id, until: Timestamp, now: Timestamp) -> Atom {
    let mut atom = atom.clone();
    atom.standing = Standing::Historical(HistoricalReason::Superseded);
    // A claim that a better source overrules at its very beginning was never true for any time.
    let until = atom.valid_from.map_or(until, |from| from.max(until));
    atom.valid_to = Some(atom.valid_to.map_or(until, |to| to.min(until)));
    atom.retired_at = Some(now);
    atom.superseded_by = Some(winner);
    atom.recorded_at = now;
    atom.version = atom.version.saturating_add(1);
    atom
}

fn reason(verdict: &Verdict, predicate: &str) -> String {
    match verdict {
        Verdict::Add => format!("nothing known of '{predicate}' stands against it"),
        Verdict::Reinforce(_) => format!("the same value of '{predicate}' was known"),
        Verdict::Supersede(_) => {
            format!("'{predicate}' has one value at a time, and this claim is newer or better trusted")
        }
        Verdict::AddEnded => "its time is over: it is kept as historical".to_owned(),
        Verdict::Overruled(_) => {
            format!("'{predicate}' has one value at a time, and the current one is newer or better trusted")
        }
    }
}

fn lost() -> Error {
    Error::draft(Code::RowDamaged, "a filed atom is gone")
        .got("an index entry without its record")
        .expected("the record")
        .remedy("run reindex on the tenant")
}
