//! The promise of an engine: all or nothing, in order, tenant by tenant, and an end after the first failure.
//!
//! Any engine can be run through [`behaves`]. It could be broken by a commit that is half visible, by rows
//! that cross tenants, by an acknowledged commit that is gone after a reopen, by a version check that lets two
//! writers through, or by an engine that goes on after a failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::engine::{Commit, Engine};
use super::key::{Key, Table, keys};
use super::redb_engine::faults::{Faults, on_faulty_medium};
use super::redb_engine::{EngineOptions, OpenMode, RedbEngine};
use crate::error::{Code, ErrorKind};
use crate::observe::HealthState;

fn key(name: &str) -> Key {
    Key::new(Table::Record, &[name.as_bytes()])
}

fn commit(tenant: &str, expect: u64, puts: &[(&str, &str)], deletes: &[&str]) -> Commit {
    Commit {
        tenant: Arc::from(tenant),
        expect,
        op: u128::from(expect) + 100,
        puts: puts.iter().map(|(name, value)| (key(name), Arc::from(value.as_bytes()))).collect(),
        deletes: deletes.iter().map(|name| key(name)).collect(),
    }
}

fn value(engine: &dyn Engine, tenant: &str, name: &str) -> Option<String> {
    let row = engine.snapshot(tenant).unwrap().get_many(&[key(name)]).unwrap().pop().unwrap();
    row.map(|payload| String::from_utf8(payload).unwrap())
}

fn names(engine: &dyn Engine, tenant: &str, limit: usize) -> Vec<Vec<u8>> {
    let all = keys::table(Table::Record);
    let rows = engine.snapshot(tenant).unwrap().scan(&all, &all.end(), limit).unwrap();
    rows.into_iter().map(|(key, _)| key.body().to_vec()).collect()
}

/// Runs an engine through everything that the rest of the library relies on.
fn behaves(engine: &dyn Engine) {
    reads_what_was_written(engine);
    checks_versions(engine);
    keeps_snapshots_still(engine);
    keeps_tenants_apart(engine);
    refuses_what_is_too_large(engine);
    acknowledges_many_writers(engine);
    engine.close();
    assert_eq!(engine.head("a").unwrap_err().code(), Code::StoreClosed);
    assert_eq!(engine.health().state, HealthState::Closed);
}

fn reads_what_was_written(engine: &dyn Engine) {
    assert_eq!(engine.head("a").unwrap().version, 0);
    assert_eq!(value(engine, "a", "x"), None);
    assert_eq!(engine.commit(commit("a", 0, &[("x", "1"), ("y", "2"), ("z", "3")], &[])).unwrap(), 1);
    assert_eq!(engine.commit(commit("a", 1, &[("y", "two")], &["x", "never there"])).unwrap(), 2);
    assert_eq!(value(engine, "a", "x"), None);
    assert_eq!(value(engine, "a", "y"), Some("two".to_owned()));
    assert_eq!(names(engine, "a", 10), [b"y", b"z"]);
    assert_eq!(names(engine, "a", 1), [b"y"]);
    assert_eq!(engine.head("a").unwrap().op, 101);
}

fn checks_versions(engine: &dyn Engine) {
    for stale in [0, 1, 3] {
        let refused = engine.commit(commit("a", stale, &[("y", "lost")], &["z"])).unwrap_err();
        assert_eq!(refused.code(), Code::VersionMismatch);
    }
    assert_eq!(value(engine, "a", "y"), Some("two".to_owned()));
    assert_eq!(engine.head("a").unwrap().version, 2);
    // Queued one behind the other, as a tenant's writers do it.
    let first = engine.submit(commit("a", 2, &[("q", "first")], &[])).unwrap();
    let second = engine.submit(commit("a", 3, &[("q", "second")], &[])).unwrap();
    assert_eq!(engine.wait(&second).unwrap(), 4);
    assert_eq!(engine.wait(&first).unwrap(), 3);
    assert_eq!(value(engine, "a", "q"), Some("second".to_owned()));
}

fn keeps_snapshots_still(engine: &dyn Engine) {
    let before = engine.snapshot("a").unwrap();
    engine.commit(commit("a", 4, &[("q", "third")], &["y"])).unwrap();
    let rows = before.get_many(&[key("q"), key("nothing"), key("y")]).unwrap();
    assert_eq!(rows, [Some(b"second".to_vec()), None, Some(b"two".to_vec())]);
    assert_eq!(value(engine, "a", "q"), Some("third".to_owned()));
}

fn keeps_tenants_apart(engine: &dyn Engine) {
    engine.commit(commit("b", 0, &[("q", "b's own")], &[])).unwrap();
    assert_eq!(value(engine, "a", "q"), Some("third".to_owned()));
    assert_eq!(names(engine, "b", 10), [b"q"]);
    assert_eq!(engine.tenants().unwrap(), ["a", "b"]);
    assert!(engine.erase("b").unwrap());
    assert!(!engine.erase("b").unwrap());
    assert_eq!(engine.tenants().unwrap(), ["a"]);
    assert_eq!(engine.head("b").unwrap().version, 0);
    engine.commit(commit("b", 0, &[("new", "life")], &[])).unwrap();
    assert_eq!(names(engine, "b", 10), [b"new"]);
    assert_eq!(value(engine, "a", "z"), Some("3".to_owned()));
}

