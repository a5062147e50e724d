//! From ranked slots to hits: the records are read, old versions go behind current ones, what says the same becomes one hit,
//! the host's reranker is asked, and likeness counts where it is to.

use std::collections::HashMap;

use super::query::{Order, Query};
use super::read::{find, read_slots};
use super::search::Asking;
use crate::error::Result;
use crate::model::{Hit, Id, Record, ScoreParts, Standing, Timestamp};
use crate::tenancy::Tenant;

/// Records that a reranker is given, or that are looked at for being unlike, at least.
const WIDE: usize = 50;

/// Records that are read beyond those that are wanted, because some fall to others.
const MARGIN: usize = 8;

/// How often old versions are put behind current ones: chains of versions are followed so far, and circles in damaged data
/// no further.
const PASSES: usize = 8;

/// By how much an old version scores less than the current one, as a share of that score.
const BEHIND: f32 = 1e-4;

/// A slot in its place.
pub(super) struct Ranked {
    pub(super) slot: u32,
    pub(super) id: Id,
    pub(super) score: f32,
    pub(super) parts: ScoreParts,
}

/// A hit, and where it was found.
struct Placed {
    slot: u32,
    hit: Hit,
}

impl Tenant {
    /// The hits of what was ranked, and whether none of their atoms has several periods.
    pub(super) fn hits_of(
        &self,
        asking: &Asking<'_>,
        ranked: Vec<Ranked>,
        now: Timestamp,
    ) -> Result<(Vec<Hit>, bool)> {
        let query = &asking.query;
        let is_reranked = query.reranked && self.common().host.has_reranker() && query.text.is_some();
        let is_wide = is_reranked || query.diversity > 0.0;
        let count = if is_wide { query.limit.max(WIDE) } else { query.limit };
        let mut placed = self.read_best(asking, ranked, count, now)?;
        let atoms = placed.iter().filter_map(|placed| placed.hit.record.as_atom());
        let is_steady = atoms.into_iter().all(|atom| atom.periods().count() == 1);
        let is_answered = !is_reranked || self.rerank(query, &mut placed);
        if query.diversity > 0.0 {
            placed = self.unlike(placed, query)?;
        }
        placed.truncate(query.limit);
        let mut hits: Vec<Hit> = placed.into_iter().map(|placed| placed.hit).collect();
        match query.order {
            Order::Relevance => {}
            Order::Oldest => hits.sort_by_key(|hit| (hit.record.happened_at(), hit.record.id())),
            Order::Newest => {
                hits.sort_by_key(|hit| std::cmp::Reverse((hit.record.happened_at(), hit.record.id())));
            }
        }
        Ok((hits, is_steady && is_answered))
    }

    /// The best records, as many as are wanted.
    fn read_best(
        &self,
        asking: &Asking<'_>,
        ranked: Vec<Ranked>,
        count: usize,
        now: Timestamp,
    ) -> Result<Vec<Placed>> {
        let Asking { query, sieve } = asking;
        let snapshot = self.snapshot()?;
        let mut kept: Vec<Placed> = Vec::new();
        let mut clusters = Clusters::default();
        // Where history is asked for, the order is not settled before all that may be returned is read.
        let stride = if sieve.filter.historical { 2 * count + MARGIN } else { count + MARGIN };
        let mut rest = ranked.into_iter().peekable();
        while kept.len() < count && rest.peek().is_some() {
            sieve.patience.check()?;
            let some: Vec<Ranked> = rest.by_ref().take(stride).collect();
            let slots: Vec<u32> = some.iter().map(|ranked| ranked.slot).collect();
            let records = read_slots(snapshot.as_ref(), &slots)?;
            let mut placed = Vec::with_capacity(some.len());
            for (record, Ranked { slot, id, score, parts }) in records.into_iter().zip(some) {
                // A record updated since the ranking has moved to another slot; one deleted since is gone; and one
                // changed since must still be what was asked for.
                let record = record.map_or_else(|| find(snapshot.as_ref(), id), |stored| Ok(Some(stored)))?;
                let accepted = record.filter(|stored| sieve.accepts(stored, now));
                let hit =
                    accepted.map(|stored| Hit { record: stored.record, score, parts, also: Vec::new() });
                placed.extend(hit.map(|hit| Placed { slot, hit }));
            }
            if sieve.filter.historical {
                put_behind(&mut placed);
            }
            for placed in placed {
                match clusters.of(&placed.hit.record).filter(|_| query.clustered) {
                    Some(at) => {
                        kept.get_mut(at).into_iter().for_each(|it| it.hit.also.push(placed.hit.record.id()))
                    }
                    None => {
                        clusters.add(&placed.hit.record, kept.len());
                        kept.push(placed);
                    }
                }
            }
        }
        kept.truncate(count);
        Ok(kept)
    }

