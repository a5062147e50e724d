//! The audit's upkeep: old entries go, and the rows that lead to entries are made again.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::Timestamp;
use crate::observe::{Cause, Verb};
use crate::storage::{Key, Table, keys};
use crate::tenancy::{Access, AuditRow, Tenant, Write, read_one};

/// Entries that one commit removes.
const ENTRIES_PER_COMMIT: usize = 256;

/// Versions whose entries are looked at in one commit, unless they have more index rows than the next constant says.
const VERSIONS_PER_COMMIT: u64 = 256;

/// Index rows in one commit: with their keys they take a quarter of it.
const ROWS_PER_COMMIT: usize = 16 << 10;

impl Tenant {
    /// Removes the entries of the audit that are older than a moment, and gives how many they were. One entry says that it
    /// was done and how many went. [`Tenant::changes`] begins at what is left; records and their history stay.
    ///
    /// It makes a commit for 256 entries. If it fails in between, what was removed is told by the entry of the last
    /// commit, and calling again removes the rest.
    ///
    /// ```
    /// use ebbmark::{Access, AuditQuery, Cause, Options, Store, Timestamp};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant_with_access("acme", Access::Admin)?;
    /// tenant.add("I moved to Porto.")?;
    /// assert_eq!(tenant.prune_audit(Timestamp::MAX)?, 1);
    /// let left = tenant.audit(&AuditQuery::default(), None, 10)?.entries;
    /// assert_eq!((left.len(), left[0].cause, left[0].pruned), (1, Cause::Prune, 1));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; those of reading and writing the store.
    pub fn prune_audit(&self, before: Timestamp) -> Result<u64> {
        self.call(Verb::PruneAudit, |work| {
            self.require(Access::Admin)?;
            let pruned = self.prune_before(before, u64::MAX)?;
            work.found(usize::try_from(pruned).unwrap_or(usize::MAX));
            Ok(pruned)
        })
    }

    /// Removes entries older than a moment, about `most` at most.
    pub(super) fn prune_before(&self, before: Timestamp, most: u64) -> Result<u64> {
        let Some(last) = before.as_micros().checked_sub(1).map(Timestamp::from_micros) else { return Ok(0) };
        let newest = self.snapshot()?.version();
        let end = keys::audit(None).end();
        let mut from = keys::audit_moment(None, last);
        let (mut pruned, mut told) = (0, None);
        loop {
            let rows = self.snapshot()?.scan(&from, &end, ENTRIES_PER_COMMIT)?;
            let Some((last, _)) = rows.last() else { return Ok(pruned) };
            from = last.end();
            // The entries of this very call are newer than all there was.
            let old = rows.iter().map(|(key, _)| keys::audited_version(key)).filter(|at| *at <= newest);
            let old: Vec<u64> = old.collect();
            let (so_far, version) = self.write(Cause::Prune, |write| {
                let mut so_far = pruned;
                for version in old {
                    so_far += u64::from(remove_entry(write, version)?);
                }
                if so_far > pruned {
                    // One entry tells of all commits of a call.
                    told.map_or(Ok(false), |version| remove_entry(write, version))?;
                    write.tell(so_far);
                    return Ok((so_far, Some(write.version())));
                }
                Ok((so_far, told))
            })?;
            (pruned, told) = (so_far, version);
            if pruned >= most {
                return Ok(pruned);
            }
        }
    }

    /// Makes the rows that lead to the entries of the audit again, and drops those that lead nowhere.
    pub(super) fn index_audit(&self) -> Result<()> {
        let newest = self.snapshot()?.version();
        let mut known = BTreeSet::new();
        let mut version = 1;
        while version <= newest {
            version = self.write(Cause::Reindex, |write| {
                let mut rows = 0;
                for version in version..=newest.min(version + VERSIONS_PER_COMMIT - 1) {
                    if rows >= ROWS_PER_COMMIT {
                        return Ok(version);
                    }
                    let index = index_entry(write, version)?;
                    rows += index.len();
                    known.extend(index);
                }
                Ok(version + VERSIONS_PER_COMMIT)
            })?;
        }
        let all = keys::table(Table::Audit);
        let mut strays = self.snapshot()?.keys(&all, &all.end(), usize::MAX)?;
        // Entries that came meanwhile have their rows.
        strays.retain(|key| keys::audited_version(key) <= newest && !known.contains(key));
        for some in strays.chunks(ROWS_PER_COMMIT) {
            self.write(Cause::Reindex, |write| {
                some.iter().for_each(|key| write.delete(key.clone()));
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// Makes the rows that lead to the entry of a version again. Gives their keys; none if there is no such entry.
fn index_entry(write: &mut Write<'_>, version: u64) -> Result<Vec<Key>> {
    let row: Option<AuditRow> = read_one(write, &keys::change(version))?;
    let index: Vec<Key> = row.iter().flat_map(|row| row.index(version)).collect();
    index.iter().for_each(|key| write.put(key.clone(), &[]));
    Ok(index)
}

/// Removes the entry of a version with the rows that lead to it; false if there is none.
fn remove_entry(write: &mut Write<'_>, version: u64) -> Result<bool> {
    let Some(row) = read_one::<AuditRow>(write, &keys::change(version))? else { return Ok(false) };
    row.index(version).for_each(|key| write.delete(key));
    write.clear(&keys::change(version))?;
    Ok(true)
}
