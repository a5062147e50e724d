//! `maintain`: the work that has come due, in slices that each are one commit.

use std::time::Duration;

use super::retention::{RetentionReport, archive};
use crate::dynamics::{Job, next_due};
use crate::error::{Code, Error, Result};
use crate::ingest::Effect;
use crate::limits::{PAGE_LIMIT_MAX, SLOTS_MAX};
use crate::model::{TenantConfig, Timestamp};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::storage::{Key, Table, big_endian_u32, keys};
use crate::tenancy::{Access, Tenant, UNSCHEDULE, Write, read_config};

/// Records that are looked at in one commit, at most: readers wait for some milliseconds while it is shown to them.
const RECORDS_PER_COMMIT: usize = 1024;

/// Errors after which records go on waiting.
const WAITS_ON: [Code; 2] = [Code::VectorSpace, Code::VectorDimensions];

/// Rows of an old schedule that are dropped in one commit.
const ROWS_PER_COMMIT: usize = 4096;

/// Slots that are scheduled anew in one commit.
const SLOTS_PER_COMMIT: u32 = 1024;

/// How much one call of `maintain` may do. It ends with the commit in which either is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Time by the store's clock, more than none; a second unless said otherwise.
    pub time: Duration,
    /// Records that are looked at, 1 or more; 10,000 unless said otherwise.
    pub records: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { time: Duration::from_secs(1), records: 10_000 }
    }
}

impl Budget {
    fn check(&self) -> Result<()> {
        if self.records > 0 && !self.time.is_zero() {
            return Ok(());
        }
        Err(Error::draft(Code::RangeInvalid, "a budget allows nothing")
            .got(format!("{:?} and {} records", self.time, self.records))
            .expected("some time, and at least one record")
            .remedy("give it both; call again for the rest"))
    }
}

/// What a call of `maintain` did, job by job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MaintenanceReport {
    /// Atoms that were looked at because they become believed with time, or their time begins or ends.
    pub settled: u64,
    /// Atoms that were not believed, had faded, and are gone.
    pub dissolved: u64,
    /// Episodes that had expired and are gone.
    pub expired: u64,
    /// Episodes that were archived.
    pub archived: u64,
    /// Episodes that the retention policy deleted.
    pub deleted: u64,
    /// Atoms that are gone because no episode supports them any more.
    pub unsupported: u64,
    /// Records that were scheduled anew because the tenant was configured otherwise.
    pub rescheduled: u64,
    /// Records that got the vector or the claims that they waited for.
    pub processed: u64,
    /// Entries of the audit that were older than the tenant keeps them.
    pub pruned: u64,
    /// Records that are due, or too many, and were left for the next call; one more while records are still to be
    /// scheduled anew.
    pub pending: u64,
    /// When something is due next, if anything is; past while something is pending.
    pub next_due: Option<Timestamp>,
}

impl MaintenanceReport {
    /// Records that something was done with, or that were scheduled anew.
    pub fn done(&self) -> u64 {
        let Self { settled, dissolved, expired, archived, deleted, rescheduled, processed, .. } = self;
        settled + dissolved + expired + archived + deleted + rescheduled + processed
    }

    /// Adds what was done elsewhere.
    pub(crate) fn add(&mut self, other: &MaintenanceReport) {
        self.settled += other.settled;
        self.dissolved += other.dissolved;
        self.expired += other.expired;
        self.archived += other.archived;
        self.deleted += other.deleted;
        self.unsupported += other.unsupported;
        self.rescheduled += other.rescheduled;
        self.processed += other.processed;
        self.pruned += other.pruned;
        self.pending += other.pending;
        self.next_due = self.next_due.into_iter().chain(other.next_due).min();
    }

    /// Adds what the policy did; to how many episodes.
    fn retired(&mut self, retention: &RetentionReport) -> usize {
        self.archived += retention.archived;
        self.deleted += retention.deleted;
        self.unsupported += retention.unsupported;
        (retention.archived + retention.deleted) as usize
    }
}

/// A budget being used up.
struct Spending<'a> {
    budget: &'a Budget,
    began: Timestamp,
    looked_at: usize,
}

impl Spending<'_> {
    fn left(&self, now: Timestamp) -> usize {
        // A clock that was set back has not used up anything.
        let spent = now.as_micros().saturating_sub(self.began.as_micros()).max(0);
        let time_left = u128::from(spent.unsigned_abs()) < self.budget.time.as_micros();
        if time_left { self.budget.records.saturating_sub(self.looked_at) } else { 0 }
    }
}

