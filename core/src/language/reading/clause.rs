//! One sentence, clause by clause: a subject, a verb and what the table of patterns makes of them.

use super::attribute::{Attribute, attribute};
use super::cursor::Cursor;
use super::frame::frames;
use super::naming::{Named, hired, inverted, named_by_others};
use super::object::{Item, Reach, items};
use super::predicate::predicate;
use super::rule::Take;
use super::scope::{Draft, Frame, HEDGED, Scope, Timing};
use super::sentence::Token;
use super::style::style;
use super::subject::{Subject, subject};
use super::take::take;
use crate::model::Kind;

/// Reads all clauses of a sentence whose times and situations are folded.
pub(super) fn read(tokens: &[Token<'_>], scope: &mut Scope<'_>) {
    let (tokens, hedged) = without_afterthought(tokens);
    let mut rest = Cursor::new(tokens);
    let mut inherited: Option<(Subject, Frame)> = None;
    while !rest.is_end() {
        let start = rest.at;
        let before = scope.facts.len();
        let heard = clause(&mut rest, scope, inherited.as_ref());
        for fact in scope.facts.iter_mut().skip(before).filter(|_| hedged) {
            fact.kind = Some(Kind::Hypothesis);
            fact.confidence = HEDGED;
        }
        if heard.is_none() {
            rest.at = start;
        }
        inherited = heard.or(None);
        if rest.at == start {
            rest.advance(1);
        }
        inherited = next_clause(&mut rest).then_some(inherited).flatten();
    }
}

/// The sentence without ", I think" at its end, which makes a guess of all of it.
fn without_afterthought<'t, 'a>(tokens: &'t [Token<'a>]) -> (&'t [Token<'a>], bool) {
    const THOUGHTS: [&[&str]; 8] = [
        &["i", "think"],
        &["i", "guess"],
        &["i", "believe"],
        &["i", "suppose"],
        &["maybe"],
        &["probably"],
        &["perhaps"],
        &["i", "am", "not", "sure"],
    ];
    let ends = |thought: &&&[&str]| {
        let Some(from) = tokens.len().checked_sub(thought.len()).filter(|&from| from > 2) else {
            return false;
        };
        let paused = thought.len() == 1 || tokens.get(from - 1).is_some_and(|token| token.text == ",");
        paused && tokens.iter().skip(from).zip(thought.iter()).all(|(token, word)| token.word == *word)
    };
    match THOUGHTS.iter().find(ends) {
        Some(thought) => (tokens.get(..tokens.len() - thought.len()).unwrap_or_default(), true),
        None => (tokens, false),
    }
}

/// Moves on to where the next clause can begin. The value tells whether the one before reached up to it.
fn next_clause(rest: &mut Cursor<'_, '_>) -> bool {
    let start = rest.at;
    while !rest.is_end() {
        let conjunction = matches!(
            rest.word(0),
            "and"
                | "but"
                | "because"
                | "although"
                | "though"
                | "so"
                | "since"
                | "as"
                | "while"
                | "whereas"
                | "yet"
                | "plus"
                | "who"
        );
        if rest.is_pause(0) || conjunction {
            break;
        }
        rest.advance(1);
    }
    rest.at == start
}

/// Reads one clause; `None` if it is none or says nothing that its successor could share a subject with.
fn clause(
    rest: &mut Cursor<'_, '_>,
    scope: &mut Scope<'_>,
    inherited: Option<&(Subject, Frame)>,
) -> Option<(Subject, Frame)> {
    let mut frame = inherited
        .map(|(_, frame)| Frame { when: None, situations: Vec::new(), ..frame.clone() })
        .unwrap_or_default();
    let start = *rest;
    let opinion = frames(rest, scope, &mut frame);
    let opened = *rest;
    if let Some((predicate, value)) = style(rest) {
        let speaker = Subject::speaker(scope);
        frame.when = None;
        claim_item(scope, &speaker, predicate, Item::of("", value), &frame);
        return Some((speaker, frame));
    }
    *rest = opened;
    if let Some(found) = named_by_others(rest, scope).or_else(|| inverted(rest, scope)) {
        claim_item(scope, &found.subject, &found.predicate, found.item, &frame);
        return Some((found.subject, frame));
    }
    if let Some((found, over)) = hired(rest, scope) {
        let timing = if over { Timing::Over } else { Timing::Began };
        let Named { subject, predicate, item } = found;
        let draft = Draft {
            subject: subject.name(),
            predicate: &predicate,
            item,
            negated: false,
            timing,
            fresh: false,
        };
        scope.claim(draft, &frame);
        return Some((subject, frame));
    }
    let found = body(rest, scope, &frame, inherited.map(|(subject, _)| subject));
    if found.is_none() && opinion {
        *rest = start;
        return belief(rest, scope).map(|subject| (subject, frame));
    }
    found.map(|subject| (subject, frame))
}

