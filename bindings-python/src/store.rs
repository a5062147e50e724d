//! The store: opening, tenants, upkeep, figures.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ebbmark as core;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::callbacks::{
    CountFunction, Embedder, ExtractFunction, Extractor, GuardFunction, RerankFunction, Reranker,
    SummarizeFunction, Summarizer, TokenCounter, guard as guarding,
};
use crate::clock::ManualClock;
use crate::errors::{invalid, raised, wrong_type};
use crate::listening::{away, end};
use crate::names::{ExtractionName, named};
use crate::records::settings::CallbackOptions;
use crate::records::talk::scope;
use crate::tenant::{Tenant, finished};
use crate::translate::{Given, Told, given, given_or, plain};

/// The path of a store that is kept in memory.
const IN_MEMORY: &str = ":memory:";

/// The stores that are open: closed when the interpreter ends, while their callbacks can still be called.
static OPEN: Mutex<Vec<Weak<Opened>>> = Mutex::new(Vec::new());

struct Opened(core::Store);

/// Closes the stores that are still open. Called when the interpreter ends.
#[pyfunction]
pub(crate) fn _close_all(py: Python<'_>) {
    let open = std::mem::take(&mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner));
    end(py, || open.iter().filter_map(Weak::upgrade).for_each(|store| store.0.close()));
}

/// A store: one file, many tenants. Many threads may use it at once; one process has it open for writing.
///
/// Args:
///     path: The file, made if it is not there; ":memory:" keeps everything in memory.
///     create: Whether the file may be made.
///     read_only: Opens the file for reading; several processes may.
///     cache_bytes: Bytes of the file that are held in memory; 64 MiB unless given.
///     working_set_bytes: Bytes of indexes that are held in memory, over all tenants; 512 MiB unless given.
///     embedder: "built-in", None for no vectors but those that are passed in, or a function of a list of texts that
///         gives a list of vectors, or a matrix with a row for each text.
///     dimensions: Components of the vectors of such a function; it is called once to count them unless given.
///     space: The name of its vector space, by which vectors of another model are told apart; its qualified name
///         unless given.
///     extraction: Who draws claims from what is said: "off", "built-in", "host" or "both"; "host" where an extractor
///         is given, else "built-in".
///     extractor: A function of a list of `Message` that gives a list of `NewFact` for each.
///     guard: A function of a `NewEpisode` that gives an `Admission`, or a str that takes the place of the text, or None
///         to let it in. If it raises, nothing is let in.
///     reranker: A function of a question and a list of texts that gives a score for each.
///     token_counter: A function of a text that gives its number of tokens.
///     summarizer: A function of a list of texts and a number of tokens that gives a text.
///     callbacks: What is done about those of these functions that fail.
///     embedding_cache_bytes: Bytes of vectors that are remembered by their text; 8 MiB unless given.
///     query_cache_bytes: Bytes of answers that are remembered by their question; 8 MiB unless given.
///     clock: A `ManualClock`; the system's clock unless given.
///     id_seed: Makes ids repeatable: the same seed, clock and calls give the same ids.
///
/// The file is released by `close`, by the end of a `with`, or when the store and all its tenants are let go. A store that
/// calls a method of the object that holds it keeps that alive, and itself: close it.
///
/// Raises:
///     LockedError: Another process has the file open.
///     UnsupportedError: The file is no store, or one of a newer version.
///     CorruptError: The file is damaged.
///     StorageError: The file cannot be read, written or made.
///     InvalidInputError: An option is out of its range.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Store {
    opened: Arc<Opened>,
    path: String,
}

impl Store {
    fn core(&self) -> &core::Store {
        &self.opened.0
    }
}

fn spoken_name(function: &Bound<'_, PyAny>) -> String {
    let named = |object: &Bound<'_, PyAny>| {
        let module: String = object.getattr("__module__")?.extract()?;
        let name: String = object.getattr("__qualname__")?.extract()?;
        PyResult::Ok(format!("{module}.{name}"))
    };
    named(function).or_else(|_| named(function.get_type().as_any())).unwrap_or_else(|_| "host".to_owned())
}

