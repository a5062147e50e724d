//! The queue of what records wait for: looked at, and asked for again.

use crate::error::{Code, Error, ErrorKind, Result};
use crate::ingest::{Drawn, check_budget};
use crate::limits::PAGE_LIMIT_MAX;
use crate::model::{Id, Record, Timestamp};
use crate::observe::{Cause, ChangeKind, Verb};
use crate::retrieval::check_limit;
use crate::storage::{Table, big_endian_u32, decode, keys};
use crate::tenancy::{
    Access, Callback, QueuedWrite, Stored, Tenant, VectorState, Waiting, Want, Write, embed_texts, read_one,
    space_of,
};

/// Attempts after which a record is asked for alone, so that a text that no embedder likes does not hold others up.
const ATTEMPTS_TOGETHER: u32 = 3;

/// A record that waits for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingWork {
    /// The record.
    pub id: Id,
    /// Whether it waits for its vector.
    pub vector: bool,
    /// Whether it is an episode that waits for its claims.
    pub claims: bool,
    /// Calls for it that failed, the one that added it included; 0 if it was not asked for yet.
    pub attempts: u32,
    /// When it may be asked for again, by the store's clock.
    pub next_try: Timestamp,
    /// Since when it waits.
    pub since: Timestamp,
    /// The stable name of the last error, as [`Code::as_str`] has it.
    pub error: Option<String>,
}

/// What `process_pending` did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PendingReport {
    /// Records that wait for nothing any more.
    pub done: usize,
    /// Records that were taken up and still wait.
    pub failed: usize,
    /// Records that wait now, those included that are not due.
    pub left: usize,
    /// Why some failed: the first error of a callback.
    pub error: Option<Error>,
}

/// A record that was taken up, and what could be had for it.
struct Taken {
    id: Id,
    slot: u32,
    stored: Stored,
    waiting: Waiting,
    vector: Option<Result<Vec<f32>>>,
    claims: Option<Result<Drawn>>,
}

/// What became of a record that was taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Done,
    Failed,
    /// It was changed or deleted, or somebody else saw to it.
    Elsewhere,
}

impl Tenant {
    /// The records that wait for a vector or for their claims, at most `limit` (1 to 1000), those that may be tried first
    /// in front. [`Tenant::process_pending`] shows one.
    ///
    /// # Errors
    /// `range.invalid`; those of reading the store.
    pub fn pending(&self, limit: usize) -> Result<Vec<PendingWork>> {
        self.call(Verb::Pending, |work| {
            work.given(limit);
            check_limit("a list of what is pending", limit, PAGE_LIMIT_MAX)?;
            let queue = self.queue(limit, |_| true)?;
            let works = queue.into_iter().map(|(id, waiting)| {
                let Waiting { vector, claims, attempts, next_try, since, error } = waiting;
                PendingWork { id, vector, claims, attempts, next_try, since, error }
            });
            Ok(works.collect())
        })
    }

    /// Asks the embedder for the vectors, and the host's extractor for the claims, of at most `budget` (1 to 1000) records
    /// that wait for them and are due. Each is tried once. One that fails is put off: by 1 s, then 2 s, 4 s, up to an
    /// hour; while a callback is suspended nothing is asked of it, and what waits for it is put off until it is asked
    /// again. What comes of a record, and that it waits no more, is one commit.
    ///
    /// ```
    /// use std::error::Error;
    /// use std::sync::Arc;
    /// use ebbmark::{Embedder, Options, Store, VectorSpace};
    ///
    /// struct Away;
    ///
    /// impl Embedder for Away {
    ///     fn space(&self) -> VectorSpace {
    ///         VectorSpace { name: "away".to_owned(), dimensions: 2 }
    ///     }
    ///
    ///     fn embed(&self, _: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn Error + Send + Sync>> {
    ///         Err("the model is away".into())
    ///     }
    /// }
    ///
    /// let options = Options { embedder: Some(Arc::new(Away)), ..Options::default() };
    /// let tenant = Store::in_memory(options)?.tenant("acme")?;
    /// tenant.add("Good morning!")?;
    /// let report = tenant.process_pending(100)?;
    /// assert_eq!((report.done, report.failed, report.left), (0, 1, 1));
    /// let waiting = tenant.pending(10)?.remove(0);
    /// assert_eq!((waiting.attempts, waiting.error.as_deref()), (2, Some("embedder.failed")));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `vector.space`, `vector.dimensions` for an embedder of another space than the tenant's; `range.invalid`;
    /// `access.denied`. A failing callback, and a quota that something would exceed, is no error: the report tells. What waits for a callback that the store has not
    /// got goes on waiting.
    pub fn process_pending(&self, budget: usize) -> Result<PendingReport> {
        self.call(Verb::ProcessPending, |work| {
            work.given(budget);
            let value = self.embed_pending(budget)?;
            work.found(value.done);
            Ok(value)
        })
    }

