//! The sieve: a filter as it is asked, of the columns for all records at once, or of one record.

use super::filter::Filter;
use super::patience::Patience;
use super::read::read_slots;
use super::resolved::{Lens, Resolved};
use crate::dynamics::retention_of;
use crate::error::Result;
use crate::index::{Bitmap, Columns, flag};
use crate::language::{metadata_term, name_hash};
use crate::model::{Atom, Curve, Record, RecordSort, Scope, Standing, TenantConfig, Timestamp, flatten};
use crate::storage::Snapshot;
use crate::tenancy::{Stored, Tenant, WorkingSet, read_config};

/// Records that are read at a time, where the columns cannot tell.
const STRIDE: usize = 256;

/// A filter within the scope of a handle.
pub(crate) struct Sieve<'a> {
    pub(super) filter: Filter,
    /// The filter's condition.
    test: Option<Resolved>,
    lens: Lens<'a>,
    /// Until when it is waited for.
    pub(super) patience: Patience<'a>,
    /// The version in which its names were looked up, if it has any.
    pub(super) named_at: Option<u64>,
}

impl Tenant {
    /// A filter narrowed by the scope of this handle; `None` if no record can pass both.
    pub(crate) fn narrowed(&self, filter: &Filter) -> Result<Option<Sieve<'_>>> {
        let Some(filter) = filter.within(self.scope())? else { return Ok(None) };
        if filter.asks_for_retention() {
            self.write_down_uses()?;
        }
        // What a tenant chose is asked only where it matters.
        let is_plain = filter.condition.is_none() && filter.retention_below.is_none();
        let snapshot = if is_plain { None } else { Some(self.snapshot()?) };
        let config = snapshot.as_deref().map_or_else(|| Ok(TenantConfig::default()), read_config)?;
        let named_at = snapshot.as_deref().map(Snapshot::version);
        let analyzer = self.common().analyzers.of(config.language);
        let user = filter.scope.user.as_deref();
        let test = filter.condition.as_ref().zip(snapshot.as_ref());
        let test = test.map(|(condition, snapshot)| Resolved::of(condition, self, snapshot, user));
        let test = test.transpose()?;
        let patience = Patience::new(self.common().clock.as_ref(), None);
        let lens = Lens { analyzer, curve: config.curve };
        Ok(Some(Sieve { filter, test, lens, patience, named_at }))
    }
}

impl<'a> Sieve<'a> {
    /// This sieve, that is waited for until a deadline.
    pub(super) fn with_patience(self, patience: Patience<'a>) -> Self {
        Sieve { patience, ..self }
    }

    /// The live slots that are accepted at a moment. What the columns cannot tell is read.
    pub(crate) fn allowed(
        &self,
        set: &WorkingSet,
        snapshot: &dyn Snapshot,
        now: Timestamp,
    ) -> Result<Bitmap> {
        let mut allowed = self.filter.allowed(set, now);
        let Some(test) = &self.test else { return Ok(allowed) };
        let bounds = test.bounds(set, &self.lens, now);
        allowed.intersect(&bounds.possible);
        let mut doubtful = allowed.clone();
        doubtful.subtract(&bounds.sure);
        let doubtful: Vec<u32> = doubtful.iter().collect();
        for slots in doubtful.chunks(STRIDE) {
            self.patience.check()?;
            for (slot, stored) in slots.iter().zip(read_slots(snapshot, slots)?) {
                if !stored.is_some_and(|stored| test.holds(&stored, &self.lens, now)) {
                    allowed.remove(*slot);
                }
            }
        }
        Ok(allowed)
    }

    /// Whether a record is accepted; the same answer as [`Sieve::allowed`] gives for its slot.
    pub(super) fn accepts(&self, stored: &Stored, now: Timestamp) -> bool {
        self.filter.accepts(stored, self.lens.curve, now)
            && self.test.as_ref().is_none_or(|test| test.holds(stored, &self.lens, now))
    }

