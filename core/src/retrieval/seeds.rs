//! Seeds: the best of what was found, with their records, from which others are looked for.

use super::read::read_slots;
use crate::error::Result;
use crate::model::{Record, ScoreParts};
use crate::storage::Snapshot;
use crate::tenancy::Stored;

/// Finds from which others are looked for.
const SEEDS: usize = 5;

/// Characters of a find's text that are read for names.
const TEXT_CHARACTERS: usize = 4000;

/// One of the best finds.
pub(super) struct Seed {
    pub(super) slot: u32,
    pub(super) score: f32,
    pub(super) record: Record,
    /// Where its text begins.
    pub(super) text: String,
}

/// The best of what was scored, with their texts.
pub(super) fn seeds(snapshot: &dyn Snapshot, scored: &[(u32, ScoreParts)]) -> Result<Vec<Seed>> {
    let mut best: Vec<(u32, f32)> = scored.iter().map(|(slot, parts)| (*slot, parts.score())).collect();
    best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.retain(|(_, score)| *score > 0.0);
    best.truncate(SEEDS);
    let slots: Vec<u32> = best.iter().map(|(slot, _)| *slot).collect();
    let records = read_slots(snapshot, &slots)?;
    let seed = |(stored, (slot, score)): (Option<Stored>, (u32, f32))| {
        let record = stored?.record;
        let text: String = record.searched_text().chars().take(TEXT_CHARACTERS).collect();
        Some(Seed { slot, score, record, text })
    };
    Ok(records.into_iter().zip(best).filter_map(seed).collect())
}
