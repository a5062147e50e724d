//! Answers: hits, pages, contexts, profiles, paths, and why.

use ebbmark as core;
use pyo3::prelude::*;
use pyo3::type_hint_union;
use pyo3::types::PyString;

use super::filters::Field;
use crate::errors::wrong_type;
use crate::names::{AbsenceReason, ConnectionOutcome};
use crate::record::{record, settings, view};
use crate::translate::{Given, Told, Translate, given};

record! {
    /// What a score is made of. It is the host's, where its reranker was asked; else the sum of all parts from `dense` to
    /// `quoted`, times `retention` if it is above zero; in both cases less what `outdated` takes off.
    ScoreParts(core::ScoreParts) {
        /// Cosine of its vector and the query's, -1 to 1; exact for a query by vector alone, within about 0.002
        /// otherwise.
        cosine: Option<f32>,
        /// BM25 of its text. For a turn that came in as a neighbour it may leave common words out.
        bm25: f32,
        /// Its place among what was found by vector, from 1; none if it was not found so.
        dense_rank: Option<u32>,
        /// Its place among what was found by words, from 1; none if it was not found so.
        lexical_rank: Option<u32>,
        /// What its cosine adds; for a query by vector alone, the cosine itself.
        dense: f32,
        /// What its words add.
        lexical: f32,
        /// What the cosines of the turns within 2 of it add.
        dense_around: f32,
        /// What the words of the turns within 3 of it add.
        lexical_around: f32,
        /// What the words of a question add that it follows.
        answer: f32,
        /// What is taken off a question within a conversation.
        question: f32,
        /// What the share of the question's words adds that it has, each counted by how rare it is.
        coverage: f32,
        /// What its length adds: short turns say little.
        length: f32,
        /// What a time adds that the question names and that it is of.
        dated: f32,
        /// What the speaker adds whom the question names.
        speaker: f32,
        /// What its title adds, which the question names.
        named: f32,
        /// What one of the best finds adds that mentions its title.
        linked: f32,
        /// What rare names add that it shares with one of the best finds.
        bridged: f32,
        /// What the question's words add that lead to it over atoms, from what it names.
        graph: f32,
        /// What one of the best finds adds that it supports, or that supports it.
        supported: f32,
        /// What the words add that the question quotes, and that it has as they are.
        quoted: f32,
        /// What is taken off a version that is out of date, so that the current one comes before it.
        outdated: f32,
        /// What the host's reranker says; none if it was not asked.
        reranked: Option<f32>,
        /// How much of an atom is retained, as a factor of 0.85 to 1; 0.85 for one that is no longer current, 1 for
        /// an episode.
        retention: f32,
    }
}

record! {
    /// An answer: a record, its score, and what the score is made of.
    Hit(core::Hit) {
        /// The record.
        record: core::Record,
        /// Higher is better; comparable within one search only.
        score: f32,
        /// What the score is made of.
        parts: core::ScoreParts,
        /// Records that scored less and say the same: the episodes that support an atom, or the atoms that an episode supports;
        /// of those that were looked at for as many hits as were asked for.
        also: Vec<core::Id>,
    }
}

record! {
    /// A page of a list.
    Page(core::Page) {
        /// Records in the order they were first added.
        records: Vec<core::Record>,
        /// Where the next page begins; `None` behind the last record.
        next: Option<core::Cursor>,
    }
}

record! {
    /// A page of a timeline.
    TimelinePage(core::TimelinePage) {
        /// Records, oldest first; of one moment, in the order of their ids.
        records: Vec<core::Record>,
        /// Where the next page begins; `None` behind the last record.
        next: Option<core::TimelineCursor>,
    }
}

record! {
    /// A page of a search.
    SearchPage(core::SearchPage) {
        /// Hits in their order.
        hits: Vec<core::Hit>,
        /// Where the next page begins; `None` behind the last hit.
        next: Option<core::SearchCursor>,
    }
}

