//! The vector spaces of a tenant: the one its vectors are in, and the one that it is changing to.

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::model::VectorSpace;
use crate::storage::{Key, keys};

/// The vector spaces of a tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spaces {
    /// The space of its vectors, once there are any.
    pub(crate) current: Option<VectorSpace>,
    /// Spaces that it left behind: a part of the keys of its vectors, so that those of two spaces are never mixed up.
    pub(crate) left: u16,
    pub(crate) next: Option<NextSpace>,
    /// Whether there may be rows of the space that was left last, or of one that is to come.
    pub(crate) is_unclean: bool,
}

/// The space that a tenant is changing to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NextSpace {
    pub(crate) space: VectorSpace,
    /// Slots below this one have their vector in it, if they have one.
    pub(crate) done: u32,
}

impl Spaces {
    /// The dimensions of the vectors, 0 while there are none.
    pub(crate) fn dimensions(&self) -> usize {
        self.current.as_ref().map_or(0, |space| space.dimensions as usize)
    }

    /// Checks that vectors of a space belong here.
    pub(crate) fn check(&self, space: &VectorSpace) -> Result<()> {
        match &self.current {
            Some(known) if known != space => Err(other_space(known, space)),
            _ => Ok(()),
        }
    }

    /// Whether it is changing to this space.
    pub(crate) fn is_next(&self, space: &VectorSpace) -> bool {
        self.next.as_ref().is_some_and(|next| next.space == *space)
    }

    /// The numbers of the space that was left last and of the next one.
    pub(crate) fn beside(&self) -> [u16; 2] {
        [self.left.wrapping_sub(1), self.left.wrapping_add(1)]
    }

    /// The key of a slot's vector.
    pub(crate) fn vector(&self, slot: u32) -> Key {
        keys::vector(self.left, slot)
    }

    /// The key of a slot's vector in the space that it is changing to.
    pub(crate) fn next_vector(&self, slot: u32) -> Key {
        keys::vector(self.left.wrapping_add(1), slot)
    }
}

fn other_space(known: &VectorSpace, space: &VectorSpace) -> Error {
    let name = |space: &VectorSpace| format!("the space '{}' of {} dimensions", space.name, space.dimensions);
    let (code, what) = if known.dimensions == space.dimensions {
        (Code::VectorSpace, "vectors of two spaces cannot be compared")
    } else {
        (Code::VectorDimensions, "a vector does not fit the tenant's vector space")
    };
    Error::draft(code, what)
        .got(name(space))
        .expected(name(known))
        .remedy("use the embedder that made the tenant's vectors, or change the space with reembed")
}
