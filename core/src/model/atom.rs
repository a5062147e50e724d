//! Atoms: what is believed, with its evidence and its two times.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::id::Id;
use super::period::Period;
use super::scope::Scope;
use super::trust::Trust;

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
    pub(crate) const ALL: [Kind; 13] = [
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

    /// Days in which an unused memory of this kind, held with full confidence, falls to 1/e; `None` for what never
    /// fades. The numbers are choices, in the order in which people's lives change.
    pub fn stability_days(self) -> Option<f32> {
        Some(match self {
            Kind::Entity => 1000.0,
            Kind::Fact | Kind::Skill | Kind::Trait => 500.0,
            Kind::Affiliation => 333.0,
            Kind::Social => 120.0,
            Kind::Event | Kind::Style => 90.0,
            Kind::Preference => 60.0,
            Kind::Belief => 45.0,
            Kind::Hypothesis => 14.0,
            Kind::State => 2.0,
            Kind::Invariant => return None,
        })
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
    /// Its time in the world is over.
    Ended,
    /// A claim that says more of the same took its place.
    Refined,
    /// It never held: a better claim held at all of its time.
    Overruled,
    /// It was taken back.
    Retracted,
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
    /// Whether it says that the value does not hold.
    pub negated: bool,
    /// When the claim holds only in some situations: which.
    pub contexts: Vec<String>,
    /// What sort of claim it is.
    pub kind: Kind,
    /// Whether it is believed.
    pub standing: Standing,
    /// Where the best evidence comes from.
    pub provenance: Provenance,
    /// Days in which a memory of it, unused and held with full confidence, falls to 1/e: those of its predicate, or of
    /// its kind; `None` if it never fades.
    pub stability_days: Option<f32>,
    /// The confidence of all its evidence, 0 to 1: `1 - (1 - c1)(1 - c2)..` over the claims, within the bound of its
    /// predicate.
    pub confidence: f32,
    /// How far its best source is trusted.
    pub trust: Trust,
    /// Whose belief it is, where it was only reported.
    pub holder: Option<String>,
    /// Through how many mouths it came: 0 first hand, 1 reported, ..
    pub distance: u8,
    /// How often it was asserted.
    pub assertions: u32,
    /// How often it was confirmed.
    pub confirmations: u32,
    /// How often it was contradicted since.
    pub contradictions: u32,
    /// The episodes that support it, 64 at most.
    pub supports: Vec<Id>,
    /// Its labels.
    pub scope: Scope,
    /// True in the world from this moment; unknown, and so for ever back, if absent. Of several periods this is the
    /// present one, else the last one past, else the first to come.
    pub valid_from: Option<Timestamp>,
    /// True in the world until this moment (exclusive); still true if absent.
    pub valid_to: Option<Timestamp>,
    /// When it was true before that, in order.
    pub earlier: Vec<Period>,
    /// When it will be true after that, in order.
    pub later: Vec<Period>,
    /// When the store learnt of this version.
    pub recorded_at: Timestamp,
    /// When the store stopped holding it current; still current if absent.
    pub retired_at: Option<Timestamp>,
    /// When the claim was last asserted.
    pub asserted_at: Timestamp,
    /// The atoms whose place it took.
    pub supersedes: Vec<Id>,
    /// The atom that took its place, or will when its time comes.
    pub superseded_by: Option<Id>,
    /// The atoms it cannot hold beside, where nothing decides between them.
    pub disputed_with: Vec<Id>,
    /// When its standing is to be looked at again, whatever is said until then.
    pub due: Option<Timestamp>,
    /// 1 for the first version, one more for every change.
    pub version: u32,
}

impl Atom {
    /// From when it was true, as far as that is known: a place on a line of time.
    pub(crate) fn begins(&self) -> Timestamp {
        self.valid_from
            .unwrap_or_else(|| self.valid_to.map_or(self.recorded_at, |to| to.min(self.recorded_at)))
    }

    /// When it was true, in order.
    pub fn periods(&self) -> impl Iterator<Item = Period> + '_ {
        let this = Period { from: self.valid_from, to: self.valid_to };
        self.earlier.iter().copied().chain([this]).chain(self.later.iter().copied())
    }

    /// Whether it was true in the world at a moment, as far as is known. What was taken back never was.
    pub fn held_at(&self, moment: Timestamp) -> bool {
        let never = [HistoricalReason::Retracted, HistoricalReason::Overruled]
            .map(Standing::Historical)
            .contains(&self.standing);
        !never && self.periods().any(|period| period.contains(moment))
    }

    /// Whether nothing decides between it and another.
    pub fn is_disputed(&self) -> bool {
        !self.disputed_with.is_empty()
    }

    /// The claim as a sentence to be searched: predicates read as words.
    pub fn sentence(&self) -> String {
        sentence([&self.subject, &self.predicate, &self.object], self.negated, &self.contexts)
    }
}

/// A claim as a sentence: predicates read as words.
fn sentence([subject, predicate, object]: [&str; 3], negated: bool, contexts: &[String]) -> String {
    let not = if negated { "not " } else { "" };
    let mut sentence = format!("{subject} {not}{} {object}", predicate.replace('_', " "));
    for context in contexts {
        sentence.push(' ');
        sentence.push_str(context);
    }
    sentence
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
    /// Whether it says that the value does not hold.
    pub negated: bool,
    /// Situations in which alone it holds, 16 at most.
    pub contexts: Vec<String>,
    /// Sort of claim; that of the predicate if absent.
    pub kind: Option<Kind>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// How sure the source is, 0 to 1.
    pub confidence: f32,
    /// How far the source is trusted; as its episodes are if absent, and no further than they.
    pub trust: Option<Trust>,
    /// Whose belief it reports; the speaker's own if absent.
    pub holder: Option<String>,
    /// Through how many mouths it came: 0 first hand, 1 reported, ..
    pub distance: u8,
    /// True in the world from this moment; from when it was said if absent, or unknown if `valid_to` is past.
    pub valid_from: Option<Timestamp>,
    /// True in the world until this moment.
    pub valid_to: Option<Timestamp>,
    /// When it was said; the clock's time if absent.
    pub said_at: Option<Timestamp>,
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
            negated: false,
            contexts: Vec::new(),
            kind: None,
            provenance: Provenance::Stated,
            confidence: 1.0,
            trust: None,
            holder: None,
            distance: 0,
            valid_from: None,
            valid_to: None,
            said_at: None,
            supports: Vec::new(),
            scope: Scope::default(),
            vector: None,
        }
    }

    /// The claim as the sentence of the atom that it would found.
    pub(crate) fn sentence(&self) -> String {
        sentence([&self.subject, &self.predicate, &self.object], self.negated, &self.contexts)
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

    /// Saying that the value does not hold.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.negated = true;
        self
    }

    /// From a source that is trusted so far.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// Reported: another one's belief.
    #[must_use]
    pub fn held_by(mut self, holder: impl Into<String>) -> Self {
        self.holder = Some(holder.into());
        self.distance = self.distance.max(1);
        self
    }

    /// Said at a moment.
    #[must_use]
    pub fn said_at(mut self, moment: Timestamp) -> Self {
        self.said_at = Some(moment);
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