fn claim_item(scope: &mut Scope<'_>, subject: &Subject, predicate: &str, item: Item, frame: &Frame) {
    for name in &subject.names {
        let draft = Draft {
            subject: name,
            predicate,
            item: item.clone(),
            negated: false,
            timing: Timing::Holds,
            fresh: false,
        };
        scope.claim(draft, frame);
    }
}

/// "I think that homework is useless", where no pattern finds more in it.
fn belief(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>) -> Option<Subject> {
    let mut frame = Frame::default();
    while !rest.is_end() && !rest.eat("i") {
        rest.advance(1);
    }
    rest.eat_any(&["really", "honestly", "personally", "still", "do"]);
    rest.advance(1);
    if rest.token(1).is_some_and(|token| token.spaced) {
        rest.eat("that");
    }
    let vague = |word: &str| {
        matches!(
            word,
            "it" | "this"
                | "that"
                | "you"
                | "we"
                | "i"
                | "they"
                | "there"
                | ""
                | "he"
                | "she"
                | "the"
                | "therefore"
        )
    };
    let unsure = (0..12).any(|ahead| {
        matches!(rest.word(ahead), "should" | "would" | "could" | "might" | "must" | "can" | "will")
    });
    if vague(rest.word(0)) || unsure {
        return None;
    }
    let items = take(rest, Take::Rest, None, false, scope);
    let speaker = Subject::speaker(scope);
    for item in items {
        frame.when = None;
        claim_item(scope, &speaker, "believes", item, &frame);
    }
    Some(speaker)
}

/// Subject and predicate.
fn body(
    rest: &mut Cursor<'_, '_>,
    scope: &mut Scope<'_>,
    frame: &Frame,
    inherited: Option<&Subject>,
) -> Option<Subject> {
    let start = *rest;
    let found = match subject(rest, scope) {
        Some(found) => found,
        None => {
            *rest = start;
            return predicate(rest, scope, frame, inherited?).then(|| inherited.cloned()).flatten();
        }
    };
    let before = scope.facts.len();
    if !is_dead(rest) {
        introduce(scope, &found, frame);
    }
    if let Some(named) = owned(&start, rest, scope, frame) {
        return Some(named);
    }
    let heard = !found.is_owner && predicate(rest, scope, frame, &found);
    // Whoever is named is whom "she" means next, even if nothing is understood of what the clause says.
    if (!found.is_speaker || found.apposition.is_some()) && (heard || !found.is_doubtful || found.is_owner) {
        scope.last_person = found.apposition.clone().or_else(|| found.names.last().cloned());
    }
    if !heard {
        if found.apposition.is_none() || scope.facts.len() == before {
            scope.facts.truncate(before);
        }
        let contracted = contracted(&start, rest, scope, frame);
        return contracted;
    }
    Some(found)
}

/// "My dog Rex died": the relation is over, and to tell of it would make it new.
fn is_dead(rest: &Cursor<'_, '_>) -> bool {
    (0..3).any(|ahead| matches!(rest.word(ahead), "died" | "dead") || rest.ahead(ahead).sees("passed away"))
}

/// "my sister Anna": she is my sister.
fn introduce(scope: &mut Scope<'_>, subject: &Subject, frame: &Frame) {
    if let (Some(name), Some((owner, predicate))) = (&subject.apposition, &subject.relation) {
        let draft = Draft {
            subject: owner,
            predicate,
            item: Item::of("", name.clone()),
            negated: false,
            timing: Timing::Timeless,
            fresh: false,
        };
        scope.claim(draft, &Frame { when: None, hedged: false, ..frame.clone() });
    }
}

