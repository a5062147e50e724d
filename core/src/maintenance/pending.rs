//! Records that wait for a vector: asked for again.

use crate::error::{Code, Result};
use crate::index::flag;
use crate::ingest::check_budget;
use crate::model::Id;
use crate::observe::{Cause, ChangeKind, Verb};
use crate::tenancy::{Access, Stored, Tenant, VectorState, embed_texts};

/// What `process_pending` did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PendingReport {
    /// Records that have their vector now.
    pub done: usize,
    /// Records that still wait.
    pub left: usize,
}

impl Tenant {
    /// Asks the embedder for the vectors of at most `budget` (1 to 1000) records that wait for one.
    ///
    /// # Errors
    /// `embedder.failed` and `embedder.reply`: nothing was changed, the records go on waiting;
    /// `vector.space`; `range.invalid`; `access.denied`. Without an embedder nothing is done.
    pub fn process_pending(&self, budget: usize) -> Result<PendingReport> {
        self.call(Verb::ProcessPending, |work| {
            work.given(budget);
            let value = self.embed_pending(budget)?;
            work.found(value.done);
            Ok(value)
        })
    }

    fn embed_pending(&self, budget: usize) -> Result<PendingReport> {
        self.require(Access::ReadWrite)?;
        check_budget(budget)?;
        let waiting: Vec<Id> = self.read(|set| {
            let live = set.columns.live().iter();
            let rows = live.filter(|&slot| set.columns.has(slot, flag::PENDING));
            Ok(rows.filter_map(|slot| set.columns.row(slot)).map(|row| Id::from_u128(row.id)).collect())
        })?;
        let Some(space) = self.context().space.clone() else {
            return Ok(PendingReport { done: 0, left: waiting.len() });
        };
        let mut records = Vec::new();
        for id in waiting.iter().take(budget) {
            match self.current(*id) {
                Ok(record) => records.push(record),
                Err(error) if error.code() == Code::RecordNotFound => {}
                Err(error) => return Err(error),
            }
        }
        let texts: Vec<String> = records.iter().map(|record| record.text()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = embed_texts(self.context(), &texts)?.unwrap_or_default();
        let mut done = 0;
        for (record, vector) in records.iter().zip(&vectors) {
            done += usize::from(self.write(Cause::Embed, |write| {
                write.admit(&space)?;
                // Changed or deleted in the meantime: its vector is another one's business, or nobody's.
                let Some((slot, stored)) = write.find(record.id())? else { return Ok(false) };
                if stored.vector != VectorState::Pending || stored.record.version() != record.version() {
                    return Ok(false);
                }
                let next = Stored { vector: VectorState::Present, ..stored.clone() };
                write.replace(slot, &stored, next, Some(vector), ChangeKind::Embedded)?;
                Ok(true)
            })?);
        }
        Ok(PendingReport { done, left: waiting.len() - done })
    }
}
