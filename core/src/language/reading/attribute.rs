//! What belongs to somebody and is something: "my name is Ana", "her favorite color is blue".

use super::complement::is_job;
use super::cursor::{Cursor, text_of};
use super::numeral;
use super::numeral::age;
use super::object::{Item, Reach, adjuncts, items};
use super::relation::{is_relation_adjective, relation};
use super::sense;
use super::subject::name_tokens;
use super::when;
use super::words::{DIETS, NATIONALITIES, RELIGIONS, holds};

/// What the value of an attribute must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Any,
    Several,
    Name,
    Number,
    /// Digits somewhere in it.
    Digits,
    Date,
    Email,
    Nationality,
    Job,
    Diet,
    Religion,
    /// "to run a marathon"
    Aim,
}

/// Nouns that one has, in ascending order.
const ATTRIBUTES: [(&str, &str, Value); 72] = [
    ("age", "age", Value::Number),
    ("aim", "goal", Value::Aim),
    ("alma mater", "graduated_from", Value::Any),
    ("ambition", "goal", Value::Aim),
    ("birth date", "birthday", Value::Date),
    ("birth year", "birth_year", Value::Digits),
    ("birthdate", "birthday", Value::Date),
    ("birthday", "birthday", Value::Date),
    ("birthplace", "birthplace", Value::Any),
    ("blood group", "blood_type", Value::Any),
    ("blood type", "blood_type", Value::Any),
    ("bloodtype", "blood_type", Value::Any),
    ("cell number", "phone_number", Value::Digits),
    ("citizenship", "nationality", Value::Nationality),
    ("current job", "job_title", Value::Job),
    ("current location", "located_in", Value::Any),
    ("current weight", "weight", Value::Digits),
    ("date of birth", "birthday", Value::Date),
    ("diet", "diet", Value::Diet),
    ("dream", "goal", Value::Aim),
    ("e-mail", "email", Value::Email),
    ("e-mail address", "email", Value::Email),
    ("email", "email", Value::Email),
    ("email address", "email", Value::Email),
    ("employer", "works_at", Value::Any),
    ("faith", "religion", Value::Any),
    ("first language", "native_language", Value::Any),
    ("first name", "name", Value::Name),
    ("full name", "name", Value::Name),
    ("gender pronouns", "pronouns", Value::Any),
    ("goal", "goal", Value::Aim),
    ("goal for this year", "goal", Value::Aim),
    ("goal this year", "goal", Value::Aim),
    ("height", "height", Value::Digits),
    ("hobbies", "hobby", Value::Several),
    ("hobby", "hobby", Value::Several),
    ("home town", "hometown", Value::Any),
    ("hometown", "hometown", Value::Any),
    ("job", "job_title", Value::Job),
    ("job title", "job_title", Value::Job),
    ("life goal", "goal", Value::Aim),
    ("long-term goal", "goal", Value::Aim),
    ("main goal", "goal", Value::Aim),
    ("main hobby", "hobby", Value::Several),
    ("major", "studies", Value::Any),
    ("marital status", "marital_status", Value::Any),
    ("mobile", "phone_number", Value::Digits),
    ("mobile number", "phone_number", Value::Digits),
    ("mother tongue", "native_language", Value::Any),
    ("name", "name", Value::Name),
    ("nationality", "nationality", Value::Nationality),
    ("native language", "native_language", Value::Any),
    ("native tongue", "native_language", Value::Any),
    ("new job", "job_title", Value::Job),
    ("nickname", "nickname", Value::Name),
    ("number", "phone_number", Value::Digits),
    ("occupation", "job_title", Value::Job),
    ("phone", "phone_number", Value::Digits),
    ("phone number", "phone_number", Value::Digits),
    ("place of birth", "birthplace", Value::Any),
    ("preferred language", "preferred_language", Value::Any),
    ("preferred pronouns", "pronouns", Value::Any),
    ("profession", "job_title", Value::Job),
    ("pronouns", "pronouns", Value::Any),
    ("religion", "religion", Value::Religion),
    ("telephone number", "phone_number", Value::Digits),
    ("time zone", "timezone", Value::Any),
    ("timezone", "timezone", Value::Any),
    ("weight", "weight", Value::Digits),
    ("work email", "email", Value::Email),
    ("workplace", "works_at", Value::Any),
    ("year of birth", "birth_year", Value::Digits),
];

