//! Every limit of the library in one place, with the relations between them checked at compile time.

use std::time::Duration;

/// Longest text of one episode, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 1 << 20;

/// Longest text of a document, in bytes of UTF-8.
pub const DOCUMENT_BYTES_MAX: usize = 16 << 20;

/// Fewest words that the longest passage of a document may have.
pub const PASSAGE_WORDS_MIN: usize = 20;

/// Most words that the longest passage of a document may have.
pub const PASSAGE_WORDS_MAX: usize = 2000;

/// Longest subject, predicate, object or context of a fact, in bytes of UTF-8.
pub const TERM_BYTES_MAX: usize = 2048;

/// Longest tenant id, user, agent, session, speaker, actor or idempotency key, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 256;

/// Most metadata one record may carry, in bytes (keys and values together).
pub const METADATA_BYTES_MAX: usize = 16 << 10;

/// Deepest nesting of metadata lists and maps.
pub const METADATA_DEPTH_MAX: usize = 8;

/// Most dimensions a vector may have.
pub const DIMENSIONS_MAX: usize = 8192;

/// Most episodes one `add` may carry.
pub const BATCH_EPISODES_MAX: usize = 100_000;

/// Most hits one search may ask for.
pub const SEARCH_LIMIT_MAX: usize = 1000;

/// Most records one page of a list may ask for.
pub const PAGE_LIMIT_MAX: usize = 1000;

/// Distinct terms of a query that are looked up; later ones are ignored.
pub const QUERY_TERMS_MAX: usize = 256;

/// Longest query text, in bytes of UTF-8.
pub const QUERY_BYTES_MAX: usize = 1 << 20;

/// Most facets that records are counted by at once.
pub const FACETS_MAX: usize = 16;

/// Most parts a condition may have, joints and the values of lists included.
pub const CONDITIONS_MAX: usize = 256;

/// Deepest nesting of conditions.
pub const CONDITION_DEPTH_MAX: usize = 16;

/// Most contexts one fact may carry.
pub const CONTEXTS_MAX: usize = 16;

/// Most episodes one fact may name as its support.
pub const SUPPORTS_MAX: usize = 64;

/// Longest key of a row on any engine, in bytes.
pub const KEY_BYTES_MAX: usize = 512;

/// Longest value of a row on any engine, in bytes; longer payloads are split into parts.
pub const VALUE_BYTES_MAX: usize = 64 << 10;

/// Largest commit on any engine, in bytes of keys and values.
pub const COMMIT_BYTES_MAX: usize = 4 << 20;

/// Slots (record versions) one tenant can use up: 26 bits of a posting.
pub const SLOTS_MAX: u32 = 1 << 26;

/// Slots in one sealed segment of a tenant's derived indexes.
pub const SEGMENT_SLOTS: u32 = 1024;

/// Predicates that a tenant may define over the built-in ones.
pub const PREDICATES_MAX: usize = 1000;

/// Most claims that a path between two entities may have. Beyond that nearly everything is connected.
pub const HOPS_MAX: usize = 6;

/// Shortest time of a lease, or of a setting that waits.
pub const SPAN_MIN: Duration = Duration::from_millis(1);

/// Longest time of a lease, or of a setting that waits.
pub const SPAN_MAX: Duration = Duration::from_secs(366 * 86_400);

/// Most events a subscription may hold unread.
pub const SUBSCRIPTION_EVENTS_MAX: usize = 1 << 20;

const _: () = {
    assert!(NAME_BYTES_MAX + 64 <= KEY_BYTES_MAX, "a name fits in a key with its prefix");
    assert!(TEXT_BYTES_MAX + (64 << 10) < COMMIT_BYTES_MAX, "the longest record fits in a commit");
    // A word is at most 32 characters of up to 4 bytes, with a space.
    assert!(PASSAGE_WORDS_MAX * (32 * 4 + 1) < TEXT_BYTES_MAX, "a passage fits in an episode");
    assert!(DIMENSIONS_MAX * 4 + 16 <= VALUE_BYTES_MAX, "a vector fits in one row");
    // A dot product of 8-bit codes (127) with a 12-bit query (2047) is summed in 32 bits.
    assert!((DIMENSIONS_MAX as i64) * 127 * 2047 <= i32::MAX as i64, "no overflow in a dot product");
    assert!(METADATA_BYTES_MAX < VALUE_BYTES_MAX / 2, "metadata fits beside the rest of a record");
    assert!(SLOTS_MAX.is_multiple_of(SEGMENT_SLOTS), "segments tile the slots");
};
