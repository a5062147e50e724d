//! The promise: a tenant changes to the vectors of another embedder in as many steps as one likes, with anything in
//! between (crashes, other writes, a third embedder), and is then as if it had used that one from the beginning.
//! Meanwhile everything is found: by words, by vectors of the former space, and by those of the new one as far as it is.
//!
//! It could be broken by a step that is lost or done twice, a record that changed while its vector was made, vectors of
//! two spaces that are mixed up in memory or on file, or a segment of the former space that is taken for a new one.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

use std::error::Error as StdError;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use ebbmark::{
    Access, AuditQuery, Cause, Code, Embedder, EpisodeUpdate, Extraction, Id, ManualClock, NewEpisode,
    Options, Query, ReembedReport, Store, Tenant, Timestamp, VectorSpace,
};
use proptest::prelude::*;

/// Counts pairs of letters, each embedder into places of its own.
struct Pairs {
    name: &'static str,
    dimensions: u32,
    /// Calls after which it fails, for ever.
    calls: AtomicU32,
}

impl Pairs {
    fn new(name: &'static str, dimensions: u32) -> Arc<Self> {
        Arc::new(Pairs { name, dimensions, calls: AtomicU32::new(u32::MAX) })
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        let mut vector = vec![0.01; self.dimensions as usize];
        for pair in text.as_bytes().windows(2) {
            let place = self
                .name
                .bytes()
                .chain(pair.iter().copied())
                .fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
            vector[(place % self.dimensions) as usize] += 1.0;
        }
        vector
    }
}

impl Embedder for Pairs {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: self.name.into(), dimensions: self.dimensions }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>> {
        let left = self.calls.load(Ordering::SeqCst);
        if left == 0 {
            return Err("no more calls".into());
        }
        self.calls.store(left - 1, Ordering::SeqCst);
        Ok(texts.iter().map(|text| self.vector(text)).collect())
    }
}

fn open(path: &Path, embedder: &Arc<Pairs>) -> Tenant {
    let options = Options {
        embedder: Some(Arc::clone(embedder) as Arc<dyn Embedder>),
        extraction: Extraction::Off,
        clock: Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000))),
        id_seed: Some(7),
        ..Options::default()
    };
    Store::open(path, options).unwrap().tenant_with_access("acme", Access::Admin).unwrap()
}

fn note(number: usize) -> NewEpisode {
    let words = ["harbour", "violin", "ferry", "tea", "lantern", "orchard", "copper"];
    NewEpisode::user(format!("{} {} {number}", words[number % 7], words[(number / 7) % 7]))
}

fn ids(tenant: &Tenant, query: Query) -> Vec<Id> {
    tenant.search(query.limit(20)).unwrap().iter().map(|hit| hit.record.id()).collect()
}

/// What questions by vector alone find: all of it hangs on the vectors.
fn found(tenant: &Tenant, embedder: &Pairs) -> Vec<Vec<Id>> {
    let asked = ["harbour ferry 17", "copper tea", "lantern lantern 40", "an orchard"];
    asked.iter().map(|text| ids(tenant, Query::by_vector(embedder.vector(text)))).collect()
}

