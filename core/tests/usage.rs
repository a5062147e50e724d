//! The promises of limits: usage is what a count of the records gives, after any operations and any crash; a quota is
//! kept exactly by many threads at once, and what exceeds it leaves nothing behind; a rate limit tells how long to wait.
//!
//! They could be broken by a counter that is not in the commit of what it counts, by a check that is made before the
//! lock is taken, and by a batch of which the first commits are kept.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]
#![allow(clippy::print_stdout, reason = "the child tells how far it has come")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ebbmark::{
    Access, ArchiveRule, Batch, Budget, Code, EpisodeUpdate, ErrorKind, Extraction, Filter, Grade, Id,
    ManualClock, NewEpisode, NewFact, Options, Quotas, RateLimit, Record, RetentionPolicy, Store, Tenant,
    TenantConfig, Timestamp, Usage,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const CHILD: &str = "EBBMARK_USAGE_TEST_FILE";

fn open(options: Options) -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), id_seed: Some(7), ..options }).unwrap();
    (store.tenant_with_access("acme", Access::Admin).unwrap(), clock)
}

fn with_quotas(quotas: Quotas) -> Tenant {
    let (tenant, _) = open(Options { extraction: Extraction::Off, embedder: None, ..Options::default() });
    tenant.configure(TenantConfig { quotas, ..TenantConfig::default() }).unwrap();
    tenant
}

/// All records, archived, historical and expired ones among them.
fn records(tenant: &Tenant) -> Vec<Record> {
    let filter = Filter { historical: true, archived: true, quarantined: true, ..Filter::default() };
    let (mut records, mut cursor) = (Vec::new(), None);
    loop {
        let page = tenant.list(&filter, cursor, 1000).unwrap();
        records.extend(page.records);
        cursor = page.next;
        if cursor.is_none() {
            return records;
        }
    }
}

/// What the records say, counted by two ways that share nothing with the counters.
fn check_usage(tenant: &Tenant) -> Usage {
    let usage = tenant.usage().unwrap();
    assert_eq!(usage, tenant.recount().unwrap(), "the records, read one by one");
    let records = records(tenant);
    let is_episode = |record: &&Record| record.as_episode().is_some();
    let archived = |record: &&Record| tenant.memory(record.id()).unwrap().archived_at.is_some();
    assert_eq!(usage.episodes, records.iter().filter(is_episode).count() as u64);
    assert_eq!(usage.atoms, records.iter().filter(|record| !is_episode(record)).count() as u64);
    assert_eq!(usage.archived, records.iter().filter(archived).count() as u64);
    assert_eq!(usage.added - usage.deleted, usage.records());
    usage
}

/// Numbers that look drawn, the same in every run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % bound
    }
}

/// Does one drawn thing.
fn do_one(tenant: &Tenant, clock: &ManualClock, now: &mut Timestamp, draws: &mut Draws, ids: &mut Vec<Id>) {
    let pick =
        |draws: &mut Draws, ids: &[Id]| ids.get(draws.below(ids.len().max(1) as u64) as usize).copied();
    match draws.below(12) {
        0..4 => {
            let vector = (draws.below(2) == 0).then(|| (0..4).map(|_| draws.below(9) as f32 + 0.5).collect());
            let expires = (draws.below(4) == 0).then(|| now.plus_seconds(draws.below(5_000_000) as i64 + 1));
            let mut new = NewEpisode::user(format!(
                "I moved to town {}. {}",
                draws.below(50),
                "x".repeat(draws.below(300) as usize)
            ));
            (new.vector, new.expires_at, new.speaker) =
                (vector, expires, Some(format!("person {}", draws.below(9))));
            let count = if draws.below(30) == 0 { 100 } else { 1 };
            ids.extend(tenant.add(Batch::new(vec![new; count])).unwrap().ids);
        }
        4 | 5 => {
            let fact = NewFact::new(
                format!("person {}", draws.below(9)),
                "mood",
                format!("mood {}", draws.below(5)),
            );
            let supports = pick(draws, ids)
                .filter(|id| tenant.get(*id).is_ok_and(|record| record.as_episode().is_some()));
            let fact = NewFact { supports: supports.into_iter().collect(), ..fact.confidence(0.4) };
            ids.push(tenant.assert_fact(fact).unwrap().id);
        }
        6 => drop(
            pick(draws, ids)
                .map(|id| tenant.update(id, EpisodeUpdate::text(format!("now {}", draws.below(1000))))),
        ),
        7 => drop(pick(draws, ids).map(|id| tenant.delete(id))),
        8 => drop(pick(draws, ids).map(|id| tenant.reinforce(id, Grade::Good))),
        9 => drop(
            pick(draws, ids).map(|id| if draws.below(2) == 0 { tenant.restore(id) } else { tenant.pin(id) }),
        ),
        10 => drop(pick(draws, ids).map(|id| tenant.retract(id))),
        _ => {
            *now = now.plus_seconds(draws.below(400_000) as i64);
            clock.set(*now);
            tenant.maintain(&Budget { records: 20, ..Budget::default() }).unwrap();
        }
    }
}

