//! The timeline of a lane: at every moment the strongest claims hold, whatever the order in which they came.

use std::cmp::Reverse;

use super::group::{Group, Newness, Relation, Strength};
use crate::model::{Cardinality, Claim, Clash, Grounds, Id, Period, Provenance, Timestamp, Trust};

/// Claims that are equal in all else are told apart by a confidence that is greater by more than this.
const CONFIDENCE_MARGIN: f32 = 0.2;

/// What became of the groups of a lane.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    /// The spans in which each group holds.
    pub(super) held: Vec<Vec<Period>>,
    /// What took each group's place at the end of its time.
    pub(super) lost: Vec<Option<Loss>>,
    /// Pairs between which nothing decides, now or later.
    pub(super) tied: Vec<(usize, usize, Clash)>,
    /// For each group, the claims that contradict it since it was made.
    pub(super) contradictions: Vec<Vec<Contradiction>>,
}

/// How a group lost its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Loss {
    pub(super) winner: usize,
    pub(super) grounds: Grounds,
    /// Why both cannot hold; `None` where the winner says more of the same.
    pub(super) clash: Option<Clash>,
    /// The claim that won.
    pub(super) by: Id,
}

/// A claim that was made against another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contradiction {
    pub(super) said_at: Timestamp,
    pub(super) newness: Newness,
}

/// A claim on the line of time.
#[derive(Clone, Copy)]
struct Span<'a> {
    group: usize,
    claim: &'a Claim,
    from: Timestamp,
    to: Timestamp,
    rank: u8,
    immutable: bool,
}

impl Span<'_> {
    fn newness(&self) -> Newness {
        newness(self.claim, self.from)
    }

    /// Whether it tells a change with its date, first hand.
    fn is_told_change(&self) -> bool {
        self.claim.valid_from.is_some() && self.claim.provenance >= Provenance::Stated
    }

    /// Its strength at a moment. Told first hand, a change with a date ends the authority of corrections that were
    /// made before it: about what came later they are statements like others.
    fn strength(&self, changed_at: Option<Timestamp>) -> Strength {
        let outdated = changed_at.is_some_and(|change| self.claim.said_at < change);
        let bound = if outdated { Provenance::Stated } else { Provenance::Corrected };
        Strength {
            begun: if self.from != Timestamp::MIN || self.immutable { None } else { Some(Reverse(self.to)) },
            trust: self.claim.trust,
            provenance: self.claim.provenance.min(bound),
            rank: self.rank,
            newness: self.newness(),
            confidence: self.claim.confidence,
        }
    }
}

/// From when a claim holds: as it says; for ever back if it was over when it was said, or never changes; else from
/// when it was said.
pub(super) fn begins(claim: &Claim, immutable: bool) -> Timestamp {
    let over = claim.valid_to.is_some_and(|to| to <= claim.said_at);
    if immutable || over && claim.valid_from.is_none() {
        return claim.valid_from.filter(|_| !immutable).unwrap_or(Timestamp::MIN);
    }
    claim.valid_from.unwrap_or(claim.said_at)
}

pub(super) fn newness(claim: &Claim, from: Timestamp) -> Newness {
    let dated = claim.valid_from.is_some() || from == Timestamp::MIN;
    Newness { from, sequence: if dated { Id::from_u128(0) } else { claim.id } }
}

/// Settles the groups of one lane.
pub(super) fn settle(
    groups: &[&Group<'_>],
    cardinality: Cardinality,
    prefers: &dyn Fn(usize, usize) -> bool,
    now: Timestamp,
) -> Timeline {
    let spans = spans(groups);
    let mut timeline = Timeline {
        held: vec![Vec::new(); groups.len()],
        lost: vec![None; groups.len()],
        tied: Vec::new(),
        contradictions: contradictions(groups, &spans, cardinality),
    };
    let spans = thinned(spans, groups.len());
    let mut bounds: Vec<Timestamp> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    for moment in bounds.windows(2) {
        let &[from, to] = moment else { continue };
        let round = Round { groups, cardinality, prefers };
        round.settle(&spans, from, to, to > now, &mut timeline);
    }
    timeline
}

/// The claims of the groups as spans, by their beginning.
fn spans<'a>(groups: &[&Group<'a>]) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let immutable = group.predicate.immutable;
        let rank = group.predicate.rank.unwrap_or(0);
        let claims: Vec<&'a Claim> = group
            .claims
            .iter()
            .filter(|member| member.withdrawn.is_none())
            .map(|member| member.claim)
            .collect();
        for &claim in &claims {
            let from = begins(claim, immutable);
            let closed =
                claims.iter().filter(|end| closes(end, claim, from)).filter_map(|end| end.valid_to).min();
            let to = claim.valid_to.or(closed.filter(|_| !immutable)).unwrap_or(Timestamp::MAX);
            // Of a value whose beginning is known, a claim that knows only the end says nothing else.
            let merely_ends = !immutable
                && from == Timestamp::MIN
                && claims.iter().any(|other| {
                    let begun = begins(other, immutable);
                    begun != Timestamp::MIN && begun < to && other.trust >= claim.trust
                });
            if !merely_ends {
                spans.push(Span { group: at, claim, from, to, rank, immutable });
            }
        }
    }
    spans.sort_by_key(|span| (span.from, span.claim.id));
    spans
}

