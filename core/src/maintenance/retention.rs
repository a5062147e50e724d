//! The retention policy: which episodes are archived and deleted now, tried out or done.

use crate::dynamics::{Job, Kept, importance, kept, retention_due};
use crate::error::Result;
use crate::index::flag;
use crate::ingest::Effect;
use crate::model::{Id, Record, RecordSort, RetentionPolicy, Role, Timestamp, Trace};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::tenancy::{Access, Stored, Tenant, WorkingSet, Write};

/// Episodes that are archived or deleted in one commit.
const EPISODES_PER_COMMIT: usize = 64;

/// What the retention policy did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetentionReport {
    /// Episodes that were archived.
    pub archived: u64,
    /// Episodes that were deleted.
    pub deleted: u64,
    /// Atoms that are gone because no episode supports them any more.
    pub unsupported: u64,
}

/// Why an episode goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Because {
    /// A rule of the policy says so.
    Due,
    /// There are too many.
    Excess,
}

impl Tenant {
    /// Applies the tenant's retention policy to all episodes now, or only tells what that would do. The counts of a try
    /// are those of the run that follows it, if nothing is changed in between. Uses that were told are written down first,
    /// by a try, too.
    ///
    /// ```
    /// use ebbmark::{Access, NewEpisode, Options, RetentionPolicy, Store, TenantConfig, Timestamp};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant_with_access("acme", Access::Admin)?;
    /// tenant.add(NewEpisode::user("Good morning!").occurred_at(Timestamp::from_seconds(0)))?;
    /// let retention = RetentionPolicy { delete_older_than_days: Some(365.0), ..RetentionPolicy::default() };
    /// tenant.configure(TenantConfig { retention, ..TenantConfig::default() })?;
    /// assert_eq!(tenant.retention(true)?.deleted, 1);
    /// assert_eq!(tenant.retention(false)?.deleted, 1);
    /// assert_eq!(tenant.stats()?.episodes, 0);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `access.denied`, `row.damaged`: what was done before stays done.
    pub fn retention(&self, dry_run: bool) -> Result<RetentionReport> {
        self.call(Verb::Retention, |_| self.apply_policy(dry_run))
    }

    fn apply_policy(&self, dry_run: bool) -> Result<RetentionReport> {
        self.require(Access::ReadWrite)?;
        let tenant = if dry_run { self.dry_run() } else { self.clone() };
        tenant.write_down_uses()?;
        let plan = tenant.read(|set| Ok(planned(set, tenant.common().now())))?;
        tenant.carry_out(Cause::Retention, &plan)
    }

    /// Deletes the least important episodes beyond the greatest number that the policy allows, at most so many.
    pub(super) fn keep_to_maximum(&self, budget: usize) -> Result<RetentionReport> {
        let config = self.config()?;
        let usage = self.usage_held()?;
        if config.retention.episodes_max.is_none_or(|most| usage.episodes <= most) {
            return Ok(RetentionReport::default());
        }
        let mut plan = self.read(|set| Ok(planned(set, self.common().now())))?;
        plan.retain(|(_, because)| *because == Because::Excess);
        plan.truncate(budget);
        self.carry_out(Cause::Maintain, &plan)
    }

    /// How many of so many episodes too many can be deleted: those that are pinned cannot.
    pub(super) fn removable(&self, over: u64) -> Result<u64> {
        self.read(|set| {
            let columns = &set.columns;
            let can_go = |&slot: &u32| {
                let is_episode = columns.sort.get(slot as usize) == Some(&(RecordSort::Episode as u8));
                is_episode && !columns.has(slot, flag::PINNED)
            };
            Ok(columns.live().iter().filter(can_go).take(over as usize).count() as u64)
        })
    }

    fn carry_out(&self, cause: Cause, plan: &[(Id, Because)]) -> Result<RetentionReport> {
        let mut report = RetentionReport::default();
        let mut rest = plan;
        while !rest.is_empty() {
            let (mut done, mut count) = (report, 0);
            self.write(cause, |write| {
                for &(id, because) in rest {
                    // What is tried out commits nothing, so that it has to see all of it at once.
                    if !self.is_dry_run() && (write.is_full() || count == EPISODES_PER_COMMIT) {
                        break;
                    }
                    self.retire(write, id, because, &mut done)?;
                    count += 1;
                }
                Ok(())
            })?;
            rest = rest.get(count..).unwrap_or_default();
            report = done;
            if !self.is_dry_run() {
                self.settle_deferred(cause, None, Effect::default())?;
            }
        }
        Ok(report)
    }

