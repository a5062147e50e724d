//! A change of vector space, as a write makes it: vectors of the next space beside those of the current one, until all
//! are there.

use super::space::{NextSpace, Spaces};
use super::working_set::Delta;
use super::write::Write;
use crate::error::Result;
use crate::index::Code;
use crate::model::VectorSpace;
use crate::storage::keys;

impl Write<'_> {
    /// The spaces of the tenant's vectors.
    pub(crate) fn spaces(&self) -> &Spaces {
        &self.meta.spaces
    }

    /// Begins to change to another space, or gives it up.
    pub(crate) fn change_to(&mut self, space: Option<VectorSpace>) {
        self.meta.spaces.next = space.map(|space| NextSpace { space, done: 0 });
        self.deltas.push(Delta::NoNext);
        self.tell(0);
    }

    /// Puts the vectors of the next slots, if they have one, in the space that the tenant is changing to.
    pub(crate) fn put_next(&mut self, vectors: &[Option<Vec<f32>>]) {
        let Some(NextSpace { done, .. }) = self.meta.spaces.next else { return };
        let mut codes = Vec::with_capacity(vectors.len());
        for (slot, vector) in (done..).zip(vectors) {
            if let Some(vector) = vector {
                let bytes: Vec<u8> = vector.iter().flat_map(|component| component.to_le_bytes()).collect();
                self.put(self.meta.spaces.next_vector(slot), &bytes);
            }
            codes.push(vector.as_deref().map(Code::of));
        }
        self.meta.spaces.next.iter_mut().for_each(|next| next.done += vectors.len() as u32);
        self.deltas.push(Delta::Next(codes));
        self.tell(0);
    }

    /// Takes the next space for the current one, if all slots have their vector in it. The tenant has to be loaded anew.
    pub(crate) fn change_over(&mut self) -> bool {
        let slots = self.meta.slots;
        let Some(next) = self.meta.spaces.next.take_if(|next| next.done == slots) else { return false };
        let bytes = |spaces: &Spaces| 4 * self.meta.usage.vectors * spaces.dimensions() as u64;
        let before = bytes(&self.meta.spaces);
        let spaces =
            Spaces { current: Some(next.space), left: self.meta.spaces.left.wrapping_add(1), next: None };
        self.meta.usage.bytes = (self.meta.usage.bytes + bytes(&spaces)).saturating_sub(before);
        self.meta.spaces = spaces;
        self.tell(0);
        true
    }

    /// Whether there are rows of the space that the tenant left last.
    pub(crate) fn has_former(&self) -> Result<bool> {
        let mut any = false;
        for rows in keys::of_space(self.meta.spaces.left.wrapping_sub(1)) {
            any |= !self.first_keys(&rows, &rows.end(), 1)?.is_empty();
        }
        Ok(any)
    }

    /// Deletes so many rows of the space before the current one, or behind it, at most; whether there were any.
    pub(crate) fn clear_beside(&mut self, next: bool, count: usize) -> Result<bool> {
        let left = self.meta.spaces.left;
        let mut any = false;
        for rows in keys::of_space(if next { left.wrapping_add(1) } else { left.wrapping_sub(1) }) {
            any |= self.clear_some(&rows, count)?;
        }
        Ok(any)
    }
}
