//! Episodes: what was said or read, verbatim.

use serde::{Deserialize, Serialize};

use super::atom::NewFact;
use super::clock::Timestamp;
use super::document::Passage;
use super::id::Id;
use super::metadata::{Metadata, Value};
use super::scope::Scope;
use super::trust::Trust;

/// Who or what an episode comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Role {
    /// The person.
    #[default]
    User = 0,
    /// The agent.
    Assistant = 1,
    /// Instructions around the conversation.
    System = 2,
    /// The result of a tool.
    Tool = 3,
    /// A passage of a document.
    Document = 4,
}

impl Role {
    const ALL: [Role; 5] = [Role::User, Role::Assistant, Role::System, Role::Tool, Role::Document];

    /// The role of its number in a column.
    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// How far its words are trusted unless something else is said.
    pub(crate) fn trust(self) -> Trust {
        match self {
            Role::User | Role::System => Trust::High,
            Role::Assistant | Role::Tool => Trust::Medium,
            Role::Document => Trust::Low,
        }
    }
}

/// Something that was said or read, kept verbatim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// Its id.
    pub id: Id,
    /// Who or what it comes from.
    pub role: Role,
    /// The speaker's name, where the host gave one.
    pub speaker: Option<String>,
    /// What it is about, or the title of what it was taken from, where the host gave one.
    pub title: Option<String>,
    /// The text, in Unicode normal form C.
    pub text: String,
    /// Its labels.
    pub scope: Scope,
    /// When it was said.
    pub occurred_at: Timestamp,
    /// When the store learnt of this version.
    pub recorded_at: Timestamp,
    /// When lists and searches stop to return it, if they do; `get` returns it until it is deleted.
    pub expires_at: Option<Timestamp>,
    /// Importance given by the host, 0 to 1.
    pub importance: Option<f32>,
    /// The host's own fields.
    pub metadata: Metadata,
    /// How far its words are trusted; no claim that it supports is trusted further.
    pub trust: Trust,
    /// Whether the guard keeps it out of lists and searches.
    pub quarantined: bool,
    /// 1 for the first version, one more for every update.
    pub version: u32,
    /// Where it stands in a document, if it is a passage of one.
    pub passage: Option<Passage>,
}

impl Episode {
    /// What is searched of it, and what its vector is made of.
    pub(crate) fn searched_text(&self) -> String {
        let section = self.passage.as_ref().map_or(&[][..], |passage| &passage.section);
        searched(self.speaker.as_deref(), self.title.as_deref(), section, &self.text)
    }
}

/// A text behind its speaker's name, its title, and the headings that it stands under, but for those that it has itself.
pub(crate) fn searched(speaker: Option<&str>, title: Option<&str>, section: &[String], text: &str) -> String {
    let is_line = |heading: &str| text.lines().any(|line| line.trim_matches([' ', '#']) == heading);
    let said = |heading: &&str| title == Some(*heading) || is_line(heading);
    let headings: Vec<&str> = section.iter().map(String::as_str).filter(|heading| !said(heading)).collect();
    let headings = if headings.is_empty() { String::new() } else { format!("{}\n", headings.join(" > ")) };
    let speaker = speaker.map_or_else(String::new, |speaker| format!("{speaker}: "));
    let title = title.map_or_else(String::new, |title| format!("{title}\n"));
    format!("{speaker}{title}{headings}{text}")
}

