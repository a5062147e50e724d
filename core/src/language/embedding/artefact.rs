//! The bytes of a table: checked when they are read, and used where they are.
//!
//! All numbers are little-endian.
//!
//! | offset | what |
//! |---|---|
//! | 0 | the bytes `EBBEMBED` |
//! | 8 | u32: format, 1 |
//! | 12 | u32: dimensions, a multiple of 8 |
//! | 16 | u32: tokens |
//! | 20 | u32: bytes of the name |
//! | 24 | u64: bytes of the whole |
//! | 32 | u64: XXH3-64 of everything behind this number |
//! | 40 | f32: length along every axis of a piece that no token covers |
//! | 44 | u32: 0 |
//! | 48 | the name, UTF-8, padded with zeros to a multiple of 8 |
//! | | f32 for each token: what its row is multiplied with, its weight included |
//! | | i8 for each token and dimension: the rows |
//! | | u16 for each token: its length in bytes |
//! | | the tokens, UTF-8, one behind the other; `##` in front of one that goes on within a word |

use std::borrow::Cow;

use twox_hash::XxHash3_64;

use super::tokens::Vocabulary;
use crate::error::{Code, Error, Result};
use crate::limits::DIMENSIONS_MAX;

const MAGIC: &[u8] = b"EBBEMBED";
const FORMAT: u32 = 1;
const HEADER_BYTES: usize = 48;
const HASHED_FROM: usize = 40;

/// Tokens are numbered with 16 bits.
const TOKENS_MAX: usize = u16::MAX as usize - 1;

/// What a row may be multiplied with, at most, and a piece without a row, at least: sums stay finite, and are not lost.
const SCALES: std::ops::RangeInclusive<f32> = 1e-6..=1e6;

/// A table whose bytes were checked.
pub(super) struct Artefact {
    bytes: Cow<'static, [u8]>,
    name: String,
    dimensions: usize,
    unknown_scale: f32,
    /// Where the scales and the rows begin.
    scales: usize,
    rows: usize,
    vocabulary: Vocabulary,
}

impl Artefact {
    /// Checks the bytes of a table.
    pub(super) fn read(bytes: Cow<'static, [u8]>) -> Result<Self> {
        if bytes.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(refused("other bytes at its beginning"));
        }
        let format = number(&bytes, 8)?;
        if format > FORMAT {
            return Err(Error::draft(
                Code::FormatNewer,
                "the table of an embedder has a format that is not known",
            )
            .got(format!("format {format}"))
            .expected(format!("at most format {FORMAT}"))
            .remedy("use a version of the library that knows it"));
        }
        if format != FORMAT {
            return Err(refused(format!("format {format}")));
        }
        if long_number(&bytes, 24)? != bytes.len() as u64 {
            return Err(refused(format!("{} bytes of {}", bytes.len(), long_number(&bytes, 24)?)));
        }
        let hashed = bytes.get(HASHED_FROM..).ok_or_else(|| refused("no content"))?;
        if XxHash3_64::oneshot(hashed) != long_number(&bytes, 32)? {
            return Err(refused("a wrong checksum"));
        }
        Self::laid_out(bytes)
    }

    /// Finds the parts of bytes that are whole.
    fn laid_out(bytes: Cow<'static, [u8]>) -> Result<Self> {
        let [dimensions, tokens, name_bytes] = [12, 16, 20].map(|place| number(&bytes, place));
        let (dimensions, tokens, name_bytes) = (dimensions? as usize, tokens? as usize, name_bytes? as usize);
        if dimensions == 0
            || dimensions > DIMENSIONS_MAX
            || !dimensions.is_multiple_of(8)
            || tokens > TOKENS_MAX
        {
            return Err(refused(format!("{tokens} tokens of {dimensions} dimensions")));
        }
        let name = bytes.get(HEADER_BYTES..).and_then(|rest| rest.get(..name_bytes));
        let name = name.and_then(|name| str::from_utf8(name).ok()).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| refused("no name"))?.to_owned();
        let scales = (HEADER_BYTES + name_bytes).next_multiple_of(8);
        let rows = scales + 4 * tokens;
        let lengths = rows + tokens * dimensions;
        let (lengths, text) = bytes
            .get(lengths..)
            .and_then(|rest| rest.split_at_checked(2 * tokens))
            .ok_or_else(|| refused("fewer rows than tokens"))?;
        let lengths = lengths.as_chunks().0.iter().map(|length| usize::from(u16::from_le_bytes(*length)));
        let text = str::from_utf8(text).map_err(|_| refused("tokens that are no text"))?;
        let vocabulary =
            Vocabulary::of(text, lengths).ok_or_else(|| refused("tokens that do not fit together"))?;
        let unknown_scale = f32::from_bits(number(&bytes, 40)?);
        let weights = bytes.get(scales..rows).unwrap_or_default().as_chunks().0.iter();
        let mut weights = weights.map(|weight| f32::from_le_bytes(*weight));
        if !SCALES.contains(&unknown_scale) || !weights.all(|weight| weight.abs() <= *SCALES.end()) {
            return Err(refused("scales that are no scales"));
        }
        Ok(Artefact { name, dimensions, unknown_scale, scales, rows, vocabulary, bytes })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    pub(super) fn tokens(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The length along every axis of a piece that no token covers.
    pub(super) fn unknown_scale(&self) -> f32 {
        self.unknown_scale
    }

    /// The row of a token, and what it is multiplied with.
    pub(super) fn row(&self, token: u16) -> (f32, &[u8]) {
        let token = usize::from(token);
        let scale = number(&self.bytes, self.scales + 4 * token).map_or(0.0, f32::from_bits);
        let start = self.rows + token * self.dimensions;
        (scale, self.bytes.get(start..start + self.dimensions).unwrap_or_default())
    }
}

fn number(bytes: &[u8], place: usize) -> Result<u32> {
    let rest = bytes.get(place..).and_then(|rest| rest.first_chunk());
    rest.map(|chunk| u32::from_le_bytes(*chunk)).ok_or_else(|| refused("too few bytes"))
}

fn long_number(bytes: &[u8], place: usize) -> Result<u64> {
    let rest = bytes.get(place..).and_then(|rest| rest.first_chunk());
    rest.map(|chunk| u64::from_le_bytes(*chunk)).ok_or_else(|| refused("too few bytes"))
}

fn refused(got: impl Into<String>) -> Error {
    Error::draft(Code::EmbedderTable, "the table of an embedder cannot be used")
        .got(got.into())
        .expected("the bytes of a table as tools/distill makes it")
        .remedy("get the table again")
}
