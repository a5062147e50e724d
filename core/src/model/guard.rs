//! The guard: who decides what may be remembered.

use super::episode::NewEpisode;

/// What a guard says of an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It is remembered as it is.
    Allow,
    /// It is remembered with this text instead; a vector that came with it is dropped.
    Redact(String),
    /// It is kept, but left out of lists and searches, and no claim is drawn from it.
    Quarantine,
    /// It is not remembered, for this reason. The reason goes into the error: it must not quote the text.
    Reject(String),
}

/// The policy of what may be remembered. It is never called while a lock is held.
pub trait Guard: Send + Sync {
    /// Decides on an episode before anything is drawn from it. If it panics, the call fails with `callback.panicked` and
    /// nothing is written.
    fn admit(&self, episode: &NewEpisode) -> Admission;
}
