//! Documents: long texts that are split into passages, which are remembered one by one.

use serde::{Deserialize, Serialize};

use super::clock::Timestamp;
use super::metadata::{Metadata, Value};
use super::scope::Scope;
use super::text::{check_name, check_text};
use super::trust::Trust;
use crate::error::{Code, Error, Result};
use crate::limits::{NAME_BYTES_MAX, PASSAGE_WORDS_MAX, PASSAGE_WORDS_MIN};

/// Where in which document a passage stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Passage {
    /// The name of the document.
    pub document: String,
    /// The headings that it stands under, the outermost first; none before the first heading.
    pub section: Vec<String>,
    /// Its place among the passages of the document, from 0.
    pub ordinal: u32,
    /// Where it begins, in bytes of the document's text in Unicode normal form C.
    pub start: u64,
    /// Where it ends. From `start` to here stands its text, but for blank lines before and white space behind it, and
    /// for what the guard took out.
    pub end: u64,
}

impl Passage {
    /// The headings in one line: "Travel > Expenses".
    pub fn heading(&self) -> String {
        self.section.join(" > ")
    }
}

/// How long the passages of a document are.
///
/// A word is what stands between spaces, every 32 characters of what is longer, and every character of a script
/// without spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Split {
    /// The most words of a passage, 20 to 2000.
    pub words_max: usize,
    /// How many of them at most may repeat the end of the passage before, 0 to half of `words_max`. Whole sentences
    /// are repeated where they fit.
    pub overlap: usize,
}

impl Default for Split {
    /// 180 words, which with title and headings are the 256 tokens that common embedders read; 30 words of overlap, one
    /// or two sentences.
    fn default() -> Self {
        Split { words_max: 180, overlap: 30 }
    }
}

impl Split {
    pub(crate) fn check(&self) -> Result<()> {
        let Split { words_max, overlap } = *self;
        if !(PASSAGE_WORDS_MIN..=PASSAGE_WORDS_MAX).contains(&words_max) {
            return Err(Error::draft(Code::RangeInvalid, "passages cannot have this many words")
                .got(words_max)
                .expected(format!("{PASSAGE_WORDS_MIN} to {PASSAGE_WORDS_MAX}"))
                .remedy("choose how long passages are in Split::words_max"));
        }
        if overlap > words_max / 2 {
            return Err(Error::draft(Code::RangeInvalid, "passages cannot overlap by this many words")
                .got(overlap)
                .expected(format!("0 to {}, half of a passage", words_max / 2))
                .remedy("let passages repeat less of one another, or be longer"));
        }
        Ok(())
    }
}

/// Checks the name of a document and returns it in normal form C.
pub(crate) fn check_document_name(name: &str) -> Result<String> {
    check_name("a document's name", name)?;
    check_text("a document's name", name, NAME_BYTES_MAX)
}

/// A document to be added. Built in chains: `NewDocument::new("handbook.md", text).title("Handbook")`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewDocument {
    /// The name that it is found and replaced by, 1 to 256 bytes: a path, an address. Names of one user are not another's.
    pub name: String,
    /// Its title, 1 to 2048 bytes, which is searched with every passage; if absent its first heading, else its name.
    pub title: Option<String>,
    /// The text, Markdown or plain: 1 byte to 16 MiB, not only white space, no NUL.
    pub text: String,
    /// Labels of the passages; parts left open are taken from the handle.
    pub scope: Scope,
    /// When it was written. It is the moment of passages that are new; those that were there keep theirs. The clock's time
    /// if absent.
    pub occurred_at: Option<Timestamp>,
    /// The host's own fields of every passage, 16 KiB at most.
    pub metadata: Metadata,
    /// How far its words are trusted; low if absent.
    pub trust: Option<Trust>,
    /// How it is split.
    pub split: Split,
}

impl NewDocument {
    /// A text under a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        NewDocument { name: name.into(), text: text.into(), ..NewDocument::default() }
    }

    /// With a title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// With labels.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Written at a moment.
    #[must_use]
    pub fn occurred_at(mut self, moment: Timestamp) -> Self {
        self.occurred_at = Some(moment);
        self
    }

    /// With one more field.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// With words that are trusted so far.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// With passages of another length.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }
}

impl<N: Into<String>, T: Into<String>> From<(N, T)> for NewDocument {
    /// A name and a text.
    fn from((name, text): (N, T)) -> Self {
        NewDocument::new(name, text)
    }
}
