//! The noun phrases and verb phrases after a verb: where each ends, and what of it is the object.

use super::cursor::{Cursor, text_of};
use super::moment::When;
use super::sentence::{Sort, Token};
use super::verbs::{Form, verb};

/// One object of a claim.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Item {
    /// Where the object itself says what it is; else the rule does.
    pub(super) predicate: &'static str,
    pub(super) text: String,
    pub(super) when: Option<When>,
    pub(super) situations: Vec<String>,
    /// It is what the clause denies: the Y of "X, not Y".
    pub(super) denied: bool,
    /// It begins with a capital letter.
    pub(super) is_proper: bool,
    /// It began with an article or a possessive.
    pub(super) is_determined: bool,
}

impl Item {
    pub(super) fn of(predicate: &'static str, text: impl Into<String>) -> Self {
        Item { predicate, text: text.into(), ..Item::default() }
    }

    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

/// How far a noun phrase reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Prepositions belong to it: "walking in the rain".
    Long,
    /// It ends at a preposition: "Porto with Anna".
    Short,
    /// A verb phrase: "and" ends it only before another verb.
    Phrase,
}

/// The objects at the cursor, which is moved behind them. `form` is that of the clause's verb: a verb of
/// the same form after "and" begins another clause.
pub(super) fn items(cursor: &mut Cursor<'_, '_>, reach: Reach, form: Option<Form>) -> Vec<Item> {
    const ITEMS_MAX: usize = 32;
    let mut items: Vec<Item> = Vec::new();
    while items.len() < ITEMS_MAX {
        let mut rest = *cursor;
        let Some(item) = item(&mut rest, reach, form) else {
            break;
        };
        *cursor = rest;
        items.push(item);
        let mut rest = *cursor;
        let paused = rest.is_pause(0);
        if !eat_conjunction(&mut rest) || begins_clause(rest, form) || rest.word(0) == "not" {
            break;
        }
        // "tea, and the rest": a pair has no comma, so another clause begins.
        let linked = rest.at > cursor.at.saturating_add(usize::from(paused));
        if paused && linked && items.len() == 1
            || !is_item(rest, reach, form)
            || !linked && !is_list(rest, reach, form)
        {
            break;
        }
        *cursor = rest;
    }
    share_adjuncts(&mut items);
    items
}

/// Whether the noun phrase at the cursor is no subject: no verb comes behind it.
fn is_item(mut rest: Cursor<'_, '_>, reach: Reach, form: Option<Form>) -> bool {
    item(&mut rest, reach, form).is_some() && !is_finite(rest.word(0))
}

/// Whether an "and" comes at the end of the list of which the cursor stands at one part.
fn is_list(mut rest: Cursor<'_, '_>, reach: Reach, form: Option<Form>) -> bool {
    const PARTS_MAX: usize = 12;
    for _ in 0..PARTS_MAX {
        if item(&mut rest, reach, form).is_none() || is_finite(rest.word(0)) {
            return false;
        }
        rest.eat_pause();
        if rest.eat_any(&["and", "or", "&"]) {
            return is_item(rest, reach, form) && !begins_clause(rest, form);
        }
    }
    false
}

/// A time or situation behind the last of several objects is that of all before it that have none.
fn share_adjuncts(items: &mut [Item]) {
    let mut when = None;
    let mut situations: Vec<String> = Vec::new();
    for item in items.iter_mut().rev() {
        when = item.when.or(when);
        item.when = when;
        if item.situations.is_empty() {
            item.situations.clone_from(&situations);
        } else {
            situations.clone_from(&item.situations);
        }
    }
}

/// Takes "and", "or", a comma or both; not "but", which begins something else.
pub(super) fn eat_conjunction(rest: &mut Cursor<'_, '_>) -> bool {
    let start = rest.at;
    if rest.word(0).is_empty() && rest.token(0).is_some_and(|token| token.text == ",") {
        rest.advance(1);
    }
    if !rest.eat_phrases(&["as well as", "and also"]) {
        rest.eat_any(&["and", "or", "&", "plus", "nor"]);
    }
    rest.at > start
}

fn item(rest: &mut Cursor<'_, '_>, reach: Reach, form: Option<Form>) -> Option<Item> {
    let mut item = Item::default();
    adjuncts(rest, &mut item);
    item.is_determined = skip_determiners(rest);
    let start = rest.at;
    while !rest.is_end() && !is_stop(rest, reach, form, start) {
        rest.advance(1);
    }
    let tokens = trimmed(rest.tokens().get(start..rest.at).unwrap_or_default());
    item.is_proper = tokens.first().is_some_and(Token::is_capital);
    item.text = text_of(tokens);
    adjuncts(rest, &mut item);
    let pointed = tokens
        .first()
        .is_some_and(|token| matches!(token.word, "your" | "this" | "these" | "those" | "that" | "every"))
        || tokens.last().is_some_and(|token| {
            matches!(token.word, "one" | "ones" | "option" | "version" | "answer" | "things")
        });
    if pointed {
        return None;
    }
    let pronoun = tokens.len() == 1 && tokens.first().is_some_and(|token| is_pronoun(token.word));
    (!item.text.is_empty() && !pronoun).then_some(item)
}

