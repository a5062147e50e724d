//! Candidates: what the legs find in a working set, each with the parts of its score.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::asked::Asked;
use super::fusion::{Signals, fuse, retention_factor};
use super::graph::walk;
use super::links::links;
use super::neighbourhood::Neighbourhood;
use super::patience::Patience;
use super::quotes::quoted;
use super::weights::Weights;
use crate::error::Result;
use crate::index::{Bitmap, QueryVector};
use crate::language::Analyzer;
use crate::model::{RecordSort, ScoreParts, Timestamp};
use crate::storage::Snapshot;
use crate::tenancy::{RelationWords, Vectors, WorkingSet, vector_of};

/// Records whose exact vectors are read for a query by vector alone, at least, and as a multiple of what is wanted.
const EXACT_LIMIT: usize = 40;
const EXACT_FACTOR: usize = 3;

/// Episodes of a time that become candidates for it, at most.
const DATED_MAX: usize = 256;

/// Atoms that become candidates because the question's words lead to them, at most.
const WALKED_MAX: usize = 64;

/// A question that is answered from a working set.
pub(super) struct Search<'a> {
    pub(super) set: &'a WorkingSet,
    pub(super) snapshot: &'a dyn Snapshot,
    pub(super) analyzer: &'a Analyzer,
    pub(super) allowed: &'a Bitmap,
    pub(super) asked: &'a Asked,
    pub(super) weights: &'a Weights,
    pub(super) relations: &'a RelationWords,
    /// The minute for which it is answered.
    pub(super) now: Timestamp,
    /// Hits that are asked for.
    pub(super) limit: usize,
    /// What each leg finds, at most.
    pub(super) pool: usize,
    /// A record that is a candidate whatever the legs find.
    pub(super) wanted: Option<u32>,
    pub(super) patience: Patience<'a>,
}

/// What was found, not in order, and by which leg how many.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) scored: Vec<(u32, ScoreParts)>,
    pub(super) legs: Vec<(&'static str, usize)>,
}

