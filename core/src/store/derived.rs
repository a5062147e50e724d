//! The promise: everything that is derived can be thrown away, and the answers are the same.
//!
//! It could be broken by a fact that only an index knows, by statistics that count what is gone, or by a
//! segment that is sealed over changes. The derived rows are deleted behind the library's back.

use crate::model::{NewDocument, NewEpisode, NewFact, Record};
use crate::observe::{Cause, HealthState};
use crate::retrieval::{AuditQuery, Filter, Query};
use crate::storage::{Commit, Engine, EngineOptions, Key, OpenMode, RedbEngine, Table, keys};
use crate::store::{Options, Store};
use crate::tenancy::{Access, Tenant};
use crate::{EpisodeUpdate, ManualClock, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn open(path: &Path) -> Tenant {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    let store = Store::open(path, Options { clock, embedder: None, ..Options::default() }).unwrap();
    store.tenant_with_access("acme", Access::Admin).unwrap()
}

fn vector(at: usize) -> Vec<f32> {
    (0..40).map(|component| ((at * 13 + component * 7) % 29) as f32 - 14.2).collect()
}

/// Five segments and a tail, with changes and deletions before and after sealing.
fn fill(tenant: &Tenant) {
    let turn = |at: usize| {
        let text = format!("turn {at} about the {}", ["river", "bridge", "harbour"][at % 3]);
        let turn = NewEpisode::user(text).session(format!("s{}", at / 20)).metadata("part", (at % 5) as i64);
        if at.is_multiple_of(4) { turn } else { turn.vector(vector(at)) }
    };
    let text =
        |name: &str| format!("# One\n\n{name} one.\n\n# Two\n\nThe river.\n\n# Three\n\nThe bridge.\n");
    tenant.add_document(NewDocument::new("notes", text("Part"))).unwrap();
    let ids = tenant.add((0..5300).map(turn).collect::<Vec<_>>()).unwrap().ids;
    for (at, id) in ids.iter().enumerate() {
        if at % 31 == 0 {
            tenant.delete(*id).unwrap();
        } else if at % 37 == 0 {
            tenant.update(*id, EpisodeUpdate::text(format!("the tram of turn {at}"))).unwrap();
        }
    }
    for at in 0..30 {
        tenant.assert_fact(NewFact::new("Mara", "lives_in", format!("town {at}"))).unwrap();
        tenant.assert_fact(NewFact::new("Mara", "likes", format!("tea {}", at % 7))).unwrap();
    }
    tenant.add(NewEpisode::user("y".repeat(200_000))).unwrap();
    tenant.add_document(NewDocument::new("notes", text("The first part"))).unwrap();
}

fn answers(tenant: &Tenant) -> String {
    let mut answers = String::new();
    for text in ["river", "the tram of turn", "town 29", "tea", "turn 1234 about the bridge"] {
        for query in [Query::text(text), Query::text(text).vector(vector(77)), Query::by_vector(vector(5))] {
            for filter in [Filter::default().with_historical(), Filter::default().metadata("part", 3)] {
                for hit in tenant.search(query.clone().filter(filter).limit(40)).unwrap() {
                    answers += &format!("{} {:?} {}\n", hit.record.id(), hit.parts, hit.score);
                }
            }
        }
    }
    let everything = tenant.list(&Filter::default().with_historical(), None, 1000).unwrap();
    let mut stats = tenant.stats().unwrap();
    (stats.version, stats.working_set_bytes) = (0, 0);
    // Making it again is in the audit itself.
    let mut audit = tenant.audit(&AuditQuery::default(), None, 1000).unwrap().entries;
    audit.retain(|entry| entry.cause != Cause::Reindex);
    let turns = everything.records.iter().filter_map(Record::as_episode);
    let first = turns.into_iter().find(|episode| episode.passage.is_none()).unwrap();
    let one = tenant.audit(&AuditQuery::record(first.id), None, 10).unwrap();
    assert!(audit.len() > 400 && one.entries.len() == 1);
    let document = tenant.document("notes").unwrap();
    format!("{answers}{document:?}{everything:?}{stats:?}{audit:?}{one:?}")
}

/// A closed store that was filled, and its answers.
fn filled() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tenant = open(&path);
    fill(&tenant);
    let before = answers(&tenant);
    (folder, path, before)
}

