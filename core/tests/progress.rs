//! The promise: a long call tells how far it is, stops when it is told to, keeps what it had made durable, and goes on when it
//! is called again; and a host's extractor that reads many messages at once hears them as one that reads one.
//!
//! It could be broken by a loop that does not ask, by counting what was not done, by losing what was queued when the call
//! stopped, or by claims that come to stand beside another message.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ebbmark::{
    Access, Batch, Budget, Code, Embedder, Error, Extraction, Extractor, Filter, Message, NewDocument,
    NewEpisode, NewFact, Options, Progress, Query, Role, Store, Tenant, VectorSpace,
};

/// Counts, and stops after so many records, or at once while nothing is finished.
struct Until {
    records: usize,
    told: AtomicUsize,
}

impl Until {
    fn new(records: usize) -> Arc<Self> {
        Arc::new(Until { records, told: AtomicUsize::new(0) })
    }

    fn told(&self) -> usize {
        self.told.load(Ordering::SeqCst)
    }
}

impl Progress for Until {
    fn advance(&self, records: usize) -> bool {
        self.told.fetch_add(records, Ordering::SeqCst) + records < self.records
    }
}

fn open(options: Options) -> Tenant {
    Store::in_memory(options).unwrap().tenant_with_access("acme", Access::Admin).unwrap()
}

fn plain() -> Options {
    Options { embedder: None, extraction: Extraction::Off, ..Options::default() }
}

fn notes(count: usize) -> Batch {
    let notes = (0..count).map(|number| NewEpisode::user(format!("Note {number}")));
    Batch::new(notes.collect()).idempotency_key("notes")
}

#[test]
fn a_call_tells_every_record_once() {
    let tenant = open(plain());
    let until = Until::new(usize::MAX);
    let heard = tenant.clone().with_progress(until.clone());
    heard.add(notes(300)).unwrap();
    assert_eq!(until.told(), 300);
    let text: String = (0..40).map(|number| format!("## Part {number}\n\nIt says {number}.\n\n")).collect();
    let passages = heard.add_document(NewDocument::new("handbook", text)).unwrap().passages.len();
    assert_eq!(until.told(), 300 + passages);
}

#[test]
fn a_batch_that_is_stopped_is_completed_by_the_same_call() {
    let tenant = open(plain());
    let until = Until::new(100);
    let stopped = tenant.clone().with_progress(until.clone()).add(notes(1000)).unwrap_err();
    assert_eq!((stopped.code(), until.told()), (Code::CallStopped, 128));
    // What was told is there, and found.
    assert_eq!(tenant.stats().unwrap().episodes, 128);
    assert_eq!(tenant.list(&Filter::default(), None, 1000).unwrap().records.len(), 128);
    assert!(!tenant.search(Query::text("Note 127")).unwrap().is_empty());
    let receipt = tenant.add(notes(1000)).unwrap();
    assert_eq!((receipt.ids.len(), tenant.stats().unwrap().episodes), (1000, 1000));
}

#[test]
fn a_call_that_is_stopped_at_once_changes_nothing() {
    let tenant = open(Options::default());
    let told = || tenant.clone().with_progress(Until::new(0));
    let add = told().add("I live in Berlin.").unwrap_err();
    let document = told().add_document(NewDocument::new("handbook", "## A\n\nOne.")).unwrap_err();
    assert_eq!([add.code(), document.code()], [Code::CallStopped; 2]);
    assert_eq!(tenant.stats().unwrap().slots, 0);
}

#[test]
fn maintenance_that_is_stopped_goes_on_when_it_is_called_again() {
    let tenant = open(plain());
    let now = tenant.add("now").unwrap().ids[0];
    let now = tenant.get(now).unwrap().happened_at();
    let gone = |number| NewEpisode::user(format!("Gone {number}")).expires_at(now.plus_seconds(-1));
    tenant.add((0..2000).map(gone).collect::<Vec<_>>()).unwrap();
    let budget = Budget { records: 10_000, time: Duration::from_secs(60) };
    let until = Until::new(1);
    let stopped = tenant.clone().with_progress(until.clone()).maintain(&budget).unwrap_err();
    let left = tenant.usage().unwrap().episodes - 1;
    assert_eq!(stopped.code(), Code::CallStopped);
    assert!(left > 0 && left + until.told() as u64 == 2000, "{left} left, {} told", until.told());
    assert_eq!(tenant.maintain(&budget).unwrap().expired, left);
}

