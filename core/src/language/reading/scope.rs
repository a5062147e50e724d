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

/// Whether a pronoun can mean "Mara's sister"; any name it can.
fn suits(pronoun: &str, person: &str) -> bool {
    let Some((_, relation)) = person.rsplit_once("'s ") else {
        return true;
    };
    let female = matches!(
        relation,
        "mother"
            | "sister"
            | "wife"
            | "girlfriend"
            | "daughter"
            | "aunt"
            | "auntie"
            | "grandmother"
            | "grandma"
            | "granny"
            | "nana"
            | "niece"
            | "fiancée"
            | "stepmother"
            | "stepsister"
            | "half-sister"
            | "mother-in-law"
            | "sister-in-law"
            | "granddaughter"
            | "godmother"
    );
    let male = matches!(
        relation,
        "father"
            | "brother"
            | "husband"
            | "boyfriend"
            | "son"
            | "uncle"
            | "grandfather"
            | "grandpa"
            | "granddad"
            | "grandad"
            | "nephew"
            | "stepfather"
            | "stepbrother"
            | "half-brother"
            | "hubby"
            | "father-in-law"
            | "brother-in-law"
            | "grandson"
            | "godfather"
    );
    match pronoun {
        "he" | "his" => !female,
        "she" | "her" => !male,
        _ => true,
    }
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
    /// It holds for now: "is living".
    Running,
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
    /// Whom a pronoun means: the last person named whom it fits.
    pub(super) fn person(&self, pronoun: &str) -> Option<String> {
        let is_named = |fact: &NewFact| {
            matches!(
                fact.predicate.as_str(),
                "partner"
                    | "met"
                    | "friend"
                    | "best_friend"
                    | "sibling"
                    | "child"
                    | "manager"
                    | "parent"
                    | "mother"
                    | "father"
                    | "cousin"
                    | "aunt"
                    | "uncle"
                    | "colleague"
                    | "roommate"
            ) && fact.object.starts_with(char::is_uppercase)
        };
        let told = self.facts.iter().rev().flat_map(|fact| {
            let object = is_named(fact).then_some(fact.object.as_str());
            object.into_iter().chain((fact.subject != self.speaker).then_some(fact.subject.as_str()))
        });
        let mut known = self.last_person.as_deref().into_iter().chain(told);
        known.find(|person| suits(pronoun, person)).map(str::to_string)
    }

    /// Makes the claim.
    pub(super) fn claim(&mut self, draft: Draft<'_>, frame: &Frame) {
        let Draft { subject, predicate, item, negated, timing, fresh } = draft;
        let Some((predicate, negated)) = opposite(predicate, negated) else {
            return;
        };
        let when = item.when.or(frame.when);
        // "I moved to Oslo as a kid": what it began may be long over.
        if matches!((when, timing), (Some(When::Past), Timing::Began)) {
            return;
        }
        let (from, to) = self.period(when, timing, fresh, is_brief(predicate));
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
        brief: bool,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let now = self.said_at;
        let begun = |moment: Moment| {
            if timing == Timing::Ahead { moment.future } else { moment.past }
        };
        match (when, timing) {
            (_, Timing::Timeless) => (None, None),
            (Some(When::For { end, .. }), Timing::Running) if brief => (Some(now), Some(end)),
            (Some(When::Span(from, to)), Timing::Running | Timing::Ahead) => coming(from, to),
            (Some(When::Within(end)), Timing::Holds | Timing::Running) if brief => (None, Some(end)),
            (Some(When::At(moment)), Timing::Holds | Timing::Running)
                if brief && moment.past <= now && moment.past_end() > now =>
            {
                (Some(moment.past), Some(moment.past_end()))
            }
            (Some(When::Span(from, to)), _) => (Some(from.past), Some(to.past.max(from.past))),
            (Some(When::Until(end)), Timing::Holds | Timing::Running) => (None, Some(end.future)),
            (Some(When::Until(end)), _) => (None, Some(end.past)),
            (Some(When::At(moment) | When::Since(moment)), Timing::Over) => (None, Some(moment.past)),
            (_, Timing::Over) => (None, Some(now)),
            (Some(When::At(moment)), Timing::Ending) => (None, Some(moment.future)),
            (Some(When::Since(moment)), _) => (Some(begun(moment)), None),
            (Some(When::At(moment)), Timing::Ended) => (Some(moment.past), Some(moment.past_end().min(now))),
            // "I'm nervous about tomorrow" holds today.
            (Some(When::At(moment)), Timing::Holds | Timing::Running) if moment.past > now => (None, None),
            (Some(When::At(moment)), _) => (Some(begun(moment)), None),
            (Some(When::For { start, .. }), Timing::Holds | Timing::Running | Timing::Began) => {
                (Some(start), None)
            }
            (Some(When::Now), Timing::Ended) => (None, Some(now)),
            (Some(When::Now), Timing::Holds | Timing::Running | Timing::Happened | Timing::Began) => {
                (Some(now), None)
            }
            (_, Timing::Ended) => (None, Some(now)),
            (Some(When::Within(_) | When::Vague), Timing::Began) if !fresh => (None, None),
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
    let lasting = voice.always || matches!(when, Some(When::For { .. } | When::Since(_) | When::Lasting));
    let is_ahead = matches!(when, Some(When::At(moment) | When::Since(moment)) if moment.future > moment.past)
        || matches!(when, Some(When::At(moment)) if moment.past == moment.future);
    let found = match (aspect, voice.tense) {
        (_, Future | Able) => return None,
        (Aspect::Fact, Former) => return None,
        (Aspect::Fact, Past | Perfect) => Timing::Happened,
        (Aspect::Fact, _) => Timing::Holds,
        (Aspect::State | Aspect::Habit | Aspect::Ongoing, Former) => Timing::Ended,
        (Aspect::State, Past | PastProgressive) => Timing::Ended,
        // "I've lived in Paris" may be over, and may not.
        (Aspect::State, Perfect) if matches!(when, Some(When::Span(..) | When::Until(_))) => Timing::Ended,
        (Aspect::State, Perfect) if !lasting && !matches!(when, Some(When::Now)) => return None,
        (Aspect::State | Aspect::Ongoing, Progressive) => Timing::Running,
        (Aspect::State, _) => Timing::Holds,
        (Aspect::Habit, Progressive) if is_momentary(voice) => return None,
        (Aspect::Habit, Present | PerfectProgressive | Progressive) => Timing::Holds,
        (Aspect::Habit, Perfect) if lasting || is_taste(voice) => Timing::Holds,
        (Aspect::Habit, Past) if matches!(when, Some(When::Span(..) | When::Until(_))) => Timing::Ended,
        (Aspect::Habit, _) => return None,
        (Aspect::Ongoing, PerfectProgressive) => Timing::Holds,
        (Aspect::Ongoing, _) => return None,
        (Aspect::Event, Past | Perfect) => Timing::Happened,
        (Aspect::Change, Past | Perfect) => Timing::Began,
        (Aspect::Change, Progressive | Present) if is_ahead => Timing::Ahead,
        // "I'm not moving to Lisbon" takes a plan back.
        (Aspect::Change, Progressive) if voice.negated && is_move(voice) => Timing::Timeless,
        (Aspect::End, _) if voice.negated => return Some(Timing::Timeless),
        (Aspect::End, Past | Perfect) => Timing::Over,
        (Aspect::End, Progressive) if is_ahead => Timing::Ending,
        (Aspect::Event | Aspect::Change | Aspect::End, _) => return None,
    };
    let over = voice.ended && matches!(found, Timing::Holds | Timing::Running);
    Some(if over { Timing::Over } else { found })
}

fn is_move(voice: &Voice) -> bool {
    voice.verb.is_some_and(|verb| matches!(verb.lemma, "move" | "relocate"))
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

/// What may be otherwise tomorrow, so that "today" and "this week" are its end.
fn is_brief(predicate: &str) -> bool {
    matches!(predicate, "located_in" | "work_mode" | "feels" | "lives_in")
}

/// "from March to May", of what is going on or to come.
fn coming(from: Moment, to: Moment) -> (Option<Timestamp>, Option<Timestamp>) {
    let begin = if from.future < to.future { from.future } else { from.past };
    (Some(begin), Some(to.future))
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
