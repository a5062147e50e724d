//! Groups: the claims of a cell that say the same, and what two groups are to one another.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::item::{Item, Ruling};
use super::ontology::Ontology;
use super::value::{Object, normal, normal_name};
use crate::model::{Cardinality, Claim, Clash, Id, Kind, Predicate, Provenance, Timestamp, Trust};

/// What the fold of a cell goes by.
pub(crate) struct Rules<'a> {
    pub(crate) ontology: &'a Ontology,
    /// The predicate that was asked for; its slot decides the cardinality.
    pub(crate) predicate: &'a Predicate,
    /// The name that stands for all names of an entity.
    pub(crate) name_of: &'a dyn Fn(&str) -> String,
}

/// Claims compete only within a lane: of one situation, one mind, and one degree of seriousness.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lane {
    contexts: Vec<String>,
    holder: Option<String>,
    supposed: bool,
}

/// What claims of a cell can differ in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value {
    /// The predicate, where those of the slot exclude one another.
    stance: Option<String>,
    negated: bool,
    object: Object,
}

/// The claims of a cell that say the same.
#[derive(Clone, Debug)]
pub(super) struct Group<'a> {
    pub(super) lane: Lane,
    pub(super) value: Value,
    pub(super) predicate: Arc<Predicate>,
    /// Its claims in the order of their ids.
    pub(super) claims: Vec<Member<'a>>,
    /// The situations that a ruling has put it in.
    pub(super) narrowed: Option<Vec<String>>,
}

/// A claim in its group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    pub(super) claim: &'a Claim,
    pub(super) recorded_at: Timestamp,
    /// When it was taken back, if it was.
    pub(super) withdrawn: Option<Timestamp>,
}

/// What a value is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Both may hold.
    Independent,
    /// The first says more of the same.
    Refines,
    /// The first says less of the same.
    Refined,
    /// Both cannot hold.
    Excludes(Clash),
}

impl Group<'_> {
    pub(super) fn holds_claim_of(&self, atom: Id) -> bool {
        self.claims.iter().any(|member| member.claim.atom == atom)
    }

    /// The claims that were not taken back.
    pub(super) fn standing_claims(&self) -> impl Iterator<Item = &Member<'_>> {
        self.claims.iter().filter(|member| member.withdrawn.is_none())
    }

    /// How far its best source is trusted.
    pub(super) fn trust(&self) -> Trust {
        self.standing_claims().map(|member| member.claim.trust).max().unwrap_or_default()
    }

    pub(super) fn is_denial(&self) -> bool {
        self.value.negated
    }

    pub(super) fn is_supposed(&self) -> bool {
        self.lane.supposed
    }

    /// What this group is to another of its lane, in a slot of a cardinality.
    pub(super) fn relation(&self, other: &Group<'_>, cardinality: Cardinality) -> Relation {
        let (a, b) = (&self.value, &other.value);
        if a == b {
            return Relation::Independent;
        }
        if a.negated != b.negated {
            let (denied, said) = if a.negated { (a, b) } else { (b, a) };
            let denies = said.stance == denied.stance
                && (said.object == denied.object || said.object.refines(&denied.object));
            return if denies { Relation::Excludes(Clash::Negation) } else { Relation::Independent };
        }
        if a.negated {
            return Relation::Independent;
        }
        if a.stance != b.stance {
            return self.relation_of_stances(other);
        }
        if a.object.refines(&b.object) {
            return Relation::Refines;
        }
        if b.object.refines(&a.object) {
            return Relation::Refined;
        }
        let exclude = cardinality == Cardinality::One || a.object.is_antonym_of(&b.object);
        if exclude { Relation::Excludes(Clash::Value) } else { Relation::Independent }
    }

    fn relation_of_stances(&self, other: &Group<'_>) -> Relation {
        let related = self.value.object == other.value.object
            || self.value.object.refines(&other.value.object)
            || other.value.object.refines(&self.value.object);
        let opposed = self.predicate.opposites.contains(&other.predicate.name)
            || other.predicate.opposites.contains(&self.predicate.name);
        if !related {
            Relation::Independent
        } else if opposed {
            Relation::Excludes(Clash::Opposite)
        } else if self.predicate.rank.is_some() && other.predicate.rank.is_some() {
            Relation::Excludes(Clash::Progression)
        } else {
            Relation::Independent
        }
    }
}

