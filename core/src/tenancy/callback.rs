//! The host's callbacks, and the one place that calls them.
//!
//! A callback may fail, panic, hang, or reply nonsense; none of that is to harm the store. No lock is held over a call,
//! so that a panic leaves nothing half-done, and what fails again and again is left alone for a while.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::dynamics::Breaker;
use crate::error::{Code, Error, Result};
use crate::limits::DIMENSIONS_MAX;
use crate::model::{
    Admission, Clock, Embedder, Extraction, Extractor, Guard, Message, NewEpisode, NewFact, Reranker, Role,
    Timestamp, VectorSpace, check_name, check_span, normalised,
};
use crate::observe::CallbackFigures;

/// What is done about an embedder or an extractor that fails.
///
/// One that fails so often in a row that it is no accident is not called for a while. Records are then added as if it had
/// failed, and wait for [`Tenant::process_pending`](crate::Tenant::process_pending); searches go on by words. After that
/// while one call is tried: if it succeeds, all is as before.
///
/// ```
/// use std::time::Duration;
/// use ebbmark::{BreakerState, CallbackOptions, Options, Store};
///
/// let callbacks = CallbackOptions { deadline: Some(Duration::from_secs(10)), ..CallbackOptions::default() };
/// let store = Store::in_memory(Options { callbacks, ..Options::default() })?;
/// assert_eq!(store.callbacks().embedder.state, BreakerState::Closed);
/// # Ok::<(), ebbmark::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallbackOptions {
    /// Failures in a row after which a callback is not called for a while, at least 1; 5 unless said otherwise.
    pub failures_to_open: u32,
    /// How long it is not called then, 1 ms to 366 days by the store's clock; 30 s unless said otherwise, about what a
    /// server of models takes to start again.
    pub open_for: Duration,
    /// How long one call may take, 1 ms to 366 days; unless it is set, for ever. If it is set, every call runs on a
    /// thread of its own, and one that takes longer is abandoned with its thread, which ends when the callback
    /// returns. An embedder is called for at most 256 texts at a time.
    pub deadline: Option<Duration>,
}

impl Default for CallbackOptions {
    fn default() -> Self {
        CallbackOptions { failures_to_open: 5, open_for: Duration::from_secs(30), deadline: None }
    }
}

impl CallbackOptions {
    fn check(&self) -> Result<()> {
        if self.failures_to_open == 0 {
            return Err(Error::draft(Code::RangeInvalid, "callbacks would never be called")
                .got("0 failures after which they are not called")
                .expected("at least 1")
                .remedy("correct Options::callbacks"));
        }
        check_span("the time for which a failing callback is not called", self.open_for)?;
        self.deadline.map_or(Ok(()), |deadline| check_span("the deadline of a callback", deadline))
    }
}

/// A callback that is suspended when it fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callback {
    Embedder,
    Extractor,
    Reranker,
}

impl Callback {
    fn name(self) -> &'static str {
        match self {
            Callback::Embedder => "the embedder",
            Callback::Extractor => "the extractor",
            Callback::Reranker => "the reranker",
        }
    }
}

/// The host's callbacks.
pub(crate) struct Host {
    embedder: Option<Arc<dyn Embedder>>,
    pub(crate) extraction: Extraction,
    guard: Option<Arc<dyn Guard>>,
    reranker: Option<Arc<dyn Reranker>>,
    clock: Arc<dyn Clock>,
    deadline: Option<Duration>,
    embedding: Mutex<Breaker>,
    extracting: Mutex<Breaker>,
    reranking: Mutex<Breaker>,
}

impl Host {
    pub(crate) fn new(
        embedder: Option<Arc<dyn Embedder>>,
        extraction: Extraction,
        guard: Option<Arc<dyn Guard>>,
        reranker: Option<Arc<dyn Reranker>>,
        clock: Arc<dyn Clock>,
        options: CallbackOptions,
    ) -> Result<Self> {
        options.check()?;
        let breaker = || Mutex::new(Breaker::new(options.failures_to_open, options.open_for));
        let (embedding, extracting, reranking) = (breaker(), breaker(), breaker());
        let deadline = options.deadline;
        Ok(Host { embedder, extraction, guard, reranker, clock, deadline, embedding, extracting, reranking })
    }

