//! The fold of a cell: from its ledger to its atoms and conflicts. A pure function of what is in force, so that the
//! order of arrival does not matter, and taking an entry out takes back all that it did.

use std::collections::{BTreeMap, HashSet};

use twox_hash::XxHash3_128;

use super::group::{Group, Lane, Member, Rules, groups};
use super::item::{Item, Ruling};
use super::promotion::{Assertion, Evidence, HYPOTHESIS_MAX, LOW_TRUST_MAX};
use super::span::{begins, newness};
use super::timeline::{Contradiction, Loss, Timeline, settle};
use crate::model::{
    Atom, Claim, Clash, Conflict, ConflictStatus, Grounds, HistoricalReason, Id, Kind, Period, Provenance,
    Standing, Timestamp, Trust,
};

/// Supports that an atom names.
const SUPPORTS_MAX: usize = 64;
const HOUR_MICROS: u64 = 3_600_000_000;

/// What the claims of a cell amount to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Cell {
    /// Its atoms in the order of their first claims; version and record time are those of the store to give.
    pub(crate) atoms: Vec<Atom>,
    pub(crate) conflicts: Vec<Conflict>,
    /// Which atom each claim belongs to.
    members: BTreeMap<Id, Id>,
    /// Where each atom is among the atoms.
    places: BTreeMap<Id, usize>,
}

impl Cell {
    /// The atom that a claim belongs to.
    pub(crate) fn atom_of(&self, claim: Id) -> Option<Id> {
        self.members.get(&claim).copied()
    }

    /// The claims of an atom, those that were taken back included.
    pub(crate) fn claims_of(&self, atom: Id) -> impl Iterator<Item = Id> + '_ {
        self.members.iter().filter(move |(_, of)| **of == atom).map(|(claim, _)| *claim)
    }

    pub(crate) fn atom(&self, id: Id) -> Option<&Atom> {
        self.places.get(&id).and_then(|&at| self.atoms.get(at))
    }
}

/// Folds the ledger of a cell as of a moment of record time (all of it, if none is given), as it stands at `now`.
pub(crate) fn fold(items: &[&Item], rules: &Rules<'_>, as_of: Option<Timestamp>, now: Timestamp) -> Cell {
    let groups = groups(items, as_of, rules);
    let ids = ids(&groups);
    let preferred: Vec<(Id, Id)> = items
        .iter()
        .filter(|item| item.is_in_force(as_of))
        .filter_map(|item| match item.ruling()? {
            Ruling::Prefer { winner, loser } => Some((*winner, *loser)),
            _ => None,
        })
        .collect();
    let mut lanes: BTreeMap<&Lane, Vec<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        lanes.entry(&group.lane).or_default().push(at);
    }
    let mut beliefs: Vec<Option<Belief>> = vec![None; groups.len()];
    let mut conflicts = Vec::new();
    for lane in lanes.values() {
        let members: Vec<&Group<'_>> = lane.iter().filter_map(|&at| groups.get(at)).collect();
        let lane_ids: Vec<Id> = lane.iter().filter_map(|&at| ids.get(at).copied()).collect();
        let prefers = |winner: usize, loser: usize| {
            preferred.iter().any(|&(first, second)| {
                members.get(winner).is_some_and(|group| group.holds_claim_of(first))
                    && members.get(loser).is_some_and(|group| group.holds_claim_of(second))
            })
        };
        let timeline = settle(&members, rules.predicate.cardinality, &prefers, now);
        let judged = Judged { groups: &members, ids: &lane_ids, timeline: &timeline, now };
        conflicts.extend(judged.conflicts());
        for (place, &at) in lane.iter().enumerate() {
            if let Some(belief) = beliefs.get_mut(at) {
                *belief = judged.belief(place);
            }
        }
    }
    let mut atoms: Vec<Atom> = Vec::with_capacity(groups.len());
    let members = groups
        .iter()
        .zip(&ids)
        .flat_map(|(group, id)| group.claims.iter().map(move |member| (member.claim.id, *id)));
    let members = members.collect();
    for ((group, belief), id) in groups.iter().zip(beliefs).zip(ids) {
        atoms.extend(belief.and_then(|belief| belief.atom(group, id, rules, now)));
    }
    // Each names what took its place; here it is told from the other side.
    let mut replaced: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for atom in &atoms {
        if let Some(by) = atom.superseded_by {
            replaced.entry(by).or_default().push(atom.id);
        }
    }
    for atom in &mut atoms {
        atom.supersedes = replaced.remove(&atom.id).unwrap_or_default();
    }
    let places = atoms.iter().enumerate().map(|(at, atom)| (atom.id, at)).collect();
    conflicts.sort_by_key(|conflict| conflict.id);
    Cell { atoms, conflicts, members, places }
}

