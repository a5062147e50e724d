//! Fusion: what the legs and the conversation say of each candidate, as one sum.
//!
//! `score = .50 d + .25 b + .35 D + .30 W + .30 Q - .15 q`, where d and b are the candidate's own cosine and
//! BM25, D the mean cosine of the turns within 2, W the BM25 of the turns within 3 read as one text, Q the
//! BM25 of a question that it follows, and q is 1 for a question. Cosines are scaled from the least to the
//! greatest of the candidates, BM25 by the greatest BM25 of a candidate. The weights were fitted on five
//! conversations of LoCoMo and checked on passages; `docs/design.md` has the ablation. A record without
//! neighbours collapses to its own cosine and BM25.

use super::neighbourhood::{Candidate, Neighbourhood, WINDOW};
use crate::index::{B, Bm25, K1, QueryVector, flag};
use crate::model::{RecordSort, ScoreParts, Timestamp};
use crate::tenancy::WorkingSet;

const DENSE: f32 = 0.50;
const LEXICAL: f32 = 0.25;
const DENSE_AROUND: f32 = 0.35;
const LEXICAL_AROUND: f32 = 0.30;
const ANSWER: f32 = 0.30;
const QUESTION: f32 = -0.15;

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
    pub(super) vector: Option<&'a QueryVector>,
    pub(super) bm25: Option<&'a Bm25>,
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
        if let Some(query) = signals.vector {
            let cosines = set.vectors.scores(query, slots).into_iter().zip(slots);
            dense = cosines.map(|(cosine, &slot)| set.vectors.has_vector(slot).then_some(cosine)).collect();
        }
        let terms = signals.bm25.map_or(&[][..], |bm25| &bm25.terms);
        let lexical = |&slot: &u32| signals.bm25.map_or(0.0, |bm25| bm25.score(slot));
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
struct Scale {
    dense_least: f32,
    dense_range: f32,
    lexical_greatest: f32,
    window_mean: f32,
}

impl Scale {
    fn of(scores: &Scores, candidates: &[Candidate]) -> Self {
        let cosines = || candidates.iter().filter_map(|candidate| scores.cosine(candidate.position));
        let least = cosines().fold(f32::INFINITY, f32::min);
        let greatest = cosines().fold(f32::NEG_INFINITY, f32::max);
        let lengths: f32 = candidates.iter().map(|candidate| scores.window_length(candidate)).sum();
        Scale {
            dense_least: least,
            dense_range: greatest - least,
            lexical_greatest: candidates.iter().map(|it| scores.bm25(it.position)).fold(0.0, f32::max),
            window_mean: (lengths / candidates.len().max(1) as f32).max(1.0),
        }
    }

    /// 0 for the least cosine of the candidates and 1 for the greatest; 0 for all if they are equal, because then
    /// they say nothing.
    fn dense(&self, cosine: Option<f32>) -> f32 {
        match cosine {
            Some(cosine) if self.dense_range > 0.0 => {
                ((cosine - self.dense_least) / self.dense_range).clamp(0.0, 1.0)
            }
            _ => 0.0,
        }
    }

    fn lexical(&self, bm25: f32) -> f32 {
        if self.lexical_greatest > 0.0 { (bm25 / self.lexical_greatest).min(AROUND_MAX) } else { 0.0 }
    }
}

/// The score parts of every candidate, with its slot.
pub(super) fn fuse(
    set: &WorkingSet,
    neighbourhood: &Neighbourhood,
    signals: &Signals<'_>,
    now: Timestamp,
) -> Vec<(u32, ScoreParts)> {
    let Neighbourhood { slots, candidates, .. } = neighbourhood;
    let scores = Scores::of(set, neighbourhood, signals);
    let scale = Scale::of(&scores, candidates);
    let is_question =
        |position: usize| slots.get(position).is_some_and(|&slot| set.columns.has(slot, flag::QUESTION));
    let parts = |candidate: &Candidate| {
        let position = candidate.position;
        let slot = slots.get(position).copied().unwrap_or(0);
        let asked = candidate.before().filter(|&before| is_question(before));
        let question = candidate.has_neighbour() && is_question(position);
        let window = scores.window_bm25(candidate, scale.window_mean);
        let parts = ScoreParts {
            cosine: scores.cosine(position),
            bm25: scores.bm25(position),
            dense: DENSE * scale.dense(scores.cosine(position)),
            lexical: LEXICAL * scale.lexical(scores.bm25(position)),
            dense_around: DENSE_AROUND * scale.dense(scores.mean_cosine(candidate)),
            lexical_around: LEXICAL_AROUND * scale.lexical(window),
            answer: ANSWER * scale.lexical(asked.map_or(0.0, |before| scores.bm25(before))),
            question: if question { QUESTION } else { 0.0 },
            retention: retention_factor(set, slot, now),
        };
        (slot, parts)
    };
    candidates.iter().map(parts).collect()
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
