//! How the speaker wants to be answered: the only commands that say something.

use super::cursor::{Cursor, text_of};
use super::subject::name_tokens;
use super::words::{LANGUAGES, holds};

/// The predicate and the value of an instruction at the cursor.
pub(super) fn style(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.eat_any(&["and", "also", "so", "then", "but"]);
    rest.eat_pause();
    rest.eat_any(&["please", "kindly", "just", "always", "from"]);
    rest.eat_phrases(&["feel free to", "you can", "can you", "now on"]);
    rest.eat_any(&["please", "just", "always"]);
    match rest.word(0) {
        "call" => nickname(rest),
        "keep" | "make" => length(rest),
        "be" => be(rest),
        "use" => usage(rest),
        "give" => brief(rest),
        "talk" | "speak" | "write" | "reply" | "answer" | "respond" => language(rest),
        _ => None,
    }
}

fn nickname(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.eat_phrase("call me").then_some(())?;
    let name = text_of(name_tokens(rest));
    let done = rest.is_end()
        || rest.word(0).is_empty()
        || matches!(rest.word(0), "please" | "and" | "from" | "instead" | "for");
    (!name.is_empty() && done).then_some(("nickname", name))
}

fn is_answer(word: &str) -> bool {
    matches!(
        word,
        "answer"
            | "answers"
            | "reply"
            | "replies"
            | "response"
            | "responses"
            | "explanations"
            | "messages"
            | "it"
            | "things"
    )
}

/// "keep your answers short"
fn length(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    let kept = rest.eat("keep") || rest.eat("make");
    let own = rest.eat_any(&["your", "the", "all", "my"]);
    let answers = is_answer(rest.word(0));
    let vague = matches!(rest.word(0), "it" | "things");
    rest.advance(1);
    rest.eat_any(&["very", "really", "nice", "as"]);
    let word = rest.word(0);
    (kept && answers && (!vague || !own)).then_some(())?;
    Some((quality(word)?, word.to_string()))
}

fn quality(word: &str) -> Option<&'static str> {
    Some(match word {
        "short" | "brief" | "concise" | "long" | "detailed" | "succinct" | "shorter" => "response_length",
        "formal" | "informal" | "casual" | "friendly" | "professional" | "polite" => "tone",
        _ => return None,
    })
}

/// "give me short answers"
fn brief(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.advance(1);
    rest.eat("me");
    let word = rest.word(0);
    let quality =
        quality(word).filter(|_| is_answer(rest.word(1)) && !matches!(rest.word(1), "it" | "things"))?;
    Some((quality, word.to_string()))
}

/// "be formal", "be brief"
fn be(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.advance(1);
    rest.eat_phrases(&["more", "very", "a bit more", "less"]);
    let word = rest.word(0);
    let predicate = quality(word)?;
    let done = rest.token(1).is_none()
        || rest.is_pause(1)
        || matches!(rest.word(1), "with" | "please" | "in" | "and" | "when");
    done.then(|| (predicate, word.to_string()))
}

/// "use metric units", "use a formal tone"
fn usage(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.advance(1);
    rest.eat_any(&["a", "the", "only"]);
    let word = rest.word(0);
    match (word, rest.word(1)) {
        ("metric" | "imperial", "units" | "system" | "measurements") | ("metric" | "imperial", "") => {
            Some(("units", word.to_string()))
        }
        ("celsius" | "fahrenheit" | "kilometers" | "kilometres" | "miles", _) => {
            Some(("units", text_of(rest.token(0))))
        }
        (_, "tone" | "language" | "style") => {
            quality(word).filter(|quality| *quality == "tone").map(|tone| (tone, word.to_string()))
        }
        _ => None,
    }
}

/// "talk to me in German", "answer in French"
fn language(rest: &mut Cursor<'_, '_>) -> Option<(&'static str, String)> {
    rest.advance(1);
    rest.eat_phrases(&["to me", "with me", "back", "me"]);
    rest.eat_phrases(&["only in", "in"]).then_some(())?;
    if rest.eat("a") {
        rest.eat_any(&["more", "very"]);
        let tone =
            quality(rest.word(0)).filter(|_| matches!(rest.word(1), "tone" | "way" | "style" | "manner"))?;
        return Some((tone, rest.word(0).to_string()));
    }
    let token = rest.token(0)?;
    let done =
        rest.token(1).is_none() || rest.is_pause(1) || matches!(rest.word(1), "please" | "only" | "from");
    (holds(&LANGUAGES, token.word) && done).then(|| ("preferred_language", token.text.to_string()))
}
