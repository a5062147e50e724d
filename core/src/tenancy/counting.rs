//! The host's callbacks for packing, and the one place that calls them: tokens are counted, and what does not fit is
//! made short. What goes wrong there costs no more than their part of a context.

use std::cell::Cell;
use std::sync::Arc;

use super::callback::caught;
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
        let nothing = || bad_summary("a text without words".to_owned(), budget_tokens);
        let summarizer = self.summarizer.as_ref().ok_or_else(nothing)?;
        let text = caught("the summariser", || {
            summarizer.summarize(texts, budget_tokens).map_err(|source| {
                Error::draft(Code::SummarizerFailed, "the host's summariser failed")
                    .got("an error instead of a text")
                    .expected("a text")
                    .source(source)
                    .remedy("the context stands without it; see the source of this error")
            })
        })?;
        if text.trim().is_empty() {
            return Err(nothing());
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
            match caught("the token counter", || Ok(counter.count(text))) {
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
