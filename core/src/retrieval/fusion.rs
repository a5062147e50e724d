//! Fusion: what the legs, the conversation and the question say of each candidate, as one sum.
//!
//! `S = .55 d + .70 D + .30 b + .35 W + .20 c + .55 Q - .15 q + .50 l + 1.0 t + .10 s + .50 n + 1.0 w + .80 u`,
//! where
//!
//! - d and b are the candidate's own cosine and BM25; D is the mean cosine of the turns within 2, W the BM25 of the turns
//!   within 3 read as one text; without neighbours D is d and W is b, and without a vector b stands for both;
//! - c is the share of the question's words that it has, each counted by its idf;
//! - Q is the BM25 of a question that it follows (.20 if the query asks when), q is 1 for a question;
//! - l is the logarithm of its length, 1 for 50 words and more; .5 for a record that is in no conversation;
//! - t is 1 if it is of a time that the query names, s if it is said by the one known speaker whom the query names, n if
//!   the query names its title; w is what it is worth as an end of
//!   the way that the query's words lead from there (see `graph`), and
//!   u is 1 if it has what the query quotes.
//!
//! Cosines are scaled from the least to the greatest of the candidates, BM25 by the greatest BM25 of a candidate. The
//! weights are those of [`Weights`]; `docs/retrieval.md` has the ablation.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::Asked;
use super::neighbourhood::{Candidate, Neighbourhood, WINDOW};
use super::weights::Weights;
use crate::index::{B, Bm25, K1, QueryVector, VectorIndex, flag};
use crate::model::{RecordSort, ScoreParts, Timestamp};
use crate::tenancy::WorkingSet;

/// Words of a turn that is long; stop words are not counted.
const LONG: u32 = 50;

/// The length of a record outside conversations, on their scale.
const LENGTH_ALONE: f32 = 0.5;

/// The most that words around a candidate count, against 1 for the greatest BM25 of a candidate itself: a filter
/// may let only poor candidates through whose neighbours are rich.
const AROUND_MAX: f32 = 2.0;

/// Turns on each side whose cosines are averaged.
const DENSE_REACH: usize = 2;

/// The least factor of an atom, for one that has faded away or is no longer current: it bends a ranking, it
/// never decides it.
const FADED: f32 = 0.85;

/// What a query has to score with.
pub(super) struct Signals<'a> {
    pub(super) vector: Option<(&'a VectorIndex, &'a QueryVector)>,
    pub(super) bm25: &'a Bm25,
    pub(super) asked: &'a Asked,
    /// What each atom is worth to which the question's words lead.
    pub(super) walked: &'a BTreeMap<u32, f32>,
    /// Records that have what is quoted.
    pub(super) quoted: &'a BTreeSet<u32>,
    pub(super) weights: &'a Weights,
}

/// The scores of a neighbourhood, by position.
struct Scores {
    /// Cosines; `None` where there is no vector, or the query has none.
    dense: Vec<Option<f32>>,
    lexical: Vec<f32>,
    /// For every term its idf and its count at each position.
    counts: Vec<(f32, Vec<u8>)>,
    lengths: Vec<u32>,
}

impl Scores {
    fn of(set: &WorkingSet, neighbourhood: &Neighbourhood, signals: &Signals<'_>) -> Self {
        let Neighbourhood { slots, places, .. } = neighbourhood;
        let mut dense = vec![None; slots.len()];
        if let Some((vectors, query)) = signals.vector {
            let cosines = vectors.scores(query, slots).into_iter().zip(slots);
            dense = cosines.map(|(cosine, &slot)| vectors.has_vector(slot).then_some(cosine)).collect();
        }
        let terms = &signals.bm25.terms;
        let lexical = |&slot: &u32| signals.bm25.score(slot);
        let length = |&slot: &u32| set.columns.length.get(slot as usize).copied().unwrap_or(0);
        Scores {
            dense,
            lexical: slots.iter().map(lexical).collect(),
            counts: terms.iter().map(|&(term, idf)| (idf, set.text.counts(term, slots, places))).collect(),
            lengths: slots.iter().map(length).collect(),
        }
    }

    fn cosine(&self, position: usize) -> Option<f32> {
        self.dense.get(position).copied().flatten()
    }

    fn bm25(&self, position: usize) -> f32 {
        self.lexical.get(position).copied().unwrap_or(0.0)
    }

    fn mean_cosine(&self, candidate: &Candidate) -> Option<f32> {
        let (sum, count) = candidate
            .around(DENSE_REACH)
            .filter_map(|turn| self.cosine(turn))
            .fold((0.0, 0), |(sum, count), cosine| (sum + cosine, count + 1));
        (count > 0).then(|| sum / count as f32)
    }