record! {
    /// How a question was read, what was found by what, and the hits.
    SearchExplanation(core::SearchExplanation) {
        /// Titles and entities that it names, as it writes them.
        names: Vec<String>,
        /// Other names of these entities, which it was asked with, too.
        aliases: Vec<String>,
        /// The one who asks, if the question speaks of him.
        own: Option<String>,
        /// The days that it names, each from the beginning of the first to the end of the last; those of every year are not among
        /// them.
        dates: Vec<core::Period>,
        /// Whether it asks when something was.
        asks_when: bool,
        /// Quotes in it that were looked for word for word.
        quotes: usize,
        /// Its words that count, other names of entities included.
        words: usize,
        /// Whether it had a vector.
        has_vector: bool,
        /// Records that its filter accepts, as far as the columns tell.
        accepted: usize,
        /// The legs, each with how many records it found.
        legs: Vec<(String, usize)>,
        /// Records that were scored: what the legs found, and their neighbours and links.
        scored: usize,
        /// What each part of a score counted.
        weights: core::Weights,
        /// The hits, each with its parts.
        hits: Vec<core::Hit>,
    }
}

record! {
    /// How many records have which value.
    FacetCounts(core::FacetCounts) {
        /// What they were counted by.
        facet: core::Facet,
        /// The most frequent values with their counts, the most frequent first; of equals, in the order of the values.
        values: Vec<(String, u64)>,
        /// Values beside these.
        more: u64,
        /// Records that have none.
        without: u64,
    }
}

record! {
    /// Where a part of a context comes from.
    Citation(core::Citation) {
        /// Its number in the text, from 1.
        number: usize,
        /// The record.
        id: core::Id,
        /// Who or what an episode comes from; `None` for a fact.
        role: Option<core::Role>,
        /// Who said it, where that is known.
        speaker: Option<String>,
        /// When it was said; of a fact, when it was last asserted.
        at: core::Timestamp,
        /// What an episode is about, or the title of what it was taken from.
        title: Option<String>,
        /// Whether only the beginning of it is in the text.
        cut: bool,
    }
}

record! {
    /// What a question is answered from, as text within a budget of tokens. Printed, it is the text.
    ///
    /// The text has the facts first, those that hold by rank, and then what was said, in the order of time: turns that follow
    /// one another under a header with their day and session, an ellipsis where turns between are left out. Every
    /// record has a number in square brackets in front of it. The second line of a text, and those that follow, are set in.
    Context(core::Context) {
        /// The text, without a line break at its end.
        text: String,
        /// Its tokens, `budget` at most.
        tokens: usize,
        /// The tokens that it might have had.
        budget: usize,
        /// Where each part comes from, by their numbers.
        citations: Vec<core::Citation>,
        /// Hits that were considered and are not in it.
        left_out: usize,
        /// Whether the host's counter counted the tokens; if not, they were estimated.
        counted_by_host: bool,
        /// Whether it ends with what the host's summariser made of what is left out.
        summary: bool,
        /// Why a summary that was asked for is not in it.
        summary_error: Option<core::Error>,
    }
}

record! {
    /// What is known of an entity. Printed, it is a few sentences for people.
    ///
    /// Of an entity with more claims than are read, some of each predicate are; what is judged together is read together.
    Profile(core::Profile) {
        /// Its names, the main one first.
        names: Vec<String>,
        /// What the view shows of it, by kind: entity, invariant, affiliation, social, trait, skill, preference, belief, style,
        /// fact, event, state, hypothesis; in a kind the most confident first, ties by id. About 1000 claims are read.
        facts: Vec<(core::Kind, Vec<core::Atom>)>,
        /// The entities that these lead to, and then those from which atoms lead to it, each in the order of the atoms' ids.
        /// 1000 of the latter are read.
        neighbors: Vec<core::Neighbor>,
        /// Open conflicts about it, in the order of their ids.
        disputed: Vec<core::Conflict>,
        /// The earliest moment at which a claim was made, of those that were read.
        first_known: Option<core::Timestamp>,
        /// The latest moment at which a claim was made, of those that were read.
        last_known: Option<core::Timestamp>,
        /// The newest episodes that say one of its names, newest first, 10 at most: in the text, the title, or as the speaker.
        mentions: Vec<core::Id>,
        /// How many episodes say one of its names, at least: of the newest 64 that may.
        mentioned: usize,
        /// Whether there is more than was read, of claims or of mentions.
        more: bool,
    }
}

view! {
    /// A step of a path: from an entity to another, along an atom that is about one of them and has the other as its value.
    Step(core::Step) {
        /// The name from which it leads.
        start: String = |step: &core::Step| step.from.clone(),
        /// The name to which it leads.
        end: String = |step: &core::Step| step.to.clone(),
        /// How the one is related to the other: the atom's predicate, or its inverse where the atom is about the other.
        /// `None` if that has no name.
        relation: Option<String>,
        /// Whether the atom is about the entity from which the step leads.
        outgoing: bool,
        /// The atom.
        atom: core::Atom,
    }
}