    /// The embedder's space, checked.
    pub(crate) fn space(&self) -> Result<Option<VectorSpace>> {
        let Some(embedder) = &self.embedder else { return Ok(None) };
        let space = caught(Callback::Embedder.name(), || Ok(embedder.space()))?;
        check_name("a vector space", &space.name)?;
        if (1..=DIMENSIONS_MAX).contains(&(space.dimensions as usize)) {
            return Ok(Some(space));
        }
        Err(Error::draft(
            Code::VectorDimensions,
            "the embedder's space has an impossible number of dimensions",
        )
        .got(space.dimensions)
        .expected(format!("1 to {DIMENSIONS_MAX}"))
        .remedy("correct the embedder"))
    }

    /// The vectors of texts, of unit length, one a text; none without an embedder.
    ///
    /// # Errors
    /// `embedder.failed` with the host's own error as its source, `embedder.reply`, `callback.*`.
    pub(super) fn embed(&self, texts: &[&str], dimensions: usize) -> Result<Vec<Vec<f32>>> {
        let Some(embedder) = &self.embedder else { return Ok(Vec::new()) };
        let name = Callback::Embedder.name();
        self.call(Callback::Embedder, || {
            let Some(deadline) = self.deadline else {
                return caught(name, || embedded(embedder.as_ref(), texts, dimensions));
            };
            let embedder = Arc::clone(embedder);
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            within(deadline, name, move || {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                embedded(embedder.as_ref(), &texts, dimensions)
            })
        })
    }

    /// The extractor that the host gave, if it is to be asked.
    pub(crate) fn extractor(&self) -> Option<&Arc<dyn Extractor>> {
        match &self.extraction {
            Extraction::Off | Extraction::BuiltIn => None,
            Extraction::Host(extractor) | Extraction::Both(extractor) => Some(extractor),
        }
    }

    /// Messages that the host's extractor is asked about at once; all of them without one.
    pub(crate) fn messages_per_call(&self) -> Result<usize> {
        let Some(extractor) = self.extractor() else { return Ok(usize::MAX) };
        caught(Callback::Extractor.name(), || Ok(extractor.messages_per_call().max(1)))
    }