/// Deletes all rows of these tables behind the library's back, or spoils them; returns how many there were.
fn tamper(path: &Path, tables: &[Table], spoil: bool) -> usize {
    let engine =
        RedbEngine::open(path, EngineOptions { mode: OpenMode::Write, cache_bytes: 1 << 20 }).unwrap();
    let snapshot = engine.snapshot("acme").unwrap();
    let all = tables.iter().map(|table| keys::table(*table));
    let rows: Vec<Key> = all.flat_map(|all| snapshot.keys(&all, &all.end(), usize::MAX).unwrap()).collect();
    let (count, expect) = (rows.len(), engine.head("acme").unwrap().version);
    let spoilt = |key: Key| (key, Arc::from(&b"spoilt"[..]));
    let (puts, deletes) =
        if spoil { (rows.into_iter().map(spoilt).collect(), Vec::new()) } else { (Vec::new(), rows) };
    engine.commit(Commit { tenant: Arc::from("acme"), expect, op: 1, puts, deletes }).unwrap();
    count
}

#[test]
fn lost_indexes_are_made_again_with_the_same_answers() {
    let (_folder, path, before) = filled();
    assert!(answers(&open(&path)) == before, "a reopened store answers otherwise");

    // Segments and overlays are made again by themselves, in memory.
    assert!(tamper(&path, &[Table::Segment, Table::Overlay], false) > 50);
    let tenant = open(&path);
    assert!(answers(&tenant) == before, "lost segments changed an answer");
    drop(tenant);

    // What leads to slots is made again by `reindex`, and so are the segments in the file.
    assert!(tamper(&path, &Table::DERIVED, false) > 5000);
    let tenant = open(&path);
    tenant.reindex().unwrap();
    assert!(answers(&tenant) == before, "reindexing changed an answer");
    drop(tenant);
    assert!(tamper(&path, &[Table::Segment], false) > 20, "reindexing wrote no segments");
    let tenant = open(&path);
    assert!(answers(&tenant) == before);
    tenant.reindex().unwrap();
    assert!(answers(&tenant) == before);
}

#[test]
fn spoilt_indexes_are_no_errors_and_heal() {
    let (_folder, path, before) = filled();
    for table in [Table::Overlay, Table::Segment, Table::Slot, Table::Filed, Table::Audit] {
        assert!(tamper(&path, &[table], true) > 0);
        let tenant = open(&path);
        if matches!(table, Table::Overlay | Table::Segment) {
            assert!(answers(&tenant) == before, "spoilt {table:?} rows changed an answer");
        }
        tenant.reindex().unwrap();
        assert!(answers(&tenant) == before, "reindexing did not heal {table:?}");
    }
}

#[test]
fn health_tells_of_segments_that_had_to_be_rebuilt_until_they_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tenant = open(&path);
    tenant.add(vec![NewEpisode::user("a note"); 2500]).unwrap();
    drop(tenant);
    assert!(tamper(&path, &[Table::Segment], false) > 0);
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    assert_eq!(store.health().state, HealthState::Healthy, "nobody has looked yet");
    tenant.search("note").unwrap();
    let health = store.health();
    assert_eq!((health.state, health.reasons[0].code.as_str()), (HealthState::Degraded, "segments.rebuilt"));
    tenant.reindex().unwrap();
    assert_eq!(store.health().state, HealthState::Healthy, "also before it is loaded again");
    tenant.search("note").unwrap();
    assert_eq!((store.health().state, store.health().reasons), (HealthState::Healthy, Vec::new()));
}

#[test]
fn rows_that_lead_to_no_entry_of_the_audit_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tenant = open(&path);
    let id = tenant.add("a note").unwrap().ids[0];
    drop(tenant);
    // A row of a version that has no entry, and one of a record that its entry does not speak of.
    let at = Timestamp::from_seconds(1_790_000_000);
    let engine =
        RedbEngine::open(&path, EngineOptions { mode: OpenMode::Write, cache_bytes: 1 << 20 }).unwrap();
    let expect = engine.head("acme").unwrap().version;
    let stray = |key: Key| (key, Arc::from(&b""[..]));
    let puts = vec![
        stray(keys::audit_entry(None, at.plus_seconds(1), expect)),
        stray(keys::audit_entry(Some(crate::Id::from_u128(9)), at, expect)),
        stray(keys::audit_entry(Some(id), at, 0)),
    ];
    engine.commit(Commit { tenant: Arc::from("acme"), expect, op: 1, puts, deletes: Vec::new() }).unwrap();
    drop(engine);
    let tenant = open(&path);
    tenant.reindex().unwrap();
    let mut entries = tenant.audit(&AuditQuery::default(), None, 10).unwrap().entries;
    entries.retain(|entry| entry.cause != Cause::Reindex);
    assert_eq!(entries.len(), 1);
    assert_eq!(tenant.audit(&AuditQuery::record(id), None, 10).unwrap().entries, entries);
    let other = AuditQuery::record(crate::Id::from_u128(9));
    assert!(tenant.audit(&other, None, 10).unwrap().entries.is_empty());
}

