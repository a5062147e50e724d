//! Elliptic corrections: "No, I meant Porto" puts another object into what was said before.

use super::complement::is_job;
use super::cursor::{Cursor, text_of};
use super::numeral::number;
use super::object::{Item, Reach, items};
use super::sentence::Token;
use super::subject::name_tokens;
use super::when::month;
use super::words::{PLACES, holds};
use crate::model::{NewFact, Provenance};

/// How plainly a sentence says that it corrects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// "I meant X"
    Meant,
    /// "sorry, it is X"
    Is,
    /// "no, X"
    Bare,
}

/// What is to be put in the place of what was said.
pub(super) struct Patch {
    item: Item,
    manner: Manner,
    /// "I meant in Porto"
    is_located: bool,
}

/// The correction that a sentence without a claim of its own makes.
pub(super) fn patch(tokens: &[Token<'_>]) -> Option<Patch> {
    let mut rest = Cursor::new(tokens);
    let mut opened = false;
    loop {
        if rest.eat_any(&["no", "nope", "sorry", "oops", "correction"])
            || rest.eat_phrases(&["my bad", "my mistake", "scratch that", "not quite"])
        {
            opened = true;
        } else if !rest.eat_any(&["wait", "oh", "ah", "actually", "well"]) {
            break;
        }
        rest.eat_pause();
    }
    let meant = rest.eat_phrases(&["i meant to say", "i mean to say", "i meant to write", "i meant"])
        || (opened && rest.eat_phrase("i mean"));
    let is = opened
        && !meant
        && rest.eat_phrases(&["it is", "that is", "that should be", "it should be", "should be"]);
    let manner = match (meant, is) {
        (true, _) => Manner::Meant,
        (_, true) => Manner::Is,
        _ if opened && names_only(&rest) => Manner::Bare,
        _ => return None,
    };
    rest.eat_pause();
    let is_located = rest.eat_any(&["in", "to", "from"]);
    if !is_located {
        rest.eat_any(&["at", "with", "on", "as", "of"]);
    }
    let from = rest.at;
    let item = items(&mut rest, Reach::Long, None).into_iter().next()?;
    let clean = rest.is_end() || rest.is_pause(0);
    let text = text_of(tokens.get(from..rest.at)?);
    let item = if text.len() < item.text.len() { Item { text, ..item } } else { item };
    clean.then_some(Patch { item, manner, is_located })
}

/// "No, Lisbon": nothing but a name is left.
fn names_only(rest: &Cursor<'_, '_>) -> bool {
    let mut ahead = *rest;
    let tokens = name_tokens(&mut ahead);
    !tokens.is_empty() && ahead.is_end()
}

impl Patch {
    /// The one claim that the correction can be about, corrected; none where two could be meant.
    pub(super) fn applied(&self, facts: &[NewFact]) -> Option<NewFact> {
        let mut fitting = facts.iter().filter(|fact| self.fits(fact));
        let fact = fitting.next().filter(|_| fitting.next().is_none())?;
        Some(NewFact { object: self.item.text.clone(), provenance: Provenance::Corrected, ..fact.clone() })
    }

    /// Whether the object is of the kind that the claim has.
    fn fits(&self, fact: &NewFact) -> bool {
        let lower = self.item.lower();
        let words = lower.split(' ').count();
        let is_place = self.item.is_proper && holds(&PLACES, &lower);
        let has_digit = lower.contains(|c: char| c.is_ascii_digit());
        let meant = self.manner == Manner::Meant;
        match kind(&fact.predicate) {
            Slot::Place => is_place || (self.item.is_proper && words <= 3 && (meant || self.is_located)),
            Slot::Company => self.item.is_proper && !is_place && !self.is_located && words <= 4,
            Slot::Person => self.item.is_proper && !is_place && !self.is_located && words <= 3,
            Slot::Number => number(&lower).is_some(),
            Slot::Digits => has_digit,
            Slot::Date => has_digit && lower.split(' ').any(|word| month(word).is_some()),
            Slot::Job => is_job(&lower),
            Slot::Favorite => !is_place && self.is_like(fact),
            Slot::Other => meant && !is_place && self.is_like(fact),
        }
    }

    fn is_like(&self, fact: &NewFact) -> bool {
        let is_proper = fact.object.starts_with(char::is_uppercase);
        is_proper == self.item.is_proper
            && !self.item.is_determined
            && self.item.text.split(' ').count() <= 3
            && self.manner != Manner::Bare
    }
}

enum Slot {
    Place,
    Company,
    Person,
    Number,
    Digits,
    Date,
    Job,
    Favorite,
    Other,
}

/// What the objects of a predicate are.
fn kind(predicate: &str) -> Slot {
    match predicate {
        "lives_in" | "located_in" | "hometown" | "birthplace" | "grew_up_in" | "visited" => Slot::Place,
        "works_at" | "studies_at" | "graduated_from" => Slot::Company,
        "name" | "nickname" | "partner" | "mother" | "father" | "parent" | "child" | "sibling"
        | "grandparent" | "cousin" | "aunt" | "uncle" | "friend" | "best_friend" | "neighbour"
        | "roommate" | "mentor" | "manager" | "colleague" | "met" => Slot::Person,
        "age" | "number_of_children" | "number_of_siblings" => Slot::Number,
        "birth_year" | "weight" | "height" | "phone_number" => Slot::Digits,
        "birthday" => Slot::Date,
        "job_title" => Slot::Job,
        predicate if predicate.starts_with("favorite_") => Slot::Favorite,
        _ => Slot::Other,
    }
}