fn embedder(
    py: Python<'_>,
    given: MaybeBuiltIn,
    dimensions: Option<u32>,
    space: Option<String>,
) -> PyResult<Option<Arc<dyn core::Embedder>>> {
    let given = match given {
        MaybeBuiltIn::BuiltIn => return Ok(core::Options::default().embedder),
        MaybeBuiltIn::Given(given) => given.into_bound(py),
    };
    if given.is_none() {
        return Ok(None);
    }
    if !given.is_callable() {
        return Err(wrong_type(&given, "\"built-in\", None, or a function of a list of texts"));
    }
    let name = space.unwrap_or_else(|| spoken_name(&given));
    Ok(Some(Arc::new(Embedder::new(py, given.unbind(), name, dimensions)?)))
}

fn extraction(
    py: Python<'_>,
    name: Option<&str>,
    extractor: Option<ExtractFunction>,
) -> PyResult<core::Extraction> {
    let name = name.unwrap_or(if extractor.is_some() { "host" } else { "built-in" });
    let extractor = extractor.map(|function| Arc::new(Extractor(function.0)));
    match (named(py, name)?, extractor) {
        (ExtractionName::Off, None) => Ok(core::Extraction::Off),
        (ExtractionName::BuiltIn, None) => Ok(core::Extraction::BuiltIn),
        (ExtractionName::Host, Some(extractor)) => Ok(core::Extraction::Host(extractor)),
        (ExtractionName::Both, Some(extractor)) => Ok(core::Extraction::Both(extractor)),
        (ExtractionName::Host | ExtractionName::Both, None) => {
            Err(invalid("there is no extractor", "None", "a function", "pass extractor=..."))
        }
        (_, Some(_)) => Err(invalid(
            "an extractor would not be asked",
            &format!("extraction={name:?}"),
            "\"host\" or \"both\"",
            "leave extraction out, or the extractor",
        )),
    }
}

/// The budget of maintenance.
pub(crate) fn budget(records: usize, time: Option<Given<Duration>>) -> core::Budget {
    core::Budget { records, time: given_or(time, || core::Budget::default().time) }
}

/// What makes vectors: a function, or the built-in embedder, or nothing.
enum MaybeBuiltIn {
    BuiltIn,
    Given(Py<PyAny>),
}

impl FromPyObject<'_, '_> for MaybeBuiltIn {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let is_name =
            given.cast::<PyString>().is_ok_and(|name| name.to_cow().is_ok_and(|name| name == "built-in"));
        Ok(if is_name { MaybeBuiltIn::BuiltIn } else { MaybeBuiltIn::Given(given.to_owned().unbind()) })
    }
}

