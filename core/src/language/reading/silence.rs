//! Sentences that claim nothing: questions, hypotheticals, fiction, quotations, sarcasm and code.

use super::cursor::Cursor;
use super::sentence::{Sentence, Sort, Token};

/// Tokens of a sentence that are read: what is longer is no chat, and reading goes back and forth in it.
const TOKENS_MAX: usize = 128;

/// What is left of the `own` tokens of a sentence when its silent part is cut off; nothing where all of it is silent.
pub(super) fn audible<'t, 'a>(sentence: &Sentence<'a>, own: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let tokens = own.get(..TOKENS_MAX).unwrap_or(own);
    let first = Cursor::new(tokens);
    if sentence.is_foreign || is_supposition(first) || is_question_start(first) || has_marker(tokens) {
        return &[];
    }
    let tokens = before_if(before_text(tokens));
    if sentence.is_question { before_question(tokens) } else { tokens }
}

/// Whether a verb is for work that is done on a text.
pub(super) fn is_text_work(word: &str) -> bool {
    matches!(
        word,
        "translate"
            | "rewrite"
            | "rephrase"
            | "proofread"
            | "correct"
            | "check"
            | "edit"
            | "parse"
            | "classify"
            | "label"
            | "repeat"
            | "complete"
            | "grade"
            | "improve"
            | "shorten"
            | "summarize"
            | "summarise"
            | "paraphrase"
            | "fix"
            | "analyze"
            | "analyse"
    )
}

/// Whether the sentence asks for work on a text, and which tokens come before that text.
fn before_text<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut rest = Cursor::new(tokens);
    rest.eat_any(&["please", "can", "could"]);
    rest.eat("you");
    let works = is_text_work(rest.word(0));
    let makes = matches!(
        rest.word(0),
        "make" | "write" | "create" | "draft" | "generate" | "turn" | "use" | "compose" | "quiz"
    );
    let Some(at) = tokens.iter().position(|token| token.text == ":").filter(|_| works || makes) else {
        return tokens;
    };
    let after = rest.tokens().get(at.saturating_add(1)).map_or("", |token| token.word);
    let quoted = tokens
        .iter()
        .take(at)
        .any(|token| matches!(token.word, "this" | "sentence" | "text" | "following" | "phrase"));
    if makes && !quoted && matches!(after, "i" | "my" | "we" | "our") {
        return tokens;
    }
    tokens.get(..at).unwrap_or_default()
}

/// Whether the next sentences are a text to work on: "Translate the following:".
pub(super) fn hands_over(sentence: &Sentence<'_>) -> bool {
    let tokens = sentence.tokens.as_slice();
    tokens.last().is_some_and(|token| token.text == ":") && before_text(tokens).len() < tokens.len()
}

/// Openings after which nothing is meant as a fact.
fn is_supposition(mut rest: Cursor<'_, '_>) -> bool {
    if ["if i remember correctly", "if i am not mistaken"].iter().any(|hedge| rest.sees(hedge)) {
        return false;
    }
    rest.eat_any(&["ok", "okay", "so", "now", "well", "and", "but", "please", "just"]);
    rest.eat_pause();
    const OPENINGS: [&str; 42] = [
        "imagine",
        "suppose",
        "supposing",
        "pretend",
        "assume",
        "assuming",
        "say",
        "let us say",
        "let us pretend",
        "let us assume",
        "let us imagine",
        "let us suppose",
        "hypothetically",
        "what if",
        "if",
        "unless",
        "as if",
        "whether",
        "i wish",
        "if only",
        "picture this",
        "once upon a time",
        "yeah right",
        "translate",
        "write a story",
        "summarize",
        "summarise",
        "rewrite",
        "rephrase",
        "paraphrase",
        "proofread",
        "convert",
        "the song",
        "the slogan",
        "for example",
        "consider this sentence",
        "in theory",
        "ideally",
        "in a parallel universe",
        "in another life",
        "wish",
        "i wonder",
    ];
    OPENINGS.iter().any(|opening| rest.sees(opening))
}

fn is_question_start(rest: Cursor<'_, '_>) -> bool {
    match rest.word(0) {
        "what" | "which" | "why" | "who" | "whose" | "whom" | "how" => true,
        "where" => true,
        "do" | "does" | "did" | "is" | "are" | "was" | "were" | "can" | "could" | "should" | "would"
        | "will" | "has" | "shall" | "may" => rest.word(1) != "not" || rest.word(2) == "you",
        "have" | "am" => matches!(rest.word(1), "i" | "you" | "we" | "they"),
        _ => false,
    }
}

