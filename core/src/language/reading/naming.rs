//! Sentences whose subject is not whom they are about: "people call me Max", "Tom is my brother".

use super::attribute::noun_predicate;
use super::cursor::{Cursor, text_of};
use super::object::{Item, Reach, adjuncts, items, skip_determiners};
use super::scope::Scope;
use super::subject::{Subject, name_tokens};

/// A claim about somebody else than the subject.
pub(super) struct Named {
    pub(super) subject: Subject,
    pub(super) predicate: String,
    pub(super) item: Item,
}

/// "everyone calls me Max"
pub(super) fn named_by_others(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<Named> {
    let mut ahead = *rest;
    let others = [
        "people",
        "everyone",
        "everybody",
        "friends",
        "most people",
        "my friends",
        "my family",
        "my colleagues",
        "they",
        "my coworkers",
        "my parents",
        "my mates",
        "my teammates",
        "all my friends",
        "my classmates",
        "folks",
    ];
    if !ahead.eat_phrases(&others) {
        return None;
    }
    ahead.eat_any(&["usually", "mostly", "just", "all", "always", "often", "still"]);
    if !ahead.eat_phrases(&["call me", "calls me", "know me as", "knows me as"]) {
        return None;
    }
    let name = text_of(name_tokens(&mut ahead));
    if name.is_empty() {
        return None;
    }
    *rest = ahead;
    Some(Named {
        subject: Subject::speaker(scope),
        predicate: "nickname".to_string(),
        item: Item::of("", name),
    })
}

/// "Netflix hired me": the company comes first.
pub(super) fn hired(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<(Named, bool)> {
    let mut ahead = *rest;
    let name = text_of(name_tokens(&mut ahead));
    ahead.eat_any(&["just", "recently", "finally"]);
    let word = ahead.word(0);
    if name.is_empty()
        || !(ahead.eat_phrases(&["hired me", "employs me", "recruited me", "fired me", "laid me off"]))
    {
        return None;
    }
    let mut item = Item::of("", name);
    adjuncts(&mut ahead, &mut item);
    if ahead.eat("as") {
        let role = items(&mut ahead, Reach::Short, None).into_iter().next();
        item.when = item.when.or(role.and_then(|role| role.when));
    }
    *rest = ahead;
    let named = Named { subject: Subject::speaker(scope), predicate: "works_at".to_string(), item };
    Some((named, matches!(word, "fired" | "laid")))
}

/// "Blue is my favorite color", "Tom is my brother".
pub(super) fn inverted(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>) -> Option<Named> {
    const WORDS_MAX: usize = 5;
    let count = (1..=WORDS_MAX).find(|&ahead| matches!(rest.word(ahead), "is" | "are"))?;
    let mut value = *rest;
    if matches!(rest.word(count + 1), "my" | "our")
        && !matches!(rest.word(0), "my" | "our" | "it" | "this" | "that" | "what" | "here")
    {
        skip_determiners(&mut value);
    } else {
        return None;
    }
    let end = rest.at.saturating_add(count);
    let text = text_of(rest.tokens().get(value.at..end)?);
    let mut ahead = rest.ahead(count + 2);
    let words = (1..=3).rev().find_map(|words| {
        let done = ahead.token(words).is_none_or(|token| token.sort != super::sentence::Sort::Word)
            || matches!(ahead.word(words), "and" | "but" | "so" | "because" | "of" | "ever");
        let tokens = ahead.tokens().get(ahead.at..ahead.at.saturating_add(words)).filter(|_| done)?;
        Some((words, noun_predicate(tokens.iter().map(|token| token.word))?.0))
    });
    let (words, predicate) = words?;
    let is_person = !predicate.starts_with("favorite_");
    let named = rest.is_capital(0) && text_of(name_tokens(&mut rest.clone())) == text;
    if text.is_empty() || (is_person && !named) || matches!(predicate.as_str(), "goal" | "job_title" | "name")
    {
        return None;
    }
    ahead.advance(words);
    let mut item = Item::of("", text.clone());
    adjuncts(&mut ahead, &mut item);
    *rest = ahead;
    scope.last_person = is_person.then_some(text).or(scope.last_person.take());
    Some(Named { subject: Subject::speaker(scope), predicate, item })
}
