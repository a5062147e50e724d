//! Reads the objects of a rule and keeps those that are of its kind.

use super::complement::{complement, is_job};
use super::cursor::{Cursor, text_of};
use super::numeral;
use super::object::{Item, Reach, adjuncts, begins_clause, items};
use super::possession::{degree, pet, possession};
use super::rule::Take;
use super::scope::Scope;
use super::sentence::Sort;
use super::subject::{name_tokens, subject};
use super::verbs::{Form, verb};
use super::words::{
    BELONGINGS, BODY, DIETS, DRUGS, ERRANDS, EVENTS, FEELINGS, GROUPS, LANGUAGES, PLACES, SCHOOLS, holds,
};

/// The objects of a rule at the cursor; none if what stands there does not fit, and then the cursor stays.
pub(super) fn take(
    rest: &mut Cursor<'_, '_>,
    kind: Take,
    form: Option<Form>,
    negated: bool,
    scope: &Scope<'_>,
) -> Vec<Item> {
    let start = rest.at;
    let found = match kind {
        Take::Thing | Take::Verbal => items(rest, Reach::Long, form),
        Take::Preferred => preferred(rest, form),
        Take::Subject => of(rest, Reach::Short, form, |_| true),
        Take::Phrase => items(rest, Reach::Phrase, form),
        Take::Place => one(rest, form, is_place),
        Take::Proper => of(rest, Reach::Short, form, |item| item.is_proper),
        Take::Name => name(rest, scope, false),
        Take::Companion => name(rest, scope, true),
        Take::Rest => all(rest),
        Take::Says(object) => fixed(rest, object),
        Take::Yes => fixed(rest, if negated { "no" } else { "yes" }),
        Take::Bare => bare(rest, negated),
        Take::Age => number(rest),
        Take::Measure => measure(rest),
        Take::Born => birth(rest, form),
        Take::Errand => of(rest, Reach::Long, form, |item| !is_errand(&item.lower())),
        Take::Sight => of(rest, Reach::Long, form, |item| !is_page(&item.lower())),
        Take::Home => home(rest, form),
        Take::Degree => degree(rest).into_iter().collect(),
        Take::Pet => pet(rest),
        Take::Complement => complement(rest),
        Take::Possession => possession(rest, form),
        _ => of(rest, reach(kind), form, |item| fits(kind, item))
            .into_iter()
            .map(|item| polished(kind, item))
            .collect(),
    };
    if found.is_empty() {
        rest.at = start;
    }
    found
}

fn reach(kind: Take) -> Reach {
    if matches!(kind, Take::Determined | Take::Group) { Reach::Long } else { Reach::Short }
}

fn fits(kind: Take, item: &Item) -> bool {
    let lower = item.lower();
    let last = lower.rsplit(' ').next().unwrap_or_default();
    match kind {
        Take::Job => is_job(&lower),
        Take::Languages => {
            holds(&LANGUAGES, lower.trim_start_matches("fluent ").trim_start_matches("conversational "))
        }
        Take::Drug => {
            holds(&DRUGS, &lower)
                || holds(&DRUGS, last)
                || lower.contains(" mg")
                || lower.ends_with("medication")
        }
        Take::School => item.is_proper && lower.split([' ', '-']).any(|word| holds(&SCHOOLS, word)),
        Take::Group => {
            holds(&GROUPS, last) || lower.split(' ').any(|word| matches!(word, "club" | "choir" | "team"))
        }
        Take::EventNoun => holds(&EVENTS, last),
        Take::Body => lower.split(' ').any(|word| holds(&BODY, word)),
        Take::Vehicle => item.is_determined,
        Take::Belonging => holds(&BELONGINGS, last) || holds(&BELONGINGS, &lower),
        Take::Feeling => holds(&FEELINGS, &lower),
        Take::Industry => {
            matches!(last, "industry" | "sector" | "field")
                || !item.is_determined
                    && !holds(&GROUPS, last)
                    && (!item.is_proper || item.text.chars().all(char::is_uppercase))
        }
        Take::Employer => item.is_proper && !holds(&PLACES, &lower),
        Take::City => item.is_proper && holds(&PLACES, &lower),
        Take::Pronouns => lower.ends_with(" pronouns"),
        Take::Determined => item.is_determined,
        Take::Here => item.is_proper,
        Take::Started => is_pastime(item, &lower),
        Take::DietOn => holds(&DIETS, lower.trim_end_matches(" diet")),
        _ => false,
    }
}

/// What one wants of the one who answers, not of life.
fn is_errand(lower: &str) -> bool {
    let noun = lower
        .split([',', ' '])
        .take_while(|word| {
            !matches!(*word, "of" | "for" | "to" | "with" | "about" | "in" | "on" | "from" | "by" | "that")
        })
        .last();
    holds(&ERRANDS, noun.unwrap_or_default())
}

