//! Entities: which names belong to one, and how they are merged and parted.

use std::collections::BTreeSet;

use super::settle::{Effect, LinkEnds, Operation, open_all};
use crate::error::{Code, Error, Result};
use crate::limits::TERM_BYTES_MAX;
use crate::model::{Cardinality, check_text};
use crate::observe::{Cause, Verb};
use crate::storage::{encode, keys};
use crate::tenancy::{
    Access, Ledger, Link, Place, Tenant, Write, filed, hash_of_name, hash_of_object, links_mark, read_one,
};
use crate::truth::{Object, normal_name};

impl Tenant {
    /// Says that two names are one entity, of which `keep` is the main name: facts about either are judged and read as
    /// one. Either may be a name of which nothing is known yet: an alias. Names are those of the handle's user.
    ///
    /// Names are compared without regard to case, white space and compatibility forms, and without a title (Dr., Prof.)
    /// before a whole name. Two people of one name are kept apart by naming them apart: "Alex (gym)", "Alex (work)".
    ///
    /// ```
    /// use ebbmark::{FactQuery, NewFact, Options, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.assert_fact(NewFact::new("Alex (gym)", "likes", "tea"))?;
    /// tenant.assert_fact(NewFact::new("Alex (work)", "lives_in", "Porto"))?;
    /// let merge = tenant.merge_entities("Alex (work)", "Alex (gym)")?;
    /// assert_eq!(tenant.facts(&FactQuery::about("Alex (work)"))?.len(), 2);
    /// tenant.undo(merge.operation.unwrap_or_default())?;
    /// assert_eq!(tenant.facts(&FactQuery::about("Alex (work)"))?.len(), 1);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `entity.same` if they are one already; `text.*`; `access.denied`.
    pub fn merge_entities(&self, keep: &str, gone: &str) -> Result<Effect> {
        self.call(Verb::MergeEntities, |_| self.merge(keep, gone))
    }

    fn merge(&self, keep: &str, gone: &str) -> Result<Effect> {
        self.require(Access::ReadWrite)?;
        let keep = self.own_name(check_text("a name", keep, TERM_BYTES_MAX)?);
        let gone = self.own_name(check_text("a name", gone, TERM_BYTES_MAX)?);
        let user = self.scope().user.clone();
        let effect = self.write(Cause::Merge, |write| {
            let (kept, merged) = {
                let ledger = Ledger::open(write, None)?;
                (ledger.names(user.as_deref(), &keep)?, ledger.names(user.as_deref(), &gone)?)
            };
            let hash = |name: &str| hash_of_name(user.as_deref(), name);
            if hash(&kept.main) == hash(&merged.main) {
                return Err(Error::draft(Code::EntitySame, "an entity would be merged with itself")
                    .got("two names of one entity")
                    .expected("names of two entities")
                    .remedy("nothing is to be done: they are one"));
            }
            let id = self.common().next_id();
            // The names are linked as they were given, so that undoing another merge parts what it joined, and no more.
            let ends = LinkEnds { user: user.clone(), gone: gone.clone(), keep: keep.clone(), op: id };
            let places = places_of_both(write, &ends)?;
            let before = open_all(write, &places)?;
            put_link(write, &ends)?;
            Operation { links: vec![ends], ..Operation::new(write) }.put(write, id)?;
            Ok(Effect::of(Some(id), self.settle_or_defer(write, before)?))
        })?;
        self.settle_deferred(Cause::Merge, None, effect)
    }
}

/// The places of all claims that speak of one of two entities.
pub(super) fn places_of_both(write: &Write<'_>, ends: &LinkEnds) -> Result<Vec<Place>> {
    let user = ends.user.as_deref();
    let mut names = BTreeSet::new();
    let ledger = Ledger::open(write, None)?;
    for name in [&ends.gone, &ends.keep] {
        names.insert(name.clone());
        names.extend(ledger.names(user, name)?.all);
    }
    one_a_cell(write, places_of(write, user, &names.into_iter().collect::<Vec<_>>())?)
}

/// One place of each cell.
fn one_a_cell(write: &Write<'_>, places: Vec<Place>) -> Result<Vec<Place>> {
    let ledger = Ledger::open(write, None)?;
    let mut seen = BTreeSet::new();
    let new = |place: &Place| {
        let predicate = ledger.ontology.get(&place.predicate);
        let object = match predicate.cardinality {
            Cardinality::One => String::new(),
            Cardinality::Many => Object::of(&place.object).key(),
        };
        seen.insert((place.user.clone(), normal_name(&place.subject), predicate.slot.clone(), object))
    };
    Ok(places.into_iter().filter(new).collect())
}

/// The places of all claims in which a name is a subject or an object.
fn places_of(write: &Write<'_>, user: Option<&str>, names: &[String]) -> Result<Vec<Place>> {
    let ledger = Ledger::open(write, None)?;
    let mut places = BTreeSet::new();
    for name in names {
        let hash = hash_of_name(user, name);
        let about = ledger.entries(&keys::ledger(hash, None, None))?;
        places.extend(about.iter().filter_map(|(_, item)| item.claim()).map(Place::of));
        for (key, _) in write.scan(&keys::filed_under(filed::OBJECT, hash_of_object(user, name)))? {
            let slot = key.last_slot().unwrap_or(0);
            let stored = write.stored(slot)?;
            let Some(place) = stored.as_ref().and_then(|stored| stored.record.as_atom()).map(Place::of_atom)
            else {
                continue;
            };
            // Claims of one atom may be filed in several places.
            let claims = ledger.cell(&place)?;
            places.extend(claims.iter().filter_map(|(_, item)| item.claim()).map(Place::of));
        }
    }
    Ok(places.into_iter().collect())
}

/// The two ends of a link, each with its name.
fn ends_of(ends: &LinkEnds) -> [(&str, &str, bool); 2] {
    [(&ends.gone, &ends.keep, true), (&ends.keep, &ends.gone, false)]
}

fn put_link(write: &mut Write<'_>, ends: &LinkEnds) -> Result<()> {
    write.put(links_mark(), &[]);
    for (name, other, into) in ends_of(ends) {
        let key = keys::link(hash_of_name(ends.user.as_deref(), name));
        let mut links: Vec<Link> = read_one(write, &key)?.unwrap_or_default();
        let toggles = vec![write.now()];
        links.push(Link { op: ends.op, name: name.to_owned(), other: other.to_owned(), into, toggles });
        write.put_split(&key, &encode(&links)?)?;
    }
    Ok(())
}

/// Puts a link out of force, or into it again.
pub(super) fn toggle_link(write: &mut Write<'_>, ends: &LinkEnds) -> Result<()> {
    for (name, ..) in ends_of(ends) {
        let key = keys::link(hash_of_name(ends.user.as_deref(), name));
        let mut links: Vec<Link> = read_one(write, &key)?.unwrap_or_default();
        let now = write.now();
        links.iter_mut().filter(|link| link.op == ends.op).for_each(|link| link.toggles.push(now));
        write.put_split(&key, &encode(&links)?)?;
    }
    Ok(())
}
