//! The promise: every change is in the durable feed once, in order, and subscribers hear of it after it is durable;
//! who is too slow is told how much was dropped. An `add` repeated under its key changes nothing.
//!
//! It could be broken by events before durability, by gaps that nobody is told of, by a feed cut at a page's end,
//! or by a key that is stored apart from what it guards.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::time::Duration;

use ebbmark::{Batch, Change, ChangeKind, Event, HealthState, NewEpisode, Options, Query, Store, Tenant};

fn open() -> (Store, Tenant) {
    let store = Store::in_memory(Options::default()).unwrap();
    let tenant = store.tenant("acme").unwrap().with_actor("mara's phone").unwrap();
    (store, tenant)
}

fn batch(count: usize) -> Vec<NewEpisode> {
    (0..count).map(|at| NewEpisode::user(format!("turn {at}"))).collect()
}

/// The whole feed, page by page.
fn feed(tenant: &Tenant, page: usize) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    loop {
        let since = all.last().map_or(0, |change| change.version);
        let next = tenant.changes(since, page).unwrap();
        if next.is_empty() {
            return all;
        }
        all.extend(next);
    }
}

#[test]
fn the_feed_has_every_change_once_and_in_order() {
    let (_store, tenant) = open();
    let ids = tenant.add(batch(2500)).unwrap().ids;
    tenant.update(ids[7], ebbmark::EpisodeUpdate::text("changed")).unwrap();
    tenant.delete(ids[8]).unwrap();
    for page in [1, 2, 1000] {
        let changes = feed(&tenant, page);
        assert_eq!(changes.len(), 2502);
        assert!(changes.is_sorted_by_key(|change| change.version));
        assert!(
            changes.iter().zip(&ids).all(|(change, id)| change.id == *id && change.kind == ChangeKind::Added)
        );
        let last: Vec<ChangeKind> = changes[2500..].iter().map(|change| change.kind).collect();
        assert_eq!(last, [ChangeKind::Updated, ChangeKind::Deleted]);
        assert!(changes.iter().all(|change| &*change.actor == "mara's phone"));
    }
}

#[test]
fn a_subscriber_hears_what_is_durable_and_what_was_dropped() {
    let (store, tenant) = open();
    let (fast, slow) = (tenant.subscribe(100).unwrap(), tenant.subscribe(3).unwrap());
    assert_eq!(fast.try_next(), None);
    let id = tenant.add(batch(10)).unwrap().ids[0];
    let Some(Event::Change(first)) = fast.next_timeout(Duration::ZERO) else { panic!("no event") };
    assert_eq!((first.id, first.kind), (id, ChangeKind::Added));
    assert!(tenant.get(first.id).is_ok(), "what is told can be read");
    let slow_events: Vec<Event> = std::iter::from_fn(|| slow.try_next()).collect();
    assert_eq!(slow_events.len(), 4);
    assert_eq!(slow_events[3], Event::Dropped(7));
    tenant.add("one more").unwrap();
    assert!(matches!(slow.try_next(), Some(Event::Change(_))), "after the gap was told it goes on");
    store.tenant("globex").unwrap().add("another tenant's").unwrap();
    assert_eq!(slow.try_next(), None);
}

#[test]
fn a_waiting_subscriber_wakes() {
    let (_store, tenant) = open();
    let subscription = tenant.subscribe(1).unwrap();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| subscription.next_timeout(Duration::from_secs(20)));
        tenant.add("hello").unwrap();
        assert!(matches!(waiter.join().unwrap(), Some(Event::Change(_))));
    });
}

#[test]
fn a_repeated_add_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let add = |count| {
        let store = Store::open(&path, Options::default()).unwrap();
        let tenant = store.tenant("acme").unwrap();
        let receipt = tenant.add(Batch::new(batch(count)).idempotency_key("request 17"))?;
        Ok::<_, ebbmark::Error>((receipt, tenant.stats()?.episodes))
    };
    let (first, episodes) = add(1300).unwrap();
    assert!(!first.replayed && episodes == 1300);
    let (again, episodes) = add(1300).unwrap();
    assert!(again.replayed && again.ids == first.ids && episodes == 1300);
    assert_eq!(add(1299).unwrap_err().code(), ebbmark::Code::IdempotencyMismatch);
    let (same, _) = add(1300).unwrap();
    assert_eq!(same.ids, first.ids);
}

#[test]
fn a_repeated_add_returns_when_the_first_is_durable() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("store"), Options::default()).unwrap();
    let tenant = store.tenant("acme").unwrap();
    for round in 0..150 {
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let batch = Batch::new(batch(2)).idempotency_key(format!("round {round}"));
                    let receipt = tenant.add(batch).unwrap();
                    // What is read is what is durable.
                    assert!(receipt.ids.iter().all(|id| tenant.get(*id).is_ok()), "acknowledged too early");
                });
            }
        });
    }
    assert_eq!(tenant.stats().unwrap().episodes, 300);
}

#[test]
fn many_threads_write_and_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("store"), Options::default()).unwrap();
    let tenant = store.tenant("acme").unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let tenant = tenant.clone();
            scope.spawn(move || {
                for step in 0..60 {
                    let id = tenant.add(format!("writer{writer} step{step}").as_str()).unwrap().ids[0];
                    // Read your own write, by id and by its words, at once.
                    assert_eq!(tenant.get(id).unwrap().id(), id);
                    let own = Query::text(format!("writer{writer} step{step}")).limit(1);
                    assert_eq!(tenant.search(own).unwrap()[0].record.id(), id);
                    if step % 4 == 3 {
                        tenant.delete(id).unwrap();
                    }
                }
            });
        }
    });
    assert_eq!(tenant.stats().unwrap().episodes, 8 * 45);
    assert_eq!(feed(&tenant, 50).len(), 8 * 75);
    assert_eq!(store.health().state, HealthState::Healthy);
}

#[test]
fn a_store_that_is_closed_has_no_changes_to_wait_for() {
    let (store, tenant) = open();
    store.close();
    assert_eq!(tenant.subscribe(10).unwrap_err().code().as_str(), "store.closed");
    let every = std::time::Duration::from_secs(1);
    let maintainer = store.start_maintenance(every, ebbmark::Budget::default());
    assert_eq!(maintainer.unwrap_err().code().as_str(), "store.closed");
}
