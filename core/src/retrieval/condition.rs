//! Conditions: what a filter can ask of a record beside its scope, joined by "and", "or" and "not".

use std::ops::{BitAnd, BitOr, Not, RangeInclusive};

use serde::{Deserialize, Serialize};

use super::check::check_range;
use super::standing::StandingKind;
use crate::error::{Code, Error, Result};
use crate::limits::{CONDITION_DEPTH_MAX, CONDITIONS_MAX, TERM_BYTES_MAX};
use crate::model::{Kind, Period, RecordSort, Role, Trust, Value, check_metadata, check_name, check_text};

/// What is asked of a record. Joined by `&`, `|` and `!`; a condition on something that a record does not have is false.
///
/// ```
/// use ebbmark::{Condition, Filter, NewEpisode, Options, Store};
///
/// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
/// tenant.add(NewEpisode::user("The flight is booked.").metadata("price", 120).tag("travel"))?;
/// tenant.add(NewEpisode::user("The hotel is booked.").metadata("price", 480).tag("travel"))?;
/// let cheap = Condition::tag("travel") & !Condition::field("price").above(200);
/// let page = tenant.list(&Filter::default().matching(cheap), None, 10)?;
/// assert_eq!(page.records[0].text(), "The flight is booked.");
/// # Ok::<(), ebbmark::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// All of these; true if there are none.
    All(Vec<Condition>),
    /// At least one of these; false if there are none.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// An episode, or an atom.
    Sort(RecordSort),
    /// An episode in this role.
    Role(Role),
    /// An atom of this kind.
    Kind(Kind),
    /// An atom of this standing. One that asks for historical atoms, and is not negated, lets its filter return them.
    Standing(StandingKind),
    /// An atom that another contradicts, and nothing decides.
    Disputed,
    /// Labelled with this user.
    User(String),
    /// Labelled with this agent.
    Agent(String),
    /// Labelled with this session.
    Session(String),
    /// An episode of this speaker, letter case aside.
    Speaker(String),
    /// An atom about this entity, by any of its names.
    Subject(String),
    /// An atom of this predicate's slot.
    Predicate(String),
    /// An atom with this value, however it is spelled, or with one that says more of the same.
    Object(String),
    /// An atom that has this entity as its subject or object, or an episode whose title or text names it; by any of its
    /// names.
    About(String),
    /// An episode with such a metadata field at a path (`outer.inner`); of a list, one value has to be such.
    Field(String, Comparison),
    /// What was said, or began to hold, in this period.
    Occurred(Period),
    /// What the store learnt, in its current version, in this period.
    Recorded(Period),
    /// An atom of such a confidence, 0 to 1.
    Confidence(RangeInclusive<f32>),
    /// An episode of such an importance as the host gave it, 0 to 1.
    Importance(RangeInclusive<f32>),
    /// An atom of which such a share is left, 0 to 1. Uses that were told are written down before it is asked.
    Retention(RangeInclusive<f32>),
    /// Trusted so far, or further.
    Trust(Trust),
}

/// How a metadata field compares. Numbers compare with numbers, texts with texts in the order of their characters (dates as
/// `2026-03-01` in the order of time), and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Comparison {
    /// There is a text, a number or a boolean, or a list with one.
    Exists,
    /// It is this text, number or boolean.
    Is(Value),
    /// It is one of these.
    OneOf(Vec<Value>),
    /// It is greater.
    Above(Value),
    /// It is greater or the same.
    AtLeast(Value),
    /// It is less.
    Below(Value),
    /// It is less or the same.
    AtMost(Value),
    /// It is a text that has this text in it, letter case aside.
    Contains(String),
}

/// A metadata field that is to be compared; see [`Condition::field`].
#[derive(Clone, Debug)]
pub struct Field(String);

impl Field {
    /// There is a text, a number or a boolean, or a list with one.
    pub fn exists(self) -> Condition {
        Condition::Field(self.0, Comparison::Exists)
    }

    /// It is this text, number or boolean.
    pub fn is(self, value: impl Into<Value>) -> Condition {
        Condition::Field(self.0, Comparison::Is(value.into()))
    }

    /// It is one of these.
    pub fn one_of<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Condition {
        Condition::Field(self.0, Comparison::OneOf(values.into_iter().map(Into::into).collect()))
    }

    /// It is greater.
    pub fn above(self, value: impl Into<Value>) -> Condition {
        Condition::Field(self.0, Comparison::Above(value.into()))
    }

    /// It is greater or the same.
    pub fn at_least(self, value: impl Into<Value>) -> Condition {
        Condition::Field(self.0, Comparison::AtLeast(value.into()))
    }

    /// It is less.
    pub fn below(self, value: impl Into<Value>) -> Condition {
        Condition::Field(self.0, Comparison::Below(value.into()))
    }

    /// It is less or the same.
    pub fn at_most(self, value: impl Into<Value>) -> Condition {
        Condition::Field(self.0, Comparison::AtMost(value.into()))
    }

    /// It is a text that has this text in it, letter case aside.
    pub fn contains(self, text: impl Into<String>) -> Condition {
        Condition::Field(self.0, Comparison::Contains(text.into()))
    }
}

/// The metadata field that holds the tags of an episode.
pub(super) const TAGS: &str = "tags";

impl Condition {
    /// A metadata field at a path (`outer.inner`), to be compared.
    pub fn field(path: impl Into<String>) -> Field {
        Field(path.into())
    }

    /// An episode with this tag.
    pub fn tag(tag: impl Into<String>) -> Self {
        Condition::field(TAGS).is(tag.into())
    }

    /// An atom that has this entity as its subject or object, or an episode whose title or text names it.
    pub fn about(name: impl Into<String>) -> Self {
        Condition::About(name.into())
    }