    pub(super) fn embed_pending(&self, budget: usize) -> Result<PendingReport> {
        self.require(Access::ReadWrite)?;
        check_budget(budget)?;
        let now = self.common().now();
        // While the tenant changes to the embedder's space, what is added waits for the change to be over.
        let embeds = self.common().space.as_ref();
        let embeds = embeds.map_or(Ok(false), |space| self.read(|set| Ok(!set.spaces.is_next(space))))?;
        let extracts = self.common().host.extractor().is_some();
        let wanted = |waiting: &Waiting| waiting.vector && embeds || waiting.claims && extracts;
        let due = self.queue(budget, |waiting| wanted(waiting) && waiting.is_due(now))?;
        let mut taken = self.take_up(due)?;
        if embeds {
            self.ask_vectors(&mut taken)?;
        }
        for one in taken.iter_mut().filter(|one| one.waiting.claims && extracts) {
            self.go_on(0)?;
            if let Record::Episode(episode) = &one.stored.record {
                one.claims = Some(reply_of(self.learn_again(one.slot, episode))?);
            }
        }
        let mut report = PendingReport::default();
        let mut last: Option<QueuedWrite> = None;
        for one in &taken {
            let submitted = self.submit(Cause::Embed, |write| {
                write.meter();
                self.finish(write, one)
            });
            let (fate, queued) = match submitted {
                Ok(submitted) => submitted,
                // Others may fit, or need no room.
                Err(error) if error.code() == Code::QuotaExceeded => {
                    report.error.get_or_insert(error.clone());
                    self.submit(Cause::Embed, |write| put_off(write, one.id, error.code()))?
                }
                Err(error) => {
                    self.settle(last)?;
                    return Err(error);
                }
            };
            last = queued.or(last);
            report.done += usize::from(fate == Fate::Done);
            report.failed += usize::from(fate == Fate::Failed);
        }
        self.settle(last)?;
        self.go_on(taken.len())?;
        report.left = self.usage_held()?.pending as usize;
        report.error = taken.iter().find_map(Taken::error).cloned().or(report.error);
        Ok(report)
    }

    /// The first rows of the queue that are asked for, in the order in which they may be tried.
    fn queue(&self, limit: usize, wanted: impl Fn(&Waiting) -> bool) -> Result<Vec<(Id, Waiting)>> {
        let all = keys::table(Table::Waiting);
        let mut queue = Vec::new();
        for (key, row) in self.snapshot()?.scan(&all, &all.end(), usize::MAX)? {
            let waiting: Waiting = decode(&row)?;
            if wanted(&waiting) {
                let id = key.body().first_chunk().map_or(0, |id| u128::from_be_bytes(*id));
                queue.push((Id::from_u128(id), waiting));
            }
        }
        queue.sort_unstable_by_key(|(id, waiting)| (waiting.next_try, *id));
        queue.truncate(limit);
        Ok(queue)
    }

    /// The records of rows of the queue.
    fn take_up(&self, due: Vec<(Id, Waiting)>) -> Result<Vec<Taken>> {
        let mut taken = Vec::with_capacity(due.len());
        let snapshot = self.snapshot()?;
        for (id, waiting) in due {
            // It may have been deleted meanwhile.
            let Some(row) = snapshot.get_many(&[keys::slot(id)])?.pop().flatten() else { continue };
            let slot = big_endian_u32(&row);
            let Some(stored) = read_one(&snapshot, &keys::record(slot))? else { continue };
            taken.push(Taken { id, slot, stored, waiting, vector: None, claims: None });
        }
        Ok(taken)
    }

