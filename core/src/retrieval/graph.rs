//! The graph: from the entities that a question names, over the atoms between them, as far as the question's words lead.
//!
//! An atom is worth the more, the more of the question's other words it and the atoms have that lead to it; one that adds
//! no word leads nowhere, and is worth nothing. "Where does my brother work" goes from the one who asks over "brother" to
//! him, and over "work" to where he works, which is worth more than who he is. A word is in an atom, too, if it is one of
//! the names of its predicate. Nothing is stored for it but the terms of an atom's ends.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::asked::Asked;
use super::patience::Patience;
use crate::error::Result;
use crate::index::Bitmap;
use crate::model::RecordSort;
use crate::tenancy::{RelationWords, WorkingSet, end_term};

/// Atoms that a path may have.
const HOPS: usize = 3;

/// Entities that are gone on from after each step: those to which most words led.
const ENTITIES_MAX: usize = 32;

/// Atoms of one entity that are looked at, the newest first: of a hub more are known than are looked at.
const ATOMS_MAX: usize = 4096;

/// Words of a question that lead, the rarest first: a bit each.
const WORDS_MAX: usize = 64;

/// What a longer path is worth of a shorter one that has the same words.
const SHORTER: f32 = 0.95;

/// An entity as one user knows it: names of one user are not another's.
type Entity = (u64, u64);

/// The words of a question, a bit each.
type Words = u64;

/// A question's words with their idf, the rarest first.
struct Walk<'a> {
    set: &'a WorkingSet,
    relations: &'a RelationWords,
    allowed: &'a Bitmap,
    words: Vec<(u64, f32)>,
    /// The words of atoms that were looked at.
    known: RefCell<HashMap<u32, Words>>,
}

/// What each atom is worth to which the question's words lead, 0 to 1.
pub(super) fn walk(
    set: &WorkingSet,
    relations: &RelationWords,
    asked: &Asked,
    allowed: &Bitmap,
    patience: Patience<'_>,
) -> Result<BTreeMap<u32, f32>> {
    let mut found: BTreeMap<u32, f32> = BTreeMap::new();
    if asked.entities.is_empty() {
        return Ok(found);
    }
    let idf = |term: u64| set.text.idf_of(set.text.live(term));
    let mut words: Vec<(u64, f32)> = asked.terms.iter().map(|&term| (term, idf(term))).collect();
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    words.truncate(WORDS_MAX);
    let walk = Walk { set, relations, allowed, words, known: RefCell::default() };
    let names = walk.words_in(|term| asked.entities.iter().any(|named| named.words.contains(&term)));
    let all = walk.worth(!names).max(f32::MIN_POSITIVE);
    let mut here: BTreeMap<Entity, Words> = BTreeMap::new();
    for named in &asked.entities {
        let words = walk.words_in(|term| named.words.contains(&term));
        here.extend(walk.users_of(named.term).into_iter().map(|user| ((named.term, user), words)));
    }
    let mut length = 1.0 / all;
    for _ in 0..HOPS {
        let mut next: BTreeMap<Entity, Words> = BTreeMap::new();
        for (entity, words) in walk.foremost(here) {
            patience.check()?;
            for (slot, ends) in walk.atoms_of(entity) {
                let with = words | walk.words_of(slot);
                if with == words {
                    continue;
                }
                // Squared, because half of the words may lead to anything.
                let worth = (walk.worth(with & !names) * length).powi(2);
                let known = found.entry(slot).or_insert(0.0);
                *known = known.max(worth);
                for end in ends.into_iter().filter(|end| *end != entity) {
                    let known = next.entry(end).or_insert(0);
                    *known = if walk.worth(with) > walk.worth(*known) { with } else { *known };
                }
            }
        }
        here = next;
        length *= SHORTER;
    }
    Ok(found)
}

impl Walk<'_> {
    /// The idf of words.
    fn worth(&self, words: Words) -> f32 {
        let bits = (0..).map(|bit| words >> bit & 1 == 1);
        self.words.iter().zip(bits).filter(|(_, is_in)| *is_in).map(|((_, idf), _)| idf).sum()
    }

    fn words_in(&self, is_in: impl Fn(u64) -> bool) -> Words {
        let bits = self.words.iter().enumerate().filter(|(_, (term, _))| is_in(*term));
        bits.fold(0, |words, (bit, _)| words | 1 << bit)
    }

    /// The words that an atom has, in its text or as a name of its predicate.
    fn words_of(&self, slot: u32) -> Words {
        *self.known.borrow_mut().entry(slot).or_insert_with(|| {
            let predicate = self.set.columns.predicate.get(slot as usize).copied().unwrap_or(0);
            self.words_in(|term| self.relations.names(term, predicate) || self.set.text.has(term, slot))
        })
    }

    /// The entities to go on from, most words first.
    fn foremost(&self, here: BTreeMap<Entity, Words>) -> Vec<(Entity, Words)> {
        let mut here: Vec<(Entity, Words)> = here.into_iter().collect();
        here.sort_by(|a, b| self.worth(b.1).total_cmp(&self.worth(a.1)).then(a.0.cmp(&b.0)));
        here.truncate(ENTITIES_MAX);
        here
    }

    /// The users who have atoms of an entity.
    fn users_of(&self, entity: u64) -> BTreeSet<u64> {
        let slots = self.set.text.newest(end_term(entity), self.allowed, ATOMS_MAX);
        let ends = slots.into_iter().filter_map(|slot| self.ends_of(slot)).flatten();
        ends.filter(|(end, _)| *end == entity).map(|(_, user)| user).collect()
    }

    /// The atoms of an entity, each with its two ends.
    fn atoms_of(&self, entity: Entity) -> Vec<(u32, [Entity; 2])> {
        let slots = self.set.text.newest(end_term(entity.0), self.allowed, ATOMS_MAX).into_iter();
        let atoms = slots.filter_map(|slot| Some((slot, self.ends_of(slot)?)));
        atoms.filter(|(_, ends)| ends.contains(&entity)).collect()
    }

    /// The subject and the object of an atom.
    fn ends_of(&self, slot: u32) -> Option<[Entity; 2]> {
        let (columns, at) = (&self.set.columns, slot as usize);
        columns.sort.get(at).filter(|&&sort| sort == RecordSort::Atom as u8)?;
        let user = *columns.user.get(at)?;
        Some([(*columns.subject.get(at)?, user), (*columns.object.get(at)?, user)])
    }
}
