//! What was said and written: episodes, and what became of adding them.

use ebbmark as core;
use pyo3::prelude::*;

use crate::names::named;
use crate::record::{record, settings, view};
use crate::translate::{Given, given};
use crate::vectors::Vector;

settings! {
    /// Labels a record and narrows a query. It is a filter, not a wall: the wall is the tenant.
    ///
    /// In a query or on a handle, a part that is `None` matches every record.
    Scope(core::Scope) {
        /// The person the agent serves.
        user: Option<String>,
        /// The agent itself, where one tenant has several.
        agent: Option<String>,
        /// The conversation; records of one session are neighbours in time.
        session: Option<String>,
    }
}

record! {
    /// Where in which document a passage stands.
    Passage(core::Passage) {
        /// The name of the document.
        document: String,
        /// The headings that it stands under, the outermost first; none before the first heading.
        section: Vec<String>,
        /// Its place among the passages of the document, from 0.
        ordinal: u32,
        /// Where it begins, in bytes of the document's text in Unicode normal form C.
        start: u64,
        /// Where it ends. From `start` to here stands its text, but for blank lines before and white space behind it, and
        /// for what the guard took out.
        end: u64,
    }
}

record! {
    /// Something that was said or read, kept verbatim.
    Episode(core::Episode) {
        /// Its id.
        id: core::Id,
        /// Who or what it comes from.
        role: core::Role,
        /// The speaker's name, where the host gave one.
        speaker: Option<String>,
        /// What it is about, or the title of what it was taken from, where the host gave one.
        title: Option<String>,
        /// The text, in Unicode normal form C.
        text: String,
        /// Its labels.
        scope: core::Scope,
        /// When it was said.
        occurred_at: core::Timestamp,
        /// When the store learnt of this version.
        recorded_at: core::Timestamp,
        /// When lists and searches stop to return it, if they do; `get` returns it until it is deleted.
        expires_at: Option<core::Timestamp>,
        /// Importance given by the host, 0 to 1.
        importance: Option<f32>,
        /// The host's own fields.
        metadata: core::Metadata,
        /// How far its words are trusted; no claim that it supports is trusted further.
        trust: core::Trust,
        /// Whether the guard keeps it out of lists and searches.
        quarantined: bool,
        /// 1 for the first version, one more for every update.
        version: u32,
        /// Where it stands in a document, if it is a passage of one.
        passage: Option<core::Passage>,
    }
}

record! {
    /// What became of a claim that an episode made.
    FactReceipt(core::FactReceipt) {
        /// The episode that made it.
        episode: core::Id,
        /// The claim as it was asserted.
        fact: core::NewFact,
        /// What became of it.
        verdict: core::Assertion,
    }
}

record! {
    /// What `add` did.
    Receipt(core::Receipt) {
        /// The ids of the episodes, in their order.
        ids: Vec<core::Id>,
        /// The claims that the episodes made, in their order, with what became of them. A replayed call does not tell.
        facts: Vec<core::FactReceipt>,
        /// Whether an earlier call with the same idempotency key had added them all.
        replayed: bool,
        /// Episodes whose text the guard changed.
        redacted: Vec<core::Id>,
        /// Episodes that the guard keeps out of lists and searches.
        quarantined: Vec<core::Id>,
        /// Records that wait since this call: for a vector, or for their claims. See `Tenant.pending`.
        pending: usize,
        /// Why vectors could not be had.
        embedder_error: Option<core::Error>,
        /// Why claims could not be drawn from some episode.
        extractor_error: Option<core::Error>,
    }
}

record! {
    /// What became of a document.
    DocumentReceipt(core::DocumentReceipt) {
        /// The passages of the document, in its order.
        passages: Vec<core::Id>,
        /// Those that are new.
        added: Vec<core::Id>,
        /// Those that were there before.
        kept: Vec<core::Id>,
        /// Those of the kept ones that stand at another place in the document.
        moved: Vec<core::Id>,
        /// Those of the kept ones that have another version, because their labels or the host's own fields are others.
        updated: Vec<core::Id>,
        /// Passages that are gone.
        removed: Vec<core::Id>,
        /// The claims that the new passages made, with what became of them.
        facts: Vec<core::FactReceipt>,
        /// What went with the passages that are gone, and what holds again without them.
        effect: core::Effect,
        /// New passages whose text the guard changed.
        redacted: Vec<core::Id>,
        /// New passages that the guard keeps out of lists and searches.
        quarantined: Vec<core::Id>,
        /// Records that wait since this call: for a vector, or for their claims. See `Tenant.pending`.
        pending: usize,
        /// Why vectors could not be had.
        embedder_error: Option<core::Error>,
        /// Why claims could not be drawn from some passage.
        extractor_error: Option<core::Error>,
    }
}

