//! A verb and what follows it, for a known subject: what the table of patterns makes of them.

use super::cursor::Cursor;
use super::moment::When;
use super::object::{Item, Reach, adjuncts, begins_clause, eat_conjunction, items};
use super::rule::{Aspect, Rule, Take};
use super::scope::{Draft, Frame, Scope, Timing, timing};
use super::sense::makes_sense;
use super::sentence::Sort;
use super::subject::Subject;
use super::take::{gerund, take};
use super::verbs::{Form, Verb, verb};
use super::voice::{Tense, Voice, voice};
use super::words::{ABILITIES, holds};

/// Makes the claims of a predicate. The value tells whether there were any.
pub(super) fn predicate(
    rest: &mut Cursor<'_, '_>,
    scope: &mut Scope<'_>,
    frame: &Frame,
    subject: &Subject,
) -> bool {
    let mut frame = frame.clone();
    collect_adjuncts(rest, &mut frame);
    let Some(mut voice) = voice(rest) else {
        return false;
    };
    if !agrees(subject, &voice) {
        return false;
    }
    frame.hedged |= voice.hedged;
    frame.when = frame.when.or(voice.when);
    collect_adjuncts(rest, &mut frame);
    if voice.adverbs(rest).is_none() {
        return false;
    }
    frame.when = frame.when.or(voice.when);
    let before = scope.facts.len();
    let said = Said { subject, frame: &frame };
    match (voice.tense, voice.verb) {
        (Tense::Future, _) => plan(rest, scope, &said, &voice),
        (Tense::Able, _) => ability(rest, scope, &said, &voice),
        (_, Some(verb)) => rules(rest, scope, &said, &voice, verb),
        _ => {}
    }
    scope.facts.len() > before
}

/// Whom a clause is about and how it is said.
struct Said<'s> {
    subject: &'s Subject,
    frame: &'s Frame,
}

impl Said<'_> {
    fn claim(&self, scope: &mut Scope<'_>, draft: Draft<'_>) {
        for name in &self.subject.names {
            scope.claim(Draft { subject: name, item: draft.item.clone(), ..draft }, self.frame);
        }
    }

    fn claim_ahead(&self, scope: &mut Scope<'_>, predicate: &str, item: Item, negated: bool) {
        let draft = Draft { subject: "", predicate, item, negated, timing: Timing::Ahead, fresh: false };
        self.claim(scope, draft);
    }
}

fn collect_adjuncts(rest: &mut Cursor<'_, '_>, frame: &mut Frame) {
    let mut item = Item { when: frame.when, ..Item::default() };
    adjuncts(rest, &mut item);
    frame.when = item.when;
    frame.situations.append(&mut item.situations);
}

/// "Cats like" is no name with its verb; "Anna likes" is.
fn agrees(subject: &Subject, voice: &Voice) -> bool {
    let Some(form) = voice.verb.map(|verb| verb.form).filter(|_| voice.tense == Tense::Present) else {
        return !subject.is_doubtful || !subject.name().ends_with('s') || voice.tense != Tense::Past;
    };
    if voice.is_be() || voice.negated || voice.hedged {
        return true;
    }
    if subject.is_speaker || subject.is_plural { form != Form::Third } else { form == Form::Third }
}

/// "I'm going to learn Spanish"
fn plan(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, said: &Said<'_>, voice: &Voice) {
    let word = rest.word(0);
    if word == "be" {
        return going_on(rest, scope, said, voice);
    }
    let is_verb = !word.is_empty() && !word.ends_with("ing") && word.chars().all(char::is_alphabetic);
    if !is_verb || (is_idle(word) && !voice.hedged) {
        return;
    }
    for item in items(rest, Reach::Phrase, voice.form()) {
        said.claim_ahead(scope, "plans_to", item, voice.negated);
    }
}

/// "I'll be moving to Oslo in June"
fn going_on(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, said: &Said<'_>, voice: &Voice) {
    rest.advance(1);
    let Some(verb) = verb(rest.word(0)).filter(|verb| verb.form == Form::Ing) else {
        return;
    };
    if matches!(verb.lemma, "move" | "relocate" | "join" | "start" | "leave") {
        rest.advance(1);
        let voice = Voice { verb: Some(verb), tense: Tense::Progressive, ..*voice };
        rules(rest, scope, said, &voice, verb);
    }
}