    /// Whether a record as it is shown from another time is accepted; whether it held then is for the view.
    pub(super) fn accepts_shown(&self, shown: &Stored, now: Timestamp) -> bool {
        let filter = Filter { historical: true, ..self.filter.clone() };
        filter.accepts(shown, self.lens.curve, now)
            && self.test.as_ref().is_none_or(|test| test.holds(shown, &self.lens, now))
    }

    /// A sieve for all that this one may accept at some time: it asks only what is the same in all versions.
    pub(super) fn of_all_times(&self) -> Self {
        let Filter { scope, sort, roles, kinds, quarantined, archived, .. } = self.filter.clone();
        let historical = true;
        let filter =
            Filter { scope, sort, roles, kinds, quarantined, archived, historical, ..Filter::default() };
        let Sieve { lens: Lens { analyzer, curve }, patience, .. } = *self;
        Sieve { filter, test: None, lens: Lens { analyzer, curve }, patience, named_at: None }
    }
}

impl Filter {
    /// Whether it asks nothing of a record, its condition aside, but that it is current.
    fn is_open(&self) -> bool {
        let Filter { scope, sort, roles, kinds, since, until, metadata, retention_below, .. } = self;
        let is_of_all = *scope == Scope::default() && sort.is_none() && roles.is_empty() && kinds.is_empty();
        let is_of_all_times = since.is_none() && until.is_none();
        is_of_all && is_of_all_times && metadata.is_empty() && retention_below.is_none()
    }

    /// The live slots that this filter accepts at a moment, its condition aside.
    fn allowed(&self, set: &WorkingSet, now: Timestamp) -> Bitmap {
        let mut allowed = set.columns.live().clone();
        for (path, value) in &self.metadata {
            let slots = metadata_term(path, value).map(|term| set.text.slots(term)).unwrap_or_default();
            allowed.retain(|slot| slots.contains(slot));
        }
        let conditions = Conditions::of(self, now);
        if self.is_open() {
            // Nothing is asked of the others: they are live, current, and do not expire.
            for slot in set.columns.special().iter() {
                allowed.set(slot, conditions.accept(&set.columns, slot as usize));
            }
        } else {
            allowed.retain(|slot| conditions.accept(&set.columns, slot as usize));
        }
        if let Some(share) = self.retention_below {
            let faded = |slot| set.retention(slot, now) < f64::from(share);
            allowed.retain(|slot| set.columns.stability.get(slot as usize) > Some(&0.0) && faded(slot));
        }
        allowed
    }

    /// Whether this filter accepts a record, its condition aside; the same answer as [`Filter::allowed`] gives for its slot.
    fn accepts(&self, stored: &Stored, curve: Curve, now: Timestamp) -> bool {
        let record = &stored.record;
        let sort = record.sort();
        self.scope.accepts(record.scope())
            && self.sort.is_none_or(|wanted| wanted == sort)
            && match record {
                Record::Episode(episode) => {
                    self.kinds.is_empty()
                        && (self.roles.is_empty() || self.roles.contains(&episode.role))
                        && self.in_time(episode.occurred_at)
                        && episode.expires_at.is_none_or(|expiry| expiry > now)
                        && (self.quarantined || !episode.quarantined)
                        && (self.archived || stored.trace.archived_at.is_none())
                        && self.retention_below.is_none()
                        && self.metadata.iter().all(|(path, value)| {
                            let wanted = metadata_term(path, value);
                            let mut found = false;
                            flatten(&episode.metadata, &mut |at, value| {
                                found |= at == path && metadata_term(at, value) == wanted;
                            });
                            found
                        })
                }
                Record::Atom(atom) => {
                    self.roles.is_empty()
                        && (self.kinds.is_empty() || self.kinds.contains(&atom.kind))
                        && self.in_time(atom.begins())
                        && (self.historical || is_current(atom, now))
                        && self.metadata.is_empty()
                        && self.retention_below.is_none_or(|share| {
                            retention_of(atom, &stored.trace, curve, now) < f64::from(share)
                        })
                }
            }
    }