/// Collects times and situations at the cursor.
pub(super) fn adjuncts(rest: &mut Cursor<'_, '_>, item: &mut Item) {
    loop {
        match rest.token(0).map(|token| (token.sort, token.word)) {
            Some((Sort::Time(when), _)) => item.when = merged(item.when, when),
            Some((Sort::Situation, word)) => item.situations.push(word.to_string()),
            _ => break,
        }
        rest.advance(1);
    }
}

/// Of two time expressions the one that names a day.
fn merged(first: Option<When>, second: When) -> Option<When> {
    match (first, second) {
        (Some(first), When::Now | When::Vague | When::Past | When::Lasting | When::Within(_)) => Some(first),
        _ => Some(second),
    }
}

pub(super) fn skip_determiners(rest: &mut Cursor<'_, '_>) -> bool {
    let start = rest.at;
    while rest.eat_phrases(&[
        "a lot of",
        "lots of",
        "all kinds of",
        "a bit of",
        "plenty of",
        "a little",
        "a few",
    ]) || rest.eat_any(&[
        "a",
        "an",
        "the",
        "my",
        "our",
        "some",
        "any",
        "really",
        "mostly",
        "mainly",
        "only",
        "just",
        "usually",
        "especially",
        "both",
        "either",
        "also",
        "his",
        "her",
        "their",
        "all",
        "about",
        "always",
    ]) {}
    rest.at > start
}

fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "it" | "this"
            | "that"
            | "these"
            | "those"
            | "them"
            | "him"
            | "her"
            | "you"
            | "me"
            | "us"
            | "one"
            | "ones"
            | "everything"
            | "something"
            | "anything"
            | "nothing"
            | "everyone"
            | "someone"
            | "people"
            | "things"
            | "stuff"
            | "there"
            | "here"
            | "so"
            | "what"
            | "not"
            | "lot"
            | "bit"
            | "bunch"
            | "time"
            | "mine"
            | "yours"
            | "both"
            | "more"
            | "much"
            | "myself"
            | "yourself"
            | "too"
            | "to"
            | "of"
            | "a"
            | "is"
            | "i"
            | "we"
            | "he"
            | "she"
            | "they"
    )
}

fn is_stop(rest: &Cursor<'_, '_>, reach: Reach, form: Option<Form>, start: usize) -> bool {
    let Some(token) = rest.token(0) else {
        return true;
    };
    if token.quoted {
        return false;
    }
    match token.sort {
        Sort::Pause | Sort::Time(_) | Sort::Situation => return true,
        Sort::Word => {}
    }
    if rest.at == start {
        return is_breaking(token.word);
    }
    match token.word {
        "and" | "or" | "&" | "plus" => !is_whole(rest, reach, form),
        "as" => rest.word(1) == "well" || reach != Reach::Long || rest.word(1) != "a",
        word if is_breaking(word) => true,
        "at" | "in" | "on" | "for" | "with" | "near" | "by" | "to" | "from" | "of" | "about" | "instead"
        | "rather"
            if reach == Reach::Short =>
        {
            token.word != "of" && !(rest.is_capital(1) && token.word == "on" && rest.is_capital(0))
        }
        "instead" | "rather" => true,
        "with" => matches!(rest.word(1), "my" | "our" | "his" | "her"),
        "living" | "working" | "based" | "specializing" | "specialising" => reach == Reach::Short,
        _ => false,
    }
}

/// Words that no object holds.
fn is_breaking(word: &str) -> bool {
    matches!(
        word,
        "because"
            | "since"
            | "so"
            | "when"
            | "whenever"
            | "while"
            | "although"
            | "though"
            | "which"
            | "who"
            | "whose"
            | "where"
            | "if"
            | "until"
            | "unless"
            | "than"
            | "but"
            | "thanks"
            | "due"
            | "cause"
            | "cuz"
            | "whereas"
            | "however"
            | "except"
            | "despite"
            | "is"
            | "are"
            | "was"
            | "were"
            | "am"
            | "have"
            | "has"
            | "will"
            | "do"
            | "does"
            | "did"
            | "can"
            | "i"
            | "that"
            | "instead"
            | "hence"
            | "neither"
            | "therefore"
            | "lol"
            | "haha"
    )
}

