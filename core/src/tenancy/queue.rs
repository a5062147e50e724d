//! The durable queue of what records wait for, as a write changes it.

use super::waiting::{Lack, Waiting, Want};
use super::write::Write;
use crate::error::Result;
use crate::model::Id;
use crate::storage::{decode, encode, keys};

impl Write<'_> {
    /// What a record waits for.
    pub(crate) fn waiting(&self, id: Id) -> Result<Option<Waiting>> {
        self.get(&keys::waiting(id))?.map(|row| decode(&row)).transpose()
    }

    /// Sets what a record waits for; `None` if it waits for nothing any more.
    pub(crate) fn set_waiting(&mut self, id: Id, waiting: Option<&Waiting>) -> Result<()> {
        let waited = self.meta.usage.pending > 0 && self.get(&keys::waiting(id))?.is_some();
        self.put_waiting(id, waited, waiting)
    }

    /// Notes that a record waits for something.
    pub(crate) fn want(&mut self, id: Id, want: Want, lack: Lack) -> Result<()> {
        let before = self.waiting(id)?;
        let waited = before.is_some();
        let mut waiting = before.unwrap_or_else(|| Waiting::new(self.now()));
        waiting.want(want, lack, self.now());
        self.put_waiting(id, waited, Some(&waiting))
    }

    /// Puts or deletes the row of what a record waits for, and counts it.
    fn put_waiting(&mut self, id: Id, waited: bool, waiting: Option<&Waiting>) -> Result<()> {
        let waiting = waiting.filter(|waiting| !waiting.is_idle());
        let counted = self.meta.usage.pending + u64::from(waiting.is_some());
        self.meta.usage.pending = counted.saturating_sub(u64::from(waited));
        match waiting {
            Some(waiting) => self.put(keys::waiting(id), &encode(waiting)?),
            None if waited => self.delete(keys::waiting(id)),
            None => {}
        }
        Ok(())
    }

    /// Records that wait for something.
    pub(crate) fn pending(&self) -> u64 {
        self.meta.usage.pending
    }
}