fn refuses_what_is_too_large(engine: &dyn Engine) {
    let (long, large) = ("k".repeat(600), "v".repeat(70_000));
    for put in [(long.as_str(), "v"), ("k", large.as_str())] {
        assert_eq!(engine.commit(commit("b", 1, &[put], &[])).unwrap_err().code(), Code::RangeInvalid);
    }
    assert_eq!(engine.head("b").unwrap().version, 1);
}

fn acknowledges_many_writers(engine: &dyn Engine) {
    std::thread::scope(|scope| {
        for writer in 0..8 {
            scope.spawn(move || {
                let tenant = format!("writer {writer}");
                for version in 0..25 {
                    let name = format!("{version:02}");
                    assert_eq!(
                        engine.commit(commit(&tenant, version, &[(&name, "v")], &[])).unwrap(),
                        version + 1
                    );
                    assert_eq!(names(engine, &tenant, 100).len() as u64, version + 1);
                }
            });
        }
    });
}

fn options(mode: OpenMode) -> EngineOptions {
    EngineOptions { mode, cache_bytes: 1 << 20 }
}

#[test]
fn the_engine_in_memory_behaves() {
    behaves(&RedbEngine::in_memory(1 << 20).unwrap());
}

#[test]
fn the_engine_in_a_file_behaves_and_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    behaves(&RedbEngine::open(&path, options(OpenMode::Create)).unwrap());
    for mode in [OpenMode::Write, OpenMode::Read] {
        let engine = RedbEngine::open(&path, options(mode)).unwrap();
        assert_eq!(value(&engine, "a", "q"), Some("third".to_owned()));
        assert_eq!(engine.head("a").unwrap().version, 5);
        assert_eq!(engine.tenants().unwrap().len(), 10);
    }
    let reader = RedbEngine::open(&path, options(OpenMode::Read)).unwrap();
    assert_eq!(reader.commit(commit("a", 5, &[], &[])).unwrap_err().code(), Code::StoreReadOnly);
    assert_eq!(reader.erase("a").unwrap_err().code(), Code::StoreReadOnly);
    assert_eq!(reader.health().state, HealthState::Healthy);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks at the file itself")]
fn a_file_of_a_newer_format_is_refused_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    super::redb_engine::faults::make_with_format(&path, 7);
    let before = std::fs::read(&path).unwrap();
    let error = RedbEngine::open(&path, options(OpenMode::Read)).err().unwrap();
    assert_eq!(error.code(), Code::FormatNewer);
    assert!(error.to_string().contains("format 7"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before, "a file that is refused is left as it is");
}

/// Fails the medium at its n-th operation, for every n until the work goes through. Whatever fails: the
/// engine says so, does not go on, and after a reopen every acknowledged commit is there and no half of one.
#[test]
fn a_failing_medium_stops_the_engine_and_loses_nothing() {
    let mut runs = 0;
    for fail_at in 0.. {
        let faults = Faults::default();
        faults.arm(u64::MAX);
        let engine = on_faulty_medium(&faults).unwrap();
        faults.arm(fail_at);
        let acknowledged = AtomicU64::new(0);
        let failure = (0..6).find_map(|version| {
            let (name, text) = (format!("{version}"), "v".repeat(5000));
            let twin = format!("{version} twin");
            let outcome = engine.commit(commit("a", version, &[(&name, &text), (&twin, &text)], &[]));
            outcome.map(|version| acknowledged.store(version, Ordering::SeqCst)).err()
        });
        let acknowledged = acknowledged.into_inner();
        if let Some(error) = &failure {
            assert!(matches!(error.kind(), ErrorKind::Io | ErrorKind::Corrupt), "{error}");
            assert_eq!(engine.health().state, HealthState::Failed);
            let refused = engine.commit(commit("a", acknowledged, &[("late", "v")], &[])).unwrap_err();
            assert_eq!(refused.code(), Code::StoreFailed);
        }
        drop(engine);
        faults.arm(u64::MAX);
        let engine = on_faulty_medium(&faults).unwrap();
        let version = engine.head("a").unwrap().version;
        // The commit that failed may have become durable; its outcome was unknown, and the head tells.
        assert!(version == acknowledged || failure.is_some() && version == acknowledged + 1, "{version}");
        assert_eq!(names(&engine, "a", 100).len() as u64, 2 * version, "no half of a commit");
        runs += 1;
        if failure.is_none() {
            break;
        }
    }
    assert!(runs > 50, "the medium was used only {runs} times: the test is blind");
}