/// The ids of the atoms that groups make: each takes the oldest atom that one of its claims joined and that no older
/// group has taken. What once was one atom and comes apart thus keeps its name, and what grew together gets it back.
fn ids(groups: &[Group<'_>]) -> Vec<Id> {
    let mut taken = HashSet::new();
    let mut id = |group: &Group<'_>| {
        let joined = group.claims.iter().map(|member| member.claim.atom);
        let free = joined.filter(|id| !taken.contains(id)).min();
        let id = free.or_else(|| group.claims.first().map(|member| member.claim.id)).unwrap_or_default();
        taken.insert(id);
        id
    };
    groups.iter().map(&mut id).collect()
}

/// The groups of a lane with their timeline.
struct Judged<'a, 'g> {
    groups: &'a [&'a Group<'g>],
    ids: &'a [Id],
    timeline: &'a Timeline,
    now: Timestamp,
}

/// What became of a group.
#[derive(Clone, Debug)]
struct Belief {
    periods: Vec<Period>,
    standing: Standing,
    retired_at: Option<Timestamp>,
    superseded_by: Option<Id>,
    disputed_with: Vec<Id>,
    confidence: f32,
    assertions: u32,
    contradictions: u32,
    supports: Vec<Id>,
    due: Option<Timestamp>,
}

impl Judged<'_, '_> {
    fn belief(&self, at: usize) -> Option<Belief> {
        let group = self.groups.get(at)?;
        let periods = self.timeline.held.get(at)?.clone();
        let loss = self.timeline.lost.get(at)?.as_ref();
        let evidence = self.evidence(at)?;
        let (standing, retired_at) = self.standing(group, &periods, loss);
        let bounds = periods.iter().flat_map(|period| [period.from, period.to]).flatten();
        let change = bounds.filter(|&bound| bound > self.now).min();
        let (standing, due) = match standing {
            Some(reason) => (Standing::Historical(reason), change),
            None => {
                let (standing, due) = evidence.standing(self.now);
                (standing, due.into_iter().chain(change).min())
            }
        };
        let disputed = self.timeline.tied.iter().filter_map(|&(a, b, _)| match at {
            _ if at == a => self.ids.get(b),
            _ if at == b => self.ids.get(a),
            _ => None,
        });
        let mut supports = Vec::new();
        for member in self.members(at) {
            for &support in &member.claim.supports {
                if supports.len() < SUPPORTS_MAX && !supports.contains(&support) {
                    supports.push(support);
                }
            }
        }
        Some(Belief {
            standing,
            retired_at,
            superseded_by: loss.and_then(|loss| self.ids.get(loss.winner)).copied(),
            disputed_with: disputed.copied().collect(),
            confidence: evidence.confidence,
            assertions: evidence.assertions.len() as u32,
            contradictions: self.timeline.contradictions.get(at).map_or(0, |against| against.len() as u32),
            supports,
            due,
            periods,
        })
    }

