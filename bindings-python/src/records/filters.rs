//! Filters and conditions.

use ebbmark as core;
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;

use super::talk::scope;
use crate::errors::{invalid, wrong_type};
use crate::record::{cut, view};
use crate::translate::{Given, Translate, given, plain};

view! {
    /// Which records a list or a search may return. Conditions are joined by "and"; an empty list or `None`
    /// accepts everything.
    Filter(core::Filter) {
        /// The user whom it is about or from; the handle's if absent.
        user: Option<String> = |new: &core::Filter| new.scope.user.clone(),
        /// The agent; the handle's if absent.
        agent: Option<String> = |new: &core::Filter| new.scope.agent.clone(),
        /// The conversation; the handle's if absent.
        session: Option<String> = |new: &core::Filter| new.scope.session.clone(),
        /// Only episodes, or only atoms.
        sort: Option<core::RecordSort>,
        /// Only episodes in one of these roles; atoms are then left out.
        roles: Vec<core::Role>,
        /// Only atoms of one of these kinds; episodes are then left out.
        kinds: Vec<core::Kind>,
        /// Only what was said, or began to hold, at this moment or later.
        since: Option<core::Timestamp>,
        /// Only what was said, or began to hold, before this moment.
        until: Option<core::Timestamp>,
        /// Only episodes whose metadata has these values at these paths (`outer.inner`); of a list one must be equal.
        metadata: core::Metadata = |filter: &core::Filter| filter.metadata.iter().cloned().collect(),
        /// Whether atoms that are no longer current, whose time is over or has not come, are returned too.
        historical: bool,
        /// Whether episodes that the guard keeps in quarantine are returned too.
        quarantined: bool,
        /// Whether episodes that are archived are returned too.
        archived: bool,
        /// Only atoms of which less than this share (0 to 1) is left. Uses that were told are written down before it is asked.
        retention_below: Option<f32>,
        /// A condition that has to be true of a record.
        r#where: Option<core::Condition> = |filter: &core::Filter| filter.condition.clone(),
    }
}

#[pymethods]
impl Filter {
    #[new]
    #[pyo3(signature = (
        *, user = None, agent = None, session = None, sort = None, roles = None, kinds = None, since = None, until = None,
        metadata = None, historical: "bool" = false, quarantined: "bool" = false, archived: "bool" = false, retention_below = None,
        r#where = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn new(
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
        sort: Option<Given<core::RecordSort>>,
        roles: Option<Given<Vec<core::Role>>>,
        kinds: Option<Given<Vec<core::Kind>>>,
        since: Option<Given<core::Timestamp>>,
        until: Option<Given<core::Timestamp>>,
        metadata: Option<Given<core::Metadata>>,
        #[pyo3(from_py_with = plain)] historical: bool,
        #[pyo3(from_py_with = plain)] quarantined: bool,
        #[pyo3(from_py_with = plain)] archived: bool,
        retention_below: Option<Given<f32>>,
        r#where: Option<Given<core::Condition>>,
    ) -> Self {
        Filter(core::Filter {
            scope: scope(user, agent, session),
            sort: given(sort),
            roles: given(roles).unwrap_or_default(),
            kinds: given(kinds).unwrap_or_default(),
            since: given(since),
            until: given(until),
            metadata: given(metadata).unwrap_or_default().into_iter().collect(),
            historical,
            quarantined,
            archived,
            retention_below: given(retention_below),
            condition: given(r#where),
        })
    }
}

/// A condition that is true of a record or not. Conditions are joined by `&` and `|`, and negated by `~`; those on fields
/// of metadata are made by `field`: `field("price") < 10`.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Condition(core::Condition);

impl Translate for core::Condition {
    const TYPE: pyo3::inspect::PyStaticExpr = <Condition as pyo3::PyTypeInfo>::TYPE_HINT;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        Ok(Bound::new(py, Condition(self))?.into_any())
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let condition = given.cast::<Condition>();
        condition.map(|condition| condition.get().0.clone()).map_err(|_| wrong_type(given, "a Condition"))
    }
}

fn period(since: Option<Given<core::Timestamp>>, until: Option<Given<core::Timestamp>>) -> core::Period {
    core::Period { from: given(since), to: given(until) }
}

#[pymethods]
impl Condition {
    /// True if all of them are.
    #[staticmethod]
    fn all(conditions: Given<Vec<core::Condition>>) -> Self {
        Condition(core::Condition::All(conditions.0))
    }