record! {
    /// A path from one entity to another. Printed, it is the claims along it.
    Path(core::Path) {
        /// The steps in order; none if both ends are the same entity.
        steps: Vec<core::Step>,
        /// The product of the confidences of its atoms, 0 to 1; 1 without steps.
        confidence: f32,
        /// Whether claims were left out because there are more than a search reads, so that a shorter or more credible
        /// path may have been missed.
        more: bool,
    }
}

settings! {
    /// What each part of a score counts in a search; the parts are those of `ScoreParts`.
    ///
    /// The defaults serve conversations and passages alike: they are the rounded mean of the best of 3,000 random ones on four
    /// question sets; the last three are choices, for what those sets do not ask. A part of weight 0 is left out.
    Weights(core::Weights) {
        /// Its own cosine.
        dense: f32,
        /// Its own BM25.
        lexical: f32,
        /// The mean cosine of the turns within 2 of it.
        dense_around: f32,
        /// The BM25 of the turns within 3 of it, read as one text.
        lexical_around: f32,
        /// The share of the question's words that it has, by their idf.
        coverage: f32,
        /// The BM25 of a question that it follows.
        answer: f32,
        /// The same where it is asked when something was: what was answered is seldom a date.
        answer_when: f32,
        /// That it is a question itself; below zero.
        question: f32,
        /// Its length among the candidates.
        length: f32,
        /// That it is of a time that the question names.
        dated: f32,
        /// That it is said by the one speaker whom the question names.
        speaker: f32,
        /// That the question names its title.
        named: f32,
        /// That a find mentions its title: this share of the find's score if nothing else mentions it.
        linked: f32,
        /// The rare names that it shares with a find.
        bridged: f32,
        /// How many of the question's words lead to an atom from what it names.
        graph: f32,
        /// That it supports a find, or a find supports it: this share of the find's score.
        supported: f32,
        /// That it has what the question quotes, word for word.
        quoted: f32,
    }
}

#[pymethods]
impl Weights {
    /// Weights that are all zero: the plain fusion of cosine and BM25 without what stands around.
    #[staticmethod]
    fn none() -> Self {
        Weights(core::Weights::none())
    }
}

#[pymethods]
impl ScoreParts {
    /// The sum that is the score.
    #[getter]
    fn score(&self) -> Told<f32> {
        Told(self.0.score())
    }
}

#[pymethods]
impl Hit {
    /// The id of the record.
    #[getter]
    fn id(&self) -> Told<core::Id> {
        Told(self.0.record.id())
    }

    /// The text of the record; an atom's as a sentence.
    #[getter]
    fn text(&self) -> String {
        self.0.record.text()
    }

    /// Why it was returned, as a sentence; and whether it is disputed.
    #[getter]
    fn why(&self) -> String {
        self.0.why()
    }
}

#[pymethods]
impl SearchExplanation {
    fn __str__(&self) -> String {
        self.0.to_string()
    }
}

#[pymethods]
impl Context {
    fn __str__(&self) -> &str {
        &self.0.text
    }
}

#[pymethods]
impl Step {
    #[new]
    fn new(
        start: Given<String>,
        end: Given<String>,
        relation: Option<Given<String>>,
        outgoing: bool,
        atom: Given<core::Atom>,
    ) -> Self {
        let (from, to, relation, atom) = (start.0, end.0, given(relation), atom.0);
        Step(core::Step { from, to, relation, outgoing, atom })
    }
}

/// Whether two entities are connected, in parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ConnectionParts {
    outcome: ConnectionOutcome,
    path: Option<core::Path>,
}

record! {
    /// Whether two entities are connected.
    Connection(ConnectionParts) {
        /// "found"; "none" if there is no path; "cut" if so much was looked at that the search was ended without one.
        outcome: ConnectionOutcome,
        /// The path, if one was found.
        path: Option<core::Path>,
    }
}

impl From<core::Connection> for ConnectionParts {
    fn from(connection: core::Connection) -> Self {
        match connection {
            core::Connection::Found(path) => {
                ConnectionParts { outcome: ConnectionOutcome::Found, path: Some(path) }
            }
            core::Connection::None => ConnectionParts { outcome: ConnectionOutcome::None, path: None },
            core::Connection::Cut => ConnectionParts { outcome: ConnectionOutcome::Cut, path: None },
        }
    }
}