impl Tenant {
    /// Does what has come due: atoms become believed or their time begins or ends, faded ones that are not believed
    /// dissolve, expired episodes go, old and unimportant ones are archived or deleted as the tenant's policy says. What
    /// records wait for is asked for again, and what is too old of the audit is pruned.
    ///
    /// It costs what is due, not what is stored. Every slice is one commit, so that it can be stopped at any point and
    /// called again; in however many slices it is done, the same comes of it. Uses that were told are written down
    /// first: they may save what was about to dissolve.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ebbmark::{Budget, ManualClock, NewFact, Options, Store, Timestamp};
    ///
    /// let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    /// let store = Store::in_memory(Options { clock: clock.clone(), ..Options::default() })?;
    /// let tenant = store.tenant("acme")?;
    /// tenant.assert_fact(NewFact::new("Mara", "mood", "tired").confidence(0.4))?;
    /// clock.set(Timestamp::from_seconds(1_800_000_000 + 90 * 86_400));
    /// assert_eq!(tenant.maintain(&Budget::default())?.dissolved, 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid` for a budget of nothing, `access.denied`; `row.damaged`: what was done before stays done.
    pub fn maintain(&self, budget: &Budget) -> Result<MaintenanceReport> {
        self.maintain_with(budget, |_| true)
    }

    /// Like [`Tenant::maintain`], and tells of its progress after every commit; it ends when the callback says `false`.
    ///
    /// # Errors
    /// Those of [`Tenant::maintain`].
    pub fn maintain_with(
        &self,
        budget: &Budget,
        mut progress: impl FnMut(&MaintenanceReport) -> bool,
    ) -> Result<MaintenanceReport> {
        self.call(Verb::Maintain, |work| {
            work.given(budget.records);
            let report = self.do_what_is_due(budget, &mut progress)?;
            work.found(report.done() as usize);
            Ok(report)
        })
    }

    fn do_what_is_due(
        &self,
        budget: &Budget,
        progress: &mut dyn FnMut(&MaintenanceReport) -> bool,
    ) -> Result<MaintenanceReport> {
        self.require(Access::ReadWrite)?;
        budget.check()?;
        self.write_down_uses()?;
        let mut report = MaintenanceReport::default();
        if self.is_idle()? {
            self.look_ahead(&mut report)?;
            return Ok(report);
        }
        if !self.is_dry_run() {
            self.settle_deferred(Cause::Maintain, None, Effect::default())?;
        }
        let mut spending = Spending { budget, began: self.common().now(), looked_at: 0 };
        loop {
            let left = spending.left(self.common().now());
            if left == 0 {
                break;
            }
            let count = if self.is_dry_run() { left } else { left.min(RECORDS_PER_COMMIT) };
            let mut looked_at = self.slice(count, &mut report)?;
            if looked_at == 0 || self.is_dry_run() {
                // What it deletes may make something else due.
                looked_at += report.retired(&self.keep_to_maximum(count)?);
            }
            spending.looked_at += looked_at;
            self.go_on(looked_at)?;
            if looked_at == 0 || !progress(&report) || self.is_dry_run() {
                break;
            }
        }
        if !self.is_dry_run() {
            let left = spending.left(self.common().now());
            report.processed = self.try_pending(left)?;
            report.pruned = self.prune_old(left as u64)?;
        }
        self.look_ahead(&mut report)?;
        Ok(report)
    }

    /// Whether there is nothing to do, as the rows tell without the working set.
    fn is_idle(&self) -> Result<bool> {
        let snapshot = self.snapshot()?;
        let config = read_config(snapshot.as_ref())?;
        let until = keys::due(self.common().now(), u32::MAX).end();
        for (from, to) in [
            (keys::table(Table::Due), until),
            (keys::table(Table::Todo), keys::table(Table::Todo).end()),
            (keys::reschedule(), keys::reschedule().end()),
            (keys::table(Table::Waiting), keys::table(Table::Waiting).end()),
        ] {
            if !snapshot.scan(&from, &to, 1)?.is_empty() {
                return Ok(false);
            }
        }
        Ok(config.audit_days.is_none() && self.excess(&config)? == 0)
    }

    /// Episodes beyond the greatest number that the policy allows.
    fn excess(&self, config: &TenantConfig) -> Result<u64> {
        let Some(most) = config.retention.episodes_max else { return Ok(0) };
        let over = self.usage_held()?.episodes.saturating_sub(most);
        // Pinned ones stay, and are nothing to wait for.
        if over == 0 { Ok(0) } else { self.removable(over) }
    }

