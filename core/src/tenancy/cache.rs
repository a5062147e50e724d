//! The embedding cache: vectors that the embedder made lately.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, OptionsBuilder, Weighter};

use crate::observe::CacheFigures;

/// Bytes of book-keeping beside an entry's text and vector: two allocations and a place in a table, rounded up.
const ENTRY_BYTES: u64 = 128;

/// Bytes of an entry as the number of entries is estimated: a sentence with a vector of 384 dimensions.
const TYPICAL_BYTES: u64 = 2048;

/// Entries that are planned for at most; the plan only sizes the memory of what was dropped lately.
const ENTRIES_MAX: u64 = 1 << 20;

type Vectors = Cache<String, Arc<[f32]>, Bytes, DefaultHashBuilder, Evictions>;

/// Vectors by vector space and text, the same for all tenants: a vector tells nothing but its text.
pub(crate) struct EmbeddingCache {
    /// None if it is off.
    cache: Option<Vectors>,
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: Evictions,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<String, Arc<[f32]>> for Bytes {
    fn weight(&self, key: &String, vector: &Arc<[f32]>) -> u64 {
        ENTRY_BYTES + key.len() as u64 + size_of_val::<[f32]>(vector) as u64
    }
}

/// Counts what is dropped.
#[derive(Clone, Default)]
struct Evictions(Arc<AtomicU64>);

impl Lifecycle<String, Arc<[f32]>> for Evictions {
    type RequestState = ();

    fn on_evict(&self, _: &mut (), _: String, _: Arc<[f32]>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl EmbeddingCache {
    /// One with a budget in bytes; off if that is 0.
    pub(crate) fn new(bytes: u64) -> Self {
        let evictions = Evictions::default();
        // One shard: the budget is exact, and a look-up is short beside an embedding.
        let estimated = (bytes / TYPICAL_BYTES).clamp(1, ENTRIES_MAX) as usize;
        let mut options = OptionsBuilder::new();
        options.shards(1).estimated_items_capacity(estimated).weight_capacity(bytes);
        let options = options.build().ok().filter(|_| bytes > 0);
        let cache =
            options.map(|options| Cache::with_options(options, Bytes, Default::default(), evictions.clone()));
        EmbeddingCache { cache, hits: AtomicU64::new(0), misses: AtomicU64::new(0), evictions }
    }

    pub(super) fn get(&self, space: &str, text: &str) -> Option<Vec<f32>> {
        let found = self.cache.as_ref()?.get(&key(space, text));
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found.map(|vector| vector.to_vec())
    }

    pub(super) fn put(&self, space: &str, text: &str, vector: &[f32]) {
        if let Some(cache) = &self.cache {
            cache.insert(key(space, text), Arc::from(vector));
        }
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

/// The name of a space has no control characters, so that no two pairs have the same key.
fn key(space: &str, text: &str) -> String {
    [space, text].join("\0")
}