impl Search<'_> {
    /// By words and, where there is one, by vector.
    pub(super) fn by_both(&self, vector: Option<(Vectors<'_>, &[f32])>) -> Result<Candidates> {
        let Search { set, asked, weights, allowed, .. } = *self;
        let vector = vector.map(|(vectors, vector)| (vectors.index, QueryVector::of(vector)));
        let vector = vector.as_ref().map(|(index, query)| (*index, query));
        let dense = vector.map(|(index, query)| index.nearest(query, allowed, self.pool)).unwrap_or_default();
        let bm25 = set.text.score(&asked.terms, &set.columns.length, allowed, self.pool);
        let lexical = bm25.best(allowed, self.pool);
        let walked = match weights.graph {
            0.0 => BTreeMap::new(),
            _ => walk(set, self.relations, asked, allowed, self.patience)?,
        };
        let quoted = match weights.quoted {
            0.0 => BTreeSet::new(),
            _ => quoted(set, self.analyzer, self.snapshot, asked, allowed)?,
        };
        let named: Vec<u32> = asked.named.iter().copied().filter(|_| weights.named != 0.0).collect();
        let passed = most_passed(&walked);
        let dated = self.of_the_time();
        let legs = vec![
            ("vector", dense.len()),
            ("words", lexical.len()),
            ("names", named.len()),
            ("graph", passed.len()),
            ("quotes", quoted.len()),
            ("time", dated.len()),
        ];
        let by_name =
            named.into_iter().chain(passed).chain(quoted.iter().copied()).chain(dated).chain(self.wanted);
        let found = dense.iter().chain(&lexical).map(|&(slot, _)| slot).chain(by_name);
        let signals = Signals { vector, bm25: &bm25, asked, walked: &walked, quoted: &quoted, weights };
        let mut scored = self.linked(found, &signals)?;
        let (dense, lexical) = (ranks(&dense), ranks(&lexical));
        for (slot, parts) in &mut scored {
            parts.dense_rank = dense.get(slot).copied();
            parts.lexical_rank = lexical.get(slot).copied();
        }
        Ok(Candidates { scored, legs })
    }

    /// The episodes of a time that the question names; none if they are so many that the time tells nothing of one.
    fn of_the_time(&self) -> Vec<u32> {
        let (columns, spans) = (&self.set.columns, self.asked.dates.spans());
        if spans.is_empty() || self.weights.dated == 0.0 {
            return Vec::new();
        }
        let is_in = |at: i64| spans.iter().any(|(from, to)| (from.as_micros()..to.as_micros()).contains(&at));
        let is_of = |&slot: &u32| {
            let slot = slot as usize;
            columns.sort.get(slot) == Some(&(RecordSort::Episode as u8))
                && columns.occurred_at.get(slot).is_some_and(|&at| is_in(at))
        };
        let dated: Vec<u32> = self.allowed.iter().filter(is_of).take(DATED_MAX + 1).collect();
        if dated.len() > DATED_MAX { Vec::new() } else { dated }
    }

    /// Scores what was found and its neighbours, and what links lead to from the best of it.
    fn linked(
        &self,
        found: impl Iterator<Item = u32>,
        signals: &Signals<'_>,
    ) -> Result<Vec<(u32, ScoreParts)>> {
        let Search { set, weights, allowed, now, .. } = *self;
        let around = |found: &mut dyn Iterator<Item = u32>| Neighbourhood::around(set, found, allowed);
        let (mut scored, scale) = fuse(set, &around(&mut { found }), signals, now, None);
        let links = links(set, self.analyzer, self.snapshot, &scored, signals, allowed)?;
        let leads: BTreeSet<u32> = links.linked.keys().chain(links.supported.keys()).copied().collect();
        if !leads.is_empty() {
            let known: HashSet<u32> = scored.iter().map(|(slot, _)| *slot).collect();
            let is_new = |slot: &u32| leads.contains(slot) && !known.contains(slot);
            let new = around(&mut leads.iter().copied().filter(is_new));
            let (others, _) = fuse(set, &new, signals, now, Some(scale));
            // Their neighbours are not linked to.
            scored.extend(others.into_iter().filter(|(slot, _)| is_new(slot)));
        }
        let share = |of: &BTreeMap<u32, f32>, slot: &u32| of.get(slot).copied().unwrap_or(0.0);
        for (slot, parts) in &mut scored {
            parts.linked = weights.linked * share(&links.linked, slot);
            parts.bridged = weights.bridged * share(&links.bridged, slot);
            parts.supported = weights.supported * share(&links.supported, slot);
        }
        Ok(scored)
    }

    /// The cascade's last stage: the exact vectors of what the codes found.
    pub(super) fn by_vector(&self, (vectors, vector): (Vectors<'_>, &[f32])) -> Result<Candidates> {
        let Search { set, allowed, now, .. } = *self;
        let pool = EXACT_LIMIT.max(EXACT_FACTOR * self.limit);
        let mut nearest = vectors.index.nearest(&QueryVector::of(vector), allowed, pool);
        let ranks = ranks(&nearest);
        let wanted = self.wanted.filter(|wanted| !ranks.contains_key(wanted) && allowed.contains(*wanted));
        nearest.extend(wanted.filter(|wanted| vectors.index.has_vector(*wanted)).map(|wanted| (wanted, 0.0)));
        let rows: Vec<_> = nearest.iter().map(|&(slot, _)| vectors.key(slot)).collect();
        let exact = self.snapshot.get_many(&rows)?;
        let cosine = |row: Vec<u8>| -> f32 { vector_of(&row).iter().zip(vector).map(|(a, b)| a * b).sum() };
        let scored = nearest.into_iter().zip(exact).map(|((slot, coded), row)| {
            let cosine = row.map_or(coded, cosine);
            let retention = retention_factor(set, slot, now);
            let dense_rank = ranks.get(&slot).copied();
            let parts = ScoreParts {
                cosine: Some(cosine),
                dense: cosine,
                dense_rank,
                retention,
                ..ScoreParts::default()
            };
            (slot, parts)
        });
        Ok(Candidates { scored: scored.collect(), legs: vec![("vector", ranks.len())] })
    }
}

/// The places of what a leg found, from 1; of equal scores the same.
fn ranks(found: &[(u32, f32)]) -> HashMap<u32, u32> {
    let mut last = (f32::NAN, 0);
    let place = |((slot, score), place): (&(u32, f32), u32)| {
        last = if *score == last.0 { last } else { (*score, place) };
        (*slot, last.1)
    };
    found.iter().zip(1..).map(place).collect()
}

/// The atoms to which most words lead.
fn most_passed(walked: &BTreeMap<u32, f32>) -> Vec<u32> {
    let mut passed: Vec<(u32, f32)> = walked.iter().map(|(slot, share)| (*slot, *share)).collect();
    passed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    passed.truncate(WALKED_MAX);
    passed.into_iter().map(|(slot, _)| slot).collect()
}
