//! Spans: claims on the line of time, from when to when each speaks.

use std::cmp::Reverse;

use super::group::{Group, Member, Newness, Strength};
use crate::model::{Claim, Id, Provenance, Timestamp};

/// For so long a correction or confirmation outranks statements that came after it without a date. Later ones are news:
/// nobody says again for ever what was once put right.
const AUTHORITY_SECONDS: i64 = 24 * 3600;

/// A claim on the line of time.
#[derive(Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) group: usize,
    pub(super) claim: &'a Claim,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) newness: Newness,
    rank: u8,
    immutable: bool,
}

impl Span<'_> {
    /// Whether an older one of the same group and source has nothing to add to it any more.
    pub(super) fn speaks_for(&self, older: &Span<'_>) -> bool {
        let class = |span: &Span<'_>| {
            let claim = span.claim;
            (span.group, span.to, claim.trust, claim.provenance, claim.confidence.to_bits())
        };
        class(self) == class(older)
            && self.claim.said_at >= older.claim.said_at
            && self.newness >= older.newness
            && (self.claim.valid_from.is_some() || older.claim.valid_from.is_none())
    }

    /// Whether its source is no weaker than another's, for good.
    pub(super) fn is_at_least(&self, other: &Span<'_>) -> bool {
        !self.immutable
            && self.claim.trust >= other.claim.trust
            && self.claim.provenance >= other.claim.provenance
            && self.rank >= other.rank
    }

    /// The moment before which corrections are outdated by what it tells first hand: a change with its date outdates
    /// those that were made before that date, a statement without a date those that were made a day before it.
    pub(super) fn told_change(&self) -> Option<Timestamp> {
        let dated = self.claim.valid_from.is_some();
        let change = if dated { self.from } else { self.from.plus_seconds(-AUTHORITY_SECONDS) };
        (self.claim.provenance >= Provenance::Stated && self.from != Timestamp::MIN).then_some(change)
    }

    /// Its strength at a moment. A correction that is outdated by then is a statement like others.
    pub(super) fn strength(&self, changed_at: Option<Timestamp>) -> Strength {
        let outdated = !self.immutable && changed_at.is_some_and(|change| self.claim.said_at < change);
        let bound = if outdated { Provenance::Stated } else { Provenance::Corrected };
        Strength {
            begun: if self.from != Timestamp::MIN || self.immutable { None } else { Some(Reverse(self.to)) },
            trust: self.claim.trust,
            provenance: self.claim.provenance.min(bound),
            rank: self.rank,
            newness: self.newness,
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

/// How new a claim is. What never changes has no news, but the last of several corrections.
pub(super) fn newness(claim: &Claim, immutable: bool) -> Newness {
    let none = Id::from_u128(0);
    if immutable {
        let corrected = claim.provenance >= Provenance::Confirmed;
        return Newness { from: if corrected { claim.said_at } else { Timestamp::MIN }, sequence: none };
    }
    let from = begins(claim, immutable);
    let dated = !is_undated(claim) || from == Timestamp::MIN;
    Newness { from, sequence: if dated { none } else { claim.id } }
}

/// Whether a claim speaks of the moment at which it was made.
fn is_undated(claim: &Claim) -> bool {
    claim.valid_from.is_none_or(|from| from == claim.said_at)
}

/// The claims of the groups as spans, by their beginning. When a value holds is said by its best-trusted sources alone.
pub(super) fn spans<'a>(groups: &[&Group<'a>]) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let trust = group.trust();
        let counts = |member: &&Member<'a>| member.withdrawn.is_none() && member.claim.trust == trust;
        let claims: Vec<&'a Claim> = group.claims.iter().filter(counts).map(|member| member.claim).collect();
        let (rank, immutable) = (group.predicate.rank.unwrap_or(0), group.predicate.immutable);
        for &claim in &claims {
            let (from, newness) = (begins(claim, immutable), newness(claim, immutable));
            let to = if immutable { Timestamp::MAX } else { ends(claim, from, &claims) };
            let idle = !immutable && (merely_ends(claim, from, to, &claims) || is_postponed(claim, &claims));
            if !idle {
                spans.push(Span { group: at, claim, from, to, newness, rank, immutable });
            }
        }
    }
    attest(&mut spans);
    spans.sort_by_key(|span| (span.from, span.claim.id));
    spans
}

/// Until when a claim holds: as it says, or as another of its value that is no weaker says.
fn ends(claim: &Claim, from: Timestamp, claims: &[&Claim]) -> Timestamp {
    let closed = claims.iter().filter_map(|end| closes(end, claim, from)).min();
    claim.valid_to.or(closed).unwrap_or(Timestamp::MAX)
}

/// Where a claim ends another of its value that has no end. One without a date is ended only by what was said later; and
/// if that names an earlier moment ("last month", of what was said within that month), it ends at once.
fn closes(end: &Claim, open: &Claim, from: Timestamp) -> Option<Timestamp> {
    let to = end.valid_to?;
    let class = |claim: &Claim| claim.provenance.min(Provenance::Stated);
    let later = (end.said_at, end.id) > (open.said_at, open.id);
    let ended_when_said = end.valid_from.is_none() && to == end.said_at;
    if class(end) < class(open)
        || !later && (is_undated(open) || ended_when_said && open.said_at > end.said_at)
    {
        return None;
    }
    if to > from {
        return Some(to);
    }
    (later && is_undated(open) && end.valid_from.is_none()).then_some(from)
}

/// Whether a claim says no more than the end of what others of its value began.
fn merely_ends(claim: &Claim, from: Timestamp, to: Timestamp, claims: &[&Claim]) -> bool {
    let began = |other: &&&Claim| {
        let begun = begins(other, false);
        begun != Timestamp::MIN && (begun < to || other.said_at < claim.said_at)
    };
    from == Timestamp::MIN && claims.iter().any(|other| began(&other))
}

/// Whether a change that lay ahead was put off, or brought forward, while it still lay ahead.
fn is_postponed(claim: &Claim, claims: &[&Claim]) -> bool {
    let date = |claim: &Claim| claim.valid_from.filter(|_| claim.valid_to.is_none());
    let Some(from) = date(claim) else { return false };
    claims.iter().any(|other| {
        let ahead = date(other).is_some_and(|date| date > other.said_at);
        ahead && other.said_at > claim.said_at && from > other.said_at
    })
}

/// What a message says of the present testifies to the moment at which it was said, too: "since 2015", said today, is
/// newer than what was said without a date in the meantime. A claim that no message makes testifies to its date alone:
/// it may have been brought in late.
fn attest(spans: &mut Vec<Span<'_>>) {
    let undated: Vec<(usize, Timestamp)> = spans
        .iter()
        .filter(|span| is_undated(span.claim) && !span.immutable)
        .map(|span| (span.group, span.from))
        .collect();
    let mut attested = Vec::new();
    let told = |span: &&mut Span<'_>| {
        !is_undated(span.claim) && span.claim.valid_to.is_none() && !span.claim.supports.is_empty()
    };
    for span in spans.iter_mut().filter(told) {
        let said_at = span.claim.said_at;
        let between =
            |&(group, from): &(usize, Timestamp)| group != span.group && span.from <= from && from < said_at;
        if said_at < span.to && undated.iter().any(between) {
            let newness = Newness { from: said_at, sequence: span.claim.id };
            attested.push(Span { from: said_at, newness, ..*span });
            span.to = said_at;
        }
    }
    spans.extend(attested);
}
