//! The promise: a failing embedder never costs a record. It is stored, found by its words, marked as waiting, and
//! gets its vector later; and vectors of two spaces are never mixed.
//!
//! It could be broken by an `add` that fails with the embedder, by a made-up vector, by a reply that is believed
//! though it is of the wrong shape, or by a lock held while the host's code runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::error::Error as StdError;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use ebbmark::{
    ChangeKind, Code, Embedder, EpisodeUpdate, ErrorKind, ManualClock, NewEpisode, NewFact, Options,
    PendingReport, Query, Store, Tenant, Timestamp, VectorSpace,
};

/// Letters as a vector; it fails, or replies wrongly, as it is told.
#[derive(Default)]
struct Letters {
    mood: AtomicUsize,
    /// A store that it calls back into while it embeds.
    calls_back: OnceLock<Tenant>,
}

const WELL: usize = 0;
const FAILS: usize = 1;
const TOO_FEW: usize = 2;
const TOO_SHORT: usize = 3;
const NOT_A_NUMBER: usize = 4;

impl Embedder for Letters {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "letters".to_owned(), dimensions: 26 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        if let Some(tenant) = self.calls_back.get() {
            tenant.stats()?;
        }
        let letters = |text: &&str| -> Vec<f32> {
            (b'a'..=b'z')
                .map(|letter| 0.01 + text.bytes().filter(|byte| *byte == letter).count() as f32)
                .collect()
        };
        let mut vectors: Vec<Vec<f32>> = texts.iter().map(letters).collect();
        match self.mood.load(Ordering::SeqCst) {
            FAILS => return Err("the model is away".into()),
            TOO_FEW => drop(vectors.pop()),
            TOO_SHORT => vectors[0].truncate(3),
            NOT_A_NUMBER => vectors[0][0] = f32::NAN,
            _ => {}
        }
        Ok(vectors)
    }
}

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open_at(embedder: &Arc<Letters>, clock: Arc<ManualClock>) -> Tenant {
    let options = Options { embedder: Some(embedder.clone()), clock, ..Options::default() };
    Store::in_memory(options).unwrap().tenant("acme").unwrap()
}

fn open(embedder: &Arc<Letters>) -> Tenant {
    open_at(embedder, Arc::new(ManualClock::at(START)))
}

#[test]
fn texts_get_their_vectors() {
    let tenant = open(&Arc::new(Letters::default()));
    let receipt = tenant.add(vec![NewEpisode::user("zzz zebra"), NewEpisode::user("aaa banana")]).unwrap();
    assert_eq!((receipt.pending, receipt.embedder_error), (0, None));
    tenant.assert_fact(NewFact::new("Mara", "likes", "jazz")).unwrap();
    let stats = tenant.stats().unwrap();
    assert_eq!((stats.vectors, stats.pending, stats.space.unwrap().name.as_str()), (3, 0, "letters"));
    let hits = tenant.search("zz").unwrap();
    assert_eq!(hits[0].record.id(), receipt.ids[0], "by its vector alone, for no word is the same");
    assert!(hits[0].parts.bm25 == 0.0 && hits[0].parts.cosine.unwrap() > 0.5);
}