    /// True if one of them is.
    #[staticmethod]
    fn any(conditions: Given<Vec<core::Condition>>) -> Self {
        Condition(core::Condition::Any(conditions.0))
    }

    /// True of episodes, or of atoms.
    #[staticmethod]
    fn sort(sort: Given<core::RecordSort>) -> Self {
        Condition(core::Condition::Sort(sort.0))
    }

    /// True of episodes in a role.
    #[staticmethod]
    fn role(role: Given<core::Role>) -> Self {
        Condition(core::Condition::Role(role.0))
    }

    /// True of atoms of a kind.
    #[staticmethod]
    fn kind(kind: Given<core::Kind>) -> Self {
        Condition(core::Condition::Kind(kind.0))
    }

    /// True of atoms that stand so.
    #[staticmethod]
    fn standing(standing: Given<core::StandingKind>) -> Self {
        Condition(core::Condition::Standing(standing.0))
    }

    /// True of atoms that another one contradicts, with nothing to decide between them.
    #[staticmethod]
    fn disputed() -> Self {
        Condition(core::Condition::Disputed)
    }

    /// True of records with this user.
    #[staticmethod]
    fn user(name: Given<String>) -> Self {
        Condition(core::Condition::User(name.0))
    }

    /// True of records with this agent.
    #[staticmethod]
    fn agent(name: Given<String>) -> Self {
        Condition(core::Condition::Agent(name.0))
    }

    /// True of records with this session.
    #[staticmethod]
    fn session(name: Given<String>) -> Self {
        Condition(core::Condition::Session(name.0))
    }

    /// True of episodes by this speaker.
    #[staticmethod]
    fn speaker(name: Given<String>) -> Self {
        Condition(core::Condition::Speaker(name.0))
    }

    /// True of atoms with this subject, under any of its names.
    #[staticmethod]
    fn subject(name: Given<String>) -> Self {
        Condition(core::Condition::Subject(name.0))
    }

    /// True of atoms with this predicate, under any of its names.
    #[staticmethod]
    fn predicate(name: Given<String>) -> Self {
        Condition(core::Condition::Predicate(name.0))
    }

    /// True of atoms with this object.
    #[staticmethod]
    fn object(value: Given<String>) -> Self {
        Condition(core::Condition::Object(value.0))
    }

    /// True of atoms with this subject or object, and of episodes whose title it is.
    #[staticmethod]
    fn about(name: Given<String>) -> Self {
        Condition(core::Condition::About(name.0))
    }

    /// True of episodes with this tag: one of the list `tags` of their metadata.
    #[staticmethod]
    fn tag(tag: Given<String>) -> Self {
        Condition(core::Condition::tag(tag.0))
    }

    /// True of records that are trusted so far at least.
    #[staticmethod]
    fn trust(trust: Given<core::Trust>) -> Self {
        Condition(core::Condition::Trust(trust.0))
    }

    /// True of what was said, or began to hold, from a moment until another (exclusive).
    #[staticmethod]
    #[pyo3(signature = (since = None, until = None))]
    fn occurred(since: Option<Given<core::Timestamp>>, until: Option<Given<core::Timestamp>>) -> Self {
        Condition(core::Condition::Occurred(period(since, until)))
    }

    /// True of what was recorded from a moment until another (exclusive).
    #[staticmethod]
    #[pyo3(signature = (since = None, until = None))]
    fn recorded(since: Option<Given<core::Timestamp>>, until: Option<Given<core::Timestamp>>) -> Self {
        Condition(core::Condition::Recorded(period(since, until)))
    }

    /// True of atoms with a confidence in a range, 0 to 1, both ends included.
    #[staticmethod]
    #[pyo3(signature = (low: "float", high: "float"))]
    fn confidence(#[pyo3(from_py_with = plain)] low: f32, #[pyo3(from_py_with = plain)] high: f32) -> Self {
        Condition(core::Condition::Confidence(low..=high))
    }

    /// True of records with an importance in a range, 0 to 1, both ends included.
    #[staticmethod]
    #[pyo3(signature = (low: "float", high: "float"))]
    fn importance(#[pyo3(from_py_with = plain)] low: f32, #[pyo3(from_py_with = plain)] high: f32) -> Self {
        Condition(core::Condition::Importance(low..=high))
    }

    /// True of atoms of which so much is left, 0 to 1, both ends included.
    #[staticmethod]
    #[pyo3(signature = (low: "float", high: "float"))]
    fn retention(#[pyo3(from_py_with = plain)] low: f32, #[pyo3(from_py_with = plain)] high: f32) -> Self {
        Condition(core::Condition::Retention(low..=high))
    }

