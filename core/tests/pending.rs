//! The promise: what an embedder or an extractor could not do when a record was added is done later, once, with the same
//! result; until then the record waits in a durable queue that says for what, since when, and when it is tried again.
//!
//! It could be broken by a row that outlives its record or its need, by a claim that is settled twice, by a record that is
//! tried without end or never again, by one text that no embedder likes and that holds up others, or by a crash between
//! a vector and its row. A child process works on its queue and is killed; the parent looks for anything half-done.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]
#![allow(clippy::print_stdout, reason = "the child tells that it is ready")]

use std::error::Error as StdError;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ebbmark::{
    Admission, CallbackOptions, Code, Embedder, EpisodeUpdate, Extraction, Extractor, FactQuery, Filter,
    Guard, Id, ManualClock, Message, Metadata, NewEpisode, NewFact, Options, PendingWork, RecordSort, Scope,
    Store, Tenant, Timestamp, VectorSpace,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// An embedder and an extractor that can be switched off. The embedder fails for every text that says "poison". The
/// extractor says what it heard.
#[derive(Default)]
struct Host {
    embeds: AtomicBool,
    extracts: AtomicBool,
    texts: AtomicUsize,
    messages: AtomicUsize,
}

impl Host {
    fn away() -> Arc<Self> {
        Arc::new(Host::default())
    }

    fn come_back(&self) {
        self.embeds.store(true, Ordering::SeqCst);
        self.extracts.store(true, Ordering::SeqCst);
    }
}

impl Embedder for Host {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "lengths".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        self.texts.fetch_add(texts.len(), Ordering::SeqCst);
        if !self.embeds.load(Ordering::SeqCst) || texts.iter().any(|text| text.contains("poison")) {
            return Err("away".into());
        }
        Ok(texts.iter().map(|text| vec![text.len() as f32, 1.0]).collect())
    }
}

impl Extractor for Host {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        self.messages.fetch_add(1, Ordering::SeqCst);
        if !self.extracts.load(Ordering::SeqCst) {
            return Err("away".into());
        }
        let Message { text, speaker, role, said_at, previous } = message;
        let heard = format!("{text} / {speaker} / {role:?} / {said_at} / {previous:?}");
        Ok(vec![NewFact::new(*speaker, "heard", heard)])
    }
}

fn embedding(host: &Arc<Host>) -> Options {
    Options { embedder: Some(host.clone()), extraction: Extraction::Off, ..Options::default() }
}

fn extracting(host: &Arc<Host>) -> Options {
    Options { extraction: Extraction::Host(host.clone()), embedder: None, ..Options::default() }
}

fn open(options: Options) -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), ..options }).unwrap();
    (store.tenant("acme").unwrap(), clock)
}

fn waiting(tenant: &Tenant) -> Vec<PendingWork> {
    let waiting = tenant.pending(1000).unwrap();
    assert_eq!(tenant.stats().unwrap().pending, waiting.len() as u64, "the counter is not exact");
    waiting
}

fn process(tenant: &Tenant) -> (usize, usize, usize) {
    let report = tenant.process_pending(1000).unwrap();
    (report.done, report.failed, report.left)
}

#[test]
fn a_record_waits_longer_each_time_and_is_done_once() {
    let host = Host::away();
    let (tenant, clock) = open(embedding(&host));
    let id = tenant.add("a zebra").unwrap().ids[0];
    let first = PendingWork {
        id,
        vector: true,
        claims: false,
        attempts: 1,
        next_try: START,
        since: START,
        error: Some("embedder.failed".to_owned()),
    };
    assert_eq!(waiting(&tenant), std::slice::from_ref(&first));
    let mut now = START;
    for (attempt, wait) in
        [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600].into_iter().enumerate()
    {
        // The breaker would hold it up in between.
        now = now.plus_seconds(60).max(waiting(&tenant)[0].next_try);
        clock.set(now);
        let report = tenant.process_pending(10).unwrap();
        assert_eq!((report.done, report.failed, report.left), (0, 1, 1));
        assert_eq!(report.error.unwrap().code(), Code::EmbedderFailed);
        let next_try = now.plus_seconds(wait);
        assert_eq!(
            waiting(&tenant),
            [PendingWork { attempts: attempt as u32 + 2, next_try, ..first.clone() }]
        );
        assert_eq!(process(&tenant), (0, 0, 1), "it is not due");
    }
    // A clock that was set back does not put it off for more than an hour.
    clock.set(START.plus_seconds(-86_400));
    host.come_back();
    assert_eq!(process(&tenant), (1, 0, 0));
    assert_eq!((waiting(&tenant).len(), tenant.stats().unwrap().vectors), (0, 1));
    let asked = host.texts.load(Ordering::SeqCst);
    assert_eq!(process(&tenant), (0, 0, 0));
    assert_eq!(host.texts.load(Ordering::SeqCst), asked, "it was asked for again");
}

