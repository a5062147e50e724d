//! What a person can be: "a nurse", "vegan", "34", "Portuguese", "tired", "an introvert".

use super::cursor::Cursor;
use super::numeral::age;
use super::object::{Item, Reach, adjuncts, items};
use super::occupations::OCCUPATIONS;
use super::sense::is_no_name;
use super::words::{DIETS, FEELINGS, NATIONALITIES, ORDINARY, RELIGIONS, TRAITS, holds};

/// The complement at the cursor; none if it is nothing that the vocabulary has a predicate for.
pub(super) fn complement(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    aged(rest)
        .or_else(|| years(rest))
        .or_else(|| tall(rest))
        .or_else(|| noun(rest))
        .into_iter()
        .flatten()
        .collect()
}

/// "a 29-year-old nurse"
fn aged(rest: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    let mut ahead = *rest;
    if !ahead.eat_any(&["a", "an"]) {
        return None;
    }
    let age = age(ahead.word(0).strip_suffix("-year-old")?)?;
    ahead.advance(1);
    let mut found = vec![Item::of("age", age.to_string())];
    let from = ahead;
    found.extend(items(&mut ahead, Reach::Short, None).into_iter().take(1).filter_map(|item| {
        let (predicate, text) = classify(&Item { is_determined: true, ..item }, false)?;
        Some(Item::of(predicate, text))
    }));
    *rest = if found.len() > 1 { ahead } else { from };
    Some(found)
}

/// "34", "34 years old", "turning 34" is a verb of its own.
fn years(rest: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    let mut ahead = *rest;
    ahead.eat_any(&["about", "almost"]);
    let word = ahead.word(0);
    let (bare, hyphenated) = match word.split_once("-year-old") {
        Some((number, _)) => (number, true),
        None => (word, false),
    };
    let age = age(bare)?;
    ahead.advance(1);
    const BARE_MIN: i64 = 10;
    let worded = ahead.eat_phrases(&["years old", "years of age", "yo"]) || hyphenated;
    let done = ahead.is_end()
        || ahead.is_pause(0)
        || ahead.word(0).is_empty()
        || matches!(ahead.word(0), "and" | "but" | "so" | "now");
    // "I'm 5" may count anything.
    if !(worded || done && age >= BARE_MIN) {
        return None;
    }
    let mut item = Item::of("age", age.to_string());
    adjuncts(&mut ahead, &mut item);
    *rest = ahead;
    Some(vec![item])
}

/// "180 cm tall"
fn tall(rest: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    const WORDS_MAX: usize = 5;
    let about = usize::from(matches!(rest.word(0), "about" | "around" | "roughly"));
    rest.word(about).chars().next().filter(char::is_ascii_digit)?;
    let count = (1..=WORDS_MAX).find(|&ahead| rest.word(ahead) == "tall")?;
    let tokens = rest.tokens().get(rest.at.saturating_add(about)..rest.at.saturating_add(count))?;
    let text = super::cursor::text_of(tokens);
    rest.advance(count + 1);
    Some(vec![Item::of("height", text)])
}

fn noun(rest: &mut Cursor<'_, '_>) -> Option<Vec<Item>> {
    let mut ahead = *rest;
    let mut found = items(&mut ahead, Reach::Short, None);
    found.truncate(1);
    let mut item = found.pop()?;
    let bare = bare_name(*rest, &ahead);
    let aside = ["at heart", "in my spare time", "in my free time", "on the side", "by night"];
    if aside.iter().any(|phrase| ahead.sees(phrase)) {
        return None;
    }
    let (predicate, text) = classify(&item, bare)?;
    item.predicate = predicate;
    item.text = text;
    let aimed = matches!(ahead.word(0), "to" | "of")
        || (ahead.word(0) == "with" && matches!(ahead.word(1), "that" | "this" | "it" | "the" | "your"));
    if predicate == "feels" && aimed {
        return None;
    }
    // Only the first object was looked at: the cursor must not pass over the others.
    if let Some(end) = end_of_first(*rest) {
        ahead.at = end;
        adjuncts(&mut ahead, &mut item);
    }
    *rest = ahead;
    Some(vec![item])
}

/// Where the first noun phrase ends.
fn end_of_first(rest: Cursor<'_, '_>) -> Option<usize> {
    let at = (0..).map(|ahead| (ahead, rest.token(ahead))).find(|(_, token)| {
        token.is_none_or(|token| {
            matches!(token.word, "and" | "or" | "&") || token.sort != super::sentence::Sort::Word
        })
    });
    at.filter(|(_, token)| token.is_some_and(|token| matches!(token.word, "and" | "or" | "&" | ",")))
        .map(|(ahead, _)| rest.at.saturating_add(ahead))
}

/// "I'm Mara": one or two capital words and nothing else.
fn bare_name(from: Cursor<'_, '_>, to: &Cursor<'_, '_>) -> bool {
    let count = to.at.saturating_sub(from.at);
    let capital = (0..count).all(|ahead| from.is_capital(ahead) && !holds(&ORDINARY, from.word(ahead)));
    let text = super::cursor::text_of(from.tokens().get(from.at..to.at).unwrap_or_default());
    (1..=3).contains(&count)
        && !is_no_name(&text)
        && capital
        && (to.is_end() || to.is_pause(0) || matches!(to.word(0), "and" | "but" | "from"))
}

