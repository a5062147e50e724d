//! Parts: a payload longer than a row may be, as several rows behind one key.

use super::engine::Bytes;
use super::key::Key;
use crate::error::{Code, Error, Result};
use crate::limits::VALUE_BYTES_MAX;

/// Payload bytes in one part: with envelope and header it stays just under 16 pages of 4 KiB.
const PART_BYTES: usize = VALUE_BYTES_MAX - 256;

/// The rows of a payload: the key with a part number, and in front of the first part the number of parts.
pub(crate) fn split(key: &Key, payload: &[u8]) -> Vec<(Key, Bytes)> {
    let count = payload.len().div_ceil(PART_BYTES).max(1) as u16;
    let part = |number: u16| {
        let start = usize::from(number) * PART_BYTES;
        let end = payload.len().min(start + PART_BYTES);
        let body = payload.get(start..end).unwrap_or_default();
        let header = if number == 0 { &count.to_be_bytes()[..] } else { &[] };
        (part_key(key, number), Bytes::from([header, body].concat()))
    };
    (0..count).map(part).collect()
}

/// The key of a part.
pub(crate) fn part_key(key: &Key, number: u16) -> Key {
    Key::extended(key, &number.to_be_bytes())
}

/// Joins rows in order of their keys into payloads, each with the key it was split under.
///
/// # Errors
/// `RowDamaged` if a part is missing.
pub(crate) fn join(rows: Vec<(Key, Vec<u8>)>) -> Result<Vec<(Key, Vec<u8>)>> {
    let mut joined: Vec<(Key, Vec<u8>)> = Vec::new();
    let mut missing = 0;
    for (key, mut row) in rows {
        let (stem, number) = key.split_part().ok_or_else(incomplete)?;
        if number == 0 && missing == 0 {
            let count = *row.first_chunk().ok_or_else(incomplete)?;
            missing = u16::from_be_bytes(count).checked_sub(1).ok_or_else(incomplete)?;
            row.drain(..2);
            joined.push((stem, row));
        } else {
            let (current, payload) = joined.last_mut().ok_or_else(incomplete)?;
            if missing == 0 || *current != stem {
                return Err(incomplete());
            }
            payload.append(&mut row);
            missing -= 1;
        }
    }
    if missing == 0 { Ok(joined) } else { Err(incomplete()) }
}

fn incomplete() -> Error {
    Error::draft(Code::RowDamaged, "a stored record lacks a part")
        .got("rows that do not fit together")
        .expected("all parts that were written")
        .remedy("restore the file from a backup")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::keys;

    #[test]
    fn payloads_of_any_length_come_back_and_missing_parts_are_seen() {
        for length in [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 7] {
            let payload: Vec<u8> = (0..length).map(|index| (index * 31) as u8).collect();
            let rows: Vec<(Key, Vec<u8>)> =
                split(&keys::record(9), &payload).into_iter().map(|(key, row)| (key, row.to_vec())).collect();
            assert_eq!(join(rows.clone()).unwrap(), vec![(keys::record(9), payload)]);
            for lost in 0..rows.len() {
                let mut rest = rows.clone();
                rest.remove(lost);
                assert!(rest.is_empty() || join(rest).is_err(), "part {lost} of {}", rows.len());
            }
        }
    }
}
