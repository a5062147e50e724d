//! Text: postings per term and the BM25 scores of a query.
//!
//! BM25 as in Robertson and Zaragoza, "The probabilistic relevance framework" (2009), with k1 = 1.2 and
//! b = 0.75, and `idf = ln(1 + (N - df + 0.5) / (df + 0.5))`, which is never negative. N, df and the mean
//! length count live records only, so that a deleted record leaves no trace in any score.

use super::bitmap::{Bitmap, RankedBitmap};
use super::conversation::HashedMap;

/// How fast repetition of a term stops to count.
pub(crate) const K1: f32 = 1.2;
/// How much the length of a text counts.
pub(crate) const B: f32 = 0.75;

/// Bits of a posting that hold the term's count in the record; the others hold the slot.
const COUNT_BITS: u32 = 6;
const COUNT_MAX: u32 = (1 << COUNT_BITS) - 1;

/// Live records with a term from which it pays to ask whether a term can still change the best.
const LONG_LIST: u32 = 4096;

/// A list is walked rather than searched while it has fewer postings than this for each slot looked for.
const WALK_BELOW: usize = 8;

/// The occurrences of one term.
#[derive(Clone, Debug, Default)]
struct List {
    /// Live records with the term.
    live: u32,
    /// Slot and count, packed, in order of slots; dead slots stay until the next load.
    postings: Vec<u32>,
}

/// The postings of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextIndex {
    lists: HashedMap<List>,
    postings: usize,
    /// Live records.
    records: u32,
    /// Terms in all live records.
    length: u64,
}

/// The BM25 scores of one query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bm25 {
    scores: Vec<f32>,
    /// The slots that have a score.
    touched: Vec<u32>,
    /// The terms of the query that are in some live record, each with its idf.
    pub(crate) terms: Vec<(u64, f32)>,
}

impl Bm25 {
    /// The score of a slot, 0 if no term of the query is in it.
    pub(crate) fn score(&self, slot: u32) -> f32 {
        self.scores.get(slot as usize).copied().unwrap_or(0.0)
    }
}

fn pack(slot: u32, count: u8) -> u32 {
    slot << COUNT_BITS | u32::from(count).min(COUNT_MAX)
}

fn slot_of(posting: u32) -> u32 {
    posting >> COUNT_BITS
}

impl TextIndex {
    /// Adds the terms of a slot; slots come in ascending order.
    pub(crate) fn insert(&mut self, slot: u32, counts: &[(u64, u8)], length: u32) {
        for &(term, count) in counts {
            self.extend(term, std::iter::once((slot, count)));
        }
        self.count_record(length);
    }

    /// Adds postings of live slots to a term, in order of slots and behind those it has.
    pub(crate) fn extend(&mut self, term: u64, postings: impl Iterator<Item = (u32, u8)>) {
        let mut postings = postings.map(|(slot, count)| pack(slot, count)).peekable();
        if postings.peek().is_some() {
            let list = self.lists.entry(term).or_default();
            let before = list.postings.len();
            list.postings.extend(postings);
            let added = list.postings.len() - before;
            list.live += added as u32;
            self.postings += added;
        }
    }

    /// Counts a live record of so many terms.
    pub(crate) fn count_record(&mut self, length: u32) {
        self.records += 1;
        self.length += u64::from(length);
    }

    /// Takes a record out of the statistics; its postings stay and are masked.
    pub(crate) fn remove(&mut self, terms: impl Iterator<Item = u64>, length: u32) {
        for term in terms {
            if let Some(list) = self.lists.get_mut(&term) {
                list.live = list.live.saturating_sub(1);
            }
        }
        self.records = self.records.saturating_sub(1);
        self.length = self.length.saturating_sub(u64::from(length));
    }

    /// The postings of a term, in order of slots.
    fn postings_of(&self, term: u64) -> &[u32] {
        self.lists.get(&term).map_or(&[], |list| &list.postings)
    }

