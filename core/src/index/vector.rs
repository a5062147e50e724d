//! Vectors: a cascade from sign bits to 8-bit codes. Exact vectors stay in the file.
//!
//! A code is `round(x / scale)` with `scale = max|x| / 127` for each vector. The sign bits pick candidates
//! by Hamming distance, the codes rank them; the error of a coded dot product of unit vectors is about 1e-3.

use super::bitmap::Bitmap;

/// Below this many slots every code is read: the sign bits would cost more than they save.
const ALL_CODES_BELOW: usize = 2000;

/// Candidates kept by the sign bits: one in this many, and never fewer than the floor.
const KEEP_ONE_IN: usize = 64;
const KEEP_FLOOR: usize = 600;

/// Largest absolute value of a component of a coded query: 11 bits, so that 32-bit sums never overflow.
const QUERY_RANGE: f32 = 2047.0;

/// A vector as an index holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Code {
    pub(crate) bits: Vec<u64>,
    pub(crate) codes: Vec<i8>,
    pub(crate) scale: f32,
}

impl Code {
    pub(crate) fn of(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Code { bits: signs(vector), codes: vector.iter().map(|x| (x / scale).round() as i8).collect(), scale }
    }
}

/// A query as an index reads it.
#[derive(Clone, Debug)]
pub(crate) struct QueryVector {
    bits: Vec<u64>,
    codes: Vec<i16>,
    scale: f32,
}

impl QueryVector {
    pub(crate) fn of(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let scale = if largest > 0.0 { largest / QUERY_RANGE } else { 1.0 };
        let codes = vector.iter().map(|x| (x / scale).round() as i16).collect();
        QueryVector { bits: signs(vector), codes, scale }
    }
}

fn signs(vector: &[f32]) -> Vec<u64> {
    let word = |chunk: &[f32]| {
        chunk.iter().enumerate().fold(0, |word, (bit, x)| word | (u64::from(x.is_sign_positive()) << bit))
    };
    vector.chunks(64).map(word).collect()
}

/// The coded vectors of all slots; a slot without a vector has the scale 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct VectorIndex {
    dimensions: usize,
    slots: usize,
    bits: Vec<u64>,
    codes: Vec<i8>,
    scales: Vec<f32>,
    /// The slots that have a vector.
    present: Bitmap,
}

impl VectorIndex {
    /// Adds the vector of the next slot, or none.
    pub(crate) fn push(&mut self, code: Option<&Code>) {
        self.slots += 1;
        if let Some(code) = code {
            self.dimensions = code.codes.len();
            self.pad(self.slots - 1);
            self.bits.extend_from_slice(&code.bits);
            self.codes.extend_from_slice(&code.codes);
            self.scales.push(code.scale);
            self.present.insert(self.slots as u32 - 1);
        } else if self.dimensions > 0 {
            self.pad(self.slots);
        }
    }

    /// Adds the vectors of the next slots, laid out as they are here; empty slices stand for no vectors.
    pub(crate) fn extend(&mut self, slots: usize, bits: &[u64], codes: &[i8], scales: &[f32]) {
        if !scales.is_empty() {
            self.dimensions = codes.len() / scales.len();
            self.pad(self.slots);
            self.bits.extend_from_slice(bits);
            self.codes.extend_from_slice(codes);
            self.scales.extend_from_slice(scales);
            let present = scales.iter().enumerate().filter(|(_, scale)| **scale > 0.0);
            present.for_each(|(offset, _)| self.present.insert((self.slots + offset) as u32));
        }
        self.slots += slots;
        if self.dimensions > 0 {
            self.pad(self.slots);
        }
    }

    /// Makes room for `slots` slots, the new ones without a vector.
    fn pad(&mut self, slots: usize) {
        self.bits.resize(slots * self.words(), 0);
        self.codes.resize(slots * self.dimensions, 0);
        self.scales.resize(slots, 0.0);
    }

    fn words(&self) -> usize {
        self.dimensions.div_ceil(64)
    }

    /// The coded cosines of slots, 0 for a slot without a vector.
    pub(crate) fn scores(&self, query: &QueryVector, slots: &[u32]) -> Vec<f32> {
        let mut scores = vec![0.0; slots.len()];
        pulp::Arch::new().dispatch(|| self.score_into(query, slots, &mut scores));
        scores
    }

    /// A plain loop, so that it is compiled as a whole for the instructions that the machine has.
    #[inline(always)]
    fn score_into(&self, query: &QueryVector, slots: &[u32], scores: &mut [f32]) {
        for (&slot, score) in slots.iter().zip(scores) {
            let start = slot as usize * self.dimensions;
            let code = self.codes.get(start..start + self.dimensions).unwrap_or_default();
            let scale = self.scales.get(slot as usize).copied().unwrap_or(0.0);
            *score = dot(code, &query.codes) as f32 * scale * query.scale;
        }
    }