/// The groups of what is in force in a cell at a moment of record time, in the order of their first claims.
pub(super) fn groups<'a>(items: &[&'a Item], as_of: Option<Timestamp>, rules: &Rules<'_>) -> Vec<Group<'a>> {
    let in_force: Vec<&'a Item> = items.iter().copied().filter(|item| item.is_in_force(as_of)).collect();
    let rulings: Vec<(&Ruling, Timestamp)> =
        in_force.iter().filter_map(|item| Some((item.ruling()?, item.recorded_at()))).collect();
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: BTreeMap<(Lane, Value), usize> = BTreeMap::new();
    for item in in_force {
        let Some(claim) = item.claim() else { continue };
        let withdrawn = rulings.iter().find_map(|(ruling, at)| match ruling {
            Ruling::Withdraw(claims) if claims.contains(&claim.id) => Some(*at),
            _ => None,
        });
        let member = Member { claim, recorded_at: item.recorded_at(), withdrawn };
        let alone = group_of(member, rules);
        let place = *places.entry((alone.lane.clone(), alone.value.clone())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.claims.extend(alone.claims),
            None => groups.push(alone),
        }
    }
    rulings.iter().for_each(|(ruling, _)| apply(&mut groups, ruling));
    groups.iter_mut().for_each(|group| group.claims.sort_by_key(|member| member.claim.id));
    groups.sort_by_key(|group| group.claims.first().map(|member| member.claim.id));
    groups
}

fn group_of<'a>(member: Member<'a>, rules: &Rules<'_>) -> Group<'a> {
    let claim = member.claim;
    let predicate = rules.ontology.get(&claim.predicate);
    let excluding = !predicate.opposites.is_empty() || predicate.rank.is_some();
    let supposed = claim.kind == Some(Kind::Hypothesis);
    Group {
        lane: Lane {
            contexts: sorted(&claim.contexts),
            holder: claim.holder.as_deref().map(|holder| normal_name(&(rules.name_of)(holder))),
            supposed,
        },
        value: Value {
            stance: excluding.then(|| predicate.name.clone()),
            negated: claim.negated,
            object: Object::of(&(rules.name_of)(&claim.object)),
        },
        predicate,
        claims: vec![member],
        narrowed: None,
    }
}

/// Puts a group to the one that says the same, if there is one.
fn join<'a>(groups: &mut Vec<Group<'a>>, group: Group<'a>) {
    let same = groups.iter_mut().find(|known| known.lane == group.lane && known.value == group.value);
    match same {
        Some(known) => known.claims.extend(group.claims),
        None => groups.push(group),
    }
}

fn apply(groups: &mut Vec<Group<'_>>, ruling: &Ruling) {
    let place = |groups: &[Group<'_>], atom: Id| groups.iter().position(|group| group.holds_claim_of(atom));
    match ruling {
        Ruling::Narrow { atom, contexts } => {
            let Some(at) = place(groups, *atom) else { return };
            let mut group = groups.swap_remove(at);
            group.lane.contexts = sorted(contexts);
            group.narrowed = Some(contexts.clone());
            join(groups, group);
        }
        Ruling::Same { keep, other } => {
            let (Some(_), Some(at)) = (place(groups, *keep), place(groups, *other)) else { return };
            let group = groups.swap_remove(at);
            match place(groups, *keep).and_then(|at| groups.get_mut(at)) {
                Some(kept) => kept.claims.extend(group.claims),
                None => groups.push(group),
            }
        }
        Ruling::Withdraw(_) | Ruling::Prefer { .. } => {}
    }
}

fn sorted(contexts: &[String]) -> Vec<String> {
    let mut contexts: Vec<String> = contexts.iter().map(|context| normal(context)).collect();
    contexts.sort_unstable();
    contexts.dedup();
    contexts
}

/// How strong a claim is at a moment. Fields are compared in their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Strength {
    /// Where its beginning is not known, its end: what only ended once fills the time that nothing else takes, what
    /// ended sooner first.
    pub(super) begun: Option<Reverse<Timestamp>>,
    pub(super) trust: Trust,
    pub(super) provenance: Provenance,
    pub(super) rank: u8,
    pub(super) newness: Newness,
    pub(super) confidence: f32,
}

/// From when a claim holds; claims without a date of their own that were made at one moment follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Newness {
    pub(super) from: Timestamp,
    pub(super) sequence: Id,
}
