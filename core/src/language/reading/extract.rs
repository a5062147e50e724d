//! Claims from a message, by rules alone: sentence by sentence, silent where a text does not plainly say one.

use super::clause::read;
use super::cursor::{Cursor, text_of};
use super::fold::{Source, fold};
use super::object::{Item, Reach, items};
use super::scope::Scope;
use super::sentence::{Sentence, lower_case, sentences};
use super::silence::{audible, hands_over};
use super::subject::name_tokens;
use crate::model::{Message, NewFact, Provenance};

/// The claims that the message makes, in the order of its text.
pub(crate) fn extract(message: &Message<'_>) -> Vec<NewFact> {
    let lower = lower_case(message.text);
    let source = Source { text: message.text, lower: &lower };
    let mut scope =
        Scope { speaker: message.speaker, said_at: message.said_at, last_person: None, facts: Vec::new() };
    let all = sentences(message.text, &lower);
    if is_joke(&all) {
        return Vec::new();
    }
    let mut previous = Previous::Unread;
    for sentence in &all {
        if hands_over(sentence) {
            break;
        }
        let tokens = audible(sentence);
        if tokens.is_empty() {
            continue;
        }
        let before = scope.facts.len();
        read(&fold(tokens, source, message.said_at), &mut scope);
        if scope.facts.len() == before
            && let Some(object) = replacement(sentence)
        {
            scope.facts.extend(previous.with_object(message, object));
        }
    }
    scope.facts
}

/// The last claim of the message before, which is read at most once.
#[expect(clippy::large_enum_variant, reason = "one a message, on the stack")]
enum Previous {
    Unread,
    Read(Option<NewFact>),
}

impl Previous {
    /// The claim with another object.
    fn with_object(&mut self, message: &Message<'_>, item: Item) -> Option<NewFact> {
        if let Previous::Unread = self {
            let last = message
                .previous
                .and_then(|text| extract(&Message { text, previous: None, ..*message }).pop());
            *self = Previous::Read(last);
        }
        let Previous::Read(last) = self else { return None };
        let fact = last.clone()?;
        Some(NewFact { object: item.text, provenance: Provenance::Corrected, ..fact })
    }
}