#[pymethods]
impl Store {
    #[new]
    #[pyo3(signature = (
        path: "StrPath", *, create: "bool" = true, read_only: "bool" = false, cache_bytes = None, working_set_bytes = None,
        embedder: "EmbedFunction | Literal['built-in'] | None" = MaybeBuiltIn::BuiltIn, dimensions = None, space = None,
        extraction: "Extraction | None" = None, extractor = None, guard = None, reranker = None, token_counter = None,
        summarizer = None, callbacks = None, embedding_cache_bytes = None, query_cache_bytes = None, clock = None,
        id_seed = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        #[pyo3(from_py_with = plain)] create: bool,
        #[pyo3(from_py_with = plain)] read_only: bool,
        cache_bytes: Option<Given<usize>>,
        working_set_bytes: Option<Given<u64>>,
        embedder: MaybeBuiltIn,
        dimensions: Option<Given<u32>>,
        space: Option<Given<String>>,
        extraction: Option<&str>,
        extractor: Option<Given<ExtractFunction>>,
        guard: Option<Given<GuardFunction>>,
        reranker: Option<Given<RerankFunction>>,
        token_counter: Option<Given<CountFunction>>,
        summarizer: Option<Given<SummarizeFunction>>,
        callbacks: Option<&Bound<'_, CallbackOptions>>,
        embedding_cache_bytes: Option<Given<u64>>,
        query_cache_bytes: Option<Given<u64>>,
        clock: Option<&Bound<'_, ManualClock>>,
        id_seed: Option<Given<u64>>,
    ) -> PyResult<Self> {
        let default = core::Options::default();
        let options = core::Options {
            create,
            cache_bytes: given_or(cache_bytes, || default.cache_bytes),
            working_set_bytes: given_or(working_set_bytes, || default.working_set_bytes),
            embedder: self::embedder(py, embedder, given(dimensions), given(space))?,
            extraction: self::extraction(py, extraction, given(extractor))?,
            guard: given(guard).map(guarding),
            reranker: given(reranker).map(|function| Arc::new(Reranker(function.0)) as _),
            token_counter: given(token_counter).map(|function| Arc::new(TokenCounter(function.0)) as _),
            summarizer: given(summarizer).map(|function| Arc::new(Summarizer(function.0)) as _),
            callbacks: callbacks.map_or(default.callbacks, |callbacks| callbacks.get().0),
            embedding_cache_bytes: given_or(embedding_cache_bytes, || default.embedding_cache_bytes),
            query_cache_bytes: given_or(query_cache_bytes, || default.query_cache_bytes),
            clock: clock.map_or(default.clock, |clock| clock.get().0.clone()),
            id_seed: given(id_seed),
        };
        let shown = path.display().to_string();
        if read_only && shown == IN_MEMORY {
            return Err(invalid(
                "a store in memory is empty",
                "read_only=True",
                "a file",
                "leave read_only out",
            ));
        }
        let opened = away(py, || {
            if shown == IN_MEMORY {
                core::Store::in_memory(options)
            } else if read_only {
                core::Store::open_read_only(&path, options)
            } else {
                core::Store::open(&path, options)
            }
        });
        let opened = Arc::new(Opened(finished(py, opened)?));
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|store| store.strong_count() > 0);
        open.push(Arc::downgrade(&opened));
        Ok(Store { opened, path: shown })
    }

    /// The path that it was opened with.
    #[getter]
    fn path(&self) -> &str {
        &self.path
    }

    /// Whether it was opened for reading only.
    #[getter]
    fn is_read_only(&self) -> bool {
        self.core().is_read_only()
    }

    /// A handle of a tenant, which need not exist yet.
    ///
    /// Args:
    ///     name: 1 to 256 bytes without control characters.
    ///     access: What the handle may do: "read_only", "read_write" (unless given; "read_only" in a store that was opened so),
    ///         or "admin", which also configures the tenant, defines predicates, and reads and prunes the audit.
    ///     actor: Who acts, for the history; "host" unless given.
    ///     user, agent, session: Labels of what is added through it; they narrow what is found through it.
    ///
    /// Raises:
    ///     InvalidInputError: A name is empty, too long, or has control characters.
    #[pyo3(signature = (name, *, access = None, actor = None, user = None, agent = None, session = None))]
    #[expect(clippy::too_many_arguments, reason = "one for each label")]
    fn tenant(
        &self,
        py: Python<'_>,
        name: Given<String>,
        access: Option<Given<core::Access>>,
        actor: Option<Given<String>>,
        user: Option<Given<String>>,
        agent: Option<Given<String>>,
        session: Option<Given<String>>,
    ) -> PyResult<Tenant> {
        let made = py.detach(|| {
            let tenant = match access {
                Some(access) => self.core().tenant_with_access(&name.0, access.0)?,
                None => self.core().tenant(&name.0)?,
            };
            let tenant = tenant.with_scope(scope(user, agent, session))?;
            actor.map_or(Ok(tenant.clone()), |actor| tenant.with_actor(&actor.0))
        });
        finished(py, made).map(Tenant::new)
    }

    /// The names of the tenants that hold something, in order.
    fn tenants(&self, py: Python<'_>) -> PyResult<Told<Vec<String>>> {
        finished(py, away(py, || self.core().tenants())).map(Told)
    }

    /// Erases a tenant with all that it holds. Gives whether it held anything. Handles of it are of no more use.
    ///
    /// Raises:
    ///     DeniedError: The store was opened for reading only.
    fn erase_tenant(&self, py: Python<'_>, name: Given<String>) -> PyResult<bool> {
        finished(py, away(py, || self.core().erase_tenant(&name.0)))
    }

    /// Whether all is well, and if not, what to do.
    fn health(&self, py: Python<'_>) -> Told<core::Health> {
        Told(py.detach(|| self.core().health()))
    }

    /// Counts of calls, durations, caches and callbacks since the store was opened; with `tenants`, figures of each tenant
    /// whose indexes are loaded.
    #[pyo3(signature = (*, tenants: "bool" = false))]
    fn metrics(&self, py: Python<'_>, #[pyo3(from_py_with = plain)] tenants: bool) -> Told<core::Metrics> {
        Told(py.detach(|| self.core().metrics(&core::MetricsOptions { tenants })))
    }

    /// How often callbacks were called and failed.
    fn callbacks(&self, py: Python<'_>) -> Told<core::CallbackFigures> {
        Told(py.detach(|| self.core().callbacks()))
    }

    /// How the cache of answers does.
    fn query_cache(&self, py: Python<'_>) -> Told<core::CacheFigures> {
        Told(py.detach(|| self.core().query_cache()))
    }

    /// How the cache of vectors does.
    fn embedding_cache(&self, py: Python<'_>) -> Told<core::CacheFigures> {
        Told(py.detach(|| self.core().embedding_cache()))
    }

    /// How the indexes in memory do.
    fn working_sets(&self, py: Python<'_>) -> Told<core::WorkingSetFigures> {
        Told(py.detach(|| self.core().working_sets()))
    }

    /// What each tenant holds.
    fn usage(&self, py: Python<'_>) -> PyResult<Told<core::UsageReport>> {
        finished(py, away(py, || self.core().usage())).map(Told)
    }

    /// Does what is due in all tenants; see `Tenant.maintain`.
    ///
    /// Args:
    ///     records: Records that are looked at, at most.
    ///     time: How long it may take, as a timedelta or in seconds; a second unless given.
    #[pyo3(signature = (*, records: "int" = 10_000, time = None))]
    fn maintain(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = plain)] records: usize,
        time: Option<Given<Duration>>,
    ) -> PyResult<Told<core::MaintenanceReport>> {
        let budget = budget(records, time);
        finished(py, away(py, || self.core().maintain(&budget))).map(Told)
    }

    /// Starts a thread that does what is due in all tenants, again and again. Keep what is returned: the thread ends when that
    /// is stopped or let go.
    ///
    /// Args:
    ///     every: How often, as a timedelta or in seconds; a second or more.
    ///     records, time: The budget of a round.
    #[pyo3(signature = (every, *, records: "int" = 10_000, time = None))]
    fn start_maintenance(
        &self,
        py: Python<'_>,
        every: Given<Duration>,
        #[pyo3(from_py_with = plain)] records: usize,
        time: Option<Given<Duration>>,
    ) -> PyResult<Maintainer> {
        let budget = budget(records, time);
        let started = away(py, || self.core().start_maintenance(every.0, budget));
        finished(py, started).map(Maintainer::new)
    }

    /// Closes the store, after the calls that are under way. Handles of its tenants are of no more use. Closing it again does
    /// nothing.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.core().close());
    }

    fn __enter__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    #[pyo3(signature = (*_exception: "object"))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.close(py);
    }

    fn __repr__(&self) -> String {
        format!("<Store {:?}>", self.path)
    }
}

