//! The candidates of a search: what the legs found, and what was said around it.

use crate::index::{Bitmap, RankedBitmap};
use crate::tenancy::WorkingSet;

/// Turns on each side of a leg's find that become candidates too.
const NEIGHBOURS: usize = 2;

/// Turns on each side of a candidate that its window holds.
pub(super) const WINDOW: usize = 3;

/// Turns on each side of a leg's find that the windows of all its candidates reach.
const REACH: usize = NEIGHBOURS + WINDOW;

/// Stands for a turn before the beginning or behind the end of a conversation.
const NOBODY: u32 = u32::MAX;

/// The turns around a candidate, which is in the middle.
type Window = [u32; 2 * WINDOW + 1];

/// A candidate as its position in the neighbourhood, with the positions of the turns around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) position: usize,
    window: Window,
}

impl Candidate {
    /// The positions of the turns within `reach` of the candidate that exist, itself included.
    pub(super) fn around(&self, reach: usize) -> impl Iterator<Item = usize> + '_ {
        let turns = self.window.get(WINDOW - reach..=WINDOW + reach).unwrap_or_default();
        turns.iter().filter(|&&turn| turn != NOBODY).map(|&turn| turn as usize)
    }

    /// The position of the turn before.
    pub(super) fn before(&self) -> Option<usize> {
        self.window.get(WINDOW - 1).filter(|&&turn| turn != NOBODY).map(|&turn| turn as usize)
    }

    /// Whether anything was said around it.
    pub(super) fn has_neighbour(&self) -> bool {
        self.around(1).count() > 1
    }
}

/// Candidates, and every slot that their windows touch.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbourhood {
    /// The slots, in ascending order; a position is an index into them.
    pub(super) slots: Vec<u32>,
    pub(super) places: RankedBitmap,
    pub(super) candidates: Vec<Candidate>,
}

impl Neighbourhood {
    /// The candidates around what the legs found. All candidates are `allowed`; their windows need not be.
    pub(super) fn around(set: &WorkingSet, found: impl Iterator<Item = u32>, allowed: &Bitmap) -> Self {
        let mut seen = Bitmap::default();
        let mut touched = Bitmap::default();
        let mut windows: Vec<Window> = Vec::new();
        for slot in found {
            for (candidate, window) in windows_around(set, slot) {
                if candidate != NOBODY && allowed.contains(candidate) && !seen.contains(candidate) {
                    seen.insert(candidate);
                    window.iter().filter(|&&turn| turn != NOBODY).for_each(|&turn| touched.insert(turn));
                    windows.push(window);
                }
            }
        }
        let places = RankedBitmap::new(touched);
        // The place of `NOBODY` is nowhere, which is `NOBODY` again.
        let positions = |window: Window| window.map(|turn| places.position(turn).unwrap_or(NOBODY));
        let candidate = |window: Window| {
            let window = positions(window);
            Candidate { position: window.get(WINDOW).map_or(0, |&middle| middle as usize), window }
        };
        let candidates = windows.into_iter().map(candidate).collect();
        Neighbourhood { slots: places.slots(), places, candidates }
    }
}

/// A find and its neighbours, each with its own window; `NOBODY` where the conversation has none.
fn windows_around(set: &WorkingSet, slot: u32) -> impl Iterator<Item = (u32, Window)> {
    let turn = set.columns.turn(slot);
    let turns = turn.and_then(|turn| set.conversations.around::<{ 2 * REACH + 1 }>(turn));
    let alone = std::array::from_fn(|place| if place == REACH { Some(slot) } else { None });
    let turns = turns.unwrap_or(alone).map(|turn| turn.unwrap_or(NOBODY));
    (0..=2 * NEIGHBOURS).filter_map(move |shift| {
        let window: Window = turns.get(shift..shift + 2 * WINDOW + 1)?.try_into().ok()?;
        Some((*window.get(WINDOW)?, window))
    })
}
