//! Segments: the indexes of 1024 slots as bytes, written once and read whole.
//!
//! Four parts, little-endian, each checked when read; a part that does not fit together is as good as
//! missing, and the segment is made again from the records.
//!
//! - columns: the rows, one behind the other;
//! - signs: the sign words of every slot (empty if no slot has a vector);
//! - codes: a scale for every slot, then the 8-bit codes of every slot (likewise);
//! - text: the number of terms, the terms in ascending order, and for every term its number of postings
//!   and the postings: distance to the previous slot (varint) and count (one byte).

use super::columns::Row;
use super::vector::Code;

/// What the indexes hold of one slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) row: Row,
    pub(crate) code: Option<Code>,
    /// Distinct terms with their counts, metadata terms among them.
    pub(crate) counts: Vec<(u64, u8)>,
}

/// A part of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Part {
    Columns = 0,
    Signs = 1,
    Codes = 2,
    Text = 3,
}

impl Part {
    pub(crate) const ALL: [Part; 4] = [Part::Columns, Part::Signs, Part::Codes, Part::Text];
}

/// A segment as it was read.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    pub(crate) rows: Vec<Row>,
    pub(crate) bits: Vec<u64>,
    pub(crate) codes: Vec<i8>,
    pub(crate) scales: Vec<f32>,
    /// Terms, each with its number of postings.
    pub(crate) terms: Vec<(u64, u32)>,
    /// Offset of the slot in the segment and count, for all terms in order.
    pub(crate) postings: Vec<(u32, u8)>,
}

/// The parts of a segment of these entries, in the order of [`Part::ALL`].
pub(crate) fn encode_segment(entries: &[impl AsRef<Entry>]) -> [Vec<u8>; 4] {
    let columns = entries.iter().flat_map(|entry| entry.as_ref().row.to_bytes()).collect();
    let (signs, codes) = encode_vectors(entries);
    [columns, signs, codes, encode_text(entries)]
}

fn encode_vectors(entries: &[impl AsRef<Entry>]) -> (Vec<u8>, Vec<u8>) {
    let all = || entries.iter().map(|entry| entry.as_ref().code.as_ref());
    let Some(dimensions) = all().flatten().map(|code| code.codes.len()).next() else {
        return (Vec::new(), Vec::new());
    };
    let blank = Code { bits: vec![0; dimensions.div_ceil(64)], codes: vec![0; dimensions], scale: 0.0 };
    let mut signs = Vec::new();
    let mut codes = Vec::new();
    for code in all().map(|code| code.unwrap_or(&blank)) {
        signs.extend(code.bits.iter().flat_map(|word| word.to_le_bytes()));
        codes.extend_from_slice(&code.scale.to_le_bytes());
    }
    for code in all().map(|code| code.unwrap_or(&blank)) {
        codes.extend(code.codes.iter().map(|&code| code as u8));
    }
    (signs, codes)
}

fn encode_text(entries: &[impl AsRef<Entry>]) -> Vec<u8> {
    let mut postings: Vec<(u64, u32, u8)> = Vec::new();
    for (offset, entry) in entries.iter().enumerate() {
        postings.extend(entry.as_ref().counts.iter().map(|&(term, count)| (term, offset as u32, count)));
    }
    postings.sort_unstable();
    let lists: Vec<&[(u64, u32, u8)]> = postings.chunk_by(|a, b| a.0 == b.0).collect();
    let mut bytes = Vec::with_capacity(12 * lists.len() + 3 * postings.len() + 4);
    bytes.extend_from_slice(&(lists.len() as u32).to_le_bytes());
    bytes.extend(lists.iter().filter_map(|list| list.first()).flat_map(|(term, _, _)| term.to_le_bytes()));
    for list in lists {
        put_varint(&mut bytes, list.len() as u32);
        let mut previous = 0;
        for &(_, offset, count) in list {
            put_varint(&mut bytes, offset - previous);
            bytes.push(count);
            previous = offset;
        }
    }
    bytes
}

