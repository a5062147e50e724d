//! Reading: from what a person says to the claims it makes, by rules alone. English; silence rather than invention.
//!
//! A message is cut into sentences, what claims nothing is dropped, times and situations are folded into single tokens,
//! frames (corrections, reported speech, hedges) are taken off, and each clause is matched with a table of verbs.

mod anchor;
mod attribute;
mod calendar;
mod clause;
mod complement;
mod cursor;
mod dates;
mod extract;
mod fold;
mod frame;
mod moment;
mod naming;
mod numeral;
mod object;
mod occupations;
mod origin;
mod patch;
mod patterns;
mod possession;
mod predicate;
mod relation;
mod rule;
mod scope;
mod sense;
mod sentence;
mod silence;
mod situation;
mod style;
mod subject;
mod take;
mod verbs;
mod voice;
mod when;
mod words;

use std::error::Error as StdError;

use crate::model::{Extractor, Message, NewFact};
pub(crate) use anchor::anchor;
pub(crate) use dates::Dates;
pub(crate) use extract::extract;

/// The built-in rules as an [`Extractor`], to be tried out or wrapped. They read what persons say, whatever the role.
///
/// ```
/// use ebbmark::{BuiltInExtractor, Extractor, Message, Role, Timestamp};
///
/// let said_at = Timestamp::from_seconds(1_790_000_000);
/// let text = "My sister Anna used to live in Faro.";
/// let message = Message { text, speaker: "Mara", role: Role::User, said_at, previous: None };
/// let facts = BuiltInExtractor.extract(&message).unwrap_or_default();
/// assert_eq!((facts[1].subject.as_str(), facts[1].object.as_str()), ("Anna", "Faro"));
/// assert_eq!(facts[1].valid_to, Some(said_at));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct BuiltInExtractor;

impl Extractor for BuiltInExtractor {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        Ok(extract(message))
    }
}

/// Words that a correction begins with which may need what was said before it.
const LOOK_BACK: [&str; 12] =
    ["no", "nope", "sorry", "wait", "oops", "actually", "correction", "oh", "well", "scratch", "my", "not"];

/// Whether a message may be an elliptic correction: "No, I meant Porto".
pub(crate) fn looks_back(text: &str) -> bool {
    let lower = text.trim_start().get(..40).unwrap_or(text.trim_start()).to_lowercase();
    let first = lower.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    LOOK_BACK.contains(&first) || ["i meant", "i mean", "ah"].iter().any(|cue| lower.starts_with(cue))
}
