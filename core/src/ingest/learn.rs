//! Learning: from a message to the claims it makes, before anything is written.

use super::assert::no_support;
use super::settle::Vector;
use crate::error::{Error, Result};
use crate::index::conversation;
use crate::language::{self, name_hash};
use crate::model::{
    Admission, Episode, Extraction, Id, Message, NewEpisode, NewFact, RecordSort, Role, Scope, Timestamp,
    Trust,
};
use crate::storage::keys;
use crate::tenancy::{Stored, Tenant, WorkingSet, Write, read_one};

/// Claims that are drawn from one message at most.
const EXTRACTED_MAX: usize = 16;

/// How many turns back the speaker's own last one is looked for.
const TURNS_BACK: usize = 6;

/// What a message makes known, checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Learned {
    pub(super) facts: Vec<(NewFact, Vector)>,
    /// Why the host's extractor failed.
    pub(super) failure: Option<Error>,
}

impl Tenant {
    /// The claims of each of some episodes: those that came with it, then those that are drawn from its text. Each stands
    /// with what its speaker said before it, where that is known.
    pub(super) fn learn(&self, episodes: &[(&NewEpisode, Option<&str>)]) -> Result<Vec<Learned>> {
        let now = self.common().now();
        let mut learned = Vec::with_capacity(episodes.len());
        for asked in episodes.chunks(self.common().host.messages_per_call()?) {
            let messages: Vec<Message<'_>> =
                asked.iter().map(|(new, previous)| message_of(new, *previous, now)).collect();
            let (drawn, failure) = match self.common().host.extract(&messages) {
                Ok(drawn) => (drawn, None),
                Err(error) => (vec![Vec::new(); asked.len()], Some(error)),
            };
            for (((new, _), message), drawn) in asked.iter().zip(&messages).zip(drawn) {
                self.go_on(0)?;
                learned.push(self.learn_one(new, message, drawn, failure.clone())?);
            }
        }
        Ok(learned)
    }

    /// The claims of an episode, with what the host's extractor drew from it.
    fn learn_one(
        &self,
        new: &NewEpisode,
        message: &Message<'_>,
        by_host: Vec<NewFact>,
        failure: Option<Error>,
    ) -> Result<Learned> {
        let mut drawn = built_in(&self.common().host.extraction, message);
        drawn.extend(by_host);
        drawn.truncate(EXTRACTED_MAX);
        let said_at = message.said_at;
        let source = Source { scope: &new.scope, said_at, trust: new.trust.unwrap_or(new.role.trust()) };
        let mut facts = Vec::new();
        for fact in new.facts.iter().cloned() {
            let fact = self.check_fact(source.complete(fact))?;
            if self.is_let_in(&fact, new)? {
                facts.push(fact);
            }
        }
        facts.iter().flat_map(|fact| &fact.supports).try_for_each(|support| self.check_support(*support))?;
        facts.extend(self.usable(drawn, &source));
        Ok(Learned { facts: facts.into_iter().map(|fact| (fact, Vector::default())).collect(), failure })
    }

    /// What was drawn, completed. What does not pass the checks (an object that is too long) is left out.
    fn usable(&self, drawn: Vec<NewFact>, source: &Source<'_>) -> Vec<NewFact> {
        drawn.into_iter().filter_map(|fact| self.check_fact(source.complete(fact)).ok()).collect()
    }

    /// Asks the host's extractor for the claims of a stored episode once more, and the embedder for their vectors.
    /// What the built-in rules draw from it was settled when it was added.
    ///
    /// # Errors
    /// `extractor.failed`, `callback.*`; those of reading.
    pub(crate) fn learn_again(&self, slot: u32, episode: &Episode) -> Result<Drawn> {
        // The labels of the handle that asks again are not those of the handle that added it.
        let plain = self.clone().with_scope(Scope::default())?;
        let looks_back = episode.role == Role::User && language::looks_back(&episode.text);
        let previous = match looks_back {
            true => plain.last_said(&episode.scope, episode.speaker.as_deref(), Some(slot))?,
            false => None,
        };
        let message = Message {
            text: &episode.text,
            speaker: speaker_of(episode.speaker.as_deref(), &episode.scope),
            role: episode.role,
            said_at: episode.occurred_at,
            previous: previous.as_deref(),
        };
        let host = &self.common().host;
        let mut drawn: Vec<NewFact> =
            host.extract(std::slice::from_ref(&message))?.into_iter().flatten().collect();
        drawn.truncate(EXTRACTED_MAX.saturating_sub(built_in(&host.extraction, &message).len()));
        let source = Source { scope: &episode.scope, said_at: episode.occurred_at, trust: episode.trust };
        let facts = plain.usable(drawn, &source);
        let sentences: Vec<String> = facts.iter().map(NewFact::sentence).collect();
        let given = facts.iter().map(|fact| fact.vector.as_deref());
        let texts: Vec<(&str, Option<&[f32]>)> = sentences.iter().map(String::as_str).zip(given).collect();
        let (vectors, _) = plain.vectors_of(&texts)?;
        Ok(Drawn(facts.into_iter().zip(vectors).collect()))
    }