    /// Puts the hits in the order of the host's reranker; false if it failed, and they are as they were.
    fn rerank(&self, query: &Query, placed: &mut [Placed]) -> bool {
        let texts: Vec<String> = placed.iter().map(|placed| placed.hit.record.searched_text()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let question = query.text.as_deref().unwrap_or_default();
        let Ok(scores) = self.common().host.rerank(question, &texts) else { return false };
        for (Placed { hit, .. }, score) in placed.iter_mut().zip(scores) {
            hit.parts.reranked = Some(score);
            hit.score = hit.parts.score();
        }
        placed.sort_by(by_score);
        true
    }

    /// The hits in another order: each is as good, and as unlike those before it, as can be.
    fn unlike(&self, placed: Vec<Placed>, query: &Query) -> Result<Vec<Placed>> {
        let slots: Vec<u32> = placed.iter().map(|placed| placed.slot).collect();
        let scores: Vec<f32> = placed.iter().map(|placed| placed.hit.score).collect();
        let order = self.read(|set| {
            let alike = |a: u32, b: u32| set.vectors.similarity(a, b);
            Ok(marginal(&slots, &scores, query.diversity, query.limit, alike))
        })?;
        let mut placed: Vec<Option<Placed>> = placed.into_iter().map(Some).collect();
        Ok(order.into_iter().filter_map(|at| placed.get_mut(at)?.take()).collect())
    }
}

/// Which hits are one: episodes, and the atoms that rest on them.
#[derive(Default)]
struct Clusters {
    /// Where an episode is kept, or an atom that rests on it.
    of_episode: HashMap<Id, usize>,
    /// Where an atom is kept that rests on an episode.
    resting: HashMap<Id, usize>,
}

impl Clusters {
    /// Where a record's cluster is kept.
    fn of(&self, record: &Record) -> Option<usize> {
        match record {
            Record::Episode(episode) => self.resting.get(&episode.id).copied(),
            Record::Atom(atom) => atom.supports.iter().find_map(|id| self.of_episode.get(id).copied()),
        }
    }