    /// Archives or deletes an episode, if it is still to go.
    fn retire(
        &self,
        write: &mut Write<'_>,
        id: Id,
        because: Because,
        report: &mut RetentionReport,
    ) -> Result<()> {
        // What is archived may have to be deleted at once.
        loop {
            let Some((slot, stored)) = write.find(id)? else { return Ok(()) };
            let Record::Episode(episode) = &stored.record else { return Ok(()) };
            let due = retention_due(&write.config().retention, &kept(episode, &stored.trace));
            let job = match because {
                Because::Excess => (!stored.trace.pinned).then_some(Job::Delete),
                Because::Due => due.filter(|(moment, _)| *moment <= write.now()).map(|(_, job)| job),
            };
            match job {
                Some(Job::Archive) => {
                    archive(write, slot, &stored)?;
                    report.archived += 1;
                }
                Some(_) => {
                    report.unsupported +=
                        self.forget(write, slot, &stored, ChangeKind::Retired)?.removed.len() as u64;
                    report.deleted += 1;
                }
                None => return Ok(()),
            }
        }
    }
}

/// Archives an episode.
pub(super) fn archive(write: &mut Write<'_>, slot: u32, stored: &Stored) -> Result<()> {
    let trace = Trace { archived_at: Some(write.now()), ..stored.trace };
    write.retrace(slot, stored, trace, ChangeKind::Archived)
}

/// What the policy has to do now, from the columns: what is due, and of what is left the least important beyond the
/// greatest number.
fn planned(set: &WorkingSet, now: Timestamp) -> Vec<(Id, Because)> {
    let policy: &RetentionPolicy = &set.config.retention;
    if *policy == RetentionPolicy::default() {
        return Vec::new();
    }
    let columns = &set.columns;
    let is_episode = |&slot: &u32| columns.sort.get(slot as usize) == Some(&(RecordSort::Episode as u8));
    let mut plan = Vec::new();
    let mut left = Vec::new();
    for slot in columns.live().iter().filter(is_episode) {
        let Some((id, kept)) = kept_of(set, slot, now) else { continue };
        let due = |kept: &Kept| retention_due(policy, kept).filter(|(moment, _)| *moment <= now);
        let job = due(&kept).map(|(_, job)| job);
        // What is archived now may have to be deleted at once.
        let goes = job == Some(Job::Delete)
            || job.is_some() && due(&Kept { archived_at: Some(now), ..kept }).is_some();
        if goes {
            plan.push((id, Because::Due));
        } else {
            // What is to be archived is counted as archived.
            let rank = (kept.archived_at.is_none() && job.is_none(), importance(&kept, now), id);
            left.push((rank, kept.pinned, job.is_some()));
        }
    }
    let most = policy.episodes_max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let mut excess = left.len().saturating_sub(most);
    left.sort_by(|(a, ..), (b, ..)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    for ((.., id), pinned, due) in left {
        if due {
            plan.push((id, Because::Due));
        }
        if excess > 0 && !pinned {
            plan.push((id, Because::Excess));
            excess -= 1;
        }
    }
    plan
}

/// An episode as its columns tell of it; `None` if it has expired: it is as good as gone.
fn kept_of(set: &WorkingSet, slot: u32, now: Timestamp) -> Option<(Id, Kept)> {
    let row = set.columns.row(slot).filter(|row| row.expires_at > now.as_micros())?;
    let kept = Kept {
        occurred_at: Timestamp::from_micros(row.occurred_at),
        since: Timestamp::from_micros(row.since),
        role: Role::of_number(row.class)?,
        importance: (!row.strength.is_nan()).then_some(row.strength),
        pinned: row.has(flag::PINNED),
        archived_at: row.has(flag::ARCHIVED).then(|| Timestamp::from_micros(row.archived_at)),
    };
    Some((Id::from_u128(row.id), kept))
}