    /// Asks again for what records wait for; how many have it now.
    fn try_pending(&self, most: usize) -> Result<u64> {
        if most == 0 || self.usage_held()?.pending == 0 {
            return Ok(0);
        }
        match self.embed_pending(most.min(PAGE_LIMIT_MAX)) {
            Ok(report) => Ok(report.done as u64),
            // They go on waiting for another embedder.
            Err(error) if WAITS_ON.contains(&error.code()) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Removes the entries of the audit that are older than the tenant keeps them.
    fn prune_old(&self, most: u64) -> Result<u64> {
        let Some(days) = self.config()?.audit_days.filter(|_| most > 0) else { return Ok(0) };
        let micros = (days * 86_400e6).min(i64::MAX as f64) as i64;
        let before = Timestamp::from_micros(self.common().now().as_micros().saturating_sub(micros));
        self.prune_before(before, most)
    }

    /// Does one slice of what is due; how many records were looked at.
    fn slice(&self, count: usize, report: &mut MaintenanceReport) -> Result<usize> {
        // What is counted is done only when the write is.
        let mut done = *report;
        let looked_at = self.write(Cause::Maintain, |write| {
            let report = &mut done;
            if !self.is_dry_run() {
                let looked_at = reschedule(write, report)?;
                return if looked_at > 0 { Ok(looked_at) } else { self.do_first(write, count, report) };
            }
            // What is tried out commits nothing, so that it has to see all of it at once, and what comes of it.
            while reschedule(write, report)? > 0 {}
            let mut all = 0;
            loop {
                let some = self.do_first(write, count - all, report)?;
                all += some;
                if some == 0 || all == count {
                    return Ok(all);
                }
            }
        })?;
        *report = done;
        if !self.is_dry_run() {
            self.settle_deferred(Cause::Maintain, None, Effect::default())?;
        }
        Ok(looked_at)
    }

    /// Does the first things that are due, as many as one commit should carry; how many.
    fn do_first(&self, write: &mut Write<'_>, count: usize, report: &mut MaintenanceReport) -> Result<usize> {
        let until = keys::due(write.now(), u32::MAX).end();
        let due = write.first_keys(&keys::table(Table::Due), &until, count)?;
        for (at, key) in due.iter().enumerate() {
            if write.is_full() && !self.is_dry_run() {
                return Ok(at);
            }
            self.do_due(write, key, report)?;
        }
        Ok(due.len())
    }

    /// Does what is due at a key, if it is.
    fn do_due(&self, write: &mut Write<'_>, key: &Key, report: &mut MaintenanceReport) -> Result<()> {
        let slot = key.last_slot().unwrap_or(SLOTS_MAX);
        // An earlier one of the same slice may have changed it, or the tenant may have been configured otherwise.
        let stored = write.stored(slot)?;
        let job = stored.as_ref().and_then(|stored| next_due(&stored.record, &stored.trace, write.config()));
        let now = write.now();
        let is_this = |(moment, _): &(Timestamp, Job)| *moment <= now && keys::due(*moment, slot) == *key;
        let (Some(stored), Some((_, job))) = (&stored, job.filter(is_this)) else {
            write.delete(key.clone());
            stored.iter().for_each(|stored| write.schedule(slot, stored));
            return Ok(());
        };
        match job {
            Job::Settle => {
                self.settle_atom(write, stored)?;
                report.settled += 1;
            }
            Job::Archive => {
                archive(write, slot, stored)?;
                report.archived += 1;
            }
            Job::Dissolve | Job::Expire | Job::Delete => {
                let (kind, count) = match job {
                    Job::Dissolve => (ChangeKind::Dissolved, &mut report.dissolved),
                    Job::Expire => (ChangeKind::Expired, &mut report.expired),
                    _ => (ChangeKind::Retired, &mut report.deleted),
                };
                *count += 1;
                report.unsupported += self.forget(write, slot, stored, kind)?.removed.len() as u64;
            }
        }
        Ok(())
    }

    /// What is left to do, and when something is due next.
    fn look_ahead(&self, report: &mut MaintenanceReport) -> Result<()> {
        let snapshot = self.snapshot()?;
        let now = keys::due(self.common().now(), u32::MAX).end();
        let all = keys::table(Table::Due);
        let overdue = snapshot.keys(&all, &now, usize::MAX)?;
        report.pending = overdue.len() as u64 + self.excess(&read_config(snapshot.as_ref())?)?;
        report.pending += u64::from(snapshot.get_many(&[keys::reschedule()])?.pop().flatten().is_some());
        let next = snapshot.scan(&now, &all.end(), 1)?.into_iter().map(|(key, _)| key);
        report.next_due = overdue.into_iter().take(1).chain(next).next().and_then(|key| key.moment());
        Ok(())
    }
}

/// Drops the old schedule and schedules the next slots anew, if the tenant was configured otherwise; how many rows or
/// slots were looked at.
fn reschedule(write: &mut Write<'_>, report: &mut MaintenanceReport) -> Result<usize> {
    let Some(row) = write.get(&keys::reschedule())? else { return Ok(0) };
    let mut first = big_endian_u32(&row);
    if first == UNSCHEDULE {
        let all = keys::table(Table::Due);
        let old = write.first_keys(&all, &all.end(), ROWS_PER_COMMIT)?;
        old.iter().for_each(|key| write.delete(key.clone()));
        if old.len() == ROWS_PER_COMMIT {
            return Ok(old.len());
        }
        first = 0;
    }
    let end = write.slots().min(first.saturating_add(SLOTS_PER_COMMIT));
    for slot in first..end {
        if let Some(stored) = write.stored(slot)? {
            write.schedule(slot, &stored);
            report.rescheduled += 1;
        }
    }
    if end < write.slots() {
        write.put(keys::reschedule(), &end.to_be_bytes());
    } else {
        write.delete(keys::reschedule());
    }
    Ok((end - first).max(1) as usize)
}
