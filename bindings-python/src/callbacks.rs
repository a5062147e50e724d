//! Callbacks: functions of Python where the core asks its host.
//!
//! Each attaches to the interpreter for its call; none is called while a lock is held. What one raises becomes the source of
//! the core's error, and from there the `__cause__` of the exception.

use std::error::Error as StdError;
use std::sync::Arc;

use ebbmark as core;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;
use pyo3::types::{PyList, PyString};

use crate::errors::wrong_type;
use crate::listening::{back, note_guard, note_interrupt};
use crate::names::named;
use crate::records::talk::Heard;
use crate::translate::{Given, Translate};
use crate::vectors::rows;

type Failure = Box<dyn StdError + Send + Sync>;

/// Function types of Python, each checked to be callable.
macro_rules! functions {
    ($($(#[$doc:meta])* $name:ident $hint:literal;)*) => {
        $($(#[$doc])*
        pub(crate) struct $name(pub(crate) Py<PyAny>);

        impl Translate for $name {
            const TYPE: PyStaticExpr = type_hint_identifier!("ebbmark._types", $hint);

            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                Ok(self.0.into_bound(py))
            }

            fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
                if given.is_callable() {
                    return Ok($name(given.clone().unbind()));
                }
                Err(wrong_type(given, concat!("a function: ", $hint)))
            }
        })*
    };
}

functions! {
    /// Reads claims out of messages.
    ExtractFunction "ExtractFunction";
    /// Decides what may be remembered.
    GuardFunction "GuardFunction";
    /// Judges how well texts answer a question.
    RerankFunction "RerankFunction";
    /// Counts the tokens of a text.
    CountFunction "CountFunction";
    /// Sums texts up.
    SummarizeFunction "SummarizeFunction";
    /// Hears how many records were finished.
    ProgressFunction "ProgressFunction";
}

/// Calls into Python. An exception that is no `Exception` ends the call that asked, too.
fn asked<T>(call: impl FnOnce(Python<'_>) -> PyResult<T>) -> Result<T, Failure> {
    let reply = back(|py| call(py).inspect_err(|raised| note_interrupt(py, raised)));
    match reply {
        Some(reply) => reply.map_err(|raised| Box::new(raised) as Failure),
        None => Err("the interpreter is ending".into()),
    }
}

fn texts_of<'py>(py: Python<'py>, texts: &[&str]) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, texts)
}

/// An embedder: a function of a list of texts, that gives a vector for each.
pub(crate) struct Embedder {
    function: Py<PyAny>,
    space: core::VectorSpace,
}

impl Embedder {
    /// An embedder whose vectors are of a space of a name; without the number of its dimensions, it is asked for a vector to
    /// count.
    ///
    /// # Errors
    /// What the function raises; `TypeError` if it gives no vector.
    pub(crate) fn new(
        py: Python<'_>,
        function: Py<PyAny>,
        name: String,
        dimensions: Option<u32>,
    ) -> PyResult<Self> {
        let dimensions = match dimensions {
            Some(dimensions) => dimensions,
            None => {
                let reply = function.bind(py).call1((texts_of(py, &["How long is a vector?"])?,))?;
                rows(&reply)?.first().map_or(0, Vec::len) as u32
            }
        };
        Ok(Embedder { function, space: core::VectorSpace { name, dimensions } })
    }
}

impl core::Embedder for Embedder {
    fn space(&self) -> core::VectorSpace {
        self.space.clone()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Failure> {
        asked(|py| rows(&self.function.bind(py).call1((texts_of(py, texts)?,))?))
    }
}

/// An extractor: a function of a list of messages, that gives a list of claims for each.
pub(crate) struct Extractor(pub(crate) Py<PyAny>);

/// Messages in one call of an extractor.
const MESSAGES_PER_CALL: usize = 64;

impl core::Extractor for Extractor {
    fn extract(&self, message: &core::Message<'_>) -> Result<Vec<core::NewFact>, Failure> {
        Ok(self.extract_all(std::slice::from_ref(message))?.into_iter().flatten().collect())
    }

    fn messages_per_call(&self) -> usize {
        MESSAGES_PER_CALL
    }

