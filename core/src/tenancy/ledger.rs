//! The ledger of a tenant: the rows of claims and rulings, read as cells. What a cell amounts to is for `truth`.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use twox_hash::{XxHash3_64, XxHash3_128};

use super::basis::Basis;
use super::stored::{hash_of_name, predicate_hash};
use super::write::Write;
use crate::error::Result;
use crate::model::{Atom, Cardinality, Claim, Id, Predicate, Timestamp};
use crate::storage::{Key, Snapshot, decode, encode, join, keys};
use crate::truth::{
    Cell, Item, Object, Ontology, Rules, Ruling, What, filed_name, fold, is_in_force, normal_name,
};

/// Rows at one version: of the last commit, or of a write that is being decided.
pub(crate) trait Rows {
    /// The rows whose keys begin with `prefix`, in order.
    fn rows(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>>;

    /// Where what a ledger goes by may be kept, so that it is read once.
    fn kept(&self) -> Option<&OnceCell<Basis>> {
        None
    }
}

fn read_basis(rows: &dyn Rows, as_of: Option<Timestamp>) -> Result<Basis> {
    let definitions = read_one(rows, &keys::predicates())?.unwrap_or_default();
    let ontology = Arc::new(Ontology::new(defined(definitions, as_of)));
    Ok(Basis { ontology, linked: !rows.rows(&links_mark())?.is_empty() })
}

impl Rows for Write<'_> {
    fn kept(&self) -> Option<&OnceCell<Basis>> {
        Some(self.basis())
    }

    fn rows(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>> {
        self.scan(prefix)
    }
}

impl Rows for Box<dyn Snapshot> {
    fn rows(&self, prefix: &Key) -> Result<Vec<(Key, Vec<u8>)>> {
        self.scan(prefix, &prefix.end(), usize::MAX)
    }
}

/// Where claims are judged together: a user's, about a subject, in a predicate's slot, and where the slot may have
/// many values, about an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) user: Option<String>,
    pub(crate) subject: String,
    pub(crate) predicate: String,
    pub(crate) object: String,
}

impl Place {
    pub(crate) fn of(claim: &Claim) -> Self {
        Place {
            user: claim.scope.user.clone(),
            subject: claim.subject.clone(),
            predicate: claim.predicate.clone(),
            object: claim.object.clone(),
        }
    }

    pub(crate) fn of_atom(atom: &Atom) -> Self {
        Place {
            user: atom.scope.user.clone(),
            subject: atom.subject.clone(),
            predicate: atom.predicate.clone(),
            object: atom.object.clone(),
        }
    }

    pub(crate) fn hash(&self) -> Result<u128> {
        Ok(XxHash3_128::oneshot(&encode(self)?))
    }
}

/// The key of a ledger entry at a place.
pub(crate) fn entry_key(place: &Place, id: Id) -> Key {
    let subject = hash_of_name(place.user.as_deref(), &place.subject);
    keys::ledger_entry(subject, predicate_hash(&filed_name(&place.predicate)), object_hash(&place.object), id)
}

fn object_hash(object: &str) -> u64 {
    XxHash3_64::oneshot(Object::of(object).key().as_bytes())
}

/// A definition of a predicate: in force as long as no later one of its name is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Definition {
    /// The operation that made it.
    pub(crate) op: Id,
    pub(crate) predicate: Predicate,
    /// As those of a ledger entry.
    pub(crate) toggles: Vec<Timestamp>,
}

/// The predicates that definitions amount to, as of a moment of record time.
pub(crate) fn defined(definitions: Vec<Definition>, as_of: Option<Timestamp>) -> Vec<Predicate> {
    let mut newest: BTreeMap<String, Predicate> = BTreeMap::new();
    for definition in definitions.into_iter().filter(|one| is_in_force(&one.toggles, as_of)) {
        newest.insert(definition.predicate.name.clone(), definition.predicate);
    }
    newest.into_values().collect()
}

/// A link from the name of an entity to another: reversible, like everything else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Link {
    /// The operation that made it.
    pub(crate) op: Id,
    /// The name at this end, as it was given.
    pub(crate) name: String,
    /// The name at the other end.
    pub(crate) other: String,
    /// Whether this name goes into the other, and not the other way round.
    pub(crate) into: bool,
    /// As those of a ledger entry.
    pub(crate) toggles: Vec<Timestamp>,
}

/// The names of one entity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Names {
    /// The one that stands for all.
    pub(crate) main: String,
    /// All of them, the main one included.
    pub(crate) all: Vec<String>,
}

/// The entries of a cell with their keys.
pub(crate) type Entries = Vec<(Key, Item)>;

