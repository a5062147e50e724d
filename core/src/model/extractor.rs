//! Extraction: the host callback that reads claims out of messages, and where it stands in the pipeline.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::atom::NewFact;
use super::clock::Timestamp;
use super::episode::Role;

/// A message to be read for claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// What was said.
    pub text: &'a str,
    /// The name of the one who said it: the speaker's, else the user's, else "user".
    pub speaker: &'a str,
    /// Who or what it comes from.
    pub role: Role,
    /// When it was said.
    pub said_at: Timestamp,
    /// What the same speaker said before it in the session, where that is known.
    pub previous: Option<&'a str>,
}

/// The host's own way from messages to claims. It is never called while a lock is held.
pub trait Extractor: Send + Sync {
    /// The claims that a message makes. What they leave open (labels, the moment they were said, the episode that
    /// supports them) is taken from the message. At most 16 a message are taken.
    ///
    /// # Errors
    /// Any error, or a panic: the message is then added without its claims, waits for them, and the receipt tells. See
    /// [`Tenant::process_pending`](crate::Tenant::process_pending).
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>>;

    /// How many messages a call of [`Extractor::extract_all`] may get: 1 unless said otherwise, so that a message that
    /// cannot be read keeps no other waiting.
    fn messages_per_call(&self) -> usize {
        1
    }

    /// The claims of each of some messages of one `add`, in their order.
    ///
    /// # Errors
    /// Those of [`Extractor::extract`]; all these messages then wait for their claims.
    fn extract_all(
        &self,
        messages: &[Message<'_>],
    ) -> Result<Vec<Vec<NewFact>>, Box<dyn StdError + Send + Sync>> {
        messages.iter().map(|message| self.extract(message)).collect()
    }
}

/// Who reads claims out of messages.
#[derive(Clone, Default)]
pub enum Extraction {
    /// Nobody: episodes are kept, and claims are those that the host passes in.
    Off,
    /// The built-in rules, on what persons say (English). They prefer silence to invention.
    #[default]
    BuiltIn,
    /// The host's extractor, on all messages.
    Host(Arc<dyn Extractor>),
    /// The built-in rules, and then the host's extractor.
    Both(Arc<dyn Extractor>),
}

impl fmt::Debug for Extraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Extraction::Off => "Off",
            Extraction::BuiltIn => "BuiltIn",
            Extraction::Host(_) => "Host",
            Extraction::Both(_) => "Both",
        })
    }
}
