//! What every tenant of a store works with: engine, clock, ids, the host's callbacks, and the counters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::cache::{EmbeddingCache, QueryCache};
use super::callback::Host;
use super::counting::Packing;
use super::relations::Relations;
use crate::language::Analyzers;
use crate::model::{Clock, Id, IdSource, Timestamp, VectorSpace};
use crate::observe::Calls;
use crate::storage::Engine;

/// What every tenant of a store works with.
pub(crate) struct Context {
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: IdSource,
    pub(crate) host: Host,
    pub(crate) packing: Packing,
    /// The embedder's space, asked for once: the host is never called while a lock is held.
    pub(crate) space: Option<VectorSpace>,
    pub(crate) embeddings: EmbeddingCache,
    pub(crate) answers: QueryCache,
    pub(crate) analyzers: Analyzers,
    pub(crate) relations: Relations,
    pub(crate) counters: Counters,
    pub(crate) calls: Calls,
}

/// Counters of the working sets of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(super) ticks: AtomicU64,
    pub(super) hits: AtomicU64,
    pub(super) misses: AtomicU64,
    pub(super) evictions: AtomicU64,
    pub(super) segments_rebuilt: AtomicU64,
    /// Bytes loaded now.
    pub(super) bytes: AtomicU64,
}

impl Counters {
    /// The next tick: a time for "used longest ago" that needs no clock.
    pub(super) fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
    }

    /// Replaces the bytes of one working set, `before`, by `after`.
    pub(super) fn resize(&self, before: u64, after: u64) {
        // Wrapping addition of the difference is right also where it is negative.
        self.bytes.fetch_add(after.wrapping_sub(before), Ordering::Relaxed);
    }
}

impl Context {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn next_id(&self) -> Id {
        self.ids.next(self.now())
    }
}
