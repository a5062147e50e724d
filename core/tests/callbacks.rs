//! The promise: whatever the host's callbacks do, the store stays whole and goes on. One that fails again and again is
//! left alone for a while and then tried with one call; a panic is an error; one that hangs is abandoned where a deadline
//! is set; no reply is believed that cannot be right; and no text is embedded twice while the cache has it.
//!
//! It could be broken by a breaker that never closes or never opens, by a panic that passes through the library, by
//! something written before the guard has decided, by a failure that is cached, or by a vector of another text.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ebbmark::{
    Admission, BreakerState, CacheFigures, CallbackOptions, Code, Embedder, EpisodeUpdate, ErrorKind,
    Extraction, Extractor, Guard, ManualClock, Message, NewEpisode, NewFact, Options, Query, Store, Tenant,
    Timestamp, VectorSpace,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Mood {
    #[default]
    Well,
    Fails,
    Panics,
    /// With something that panics again when it is dropped.
    PanicsBadly,
    Hangs,
    TooMany,
    Zero,
    Infinite,
    Spaceless,
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

/// All three callbacks, in one mood, that count their calls.
#[derive(Default)]
struct Host {
    mood: Mutex<Mood>,
    calls: AtomicUsize,
    texts: AtomicUsize,
}

impl Host {
    fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn called(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    fn act(&self) -> Result<Mood, Box<dyn StdError + Send + Sync>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Fails => Err("away".into()),
            Mood::Panics => panic!("out of memory"),
            Mood::PanicsBadly => std::panic::panic_any(Bomb),
            Mood::Hangs => {
                std::thread::sleep(Duration::from_secs(3));
                Ok(Mood::Well)
            }
            _ => Ok(mood),
        }
    }
}

impl Embedder for Host {
    fn space(&self) -> VectorSpace {
        assert!(*self.mood.lock().unwrap() != Mood::Spaceless, "no model");
        VectorSpace { name: "letters".to_owned(), dimensions: 26 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        self.texts.fetch_add(texts.len(), Ordering::SeqCst);
        let mood = self.act()?;
        let letters = |text: &&str| -> Vec<f32> {
            (b'a'..=b'z')
                .map(|letter| 0.01 + text.bytes().filter(|byte| *byte == letter).count() as f32)
                .collect()
        };
        let mut vectors: Vec<Vec<f32>> = texts.iter().map(letters).collect();
        match mood {
            Mood::TooMany => vectors.push(vec![1.0; 26]),
            Mood::Zero => vectors[0] = vec![0.0; 26],
            Mood::Infinite => vectors[0][3] = f32::INFINITY,
            _ => {}
        }
        Ok(vectors)
    }
}

impl Extractor for Host {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        self.act()?;
        Ok(vec![NewFact::new(message.speaker, "said", message.text)])
    }
}

impl Guard for Host {
    fn admit(&self, _: &NewEpisode) -> Admission {
        self.act().map_or(Admission::Allow, |_| Admission::Allow)
    }
}

fn open(options: Options) -> (Store, Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), ..options }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    (store, tenant, clock)
}

fn embedding(host: &Arc<Host>, callbacks: CallbackOptions) -> Options {
    Options { embedder: Some(host.clone()), extraction: Extraction::Off, callbacks, ..Options::default() }
}

fn extracting(host: &Arc<Host>, callbacks: CallbackOptions) -> Options {
    Options { extraction: Extraction::Host(host.clone()), callbacks, ..Options::default() }
}

