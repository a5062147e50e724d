//! Believing: claims are asserted, taken back, judged and explained.

use ebbmark as core;
use pyo3::prelude::*;

use super::Tenant;
use crate::errors::invalid;
use crate::records::belief::NewFact;
use crate::translate::{Given, Told, given};
use crate::vectors::Vector;

/// The view from two moments.
pub(super) fn view(
    valid_at: Option<Given<core::Timestamp>>,
    as_of: Option<Given<core::Timestamp>>,
) -> core::View {
    core::View { valid_at: given(valid_at), as_of: given(as_of) }
}

type Contexts = (Vec<String>, Vec<String>);

fn resolution(
    keep: Option<Given<core::Id>>,
    merge: Option<Given<core::Id>>,
    both: Option<Given<Contexts>>,
    reject: bool,
) -> PyResult<core::Resolution> {
    match (given(keep), given(merge), given(both), reject) {
        (Some(winner), None, None, false) => Ok(core::Resolution::Keep(winner)),
        (None, Some(winner), None, false) => Ok(core::Resolution::Merge(winner)),
        (None, None, Some((first, second)), false) => Ok(core::Resolution::KeepBoth { first, second }),
        (None, None, None, true) => Ok(core::Resolution::Reject),
        _ => Err(invalid(
            "a conflict is resolved in one way",
            "none of them, or several",
            "one of keep, merge, both and reject",
            "choose one",
        )),
    }
}

#[pymethods]
impl Tenant {
    /// Asserts a claim: it is judged against what is known, and the verdict says what became of it and why.
    ///
    /// Args:
    ///     subject, predicate, object: 1 to 2048 bytes each.
    ///     negated: That it is not so.
    ///     contexts: When it holds only in some situations: which; 16 at most.
    ///     kind: How it fades; the predicate's unless given.
    ///     provenance: Where it comes from.
    ///     confidence: 0 to 1.
    ///     trust: How far its source is trusted; high unless given.
    ///     holder: Whose belief it is, if not the speaker's.
    ///     valid_from, valid_to: When it holds in the world; open unless given.
    ///     said_at: When it was said; now unless given.
    ///     supports: Episodes that it rests on; 64 at most.
    ///
    /// Raises:
    ///     InvalidInputError: A part cannot be taken.
    ///     NotFoundError: There is no such episode among `supports`.
    #[pyo3(signature = (
        subject, predicate, object, *, negated = false, contexts = None, kind = None, provenance: "Provenance" = "stated",
        confidence = 1.0, trust = None, holder = None, distance = None, valid_from = None, valid_to = None,
        said_at = None, supports = None, user = None, agent = None, session = None, vector = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each part of a claim")]
    fn assert_fact(
        &self,
        py: Python<'_>,
        subject: Given<String>,
        predicate: Given<String>,
        object: Given<String>,
        negated: bool,
        contexts: Option<Given<Vec<String>>>,
        kind: Option<Given<core::Kind>>,
        provenance: &str,
        confidence: f32,
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
    ) -> PyResult<Told<core::Assertion>> {
        let NewFact(fact) = NewFact::new(
            py, subject, predicate, object, negated, contexts, kind, provenance, confidence, trust, holder,
            distance, valid_from, valid_to, said_at, supports, user, agent, session, vector,
        )?;
        self.run(py, |tenant| tenant.assert_fact(fact)).map(Told)
    }

