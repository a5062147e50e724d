//! The promise: a kept answer is the answer. Whatever was written, however time went on, whoever asks, a search gives
//! the same with the cache of answers as without it.
//!
//! It could be broken by anything that an answer depends on and its key does not hold: the tenant, its version, the
//! labels of the handle, the filter, a moment at which something expires or begins, an embedder that failed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ebbmark::{
    Budget, Embedder, Filter, Grade, Hit, Id, Kind, ManualClock, NewEpisode, NewFact, Options, Query,
    RecordSort, Scope, Store, Tenant, Timestamp, VectorSpace,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open(query_cache_bytes: u64) -> (Store, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), id_seed: Some(3), query_cache_bytes, ..Options::default() };
    (Store::in_memory(options).unwrap(), clock)
}

#[derive(Clone, Debug)]
enum Deed {
    Add { tenant: usize, text: usize, expires: Option<i64>, session: Option<usize> },
    Assert { tenant: usize, town: usize, from: Option<i64>, to: Option<i64> },
    Delete(usize),
    Use(usize),
    Maintain(usize),
    Erase(usize),
    Pass(i64),
    Ask { tenant: usize, user: bool, question: usize, filter: usize, limit: usize },
}

fn deed() -> impl Strategy<Value = Deed> {
    let soon = || prop::option::of(1..200_i64);
    prop_oneof![
        3 => (0..2_usize, 0..4_usize, soon(), prop::option::of(0..2_usize))
            .prop_map(|(tenant, text, expires, session)| Deed::Add { tenant, text, expires, session }),
        2 => (0..2_usize, 0..3_usize, prop::option::of(-90..90_i64), soon())
            .prop_map(|(tenant, town, from, to)| Deed::Assert { tenant, town, from, to }),
        1 => (0..20_usize).prop_map(Deed::Delete),
        1 => (0..20_usize).prop_map(Deed::Use),
        1 => (0..2_usize).prop_map(Deed::Maintain),
        1 => (0..40_usize).prop_map(Deed::Erase),
        4 => (-30..90_i64).prop_map(Deed::Pass),
        // Few questions, so that the same is asked again.
        20 => (0..2_usize, prop::bool::weighted(0.2), 0..2_usize, prop::sample::select(vec![0, 1, 2, 3, 4, 4, 4, 4]), 2..4_usize)
            .prop_map(|(tenant, user, question, filter, limit)| Deed::Ask { tenant, user, question, filter, limit }),
    ]
}

fn tenant(store: &Store, at: usize) -> Tenant {
    store.tenant(["acme", "globex"][at]).unwrap()
}

fn filter(at: usize) -> Filter {
    match at {
        0 => Filter::default().only(RecordSort::Episode),
        1 => Filter::default().kind(Kind::Affiliation),
        2 => Filter::default().with_historical(),
        3 => Filter::default().retention_below(0.99999),
        _ => Filter::default(),
    }
}

