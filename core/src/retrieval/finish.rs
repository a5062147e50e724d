//! From ranked slots to hits: the records are read, old versions go behind current ones, what says the same becomes one hit,
//! the host's reranker is asked, and likeness counts where it is to.

use std::collections::{HashMap, HashSet};

use super::asking::{Asking, Ranked};
use super::query::{Order, Query};
use super::read::{find, read_slots};
use super::sieve::Sieve;
use crate::error::Result;
use crate::model::{Hit, Id, Record, ScoreParts, Standing, Timestamp};
use crate::tenancy::Tenant;

/// Records that a reranker is given, or that are looked at for being unlike, at least.
const WIDE: usize = 50;

/// Records that are read beyond those that are wanted, because some fall to others.
const MARGIN: usize = 8;

/// By how much an old version scores less than the current one, as a share of that score.
const BEHIND: f32 = 1e-4;

impl Ranked {
    fn placed(self, record: Record) -> Placed {
        let Ranked { slot, score, parts, .. } = self;
        Placed { slot, hit: Hit { record, score, parts, also: Vec::new() } }
    }
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
        let is_answered = !is_reranked || self.rerank(asking, &mut placed)?;
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
        let mut kept: Vec<Placed> = Vec::new();
        let mut clusters = Clusters::default();
        // Where history is asked for, the order is not settled before all that may be returned is read.
        let stride = if asking.is_historical() { usize::MAX } else { count + MARGIN };
        let mut rest = ranked.into_iter().peekable();
        while kept.len() < count && rest.peek().is_some() {
            asking.sieve.patience.check()?;
            let some: Vec<Ranked> = rest.by_ref().take(stride).collect();
            let mut placed = match &asking.judge {
                None => self.read_accepted(asking, some, now)?,
                Some(judge) => self.read_shown(asking, judge, some, now)?,
            };
            if asking.is_historical() {
                put_behind(&mut placed);
            }
            for placed in placed {
                let record = &placed.hit.record;
                match clusters.of(record).filter(|_| asking.query.clustered) {
                    Some(at) => {
                        clusters.join(record, at);
                        kept.get_mut(at).into_iter().for_each(|it| it.hit.also.push(record.id()));
                    }
                    None => {
                        clusters.add(record, kept.len());
                        kept.push(placed);
                    }
                }
            }
        }
        kept.truncate(count);
        Ok(kept)
    }

    /// The records of what was ranked, as they are.
    fn read_accepted(&self, asking: &Asking<'_>, some: Vec<Ranked>, now: Timestamp) -> Result<Vec<Placed>> {
        let snapshot = self.snapshot()?;
        let slots: Vec<u32> = some.iter().map(|ranked| ranked.slot).collect();
        let records = read_slots(snapshot.as_ref(), &slots)?;
        let mut placed = Vec::with_capacity(some.len());
        for (record, ranked) in records.into_iter().zip(some) {
            // A record updated since the ranking has moved to another slot; one deleted since is gone; and one
            // changed since must still be what was asked for.
            let record =
                record.map_or_else(|| find(snapshot.as_ref(), ranked.id), |stored| Ok(Some(stored)))?;
            let accepted = record.filter(|stored| asking.sieve.accepts(stored, now));
            placed.extend(accepted.map(|stored| ranked.placed(stored.record)));
        }
        Ok(placed)
    }

    /// The records of what was ranked, as they are shown from another time.
    fn read_shown(
        &self,
        asking: &Asking<'_>,
        judge: &Sieve<'_>,
        some: Vec<Ranked>,
        now: Timestamp,
    ) -> Result<Vec<Placed>> {
        let (view, snapshot) = (asking.query.view, self.snapshot()?);
        let mut placed = Vec::new();
        for ranked in some {
            judge.patience.check()?;
            let Some(stored) = find(snapshot.as_ref(), ranked.id)? else { continue };
            placed.extend(self.shown(stored, judge, view, now)?.map(|record| ranked.placed(record)));
        }
        Ok(placed)
    }

    /// Puts the hits in the order of the host's reranker; false if it failed, and they are as they were.
    fn rerank(&self, asking: &Asking<'_>, placed: &mut [Placed]) -> Result<bool> {
        let texts: Vec<String> = placed.iter().map(|placed| placed.hit.record.searched_text()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let question = asking.query.text.as_deref().unwrap_or_default();
        let scores = self.common().host.rerank(question, &texts);
        asking.sieve.patience.check()?;
        let Ok(scores) = scores else { return Ok(false) };
        for (Placed { hit, .. }, score) in placed.iter_mut().zip(scores) {
            hit.parts = ScoreParts { reranked: Some(score), outdated: 0.0, ..hit.parts };
            hit.score = hit.parts.score();
        }
        if asking.is_historical() {
            put_behind(placed);
        } else {
            placed.sort_by(by_score);
        }
        Ok(true)
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
    /// Where an episode is kept, or what it is one with.
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

    /// Notes a record that is one with what is kept there: other atoms that rest on an episode are one with it, too.
    fn join(&mut self, record: &Record, at: usize) {
        if let Record::Episode(episode) = record {
            self.of_episode.insert(episode.id, at);
        }
    }
}

/// Takes off what old versions score too much, and sorts. A chain of versions is followed to its end once; where one goes
/// in a circle, as only damaged data can, nobody in it is put behind another.
fn put_behind(placed: &mut [Placed]) {
    let places: HashMap<Id, usize> =
        placed.iter().enumerate().map(|(at, placed)| (placed.hit.record.id(), at)).collect();
    let newer = |at: usize, placed: &[Placed]| {
        let atom = placed.get(at)?.hit.record.as_atom()?;
        let is_old = matches!(atom.standing, Standing::Historical(_));
        atom.superseded_by.filter(|_| is_old).and_then(|id| places.get(&id).copied())
    };
    let mut settled: HashSet<usize> = HashSet::new();
    for start in 0..placed.len() {
        let mut chain: Vec<usize> = Vec::new();
        let mut seen: HashSet<usize> = HashSet::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|at| !settled.contains(at) && seen.insert(*at)) {
            chain.push(at);
            next = newer(at, placed);
        }
        let circle = next.and_then(|next| chain.iter().position(|&at| at == next));
        for (place, at) in chain.into_iter().enumerate().rev() {
            if circle.is_some_and(|circle| place >= circle) {
                settled.insert(at);
                continue;
            }
            let current = newer(at, placed).filter(|newer| settled.contains(newer));
            let current = current.and_then(|newer| placed.get(newer)).map(|newer| newer.hit.score);
            if let (Some(current), Some(Placed { hit, .. })) = (current, placed.get_mut(at))
                && current <= hit.score
            {
                hit.parts.outdated += hit.score - current + BEHIND * current.abs().max(1.0);
                hit.score = hit.parts.score();
            }
            settled.insert(at);
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
    // Scores below zero, as a reranker may give, are raised above it.
    let least = scores.iter().copied().fold(0.0, f32::min);
    let greatest = scores.iter().map(|score| score - least).fold(f32::MIN_POSITIVE, f32::max);
    let mut left: Vec<(usize, u32, f32, f32)> = slots
        .iter()
        .zip(scores)
        .enumerate()
        .map(|(at, (&slot, &score))| (at, slot, (score - least) / greatest, 0.0_f32))
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
        assert_eq!(numbers(&placed), [1, 2, 3]);
    }

    #[test]
    fn of_equal_worth_the_first_stays_first_and_without_diversity_nothing_moves() {
        let alike = |a: u32, b: u32| if a / 10 == b / 10 { 1.0 } else { 0.0 };
        let (slots, scores) = ([10, 11, 20, 21], [1.0, 0.9, 0.8, 0.7]);
        assert_eq!(marginal(&slots, &scores, 0.0, 4, alike), [0, 1, 2, 3]);
        assert_eq!(marginal(&slots, &scores, 0.5, 3, alike), [0, 2, 1]);
        assert_eq!(marginal(&slots, &[1.0; 4], 0.0, 2, alike), [0, 1]);
        assert_eq!(marginal(&slots, &[-1.0, -1.1, -1.2, -1.3], 0.9, 3, alike), [0, 2, 1]);
        assert!(marginal(&[], &[], 1.0, 3, alike).is_empty());
    }
}