/// "... not.", "just kidding": all before it was no statement.
fn is_joke(all: &[Sentence<'_>]) -> bool {
    all.iter().any(|sentence| match sentence.tokens.as_slice() {
        [only] => matches!(only.word, "not" | "kidding" | "jk"),
        [first, second] => matches!(
            (first.word, second.word),
            ("just", "kidding" | "joking") | ("as", "if") | ("yeah" | "yea", "right")
        ),
        _ => false,
    })
}

/// What an elliptic correction puts in the place of what was said: "No, I meant Porto", "Sorry, it's Porto".
fn replacement(sentence: &Sentence<'_>) -> Option<Item> {
    let mut rest = Cursor::new(&sentence.tokens);
    let mut opened = false;
    while rest.eat_any(&["no", "nope", "sorry", "wait", "oops", "actually", "correction", "oh", "well", "ah"])
        || rest.eat_phrases(&["my bad", "my mistake", "scratch that", "not quite"])
    {
        opened = true;
        rest.eat_pause();
    }
    let meant = rest.eat_phrases(&[
        "i meant to say",
        "i meant to write",
        "i meant",
        "i mean",
        "make that",
        "make it",
    ]);
    let is = opened
        && !meant
        && rest.eat_phrases(&["it is", "that is", "that should be", "it should be", "should be"]);
    let bare = opened && !meant && !is && names_only(&rest);
    if !meant && !is && !bare {
        return None;
    }
    rest.eat_any(&["in", "at", "to", "from", "with", "on", "as", "of"]);
    let from = rest.at;
    let item = items(&mut rest, Reach::Long, None).into_iter().next()?;
    let clean = rest.is_end() || rest.is_pause(0);
    let text = text_of(sentence.tokens.get(from..rest.at)?);
    clean.then(|| if text.len() < item.text.len() { Item::of("", text) } else { item })
}

/// "No, Lisbon": nothing but a name is left.
fn names_only(rest: &Cursor<'_, '_>) -> bool {
    let mut ahead = *rest;
    let tokens = name_tokens(&mut ahead);
    !tokens.is_empty() && ahead.is_end()
}

#[cfg(test)]
mod tests {
    use super::extract;
    use crate::model::{Message, Role, Timestamp};

    fn claims(text: &str) -> Vec<String> {
        let said_at = Timestamp::from_seconds(1_781_106_301);
        let facts = extract(&Message {
            text,
            speaker: "user",
            role: Role::User,
            said_at,
            previous: Some("I live in Porto."),
        });
        let line = |fact: &crate::model::NewFact| {
            let negated = if fact.negated { "not " } else { "" };
            format!("{} {} {negated}{}", fact.subject, fact.predicate, fact.object)
        };
        facts.iter().map(line).collect()
    }

    #[test]
    fn what_is_plainly_said_is_heard() {
        for (text, expected) in [
            ("My sister Anna lives in Paris.", vec!["user sibling Anna", "Anna lives_in Paris"]),
            (
                "I like tea but hate coffee, and I don\u{2019}t eat meat",
                vec!["user likes tea", "user dislikes coffee", "user eats not meat"],
            ),
            (
                "I live in Utrecht, not Rotterdam.",
                vec!["user lives_in Utrecht", "user lives_in not Rotterdam"],
            ),
            ("No, I meant Lisbon", vec!["user lives_in Lisbon"]),
            ("I weigh 72 kg, how far should I run?", vec!["user weight 72 kg"]),
            (
                "I like mac and cheese, fish and chips and R&B",
                vec!["user likes mac and cheese", "user likes fish and chips", "user likes R&B"],
            ),
        ] {
            assert_eq!(claims(text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_heard_where_nothing_is_claimed() {
        for text in [
            "Do I like tea?",
            "If I lived in Paris, I would work at Dior.",
            "I wish I had a dog.",
            "Suppose I'm 70 and retired.",
            "My character lives in Mordor and hates elves.",
            "In the novel, Tom works at a bank.",
            "He said \"I hate Mondays\" and left.",
            "Translate this: I live in Rome.",
            "People like tea. Cats like milk. Everyone loves pizza.",
            "All my friends like jazz.",
            "I almost moved to Porto.",
            "I'm in a meeting. I'm on it. I work like a dog.",
            "I love when the train is late... not.",
            "let name = \"Bob\"; // I live in code",
            "Ich wohne in Berlin.",
        ] {
            assert_eq!(claims(text), Vec::<String>::new(), "{text}");
        }
    }

    #[rustfmt::skip]
    const PARTS: [&str; 64] = [
        "I", "my", "sister", "Anna", "'s", "is", "not", "but", "and", ",", ".", "?", "from", "2015",
        "to", "2019", "in", "May", "no", "meant", "have", "been", "two", "dogs", "called", "\u{2019}",
        "'", "\"", "\u{201C}", ":", "-", "\u{2014}", "live", "work", "at", "a", "nurse", "favorite",
        "color", "since", "31", "February", "9999", "years", "ago", "he", "says", "think", "that", "if",
        "I'm", "don't", "\u{130}stanbul", "caf\u{E9}", "\u{1F600}", "\u{301}", "&", "R&B", "born",
        "started", "stopped", "smoking", "\u{0}", "\n",
    ];

    /// Words and marks that the rules look for, thrown together by a linear congruential generator.
    fn nonsense(seed: u64, parts: usize) -> String {
        let mut state = seed;
        let mut text = String::new();
        for _ in 0..parts {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PARTS[(state >> 58) as usize]);
            text.push_str(if state & (7 << 40) == 0 { "" } else { " " });
        }
        text
    }

    #[test]
    fn no_text_panics_at_any_moment() {
        for seed in 0..20_000 {
            let text = nonsense(seed, 24);
            let micros = [0, i64::MIN, i64::MAX, 1_781_106_301_000_000][seed as usize % 4];
            let said_at = Timestamp::from_micros(micros);
            extract(&Message { text: &text, speaker: "", role: Role::User, said_at, previous: Some(&text) });
        }
    }

    #[test]
    fn a_text_without_end_takes_no_time_without_end() {
        for part in
            ["I live in Porto and ", "my sister's ", "and, ", "not ", "when ", "a", "I like tea, ", "\""]
        {
            claims(&part.repeat(200_000 / part.len()));
        }
        claims(&nonsense(7, 50_000));
    }
}