/// "Anna's a nurse": the possessive was a verb.
fn contracted<'t, 'a>(
    start: &Cursor<'t, 'a>,
    rest: &mut Cursor<'t, 'a>,
    scope: &mut Scope<'_>,
    frame: &Frame,
) -> Option<Subject> {
    let mut ahead = *start;
    let mut person = subject(&mut ahead, scope).filter(|person| person.is_owner && !person.is_speaker)?;
    ahead.at = ahead.at.checked_sub(1)?;
    if ahead.word(0) != "'s" {
        return None;
    }
    person.is_owner = false;
    person.is_doubtful = false;
    if !predicate(&mut ahead, scope, frame, &person) {
        return None;
    }
    scope.last_person = person.names.last().cloned();
    *rest = ahead;
    Some(person)
}

/// "my name is Ana", "Anna's favorite color is blue", "my boss is Tom".
fn owned<'t, 'a>(
    start: &Cursor<'t, 'a>,
    rest: &mut Cursor<'t, 'a>,
    scope: &mut Scope<'_>,
    frame: &Frame,
) -> Option<Subject> {
    let mut ahead = *start;
    let owner = owner(&mut ahead, scope)?;
    let found = attribute(&mut ahead)?;
    let (subject, predicate) = match &owner.relation {
        Some((whose, relation)) if found.predicate == "name" => (whose.as_str(), *relation),
        _ => (owner.name(), found.predicate.as_str()),
    };
    let named = found.items.first().map(|item| item.text.clone());
    let mut frame = frame.clone();
    let other = other_value(&mut ahead, &found);
    frame.corrected |= other.is_some();
    frame.hedged |= found.hedged;
    let frame = &frame;
    for item in found.items {
        let timing = if found.past { Timing::Ended } else { Timing::Holds };
        scope.claim(Draft { subject, predicate, item, negated: found.negated, timing, fresh: false }, frame);
    }
    if let Some(item) = other {
        let draft =
            Draft { subject, predicate, item, negated: !found.negated, timing: Timing::Holds, fresh: false };
        scope.claim(draft, frame);
    }
    if found.is_person || (owner.relation.is_some() && found.predicate == "name") {
        scope.last_person = named;
    } else if !owner.is_speaker {
        scope.last_person = Some(owner.name().to_string());
    }
    *rest = ahead;
    Some(Subject { is_owner: false, ..owner })
}

/// "my name is Ana, not Anna"; "my name isn't Ana, it's Anna".
fn other_value(rest: &mut Cursor<'_, '_>, found: &Attribute) -> Option<Item> {
    let mut ahead = *rest;
    let paused = ahead.eat_pause();
    let turned = if found.negated {
        ahead.eat("but") || (paused && ahead.eat_phrase("it is"))
    } else {
        (paused || ahead.eat("and")) && ahead.eat("not")
    };
    if !turned {
        return None;
    }
    let item = items(&mut ahead, Reach::Long, None).into_iter().next()?;
    *rest = ahead;
    Some(item)
}

/// The longest possessive at the cursor that an attribute follows.
fn owner(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<Subject> {
    let mut whole = *rest;
    let found = subject(&mut whole, scope)?;
    if found.is_owner {
        *rest = whole;
        return Some(found);
    }
    // "my boss is Tom": the relation is itself the attribute.
    let speaker = Subject::speaker(scope);
    let last = scope.last_person.clone();
    let owner = match rest.word(0) {
        "my" | "our" => speaker,
        "his" | "her" | "their" => Subject { names: vec![last?], ..Subject::default() },
        _ => {
            // "Anna's brother is Tom", "my sister's husband is Tom".
            let at = (0..whole.at.saturating_sub(rest.at)).rev().find(|&ahead| rest.word(ahead) == "'s")?;
            let tokens = rest.tokens().get(..rest.at.saturating_add(at).saturating_add(1))?;
            let mut inner = Cursor::new(tokens);
            inner.at = rest.at;
            let owner = subject(&mut inner, scope)?;
            rest.advance(at + 1);
            return Some(owner);
        }
    };
    rest.advance(1);
    Some(owner)
}