fn classify(item: &Item, bare_name: bool) -> Option<(&'static str, String)> {
    let lower = item.lower();
    let lower = ["practicing ", "practising ", "devout "]
        .iter()
        .fold(lower.as_str(), |text, word| text.strip_prefix(word).unwrap_or(text))
        .to_string();
    let words = lower.split(' ').count();
    let last = lower.rsplit(' ').next().unwrap_or_default();
    let text =
        || item.text.get(item.text.len().saturating_sub(lower.len())..).unwrap_or(&item.text).to_string();
    if let Some(of) = lower.strip_suffix(" citizen").or_else(|| lower.strip_suffix(" national"))
        && holds(&NATIONALITIES, of)
    {
        return Some(("nationality", item.text.get(..of.len()).unwrap_or_default().to_string()));
    }
    if let Some(of) = lower.strip_suffix(" intolerant") {
        return Some(("intolerant_to", item.text.get(..of.len()).unwrap_or_default().to_string()));
    }
    if let Some(of) = lower.strip_suffix("-intolerant") {
        return Some(("intolerant_to", item.text.get(..of.len()).unwrap_or_default().to_string()));
    }
    if let Some(status) = status(&lower) {
        return Some(status);
    }
    let predicate = match () {
        () if holds(&NATIONALITIES, &lower) => "nationality",
        () if holds(&DIETS, &lower) => "diet",
        () if holds(&RELIGIONS, &lower) => "religion",
        () if holds(&TRAITS, &lower) => "personality",
        () if holds(&FEELINGS, &lower) && !item.is_determined && !is_small_talk(&lower) => "feels",
        () if matches!(
            lower.as_str(),
            "diabetic" | "asthmatic" | "epileptic" | "dyslexic" | "autistic" | "colorblind" | "colourblind"
        ) =>
        {
            "has_condition"
        }
        () if item.is_determined && is_job(&lower) && !lower.starts_with("former ") => "job_title",
        () if bare_name && !item.is_determined => "name",
        () if words <= 3 && item.is_determined && holds(&TRAITS, last) && last != "person" => "personality",
        () => return None,
    };
    Some((predicate, text()))
}

/// "I'm good", "I'm afraid that": feelings that "be" turns into phrases. After "feel" they are meant.
fn is_small_talk(lower: &str) -> bool {
    matches!(
        lower,
        "good"
            | "well"
            | "great"
            | "better"
            | "afraid"
            | "lost"
            | "stuck"
            | "down"
            | "low"
            | "blue"
            | "curious"
            | "confused"
            | "surprised"
            | "content"
            | "touched"
            | "hurt"
            | "weak"
            | "fantastic"
            | "wonderful"
            | "terrible"
            | "awful"
            | "calm"
            | "confident"
            | "mad"
            | "distracted"
            | "rested"
            | "thankful"
            | "grateful"
            | "impressed"
    )
}

fn status(lower: &str) -> Option<(&'static str, String)> {
    let (predicate, object) = match lower {
        "married" | "single" | "divorced" | "engaged" | "widowed" | "separated" => ("marital_status", lower),
        "widow" | "widower" => ("marital_status", "widowed"),
        "retired" | "unemployed" | "self-employed" => ("employment_status", lower),
        "self employed" => ("employment_status", "self-employed"),
        "freelancer" => ("employment_status", "freelancer"),
        "freelancing" | "freelance" => ("employment_status", "freelance"),
        "jobless" | "between jobs" | "out of work" => ("employment_status", "unemployed"),
        "student" => ("employment_status", "student"),
        _ => return None,
    };
    Some((predicate, object.to_string()))
}

/// "a good cook", "an aspiring writer": a character, a hope or a past, but no job.
fn is_judged(lower: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 49] = [
        "amateur", "amazing", "armchair", "aspiring", "awful", "bad", "best", "better", "big", "born",
        "budding", "careful", "closet", "decent", "ex", "excellent", "failed", "fast", "former",
        "frustrated", "good", "great", "hobby", "hopeless", "horrible", "huge", "keen", "lousy", "mediocre",
        "messy", "natural", "nervous", "passionate", "poor", "pretty", "real", "reckless", "retired",
        "safe", "skilled", "slow", "talented", "terrible", "total", "true", "wannabe", "worse", "worst",
        "would-be",
    ];
    holds(&WORDS, lower.split(' ').next().unwrap_or_default())
}

/// Whether the noun that ends `lower` is an occupation.
pub(super) fn is_job(lower: &str) -> bool {
    if lower.split(' ').count() > 5 || is_judged(lower) || lower.contains(" of my ") {
        return false;
    }
    let noun = lower.split(" of ").next().unwrap_or(lower);
    let last = noun.rsplit(' ').next().unwrap_or_default();
    holds(&OCCUPATIONS, noun) || holds(&OCCUPATIONS, last) || noun.ends_with("flight attendant")
}
