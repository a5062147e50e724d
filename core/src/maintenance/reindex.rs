//! Making all that is derived again from the records.

use crate::error::Result;
use crate::limits::SEGMENT_SLOTS;
use crate::observe::{Cause, Verb};
use crate::storage::{Table, keys};
use crate::tenancy::{Access, Ledger, Tenant};

impl Tenant {
    /// Makes everything that is derived from the records (indexes, segments) again, and drops what leads
    /// nowhere. Answers are the same before and after; damaged indexes are healed. One commit a segment.
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; `row.damaged` if a record itself is damaged.
    pub fn reindex(&self) -> Result<()> {
        self.call(Verb::Reindex, |_| self.rebuild())
    }

    fn rebuild(&self) -> Result<()> {
        self.require(Access::Admin)?;
        if self.is_dry_run() {
            return Ok(());
        }
        self.reseal_all(Cause::Reindex)?;
        self.write(Cause::Reindex, |write| write.sweep())?;
        self.index_supports()?;
        self.index_audit()?;
        self.write(Cause::Reindex, |write| {
            write.tell(0);
            Ok(())
        })?;
        self.unload()
    }
}

impl Tenant {
    /// Makes the segments again, and the rows that lead to their records. One commit a segment.
    pub(super) fn reseal_all(&self, cause: Cause) -> Result<()> {
        let mut first = 0;
        while first < self.write(cause, |write| Ok(write.slots()))? {
            self.write(cause, |write| write.reseal(first))?;
            first += SEGMENT_SLOTS;
        }
        Ok(())
    }
}

/// Ledger entries whose supports are indexed in one commit: with 64 supports each they take a quarter of it.
const ENTRIES_PER_COMMIT: usize = 128;

impl Tenant {
    /// Makes the rows that lead from episodes to what they support again.
    fn index_supports(&self) -> Result<()> {
        let all = keys::table(Table::Support);
        while self.write(Cause::Reindex, |write| write.clear_some(&all, 64 * ENTRIES_PER_COMMIT))? {}
        let entries = self
            .write(Cause::Reindex, |write| Ledger::open(write, None)?.entries(&keys::table(Table::Ledger)))?;
        for some in entries.chunks(ENTRIES_PER_COMMIT) {
            self.write(Cause::Reindex, |write| {
                for (key, item) in some {
                    // It may have been deleted meanwhile.
                    let still = !write.scan(key)?.is_empty();
                    for &episode in item.supports().iter().filter(|_| still) {
                        write.put(keys::support(episode, key), &[]);
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
