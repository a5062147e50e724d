//! `define_predicate`: what a tenant knows of a relation, over what is built in.

use std::collections::BTreeSet;

use super::settle::{Definition, Effect, Operation, open_all};
use crate::error::{Code, Error, Result};
use crate::limits::{PREDICATES_MAX, TERM_BYTES_MAX};
use crate::model::{Predicate, check_text};
use crate::storage::{Table, encode, keys};
use crate::tenancy::{Access, Ledger, Place, Tenant, Write, read_one};
use crate::truth::Ontology;

impl Tenant {
    /// Defines a predicate, or defines it anew; what is known of it is judged again. A built-in one may be redefined.
    ///
    /// ```
    /// use ebbmark::{Access, NewFact, Options, Outcome, Predicate, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant_with_access("acme", Access::Admin)?;
    /// tenant.define_predicate(Predicate::one("desk").alias("sits_at"))?;
    /// tenant.assert_fact(NewFact::new("Mara", "desk", "4-12"))?;
    /// let moved = tenant.assert_fact(NewFact::new("Mara", "sits at", "5-01"))?;
    /// assert_eq!(moved.outcome, Outcome::Superseded);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `predicate.contradicts` for a name that belongs to another, opposites or ranks in different slots or of one
    /// rank, an inverse of another cardinality, a bound out of range; `text.*`; `range.invalid` beyond 1,000
    /// definitions; `access.denied` below [`Access::Admin`].
    pub fn define_predicate(&self, predicate: Predicate) -> Result<Effect> {
        self.require(Access::Admin)?;
        let names = std::iter::once(&predicate.name).chain(&predicate.aliases).chain([&predicate.slot]);
        for name in names.chain(&predicate.opposites).chain(&predicate.inverse) {
            check_text("a predicate", name, TERM_BYTES_MAX)?;
        }
        let effect = self.write(|write| {
            let defined: Vec<Predicate> = read_one(write, &keys::predicates())?.unwrap_or_default();
            let ontology = Ontology::new(defined.clone());
            let new = ontology.checked(predicate)?;
            let before = defined.iter().find(|known| known.name == new.name).cloned();
            if before.is_none() && defined.len() >= PREDICATES_MAX {
                return Err(Error::draft(Code::RangeInvalid, "a tenant has too many predicates of its own")
                    .got(defined.len())
                    .expected(format!("at most {PREDICATES_MAX}"))
                    .remedy("give a predicate aliases instead"));
            }
            let mut filed: BTreeSet<String> = ontology.filed_names(&new).into_iter().collect();
            filed.extend(ontology.filed_names(&ontology.get(&new.name)));
            filed.extend(new.aliases.iter().map(|alias| crate::truth::filed_name(alias)));
            let places = places_of(write, &filed)?;
            let opened = open_all(write, &places)?;
            let definition = Definition { name: new.name.clone(), before, after: Some(new) };
            put(write, &definition)?;
            let id = self.context().next_id();
            Operation { definition: Some(definition), places, ..Operation::new(write) }.put(write, id)?;
            Ok(Effect::of(Some(id), self.settle_or_defer(write, opened)?))
        })?;
        self.settle_deferred(effect)
    }

    /// What is known of a predicate, by any of its names; `None` if nobody defined it: it may then have many values.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn predicate(&self, name: &str) -> Result<Option<Predicate>> {
        let snapshot = self.snapshot()?;
        Ok(Ledger::open(&snapshot, None)?.ontology.find(name).cloned())
    }
}

/// The places of all claims that are filed under one of the names.
fn places_of(write: &Write<'_>, filed: &BTreeSet<String>) -> Result<Vec<Place>> {
    let ledger = Ledger::open(write, None)?;
    let entries = ledger.entries(&keys::table(Table::Ledger))?;
    let claims = entries.iter().filter_map(|(_, item)| item.claim());
    let places: BTreeSet<Place> = claims
        .filter(|claim| filed.contains(&crate::truth::filed_name(&claim.predicate)))
        .map(Place::of)
        .collect();
    Ok(places.into_iter().collect())
}

/// Puts a definition into force.
pub(super) fn put(write: &mut Write<'_>, definition: &Definition) -> Result<()> {
    let mut defined: Vec<Predicate> = read_one(write, &keys::predicates())?.unwrap_or_default();
    defined.retain(|known| known.name != definition.name);
    defined.extend(definition.after.clone());
    write.put_split(&keys::predicates(), &encode(&defined)?)
}

/// The definition that undoes one.
pub(super) fn reversed(definition: &Definition) -> Definition {
    Definition {
        name: definition.name.clone(),
        before: definition.after.clone(),
        after: definition.before.clone(),
    }
}