    fn add(&mut self, record: &Record, at: usize) {
        match record {
            Record::Episode(episode) => drop(self.of_episode.insert(episode.id, at)),
            Record::Atom(atom) => atom.supports.iter().for_each(|&id| {
                self.resting.entry(id).or_insert(at);
            }),
        }
    }
}

/// Takes off what old versions score too much, and sorts.
fn put_behind(placed: &mut [Placed]) {
    for _ in 0..PASSES {
        let scores: HashMap<Id, f32> =
            placed.iter().map(|placed| (placed.hit.record.id(), placed.hit.score)).collect();
        let mut is_settled = true;
        for Placed { hit, .. } in placed.iter_mut() {
            let atom = hit.record.as_atom().filter(|atom| matches!(atom.standing, Standing::Historical(_)));
            let current = atom.and_then(|atom| scores.get(&atom.superseded_by?).copied());
            if let Some(current) = current.filter(|current| *current <= hit.score) {
                hit.parts.outdated += hit.score - current + BEHIND * current.abs().max(1.0);
                hit.score = hit.parts.score();
                is_settled = false;
            }
        }
        if is_settled {
            break;
        }
    }
    placed.sort_by(by_score);
}

fn by_score(a: &Placed, b: &Placed) -> std::cmp::Ordering {
    b.hit.score.total_cmp(&a.hit.score).then_with(|| a.hit.record.id().cmp(&b.hit.record.id()))
}

/// The order of maximal marginal relevance, as places of what is given best first.
fn marginal(
    slots: &[u32],
    scores: &[f32],
    diversity: f32,
    count: usize,
    alike: impl Fn(u32, u32) -> f32,
) -> Vec<usize> {
    let greatest = scores.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let mut left: Vec<(usize, u32, f32, f32)> = slots
        .iter()
        .zip(scores)
        .enumerate()
        .map(|(at, (&slot, &score))| (at, slot, score / greatest, 0.0_f32))
        .collect();
    let mut order = Vec::with_capacity(count);
    while order.len() < count && !left.is_empty() {
        let worth =
            |&(_, _, score, most): &(usize, u32, f32, f32)| (1.0 - diversity) * score - diversity * most;
        // Of equals the first stays first.
        let best = left.iter().enumerate().rev().max_by(|a, b| worth(a.1).total_cmp(&worth(b.1)));
        let Some(best) = best.map(|(place, _)| place) else { break };
        let (at, slot, ..) = left.remove(best);
        order.push(at);
        left.iter_mut().for_each(|(_, other, _, most)| *most = most.max(alike(slot, *other)));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Atom, HistoricalReason, Kind, Provenance, Scope, Trust};

    /// An old version, of a number and a score, that another took the place of.
    fn old(number: u128, score: f32, by: u128) -> Placed {
        let atom = Atom {
            id: Id::from_u128(number),
            subject: "Mara".to_owned(),
            predicate: "lives_in".to_owned(),
            object: "Porto".to_owned(),
            negated: false,
            contexts: Vec::new(),
            kind: Kind::Fact,
            standing: Standing::Historical(HistoricalReason::Superseded),
            provenance: Provenance::Stated,
            stability_days: None,
            confidence: 1.0,
            trust: Trust::High,
            holder: None,
            distance: 0,
            assertions: 1,
            confirmations: 0,
            contradictions: 0,
            supports: Vec::new(),
            scope: Scope::default(),
            valid_from: None,
            valid_to: None,
            earlier: Vec::new(),
            later: Vec::new(),
            recorded_at: crate::model::Timestamp::MIN,
            retired_at: None,
            asserted_at: crate::model::Timestamp::MIN,
            supersedes: Vec::new(),
            superseded_by: Some(Id::from_u128(by)),
            disputed_with: Vec::new(),
            due: None,
            version: 1,
        };
        let parts = ScoreParts { lexical: score, retention: 1.0, ..ScoreParts::default() };
        Placed { slot: 0, hit: Hit { record: Record::Atom(atom), score, parts, also: Vec::new() } }
    }

    fn numbers(placed: &[Placed]) -> Vec<u128> {
        placed.iter().map(|placed| placed.hit.record.id().as_u128()).collect()
    }

    #[test]
    fn a_chain_of_versions_comes_newest_first_whatever_they_score() {
        let mut placed = vec![old(1, 9.0, 2), old(2, 5.0, 3), old(3, 7.0, 4), old(4, 1.0, 99)];
        put_behind(&mut placed);
        assert_eq!(numbers(&placed), [4, 3, 2, 1]);
        assert!(placed.iter().all(|placed| placed.hit.score == placed.hit.parts.score()));
    }

    #[test]
    fn versions_in_a_circle_come_to_an_end() {
        let mut placed = vec![old(1, 9.0, 2), old(2, 5.0, 1), old(3, 1.0, 3)];
        put_behind(&mut placed);
        assert_eq!(placed.len(), 3);
        assert!(placed.iter().all(|placed| placed.hit.score.is_finite()));
    }

    #[test]
    fn of_equal_worth_the_first_stays_first_and_without_diversity_nothing_moves() {
        let alike = |a: u32, b: u32| if a / 10 == b / 10 { 1.0 } else { 0.0 };
        let (slots, scores) = ([10, 11, 20, 21], [1.0, 0.9, 0.8, 0.7]);
        assert_eq!(marginal(&slots, &scores, 0.0, 4, alike), [0, 1, 2, 3]);
        assert_eq!(marginal(&slots, &scores, 0.5, 3, alike), [0, 2, 1]);
        assert_eq!(marginal(&slots, &[1.0; 4], 0.0, 2, alike), [0, 1]);
        assert!(marginal(&[], &[], 1.0, 3, alike).is_empty());
    }
}
