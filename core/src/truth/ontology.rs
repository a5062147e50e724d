//! What is known of predicates: one record each, and nowhere else.

use crate::model::Kind;

/// How many values a predicate may have at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cardinality {
    /// One: a new value takes the place of the old.
    One,
    /// Any number: a new value stands beside the old.
    Many,
}

/// A predicate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Predicate {
    /// The name that all predicates sharing one value are filed under.
    pub(crate) slot: &'static str,
    pub(crate) cardinality: Cardinality,
    pub(crate) kind: Kind,
}

/// The built-in one-valued predicates, by slot, with the names that share it.
const ONE: [(&str, Kind, &[&str]); 12] = [
    ("lives_in", Kind::Affiliation, &["lives_in", "resides_in", "lives_at"]),
    ("works_at", Kind::Affiliation, &["works_at", "works_for", "employed_by"]),
    ("job_title", Kind::Affiliation, &["job_title", "works_as"]),
    ("studies_at", Kind::Affiliation, &["studies_at", "enrolled_at"]),
    ("partner", Kind::Social, &["partner", "married_to", "spouse"]),
    ("name", Kind::Entity, &["name", "is_called"]),
    ("birthday", Kind::Invariant, &["birthday", "born_on"]),
    ("birthplace", Kind::Invariant, &["birthplace", "born_in"]),
    ("age", Kind::State, &["age"]),
    ("phone_number", Kind::Fact, &["phone_number"]),
    ("email", Kind::Fact, &["email", "email_address"]),
    ("timezone", Kind::Fact, &["timezone", "time_zone"]),
];

/// Kinds of predicates that may have many values.
const MANY: [(&str, Kind); 12] = [
    ("likes", Kind::Preference),
    ("dislikes", Kind::Preference),
    ("drinks", Kind::Preference),
    ("believes", Kind::Belief),
    ("learning", Kind::Skill),
    ("knows", Kind::Skill),
    ("has_pet", Kind::Social),
    ("sibling", Kind::Social),
    ("friend", Kind::Social),
    ("member_of", Kind::Affiliation),
    ("visited", Kind::Event),
    ("feels", Kind::State),
];

/// The predicate of a normalised name. An unknown one may have many values: it never destroys anything.
pub(crate) fn predicate(name: &str) -> Option<Predicate> {
    let one = ONE.iter().find(|(_, _, names)| names.contains(&name));
    if let Some(&(slot, kind, _)) = one {
        return Some(Predicate { slot, cardinality: Cardinality::One, kind });
    }
    let many = MANY.iter().find(|(known, _)| *known == name);
    many.map(|&(slot, kind)| Predicate { slot, cardinality: Cardinality::Many, kind })
}