/// Verbs of what is done within the conversation or the hour.
fn is_idle(word: &str) -> bool {
    matches!(
        word,
        "let"
            | "see"
            | "think"
            | "try"
            | "do"
            | "get"
            | "check"
            | "take"
            | "have"
            | "call"
            | "ask"
            | "wait"
            | "give"
            | "tell"
            | "send"
            | "show"
            | "pass"
            | "follow"
            | "say"
            | "never"
            | "need"
            | "go"
            | "come"
            | "make"
            | "want"
            | "assume"
            | "use"
            | "put"
            | "stick"
            | "look"
            | "admit"
            | "keep"
            | "leave"
            | "add"
            | "update"
            | "die"
            | "miss"
            | "regret"
            | "cry"
            | "explain"
    )
}

/// "I can swim"
fn ability(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, said: &Said<'_>, voice: &Voice) {
    let failing = voice.negated
        && matches!(
            rest.word(0),
            "eat" | "drink" | "tolerate" | "digest" | "smell" | "hear" | "walk" | "run" | "read" | "sleep"
        );
    if !(holds(&ABILITIES, rest.word(0)) || failing) || said.frame.hedged {
        return;
    }
    for item in items(rest, Reach::Phrase, voice.form()) {
        let end = item.text.split(' ').next_back().unwrap_or_default();
        if matches!(end, "it" | "that" | "this" | "you" | "them") {
            continue;
        }
        let (negated, timing) = (voice.negated, Timing::Holds);
        said.claim(scope, Draft { subject: "", predicate: "can", item, negated, timing, fresh: false });
    }
}

/// The rules of a verb: the first that fits, then those that fit what is left ("at Acme", "as a nurse").
fn rules(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, said: &Said<'_>, voice: &Voice, verb: Verb) {
    const ROUNDS_MAX: usize = 8;
    let mut voice = *voice;
    for round in 0..ROUNDS_MAX {
        let mut ahead = *rest;
        if round > 0 && !continues(&mut ahead, &mut voice, verb) {
            break;
        }
        if voice.adverbs(&mut ahead).is_none() {
            break;
        }
        let rules =
            verb.rules.iter().filter(|rule| round == 0 || is_have_or_be(verb) || !rule.after.is_empty());
        match rules.filter_map(|rule| Some((rule, after(ahead, rule)?))).find_map(|(rule, object)| {
            if rule.take == Take::Silent {
                Some(None)
            } else {
                apply(object, scope, said, &voice, rule).map(Some)
            }
        }) {
            Some(Some(after)) => *rest = after,
            _ => break,
        }
    }
    workplace(rest, scope, said);
}

fn is_have_or_be(verb: Verb) -> bool {
    matches!(verb.lemma, "be" | "have")
}

/// The place behind the words of a rule, if they stand here.
fn after<'t, 'a>(rest: Cursor<'t, 'a>, rule: &Rule) -> Option<Cursor<'t, 'a>> {
    let mut ahead = rest;
    let is_folded = |sort| matches!(sort, Sort::Situation);
    if ahead.token(0).is_some_and(|token| is_folded(token.sort) && token.word == rule.after) {
        ahead.advance(1);
        return Some(ahead);
    }
    ahead.eat_phrase(rule.after).then_some(ahead)
}

/// "a nurse at Mercy Hospital"
fn workplace(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, said: &Said<'_>) {
    let Some(last) = scope.facts.last().filter(|fact| fact.predicate == "job_title" && !fact.negated) else {
        return;
    };
    let mut ahead = *rest;
    if !ahead.eat_phrases(&["working at", "working for", "employed at", "employed by", "at", "for", "with"]) {
        return;
    }
    let (from, to) = (last.valid_from, last.valid_to);
    let before = scope.facts.len();
    for item in take(&mut ahead, Take::Employer, None, false, scope) {
        let draft = Draft {
            subject: "",
            predicate: "works_at",
            item,
            negated: false,
            timing: Timing::Timeless,
            fresh: false,
        };
        said.claim(scope, draft);
        *rest = ahead;
    }
    for fact in scope.facts.iter_mut().skip(before) {
        (fact.valid_from, fact.valid_to) = (from, to);
    }
}