/// An embedder that counts its texts, and may be away.
struct Lengths {
    is_there: AtomicBool,
}

impl Embedder for Lengths {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "lengths".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        if !self.is_there.load(Ordering::SeqCst) {
            return Err("away".into());
        }
        Ok(texts.iter().map(|text| vec![text.len() as f32, 1.0]).collect())
    }
}

#[test]
fn what_was_pending_is_told() {
    let embedder = Arc::new(Lengths { is_there: AtomicBool::new(false) });
    let options =
        Options { embedder: Some(embedder.clone()), extraction: Extraction::Off, ..Options::default() };
    let tenant = open(options);
    tenant.add(notes(10)).unwrap();
    embedder.is_there.store(true, Ordering::SeqCst);
    let until = Until::new(usize::MAX);
    let heard = tenant.clone().with_progress(until.clone());
    let mut done = 0;
    while done < 10 {
        done += heard.process_pending(4).unwrap().done;
    }
    assert_eq!(until.told(), 10);
}

/// Draws from each message that it was said, and keeps how many it was asked about at once.
#[derive(Default)]
struct Hears {
    at_once: Mutex<Vec<usize>>,
    forgets_one: bool,
}

impl Extractor for Hears {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        if message.text.contains("poison") {
            return Err("unreadable".into());
        }
        Ok(vec![NewFact::new(message.speaker, "said", message.text)])
    }

    fn messages_per_call(&self) -> usize {
        16
    }

    fn extract_all(
        &self,
        messages: &[Message<'_>],
    ) -> Result<Vec<Vec<NewFact>>, Box<dyn StdError + Send + Sync>> {
        self.at_once.lock().unwrap().push(messages.len());
        let claims = messages.iter().map(|message| self.extract(message)).collect::<Result<Vec<_>, _>>()?;
        Ok(claims.into_iter().skip(usize::from(self.forgets_one)).collect())
    }
}

#[test]
fn messages_that_are_read_at_once_make_their_own_claims() {
    let hears = Arc::new(Hears::default());
    let tenant =
        open(Options { embedder: None, extraction: Extraction::Host(hears.clone()), ..Options::default() });
    let receipt = tenant.add(notes(40)).unwrap();
    assert_eq!(*hears.at_once.lock().unwrap(), [16, 16, 8]);
    assert_eq!(receipt.facts.len(), 40);
    for (number, fact) in receipt.facts.iter().enumerate() {
        assert_eq!((fact.episode, fact.fact.object.clone()), (receipt.ids[number], format!("Note {number}")));
    }
}

#[test]
fn what_cannot_be_read_waits_with_what_was_asked_with_it_and_with_nothing_else() {
    let hears = Arc::new(Hears::default());
    let tenant = open(Options { embedder: None, extraction: Extraction::Host(hears), ..Options::default() });
    let mut batch = notes(40);
    batch.episodes[20].text = "poison".to_owned();
    let receipt = tenant.add(batch).unwrap();
    assert_eq!((receipt.facts.len(), receipt.pending), (24, 16));
    assert_eq!(receipt.extractor_error.as_ref().map(Error::code), Some(Code::ExtractorFailed));
    // Asked again, each is read by itself.
    let report = tenant.process_pending(100).unwrap();
    assert_eq!((report.done, report.failed), (15, 1));
}

#[test]
fn a_reply_for_another_number_of_messages_is_none() {
    let hears = Arc::new(Hears { forgets_one: true, ..Hears::default() });
    let tenant = open(Options { embedder: None, extraction: Extraction::Host(hears), ..Options::default() });
    let receipt = tenant.add(notes(3)).unwrap();
    assert_eq!((receipt.facts.len(), receipt.pending), (0, 3));
    assert_eq!(receipt.extractor_error.as_ref().map(Error::code), Some(Code::ExtractorReply));
    assert_eq!(tenant.list(&Filter::default().role(Role::User), None, 10).unwrap().records.len(), 3);
}

#[test]
fn an_error_is_told_again_as_it_was() {
    let error = open(plain()).get(ebbmark::Id::from_u128(7)).unwrap_err();
    let told = Error::told(error.code(), &error.to_string(), error.remedy());
    assert_eq!((told.to_string(), told.remedy()), (error.to_string(), error.remedy()));
    let names: std::collections::BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
}
