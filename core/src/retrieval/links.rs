//! Links: records whose title or end one of the best finds mentions, and records that share rare names with one.
//!
//! Nothing is stored for a link. What a record is about is a term of the text index, and what a find mentions is read from
//! its text, so that a title that is added later links older texts, too.

use std::collections::{BTreeMap, HashSet};

use super::asked::{Asked, ending_at, is_name, titled};
use super::fusion::Signals;
use super::seeds::{Seed, seeds};
use super::support::supported;
use crate::error::Result;
use crate::index::Bitmap;
use crate::language::Analyzer;
use crate::model::ScoreParts;
use crate::storage::Snapshot;
use crate::tenancy::WorkingSet;

/// Finds whose rare names are looked for elsewhere.
const BRIDGE_SEEDS: usize = 3;

/// Records that have a name which is rare, at most; and two at least.
const RARE: usize = 10;

/// Records that are linked to, about: with more, no more finds are read.
const LINKED_MAX: usize = 512;

/// What the best finds say of others, each from 0 on.
#[derive(Default)]
pub(super) struct Links {
    /// Records whose title a find mentions, or one of whose ends: the find's score, divided as the title is mentioned elsewhere.
    pub(super) linked: BTreeMap<u32, f32>,
    /// Records that share rare names with a find: 1 for the one that shares most.
    pub(super) bridged: BTreeMap<u32, f32>,
    /// Records that support a find or that a find supports: the find's score.
    pub(super) supported: BTreeMap<u32, f32>,
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
    let mut links = Links::default();
    if [weights.linked, weights.bridged, weights.supported] == [0.0; 3] {
        return Ok(links);
    }
    let seeds = seeds(snapshot, scored)?;
    if weights.supported != 0.0 {
        links.supported = supported(snapshot, &seeds, allowed)?;
    }
    if weights.linked != 0.0 {
        links.linked = linked(set, analyzer, &seeds, allowed);
    }
    if weights.bridged != 0.0 {
        let bridging = seeds.get(..BRIDGE_SEEDS.min(seeds.len())).unwrap_or_default();
        links.bridged = bridged(set, analyzer, bridging, asked, allowed);
    }
    Ok(links)
}

/// Records whose title a find mentions, or one of whose ends.
fn linked(set: &WorkingSet, analyzer: &Analyzer, seeds: &[Seed], allowed: &Bitmap) -> BTreeMap<u32, f32> {
    let mut linked: BTreeMap<u32, f32> = BTreeMap::new();
    for seed in seeds {
        for mention in analyzer.mentions(&seed.text, |name| is_name(set, name, allowed)) {
            // As many records mention a name, at most, as have its rarest word.
            let mentioning = mention.words.iter().map(|&word| set.text.live(word)).min().unwrap_or(1);
            let share = seed.score / (1.0 + (mentioning.max(1) as f32).ln());
            let named = titled(set, mention.name, allowed).into_iter();
            let named = named.chain(ending_at(set, mention.name, allowed));
            for slot in named.filter(|&slot| slot != seed.slot) {
                let link = linked.entry(slot).or_insert(0.0);
                *link = link.max(share);
            }
            if linked.len() >= LINKED_MAX {
                return linked;
            }
        }
    }
    linked
}

/// Records that share rare names with a find, by the names' idf.
fn bridged(
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
            let others = set.text.few(term, allowed, RARE);
            let idf = set.text.idf_of(others.len() as u32);
            let others = others.into_iter().filter(|&slot| slot != seed.slot);
            others.for_each(|slot| *shared.entry(slot).or_insert(0.0) += idf);
        }
        for (slot, idf) in shared {
            let strength = bridged.entry(slot).or_insert(0.0);
            *strength = strength.max(idf * seed.score / best);
        }
    }
    let greatest = bridged.values().copied().fold(0.0, f32::max);
    bridged.values_mut().for_each(|strength| *strength /= greatest);
    bridged
}