/// Changes over in steps, opening the file anew between them as often as is said.
fn change(path: &Path, embedder: &Arc<Pairs>, steps: &[(usize, bool)]) {
    let mut tenant = open(path, embedder);
    for &(records, again) in steps {
        tenant.reembed_with(records, |_| false).unwrap();
        if again {
            drop(tenant);
            tenant = open(path, embedder);
        }
    }
    while tenant.reembed(1000).unwrap().left > 0 {}
    assert_eq!(tenant.reembed(1).unwrap(), ReembedReport::default(), "a change that is over does nothing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn afterwards_it_is_as_if_it_had_been_so_always(
        count in 1..2600_usize,
        steps in prop::collection::vec((1..400_usize, any::<bool>()), 0..8),
        deleted in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        dimensions in prop::sample::select(vec![32_u32, 48]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (before, after) = (Pairs::new("before", 32), Pairs::new("after", dimensions));
        let fill = |path: &Path, embedder: &Arc<Pairs>| {
            let tenant = open(path, embedder);
            let added = tenant.add((0..count).map(note).collect::<Vec<_>>()).unwrap().ids;
            for which in &deleted {
                let _ = tenant.delete(added[which.index(count)]);
            }
            for (number, id) in added.iter().take(5).enumerate() {
                let _ = tenant.update(*id, EpisodeUpdate::text(format!("changed {number}")));
            }
        };
        let (changed, always) = (folder.path().join("changed.ebb"), folder.path().join("always.ebb"));
        fill(&changed, &before);
        fill(&always, &after);
        change(&changed, &after, &steps);
        let (changed, always) = (open(&changed, &after), open(&always, &after));
        prop_assert_eq!(found(&changed, &after), found(&always, &after));
        prop_assert_eq!(changed.stats().unwrap().vectors, always.stats().unwrap().vectors);
        prop_assert_eq!(changed.stats().unwrap().space, always.stats().unwrap().space);
        prop_assert_eq!(changed.usage().unwrap().bytes, always.usage().unwrap().bytes);
        // It is the same after all that is derived is made again.
        changed.reindex().unwrap();
        prop_assert_eq!(found(&changed, &after), found(&always, &after));
    }
}

#[test]
fn meanwhile_all_is_found_and_what_is_added_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let (before, after) = (Pairs::new("before", 32), Pairs::new("after", 32));
    let tenant = open(&path, &before);
    tenant.add((0..700).map(note).collect::<Vec<_>>()).unwrap();
    let former = found(&tenant, &before);
    drop(tenant);

    let tenant = open(&path, &after);
    let refused = tenant.search("harbour").unwrap_err();
    assert_eq!(refused.code(), Code::VectorSpace);
    assert!(refused.to_string().contains("'before'") && refused.to_string().contains("'after'"), "{refused}");
    assert_eq!(tenant.add("one more").unwrap_err().code(), Code::VectorSpace);

    let mut told = Vec::new();
    tenant
        .reembed_with(300, |report| {
            told.push(*report);
            true
        })
        .unwrap();
    assert!(told.len() > 1 && told.windows(2).all(|pair| pair[0].done <= pair[1].done), "{told:?}");
    assert!(told.last().unwrap().left > 0);
    let mut tenant = tenant;
    for _ in 0..2 {
        // By words and by the new vectors as far as they are there.
        assert_eq!(tenant.search("harbour ferry").unwrap().len(), 10);
        let near = tenant.search(Query::by_vector(after.vector("harbour harbour 0"))).unwrap();
        assert_eq!(near[0].record.text(), "harbour harbour 0");
        let added = tenant.add("a lighthouse keeper's diary").unwrap();
        assert_eq!(added.pending, 1);
        let found = ids(&tenant, Query::text("lighthouse"));
        assert!(found[..2].contains(&added.ids[0]), "words count for a vector that is not there yet");
        assert_eq!(tenant.process_pending(10).unwrap().done, 0);
        drop(tenant);
        tenant = open(&path, &after);
    }
    // By vectors of the former space.
    drop(tenant);
    let tenant = open(&path, &before);
    assert_eq!(found(&tenant, &before), former);
    drop(tenant);

    let tenant = open(&path, &after);
    while tenant.reembed(1000).unwrap().left > 0 {}
    assert_eq!(tenant.process_pending(10).unwrap().done, 2);
    let changes = tenant.audit(&AuditQuery::default().cause(Cause::Reembed), None, 100).unwrap();
    assert!(!changes.entries.is_empty());
    let near = tenant.search(Query::by_vector(after.vector("a lighthouse keeper's diary"))).unwrap();
    assert_eq!(near[0].record.text(), "a lighthouse keeper's diary");
    drop(tenant);
    assert_eq!(open(&path, &before).search("harbour").unwrap_err().code(), Code::VectorSpace);
}

