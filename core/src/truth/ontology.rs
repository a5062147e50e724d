//! What is known of predicates: the built-in ones, and those that a tenant defined over them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use super::predicates::{BUILT_IN, Trait};
use super::value::normal_predicate;
use crate::error::{Code, Error, Result};
use crate::model::{Cardinality, Predicate};

/// The built-in predicates with their indexes.
struct BuiltIns {
    all: Vec<Arc<Predicate>>,
    by_name: HashMap<String, usize>,
    by_slot: HashMap<String, Vec<usize>>,
}

static BUILT_INS: LazyLock<BuiltIns> = LazyLock::new(|| {
    let all: Vec<Arc<Predicate>> = BUILT_IN.iter().map(|data| Arc::new(built_in(data))).collect();
    let mut by_name = HashMap::new();
    let mut by_slot: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, predicate) in all.iter().enumerate() {
        by_name.extend(names(predicate).map(|name| (name.clone(), at)));
        by_slot.entry(predicate.slot.clone()).or_default().push(at);
    }
    BuiltIns { all, by_name, by_slot }
});

fn built_in(data: &super::predicates::BuiltIn) -> Predicate {
    let mut names = data.names.split(' ').map(str::to_owned);
    let name = names.next().unwrap_or_default();
    let mut predicate = match data.cardinality {
        Cardinality::One => Predicate::one(name),
        Cardinality::Many => Predicate::many(name),
    };
    predicate.aliases = names.collect();
    predicate.kind = data.kind;
    for &more in data.more {
        predicate = match more {
            Trait::Slot(slot) => predicate.slot(slot),
            Trait::Opposite(name) => predicate.opposite(name),
            Trait::Inverse(name) => predicate.inverse(name),
            Trait::Symmetric => predicate.symmetric(),
            Trait::Rank(rank) => predicate.rank(rank),
            Trait::Bound(bound) => predicate.confidence_max(bound),
            Trait::Immutable => predicate.immutable(),
        };
    }
    predicate
}

fn names(predicate: &Predicate) -> impl Iterator<Item = &String> {
    std::iter::once(&predicate.name).chain(&predicate.aliases)
}

/// The name that claims of a predicate are filed under; it never depends on what a tenant defines.
pub(crate) fn filed_name(name: &str) -> String {
    let name = normal_predicate(name);
    let known = BUILT_INS.by_name.get(&name).and_then(|&at| BUILT_INS.all.get(at));
    known.map_or(name, |predicate| predicate.name.clone())
}

/// The names of all built-in predicates, each with the name that its claims are filed by.
pub(crate) fn built_in_names() -> impl Iterator<Item = (String, String)> {
    BUILT_INS.all.iter().flat_map(|known| names(known).map(|name| (name.clone(), filed_name(name))))
}

/// The predicates that a tenant goes by: its own definitions, then the built-in ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ontology {
    defined: Vec<Arc<Predicate>>,
}

impl Ontology {
    pub(crate) fn new(defined: Vec<Predicate>) -> Self {
        Ontology { defined: defined.into_iter().map(Arc::new).collect() }
    }