/// A thread that maintains a store; it ends when it is stopped, at the end of a `with`, or when this is let go.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct Maintainer(Mutex<Rounds>);

/// How many rounds are done, and what came of the last one.
type Last = (u64, Option<core::Result<core::MaintenanceReport>>);

enum Rounds {
    Running(core::Maintainer),
    Ended(Last),
}

impl Rounds {
    fn last(&self) -> Last {
        match self {
            Rounds::Running(maintainer) => maintainer.last(),
            Rounds::Ended(last) => last.clone(),
        }
    }
}

impl Maintainer {
    fn new(maintainer: core::Maintainer) -> Self {
        Maintainer(Mutex::new(Rounds::Running(maintainer)))
    }

    /// Ends the thread. It may be waiting for the interpreter, to call a callback: it is waited for without.
    fn end(&self, py: Python<'_>) {
        let mut rounds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = rounds.last();
        let ended = std::mem::replace(&mut *rounds, Rounds::Ended(last));
        drop(rounds);
        py.detach(|| drop(ended));
    }
}

#[pymethods]
impl Maintainer {
    /// How many rounds are done, and the report of the last one, if it did not fail.
    ///
    /// Raises:
    ///     EbbmarkError: The last round failed.
    fn last(&self, py: Python<'_>) -> PyResult<Told<(u64, Option<core::MaintenanceReport>)>> {
        let (rounds, report) = self.0.lock().unwrap_or_else(PoisonError::into_inner).last();
        let report = report.transpose().map_err(|error| raised(py, &error))?;
        Ok(Told((rounds, report)))
    }

    /// Stops it, after the round that is under way. Stopping it again does nothing.
    fn stop(&self, py: Python<'_>) {
        self.end(py);
    }

    fn __enter__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this
    }

    #[pyo3(signature = (*_exception: "object"))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, pyo3::types::PyTuple>) {
        self.stop(py);
    }
}

impl Drop for Maintainer {
    fn drop(&mut self) {
        Python::attach(|py| self.end(py));
    }
}