    /// The allowed slots that have a term; none if they are more than `most`.
    pub(crate) fn few(&self, term: u64, allowed: &Bitmap, most: usize) -> Vec<u32> {
        let postings = self.postings_of(term);
        let mut slots =
            postings.iter().map(|&posting| slot_of(posting)).filter(|&slot| allowed.contains(slot));
        let few: Vec<u32> = slots.by_ref().take(most).collect();
        if slots.next().is_some() { Vec::new() } else { few }
    }

    /// Whether a slot has a term.
    pub(crate) fn has(&self, term: u64, slot: u32) -> bool {
        self.postings_of(term).binary_search_by_key(&slot, |&posting| slot_of(posting)).is_ok()
    }

    /// Whether any allowed slot has a term.
    pub(crate) fn any(&self, term: u64, allowed: &Bitmap) -> bool {
        self.postings_of(term).iter().any(|&posting| allowed.contains(slot_of(posting)))
    }

    /// The newest allowed slots that have a term, at most `most`, newest first.
    pub(crate) fn newest(&self, term: u64, allowed: &Bitmap, most: usize) -> Vec<u32> {
        let postings = self.postings_of(term);
        let slots = postings.iter().rev().map(|&posting| slot_of(posting));
        slots.filter(|&slot| allowed.contains(slot)).take(most).collect()
    }

    /// Live records that have a term.
    pub(crate) fn live(&self, term: u64) -> u32 {
        self.lists.get(&term).map_or(0, |list| list.live)
    }

    /// The idf of a term that so many live records have.
    pub(crate) fn idf_of(&self, live: u32) -> f32 {
        let (all, with) = (self.records as f32, live as f32);
        (((all - with).max(0.0) + 0.5) / (with + 0.5)).ln_1p()
    }

    /// The slots, live or not, that have a term.
    pub(crate) fn slots(&self, term: u64) -> Bitmap {
        let mut slots = Bitmap::default();
        for &posting in self.postings_of(term) {
            slots.insert(slot_of(posting));
        }
        slots
    }

    /// How often a term is in each of these slots, by their positions; `slots` are those of `places`.
    pub(crate) fn counts(&self, term: u64, slots: &[u32], places: &RankedBitmap) -> Vec<u8> {
        let mut counts = vec![0; slots.len()];
        let mut put = |posting: u32, position: usize| {
            if let Some(count) = counts.get_mut(position) {
                *count = (posting & COUNT_MAX) as u8;
            }
        };
        let mut rest = self.postings_of(term);
        if rest.len() < WALK_BELOW * slots.len() {
            for &posting in rest {
                if let Some(position) = places.position(slot_of(posting)) {
                    put(posting, position as usize);
                }
            }
        } else {
            for (position, &slot) in slots.iter().enumerate() {
                rest = skip_to(rest, slot);
                if let Some(&posting) = rest.first().filter(|&&posting| slot_of(posting) == slot) {
                    put(posting, position);
                }
            }
        }
        counts
    }

    /// Scores a query of distinct terms. The `limit` best of `allowed` get their exact score.
    ///
    /// Rare terms first. Once the terms that are left cannot lift a slot without a score into the best
    /// `limit` (MaxScore: Turtle and Flood, 1995), they are added only to slots that have a score.
    pub(crate) fn score(&self, terms: &[u64], lengths: &[u32], allowed: &Bitmap, limit: usize) -> Bm25 {
        // Rarest first, by what is live: postings of dead slots must not show in any score.
        let known = terms.iter().filter_map(|&term| Some((term, self.lists.get(&term)?)));
        let mut known: Vec<(u64, &List)> = known.filter(|(_, list)| list.live > 0).collect();
        known.sort_unstable_by_key(|&(term, list)| (list.live, term));
        let idfs = known.iter().map(|&(term, list)| (term, self.idf(list))).collect();
        let mut bm25 = Bm25 { scores: vec![0.0; lengths.len()], touched: Vec::new(), terms: idfs };
        let lists: Vec<(&List, f32)> =
            known.into_iter().zip(&bm25.terms).map(|((_, list), &(_, idf))| (list, idf)).collect();
        let mut bound: f32 = lists.iter().map(|(_, idf)| idf * (K1 + 1.0)).sum();
        let mut closed = false;
        let norm = self.norm();
        for (list, idf) in lists {
            let long = list.live >= LONG_LIST;
            closed = closed || long && bm25.threshold(allowed, limit) > bound;
            if closed {
                bm25.add_to_touched(list, idf, lengths, norm);
            } else {
                bm25.add(list, idf, lengths, norm);
            }
            bound -= idf * (K1 + 1.0);
        }
        bm25
    }

