//! The store: one file, many tenants. The only way in.

#[cfg(test)]
mod derived;
mod upkeep;

pub use upkeep::Maintainer;

use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::language::Analyzers;
#[cfg(feature = "static-embedder")]
use crate::language::StaticEmbedder;
use crate::model::{
    Clock, Embedder, Extraction, Guard, IdSource, Reranker, Summarizer, SystemClock, TokenCounter, check_name,
};
use crate::observe::{
    CacheFigures, CallbackFigures, Calls, Health, Metrics, MetricsOptions, WorkingSetFigures,
};
use crate::storage::{Engine, EngineOptions, OpenMode, RedbEngine};
use crate::tenancy::{
    Access, CallbackOptions, Context, Counters, EmbeddingCache, Host, Owner, Packing, QueryCache, Relations,
    Shared, Tenant,
};

/// How a store is opened. The defaults suit a program that keeps its own memory.
#[derive(Clone)]
pub struct Options {
    /// Whether a file that is not there is made; true unless said otherwise.
    pub create: bool,
    /// Bytes of memory for pages of the file, 64 MiB unless said otherwise.
    pub cache_bytes: usize,
    /// Bytes of memory for the working sets of all tenants together, 512 MiB unless said otherwise. The
    /// tenant in use is never dropped, even if it is larger.
    pub working_set_bytes: u64,
    /// Makes vectors of texts that come without one: the built-in one unless said otherwise, if the library was built
    /// with the feature `static-embedder`. `None` for a host that passes vectors of its own, or searches by words alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// Reads claims out of messages: the built-in rules unless said otherwise.
    pub extraction: Extraction,
    /// Decides what may be remembered: everything, unless said otherwise. See [`SecretGuard`](crate::SecretGuard).
    pub guard: Option<Arc<dyn Guard>>,
    /// Counts the tokens of a context; unless it is set they are estimated, rather too high than too low. See
    /// [`Tenant::context`].
    pub token_counter: Option<Arc<dyn TokenCounter>>,
    /// Makes short what did not fit into a context; unless it is set that is left out.
    pub summarizer: Option<Arc<dyn Summarizer>>,
    /// Judges the best hits of a search anew: nobody, unless said otherwise.
    pub reranker: Option<Arc<dyn Reranker>>,
    /// What is done about an embedder, an extractor or a reranker that fails.
    pub callbacks: CallbackOptions,
    /// Bytes of memory for vectors that the embedder made lately, so that it is not asked for the same text again;
    /// 8 MiB unless said otherwise, 0 for none.
    pub embedding_cache_bytes: u64,
    /// Bytes of memory for answers to questions that were asked lately, over all tenants, 8 MiB unless said otherwise; 0
    /// keeps none. An answer is kept as long as it is the answer.
    pub query_cache_bytes: u64,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids repeatable: the same seed, clock and calls give the same ids.
    pub id_seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            create: true,
            cache_bytes: 64 << 20,
            working_set_bytes: 512 << 20,
            embedder: built_in_embedder(),
            extraction: Extraction::BuiltIn,
            guard: None,
            reranker: None,
            token_counter: None,
            summarizer: None,
            callbacks: CallbackOptions::default(),
            embedding_cache_bytes: 8 << 20,
            query_cache_bytes: 8 << 20,
            clock: Arc::new(SystemClock),
            id_seed: None,
        }
    }
}

#[cfg(feature = "static-embedder")]
fn built_in_embedder() -> Option<Arc<dyn Embedder>> {
    // It is a part of the program, so that there is nothing to be wrong with it; without it a store searches by words.
    StaticEmbedder::built_in().ok().map(|embedder| embedder as Arc<dyn Embedder>)
}

#[cfg(not(feature = "static-embedder"))]
fn built_in_embedder() -> Option<Arc<dyn Embedder>> {
    None
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("create", &self.create)
            .field("cache_bytes", &self.cache_bytes)
            .field("working_set_bytes", &self.working_set_bytes)
            .field("embedder", &self.embedder.as_ref().map(|embedder| embedder.space()))
            .field("extraction", &self.extraction)
            .field("guard", &self.guard.is_some())
            .field("reranker", &self.reranker.is_some())
            .field("token_counter", &self.token_counter.is_some())
            .field("summarizer", &self.summarizer.is_some())
            .field("callbacks", &self.callbacks)
            .field("embedding_cache_bytes", &self.embedding_cache_bytes)
            .field("query_cache_bytes", &self.query_cache_bytes)
            .field("id_seed", &self.id_seed)
            .finish_non_exhaustive()
    }
}

/// A store: one file, many tenants. Cheap to clone; many threads may use it at once.
///
/// The file is released by [`Store::close`], or when the last clone and the last handle are dropped.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Owner>,
}

