//! What a tenant chose for itself, what it holds, and how often it may be called.

use std::sync::{Arc, PoisonError};

use super::load::read_config;
use super::stored::Stored;
use super::tenant::{Access, Tenant};
use super::write::Write;
use crate::dynamics::{Permit, next_due};
use crate::error::{Code, Error, Result};
use crate::limits::SEGMENT_SLOTS;
use crate::model::TenantConfig;
use crate::observe::{Cause, Usage, Verb};
use crate::storage::{Table, decode, encode, join, keys};

/// In place of the next slot that is to be scheduled: the old schedule has to be dropped first.
pub(crate) const UNSCHEDULE: u32 = u32::MAX;

impl Tenant {
    /// What the tenant chose for itself.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn config(&self) -> Result<TenantConfig> {
        read_config(self.snapshot()?.as_ref())
    }

    /// Chooses for the tenant how its memories fade, what is kept, and how much it may take. What it holds already is
    /// scheduled anew by the next calls of `maintain`; with another language its texts are indexed anew at once.
    ///
    /// ```
    /// use ebbmark::{Access, Options, Quotas, Store, TenantConfig};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant_with_access("acme", Access::Admin)?;
    /// let quotas = Quotas { records: Some(1), ..Quotas::default() };
    /// tenant.configure(TenantConfig { quotas, ..TenantConfig::default() })?;
    /// tenant.add("the first")?;
    /// let refused = tenant.add("the second").unwrap_err();
    /// assert_eq!(refused.quota().map(|quota| (quota.limit, quota.used, quota.asked)), Some((1, 1, 1)));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid` for a number out of its range, `access.denied` below [`Access::Admin`].
    pub fn configure(&self, config: TenantConfig) -> Result<()> {
        self.call(Verb::Configure, |_| self.choose(config))
    }

    fn choose(&self, config: TenantConfig) -> Result<()> {
        self.require(Access::Admin)?;
        config.check()?;
        self.write_alone(Cause::Configure, |write| {
            let old = write.config();
            let same_schedule = (old.curve, old.dissolve_below, &old.retention)
                == (config.curve, config.dissolve_below, &config.retention);
            write.configure(config)?;
            if !same_schedule {
                write.put(keys::reschedule(), &UNSCHEDULE.to_be_bytes());
            }
            Ok(())
        })
    }

    /// What the tenant holds and has done, exact as of its last commit.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn usage(&self) -> Result<Usage> {
        self.call(Verb::Usage, |_| self.usage_held())
    }

    /// What the tenant holds and has done.
    pub(crate) fn usage_held(&self) -> Result<Usage> {
        Ok(super::meta::read(self.snapshot()?.as_ref())?.usage)
    }

    /// Counts what the tenant holds anew, record by record. It is what [`Tenant::usage`] says, unless the file is damaged
    /// or it is written to meanwhile; what was ever done cannot be counted anew and is taken from there.
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; `row.damaged`.
    pub fn recount(&self) -> Result<Usage> {
        self.call(Verb::Recount, |_| self.counted())
    }

    fn counted(&self) -> Result<Usage> {
        self.require(Access::Admin)?;
        let snapshot = self.snapshot()?;
        let mut meta = super::meta::read(snapshot.as_ref())?;
        let Usage { added, deleted, uses, .. } = meta.usage;
        let queue = keys::table(Table::Waiting);
        let pending = snapshot.keys(&queue, &queue.end(), usize::MAX)?.len() as u64;
        meta.usage = Usage { added, deleted, uses, pending, ..Usage::default() };
        for first in (0..meta.slots).step_by(SEGMENT_SLOTS as usize) {
            let end = meta.slots.min(first + SEGMENT_SLOTS);
            let rows = snapshot.scan(&keys::record(first), &keys::record(end), usize::MAX)?;
            for (_, payload) in join(rows)? {
                meta.count(&decode::<Stored>(&payload)?, 1)?;
            }
        }
        Ok(meta.usage)
    }

    /// Asks the tenant's rate limit for `cost` calls at once (1 or more); without one all are allowed. The library asks
    /// it for no call of its own: the host decides what counts. The state is not kept over a restart.
    ///
    /// # Errors
    /// `range.invalid` for a cost of 0; those of reading the store.
    pub fn take_permit(&self, cost: u32) -> Result<Permit> {
        if cost == 0 {
            return Err(Error::draft(Code::RangeInvalid, "a permit for nothing was asked for")
                .got(cost)
                .expected("1 or more")
                .remedy("ask for as many calls as are to be made"));
        }
        let config = self.read(|set| Ok(Arc::clone(&set.config)))?;
        let Some(rate) = config.rate else {
            return Ok(Permit { allowed: true, remaining: u32::MAX, retry_after: 0.0 });
        };
        let mut state = self.rate().lock().unwrap_or_else(PoisonError::into_inner);
        let mut tried = *state;
        let permit = tried.take(&rate, cost, self.common().now());
        if !self.is_dry_run() {
            *state = tried;
        }
        Ok(permit)
    }
}

impl Write<'_> {
    /// Has the quotas asked about this write when it is submitted.
    pub(crate) fn meter(&mut self) {
        self.metered = true;
    }

    /// Fails if what is staged would exceed a quota that it has to keep.
    pub(super) fn check_if_metered(&self) -> Result<()> {
        if !self.metered {
            return Ok(());
        }
        self.meta.check_quotas(&self.writer.meta, &self.config.quotas)
    }

    /// Changes what the tenant chose for itself; whoever does so loads the tenant anew. Sealed text of another language
    /// is dropped: it is made again from the records.
    pub(crate) fn configure(&mut self, config: TenantConfig) -> Result<()> {
        if config.language != self.config.language {
            self.clear(&keys::table(Table::Segment))?;
            self.clear(&keys::table(Table::Overlay))?;
        }
        self.put(keys::config(), &encode(&config)?);
        self.config = Arc::new(config);
        Ok(())
    }

    /// Puts the row that says when a record is due, as the configuration is now.
    pub(crate) fn schedule(&mut self, slot: u32, stored: &Stored) {
        if let Some((moment, _)) = next_due(&stored.record, &stored.trace, &self.config) {
            self.put(keys::due(moment, slot), &[]);
        }
    }
}