    fn idf(&self, list: &List) -> f32 {
        self.idf_of(list.live)
    }

    /// The length norm `k1 (1 - b + b length / mean)` as its constant and its factor of the length.
    fn norm(&self) -> (f32, f32) {
        let mean = (self.length as f32 / self.records.max(1) as f32).max(1.0);
        (K1 * (1.0 - B), K1 * B / mean)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.postings * 5 + self.lists.capacity() * (size_of::<List>() + 9)
    }
}

#[inline(always)]
fn impact(posting: u32, idf: f32, length: u32, (constant, factor): (f32, f32)) -> f32 {
    let count = (posting & COUNT_MAX) as f32;
    idf * count * (K1 + 1.0) / (count + constant + factor * length as f32)
}

impl Bm25 {
    fn add(&mut self, list: &List, idf: f32, lengths: &[u32], norm: (f32, f32)) {
        for &posting in &list.postings {
            let slot = slot_of(posting);
            let length = lengths.get(slot as usize).copied().unwrap_or(0);
            if let Some(score) = self.scores.get_mut(slot as usize) {
                if *score == 0.0 {
                    self.touched.push(slot);
                }
                *score += impact(posting, idf, length, norm);
            }
        }
    }

    fn add_to_touched(&mut self, list: &List, idf: f32, lengths: &[u32], norm: (f32, f32)) {
        if list.postings.len() < WALK_BELOW * self.touched.len() {
            for &posting in &list.postings {
                self.add_if_touched(posting, idf, lengths, norm);
            }
            return;
        }
        self.touched.sort_unstable();
        let mut rest = list.postings.as_slice();
        for slot in std::mem::take(&mut self.touched) {
            rest = skip_to(rest, slot);
            if let Some(&posting) = rest.first().filter(|&&posting| slot_of(posting) == slot) {
                self.add_if_touched(posting, idf, lengths, norm);
            }
            self.touched.push(slot);
        }
    }

    #[inline(always)]
    fn add_if_touched(&mut self, posting: u32, idf: f32, lengths: &[u32], norm: (f32, f32)) {
        let slot = slot_of(posting) as usize;
        if let (Some(score), Some(&length)) = (self.scores.get_mut(slot), lengths.get(slot))
            && *score > 0.0
        {
            *score += impact(posting, idf, length, norm);
        }
    }

    /// The score that is reached by `limit` allowed slots, 0 if there are fewer.
    fn threshold(&self, allowed: &Bitmap, limit: usize) -> f32 {
        let found = self.touched.iter().filter(|&&slot| allowed.contains(slot));
        let mut scores: Vec<f32> = found.map(|&slot| self.score(slot)).collect();
        if limit == 0 || scores.len() < limit {
            return 0.0;
        }
        *scores.select_nth_unstable_by(limit - 1, |a, b| b.total_cmp(a)).1
    }

    /// The `limit` best of `allowed`, best first, ties by slot; slots without any term are left out.
    pub(crate) fn best(&self, allowed: &Bitmap, limit: usize) -> Vec<(u32, f32)> {
        let found = self.touched.iter().filter(|&&slot| allowed.contains(slot));
        let mut scored: Vec<(u32, f32)> = found.map(|&slot| (slot, self.score(slot))).collect();
        super::vector::keep_best(&mut scored, limit);
        scored
    }
}

/// The rest of a list from the first posting whose slot is not below `slot`, by galloping.
fn skip_to(postings: &[u32], slot: u32) -> &[u32] {
    let mut step = 1;
    while postings.get(step).is_some_and(|&posting| slot_of(posting) < slot) {
        step *= 2;
    }
    let window = postings.get(..(step + 1).min(postings.len())).unwrap_or_default();
    let start = window.partition_point(|&posting| slot_of(posting) < slot);
    postings.get(start..).unwrap_or_default()
}