/// Whether another object of the same verb may follow: "vegan and allergic to nuts".
fn continues(ahead: &mut Cursor<'_, '_>, voice: &mut Voice, verb: Verb) -> bool {
    let mut next = *ahead;
    next.eat_pause();
    if next.eat("but") && next.eat("not") {
        voice.negated = true;
        *ahead = next;
        return verb.lemma == "be";
    }
    let mut next = *ahead;
    if eat_conjunction(&mut next) || next.eat("but") {
        if begins_clause(next, voice.form()) {
            return false;
        }
        *ahead = next;
        return is_have_or_be(verb);
    }
    !ahead.is_end()
}

/// Applies one rule to what stands behind its words; where it fits, the place behind what it took.
fn apply<'t, 'a>(
    rest: Cursor<'t, 'a>,
    scope: &mut Scope<'_>,
    said: &Said<'_>,
    voice: &Voice,
    rule: &Rule,
) -> Option<Cursor<'t, 'a>> {
    let mut ahead = rest;
    match rule.take {
        Take::Skip => {
            items(&mut ahead, Reach::Short, None);
            return Some(ahead);
        }
        Take::Gerund => return started(ahead, scope, said, voice, rule),
        _ => {}
    }
    let denied = ahead.eat("not");
    let mut found = take(&mut ahead, rule.take, voice.form(), voice.negated && !voice.ended, scope);
    found.retain(|item| makes_sense(rule.predicate, item, voice));
    let late = if found.iter().all(|item| item.when.is_none()) { later(ahead) } else { None };
    for item in &mut found {
        item.when = item.when.or(late);
    }
    let when = found.first().and_then(|item| item.when).or(said.frame.when);
    let is_known = match rule.take {
        Take::Here => when.is_some() && matches!(voice.tense, Tense::Present | Tense::Progressive),
        // "I'm reading a book about Rome" is for now; "I'm reading Dune" tells of a taste.
        _ if rule.aspect == Aspect::Habit && voice.tense == Tense::Progressive => {
            found.first().is_some_and(|item| !item.is_determined || item.is_proper)
        }
        _ => !found.is_empty(),
    };
    let timing = timing(rule.aspect, voice, when).filter(|_| is_known)?;
    if !is_sole(rule, voice, timing, scope) {
        return None;
    }
    let contrast = contrast(&mut ahead, rule, voice, denied, scope);
    claim_all(scope, said, voice, rule, Objects { found, denied, timing, contrast });
    Some(ahead)
}

/// Whether a claim leaves room for no other: "I also work at Bosch" would take the place of a first employer.
fn is_sole(rule: &Rule, voice: &Voice, timing: Timing, scope: &Scope<'_>) -> bool {
    let second =
        voice.besides && timing == Timing::Holds && matches!(rule.predicate, "works_at" | "lives_in");
    let begun = scope.facts.last().is_some_and(|fact| fact.predicate == "started");
    // "started school at St Mary's"
    let attended = begun && rule.after == "at" && rule.predicate == "works_at";
    !second && !attended
}

/// A time further on in the clause: "met Julia at a conference last year".
fn later(rest: Cursor<'_, '_>) -> Option<When> {
    const TOKENS_MAX: usize = 16;
    (0..TOKENS_MAX)
        .map_while(|ahead| rest.token(ahead))
        .take_while(|token| {
            let is_link = matches!(
                token.word,
                "and" | "but" | "because" | "so" | "when" | "who" | "which" | "where" | "that"
            );
            token.sort != Sort::Pause && !is_link
        })
        .find_map(|token| match token.sort {
            Sort::Time(when) => Some(when),
            _ => None,
        })
}

/// What a rule took.
struct Objects {
    found: Vec<Item>,
    denied: bool,
    timing: Timing,
    contrast: Option<Contrast>,
}

/// The other side of a claim, and whether it corrects something: "tea but not coffee" does not.
struct Contrast {
    items: Vec<Item>,
    corrects: bool,
}

