//! `assert_fact`: a claim in, a verdict out.

use std::collections::HashSet;

use super::check::check_unit;
use super::settle::{Opened, Operation, Vector, open, put_entry};
use crate::error::{Code, Error, Result};
use crate::limits::{CONTEXTS_MAX, SUPPORTS_MAX, TERM_BYTES_MAX};
use crate::model::{Claim, Id, NewFact, Record, Trust, check_text};
use crate::observe::{Cause, Verb};
use crate::storage::Key;
use crate::tenancy::{Access, Embedded, Lack, Ledger, Place, Tenant, Write, entry_key, gather};
use crate::truth::{Cell, Item, Object, Outcome, Reason, What, is_self, verdict};

/// The verdict on a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The atom that holds the claim.
    pub id: Id,
    /// What became of it.
    pub outcome: Outcome,
    /// The atoms whose place it took.
    pub superseded: Vec<Id>,
    /// Why, as data.
    pub because: Reason,
    /// Why, as a sentence. It names the predicate, never the values.
    pub reason: String,
    /// What [`Tenant::undo`] takes to take it back.
    pub operation: Id,
}

impl Tenant {
    /// Asserts a claim, and settles it against what is known of the same subject and predicate.
    ///
    /// Claims of one user compete where subject and slot are the same, and situation, holder and time overlap. The same
    /// claim again reinforces. Of two that cannot both hold (two values of a one-valued predicate, opposites of one
    /// object, a claim and its denial) the one of the further trusted source holds; then that of the better provenance,
    /// the later step of a progression, the newer one, and the one surer by more than 0.2; else both are disputed. The
    /// order in which claims arrive does not matter where they have dates.
    ///
    /// ```
    /// use ebbmark::{NewFact, Options, Outcome, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// let moved = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// assert_eq!(moved.outcome, Outcome::Superseded);
    /// assert_eq!(moved.reason, "lives_in: only one value is possible at a time; this one holds: it is newer");
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `text.*`, `range.invalid`, `interval.inverted`, `vector.*`, `record.not_found` for an unknown
    /// support, `access.denied`: nothing was written.
    pub fn assert_fact(&self, fact: NewFact) -> Result<Assertion> {
        self.call(Verb::AssertFact, |work| {
            let value = self.assert(fact)?;
            work.id(value.id);
            Ok(value)
        })
    }

    fn assert(&self, fact: NewFact) -> Result<Assertion> {
        self.require(Access::ReadWrite)?;
        let fact = self.check_fact(fact)?;
        let found = self.vector_of(&fact)?;
        self.write(Cause::Assert, |write| {
            write.meter();
            self.settle_claim(write, &fact, &found)
        })
    }

    /// The vector of a claim's sentence.
    pub(super) fn vector_of(&self, fact: &NewFact) -> Result<Vector> {
        let (embedded, _) = self.vectors_of(&[(&fact.sentence(), fact.vector.as_deref())])?;
        Ok(embedded.into_iter().next().unwrap_or_default())
    }

    /// The vectors of texts, and why some could not be had.
    pub(super) fn vectors_of(
        &self,
        texts: &[(&str, Option<&[f32]>)],
    ) -> Result<(Vec<Vector>, Option<Error>)> {
        let space = self.common().space.as_ref();
        let is_changing = space.map_or(Ok(false), |space| self.read(|set| Ok(set.spaces.is_next(space))))?;
        if is_changing && texts.iter().all(|(_, vector)| vector.is_none()) {
            // They are given theirs when the change of space is over.
            return Ok((texts.iter().map(|_| self.unasked()).collect(), None));
        }
        let Embedded { vectors, failure } = gather(self.common(), texts, &|| self.go_on(0))?;
        let code = failure.as_ref().map(Error::code);
        let found = vectors.into_iter().map(|vector| {
            let lack = code.filter(|_| vector.is_none()).map(Lack::Failed);
            Vector { vector, lack }
        });
        Ok((found.collect(), failure))
    }

