//! The engine: what any store of rows must do for Ebbmark. Reads at one version, writes in one shot.

use std::sync::{Arc, OnceLock};

use super::key::Key;
use crate::error::{Code, Error, Result};
use crate::limits::{COMMIT_BYTES_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX};
use crate::observe::Health;

/// The payload of a row, shared between a commit and those who still read it.
pub(crate) type Bytes = Arc<[u8]>;

/// Names one commit, so that its outcome can be asked for after a failure.
pub(crate) type OpId = u128;

/// Where a tenant stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The number of commits so far; 0 for a tenant that has none.
    pub(crate) version: u64,
    /// The last commit.
    pub(crate) op: OpId,
}

/// Changes to the rows of one tenant, made all together or not at all.
#[derive(Clone, Debug)]
pub(crate) struct Commit {
    pub(crate) tenant: Arc<str>,
    /// The version that the tenant must have; the commit makes the next one.
    pub(crate) expect: u64,
    pub(crate) op: OpId,
    pub(crate) puts: Vec<(Key, Bytes)>,
    pub(crate) deletes: Vec<Key>,
}

impl Commit {
    /// Checks the limits that hold on every engine.
    pub(crate) fn check(&self) -> Result<()> {
        let keys = self.puts.iter().map(|(key, _)| key).chain(&self.deletes);
        let key_max = keys.map(|key| key.len()).max().unwrap_or(0);
        let value_max = self.puts.iter().map(|(_, value)| value.len()).max().unwrap_or(0);
        let total: usize = self.puts.iter().map(|(key, value)| key.len() + value.len()).sum();
        for (what, size, limit) in [
            ("a key", key_max, KEY_BYTES_MAX),
            ("a row", value_max, VALUE_BYTES_MAX),
            ("a commit", total, COMMIT_BYTES_MAX),
        ] {
            if size > limit {
                return Err(Error::draft(Code::RangeInvalid, format!("{what} is too large for the engine"))
                    .got(format!("{size} bytes"))
                    .expected(format!("at most {limit} bytes"))
                    .remedy("write less at a time"));
            }
        }
        Ok(())
    }
}

/// A commit on its way. Waiting for it gives the version it made.
#[derive(Clone, Debug)]
pub(crate) struct Ticket(pub(super) Arc<OnceLock<Result<u64>>>);

impl Ticket {
    /// Whether the outcome is known.
    pub(crate) fn is_settled(&self) -> bool {
        self.0.get().is_some()
    }
}

/// A store of rows, tenant by tenant.
///
/// Every call fails with `Reopen` after a failure was latched, in a forked process, and after `close`.
pub(crate) trait Engine: Send + Sync {
    /// Where a tenant stands. A tenant nobody wrote to is at version 0.
    #[cfg(test)]
    fn head(&self, tenant: &str) -> Result<Head>;

    /// The rows of a tenant as of the last durable commit.
    fn snapshot(&self, tenant: &str) -> Result<Box<dyn Snapshot>>;

    /// Queues a commit; commits are made in the order of this call.
    fn submit(&self, commit: Commit) -> Result<Ticket>;

    /// Returns once the commit is durable. An error means that it was not made, but for a failure of the
    /// medium, which latches: then the op of the head tells after reopening.
    fn wait(&self, ticket: &Ticket) -> Result<u64>;

    /// Queues a commit and waits for it.
    #[cfg(test)]
    fn commit(&self, commit: Commit) -> Result<u64> {
        let ticket = self.submit(commit)?;
        self.wait(&ticket)
    }

    /// The tenants that have rows, in order of their ids.
    fn tenants(&self) -> Result<Vec<String>>;

    /// Removes a tenant and all its rows; false if there was none.
    fn erase(&self, tenant: &str) -> Result<bool>;

    /// Whether writes are refused because the store was opened for reading.
    fn is_read_only(&self) -> bool;

    /// Bytes of the file; `None` if there is none, or nobody knows.
    fn file_bytes(&self) -> Option<u64>;

    /// Whether the engine can be used, and why not.
    fn health(&self) -> Health;

    /// Releases the file. Later calls fail with `Reopen`.
    fn close(&self);
}

/// The rows of one tenant at one version.
pub(crate) trait Snapshot: Send {
    /// The tenant's version that it shows; 0 for a tenant that nobody wrote to.
    fn version(&self) -> u64;

    /// The payloads of these keys, in their order; `None` for a key without a row.
    fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>>;

    /// At most `limit` rows from `from` up to but without `to`, in order of keys.
    fn scan(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<(Key, Vec<u8>)>>;

    /// The first keys from `from` up to but without `to`, in order, `limit` at most; also those of rows that are damaged.
    fn keys(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<Key>>;
}
