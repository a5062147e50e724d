//! The promise: a tenant cannot observe another tenant's data, existence, counts or scores; a handle does no more
//! than its level allows; and working sets keep to their budget.
//!
//! It could be broken by one read path that forgets the tenant, by statistics that are shared between tenants (and
//! so shift BM25 scores), by a cache that is keyed too coarsely, or by a counter that is global. One program runs
//! alone and among noisy neighbours; everything it can see must be the same to the byte.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::Arc;

use ebbmark::{
    Access, Code, Event, Filter, ManualClock, NewEpisode, NewFact, Options, Query, Scope, Store, Tenant,
    Timestamp,
};
use proptest::prelude::*;

const MARK: &str = "xylophone";

fn store() -> Store {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    Store::in_memory(Options { clock, embedder: None, ..Options::default() }).unwrap()
}

/// Writes of a neighbour, full of words of its own and of the other's, and of vectors of another dimension.
fn noise(store: &Store, step: usize) {
    let tenant = store.tenant(&format!("neighbour {}", step % 3)).unwrap();
    let text = format!("{MARK} river bridge harbour {step}");
    let vector = vec![step as f32 + 1.0; 5];
    tenant.add(NewEpisode::user(text).session("s").vector(vector).metadata("tag", "shared")).unwrap();
    tenant.assert_fact(NewFact::new("Mara", "lives_in", format!("{MARK} {step}"))).unwrap();
    if step % 4 == 3 {
        store.erase_tenant(&format!("neighbour {}", step % 2)).unwrap();
    }
}