    /// Confirms a claim: its evidence grows as if a person had said that it is so.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    ///     ConflictError: It was taken back (`atom.retracted`).
    fn confirm(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<core::Assertion>> {
        self.run(py, |tenant| tenant.confirm(id.0)).map(Told)
    }

    /// Takes a claim back: it is kept as historical, and what it had taken the place of may hold again.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    ///     ConflictError: It was taken back before (`atom.retracted`).
    fn retract(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<core::Effect>> {
        self.run(py, |tenant| tenant.retract(id.0)).map(Told)
    }

    /// Settles a conflict in one way.
    ///
    /// Args:
    ///     conflict: Its id; see `conflicts`.
    ///     keep: The claim that holds.
    ///     merge: The claim that holds, and says the same as the other.
    ///     both: Both hold, each in situations of its own: the contexts of the first and of the second.
    ///     reject: Neither holds.
    ///
    /// Raises:
    ///     NotFoundError: There is no such conflict.
    ///     ConflictError: It is settled (`conflict.settled`).
    ///     InvalidInputError: None or several ways, or a claim that is not of the conflict.
    #[pyo3(signature = (conflict, *, keep = None, merge = None, both = None, reject = false))]
    fn resolve(
        &self,
        py: Python<'_>,
        conflict: Given<core::Id>,
        keep: Option<Given<core::Id>>,
        merge: Option<Given<core::Id>>,
        both: Option<Given<Contexts>>,
        reject: bool,
    ) -> PyResult<Told<core::Effect>> {
        let resolution = resolution(keep, merge, both, reject)?;
        self.run(py, |tenant| tenant.resolve(conflict.0, &resolution)).map(Told)
    }

    /// Undoes an operation: what it decided is decided as if it had not been.
    ///
    /// Raises:
    ///     NotFoundError: There is no such operation.
    ///     ConflictError: It was undone before (`operation.undone`).
    fn undo(&self, py: Python<'_>, operation: Given<core::Id>) -> PyResult<Told<core::Effect>> {
        self.run(py, |tenant| tenant.undo(operation.0)).map(Told)
    }

    /// Makes two names one: `gone` is from now on another name of `keep`.
    ///
    /// Raises:
    ///     InvalidInputError: They are the same (`entity.same`).
    fn merge_entities(
        &self,
        py: Python<'_>,
        keep: Given<String>,
        gone: Given<String>,
    ) -> PyResult<Told<core::Effect>> {
        self.run(py, |tenant| tenant.merge_entities(&keep.0, &gone.0)).map(Told)
    }

    /// Defines a predicate, or defines it anew; what is known under it is judged again. Needs "admin" access.
    ///
    /// Raises:
    ///     InvalidInputError: It contradicts itself or another (`predicate.contradicts`), or a part cannot be taken.
    fn define_predicate(
        &self,
        py: Python<'_>,
        predicate: Given<core::Predicate>,
    ) -> PyResult<Told<core::Effect>> {
        self.run(py, |tenant| tenant.define_predicate(predicate.0)).map(Told)
    }

    /// What is known of a predicate, by any of its names; None if nothing is.
    fn predicate(&self, py: Python<'_>, name: Given<String>) -> PyResult<Told<Option<core::Predicate>>> {
        self.run(py, |tenant| tenant.predicate(&name.0)).map(Told)
    }

    /// What is believed of a subject, newest first.
    ///
    /// Args:
    ///     subject: Any of its names.
    ///     predicate, object: Only claims with these.
    ///     valid_at: What held at this moment in the world.
    ///     as_of: What was known at this moment.
    ///     historical: Also what no longer holds.
    #[pyo3(signature = (subject, predicate = None, object = None, *, valid_at = None, as_of = None, historical = false))]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the question")]
    fn facts(
        &self,
        py: Python<'_>,
        subject: Given<String>,
        predicate: Option<Given<String>>,
        object: Option<Given<String>>,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
        historical: bool,
    ) -> PyResult<Told<Vec<core::Atom>>> {
        let query = core::FactQuery {
            subject: subject.0,
            predicate: given(predicate),
            object: given(object),
            view: view(valid_at, as_of),
            historical,
        };
        self.run(py, |tenant| tenant.facts(&query)).map(Told)
    }

    /// What a name is connected with, over one claim each.
    #[pyo3(signature = (name, *, valid_at = None, as_of = None))]
    fn neighbors(
        &self,
        py: Python<'_>,
        name: Given<String>,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
    ) -> PyResult<Told<Vec<core::Neighbor>>> {
        let view = view(valid_at, as_of);
        self.run(py, |tenant| tenant.neighbors(&name.0, view)).map(Told)
    }

    /// All names of an entity, the main one first.
    fn entity(&self, py: Python<'_>, name: Given<String>) -> PyResult<Told<Vec<String>>> {
        self.run(py, |tenant| tenant.entity(&name.0)).map(Told)
    }

    /// Conflicts between claims that nothing decides; with `settled`, those that were decided, too.
    #[pyo3(signature = (*, settled = false))]
    fn conflicts(&self, py: Python<'_>, settled: bool) -> PyResult<Told<Vec<core::Conflict>>> {
        self.run(py, |tenant| tenant.conflicts(settled)).map(Told)
    }

    /// Why a claim stands as it does: what was said for and against it, and by which rule it was decided.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    ///     InvalidInputError: It is an episode (`record.sort`).
    fn explain(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<core::Explanation>> {
        self.run(py, |tenant| tenant.explain(id.0)).map(Told)
    }
}
