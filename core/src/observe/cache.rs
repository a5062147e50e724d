//! Figures of a cache with a byte budget.

/// How a cache does. All are zero for a cache that is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Look-ups that found what they asked for.
    pub hits: u64,
    /// Look-ups that did not.
    pub misses: u64,
    /// Entries dropped to keep the budget, among them those that are larger than all of it.
    pub evictions: u64,
    /// Bytes of what it holds now, keys and some room for book-keeping included.
    pub bytes: u64,
}
