//! Making all that is derived again from the records.

use crate::error::Result;
use crate::limits::SEGMENT_SLOTS;
use crate::storage::{Table, keys};
use crate::tenancy::{Access, Ledger, Tenant, Write};

impl Tenant {
    /// Makes everything that is derived from the records (indexes, segments) again, and drops what leads
    /// nowhere. Answers are the same before and after; damaged indexes are healed. One commit a segment.
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; `row.damaged` if a record itself is damaged.
    pub fn reindex(&self) -> Result<()> {
        self.require(Access::Admin)?;
        if self.is_dry_run() {
            return Ok(());
        }
        let mut first = 0;
        while first < self.write(|write| Ok(write.slots()))? {
            self.write(|write| write.reseal(first))?;
            first += SEGMENT_SLOTS;
        }
        self.write(|write| write.sweep())?;
        self.write(index_supports)?;
        self.unload()
    }
}

/// Makes the rows that lead from episodes to what they support again.
fn index_supports(write: &mut Write<'_>) -> Result<()> {
    write.clear(&keys::table(Table::Support))?;
    let entries = Ledger::open(write, None)?.entries(&keys::table(Table::Ledger))?;
    for (key, item) in &entries {
        for &episode in item.claim().map(|claim| claim.supports.as_slice()).unwrap_or_default() {
            write.put(keys::support(episode, key), &[]);
        }
    }
    Ok(())
}