    /// An atom about this entity.
    pub fn subject(name: impl Into<String>) -> Self {
        Condition::Subject(name.into())
    }

    /// An atom of this predicate's slot.
    pub fn predicate(name: impl Into<String>) -> Self {
        Condition::Predicate(name.into())
    }

    /// An atom with this value.
    pub fn object(value: impl Into<String>) -> Self {
        Condition::Object(value.into())
    }

    /// Whether it can be true of a historical atom only because it asks for one.
    pub(super) fn asks_for_historical(&self) -> bool {
        match self {
            Condition::All(several) | Condition::Any(several) => {
                several.iter().any(Condition::asks_for_historical)
            }
            Condition::Standing(standing) => *standing == StandingKind::Historical,
            _ => false,
        }
    }

    /// Whether it asks what is left of an atom.
    pub(super) fn asks_for_retention(&self) -> bool {
        match self {
            Condition::All(several) | Condition::Any(several) => {
                several.iter().any(Condition::asks_for_retention)
            }
            Condition::Not(one) => one.asks_for_retention(),
            Condition::Retention(_) => true,
            _ => false,
        }
    }

    /// Checks every part, how many there are, and how deep they are.
    pub(super) fn check(&self) -> Result<()> {
        self.check_within(&mut CONDITIONS_MAX.clone(), CONDITION_DEPTH_MAX)
    }

    fn check_within(&self, left: &mut usize, depth: usize) -> Result<()> {
        if *left == 0 || depth == 0 {
            return Err(too_many(if depth == 0 { "deeper nesting" } else { "more parts" }));
        }
        *left -= 1;
        match self {
            Condition::All(several) | Condition::Any(several) => {
                several.iter().try_for_each(|one| one.check_within(left, depth - 1))
            }
            Condition::Not(one) => one.check_within(left, depth - 1),
            Condition::User(name) => check_name("a user", name),
            Condition::Agent(name) => check_name("an agent", name),
            Condition::Session(name) => check_name("a session", name),
            Condition::Speaker(name) => check_name("a speaker", name),
            Condition::Subject(text)
            | Condition::Predicate(text)
            | Condition::Object(text)
            | Condition::About(text) => check_text("a part of a condition", text, TERM_BYTES_MAX).map(drop),
            Condition::Field(path, comparison) => {
                if let Comparison::OneOf(values) = comparison {
                    *left = left.checked_sub(values.len()).ok_or_else(|| too_many("more values"))?;
                }
                comparison.check(path)
            }
            Condition::Occurred(period) | Condition::Recorded(period) => {
                check_range("a condition", period.from, period.to)
            }
            Condition::Confidence(shares) | Condition::Importance(shares) | Condition::Retention(shares) => {
                check_shares(shares)
            }
            Condition::Sort(_)
            | Condition::Role(_)
            | Condition::Kind(_)
            | Condition::Standing(_)
            | Condition::Disputed
            | Condition::Trust(_) => Ok(()),
        }
    }
}

impl Comparison {
    fn check(&self, path: &str) -> Result<()> {
        let checked = |value: &Value| -> Result<()> {
            check_metadata(&[(path.to_owned(), value.clone())].into())?;
            if matches!(value, Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_)) {
                return Ok(());
            }
            Err(not_comparable("null, a list or a map", "text, a number or a boolean"))
        };
        match self {
            Comparison::Exists => checked(&Value::Bool(true)),
            Comparison::Is(value) => checked(value),
            Comparison::OneOf(values) => values.iter().try_for_each(checked),
            Comparison::Above(value)
            | Comparison::AtLeast(value)
            | Comparison::Below(value)
            | Comparison::AtMost(value) => {
                if matches!(value, Value::Bool(_)) {
                    return Err(not_comparable("a boolean", "text or a number, which have an order"));
                }
                checked(value)
            }
            Comparison::Contains(text) => checked(&Value::Text(text.clone())),
        }
    }
}

fn too_many(got: &str) -> Error {
    Error::draft(Code::RangeInvalid, "a condition has too many parts, or is too deep")
        .got(got)
        .expected(format!(
            "at most {CONDITIONS_MAX} parts, {CONDITION_DEPTH_MAX} deep; a value to be one of counts as a part"
        ))
        .remedy("ask with several filters")
}

fn not_comparable(got: &str, expected: &str) -> Error {
    Error::draft(Code::MetadataInvalid, "a filter cannot compare this metadata value")
        .got(got)
        .expected(expected)
        .remedy("name the path down to the value")
}

fn check_shares(shares: &RangeInclusive<f32>) -> Result<()> {
    let (least, most) = (*shares.start(), *shares.end());
    if (0.0..=1.0).contains(&least) && (0.0..=1.0).contains(&most) && least <= most {
        return Ok(());
    }
    Err(Error::draft(Code::RangeInvalid, "a range of a condition is out of its bounds, or inverted")
        .got(format!("{least} to {most}"))
        .expected("from less to more, both 0 to 1")
        .remedy("correct its ends"))
}

impl BitAnd for Condition {
    type Output = Condition;

    fn bitand(self, other: Condition) -> Condition {
        match self {
            Condition::All(mut several) => {
                several.push(other);
                Condition::All(several)
            }
            one => Condition::All(vec![one, other]),
        }
    }
}

impl BitOr for Condition {
    type Output = Condition;

    fn bitor(self, other: Condition) -> Condition {
        match self {
            Condition::Any(mut several) => {
                several.push(other);
                Condition::Any(several)
            }
            one => Condition::Any(vec![one, other]),
        }
    }
}

impl Not for Condition {
    type Output = Condition;

    fn not(self) -> Condition {
        Condition::Not(Box::new(self))
    }
}