/// A program, and everything it sees, without ids (they come from one source of the store).
fn program(store: &Store, seed: usize, between: &dyn Fn(usize)) -> String {
    let tenant = store.tenant("acme").unwrap();
    let events = tenant.subscribe(1000).unwrap();
    let mut seen = String::new();
    for step in 0..12 {
        between(step);
        let word = ["river", "bridge", "harbour", "tram"][(step + seed) % 4];
        let vector = (0..8).map(|at| ((at * 7 + step * 3 + seed) % 5) as f32 - 1.7).collect();
        let episode = NewEpisode::user(format!("the {word} at step {step}")).session("s").vector(vector);
        let added = tenant.add(episode.metadata("tag", "shared")).unwrap();
        between(step + 100);
        let fact =
            NewFact::new("Mara", "lives_in", format!("town {}", (step + seed) % 3)).support(added.ids[0]);
        seen += &format!("{:?}\n", tenant.assert_fact(fact).unwrap().outcome);
        if step % 5 == 4 {
            tenant.delete(added.ids[0]).unwrap();
        }
    }
    for query in ["river bridge", "xylophone", "town", "the step"] {
        let filter = Filter::default().with_historical();
        for hit in tenant.search(Query::text(query).vector(vec![0.5; 8]).filter(filter).limit(50)).unwrap() {
            seen += &format!("{query}: {} {} {:?}\n", hit.record.text(), hit.score, hit.parts);
        }
    }
    seen += &format!("{:?}\n", tenant.search(Query::by_vector(vec![1.0; 5])).unwrap_err());
    for record in tenant.list(&Filter::default().metadata("tag", "shared"), None, 100).unwrap().records {
        seen += &format!("{} {}\n", record.text(), record.version());
    }
    let stats = tenant.stats().unwrap();
    seen += &format!("{stats:?}\n");
    for change in tenant.changes(0, 1000).unwrap() {
        seen += &format!("{} {:?} {:?}\n", change.version, change.kind, change.sort);
    }
    while let Some(Event::Change(change)) = events.try_next() {
        seen += &format!("event {} {:?}\n", change.version, change.kind);
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_of_a_neighbour_can_be_seen(seed in 0..1000_usize, loud in proptest::collection::vec(0..4_usize, 200)) {
        let alone = program(&store(), seed, &|_| {});
        let crowded = store();
        let among = program(&crowded, seed, &|step| (0..loud[step]).for_each(|more| noise(&crowded, step * 7 + more)));
        prop_assert_eq!(&alone, &among);
        prop_assert!(!among.replace("xylophone: ", "").contains(MARK), "a neighbour's text was seen");
    }
}

#[test]
fn a_handle_does_what_its_level_allows() {
    let store = store();
    let writer = store.tenant("acme").unwrap();
    writer.add("a note").unwrap();
    let reader = writer.clone().with_access(Access::ReadOnly).unwrap();
    assert_eq!(reader.search("note").unwrap().len(), 1);
    assert_eq!(reader.add("more").unwrap_err().code(), Code::AccessDenied);
    assert_eq!(reader.with_access(Access::ReadWrite).err().unwrap().code(), Code::AccessDenied);
    assert_eq!(writer.reindex().unwrap_err().code(), Code::AccessDenied);
    store.tenant_with_access("acme", Access::Admin).unwrap().reindex().unwrap();
}

#[test]
fn the_scope_of_a_handle_labels_and_narrows() {
    let store = store();
    let all = store.tenant("acme").unwrap();
    let of = |user: &str| all.clone().with_scope(Scope::user(user)).unwrap();
    of("mara").add("tea in the garden").unwrap();
    of("ines").add("tea at the harbour").unwrap();
    all.add("tea for nobody").unwrap();
    let found = |tenant: &Tenant| tenant.search("tea").unwrap().len();
    assert_eq!((found(&of("mara")), found(&of("ines")), found(&all)), (1, 1, 3));
    let listed = of("mara").list(&Filter::default(), None, 10).unwrap().records;
    assert_eq!(listed[0].scope().user.as_deref(), Some("mara"));
    // A claim about one user's subject never replaces another user's.
    of("mara").assert_fact(NewFact::new("me", "lives_in", "Porto")).unwrap();
    assert!(of("ines").assert_fact(NewFact::new("me", "lives_in", "Lisbon")).unwrap().superseded.is_empty());
}

#[test]
fn a_tenant_exists_from_its_first_write_until_it_is_erased() {
    let store = store();
    store.tenant("quiet").unwrap().search("anything").unwrap();
    assert!(store.tenants().unwrap().is_empty());
    store.tenant("acme").unwrap().add("a note").unwrap();
    store.tenant("globex").unwrap().add("a note").unwrap();
    assert_eq!(store.tenants().unwrap(), ["acme", "globex"]);
    assert!(store.erase_tenant("acme").unwrap());
    assert_eq!(store.tenants().unwrap(), ["globex"]);
    assert!(!store.erase_tenant("acme").unwrap());
}

#[test]
fn working_sets_are_loaded_on_first_touch_and_kept_to_the_budget() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tenants: Vec<String> = (0..6).map(|number| format!("tenant {number}")).collect();
    let fill = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    for tenant in &tenants {
        let turns =
            (0..200).map(|turn| NewEpisode::user(format!("{tenant} turn {turn}")).vector(vec![1.0; 64]));
        fill.tenant(tenant).unwrap().add(turns.collect::<Vec<_>>()).unwrap();
    }
    let one = fill.tenant("tenant 0").unwrap().stats().unwrap().working_set_bytes;
    drop(fill);

    let budget = one * 3;
    let options =
        Options { working_set_bytes: budget, query_cache_bytes: 0, embedder: None, ..Options::default() };
    let store = Store::open(&path, options).unwrap();
    assert_eq!(store.working_sets().bytes, 0, "nothing is loaded before it is touched");
    let ask = |tenant: &String| store.tenant(tenant).unwrap().search("turn 7").unwrap().len();
    tenants.iter().for_each(|tenant| assert!(ask(tenant) > 0));
    let figures = store.working_sets();
    assert_eq!((figures.misses, figures.hits), (6, 0));
    assert!(figures.evictions >= 2, "{figures:?}");
    assert!(figures.bytes <= budget, "{figures:?} over {budget}");
    assert!(ask(&tenants[5]) > 0 && ask(&tenants[0]) > 0);
    let figures = store.working_sets();
    assert_eq!((figures.misses, figures.hits), (7, 1), "the newest was kept, the oldest was not");
}

#[test]
fn many_threads_share_a_budget() {
    let store = Store::in_memory(Options { working_set_bytes: 60_000, embedder: None, ..Options::default() })
        .unwrap();
    let names: Vec<String> = (0..120).map(|number| format!("tenant {number}")).collect();
    names.iter().for_each(|name| drop(store.tenant(name).unwrap().add("a note on the river").unwrap()));
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let (store, names) = (&store, &names);
            scope.spawn(move || {
                for step in 0..300 {
                    let name = &names[(step * 7 + thread * 13) % names.len()];
                    assert_eq!(store.tenant(name).unwrap().search("river").unwrap().len(), 1);
                }
            });
        }
    });
    assert!(store.working_sets().evictions > 100);
}