#[test]
fn those_due_first_are_taken_first_and_no_more_than_the_budget() {
    let host = Host::away();
    let (tenant, clock) = open(embedding(&host));
    let mut ids = Vec::new();
    for at in 0..4 {
        clock.set(START.plus_seconds(-at));
        ids.push(tenant.add(format!("note {at}")).unwrap().ids[0]);
    }
    ids.reverse();
    clock.set(START);
    let listed = |tenant: &Tenant| waiting(tenant).iter().map(|work| work.id).collect::<Vec<Id>>();
    assert_eq!(listed(&tenant), ids);
    assert_eq!(tenant.pending(2).unwrap().len(), 2);
    let asked = host.texts.load(Ordering::SeqCst);
    let report = tenant.process_pending(1).unwrap();
    assert_eq!((report.failed, report.left), (1, 4));
    assert_eq!(host.texts.load(Ordering::SeqCst), asked + 1);
    ids.rotate_left(1);
    assert_eq!(listed(&tenant), ids, "the one that failed is last");
    host.come_back();
    clock.set(START.plus_seconds(60));
    let report = tenant.process_pending(3).unwrap();
    assert_eq!((report.done, report.failed, report.left), (3, 0, 1));
    assert_eq!(listed(&tenant), &ids[3..]);
    assert_eq!(tenant.pending(0).unwrap_err().code(), Code::RangeInvalid);
    assert_eq!(tenant.pending(1001).unwrap_err().code(), Code::RangeInvalid);
}

#[test]
fn one_text_that_nobody_can_embed_does_not_hold_up_the_others() {
    let host = Host::away();
    host.come_back();
    let (tenant, clock) = open(embedding(&host));
    let mut batch = vec![NewEpisode::user("poison")];
    batch.extend((0..20).map(|at| NewEpisode::user(format!("note {at}"))));
    assert_eq!(tenant.add(batch).unwrap().pending, 21);
    for day in 1..=3 {
        clock.set(START.plus_seconds(day * 86_400));
        tenant.process_pending(1000).unwrap();
    }
    let left = waiting(&tenant);
    assert_eq!(left.len(), 1);
    assert_eq!(tenant.get(left[0].id).unwrap().text(), "poison");
}

#[test]
fn while_the_embedder_is_suspended_nothing_is_tried_and_nothing_counts_as_tried() {
    let host = Host::away();
    let callbacks = CallbackOptions { failures_to_open: 2, ..CallbackOptions::default() };
    let (tenant, clock) = open(Options { callbacks, ..embedding(&host) });
    tenant.add("one").unwrap();
    tenant.add("two").unwrap();
    let third = tenant.add("three").unwrap();
    assert_eq!(third.embedder_error.unwrap().code(), Code::CallbackSuspended);
    let asked = host.texts.load(Ordering::SeqCst);
    let report = tenant.process_pending(10).unwrap();
    assert_eq!((report.done, report.failed, report.left), (0, 3, 3));
    assert_eq!(report.error.unwrap().code(), Code::CallbackSuspended);
    for work in waiting(&tenant) {
        assert_eq!(
            (work.attempts, work.next_try),
            (1, START.plus_seconds(30)),
            "put off until it is asked again"
        );
        assert_eq!(work.error.as_deref(), Some("callback.suspended"));
    }
    assert_eq!(host.texts.load(Ordering::SeqCst), asked);
    assert_eq!(process(&tenant), (0, 0, 3));
    clock.set(START.plus_seconds(30));
    host.come_back();
    assert_eq!(process(&tenant), (3, 0, 0));
}

/// What an extractor that never failed would have made of the same episodes.
fn facts(tenant: &Tenant) -> Vec<String> {
    let page = tenant.list(&Filter::default().only(RecordSort::Atom), None, 1000).unwrap();
    let mut facts: Vec<String> = page
        .records
        .iter()
        .filter_map(|record| record.as_atom())
        .map(|atom| {
            let about = (&atom.subject, &atom.predicate, &atom.object, &atom.scope, atom.asserted_at);
            format!("{about:?} {} {:?} {}", atom.confidence, atom.provenance, atom.supports.len())
        })
        .collect();
    facts.sort();
    facts
}