fn policy() -> TenantConfig {
    let archive = Some(ArchiveRule { older_than_days: 20.0, importance_below: 0.7 });
    let retention = RetentionPolicy {
        archive,
        delete_archived_after_days: Some(30.0),
        episodes_max: Some(800),
        ..RetentionPolicy::default()
    };
    TenantConfig { retention, ..TenantConfig::default() }
}

/// Not a test of its own: what the child process runs.
#[test]
fn child() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let clock = Arc::new(ManualClock::at(START));
    let store =
        Store::open(Path::new(&path), Options { clock: clock.clone(), embedder: None, ..Options::default() })
            .unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    tenant.configure(policy()).unwrap();
    let mut ids: Vec<Id> = records(&tenant).iter().map(Record::id).collect();
    let begun = ids.len() as u64 + tenant.usage().unwrap().added;
    let (mut draws, mut now) = (Draws(begun), START.plus_seconds(begun as i64 * 10_000));
    println!("\nready");
    loop {
        do_one(&tenant, &clock, &mut now, &mut draws, &mut ids);
        let mut out = std::io::stdout().lock();
        writeln!(out, "did").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn usage_is_what_a_count_gives_after_ten_thousand_operations_and_twenty_kills() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let mut done = 0;
    for _ in 0..20 {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(CHILD, &path).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        done += lines.by_ref().filter(|line| line == "did").take(500).count();
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
        check_usage(&store.tenant_with_access("acme", Access::Admin).unwrap());
    }
    assert_eq!(done, 10_000);
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let usage = check_usage(&store.tenant_with_access("acme", Access::Admin).unwrap());
    assert!(usage.archived > 0 && usage.deleted > 100 && usage.vectors > 0 && usage.uses > 0, "{usage:?}");
}

