//! Answers to questions that were asked lately, kept as long as they are the answers: a key holds all that an answer
//! depends on, the version of the tenant among it, so that nothing has to be taken out when something is written.

use std::sync::Arc;

use super::query::Query;
use super::view::View;
use crate::error::Result;
use crate::model::{Hit, Timestamp};
use crate::storage::encode;
use crate::tenancy::{Answer, Tenant};

impl Tenant {
    /// The answer to a question: the kept one, if there is one.
    pub(super) fn answer(&self, query: Query) -> Result<Vec<Hit>> {
        // What nests without end is refused before anything goes through it.
        query.check()?;
        let answers = &self.common().answers;
        // Of what is left of an atom a filter asks to the microsecond.
        let is_timeless = query.view == View::default() && !query.filter.asks_for_retention();
        if !answers.is_on() || !is_timeless {
            return Ok(self.find_answer(query)?.hits);
        }
        let now = self.common().now();
        if let Some(version) = self.loaded_version() {
            let key = self.key_of(&query, version, now)?;
            let is_good = |answer: &Arc<Answer>| (answer.since..answer.until).contains(&now);
            if let Some(answer) = answers.get(&key, is_good) {
                return Ok(answer.hits.clone());
            }
        }
        let found = self.find_answer(query.clone())?;
        if found.is_whole {
            let key = self.key_of(&query, found.version, found.now)?;
            let answer = Answer { hits: found.hits.clone(), since: found.now, until: found.until };
            answers.put(&key, answer.bytes(), Arc::new(answer));
        }
        Ok(found.hits)
    }

    /// All that an answer depends on. Within a minute memories fade by nothing.
    fn key_of(&self, query: &Query, version: u64, now: Timestamp) -> Result<Vec<u8>> {
        let Query { text, vector, filter, weights, limit, order, clustered, diversity, reranked, .. } = query;
        let shape = (limit, order, clustered, diversity, reranked);
        let tenant = (self.number(), version, self.scope());
        encode(&(tenant, minute_of(now), text, vector, filter, weights, shape))
    }
}

/// What was found, and how long it holds.
pub(super) struct Found {
    pub(super) hits: Vec<Hit>,
    /// The version that was searched.
    pub(super) version: u64,
    /// The moment that was searched for.
    pub(super) now: Timestamp,
    /// Until when it is the answer, if nothing is written.
    pub(super) until: Timestamp,
    /// Whether it can be kept: an embedder that failed leaves out what lies near, and an atom of several periods may end and
    /// begin at moments that no column holds.
    pub(super) is_whole: bool,
}

/// The minute of a moment: ranking tells memories apart by how much is left of them, to the minute.
pub(super) fn minute_of(moment: Timestamp) -> Timestamp {
    Timestamp::from_micros(moment.as_micros().div_euclid(60_000_000).saturating_mul(60_000_000))
}