/// Whether a claim ends another of its value that has no end: one that has no date only if it was made before.
fn closes(end: &Claim, open: &Claim, from: Timestamp) -> bool {
    let class = |claim: &Claim| (claim.trust, claim.provenance.min(Provenance::Stated));
    let later = open.valid_from.is_some() || (end.said_at, end.id) > (open.said_at, open.id);
    end.valid_to.is_some_and(|to| to > from) && later && class(end) >= class(open)
}

/// Without those that follow one of the same group, source and end while no other group says anything: they change
/// nothing on the line of time, and the line need not be cut at them.
fn thinned<'a>(spans: Vec<Span<'a>>, groups: usize) -> Vec<Span<'a>> {
    if spans.len() <= groups {
        return spans;
    }
    let ends: Vec<Timestamp> = {
        let mut ends: Vec<Timestamp> =
            spans.iter().map(|span| span.to).filter(|&to| to != Timestamp::MAX).collect();
        ends.sort_unstable();
        ends
    };
    let class = |span: &Span<'_>| {
        let claim = span.claim;
        (
            span.group,
            span.to,
            claim.trust,
            claim.provenance,
            claim.confidence.to_bits(),
            claim.valid_from.is_some(),
        )
    };
    let mut kept: Vec<Span<'a>> = Vec::new();
    for span in spans {
        let follows = kept.last().is_some_and(|last| {
            let between = ends.partition_point(|&end| end <= last.from)
                != ends.partition_point(|&end| end <= span.from);
            class(last) == class(&span) && !between
        });
        if !follows {
            kept.push(span);
        }
    }
    kept
}