    /// The claim in normal form, with the labels of this handle.
    pub(super) fn check_fact(&self, mut fact: NewFact) -> Result<NewFact> {
        fact.scope = fact.scope.or(self.scope());
        fact.scope.check()?;
        fact.subject = check_text("a subject", &fact.subject, TERM_BYTES_MAX)?;
        if let Some(user) = fact.scope.user.as_ref().filter(|_| is_self(&fact.subject)) {
            fact.subject = user.clone();
        }
        fact.predicate = check_text("a predicate", &fact.predicate, TERM_BYTES_MAX)?;
        fact.object = check_text("an object", &fact.object, TERM_BYTES_MAX)?;
        if let Some(holder) = &fact.holder {
            fact.holder = Some(check_text("a holder", holder, TERM_BYTES_MAX)?);
        }
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

    pub(super) fn settle_claim(
        &self,
        write: &mut Write<'_>,
        fact: &NewFact,
        found: &Vector,
    ) -> Result<Assertion> {
        let trust = trust_of(write, fact)?;
        let claim = claim_of(fact, self.common().next_id(), trust, write);
        let before = open(write, &Place::of(&claim))?;
        self.enter(write, before, claim, found)
    }

    /// Puts a claim into the ledger and settles its cell.
    pub(super) fn enter(
        &self,
        write: &mut Write<'_>,
        before: Opened,
        claim: Claim,
        found: &Vector,
    ) -> Result<Assertion> {
        let (id, object) = (claim.id, Object::of(&claim.object));
        let predicate = claim.predicate.clone();
        let mut item = Item::new(id, write.now(), What::Claim(claim));
        let (after, immutable) = {
            let ledger = Ledger::open(write, None)?;
            let predicate = ledger.ontology.get(&before.place.predicate);
            let known = before.entries.iter().map(|(_, item)| item);
            let items: Vec<&Item> = known.chain([&item]).collect();
            (ledger.fold_items(&predicate, &items, write.now())?, predicate.immutable)
        };
        let key = entry_key(&before.place, id);
        // The claim remembers the atom that it joined, which thus outlives the claim that founded it; but not one that it
        // joined only because names were merged or predicates defined, which may be undone.
        let beside = |entry: &Key| entry.without_id() == key.without_id();
        if let (What::Claim(claim), Some(atom)) = (&mut item.what, after.atom_of(id)) {
            let joined = before
                .entries
                .iter()
                .any(|(entry, item)| beside(entry) && item.claim().is_some_and(|known| known.atom == atom));
            claim.atom = if joined { atom } else { id };
        }
        put_entry(write, &key, &item)?;
        Operation { entries: vec![key.as_bytes().to_vec()], ..Operation::new(write) }.put(write, id)?;
        self.store_cell(write, &before.cell, &after, Some((id, found)))?;
        let joined = after.atom_of(id).and_then(|atom| after.atom(atom)).ok_or_else(lost)?;
        let renamed = Object::of(&joined.object) != object;
        let holds = item.claim().is_some_and(|claim| Cell::holds_in_its_time(joined, claim, immutable));
        let verdict = verdict(&before.cell, &after, joined, holds, renamed);
        Ok(Assertion {
            id: verdict.atom,
            outcome: verdict.outcome,
            superseded: verdict.superseded,
            because: verdict.reason,
            reason: format!("{predicate}: {}", verdict.reason),
            operation: id,
        })
    }
}

/// How far a claim is trusted: as it says, and no further than its episodes.
fn trust_of(write: &Write<'_>, fact: &NewFact) -> Result<Trust> {
    let mut trust = fact.trust.unwrap_or(Trust::High);
    for &support in &fact.supports {
        let episode = match write.find(support)?.map(|(_, found)| found.record) {
            Some(Record::Episode(episode)) => episode,
            _ => return Err(no_support(support)),
        };
        trust = trust.min(episode.trust);
    }
    Ok(trust)
}

pub(super) fn no_support(id: Id) -> Error {
    Error::draft(Code::RecordNotFound, "a fact names a support that is not there")
        .got(id)
        .expected("the id of an episode of this tenant")
        .remedy("add the episode first")
}

fn claim_of(fact: &NewFact, id: Id, trust: Trust, write: &Write<'_>) -> Claim {
    Claim {
        id,
        subject: fact.subject.clone(),
        predicate: fact.predicate.clone(),
        object: fact.object.clone(),
        negated: fact.negated,
        contexts: fact.contexts.clone(),
        kind: fact.kind,
        provenance: fact.provenance,
        confidence: fact.confidence,
        trust,
        holder: fact.holder.clone(),
        distance: fact.distance,
        valid_from: fact.valid_from,
        valid_to: fact.valid_to,
        said_at: fact.said_at.unwrap_or(write.now()),
        supports: fact.supports.clone(),
        scope: fact.scope.clone(),
        actor: write.actor().to_owned(),
        atom: id,
    }
}

pub(super) fn lost() -> Error {
    Error::draft(Code::RowDamaged, "a claim is in no atom of its cell")
        .got("a claim without its atom")
        .expected("the atom that it joined")
        .remedy("restore the file from a backup")
}
