//! The built-in embedder: a text's vector is the sum of the rows of its pieces, looked up in a table.
//!
//! The table was distilled from a sentence transformer; `tools/distill` says how, and `core/assets` holds it with its
//! licence. A lookup takes microseconds, allocates nothing but the vectors that it gives, and gives the same numbers
//! everywhere: sums are taken in the order of the pieces, without fused or reassociated arithmetic.

mod artefact;
mod pieces;
mod tokens;

use std::borrow::Cow;
use std::error::Error as StdError;
#[cfg(feature = "static-embedder")]
use std::sync::{Arc, OnceLock};

use twox_hash::XxHash3_64;

use crate::error::Result;
use crate::model::{Embedder, VectorSpace};
use artefact::Artefact;
use pieces::{Piece, Pieces};
use tokens::Tokens;

/// The table that the library carries.
#[cfg(feature = "static-embedder")]
static BUILT_IN: &[u8] = include_bytes!("../../assets/ebbmark-static-1.bin");

/// An embedder that needs no model at run time: a table of 8-bit rows, one for each piece of a word.
///
/// It is the embedder of [`Options`](crate::Options) unless another is given. It knows English best. Text in other
/// languages falls into smaller pieces, and characters that no piece covers get a direction of their own, drawn from
/// their hash: such texts are close to each other as far as they share words, not by what the words mean.
///
#[cfg_attr(feature = "static-embedder", doc = "```")]
#[cfg_attr(not(feature = "static-embedder"), doc = "```ignore")]
/// use ebbmark::StaticEmbedder;
///
/// let embedder = StaticEmbedder::built_in()?;
/// let of = |text| embedder.vector(text);
/// let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
/// let asked = of("Which instrument does she play?");
/// assert!(cosine(&asked, &of("Mara practises the violin.")) > cosine(&asked, &of("The ferry was late.")));
/// # Ok::<(), ebbmark::Error>(())
/// ```
pub struct StaticEmbedder {
    artefact: Artefact,
    tokens: Tokens,
}

impl StaticEmbedder {
    /// The embedder that the library carries, loaded once for the program. With the feature `static-embedder`, which is
    /// on by default and takes 8 MB of the program.
    ///
    /// # Errors
    /// Those of [`StaticEmbedder::from_bytes`], if the program's own bytes are damaged.
    #[cfg(feature = "static-embedder")]
    pub fn built_in() -> Result<Arc<Self>> {
        static LOADED: OnceLock<Result<Arc<StaticEmbedder>>> = OnceLock::new();
        LOADED.get_or_init(|| Self::from_bytes(BUILT_IN).map(Arc::new)).clone()
    }

    /// An embedder of the bytes of a table, which are used where they are.
    ///
    /// # Errors
    /// `embedder.table` for bytes that are no table, or not whole; `format.newer` for one of a later format.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        let artefact = Artefact::read(bytes.into())?;
        let tokens = Tokens::of(artefact.tokens());
        Ok(StaticEmbedder { artefact, tokens })
    }

    /// The name of the table, which is the name of its vector space.
    pub fn name(&self) -> &str {
        self.artefact.name()
    }

    /// Components of every vector.
    pub fn dimensions(&self) -> usize {
        self.artefact.dimensions()
    }

    /// The vector of a text, of unit length. Every text has one, also the empty one.
    pub fn vector(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.0; self.dimensions()];
        self.add_pieces(text, &mut vector);
        if vector.iter().all(|component| *component == 0.0) {
            self.add_unknown(b"", &mut vector);
        }
        let length =
            vector.iter().map(|&component| f64::from(component) * f64::from(component)).sum::<f64>().sqrt();
        vector.iter_mut().for_each(|component| *component = (f64::from(*component) / length) as f32);
        vector
    }

    fn add_pieces(&self, text: &str, vector: &mut [f32]) {
        Pieces::default().each(text, &self.tokens, self.artefact.tokens(), |piece| match piece {
            Piece::Token(token) => {
                let (scale, row) = self.artefact.row(token);
                for (component, &value) in vector.iter_mut().zip(row) {
                    *component += scale * f32::from(value.cast_signed());
                }
            }
            Piece::Unknown(bytes) => self.add_unknown(bytes, vector),
        });
    }

    /// Adds the direction of a piece that has no row: signs from the outputs of SplitMix64 (Steele, Lea and Flood,
    /// 2014), seeded with the hash of the piece.
    fn add_unknown(&self, bytes: &[u8], vector: &mut [f32]) {
        let (scale, mut state) = (self.artefact.unknown_scale(), XxHash3_64::oneshot(bytes));
        for components in vector.chunks_mut(64) {
            let mut signs = next_output(&mut state);
            for component in components {
                *component += if signs & 1 == 1 { scale } else { -scale };
                signs >>= 1;
            }
        }
    }
}

/// The next output of SplitMix64.
fn next_output(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Embedder for StaticEmbedder {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: self.name().to_owned(), dimensions: self.dimensions() as u32 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        Ok(texts.iter().map(|text| self.vector(text)).collect())
    }
}

impl std::fmt::Debug for StaticEmbedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaticEmbedder").field("space", &self.space()).finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "static-embedder"))]
mod tests {
    use super::*;

    /// The pieces of a text: the number of a token, or the characters that no token covers.
    fn pieces(embedder: &StaticEmbedder, text: &str) -> Vec<serde_json::Value> {
        let mut found = Vec::new();
        Pieces::default().each(text, &embedder.tokens, embedder.artefact.tokens(), |piece| {
            found.push(match piece {
                Piece::Token(token) => serde_json::Value::from(token),
                Piece::Unknown(bytes) => serde_json::Value::from(String::from_utf8_lossy(bytes)),
            });
        });
        found
    }

    #[test]
    fn texts_fall_into_the_pieces_that_the_table_was_trained_on() {
        let corpus = include_str!("../../../conformance/embedding/static.json");
        let corpus: serde_json::Value = serde_json::from_str(corpus).unwrap();
        let embedder = StaticEmbedder::built_in().unwrap();
        for case in corpus["texts"].as_array().unwrap() {
            let text = case["text"].as_str().unwrap();
            assert_eq!(pieces(&embedder, text), *case["pieces"].as_array().unwrap(), "{text:?}");
        }
    }
}