fn conversation() -> Vec<NewEpisode> {
    let said = |text: &str| NewEpisode::user(text).speaker("Mara").session("monday").occurred_at(START);
    vec![
        said("I live in Porto."),
        said("No, in Lisbon."),
        said("I like tea."),
        NewEpisode::assistant("Noted."),
    ]
}

#[test]
fn claims_that_come_later_are_those_that_would_have_come_at_once() {
    for both in [false, true] {
        let options = |host: &Arc<Host>| Options {
            extraction: if both { Extraction::Both(host.clone()) } else { Extraction::Host(host.clone()) },
            embedder: None,
            ..Options::default()
        };
        let (at_once, later) = (Host::away(), Host::away());
        at_once.come_back();
        let scope = Scope::user("u1");
        let (expected, _) = open(options(&at_once));
        expected.clone().with_scope(scope.clone()).unwrap().add(conversation()).unwrap();
        let (tenant, clock) = open(options(&later));
        let receipt = tenant.clone().with_scope(scope).unwrap().add(conversation()).unwrap();
        assert_eq!((receipt.pending, receipt.extractor_error.unwrap().code()), (4, Code::ExtractorFailed));
        assert!(waiting(&tenant).iter().all(|work| work.claims && !work.vector));
        clock.set(START.plus_seconds(60));
        later.come_back();
        // Through a handle with other labels, which are not theirs.
        let other = tenant.clone().with_scope(Scope::default().with_agent("upkeep")).unwrap();
        let report = other.process_pending(100).unwrap();
        assert_eq!((report.done, report.failed, report.left), (4, 0, 0));
        assert_eq!(facts(&tenant), facts(&expected));
        assert!(facts(&tenant).iter().any(|fact| fact.contains("Some(\\\"I live in Porto.\\\")")));
        let asked = later.messages.load(Ordering::SeqCst);
        assert_eq!(process(&tenant), (0, 0, 0));
        assert_eq!(later.messages.load(Ordering::SeqCst), asked);
        // They rest on their episodes: with these they go.
        receipt.ids.iter().for_each(|id| drop(tenant.delete(*id).unwrap()));
        assert_eq!(tenant.stats().unwrap().atoms, 0);
    }
}

#[test]
fn an_episode_may_wait_for_both_and_get_one_after_the_other() {
    let host = Host::away();
    let options = Options { embedder: Some(host.clone()), ..extracting(&host) };
    let (tenant, clock) = open(options);
    let receipt = tenant.add("a zebra").unwrap();
    assert_eq!(receipt.pending, 1, "one record, though it waits for two things");
    let work = &waiting(&tenant)[0];
    assert!(work.vector && work.claims);
    host.embeds.store(true, Ordering::SeqCst);
    assert_eq!(process(&tenant), (0, 1, 1));
    let work = &waiting(&tenant)[0];
    assert!(!work.vector && work.claims);
    assert_eq!((work.attempts, work.error.as_deref()), (2, Some("extractor.failed")));
    host.embeds.store(false, Ordering::SeqCst);
    host.extracts.store(true, Ordering::SeqCst);
    clock.set(START.plus_seconds(60));
    // Its claim is settled, and waits for a vector in its turn.
    assert_eq!(process(&tenant), (1, 0, 1));
    host.come_back();
    assert_eq!(process(&tenant), (1, 0, 0));
    let stats = tenant.stats().unwrap();
    assert_eq!((stats.episodes, stats.atoms, stats.vectors), (1, 1, 2));
}

