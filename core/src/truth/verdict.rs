//! The verdict on a claim: what it changed in its cell, and why, as data and as a sentence.

use std::fmt;

use super::cell::Cell;
use crate::model::{Atom, Clash, ConflictStatus, Grounds, HistoricalReason, Id, Standing};

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is new, and nothing was known that it has to do with.
    Added,
    /// It was known: its evidence grew.
    Reinforced,
    /// It holds beside others, in another situation or at another time.
    Contextualised,
    /// It says more of what was known, and took its place.
    Refined,
    /// It took the place of the claims it contradicts.
    Superseded,
    /// Nothing decides between it and what it contradicts: a conflict is open.
    Disputed,
    /// A better claim holds: it is kept as historical, and not believed.
    Rejected,
    /// It was known under another name: its evidence grew.
    Merged,
}

/// Why a verdict is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing known stands against it.
    NothingAgainst,
    /// The same was known.
    Known,
    /// The same was known under another name.
    KnownOtherwise,
    /// More of the same was known.
    MoreKnown,
    /// It says more of the same.
    SaysMore,
    /// Its time in the world is over.
    Over,
    /// What else is known holds in another situation, or is another mind's.
    OtherSituation,
    /// What else is known holds at another time.
    OtherTime,
    /// It clashes with another claim and is the stronger one.
    Wins(Clash, Grounds),
    /// It clashes with another claim and is the weaker one.
    Loses(Clash, Grounds),
    /// It clashes with another claim that is as strong.
    Ties(Clash),
}

impl fmt::Display for Reason {
    /// The sentence. It names no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NothingAgainst => f.write_str("nothing known stands against it"),
            Reason::Known => f.write_str("the same was known"),
            Reason::KnownOtherwise => f.write_str("the same was known under another name"),
            Reason::MoreKnown => f.write_str("more of the same was known"),
            Reason::SaysMore => f.write_str("it says more of what was known"),
            Reason::Over => f.write_str("its time is over: it is kept as historical"),
            Reason::OtherSituation => f.write_str("what else is known holds in another situation"),
            Reason::OtherTime => f.write_str("what else is known holds at another time"),
            Reason::Wins(clash, grounds) => {
                write!(f, "{}; this one holds: {}", clash_words(*clash), grounds_words(*grounds))
            }
            Reason::Loses(clash, grounds) => {
                write!(f, "{}; the other one holds: {}", clash_words(*clash), grounds_words(*grounds))
            }
            Reason::Ties(clash) => write!(f, "{}, and nothing decides between them", clash_words(*clash)),
        }
    }
}

/// Why two claims cannot both hold, in words.
pub(crate) fn clash_words(clash: Clash) -> &'static str {
    match clash {
        Clash::Value => "only one value is possible at a time",
        Clash::Opposite => "the two predicates exclude one another",
        Clash::Negation => "one denies the other",
        Clash::Progression => "they are two steps of one progression",
    }
}

/// Why one of two holds, in words.
pub(crate) fn grounds_words(grounds: Grounds) -> &'static str {
    match grounds {
        Grounds::Time => "more is known of its time",
        Grounds::Trust => "its source is trusted further",
        Grounds::Provenance => "its provenance is better",
        Grounds::Progression => "it is the later step",
        Grounds::Newer => "it is newer",
        Grounds::Confidence => "its source was surer",
        Grounds::Resolved => "it was chosen when the conflict was resolved",
        Grounds::Refinement => "it says more",
    }
}

/// What a claim changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// The atom that holds the claim now.
    pub(crate) atom: Id,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Reason,
    /// The atoms whose place it took.
    pub(crate) superseded: Vec<Id>,
}

/// The verdict on a claim that joined an atom, from the cell without the claim and with it.
///
/// `holds` tells whether the atom holds at any time of the claim, `renamed` whether the claim has another name for it.
pub(crate) fn verdict(before: &Cell, after: &Cell, atom: &Atom, holds: bool, renamed: bool) -> Verdict {
    let was = before.atom(atom.id);
    let took = |other: &&Atom| {
        let held = before.atom(other.id).is_some_and(|old| !is_past(old));
        held && is_past(other) && other.superseded_by == Some(atom.id)
    };
    let taken: Vec<&Atom> = after.atoms.iter().filter(took).collect();
    let superseded: Vec<Id> = taken.iter().map(|other| other.id).collect();
    let (outcome, reason) = judge(after, atom, was, &taken, holds, renamed);
    let refined = matches!(atom.standing, Standing::Historical(HistoricalReason::Refined));
    let id =
        if refined && reason == Reason::MoreKnown { atom.superseded_by.unwrap_or(atom.id) } else { atom.id };
    Verdict { atom: id, outcome, reason, superseded }
}

fn judge(
    after: &Cell,
    atom: &Atom,
    was: Option<&Atom>,
    taken: &[&Atom],
    holds: bool,
    renamed: bool,
) -> (Outcome, Reason) {
    let conflict = |with: Id| {
        let of_both = |pair: [Id; 2]| pair.contains(&atom.id) && pair.contains(&with);
        after.conflicts.iter().find(|conflict| of_both([conflict.first, conflict.second]))
    };
    if let Some(open) = atom.disputed_with.iter().find_map(|&with| conflict(with)) {
        return (Outcome::Disputed, Reason::Ties(open.clash));
    }
    if atom.standing == Standing::Historical(HistoricalReason::Refined) && taken.is_empty() {
        return (Outcome::Reinforced, Reason::MoreKnown);
    }
    if let Some(lost) = atom.superseded_by.and_then(conflict).filter(|_| !holds)
        && let ConflictStatus::Settled { grounds, .. } = lost.status
    {
        return (Outcome::Rejected, Reason::Loses(lost.clash, grounds));
    }
    let won = taken.iter().find_map(|other| match conflict(other.id)?.status {
        ConflictStatus::Settled { grounds, .. } => Some(Reason::Wins(conflict(other.id)?.clash, grounds)),
        ConflictStatus::Open => None,
    });
    if let Some(reason) = won {
        return (Outcome::Superseded, reason);
    }
    if !taken.is_empty() {
        return (Outcome::Refined, Reason::SaysMore);
    }
    if was.is_some() && renamed {
        return (Outcome::Merged, Reason::KnownOtherwise);
    }
    if was.is_some() {
        let reason = if is_past(atom) { Reason::Over } else { Reason::Known };
        return (Outcome::Reinforced, reason);
    }
    beside(after, atom)
}

fn is_past(atom: &Atom) -> bool {
    matches!(atom.standing, Standing::Historical(_))
}

/// The verdict on a claim that is new and took nothing's place.
fn beside(after: &Cell, atom: &Atom) -> (Outcome, Reason) {
    let current = |other: &&Atom| other.id != atom.id && !matches!(other.standing, Standing::Historical(_));
    let situation = |atom: &Atom| {
        let mut contexts = atom.contexts.clone();
        contexts.sort_unstable();
        (contexts, atom.holder.clone(), Cell::is_supposed(atom))
    };
    let own = situation(atom);
    let is_past = is_past(atom);
    let will_replace = after.atoms.iter().filter(current).any(|other| other.superseded_by == Some(atom.id));
    if after.atoms.iter().filter(current).any(|other| situation(other) != own) {
        (Outcome::Contextualised, Reason::OtherSituation)
    } else if will_replace || is_past && after.atoms.iter().filter(|other| other.id != atom.id).count() > 0 {
        (Outcome::Contextualised, Reason::OtherTime)
    } else if is_past {
        (Outcome::Added, Reason::Over)
    } else {
        (Outcome::Added, Reason::NothingAgainst)
    }
}
