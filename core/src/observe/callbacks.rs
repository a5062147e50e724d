//! Figures of the host's callbacks.

/// Whether a callback is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BreakerState {
    /// It is called.
    #[default]
    Closed,
    /// It failed too often in a row and is not called for a while.
    Open,
    /// That while is over: one call is tried, and decides.
    HalfOpen,
}

/// How a callback does, since the store was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BreakerFigures {
    /// Whether it is called now.
    pub state: BreakerState,
    /// Calls that were made.
    pub calls: u64,
    /// Calls that failed: by an error, a panic, a reply that cannot be used, or by taking too long.
    pub failures: u64,
    /// Calls that were not made, because it had failed too often.
    pub refused: u64,
    /// How often it came to be suspended; after a trial that failed, again.
    pub opened: u64,
}

/// How the host's callbacks do. One that the store has not got was never called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallbackFigures {
    /// The embedder.
    pub embedder: BreakerFigures,
    /// The extractor.
    pub extractor: BreakerFigures,
    /// The reranker.
    pub reranker: BreakerFigures,
}
