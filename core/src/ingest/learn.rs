//! Learning: from a message to the claims it makes, before anything is written.

use super::assert::no_support;
use super::settle::Vector;
use crate::error::{Code, Error, Result};
use crate::index::conversation;
use crate::language::{self, name_hash};
use crate::model::{
    Admission, Episode, Extraction, Extractor, Id, Message, NewEpisode, NewFact, RecordSort, Role, Scope,
    Timestamp,
};
use crate::storage::keys;
use crate::tenancy::{Stored, Tenant, WorkingSet, read_one};

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
    /// The claims of an episode: those that came with it, then those that are drawn from its text.
    pub(super) fn learn(&self, new: &NewEpisode, previous: Option<&str>) -> Result<Learned> {
        let said_at = new.occurred_at.unwrap_or(self.context().now());
        let user = new.scope.user.as_deref();
        let speaker = new.speaker.as_deref().or(user).unwrap_or("user");
        let message = Message { text: &new.text, speaker, role: new.role, said_at, previous };
        let (drawn, failure) = self.draw(&message);
        let given = new.facts.iter().cloned().map(|fact| self.check_fact(about(fact, new, said_at)));
        let mut facts = given.collect::<Result<Vec<NewFact>>>()?;
        facts.retain(|fact| self.is_let_in(fact, new));
        facts.iter().flat_map(|fact| &fact.supports).try_for_each(|support| self.check_support(*support))?;
        // What was drawn by rule and does not pass the checks (an object that is too long) is left out.
        let drawn = drawn.into_iter().filter_map(|fact| self.check_fact(about(fact, new, said_at)).ok());
        facts.extend(drawn);
        Ok(Learned { facts: facts.into_iter().map(|fact| (fact, Vector::default())).collect(), failure })
    }

    /// Whether the guard has nothing against a claim that came with an episode.
    fn is_let_in(&self, fact: &NewFact, new: &NewEpisode) -> bool {
        let told =
            NewEpisode { role: new.role, scope: new.scope.clone(), ..NewEpisode::user(fact.sentence()) };
        self.context().guard.as_ref().is_none_or(|guard| guard.admit(&told) == Admission::Allow)
    }

    fn check_support(&self, id: Id) -> Result<()> {
        let known = self.stored(id)?.is_some_and(|stored| stored.record.sort() == RecordSort::Episode);
        if known { Ok(()) } else { Err(no_support(id)) }
    }

    /// What a speaker said last in a session.
    pub(super) fn last_said(&self, scope: &Scope, speaker: Option<&str>) -> Result<Option<String>> {
        let hash = |label: &Option<String>| name_hash(label.as_deref());
        let (user, agent, session) = (hash(&scope.user), hash(&scope.agent), hash(&scope.session));
        if session == 0 {
            return Ok(None);
        }
        let latest = |set: &WorkingSet| {
            Ok(set.conversations.latest(conversation(user, agent, session)).take(TURNS_BACK).collect())
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

    fn draw(&self, message: &Message<'_>) -> (Vec<NewFact>, Option<Error>) {
        let built_in = || if message.role == Role::User { language::extract(message) } else { Vec::new() };
        let host = |extractor: &dyn Extractor| match extractor.extract(message) {
            Ok(facts) => (facts, None),
            Err(source) => (Vec::new(), Some(failed(source))),
        };
        let (mut facts, failure) = match &self.context().extraction {
            Extraction::Off => (Vec::new(), None),
            Extraction::BuiltIn => (built_in(), None),
            Extraction::Host(extractor) => host(extractor.as_ref()),
            Extraction::Both(extractor) => {
                let (more, failure) = host(extractor.as_ref());
                (built_in().into_iter().chain(more).collect(), failure)
            }
        };
        facts.truncate(EXTRACTED_MAX);
        (facts, failure)
    }
}

fn said_by(episode: &Episode, speaker: Option<&str>) -> bool {
    episode.role == Role::User && !episode.quarantined && episode.speaker.as_deref() == speaker
}

/// A claim with what it leaves open taken from its episode.
fn about(mut fact: NewFact, new: &NewEpisode, said_at: Timestamp) -> NewFact {
    fact.scope = fact.scope.or(&new.scope);
    fact.said_at = fact.said_at.or(Some(said_at));
    let trust = new.trust.unwrap_or(new.role.trust());
    fact.trust = Some(fact.trust.map_or(trust, |own| own.min(trust)));
    fact
}

fn failed(source: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::draft(Code::ExtractorFailed, "the host's extractor failed")
        .got("an error instead of claims")
        .expected("claims, or none")
        .source(source)
        .remedy("the episode is kept; assert its facts later, supported by it")
}
