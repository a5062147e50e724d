//! What a person can have: children, pets, illnesses, degrees, appointments and things.

use super::cursor::{Cursor, text_of};
use super::numeral::number;
use super::object::{Item, Reach, adjuncts, items};
use super::relation::{counted, is_pets, relation};
use super::subject::name_tokens;
use super::verbs::Form;
use super::words::{BELONGINGS, CONDITIONS, PETS, holds};

/// What stands after "have"; none if it is nothing that lasts.
pub(super) fn possession(rest: &mut Cursor<'_, '_>, form: Option<Form>) -> Vec<Item> {
    if let Some(item) = people(rest).or_else(|| degree(rest)).or_else(|| appointment(rest)) {
        return vec![item];
    }
    let pets = pet(rest);
    if !pets.is_empty() {
        return pets;
    }
    let mut ahead = *rest;
    if let Some(found) = allergy(rest) {
        return found;
    }
    let mut found = items(&mut ahead, Reach::Short, form);
    for item in &mut found {
        classify(item);
    }
    let first = found.first().is_some_and(|item| !item.predicate.is_empty());
    found.retain(|item| first && !item.predicate.is_empty());
    if !found.is_empty() {
        *rest = ahead;
    }
    found
}

fn classify(item: &mut Item) {
    let lower = item.lower();
    if lower.starts_with("no ") {
        return;
    }
    let last = lower.rsplit(' ').next().unwrap_or_default();
    if let Some(of) = lower.strip_suffix(" allergy") {
        item.predicate = "allergic_to";
        let of = ["severe ", "mild ", "bad ", "serious "]
            .iter()
            .fold(of, |of, word| of.strip_prefix(word).unwrap_or(of));
        let end = item.text.len().saturating_sub(" allergy".len());
        item.text = item.text.get(end.saturating_sub(of.len())..end).unwrap_or_default().to_string();
    } else if let Some(of) = lower.strip_suffix(" intolerance") {
        item.predicate = "intolerant_to";
        item.text = item.text.get(..of.len()).unwrap_or_default().to_string();
    } else if holds(&CONDITIONS, &lower)
        || holds(&CONDITIONS, last) && last.len() > 4
        || lower.ends_with(" disease")
        || lower.ends_with(" syndrome")
        || lower.ends_with(" disorder")
    {
        item.predicate = "has_condition";
    } else if item.situations.iter().any(|situation| situation.starts_with("for ")) {
        let drink = matches!(last, "coffee" | "tea" | "juice" | "milk" | "water" | "wine" | "beer");
        item.predicate = if drink { "drinks" } else { "eats" };
    } else if holds(&PETS, last) {
        item.predicate = "pet";
    } else if holds(&BELONGINGS, &lower)
        || holds(&BELONGINGS, last)
        || (item.is_determined && (item.is_proper || is_brand(&item.text)))
    {
        item.predicate = "owns";
    }
}

/// "old Volvo"
fn is_brand(text: &str) -> bool {
    text.rsplit(' ').next().is_some_and(|word| word.starts_with(char::is_uppercase))
}

/// "two kids", "four brothers", "a sister named Anna".
fn people(rest: &mut Cursor<'_, '_>) -> Option<Item> {
    let mut ahead = *rest;
    let none = ahead.eat("no");
    let count = number(ahead.word(0));
    ahead.advance(usize::from(count.is_some()));
    while matches!(
        ahead.word(0),
        "older"
            | "younger"
            | "little"
            | "small"
            | "young"
            | "big"
            | "grown"
            | "adult"
            | "lovely"
            | "wonderful"
            | "beautiful"
    ) {
        ahead.advance(1);
    }
    let word = ahead.word(0);
    let named = relation(word).and_then(|relation| relation.predicate);
    let number = counted(word);
    if named.is_none() && number.is_none() {
        return None;
    }
    ahead.advance(1);
    let mut item = Item::default();
    if let Some(name) = called(&mut ahead) {
        item = Item { is_proper: true, ..Item::of(named?, name) };
    } else {
        let mut count = if none { 0 } else { count? };
        count += others(&mut ahead, number);
        item.predicate = number.filter(|_| named.is_none_or(|named| named != "pet"))?;
        item.text = count.to_string();
    }
    adjuncts(&mut ahead, &mut item);
    *rest = ahead;
    Some(item)
}

/// "two sons and a daughter": what comes on top.
fn others(rest: &mut Cursor<'_, '_>, kind: Option<&'static str>) -> i64 {
    let mut ahead = *rest;
    if !ahead.eat("and") {
        return 0;
    }
    let Some(count) = number(ahead.word(0)).filter(|_| kind.is_some() && counted(ahead.word(1)) == kind)
    else {
        return 0;
    };
    ahead.advance(2);
    *rest = ahead;
    count
}

/// "an allergy to bees"
fn allergy(rest: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    let mut ahead = *rest;
    ahead.eat_any(&["an", "a"]);
    ahead.eat_any(&["severe", "mild", "bad", "serious", "slight"]);
    if !ahead.eat_phrases(&["allergy to", "intolerance to"]) {
        return None;
    }
    let mut found = items(&mut ahead, Reach::Long, None);
    for item in &mut found {
        item.predicate = "allergic_to";
    }
    *rest = ahead;
    Some(found)
}

/// "named Rex", "called Rex"
fn called(rest: &mut Cursor<'_, '_>) -> Option<String> {
    let mut ahead = *rest;
    ahead.eat_pause();
    if !ahead.eat_any(&["named", "called"]) && !ahead.eat_phrase("whose name is") {
        return None;
    }
    let name = text_of(name_tokens(&mut ahead));
    if name.is_empty() {
        return None;
    }
    *rest = ahead;
    Some(name)
}