    fn in_time(&self, moment: Timestamp) -> bool {
        self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment < until)
    }
}

/// Whether an atom is held current, and its time in the world has come and is not over. A clock that was set back
/// hides nothing that was recorded.
pub(super) fn is_current(atom: &Atom, now: Timestamp) -> bool {
    let again = atom.later.iter().any(|period| period.contains(now));
    (again || !matches!(atom.standing, Standing::Historical(_))) && atom.held_at(now.max(atom.recorded_at))
}

/// A filter in the terms of the columns.
struct Conditions {
    user: u64,
    agent: u64,
    session: u64,
    since: i64,
    until: i64,
    now: i64,
    /// For each sort, the classes (roles or kinds) that are accepted, one bit each.
    classes: [u32; 2],
    historical: bool,
    quarantined: bool,
    archived: bool,
}

impl Conditions {
    fn of(filter: &Filter, now: Timestamp) -> Self {
        let bits = |mut classes: Vec<u8>, open: bool| {
            let all = if open { u32::MAX } else { 0 };
            classes.drain(..).fold(all, |bits, class| bits | 1 << class)
        };
        let wants = |sort| filter.sort.is_none_or(|wanted| wanted == sort);
        let roles = filter.roles.iter().map(|role| *role as u8).collect();
        let kinds = filter.kinds.iter().map(|kind| *kind as u8).collect();
        let episodes = wants(RecordSort::Episode) && filter.kinds.is_empty();
        let atoms = wants(RecordSort::Atom) && filter.roles.is_empty() && filter.metadata.is_empty();
        Conditions {
            user: name_hash(filter.scope.user.as_deref()),
            agent: name_hash(filter.scope.agent.as_deref()),
            session: name_hash(filter.scope.session.as_deref()),
            since: filter.since.map_or(i64::MIN, Timestamp::as_micros),
            until: filter.until.map_or(i64::MAX, Timestamp::as_micros),
            now: now.as_micros(),
            classes: [
                if episodes { bits(roles, filter.roles.is_empty()) } else { 0 },
                if atoms { bits(kinds, filter.kinds.is_empty()) } else { 0 },
            ],
            historical: filter.historical,
            quarantined: filter.quarantined,
            archived: filter.archived,
        }
    }

    fn accept_standing(&self, flags: u16, is_atom: bool, begins: i64) -> bool {
        if is_atom && !self.historical {
            return flags & flag::HISTORICAL == 0 && (flags & flag::TO_COME == 0 || begins <= self.now);
        }
        let kept_out = |kept: bool, mark: u16| kept || flags & mark == 0;
        is_atom || kept_out(self.quarantined, flag::QUARANTINED) && kept_out(self.archived, flag::ARCHIVED)
    }

    fn accept(&self, columns: &Columns, slot: usize) -> bool {
        let same = |wanted: u64, column: &[u64]| wanted == 0 || column.get(slot) == Some(&wanted);
        let number = |column: &[i64]| column.get(slot).copied().unwrap_or(0);
        let small = |column: &[u8]| column.get(slot).copied().unwrap_or(0);
        let occurred = number(&columns.occurred_at);
        let is_atom = small(&columns.sort) == RecordSort::Atom as u8;
        let classes = self.classes.get(usize::from(small(&columns.sort))).copied().unwrap_or(0);
        classes >> small(&columns.class).min(31) & 1 == 1
            && self.accept_standing(columns.flags.get(slot).copied().unwrap_or(0), is_atom, occurred)
            && (number(&columns.expires_at) > self.now || self.historical && is_atom)
            && occurred >= self.since
            && (occurred < self.until || self.until == i64::MAX)
            && same(self.user, &columns.user)
            && same(self.agent, &columns.agent)
            && same(self.session, &columns.session)
    }
}
