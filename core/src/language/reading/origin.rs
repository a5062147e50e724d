//! Whose words a message holds: from where on they are no longer those of the speaker about the speaker.

use super::cursor::Cursor;
use super::relation::relation;
use super::sentence::{Sentence, Token};
use super::silence::is_text_work;
use super::words::holds;

/// How far the words of a sentence are the speaker's own.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin<'t, 'a> {
    /// These tokens are.
    Own(&'t [Token<'a>]),
    /// These are, and nothing in the rest of the message.
    OwnUntil(&'t [Token<'a>]),
}

/// Whether the line that a text stands in is copied: a quoted mail, a heading, a comment, a log.
pub(super) fn is_copied(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['>', '#', '[']) || line.starts_with("//")
}

/// The part of a sentence that is the speaker's own.
pub(super) fn own<'t, 'a>(sentence: &'t Sentence<'a>) -> Origin<'t, 'a> {
    let tokens = sentence.tokens.as_slice();
    if begins_letter(tokens) || begins_play(tokens) || asks_for_work(sentence) {
        return Origin::OwnUntil(&[]);
    }
    let mut from = 0;
    while let Some(at) = colon(tokens, from) {
        let head = tokens.get(from..at).unwrap_or_default();
        let body = tokens.get(at.saturating_add(1)..).unwrap_or_default();
        if is_announcement(head) || (is_lead_in(head) && is_first_person(body)) {
            from = at.saturating_add(1);
            continue;
        }
        let own = tokens.get(..at).unwrap_or_default();
        // "Tom: my favorite color is blue": what comes after is said in another's voice, to the end.
        let voiced = body.iter().any(|token| matches!(token.word, "i" | "my" | "we" | "our" | "me"));
        return if body.is_empty() || voiced { Origin::OwnUntil(own) } else { Origin::Own(own) };
    }
    Origin::Own(tokens)
}

