//! Caches with a budget in bytes: of vectors that the embedder made lately, and of answers to questions asked lately.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, OptionsBuilder, Weighter};

use crate::model::{Hit, Timestamp, metadata_bytes};
use crate::observe::CacheFigures;

/// Bytes of book-keeping beside an entry's key and value: two allocations and a place in a table, rounded up.
const ENTRY_BYTES: u64 = 128;

/// Bytes of an entry as the number of entries is estimated: a sentence with a vector of 384 dimensions.
const TYPICAL_BYTES: u64 = 2048;

/// Entries that are planned for at most; the plan only sizes the memory of what was dropped lately.
const ENTRIES_MAX: u64 = 1 << 20;

/// Vectors by vector space and text, the same for all tenants: a vector tells nothing but its text.
pub(crate) type EmbeddingCache = ByteCache<Arc<[f32]>>;

/// Answers by all that they depend on: the tenant, its version, the question, the handle's labels, the minute.
pub(crate) type QueryCache = ByteCache<Arc<Answer>>;

/// An answer to a question.
pub(crate) struct Answer {
    pub(crate) hits: Vec<Hit>,
    /// From when it is the answer; a clock may be set back.
    pub(crate) since: Timestamp,
    /// Until when, if nothing is written: something expires or begins then.
    pub(crate) until: Timestamp,
}

impl Answer {
    /// Bytes of memory taken, about.
    pub(crate) fn bytes(&self) -> usize {
        let record = |hit: &Hit| {
            let metadata = hit.record.as_episode().map_or(0, |episode| metadata_bytes(&episode.metadata));
            let supports = hit.record.as_atom().map_or(0, |atom| size_of_val(atom.supports.as_slice()));
            // Labels and contexts are short beside these.
            size_of::<Hit>() + hit.record.text().len() + metadata + supports + 64
        };
        self.hits.iter().map(record).sum()
    }
}

/// Values with their bytes, by keys of bytes.
type Weighed<V> = Cache<Box<[u8]>, (u64, V), Bytes, DefaultHashBuilder, Evictions>;

/// A cache of values by keys of bytes.
pub(crate) struct ByteCache<V> {
    /// None if it is off.
    cache: Option<Weighed<V>>,
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: Evictions,
}

#[derive(Clone)]
struct Bytes;

impl<V> Weighter<Box<[u8]>, (u64, V)> for Bytes {
    fn weight(&self, key: &Box<[u8]>, (bytes, _): &(u64, V)) -> u64 {
        ENTRY_BYTES + key.len() as u64 + bytes
    }
}

/// Counts what is dropped.
#[derive(Clone, Default)]
struct Evictions(Arc<AtomicU64>);

impl<V> Lifecycle<Box<[u8]>, (u64, V)> for Evictions {
    type RequestState = ();

    fn on_evict(&self, _: &mut (), _: Box<[u8]>, _: (u64, V)) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl<V: Clone> ByteCache<V> {
    /// One with a budget in bytes; off if that is 0.
    pub(crate) fn new(bytes: u64) -> Self {
        let evictions = Evictions::default();
        // One shard: the budget is exact, and a look-up is short beside what it saves.
        let estimated = (bytes / TYPICAL_BYTES).clamp(1, ENTRIES_MAX) as usize;
        let mut options = OptionsBuilder::new();
        options.shards(1).estimated_items_capacity(estimated).weight_capacity(bytes);
        let options = options.build().ok().filter(|_| bytes > 0);
        let cache =
            options.map(|options| Cache::with_options(options, Bytes, Default::default(), evictions.clone()));
        ByteCache { cache, hits: AtomicU64::new(0), misses: AtomicU64::new(0), evictions }
    }

    /// Whether it keeps anything.
    pub(crate) fn is_on(&self) -> bool {
        self.cache.is_some()
    }

    /// The value of a key, if it is there and still good.
    pub(crate) fn get(&self, key: &[u8], is_good: impl Fn(&V) -> bool) -> Option<V> {
        let found = self.cache.as_ref()?.get(key).map(|(_, value)| value).filter(is_good);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Keeps a value of so many bytes.
    pub(crate) fn put(&self, key: &[u8], bytes: usize, value: V) {
        if let Some(cache) = &self.cache {
            cache.insert(Box::from(key), (bytes as u64, value));
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.cache.iter().for_each(Cache::clear);
    }

    pub(crate) fn figures(&self) -> CacheFigures {
        CacheFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            evictions: self.evictions.0.load(Ordering::Relaxed),
            bytes: self.cache.as_ref().map_or(0, Cache::weight),
        }
    }
}

/// The key of a text in a vector space. The name of a space has no control characters, so that no two pairs have the
/// same key.
pub(super) fn embedding_key(space: &str, text: &str) -> Vec<u8> {
    [space, text].join("\0").into_bytes()
}