/// For each group, the claims that speak against it of a time that is no earlier, from a source no less trusted.
fn contradictions(
    groups: &[&Group<'_>],
    spans: &[Span<'_>],
    cardinality: Cardinality,
) -> Vec<Vec<Contradiction>> {
    let mut contradictions = vec![Vec::new(); groups.len()];
    if groups.len() < 2 {
        return contradictions;
    }
    for (at, (group, found)) in groups.iter().zip(&mut contradictions).enumerate() {
        let own = || spans.iter().filter(|span| span.group == at);
        let (Some(first), Some(trust)) =
            (own().map(Span::newness).min(), own().map(|span| span.claim.trust).max())
        else {
            continue;
        };
        let against: Vec<bool> = groups
            .iter()
            .map(|other| matches!(group.relation(other, cardinality), Relation::Excludes(_)))
            .collect();
        for span in spans.iter().filter(|span| against.get(span.group) == Some(&true)) {
            // What was over when it was said does not speak against the present.
            let speaks = span.to > span.claim.said_at;
            if speaks && span.newness() >= first && span.claim.trust >= trust {
                found.push(Contradiction { said_at: span.claim.said_at, newness: span.newness() });
            }
        }
    }
    contradictions
}

/// The rules of one interval.
struct Round<'r, 'g> {
    groups: &'r [&'r Group<'g>],
    cardinality: Cardinality,
    prefers: &'r dyn Fn(usize, usize) -> bool,
}

impl Round<'_, '_> {
    /// Lets the strongest claims of an interval hold.
    fn settle(
        &self,
        spans: &[Span<'_>],
        from: Timestamp,
        to: Timestamp,
        matters: bool,
        timeline: &mut Timeline,
    ) {
        let begun = || spans.iter().take_while(|span| span.from <= from);
        let changed_at = Trust::ALL.map(|trust| {
            let told = |change: &&Span<'_>| change.is_told_change() && change.claim.trust >= trust;
            begun().filter(told).map(|change| change.from).max()
        });
        let mut active: Vec<(Strength, &Span<'_>)> = begun()
            .filter(|span| from < span.to)
            .map(|span| (span.strength(changed_at.get(span.claim.trust as usize).copied().flatten()), span))
            .collect();
        active.sort_by(|(a, one), (b, other)| order(b, a).then(one.claim.id.cmp(&other.claim.id)));
        let mut holding: Vec<(Strength, &Span<'_>)> = Vec::new();
        let mut ties: Vec<(usize, usize, Clash)> = Vec::new();
        let mut seen = vec![false; self.groups.len()];
        for challenger in active {
            // The strongest claim of a group speaks for it.
            let first = seen.get_mut(challenger.1.group).is_some_and(|seen| !std::mem::replace(seen, true));
            if first {
                self.challenge(challenger, &mut holding, &mut ties, timeline);
            }
        }
        for (_, span) in &holding {
            timeline.hold(span.group, from, to);
        }
        if matters {
            let held = |group: usize| holding.iter().any(|(_, span)| span.group == group);
            let ties = ties.into_iter().filter(|&(a, b, _)| held(a) && held(b));
            ties.for_each(|tie| {
                if !timeline.tied.contains(&tie) {
                    timeline.tied.push(tie)
                }
            });
        }
    }

    /// Lets a claim hold unless one that holds excludes it and is stronger.
    fn challenge<'s>(
        &self,
        (strength, span): (Strength, &'s Span<'s>),
        holding: &mut Vec<(Strength, &'s Span<'s>)>,
        ties: &mut Vec<(usize, usize, Clash)>,
        timeline: &mut Timeline,
    ) {
        let Some(group) = self.groups.get(span.group) else { return };
        // What only a lesser source of a group said is no loss of the group's when it loses.
        let lose = |timeline: &mut Timeline, loss: Loss| {
            if strength.trust == group.trust() {
                timeline.lose(span.group, loss);
            }
        };
        let mut refined: Vec<usize> = Vec::new();
        let mut tied = Vec::new();
        for (against, held) in holding.iter() {
            let Some(other) = self.groups.get(held.group) else { continue };
            match group.relation(other, self.cardinality) {
                Relation::Independent => {}
                Relation::Refines if strength.trust == against.trust => refined.push(held.group),
                Relation::Refines => {
                    let (clash, grounds) = (Some(Clash::Value), Grounds::Trust);
                    let loss = Loss { winner: held.group, grounds, clash, by: held.claim.id };
                    return lose(timeline, loss);
                }
                Relation::Refined => {
                    let loss = Loss {
                        winner: held.group,
                        grounds: Grounds::Refinement,
                        clash: None,
                        by: held.claim.id,
                    };
                    return lose(timeline, loss);
                }
                Relation::Excludes(clash) => match grounds(against, &strength) {
                    Some(grounds) => {
                        let loss =
                            Loss { winner: held.group, grounds, clash: Some(clash), by: held.claim.id };
                        return lose(timeline, loss);
                    }
                    None => tied.push((held.group, clash, held.claim.id)),
                },
            }
        }
        for &(other, clash, by) in &tied {
            if (self.prefers)(other, span.group) {
                let loss = Loss { winner: other, grounds: Grounds::Resolved, clash: Some(clash), by };
                return lose(timeline, loss);
            }
        }
        for (other, clash, _) in tied {
            if (self.prefers)(span.group, other) {
                holding.retain(|(_, held)| held.group != other);
                let loss = Loss {
                    winner: span.group,
                    grounds: Grounds::Resolved,
                    clash: Some(clash),
                    by: span.claim.id,
                };
                timeline.lose(other, loss);
            } else {
                ties.push((other.min(span.group), other.max(span.group), clash));
            }
        }
        holding.retain(|(_, held)| !refined.contains(&held.group));
        let loss = Loss { winner: span.group, grounds: Grounds::Refinement, clash: None, by: span.claim.id };
        let whole =
            |vaguer: &usize| self.groups.get(*vaguer).is_some_and(|vaguer| vaguer.trust() == strength.trust);
        refined.into_iter().filter(whole).for_each(|vaguer| timeline.lose(vaguer, loss));
        holding.push((strength, span));
    }
}

impl Timeline {
    fn hold(&mut self, group: usize, from: Timestamp, to: Timestamp) {
        if let Some(lost) = self.lost.get_mut(group) {
            *lost = None;
        }
        let Some(held) = self.held.get_mut(group) else { return };
        let end = (to != Timestamp::MAX).then_some(to);
        match held.last_mut() {
            Some(last) if last.to == Some(from) => last.to = end,
            _ => held.push(Period { from: (from != Timestamp::MIN).then_some(from), to: end }),
        }
    }

    fn lose(&mut self, group: usize, loss: Loss) {
        if let Some(lost) = self.lost.get_mut(group) {
            *lost = Some(loss);
        }
    }
}

fn order(a: &Strength, b: &Strength) -> std::cmp::Ordering {
    let fixed = |strength: &Strength| {
        (
            strength.begun.is_none(),
            strength.begun,
            strength.trust,
            strength.provenance,
            strength.rank,
            strength.newness,
        )
    };
    fixed(a).cmp(&fixed(b)).then(a.confidence.total_cmp(&b.confidence))
}

/// Why the first is stronger than the second; `None` if nothing decides between them.
fn grounds(a: &Strength, b: &Strength) -> Option<Grounds> {
    if a.trust != b.trust {
        Some(Grounds::Trust)
    } else if a.begun != b.begun {
        Some(Grounds::Time)
    } else if a.provenance != b.provenance {
        Some(Grounds::Provenance)
    } else if a.rank != b.rank {
        Some(Grounds::Progression)
    } else if a.newness != b.newness {
        Some(Grounds::Newer)
    } else {
        (a.confidence - b.confidence > CONFIDENCE_MARGIN).then_some(Grounds::Confidence)
    }
}
