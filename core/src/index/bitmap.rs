//! A set of slots.

/// A set of slots, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    pub(crate) fn contains(&self, slot: u32) -> bool {
        self.words.get(slot as usize / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }

    pub(crate) fn insert(&mut self, slot: u32) {
        let index = slot as usize / 64;
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        if let Some(word) = self.words.get_mut(index) {
            *word |= 1 << (slot % 64);
        }
    }

    pub(crate) fn remove(&mut self, slot: u32) {
        if let Some(word) = self.words.get_mut(slot as usize / 64) {
            *word &= !(1 << (slot % 64));
        }
    }

    pub(crate) fn set(&mut self, slot: u32, member: bool) {
        if member {
            self.insert(slot);
        } else {
            self.remove(slot);
        }
    }

    /// Keeps only what is in the other set, too.
    pub(crate) fn intersect(&mut self, other: &Bitmap) {
        for (index, word) in self.words.iter_mut().enumerate() {
            *word &= other.words.get(index).copied().unwrap_or(0);
        }
    }

    /// Adds what is in the other set.
    pub(crate) fn unite(&mut self, other: &Bitmap) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// Takes away what is in the other set.
    pub(crate) fn subtract(&mut self, other: &Bitmap) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    /// Keeps only what `keep` accepts.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        for (index, word) in self.words.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                if !keep(index as u32 * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(index as u32 * 64 + bit)
            })
        })
    }

    /// Calls `visit` with every slot below `end` that is not in the set.
    pub(crate) fn each_missing(&self, end: usize, mut visit: impl FnMut(usize)) {
        for index in 0..end.div_ceil(64) {
            let mut rest = !self.words.get(index).copied().unwrap_or(0);
            while rest != 0 {
                let slot = index * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if slot < end {
                    visit(slot);
                }
            }
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}

/// A set of slots that knows the place of each in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct RankedBitmap {
    set: Bitmap,
    /// For every word, the slots in the words before it.
    before: Vec<u32>,
}

impl RankedBitmap {
    pub(crate) fn new(set: Bitmap) -> Self {
        let mut sum = 0;
        let count = |word: &u64| {
            sum += word.count_ones();
            sum - word.count_ones()
        };
        let before = set.words.iter().map(count).collect();
        RankedBitmap { set, before }
    }

    /// The place of a slot among the slots of the set; `None` if it is not in the set.
    pub(crate) fn position(&self, slot: u32) -> Option<u32> {
        let index = slot as usize / 64;
        let (word, before) = (*self.set.words.get(index)?, *self.before.get(index)?);
        let bit = 1 << (slot % 64);
        (word & bit != 0).then(|| before + (word & (bit - 1)).count_ones())
    }

    /// The slots in ascending order.
    pub(crate) fn slots(&self) -> Vec<u32> {
        self.set.iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Bitmap, RankedBitmap};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn behaves_as_a_set(members in proptest::collection::btree_set(0..500_u32, 0..80), end in 0..600_usize) {
            let mut bitmap = Bitmap::default();
            members.iter().for_each(|&slot| bitmap.insert(slot));
            prop_assert_eq!(bitmap.iter().collect::<BTreeSet<_>>(), members.clone());
            prop_assert_eq!(bitmap.len(), members.len());
            let mut missing = Vec::new();
            bitmap.each_missing(end, |slot| missing.push(slot));
            let expected: Vec<usize> = (0..end).filter(|&slot| !members.contains(&(slot as u32))).collect();
            prop_assert_eq!(missing, expected);
            let ranked = RankedBitmap::new(bitmap.clone());
            for slot in 0..600 {
                let place = members.iter().position(|&member| member == slot).map(|place| place as u32);
                prop_assert_eq!(ranked.position(slot), place);
            }
            bitmap.retain(|slot| slot % 3 == 0);
            prop_assert!(bitmap.iter().all(|slot| slot % 3 == 0 && members.contains(&slot)));
        }
    }
}