    /// Asks the embedder: for all together, but for each alone that failed often.
    fn ask_vectors(&self, taken: &mut [Taken]) -> Result<()> {
        let Some(space) = &self.common().space else { return Ok(()) };
        let mut wanting: Vec<&mut Taken> = taken.iter_mut().filter(|one| one.waiting.vector).collect();
        if wanting.is_empty() {
            return Ok(());
        }
        self.read(|set| set.spaces.check(space))?;
        wanting.sort_by_key(|one| one.waiting.attempts);
        let together = wanting.partition_point(|one| one.waiting.attempts < ATTEMPTS_TOGETHER);
        let (together, alone) = wanting.split_at_mut(together);
        self.ask_together(together)?;
        alone.chunks_mut(1).try_for_each(|one| self.ask_together(one))
    }

    fn ask_together(&self, taken: &mut [&mut Taken]) -> Result<()> {
        let texts: Vec<String> = taken.iter().map(|one| one.stored.record.searched_text()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let made = embed_texts(self.common(), &texts, &|| self.go_on(0))?;
        for (one, vector) in taken.iter_mut().zip(made.vectors) {
            one.vector = vector.map(Ok).or_else(|| made.failure.clone().map(Err));
        }
        Ok(())
    }

    /// Stages what was had for a record, and what it still waits for.
    fn finish(&self, write: &mut Write<'_>, one: &Taken) -> Result<Fate> {
        let (Some(mut waiting), Some((slot, stored))) = (write.waiting(one.id)?, write.find(one.id)?) else {
            return Ok(Fate::Elsewhere);
        };
        if waiting != one.waiting || stored.record.searched_text() != one.stored.record.searched_text() {
            return Ok(Fate::Elsewhere);
        }
        if let Some(Ok(vector)) = &one.vector {
            write.admit(&space_of(self.common(), vector))?;
            let next = Stored { vector: VectorState::Present, ..stored.clone() };
            write.replace(slot, &stored, next, Some(vector), ChangeKind::Embedded)?;
            waiting.unwant(Want::Vector);
        }
        if let Some(Ok(drawn)) = &one.claims {
            self.settle_again(write, one.id, drawn)?;
            waiting.unwant(Want::Claims);
        }
        if let Some(error) = one.error() {
            if error.code() == Code::CallbackSuspended {
                let callback =
                    if matches!(one.vector, Some(Err(_))) { Callback::Embedder } else { Callback::Extractor };
                let until = self.common().host.suspended(callback).unwrap_or(write.now());
                waiting.hold(error.code(), until, write.now());
            } else {
                waiting.put_off(error.code(), write.now());
            }
        }
        write.set_waiting(one.id, Some(&waiting))?;
        Ok(if waiting.is_idle() { Fate::Done } else { Fate::Failed })
    }
}

/// Puts off what waits for a record, because it could not be stored.
fn put_off(write: &mut Write<'_>, id: Id, code: Code) -> Result<Fate> {
    let Some(mut waiting) = write.waiting(id)? else { return Ok(Fate::Elsewhere) };
    waiting.put_off(code, write.now());
    write.set_waiting(id, Some(&waiting))?;
    Ok(Fate::Failed)
}

impl Taken {
    /// Why something could not be had: rather an error of a call than that none was made.
    fn error(&self) -> Option<&Error> {
        let vector = self.vector.as_ref().and_then(|vector| vector.as_ref().err());
        let claims = self.claims.as_ref().and_then(|claims| claims.as_ref().err());
        let made = |error: &&Error| error.code() != Code::CallbackSuspended;
        vector.filter(made).or(claims.filter(made)).or(vector).or(claims)
    }
}

/// Tells what came of a callback from what failed in the store, which ends the call.
fn reply_of<T>(result: Result<T>) -> Result<Result<T>> {
    match result {
        Err(error) if error.kind() != ErrorKind::Host => Err(error),
        reply => Ok(reply),
    }
}
