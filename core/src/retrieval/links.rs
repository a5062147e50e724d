//! Links: records whose title one of the best finds mentions, and records that share rare names with one.
//!
//! Nothing is stored for a link. What a record is about is a term of the text index, and what a find mentions is read from
//! its text, so that a title that is added later links older texts, too.

use std::collections::{BTreeMap, HashSet};

use super::asked::{Asked, namesakes};
use super::fusion::Signals;
use super::read::read_slots;
use crate::error::Result;
use crate::index::Bitmap;
use crate::language::Analyzer;
use crate::model::ScoreParts;
use crate::storage::Snapshot;
use crate::tenancy::{Stored, WorkingSet};

/// Finds whose mentions are followed.
const SEEDS: usize = 5;

/// Finds whose rare names are looked for elsewhere.
const BRIDGE_SEEDS: usize = 3;

/// Records that have a name which is rare.
const RARE: std::ops::RangeInclusive<u32> = 2..=10;

/// Characters of a find's text that are read for names.
const TEXT_CHARACTERS: usize = 4000;

/// One of the best finds, with its text.
struct Seed {
    slot: u32,
    score: f32,
    text: String,
}

/// What the best finds say of others.
#[derive(Default)]
pub(super) struct Links {
    /// What is added to records whose title a find mentions.
    pub(super) linked: BTreeMap<u32, f32>,
    /// What is added to candidates that share rare names with a find.
    pub(super) bridged: BTreeMap<u32, f32>,
}

/// Reads the best of what was scored.
pub(super) fn links(
    set: &WorkingSet,
    analyzer: &Analyzer,
    snapshot: &dyn Snapshot,
    scored: &[(u32, ScoreParts)],
    signals: &Signals<'_>,
    allowed: &Bitmap,
) -> Result<Links> {
    let Signals { asked, weights, .. } = signals;
    let seeds = seeds(snapshot, scored)?;
    let mut links = Links::default();
    for seed in &seeds {
        for mention in analyzer.mentions(&seed.text, |name| set.text.live(name) > 0) {
            // As many records mention a name, at most, as have its rarest word.
            let mentioning = mention.words.iter().map(|&word| set.text.live(word)).min().unwrap_or(1);
            let weight = weights.linked * seed.score / (1.0 + (mentioning.max(1) as f32).ln());
            for slot in namesakes(set, mention.name, allowed).into_iter().filter(|&slot| slot != seed.slot) {
                let link = links.linked.entry(slot).or_insert(0.0);
                *link = link.max(weight);
            }
        }
    }
    let bridging = seeds.get(..BRIDGE_SEEDS.min(seeds.len())).unwrap_or_default();
    links.bridged = bridges(set, analyzer, bridging, asked, allowed);
    let greatest = links.bridged.values().copied().fold(0.0, f32::max);
    links.bridged.values_mut().for_each(|strength| *strength *= weights.bridged / greatest);
    Ok(links)
}

/// The best of what was scored, with their texts.
fn seeds(snapshot: &dyn Snapshot, scored: &[(u32, ScoreParts)]) -> Result<Vec<Seed>> {
    let mut best: Vec<(u32, f32)> = scored.iter().map(|(slot, parts)| (*slot, parts.score())).collect();
    best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.retain(|(_, score)| *score > 0.0);
    best.truncate(SEEDS);
    let slots: Vec<u32> = best.iter().map(|(slot, _)| *slot).collect();
    let records = read_slots(snapshot, &slots)?;
    let seed = |(stored, (slot, score)): (Option<Stored>, (u32, f32))| {
        let text: String = stored?.record.searched_text().chars().take(TEXT_CHARACTERS).collect();
        Some(Seed { slot, score, text })
    };
    Ok(records.into_iter().zip(best).filter_map(seed).collect())
}

/// What records get for the rare names that they share with a find, by the names' idf.
fn bridges(
    set: &WorkingSet,
    analyzer: &Analyzer,
    seeds: &[Seed],
    asked: &Asked,
    allowed: &Bitmap,
) -> BTreeMap<u32, f32> {
    let asked: HashSet<u64> = asked.terms.iter().copied().collect();
    let best = seeds.first().map_or(1.0, |seed| seed.score);
    let mut bridged: BTreeMap<u32, f32> = BTreeMap::new();
    for seed in seeds {
        let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
        for term in analyzer.capitals(&seed.text).into_iter().filter(|term| !asked.contains(term)) {
            let live = set.text.live(term);
            if RARE.contains(&live) {
                let others = set.text.slots(term);
                let others = others.iter().filter(|&slot| slot != seed.slot && allowed.contains(slot));
                others.for_each(|slot| *shared.entry(slot).or_insert(0.0) += set.text.idf_of(live));
            }
        }
        for (slot, idf) in shared {
            let strength = bridged.entry(slot).or_insert(0.0);
            *strength = strength.max(idf * seed.score / best);
        }
    }
    bridged
}
