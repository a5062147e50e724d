//! The verdict on a new claim, given the claims that are filed under the same subject and slot.

use super::ontology::{Cardinality, predicate};
use crate::model::{Atom, NewFact, Standing, Timestamp};

/// What a new claim does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing stands against it and nothing says the same: it is added.
    Add,
    /// The atom at this position says the same: it is reinforced.
    Reinforce(usize),
    /// It takes the place of the atoms at these positions.
    Supersede(Vec<usize>),
    /// The atoms at these positions hold on: the claim is older, or from a source that is trusted less.
    Historical(usize),
}

/// Lower case, single spaces: how subjects, predicates and objects are compared.
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

/// Judges a claim that starts to hold at `from` against `filed`, the atoms of the same subject and slot.
///
/// A claim with other contexts stands beside what is filed. Of two values of a one-valued slot the one
/// from the more trusted source wins, and of two equally trusted ones the one that starts later.
pub(crate) fn judge(claim: &NewFact, from: Timestamp, filed: &[Atom]) -> Verdict {
    let contexts = sorted(&claim.contexts);
    let rivals = || {
        filed.iter().enumerate().filter(|(_, atom)| {
            !matches!(atom.standing, Standing::Historical(_)) && sorted(&atom.contexts) == contexts
        })
    };
    let object = normal(&claim.object);
    if let Some((position, _)) = rivals().find(|(_, atom)| normal(&atom.object) == object) {
        return Verdict::Reinforce(position);
    }
    let one = predicate(&normal(&claim.predicate))
        .is_some_and(|predicate| predicate.cardinality == Cardinality::One);
    if !one {
        return Verdict::Add;
    }
    let rank = (claim.provenance, from);
    let stronger =
        rivals().find(|(_, atom)| (atom.provenance, atom.valid_from.unwrap_or(atom.recorded_at)) > rank);
    if let Some((position, _)) = stronger {
        return Verdict::Historical(position);
    }
    let losers: Vec<usize> = rivals().map(|(position, _)| position).collect();
    if losers.is_empty() { Verdict::Add } else { Verdict::Supersede(losers) }
}

fn sorted(contexts: &[String]) -> Vec<String> {
    let mut contexts: Vec<String> = contexts.iter().map(|context| normal(context)).collect();
    contexts.sort_unstable();
    contexts
}
