//! Telling a conversation to a tenant, and citing what it remembers.

use std::collections::HashMap;

use ebbmark::{Assertion, Batch, Id, ManualClock, Outcome, Record, Tenant};

use crate::Result;
use crate::conversation::Conversation;
use crate::print::date;

/// What a tenant was told.
#[derive(Debug, Default)]
pub struct Told {
    /// The ids of the turns, by talk and turn.
    pub turns: HashMap<(String, usize), Id>,
    /// What became of the claims.
    pub verdicts: Vec<Assertion>,
}

impl Told {
    /// The id of a turn.
    ///
    /// # Errors
    /// A turn that was never said.
    pub fn turn(&self, session: &str, turn: usize) -> Result<Id> {
        let id = self.turns.get(&(session.to_owned(), turn));
        id.copied().ok_or_else(|| format!("nothing was said in {session} at turn {turn}").into())
    }

    /// The claims that had this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.outcome == outcome).count()
    }
}

/// Adds a conversation to a tenant, talk by talk, each on its date and with the claims that it supports.
///
/// # Errors
/// Those of the store; a claim about a turn that was never said.
pub fn tell(tenant: &Tenant, conversation: &Conversation, clock: &ManualClock) -> Result<Told> {
    let mut told = Told::default();
    for session in &conversation.sessions {
        clock.set(session.date);
        let receipt = tenant.add(Batch::new(session.episodes()).idempotency_key(&session.id))?;
        let ids = receipt.ids.into_iter().enumerate();
        told.turns.extend(ids.map(|(turn, id)| ((session.id.clone(), turn), id)));
        for fact in conversation.facts_of(session) {
            let turn = told.turn(&fact.session, fact.turn)?;
            told.verdicts.push(tenant.assert_fact(fact.claim().support(turn).valid_from(session.date))?);
        }
    }
    Ok(told)
}

/// A record as it is cited: an episode with who and when, a claim as a sentence.
pub fn quote(record: &Record) -> String {
    match record {
        Record::Episode(said) => {
            let speaker = said.speaker.as_deref().unwrap_or("somebody");
            format!("{speaker}, {}: {}", date(said.occurred_at), said.text)
        }
        Record::Atom(atom) => atom.sentence(),
    }
}
