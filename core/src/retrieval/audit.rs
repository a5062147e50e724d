//! `audit`: who changed what, when and why, newest first.

use std::fmt;
use std::str::FromStr;

use super::check::check_range;
use super::read::{astray, check_limit, read_many};
use crate::error::{Code, Error, Result};
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::{Id, Timestamp};
use crate::observe::{AuditEntry, Cause, Verb};
use crate::storage::{Key, keys};
use crate::tenancy::{Access, AuditRow, Tenant};

/// Most entries that are read at a time.
const STRIDE_MAX: usize = 256;

/// Which entries of the audit are asked for. Conditions are joined by "and"; `None` accepts everything. Time and record
/// are looked up, actor and cause are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only commits of this moment or later.
    pub since: Option<Timestamp>,
    /// Only commits before this moment.
    pub until: Option<Timestamp>,
    /// Only by this actor.
    pub actor: Option<String>,
    /// Only commits that changed this record, which may be deleted by now.
    pub record: Option<Id>,
    /// Only by this verb.
    pub cause: Option<Cause>,
}

impl AuditQuery {
    /// What happened to a record.
    pub fn record(id: Id) -> Self {
        AuditQuery { record: Some(id), ..AuditQuery::default() }
    }

    /// From a moment on.
    #[must_use]
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.since = Some(moment);
        self
    }

    /// Up to a moment.
    #[must_use]
    pub fn until(mut self, moment: Timestamp) -> Self {
        self.until = Some(moment);
        self
    }

    /// By an actor.
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// By a verb.
    #[must_use]
    pub fn cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }

    /// The keys of the rows that lead to the entries behind a cursor.
    fn range(&self, cursor: Option<AuditCursor>) -> Result<(Key, Key)> {
        check_range("a range of the audit", self.since, self.until)?;
        // Keys are in the order of time turned around.
        let end = self.since.map_or_else(
            || keys::audit(self.record).end(),
            |since| keys::audit_moment(self.record, since).end(),
        );
        let from = match self.until.map(|until| until.as_micros().checked_sub(1)) {
            None => keys::audit(self.record),
            Some(Some(last)) => keys::audit_moment(self.record, Timestamp::from_micros(last)),
            Some(None) => end.clone(),
        };
        let behind =
            cursor.map(|AuditCursor { at, version }| keys::audit_entry(self.record, at, version).end());
        Ok((behind.map_or(from.clone(), |behind| behind.max(from)), end))
    }

    fn accepts(&self, entry: &AuditEntry) -> bool {
        self.actor.as_deref().is_none_or(|actor| *actor == *entry.actor)
            && self.cause.is_none_or(|cause| cause == entry.cause)
    }
}

/// Where a page of the audit goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuditCursor {
    at: Timestamp,
    version: u64,
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "entry:{}:{}", self.at.as_micros(), self.version)
    }
}

impl FromStr for AuditCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.strip_prefix("entry:").and_then(|rest| rest.split_once(':'));
        let numbers = parts.and_then(|(at, version)| at.parse().ok().zip(version.parse().ok()));
        let cursor = numbers.map(|(at, version)| AuditCursor { at: Timestamp::from_micros(at), version });
        cursor.ok_or_else(|| {
            Error::draft(Code::CursorMalformed, "a cursor is not one of the audit")
                .got(format!("{} bytes of text", text.len()))
                .expected("a cursor that a page of the audit returned")
                .remedy("start again without a cursor")
        })
    }
}

/// A page of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// Entries, newest first by the store's clock; of one moment, the later commit first.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins; `None` behind the last entry.
    pub next: Option<AuditCursor>,
}

impl Tenant {
    /// What was done to the tenant's records: an entry for every commit that changed anything but what is derived, newest
    /// first, a page at a time. Ids, counts and names of actors; never content.
    ///
    /// It needs [`Access::Admin`], as it tells who did what in all scopes: the scope of the handle does not narrow it.
    /// The order is that of the store's clock; where that was set back, that of versions is another.
    ///
    /// ```
    /// use ebbmark::{Access, AuditQuery, Cause, NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant_with_access("acme", Access::Admin)?;
    /// let phone = tenant.clone().with_actor("mara's phone")?;
    /// let berlin = phone.assert_fact(NewFact::new("Mara", "lives_in", "Berlin"))?;
    /// let porto = tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto"))?;
    /// let page = tenant.audit(&AuditQuery::record(berlin.id), None, 10)?;
    /// let [moved, told] = page.entries.as_slice() else { panic!("two commits changed it") };
    /// assert_eq!((&*told.actor, told.cause), ("mara's phone", Cause::Assert));
    /// assert!(moved.changes.iter().any(|change| change.id == berlin.id && change.other == Some(porto.id)));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `access.denied`; `interval.inverted`; `range.invalid` for a limit outside 1 to 1000; `row.damaged`.
    pub fn audit(&self, query: &AuditQuery, cursor: Option<AuditCursor>, limit: usize) -> Result<AuditPage> {
        self.call(Verb::Audit, |work| {
            work.given(limit);
            let page = self.audited(query, cursor, limit)?;
            work.found(page.entries.len());
            Ok(page)
        })
    }

    fn audited(&self, query: &AuditQuery, cursor: Option<AuditCursor>, limit: usize) -> Result<AuditPage> {
        self.require(Access::Admin)?;
        check_limit("a page of the audit", limit, PAGE_LIMIT_MAX)?;
        let (mut from, end) = query.range(cursor)?;
        let snapshot = self.snapshot()?;
        let mut entries: Vec<AuditEntry> = Vec::new();
        let stride = (limit + 1).clamp(16, STRIDE_MAX);
        while from < end {
            let rows = snapshot.scan(&from, &end, stride)?;
            let Some((last, _)) = rows.last() else { break };
            from = last.end();
            let versions: Vec<u64> = rows.iter().map(|(key, _)| keys::audited_version(key)).collect();
            let stored: Vec<Key> = versions.iter().map(|version| keys::change(*version)).collect();
            let read: Vec<Option<AuditRow>> = read_many(snapshot.as_ref(), &stored)?;
            for (version, row) in versions.into_iter().zip(read) {
                let entry = row.ok_or_else(astray)?.entry(version);
                if !query.accepts(&entry) {
                    continue;
                }
                if entries.len() == limit {
                    let next = entries.last().map(|last| AuditCursor { at: last.at, version: last.version });
                    return Ok(AuditPage { entries, next });
                }
                entries.push(entry);
            }
        }
        Ok(AuditPage { entries, next: None })
    }
}