#[test]
fn an_embedder_that_fails_is_left_alone_and_then_tried_once() {
    let host = Arc::new(Host::default());
    let (store, tenant, clock) = open(embedding(&host, CallbackOptions::default()));
    let known = tenant.add("a zebra").unwrap().ids[0];
    host.set(Mood::Fails);
    let before = host.called();
    for at in 0..5 {
        let receipt = tenant.add(format!("note {at}")).unwrap();
        assert_eq!((receipt.pending, receipt.embedder_error.unwrap().code()), (1, Code::EmbedderFailed));
    }
    assert_eq!(store.callbacks().embedder.state, BreakerState::Open);

    // While it is open nobody is called: records wait, and searches go by words, or by a vector that is known.
    let receipt = tenant.add("a yak").unwrap();
    let error = receipt.embedder_error.unwrap();
    assert_eq!((receipt.pending, error.code(), error.kind()), (1, Code::CallbackSuspended, ErrorKind::Host));
    assert!(error.to_string().contains(&START.plus_seconds(30).to_string()), "{error}");
    assert_eq!(tenant.search("yak").unwrap()[0].record.id(), receipt.ids[0]);
    let hits = tenant.search("a zebra").unwrap();
    assert!(hits[0].record.id() == known && hits[0].parts.cosine.unwrap() > 0.99, "{:?}", hits[0]);
    assert_eq!(host.called() - before, 5);
    let figures = store.callbacks().embedder;
    assert_eq!((figures.calls, figures.failures, figures.refused, figures.opened), (6, 5, 2, 1));

    // Then one is tried, and while it fails, only one.
    clock.set(START.plus_seconds(30));
    assert_eq!(store.callbacks().embedder.state, BreakerState::HalfOpen);
    assert_eq!(tenant.add("trial").unwrap().embedder_error.unwrap().code(), Code::EmbedderFailed);
    assert_eq!(tenant.add("after").unwrap().embedder_error.unwrap().code(), Code::CallbackSuspended);
    assert_eq!((host.called() - before, store.callbacks().embedder.opened), (6, 2));

    // A clock that was set back holds nothing up, and a success closes it.
    clock.set(START);
    host.set(Mood::Well);
    assert_eq!(tenant.add("well").unwrap().embedder_error, None);
    assert_eq!(store.callbacks().embedder.state, BreakerState::Closed);
    clock.set(START.plus_seconds(3600));
    let report = tenant.process_pending(100).unwrap();
    assert_eq!((report.done, report.left, tenant.stats().unwrap().vectors), (8, 0, 10));
}

#[test]
fn failures_of_a_search_and_of_an_extractor_count_too() {
    let host = Arc::new(Host::default());
    let callbacks = CallbackOptions { failures_to_open: 2, ..CallbackOptions::default() };
    let (store, tenant, _) = open(Options {
        embedder: Some(host.clone()),
        extraction: Extraction::Host(host.clone()),
        callbacks,
        ..Options::default()
    });
    host.set(Mood::Fails);
    tenant.search("one").unwrap();
    assert_eq!(store.callbacks().embedder.failures, 1);
    let receipt = tenant.add(vec![NewEpisode::user("a note"); 5]).unwrap();
    assert_eq!(receipt.extractor_error.unwrap().code(), Code::ExtractorFailed);
    let figures = store.callbacks();
    assert_eq!((figures.extractor.calls, figures.extractor.refused, figures.extractor.opened), (2, 3, 1));
    assert_eq!((figures.embedder.calls, figures.embedder.opened), (2, 1));
    host.set(Mood::Well);
    tenant.search(Query::by_vector(vec![1.0; 26])).unwrap();
    assert_eq!(store.callbacks().embedder.calls, 2, "a vector that is given is not asked for");
}

#[test]
fn a_panic_is_an_error_and_harms_nothing() {
    for mood in [Mood::Panics, Mood::PanicsBadly] {
        for deadline in [None, Some(Duration::from_secs(10))] {
            let callbacks = CallbackOptions { deadline, ..CallbackOptions::default() };
            let host = Arc::new(Host::default());
            host.set(mood);
            let (store, tenant, _) = open(embedding(&host, callbacks));
            let receipt = tenant.add("a zebra").unwrap();
            let error = receipt.embedder_error.unwrap();
            assert_eq!((error.code(), error.kind()), (Code::CallbackPanicked, ErrorKind::Host));
            assert!(!error.to_string().contains("memory"), "what the host said is told by the source alone");
            let source = StdError::source(&error).unwrap().to_string();
            assert_eq!(source == "out of memory", mood == Mood::Panics, "{source}");
            assert_eq!((receipt.pending, store.callbacks().embedder.failures), (1, 1));
            assert_eq!(tenant.search("zebra").unwrap().len(), 1);

            let (_, tenant, _) = open(extracting(&host, callbacks));
            let receipt = tenant.add("a zebra").unwrap();
            assert_eq!(receipt.extractor_error.unwrap().code(), Code::CallbackPanicked);
            assert_eq!((receipt.pending, tenant.stats().unwrap().episodes), (1, 1));
        }
    }
}

