//! What is believed: atoms, the claims behind them, and what became of asserting them.

use ebbmark as core;
use pyo3::prelude::*;
use pyo3::type_hint_union;

use super::talk::scope;
use crate::names::{ReasonName, named};
use crate::record::{record, view};
use crate::translate::{Given, Told, Translate, given, given_or, plain};
use crate::vectors::Vector;

view! {
    /// A span of time in the world: from a moment until another (exclusive).
    Period(core::Period) {
        /// Where it begins; unknown, and so for ever back, if absent.
        start: Option<core::Timestamp> = |period: &core::Period| period.from,
        /// Where it ends; open if absent.
        end: Option<core::Timestamp> = |period: &core::Period| period.to,
    }
}

record! {
    /// A claim: subject, predicate, object; with what supports it and when it was true.
    Atom(core::Atom) {
        /// Its id.
        id: core::Id,
        /// What the claim is about.
        subject: String,
        /// The relation or property.
        predicate: String,
        /// The value.
        object: String,
        /// Whether it says that the value does not hold.
        negated: bool,
        /// When the claim holds only in some situations: which.
        contexts: Vec<String>,
        /// What sort of claim it is.
        kind: core::Kind,
        /// Whether it is believed.
        standing: core::Standing,
        /// Where the best evidence comes from.
        provenance: core::Provenance,
        /// Days in which a memory of it, unused and held with full confidence, falls to 1/e: those of its predicate, or of
        /// its kind; `None` if it never fades.
        stability_days: Option<f32>,
        /// The confidence of all its evidence, 0 to 1: `1 - (1 - c1)(1 - c2)..` over the claims, within the bound of its
        /// predicate.
        confidence: f32,
        /// How far its best source is trusted.
        trust: core::Trust,
        /// Whose belief it is, where it was only reported.
        holder: Option<String>,
        /// Through how many mouths it came: 0 first hand, 1 reported, ..
        distance: u8,
        /// How often it was asserted.
        assertions: u32,
        /// How often it was confirmed.
        confirmations: u32,
        /// How often it was contradicted since.
        contradictions: u32,
        /// The episodes that support it, 64 at most.
        supports: Vec<core::Id>,
        /// Its labels.
        scope: core::Scope,
        /// True in the world from this moment; unknown, and so for ever back, if absent. Of several periods this is the
        /// present one, else the last one past, else the first to come.
        valid_from: Option<core::Timestamp>,
        /// True in the world until this moment (exclusive); still true if absent.
        valid_to: Option<core::Timestamp>,
        /// When it was true before that, in order.
        earlier: Vec<core::Period>,
        /// When it will be true after that, in order.
        later: Vec<core::Period>,
        /// When the store learnt of this version.
        recorded_at: core::Timestamp,
        /// When the store stopped holding it current; still current if absent.
        retired_at: Option<core::Timestamp>,
        /// When the claim was last asserted.
        asserted_at: core::Timestamp,
        /// The atoms whose place it took.
        supersedes: Vec<core::Id>,
        /// The atom that took its place, or will when its time comes.
        superseded_by: Option<core::Id>,
        /// The atoms it cannot hold beside, where nothing decides between them.
        disputed_with: Vec<core::Id>,
        /// When its standing is to be looked at again, whatever is said until then.
        due: Option<core::Timestamp>,
        /// 1 for the first version, one more for every change.
        version: u32,
    }
}