view! {
    /// An episode to be added: `NewEpisode("I moved to Porto", speaker="Mara")`.
    NewEpisode(core::NewEpisode) {
        /// The text: 1 byte to 1 MiB, not only white space, no NUL.
        text: String,
        /// Who or what it comes from.
        role: core::Role,
        /// The speaker's name; it is searched with the text.
        speaker: Option<String>,
        /// What it is about, or the title of what it is taken from, 1 to 2048 bytes. It is searched with the text, and
        /// questions and texts that name it lead to it, if it has ten words at most.
        title: Option<String>,
        /// The user whom it is about or from; the handle's if absent.
        user: Option<String> = |new: &core::NewEpisode| new.scope.user.clone(),
        /// The agent; the handle's if absent.
        agent: Option<String> = |new: &core::NewEpisode| new.scope.agent.clone(),
        /// The conversation; the handle's if absent.
        session: Option<String> = |new: &core::NewEpisode| new.scope.session.clone(),
        /// When it was said; the clock's time if absent.
        occurred_at: Option<core::Timestamp>,
        /// When it stops being found; never if absent.
        expires_at: Option<core::Timestamp>,
        /// Importance, 0 to 1.
        importance: Option<f32>,
        /// The host's own fields, 16 KiB at most.
        metadata: core::Metadata,
        /// How far its words are trusted; if absent as its role: the person and the system high, the agent and tools
        /// medium, documents low.
        trust: Option<core::Trust>,
        /// What it says, as claims of the host's own making; they are supported by it.
        facts: Vec<core::NewFact>,
        /// Its vector, of any length but zero; the embedder makes one if absent.
        vector: Option<Vector> = |new: &core::NewEpisode| new.vector.clone().map(Vector),
    }
}

/// Labels, given one by one.
pub(crate) fn scope(
    user: Option<Given<String>>,
    agent: Option<Given<String>>,
    session: Option<Given<String>>,
) -> core::Scope {
    core::Scope { user: given(user), agent: given(agent), session: given(session) }
}

#[pymethods]
impl NewEpisode {
    #[new]
    #[pyo3(signature = (
        text, *, role: "Role" = "user", speaker = None, title = None, user = None, agent = None, session = None,
        occurred_at = None, expires_at = None, importance = None, metadata = None, trust = None, facts = None,
        vector = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    pub(crate) fn new(
        py: Python<'_>,
        text: Given<String>,
        role: &str,
        speaker: Option<Given<String>>,
        title: Option<Given<String>>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
        occurred_at: Option<Given<core::Timestamp>>,
        expires_at: Option<Given<core::Timestamp>>,
        importance: Option<Given<f32>>,
        metadata: Option<Given<core::Metadata>>,
        trust: Option<Given<core::Trust>>,
        facts: Option<Given<Vec<core::NewFact>>>,
        vector: Option<Given<Vector>>,
    ) -> PyResult<Self> {
        Ok(NewEpisode(core::NewEpisode {
            text: text.0,
            role: named(py, role)?,
            speaker: given(speaker),
            title: given(title),
            scope: scope(user, agent, session),
            occurred_at: given(occurred_at),
            expires_at: given(expires_at),
            importance: given(importance),
            metadata: given(metadata).unwrap_or_default(),
            trust: given(trust),
            facts: given(facts).unwrap_or_default(),
            vector: given(vector).map(|vector| vector.0),
        }))
    }
}

#[pymethods]
impl Episode {
    /// "episode".
    #[getter]
    fn sort(&self) -> &'static str {
        "episode"
    }

    /// When it was said.
    #[getter]
    fn happened_at(&self) -> crate::translate::Told<core::Timestamp> {
        crate::translate::Told(self.0.occurred_at)
    }
}

#[pymethods]
impl Passage {
    /// The headings above it, joined by " > ".
    #[getter]
    fn heading(&self) -> String {
        self.0.heading()
    }
}

#[pymethods]
impl Receipt {
    /// The id of the only episode, or of the first.
    #[getter]
    fn id(&self) -> crate::translate::Told<Option<core::Id>> {
        crate::translate::Told(self.0.id())
    }
}

/// A message as an extractor gets it, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) text: String,
    pub(crate) speaker: String,
    pub(crate) role: core::Role,
    pub(crate) said_at: core::Timestamp,
    pub(crate) previous: Option<String>,
}

record! {
    /// A message to be read for claims.
    Message(Heard) {
        /// What was said.
        text: String,
        /// The name of the one who said it: the speaker's, else the user's, else "user".
        speaker: String,
        /// Who or what it comes from.
        role: core::Role,
        /// When it was said.
        said_at: core::Timestamp,
        /// What the same speaker said before it in the session, where that is known.
        previous: Option<String>,
    }
}

impl Heard {
    pub(crate) fn of(message: &core::Message<'_>) -> Self {
        let &core::Message { text, speaker, role, said_at, previous } = message;
        let previous = previous.map(str::to_owned);
        Heard { text: text.to_owned(), speaker: speaker.to_owned(), role, said_at, previous }
    }

    pub(crate) fn lent(&self) -> core::Message<'_> {
        let Heard { text, speaker, role, said_at, previous } = self;
        core::Message { text, speaker, role: *role, said_at: *said_at, previous: previous.as_deref() }
    }
}
