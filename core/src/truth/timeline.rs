//! The timeline of a lane: at every moment the strongest claims hold, whatever the order in which they came.

use super::group::{Group, Newness, Relation, Strength};
use super::span::{Span, spans};
use crate::model::{Cardinality, Clash, Grounds, Id, Period, Provenance, Timestamp, Trust};

/// Claims that are equal in all else are told apart by a confidence that is greater by more than this.
const CONFIDENCE_MARGIN: f32 = 0.2 + 1e-6;

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
        contradictions: Vec::new(),
    };
    let deniable: Vec<bool> = groups.iter().map(|group| is_deniable(group, groups, cardinality)).collect();
    let mut bounds: Vec<Timestamp> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut coming = spans.iter().peekable();
    let mut active: Vec<&Span<'_>> = Vec::new();
    let mut changed_at = [None; Trust::ALL.len()];
    for bound in bounds.windows(2) {
        let &[from, to] = bound else { continue };
        active.retain(|span| from < span.to);
        while let Some(span) = coming.next_if(|span| span.from <= from) {
            active.retain(|older| !span.speaks_for(older));
            active.push(span);
            let lesser = changed_at.iter_mut().take(span.claim.trust as usize + 1);
            lesser.for_each(|change| *change = span.told_change().max(*change));
        }
        let round = Round { groups, deniable: &deniable, cardinality, prefers, from, to, now };
        let burier = |old: &Span<'_>| active.iter().copied().rfind(|new| round.buries(new, old));
        let (alive, buried): (Vec<_>, Vec<_>) =
            active.iter().map(|&old| (old, burier(old))).partition(|(_, burier)| burier.is_none());
        active = alive.into_iter().map(|(span, _)| span).collect();
        round.settle(&active, &buried, &changed_at, &mut timeline);
    }
    timeline.contradictions = contradictions(groups, &spans, cardinality, &timeline.held);
    timeline
}

/// Whether a source that is no less trusted denies a group at any time.
fn is_deniable(group: &Group<'_>, groups: &[&Group<'_>], cardinality: Cardinality) -> bool {
    groups.iter().any(|other| {
        other.is_denial()
            && other.trust() >= group.trust()
            && matches!(other.relation(group, cardinality), Relation::Excludes(_))
    })
}

