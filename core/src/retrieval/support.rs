//! Support: atoms that a find supports, and episodes that support one.

use std::collections::BTreeMap;

use super::seeds::Seed;
use crate::error::Result;
use crate::index::Bitmap;
use crate::model::{Id, Record};
use crate::storage::{Key, Snapshot, big_endian_u32, decode, join, keys};
use crate::truth::Item;

/// Records on the other side of one find, at most.
const SUPPORTS_MAX: usize = 8;

/// The score of the find that each allowed record supports or is supported by.
pub(super) fn supported(
    snapshot: &dyn Snapshot,
    seeds: &[Seed],
    allowed: &Bitmap,
) -> Result<BTreeMap<u32, f32>> {
    let mut supported: BTreeMap<u32, f32> = BTreeMap::new();
    for seed in seeds {
        let ids = match &seed.record {
            Record::Atom(atom) => atom.supports.iter().copied().take(SUPPORTS_MAX).collect(),
            Record::Episode(episode) => atoms_of(snapshot, episode.id)?,
        };
        let keys: Vec<Key> = ids.into_iter().map(keys::slot).collect();
        let slots = snapshot.get_many(&keys)?.into_iter().flatten().map(|row| big_endian_u32(&row));
        for slot in slots.filter(|&slot| allowed.contains(slot)) {
            let score = supported.entry(slot).or_insert(0.0);
            *score = score.max(seed.score);
        }
    }
    Ok(supported)
}

/// The atoms that an episode supports.
fn atoms_of(snapshot: &dyn Snapshot, episode: Id) -> Result<Vec<Id>> {
    let prefix = keys::supported_by(episode);
    let mut atoms = Vec::new();
    for (support, _) in snapshot.scan(&prefix, &prefix.end(), SUPPORTS_MAX)? {
        let entry = keys::supported_entry(&support);
        for (_, payload) in join(snapshot.scan(&entry, &entry.end(), usize::MAX)?)? {
            atoms.extend(decode::<Item>(&payload)?.claim().map(|claim| claim.atom));
        }
    }
    Ok(atoms)
}