    /// The `limit` best of `allowed` by coded cosine, best first, ties by slot.
    pub(crate) fn nearest(&self, query: &QueryVector, allowed: &Bitmap, limit: usize) -> Vec<(u32, f32)> {
        if self.dimensions == 0 || self.dimensions != query.codes.len() {
            return Vec::new();
        }
        let matched = allowed.len();
        let few = matched <= ALL_CODES_BELOW || matched * 5 <= self.slots;
        let candidates: Vec<u32> = if few {
            allowed.iter().filter(|&slot| self.has_vector(slot)).collect()
        } else {
            let keep = (self.slots / KEEP_ONE_IN).max(KEEP_FLOOR).max(4 * limit);
            self.nearest_by_signs(query, allowed, keep)
        };
        let scores = self.scores(query, &candidates);
        let mut scored: Vec<(u32, f32)> = candidates.into_iter().zip(scores).collect();
        keep_best(&mut scored, limit);
        scored
    }

    /// The coded cosine of two slots; 0 if one has no vector.
    pub(crate) fn similarity(&self, a: u32, b: u32) -> f32 {
        let code = |slot: u32| {
            let start = slot as usize * self.dimensions;
            self.codes.get(start..start + self.dimensions).unwrap_or_default()
        };
        let scale = |slot: u32| self.scales.get(slot as usize).copied().unwrap_or(0.0);
        let dot: i32 = code(a).iter().zip(code(b)).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
        dot as f32 * scale(a) * scale(b)
    }

    pub(crate) fn has_vector(&self, slot: u32) -> bool {
        self.present.contains(slot)
    }

    /// About the `keep` nearest of `allowed` by Hamming distance: every slot up to the distance reached.
    fn nearest_by_signs(&self, query: &QueryVector, allowed: &Bitmap, keep: usize) -> Vec<u32> {
        let mut distances = vec![0_u16; self.slots];
        let words = self.words();
        pulp::Arch::new().dispatch(|| hamming(&self.bits, &query.bits, words, &mut distances));
        let mut exclude = |slot: usize| {
            if let Some(distance) = distances.get_mut(slot) {
                *distance = u16::MAX;
            }
        };
        allowed.each_missing(self.slots, &mut exclude);
        self.present.each_missing(self.slots, &mut exclude);
        let radius = radius_of(&distances, self.dimensions, keep);
        let near = distances.iter().enumerate().filter(|&(_, &distance)| distance <= radius);
        near.map(|(slot, _)| slot as u32).collect()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bits.capacity() * 8 + self.codes.capacity() + self.scales.capacity() * 4 + self.present.bytes()
    }
}

/// Keeps the `limit` best, best first; ties by slot.
pub(crate) fn keep_best(scored: &mut Vec<(u32, f32)>, limit: usize) {
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if scored.len() > limit && limit > 0 {
        scored.select_nth_unstable_by(limit - 1, order);
    }
    scored.truncate(limit);
    scored.sort_unstable_by(order);
}

/// The least distance within which there are `keep` slots, or all that are not excluded.
fn radius_of(distances: &[u16], dimensions: usize, keep: usize) -> u16 {
    let mut histogram = vec![0_usize; dimensions + 1];
    for &distance in distances {
        if let Some(count) = histogram.get_mut(usize::from(distance)) {
            *count += 1;
        }
    }
    let mut reached = 0;
    for (distance, count) in histogram.iter().enumerate() {
        reached += count;
        if reached >= keep {
            return distance as u16;
        }
    }
    dimensions as u16
}

#[inline(always)]
fn dot(code: &[i8], query: &[i16]) -> i32 {
    let mut sum = 0;
    for (&a, &b) in code.iter().zip(query) {
        sum += i32::from(i16::from(a)) * i32::from(b);
    }
    sum
}

#[inline(always)]
fn hamming(bits: &[u64], query: &[u64], words: usize, distances: &mut [u16]) {
    // 384 dimensions are the common case: a fixed width lets the loop be unrolled, 1.7 times as fast.
    if let Ok(query) = <&[u64; 6]>::try_from(query) {
        for (distance, row) in distances.iter_mut().zip(bits.as_chunks::<6>().0) {
            *distance = distance_of(row, query);
        }
    } else {
        for (distance, row) in distances.iter_mut().zip(bits.chunks_exact(words.max(1))) {
            *distance = distance_of(row, query);
        }
    }
}

#[inline(always)]
fn distance_of(row: &[u64], query: &[u64]) -> u16 {
    let mut distance = 0;
    for (a, b) in row.iter().zip(query) {
        distance += (a ^ b).count_ones();
    }
    distance as u16
}
