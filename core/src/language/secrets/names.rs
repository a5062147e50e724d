//! Values that a text gives to a name: "my password is ...", "api_key=...", "PIN: ...".

use std::ops::Range;

use super::{KEY_MIN, Secret, SecretKind, is_token, near, run_end, shaped};

/// A name that a value may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    Password,
    Pin,
    Key,
    Token,
    Bearer,
}

/// The ends of such names: "wifiPassword", "DB_PASSWORD" and "apikey" count too.
const CUES: [(&str, Cue); 11] = [
    ("password", Cue::Password),
    ("passwort", Cue::Password),
    ("passphrase", Cue::Password),
    ("passwd", Cue::Password),
    ("passcode", Cue::Password),
    ("pwd", Cue::Password),
    ("pin", Cue::Pin),
    ("key", Cue::Key),
    ("token", Cue::Token),
    ("secret", Cue::Token),
    ("bearer", Cue::Bearer),
];

/// Words beside or at the head of a "key" that is shown to anyone.
const PUBLIC: [&str; 10] =
    ["public", "publish", "primary", "foreign", "cache", "sort", "partition", "idempotency", "object", "row"];

/// Words that lead from a name to its value.
const LINKS: [&str; 8] = ["is", "was", "s", "ist", "lautet", "war", "es", "est"];

/// Words between such a link and the value.
const STILL: [&str; 7] = ["now", "still", "just", "currently", "set", "to", "jetzt"];

/// Words between a name and its link: "password for the router is", "PIN code:".
const FILLERS: [&str; 9] = ["for", "to", "of", "on", "at", "in", "code", "number", "f\u{FC}r"];

/// Most words between a name and its link.
const FILLERS_MAX: usize = 6;

/// Longest value that is judged, in bytes.
const VALUE_MAX: usize = 128;

/// The value that a text gives to the name at `word`.
pub(super) fn named(text: &str, word: &Range<usize>) -> Option<Secret> {
    let cue = cue(text.as_bytes().get(word.clone())?)?;
    let rest = text.get(word.end..)?;
    let places = match cue {
        Cue::Bearer => [rest.strip_prefix(' '), None],
        // "Set the password to ..." gives a value, "the password to the site is ..." does not at once.
        _ => [given(rest), after_word(rest.trim_start(), &["to"])],
    };
    let range = places.into_iter().flatten().find_map(|place| accepted(text, word, cue, place))?;
    let kind = if matches!(cue, Cue::Password | Cue::Pin) { SecretKind::Password } else { SecretKind::Key };
    // Of "password: 4111 1111 1111 1111" all groups are the secret, not the first alone.
    let whole = shaped(text.as_bytes(), range.start).filter(|secret| secret.range.end >= range.end);
    whole.or(Some(Secret { kind, range }))
}

fn cue(name: &[u8]) -> Option<Cue> {
    let last = name.last()?.to_ascii_lowercase();
    let (_, cue) =
        CUES.iter().filter(|(end, _)| end.as_bytes().last() == Some(&last)).find(|(end, cue)| {
            let whole = matches!(cue, Cue::Pin | Cue::Bearer);
            let tail = name
                .len()
                .checked_sub(end.len())
                .filter(|&at| at == 0 || !whole)
                .and_then(|at| name.get(at..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
        })?;
    Some(*cue)
}

/// What follows the link of a name: "is", ":" or "=", perhaps after "for the router" and the like.
fn given(rest: &str) -> Option<&str> {
    let mut rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "\"'\u{2019}`*\\)]".contains(c));
    for step in 0..=FILLERS_MAX {
        let sign = rest.trim_start_matches([':', '=', '\u{FF1A}']);
        if sign.len() < rest.len() {
            return Some(sign.trim_start_matches('>'));
        }
        if let Some(mut value) = after_word(rest, &LINKS) {
            while let Some(after) = after_word(value, &STILL) {
                value = after;
            }
            return Some(value.trim_start_matches([':', '=']));
        }
        let (word, after) = first_word(rest);
        let filler = FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(word.trim_matches('-')));
        if word.is_empty() || (step == 0 && !filler) {
            return None;
        }
        rest = after.trim_start_matches(' ');
    }
    None
}

fn first_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len()))
}

/// What follows one of `words` at the start of a text.
fn after_word<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    let (first, after) = first_word(text);
    words.iter().any(|word| word.eq_ignore_ascii_case(first)).then(|| after.trim_start())
}

