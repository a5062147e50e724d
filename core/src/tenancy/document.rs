//! Documents as they are stored: their passages, found by the name.

use super::ledger::{Rows, read_one};
use super::stored::{Stored, filed, hash_of_document};
use crate::error::{Code, Error, Result};
use crate::storage::keys;

/// The passages of a document with their slots, in the order of the document. While it is replaced in several commits,
/// passages of both versions may stand at one place; the older one comes first.
pub(crate) fn passages_of(rows: &dyn Rows, user: Option<&str>, name: &str) -> Result<Vec<(u32, Stored)>> {
    let hash = u128::from(hash_of_document(user, name));
    let mut passages: Vec<(u32, Stored)> = Vec::new();
    for (key, _) in rows.rows(&keys::filed_under(filed::DOCUMENT, hash))? {
        let Some(slot) = key.last_slot() else { continue };
        let stored: Option<Stored> = read_one(rows, &keys::record(slot))?;
        // Another name may have the same hash.
        let is_of = |stored: &Stored| {
            stored.record.scope().user.as_deref() == user
                && stored.passage().is_some_and(|passage| passage.document == name)
        };
        passages.extend(stored.filter(is_of).map(|stored| (slot, stored)));
    }
    let place = |stored: &Stored| stored.passage().map(|passage| passage.ordinal);
    passages.sort_unstable_by_key(|(_, stored)| (place(stored), stored.record.id()));
    Ok(passages)
}

/// The error for a name that no document of this tenant and user has.
pub(crate) fn no_document() -> Error {
    Error::draft(Code::DocumentNotFound, "there is no such document")
        .got("a name that no passage has")
        .expected("the name of a document of the handle's user")
        .remedy("list the passages to see the documents that there are")
}
