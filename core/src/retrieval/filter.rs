//! Filters: which records a list or a search may return.

use serde::Serialize;

use super::check::{check_range, check_share};
use super::condition::Condition;
use crate::error::{Code, Error, Result};
use crate::language::metadata_term;
use crate::model::{Kind, RecordSort, Role, Scope, Timestamp, Value, check_metadata};

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
    /// A condition that has to be true of a record.
    pub condition: Option<Condition>,
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

    /// This filter with one more condition that has to be true.
    #[must_use]
    pub fn matching(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition {
            Some(before) => before & condition,
            None => condition,
        });
        self
    }

    /// This filter narrowed by the scope of a handle; `None` if no record can pass both.
    pub(super) fn within(&self, outer: &Scope) -> Result<Option<Filter>> {
        self.check()?;
        let asked = self.condition.as_ref().is_some_and(Condition::asks_for_historical);
        let historical = self.historical || asked;
        Ok(self.scope.within(outer).map(|scope| Filter { scope, historical, ..self.clone() }))
    }

    /// Whether it asks what is left of an atom.
    pub(super) fn asks_for_retention(&self) -> bool {
        self.retention_below.is_some() || self.condition.as_ref().is_some_and(Condition::asks_for_retention)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.scope.check()?;
        check_range("a filter", self.since, self.until)?;
        self.retention_below.map_or(Ok(()), check_share)?;
        self.condition.as_ref().map_or(Ok(()), Condition::check)?;
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
}