/// Why a record is not among the hits, in parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AbsenceParts {
    reason: AbsenceReason,
    sentence: String,
    rank: Option<usize>,
    at: Option<core::Timestamp>,
    cluster: Option<core::Id>,
    parts: Option<core::ScoreParts>,
    last: Option<f32>,
    found: Option<bool>,
}

record! {
    /// Why a record is not among the hits of a question, or where it is.
    Absence(AbsenceParts) {
        /// Why; "found" if it is a hit.
        reason: AbsenceReason,
        /// The same as a sentence.
        sentence: String,
        /// Its place from 1: among the hits for "found", that of the hit it is one with for "clustered", among all that
        /// were scored for "outranked".
        rank: Option<usize>,
        /// When it expired, for "expired".
        at: Option<core::Timestamp>,
        /// The hit that it is one with, for "clustered".
        cluster: Option<core::Id>,
        /// What its score is made of, for "outranked".
        parts: Option<core::ScoreParts>,
        /// What the last hit scored, for "outranked".
        last: Option<f32>,
        /// Whether it was found by its vector or its words, for "outranked".
        found: Option<bool>,
    }
}

#[pymethods]
impl Absence {
    fn __str__(&self) -> &str {
        &self.0.sentence
    }
}

impl From<core::Absence> for AbsenceParts {
    fn from(absence: core::Absence) -> Self {
        let mut told = AbsenceParts {
            reason: AbsenceReason::Found,
            sentence: absence.to_string(),
            rank: None,
            at: None,
            cluster: None,
            parts: None,
            last: None,
            found: None,
        };
        told.reason = match absence {
            core::Absence::Found { rank } => {
                told.rank = Some(rank);
                AbsenceReason::Found
            }
            core::Absence::Unknown => AbsenceReason::Unknown,
            core::Absence::OtherScope => AbsenceReason::OtherScope,
            core::Absence::Archived => AbsenceReason::Archived,
            core::Absence::Quarantined => AbsenceReason::Quarantined,
            core::Absence::Expired { at } => {
                told.at = Some(at);
                AbsenceReason::Expired
            }
            core::Absence::NotCurrent => AbsenceReason::NotCurrent,
            core::Absence::Filtered => AbsenceReason::Filtered,
            core::Absence::NotInView => AbsenceReason::NotInView,
            core::Absence::Clustered { with, rank } => {
                (told.cluster, told.rank) = (Some(with), Some(rank));
                AbsenceReason::Clustered
            }
            core::Absence::Unscored => AbsenceReason::Unscored,
            core::Absence::Outranked { rank, parts, last, found } => {
                (told.rank, told.parts) = (Some(rank), Some(*parts));
                (told.last, told.found) = (Some(last), Some(found));
                AbsenceReason::Outranked
            }
        };
        told
    }
}

/// The facets by their names; that of a field of metadata is the field.
const FACETS: [(&str, core::Facet); 13] = [
    ("sort", core::Facet::Sort),
    ("role", core::Facet::Role),
    ("kind", core::Facet::Kind),
    ("standing", core::Facet::Standing),
    ("subject", core::Facet::Subject),
    ("predicate", core::Facet::Predicate),
    ("object", core::Facet::Object),
    ("user", core::Facet::User),
    ("agent", core::Facet::Agent),
    ("session", core::Facet::Session),
    ("speaker", core::Facet::Speaker),
    ("tag", core::Facet::Tag),
    ("month", core::Facet::Month),
];

impl Translate for core::Facet {
    const TYPE: pyo3::inspect::PyStaticExpr = type_hint_union!(
        pyo3::type_hint_identifier!("ebbmark._types", "Facet"),
        <Field as pyo3::PyTypeInfo>::TYPE_HINT
    );

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            core::Facet::Field(path) => Ok(Bound::new(py, Field(path))?.into_any()),
            facet => {
                let named = FACETS.iter().find(|(_, known)| *known == facet);
                Ok(PyString::intern(py, named.map_or("", |(name, _)| name)).into_any())
            }
        }
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(field) = given.cast::<Field>() {
            return Ok(core::Facet::Field(field.get().0.clone()));
        }
        let name =
            given.cast::<PyString>().map_err(|_| wrong_type(given, "the name of a facet, or field(path)"))?;
        let name = name.to_cow()?;
        FACETS.iter().find(|(known, _)| *known == name).map(|(_, facet)| facet.clone()).ok_or_else(|| {
            let known: Vec<&str> = FACETS.iter().map(|(name, _)| *name).collect();
            crate::names::unknown("facet", &name, &known)
        })
    }
}