/// "mac and cheese": two words that stay one object.
fn is_whole(rest: &Cursor<'_, '_>, reach: Reach, form: Option<Form>) -> bool {
    const WHOLE: [(&str, &str); 30] = [
        ("arts", "crafts"),
        ("bacon", "eggs"),
        ("bangers", "mash"),
        ("bed", "breakfast"),
        ("beer", "food"),
        ("biscuits", "gravy"),
        ("black", "white"),
        ("bread", "butter"),
        ("burgers", "fries"),
        ("butter", "jam"),
        ("chips", "salsa"),
        ("cookies", "cream"),
        ("country", "western"),
        ("crime", "punishment"),
        ("drum", "bass"),
        ("dungeons", "dragons"),
        ("fish", "chips"),
        ("gin", "tonic"),
        ("ham", "cheese"),
        ("law", "order"),
        ("mac", "cheese"),
        ("macaroni", "cheese"),
        ("peanut", "jelly"),
        ("pride", "prejudice"),
        ("research", "development"),
        ("rhythm", "blues"),
        ("rock", "roll"),
        ("salt", "pepper"),
        ("track", "field"),
        ("war", "peace"),
    ];
    let before = rest.at.checked_sub(1).and_then(|at| rest.tokens().get(at)).map_or("", |token| token.word);
    let (word, after) = (rest.word(0), rest.word(1));
    match word {
        "and" | "&" | "or" if WHOLE.binary_search(&(before, after)).is_ok() => true,
        "and" if before == "butter" && after == "jelly" => true,
        "&" => rest.is_capital(1),
        "and" | "or" if reach == Reach::Phrase => {
            !verb(after).is_some_and(|verb| verb.form == Form::Base) && !begins_clause(rest.ahead(1), form)
        }
        _ => false,
    }
}

/// The tokens without words at their end that say nothing: "too", "a lot", "as well".
fn trimmed<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    const TAILS: [&[&str]; 42] = [
        &["better"],
        &["more"],
        &["rn"],
        &["twice"],
        &["once"],
        &["many", "times"],
        &["several", "times"],
        &["a", "few", "times"],
        &["so", "far"],
        &["a", "bit"],
        &["too"],
        &["also"],
        &["again"],
        &["anymore"],
        &["a", "lot"],
        &["so", "much"],
        &["very", "much"],
        &["as", "well"],
        &["really"],
        &["please"],
        &["btw"],
        &["at", "all"],
        &["the", "most"],
        &["the", "best"],
        &["actually"],
        &["either"],
        &["by", "the", "way"],
        &["for", "sure"],
        &["of", "course"],
        &["though"],
        &["lol"],
        &["haha"],
        &["already"],
        &["any", "more"],
        &["any", "longer"],
        &["yet"],
        &["to", "be", "honest"],
        &["tbh"],
        &["all", "the", "time"],
        &["every", "day"],
        &["myself"],
        &["quite", "a", "bit"],
    ];
    while tokens.last().is_some_and(|token| {
        matches!(token.word, "for" | "in" | "on" | "at" | "to" | "by" | "of" | "with" | "from")
    }) {
        tokens = tokens.get(..tokens.len().saturating_sub(1)).unwrap_or_default();
    }
    while let Some(tail) = TAILS.iter().find(|tail| ends_with(tokens, tail)) {
        tokens = tokens.get(..tokens.len().saturating_sub(tail.len())).unwrap_or_default();
    }
    tokens
}

fn ends_with(tokens: &[Token<'_>], tail: &[&str]) -> bool {
    let Some(from) = tokens.len().checked_sub(tail.len()) else {
        return false;
    };
    tokens.iter().skip(from).zip(tail).all(|(token, word)| token.word == *word)
}

/// Whether a clause of its own begins at the cursor, behind "and", "but" or a comma.
pub(super) fn begins_clause(mut rest: Cursor<'_, '_>, form: Option<Form>) -> bool {
    while rest
        .eat_any(&["then", "also", "now", "maybe", "probably", "so", "actually", "just", "still", "never"])
        || matches!(rest.token(0).map(|token| token.sort), Some(Sort::Time(_) | Sort::Situation))
    {
        if rest.word(0).is_empty() {
            rest.advance(1);
        }
        if rest.is_end() {
            return false;
        }
    }
    let word = rest.word(0);
    match word {
        "i" | "we" | "he" | "she" | "they" | "it" | "there" | "this" | "that" | "you" | "everyone"
        | "people" => true,
        "am" | "is" | "are" | "was" | "were" | "have" | "has" | "had" | "do" | "does" | "did" | "will"
        | "can" | "would" | "could" | "should" | "might" | "may" | "used" => true,
        "my" | "our" | "his" | "her" | "their" => (1..6).any(|ahead| is_finite(rest.word(ahead))),
        _ if rest.is_capital(0) => (1..4)
            .take_while(|&ahead| ahead == 1 || rest.is_capital(ahead - 1))
            .any(|ahead| is_finite(rest.word(ahead))),
        _ => same_form(&rest, form),
    }
}

pub(super) fn is_finite(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "was" | "were" | "has" | "had" | "does" | "did" | "will" | "can" | "'s" | "would"
    ) || verb(word).is_some_and(|verb| matches!(verb.form, Form::Third | Form::Past))
}

/// A verb without a subject takes that of the clause before, if it has the same form and is no noun.
fn same_form(rest: &Cursor<'_, '_>, form: Option<Form>) -> bool {
    let found = verb(rest.word(0));
    let Some((found, form)) = found.zip(form) else {
        return false;
    };
    let more = rest.token(1).is_some_and(|token| token.sort != Sort::Pause) && rest.word(1) != "and";
    found.form == form && (more || form != Form::Base)
}
