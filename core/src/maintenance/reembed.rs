//! Changing the vector space of a tenant: the vectors of another embedder instead of those there are.

use crate::error::{Code, Error, Result};
use crate::limits::COMMIT_BYTES_MAX;
use crate::model::VectorSpace;
use crate::observe::{Cause, Verb};
use crate::retrieval::read_slots;
use crate::tenancy::{Access, NextSpace, NextVector, Stored, Tenant, VectorState, Write, embed_texts};

/// Slots in one commit, at most.
const SLOTS_PER_COMMIT: u32 = 256;

/// Rows of a space that was left that are deleted in one commit.
const ROWS_PER_COMMIT: usize = 1024;

/// How far a change of vector space is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReembedReport {
    /// Records that got their vector in the new space, by this call.
    pub done: u64,
    /// Places of records that are still to be looked at, and 1 while something of a former space is still there; 0 once it is
    /// over.
    pub left: u64,
}

/// What is to be done next.
enum Step {
    /// Nothing is known of the new space yet, or something of another one.
    Begin,
    /// These slots are to get their vector.
    Embed { first: u32, end: u32 },
    /// All have it.
    ChangeOver,
    /// The tenant is in the new space.
    CleanUp,
}

impl Tenant {
    /// Changes the tenant's vectors to those of the store's embedder, in calls of about so many records each.
    ///
    /// A store that is opened with another embedder than made a tenant's vectors refuses its vectors: they cannot be
    /// compared. This makes them anew from the texts. Meanwhile all is found by words, and by meaning as far as it is
    /// done; a store that is opened with the former embedder finds all as before. What is added meanwhile, and what had no
    /// vector, gets one afterwards, by [`Tenant::process_pending`] or [`Tenant::maintain`]. It can be stopped at any point,
    /// and goes on where it was when it is called again; with another embedder it begins anew. It is over when the report
    /// says that nothing is left.
    ///
    #[cfg_attr(feature = "static-embedder", doc = "```")]
    #[cfg_attr(not(feature = "static-embedder"), doc = "```ignore")]
    /// use std::sync::Arc;
    /// use ebbmark::{Embedder, Options, Store, VectorSpace};
    ///
    /// struct Letters;
    /// impl Embedder for Letters {
    ///     fn space(&self) -> VectorSpace {
    ///         VectorSpace { name: "letters".into(), dimensions: 26 }
    ///     }
    ///     fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
    ///         let count = |text: &str, letter| 1.0 + text.bytes().filter(|byte| *byte == letter).count() as f32;
    ///         Ok(texts.iter().map(|text| (b'a'..=b'z').map(|letter| count(text, letter)).collect()).collect())
    ///     }
    /// }
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("memory.ebb");
    /// let store = Store::open(&path, Options::default())?;
    /// store.tenant("acme")?.add("I moved to Porto.")?;
    /// store.close();
    ///
    /// let store = Store::open(&path, Options { embedder: Some(Arc::new(Letters)), ..Options::default() })?;
    /// let tenant = store.tenant_with_access("acme", ebbmark::Access::Admin)?;
    /// assert_eq!(tenant.search("Porto").unwrap_err().code().as_str(), "vector.dimensions");
    /// while tenant.reembed(1000)?.left > 0 {}
    /// assert_eq!(tenant.stats()?.space.map(|space| space.name), Some("letters".into()));
    /// assert_eq!(tenant.search("Porto")?.len(), 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `access.denied` below [`Access::Admin`]; `range.invalid` for no records; `vector.space` without an embedder;
    /// `embedder.*`, `callback.*` if it fails: what was done before stays done.
    pub fn reembed(&self, records: usize) -> Result<ReembedReport> {
        self.reembed_with(records, |_| true)
    }

    /// Like [`Tenant::reembed`], and tells of its progress after every commit; it ends when the callback says `false`.
    ///
    /// # Errors
    /// Those of [`Tenant::reembed`].
    pub fn reembed_with(
        &self,
        records: usize,
        mut progress: impl FnMut(&ReembedReport) -> bool,
    ) -> Result<ReembedReport> {
        self.call(Verb::Reembed, |work| {
            work.given(records);
            let report = self.change_space(records, &mut progress)?;
            work.found(report.done as usize);
            Ok(report)
        })
    }

    fn change_space(
        &self,
        records: usize,
        progress: &mut dyn FnMut(&ReembedReport) -> bool,
    ) -> Result<ReembedReport> {
        self.require(Access::Admin)?;
        if records == 0 {
            return Err(Error::draft(Code::RangeInvalid, "a change of vector space would do nothing")
                .got("0 records")
                .expected("at least 1")
                .remedy("call it again for the rest"));
        }
        let space = self.common().space.as_ref().ok_or_else(no_embedder)?;
        let mut report = ReembedReport { done: 0, left: self.next_step(space, records)?.1 };
        let mut looked_at = 0;
        while !self.is_dry_run() {
            match self.next_step(space, records - looked_at)?.0 {
                Step::Begin => self.begin_change(space)?,
                Step::Embed { first, end } => {
                    report.done += self.embed_slots(space, first, end)?;
                    self.go_on((end - first) as usize)?;
                    looked_at += (end - first) as usize;
                }
                Step::ChangeOver => self.change_over(space)?,
                Step::CleanUp => {
                    self.clean_up()?;
                    report.left = 0;
                    break;
                }
            }
            report.left = self.next_step(space, records)?.1;
            if !progress(&report) || looked_at >= records {
                break;
            }
        }
        Ok(report)
    }

