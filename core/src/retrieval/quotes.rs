//! Quotes: records that have what a question quotes, word for word.

use std::collections::BTreeSet;

use super::asked::Asked;
use super::read::read_slots;
use crate::error::Result;
use crate::index::Bitmap;
use crate::language::Analyzer;
use crate::storage::Snapshot;
use crate::tenancy::WorkingSet;

/// Records that are read for a quote, at most, the newest first.
const READ_MAX: usize = 64;

/// The allowed records that have one of a question's quotes.
pub(super) fn quoted(
    set: &WorkingSet,
    analyzer: &Analyzer,
    snapshot: &dyn Snapshot,
    asked: &Asked,
    allowed: &Bitmap,
) -> Result<BTreeSet<u32>> {
    let mut quoted = BTreeSet::new();
    for words in &asked.quotes {
        let Some((first, rest)) = words.split_first() else { continue };
        let mut slots = set.text.slots(*first);
        slots.intersect(allowed);
        rest.iter().for_each(|word| slots.intersect(&set.text.slots(*word)));
        let mut slots: Vec<u32> = slots.iter().collect();
        slots.reverse();
        slots.truncate(READ_MAX);
        for (slot, stored) in slots.iter().zip(read_slots(snapshot, &slots)?) {
            let Some(stored) = stored else { continue };
            let text = analyzer.words(&stored.record.searched_text());
            if text.windows(words.len()).any(|window| window == words) {
                quoted.insert(*slot);
            }
        }
    }
    Ok(quoted)
}