/// "a dog", "three cats", "a cat named Tom".
pub(super) fn pet(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    const WORDS_MAX: usize = 4;
    let mut ahead = *rest;
    let written = ahead.word(0);
    let count = number(written).filter(|_| !matches!(written, "a" | "an"));
    let single = ahead.eat_any(&["a", "an", "one", "my", "any"]);
    if !single {
        ahead.advance(usize::from(count.is_some()));
    }
    let start = ahead.at;
    let is_animal = |word: &str| holds(&PETS, word) || is_pets(word) || word == "pet" || word == "pets";
    let Some(last) = (0..WORDS_MAX)
        .take_while(|&at| !ahead.word(at).is_empty() && !matches!(ahead.word(at), "and" | "of" | "for"))
        .find(|&at| is_animal(ahead.word(at)) && !is_animal(ahead.word(at + 1)))
    else {
        return Vec::new();
    };
    let animal = ahead.word(last);
    ahead.advance(last + 1);
    // "a cat allergy", "a dog walker", "a bird feeder"
    if !(single || count.is_some()) || is_noun_next(&ahead) {
        return Vec::new();
    }
    let kind = text_of(ahead.tokens().get(start..ahead.at).unwrap_or_default());
    let mut found = names(&mut ahead);
    if found.is_empty() && matches!(animal, "pet" | "pets") {
        return found;
    }
    if found.is_empty() {
        let text = count.filter(|&count| count != 1).map_or(kind.clone(), |count| format!("{count} {kind}"));
        found.push(Item::of("pet", text));
    }
    if let Some(item) = found.last_mut() {
        adjuncts(&mut ahead, item);
    }
    *rest = ahead;
    found
}

fn is_noun_next(rest: &Cursor<'_, '_>) -> bool {
    !matches!(
        rest.word(0),
        "" | "and"
            | "named"
            | "called"
            | "who"
            | "that"
            | "but"
            | "so"
            | "whose"
            | "at"
            | "because"
            | "or"
            | "anymore"
            | "too"
            | "which"
            | "in"
            | "now"
            | "with"
    )
}

/// "two cats, Tom and Jerry"
fn aside(rest: &mut Cursor<'_, '_>) -> Option<String> {
    let mut ahead = *rest;
    let name = if ahead.eat_pause() { text_of(name_tokens(&mut ahead)) } else { String::new() };
    let done = ahead.is_end() || ahead.is_pause(0) || ahead.word(0) == "and" && ahead.is_capital(1);
    if name.is_empty() || !done {
        return None;
    }
    *rest = ahead;
    Some(name)
}

/// The names of pets: "called Tom and Jerry".
fn names(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    let mut found: Vec<Item> =
        called(rest).or_else(|| aside(rest)).map(|name| Item::of("pet", name)).into_iter().collect();
    while !found.is_empty() {
        let mut ahead = *rest;
        ahead.eat_pause();
        ahead.eat("and");
        let name = text_of(name_tokens(&mut ahead));
        let clause = matches!(ahead.word(0), "is" | "has" | "was" | "likes" | "loves");
        if name.is_empty() || ahead.at == rest.at || clause {
            break;
        }
        *rest = ahead;
        found.push(Item::of("pet", name));
    }
    found
}

/// "a PhD in chemistry", "my master's degree in physics".
pub(super) fn degree(rest: &mut Cursor<'_, '_>) -> Option<Item> {
    const WORDS_MAX: usize = 5;
    let is_degree = |word: &str| {
        matches!(
            word,
            "phd"
                | "ph.d"
                | "doctorate"
                | "master"
                | "masters"
                | "bachelor"
                | "bachelors"
                | "degree"
                | "mba"
                | "bsc"
                | "msc"
                | "ba"
                | "bs"
                | "ma"
                | "ms"
                | "diploma"
                | "md"
                | "jd"
                | "llb"
                | "llm"
                | "meng"
                | "beng"
                | "associate"
        )
    };
    let mut ahead = *rest;
    ahead.eat_any(&["a", "an", "my", "his", "her", "the"]);
    let last = (0..WORDS_MAX)
        .take_while(|&at| !matches!(ahead.word(at), "" | "and" | "of"))
        .find(|&at| is_degree(ahead.word(at)))?;
    let clean = (0..last).all(|at| {
        matches!(
            ahead.word(at),
            "doctoral"
                | "university"
                | "college"
                | "law"
                | "medical"
                | "undergraduate"
                | "graduate"
                | "postgraduate"
                | "honorary"
                | "joint"
                | "double"
                | "first"
                | "second"
        )
    });
    let mut item = items(&mut ahead, Reach::Long, None).into_iter().next().filter(|_| clean)?;
    item.predicate = "degree";
    if let Some((what, _)) = item.text.split_once(" from ") {
        item.text = what.to_string();
    }
    *rest = ahead;
    Some(item)
}

/// "an appointment with the dentist", "a dentist appointment".
fn appointment(rest: &mut Cursor<'_, '_>) -> Option<Item> {
    let mut ahead = *rest;
    ahead.eat_any(&["a", "an", "my", "another"]);
    let mut item = if ahead.eat_phrases(&["appointment with", "appointment at", "appointment for"]) {
        items(&mut ahead, Reach::Short, None).into_iter().next()?
    } else {
        const WORDS_MAX: usize = 3;
        let count = (1..=WORDS_MAX).find(|&at| ahead.word(at) == "appointment")?;
        let text = text_of(ahead.tokens().get(ahead.at..ahead.at.saturating_add(count))?);
        ahead.advance(count + 1);
        ahead.eat("with");
        let mut item = Item::of("", text.trim_end_matches("'s"));
        adjuncts(&mut ahead, &mut item);
        item
    };
    item.predicate = "appointment";
    *rest = ahead;
    Some(item)
}
