//! Turns: what was said around an episode in its conversation.

use crate::error::Result;
use crate::model::Id;
use crate::storage::{big_endian_u32, keys};
use crate::tenancy::{Tenant, WorkingSet};

/// Most turns on each side that are told.
pub(super) const AROUND_MAX: usize = 5;

/// Slots that are looked at: one more on each side, since the first turn has one before it, too.
const WIDTH: usize = 2 * AROUND_MAX + 3;

/// A turn of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) slot: u32,
    /// Its place among what was said in one moment, or in its document.
    pub(super) place: u32,
    /// The turn before it, if there is one.
    pub(super) before: Option<u32>,
}

/// An episode's place in its conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The episode itself; `None` if it is in no conversation.
    pub(super) turn: Option<Turn>,
    /// The turns around it, the nearest first, of two the earlier one.
    pub(super) near: Vec<Turn>,
}

impl Tenant {
    /// The places of episodes in their conversations, with so many turns on each side, [`AROUND_MAX`] at most.
    pub(super) fn turns_around(&self, ids: &[Id], reach: usize) -> Result<Vec<Around>> {
        let rows: Vec<_> = ids.iter().map(|&id| keys::slot(id)).collect();
        let slots = self.snapshot()?.get_many(&rows)?;
        self.read(|set| {
            let around = |slot: Option<Vec<u8>>| slot.map(|slot| around(set, big_endian_u32(&slot), reach));
            Ok(slots.into_iter().map(|slot| around(slot).unwrap_or_default()).collect())
        })
    }
}

fn around(set: &WorkingSet, slot: u32, reach: usize) -> Around {
    let turns = set.columns.turn(slot).and_then(|turn| set.conversations.around::<WIDTH>(turn));
    let Some(turns) = turns else { return Around::default() };
    let middle = WIDTH / 2;
    let turn = |at: usize| {
        let slot = turns.get(at).copied().flatten()?;
        let before = at.checked_sub(1).and_then(|before| turns.get(before).copied().flatten());
        Some(Turn { slot, place: set.columns.place.get(slot as usize).copied()?, before })
    };
    let near = (1..=reach.min(AROUND_MAX)).flat_map(|step| [middle - step, middle + step]);
    Around { turn: turn(middle), near: near.filter_map(turn).collect() }
}