/// Reads a segment of `slots` slots; `None` if any part is damaged.
pub(crate) fn decode_segment(parts: &[Vec<u8>; 4], slots: usize, dimensions: usize) -> Option<Segment> {
    let [columns, signs, codes, text] = parts;
    let mut segment = Segment::default();
    let chunks = columns.chunks_exact(Row::WIDTH);
    if columns.len() != slots * Row::WIDTH {
        return None;
    }
    segment.rows = chunks.map(Row::from_bytes).collect::<Option<_>>()?;
    if !signs.is_empty() || !codes.is_empty() {
        let words = dimensions.div_ceil(64);
        if signs.len() != slots * words * 8 || codes.len() != slots * (4 + dimensions) {
            return None;
        }
        let (scales, codes) = codes.split_at_checked(slots * 4)?;
        segment.bits = signs.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        segment.scales = scales.as_chunks().0.iter().map(|scale| f32::from_le_bytes(*scale)).collect();
        segment.codes = codes.iter().map(|&code| code as i8).collect();
    }
    decode_text(text, slots as u32, &mut segment)?;
    Some(segment)
}

fn decode_text(bytes: &[u8], slots: u32, segment: &mut Segment) -> Option<()> {
    let (count, rest) = bytes.split_first_chunk()?;
    let count = u32::from_le_bytes(*count) as usize;
    let (terms, mut rest) = rest.split_at_checked(count.checked_mul(8)?)?;
    segment.terms.reserve(count);
    segment.postings.reserve(rest.len() / 2);
    for term in terms.as_chunks().0 {
        let length = take_varint(&mut rest)?;
        segment.terms.push((u64::from_le_bytes(*term), length));
        let mut offset = 0_u32;
        for _ in 0..length {
            offset = offset.checked_add(take_varint(&mut rest)?)?;
            let (&count, tail) = rest.split_first()?;
            rest = tail;
            if offset >= slots {
                return None;
            }
            segment.postings.push((offset, count));
        }
    }
    rest.is_empty().then_some(())
}

fn put_varint(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::index::Columns;
    use proptest::prelude::*;

    fn entry() -> impl Strategy<Value = Arc<Entry>> {
        let vector = proptest::option::of(proptest::collection::vec(-1.0..1.0_f32, 70));
        let counts = proptest::collection::btree_map(0..200_u64, 1..9_u8, 0..12);
        (any::<u128>(), vector, counts).prop_map(|(id, vector, counts)| {
            let row = Row { id, length: counts.len() as u32, ..Row::default() };
            let code = vector.as_deref().map(Code::of);
            Arc::new(Entry { row, code, counts: counts.into_iter().collect() })
        })
    }

    proptest! {
        #[test]
        fn a_segment_reads_back_as_it_was(entries in proptest::collection::vec(entry(), 1..40)) {
            let parts = encode_segment(&entries);
            let segment = decode_segment(&parts, entries.len(), 70).unwrap();
            let mut columns = Columns::default();
            segment.rows.iter().for_each(|row| columns.push(*row));
            let mut postings = segment.postings.iter();
            let mut counts = vec![Vec::new(); entries.len()];
            for (term, length) in segment.terms {
                for &(offset, count) in postings.by_ref().take(length as usize) {
                    counts[offset as usize].push((term, count));
                }
            }
            for (slot, entry) in entries.iter().enumerate() {
                prop_assert_eq!(columns.row(slot as u32), Some(entry.row));
                prop_assert_eq!(&counts[slot], &entry.counts);
                if let Some(code) = &entry.code {
                    prop_assert_eq!(&segment.codes[slot * 70..][..70], &code.codes[..]);
                    prop_assert_eq!(&segment.bits[slot * 2..][..2], &code.bits[..]);
                }
            }
        }

        #[test]
        fn damaged_parts_are_refused_or_harmless(
            entries in proptest::collection::vec(entry(), 1..20),
            part in 0..4_usize, at in any::<prop::sample::Index>(), flip in 1..=255_u8, cut in any::<bool>(),
        ) {
            let mut parts = encode_segment(&entries);
            if !parts[part].is_empty() {
                let at = at.index(parts[part].len());
                if cut { parts[part].truncate(at) } else { parts[part][at] ^= flip }
            }
            let _ = decode_segment(&parts, entries.len(), 70);
        }
    }
}
