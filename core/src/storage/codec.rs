//! The codec of row payloads: bincode's standard encoding, behind the envelope's format byte.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};
use crate::limits::COMMIT_BYTES_MAX;

/// No payload makes the decoder ask for more memory than this.
const CONFIG: Configuration<LittleEndian, Varint, Limit<COMMIT_BYTES_MAX>> =
    bincode::config::standard().with_limit::<COMMIT_BYTES_MAX>();

/// A value as a payload.
pub(crate) fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    // Room for most rows: with it the value is walked over once.
    let mut payload = Vec::with_capacity(256);
    let written = bincode::serde::encode_into_std_write(value, &mut payload, CONFIG);
    written.map(|_| payload).map_err(|source| {
        Error::draft(Code::RangeInvalid, "a record cannot be written")
            .got("a payload beyond the limit")
            .expected(format!("at most {COMMIT_BYTES_MAX} bytes"))
            .source(source)
            .remedy("make it smaller")
    })
}

/// The value of a payload.
///
/// # Errors
/// `RowDamaged` if the payload is not one of this type, or has bytes left over.
pub(crate) fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<T> {
    let damaged = || Error::draft(Code::RowDamaged, "a stored row cannot be decoded");
    let remedy = "restore the file from a backup";
    match bincode::serde::decode_from_slice(payload, CONFIG) {
        Ok((value, read)) if read == payload.len() => Ok(value),
        Ok((_, read)) => {
            Err(damaged().got(format!("{} bytes left over", payload.len() - read)).remedy(remedy))
        }
        Err(source) => Err(damaged().source(source).remedy(remedy)),
    }
}