/// What an attribute says.
pub(super) struct Attribute {
    pub(super) predicate: String,
    pub(super) items: Vec<Item>,
    pub(super) negated: bool,
    pub(super) past: bool,
    pub(super) hedged: bool,
    /// The value names a person.
    pub(super) is_person: bool,
}

/// The attribute at the cursor, which stands behind its owner.
pub(super) fn attribute(rest: &mut Cursor<'_, '_>) -> Option<Attribute> {
    const NOUN_WORDS_MAX: usize = 6;
    let start = rest.at;
    let count = (1..=NOUN_WORDS_MAX)
        .find(|&ahead| matches!(rest.word(ahead), "is" | "are" | "was" | "'s" | "include" | "includes"))?;
    let noun = rest.tokens().get(start..start.saturating_add(count))?;
    let (predicate, value) = noun_predicate(noun.iter().map(|token| token.word))?;
    let mut ahead = rest.ahead(count);
    let past = ahead.word(0) == "was";
    ahead.advance(1);
    let (mut negated, mut hedged) = (false, false);
    while matches!(
        ahead.word(0),
        "not"
            | "actually"
            | "still"
            | "also"
            | "now"
            | "definitely"
            | "always"
            | "currently"
            | "probably"
            | "maybe"
            | "perhaps"
            | "possibly"
            | "really"
    ) {
        negated |= ahead.word(0) == "not";
        hedged |= matches!(ahead.word(0), "probably" | "maybe" | "perhaps" | "possibly");
        ahead.advance(1);
    }
    let is_person = value == Value::Name && predicate != "name" && predicate != "nickname";
    let mut items = read(&mut ahead, &predicate, value, is_person)?;
    if value != Value::Several {
        let favorite =
            predicate.starts_with("favorite_") && noun.last().is_some_and(|token| token.word.ends_with('s'));
        items.truncate(if favorite { usize::MAX } else { 1 });
    }
    *rest = ahead;
    Some(Attribute { predicate, items, negated, past, hedged, is_person })
}

/// The predicate of an attribute's noun.
pub(super) fn noun_predicate<'a>(words: impl Iterator<Item = &'a str>) -> Option<(String, Value)> {
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let (first, others) = words.split_first()?;
    if matches!(*first, "favorite" | "most-loved")
        || (words.len() > 2 && words.starts_with(&["all-time", "favorite"]))
    {
        return favorite(others);
    }
    let noun = words.join(" ");
    if let Ok(at) = ATTRIBUTES.binary_search_by(|(name, _, _)| (*name).cmp(&noun)) {
        return ATTRIBUTES.get(at).map(|(_, predicate, value)| (predicate.to_string(), *value));
    }
    let mut words = words.iter().copied().skip_while(|word| is_relation_adjective(word));
    let word = words.next()?;
    let named = match (word, words.next()) {
        ("best", Some("friend")) => Some("best_friend"),
        (word, None) => relation(word)?.predicate,
        _ => None,
    };
    named.map(|predicate| (predicate.to_string(), Value::Name))
}

