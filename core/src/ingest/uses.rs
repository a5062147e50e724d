//! What is done with a memory rather than with what it says: it is used, pinned, brought back from the archive.

use crate::error::Result;
use crate::model::{Grade, Id, Trace};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::storage::keys;
use crate::tenancy::{Access, Tenant, Used, not_found};

impl Tenant {
    /// Tells that a memory was used, and how well it served: it fades more slowly from now on, by the more the more had
    /// faded. An episode stays recent.
    ///
    /// It does not wait for the medium: the use is written down by the next commit, by a thread within a second, or by
    /// [`Tenant::flush_uses`] and closing the store; a crash before that loses it. Reading, listing and exporting
    /// never count as uses.
    ///
    /// ```
    /// use ebbmark::{Grade, NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let tea = tenant.assert_fact(NewFact::new("Mara", "likes", "tea"))?.id;
    /// tenant.reinforce(tea, Grade::Good)?;
    /// assert_eq!(tenant.memory(tea)?.uses, 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `record.not_found`, `access.denied`, `store.read_only`.
    pub fn reinforce(&self, id: Id, grade: Grade) -> Result<()> {
        self.call(Verb::Reinforce, |work| {
            work.id(id);
            self.tell_use(id, grade)
        })
    }

    fn tell_use(&self, id: Id, grade: Grade) -> Result<()> {
        self.require(Access::ReadWrite)?;
        self.require_writable()?;
        let known = self.snapshot()?.get_many(&[keys::slot(id)])?.pop().flatten();
        known.ok_or_else(|| not_found(id))?;
        if self.is_dry_run() {
            return Ok(());
        }
        self.hold_use(Used { id, grade, at: self.common().now() })
    }

    /// Tells that these memories, hits of a search perhaps, were used. Like [`Tenant::reinforce`] with
    /// [`Grade::Good`] for each.
    ///
    /// # Errors
    /// Those of [`Tenant::reinforce`]; those in front of the one that failed count.
    pub fn mark_used(&self, ids: impl IntoIterator<Item = Id>) -> Result<()> {
        ids.into_iter().try_for_each(|id| self.reinforce(id, Grade::Good))
    }

    /// Keeps a record from dissolving and from the retention policy. Again changes nothing.
    ///
    /// # Errors
    /// `record.not_found`, `access.denied`.
    pub fn pin(&self, id: Id) -> Result<()> {
        self.call(Verb::Pin, |work| {
            work.id(id);
            self.change_trace(id, Cause::Pin, ChangeKind::Pinned, |trace| Trace { pinned: true, ..trace })
        })
    }

    /// Keeps a record no more.
    ///
    /// # Errors
    /// `record.not_found`, `access.denied`.
    pub fn unpin(&self, id: Id) -> Result<()> {
        self.call(Verb::Unpin, |work| {
            work.id(id);
            self.change_trace(id, Cause::Pin, ChangeKind::Unpinned, |trace| Trace { pinned: false, ..trace })
        })
    }

    /// Brings an archived episode back into lists and searches, as if it had just been used. One that is not archived
    /// stays as it is.
    ///
    /// # Errors
    /// `record.not_found`, `access.denied`.
    pub fn restore(&self, id: Id) -> Result<()> {
        self.call(Verb::Restore, |work| {
            work.id(id);
            let now = self.common().now();
            self.change_trace(id, Cause::Restore, ChangeKind::Unarchived, |trace| match trace.archived_at {
                Some(_) => Trace { archived_at: None, used_at: Some(now), ..trace },
                None => trace,
            })
        })
    }

    fn change_trace(
        &self,
        id: Id,
        cause: Cause,
        kind: ChangeKind,
        change: impl Fn(Trace) -> Trace,
    ) -> Result<()> {
        self.write(cause, |write| {
            let (slot, stored) = write.find(id)?.ok_or_else(|| not_found(id))?;
            let trace = change(stored.trace);
            if trace == stored.trace { Ok(()) } else { write.retrace(slot, &stored, trace, kind) }
        })
    }
}
