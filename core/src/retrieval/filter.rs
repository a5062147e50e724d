//! Filters: which records a list or a search may return.

use serde::Serialize;

use super::check::{check_range, check_share};
use crate::dynamics::retention_of;
use crate::error::{Code, Error, Result};
use crate::index::{Bitmap, Columns, flag};
use crate::language::{metadata_term, name_hash};
use crate::model::{
    Atom, Curve, Kind, Record, RecordSort, Role, Scope, Standing, Timestamp, Value, check_metadata, flatten,
};
use crate::tenancy::{Stored, Tenant, WorkingSet};

/// Which records a list or a search may return. Conditions are joined by "and"; an empty list or `None`
/// accepts everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Filter {
    /// Labels that must be equal where they are given.
    pub scope: Scope,
    /// Only episodes, or only atoms.
    pub sort: Option<RecordSort>,
    /// Only episodes in one of these roles; atoms are then left out.
    pub roles: Vec<Role>,
    /// Only atoms of one of these kinds; episodes are then left out.
    pub kinds: Vec<Kind>,
    /// Only what was said, or began to hold, at this moment or later.
    pub since: Option<Timestamp>,
    /// Only what was said, or began to hold, before this moment.
    pub until: Option<Timestamp>,
    /// Only episodes whose metadata has these values at these paths (`outer.inner`); of a list one must be equal.
    pub metadata: Vec<(String, Value)>,
    /// Whether atoms that are no longer current, whose time is over or has not come, are returned too.
    pub historical: bool,
    /// Whether episodes that the guard keeps in quarantine are returned too.
    pub quarantined: bool,
    /// Whether episodes that are archived are returned too.
    pub archived: bool,
    /// Only atoms of which less than this share (0 to 1) is left. Uses that were told are written down before it is asked.
    pub retention_below: Option<f32>,
}

impl Filter {
    /// A filter that accepts one scope.
    pub fn scope(scope: Scope) -> Self {
        Filter { scope, ..Filter::default() }
    }

    /// This filter for episodes, or for atoms.
    #[must_use]
    pub fn only(mut self, sort: RecordSort) -> Self {
        self.sort = Some(sort);
        self
    }

    /// This filter with one more accepted role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// This filter with one more accepted kind.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// This filter from a moment on.
    #[must_use]
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.since = Some(moment);
        self
    }

    /// This filter up to a moment.
    #[must_use]
    pub fn until(mut self, moment: Timestamp) -> Self {
        self.until = Some(moment);
        self
    }

    /// This filter with one more metadata condition.
    #[must_use]
    pub fn metadata(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.push((path.into(), value.into()));
        self
    }

    /// This filter with atoms that are no longer current.
    #[must_use]
    pub fn with_historical(mut self) -> Self {
        self.historical = true;
        self
    }

    /// This filter with archived episodes.
    #[must_use]
    pub fn with_archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// This filter for atoms of which less than a share (0 to 1) is left.
    #[must_use]
    pub fn retention_below(mut self, share: f32) -> Self {
        self.retention_below = Some(share);
        self
    }

    /// This filter narrowed by the scope of a handle; `None` if no record can pass both.
    fn within(&self, outer: &Scope) -> Result<Option<Filter>> {
        self.check()?;
        Ok(self.scope.within(outer).map(|scope| Filter { scope, ..self.clone() }))
    }

    fn check(&self) -> Result<()> {
        self.scope.check()?;
        check_range("a filter", self.since, self.until)?;
        self.retention_below.map_or(Ok(()), check_share)?;
        for (path, value) in &self.metadata {
            check_metadata(&[(path.clone(), value.clone())].into())?;
            if metadata_term(path, value).is_none() {
                return Err(Error::draft(
                    Code::MetadataInvalid,
                    "a filter cannot compare this metadata value",
                )
                .got("null, a list or a map")
                .expected("text, a number or a boolean")
                .remedy("name the path down to the value"));
            }
        }
        Ok(())
    }

    /// Whether it asks nothing of a record.
    fn is_open(&self) -> bool {
        let Filter { historical, quarantined, archived, .. } = *self;
        *self == Filter { historical, quarantined, archived, ..Filter::default() }
    }

    /// The live slots that this filter accepts at a moment.
    pub(crate) fn allowed(&self, set: &WorkingSet, now: Timestamp) -> Bitmap {
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

    /// Whether this filter accepts a record; the same answer as [`Filter::allowed`] gives for its slot.
    pub(super) fn accepts(&self, stored: &Stored, curve: Curve, now: Timestamp) -> bool {
        let record = &stored.record;
        let labels = record.scope();
        let same = |wanted: &Option<String>, label: &Option<String>| wanted.is_none() || wanted == label;
        let in_scope = same(&self.scope.user, &labels.user)
            && same(&self.scope.agent, &labels.agent)
            && same(&self.scope.session, &labels.session);
        let sort = record.sort();
        in_scope
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

impl Tenant {
    /// A filter narrowed by the scope of this handle; `None` if no record can pass both.
    pub(crate) fn narrowed(&self, filter: &Filter) -> Result<Option<Filter>> {
        if filter.retention_below.is_some() {
            self.write_down_uses()?;
        }
        filter.within(self.scope())
    }
}

/// Whether an atom is held current, and its time in the world has come and is not over. A clock that was set back
/// hides nothing that was recorded.
fn is_current(atom: &Atom, now: Timestamp) -> bool {
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