record! {
    /// One assertion of a claim, as it was made.
    Claim(core::Claim) {
        /// Its id; also that of the operation that `undo` takes back.
        id: core::Id,
        /// What it is about.
        subject: String,
        /// The relation, as it was said.
        predicate: String,
        /// The value, as it was said.
        object: String,
        /// Whether it says that the value does not hold.
        negated: bool,
        /// Situations in which alone it holds.
        contexts: Vec<String>,
        /// Sort of claim, where one was given.
        kind: Option<core::Kind>,
        /// Where it comes from.
        provenance: core::Provenance,
        /// How sure the source was, 0 to 1.
        confidence: f32,
        /// How far the source is trusted: no further than the episodes that support it.
        trust: core::Trust,
        /// Whose belief it reports; the speaker's own if absent.
        holder: Option<String>,
        /// Through how many mouths it came: 0 first hand, 1 reported, ..
        distance: u8,
        /// True in the world from this moment, if it said so.
        valid_from: Option<core::Timestamp>,
        /// True in the world until this moment, if it said so.
        valid_to: Option<core::Timestamp>,
        /// When it was made.
        said_at: core::Timestamp,
        /// The episodes that support it. Without any of those it had, it is gone.
        supports: Vec<core::Id>,
        /// Its labels.
        scope: core::Scope,
        /// Who asserted it: the actor of the handle.
        actor: String,
        /// The atom that it joined or founded when it came.
        atom: core::Id,
    }
}

record! {
    /// The verdict on a claim.
    Assertion(core::Assertion) {
        /// The atom that holds the claim.
        id: core::Id,
        /// What became of it.
        outcome: core::Outcome,
        /// The atoms whose place it took.
        superseded: Vec<core::Id>,
        /// Why, as data.
        because: core::Reason,
        /// Why, as a sentence. It names the predicate, never the values.
        reason: String,
        /// What `Tenant.undo` takes to take it back.
        operation: core::Id,
    }
}

record! {
    /// What a verb changed beside what it was asked to.
    Effect(core::Effect) {
        /// What `Tenant.undo` takes to take it back. A deletion cannot be undone.
        operation: Option<core::Id>,
        /// Atoms that are there again, or for the first time.
        added: Vec<core::Id>,
        /// Atoms that are gone.
        removed: Vec<core::Id>,
        /// Atoms that hold no more.
        retired: Vec<core::Id>,
        /// Atoms that hold again.
        restored: Vec<core::Id>,
    }
}

view! {
    /// Two atoms that cannot both hold.
    Conflict(core::Conflict) {
        /// Its id, made of the two atoms'.
        id: core::Id,
        /// The atom with the smaller id.
        first: core::Id,
        /// The atom with the greater id.
        second: core::Id,
        /// Why they cannot both hold.
        clash: core::Clash,
        /// How it stands.
        settlement: Option<SettlementParts> = |conflict: &core::Conflict| settlement(conflict.status),
        /// When the later of the two was first known.
        since: core::Timestamp,
    }
}

record! {
    /// Why an atom stands as it does. Printed, it is a few sentences for people.
    Explanation(core::Explanation) {
        /// The atom.
        atom: core::Atom,
        /// The claims it rests on, in the order of their ids.
        claims: Vec<core::Claim>,
        /// Its conflicts.
        conflicts: Vec<core::Conflict>,
        /// The atoms that the conflicts are with, and those it took the place of.
        others: Vec<core::Atom>,
        /// Why it stands as it does, as a sentence.
        because: String,
    }
}

record! {
    /// An atom that leads from one entity to another.
    Neighbor(core::Neighbor) {
        /// The name at the other end.
        name: String,
        /// How the entity that was asked about is related to it: the atom's predicate, or its inverse where the atom is about
        /// the other end. `None` if that has no name.
        relation: Option<String>,
        /// Whether the atom is about the entity that was asked about, and not about the other end.
        outgoing: bool,
        /// The atom.
        atom: core::Atom,
    }
}

record! {
    /// One version in the history of a record, oldest first.
    Revision(core::Revision) {
        /// What made this version.
        kind: core::RevisionKind,
        /// Who made it: the actor of the handle.
        actor: String,
        /// The record as it was in this version.
        record: core::Record,
    }
}

