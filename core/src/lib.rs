//! Ebbmark is an embeddable memory library for AI agents: the SQLite of agent memory.
//!
//! It runs inside the program that uses it, keeps everything in one file, needs no server, no network and no
//! LLM, and answers in under a millisecond. It remembers what was said ([`Episode`]), what is written in
//! documents ([`Tenant::add_document`]) and what is believed ([`Atom`]), draws the last from the others by rule, settles
//! contradictions, can undo all of it, finds all of them by their words, by their vectors, and by what stands around them,
//! and lets fade what is not used ([`Tenant::maintain`]).
//!
//! ```
//! use ebbmark::{FactQuery, NewEpisode, NewFact, Options, Outcome, Query, Store};
//!
//! # fn main() -> Result<(), ebbmark::Error> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("memory.ebb");
//! let store = Store::open(&path, Options::default())?;
//! let acme = store.tenant("acme")?;
//!
//! // What is believed. `lives_in` has one value at a time, so that another claim takes the place of this one.
//! acme.assert_fact(NewFact::new("Mara", "lives_in", "Lisbon"))?;
//!
//! // What was said. One text, a list of messages, or thousands; durable when `add` returns, with what it says.
//! let said = acme.add(vec![
//!     NewEpisode::user("I moved to Porto.").speaker("Mara").session("monday"),
//!     NewEpisode::assistant("How do you like the river?").session("monday"),
//! ])?;
//! assert_eq!(said.facts[0].verdict.outcome, Outcome::Superseded);
//! assert_eq!(acme.facts(&FactQuery::about("Mara").predicate("lives_in"))?[0].object, "Porto");
//!
//! // What is found, and why.
//! let hits = acme.search(Query::text("Where did she move?").limit(3))?;
//! assert_eq!(hits[0].record.id(), said.ids[0]);
//! println!("{:.2}: {}", hits[0].score, hits[0].why());
//!
//! // Versions are kept, deletion is complete and takes what it supported along, and any judgement can be undone.
//! acme.delete(said.ids[0])?;
//! assert_eq!(acme.facts(&FactQuery::about("Mara").predicate("lives_in"))?[0].object, "Lisbon");
//!
//! // Another tenant sees nothing of it.
//! assert!(store.tenant("globex")?.search("Porto")?.is_empty());
//!
//! store.close();
//! # Ok(())
//! # }
//! ```
//!
//! # What it promises
//!
//! - When a call that writes returns `Ok`, the write survives `kill -9` and power loss.
//! - After a crash the store opens with every acknowledged write and nothing half-written. (A batch of more
//!   than 64 episodes is several commits, and so may a large document be; each is whole or absent.)
//! - Damaged bytes are reported, never returned. No input, file or query makes the library panic. (One hole is
//!   known: closing a writable file whose free lists were damaged from outside can end the process.)
//! - A tenant cannot observe another's data, existence, counts or scores.
//! - The order in which dated claims arrive does not decide what is believed; what is undone was not done; what
//!   little-trusted sources say takes the place of nothing that trusted ones said.
//! - A document that is added again changes only the passages that changed, however it is cut off: the call repeated
//!   completes it.
//! - A deleted record is gone from `get`, `list`, `search` and `history` in the same commit.
//! - What is believed or pinned never dissolves; what is not, and is not used, does; in however many slices maintenance
//!   is done, the same comes of it. A quota is never exceeded, and what would exceed it leaves nothing behind.
//! - The same operations with the same clock and id seed give the same state and the same ranking.
//!
//! # What it is not
//!
//! - Not a server, and not for several writing processes at once: one process has the file open for writing.
//! - Not a chat model: it does not write summaries or call an LLM. Vectors come from the built-in
//!   [`StaticEmbedder`], from the host's [`Embedder`], or beside each text; without them, search goes by words and
//!   conversation.
//! - Not encrypted, and not a secure eraser: freed bytes stay in the file until they are reused.
//!
//! # Limits
//!
//! A text has at most 1 MiB, a document 16 MiB, a vector 8192 dimensions, a batch 100,000 episodes, a search 1,000 hits, and a
//! tenant 67 million record versions over its life. All limits are in [`limits`].
//!
//! # Threads
//!
//! [`Store`] and [`Tenant`] are cheap to clone and may be used by many threads. Calls block the calling thread. The
//! library starts no threads but one that writes told uses down within a second and then ends, and those that the host
//! asks for: [`Store::start_maintenance`], [`CallbackOptions::deadline`]. A process that forks must open the store after
//! the fork.

mod dynamics;
mod error;
mod index;
mod ingest;
mod language;
pub mod limits;
mod maintenance;
mod model;
mod observe;
mod retrieval;
mod storage;
mod store;
mod tenancy;
mod truth;

pub use dynamics::{Fsrs, FsrsState, Permit};
pub use error::{Code, Error, ErrorKind, QuotaExceeded, Result};
pub use ingest::{
    Assertion, DocumentReceipt, Effect, EpisodeUpdate, FactReceipt, Receipt, Resolution, SecretGuard,
    SecretPolicy,
};
pub use language::{BuiltInExtractor, StaticEmbedder};
pub use maintenance::{
    Budget, Lease, MaintenanceReport, PendingReport, PendingWork, ReembedReport, RetentionReport,
};
pub use model::{
    Admission, ArchiveRule, Atom, Batch, Cardinality, Claim, Clash, Clock, Conflict, ConflictStatus, Curve,
    Embedder, Episode, Extraction, Extractor, Grade, Grounds, Guard, HOST_SPACE, HistoricalReason, Hit, Id,
    Kind, Language, ManualClock, Memory, Message, Metadata, NewDocument, NewEpisode, NewFact, Passage,
    Period, Predicate, Progress, Provenance, Quotas, RateLimit, Record, RecordSort, Reranker,
    RetentionPolicy, Revision, RevisionKind, Role, Scope, ScoreParts, Split, Standing, Summarizer,
    SystemClock, TenantConfig, Timestamp, TokenCounter, Trust, Value, VectorSpace,
};
pub use observe::{
    AuditEntry, BreakerFigures, BreakerState, CacheFigures, CallCount, CallbackFigures, Cause, Change,
    ChangeKind, Durations, Event, Health, HealthReason, HealthState, Metrics, MetricsOptions, Stats,
    Subscription, TenantFigures, Usage, UsageReport, WorkingSetFigures,
};
pub use retrieval::{
    Absence, AuditCursor, AuditPage, AuditQuery, Citation, Comparison, Condition, Connection, Context,
    ContextQuery, Crossing, Cursor, DecayGroup, DecayReport, Explanation, Facet, FacetCounts, FactQuery,
    Fading, Field, Filter, Neighbor, Order, Page, Path, PathQuery, Profile, Query, SearchCursor,
    SearchExplanation, SearchPage, StandingKind, Step, TimelineCursor, TimelinePage, View, Weights,
};
pub use store::{Maintainer, Options, Store};
pub use tenancy::{Access, CallbackOptions, Tenant};
pub use truth::{Outcome, Reason};
