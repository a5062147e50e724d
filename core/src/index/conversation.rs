//! Conversations: the episodes of one session in the order they were said, the passages of one document in theirs.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::columns::Turn;

/// Hashes what is a hash already: by itself.
#[derive(Clone, Copy, Default)]
pub(crate) struct PassThrough(u64);

impl Hasher for PassThrough {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 ^= hash;
    }
}

/// A map from 64-bit hashes.
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<PassThrough>>;

/// The conversations of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conversations {
    turns: HashedMap<Vec<Place>>,
    places: usize,
}

/// When it was said, its place among what was said then, and its slot.
type Place = (i64, u32, u32);

impl Conversations {
    pub(crate) fn insert(&mut self, turn: Turn) {
        let turns = self.turns.entry(turn.conversation).or_default();
        let position = turns.partition_point(|place| *place < turn.place);
        turns.insert(position, turn.place);
        self.places += 1;
    }

    pub(crate) fn remove(&mut self, turn: Turn) {
        let Some(turns) = self.turns.get_mut(&turn.conversation) else { return };
        if let Ok(position) = turns.binary_search(&turn.place) {
            turns.remove(position);
            self.places -= 1;
        }
    }

    /// The slots of a turn's conversation in a window of `WIDTH` places with the turn in the
    /// middle; places beyond the ends are `None`.
    pub(crate) fn around<const WIDTH: usize>(&self, turn: Turn) -> Option<[Option<u32>; WIDTH]> {
        let turns = self.turns.get(&turn.conversation)?;
        let position = turns.binary_search(&turn.place).ok()?;
        let slot_at = |index: usize| turns.get(index).map(|&(_, _, slot)| slot);
        Some(std::array::from_fn(|step| (position + step).checked_sub(WIDTH / 2).and_then(slot_at)))
    }

    /// The slots of a conversation, the last one first.
    pub(crate) fn latest(&self, conversation: u64) -> impl Iterator<Item = u32> + '_ {
        self.turns.get(&conversation).into_iter().flatten().rev().map(|&(_, _, slot)| slot)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.places * size_of::<Place>() + self.turns.capacity() * 40
    }
}