    /// The claims that support a group: its own that stand, and those of a vaguer one whose place it took.
    fn members(&self, at: usize) -> impl Iterator<Item = &Member<'_>> {
        let vaguer = move |other: &usize| {
            let loss = self.timeline.lost.get(*other).and_then(Option::as_ref);
            loss.is_some_and(|loss| loss.winner == at && loss.grounds == Grounds::Refinement)
        };
        let others = (0..self.groups.len()).filter(move |&other| other != at).filter(vaguer);
        let groups = std::iter::once(at).chain(others).filter_map(|at| self.groups.get(at));
        groups.flat_map(|group| group.standing_claims())
    }

    fn evidence(&self, at: usize) -> Option<Evidence> {
        let group = self.groups.get(at)?;
        let against = self.timeline.contradictions.get(at)?;
        let assertions: Vec<Assertion> =
            self.members(at).map(|member| assertion(member, group.predicate.immutable, against)).collect();
        let trust = assertions.iter().map(|assertion| assertion.trust).max().unwrap_or_default();
        let bound = group
            .predicate
            .confidence_max
            .min(if group.is_supposed() { HYPOTHESIS_MAX } else { 1.0 })
            .min(if trust == Trust::Low { LOW_TRUST_MAX } else { 1.0 });
        // Beside better ones, sources of low trust add nothing.
        let counts = |assertion: &&Assertion| assertion.trust > Trust::Low || trust == Trust::Low;
        let mut confidences: Vec<f32> =
            assertions.iter().filter(counts).map(|assertion| assertion.confidence).collect();
        // In order of size, so that the sum does not depend on the order of arrival to the last bit.
        confidences.sort_by(f32::total_cmp);
        let unsure: f32 = confidences.iter().map(|confidence| 1.0 - confidence).product();
        let last_contradicted = against.iter().map(|contradiction| contradiction.said_at).max();
        Some(Evidence { assertions, confidence: (1.0 - unsure).min(bound), bound, last_contradicted })
    }

    /// Why a group is historical, if it is, and since when.
    fn standing(
        &self,
        group: &Group<'_>,
        periods: &[Period],
        loss: Option<&Loss>,
    ) -> (Option<HistoricalReason>, Option<Timestamp>) {
        if group.standing_claims().next().is_none() {
            let withdrawn = group.claims.iter().filter_map(|member| member.withdrawn).max();
            return (Some(HistoricalReason::Retracted), withdrawn);
        }
        let begun = periods.iter().rfind(|period| period.from.is_none_or(|from| from <= self.now));
        let end = begun.and_then(|last| last.to);
        let last = periods.last().and_then(|last| last.from);
        let to_come = loss.is_none() && last.is_some_and(|from| from > self.now);
        if to_come || begun.is_some() && end.is_none_or(|end| end > self.now) {
            return (None, None);
        }
        let reason = match loss {
            Some(loss) if loss.grounds == Grounds::Refinement => HistoricalReason::Refined,
            Some(_) if periods.is_empty() => HistoricalReason::Overruled,
            Some(_) => HistoricalReason::Superseded,
            None => HistoricalReason::Ended,
        };
        let known = |by: Id| {
            let members = self.groups.iter().flat_map(|group| &group.claims);
            members.filter(|member| member.claim.id == by).map(|member| member.recorded_at).max()
        };
        let own = group.claims.iter().map(|member| member.recorded_at);
        let told = loss.map_or_else(|| own.clone().max(), |loss| known(loss.by));
        (Some(reason), told.into_iter().chain(own.min()).chain(end).max())
    }

    fn conflicts(&self) -> Vec<Conflict> {
        let since = |at: usize| {
            let claims = self.groups.get(at).into_iter().flat_map(|group| &group.claims);
            claims.map(|member| member.recorded_at).min().unwrap_or(Timestamp::MIN)
        };
        let conflict = |a: usize, b: usize, clash: Clash, status: ConflictStatus| {
            let (&one, &other) = self.ids.get(a).zip(self.ids.get(b))?;
            let (first, second) = (one.min(other), one.max(other));
            Some(Conflict {
                id: conflict_id(first, second),
                first,
                second,
                clash,
                status,
                since: since(a).max(since(b)),
            })
        };
        let open = self
            .timeline
            .tied
            .iter()
            .filter_map(|&(a, b, clash)| conflict(a, b, clash, ConflictStatus::Open));
        let settled = self.timeline.lost.iter().enumerate().filter_map(|(at, loss)| {
            let loss = loss.as_ref()?;
            let winner = *self.ids.get(loss.winner)?;
            conflict(at, loss.winner, loss.clash?, ConflictStatus::Settled { winner, grounds: loss.grounds })
        });
        open.chain(settled).collect()
    }
}

