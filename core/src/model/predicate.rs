//! Predicates: what is known of a relation, one record each and nowhere else.

use serde::{Deserialize, Serialize};

use super::atom::Kind;

/// How many values a predicate may have at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cardinality {
    /// One: a new value takes the place of the old.
    One,
    /// Any number: a new value stands beside the old.
    #[default]
    Many,
}

/// What is known of a predicate. Names are lower case with underscores: "lives in" is `lives_in`.
///
/// Built in chains: `Predicate::one("rides").alias("commutes_by").kind(Kind::State)`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predicate {
    /// Its name.
    pub name: String,
    /// Other names of the same predicate.
    pub aliases: Vec<String>,
    /// Values at a time.
    pub cardinality: Cardinality,
    /// What claims of it compete in: predicates of one slot are judged together. Its own name if it is alone.
    pub slot: String,
    /// Predicates of the slot that cannot hold of the same object: `likes` and `dislikes`.
    pub opposites: Vec<String>,
    /// The predicate that says the same from the object's side: `manages` and `manager`.
    pub inverse: Option<String>,
    /// Whether it says the same from both sides: `sibling`.
    pub symmetric: bool,
    /// Its rank in a progression of its slot: `learning` 1, `proficient_in` 2, `expert_at` 3.
    pub rank: Option<u8>,
    /// The sort of claim it makes.
    pub kind: Kind,
    /// Days in which the memory of such a claim falls to 1/e; that of the kind if absent.
    pub stability_days: Option<f32>,
    /// The greatest confidence that a claim of it can reach, 0 to 1.
    pub confidence_max: f32,
    /// Whether its value never changes: another value is an error of somebody's, not news.
    pub immutable: bool,
    /// 1 for the first definition, one more for every other.
    pub version: u32,
}

impl Predicate {
    /// A predicate with one value at a time.
    pub fn one(name: impl Into<String>) -> Self {
        Self::new(name.into(), Cardinality::One)
    }

    /// A predicate with any number of values.
    pub fn many(name: impl Into<String>) -> Self {
        Self::new(name.into(), Cardinality::Many)
    }

    fn new(name: String, cardinality: Cardinality) -> Self {
        Predicate {
            slot: name.clone(),
            name,
            aliases: Vec::new(),
            cardinality,
            opposites: Vec::new(),
            inverse: None,
            symmetric: false,
            rank: None,
            kind: Kind::Fact,
            stability_days: None,
            confidence_max: 1.0,
            immutable: false,
            version: 1,
        }
    }

    /// With another name.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Judged together with the predicates of a slot.
    #[must_use]
    pub fn slot(mut self, slot: impl Into<String>) -> Self {
        self.slot = slot.into();
        self
    }

    /// Excluding another predicate of the slot on the same object.
    #[must_use]
    pub fn opposite(mut self, name: impl Into<String>) -> Self {
        self.opposites.push(name.into());
        self
    }

    /// Said from the object's side by another predicate.
    #[must_use]
    pub fn inverse(mut self, name: impl Into<String>) -> Self {
        self.inverse = Some(name.into());
        self
    }

    /// Saying the same from both sides.
    #[must_use]
    pub fn symmetric(mut self) -> Self {
        self.symmetric = true;
        self
    }

    /// At a rank of the progression of its slot.
    #[must_use]
    pub fn rank(mut self, rank: u8) -> Self {
        self.rank = Some(rank);
        self
    }

    /// Making claims of a sort.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// With a bound of the confidence.
    #[must_use]
    pub fn confidence_max(mut self, bound: f32) -> Self {
        self.confidence_max = bound;
        self
    }

    /// With so many days in which the memory of such a claim falls to 1/e.
    #[must_use]
    pub fn stability_days(mut self, days: f32) -> Self {
        self.stability_days = Some(days);
        self
    }

    /// With a value that never changes.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }
}