    fn __and__(&self, other: Given<core::Condition>) -> Self {
        Condition(self.0.clone() & other.0)
    }

    fn __or__(&self, other: Given<core::Condition>) -> Self {
        Condition(self.0.clone() | other.0)
    }

    fn __bool__(&self) -> PyResult<bool> {
        let message = "a condition is neither true nor false by itself: got `and`, `or`, `not` or a chained comparison, \
                       expected `&`, `|` or `~`; put each comparison into brackets";
        Err(pyo3::exceptions::PyTypeError::new_err(message))
    }

    fn __invert__(&self) -> Self {
        Condition(!self.0.clone())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self) -> u64 {
        crate::record::hash(&self.0)
    }

    #[staticmethod]
    fn _of_json(json: &str) -> PyResult<Self> {
        serde_json::from_str(json).map(Condition).map_err(|error| {
            invalid("a condition cannot be read", &error.to_string(), "one that was pickled", "make it again")
        })
    }

    fn __reduce__<'py>(this: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let refused = |got: &str| {
            invalid("a condition cannot be pickled", got, "finite numbers", "say it without infinity")
        };
        let json = serde_json::to_string(&this.get().0).map_err(|error| refused(&error.to_string()))?;
        // JSON has no infinity.
        if serde_json::from_str(&json).ok().as_ref() != Some(&this.get().0) {
            return Err(refused("a number that is not finite"));
        }
        Ok((this.get_type().getattr("_of_json")?, (json,)))
    }

    fn __repr__(&self) -> String {
        format!("<Condition {}>", cut(&format!("{:?}", self.0)))
    }
}

/// A field of metadata; compared with a value it makes a condition. Made by `field`.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Field(pub(crate) String);

impl Field {
    fn asked(&self) -> core::Field {
        core::Condition::field(self.0.clone())
    }
}

#[pymethods]
impl Field {
    #[new]
    fn new(path: Given<String>) -> Self {
        Field(path.0)
    }

    fn __getnewargs__(&self) -> (&str,) {
        (&self.0,)
    }

    /// The path: names joined by dots.
    #[getter]
    fn path(&self) -> &str {
        &self.0
    }

    /// True if the field is there.
    fn exists(&self) -> Condition {
        Condition(self.asked().exists())
    }

    /// True if it is equal to the value; of a list, if one of its items is. As `==`.
    fn is_(&self, value: Given<core::Value>) -> Condition {
        Condition(self.asked().is(value.0))
    }

    /// True if it is equal to one of the values.
    fn one_of(&self, values: Given<Vec<core::Value>>) -> Condition {
        Condition(self.asked().one_of(values.0))
    }

    /// True if it is greater than the value. As `>`.
    fn above(&self, value: Given<core::Value>) -> Condition {
        Condition(self.asked().above(value.0))
    }

    /// True if it is at least the value. As `>=`.
    fn at_least(&self, value: Given<core::Value>) -> Condition {
        Condition(self.asked().at_least(value.0))
    }

    /// True if it is less than the value. As `<`.
    fn below(&self, value: Given<core::Value>) -> Condition {
        Condition(self.asked().below(value.0))
    }

    /// True if it is at most the value. As `<=`.
    fn at_most(&self, value: Given<core::Value>) -> Condition {
        Condition(self.asked().at_most(value.0))
    }

    /// True if its text has this text in it.
    fn contains(&self, text: Given<String>) -> Condition {
        Condition(self.asked().contains(text.0))
    }

    fn __richcmp__(&self, value: &Bound<'_, PyAny>, compared: CompareOp) -> PyResult<Condition> {
        let (asked, value) = (self.asked(), core::Value::from_python(value)?);
        Ok(Condition(match compared {
            CompareOp::Eq => asked.is(value),
            CompareOp::Ne => !asked.is(value),
            CompareOp::Gt => asked.above(value),
            CompareOp::Ge => asked.at_least(value),
            CompareOp::Lt => asked.below(value),
            CompareOp::Le => asked.at_most(value),
        }))
    }

    fn __hash__(&self) -> u64 {
        crate::record::hash(&self.0)
    }

    fn __repr__(&self) -> String {
        format!("field({:?})", self.0)
    }
}

/// A field of metadata, by its path: names joined by dots. `field("price") < 10` is a condition.
#[pyfunction]
pub(crate) fn field(path: Given<String>) -> Field {
    Field(path.0)
}
