//! Keeping: episodes and documents are added, changed and deleted.

use ebbmark as core;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::Tenant;
use crate::callbacks::ProgressFunction;
use crate::errors::{invalid, wrong_type};
use crate::names::{named, unknown};
use crate::records::talk::{NewEpisode, scope};
use crate::translate::{Given, Told, Translate, given, given_or, plain};
use crate::vectors::Vector;

/// Texts with the labels of their call, and episodes with their own, in the order in which they were given.
fn episodes(given: &Bound<'_, PyAny>, labels: &core::NewEpisode) -> PyResult<Vec<core::NewEpisode>> {
    let one = |item: &Bound<'_, PyAny>| {
        if item.is_instance_of::<PyString>() {
            return Ok(Some(core::NewEpisode { text: String::from_python(item)?, ..labels.clone() }));
        }
        let Ok(episode) = item.cast::<NewEpisode>() else { return Ok(None) };
        if *labels == core::NewEpisode::default() {
            return Ok(Some(episode.get().0.clone()));
        }
        Err(invalid(
            "an episode has its own labels",
            "a NewEpisode, and labels beside it",
            "labels for texts that are given as str",
            "say them in the NewEpisode, or use Tenant.with_scope",
        ))
    };
    if let Some(episode) = one(given)? {
        return Ok(vec![episode]);
    }
    let expected = "a str or NewEpisode, or a list of those";
    if given.is_instance_of::<PyDict>() {
        return Err(wrong_type(
            given,
            "a str or NewEpisode; of a message that is a dict, pass its text and its role",
        ));
    }
    let items = given.try_iter().map_err(|_| wrong_type(given, expected))?;
    items.map(|item| item.and_then(|item| one(&item)?.ok_or_else(|| wrong_type(&item, expected)))).collect()
}

#[pymethods]
impl Tenant {
    /// Adds what was said, and what it says: claims are drawn from it, and each is judged. When it returns, all of it is
    /// durable and found. All episodes are checked before the first is written; more than 64 are several commits, and if the
    /// machine fails between them, the same call with the same idempotency key adds just the rest.
    ///
    /// Args:
    ///     episodes: A str, a `NewEpisode`, or up to 100,000 of them. A text has 1 byte to 1 MiB.
    ///     role, speaker, title, user, agent, session, occurred_at, expires_at, importance, metadata, trust, vector:
    ///         As in `NewEpisode`, for what is given as str.
    ///     idempotency_key: 1 to 256 bytes: a later call with the same key and episodes adds nothing.
    ///     progress: A function of the number of episodes that were finished since it was last called.
    ///
    /// Raises:
    ///     InvalidInputError: A text, label, vector, number or time cannot be taken (`text.*`, `name.invalid`, `vector.*`, ...).
    ///     ConflictError: The key was used with other episodes (`idempotency.mismatch`).
    ///     DeniedError: The guard rejected an episode (`guard.rejected`).
    ///     QuotaExceededError: The tenant may not hold so much.
    ///
    /// A failing embedder or extractor is no error: the receipt tells, and `process_pending` asks again.
    #[pyo3(signature = (
        episodes: "str | NewEpisode | Iterable[str | NewEpisode]", *, role: "Role" = "user", speaker = None, title = None,
        user = None, agent = None, session = None, occurred_at = None, expires_at = None, importance = None,
        metadata = None, trust = None, vector = None, idempotency_key = None, progress = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each label")]
    fn add(
        &self,
        py: Python<'_>,
        episodes: &Bound<'_, PyAny>,
        role: &str,
        speaker: Option<Given<String>>,
        title: Option<Given<String>>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
        occurred_at: Option<Given<core::Timestamp>>,
        expires_at: Option<Given<core::Timestamp>>,
        importance: Option<Given<f32>>,
        metadata: Option<Given<core::Metadata>>,
        trust: Option<Given<core::Trust>>,
        vector: Option<Given<Vector>>,
        idempotency_key: Option<Given<String>>,
        progress: Option<Given<ProgressFunction>>,
    ) -> PyResult<Told<core::Receipt>> {
        let labels = core::NewEpisode {
            role: named(py, role)?,
            speaker: given(speaker),
            title: given(title),
            text: String::new(),
            scope: scope(user, agent, session),
            occurred_at: given(occurred_at),
            expires_at: given(expires_at),
            importance: given(importance),
            metadata: given(metadata).unwrap_or_default(),
            trust: given(trust),
            facts: Vec::new(),
            vector: given(vector).map(|vector| vector.0),
        };
        let episodes = self::episodes(episodes, &labels)?;
        let batch = core::Batch { episodes, idempotency_key: given(idempotency_key) };
        self.run_long(py, progress, |tenant| tenant.add(batch)).map(Told)
    }