/// Does all of it; gives every answer.
fn answers(deeds: &[Deed], query_cache_bytes: u64) -> (Vec<Vec<Hit>>, u64) {
    let (store, clock) = open(query_cache_bytes);
    let (mut now, mut ids, mut answers): (Timestamp, Vec<(usize, Id)>, _) = (START, Vec::new(), Vec::new());
    let texts = ["I like tea in Porto", "Porto is by the river", "green tea again", "the river was high"];
    for deed in deeds {
        match deed {
            Deed::Add { tenant: at, text, expires, session } => {
                let mut new = NewEpisode::user(texts[*text]);
                new.expires_at = expires.map(|seconds| now.plus_seconds(seconds));
                new.scope =
                    Scope { user: session.map(|at| ["Mara", "Bo"][at].to_owned()), ..Scope::default() };
                ids.extend(tenant(&store, *at).add(new).unwrap().ids.into_iter().map(|id| (*at, id)));
            }
            Deed::Assert { tenant: at, town, from, to } => {
                let mut fact = NewFact::new("Mara", "lives_in", ["Porto", "Faro", "the river"][*town]);
                fact.valid_from = from.map(|seconds| now.plus_seconds(seconds));
                fact.valid_to = to.map(|seconds| now.plus_seconds(100 + seconds));
                ids.push((*at, tenant(&store, *at).assert_fact(fact).unwrap().id));
            }
            Deed::Delete(at) => drop(ids.get(*at).map(|(at, id)| tenant(&store, *at).delete(*id))),
            Deed::Use(at) => {
                drop(ids.get(*at).map(|(at, id)| tenant(&store, *at).reinforce(*id, Grade::Good)))
            }
            Deed::Maintain(at) => drop(tenant(&store, *at).maintain(&Budget::default()).unwrap()),
            Deed::Erase(at) => drop((*at < 2).then(|| store.erase_tenant(["acme", "globex"][*at]).unwrap())),
            Deed::Pass(seconds) => {
                now = now.plus_seconds(*seconds);
                clock.set(now);
            }
            Deed::Ask { tenant: at, user, question, filter: which, limit } => {
                let mut asked = tenant(&store, *at);
                if *user {
                    asked = asked.with_scope(Scope::user("Mara")).unwrap();
                }
                let query =
                    Query::text(["Where is Porto?", "tea", "river"][*question]).filter(filter(*which));
                answers.push(asked.search(query.limit(*limit)).unwrap());
            }
        }
    }
    (answers, store.query_cache().hits)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn a_kept_answer_is_the_answer(deeds in prop::collection::vec(deed(), 1..120)) {
        let (kept, _) = answers(&deeds, 1 << 20);
        let (fresh, hits) = answers(&deeds, 0);
        prop_assert_eq!(hits, 0);
        prop_assert_eq!(kept, fresh);
    }
}

#[test]
fn what_is_asked_again_is_not_looked_for_again() {
    let (store, clock) = open(1 << 20);
    let acme = tenant(&store, 0);
    acme.add("Porto is by the river").unwrap();
    tenant(&store, 1).add("Porto is far").unwrap();
    for _ in 0..5 {
        assert_eq!(acme.search("Porto").unwrap().len(), 1);
    }
    assert_eq!((store.query_cache().hits, store.query_cache().misses), (4, 1));
    assert_ne!(tenant(&store, 1).search("Porto").unwrap(), acme.search("Porto").unwrap(), "another tenant's");
    acme.add("Porto once more").unwrap();
    assert_eq!(acme.search("Porto").unwrap().len(), 2, "a write");
    clock.set(START.plus_seconds(61));
    let before = store.query_cache().misses;
    acme.search("Porto").unwrap();
    assert_eq!(store.query_cache().misses, before + 1, "another minute");
    assert!(store.query_cache().bytes > 0);
    store.erase_tenant("acme").unwrap();
    assert_eq!(store.query_cache().bytes, 0, "nothing of an erased tenant is kept");
}

#[test]
fn a_small_budget_is_kept() {
    let (store, _) = open(20_000);
    let acme = tenant(&store, 0);
    acme.add("Porto is by the river").unwrap();
    for at in 0..500 {
        acme.search(format!("Porto {at}")).unwrap();
    }
    let figures = store.query_cache();
    assert!(figures.bytes <= 20_000 && figures.evictions > 0, "{figures:?}");
}

/// An embedder that can be made to fail.
struct Moody(AtomicBool);

impl Embedder for Moody {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "moody".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
        if self.0.load(Ordering::SeqCst) {
            return Err("not today".into());
        }
        Ok(texts.iter().map(|text| vec![1.0, text.len() as f32]).collect())
    }
}

#[test]
fn what_was_found_without_a_vector_is_not_kept() {
    let clock = Arc::new(ManualClock::at(START));
    let embedder = Arc::new(Moody(AtomicBool::new(false)));
    let options =
        Options { clock, embedder: Some(embedder.clone()), embedding_cache_bytes: 0, ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    let acme = tenant(&store, 0);
    acme.add("Porto is by the river").unwrap();
    embedder.0.store(true, Ordering::SeqCst);
    assert_eq!(acme.search("Porto").unwrap()[0].parts.cosine, None);
    embedder.0.store(false, Ordering::SeqCst);
    assert!(acme.search("Porto").unwrap()[0].parts.cosine.is_some());
}
