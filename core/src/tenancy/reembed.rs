//! A change of vector space, as a write makes it: vectors of the next space beside those of the current one, until all
//! are there.

use super::space::{NextSpace, Spaces};
use super::waiting::{Lack, Want};
use super::working_set::Delta;
use super::write::Write;
use crate::error::Result;
use crate::index::Code;
use crate::model::{Id, VectorSpace};
use crate::storage::keys;

/// What a slot gets in the next space.
pub(crate) enum NextVector {
    /// The slot is empty.
    Nothing,
    /// Its record has no vector, and is to wait for one.
    Wanted(Id),
    Made(Vec<f32>),
}

impl Write<'_> {
    /// The spaces of the tenant's vectors.
    pub(crate) fn spaces(&self) -> &Spaces {
        &self.meta.spaces
    }

    /// Begins to change to another space, of which nothing is there yet.
    pub(crate) fn begin_change(&mut self, space: VectorSpace) {
        self.meta.spaces.next = Some(NextSpace { space, done: 0 });
        self.meta.spaces.is_unclean = true;
        self.deltas.push(Delta::NoNext);
        self.tell(0);
    }

    /// Gives a change up, if there is one.
    pub(crate) fn give_change_up(&mut self) {
        if self.meta.spaces.next.take().is_some() {
            self.deltas.push(Delta::NoNext);
            self.tell(0);
        }
    }

    /// Puts the vectors of the next slots in the space that the tenant is changing to.
    pub(crate) fn put_next(&mut self, vectors: &[NextVector]) -> Result<()> {
        let Some(NextSpace { done, .. }) = self.meta.spaces.next else { return Ok(()) };
        let mut codes = Vec::with_capacity(vectors.len());
        for (slot, vector) in (done..).zip(vectors) {
            codes.push(match vector {
                NextVector::Made(vector) => {
                    let bytes: Vec<u8> =
                        vector.iter().flat_map(|component| component.to_le_bytes()).collect();
                    self.put(self.meta.spaces.next_vector(slot), &bytes);
                    Some(Code::of(vector))
                }
                NextVector::Wanted(id) => {
                    if !self.waiting(*id)?.is_some_and(|waiting| waiting.vector) {
                        self.want(*id, Want::Vector, Lack::Unasked)?;
                    }
                    None
                }
                NextVector::Nothing => None,
            });
        }
        self.meta.spaces.next.iter_mut().for_each(|next| next.done += vectors.len() as u32);
        self.deltas.push(Delta::Next(codes));
        self.tell(0);
        Ok(())
    }

    /// Takes the next space for the current one, unless a slot is left that has a vector in the current one alone. The
    /// tenant has to be loaded anew.
    pub(crate) fn change_over(&mut self) -> Result<()> {
        let Some(mut next) = self.meta.spaces.next.clone() else { return Ok(()) };
        // What was added meanwhile waits for its vector.
        while next.done < self.meta.slots && self.get(&self.meta.spaces.vector(next.done))?.is_none() {
            next.done += 1;
        }
        if next.done < self.meta.slots {
            self.meta.spaces.next = Some(next);
        } else {
            let before = self.vector_bytes();
            let left = self.meta.spaces.left.wrapping_add(1);
            self.meta.spaces = Spaces { current: Some(next.space), left, next: None, is_unclean: true };
            self.meta.usage.bytes = (self.meta.usage.bytes + self.vector_bytes()).saturating_sub(before);
        }
        self.tell(0);
        Ok(())
    }

    fn vector_bytes(&self) -> u64 {
        4 * self.meta.usage.vectors * self.meta.spaces.dimensions() as u64
    }

    /// Deletes so many rows of the space that was left last, and so many of the next one if there is none; whether there
    /// were any.
    pub(crate) fn clear_beside(&mut self, count: usize) -> Result<bool> {
        let mut any = false;
        for rows in self.meta.spaces.beside().into_iter().flat_map(keys::of_space) {
            any |= self.clear_some(&rows, count)?;
        }
        Ok(any)
    }

    /// Says that there are no rows of other spaces any more.
    pub(crate) fn mark_clean(&mut self) {
        self.meta.spaces.is_unclean = false;
        self.tell(0);
    }
}