/// The other side of "X, not Y", "not Y but X" and "don't Y but X".
fn contrast(
    ahead: &mut Cursor<'_, '_>,
    rule: &Rule,
    voice: &Voice,
    denied: bool,
    scope: &Scope<'_>,
) -> Option<Contrast> {
    let mut next = *ahead;
    let paused = next.eat_pause();
    let turned = denied || voice.negated;
    let but = next.eat("but");
    let other = if turned {
        but && !begins_clause(next, voice.form())
    } else {
        (but || next.eat("and") || paused) && next.eat("not")
    };
    if !other || matches!(rule.take, Take::Says(_)) {
        return None;
    }
    next.eat_phrase(rule.after.rsplit(' ').next().unwrap_or_default());
    let mut items = take(&mut next, rule.take, voice.form(), voice.negated, scope);
    items.retain(|item| makes_sense(rule.predicate, item, voice));
    if items.is_empty() {
        return None;
    }
    *ahead = next;
    Some(Contrast { items, corrects: turned || !but })
}

fn claim_all(scope: &mut Scope<'_>, said: &Said<'_>, voice: &Voice, rule: &Rule, objects: Objects) {
    let Objects { found, denied, timing, contrast } = objects;
    let mut frame = said.frame.clone();
    frame.corrected |= contrast.as_ref().is_some_and(|contrast| contrast.corrects);
    let said = Said { subject: said.subject, frame: &frame };
    let mut one = |mut item: Item, negated: bool| {
        let predicate = if item.predicate.is_empty() { rule.predicate } else { item.predicate };
        if predicate == "age" && said.subject.is_plural {
            return;
        }
        let negated = negated
            && timing != Timing::Over
            && rule.aspect != Aspect::End
            && !matches!(predicate, "smokes" | "drinks_alcohol");
        if matches!(rule.take, Take::Name | Take::Companion | Take::Possession)
            && item.is_proper
            && predicate != "owns"
        {
            scope.last_person = Some(item.text.clone());
        }
        if predicate == "founded"
            && let Some((_, name)) =
                item.text.split_once(" called ").or_else(|| item.text.split_once(" named "))
        {
            item.text = name.to_string();
        }
        let draft = Draft {
            subject: "",
            predicate,
            item,
            negated,
            timing: timing_of(predicate).unwrap_or(timing),
            fresh: voice.fresh,
        };
        said.claim(scope, draft);
    };
    let negated = voice.negated || denied;
    for item in found {
        one(item, negated);
    }
    for item in contrast.into_iter().flat_map(|contrast| contrast.items) {
        one(item, !negated);
    }
}

/// Predicates that look ahead or at no time at all, whatever their verb.
fn timing_of(predicate: &str) -> Option<Timing> {
    Some(match predicate {
        "appointment" | "expects" | "hopes" | "plans_to" | "considering" | "wants" | "goal" => Timing::Ahead,
        "birthday" | "birth_year" | "birthplace" => Timing::Timeless,
        _ => return None,
    })
}

/// "started learning Spanish", "stopped eating meat": the inner verb says what begins or ends.
fn started<'t, 'a>(
    rest: Cursor<'t, 'a>,
    scope: &mut Scope<'_>,
    said: &Said<'_>,
    voice: &Voice,
    rule: &Rule,
) -> Option<Cursor<'t, 'a>> {
    let mut ahead = rest;
    timing(rule.aspect, voice, said.frame.when).filter(|timing| *timing != Timing::Timeless)?;
    let inner = gerund(&mut ahead, rule.after == "to")?;
    let mut nested = *voice;
    nested.verb = Some(inner);
    nested.tense = Tense::PerfectProgressive;
    nested.ended = rule.aspect == Aspect::End;
    nested.negated = false;
    let before = scope.facts.len();
    rules(&mut ahead, scope, said, &nested, inner);
    let said_at = scope.said_at;
    for fact in scope.facts.iter_mut().skip(before) {
        if rule.aspect == Aspect::Change && fact.valid_from.is_none() {
            fact.valid_from = Some(said_at);
        }
    }
    (scope.facts.len() > before).then_some(ahead)
}
