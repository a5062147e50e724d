//! What is known while a message is read: who speaks, when, and who was named last.

use super::moment::{Moment, When};
use super::object::Item;
use super::voice::{Tense, Voice};
use crate::model::{Kind, NewFact, Provenance, Timestamp};

/// Confidence in what a text says outright, in what it reports and in what it hedges. Rules never claim 1.
const STATED: f32 = 0.9;
const REPORTED: f32 = 0.7;
pub(super) const HEDGED: f32 = 0.5;

pub(super) struct Scope<'m> {
    pub(super) speaker: &'m str,
    pub(super) said_at: Timestamp,
    pub(super) last_person: Option<String>,
    pub(super) facts: Vec<NewFact>,
}

/// How a clause is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) corrected: bool,
    pub(super) hedged: bool,
    pub(super) holder: Option<String>,
    pub(super) when: Option<When>,
    pub(super) situations: Vec<String>,
}

/// How the verb of a claim relates it to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timing {
    Holds,
    /// It held in the past.
    Ended,
    Happened,
    Began,
    /// It ends with what is told.
    Over,
    /// It is to end.
    Ending,
    /// It is to begin or to happen.
    Ahead,
    /// Its time is not asked for.
    Timeless,
}

/// A claim about to be made.
pub(super) struct Draft<'d> {
    pub(super) subject: &'d str,
    pub(super) predicate: &'d str,
    pub(super) item: Item,
    pub(super) negated: bool,
    pub(super) timing: Timing,
    /// "just", "now": it began when it was said.
    pub(super) fresh: bool,
}

impl Scope<'_> {
    /// Makes the claim.
    pub(super) fn claim(&mut self, draft: Draft<'_>, frame: &Frame) {
        let Draft { subject, predicate, item, negated, timing, fresh } = draft;
        let Some((predicate, negated)) = opposite(predicate, negated) else { return };
        let when = item.when.or(frame.when);
        let (from, to) = self.period(when, timing, fresh);
        let mut fact = NewFact::new(subject, predicate, item.text);
        if has_contexts(predicate) {
            fact.contexts =
                if item.situations.is_empty() { frame.situations.clone() } else { item.situations };
        }
        fact.negated = negated;
        fact.valid_from = from;
        fact.valid_to = to;
        fact.said_at = Some(self.said_at);
        fact.confidence = STATED;
        if let Some(holder) = &frame.holder {
            fact.holder = Some(holder.clone());
            fact.distance = 1;
            fact.confidence = REPORTED;
        }
        if frame.hedged {
            fact.kind = Some(Kind::Hypothesis);
            fact.confidence = HEDGED;
        }
        if frame.corrected {
            fact.provenance = Provenance::Corrected;
        }
        self.facts.push(fact);
    }

    fn period(
        &self,
        when: Option<When>,
        timing: Timing,
        fresh: bool,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let now = self.said_at;
        let begun = |moment: Moment| if timing == Timing::Ahead { moment.future } else { moment.past };
        match (when, timing) {
            (_, Timing::Timeless) => (None, None),
            (Some(When::Span(from, to)), _) => (Some(from.past), Some(to.past.max(from.past))),
            (Some(When::Until(end)), Timing::Holds) => (None, Some(end.future)),
            (Some(When::Until(end)), _) => (None, Some(end.past)),
            (Some(When::At(moment) | When::Since(moment)), Timing::Over) => (None, Some(moment.past)),
            (_, Timing::Over) => (None, Some(now)),
            (Some(When::At(moment)), Timing::Ending) => (None, Some(moment.future)),
            (Some(When::Since(moment)), _) => (Some(begun(moment)), None),
            (Some(When::At(moment)), Timing::Ended) => (Some(moment.past), None),
            // "I'm nervous about tomorrow" holds today.
            (Some(When::At(moment)), Timing::Holds) if moment.past > now => (None, None),
            (Some(When::At(moment)), _) => (Some(begun(moment)), None),
            (Some(When::For(start)), Timing::Holds | Timing::Began) => (Some(start), None),
            (Some(When::Now), Timing::Ended) => (None, Some(now)),
            (Some(When::Now), Timing::Holds | Timing::Happened | Timing::Began) => (Some(now), None),
            (_, Timing::Ended) => (None, Some(now)),
            (_, Timing::Began) => (Some(now), None),
            (_, Timing::Happened) if fresh => (Some(now), None),
            _ => (None, None),
        }
    }
}

