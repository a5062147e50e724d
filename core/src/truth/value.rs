//! How names and values are compared: by their words, their type, and what is known to mean the same or the opposite.

use unicode_normalization::UnicodeNormalization;

/// Compatibility form, lower case, single spaces: how subjects, objects and contexts are compared.
pub(crate) fn normal(text: &str) -> String {
    if text.is_ascii() {
        return joined(text.split_ascii_whitespace().map(str::to_ascii_lowercase));
    }
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    joined(folded.split_whitespace().map(str::to_owned))
}

fn joined(mut words: impl Iterator<Item = String>) -> String {
    let mut text = words.next().unwrap_or_default();
    for word in words {
        text.push(' ');
        text.push_str(&word);
    }
    text
}

/// How predicates are compared: like other names, and "lives in" is `lives_in`.
pub(crate) fn normal_predicate(name: &str) -> String {
    normal(name).replace([' ', '-'], "_")
}

/// Whether a name is that of the one who speaks.
pub(crate) fn is_self(name: &str) -> bool {
    ["i", "me", "myself"].contains(&normal(name).as_str())
}

/// Titles that go before a whole name and do not tell two people apart. "Mr" and "Mrs" do.
const TITLES: [&str; 5] = ["dr", "doctor", "prof", "professor", "sir"];

/// How subjects are compared: a title before a name of two words or more is left out.
pub(crate) fn normal_name(name: &str) -> String {
    let name = normal(name);
    if let Some((title, rest)) = name.split_once(' ')
        && rest.contains(' ')
        && !rest.split(' ').next().is_some_and(|word| GO_ON.contains(&word))
        && TITLES.contains(&title.trim_end_matches('.'))
    {
        return rest.to_owned();
    }
    name
}

/// Values that mean the same; the last of a line stands for it.
const SAME: &[&[&str]] = &[
    &["nyc", "new york city", "new york"],
    &["sf", "san francisco"],
    &["la", "los angeles"],
    &["uk", "u.k.", "great britain", "united kingdom"],
    &["usa", "us", "u.s.", "u.s.a.", "united states of america", "united states"],
    &["uae", "united arab emirates"],
    &["software developer", "programmer", "software engineer"],
    &["physician", "medical doctor", "doctor"],
    &["attorney", "lawyer"],
    &["film", "movie"],
    &["television", "tv"],
    &["bicycle", "bike"],
    &["automobile", "car"],
    &["soccer", "football (soccer)"],
];

/// Words that exclude one another; the words of a line share the place of its first.
const ANTONYMS: &[&[&str]] = &[
    &["remote", "remotely", "on-site", "onsite", "in-office", "hybrid"],
    &["full-time", "part-time"],
    &["early", "late"],
    &["hot", "iced", "cold"],
    &["indoor", "outdoor"],
    &["morning", "evening"],
    &["introvert", "extrovert"],
    &["introverted", "extroverted"],
    &["short", "long", "detailed"],
    &["formal", "informal", "casual"],
    &["left-handed", "right-handed"],
    &["digital", "analog"],
];

/// Words with which more is said of the value before them.
const GO_ON: [&str; 14] =
    ["in", "at", "of", "for", "with", "on", "from", "and", "inc", "inc.", "corp", "ltd", "llc", "gmbh"];

/// Two spellings of one antonym.
const SPELLINGS: [(&str, &str); 4] =
    [("remotely", "remote"), ("onsite", "on-site"), ("in-office", "on-site"), ("detailed", "long")];