view! {
    /// What is known of a predicate. Names are lower case with underscores: "lives in" is `lives_in`.
    ///
    /// `Predicate("rides", aliases=["commutes_by"], cardinality="one")`.
    Predicate(core::Predicate) {
        /// Its name.
        name: String,
        /// Other names of the same predicate.
        aliases: Vec<String>,
        /// Values at a time.
        cardinality: core::Cardinality,
        /// What claims of it compete in: predicates of one slot are judged together. Its own name if it is alone.
        slot: String,
        /// Predicates of the slot that cannot hold of the same object: `likes` and `dislikes`.
        opposites: Vec<String>,
        /// The predicate that says the same from the object's side: `manages` and `manager`.
        inverse: Option<String>,
        /// Whether it says the same from both sides: `sibling`.
        symmetric: bool,
        /// Its rank in a progression of its slot: `learning` 1, `proficient_in` 2, `expert_at` 3.
        rank: Option<u8>,
        /// The sort of claim it makes.
        kind: core::Kind,
        /// Days in which the memory of such a claim falls to 1/e; that of the kind if absent.
        stability_days: Option<f32>,
        /// The greatest confidence that a claim of it can reach, 0 to 1.
        confidence_max: f32,
        /// Whether its value never changes: another value is an error of somebody's, not news.
        immutable: bool,
        /// 1 for the first definition, one more for every other.
        version: u32,
    }
}

view! {
    /// A claim to be asserted. `NewFact("Mara", "lives_in", "Porto", confidence=0.9)`.
    NewFact(core::NewFact) {
        /// What the claim is about, 1 to 2048 bytes.
        subject: String,
        /// The relation or property, 1 to 2048 bytes; `lives_in` and the like have one value at a time.
        predicate: String,
        /// The value, 1 to 2048 bytes.
        object: String,
        /// Whether it says that the value does not hold.
        negated: bool,
        /// Situations in which alone it holds, 16 at most.
        contexts: Vec<String>,
        /// Sort of claim; that of the predicate if absent.
        kind: Option<core::Kind>,
        /// Where it comes from.
        provenance: core::Provenance,
        /// How sure the source is, 0 to 1.
        confidence: f32,
        /// How far the source is trusted; as its episodes are if absent, and no further than they.
        trust: Option<core::Trust>,
        /// Whose belief it reports; the speaker's own if absent.
        holder: Option<String>,
        /// Through how many mouths it came: 0 first hand, 1 reported, ..
        distance: u8,
        /// True in the world from this moment; from when it was said if absent, or unknown if `valid_to` is past.
        valid_from: Option<core::Timestamp>,
        /// True in the world until this moment.
        valid_to: Option<core::Timestamp>,
        /// When it was said; the clock's time if absent.
        said_at: Option<core::Timestamp>,
        /// Episodes of this tenant that support it, 64 at most.
        supports: Vec<core::Id>,
        /// The user whom it is about or from; the handle's if absent.
        user: Option<String> = |new: &core::NewFact| new.scope.user.clone(),
        /// The agent; the handle's if absent.
        agent: Option<String> = |new: &core::NewFact| new.scope.agent.clone(),
        /// The conversation; the handle's if absent.
        session: Option<String> = |new: &core::NewFact| new.scope.session.clone(),
        /// The vector of its sentence; the embedder makes one if absent.
        vector: Option<Vector> = |new: &core::NewFact| new.vector.clone().map(Vector),
    }
}

#[pymethods]
impl Period {
    #[new]
    #[pyo3(signature = (start = None, end = None))]
    fn new(start: Option<Given<core::Timestamp>>, end: Option<Given<core::Timestamp>>) -> Self {
        Period(core::Period { from: given(start), to: given(end) })
    }

    /// Whether a moment is in it.
    fn contains(&self, moment: Given<core::Timestamp>) -> bool {
        self.0.contains(moment.0)
    }
}

#[pymethods]
impl Atom {
    /// "atom".
    #[getter]
    fn sort(&self) -> &'static str {
        "atom"
    }

    /// The claim as a sentence.
    #[getter]
    fn text(&self) -> String {
        self.0.sentence()
    }

    /// When it began to hold; when it was recorded, if that is unknown.
    #[getter]
    fn happened_at(&self) -> Told<core::Timestamp> {
        Told(core::Record::Atom(self.0.clone()).happened_at())
    }

    /// Whether another claim contradicts it and nothing decides between them.
    #[getter]
    fn is_disputed(&self) -> bool {
        self.0.is_disputed()
    }

    /// All times during which it held, in order.
    fn periods(&self) -> Told<Vec<core::Period>> {
        Told(self.0.periods().collect())
    }

    /// Whether it held at a moment, by what is known.
    fn held_at(&self, moment: Given<core::Timestamp>) -> bool {
        self.0.held_at(moment.0)
    }
}

