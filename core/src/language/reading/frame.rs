//! What is said about a clause before it begins: corrections, hedges, reports, times and mere chatter.

use super::cursor::Cursor;
use super::object::{Item, adjuncts};
use super::scope::{Frame, Scope};
use super::subject::subject;

/// Words that open a clause and say nothing.
const CHATTER: [&str; 100] = [
    "also",
    "and",
    "anyway",
    "anyways",
    "as",
    "as for me",
    "as you know",
    "because",
    "besides",
    "btw",
    "but",
    "by the way",
    "cause",
    "cool",
    "even though",
    "finally",
    "for context",
    "for reference",
    "for the record",
    "for what it is worth",
    "frankly",
    "fun fact",
    "fyi",
    "guess what",
    "haha",
    "hi there",
    "hey there",
    "hello there",
    "p.s.",
    "ps",
    "i already told you that",
    "i already told you",
    "i told you that",
    "i told you",
    "i forgot to say that",
    "i forgot to say",
    "like i said",
    "as i said",
    "as i mentioned",
    "hmm",
    "heads up",
    "quick note",
    "update",
    "psa",
    "side note",
    "as it happens",
    "as a matter of fact",
    "you should know that",
    "you should know",
    "i should mention that",
    "i should mention",
    "i forgot to mention that",
    "i forgot to mention",
    "i just wanted to say that",
    "keep in mind that",
    "keep in mind",
    "bear in mind that",
    "just fyi",
    "the truth is",
    "it turns out that",
    "it turns out",
    "hello",
    "hey",
    "hi",
    "honestly",
    "however",
    "in fact",
    "in general",
    "just so you know",
    "just to be clear",
    "lol",
    "my point is",
    "note that",
    "now that",
    "of course",
    "oh",
    "ok",
    "okay",
    "personally",
    "please note that",
    "please note",
    "please remember that",
    "remember that",
    "since",
    "so",
    "still",
    "sure",
    "the thing is",
    "then",
    "though",
    "although",
    "to be honest",
    "turns out",
    "ugh",
    "well",
    "whereas",
    "while",
    "whilst",
    "yeah",
    "yes",
];

const HEDGES: [&str; 45] = [
    "i am not sure but",
    "i am not certain but",
    "i am not sure",
    "i am pretty sure that",
    "i am pretty sure",
    "i am fairly sure",
    "i am guessing that",
    "i am guessing",
    "i guess that",
    "i guess",
    "i might be wrong but",
    "i may be wrong but",
    "i could be wrong but",
    "i suppose that",
    "i suppose",
    "i suspect that",
    "i suspect",
    "i assume",
    "not sure but",
    "not certain but",
    "it seems that",
    "it seems like",
    "it seems",
    "it looks like",
    "looks like",
    "seems like",
    "chances are",
    "chances are that",
    "most likely",
    "it is possible that",
    "there is a chance that",
    "if i remember correctly",
    "if i am not mistaken",
    "i feel like",
    "iirc",
    "as far as i know",
    "afaik",
    "i have a feeling that",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "presumably",
    "apparently",
    "supposedly",
];

/// Takes all frames at the cursor. The value tells that an opinion verb ("I think") was among them.
pub(super) fn frames(rest: &mut Cursor<'_, '_>, scope: &mut Scope<'_>, frame: &mut Frame) -> bool {
    let mut opinion = false;
    loop {
        let start = rest.at;
        let mut item = Item { when: frame.when, ..Item::default() };
        adjuncts(rest, &mut item);
        frame.when = item.when;
        frame.situations.append(&mut item.situations);
        rest.eat_pause();
        if correction(rest) {
            frame.corrected = true;
        } else if rest.eat_phrases(&HEDGES) || hedge_and_pause(rest) {
            frame.hedged = true;
        } else if opines(rest) {
            frame.hedged = true;
            frame.holder = None;
            opinion = true;
        } else if let Some(holder) = report(rest, scope) {
            scope.last_person = Some(holder.clone());
            frame.holder = Some(holder);
        } else {
            chatter(rest);
        }
        if rest.at == start {
            return opinion;
        }
    }
}

/// "not sure, but"
fn hedge_and_pause(rest: &mut Cursor<'_, '_>) -> bool {
    let mut ahead = *rest;
    let hedged = ahead.eat_phrases(&["not sure", "not certain", "i do not know"]);
    let found = hedged && ahead.eat_pause() && ahead.eat("but");
    if found {
        *rest = ahead;
    }
    found
}

fn chatter(rest: &mut Cursor<'_, '_>) {
    let best = CHATTER.iter().filter(|phrase| rest.sees(phrase)).max_by_key(|phrase| phrase.len());
    if let Some(best) = best {
        rest.eat_phrase(best);
    }
}

/// Words that take back what was said before.
fn correction(rest: &mut Cursor<'_, '_>) -> bool {
    let mut ahead = *rest;
    let always = ahead.eat_phrases(&[
        "actually",
        "correction",
        "i meant",
        "i mean",
        "scratch that",
        "to correct myself",
    ]);
    let before_pause = !always
        && ahead.eat_phrases(&[
            "no",
            "nope",
            "sorry",
            "wait",
            "oops",
            "my bad",
            "my mistake",
            "i misspoke",
            "not quite",
        ]);
    if (always || (before_pause && ahead.is_pause(0))) && !ahead.is_end() {
        ahead.eat_pause();
        *rest = ahead;
        return true;
    }
    false
}

/// "I think (that)", if a clause can follow.
fn opines(rest: &mut Cursor<'_, '_>) -> bool {
    let mut ahead = *rest;
    let found = ahead.eat("i")
        && {
            ahead.eat_any(&["really", "honestly", "personally", "still", "do"]);
            ahead.eat_any(&["think", "believe", "reckon"]) || (ahead.word(1) == "that" && ahead.eat("feel"))
        }
        && !matches!(ahead.word(0), "so" | "about" | "of" | "in" | "like" | "not" | "");
    if !found {
        return false;
    }
    // "that's" is a subject of its own.
    if ahead.token(1).is_some_and(|token| token.spaced) {
        ahead.eat("that");
    }
    *rest = ahead;
    true
}

/// "Anna says that", "my boss told me", "according to Nina,".
fn report(rest: &mut Cursor<'_, '_>, scope: &Scope<'_>) -> Option<String> {
    let mut ahead = *rest;
    let according = ahead.eat_phrase("according to");
    let holder = subject(&mut ahead, scope).filter(|holder| !holder.is_speaker && !holder.is_owner)?;
    if according {
        ahead.eat_pause();
    } else {
        ahead.eat_any(&["always", "often", "just", "also", "recently", "once"]);
        let said = ahead.eat_any(&[
            "says",
            "said",
            "thinks",
            "thought",
            "believes",
            "claims",
            "claimed",
            "mentioned",
            "mentions",
            "insists",
            "insisted",
            "swears",
            "reckons",
            "reported",
            "suspects",
            "heard",
            "say",
            "think",
            "believe",
        ]);
        let told = !said
            && ahead.eat_any(&["told", "tells"])
            && ahead.eat_any(&["me", "us", "him", "her", "them", "everyone"]);
        if !(said || told) || ahead.is_pause(0) || ahead.token(0).is_none_or(|token| token.quoted) {
            return None;
        }
        ahead.eat("that");
    }
    *rest = ahead;
    Some(holder.name().to_string())
}