fn colon(tokens: &[Token<'_>], from: usize) -> Option<usize> {
    (from..tokens.len()).find(|&at| tokens.get(at).is_some_and(|token| token.text == ":" && !token.quoted))
}

/// "Fun fact", "Quick update", "About me": what the speaker says of themselves comes next.
fn is_announcement(head: &[Token<'_>]) -> bool {
    const WORDS_MAX: usize = 6;
    if head.len() > WORDS_MAX {
        return false;
    }
    let words: Vec<&str> = head.iter().map(|token| token.word).collect();
    if let ["please", rest @ ..] | ["hi", ",", rest @ ..] | ["hey", ",", rest @ ..] = words.as_slice()
        && matches!(rest, ["note" | "remember"] | ["remember" | "note", "this" | "that"])
    {
        return true;
    }
    match words.as_slice() {
        [.., "about", "me" | "myself"]
        | ["remember"]
        | ["remember", "this"]
        | ["keep", "in", "mind"]
        | ["note", "to", "self"] => true,
        [others @ .., last] => is_news(last) && others.iter().all(|word| is_news_adjective(word)),
        [] => true,
    }
}

/// Whether it begins as what one says of oneself or asks for oneself.
fn is_first_person(body: &[Token<'_>]) -> bool {
    const WORDS_MAX: usize = 3;
    let asks = |word| matches!(word, "please" | "keep" | "be" | "always" | "answer" | "reply" | "call");
    body.first().is_some_and(|token| asks(token.word))
        || body.iter().take(WORDS_MAX).any(|token| matches!(token.word, "i" | "my" | "we" | "our"))
}

/// "Before you schedule anything", "You can put this on the form": longer words of the speaker, who names
/// nobody else, and no text that somebody else may have written.
fn is_lead_in(head: &[Token<'_>]) -> bool {
    let first = head.first().map_or("", |token| token.word);
    let opens = head.len() >= 2 || matches!(first, "anyway" | "anyways");
    let word = |at: usize| head.get(at).map_or("", |token| token.word);
    let foreign = |(at, token): (usize, &Token<'_>)| {
        let own = first == "for" || word(at.wrapping_sub(1)) == "my";
        is_text(token.word) && !own && !matches!(token.word, "profile" | "note")
            || is_of_others(token.word)
            || relation(token.word).is_some()
    };
    let named =
        head.iter().skip(1).any(|token| token.is_capital() && token.word != "i" && token.text.len() < 2)
            || head.iter().skip(1).any(|token| token.is_capital() && !is_shouted(token));
    opens && !named && !is_order(first) && !head.iter().enumerate().any(foreign)
}

/// "CV", "PS"
fn is_shouted(token: &Token<'_>) -> bool {
    token.word == "i" || token.text.len() > 1 && !token.text.contains(char::is_lowercase)
}

/// Words of those who speak or of what is invented.
fn is_of_others(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 51] = [
        "'s", "asked", "assistant", "book", "bot", "caption", "character", "example", "friend", "he",
        "heard", "her", "his", "imagine", "like", "line", "movie", "option", "output", "persona", "posted",
        "pretend", "prompt", "quote", "quoted", "quoting", "read", "reads", "replied", "said", "sample",
        "say", "saying", "says", "she", "slogan", "song", "tells", "template", "texted", "their", "they",
        "title", "told", "translation", "tweeted", "word", "words", "write", "writes", "wrote",
    ];
    holds(&WORDS, word)
}

/// "Type", "Answer": what comes next is dictated.
fn is_order(word: &str) -> bool {
    matches!(
        word,
        "type"
            | "print"
            | "answer"
            | "use"
            | "generate"
            | "respond"
            | "reply"
            | "draft"
            | "compose"
            | "speak"
            | "sing"
            | "translate"
            | "act"
            | "spell"
            | "read"
            | "copy"
            | "paste"
            | "text"
    ) || is_work(word)
}

fn is_news(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 43] = [
        "addition", "also", "announcement", "answer", "aside", "background", "btw", "clarification",
        "confession", "context", "correction", "disclaimer", "edit", "fact", "facts", "fyi", "haha", "info",
        "lol", "news", "no", "note", "ok", "okay", "p.s", "p.s.", "ps", "psa", "record", "reference",
        "reminder", "so", "story", "summary", "thing", "tldr", "truth", "twist", "up", "update", "updates",
        "well", "yes",
    ];
    holds(&WORDS, word)
}

fn is_news_adjective(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 52] = [
        ",", "-", "a", "also", "an", "and", "another", "bad", "best", "big", "breaking", "first", "for",
        "fun", "funny", "good", "great", "heads", "here", "hey", "hi", "honest", "important", "is", "just",
        "last", "late", "life", "little", "more", "my", "ok", "okay", "one", "other", "personal", "plot",
        "quick", "random", "sad", "same", "short", "side", "small", "so", "some", "status", "the", "to",
        "true", "work", "your",
    ];
    holds(&WORDS, word)
}

/// "Dear Sir", "From: tom@x.com": a letter begins.
fn begins_letter(tokens: &[Token<'_>]) -> bool {
    let rest = Cursor::new(tokens);
    match rest.word(0) {
        "dear" => rest.is_capital(0) && rest.is_capital(1),
        "from" | "to" | "subject" | "cc" | "date" => rest.token(1).is_some_and(|token| token.text == ":"),
        _ => false,
    }
}

/// Phrases that open an invented scene wherever they stand.
const CUES: [&str; 24] = [
    "roleplay",
    "role-play",
    "role play",
    "in this story",
    "in this scenario",
    "in this game",
    "in this scene",
    "in this universe",
    "in this world",
    "in this simulation",
    "in this campaign",
    "for the sake of argument",
    "for the sake of the argument",
    "let us play a game",
    "let us play pretend",
    "the narrator",
    "pretend",
    "imagine this",
    "imagine that",
    "picture this",
    "act as",
    "hypothetically",
    "once upon a time",
    "in character",
];

/// Phrases that do so at the start of a sentence.
const OPENINGS: [&str; 14] = [
    "imagine",
    "suppose",
    "supposing",
    "assume",
    "assuming",
    "let us assume",
    "let us imagine",
    "let us suppose",
    "let us say",
    "what if",
    "you are a",
    "you are an",
    "you are my",
    "you are the",
];

/// An invented scene, which reaches to the end of the message.
fn begins_play(tokens: &[Token<'_>]) -> bool {
    let rest = Cursor::new(tokens);
    let mut opening = rest;
    opening.eat_any(&["ok", "okay", "so", "now", "please", "just", "and", "well", "can", "could"]);
    opening.eat_pause();
    opening.eat_any(&["you", "please", "now"]);
    OPENINGS.iter().any(|cue| rest.sees(cue) || opening.sees(cue))
        || (0..tokens.len()).any(|at| {
            let here = rest.ahead(at);
            let own = rest.ahead(at.saturating_sub(1)).word(0);
            matches!(
                here.word(0),
                "roleplay"
                    | "role-play"
                    | "role"
                    | "in"
                    | "for"
                    | "let"
                    | "the"
                    | "pretend"
                    | "imagine"
                    | "picture"
                    | "act"
                    | "hypothetically"
                    | "once"
            ) && !(at > 0 && matches!(own, "not" | "i"))
                && CUES.iter().any(|cue| here.sees(cue))
        })
}

/// "Can you improve this cover letter?": the text itself comes next.
fn asks_for_work(sentence: &Sentence<'_>) -> bool {
    let rest = Cursor::new(&sentence.tokens);
    let mut opening = rest;
    opening.eat_any(&["please", "can", "could", "would", "will"]);
    opening.eat_any(&["you"]);
    opening.eat_any(&["please", "help"]);
    let works = is_work(opening.word(0)) || (opening.word(0) == "me" && is_work(opening.word(1)));
    works
        && (0..sentence.tokens.len()).any(|at| {
            let here = rest.ahead(at);
            let pointed = matches!(here.word(0), "this" | "these" | "following")
                || (here.word(0) == "the" && here.word(1) == "following");
            let alone = here.token(1).is_none();
            pointed && (alone || (1..=3).any(|ahead| is_text(here.word(ahead))))
        })
}

fn is_work(word: &str) -> bool {
    is_text_work(word) || matches!(word, "review" | "polish" | "format" | "convert" | "read" | "continue")
}

fn is_text(word: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 34] = [
        "abstract", "article", "bio", "code", "conversation", "cv", "dialog", "dialogue", "draft", "e-mail",
        "email", "essay", "intro", "introduction", "letter", "lines", "lyrics", "mail", "message", "note",
        "paragraph", "phrase", "poem", "post", "profile", "reply", "resume", "sentence", "sentences",
        "statement", "story", "summary", "text", "tweet",
    ];
    holds(&WORDS, word)
}
