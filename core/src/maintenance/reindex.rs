//! Making all that is derived again from the records.

use crate::error::Result;
use crate::limits::SEGMENT_SLOTS;
use crate::tenancy::{Access, Tenant};

impl Tenant {
    /// Makes everything that is derived from the records (indexes, segments) again, and drops what leads
    /// nowhere. Answers are the same before and after; damaged indexes are healed. One commit a segment.
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; `row.damaged` if a record itself is damaged.
    pub fn reindex(&self) -> Result<()> {
        self.require(Access::Admin)?;
        let mut first = 0;
        while first < self.write(|write| Ok(write.slots()))? {
            self.write(|write| write.reseal(first))?;
            first += SEGMENT_SLOTS;
        }
        self.write(|write| write.sweep())?;
        self.unload()
    }
}