fn favorite(words: &[&str]) -> Option<(String, Value)> {
    let words = match words {
        ["thing" | "things" | "part" | "way", ..] => return None,
        ["kind" | "type" | "kinds" | "types" | "style", "of", rest @ ..] => rest,
        ["all-time", rest @ ..] => rest,
        words => words,
    };
    let (last, _) = words.split_last().filter(|_| words.len() <= 3)?;
    const HEADS: [&str; 20] = [
        "animal",
        "artist",
        "band",
        "book",
        "city",
        "color",
        "dish",
        "drink",
        "food",
        "game",
        "movie",
        "music",
        "place",
        "restaurant",
        "season",
        "show",
        "song",
        "sport",
        "subject",
        "team",
    ];
    // Of "football team" the head alone names the slot.
    let words = if HEADS.contains(last) {
        words.get(words.len().saturating_sub(1)..).unwrap_or(words)
    } else {
        words
    };
    let plain = words.iter().all(|word| word.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let noun = words.join("_").replace("colour", "color").replace('-', "_");
    let singular = match (*last, noun.strip_suffix('s')) {
        ("series" | "chess" | "species" | "news" | "sports" | "bus", _) => noun.as_str(),
        (last, Some(stem)) if !last.ends_with("ss") => stem,
        _ => noun.as_str(),
    };
    plain.then(|| (format!("favorite_{}", singular.trim_start_matches("favorite_")), Value::Any))
}

fn read(rest: &mut Cursor<'_, '_>, predicate: &str, value: Value, is_person: bool) -> Option<Vec<Item>> {
    let found = match value {
        Value::Name => {
            let called = rest.eat_any(&["called", "named"]);
            let title = is_person && !called && rest.eat("a");
            let tokens = name_tokens(rest);
            let mut name = text_of(tokens);
            if name.is_empty() && (!is_person || called) {
                name =
                    rest.token(0).filter(|token| token.is_capital()).map(|token| token.text.to_string())?;
                rest.advance(1);
            }
            let mut item = Item { is_proper: true, ..Item::of("", name) };
            adjuncts(rest, &mut item);
            // "my boss is German" names nobody.
            let more = matches!(rest.word(0), "of" | "for");
            if title || item.text.is_empty() || (is_person && !called && (more || is_no_name(&item.text))) {
                return None;
            }
            return Some(vec![item]);
        }
        Value::Aim => {
            let to = rest.eat("to");
            items(rest, if to { Reach::Phrase } else { Reach::Long }, None)
        }
        Value::Date => date(rest),
        Value::Number => {
            let age = age(rest.word(0))?;
            rest.advance(1);
            return Some(vec![Item::of("", age.to_string())]);
        }
        _ => items(rest, Reach::Long, None),
    };
    let found = trimmed(value, found);
    let fits = found.first().is_some_and(|item| is_value(value, predicate, item));
    fits.then_some(found)
}

/// "keto" of "keto diet".
fn trimmed(value: Value, mut found: Vec<Item>) -> Vec<Item> {
    for item in found.iter_mut().filter(|_| value == Value::Diet) {
        if let Some(diet) = item.text.strip_suffix(" diet") {
            item.text = diet.to_string();
        }
    }
    found
}

fn is_no_name(text: &str) -> bool {
    let lower = text.to_lowercase();
    holds(&NATIONALITIES, &lower) || holds(&RELIGIONS, &lower) || sense::is_no_name(text)
}

fn is_value(value: Value, predicate: &str, item: &Item) -> bool {
    let lower = item.lower();
    match value {
        // "my phone is an iPhone 15"
        Value::Digits if predicate == "phone_number" => {
            const DIGITS_MIN: usize = 5;
            lower.chars().filter(char::is_ascii_digit).count() >= DIGITS_MIN
        }
        Value::Digits => lower.contains(|c: char| c.is_ascii_digit()),
        Value::Email => lower.contains('@'),
        Value::Nationality => holds(&NATIONALITIES, &lower),
        Value::Job => is_job(&lower),
        Value::Diet => holds(&DIETS, &lower),
        Value::Religion => holds(&RELIGIONS, &lower) || item.is_proper,
        Value::Any => item.is_proper || !is_opinion(&lower),
        _ => true,
    }
}

/// "my hometown is beautiful": an adjective where a value should be.
fn is_opinion(lower: &str) -> bool {
    matches!(
        lower.split(' ').next().unwrap_or_default(),
        "great"
            | "good"
            | "nice"
            | "beautiful"
            | "bad"
            | "broken"
            | "down"
            | "very"
            | "hard"
            | "fine"
            | "small"
            | "gone"
            | "not"
            | "late"
            | "boring"
            | "lovely"
            | "important"
            | "always"
            | "important,"
            | "coming"
            | "getting"
            | "so"
            | "too"
            | "awful"
            | "soon"
    )
}

/// "March 3", "on the 3rd of March", "March 3, 1990" without its year.
fn date(rest: &mut Cursor<'_, '_>) -> Vec<Item> {
    if let Some(token) = rest.token(0).filter(|token| matches!(token.sort, super::sentence::Sort::Time(_))) {
        rest.advance(1);
        let text =
            token.text.strip_prefix("on ").or_else(|| token.text.strip_prefix("in ")).unwrap_or(token.text);
        return if text.chars().any(|c| c.is_ascii_digit()) { vec![Item::of("", text)] } else { Vec::new() };
    }
    let mut found = items(rest, Reach::Long, None);
    found.truncate(1);
    found.retain(|item| item.text.split(' ').any(|word| when::month(&word.to_lowercase()).is_some()));
    for item in &mut found {
        if let Some((day, _)) = item.text.rsplit_once(' ').filter(|(_, year)| numeral::year(year).is_some()) {
            item.text = day.to_string();
        }
    }
    found
}
