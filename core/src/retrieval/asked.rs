//! What a question says beside its words: when, who, and what it names.

use std::collections::BTreeSet;

use crate::index::Bitmap;
use crate::language::{Analyzer, Dates};
use crate::limits::QUERY_TERMS_MAX;
use crate::model::Timestamp;
use crate::tenancy::WorkingSet;

/// Characters of a question that are read for names and dates.
const HEAD_CHARACTERS: usize = 4000;

/// Records of one title, at most: what so many are called tells nothing.
const NAMESAKES_MAX: usize = 64;

/// Records whose titles a question names, at most.
const NAMED_MAX: usize = 256;

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
    pub(super) fn of(
        text: &str,
        set: &WorkingSet,
        analyzer: &Analyzer,
        allowed: &Bitmap,
        now: Timestamp,
    ) -> Self {
        // A question that goes on for pages says in its first lines what it names.
        let head: String = text.chars().take(HEAD_CHARACTERS).collect();
        let mentions = analyzer.mentions(&head, |name| !namesakes(set, name, allowed).is_empty());
        let named = mentions.iter().flat_map(|mention| namesakes(set, mention.name, allowed));
        let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
        Asked {
            terms: analyzer.question(text, QUERY_TERMS_MAX),
            dates: Dates::of(&head, now),
            is_when: first.is_some_and(|word| word.eq_ignore_ascii_case("when")),
            named: named.take(NAMED_MAX).collect(),
        }
    }
}

/// The allowed records of a title, if they are few.
pub(super) fn namesakes(set: &WorkingSet, name: u64, allowed: &Bitmap) -> Vec<u32> {
    set.text.few(name, allowed, NAMESAKES_MAX)
}