/// The place of the value at the head of `rest`, the end of `text`, if a name of this sort can have it.
fn accepted(text: &str, word: &Range<usize>, cue: Cue, rest: &str) -> Option<Range<usize>> {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "*(\\".contains(c));
    let quoted = quoted(rest);
    let open = rest.trim_start_matches(['"', '\'', '`']);
    let (rest, value) = quoted.or_else(|| bare(open).map(|value| (open, value)))?;
    let start = text.len() - rest.len();
    let length = match cue {
        Cue::Password | Cue::Pin if counted(rest.get(value.len()..)?) => return None,
        Cue::Password => password_like(value, quoted.is_some()).then_some(value.len())?,
        Cue::Pin => pin_like(value, text.get(word.end..start)?).then_some(value.len())?,
        Cue::Key | Cue::Token if near(text.as_bytes(), word.start.saturating_sub(14)..word.end, &PUBLIC) => {
            return None;
        }
        Cue::Key | Cue::Token | Cue::Bearer => token_length(rest.as_bytes(), cue)?,
    };
    Some(start..start + length)
}

/// What stands in quotes at the head of a text: the text from there on, and the value.
fn quoted(text: &str) -> Option<(&str, &str)> {
    const QUOTES: [(char, char); 8] = [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('\u{201C}', '\u{201D}'),
        ('\u{201E}', '\u{201C}'),
        ('\u{2018}', '\u{2019}'),
        ('\u{AB}', '\u{BB}'),
        ('\u{300C}', '\u{300D}'),
    ];
    let (open, close) = QUOTES.iter().find(|(open, _)| text.starts_with(*open))?;
    let inner = text.get(open.len_utf8()..)?;
    let near = inner.char_indices().take(VALUE_MAX);
    let (end, _) = near.take_while(|(_, c)| *c != '\n').find(|(_, c)| c == close)?;
    Some((inner, inner.get(..end)?.trim_end_matches('\\')))
}

/// What stands at the head of a text without quotes: up to the next space, without what ends a sentence.
fn bare(text: &str) -> Option<&str> {
    let near = text.char_indices().nth(VALUE_MAX).map_or(text, |(end, _)| text.split_at(end).0);
    let (value, _) = near.split_at(near.find(char::is_whitespace).unwrap_or(near.len()));
    let value =
        value.trim_end_matches(|c: char| ".,;:!?)]}>\"'`*\u{201D}\u{2019}\u{3002}\u{FF0C}".contains(c));
    (!value.is_empty()).then_some(value)
}

/// Whether what follows a value makes it a count: "is 1024 characters long".
fn counted(after: &str) -> bool {
    const UNITS: [&str; 12] = [
        "char", "digit", "letter", "symbol", "zeichen", "bits", "day", "week", "month", "year", "hour",
        "minute",
    ];
    let (word, _) = first_word(after.trim_start());
    UNITS.iter().any(|unit| word.get(..unit.len()).is_some_and(|head| head.eq_ignore_ascii_case(unit)))
}

/// A bank's or a telephone's PIN has 4 to 8 digits; a "PIN code" of six is a postal code in India.
fn pin_like(value: &str, between: &str) -> bool {
    let postal = value.len() == 6 && between.to_ascii_lowercase().contains("code");
    (4..=8).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()) && !postal
}

/// Words that a quoted or marked value has in place of a password.
const NO_PASSWORDS: [&str; 38] = [
    "a",
    "and",
    "at",
    "cannot",
    "changed",
    "does",
    "empty",
    "enter",
    "expired",
    "false",
    "hidden",
    "incorrect",
    "invalid",
    "is",
    "missing",
    "must",
    "never",
    "none",
    "not",
    "null",
    "optional",
    "password",
    "please",
    "redacted",
    "required",
    "reset",
    "secret",
    "string",
    "the",
    "too",
    "true",
    "undefined",
    "unknown",
    "weak",
    "wrong",
    "you",
    "your",
    "yourpassword",
];

/// Whether a value can be a password rather than a word of a sentence or a stand-in for one.
fn password_like(value: &str, quoted: bool) -> bool {
    let ordinary = value.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        NO_PASSWORDS.binary_search(&word.as_str()).is_ok()
    });
    let long = (4..VALUE_MAX).contains(&value.len());
    long && !ordinary && !stand_in(value) && (quoted || marked(value))
}

/// A digit, a sign that no sentence has, or a capital behind a small letter's word: what makes a word a
/// password.
fn marked(value: &str) -> bool {
    if value.contains(|c: char| c.is_ascii_digit()) {
        return !figure(value);
    }
    // Capitals at the head of a word are a name's: "Two-Factor".
    let capital = value.split('-').any(|word| word.chars().skip(1).any(char::is_uppercase));
    let sign = value.chars().skip(1).any(|c| "@#$%^*+=~|\\!".contains(c));
    // "UsernamePasswordCredential" names a type.
    let named = value.to_ascii_lowercase().contains("password");
    sign || (capital && !named && value.contains(char::is_lowercase))
}