    /// What the host's extractor draws from each of some messages; nothing without one.
    ///
    /// # Errors
    /// `extractor.failed` with the host's own error as its source, `extractor.reply`, `callback.*`.
    pub(crate) fn extract(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<NewFact>>> {
        let Some(extractor) = self.extractor().filter(|_| !messages.is_empty()) else {
            return Ok(vec![Vec::new(); messages.len()]);
        };
        let name = Callback::Extractor.name();
        self.call(Callback::Extractor, || {
            let Some(deadline) = self.deadline else {
                return caught(name, || extracted(extractor.as_ref(), messages));
            };
            let extractor = Arc::clone(extractor);
            let owned: Vec<OwnedMessage> = messages.iter().map(OwnedMessage::new).collect();
            within(deadline, name, move || {
                let messages: Vec<Message<'_>> = owned.iter().map(OwnedMessage::lent).collect();
                extracted(extractor.as_ref(), &messages)
            })
        })
    }

    /// What the guard says of an episode; without one, that it may be remembered.
    ///
    /// # Errors
    /// `callback.panicked`.
    pub(crate) fn admit(&self, episode: &NewEpisode) -> Result<Admission> {
        let Some(guard) = &self.guard else { return Ok(Admission::Allow) };
        caught("the guard", || Ok(guard.admit(episode)))
    }

    /// Whether there is a guard.
    pub(crate) fn is_guarded(&self) -> bool {
        self.guard.is_some()
    }

    /// Whether there is a reranker.
    pub(crate) fn has_reranker(&self) -> bool {
        self.reranker.is_some()
    }

    /// How well each text answers a question, as the reranker says; nothing without one.
    ///
    /// # Errors
    /// `reranker.failed` with the host's own error as its source, `reranker.reply`, `callback.*`.
    pub(crate) fn rerank(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>> {
        let Some(reranker) = &self.reranker else { return Ok(Vec::new()) };
        let name = Callback::Reranker.name();
        self.call(Callback::Reranker, || {
            let Some(deadline) = self.deadline else {
                return caught(name, || reranked(reranker.as_ref(), question, texts));
            };
            let (reranker, question) = (Arc::clone(reranker), question.to_owned());
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            within(deadline, name, move || {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                reranked(reranker.as_ref(), &question, &texts)
            })
        })
    }

    /// Until when a callback is not called, if it is not.
    pub(crate) fn suspended(&self, callback: Callback) -> Option<Timestamp> {
        self.breaker(callback).until(self.clock.now())
    }

    pub(crate) fn figures(&self) -> CallbackFigures {
        let now = self.clock.now();
        let figures = |callback| self.breaker(callback).figures(now);
        CallbackFigures {
            embedder: figures(Callback::Embedder),
            extractor: figures(Callback::Extractor),
            reranker: figures(Callback::Reranker),
        }
    }

    /// Calls a callback, unless it is suspended, and notes what became of it.
    fn call<T>(&self, callback: Callback, run: impl FnOnce() -> Result<T>) -> Result<T> {
        let asked = self.breaker(callback).ask(self.clock.now());
        asked.map_err(|until| suspended(callback.name(), until))?;
        let result = run();
        self.breaker(callback).tell(result.is_ok(), self.clock.now());
        result
    }

    fn breaker(&self, callback: Callback) -> MutexGuard<'_, Breaker> {
        let breaker = match callback {
            Callback::Embedder => &self.embedding,
            Callback::Extractor => &self.extracting,
            Callback::Reranker => &self.reranking,
        };
        breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs host code, and turns a panic into an error.
pub(super) fn caught<T>(name: &str, run: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| {
        let said = match payload.downcast::<String>() {
            Ok(said) => *said,
            Err(payload) => match payload.downcast::<&str>() {
                Ok(said) => (*said).to_owned(),
                Err(payload) => {
                    // It may be anything, and panic when it is dropped.
                    std::mem::forget(payload);
                    "something that is no text".to_owned()
                }
            },
        };
        Err(Error::draft(Code::CallbackPanicked, format!("{name} panicked"))
            .got("a panic")
            .expected("a reply or an error")
            .source(said)
            .remedy("correct the callback; see the source of this error"))
    })
}

/// Runs host code on a thread of its own, and leaves it there if it takes too long.
fn within<T: Send + 'static>(
    deadline: Duration,
    name: &'static str,
    run: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = sync_channel(1);
    // Nobody listens any more when it is too late.
    let work = move || drop(sender.send(caught(name, run)));
    std::thread::Builder::new().name("ebbmark callback".to_owned()).spawn(work).map_err(|source| {
        Error::draft(Code::CallbackDeadline, format!("{name} could not be called on a thread of its own"))
            .got("no thread")
            .expected("one more thread")
            .source(source)
            .remedy("free some threads, or set no deadline")
    })?;
    receiver.recv_timeout(deadline).unwrap_or_else(|missed| {
        let got = match missed {
            RecvTimeoutError::Timeout => "no reply",
            RecvTimeoutError::Disconnected => "a thread that ended without one",
        };
        Err(Error::draft(Code::CallbackDeadline, format!("{name} did not reply in time"))
            .got(got)
            .expected(format!("a reply within {deadline:?}"))
            .remedy("give it more time in Options::callbacks, or find out why it hangs"))
    })
}

fn suspended(name: &str, until: Timestamp) -> Error {
    Error::draft(Code::CallbackSuspended, format!("{name} failed too often in a row and is not called"))
        .got(format!("a call before {until}"))
        .expected("a call from then on")
        .remedy("nothing is lost: run process_pending then")
}

/// Calls the embedder and checks its reply.
fn embedded(embedder: &dyn Embedder, texts: &[&str], dimensions: usize) -> Result<Vec<Vec<f32>>> {
    let reply = embedder.embed(texts).map_err(|source| {
        Error::draft(Code::EmbedderFailed, "the embedder failed")
            .got("an error instead of vectors")
            .expected("a vector for each text")
            .source(source)
            .remedy("the records are kept and found by their words; run process_pending later")
    })?;
    if reply.len() != texts.len() {
        return Err(bad_reply(format!("{} vectors", reply.len()), format!("{} vectors", texts.len())));
    }
    let checked = |vector: Vec<f32>| {
        if vector.len() != dimensions {
            let expected = format!("{dimensions} dimensions, as its space says");
            return Err(bad_reply(format!("{} dimensions", vector.len()), expected));
        }
        normalised(&vector).map_err(|error| bad_reply(error, "a usable vector".to_owned()))
    };
    reply.into_iter().map(checked).collect()
}

fn bad_reply(got: impl std::fmt::Display, expected: String) -> Error {
    Error::draft(Code::EmbedderReply, "the embedder's reply cannot be used")
        .got(got)
        .expected(expected)
        .remedy("correct the embedder, then run process_pending")
}

/// A message that another thread can hold.
struct OwnedMessage {
    text: String,
    speaker: String,
    role: Role,
    said_at: Timestamp,
    previous: Option<String>,
}

impl OwnedMessage {
    fn new(message: &Message<'_>) -> Self {
        let &Message { text, speaker, role, said_at, previous } = message;
        let (text, speaker) = (text.to_owned(), speaker.to_owned());
        OwnedMessage { text, speaker, role, said_at, previous: previous.map(str::to_owned) }
    }