fn assertion(member: &Member<'_>, immutable: bool, against: &[Contradiction]) -> Assertion {
    let claim = member.claim;
    let own = newness(claim, immutable);
    let contradicted = against.iter().any(|contradiction| {
        let apart = contradiction.said_at.as_micros().abs_diff(claim.said_at.as_micros());
        contradiction.newness >= own && apart < HOUR_MICROS
    });
    Assertion {
        provenance: claim.provenance,
        trust: claim.trust,
        confidence: claim.confidence,
        said_at: claim.said_at,
        contradicted,
    }
}

/// The id of the conflict of two atoms, in either order.
pub(crate) fn conflict_id(one: Id, other: Id) -> Id {
    let (first, second) = (one.min(other), one.max(other));
    let bytes = [first.as_u128().to_be_bytes(), second.as_u128().to_be_bytes()].concat();
    Id::from_u128(XxHash3_128::oneshot(&bytes))
}

impl Belief {
    fn atom(self, group: &Group<'_>, id: Id, rules: &Rules<'_>, now: Timestamp) -> Option<Atom> {
        // What is said of an atom is said as it was first said; a denial of "the" is as good as another.
        let standing: Vec<&Member<'_>> = group.standing_claims().collect();
        let all: Vec<&Member<'_>> = group.claims.iter().collect();
        let told = if standing.is_empty() { all } else { standing };
        let first = told.first()?.claim;
        let mut earlier = self.periods;
        let begun = earlier.partition_point(|period| period.from.is_none_or(|from| from <= now));
        let later = earlier.split_off(begun.max(1).min(earlier.len()));
        let this = earlier.pop().unwrap_or_else(|| {
            // It never held: an empty period where it would have begun.
            let from = told.iter().map(|member| begins(member.claim, group.predicate.immutable)).min();
            Period { from, to: from }
        });
        let claims = || told.iter().map(|member| member.claim);
        let kind = claims().find_map(|claim| claim.kind).unwrap_or(group.predicate.kind);
        Some(Atom {
            id,
            subject: (rules.name_of)(&first.subject),
            predicate: first.predicate.clone(),
            object: first.object.clone(),
            negated: first.negated,
            contexts: group.narrowed.clone().unwrap_or_else(|| first.contexts.clone()),
            kind,
            stability_days: group.predicate.stability_days.or(kind.stability_days()),
            standing: self.standing,
            provenance: claims().map(|claim| claim.provenance).max().unwrap_or_default(),
            confidence: self.confidence,
            trust: claims().map(|claim| claim.trust).max().unwrap_or_default(),
            holder: first.holder.clone(),
            distance: claims().map(|claim| claim.distance).min().unwrap_or_default(),
            assertions: self.assertions,
            confirmations: claims().filter(|claim| claim.provenance == Provenance::Confirmed).count() as u32,
            contradictions: self.contradictions,
            supports: self.supports,
            scope: first.scope.clone(),
            valid_from: this.from,
            valid_to: this.to,
            earlier,
            later,
            recorded_at: Timestamp::MIN,
            retired_at: self.retired_at,
            asserted_at: claims().map(|claim| claim.said_at).max().unwrap_or(Timestamp::MIN),
            supersedes: Vec::new(),
            superseded_by: self.superseded_by,
            disputed_with: self.disputed_with,
            due: self.due,
            version: 0,
        })
    }
}

impl Cell {
    /// Whether an atom holds at any time of a claim.
    pub(crate) fn holds_in_its_time(atom: &Atom, claim: &Claim, immutable: bool) -> bool {
        let (from, to) = (begins(claim, immutable), claim.valid_to.unwrap_or(Timestamp::MAX));
        atom.periods().any(|period| {
            let (begin, end) = (period.from.unwrap_or(Timestamp::MIN), period.to.unwrap_or(Timestamp::MAX));
            begin.max(from) < end.min(to)
        })
    }

    /// Whether an atom of the cell is of a supposition.
    pub(crate) fn is_supposed(atom: &Atom) -> bool {
        atom.kind == Kind::Hypothesis
    }
}
