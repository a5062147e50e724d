//! The promise: the host's reranker decides the order of the hits, and whatever it does, a search has its answer.
//!
//! It could be broken by a reply that is not checked, by a panic that gets through, by scores that are not those shown, by
//! an answer that is kept though the reranker failed, or by a deadline that does not see the time it takes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ebbmark::{
    BreakerState, Filter, Hit, ManualClock, NewEpisode, NewFact, Options, Order, Query, Reranker, Store,
    Tenant, Timestamp,
};

type Reply = Result<Vec<f32>, Box<dyn std::error::Error + Send + Sync>>;
type Judge = dyn Fn(&str, &[&str]) -> Reply + Send + Sync;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

struct Host {
    judge: Mutex<Arc<Judge>>,
    calls: AtomicUsize,
}

impl Reranker for Host {
    fn rerank(&self, question: &str, texts: &[&str]) -> Reply {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let judge = Arc::clone(&self.judge.lock().unwrap());
        judge(question, texts)
    }
}

fn open(judge: Arc<Judge>) -> (Store, Tenant, Arc<Host>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let host = Arc::new(Host { judge: Mutex::new(judge), calls: AtomicUsize::new(0) });
    let reranker = Some(host.clone() as Arc<dyn Reranker>);
    let options =
        Options { clock: clock.clone(), id_seed: Some(3), embedder: None, reranker, ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    let tenant = store.tenant("acme").unwrap();
    (store, tenant, host, clock)
}

/// The longer the worse.
fn by_length() -> Arc<Judge> {
    Arc::new(|_, texts| Ok(texts.iter().map(|text| -(text.len() as f32)).collect()))
}

fn texts(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.record.text()).collect()
}

fn add_tea(tenant: &Tenant) {
    let turns = ["tea", "tea tea and cake", "tea with milk"];
    tenant.add(turns.map(NewEpisode::user).to_vec()).unwrap();
}

#[test]
fn the_order_and_the_scores_are_the_hosts() {
    let (_store, tenant, host, _) = open(by_length());
    add_tea(&tenant);
    let hits = tenant.search(Query::text("tea").limit(2)).unwrap();
    assert_eq!(texts(&hits), ["tea", "tea with milk"]);
    for hit in &hits {
        assert_eq!(hit.score, -(hit.record.text().len() as f32));
        assert_eq!((hit.parts.reranked, hit.score), (Some(hit.score), hit.parts.score()));
        assert!(hit.why().contains("by the reranker"));
    }
    // It is given more than is asked for, and not asked where it is not to be.
    assert_eq!(host.calls.load(Ordering::Relaxed), 1);
    let plain = tenant.search(Query::text("tea").without_reranker()).unwrap();
    assert!(plain.iter().all(|hit| hit.parts.reranked.is_none()));
    assert_eq!(host.calls.load(Ordering::Relaxed), 1);
    let oldest = tenant.search(Query::text("tea").limit(2).order(Order::Oldest)).unwrap();
    assert_eq!(texts(&oldest), ["tea", "tea with milk"]);
}

#[test]
fn a_reranker_that_fails_panics_or_talks_nonsense_leaves_the_order_as_it_was() {
    let judges: [Arc<Judge>; 4] = [
        Arc::new(|_, _| Err("out of order".into())),
        Arc::new(|_, _| panic!("out of mind")),
        Arc::new(|_, texts| Ok(vec![1.0; texts.len() + 1])),
        Arc::new(|_, texts| Ok(vec![f32::NAN; texts.len()])),
    ];
    for judge in judges {
        let (store, tenant, host, _) = open(judge);
        add_tea(&tenant);
        let plain = texts(&tenant.search(Query::text("tea").without_reranker()).unwrap());
        assert_eq!(texts(&tenant.search("tea").unwrap()), plain);
        assert_eq!(store.callbacks().reranker.failures, 1);
        // What it failed on is not kept as an answer.
        *host.judge.lock().unwrap() = by_length();
        assert_eq!(tenant.search("tea").unwrap()[0].record.text(), "tea");
        assert_eq!(tenant.search("tea").unwrap()[0].parts.reranked, Some(-3.0));
    }
}

#[test]
fn one_that_fails_again_and_again_is_left_alone_for_a_while() {
    let (store, tenant, host, clock) = open(Arc::new(|_, _| Err("down".into())));
    add_tea(&tenant);
    for _ in 0..8 {
        assert_eq!(tenant.search("tea").unwrap().len(), 3);
    }
    assert_eq!(host.calls.load(Ordering::Relaxed), 5);
    assert_eq!(store.callbacks().reranker.state, BreakerState::Open);
    *host.judge.lock().unwrap() = by_length();
    clock.set(START.plus_seconds(31));
    assert_eq!(tenant.search("tea").unwrap()[0].parts.reranked, Some(-3.0));
    assert_eq!(store.callbacks().reranker.state, BreakerState::Closed);
}

#[test]
fn the_time_that_it_takes_counts_for_the_deadline() {
    let (_store, tenant, host, clock) = open(by_length());
    add_tea(&tenant);
    *host.judge.lock().unwrap() = Arc::new(move |_, texts| {
        clock.set(START.plus_seconds(10));
        Ok(vec![0.0; texts.len()])
    });
    let late = tenant.search(Query::text("tea").deadline(Duration::from_secs(5))).unwrap_err();
    assert_eq!(late.code().as_str(), "search.deadline");
}

#[test]
fn an_old_version_does_not_come_before_the_current_one_whatever_it_says() {
    let (_store, tenant, _, clock) = open(by_length());
    for (at, home) in ["Rome", "Lisbon", "Copenhagen"].iter().enumerate() {
        clock.set(START.plus_seconds(86_400 * at as i64));
        tenant.assert_fact(NewFact::new("Mara", "lives_in", *home)).unwrap();
    }
    let query = Query::text("Where does Mara live?").filter(Filter::default().with_historical());
    let hits = tenant.search(query.clone()).unwrap();
    let homes = ["Mara lives in Copenhagen", "Mara lives in Lisbon", "Mara lives in Rome"];
    assert_eq!(texts(&hits), homes);
    assert!(hits.iter().all(|hit| hit.score == hit.parts.score()));
    assert_eq!(texts(&tenant.search(query.without_reranker()).unwrap()), homes);
}

#[test]
fn diversity_counts_also_where_all_scores_are_below_zero() {
    let (_store, tenant, _, _) = open(by_length());
    let near = |text: &str, vector: [f32; 3]| NewEpisode::user(text).vector(vector.to_vec());
    let turns = vec![
        near("tea", [1.0, 0.0, 0.0]),
        near("tea a", [0.999, 0.01, 0.0]),
        near("tea and a cake", [0.0, 1.0, 0.0]),
    ];
    tenant.add(turns).unwrap();
    let hits = tenant.search(Query::text("tea").diversity(0.7)).unwrap();
    assert_eq!(texts(&hits), ["tea", "tea and a cake", "tea a"]);
}
