//! The host's callbacks for packing, and the one place that calls them: tokens are counted, and what does not fit is
//! made short. What goes wrong there costs no more than their part of a context.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::error::{Code, Error, Result};
use crate::language::estimated_tokens;
use crate::model::{Summarizer, TokenCounter};

/// The host's callbacks for packing.
#[derive(Default)]
pub(crate) struct Packing {
    pub(crate) counter: Option<Arc<dyn TokenCounter>>,
    pub(crate) summarizer: Option<Arc<dyn Summarizer>>,
}

impl Packing {
    /// The counting of one context.
    pub(crate) fn counting(&self) -> Counting {
        Counting { counter: self.counter.clone(), panicked: Cell::new(false) }
    }

    /// Whether there is a summariser.
    pub(crate) fn can_summarize(&self) -> bool {
        self.summarizer.is_some()
    }

    /// What the host's summariser makes of texts.
    ///
    /// # Errors
    /// `summarizer.failed` with the host's own error as its source, `callback.panicked`; `summarizer.reply` if it makes
    /// nothing of them.
    pub(crate) fn summarize(&self, texts: &[&str], budget_tokens: usize) -> Result<String> {
        let reply = match &self.summarizer {
            None => Ok(Ok(String::new())),
            Some(summarizer) => caught(|| summarizer.summarize(texts, budget_tokens)),
        };
        let reply = reply.map_err(|said| {
            Error::draft(Code::CallbackPanicked, "the summariser panicked")
                .got("a panic")
                .expected("a text or an error")
                .source(said)
                .remedy("correct the callback; see the source of this error")
        })?;
        let text = reply.map_err(|source| {
            Error::draft(Code::SummarizerFailed, "the host's summariser failed")
                .got("an error instead of a text")
                .expected("a text")
                .source(source)
                .remedy("the context stands without it; see the source of this error")
        })?;
        if text.trim().is_empty() {
            return Err(bad_summary("a text without words".to_owned(), budget_tokens));
        }
        Ok(text)
    }
}

/// The error for a summary that cannot be used.
pub(crate) fn bad_summary(got: String, budget_tokens: usize) -> Error {
    Error::draft(Code::SummarizerReply, "the summariser's reply cannot be used")
        .got(got)
        .expected(format!("at most {budget_tokens} tokens, and one at least"))
        .remedy("correct the summariser; the context stands without it")
}

/// The counting of one context: by the host, until that panics.
pub(crate) struct Counting {
    counter: Option<Arc<dyn TokenCounter>>,
    panicked: Cell<bool>,
}

impl Counting {
    /// The tokens of a text.
    pub(crate) fn count(&self, text: &str) -> usize {
        if let Some(counter) = self.counter.as_ref().filter(|_| !self.panicked.get()) {
            match caught(|| counter.count(text)) {
                Ok(tokens) => return tokens,
                Err(_) => self.panicked.set(true),
            }
        }
        estimated_tokens(text)
    }

    /// Whether the host counts.
    pub(crate) fn is_hosts(&self) -> bool {
        self.counter.is_some() && !self.panicked.get()
    }
}

/// Runs host code. If it panics, gives what it said.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|payload| {
        let payload = match payload.downcast::<String>() {
            Ok(said) => return *said,
            Err(payload) => payload,
        };
        payload.downcast::<&str>().map_or_else(
            |payload| {
                // It may be anything, and panic when it is dropped.
                std::mem::forget(payload);
                "something that is no text".to_owned()
            },
            |said| (*said).to_owned(),
        )
    })
}