#[test]
fn a_guard_that_panics_lets_nothing_in() {
    let host = Arc::new(Host::default());
    let (_, tenant, _) = open(Options { guard: Some(host.clone()), ..Options::default() });
    let id = tenant.add("a zebra").unwrap().ids[0];
    host.set(Mood::Panics);
    let before = tenant.stats().unwrap();
    for outcome in [
        tenant.add(vec![NewEpisode::user("one"), NewEpisode::user("two")]).map(drop),
        tenant.update(id, EpisodeUpdate::text("a yak")).map(drop),
    ] {
        assert_eq!(outcome.unwrap_err().code(), Code::CallbackPanicked);
    }
    assert_eq!(tenant.stats().unwrap(), before);
    host.set(Mood::Well);
    tenant.add("three").unwrap();
}

#[test]
fn one_that_hangs_is_abandoned_where_a_deadline_is_set() {
    let host = Arc::new(Host::default());
    let deadline = Some(Duration::from_millis(50));
    let callbacks = CallbackOptions { failures_to_open: 2, deadline, ..CallbackOptions::default() };
    let (store, tenant, _) = open(embedding(&host, callbacks));
    assert_eq!(tenant.add("quick").unwrap().embedder_error, None);
    host.set(Mood::Hangs);
    let start = Instant::now();
    for _ in 0..2 {
        let receipt = tenant.add("a zebra").unwrap();
        assert_eq!((receipt.pending, receipt.embedder_error.unwrap().code()), (1, Code::CallbackDeadline));
    }
    assert_eq!(tenant.add("a yak").unwrap().embedder_error.unwrap().code(), Code::CallbackSuspended);
    assert_eq!((host.called(), store.callbacks().embedder.opened), (3, 1));

    let (_, tenant, _) = open(extracting(&host, callbacks));
    let receipt = tenant.add("a zebra").unwrap();
    assert_eq!((receipt.pending, receipt.extractor_error.unwrap().code()), (1, Code::CallbackDeadline));
    assert!(start.elapsed() < Duration::from_secs(2), "somebody waited for it");
}

#[test]
fn an_extractor_on_its_own_thread_hears_the_whole_message() {
    struct Hears;

    impl Extractor for Hears {
        fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
            let Message { text, speaker, role, said_at, previous } = message;
            let heard = format!("{text} / {speaker} / {role:?} / {said_at} / {previous:?}");
            Ok(vec![NewFact::new("Hears", "heard", heard)])
        }
    }

    let heard = |deadline| {
        let callbacks = CallbackOptions { deadline, ..CallbackOptions::default() };
        let extraction = Extraction::Host(Arc::new(Hears));
        let (_, tenant, _) = open(Options { extraction, callbacks, ..Options::default() });
        let said = |text: &str| NewEpisode::user(text).speaker("Mara").session("monday");
        tenant.add(said("I live in Porto.")).unwrap();
        tenant.add(said("No, in Lisbon.")).unwrap().facts[0].fact.object.clone()
    };
    let plain = heard(None);
    assert!(plain.contains("Mara / User") && plain.contains("Some(\"I live in Porto.\")"), "{plain}");
    assert_eq!(heard(Some(Duration::from_secs(10))), plain);
}

#[test]
fn garbage_is_not_believed_and_counts_as_a_failure() {
    for mood in [Mood::TooMany, Mood::Zero, Mood::Infinite] {
        let host = Arc::new(Host::default());
        let (store, tenant, _) = open(embedding(&host, CallbackOptions::default()));
        host.set(mood);
        let receipt = tenant.add(vec![NewEpisode::user("a zebra"), NewEpisode::user("a yak")]).unwrap();
        assert_eq!((receipt.pending, receipt.embedder_error.unwrap().code()), (2, Code::EmbedderReply));
        assert_eq!((store.callbacks().embedder.failures, store.embedding_cache().bytes), (1, 0));
        assert_eq!(tenant.stats().unwrap().vectors, 0);
    }
}