/// Words that make the whole sentence something else than a statement of facts.
fn has_marker(tokens: &[Token<'_>]) -> bool {
    let rest = Cursor::new(tokens);
    (0..tokens.len()).any(|at| is_marker(rest.ahead(at)))
}

fn is_marker(rest: Cursor<'_, '_>) -> bool {
    match rest.word(0) {
        "pretend" | "pretending" | "hypothetically" | "imaginary" | "fictional" | "lyrics"
        | "protagonist" | "roleplay" | "role-play" | "role-playing" | "sarcasm" | "jk" | "screenplay"
        | "dreamt" | "dreamed" => true,
        "yeah" => rest.word(1) == "right",
        "as" => rest.word(1) == "if" || rest.sees("as though"),
        "just" => matches!(rest.word(1), "kidding" | "joking"),
        "said" => rest.sees("said no one"),
        "wish" => matches!(rest.word(1), "i" | "we" | "that"),
        "wonder" | "wondering" => true,
        "would" => rest.sees("would have"),
        "my" | "the" | "a" | "this" | "his" | "her" | "our" | "in" | "short" => is_fiction(rest),
        _ => false,
    }
}

/// "my character", "in the novel", "in my dream".
fn is_fiction(mut rest: Cursor<'_, '_>) -> bool {
    let inside = rest.eat("in");
    if !rest.eat_any(&["my", "the", "a", "this", "his", "her", "our", "that"]) {
        return false;
    }
    rest.eat_any(&["short", "main", "new", "next", "last", "first", "old", "latest", "upcoming"]);
    let word = rest.word(0);
    let role = matches!(
        word,
        "character" | "narrator" | "protagonist" | "villain" | "avatar" | "persona" | "heroine"
    );
    let work = matches!(
        word,
        "novel"
            | "story"
            | "book"
            | "movie"
            | "film"
            | "game"
            | "play"
            | "song"
            | "poem"
            | "dream"
            | "series"
            | "show"
            | "script"
            | "comic"
            | "fanfic"
            | "tale"
            | "manga"
            | "anime"
            | "sitcom"
            | "musical"
            | "campaign"
            | "screenplay"
            | "episode"
            | "sketch"
            | "example"
            | "scenario"
            | "joke"
            | "simulation"
            | "lyrics"
            | "video"
            | "podcast"
            | "article"
            | "essay"
            | "dreams"
    );
    let compound = matches!(
        rest.word(1),
        "club"
            | "store"
            | "shop"
            | "industry"
            | "business"
            | "studio"
            | "company"
            | "group"
            | "fair"
            | "night"
    );
    role || (inside && work && !compound)
}

/// The sentence up to an "if": what stands before it with no pause hangs on it and goes with it.
fn before_if<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let conditional = |token: &&Token<'_>| {
        token.sort == Sort::Word && !token.quoted && matches!(token.word, "if" | "unless" | "provided")
    };
    let Some(at) = tokens.iter().position(|token| conditional(&token)) else {
        return tokens;
    };
    let after = Cursor::new(tokens).ahead(at + 1);
    let polite = [
        "that helps",
        "it helps",
        "that matters",
        "it matters",
        "you must know",
        "you are wondering",
        "anyone cares",
        "that is relevant",
        "it is relevant",
        "you need it",
        "that makes sense",
        "you care",
        "anyone asks",
        "you want to know",
    ]
    .iter()
    .any(|phrase| after.sees(phrase));
    let start = tokens.iter().take(at).rposition(|token| token.sort == Sort::Pause);
    match start {
        _ if polite => tokens.get(..at).unwrap_or_default(),
        // ", tell me if ..." asks for something else than the clause before it.
        Some(start) if start + 1 < at => tokens.get(..start).unwrap_or_default(),
        _ => &[],
    }
}

/// The statement before the question: "I weigh 72 kg, how far should I run?"
fn before_question<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let rest = Cursor::new(tokens);
    let asks = |at: &usize| {
        let mut here = rest.ahead(*at);
        let paused = here.eat_pause();
        let joined = here.eat_any(&["so", "and", "but", "or"]);
        (paused || joined) && begins_question(here)
    };
    (1..tokens.len()).find(asks).and_then(|at| tokens.get(..at)).unwrap_or_default()
}

fn begins_question(rest: Cursor<'_, '_>) -> bool {
    is_question_start(rest)
        || matches!(
            rest.word(0),
            "any"
                | "when"
                | "anything"
                | "anyone"
                | "suggestions"
                | "ideas"
                | "recommendations"
                | "whats"
                | "got"
                | "know"
                | "mind"
                | "thoughts"
                | "have"
                | "at"
                | "in"
                | "for"
                | "from"
                | "on"
                | "with"
        ) && !matches!(rest.word(1), "right")
}
