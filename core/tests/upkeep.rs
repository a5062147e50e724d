//! The promise: upkeep goes on beside everything else and is in nobody's way: no use is lost or counted twice, no write
//! fails because of it, idle tenants are left alone, the file is free when the last handle is gone, and what is derived
//! again is the same.
//!
//! It could be broken by a list of uses that is read between two commits, by rows that go along with a commit and are not
//! counted into it, by work that loads what it does not need, and by a thread that outlives the store.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ebbmark::{
    Access, ArchiveRule, Batch, Budget, Extraction, Extractor, Filter, Grade, Id, Language, ManualClock,
    Message, MetricsOptions, NewEpisode, NewFact, Options, Query, Quotas, RetentionPolicy, Role, Store,
    Tenant, TenantConfig, Timestamp,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open(options: Options) -> (Store, Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), ..options }).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    (store, tenant, clock)
}

fn policy(retention: RetentionPolicy) -> TenantConfig {
    TenantConfig { retention, ..TenantConfig::default() }
}

#[test]
fn no_use_is_lost_or_counted_twice_beside_everything_else() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { working_set_bytes: 1, embedder: None, ..Options::default() };
    let store = Store::open(folder.path().join("memory.ebb"), options).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    let other = store.tenant("other").unwrap();
    let ids: Vec<Id> = (0..8).map(|at| tenant.add(format!("note {at}")).unwrap().ids[0]).collect();
    let (stop, told) = (AtomicBool::new(false), AtomicU64::new(0));
    let again = |work: &dyn Fn(u64)| (0..).take_while(|_| !stop.load(Ordering::SeqCst)).for_each(work);
    std::thread::scope(|scope| {
        let tell = |first: usize| {
            for at in 0..1500 {
                tenant.reinforce(ids[(at + first) % 8], Grade::Good).unwrap();
                told.fetch_add(1, Ordering::SeqCst);
                if at % 50 == 0 {
                    tenant.memory(ids[first]).unwrap();
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        };
        let tellers: Vec<_> = (0..3).map(|first| scope.spawn(move || tell(first))).collect();
        scope.spawn(|| again(&|_| drop(tenant.add("more").unwrap())));
        scope.spawn(|| {
            again(&|_| {
                other.add("more").unwrap();
                other.search("more").unwrap();
            });
        });
        scope.spawn(|| {
            again(&|turn| {
                let dissolve_below = (turn % 10) as f32 / 20.0;
                tenant.configure(TenantConfig { dissolve_below, ..TenantConfig::default() }).unwrap();
                tenant.maintain(&Budget::default()).unwrap();
                if turn % 5 == 0 {
                    tenant.reindex().unwrap();
                }
                store.health();
                store.metrics(&MetricsOptions { tenants: true });
            });
        });
        tellers.into_iter().for_each(|teller| teller.join().unwrap());
        stop.store(true, Ordering::SeqCst);
    });
    tenant.flush_uses().unwrap();
    let counted: u64 = ids.iter().map(|id| u64::from(tenant.memory(*id).unwrap().uses)).sum();
    let told = told.load(Ordering::SeqCst);
    assert_eq!((counted, tenant.usage().unwrap().uses), (told, told));
    assert_eq!(tenant.usage().unwrap(), tenant.recount().unwrap());
}

#[test]
fn uses_of_long_records_do_not_crowd_a_commit() {
    let (_store, tenant, _) =
        open(Options { extraction: Extraction::Off, embedder: None, ..Options::default() });
    let long = |at: usize| {
        let text = if at == 63 { "x".repeat(1 << 20) } else { "y ".repeat(2000) };
        NewEpisode::user(text).metadata("notes", "z".repeat(15_000))
    };
    let ids = tenant.add((0..64).map(long).collect::<Vec<_>>()).unwrap().ids;
    tenant.mark_used(ids.iter().copied()).unwrap();
    let vector = |at: usize| (0..8192).map(|part| (part + at) as f32 + 1.0).collect::<Vec<f32>>();
    let full = (0..64).map(|at| NewEpisode::user(format!("{at} {}", "w ".repeat(8000))).vector(vector(at)));
    tenant.add(Batch::new(full.collect())).unwrap();
    tenant.flush_uses().unwrap();
    assert!(ids.iter().all(|id| tenant.memory(*id).unwrap().uses == 1));
}

#[test]
fn the_file_is_free_when_the_last_handle_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let id = Store::open(&path, Options { embedder: None, ..Options::default() })
        .unwrap()
        .tenant("acme")
        .unwrap()
        .add("a note")
        .unwrap()
        .ids[0];
    for round in 0..5 {
        let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
        let tenant = store.tenant("acme").unwrap();
        (0..640).for_each(|_| tenant.reinforce(id, Grade::Good).unwrap());
        // About when the thread writes them down.
        std::thread::sleep(Duration::from_millis(1000 + round * 2));
    }
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    assert_eq!(store.tenant("acme").unwrap().memory(id).unwrap().uses, 5 * 640);
}

