//! The schedule: what is to be done with a record next, and when, whatever happens until then.

use super::decay::{days_until, retention, stability};
use super::importance::Kept;
use crate::model::{Atom, Curve, Episode, Record, RetentionPolicy, Standing, TenantConfig, Timestamp, Trace};

/// What comes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Job {
    /// An atom becomes believed, or its time begins or ends.
    Settle,
    /// An atom that is not believed has faded.
    Dissolve,
    /// An episode has expired.
    Expire,
    /// An episode is old and unimportant.
    Archive,
    /// An episode was archived long enough, or is older than any may be.
    Delete,
}

/// The next job of a record.
pub(crate) fn next_due(record: &Record, trace: &Trace, config: &TenantConfig) -> Option<(Timestamp, Job)> {
    match record {
        Record::Atom(atom) => {
            let settle = atom.due.map(|due| (due, Job::Settle));
            let dissolve = dissolves(atom, trace, config).map(|due| (due, Job::Dissolve));
            settle.into_iter().chain(dissolve).min()
        }
        Record::Episode(episode) => {
            let expire = episode.expires_at.map(|due| (due, Job::Expire));
            expire.into_iter().chain(retention_due(&config.retention, &kept(episode, trace))).min()
        }
    }
}

/// When an atom that is not believed has faded so far that it is to dissolve; a believed one never does.
fn dissolves(atom: &Atom, trace: &Trace, config: &TenantConfig) -> Option<Timestamp> {
    if trace.pinned || atom.standing != Standing::Unsubstantiated {
        return None;
    }
    crossing(atom, trace, config.curve, config.dissolve_below)
}

/// How much of an atom is left at a moment.
pub(crate) fn retention_of(atom: &Atom, trace: &Trace, curve: Curve, now: Timestamp) -> f64 {
    // To the precision of the columns, so that both give the same answer.
    let days = stability(atom.stability_days, atom.confidence, trace.growth) as f32;
    retention(curve, f64::from(days), now.days_since(trace.since(atom.asserted_at)))
}

/// When less than a share of an atom will be left; `None` if that never comes.
pub(crate) fn crossing(atom: &Atom, trace: &Trace, curve: Curve, share: f32) -> Option<Timestamp> {
    let days = stability(atom.stability_days, atom.confidence, trace.growth) as f32;
    crossing_at(curve, f64::from(days), trace.since(atom.asserted_at), share)
}

/// When less than a share will be left of what has faded since a moment; `None` if that never comes.
pub(crate) fn crossing_at(curve: Curve, stability: f64, since: Timestamp, share: f32) -> Option<Timestamp> {
    after(since, days_until(curve, stability, f64::from(share))?)
}

/// What the retention policy sees of an episode.
pub(crate) fn kept(episode: &Episode, trace: &Trace) -> Kept {
    Kept {
        occurred_at: episode.occurred_at,
        since: trace.since(episode.occurred_at),
        role: episode.role,
        importance: episode.importance,
        pinned: trace.pinned,
        archived_at: trace.archived_at,
    }
}

/// What a retention policy has to do with an episode next.
pub(crate) fn retention_due(policy: &RetentionPolicy, kept: &Kept) -> Option<(Timestamp, Job)> {
    if kept.pinned {
        return None;
    }
    let aged = policy.delete_older_than_days.and_then(|days| after(kept.occurred_at, days));
    let archived = kept.archived_at.zip(policy.delete_archived_after_days);
    let term = archived.and_then(|(at, days)| after(at, days));
    let delete = aged.into_iter().chain(term).min().map(|due| (due, Job::Delete));
    let rule = policy.archive.filter(|_| kept.archived_at.is_none());
    let archive = rule.and_then(|rule| {
        let unimportant = kept.days_until_below(f64::from(rule.importance_below))?;
        Some((after(kept.since, rule.older_than_days.max(unimportant))?, Job::Archive))
    });
    delete.into_iter().chain(archive).min()
}

/// The moment so many days after another; `None` beyond the end of time.
fn after(moment: Timestamp, days: f64) -> Option<Timestamp> {
    // Rounded up: at that moment it is so.
    let micros = (days * 86_400e6).ceil();
    let micros = (micros < i64::MAX as f64).then_some(micros as i64)?;
    moment.as_micros().checked_add(micros).map(Timestamp::from_micros)
}
