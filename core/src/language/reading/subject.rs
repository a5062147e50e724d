//! Who a clause is about: the speaker, somebody by name, somebody by relation, or whoever was named last.

use super::cursor::{Cursor, text_of};
use super::object::is_finite;
use super::relation::{is_relation_adjective, relation};
use super::scope::Scope;
use super::sentence::{Sort, Token};
use super::when::weekday;
use super::words::{FAMOUS, ORDINARY, holds};

/// A person, pet or group of them at the start of a clause.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Subject {
    pub(super) names: Vec<String>,
    pub(super) is_speaker: bool,
    /// Several, so that the verb is in the plural.
    pub(super) is_plural: bool,
    /// Named by one capital word at the start of a sentence, which may be no name at all.
    pub(super) is_doubtful: bool,
    /// The subject stands in the possessive: what comes next belongs to it.
    pub(super) is_owner: bool,
    /// Whose relation it is, and which: the speaker and "sibling" for "my sister".
    pub(super) relation: Option<(String, &'static str)>,
    /// The name that was set beside the relation: "my sister Anna".
    pub(super) apposition: Option<String>,
}

impl Subject {
    fn person(name: String) -> Self {
        Subject { names: vec![name], ..Subject::default() }
    }

    pub(super) fn speaker(scope: &Scope<'_>) -> Self {
        Subject { is_speaker: true, ..Subject::person(scope.speaker.to_string()) }
    }