    /// The predicate of a name in any spelling; `None` if nobody defined it.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Predicate>> {
        let name = normal_predicate(name);
        let defined = self.defined.iter().find(|predicate| names(predicate).any(|known| *known == name));
        defined.or_else(|| {
            let built_in = BUILT_INS.by_name.get(&name).and_then(|&at| BUILT_INS.all.get(at))?;
            // The other names of a built-in predicate that was redefined are those of its new definition.
            Some(self.defined.iter().find(|own| own.name == built_in.name).unwrap_or(built_in))
        })
    }

    /// The predicate of a name; an unknown one may have many values, so that it never destroys anything.
    pub(crate) fn get(&self, name: &str) -> Arc<Predicate> {
        self.find(name).cloned().unwrap_or_else(|| Arc::new(Predicate::many(normal_predicate(name))))
    }

    /// The predicates of a slot.
    pub(crate) fn slot<'a>(&'a self, slot: &'a str) -> impl Iterator<Item = &'a Arc<Predicate>> {
        let built_in = BUILT_INS.by_slot.get(slot).into_iter().flatten();
        let built_in = built_in.filter_map(|&at| BUILT_INS.all.get(at));
        let replaced = |known: &Predicate| self.defined.iter().any(|own| own.name == known.name);
        let own = self.defined.iter().filter(move |own| own.slot == slot);
        own.chain(built_in.filter(move |known| !replaced(known)))
    }

    /// The names that claims of a predicate's slot are filed under.
    pub(crate) fn filed_names(&self, predicate: &Predicate) -> Vec<String> {
        let mut filed: Vec<String> =
            self.slot(&predicate.slot).flat_map(|known| names(known)).map(|name| filed_name(name)).collect();
        filed.push(filed_name(&predicate.name));
        filed.sort_unstable();
        filed.dedup();
        filed
    }

    /// Checks a definition against the others, and gives it in normal form with its version.
    ///
    /// # Errors
    /// `predicate.contradicts`: nothing may be defined that another definition rules out.
    pub(crate) fn checked(&self, mut new: Predicate) -> Result<Predicate> {
        new.name = normal_predicate(&new.name);
        new.slot = normal_predicate(&new.slot);
        for name in new.aliases.iter_mut().chain(&mut new.opposites).chain(&mut new.inverse) {
            *name = normal_predicate(name);
        }
        new.version =
            self.find(&new.name).filter(|old| old.name == new.name).map_or(1, |old| old.version + 1);
        if !(0.0..=1.0).contains(&new.confidence_max) {
            return Err(contradicts("a confidence bound is out of range", new.confidence_max, "0 to 1"));
        }
        if new.stability_days.is_some_and(|days| !days.is_finite() || days <= 0.0) {
            let days = new.stability_days.unwrap_or(0.0);
            return Err(contradicts("a stability is not a time", days, "days above 0"));
        }
        self.check_names(&new)?;
        self.check_slot(&new)?;
        self.check_inverse(&new)?;
        self.check_those_that_name(&new)?;
        Ok(new)
    }

    /// Checks a definition against those that named it before it was there.
    fn check_those_that_name(&self, new: &Predicate) -> Result<()> {
        for other in self.defined.iter().filter(|other| other.name != new.name) {
            if other.inverse.as_ref() == Some(&new.name) && other.cardinality != new.cardinality {
                let got = format!("{:?}", new.cardinality);
                let expected =
                    format!("{:?}, as '{}', which it is the inverse of", other.cardinality, other.name);
                return Err(contradicts("an inverse has another cardinality", got, expected));
            }
            if other.opposites.contains(&new.name) && other.slot != new.slot {
                let expected = format!("the slot '{}', as its opposite '{}'", other.slot, other.name);
                let got = format!("the slot '{}'", new.slot);
                return Err(contradicts("an opposite is judged in another slot", got, expected));
            }
        }
        Ok(())
    }

    fn check_names(&self, new: &Predicate) -> Result<()> {
        let mut seen = HashSet::new();
        for name in names(new) {
            let other = self.find(name).filter(|other| other.name != new.name);
            if let Some(other) = other {
                let got = format!("'{name}', a name of '{}'", other.name);
                return Err(contradicts("a name belongs to another predicate", got, "a name of its own"));
            }
            if name.is_empty() || !seen.insert(name) {
                return Err(contradicts("a name is empty or given twice", name, "different names"));
            }
        }
        Ok(())
    }

    fn check_slot(&self, new: &Predicate) -> Result<()> {
        for other in self.slot(&new.slot).filter(|other| other.name != new.name) {
            if other.cardinality != new.cardinality {
                let expected = format!("{:?}, as '{}'", other.cardinality, other.name);
                let got = format!("{:?}", new.cardinality);
                return Err(contradicts("predicates of one slot differ in cardinality", got, expected));
            }
            if new.rank.is_some() && other.rank == new.rank {
                let got = format!("rank {} of '{}' and '{}'", new.rank.unwrap_or(0), new.name, other.name);
                return Err(contradicts("a progression goes in a circle", got, "a rank of its own"));
            }
        }
        for opposite in &new.opposites {
            let known = self.find(opposite);
            if *opposite == new.name {
                return Err(contradicts("a predicate is its own opposite", opposite, "another predicate"));
            }
            if known.is_some_and(|known| known.slot != new.slot) {
                let expected = format!("one of the slot '{}'", new.slot);
                return Err(contradicts("an opposite is judged in another slot", opposite, expected));
            }
            if known.is_some_and(|known| known.rank.is_some() && new.rank.is_some()) {
                return Err(contradicts(
                    "a step of a progression is opposed to another",
                    opposite,
                    "no opposite",
                ));
            }
        }
        Ok(())
    }

    fn check_inverse(&self, new: &Predicate) -> Result<()> {
        let Some(inverse) = &new.inverse else { return Ok(()) };
        if new.symmetric || *inverse == new.name {
            return Err(contradicts(
                "a predicate has an inverse and is symmetric",
                inverse,
                "one of the two",
            ));
        }
        match self.find(inverse) {
            Some(other) if other.inverse.as_ref().is_some_and(|back| *back != new.name) => {
                let got = format!("'{inverse}', the inverse of another");
                Err(contradicts("an inverse belongs to another predicate", got, "an inverse of its own"))
            }
            Some(other) if other.cardinality != new.cardinality => {
                let got = format!("'{inverse}' with cardinality {:?}", other.cardinality);
                let expected = format!("cardinality {:?}", new.cardinality);
                Err(contradicts("an inverse has another cardinality", got, expected))
            }
            _ => Ok(()),
        }
    }
}

fn contradicts(what: &str, got: impl std::fmt::Display, expected: impl Into<String>) -> Error {
    Error::draft(Code::PredicateContradicts, what)
        .got(got)
        .expected(expected)
        .remedy("correct the definition; nothing was defined")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The promise: the data agree with the rules that a definition must pass, and no name means two things.
    #[test]
    fn every_built_in_predicate_fits_the_others() {
        assert!(BUILT_INS.all.len() >= 120, "{} predicates", BUILT_INS.all.len());
        let count: usize = BUILT_INS.all.iter().map(|predicate| names(predicate).count()).sum();
        assert_eq!(BUILT_INS.by_name.len(), count, "a name means two things");
        let ontology = Ontology::default();
        for predicate in &BUILT_INS.all {
            let checked = ontology.checked(Predicate::clone(predicate));
            assert!(checked.is_ok(), "{}: {checked:?}", predicate.name);
            for other in predicate.opposites.iter().chain(&predicate.inverse) {
                let known = ontology.find(other).expect(other);
                let back = known.opposites.contains(&predicate.name)
                    || known.inverse.as_ref() == Some(&predicate.name);
                assert!(back, "{} names {other}, which does not name it", predicate.name);
            }
        }
    }
}