/// Units, with the base unit and how many of it they are (SI and the international yard and pound agreement of 1959).
const UNITS: &[(&str, &str, f64)] = &[
    ("mm", "m", 0.001),
    ("cm", "m", 0.01),
    ("m", "m", 1.0),
    ("meter", "m", 1.0),
    ("meters", "m", 1.0),
    ("metres", "m", 1.0),
    ("km", "m", 1000.0),
    ("kilometers", "m", 1000.0),
    ("kilometres", "m", 1000.0),
    ("mile", "m", 1609.344),
    ("miles", "m", 1609.344),
    ("ft", "m", 0.3048),
    ("feet", "m", 0.3048),
    ("g", "g", 1.0),
    ("grams", "g", 1.0),
    ("kg", "g", 1000.0),
    ("kilo", "g", 1000.0),
    ("kilos", "g", 1000.0),
    ("kilograms", "g", 1000.0),
    ("lb", "g", 453.592_37),
    ("lbs", "g", 453.592_37),
    ("pounds", "g", 453.592_37),
    ("s", "s", 1.0),
    ("seconds", "s", 1.0),
    ("min", "s", 60.0),
    ("minutes", "s", 60.0),
    ("h", "s", 3600.0),
    ("hour", "s", 3600.0),
    ("hours", "s", 3600.0),
    ("ml", "l", 0.001),
    ("l", "l", 1.0),
    ("liters", "l", 1.0),
    ("litres", "l", 1.0),
    ("years", "", 1.0),
    ("years old", "", 1.0),
    ("year old", "", 1.0),
    ("usd", "usd", 1.0),
    ("dollars", "usd", 1.0),
    ("eur", "eur", 1.0),
    ("euros", "eur", 1.0),
    ("%", "%", 1.0),
    ("percent", "%", 1.0),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// An object in the form in which two are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    /// The same for all spellings of one value.
    pub(crate) form: String,
    /// Whether it is a number, a date or a boolean: such a value refines no other.
    typed: bool,
}

impl Object {
    pub(crate) fn of(text: &str) -> Self {
        let plain = normal_name(text);
        if let Some(form) = boolean(&plain).or_else(|| date(&plain)).or_else(|| quantity(&plain)) {
            return Object { form, typed: true };
        }
        let plain =
            ["the ", "a ", "an "].iter().find_map(|article| plain.strip_prefix(article)).unwrap_or(&plain);
        let same = SAME.iter().find(|names| names.contains(&plain)).and_then(|names| names.last());
        let form = same.map_or_else(|| spelled(plain), |name| (*name).to_owned());
        Object { form, typed: false }
    }

    /// What objects share that are judged together where a predicate may have many: antonyms share one.
    pub(crate) fn key(&self) -> String {
        if self.typed {
            return self.form.clone();
        }
        let shared = |word: &str| {
            let line = ANTONYMS.iter().find(|line| line.contains(&word));
            line.and_then(|line| line.first()).map_or_else(|| word.to_owned(), |first| (*first).to_owned())
        };
        joined(self.form.split(' ').map(shared))
    }

    /// Whether this says more of the same than `other`: "Berlin, Germany" and "Berlin"; not "New York" and "York",
    /// and not "Porto Alegre" and "Porto": after a mere space another name may go on.
    pub(crate) fn refines(&self, other: &Object) -> bool {
        if self.typed || other.typed {
            return false;
        }
        let Some(rest) = self.form.strip_prefix(other.form.as_str()) else { return false };
        let more = rest.strip_prefix(' ').is_some_and(|rest| {
            rest.starts_with('(') || rest.split(' ').next().is_some_and(|word| GO_ON.contains(&word))
        });
        rest.starts_with(',') || more
    }

    /// Whether a word of it is spelled in more than one way.
    pub(crate) fn has_spellings(&self) -> bool {
        let is_spelled = |word: &str| SPELLINGS.iter().any(|(other, known)| *other == word || *known == word);
        self.form.split(' ').any(is_spelled)
    }

    /// Whether one excludes the other by a word: "remote work" and "on-site work".
    pub(crate) fn is_antonym_of(&self, other: &Object) -> bool {
        !self.typed && self.form != other.form && self.key() == other.key()
    }
}

/// One spelling of words that have several.
fn spelled(text: &str) -> String {
    let one = |word: &str| {
        SPELLINGS
            .iter()
            .find(|(other, _)| *other == word)
            .map_or_else(|| word.to_owned(), |(_, one)| (*one).to_owned())
    };
    joined(text.split(' ').map(one))
}

fn boolean(text: &str) -> Option<String> {
    match text {
        "yes" | "true" => Some("#yes".to_owned()),
        "no" | "false" => Some("#no".to_owned()),
        _ => None,
    }
}

/// A number with its unit, in the base unit.
fn quantity(text: &str) -> Option<String> {
    let (text, currency) = match text.strip_prefix(['$', '\u{20AC}']) {
        Some(amount) => (amount, if text.starts_with('$') { "usd" } else { "eur" }),
        None => (text, ""),
    };
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = decimal(number)?;
    let unit = unit.trim();
    // Without a unit it may be a name made of digits: a phone number or a version.
    if unit.is_empty() && currency.is_empty() && (text.contains(['.', ',']) || text.starts_with('0')) {
        return None;
    }
    let (base, factor) = match (unit, currency) {
        ("", currency) => (currency, 1.0),
        (unit, "") => {
            UNITS.iter().find(|(name, ..)| *name == unit).map(|&(_, base, factor)| (base, factor))?
        }
        _ => return None,
    };
    Some(format!("#{} {base}", (number * factor * 1e6).round() / 1e6))
}