    fn window_length(&self, candidate: &Candidate) -> f32 {
        candidate.around(WINDOW).filter_map(|turn| self.lengths.get(turn)).sum::<u32>() as f32
    }

    /// The idf of the query's terms that a candidate has.
    fn covered(&self, position: usize) -> f32 {
        let has = |counts: &Vec<u8>| counts.get(position).is_some_and(|&count| count > 0);
        self.counts.iter().filter(|(_, counts)| has(counts)).map(|(idf, _)| idf).sum()
    }

    /// The logarithm of its length, 1 for a long turn.
    fn length(&self, position: usize) -> f32 {
        let log = |length: u32| (length as f32).ln_1p();
        self.lengths.get(position).map_or(0.0, |&length| (log(length) / log(LONG)).min(1.0))
    }

    /// The BM25 of the window read as one text; `mean` is the mean length of the candidates' windows.
    fn window_bm25(&self, candidate: &Candidate, mean: f32) -> f32 {
        let norm = K1 * (1.0 - B + B * self.window_length(candidate) / mean);
        let term = |(idf, counts): &(f32, Vec<u8>)| {
            let turns = candidate.around(WINDOW).filter_map(|turn| counts.get(turn));
            let count = turns.map(|&count| u32::from(count)).sum::<u32>() as f32;
            idf * count * (K1 + 1.0) / (count + norm)
        };
        self.counts.iter().map(term).sum()
    }
}

/// How the raw scores of one query are scaled.
pub(super) struct Scale {
    dense: Range,
    lexical_greatest: f32,
    window_mean: f32,
    /// The idf of all terms of the query.
    asked_idf: f32,
    /// The first term of the name of the one speaker whom the query names, 0 for none.
    speaker: u64,
}

/// From the least to the greatest of some values.
struct Range {
    least: f32,
    width: f32,
}

impl Range {
    fn of(values: impl Iterator<Item = f32>) -> Self {
        let (least, greatest) = values
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(least, greatest), value| {
                (least.min(value), greatest.max(value))
            });
        Range { least, width: greatest - least }
    }

    /// 0 for the least and 1 for the greatest; 0 for all if they are equal, because then they say nothing.
    fn scaled(&self, value: f32) -> f32 {
        if self.width > 0.0 { ((value - self.least) / self.width).clamp(0.0, 1.0) } else { 0.0 }
    }
}

impl Scale {
    fn of(set: &WorkingSet, neighbourhood: &Neighbourhood, scores: &Scores, signals: &Signals<'_>) -> Self {
        let candidates = &neighbourhood.candidates;
        let lengths: f32 = candidates.iter().map(|candidate| scores.window_length(candidate)).sum();
        let Asked { terms, .. } = signals.asked;
        let known = signals.bm25.terms.iter().map(|(_, idf)| idf);
        let unknown = terms.len().saturating_sub(signals.bm25.terms.len()) as f32 * set.text.idf_of(0);
        Scale {
            dense: Range::of(candidates.iter().filter_map(|candidate| scores.cosine(candidate.position))),
            lexical_greatest: candidates.iter().map(|it| scores.bm25(it.position)).fold(0.0, f32::max),
            window_mean: (lengths / candidates.len().max(1) as f32).max(1.0),
            asked_idf: known.sum::<f32>() + unknown,
            speaker: speaker_named(set, &neighbourhood.slots, terms),
        }
    }

    fn lexical(&self, bm25: f32) -> f32 {
        if self.lexical_greatest > 0.0 { (bm25 / self.lexical_greatest).min(AROUND_MAX) } else { 0.0 }
    }

    fn covered(&self, idf: f32) -> f32 {
        if self.asked_idf > 0.0 { (idf / self.asked_idf).min(1.0) } else { 0.0 }
    }
}

/// The speaker of one of the slots whom a query names, if it names just one.
fn speaker_named(set: &WorkingSet, slots: &[u32], terms: &[u64]) -> u64 {
    let mut named = slots
        .iter()
        .filter_map(|&slot| set.columns.source.get(slot as usize).copied())
        .filter(|speaker| *speaker != 0 && terms.contains(speaker));
    let Some(first) = named.next() else { return 0 };
    if named.all(|other| other == first) { first } else { 0 }
}