impl Translate for core::Record {
    const TYPE: pyo3::inspect::PyStaticExpr =
        type_hint_union!(<core::Episode as Translate>::TYPE, <core::Atom as Translate>::TYPE);

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            core::Record::Episode(episode) => episode.into_python(py),
            core::Record::Atom(atom) => atom.into_python(py),
        }
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<Atom>() {
            return core::Atom::from_python(given).map(core::Record::Atom);
        }
        core::Episode::from_python(given).map(core::Record::Episode)
    }
}

/// Why a verdict is what it is, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReasonParts {
    name: ReasonName,
    clash: Option<core::Clash>,
    grounds: Option<core::Grounds>,
}

record! {
    /// Why a verdict is what it is.
    Reason(ReasonParts) {
        /// The reason.
        name: ReasonName,
        /// Why two claims cannot both hold, for "wins", "loses" and "ties".
        clash: Option<core::Clash>,
        /// Why one of them holds, for "wins" and "loses".
        grounds: Option<core::Grounds>,
    }
}

impl Translate for core::Reason {
    const TYPE: pyo3::inspect::PyStaticExpr = <ReasonParts as Translate>::TYPE;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let (name, clash, grounds) = match self {
            core::Reason::NothingAgainst => (ReasonName::NothingAgainst, None, None),
            core::Reason::Known => (ReasonName::Known, None, None),
            core::Reason::KnownOtherwise => (ReasonName::KnownOtherwise, None, None),
            core::Reason::MoreKnown => (ReasonName::MoreKnown, None, None),
            core::Reason::SaysMore => (ReasonName::SaysMore, None, None),
            core::Reason::Over => (ReasonName::Over, None, None),
            core::Reason::OtherSituation => (ReasonName::OtherSituation, None, None),
            core::Reason::OtherTime => (ReasonName::OtherTime, None, None),
            core::Reason::Wins(clash, grounds) => (ReasonName::Wins, Some(clash), Some(grounds)),
            core::Reason::Loses(clash, grounds) => (ReasonName::Loses, Some(clash), Some(grounds)),
            core::Reason::Ties(clash) => (ReasonName::Ties, Some(clash), None),
        };
        ReasonParts { name, clash, grounds }.into_python(py)
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let ReasonParts { name, clash, grounds } = ReasonParts::from_python(given)?;
        let (clash, grounds) = (clash.unwrap_or(core::Clash::Value), grounds.unwrap_or(core::Grounds::Trust));
        Ok(match name {
            ReasonName::NothingAgainst => core::Reason::NothingAgainst,
            ReasonName::Known => core::Reason::Known,
            ReasonName::KnownOtherwise => core::Reason::KnownOtherwise,
            ReasonName::MoreKnown => core::Reason::MoreKnown,
            ReasonName::SaysMore => core::Reason::SaysMore,
            ReasonName::Over => core::Reason::Over,
            ReasonName::OtherSituation => core::Reason::OtherSituation,
            ReasonName::OtherTime => core::Reason::OtherTime,
            ReasonName::Wins => core::Reason::Wins(clash, grounds),
            ReasonName::Loses => core::Reason::Loses(clash, grounds),
            ReasonName::Ties => core::Reason::Ties(clash),
        })
    }
}

/// How a conflict was settled, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SettlementParts {
    winner: core::Id,
    grounds: core::Grounds,
}

record! {
    /// How a conflict was settled.
    Settlement(SettlementParts) {
        /// The claim that holds.
        winner: core::Id,
        /// Why.
        grounds: core::Grounds,
    }
}

fn settlement(status: core::ConflictStatus) -> Option<SettlementParts> {
    match status {
        core::ConflictStatus::Open => None,
        core::ConflictStatus::Settled { winner, grounds } => Some(SettlementParts { winner, grounds }),
    }
}

