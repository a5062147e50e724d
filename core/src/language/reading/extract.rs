//! Claims from a message, by rules alone: sentence by sentence, silent where a text does not plainly say one.

use super::clause::read;
use super::fold::{Source, fold};
use super::origin::{Origin, is_copied, own};
use super::patch::{Patch, patch};
use super::scope::Scope;
use super::sentence::{Sentence, lower_case, sentences};
use super::silence::{audible, hands_over};
use crate::model::{Message, NewFact};

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
    let mut line = 0;
    for sentence in &all {
        if hands_over(sentence) {
            break;
        }
        line = line_start(message.text, line, sentence);
        if is_copied(message.text.get(line..).unwrap_or_default()) {
            continue;
        }
        let (tokens, is_last) = match own(sentence) {
            Origin::Own(tokens) => (tokens, false),
            Origin::OwnUntil(tokens) => (tokens, true),
        };
        let tokens = audible(sentence, tokens);
        let before = scope.facts.len();
        if !tokens.is_empty() {
            read(&fold(tokens, source, message.said_at), &mut scope);
        }
        if !tokens.is_empty()
            && scope.facts.len() == before
            && let Some(patch) = patch(tokens)
        {
            scope.facts.extend(previous.patched(message, &patch));
        }
        if is_last {
            break;
        }
    }
    scope.facts
}

/// Where the line of a sentence begins; `from` is that of the sentence before.
fn line_start(text: &str, from: usize, sentence: &Sentence<'_>) -> usize {
    let start = sentence.tokens.first().map_or(from, |token| token.start);
    let between = text.get(from..start).unwrap_or_default();
    between.rfind('\n').map_or(from, |at| from.saturating_add(at).saturating_add(1))
}

/// The claims of the message before, which is read at most once.
enum Previous {
    Unread,
    Read(Vec<NewFact>),
}

impl Previous {
    /// The claim that the correction is about, with the right object.
    fn patched(&mut self, message: &Message<'_>, patch: &Patch) -> Option<NewFact> {
        if let Previous::Unread = self {
            let read = |text| extract(&Message { text, previous: None, ..*message });
            *self = Previous::Read(message.previous.map(read).unwrap_or_default());
        }
        let Previous::Read(facts) = self else {
            return None;
        };
        patch.applied(facts)
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