/// The tense of a rule with the given aspect; `None` where it says nothing.
pub(super) fn timing(aspect: super::rule::Aspect, voice: &Voice, when: Option<When>) -> Option<Timing> {
    use super::rule::Aspect;
    use Tense::{
        Able, Former, Future, Past, PastProgressive, Perfect, PerfectProgressive, Present, Progressive,
    };
    let lasting = matches!(when, Some(When::For(_) | When::Since(_)));
    let is_ahead = matches!(when, Some(When::At(moment) | When::Since(moment)) if moment.future > moment.past)
        || matches!(when, Some(When::At(moment)) if moment.past == moment.future);
    let found = match (aspect, voice.tense) {
        (_, Future | Able) => return None,
        (Aspect::Fact, Former) => return None,
        (Aspect::Fact, Past | Perfect) => Timing::Happened,
        (Aspect::Fact, _) => Timing::Holds,
        (Aspect::State | Aspect::Habit | Aspect::Ongoing, Former) => Timing::Ended,
        (Aspect::State, Past | PastProgressive) => Timing::Ended,
        (Aspect::State, _) => Timing::Holds,
        (Aspect::Habit, Progressive) if is_momentary(voice) => return None,
        (Aspect::Habit, Present | PerfectProgressive | Progressive) => Timing::Holds,
        (Aspect::Habit, Perfect) if lasting || is_taste(voice) => Timing::Holds,
        (Aspect::Habit, Past) if matches!(when, Some(When::Span(..) | When::Until(_))) => Timing::Ended,
        (Aspect::Habit, _) => return None,
        (Aspect::Ongoing, Progressive | PerfectProgressive) => Timing::Holds,
        (Aspect::Ongoing, _) => return None,
        (Aspect::Event, Past | Perfect) => Timing::Happened,
        (Aspect::Change, Past | Perfect) => Timing::Began,
        (Aspect::Change, Progressive | Present) if is_ahead => Timing::Ahead,
        (Aspect::End, Past | Perfect) => Timing::Over,
        (Aspect::End, Progressive) if is_ahead => Timing::Ending,
        (Aspect::Event | Aspect::Change | Aspect::End, _) => return None,
    };
    let over = voice.ended && matches!(found, Timing::Holds);
    Some(if over { Timing::Over } else { found })
}

/// "I'm eating", "I'm playing": what is done at the moment is no habit.
fn is_momentary(voice: &Voice) -> bool {
    voice
        .verb
        .is_some_and(|verb| matches!(verb.lemma, "eat" | "drink" | "play" | "listen" | "drive" | "smoke"))
}

/// "I've always liked maps": a perfect tense that lasts.
fn is_taste(voice: &Voice) -> bool {
    voice.verb.is_some_and(|verb| {
        matches!(
            verb.lemma,
            "like"
                | "love"
                | "hate"
                | "enjoy"
                | "prefer"
                | "adore"
                | "dislike"
                | "detest"
                | "despise"
                | "loathe"
        )
    })
}

/// The claim without its negation where the vocabulary has an opposite; `None` where there is nothing to say.
fn opposite(predicate: &str, negated: bool) -> Option<(&str, bool)> {
    Some(match (predicate, negated) {
        ("likes", true) => ("dislikes", false),
        ("believes", true) => ("doubts", false),
        ("can", true) => ("cannot", false),
        ("dislikes" | "doubts" | "opposes" | "prefers" | "degree", true) => return None,
        ("number_of_children" | "number_of_siblings", true) => return None,
        (predicate, negated) => (predicate, negated),
    })
}

fn has_contexts(predicate: &str) -> bool {
    matches!(
        predicate,
        "likes"
            | "dislikes"
            | "prefers"
            | "drinks"
            | "eats"
            | "listens_to"
            | "watches"
            | "reads"
            | "plays"
            | "uses"
            | "works_at"
            | "works_on"
            | "work_mode"
            | "takes_medication"
            | "speaks"
            | "smokes"
            | "drinks_alcohol"
    )
}