#[test]
fn a_failing_embedder_loses_nothing_and_another_one_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let (before, wrong, after) = (Pairs::new("before", 32), Pairs::new("wrong", 40), Pairs::new("after", 48));
    open(&path, &before).add((0..600).map(note).collect::<Vec<_>>()).unwrap();
    let tenant = open(&path, &wrong);
    wrong.calls.store(1, Ordering::SeqCst);
    let failed = tenant.reembed(1000).unwrap_err();
    assert_eq!(failed.code(), Code::EmbedderFailed);
    drop(tenant);

    let tenant = open(&path, &after);
    while tenant.reembed(1000).unwrap().left > 0 {}
    let near = tenant.search(Query::by_vector(after.vector("copper tea 12"))).unwrap();
    assert!(near[0].parts.cosine.unwrap() > 0.8);
    drop(tenant);

    // Back to where it came from, and given up half-way.
    let tenant = open(&path, &before);
    tenant.reembed_with(100, |_| false).unwrap();
    tenant.reembed_with(100, |_| false).unwrap();
    drop(tenant);
    let tenant = open(&path, &after);
    let same = tenant.search(Query::by_vector(after.vector("copper tea 12"))).unwrap();
    assert_eq!(same, near);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let before = Pairs::new("before", 32);
    let tenant = open(&path, &before);
    tenant.add("a note").unwrap();
    assert_eq!(tenant.reembed(0).unwrap_err().code(), Code::RangeInvalid);
    assert_eq!(tenant.reembed(10).unwrap(), ReembedReport::default());
    drop(tenant);
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let admin = store.tenant_with_access("acme", Access::Admin).unwrap();
    assert_eq!(admin.reembed(10).unwrap_err().code(), Code::VectorSpace);
    assert_eq!(store.tenant("acme").unwrap().reembed(10).unwrap_err().code(), Code::AccessDenied);
}

#[test]
fn it_comes_to_its_end_while_others_write_and_delete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let (before, after) = (Pairs::new("before", 32), Pairs::new("after", 48));
    let ids = open(&path, &before).add((0..600).map(note).collect::<Vec<_>>()).unwrap().ids;
    let tenant = open(&path, &after);
    tenant.reembed_with(1, |_| false).unwrap();
    let over = AtomicBool::new(false);
    let added = std::thread::scope(|scope| {
        let adding = scope.spawn(|| {
            let mut added = 0;
            while !over.load(Ordering::SeqCst) {
                added += tenant.add("one more").unwrap().ids.len();
                let _ = tenant.delete(ids[added % ids.len()]);
            }
            added
        });
        let both = [0, 1].map(|_| scope.spawn(|| while tenant.reembed(100).unwrap().left > 0 {}));
        both.into_iter().for_each(|one| one.join().unwrap());
        over.store(true, Ordering::SeqCst);
        adding.join().unwrap()
    });
    while tenant.process_pending(1000).unwrap().done > 0 {}
    let stats = tenant.stats().unwrap();
    assert_eq!(stats.space.unwrap().name, "after");
    assert_eq!(stats.vectors, stats.episodes);
    assert!(added > 0 && stats.pending == 0);
}

#[test]
fn what_is_left_is_told_until_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let (before, after) = (Pairs::new("before", 32), Pairs::new("after", 48));
    drop(open(&path, &before).add((0..2100).map(note).collect::<Vec<_>>()).unwrap());
    let tenant = open(&path, &after);
    while tenant.reembed_with(usize::MAX, |report| report.left > 0).unwrap().left > 0 {}
    drop(tenant);
    let options = Options { embedder: Some(after as Arc<dyn Embedder>), ..Options::default() };
    let store = Store::open(&path, options).unwrap();
    store.tenant("acme").unwrap().search("harbour").unwrap();
    assert_eq!(store.working_sets().segments_rebuilt, 0);
}

#[test]
fn what_waits_for_the_change_makes_no_commits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let (before, after) = (Pairs::new("before", 32), Pairs::new("after", 32));
    drop(open(&path, &before).add((0..600).map(note).collect::<Vec<_>>()).unwrap());
    let tenant = open(&path, &after);
    tenant.reembed(1).unwrap();
    tenant.add("a lighthouse").unwrap();
    let version = tenant.stats().unwrap().version;
    assert_eq!(tenant.process_pending(10).unwrap().failed, 0);
    tenant.maintain(&ebbmark::Budget::default()).unwrap();
    assert_eq!(tenant.stats().unwrap().version, version);
}

#[test]
fn records_without_vectors_get_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    store.tenant("acme").unwrap().add((0..300).map(note).collect::<Vec<_>>()).unwrap();
    store.close();
    let tenant = open(&path, &Pairs::new("after", 48));
    while tenant.reembed(100).unwrap().left > 0 {}
    while tenant.process_pending(1000).unwrap().done > 0 {}
    let stats = tenant.stats().unwrap();
    assert_eq!((stats.vectors, stats.pending), (300, 0));
}