    /// Settles what was drawn from a stored episode as if it had been drawn when that was added.
    ///
    /// # Errors
    /// Those of [`Tenant::assert_fact`].
    pub(crate) fn settle_again(&self, write: &mut Write<'_>, episode: Id, drawn: &Drawn) -> Result<()> {
        self.settle_drawn(write, episode, &drawn.0).map(drop)
    }

    /// Whether the guard has nothing against a claim that came with an episode.
    fn is_let_in(&self, fact: &NewFact, new: &NewEpisode) -> Result<bool> {
        let told =
            NewEpisode { role: new.role, scope: new.scope.clone(), ..NewEpisode::user(fact.sentence()) };
        Ok(self.common().host.admit(&told)? == Admission::Allow)
    }

    fn check_support(&self, id: Id) -> Result<()> {
        let known = self.stored(id)?.is_some_and(|stored| stored.record.sort() == RecordSort::Episode);
        if known { Ok(()) } else { Err(no_support(id)) }
    }

    /// What a speaker said last in a session, or before the turn in a slot.
    pub(super) fn last_said(
        &self,
        scope: &Scope,
        speaker: Option<&str>,
        before: Option<u32>,
    ) -> Result<Option<String>> {
        let hash = |label: &Option<String>| name_hash(label.as_deref());
        let (user, agent, session) = (hash(&scope.user), hash(&scope.agent), hash(&scope.session));
        if session == 0 {
            return Ok(None);
        }
        let latest = |set: &WorkingSet| {
            let turns = set.conversations.latest(conversation(user, agent, session));
            let behind = turns.skip_while(|slot| before.is_some_and(|before| *slot != before));
            Ok(behind.skip(usize::from(before.is_some())).take(TURNS_BACK).collect())
        };
        let slots: Vec<u32> = self.read(latest)?;
        let snapshot = self.snapshot()?;
        for slot in slots {
            let stored: Option<Stored> = read_one(&snapshot, &keys::record(slot))?;
            let episode = stored.as_ref().and_then(|stored| stored.record.as_episode());
            let own = episode.filter(|episode| said_by(episode, speaker));
            if let Some(episode) = own {
                return Ok(Some(episode.text.clone()));
            }
        }
        Ok(None)
    }
}

fn said_by(episode: &Episode, speaker: Option<&str>) -> bool {
    episode.role == Role::User && !episode.quarantined && episode.speaker.as_deref() == speaker
}

/// Claims that were drawn from a stored episode, with their vectors.
pub(crate) struct Drawn(Vec<(NewFact, Vector)>);

/// What claims take from their episode.
struct Source<'a> {
    scope: &'a Scope,
    said_at: Timestamp,
    trust: Trust,
}

impl Source<'_> {
    /// A claim with what it leaves open taken from its episode.
    fn complete(&self, mut fact: NewFact) -> NewFact {
        fact.scope = fact.scope.or(self.scope);
        fact.said_at = fact.said_at.or(Some(self.said_at));
        fact.trust = Some(fact.trust.map_or(self.trust, |own| own.min(self.trust)));
        fact
    }
}

/// An episode as an extractor reads it.
fn message_of<'a>(new: &'a NewEpisode, previous: Option<&'a str>, now: Timestamp) -> Message<'a> {
    let speaker = speaker_of(new.speaker.as_deref(), &new.scope);
    let said_at = new.occurred_at.unwrap_or(now);
    Message { text: &new.text, speaker, role: new.role, said_at, previous }
}

/// The name under which a message is read: the speaker's, else the user's, else "user".
fn speaker_of<'a>(speaker: Option<&'a str>, scope: &'a Scope) -> &'a str {
    speaker.or(scope.user.as_deref()).unwrap_or("user")
}

/// What the built-in rules draw from a message, where they are asked.
fn built_in(extraction: &Extraction, message: &Message<'_>) -> Vec<NewFact> {
    match extraction {
        Extraction::BuiltIn | Extraction::Both(_) if message.role == Role::User => language::extract(message),
        _ => Vec::new(),
    }
}