#[test]
fn what_was_deleted_or_changed_waits_no_more() {
    let host = Host::away();
    let (tenant, clock) = open(Options { embedder: Some(host.clone()), ..extracting(&host) });
    let ids = tenant.add(["one", "two", "three", "four"].map(NewEpisode::user).to_vec()).unwrap().ids;
    tenant.delete(ids[0]).unwrap();
    assert_eq!(waiting(&tenant).len(), 3);
    // A new text needs a vector of its own; what the former one claimed is not asked for any more.
    clock.set(START.plus_seconds(10));
    tenant.update(ids[1], EpisodeUpdate::text("two again")).unwrap();
    let work = waiting(&tenant).into_iter().find(|work| work.id == ids[1]).unwrap();
    assert_eq!((work.vector, work.claims, work.attempts), (true, false, 1));
    assert_eq!((work.since, work.next_try), (START.plus_seconds(10), START.plus_seconds(10)));
    tenant.update(ids[2], EpisodeUpdate::text("three again")).unwrap();
    tenant
        .update(ids[2], EpisodeUpdate { vector: Some(vec![1.0, 2.0]), ..EpisodeUpdate::text("given") })
        .unwrap();
    assert!(waiting(&tenant).iter().all(|work| work.id != ids[2]));
    // Other fields change nothing about it.
    let metadata = Metadata::from([("part".to_owned(), 1.into())]);
    tenant.update(ids[3], EpisodeUpdate::default().metadata(metadata)).unwrap();
    assert!(waiting(&tenant).iter().any(|work| work.id == ids[3] && work.vector && work.claims));
    host.come_back();
    clock.set(START.plus_seconds(60));
    assert_eq!(process(&tenant).0, 2);
    clock.set(START.plus_seconds(120));
    process(&tenant);
    assert_eq!(waiting(&tenant), []);
    let heard = tenant.facts(&FactQuery::about("user")).unwrap();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].object.starts_with("four"));
}

#[test]
fn what_the_guard_quarantines_or_changes_meanwhile_is_not_read_for_claims() {
    struct Suspicious;

    impl Guard for Suspicious {
        fn admit(&self, episode: &NewEpisode) -> Admission {
            if episode.text.contains("bad") { Admission::Quarantine } else { Admission::Allow }
        }
    }

    let host = Host::away();
    let (tenant, _) = open(Options { guard: Some(Arc::new(Suspicious)), ..extracting(&host) });
    let receipt = tenant.add(vec![NewEpisode::user("bad"), NewEpisode::user("good")]).unwrap();
    assert_eq!((receipt.pending, waiting(&tenant)[0].id), (1, receipt.ids[1]));
    tenant.update(receipt.ids[1], EpisodeUpdate::text("gone bad")).unwrap();
    host.come_back();
    assert_eq!((process(&tenant), tenant.stats().unwrap().atoms), ((0, 0, 0), 0));
}

#[test]
fn it_waits_for_a_callback_that_the_store_has_not_got() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let host = Host::away();
    let clock = Arc::new(ManualClock::at(START));
    let reopen = |options: Options| {
        let options = Options { clock: clock.clone(), ..options };
        Store::open(Path::new(&path), options).unwrap().tenant("acme").unwrap()
    };
    let away = reopen(Options { embedder: Some(host.clone()), ..extracting(&host) });
    away.add("a zebra").unwrap();
    drop(away);
    let without = reopen(Options { extraction: Extraction::Off, embedder: None, ..Options::default() });
    assert_eq!(without.add("a yak").unwrap().pending, 0, "without an embedder nothing waits for one");
    assert_eq!(process(&without), (0, 0, 1));
    drop(without);
    host.come_back();
    let tenant = reopen(extracting(&host));
    assert_eq!(process(&tenant), (0, 1, 1), "the claims came, the vector did not");
    assert!(waiting(&tenant)[0].vector && !waiting(&tenant)[0].claims);
    drop(tenant);
    let tenant = reopen(embedding(&host));
    assert_eq!(process(&tenant), (1, 0, 0));
}

#[test]
fn trying_out_changes_no_queue() {
    let host = Host::away();
    let (tenant, _) = open(embedding(&host));
    tenant.add("a zebra").unwrap();
    let before = waiting(&tenant);
    host.come_back();
    tenant.dry_run().process_pending(10).unwrap();
    assert_eq!(waiting(&tenant), before);
    tenant.dry_run().add("a yak").unwrap();
    assert_eq!(waiting(&tenant), before);
}

#[test]
fn two_who_work_on_the_queue_settle_nothing_twice() {
    let host = Host::away();
    let callbacks = CallbackOptions { failures_to_open: 1000, ..CallbackOptions::default() };
    let (tenant, _) = open(Options { embedder: Some(host.clone()), callbacks, ..extracting(&host) });
    tenant.add((0..60).map(|at| NewEpisode::user(format!("note {at}"))).collect::<Vec<_>>()).unwrap();
    host.come_back();
    let done: usize = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(|| process(&tenant).0)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(done, 60);
    let page = tenant.list(&Filter::default().only(RecordSort::Atom), None, 1000).unwrap();
    assert_eq!(page.records.len(), 60);
    assert!(page.records.iter().all(|record| record.as_atom().unwrap().assertions == 1));
    assert_eq!(waiting(&tenant), []);
}