    fn extract_all(&self, messages: &[core::Message<'_>]) -> Result<Vec<Vec<core::NewFact>>, Failure> {
        asked(|py| {
            let messages: Vec<Heard> = messages.iter().map(Heard::of).collect();
            let reply = self.0.bind(py).call1((messages.into_python(py)?,))?;
            Vec::<Vec<core::NewFact>>::from_python(&reply)
        })
    }
}

/// A reranker: a function of a question and a list of texts, that gives a score for each.
pub(crate) struct Reranker(pub(crate) Py<PyAny>);

impl core::Reranker for Reranker {
    fn rerank(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>, Failure> {
        asked(|py| {
            let reply = self.0.bind(py).call1((question, texts_of(py, texts)?))?;
            crate::vectors::Vector::from_python(&reply).map(|scores| scores.0)
        })
    }
}

/// A summariser: a function of a list of texts and a budget of tokens, that gives a text.
pub(crate) struct Summarizer(pub(crate) Py<PyAny>);

impl core::Summarizer for Summarizer {
    fn summarize(&self, texts: &[&str], budget_tokens: usize) -> Result<String, Failure> {
        asked(|py| String::from_python(&self.0.bind(py).call1((texts_of(py, texts)?, budget_tokens))?))
    }
}

/// A token counter: a function of a text, that gives a number. One that fails is counted for by the estimate of four bytes a
/// token, and its exception is told as one that nobody can catch.
pub(crate) struct TokenCounter(pub(crate) Py<PyAny>);

impl core::TokenCounter for TokenCounter {
    fn count(&self, text: &str) -> usize {
        let counted = back(|py| {
            let function = self.0.bind(py);
            let count = function.call1((text,)).and_then(|count| usize::from_python(&count));
            count.inspect_err(|raised| {
                note_interrupt(py, raised);
                raised.clone_ref(py).write_unraisable(py, Some(function));
            })
        });
        counted.and_then(Result::ok).unwrap_or(text.len().div_ceil(4))
    }
}

/// A guard: a function of an episode, that gives an `Admission`, or a text that takes the place of its own, or `None` to let
/// it in. One that fails lets nothing in.
pub(crate) struct Guard(pub(crate) Py<PyAny>);

impl core::Guard for Guard {
    fn admit(&self, episode: &core::NewEpisode) -> core::Admission {
        let reply = asked(|py| {
            let reply = self.0.bind(py).call1((episode.clone().into_python(py)?,))?;
            if reply.is_none() {
                return Ok(core::Admission::Allow);
            }
            if reply.is_instance_of::<PyString>() {
                return String::from_python(&reply).map(core::Admission::Redact);
            }
            let admission = reply.cast::<Admission>();
            let admission =
                admission.map_err(|_| wrong_type(&reply, "an Admission, a str that redacts, or None"))?;
            Ok(admission.get().0.clone())
        });
        reply.unwrap_or_else(|failure| {
            if let Ok(raised) = failure.downcast::<PyErr>() {
                note_guard(*raised);
            }
            core::Admission::Reject("a guard that failed".to_owned())
        })
    }
}

/// What a guard decides of an episode.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Admission(core::Admission);

#[pymethods]
impl Admission {
    /// It is let in.
    #[staticmethod]
    fn allow() -> Self {
        Admission(core::Admission::Allow)
    }

    /// It is let in with another text.
    #[staticmethod]
    fn redact(text: String) -> Self {
        Admission(core::Admission::Redact(text))
    }

    /// It is kept, and left out of lists and searches that do not ask for it. No claims are drawn from it.
    #[staticmethod]
    fn quarantine() -> Self {
        Admission(core::Admission::Quarantine)
    }

    /// Nothing of the call is kept: it fails with `DeniedError`, which tells the reason.
    #[staticmethod]
    fn reject(reason: String) -> Self {
        Admission(core::Admission::Reject(reason))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self) -> u64 {
        crate::record::hash(&self.0)
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            core::Admission::Allow => "Admission.allow()".to_owned(),
            core::Admission::Redact(_) => "Admission.redact(...)".to_owned(),
            core::Admission::Quarantine => "Admission.quarantine()".to_owned(),
            core::Admission::Reject(reason) => format!("Admission.reject({reason:?})"),
        }
    }
}

/// The built-in guard: it looks for cards, accounts, keys, passwords and national ids. Pass it as the `guard` of a store.
///
/// Args:
///     policy: What is done about a text that holds one: "redact" it, keep it in "quarantine", or "reject" it.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct SecretGuard(core::SecretGuard);

#[pymethods]
impl SecretGuard {
    #[new]
    #[pyo3(signature = (policy: "SecretPolicy" = "redact"))]
    fn new(py: Python<'_>, policy: &str) -> PyResult<Self> {
        named(py, policy).map(|policy| SecretGuard(core::SecretGuard::new(policy)))
    }

    /// What it decides of an episode.
    fn __call__(&self, episode: Given<core::NewEpisode>) -> Admission {
        Admission(core::Guard::admit(&self.0, &episode.0))
    }

    fn __repr__(&self) -> String {
        format!("<{:?}>", self.0)
    }
}

/// The guard of a store: the built-in one without a way through Python, or a function.
pub(crate) fn guard(function: GuardFunction) -> Arc<dyn core::Guard> {
    let built_in = Python::attach(|py| Some(function.0.bind(py).cast::<SecretGuard>().ok()?.get().0));
    built_in.map_or_else(|| Arc::new(Guard(function.0)) as _, |built_in| Arc::new(built_in) as _)
}