/// The ledger as of a moment of record time; of now, if none is given.
pub(crate) struct Ledger<'a> {
    rows: &'a dyn Rows,
    pub(crate) ontology: Arc<Ontology>,
    as_of: Option<Timestamp>,
    /// Whether any two names were ever linked.
    linked: bool,
    /// The main names of those that were asked for, by user and name.
    main: RefCell<BTreeMap<(Option<String>, String), String>>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn open(rows: &'a dyn Rows, as_of: Option<Timestamp>) -> Result<Self> {
        let kept = rows.kept().filter(|_| as_of.is_none());
        let known = kept.and_then(|kept| kept.get()).cloned();
        let basis = known.map_or_else(|| read_basis(rows, as_of), Ok)?;
        if let Some(kept) = kept {
            kept.get_or_init(|| basis.clone());
        }
        let Basis { ontology, linked } = basis;
        Ok(Ledger { rows, ontology, as_of, linked, main: RefCell::default() })
    }

    /// The names of the entity that a name belongs to.
    pub(crate) fn names(&self, user: Option<&str>, name: &str) -> Result<Names> {
        let mut main = name.to_owned();
        if !self.linked {
            return Ok(Names { all: vec![main.clone()], main });
        }
        let links = |name: &str| -> Result<Vec<Link>> {
            let links: Vec<Link> =
                read_one(self.rows, &keys::link(hash_of_name(user, name)))?.unwrap_or_default();
            Ok(links.into_iter().filter(|link| is_in_force(&link.toggles, self.as_of)).collect())
        };
        // All names that links lead to, from any of them; each as it was given when it was linked.
        let mut all: Vec<String> = Vec::new();
        let mut found: Vec<Link> = Vec::new();
        let mut seen = BTreeSet::from([normal_name(name)]);
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            let links = links(&next)?;
            all.push(links.first().map_or(next, |link| link.name.clone()));
            open.extend(
                links
                    .iter()
                    .filter(|link| seen.insert(normal_name(&link.other)))
                    .map(|link| link.other.clone()),
            );
            found.extend(links);
        }
        main = main_of(&found).unwrap_or(main);
        let is_main = |name: &String| normal_name(name) == normal_name(&main);
        all.sort();
        all.sort_by_key(|name| !is_main(name));
        Ok(Names { main: all.first().cloned().unwrap_or_default(), all })
    }

    fn main_name(&self, user: Option<&str>, name: &str) -> Result<String> {
        if !self.linked {
            return Ok(name.to_owned());
        }
        let key = (user.map(str::to_owned), normal_name(name));
        if let Some(main) = self.main.borrow().get(&key) {
            return Ok(main.clone());
        }
        let main = self.names(user, name)?.main;
        // A name that stands alone is left as it was said.
        let main = if normal_name(&main) == key.1 { name.to_owned() } else { main };
        self.main.borrow_mut().insert(key, main.clone());
        Ok(main)
    }

    /// The entries of a place.
    pub(crate) fn cell(&self, place: &Place) -> Result<Entries> {
        let user = place.user.as_deref();
        let predicate = self.ontology.get(&place.predicate);
        let subjects = self.names(user, &place.subject)?.all;
        let filed = self.ontology.filed_names(&predicate);
        let read = |object: Option<u64>, entries: &mut Entries| -> Result<()> {
            for subject in &subjects {
                for filed in &filed {
                    let key = keys::ledger(hash_of_name(user, subject), Some(predicate_hash(filed)), object);
                    entries.extend(self.entries(&key)?);
                }
            }
            Ok(())
        };
        let mut entries = Vec::new();
        if predicate.cardinality == Cardinality::One {
            read(None, &mut entries)?;
        } else {
            let mut hashes = BTreeSet::new();
            let mut objects = vec![place.object.clone()];
            while let Some(object) = objects.pop() {
                for name in self.names(user, &object)?.all {
                    let hash = object_hash(&name);
                    if hashes.insert(hash) {
                        let known = entries.len();
                        read(Some(hash), &mut entries)?;
                        // An antonym that shares the key may have other names of its own.
                        let new = entries.iter().skip(known).filter_map(|(_, item)| item.claim());
                        objects.extend(new.filter(|_| self.linked).map(|claim| claim.object.clone()));
                    }
                }
            }
        }
        entries.sort_by_key(|(_, item): &(Key, Item)| item.id);
        entries.dedup_by_key(|(_, item)| item.id);
        Ok(entries)
    }

    /// The entries about a subject in all its names, or those of one predicate's slot.
    pub(crate) fn about(
        &self,
        user: Option<&str>,
        subject: &str,
        predicate: Option<&str>,
    ) -> Result<Entries> {
        let filed = predicate.map(|name| self.ontology.filed_names(&self.ontology.get(name)));
        let mut entries = Vec::new();
        for name in self.names(user, subject)?.all {
            let subject = hash_of_name(user, &name);
            match &filed {
                Some(filed) => {
                    for filed in filed {
                        entries.extend(self.entries(&keys::ledger(
                            subject,
                            Some(predicate_hash(filed)),
                            None,
                        ))?);
                    }
                }
                None => entries.extend(self.entries(&keys::ledger(subject, None, None))?),
            }
        }
        Ok(entries)
    }

    /// The entries under a key.
    pub(crate) fn entries(&self, prefix: &Key) -> Result<Entries> {
        let rows = join(self.rows.rows(prefix)?)?;
        rows.into_iter().map(|(key, payload)| Ok((key, decode(&payload)?))).collect()
    }

    /// Folds the entries of one place.
    pub(crate) fn fold(&self, place: &Place, entries: &[(Key, Item)], now: Timestamp) -> Result<Cell> {
        let items: Vec<&Item> = entries.iter().map(|(_, item)| item).collect();
        self.fold_items(&self.ontology.get(&place.predicate), &items, now)
    }

    pub(crate) fn fold_items(&self, predicate: &Predicate, items: &[&Item], now: Timestamp) -> Result<Cell> {
        let user = items.iter().find_map(|item| item.claim()?.scope.user.as_deref());
        let mut main: BTreeMap<&str, String> = BTreeMap::new();
        if self.linked {
            for claim in items.iter().filter_map(|item| item.claim()) {
                for name in
                    [Some(&claim.subject), Some(&claim.object), claim.holder.as_ref()].into_iter().flatten()
                {
                    main.insert(name, self.main_name(user, name)?);
                }
            }
        }
        let name_of = |name: &str| main.get(name).cloned().unwrap_or_else(|| name.to_owned());
        let rules = Rules { ontology: &self.ontology, predicate, name_of: &name_of };
        Ok(fold(items, &rules, self.as_of, now))
    }

    /// Parts entries about subjects of one entity into cells, each with its place.
    pub(crate) fn parted(&self, entries: Entries) -> Result<Vec<(Place, Vec<Item>)>> {
        let mut cells: BTreeMap<(String, String), (Place, Vec<Item>)> = BTreeMap::new();
        let mut rulings: Vec<Item> = Vec::new();
        let mut cell_of: BTreeMap<Id, (String, String)> = BTreeMap::new();
        for (_, item) in entries {
            let What::Claim(claim) = &item.what else {
                rulings.push(item);
                continue;
            };
            let predicate = self.ontology.get(&claim.predicate);
            let object = match predicate.cardinality {
                Cardinality::One => String::new(),
                Cardinality::Many => {
                    Object::of(&self.main_name(claim.scope.user.as_deref(), &claim.object)?).key()
                }
            };
            let cell = (predicate.slot.clone(), object);
            cell_of.extend([claim.id, claim.atom].map(|id| (id, cell.clone())));
            let place = Place::of(claim);
            cells.entry(cell).or_insert_with(|| (place, Vec::new())).1.push(item);
        }
        // A ruling is of the cell of a claim or an atom that it names.
        for ruling in rulings {
            let named = ruling.ruling().map(Ruling::names).unwrap_or_default();
            let cell = named.iter().find_map(|id| cell_of.get(id));
            if let Some((_, items)) = cell.and_then(|cell| cells.get_mut(cell)) {
                items.push(ruling);
            }
        }
        let mut cells: Vec<(Place, Vec<Item>)> = cells.into_values().collect();
        cells.iter_mut().for_each(|(_, items)| items.sort_by_key(|item| item.id));
        Ok(cells)
    }
}

/// The name that stands for all: where the newest link leads, and the links from there.
fn main_of(links: &[Link]) -> Option<String> {
    let out: Vec<&Link> = links.iter().filter(|link| link.into).collect();
    let mut main = &out.iter().max_by_key(|link| link.op)?.other;
    let mut passed = BTreeSet::new();
    while passed.insert(normal_name(main)) {
        let here = out.iter().filter(|link| normal_name(&link.name) == normal_name(main));
        match here.max_by_key(|link| link.op) {
            Some(link) => main = &link.other,
            None => break,
        }
    }
    Some(main.clone())
}

/// The row that is there once any two names were linked.
pub(crate) fn links_mark() -> Key {
    keys::link(0)
}

/// A payload that may take several rows.
pub(crate) fn read_one<T: serde::de::DeserializeOwned>(rows: &dyn Rows, key: &Key) -> Result<Option<T>> {
    join(rows.rows(key)?)?.pop().map(|(_, payload)| decode(&payload)).transpose()
}