#[pymethods]
impl Conflict {
    #[new]
    fn new(
        id: Given<core::Id>,
        first: Given<core::Id>,
        second: Given<core::Id>,
        clash: Given<core::Clash>,
        settlement: Option<Given<SettlementParts>>,
        since: Given<core::Timestamp>,
    ) -> Self {
        let status = match given(settlement) {
            None => core::ConflictStatus::Open,
            Some(SettlementParts { winner, grounds }) => core::ConflictStatus::Settled { winner, grounds },
        };
        let (id, first, second, clash, since) = (id.0, first.0, second.0, clash.0, since.0);
        Conflict(core::Conflict { id, first, second, clash, status, since })
    }
}

#[pymethods]
impl Predicate {
    #[new]
    #[pyo3(signature = (
        name, *, aliases = None, cardinality: "Cardinality" = "many", slot = None, opposites = None, inverse = None,
        symmetric: "bool" = false, rank = None, kind: "Kind" = "fact", stability_days = None, confidence_max: "float" = 1.0,
        immutable: "bool" = false, version: "int" = 0
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn new(
        py: Python<'_>,
        name: Given<String>,
        aliases: Option<Given<Vec<String>>>,
        cardinality: &str,
        slot: Option<Given<String>>,
        opposites: Option<Given<Vec<String>>>,
        inverse: Option<Given<String>>,
        #[pyo3(from_py_with = plain)] symmetric: bool,
        rank: Option<Given<u8>>,
        kind: &str,
        stability_days: Option<Given<f32>>,
        #[pyo3(from_py_with = plain)] confidence_max: f32,
        #[pyo3(from_py_with = plain)] immutable: bool,
        #[pyo3(from_py_with = plain)] version: u32,
    ) -> PyResult<Self> {
        Ok(Predicate(core::Predicate {
            slot: given_or(slot, || name.0.clone()),
            name: name.0,
            aliases: given(aliases).unwrap_or_default(),
            cardinality: named(py, cardinality)?,
            opposites: given(opposites).unwrap_or_default(),
            inverse: given(inverse),
            symmetric,
            rank: given(rank),
            kind: named(py, kind)?,
            stability_days: given(stability_days),
            confidence_max,
            immutable,
            version,
        }))
    }
}

#[pymethods]
impl NewFact {
    #[new]
    #[pyo3(signature = (
        subject, predicate, object, *, negated: "bool" = false, contexts = None, kind = None, provenance: "Provenance" = "stated",
        confidence: "float" = 1.0, trust = None, holder = None, distance = None, valid_from = None, valid_to = None,
        said_at = None, supports = None, user = None, agent = None, session = None, vector = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    pub(crate) fn new(
        py: Python<'_>,
        subject: Given<String>,
        predicate: Given<String>,
        object: Given<String>,
        #[pyo3(from_py_with = plain)] negated: bool,
        contexts: Option<Given<Vec<String>>>,
        kind: Option<Given<core::Kind>>,
        provenance: &str,
        #[pyo3(from_py_with = plain)] confidence: f32,
        trust: Option<Given<core::Trust>>,
        holder: Option<Given<String>>,
        distance: Option<Given<u8>>,
        valid_from: Option<Given<core::Timestamp>>,
        valid_to: Option<Given<core::Timestamp>>,
        said_at: Option<Given<core::Timestamp>>,
        supports: Option<Given<Vec<core::Id>>>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
        vector: Option<Given<Vector>>,
    ) -> PyResult<Self> {
        Ok(NewFact(core::NewFact {
            subject: subject.0,
            predicate: predicate.0,
            object: object.0,
            negated,
            contexts: given(contexts).unwrap_or_default(),
            kind: given(kind),
            provenance: named(py, provenance)?,
            confidence,
            trust: given(trust),
            // What another mind holds is at least one step from the speaker.
            distance: given_or(distance, || u8::from(holder.is_some())),
            holder: given(holder),
            valid_from: given(valid_from),
            valid_to: given(valid_to),
            said_at: given(said_at),
            supports: given(supports).unwrap_or_default(),
            scope: scope(user, agent, session),
            vector: given(vector).map(|vector| vector.0),
        }))
    }
}