#[test]
fn options_that_make_no_sense_are_refused_before_a_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let sane = CallbackOptions::default();
    for odd in [
        CallbackOptions { failures_to_open: 0, ..sane },
        CallbackOptions { open_for: Duration::ZERO, ..sane },
        CallbackOptions { open_for: Duration::MAX, ..sane },
        CallbackOptions { deadline: Some(Duration::ZERO), ..sane },
        CallbackOptions { deadline: Some(Duration::from_secs(400 * 86_400)), ..sane },
    ] {
        let error = Store::open(&path, Options { callbacks: odd, ..Options::default() }).unwrap_err();
        assert_eq!(error.code(), Code::RangeInvalid);
    }
    let host = Arc::new(Host::default());
    host.set(Mood::Spaceless);
    let error = Store::open(&path, embedding(&host, sane)).unwrap_err();
    assert_eq!(error.code(), Code::CallbackPanicked);
    assert!(!path.exists());
}

#[test]
fn a_text_is_embedded_once_while_the_cache_has_it() {
    let host = Arc::new(Host::default());
    let (store, tenant, _) = open(embedding(&host, CallbackOptions::default()));
    let texts = ["a zebra", "a yak", "a zebra", "a zebra"];
    tenant.add(texts.map(NewEpisode::user).to_vec()).unwrap();
    assert_eq!((host.called(), host.texts.load(Ordering::SeqCst)), (1, 2));
    let figures = store.embedding_cache();
    assert_eq!((figures.hits, figures.misses, figures.evictions), (0, 2, 0));
    assert!(figures.bytes > 2 * 26 * 4);

    // Another tenant, and a search, ask for the same text.
    store.tenant("globex").unwrap().add("a yak").unwrap();
    let hits = tenant.search("a yak").unwrap();
    assert_eq!(hits[0].record.text(), "a yak");
    assert!(hits[0].parts.cosine.unwrap() > 0.99, "the vector of another text");
    assert_eq!((host.called(), store.embedding_cache().hits), (1, 2));
    assert_eq!(tenant.stats().unwrap().vectors, 4, "each of the four has its vector");
}

#[test]
fn a_failure_is_not_cached_and_no_budget_means_no_cache() {
    let host = Arc::new(Host::default());
    let (store, tenant, _) = open(embedding(&host, CallbackOptions::default()));
    host.set(Mood::Fails);
    assert_eq!(tenant.add("a zebra").unwrap().pending, 1);
    assert_eq!(store.embedding_cache().bytes, 0);
    host.set(Mood::Well);
    assert_eq!(tenant.add("a zebra").unwrap().pending, 0);

    let off = Options { embedding_cache_bytes: 0, ..embedding(&host, CallbackOptions::default()) };
    let (store, tenant, _) = open(off);
    let before = host.texts.load(Ordering::SeqCst);
    tenant.add(vec![NewEpisode::user("a zebra"); 3]).unwrap();
    tenant.add("a zebra").unwrap();
    assert_eq!(host.texts.load(Ordering::SeqCst) - before, 2, "once a call");
    assert_eq!(store.embedding_cache(), CacheFigures::default());
}

#[test]
fn the_cache_keeps_its_budget() {
    const BUDGET: u64 = 64 << 10;
    let host = Arc::new(Host::default());
    let options = Options { embedding_cache_bytes: BUDGET, ..embedding(&host, CallbackOptions::default()) };
    let (store, tenant, _) = open(options);
    for at in 0..40 {
        tenant
            .add((0..50).map(|part| NewEpisode::user(format!("note {at} {part}"))).collect::<Vec<_>>())
            .unwrap();
        assert!(store.embedding_cache().bytes <= BUDGET);
    }
    // One that is larger than all of it is not kept.
    for _ in 0..2 {
        tenant.add("z".repeat(BUDGET as usize + 1)).unwrap();
    }
    let figures = store.embedding_cache();
    assert!(figures.bytes > BUDGET / 2 && figures.bytes <= BUDGET, "{figures:?}");
    assert!(figures.evictions > 1000 && figures.misses == 2002, "{figures:?}");
}