#[test]
fn a_failing_embedder_leaves_records_pending_and_found_by_their_words() {
    for (mood, code) in [
        (FAILS, Code::EmbedderFailed),
        (TOO_FEW, Code::EmbedderReply),
        (TOO_SHORT, Code::EmbedderReply),
        (NOT_A_NUMBER, Code::EmbedderReply),
    ] {
        let embedder = Arc::new(Letters::default());
        let clock = Arc::new(ManualClock::at(START));
        let tenant = open_at(&embedder, clock.clone());
        embedder.mood.store(mood, Ordering::SeqCst);
        let receipt = tenant.add(vec![NewEpisode::user("a zebra"), NewEpisode::user("a yak")]).unwrap();
        let error = receipt.embedder_error.unwrap();
        assert_eq!((error.code(), error.kind(), receipt.pending), (code, ErrorKind::Host, 2));
        if mood == FAILS {
            assert_eq!(StdError::source(&error).unwrap().to_string(), "the model is away");
        }
        let fact = tenant.assert_fact(NewFact::new("Mara", "likes", "zebras")).unwrap();
        assert_eq!(tenant.stats().unwrap().pending, 3);
        assert_eq!(tenant.search("yak").unwrap()[0].record.id(), receipt.ids[1]);
        let report = tenant.process_pending(10).unwrap();
        assert_eq!((report.done, report.failed, report.left), (0, 3, 3));
        assert_eq!(report.error.unwrap().code(), code);
        assert_eq!(tenant.stats().unwrap().pending, 3, "nothing was made up");

        embedder.mood.store(WELL, Ordering::SeqCst);
        clock.set(START.plus_seconds(1));
        let told = |done, left| PendingReport { done, left, ..PendingReport::default() };
        assert_eq!(tenant.process_pending(2).unwrap(), told(2, 1));
        assert_eq!(tenant.process_pending(2).unwrap(), told(1, 0));
        assert_eq!(tenant.process_pending(2).unwrap(), PendingReport::default());
        let stats = tenant.stats().unwrap();
        assert_eq!((stats.vectors, stats.pending), (3, 0));
        assert!(tenant.search("zzz").unwrap().iter().any(|hit| hit.record.id() == receipt.ids[0]));
        assert_eq!(tenant.get(fact.id).unwrap().version(), 1, "a vector is no new version");
        let embedded =
            tenant.changes(0, 100).unwrap().into_iter().filter(|change| change.kind == ChangeKind::Embedded);
        assert_eq!(embedded.count(), 3);
    }
}

#[test]
fn an_update_while_the_embedder_is_away_waits_too() {
    let embedder = Arc::new(Letters::default());
    let tenant = open(&embedder);
    let id = tenant.add("a zebra").unwrap().ids[0];
    embedder.mood.store(FAILS, Ordering::SeqCst);
    tenant.update(id, EpisodeUpdate::text("a yak")).unwrap();
    let stats = tenant.stats().unwrap();
    assert_eq!((stats.vectors, stats.pending, stats.episodes), (0, 1, 1));
    embedder.mood.store(WELL, Ordering::SeqCst);
    tenant.process_pending(1).unwrap();
    assert_eq!(tenant.search("y").unwrap()[0].record.text(), "a yak");
}

#[test]
fn a_vector_of_the_host_fits_the_embedder() {
    let tenant = open(&Arc::new(Letters::default()));
    for odd in [vec![1.0; 3], vec![1.0; 27]] {
        let batch = vec![NewEpisode::user("a zebra"), NewEpisode::user("a yak").vector(odd.clone())];
        assert_eq!(tenant.add(batch).unwrap_err().code(), Code::VectorDimensions);
        let alone = NewEpisode::user("a yak").vector(odd.clone());
        assert_eq!(tenant.add(alone).unwrap_err().code(), Code::VectorDimensions);
        let fact = NewFact::new("Mara", "likes", "yaks").vector(odd);
        assert_eq!(tenant.assert_fact(fact).unwrap_err().code(), Code::VectorDimensions);
    }
    tenant.add(vec![NewEpisode::user("a zebra"), NewEpisode::user("a yak").vector(vec![1.0; 26])]).unwrap();
    assert_eq!(tenant.stats().unwrap().vectors, 2);
}

#[test]
fn an_embedder_may_call_back() {
    let embedder = Arc::new(Letters::default());
    let tenant = open(&embedder);
    assert!(embedder.calls_back.set(tenant.clone()).is_ok());
    let id = tenant.add("a zebra").unwrap().ids[0];
    tenant.update(id, EpisodeUpdate::text("a yak")).unwrap();
    assert_eq!(tenant.search("yak").unwrap().len(), 1);
}

#[test]
fn two_spaces_are_never_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let reopen = |embedder: Option<Arc<dyn Embedder>>| {
        let options = Options { embedder, ..Options::default() };
        Store::open(Path::new(&path), options).unwrap().tenant("acme").unwrap()
    };
    reopen(None).add(NewEpisode::user("by hand").vector(vec![1.0; 26])).unwrap();
    let other = reopen(Some(Arc::new(Letters::default())));
    let error = other.add("a zebra").unwrap_err();
    assert_eq!(error.code(), Code::VectorSpace);
    assert!(error.to_string().contains("'letters'") && error.to_string().contains("'host'"), "{error}");
    let found = other.search(Query::text("by hand")).unwrap_err();
    assert_eq!(found.code(), Code::VectorSpace, "a query is of a space too");
    assert_eq!(other.stats().unwrap().episodes, 1);
}