fn is_page(lower: &str) -> bool {
    matches!(
        lower.rsplit(' ').next().unwrap_or_default(),
        "website"
            | "site"
            | "page"
            | "link"
            | "url"
            | "store"
            | "docs"
            | "documentation"
            | "repo"
            | "shop"
            | "bathroom"
    )
}

/// "running", "yoga", "piano lessons".
fn is_pastime(item: &Item, lower: &str) -> bool {
    let first = lower.split(' ').next().unwrap_or_default();
    let noun = !item.is_determined && !item.is_proper && lower.split(' ').count() <= 2;
    first.ends_with("ing")
        || noun
            && !matches!(
                first,
                "to" | "work" | "dinner" | "lunch" | "over" | "late" | "early" | "here" | "again"
            )
}

/// What of an object a rule does not want: the "diet" of a diet, the "skiing" of a leg broken skiing.
fn polished(kind: Take, mut item: Item) -> Item {
    let cut = |item: &mut Item, suffix: &str| {
        let length = item.text.len().saturating_sub(suffix.len());
        if item.text.to_lowercase().ends_with(suffix) {
            item.text.truncate(length);
        }
    };
    match kind {
        Take::DietOn => cut(&mut item, " diet"),
        Take::Drug => {
            if let Some((_, drug)) = item.text.split_once(" of ") {
                item.text = drug.to_string();
            }
        }
        Take::Pronouns => cut(&mut item, " pronouns"),
        Take::Body => {
            let end =
                item.text.split(' ').position(|word| holds(&BODY, word)).map_or(usize::MAX, |at| at + 1);
            item.text = item.text.split(' ').take(end).collect::<Vec<_>>().join(" ");
        }
        _ => {}
    }
    item
}

/// "Porto", and of "a small flat in Porto" the part with a name.
fn home(rest: &mut Cursor<'_, '_>, form: Option<Form>) -> Vec<Item> {
    let mut found = one(rest, form, is_place);
    if found.first().is_some_and(|item| !item.is_proper && is_dwelling(&item.lower())) {
        let mut ahead = *rest;
        if ahead.eat_any(&["in", "near", "outside", "of", "on"]) {
            let named = of(&mut ahead, Reach::Short, form, |item| item.is_proper);
            if !named.is_empty() {
                *rest = ahead;
                found = named;
                found.truncate(1);
            }
        }
    }
    found
}

/// "small flat", "quiet village"
fn is_dwelling(lower: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 40] = [
        "apartment", "area", "bedroom", "bungalow", "cabin", "center", "centre", "city", "condo", "cottage",
        "countryside", "district", "dorm", "duplex", "east", "farm", "farmhouse", "flat", "heart", "home",
        "house", "houseboat", "loft", "middle", "neighborhood", "neighbourhood", "north", "outskirts",
        "part", "place", "room", "south", "studio", "suburb", "suburbs", "town", "townhouse", "villa",
        "village", "west",
    ];
    holds(&WORDS, lower.rsplit(' ').next().unwrap_or_default())
}

fn is_place(item: &Item) -> bool {
    let first = item.text.split(' ').next().unwrap_or_default();
    !matches!(
        first,
        "different" | "same" | "fear" | "peace" | "present" | "past" | "moment" | "front" | "charge"
    ) && (item.is_proper || item.is_determined || item.text.len() > 2)
}

fn of(
    rest: &mut Cursor<'_, '_>,
    reach: Reach,
    form: Option<Form>,
    fits: impl Fn(&Item) -> bool,
) -> Vec<Item> {
    let mut found = items(rest, reach, form);
    let first = found.first().is_some_and(&fits);
    found.retain(|item| first && fits(item));
    found
}

/// The first object only.
fn one(rest: &mut Cursor<'_, '_>, form: Option<Form>, fits: impl Fn(&Item) -> bool) -> Vec<Item> {
    let mut found = of(rest, Reach::Short, form, fits);
    found.truncate(1);
    found
}

/// People by name, or by relation if `related`.
fn name(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>, related: bool) -> Vec<Item> {
    let mut item = Item::default();
    if rest.is_capital(0) {
        item.text = text_of(name_tokens(rest));
        item.is_proper = true;
    } else if let Some(person) = subject(rest, scope).filter(|person| !person.is_owner && !person.is_speaker)
    {
        let own = format!("{}'s ", scope.speaker);
        match person.apposition {
            Some(name) => {
                item.text = name;
                item.is_proper = true;
            }
            None if related => {
                item.text = person.name().strip_prefix(&own).unwrap_or(person.name()).to_string()
            }
            None => return Vec::new(),
        }
    }
    adjuncts(rest, &mut item);
    if item.text.is_empty() { Vec::new() } else { vec![item] }
}