/// An extractor that works on the queue itself while it is asked by it, once.
#[derive(Default)]
struct Meddler {
    tenant: OnceLock<Tenant>,
    asked: AtomicUsize,
}

impl Extractor for Meddler {
    fn extract(&self, message: &Message<'_>) -> Result<Vec<NewFact>, Box<dyn StdError + Send + Sync>> {
        match self.asked.fetch_add(1, Ordering::SeqCst) {
            0 => return Err("away".into()),
            1 => drop(self.tenant.get().unwrap().process_pending(10)?),
            _ => {}
        }
        Ok(vec![NewFact::new(message.speaker, "heard", message.text)])
    }
}

#[test]
fn claims_that_came_meanwhile_are_not_settled_again() {
    let (host, meddler) = (Host::away(), Arc::new(Meddler::default()));
    let extraction = Extraction::Host(meddler.clone());
    let (tenant, _) = open(Options { extraction, ..embedding(&host) });
    assert!(meddler.tenant.set(tenant.clone()).is_ok());
    tenant.add("a zebra").unwrap();
    // Its vector is still away, so that the row stays for that.
    assert_eq!(process(&tenant), (0, 0, 2));
    let page = tenant.list(&Filter::default().only(RecordSort::Atom), None, 10).unwrap();
    assert_eq!(page.records[0].as_atom().unwrap().assertions, 1);
}

const CHILD: &str = "EBBMARK_PENDING_TEST_FILE";

fn for_ever(host: &Arc<Host>) -> Options {
    let callbacks = CallbackOptions { failures_to_open: u32::MAX, ..CallbackOptions::default() };
    Options { embedder: Some(host.clone()), callbacks, embedding_cache_bytes: 0, ..extracting(host) }
}

/// Not a test of its own: what the child process runs.
#[test]
fn child() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let host = Host::away();
    let store = Store::open(Path::new(&path), for_ever(&host)).unwrap();
    let tenant = store.tenant("acme").unwrap();
    println!("\nready");
    for step in 0.. {
        host.embeds.store(step % 3 == 2, Ordering::SeqCst);
        host.extracts.store(step % 2 == 1, Ordering::SeqCst);
        let text = format!("note {step} of {}", std::process::id());
        // No more than can be listed at once, over all rounds.
        if step < 15 {
            tenant.add(vec![NewEpisode::user(text.clone()), NewEpisode::user(text + " too")]).unwrap();
        }
        tenant.process_pending(5).unwrap();
    }
}

#[test]
fn a_crash_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut seen = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while lines.next().unwrap().unwrap() != "ready" {}
        std::thread::sleep(Duration::from_millis(40 + round * 17));
        child.kill().unwrap();
        child.wait().unwrap();
        let host = Host::away();
        let tenant = Store::open(&path, for_ever(&host)).unwrap().tenant("acme").unwrap();
        seen = compare(&tenant);
    }
    assert!(seen > 100, "only {seen} episodes: the test is blind");
    // And all of it can be brought to its end.
    let host = Host::away();
    host.come_back();
    let clock = Arc::new(ManualClock::at(START.plus_seconds(1_000_000_000)));
    let tenant = Store::open(&path, Options { clock, ..for_ever(&host) }).unwrap().tenant("acme").unwrap();
    while process(&tenant).0 > 0 {}
    assert_eq!(waiting(&tenant), []);
    compare(&tenant);
}

/// Every record has its vector or waits for it, and every episode has its claim or waits for it, and never both.
fn compare(tenant: &Tenant) -> usize {
    let mut queue = std::collections::HashMap::new();
    queue.extend(tenant.pending(1000).unwrap().into_iter().map(|work| (work.id, work)));
    let stats = tenant.stats().unwrap();
    assert_eq!(stats.pending, queue.len() as u64);
    let waiting = queue.values().filter(|work| work.vector).count() as u64;
    assert_eq!(stats.vectors + waiting, stats.episodes + stats.atoms);
    let (mut episodes, mut supports) = (Vec::new(), Vec::new());
    let mut cursor = None;
    loop {
        let page = tenant.list(&Filter::default().with_historical(), cursor, 1000).unwrap();
        for record in &page.records {
            match record.as_atom() {
                Some(atom) => {
                    assert_eq!(atom.assertions, 1, "settled twice");
                    supports.extend(atom.supports.iter().copied());
                }
                None => episodes.push(record.id()),
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for id in &episodes {
        let waits = queue.get(id).is_some_and(|work| work.claims);
        assert_ne!(waits, supports.contains(id), "{id}");
    }
    episodes.len()
}