/// A number, a time, a share, or a count before a word: "10:30", "100%", "256-bit", "3rd-party".
fn figure(value: &str) -> bool {
    let tail = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = value.len() - tail.len();
    let plain = !tail.is_empty() && value.chars().all(|c| c.is_ascii_digit() || "/.,:%".contains(c));
    let (ordinal, word) = tail.split_once('-').unwrap_or((tail, "1"));
    let counts = (1..=4).contains(&digits) && matches!(ordinal, "" | "st" | "nd" | "rd" | "th");
    plain || (counts && word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
}

/// What stands where a password would: "<password>", "${DB_PASSWORD}", "$PGPASSWORD", "[password]", "****",
/// "/bin/sh".
fn stand_in(value: &str) -> bool {
    let upper = |c: char| c.is_ascii_uppercase() || c == '_';
    let variable = value
        .strip_prefix(['$', '%'])
        .is_some_and(|name| name.starts_with(upper) && !name.contains(char::is_lowercase));
    let first = value.chars().next().filter(|c| !c.is_alphanumeric() || matches!(c, 'x' | 'X'));
    let veiled = first.is_some_and(|first| value.chars().all(|c| c == first));
    let path = value.starts_with('/') && value.matches('/').count() > 1;
    let marks = ["${", "{{", "-----"].iter().any(|mark| value.contains(mark));
    variable || veiled || path || marks || value.starts_with(['<', '[', '{']) || code(value)
}

/// An expression or a type: "process.env.PWD", "get(config)", "rows[i]", "config.pwd", "Option<String>",
/// "&str", "__u32".
fn code(value: &str) -> bool {
    let digits = value.contains(|c: char| c.is_ascii_digit());
    let name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c));
    let call = value.split_once('(').is_some_and(|(head, _)| name(head));
    let index = !digits && value.split_once('[').is_some_and(|(head, _)| name(head));
    let generic = value.contains('<') && value.chars().all(|c| c.is_alphabetic() || "<>:&_".contains(c));
    let field = !digits && value.contains('.') && name(value);
    let parts = ["environ", ".env", "getenv", "::"].iter().any(|part| value.contains(part));
    call || index
        || generic
        || field
        || parts
        || value.starts_with("__")
        || (!digits && value.starts_with('&'))
}

/// The length of the random token at the head of a text.
fn token_length(text: &[u8], cue: Cue) -> Option<usize> {
    let belongs = |byte: u8| is_token(byte) || b"./+=~".contains(&byte);
    let near = text.get(..text.len().min(VALUE_MAX))?;
    let token = near.get(..run_end(near, 0, belongs))?;
    // After "key" alone a UUID names a row; as a token or a secret it is one.
    let row = cue == Cue::Key && is_uuid(token);
    let drawn = if cue == Cue::Bearer { token.iter().any(u8::is_ascii_digit) } else { random(token) };
    (drawn && !row && token.len() >= KEY_MIN).then(|| {
        // Only what is accepted is read to its end, as that is not read again.
        let end = run_end(text, 0, belongs);
        text.get(..end)
            .map_or(end, |token| token.len() - token.iter().rev().take_while(|&&byte| byte == b'.').count())
    })
}

fn is_uuid(token: &[u8]) -> bool {
    token.split(|byte| *byte == b'-').map(<[u8]>::len).eq([8, 4, 4, 4, 12])
}

/// Least Shannon entropy of a key in bits per sign: the floor of Yelp's detect-secrets for hexadecimal ones.
const ENTROPY_MIN: f64 = 3.0;

/// Whether signs look drawn by chance: of high entropy, and changing between digits, small and capital
/// letters more often than names and paths do. The capital at the head of a word is no change.
fn random(token: &[u8]) -> bool {
    let letters = || token.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let changes = letters().zip(letters().skip(1)).filter(|(left, right)| {
        left.is_ascii_digit() != right.is_ascii_digit()
            || (left.is_ascii_lowercase() && right.is_ascii_uppercase())
    });
    let mixed = token.iter().any(u8::is_ascii_digit) && token.iter().any(u8::is_ascii_alphabetic);
    mixed && changes.count() * 5 >= token.len() && entropy(token) >= ENTROPY_MIN
}

/// Shannon entropy (1948) in bits per sign.
fn entropy(token: &[u8]) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in token {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = token.len() as f64;
    let share = |count: &u32| f64::from(*count) / total;
    counts.iter().filter(|count| **count > 0).map(|count| -share(count) * share(count).log2()).sum()
}
