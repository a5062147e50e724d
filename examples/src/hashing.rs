//! An embedder without a model: feature hashing.
//!
//! Weinberger, Dasgupta, Langford, Smola and Attenberg, "Feature hashing for large scale multitask learning",
//! ICML 2009. Every word and every trigram of its letters falls into one of 384 buckets, and counts there with
//! a sign that hashing gives it too, so that collisions cancel on average. It is no neural model and was
//! trained on nothing: it sees that `wedding` and `weddings` are spelled alike, and not that a wedding and a
//! marriage are related. It stands in the place where a host puts its own model.

use std::error::Error;

use ebbmark::{Embedder, VectorSpace};

/// Components of a vector.
pub const BUCKETS: usize = 384;

/// The embedder. It has no state: the same text gives the same vector on every machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hashing;

impl Embedder for Hashing {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "feature-hashing/words+trigrams/1".to_owned(), dimensions: BUCKETS as u32 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn Error + Send + Sync>> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }
}

/// The vector of a text, of unit length.
pub fn vector(text: &str) -> Vec<f32> {
    let mut buckets = vec![0.0_f32; BUCKETS];
    for word in text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        count(&mut buckets, word);
        // The marks tell the beginning and the end of a word from its middle.
        let letters: Vec<char> = format!("<{word}>").chars().collect();
        letters.windows(3).for_each(|trigram| count(&mut buckets, &trigram.iter().collect::<String>()));
    }
    let length = buckets.iter().map(|bucket| bucket * bucket).sum::<f32>().sqrt();
    if length == 0.0 {
        // A text without a word still has to point somewhere.
        count(&mut buckets, "");
        return buckets;
    }
    buckets.iter().map(|bucket| bucket / length).collect()
}

/// The cosine of two texts.
pub fn likeness(one: &str, other: &str) -> f32 {
    vector(one).iter().zip(vector(other)).map(|(a, b)| a * b).sum()
}

fn count(buckets: &mut [f32], feature: &str) {
    let hash = hash(feature);
    let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
    if let Some(bucket) = buckets.get_mut((hash % BUCKETS as u64) as usize) {
        *bucket += sign;
    }
}

/// FNV-1a, and one round of mixing, because the bits of FNV are uneven for short inputs.
fn hash(feature: &str) -> u64 {
    let fnv = feature.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    });
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    mixed ^ (mixed >> 33)
}

#[cfg(test)]
mod tests {
    use super::{likeness, vector};

    #[test]
    fn every_vector_has_unit_length_and_spelling_is_what_counts() {
        for text in ["", "?!", "a", "Admiral has an overactive thyroid."] {
            let length: f32 = vector(text).iter().map(|component| component * component).sum();
            assert!((length - 1.0).abs() < 1e-5, "{text}: {length}");
        }
        assert!(likeness("a wedding in August", "A WEDDING, in August!") > 0.999);
        assert!(likeness("wedding", "weddings") > 0.6);
        assert!(likeness("wedding", "marriage") < 0.3);
    }
}