/// "tea over coffee", "trains to planes": what is preferred.
fn preferred(rest: &mut Cursor<'_, '_>, form: Option<Form>) -> Vec<Item> {
    let mut found = items(rest, Reach::Long, form);
    for item in &mut found {
        let end = [" over ", " to ", " than ", " instead of ", " rather than "]
            .iter()
            .filter_map(|link| item.text.find(link))
            .min();
        if let Some(text) = end.and_then(|end| item.text.get(..end)) {
            item.text = text.to_string();
        }
    }
    found.truncate(1);
    found
}

/// All to the end of the clause: what is believed.
fn all(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    let start = rest.at;
    while let Some(token) = rest.token(0) {
        let other = matches!(token.word, "and" | "but" | "so") && begins_clause(rest.ahead(1), None);
        if token.sort == Sort::Pause || other || token.word == "because" {
            break;
        }
        rest.advance(1);
    }
    let tokens = rest.tokens().get(start..rest.at).unwrap_or_default();
    let many = tokens.len() > 1;
    if many { vec![Item::of("", text_of(tokens))] } else { Vec::new() }
}

fn fixed(rest: &mut Cursor<'_, '_>, object: &str) -> Vec<Item> {
    let mut item = Item::of("", object);
    adjuncts(rest, &mut item);
    vec![item]
}

/// "I smoke", "I don't drink", with nothing or only a time behind.
fn bare(rest: &mut Cursor<'_, '_>, negated: bool) -> Vec<Item> {
    rest.eat_any(&["anymore", "regularly", "occasionally"]);
    let found = fixed(rest, if negated { "no" } else { "yes" });
    let done = rest.is_end() || rest.is_pause(0) || matches!(rest.word(0), "and" | "but" | "so" | "because");
    if done { found } else { Vec::new() }
}

fn number(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    let Some(age) = numeral::age(rest.word(0)) else {
        return Vec::new();
    };
    rest.advance(1);
    rest.eat_phrase("years old");
    // "turned 18 in Rome" was long ago.
    if rest.word(0) == "in" {
        return Vec::new();
    }
    fixed(rest, &age.to_string())
}

/// "72 kg", "180 cm"
fn measure(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    let start = rest.at;
    if !rest.word(0).starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    while !rest.is_end()
        && !rest.word(0).is_empty()
        && rest.at < start + 4
        && !matches!(rest.word(0), "and" | "so" | "but" | "tall")
    {
        rest.advance(1);
    }
    let text = text_of(rest.tokens().get(start..rest.at).unwrap_or_default());
    fixed(rest, &text)
}

/// After "born": dates, a year, a place, in any order.
fn birth(rest: &mut Cursor<'_, '_>, form: Option<Form>) -> Vec<Item> {
    let mut found = Vec::new();
    while let Some(token) = rest.token(0) {
        if let Sort::Time(_) = token.sort {
            rest.advance(1);
            found.extend(born(token.text.split_once(' ').map_or("", |(_, text)| text)));
        } else if rest.sees("and raised in") || rest.sees("and grew up in") {
            let predicate = "grew_up_in";
            rest.advance(if rest.word(1) == "raised" { 3 } else { 4 });
            let place = one(rest, form, is_place).into_iter().next();
            found.extend(place.map(|place| Item { predicate, ..place }));
        } else if matches!(rest.word(0), "in" | "at" | "near") {
            rest.advance(1);
            let Some(place) = one(rest, form, |item| item.is_proper || item.is_determined).pop() else {
                break;
            };
            found.push(Item::of("birthplace", place.text));
            if let Some(token) = rest
                .at
                .checked_sub(1)
                .and_then(|at| rest.tokens().get(at))
                .filter(|token| matches!(token.sort, Sort::Time(_)))
            {
                found.extend(born(token.text.split_once(' ').map_or("", |(_, text)| text)));
            }
        } else {
            break;
        }
    }
    found
}

/// "March 3, 1990" is a birthday and a year of birth; "1990" the year alone.
fn born(text: &str) -> Vec<Item> {
    let mut found = Vec::new();
    let year = text.rsplit([' ', ',']).next().filter(|word| numeral::year(word).is_some());
    let day = year.map_or(text, |year| text.strip_suffix(year).unwrap_or(text)).trim_end_matches([' ', ',']);
    if day.contains(|c: char| c.is_ascii_digit()) {
        found.push(Item::of("birthday", day.trim_start_matches("the ")));
    }
    found.extend(year.map(|year| Item::of("birth_year", year)));
    found
}

/// The verb in the -ing form at the cursor, with which something starts or stops.
pub(super) fn gerund(rest: &mut Cursor<'_, '_>, to: bool) -> Option<super::verbs::Verb> {
    let wanted = if to { Form::Base } else { Form::Ing };
    let found = verb(rest.word(0)).filter(|verb| verb.form == wanted)?;
    rest.advance(1);
    Some(found)
}