/// For each group, the claims that speak against it while it holds, from a source no less trusted.
fn contradictions(
    groups: &[&Group<'_>],
    spans: &[Span<'_>],
    cardinality: Cardinality,
    held: &[Vec<Period>],
) -> Vec<Vec<Contradiction>> {
    let mut first: Vec<Option<Newness>> = vec![None; groups.len()];
    for span in spans {
        if let Some(first) = first.get_mut(span.group) {
            *first = Some(first.map_or(span.newness, |first| first.min(span.newness)));
        }
    }
    let against = |((group, first), held): ((&&Group<'_>, &Option<Newness>), &Vec<Period>)| {
        let (Some(first), Some(last)) = (*first, held.last()) else { return Vec::new() };
        let begin = spans.partition_point(|span| span.from < first.from);
        let while_held =
            spans.iter().skip(begin).take_while(|span| last.to.is_none_or(|end| span.from <= end));
        let speaks = |span: &&Span<'_>| {
            // What was over or to come when it was said does not speak against the present.
            let of_the_present = span.from <= span.claim.said_at && span.to > span.claim.said_at;
            let other = groups.get(span.group);
            let excludes =
                |other: &&Group<'_>| matches!(group.relation(other, cardinality), Relation::Excludes(_));
            of_the_present
                && span.newness >= first
                && span.claim.trust >= group.trust()
                && other.is_some_and(excludes)
        };
        let told = while_held.filter(speaks);
        told.map(|span| Contradiction { said_at: span.claim.said_at, newness: span.newness }).collect()
    };
    groups.iter().zip(&first).zip(held).map(against).collect()
}

/// One interval between two moments at which something begins or ends.
struct Round<'r, 'g> {
    groups: &'r [&'r Group<'g>],
    /// Which groups may be denied.
    deniable: &'r [bool],
    cardinality: Cardinality,
    prefers: &'r dyn Fn(usize, usize) -> bool,
    from: Timestamp,
    to: Timestamp,
    now: Timestamp,
}

impl Round<'_, '_> {
    /// Whether a claim can never hold again because of another: both are open, and the other is stronger for good. (Where
    /// that is denied, it may itself be excluded, and the first hold again.)
    fn buries(&self, new: &Span<'_>, old: &Span<'_>) -> bool {
        let lasting = self.deniable.get(new.group) == Some(&false);
        let open = new.to == Timestamp::MAX && old.to == Timestamp::MAX && new.group != old.group;
        let excludes = || {
            let relation = self.groups.get(new.group).zip(self.groups.get(old.group));
            relation.is_some_and(|(new, old)| {
                new.relation(old, self.cardinality) == Relation::Excludes(Clash::Value)
            })
        };
        lasting && open && new.newness > old.newness && new.is_at_least(old) && excludes()
    }

    /// Lets the strongest claims of the interval hold; those that are buried, each with its burier, lose for good.
    fn settle(
        &self,
        active: &[&Span<'_>],
        buried: &[(&Span<'_>, Option<&Span<'_>>)],
        changed_at: &[Option<Timestamp>],
        timeline: &mut Timeline,
    ) {
        let change = |span: &Span<'_>| changed_at.get(span.claim.trust as usize).copied().flatten();
        let strength = |span: &Span<'_>| span.strength(change(span));
        let mut active: Vec<(Strength, &Span<'_>)> =
            active.iter().map(|span| (strength(span), *span)).collect();
        // Of equals any may be asked first, but always the same one.
        let value = |span: &Span<'_>| self.groups.get(span.group).map(|group| &group.value);
        active.sort_by(|(a, one), (b, other)| {
            order(b, a).then_with(|| value(one).cmp(&value(other))).then(one.claim.id.cmp(&other.claim.id))
        });
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
        for &(old, burier) in buried {
            let loss = self.loss(old, &strength(old), &holding);
            let loss = loss.or(burier.map(|new| Loss::to(new, Grounds::Newer, Some(Clash::Value))));
            if let Some(loss) = loss.filter(|_| seen.get(old.group) == Some(&false)) {
                timeline.lose(old.group, loss);
            }
        }
        for (_, span) in &holding {
            self.hold(span.group, timeline);
        }
        if self.to > self.now {
            let held = |group: usize| holding.iter().any(|(_, span)| span.group == group);
            let ties = ties.into_iter().filter(|&(a, b, _)| held(a) && held(b));
            ties.for_each(|tie| {
                if !timeline.tied.contains(&tie) {
                    timeline.tied.push(tie);
                }
            });
        }
    }

    /// Notes that a group holds in the interval. What it lost before is of no more interest, but what it loses after the
    /// present is: that will take its place.
    fn hold(&self, group: usize, timeline: &mut Timeline) {
        let Some(held) = timeline.held.get_mut(group) else { return };
        let to_come = self.from > self.now && !held.is_empty();
        let end = (self.to != Timestamp::MAX).then_some(self.to);
        match held.last_mut() {
            Some(last) if last.to == Some(self.from) => last.to = end,
            _ => held.push(Period { from: (self.from != Timestamp::MIN).then_some(self.from), to: end }),
        }
        if let Some(lost) = timeline.lost.get_mut(group).filter(|_| !to_come) {
            *lost = None;
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
        let met = match self.meet(group, span.group, &strength, holding) {
            Ok(met) => met,
            Err(loss) => return timeline.lose(span.group, loss),
        };
        for (other, clash) in met.tied {
            if (self.prefers)(span.group, other) {
                holding.retain(|(_, held)| held.group != other);
                timeline.lose(other, Loss::to(span, Grounds::Resolved, Some(clash)));
            } else {
                ties.push((other.min(span.group), other.max(span.group), clash));
            }
        }
        holding.retain(|(_, held)| !met.refined.contains(&held.group));
        for vaguer in met.refined {
            timeline.lose(vaguer, Loss::to(span, Grounds::Refinement, None));
        }
        holding.push((strength, span));
    }

    /// What beats a claim among those that hold.
    fn loss(&self, span: &Span<'_>, strength: &Strength, holding: &[(Strength, &Span<'_>)]) -> Option<Loss> {
        self.meet(self.groups.get(span.group)?, span.group, strength, holding).err()
    }

    /// What a claim meets among those that hold, which are no weaker.
    fn meet(
        &self,
        group: &Group<'_>,
        at: usize,
        strength: &Strength,
        holding: &[(Strength, &Span<'_>)],
    ) -> Result<Met, Loss> {
        let mut met = Met::default();
        for (against, held) in holding {
            let Some(other) = self.groups.get(held.group) else { continue };
            match group.relation(other, self.cardinality) {
                Relation::Independent => {}
                Relation::Refines if is_as_good(strength, against) => met.refined.push(held.group),
                Relation::Refines => {
                    let grounds = grounds(against, strength).unwrap_or(Grounds::Trust);
                    return Err(Loss::to(held, grounds, Some(Clash::Value)));
                }
                Relation::Refined => return Err(Loss::to(held, Grounds::Refinement, None)),
                Relation::Excludes(clash) => match grounds(against, strength) {
                    Some(grounds) => return Err(Loss::to(held, grounds, Some(clash))),
                    None if (self.prefers)(held.group, at) => {
                        return Err(Loss::to(held, Grounds::Resolved, Some(clash)));
                    }
                    None => met.tied.push((held.group, clash)),
                },
            }
        }
        Ok(met)
    }
}

/// What a claim meets that does not beat it.
#[derive(Default)]
struct Met {
    /// Groups that say less of the same.
    refined: Vec<usize>,
    /// Groups that are as strong.
    tied: Vec<(usize, Clash)>,
}

impl Loss {
    fn to(winner: &Span<'_>, grounds: Grounds, clash: Option<Clash>) -> Self {
        Loss { winner: winner.group, grounds, clash, by: winner.claim.id }
    }
}

impl Timeline {
    /// Notes what took the place of a group; the first that did counts.
    fn lose(&mut self, group: usize, loss: Loss) {
        if let Some(lost) = self.lost.get_mut(group) {
            lost.get_or_insert(loss);
        }
    }
}

/// Whether a source is good enough to say more of what another said.
fn is_as_good(finer: &Strength, vaguer: &Strength) -> bool {
    let class = |strength: &Strength| (strength.trust, strength.provenance.min(Provenance::Stated));
    class(finer) >= class(vaguer)
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