/// The score parts of every candidate, with its slot; scaled like `scale`, else among themselves.
pub(super) fn fuse(
    set: &WorkingSet,
    neighbourhood: &Neighbourhood,
    signals: &Signals<'_>,
    now: Timestamp,
    scale: Option<Scale>,
) -> (Vec<(u32, ScoreParts)>, Scale) {
    let scores = Scores::of(set, neighbourhood, signals);
    let scale = scale.unwrap_or_else(|| Scale::of(set, neighbourhood, &scores, signals));
    let fusion = Fusion { set, neighbourhood, signals, scores, scale, now };
    let parts = neighbourhood.candidates.iter().map(|candidate| fusion.parts(candidate)).collect();
    (parts, fusion.scale)
}

struct Fusion<'a> {
    set: &'a WorkingSet,
    neighbourhood: &'a Neighbourhood,
    signals: &'a Signals<'a>,
    scores: Scores,
    scale: Scale,
    now: Timestamp,
}

impl Fusion<'_> {
    fn parts(&self, candidate: &Candidate) -> (u32, ScoreParts) {
        let Fusion { set, scores, scale, .. } = self;
        let Signals { asked: Asked { dates, is_when, named, .. }, walked, quoted, .. } = self.signals;
        let weights = self.signals.weights;
        let position = candidate.position;
        let slot = self.slot(position);
        let in_talk = candidate.has_neighbour();
        let own = scale.lexical(scores.bm25(position));
        let window = scale.lexical(scores.window_bm25(candidate, scale.window_mean));
        let mut parts = ScoreParts {
            cosine: scores.cosine(position),
            bm25: scores.bm25(position),
            lexical: weights.lexical * own,
            lexical_around: weights.lexical_around * if in_talk { window } else { own },
            coverage: weights.coverage * scale.covered(scores.covered(position)),
            length: weights.length * if in_talk { scores.length(position) } else { LENGTH_ALONE },
            retention: retention_factor(set, slot, self.now),
            ..ScoreParts::default()
        };
        if self.signals.vector.is_some() {
            // The words of a record that waits for its vector stand for it.
            let dense = |cosine: Option<f32>| cosine.map(|cosine| scale.dense.scaled(cosine));
            let words = |part: Option<f32>, weight: f32| if part.is_none() { weight * own } else { 0.0 };
            let (near, around) = (dense(scores.cosine(position)), dense(scores.mean_cosine(candidate)));
            parts.dense = weights.dense * near.unwrap_or(0.0);
            parts.dense_around = weights.dense_around * around.unwrap_or(0.0);
            parts.lexical += words(near, weights.dense) + words(around, weights.dense_around);
        }
        if in_talk {
            let asked = candidate.before().filter(|&before| self.is_question(before));
            let weight = if *is_when { weights.answer_when } else { weights.answer };
            parts.answer = weight * asked.map_or(0.0, |before| scale.lexical(scores.bm25(before)));
            parts.question = if self.is_question(position) { weights.question } else { 0.0 };
        }
        let at = slot as usize;
        let moment = set.columns.occurred_at.get(at).map(|&micros| Timestamp::from_micros(micros));
        let is_dated = !dates.is_empty() && moment.is_some_and(|moment| dates.hold(moment));
        let is_theirs = scale.speaker != 0 && set.columns.source.get(at) == Some(&scale.speaker);
        parts.dated = if is_dated { weights.dated } else { 0.0 };
        parts.speaker = if is_theirs { weights.speaker } else { 0.0 };
        parts.named = if named.contains(&slot) { weights.named } else { 0.0 };
        parts.graph = weights.graph * walked.get(&slot).copied().unwrap_or(0.0);
        parts.quoted = if quoted.contains(&slot) { weights.quoted } else { 0.0 };
        (slot, parts)
    }

    fn slot(&self, position: usize) -> u32 {
        self.neighbourhood.slots.get(position).copied().unwrap_or(0)
    }

    fn is_question(&self, position: usize) -> bool {
        self.neighbourhood.slots.get(position).is_some_and(|&slot| self.set.columns.has(slot, flag::QUESTION))
    }
}

/// The factor by which an atom has faded, from 0.85 to 1; 1 for an episode.
pub(super) fn retention_factor(set: &WorkingSet, slot: u32, now: Timestamp) -> f32 {
    let (columns, slot) = (&set.columns, slot as usize);
    if columns.sort.get(slot) != Some(&(RecordSort::Atom as u8)) {
        return 1.0;
    }
    if columns.has(slot as u32, flag::HISTORICAL) {
        return FADED;
    }
    FADED + (1.0 - FADED) * set.retention(slot as u32, now) as f32
}
