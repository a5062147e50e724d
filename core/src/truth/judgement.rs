//! The verdict on a new claim, given the claims that are filed under the same subject and slot.

use super::ontology::{Cardinality, predicate};
use crate::model::{Atom, NewFact, Standing, Timestamp};

/// What a new claim does. Positions are those of the filed atoms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing stands against it and nothing says the same: it is added.
    Add,
    /// Its time is over, so that it competes with nothing: it is added as historical.
    AddEnded,
    /// The atom here says the same: it is reinforced.
    Reinforce(usize),
    /// It takes the place of the atoms here.
    Supersede(Vec<usize>),
    /// The atom here holds on, because it is newer or better trusted: the claim is added as historical.
    Overruled(usize),
}

/// Lower case, single spaces: how subjects, objects and contexts are compared.
pub(crate) fn normal(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.extend(word.chars().flat_map(char::to_lowercase));
    }
    normal
}

/// How predicates are compared: like other names, and "lives in" is `lives_in`.
pub(crate) fn normal_predicate(name: &str) -> String {
    normal(name).replace(' ', "_")
}

/// From when a claim holds: as it says; unknown and so for ever back if it is over; else from now on.
pub(crate) fn claimed_from(claim: &NewFact, now: Timestamp) -> Option<Timestamp> {
    claim.valid_from.or_else(|| (!is_over(claim, now)).then_some(now))
}

fn is_over(claim: &NewFact, now: Timestamp) -> bool {
    claim.valid_to.is_some_and(|end| end <= now)
}

/// Judges a claim at a moment against `filed`, the atoms of the same subject and slot.
///
/// Claims compete where their contexts are the same and their times overlap. Of two values of a one-valued slot the
/// one of the better provenance wins, and of two alike the one that holds from the later moment, or the new one.
pub(crate) fn judge(claim: &NewFact, now: Timestamp, filed: &[Atom]) -> Verdict {
    let contexts = sorted(&claim.contexts);
    let object = normal(&claim.object);
    let from = claimed_from(claim, now);
    let alike = || filed.iter().enumerate().filter(|(_, atom)| sorted(&atom.contexts) == contexts);
    let same = |atom: &Atom| normal(&atom.object) == object;
    if is_over(claim, now) {
        let retold = alike()
            .find(|(_, atom)| same(atom) && (atom.valid_from, atom.valid_to) == (from, claim.valid_to));
        return retold.map_or(Verdict::AddEnded, |(position, _)| Verdict::Reinforce(position));
    }
    let from = from.unwrap_or(now);
    let rivals = || {
        alike().filter(|(_, atom)| {
            !matches!(atom.standing, Standing::Historical(_))
                && atom.valid_to.is_none_or(|end| end > from)
                && claim.valid_to.is_none_or(|end| atom.begins() < end)
        })
    };
    let known = predicate(&normal_predicate(&claim.predicate));
    let many = known.is_none_or(|predicate| predicate.cardinality == Cardinality::Many);
    // Where another value stands too, the claim must not stretch its own over it: it competes with both.
    if let Some((position, _)) = rivals().find(|(_, atom)| same(atom))
        && (many || rivals().all(|(_, atom)| same(atom)))
    {
        return Verdict::Reinforce(position);
    }
    if many {
        return Verdict::Add;
    }
    let rank = (claim.provenance, from);
    let stronger = rivals().filter(|(_, atom)| (atom.provenance, atom.asserted_from) > rank);
    if let Some((stronger, _)) = stronger.min_by_key(|(_, atom)| atom.begins()) {
        let is_past = |atom: &Atom| matches!(atom.standing, Standing::Historical(_));
        let retold = alike().find(|(_, atom)| is_past(atom) && same(atom) && atom.valid_from == Some(from));
        return retold.map_or(Verdict::Overruled(stronger), |(position, _)| Verdict::Reinforce(position));
    }
    let losers: Vec<usize> = rivals().map(|(position, _)| position).collect();
    if losers.is_empty() { Verdict::Add } else { Verdict::Supersede(losers) }
}

fn sorted(contexts: &[String]) -> Vec<String> {
    let mut contexts: Vec<String> = contexts.iter().map(|context| normal(context)).collect();
    contexts.sort_unstable();
    contexts
}
