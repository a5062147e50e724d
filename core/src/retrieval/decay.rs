//! How well things are remembered: of one record, and over all atoms.

use std::time::Duration;

use super::check::check_share;
use super::filter::Filter;
use super::read::check_limit;
use crate::dynamics::{crossing, crossing_at, importance, kept, retention_of, stability};
use crate::error::Result;
use crate::index::flag;
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::{Id, Kind, Memory, Record, RecordSort, Scope, TenantConfig, Timestamp};
use crate::observe::Verb;
use crate::tenancy::{Stored, Tenant, WorkingSet, read_config};

/// The shares at which a decay schedule tells the moments.
const SHARES: [f32; 5] = [0.9, 0.75, 0.5, 0.25, 0.1];

/// The lower bounds of the buckets of a decay report, but for the first, which is 0.
const BOUNDS: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

/// Within this time an atom is at risk.
const RISK: Duration = Duration::from_secs(24 * 3600);

/// Whether an atom is believed, without the reason why it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StandingKind {
    /// Heard, not yet believed.
    Unsubstantiated,
    /// Believed.
    Substantiated,
    /// No longer current.
    Historical,
}

impl StandingKind {
    const ALL: [StandingKind; 3] =
        [StandingKind::Unsubstantiated, StandingKind::Substantiated, StandingKind::Historical];
}

/// How the atoms of one kind and standing have faded.
#[derive(Clone, Debug, PartialEq)]
pub struct DecayGroup {
    /// Their kind.
    pub kind: Kind,
    /// Their standing.
    pub standing: StandingKind,
    /// How many of them have how much left: 0 to .1, to .3, to .5, to .7, to .9, to 1.
    pub buckets: [u64; 6],
    /// How much is left of them on average.
    pub mean_retention: f64,
}

/// How the atoms of a tenant have faded, as of now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecayReport {
    /// The atoms by kind and standing, in order of kind.
    pub groups: Vec<DecayGroup>,
    /// Believed atoms of which less is left than the tenant calls weak.
    pub weak: u64,
    /// Atoms that dissolve within 24 hours if they are not used, or are to dissolve by now.
    pub at_risk: u64,
}

/// When less than a share of an atom will be left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The share.
    pub share: f32,
    /// The moment, which may be past; `None` if it never comes.
    pub at: Option<Timestamp>,
}

/// An atom that fades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fading {
    /// The atom.
    pub id: Id,
    /// How much of it is left, 0 to 1.
    pub retention: f64,
    /// When it dissolves if it is not used; `None` if it does not.
    pub dissolves_at: Option<Timestamp>,
}

impl Tenant {
    /// How well a record is remembered. Uses that are not written down yet count.
    ///
    /// # Errors
    /// `record.not_found`, `row.damaged`.
    pub fn memory(&self, id: Id) -> Result<Memory> {
        self.call(Verb::Memory, |work| {
            work.id(id);
            self.remembered(id)
        })
    }

    fn remembered(&self, id: Id) -> Result<Memory> {
        let (stored, config) = self.stored_with_uses(id)?;
        let Stored { record, trace, .. } = stored;
        let now = self.common().now();
        let (retention, days, said_at, importance) = match &record {
            Record::Atom(atom) => {
                let days = stability(atom.stability_days, atom.confidence, trace.growth);
                (retention_of(atom, &trace, config.curve, now), days, atom.asserted_at, None)
            }
            Record::Episode(episode) => {
                let importance = importance(&kept(episode, &trace), now) as f32;
                (1.0, f64::INFINITY, episode.occurred_at, Some(importance))
            }
        };
        Ok(Memory {
            id,
            retention,
            stability_days: days,
            since: trace.since(said_at),
            uses: trace.uses,
            used_at: trace.used_at,
            importance,
            pinned: trace.pinned,
            archived_at: trace.archived_at,
        })
    }

    /// When less than 90, 75, 50, 25 and 10 % of an atom will be left if it is not used. Nothing for an episode.
    ///
    /// # Errors
    /// `record.not_found`, `row.damaged`.
    pub fn decay_schedule(&self, id: Id) -> Result<Vec<Crossing>> {
        self.call(Verb::DecaySchedule, |work| {
            work.id(id);
            let (stored, config) = self.stored_with_uses(id)?;
            let Record::Atom(atom) = &stored.record else { return Ok(Vec::new()) };
            let at = |share| Crossing { share, at: crossing(atom, &stored.trace, config.curve, share) };
            Ok(SHARES.into_iter().map(at).collect())
        })
    }