#[test]
fn idle_tenants_are_left_alone() {
    let (store, ..) = open(Options { working_set_bytes: 100_000, embedder: None, ..Options::default() });
    for at in 0..40 {
        let notes = (0..20).map(|note| NewEpisode::user(format!("note {note} of {at}")));
        store.tenant(&format!("tenant {at}")).unwrap().add(notes.collect::<Vec<_>>()).unwrap();
    }
    let before = store.working_sets();
    store.maintain(&Budget::default()).unwrap();
    let after = store.working_sets();
    assert!(after.bytes <= 100_000 && after.misses == before.misses, "{before:?} {after:?}");
}

#[test]
fn what_is_too_many_is_pending_until_it_is_gone() {
    let (_store, tenant, _) = open(Options { embedder: None, ..Options::default() });
    let ids: Vec<Id> = (0..10).map(|at| tenant.add(format!("note {at}")).unwrap().ids[0]).collect();
    tenant.pin(ids[0]).unwrap();
    tenant.pin(ids[1]).unwrap();
    tenant
        .configure(policy(RetentionPolicy { episodes_max: Some(1), ..RetentionPolicy::default() }))
        .unwrap();
    let budget = Budget { records: 1, ..Budget::default() };
    let mut calls = 0;
    while tenant.maintain(&budget).unwrap().pending > 0 {
        calls += 1;
        assert!(calls < 100, "it ends, though two are pinned");
    }
    assert_eq!(tenant.usage().unwrap().episodes, 2);
}

#[test]
fn an_old_configuration_leaves_no_schedule_behind() {
    let (_store, tenant, clock) = open(Options { embedder: None, ..Options::default() });
    for at in 0..20 {
        tenant.add(NewEpisode::new(Role::Tool, format!("reading {at}"))).unwrap();
        tenant.assert_fact(NewFact::new(format!("{at}"), "mood", "tired").confidence(0.4)).unwrap();
    }
    for days in 1..20 {
        let archive = Some(ArchiveRule { older_than_days: f64::from(days), importance_below: 0.9 });
        let retention = RetentionPolicy { archive, ..RetentionPolicy::default() };
        tenant.configure(TenantConfig { dissolve_below: 0.0, ..policy(retention) }).unwrap();
        tenant.maintain(&Budget::default()).unwrap();
    }
    tenant.configure(TenantConfig { dissolve_below: 0.0, ..TenantConfig::default() }).unwrap();
    assert_eq!(tenant.maintain(&Budget::default()).unwrap().next_due, None);
    clock.set(START.plus_seconds(400 * 86_400));
    let report = tenant.maintain(&Budget::default()).unwrap();
    assert_eq!((report.done(), tenant.usage().unwrap().archived), (0, 0));
}

#[test]
fn another_language_is_whole_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let options = || Options {
        extraction: Extraction::Off,
        query_cache_bytes: 0,
        embedder: None,
        ..Options::default()
    };
    let ask = |tenant: &Tenant| -> Vec<(Id, f32)> {
        let hits = tenant.search(Query::text("river house 17").limit(50)).unwrap();
        hits.into_iter().map(|hit| (hit.record.id(), hit.score)).collect()
    };
    {
        let store = Store::open(&path, options()).unwrap();
        let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
        let text = |at: usize| {
            format!("the house {at} by the river {}", "der die das und ist nicht ".repeat(at % 7))
        };
        let notes = (0..1100)
            .map(|at| NewEpisode::user(text(at)).session(format!("{}", at / 10)).speaker("Die Anne"));
        let ids = tenant.add(notes.collect::<Vec<_>>()).unwrap().ids;
        ids[..500].iter().for_each(|id| tenant.pin(*id).unwrap());
        tenant.configure(TenantConfig { language: Language::German, ..TenantConfig::default() }).unwrap();
        tenant.add("one more river").unwrap();
        tenant.add("one more house").unwrap();
    }
    let store = Store::open(&path, options()).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    let before = ask(&tenant);
    tenant.reindex().unwrap();
    assert_eq!(before, ask(&tenant));
}

/// An extractor that draws a claim from texts that speak of one, once it is there.
struct Late(AtomicBool);

impl Extractor for Late {
    fn extract(
        &self,
        message: &Message<'_>,
    ) -> Result<Vec<NewFact>, Box<dyn std::error::Error + Send + Sync>> {
        if !self.0.load(Ordering::SeqCst) {
            return Err("not yet".into());
        }
        let claims = message.text.contains("claim").then(|| NewFact::new("Mara", "noted", message.text));
        Ok(claims.into_iter().collect())
    }
}

#[test]
fn what_a_quota_refuses_holds_nobody_else_up() {
    let late = Arc::new(Late(AtomicBool::new(false)));
    let (_store, tenant, clock) =
        open(Options { extraction: Extraction::Host(late.clone()), embedder: None, ..Options::default() });
    tenant.add("a claim").unwrap();
    tenant.add("nothing here").unwrap();
    late.0.store(true, Ordering::SeqCst);
    let quotas = Quotas { records: Some(2), ..Quotas::default() };
    tenant.configure(TenantConfig { quotas, ..TenantConfig::default() }).unwrap();
    clock.set(START.plus_seconds(100));
    let report = tenant.process_pending(10).unwrap();
    assert_eq!((report.done, report.failed, report.left), (1, 1, 1));
    assert_eq!(report.error.unwrap().code(), ebbmark::Code::QuotaExceeded);
    assert_eq!(tenant.list(&Filter::default(), None, 10).unwrap().records.len(), 2);
}