impl Store {
    /// Opens the store at a path, and makes it if it is not there.
    ///
    /// # Errors
    /// `file.locked` if somebody else has it open; `file.foreign`, `file.damaged`, `format.newer` for a file
    /// that is not one of this version's, which is left as it is; `file.missing`; `io`; those of [`Store::in_memory`].
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let mode = if options.create { OpenMode::Create } else { OpenMode::Write };
        let settings = EngineOptions { mode, cache_bytes: options.cache_bytes };
        Self::on(options, || Ok(Box::new(RedbEngine::open(path.as_ref(), settings)?)))
    }

    /// Opens the store at a path for reading: many readers at once, also on a read-only file system.
    ///
    /// # Errors
    /// Those of [`Store::open`]; `file.locked` while a writer has it open.
    pub fn open_read_only(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let settings = EngineOptions { mode: OpenMode::Read, cache_bytes: options.cache_bytes };
        Self::on(options, || Ok(Box::new(RedbEngine::open(path.as_ref(), settings)?)))
    }

    /// A store in memory, gone when it is dropped.
    ///
    /// # Errors
    /// `range.invalid`, `name.invalid`, `vector.dimensions`, `callback.panicked` for options that make no sense.
    pub fn in_memory(options: Options) -> Result<Self> {
        let cache_bytes = options.cache_bytes;
        Self::on(options, || Ok(Box::new(RedbEngine::in_memory(cache_bytes)?)))
    }

    /// Checks the options before anything is opened or made.
    fn on(options: Options, open: impl FnOnce() -> Result<Box<dyn Engine>>) -> Result<Self> {
        let Options { clock, embedder, extraction, guard, reranker, callbacks, .. } = options;
        let packing = Packing { counter: options.token_counter, summarizer: options.summarizer };
        let host = Host::new(embedder, extraction, guard, reranker, Arc::clone(&clock), callbacks)?;
        let space = host.space()?;
        let ids = options.id_seed.map_or_else(IdSource::from_os, |seed| Ok(IdSource::seeded(seed)))?;
        let embeddings = EmbeddingCache::new(options.embedding_cache_bytes);
        let answers = QueryCache::new(options.query_cache_bytes);
        let (analyzers, counters, calls) = (Analyzers::default(), Counters::default(), Calls::default());
        let engine = open()?;
        let context = Context {
            engine,
            clock,
            ids,
            host,
            packing,
            space,
            embeddings,
            answers,
            analyzers,
            relations: Relations::default(),
            counters,
            calls,
        };
        let shared = Owner::new(Shared::new(context, options.working_set_bytes));
        Ok(Store { shared })
    }

    /// The handle of a tenant, for reading and writing. A tenant exists from its first write on.
    ///
    /// # Errors
    /// `name.invalid` unless the id has 1 to 256 bytes without control characters.
    pub fn tenant(&self, id: &str) -> Result<Tenant> {
        Tenant::new(Arc::clone(&self.shared), id, Access::ReadWrite)
    }

    /// The handle of a tenant with another access level.
    ///
    /// # Errors
    /// `name.invalid`.
    pub fn tenant_with_access(&self, id: &str, access: Access) -> Result<Tenant> {
        Tenant::new(Arc::clone(&self.shared), id, access)
    }

    /// The ids of all tenants that were ever written to and not erased, in order.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn tenants(&self) -> Result<Vec<String>> {
        self.shared.context.engine.tenants()
    }

    /// Removes a tenant with everything it holds; its handles fail from then on. False if there was none.
    ///
    /// The rows are gone from every read; their bytes may stay in the file until it reuses the space.
    ///
    /// # Errors
    /// `name.invalid`, `store.read_only`.
    pub fn erase_tenant(&self, id: &str) -> Result<bool> {
        check_name("a tenant id", id)?;
        self.shared.erase(id)
    }

    /// How the working sets do.
    pub fn working_sets(&self) -> WorkingSetFigures {
        self.shared.figures()
    }

    /// How the host's callbacks do.
    ///
    /// ```
    /// use ebbmark::{Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// assert_eq!(store.callbacks().extractor.calls, 0);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn callbacks(&self) -> CallbackFigures {
        self.shared.context.host.figures()
    }

    /// How the cache of answers does; it is one for all tenants, and none sees another's.
    ///
    /// ```
    /// use ebbmark::{Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// let tenant = store.tenant("acme")?;
    /// tenant.add("I moved to Porto.")?;
    /// assert_eq!(tenant.search("Porto")?, tenant.search("Porto")?);
    /// assert_eq!(store.query_cache().hits, 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn query_cache(&self) -> CacheFigures {
        self.shared.context.answers.figures()
    }

    /// How the cache of vectors does that the embedder made lately; it is one for all tenants.
    ///
    /// ```
    /// use ebbmark::{Options, Store};
    ///
    /// let store = Store::in_memory(Options { embedding_cache_bytes: 0, ..Options::default() })?;
    /// assert_eq!(store.embedding_cache().misses, 0);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn embedding_cache(&self) -> CacheFigures {
        self.shared.context.embeddings.figures()
    }

    /// What was done since the store was opened, in numbers: calls by outcome, durations, commits, memory, the file.
    /// Costs no read of the store.
    ///
    /// ```
    /// use ebbmark::{MetricsOptions, Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// store.tenant("acme")?.add("I moved to Porto.")?;
    /// let metrics = store.metrics(&MetricsOptions { tenants: true });
    /// assert_eq!((metrics.episodes_added, metrics.add.count()), (1, 1));
    /// assert_eq!(metrics.tenants[0].tenant, "acme");
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn metrics(&self, options: &MetricsOptions) -> Metrics {
        self.shared.metrics(options)
    }

    /// Whether the store can be used, if not, why not, and what needs attention though it can.
    ///
    /// ```
    /// use ebbmark::{HealthState, Options, Store};
    ///
    /// let store = Store::in_memory(Options::default())?;
    /// assert_eq!(store.health().state, HealthState::Healthy);
    /// store.close();
    /// assert_eq!(store.health().state, HealthState::Closed);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    pub fn health(&self) -> Health {
        self.shared.context.engine.health().with(self.shared.reasons())
    }

    /// Whether it was opened for reading only.
    pub fn is_read_only(&self) -> bool {
        self.shared.context.engine.is_read_only()
    }

    /// Releases the file now. Every later call on this store and its handles fails with `store.closed`.
    pub fn close(&self) {
        self.shared.close();
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("health", &self.health()).finish_non_exhaustive()
    }
}