#[test]
fn a_quota_is_kept_exactly_by_eight_threads() {
    let tenant = with_quotas(Quotas { records: Some(100), ..Quotas::default() });
    let added: usize = std::thread::scope(|scope| {
        let writer = |writer: usize| {
            let tenant = &tenant;
            scope.spawn(move || {
                let add = |step: usize| match tenant.add(format!("writer {writer} step {step}").as_str()) {
                    Ok(_) => 1,
                    Err(error) => {
                        assert_eq!((error.code(), error.kind()), (Code::QuotaExceeded, ErrorKind::Quota));
                        assert_eq!(error.quota().unwrap().limit, 100);
                        0
                    }
                };
                (0..40).map(add).sum::<usize>()
            })
        };
        let writers: Vec<_> = (0..8).map(writer).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(added, 100);
    assert_eq!(check_usage(&tenant).records(), 100);
    tenant.delete(records(&tenant)[0].id()).unwrap();
    tenant.add("one more fits").unwrap();
    assert!(tenant.add("another does not").is_err());
}

#[test]
fn batches_that_do_not_fit_leave_nothing_behind_while_others_write() {
    let tenant = with_quotas(Quotas { records: Some(1000), ..Quotas::default() });
    let kept: usize = std::thread::scope(|scope| {
        let writer = |writer: usize| {
            let tenant = &tenant;
            scope.spawn(move || {
                let size = 130 + writer * 10;
                let batch =
                    || (0..size).map(|at| NewEpisode::user(format!("{writer} {at}"))).collect::<Vec<_>>();
                (0..4).filter(|_| tenant.add(batch()).is_ok()).count() * size
            })
        };
        let writers: Vec<_> = (0..8).map(writer).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let usage = check_usage(&tenant);
    assert_eq!(usage.records(), kept as u64, "whole batches or nothing of them");
    assert!(kept > 1000 - 130 - 70 && kept <= 1000);
}

#[test]
fn every_quota_says_what_it_allows_and_nothing_is_written() {
    let vector = |at: usize| (0..4).map(|part| if part == at % 4 { 1.0 } else { 0.1 }).collect::<Vec<f32>>();
    let tenant = with_quotas(Quotas { vectors: Some(2), ..Quotas::default() });
    for at in 0..2 {
        tenant.add(NewEpisode::user(format!("{at}")).vector(vector(at))).unwrap();
    }
    let refused = tenant.add(NewEpisode::user("third").vector(vector(2))).unwrap_err().quota().unwrap();
    assert_eq!((refused.what, refused.limit, refused.used, refused.asked), ("vectors", 2, 2, 1));
    tenant.add("without a vector it fits").unwrap();

    let tenant = with_quotas(Quotas { bytes: Some(1000), ..Quotas::default() });
    let id = tenant.add("short").unwrap().ids[0];
    let before = check_usage(&tenant);
    let refused = tenant.add("long ".repeat(300).as_str()).unwrap_err().quota().unwrap();
    assert_eq!((refused.what, refused.used), ("bytes", before.bytes));
    assert!(refused.asked > 1500 && refused.asked < 1700, "{refused:?}");
    assert_eq!(
        tenant.update(id, EpisodeUpdate::text("long ".repeat(300))).unwrap_err().code(),
        Code::QuotaExceeded
    );
    let fact = NewFact::new("Mara", "noted", "x".repeat(1500));
    assert_eq!(tenant.assert_fact(fact.clone()).unwrap_err().code(), Code::QuotaExceeded);
    assert_eq!(
        tenant.dry_run().assert_fact(fact).unwrap_err().code(),
        Code::QuotaExceeded,
        "a try is told, too"
    );
    assert_eq!(check_usage(&tenant), before);

    // What is over a quota that was lowered can still be deleted, used and maintained.
    tenant
        .configure(TenantConfig {
            quotas: Quotas { records: Some(0), ..Quotas::default() },
            ..TenantConfig::default()
        })
        .unwrap();
    tenant.reinforce(id, Grade::Good).unwrap();
    tenant.maintain(&Budget::default()).unwrap();
    assert_eq!(tenant.memory(id).unwrap().uses, 1);
    tenant.delete(id).unwrap();
    assert_eq!(check_usage(&tenant).records(), 0);
}

#[test]
fn a_batch_with_a_key_is_counted_once() {
    let tenant = with_quotas(Quotas { records: Some(200), ..Quotas::default() });
    let batch =
        || Batch::new((0..150).map(|at| NewEpisode::user(format!("{at}"))).collect()).idempotency_key("k");
    assert!(!tenant.add(batch()).unwrap().replayed);
    assert!(tenant.add(batch()).unwrap().replayed, "a repetition asks for nothing");
    assert_eq!(check_usage(&tenant).records(), 150);
}

#[test]
fn a_rate_limit_tells_how_long_to_wait() {
    let (tenant, clock) = open(Options { embedder: None, ..Options::default() });
    assert!(tenant.take_permit(1_000_000).unwrap().allowed, "without one all are allowed");
    let rate = Some(RateLimit { per_second: 2.0, burst: 3 });
    tenant.configure(TenantConfig { rate, ..TenantConfig::default() }).unwrap();
    let remaining: Vec<u32> = (0..3).map(|_| tenant.take_permit(1).unwrap().remaining).collect();
    assert_eq!(remaining, [2, 1, 0]);
    let refused = tenant.take_permit(1).unwrap();
    assert!(!refused.allowed && (refused.retry_after - 0.5).abs() < 1e-6, "{refused:?}");
    clock.set(START.plus_seconds(1));
    assert!(tenant.take_permit(2).unwrap().allowed, "a second gives two");
    assert!(!tenant.take_permit(1).unwrap().allowed);
    clock.set(START.plus_seconds(-100_000));
    assert!(tenant.take_permit(1).unwrap().retry_after < 2.0, "a clock set back locks nobody out");
    clock.set(START.plus_seconds(1_000_000));
    assert_eq!(tenant.take_permit(1).unwrap().remaining, 2, "rest gives a burst, no more");
    assert!(tenant.take_permit(4).unwrap().retry_after.is_infinite());
    assert_eq!(tenant.take_permit(0).unwrap_err().code(), Code::RangeInvalid);
    for rate in [
        RateLimit { per_second: 0.0, burst: 1 },
        RateLimit { per_second: f64::NAN, burst: 1 },
        RateLimit { per_second: 1.0, burst: 0 },
    ] {
        let refused =
            tenant.configure(TenantConfig { rate: Some(rate), ..TenantConfig::default() }).unwrap_err();
        assert_eq!(refused.code(), Code::RangeInvalid);
    }
}

#[test]
fn usage_is_exported_for_other_programs() {
    let store = Store::in_memory(Options { embedder: None, ..Options::default() }).unwrap();
    for name in ["acme", "a \"quoted\", name"] {
        store.tenant(name).unwrap().add("I like tea").unwrap();
    }
    let report = store.usage().unwrap();
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["acme"]["episodes"], 1);
    assert_eq!(json["a \"quoted\", name"]["added"], report.tenants[0].1.added);
    let csv = report.to_csv();
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(lines[1].starts_with("\"a \"\"quoted\"\", name\",1,"), "{csv}");
    assert_eq!(lines[2].split(',').count(), lines[0].split(',').count());
}
