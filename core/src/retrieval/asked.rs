//! What a question says beside its words: when, who, and what it names.

use std::collections::BTreeSet;

use crate::index::Bitmap;
use crate::language::{Analyzer, Dates};
use crate::limits::QUERY_TERMS_MAX;
use crate::tenancy::WorkingSet;

/// Records of one title, at most: what so many are called tells nothing.
const NAMESAKES_MAX: u32 = 64;

/// What a question says.
#[derive(Default)]
pub(super) struct Asked {
    /// Its distinct terms without stop words.
    pub(super) terms: Vec<u64>,
    /// The times that it names.
    pub(super) dates: Dates,
    /// Whether it asks when something was.
    pub(super) is_when: bool,
    /// Records whose title it names.
    pub(super) named: BTreeSet<u32>,
}

impl Asked {
    pub(super) fn of(text: &str, set: &WorkingSet, analyzer: &Analyzer, allowed: &Bitmap) -> Self {
        let mentions = analyzer.mentions(text, |name| set.text.live(name) > 0);
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        Asked {
            terms: analyzer.question(text, QUERY_TERMS_MAX),
            dates: Dates::of(text),
            is_when: first.is_some_and(|word| word.eq_ignore_ascii_case("when")),
            named: mentions.iter().flat_map(|mention| namesakes(set, mention.name, allowed)).collect(),
        }
    }
}

/// The live records of a title, if they are few.
pub(super) fn namesakes(set: &WorkingSet, name: u64, allowed: &Bitmap) -> Vec<u32> {
    if set.text.live(name) > NAMESAKES_MAX {
        return Vec::new();
    }
    set.text.slots(name).iter().filter(|&slot| allowed.contains(slot)).collect()
}
