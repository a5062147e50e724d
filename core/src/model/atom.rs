//! Atoms: what is believed, with its evidence and its two times.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::id::Id;
use super::scope::Scope;

/// What sort of claim an atom makes; it decides how fast the atom fades.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Kind {
    /// What something is.
    Entity = 0,
    /// Where someone belongs: work, study, membership.
    Affiliation = 1,
    /// Who someone is to someone.
    Social = 2,
    /// What someone likes or dislikes.
    Preference = 3,
    /// What someone holds to be true.
    Belief = 4,
    /// What someone can do.
    Skill = 5,
    /// What happened.
    Event = 6,
    /// How things are just now.
    State = 7,
    /// What may be so.
    Hypothesis = 8,
    /// What never changes.
    Invariant = 9,
    /// What someone is like.
    Trait = 10,
    /// How someone likes things said.
    Style = 11,
    /// Anything else.
    #[default]
    Fact = 12,
}

impl Kind {
    const ALL: [Kind; 13] = [
        Kind::Entity,
        Kind::Affiliation,
        Kind::Social,
        Kind::Preference,
        Kind::Belief,
        Kind::Skill,
        Kind::Event,
        Kind::State,
        Kind::Hypothesis,
        Kind::Invariant,
        Kind::Trait,
        Kind::Style,
        Kind::Fact,
    ];

    /// The kind of its number in a column.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// Where a claim comes from, weakest first: the order is the order of trust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Provenance {
    /// Concluded by a program.
    Inferred = 0,
    /// Seen by a tool.
    Observed = 1,
    /// Said by the person.
    #[default]
    Stated = 2,
    /// Said again when asked.
    Confirmed = 3,
    /// Said to put an error right.
    Corrected = 4,
}

/// Whether an atom is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Heard, not yet believed.
    Unsubstantiated,
    /// Believed.
    Substantiated,
    /// No longer current, and why.
    Historical(HistoricalReason),
}

/// Why an atom is no longer current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HistoricalReason {
    /// A newer or better claim took its place.
    Superseded,
    /// When it was asserted, its time in the world was over.
    Ended,
}

/// A claim: subject, predicate, object; with what supports it and when it was true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Atom {
    /// Its id.
    pub id: Id,
    /// What the claim is about.
    pub subject: String,
    /// The relation or property.
    pub predicate: String,
    /// The value.
    pub object: String,
    /// When the claim holds only in some situations: which.
    pub contexts: Vec<String>,
    /// What sort of claim it is.
    pub kind: Kind,
    /// Whether it is believed.
    pub standing: Standing,
    /// Where the best evidence comes from.
    pub provenance: Provenance,
    /// How sure the source was, 0 to 1.
    pub confidence: f32,
    /// How often it was asserted.
    pub assertions: u32,
    /// The episodes that support it.
    pub supports: Vec<Id>,
    /// Its labels.
    pub scope: Scope,
    /// True in the world from this moment; unknown if absent.
    pub valid_from: Option<Timestamp>,
    /// True in the world until this moment (exclusive); still true if absent.
    pub valid_to: Option<Timestamp>,
    /// When the store learnt of this version.
    pub recorded_at: Timestamp,
    /// When the store stopped holding it current; still current if absent.
    pub retired_at: Option<Timestamp>,
    /// When the claim was last asserted.
    pub asserted_at: Timestamp,
    /// From when it holds by the assertion of the best provenance, the latest of several: of two contradicting
    /// claims of one provenance the one with the later moment wins.
    pub asserted_from: Timestamp,
    /// The atoms whose place it took.
    pub supersedes: Vec<Id>,
    /// The atom that took its place.
    pub superseded_by: Option<Id>,
    /// 1 for the first version, one more for every change.
    pub version: u32,
}

impl Atom {
    /// From when it was true, as far as that is known: a place on a line of time.
    pub(crate) fn begins(&self) -> Timestamp {
        self.valid_from.or(self.valid_to).unwrap_or(self.recorded_at)
    }

    /// The claim as a sentence to be searched: predicates read as words.
    pub fn sentence(&self) -> String {
        let mut sentence = format!("{} {} {}", self.subject, self.predicate.replace('_', " "), self.object);
        for context in &self.contexts {
            sentence.push(' ');
            sentence.push_str(context);
        }
        sentence
    }
}

/// A claim to be asserted. Built in chains: `NewFact::new("Mara", "lives_in", "Porto").confidence(0.9)`.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFact {
    /// What the claim is about, 1 to 2048 bytes.
    pub subject: String,
    /// The relation or property, 1 to 2048 bytes; `lives_in` and the like have one value at a time.
    pub predicate: String,
    /// The value, 1 to 2048 bytes.
    pub object: String,
    /// Situations in which alone it holds, 16 at most.
    pub contexts: Vec<String>,
    /// Sort of claim; that of the predicate if absent.
    pub kind: Option<Kind>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// How sure the source is, 0 to 1.
    pub confidence: f32,
    /// True in the world from this moment; the clock's time if absent, or unknown if `valid_to` is past.
    pub valid_from: Option<Timestamp>,
    /// True in the world until this moment.
    pub valid_to: Option<Timestamp>,
    /// Episodes of this tenant that support it, 64 at most.
    pub supports: Vec<Id>,
    /// Labels; parts left open are taken from the handle.
    pub scope: Scope,
    /// The vector of its sentence; the embedder makes one if absent.
    pub vector: Option<Vec<f32>>,
}

impl NewFact {
    /// A claim stated by the person, with full confidence.
    pub fn new(subject: impl Into<String>, predicate: impl Into<String>, object: impl Into<String>) -> Self {
        NewFact {
            subject: subject.into(),
            predicate: predicate.into(),
            object: object.into(),
            contexts: Vec::new(),
            kind: None,
            provenance: Provenance::Stated,
            confidence: 1.0,
            valid_from: None,
            valid_to: None,
            supports: Vec::new(),
            scope: Scope::default(),
            vector: None,
        }
    }

    /// From another source.
    #[must_use]
    pub fn provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// With a confidence, 0 to 1.
    #[must_use]
    pub fn confidence(mut self, confidence: f32) -> Self {
        self.confidence = confidence;
        self
    }

    /// True from a moment.
    #[must_use]
    pub fn valid_from(mut self, moment: Timestamp) -> Self {
        self.valid_from = Some(moment);
        self
    }

    /// True until a moment.
    #[must_use]
    pub fn valid_to(mut self, moment: Timestamp) -> Self {
        self.valid_to = Some(moment);
        self
    }

    /// Holding only in a situation.
    #[must_use]
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.contexts.push(context.into());
        self
    }

    /// Supported by an episode.
    #[must_use]
    pub fn support(mut self, episode: Id) -> Self {
        self.supports.push(episode);
        self
    }

    /// With labels.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Of a sort other than its predicate's.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    /// With the vector of its sentence.
    #[must_use]
    pub fn vector(mut self, vector: Vec<f32>) -> Self {
        self.vector = Some(vector);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn every_kind_has_the_number_of_its_place() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
    }
}