/// An episode to be added. Built in chains: `NewEpisode::user("I moved to Porto").speaker("Mara")`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewEpisode {
    /// Who or what it comes from.
    pub role: Role,
    /// The speaker's name; it is searched with the text.
    pub speaker: Option<String>,
    /// What it is about, or the title of what it is taken from, 1 to 2048 bytes. It is searched with the text, and
    /// questions and texts that name it lead to it, if it has ten words at most.
    pub title: Option<String>,
    /// The text: 1 byte to 1 MiB, not only white space, no NUL.
    pub text: String,
    /// Labels; parts left open are taken from the handle.
    pub scope: Scope,
    /// When it was said; the clock's time if absent.
    pub occurred_at: Option<Timestamp>,
    /// When it stops being found; never if absent.
    pub expires_at: Option<Timestamp>,
    /// Importance, 0 to 1.
    pub importance: Option<f32>,
    /// The host's own fields, 16 KiB at most.
    pub metadata: Metadata,
    /// How far its words are trusted; if absent as its role: the person and the system high, the agent and tools
    /// medium, documents low.
    pub trust: Option<Trust>,
    /// What it says, as claims of the host's own making; they are supported by it.
    pub facts: Vec<NewFact>,
    /// Its vector, of any length but zero; the embedder makes one if absent.
    pub vector: Option<Vec<f32>>,
}

impl NewEpisode {
    /// A text in a role.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        NewEpisode { role, text: text.into(), ..NewEpisode::default() }
    }

    /// Something the person said.
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, text)
    }

    /// Something the agent said.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, text)
    }

    /// With the speaker's name.
    #[must_use]
    pub fn speaker(mut self, speaker: impl Into<String>) -> Self {
        self.speaker = Some(speaker.into());
        self
    }

    /// With what it is about, or the title of what it is taken from.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// With words that are trusted so far.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// With a claim that it makes.
    #[must_use]
    pub fn fact(mut self, fact: NewFact) -> Self {
        self.facts.push(fact);
        self
    }

    /// With labels.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// In a session; its neighbours there are taken into account when it is searched.
    #[must_use]
    pub fn session(mut self, session: impl Into<String>) -> Self {
        self.scope.session = Some(session.into());
        self
    }

    /// Said at a moment.
    #[must_use]
    pub fn occurred_at(mut self, moment: Timestamp) -> Self {
        self.occurred_at = Some(moment);
        self
    }

    /// Not found after a moment.
    #[must_use]
    pub fn expires_at(mut self, moment: Timestamp) -> Self {
        self.expires_at = Some(moment);
        self
    }

    /// With an importance, 0 to 1.
    #[must_use]
    pub fn importance(mut self, importance: f32) -> Self {
        self.importance = Some(importance);
        self
    }

    /// With one more field.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// With one more tag: a text in the list of its metadata field `tags`.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        let tags = self.metadata.entry("tags".to_owned()).or_insert_with(|| Value::List(Vec::new()));
        if let Value::List(tags) = tags {
            tags.push(Value::Text(tag.into()));
        } else {
            let before = std::mem::replace(tags, Value::Null);
            *tags = Value::List(vec![before, Value::Text(tag.into())]);
        }
        self
    }

    /// With its vector.
    #[must_use]
    pub fn vector(mut self, vector: Vec<f32>) -> Self {
        self.vector = Some(vector);
        self
    }
}

impl From<&str> for NewEpisode {
    fn from(text: &str) -> Self {
        NewEpisode::user(text)
    }
}

impl From<String> for NewEpisode {
    fn from(text: String) -> Self {
        NewEpisode::user(text)
    }
}

/// What one `add` carries: one text, one episode, or thousands, and perhaps a key that makes it repeatable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// The episodes, in the order they were said.
    pub episodes: Vec<NewEpisode>,
    /// The same key with the same content adds nothing and returns the first receipt.
    pub idempotency_key: Option<String>,
}

impl Batch {
    /// Episodes without a key.
    pub fn new(episodes: Vec<NewEpisode>) -> Self {
        Batch { episodes, idempotency_key: None }
    }

    /// With a key that makes the call repeatable.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }
}

impl<T: Into<NewEpisode>> From<T> for Batch {
    fn from(episode: T) -> Self {
        Batch::new(vec![episode.into()])
    }
}

impl From<Vec<NewEpisode>> for Batch {
    fn from(episodes: Vec<NewEpisode>) -> Self {
        Batch::new(episodes)
    }
}