    pub(super) fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// The subject at the cursor, which comes to stand behind it.
pub(super) fn subject(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<Subject> {
    if rest.token(0).is_none_or(|token| token.quoted) {
        return None;
    }
    let mut subject = first(rest, scope)?;
    // "my sister's husband", "Anna's brother": each possessive leads one step on.
    const STEPS_MAX: usize = 4;
    for _ in 0..STEPS_MAX {
        if !subject.is_owner {
            break;
        }
        let mut ahead = *rest;
        let Some(next) = related(&mut ahead, &subject) else {
            break;
        };
        *rest = ahead;
        subject = next;
    }
    let mut ahead = *rest;
    if !subject.is_owner && ahead.eat("and") {
        if ahead.eat("i") {
            *rest = ahead;
            let Subject { relation, apposition, .. } = subject;
            return Some(Subject { relation, apposition, ..Subject::speaker(scope) });
        }
        let second = first(&mut ahead, scope).filter(|other| !other.is_owner && !other.is_speaker);
        if let Some(other) = second.filter(|_| !subject.is_speaker && subject.relation.is_none()) {
            *rest = ahead;
            subject.names.extend(other.names);
            subject.is_plural = true;
        }
    }
    Some(subject)
}

fn first(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<Subject> {
    let last = || scope.person(rest.word(0)).map(Subject::person);
    let found = match rest.word(0) {
        "i" | "we" => Subject::speaker(scope),
        "my" | "our" => Subject { is_owner: true, ..Subject::speaker(scope) },
        "who" if is_relative(rest, scope) => last()?,
        "he" | "she" => last()?,
        "they" => Subject { is_plural: true, ..last()? },
        "his" | "her" | "their" => Subject { is_owner: true, ..last()? },
        "mom" | "mum" | "dad" | "mommy" | "grandma" | "grandpa"
            if rest.is_capital(0)
                && (is_finite(rest.word(1))
                    || matches!(rest.word(1), "says" | "said" | "thinks" | "told")) =>
        {
            return related(rest, &Subject::speaker(scope));
        }
        _ => return named(rest, scope),
    };
    rest.advance(1);
    Some(found)
}

/// "Linda who", "my mother, who": it stands right behind the person it is about.
fn is_relative(rest: &Cursor<'_, '_>, scope: &Scope<'_>) -> bool {
    let before = rest.tokens().get(..rest.at).unwrap_or_default();
    let word = before.iter().rev().find(|token| token.sort == Sort::Word);
    word.zip(scope.last_person.as_deref()).is_some_and(|(token, person)| person.ends_with(token.text))
}

/// Somebody by name, perhaps in the possessive.
fn named(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<Subject> {
    let start = rest.at;
    let tokens = strict_name_tokens(rest);
    let name = text_of(tokens);
    if name.is_empty() {
        return None;
    }
    if tokens.iter().any(|token| holds(&FAMOUS, token.word)) {
        return None;
    }
    let is_owner = rest.eat("'s");
    let is_doubtful = start == 0 && tokens.len() == 1;
    if let Some(relation) = aside(rest, scope).filter(|_| !is_owner) {
        return Some(Subject {
            relation: Some(relation),
            apposition: Some(name.clone()),
            ..Subject::person(name)
        });
    }
    Some(Subject { is_owner, is_doubtful, ..Subject::person(name) })
}

/// ", my boss," behind a name.
fn aside(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<(String, &'static str)> {
    let mut ahead = *rest;
    if !(ahead.eat_pause() && ahead.eat_any(&["my", "our"])) {
        return None;
    }
    let relation = related(&mut ahead, &Subject::speaker(scope))?.relation.filter(|_| ahead.eat_pause())?;
    *rest = ahead;
    Some(relation)
}

/// The words of a name at the cursor, which is moved behind them, where nothing but a name can stand.
pub(super) fn name_tokens<'t, 'a>(rest: &mut Cursor<'t, 'a>) -> &'t [Token<'a>] {
    capital_words(rest, |word| word == "i" || weekday(word).is_some())
}

/// As [`name_tokens`], without words that often stand at the start of a sentence.
fn strict_name_tokens<'t, 'a>(rest: &mut Cursor<'t, 'a>) -> &'t [Token<'a>] {
    capital_words(rest, |word| word == "i" || holds(&ORDINARY, word))
}

fn capital_words<'t, 'a>(rest: &mut Cursor<'t, 'a>, is_none: impl Fn(&str) -> bool) -> &'t [Token<'a>] {
    const WORDS_MAX: usize = 5;
    let start = rest.at;
    while rest.is_capital(0) && rest.at < start.saturating_add(WORDS_MAX) && !is_none(rest.word(0)) {
        rest.advance(1);
        let particle =
            matches!(rest.word(0), "van" | "de" | "von" | "da" | "der" | "del" | "la" | "bin" | "al" | "le");
        if particle && (rest.is_capital(1) || rest.is_capital(2)) {
            rest.advance(1);
        }
    }
    rest.tokens().get(start..rest.at).unwrap_or_default()
}

/// The relation behind a possessive, perhaps with a name beside it.
fn related(rest: &mut Cursor<'_, '_>, owner: &Subject) -> Option<Subject> {
    let mut late = false;
    while is_relation_adjective(rest.word(0)) && relation(rest.word(1)).is_some()
        || (is_relation_adjective(rest.word(0)) && is_relation_adjective(rest.word(1)))
        || (is_relation_adjective(rest.word(0)) && rest.word(1) == "best")
    {
        late |= rest.word(0) == "late";
        rest.advance(1);
    }
    let (word, predicate, is_plural) = related_word(rest)?;
    let predicate = predicate.filter(|_| !late);
    let mut subject = Subject::person(format!("{}'s {word}", owner.name()));
    subject.is_plural = is_plural;
    subject.relation = predicate.map(|predicate| (owner.name().to_string(), predicate));
    if is_plural {
        return Some(subject);
    }
    if let Some(name) = beside(rest) {
        subject.names = vec![name.clone()];
        subject.apposition = Some(name);
    }
    subject.is_owner = rest.eat("'s");
    Some(subject)
}

fn related_word<'a>(rest: &mut Cursor<'_, 'a>) -> Option<(&'a str, Option<&'static str>, bool)> {
    let word = rest.word(0);
    if word == "best" && rest.word(1) == "friend" {
        rest.advance(2);
        return Some(("best friend", Some("best_friend"), false));
    }
    if matches!(
        word,
        "parents"
            | "grandparents"
            | "kids"
            | "children"
            | "brothers"
            | "sisters"
            | "in-laws"
            | "neighbours"
            | "neighbors"
            | "friends"
            | "cats"
            | "dogs"
            | "sons"
            | "daughters"
            | "colleagues"
            | "roommates"
            | "siblings"
    ) {
        rest.advance(1);
        return Some((word, None, true));
    }
    // "my guinea pig", "my golden retriever"
    let two = relation(word).is_none()
        && matches!(rest.word(1), "pig" | "retriever" | "shepherd" | "dragon" | "collie");
    let found = relation(rest.word(usize::from(two)))?;
    rest.advance(1 + usize::from(two));
    Some((found.word, found.predicate, false))
}

/// The name in "my sister Anna", "my dad, Jorge," and "my cat called Tom".
fn beside(rest: &mut Cursor<'_, '_>) -> Option<String> {
    let mut ahead = *rest;
    let between = ahead.eat_pause();
    let tokens = name_tokens(&mut ahead);
    if tokens.is_empty() || (between && !ahead.eat_pause()) {
        return None;
    }
    *rest = ahead;
    Some(text_of(tokens))
}