#[test]
fn lost_counters_are_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    open(&path).add("a note").unwrap();
    tamper(&path, &[Table::Meta], false);
    let tenant = open(&path);
    for error in
        [tenant.search("note").unwrap_err(), tenant.add("more").unwrap_err(), tenant.stats().unwrap_err()]
    {
        assert_eq!(error.code(), crate::Code::RowDamaged);
    }
}

#[test]
fn reindexing_loses_nothing_that_is_written_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = open(&folder.path().join("store"));
    tenant.add(vec![NewEpisode::user("a note"); 3000]).unwrap();
    let ids = std::thread::scope(|scope| {
        let writer =
            scope.spawn(|| (0..150).map(|_| tenant.add("a note").unwrap().ids[0]).collect::<Vec<_>>());
        while !writer.is_finished() {
            tenant.reindex().unwrap();
        }
        writer.join().unwrap()
    });
    assert!(ids.into_iter().all(|id| tenant.get(id).is_ok()));
}

#[test]
fn a_segment_that_shrinks_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let tenant = open(&path);
    let turns = (0..1100)
        .map(|at| NewEpisode::user(format!("turn {at} {}", "word".repeat(at % 9))).vector(vector(at)));
    let ids = tenant.add(turns.collect::<Vec<_>>()).unwrap().ids;
    ids.iter().take(1000).for_each(|id| drop(tenant.delete(*id).unwrap()));
    tenant.reindex().unwrap();
    tenant.reindex().unwrap();
    drop(tenant);
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    let store = Store::open(&path, Options { clock, embedder: None, ..Options::default() }).unwrap();
    assert_eq!(store.tenant("acme").unwrap().search(Query::text("turn").limit(1000)).unwrap().len(), 100);
    assert_eq!(store.working_sets().segments_rebuilt, 0);
}

#[test]
fn many_openers_of_a_new_file_make_one_store() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let acknowledged: usize = std::thread::scope(|scope| {
            let openers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        match Store::open(&path, Options { embedder: None, ..Options::default() }) {
                            Ok(store) => store.tenant("acme").unwrap().add("a note").unwrap().ids.len(),
                            Err(error) => {
                                assert_eq!(error.code(), crate::Code::FileLocked, "{error}");
                                0
                            }
                        }
                    })
                })
                .collect();
            openers.into_iter().map(|opener| opener.join().unwrap()).sum()
        });
        assert!(acknowledged > 0);
        assert_eq!(open(&path).stats().unwrap().episodes, acknowledged as u64);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "something was left beside the store");
    }
}

/// Makes a vector of a text's length.
struct Lengths(&'static str);

impl crate::Embedder for Lengths {
    fn space(&self) -> crate::VectorSpace {
        crate::VectorSpace { name: self.0.into(), dimensions: 8 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(texts.iter().map(|text| vec![text.len() as f32; 8]).collect())
    }
}

#[test]
fn no_vector_of_a_former_space_stays_however_a_change_is_cut_off() {
    for steps in 1..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.ebb");
        let open = |name| {
            let embedder = Some(Arc::new(Lengths(name)) as Arc<dyn crate::Embedder>);
            let store = Store::open(&path, Options { embedder, ..Options::default() }).unwrap();
            store.tenant_with_access("acme", Access::Admin).unwrap()
        };
        let ids = open("a").add(vec![NewEpisode::user("a note"); 10]).unwrap().ids;
        let tenant = open("b");
        let mut left = steps;
        let cut_off = |_: &crate::ReembedReport| {
            left -= 1;
            left > 0
        };
        tenant.reembed_with(1000, cut_off).unwrap();
        tenant.delete(ids[0]).unwrap();
        drop(tenant);
        let tenant = open("c");
        while tenant.reembed(1000).unwrap().left > 0 {}
        assert_eq!(tenant.stats().unwrap().vectors, 9);
        drop(tenant);
        assert_eq!(tamper(&path, &[Table::Vector], false), 9, "cut off after {steps}");
    }
}
