//! Packing: the host callbacks that count tokens and that make long texts short.

use std::error::Error as StdError;

/// Counts tokens as the host's model does. It is never called while a lock is held.
pub trait TokenCounter: Send + Sync {
    /// The tokens of a text, 0 for an empty one. A text should not have more tokens than its parts have together. If it
    /// panics, tokens are estimated for the rest of the call.
    fn count(&self, text: &str) -> usize;
}

/// Makes long texts short, by the host's own means. It is never called while a lock is held.
pub trait Summarizer: Send + Sync {
    /// What these texts say, the most important first, in `budget_tokens` at most. It is called once for a context, if
    /// something did not fit, and may take as long as it likes.
    ///
    /// # Errors
    /// Any error, or a panic, or a text that is too long: the context is then packed without it, and tells.
    fn summarize(
        &self,
        texts: &[&str],
        budget_tokens: usize,
    ) -> Result<String, Box<dyn StdError + Send + Sync>>;
}
