//! The envelope of every stored value: a format byte, the payload, and a checksum bound to the key.
//!
//! The engine does not verify what it reads, so that a flipped bit would come back as data. The checksum
//! is 64-bit XXH3 of the format byte and the payload, seeded with the XXH3 of the full key: a value that
//! was damaged, or that belongs to another key, tenant or table, is refused.

use twox_hash::XxHash3_64;

use crate::error::{Code, Error, Result};

/// The format of payloads that this library writes.
pub(crate) const FORMAT: u8 = 1;

const CHECKSUM_BYTES: usize = 8;

/// Seals a payload under its full key.
pub(crate) fn seal(key: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(1 + payload.len() + CHECKSUM_BYTES);
    seal_into(&mut sealed, key, payload);
    sealed
}

/// Seals a payload under its full key, in a buffer that is used again.
pub(crate) fn seal_into(sealed: &mut Vec<u8>, key: &[u8], payload: &[u8]) {
    sealed.clear();
    sealed.push(FORMAT);
    sealed.extend_from_slice(payload);
    let checksum = checksum(key, sealed);
    sealed.extend_from_slice(&checksum.to_le_bytes());
}

/// The payload of a sealed value.
///
/// # Errors
/// `RowDamaged` if the checksum does not fit, `FormatNewer` if it fits but the format is unknown.
pub(crate) fn open<'a>(key: &[u8], sealed: &'a [u8]) -> Result<&'a [u8]> {
    let Some((body, stored)) = sealed.split_last_chunk::<CHECKSUM_BYTES>() else {
        return Err(damaged(key, "too short for its checksum"));
    };
    if checksum(key, body) != u64::from_le_bytes(*stored) {
        return Err(damaged(key, "a wrong checksum"));
    }
    match body.split_first() {
        Some((&FORMAT, payload)) => Ok(payload),
        Some((&format, _)) => Err(newer(u32::from(format))),
        None => Err(damaged(key, "no format byte")),
    }
}

fn checksum(key: &[u8], body: &[u8]) -> u64 {
    XxHash3_64::oneshot_with_seed(XxHash3_64::oneshot(key), body)
}

/// The error for a stored value that cannot be trusted. It names the table, never the content.
pub(crate) fn damaged(key: &[u8], problem: &str) -> Error {
    // A full key is the tenant's number, the table's letter, and the key in the table.
    let table = key.get(4).copied().map_or('?', char::from);
    Error::draft(Code::RowDamaged, format!("a stored row of table '{table}' is damaged"))
        .got(problem)
        .expected("the bytes that were written")
        .remedy("restore the file from a backup")
}

/// The error for a format that this library does not know.
pub(crate) fn newer(format: u32) -> Error {
    Error::draft(Code::FormatNewer, "the file has a newer format")
        .got(format!("format {format}"))
        .expected(format!("at most format {FORMAT}"))
        .remedy("open it with a newer version of the library")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_sealed_comes_back(key in any::<Vec<u8>>(), payload in any::<Vec<u8>>()) {
            let sealed = seal(&key, &payload);
            prop_assert_eq!(open(&key, &sealed).unwrap(), &payload[..]);
        }

        #[test]
        fn no_flipped_bit_and_no_other_key_is_accepted(
            key in any::<Vec<u8>>(), other in any::<Vec<u8>>(), payload in any::<Vec<u8>>(),
            at in any::<prop::sample::Index>(), bit in 0..8_u32,
        ) {
            let mut sealed = seal(&key, &payload);
            prop_assert!(key == other || open(&other, &sealed).is_err());
            let at = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(open(&key, &sealed).unwrap_err().code(), Code::RowDamaged);
            sealed.truncate(at);
            prop_assert!(open(&key, &sealed).is_err());
        }
    }

    #[test]
    fn a_newer_format_is_named() {
        let mut body = vec![FORMAT + 1, 5];
        let checksum = checksum(b"key", &body);
        body.extend_from_slice(&checksum.to_le_bytes());
        let error = open(b"key", &body).unwrap_err();
        assert_eq!(error.code(), Code::FormatNewer);
        assert!(error.to_string().contains("format 2"), "{error}");
    }
}