    fn lent(&self) -> Message<'_> {
        let OwnedMessage { text, speaker, role, said_at, previous } = self;
        Message { text, speaker, role: *role, said_at: *said_at, previous: previous.as_deref() }
    }
}

/// Calls the extractor and checks its reply.
fn extracted(extractor: &dyn Extractor, messages: &[Message<'_>]) -> Result<Vec<Vec<NewFact>>> {
    let reply = extractor.extract_all(messages).map_err(|source| {
        Error::draft(Code::ExtractorFailed, "the host's extractor failed")
            .got("an error instead of claims")
            .expected("a list of claims for each message")
            .source(source)
            .remedy("the episodes are kept; run process_pending later")
    })?;
    if reply.len() == messages.len() {
        return Ok(reply);
    }
    Err(Error::draft(Code::ExtractorReply, "the extractor's reply cannot be used")
        .got(format!("lists of claims for {} messages", reply.len()))
        .expected(format!("{} lists, some perhaps empty", messages.len()))
        .remedy("correct the extractor; the episodes are kept, run process_pending then"))
}

/// Calls the reranker and checks its reply.
fn reranked(reranker: &dyn Reranker, question: &str, texts: &[&str]) -> Result<Vec<f32>> {
    let scores = reranker.rerank(question, texts).map_err(|source| {
        Error::draft(Code::RerankerFailed, "the reranker failed")
            .got("an error instead of scores")
            .expected("a score for each text")
            .source(source)
            .remedy("the hits keep the order that they had without it")
    })?;
    if scores.len() == texts.len() && scores.iter().all(|score| score.is_finite()) {
        return Ok(scores);
    }
    Err(Error::draft(Code::RerankerReply, "the reranker's reply cannot be used")
        .got(format!("{} scores, some perhaps no numbers", scores.len()))
        .expected(format!("{} finite numbers", texts.len()))
        .remedy("correct the reranker"))
}
