//! Made-up conversations: words by Zipf's law, vectors in clusters, sessions of 25 turns.
//!
//! Real text is better, but a set of 100,000 turns with vectors cannot be part of the project. Vectors are
//! unit vectors around 200 random centres, which is what sentence embeddings of conversations look like to
//! an index: near neighbours that are near, and the rest nearly orthogonal.

use ebbmark::NewEpisode;

/// Components of every vector.
pub const DIMENSIONS: usize = 384;

/// A small deterministic generator (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same seed gives the same sequence.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About normally distributed: the sum of four uniform numbers, centred.
    fn bell(&mut self) -> f32 {
        (0..4).map(|_| self.unit() as f32 - 0.5).sum()
    }

    /// A vector of unit length around one of 200 centres.
    pub fn vector(&mut self) -> Vec<f32> {
        let mut centre = Random::new(self.bits() % 200 + 1_000_000);
        let raw: Vec<f32> = (0..DIMENSIONS).map(|_| centre.bell() + 0.9 * self.bell()).collect();
        let norm = raw.iter().map(|x| x * x).sum::<f32>().sqrt();
        raw.iter().map(|x| x / norm).collect()
    }

    /// A word of a vocabulary of 50,000, by Zipf's law.
    pub fn word(&mut self) -> String {
        let rank = (50_000_f64.powf(self.unit())) as u64;
        format!("w{}", Random::new(rank).bits() % 1_000_000_007)
    }

    /// A text of so many words.
    pub fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// `count` turns in sessions of 25, of 15 words on average, with vectors.
pub fn turns(count: usize, seed: u64) -> Vec<NewEpisode> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|turn| {
            let words = 5 + (random.bits() % 21) as usize;
            let mark = if random.bits().is_multiple_of(5) { "?" } else { "." };
            NewEpisode::user(random.text(words) + mark)
                .session(format!("s{}", turn / 25))
                .vector(random.vector())
        })
        .collect()
}