/// A number of at most 15 digits, with commas between thousands or as its decimal point.
fn decimal(text: &str) -> Option<f64> {
    if text.chars().filter(char::is_ascii_digit).count() > 15 {
        return None;
    }
    let mut groups = text.split('.').next()?.split(',');
    let first = groups.next()?;
    let thousands = text.contains(',') && first.len() <= 3 && groups.all(|group| group.len() == 3);
    let number = if thousands {
        text.replace(',', "")
    } else if text.matches(',').count() == 1 && !text.contains('.') {
        text.replace(',', ".")
    } else {
        text.to_owned()
    };
    number.parse().ok()
}

/// A calendar day in one of the usual orders.
fn date(text: &str) -> Option<String> {
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) || !text.contains(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let mut words = text.split([' ', ',', '-', '/', '.']).filter(|word| !word.is_empty());
    let parts = [words.next()?, words.next()?, words.next().unwrap_or_default()];
    if words.next().is_some() {
        return None;
    }
    let month = |word: &str| {
        let short = |month: &str| {
            word.len() == 3 && month.starts_with(word) || word == "sept" && month == "september"
        };
        MONTHS.iter().position(|&month| month == word || short(month)).map(|month| month + 1)
    };
    let day = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<usize>().ok().filter(|day| (1..=31).contains(day))
    };
    let year = |word: &str| {
        if word.is_empty() {
            Some(String::new())
        } else {
            (word.len() == 4 && word.parse::<u32>().is_ok()).then(|| word.to_owned())
        }
    };
    let [first, second, third] = parts;
    let (year, month, day) = if let (Some(month), Some(day)) = (month(first), day(second)) {
        (year(third)?, month, day)
    } else if let (Some(day), Some(month)) = (day(first), month(second)) {
        (year(third)?, month, day)
    } else if first.len() == 4 && !third.is_empty() {
        (year(first)?, second.parse::<usize>().ok().filter(|month| (1..=12).contains(month))?, day(third)?)
    } else {
        return None;
    };
    Some(format!("@{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        Object::of(text).form
    }

    /// The promise: one value in two spellings is one value.
    #[test]
    fn spellings_of_one_value_are_equal() {
        for (one, other) in [
            ("5 km", "5000 m"),
            ("5km", "5 kilometers"),
            ("$1,200", "1200 dollars"),
            ("34 years old", "34"),
            ("March 3, 1990", "3rd March 1990"),
            ("1990-03-03", "3 Mar 1990"),
            ("yes", "True"),
            ("NYC", "New  York City"),
            ("the piano", "Piano"),
            ("\u{FF30}orto", "porto"),
            ("Dr. Anna Smith", "anna smith"),
            ("remotely", "remote"),
        ] {
            assert_eq!(form(one), form(other), "{one} and {other}");
        }
    }

    /// The promise: two values are never taken for one, nor for more of one.
    #[test]
    fn different_values_stay_different() {
        for (one, other) in [
            ("York", "New York"),
            ("Marina 4", "Marble 4"),
            ("10000000000000000", "10000000000000001"),
            ("7,5 kg", "75 kg"),
            ("0301234567", "301234567"),
            ("3.1", "3.10"),
            ("doctor of medicine", "professor of medicine"),
            ("5 km", "5 m"),
            ("March 3", "March 4"),
            ("Mr. Smith", "Mrs. Smith"),
            ("Dr. Smith", "Smith"),
        ] {
            assert_ne!(form(one), form(other), "{one} and {other}");
        }
        assert!(Object::of("Berlin, Germany").refines(&Object::of("berlin")));
        assert!(!Object::of("New York").refines(&Object::of("York")));
        assert!(!Object::of("Porto Alegre").refines(&Object::of("Porto")));
        assert!(Object::of("engineer at Acme").refines(&Object::of("engineer")));
        assert!(!Object::of("Berliner Allee").refines(&Object::of("Berlin")));
        assert!(!Object::of("5 km").refines(&Object::of("5")));
        assert!(Object::of("remote work").is_antonym_of(&Object::of("on-site work")));
        assert!(!Object::of("green tea").is_antonym_of(&Object::of("black tea")));
    }
}
