//! `define_predicate`: what a tenant knows of a relation, over what is built in.

use std::collections::BTreeSet;

use super::settle::{Effect, Operation, open_all};
use crate::error::{Code, Error, Result};
use crate::limits::{PREDICATES_MAX, TERM_BYTES_MAX};
use crate::model::{Id, Predicate, check_text};
use crate::observe::{Cause, Verb};
use crate::storage::{Table, encode, keys};
use crate::tenancy::{Access, Definition, Ledger, Place, Tenant, Write, defined, read_one};
use crate::truth::{Ontology, filed_name};

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
        self.call(Verb::DefinePredicate, |_| self.define(predicate))
    }

    fn define(&self, predicate: Predicate) -> Result<Effect> {
        self.require(Access::Admin)?;
        let names = std::iter::once(&predicate.name).chain(&predicate.aliases).chain([&predicate.slot]);
        for name in names.chain(&predicate.opposites).chain(&predicate.inverse) {
            check_text("a predicate", name, TERM_BYTES_MAX)?;
        }
        let effect = self.write(Cause::Define, |write| {
            let mut definitions: Vec<Definition> = read_one(write, &keys::predicates())?.unwrap_or_default();
            let ontology = Ontology::new(defined(definitions.clone(), None));
            let new = ontology.checked(predicate)?;
            if definitions.len() >= PREDICATES_MAX {
                return Err(Error::draft(
                    Code::RangeInvalid,
                    "a tenant has too many definitions of predicates",
                )
                .got(definitions.len())
                .expected(format!("at most {PREDICATES_MAX}, replaced ones included"))
                .remedy("give a predicate aliases instead"));
            }
            let filed = filed_by(&ontology, &new);
            let places = places_of(write, &filed)?;
            let opened = open_all(write, &places)?;
            let id = self.common().next_id();
            definitions.push(Definition { op: id, predicate: new, toggles: vec![write.now()] });
            write.put_split(&keys::predicates(), &encode(&definitions)?)?;
            Operation { definition: Some(id), ..Operation::new(write) }.put(write, id)?;
            Ok(Effect::of(Some(id), self.settle_or_defer(write, opened)?))
        })?;
        self.settle_deferred(Cause::Define, None, effect)
    }

    /// What is known of a predicate, by any of its names; `None` if nobody defined it: it may then have many values.
    ///
    /// # Errors
    /// Those of reading the store.
    pub fn predicate(&self, name: &str) -> Result<Option<Predicate>> {
        self.call(Verb::Predicate, |_| self.known_predicate(name))
    }

    fn known_predicate(&self, name: &str) -> Result<Option<Predicate>> {
        let snapshot = self.snapshot()?;
        Ok(Ledger::open(&snapshot, None)?.ontology.find(name).map(|known| Predicate::clone(known)))
    }
}

/// The names that claims are filed under which a definition concerns, among the predicates that it changes.
fn filed_by(ontology: &Ontology, new: &Predicate) -> BTreeSet<String> {
    let mut filed: BTreeSet<String> = ontology.filed_names(new).into_iter().collect();
    filed.extend(ontology.filed_names(&ontology.get(&new.name)));
    filed.extend(new.aliases.iter().map(|alias| filed_name(alias)));
    filed
}

/// The places of all claims that a definition concerns.
pub(super) fn places_of_definition(write: &Write<'_>, op: Id) -> Result<Vec<Place>> {
    let definitions: Vec<Definition> = read_one(write, &keys::predicates())?.unwrap_or_default();
    let Some(definition) = definitions.iter().find(|known| known.op == op) else { return Ok(Vec::new()) };
    let now = Ontology::new(defined(definitions.clone(), None));
    let without = definitions.iter().filter(|known| known.op != op).cloned().collect();
    let mut filed = filed_by(&now, &definition.predicate);
    filed.extend(filed_by(&Ontology::new(defined(without, None)), &definition.predicate));
    places_of(write, &filed)
}

/// The places of all claims that are filed under one of the names.
fn places_of(write: &Write<'_>, filed: &BTreeSet<String>) -> Result<Vec<Place>> {
    let ledger = Ledger::open(write, None)?;
    let entries = ledger.entries(&keys::table(Table::Ledger))?;
    let claims = entries.iter().filter_map(|(_, item)| item.claim());
    let places: BTreeSet<Place> =
        claims.filter(|claim| filed.contains(&filed_name(&claim.predicate))).map(Place::of).collect();
    Ok(places.into_iter().collect())
}

/// Puts a definition out of force, or into it again.
pub(super) fn toggle(write: &mut Write<'_>, op: Id) -> Result<()> {
    let mut definitions: Vec<Definition> = read_one(write, &keys::predicates())?.unwrap_or_default();
    let now = write.now();
    definitions.iter_mut().filter(|known| known.op == op).for_each(|known| known.toggles.push(now));
    write.put_split(&keys::predicates(), &encode(&definitions)?)
}