    /// Adds a document, or replaces the one of its name: it is split into passages along its headings and paragraphs.
    /// Passages that were there before keep their id, vector, uses and claims; the same document again writes nothing.
    ///
    /// Args:
    ///     name: 1 to 256 bytes; one of the handle's user.
    ///     text: Markdown or plain text, 1 byte to 16 MiB.
    ///     title: Searched with every passage; the first heading, or the name, unless given.
    ///     words_max: Words of a passage at most, 20 to 2000.
    ///     overlap: Words that a passage repeats of the one before it, half of words_max at most; a sixth of it
    ///         unless given.
    ///     progress: A function of the number of passages that were finished since it was last called.
    ///
    /// Raises:
    ///     InvalidInputError, DeniedError, QuotaExceededError: As `add`. Nothing was written.
    #[pyo3(signature = (
        name, text, *, title = None, user = None, agent = None, session = None, occurred_at = None, metadata = None,
        trust = None, words_max: "int" = 180, overlap = None, progress = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each label")]
    fn add_document(
        &self,
        py: Python<'_>,
        name: Given<String>,
        text: Given<String>,
        title: Option<Given<String>>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
        occurred_at: Option<Given<core::Timestamp>>,
        metadata: Option<Given<core::Metadata>>,
        trust: Option<Given<core::Trust>>,
        #[pyo3(from_py_with = plain)] words_max: usize,
        overlap: Option<Given<usize>>,
        progress: Option<Given<ProgressFunction>>,
    ) -> PyResult<Told<core::DocumentReceipt>> {
        let document = core::NewDocument {
            name: name.0,
            title: given(title),
            text: text.0,
            scope: scope(user, agent, session),
            occurred_at: given(occurred_at),
            metadata: given(metadata).unwrap_or_default(),
            trust: given(trust),
            split: core::Split { words_max, overlap: given_or(overlap, || words_max / 6) },
        };
        self.run_long(py, progress, |tenant| tenant.add_document(document)).map(Told)
    }

    /// The passages of a document, in its order.
    ///
    /// Raises:
    ///     NotFoundError: There is no document of this name (`document.not_found`).
    fn document(&self, py: Python<'_>, name: Given<String>) -> PyResult<Told<Vec<core::Episode>>> {
        self.run(py, |tenant| tenant.document(&name.0)).map(Told)
    }

    /// Deletes a document: each of its passages, with what it alone supported.
    ///
    /// Raises:
    ///     NotFoundError: There is no document of this name (`document.not_found`).
    fn delete_document(&self, py: Python<'_>, name: Given<String>) -> PyResult<Told<core::DocumentReceipt>> {
        self.run(py, |tenant| tenant.delete_document(&name.0)).map(Told)
    }

    /// Changes an episode; its former version stays in its history. What is not given stays as it is.
    ///
    /// Args:
    ///     clear: What is taken away: "importance", "expires_at", or both.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    ///     InvalidInputError: It is an atom (`record.sort`), or a value cannot be taken.
    #[pyo3(signature = (
        id, *, text = None, vector = None, metadata = None, importance = None, expires_at = None,
        clear: "Iterable[Literal['importance', 'expires_at']] | None" = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn update(
        &self,
        py: Python<'_>,
        id: Given<core::Id>,
        text: Option<Given<String>>,
        vector: Option<Given<Vector>>,
        metadata: Option<Given<core::Metadata>>,
        importance: Option<Given<f32>>,
        expires_at: Option<Given<core::Timestamp>>,
        clear: Option<Given<Vec<String>>>,
    ) -> PyResult<Told<core::Episode>> {
        let mut update = core::EpisodeUpdate {
            text: given(text),
            vector: given(vector).map(|vector| vector.0),
            metadata: given(metadata),
            importance: given(importance).map(Some),
            expires_at: given(expires_at).map(Some),
        };
        for name in given(clear).unwrap_or_default() {
            match name.as_str() {
                "importance" if update.importance.is_none() => update.importance = Some(None),
                "expires_at" if update.expires_at.is_none() => update.expires_at = Some(None),
                "importance" | "expires_at" => {
                    return Err(invalid("a field is set and taken away", &name, "one of both", "choose one"));
                }
                other => {
                    return Err(unknown(
                        "field that can be taken away",
                        other,
                        &["importance", "expires_at"],
                    ));
                }
            }
        }
        self.run(py, |tenant| tenant.update(id.0, update)).map(Told)
    }

    /// Deletes a record: an episode with the claims that it alone supported. It is gone from everywhere, history too.
    ///
    /// Raises:
    ///     NotFoundError: There is no such record.
    fn delete(&self, py: Python<'_>, id: Given<core::Id>) -> PyResult<Told<core::Effect>> {
        self.run(py, |tenant| tenant.delete(id.0)).map(Told)
    }
}