    /// What is to be done next, with so many slots at most, and how many are still to be looked at.
    fn next_step(&self, space: &VectorSpace, most: usize) -> Result<(Step, u64)> {
        self.read(|set| {
            let (slots, spaces) = (set.columns.len(), &set.spaces);
            let is_there = spaces.current.as_ref() == Some(space) || (spaces.current.is_none() && slots == 0);
            Ok(match &spaces.next {
                None if is_there => (Step::CleanUp, u64::from(spaces.is_unclean)),
                Some(NextSpace { space: next, done }) if next == space && *done < slots => {
                    let bytes = 4 * space.dimensions.max(1);
                    let fitting = (COMMIT_BYTES_MAX as u32 / 2 / bytes).clamp(1, SLOTS_PER_COMMIT);
                    let most = u32::try_from(most).unwrap_or(u32::MAX).min(fitting);
                    (
                        Step::Embed { first: *done, end: slots.min(done.saturating_add(most)) },
                        u64::from(slots - done),
                    )
                }
                Some(NextSpace { space: next, .. }) if next == space => (Step::ChangeOver, 1),
                _ => (Step::Begin, u64::from(slots).max(1)),
            })
        })
    }

    /// Begins with a space of which there is nothing yet.
    fn begin_change(&self, space: &VectorSpace) -> Result<()> {
        let clear = |write: &mut Write<'_>| {
            write.give_change_up();
            write.clear_beside(ROWS_PER_COMMIT)
        };
        while self.write(Cause::Reembed, clear)? {}
        self.write(Cause::Reembed, |write| {
            // It may have been given up in favour of the space that the tenant is in, or begun by somebody else.
            if write.spaces().current.as_ref() != Some(space) && write.spaces().next.is_none() {
                write.begin_change(space.clone());
            }
            Ok(())
        })
    }

    /// Makes the vectors of some slots in the next space; how many.
    fn embed_slots(&self, space: &VectorSpace, first: u32, end: u32) -> Result<u64> {
        let slots: Vec<u32> = (first..end).collect();
        let records = read_slots(self.snapshot()?.as_ref(), &slots)?;
        let has_one = |stored: &&Stored| stored.vector == VectorState::Present;
        let texts: Vec<String> =
            records.iter().flatten().filter(has_one).map(|stored| stored.record.searched_text()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let made = embed_texts(self.common(), &texts, &|| self.go_on(0))?;
        if let Some(failure) = made.failure {
            return Err(failure);
        }
        let mut made = made.vectors.into_iter().flatten();
        let next = |stored: &Option<Stored>| match stored {
            Some(stored) if has_one(&stored) => made.next().map_or(NextVector::Nothing, NextVector::Made),
            Some(stored) => NextVector::Wanted(stored.record.id()),
            None => NextVector::Nothing,
        };
        let mut vectors: Vec<NextVector> = records.iter().map(next).collect();
        self.write(Cause::Reembed, |write| {
            // Somebody else may have done these, or given it up.
            if !write.spaces().next.as_ref().is_some_and(|next| next.space == *space && next.done == first) {
                return Ok(0);
            }
            for (slot, vector) in (first..).zip(&mut vectors) {
                // What was deleted meanwhile, or given another version, needs nothing here.
                if write.stored(slot)?.is_none() {
                    *vector = NextVector::Nothing;
                }
            }
            write.put_next(&vectors)?;
            Ok(vectors.iter().filter(|vector| matches!(vector, NextVector::Made(_))).count() as u64)
        })
    }

    /// Takes the new space for the current one, unless something came in between.
    fn change_over(&self, space: &VectorSpace) -> Result<()> {
        self.write_alone(Cause::Reembed, |write| {
            if write.spaces().is_next(space) { write.change_over() } else { Ok(()) }
        })
    }

    /// Makes the segments of the new space, and deletes what is left of others.
    fn clean_up(&self) -> Result<()> {
        if !self.read(|set| Ok(set.spaces.is_unclean))? {
            return Ok(());
        }
        self.reseal_all(Cause::Reembed)?;
        while self.write(Cause::Reembed, |write| write.clear_beside(ROWS_PER_COMMIT))? {}
        self.write(Cause::Reembed, |write| {
            write.mark_clean();
            Ok(())
        })?;
        self.unload()
    }
}

fn no_embedder() -> Error {
    Error::draft(Code::VectorSpace, "there is no vector space to change to")
        .got("a store without an embedder")
        .expected("a store that was opened with the new embedder")
        .remedy("set Options::embedder")
}