    /// How the atoms have faded, by kind and standing. Uses that were told are written down first, here and in the other
    /// reports. The scope of the handle narrows it.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn decay_report(&self) -> Result<DecayReport> {
        self.call(Verb::DecayReport, |_| self.reported())
    }

    fn reported(&self) -> Result<DecayReport> {
        let mut groups = [[([0_u64; 6], 0.0_f64); StandingKind::ALL.len()]; Kind::ALL.len()];
        let mut report = DecayReport::default();
        let now = self.common().now();
        self.each_atom(|set, slot| {
            let retention = set.retention(slot, now);
            let standing = standing_of(set, slot);
            let class = set.columns.class.get(slot as usize).copied().unwrap_or(0);
            let group = groups.get_mut(usize::from(class)).and_then(|group| group.get_mut(standing as usize));
            if let Some((buckets, sum)) = group {
                let bucket = BOUNDS.iter().filter(|bound| **bound <= retention).count();
                buckets.iter_mut().skip(bucket).take(1).for_each(|count| *count += 1);
                *sum += retention;
            }
            let weak =
                standing == StandingKind::Substantiated && retention < f64::from(set.config.weak_below);
            report.weak += u64::from(weak);
            report.at_risk += u64::from(dissolves_by(set, slot, now, RISK).is_some());
        })?;
        for (kind, of_kind) in Kind::ALL.into_iter().zip(groups) {
            for (standing, (buckets, sum)) in StandingKind::ALL.into_iter().zip(of_kind) {
                let count = buckets.iter().sum::<u64>();
                if count > 0 {
                    report.groups.push(DecayGroup {
                        kind,
                        standing,
                        buckets,
                        mean_retention: sum / count as f64,
                    });
                }
            }
        }
        Ok(report)
    }

    /// The believed atoms of which less than a share (0 to 1) is left, the weakest first; `limit` (1 to 1000) at most.
    ///
    /// # Errors
    /// `range.invalid`; those of reading the store.
    pub fn weak(&self, share: f32, limit: usize) -> Result<Vec<Fading>> {
        self.call(Verb::Weak, |work| {
            work.given(limit);
            self.weaker_than(share, limit)
        })
    }

    fn weaker_than(&self, share: f32, limit: usize) -> Result<Vec<Fading>> {
        check_share(share)?;
        let now = self.common().now();
        let mut found = Vec::new();
        self.each_atom(|set, slot| {
            let retention = set.retention(slot, now);
            if retention < f64::from(share) && standing_of(set, slot) == StandingKind::Substantiated {
                found.push(Fading { id: id_of(set, slot), retention, dissolves_at: None });
            }
        })?;
        first(found, limit)
    }

    /// The atoms that dissolve within a time if they are not used, the weakest first; `limit` (1 to 1000) at most.
    ///
    /// # Errors
    /// `range.invalid`; those of reading the store.
    pub fn at_risk(&self, within: Duration, limit: usize) -> Result<Vec<Fading>> {
        self.call(Verb::AtRisk, |work| {
            work.given(limit);
            self.dissolving(within, limit)
        })
    }

    fn dissolving(&self, within: Duration, limit: usize) -> Result<Vec<Fading>> {
        let now = self.common().now();
        let mut found = Vec::new();
        self.each_atom(|set, slot| {
            if let Some(moment) = dissolves_by(set, slot, now, within) {
                let (id, retention) = (id_of(set, slot), set.retention(slot, now));
                found.push(Fading { id, retention, dissolves_at: Some(moment) });
            }
        })?;
        first(found, limit)
    }

    /// A record with the uses that are not written down yet, and what the tenant chose.
    fn stored_with_uses(&self, id: Id) -> Result<(Stored, TenantConfig)> {
        let config = read_config(self.snapshot()?.as_ref())?;
        Ok((self.stored_as_used(id, config.curve)?, config))
    }

    /// Looks at every atom in the scope of this handle.
    fn each_atom(&self, mut look: impl FnMut(&WorkingSet, u32)) -> Result<()> {
        self.write_down_uses()?;
        let all = Filter { historical: true, ..Filter::default() }.only(RecordSort::Atom);
        let Some(filter) = self.narrowed(&all)? else { return Ok(()) };
        let now = self.common().now();
        self.read(|set| {
            if *self.scope() == Scope::default() {
                // Nothing but their sort is asked of them.
                let sorts = &set.columns.sort;
                let is_atom = |&slot: &u32| sorts.get(slot as usize) == Some(&(RecordSort::Atom as u8));
                set.columns.live().iter().filter(is_atom).for_each(|slot| look(set, slot));
            } else {
                filter.allowed(set, now).iter().for_each(|slot| look(set, slot));
            }
            Ok(())
        })
    }
}

fn first(mut found: Vec<Fading>, limit: usize) -> Result<Vec<Fading>> {
    check_limit("a list of fading atoms", limit, PAGE_LIMIT_MAX)?;
    found.sort_by(|a, b| a.retention.total_cmp(&b.retention).then(a.id.cmp(&b.id)));
    found.truncate(limit);
    Ok(found)
}

fn id_of(set: &WorkingSet, slot: u32) -> Id {
    Id::from_u128(set.columns.id.get(slot as usize).copied().unwrap_or(0))
}

fn standing_of(set: &WorkingSet, slot: u32) -> StandingKind {
    if set.columns.has(slot, flag::HISTORICAL) {
        StandingKind::Historical
    } else if set.columns.has(slot, flag::BELIEVED) {
        StandingKind::Substantiated
    } else {
        StandingKind::Unsubstantiated
    }
}

/// When an atom dissolves, if it does within a time.
fn dissolves_by(set: &WorkingSet, slot: u32, now: Timestamp, within: Duration) -> Option<Timestamp> {
    if standing_of(set, slot) != StandingKind::Unsubstantiated || set.columns.has(slot, flag::PINNED) {
        return None;
    }
    let at = slot as usize;
    let (days, since) = (*set.columns.stability.get(at)?, *set.columns.since.get(at)?);
    let (curve, share) = (set.config.curve, set.config.dissolve_below);
    let moment = crossing_at(curve, f64::from(days), Timestamp::from_micros(since), share)?;
    let micros = i64::try_from(within.as_micros()).unwrap_or(i64::MAX);
    (moment.as_micros() <= now.as_micros().saturating_add(micros)).then_some(moment)
}
