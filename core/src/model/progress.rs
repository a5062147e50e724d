//! Progress: how far a long call is, and whether it goes on.

/// Hears how far the long calls of a handle are, and may stop them. See
/// [`Tenant::with_progress`](crate::Tenant::with_progress).
///
/// It is called on the thread of the call, often, and never while a lock is held.
pub trait Progress: Send + Sync {
    /// So many more records are finished; whether the call goes on. It is often called with 0, so that it can stop a call
    /// that has not finished any.
    fn advance(&self, records: usize) -> bool;
}
