//! The promise: every commit that changes anything but what is derived has one entry in the audit, which says who, what,
//! why and when, with versions before and after; it is found by record, time, actor and cause, newest first; pruning
//! removes what is old, says so, and no more. Content is never part of it.
//!
//! It could be broken by a verb that writes without an entry, by an index that knows less than the feed, by a clock that
//! goes backwards, by pages that lose or repeat entries, or by a pruning that eats its own entry.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::Arc;

use ebbmark::{
    Access, AuditCursor, AuditEntry, AuditQuery, Budget, Cause, ChangeKind, Code, Embedder, EpisodeUpdate,
    Id, ManualClock, NewEpisode, NewFact, Options, Predicate, Provenance, Resolution, Store, Tenant,
    Timestamp, VectorSpace,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn at(seconds: i64) -> Timestamp {
    START.plus_seconds(seconds)
}

fn open() -> (Tenant, Arc<ManualClock>) {
    open_with(Options::default())
}

fn open_with(options: Options) -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store = Store::in_memory(Options { clock: clock.clone(), ..options }).unwrap();
    (store.tenant_with_access("acme", Access::Admin).unwrap(), clock)
}

/// All entries of a query, newest first, page by page.
fn all(tenant: &Tenant, query: &AuditQuery, page: usize) -> Vec<AuditEntry> {
    let mut entries = Vec::new();
    let mut cursor: Option<AuditCursor> = None;
    loop {
        let next = tenant.audit(query, cursor, page).unwrap();
        assert!(next.entries.len() <= page);
        entries.extend(next.entries);
        // A cursor survives being printed.
        cursor = next.next.map(|cursor| cursor.to_string().parse().unwrap());
        if cursor.is_none() {
            return entries;
        }
    }
}

fn causes(tenant: &Tenant) -> Vec<Cause> {
    all(tenant, &AuditQuery::default(), 1000).iter().rev().map(|entry| entry.cause).collect()
}

/// An embedder that fails until it is told not to.
struct Moody(std::sync::atomic::AtomicBool);

impl Embedder for Moody {
    fn space(&self) -> VectorSpace {
        VectorSpace { name: "moody".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
        if self.0.load(std::sync::atomic::Ordering::SeqCst) {
            return Ok(vec![vec![1.0, 0.5]; texts.len()]);
        }
        Err("not today".into())
    }
}

#[test]
fn every_verb_that_changes_something_says_why() {
    let embedder = Arc::new(Moody(false.into()));
    let (tenant, clock) = open_with(Options { embedder: Some(embedder.clone()), ..Options::default() });
    let id = tenant.add("The river was high.").unwrap().ids[0];
    embedder.0.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(tenant.process_pending(10).unwrap().done, 1);
    let fact = |object: &str| NewFact::new("Mara", "birthday", object);
    let third = tenant.assert_fact(fact("March 3")).unwrap();
    let fourth = tenant.assert_fact(fact("March 4")).unwrap();
    let conflict = tenant.conflicts(false).unwrap()[0].id;
    tenant.resolve(conflict, &Resolution::Keep(third.id)).unwrap();
    tenant.confirm(third.id).unwrap();
    tenant.retract(third.id).unwrap();
    tenant.undo(fourth.operation).unwrap();
    tenant.merge_entities("Mara", "Mara K.").unwrap();
    tenant.define_predicate(Predicate::one("desk")).unwrap();
    tenant.update(id, EpisodeUpdate::text("The river was low.")).unwrap();
    let ends = NewFact::new("Mara", "lives_in", "Porto").valid_from(at(0)).valid_to(at(1000));
    tenant.assert_fact(ends).unwrap();
    clock.set(at(2000));
    tenant.maintain(&Budget { records: 10, ..Budget::default() }).unwrap();
    tenant.delete(id).unwrap();
    let archive = ebbmark::ArchiveRule { older_than_days: 0.0, importance_below: 1.0 };
    let retention =
        ebbmark::RetentionPolicy { archive: Some(archive), ..ebbmark::RetentionPolicy::default() };
    tenant.configure(ebbmark::TenantConfig { retention, ..ebbmark::TenantConfig::default() }).unwrap();
    let note = tenant.add("The river is gone.").unwrap().ids[0];
    clock.set(at(3000));
    assert_eq!(tenant.retention(false).unwrap().archived, 1);
    tenant.restore(note).unwrap();
    tenant.reinforce(note, ebbmark::Grade::Good).unwrap();
    tenant.flush_uses().unwrap();
    tenant.pin(note).unwrap();
    tenant.reconsolidate(&ebbmark::Filter::default().with_historical(), 1.5).unwrap();
    tenant.lease("upkeep", std::time::Duration::from_secs(1)).unwrap();
    tenant.add_document(ebbmark::NewDocument::new("log", "The river rose.")).unwrap();
    tenant.delete_document("log").unwrap();
    tenant.reindex().unwrap();
    tenant.prune_audit(at(-1)).unwrap();
    use Cause::*;
    let expected = [
        Add,
        Embed,
        Assert,
        Assert,
        Resolve,
        Confirm,
        Retract,
        Undo,
        Merge,
        Define,
        Update,
        Assert,
        Maintain,
        Delete,
        Configure,
        Add,
        Retention,
        Restore,
        Use,
        Pin,
        Reconsolidate,
        Lease,
        AddDocument,
        DeleteDocument,
        Reindex,
    ];
    assert_eq!(causes(&tenant), expected);
    tenant.prune_audit(Timestamp::MAX).unwrap();
    assert_eq!(causes(&tenant), [Prune]);
    // A change of vector space needs another store: tests/reembed.rs looks at its entries.
    let mut seen: Vec<Cause> = expected.into_iter().chain([Prune, Reembed]).collect();
    seen.dedup();
    assert!(Cause::ALL.iter().all(|cause| seen.contains(cause)), "a cause that no verb states");
    assert!(
        Cause::ALL
            .iter()
            .enumerate()
            .all(|(at, cause)| { Cause::ALL[..at].iter().all(|other| other.as_str() != cause.as_str()) })
    );
}

#[test]
fn what_changes_nothing_leaves_no_entry() {
    let (tenant, _) = open();
    tenant.add("a note").unwrap();
    let version = tenant.stats().unwrap().version;
    assert_eq!(tenant.retract(Id::from_u128(7)).unwrap_err().code(), Code::RecordNotFound);
    tenant.dry_run().add("tried").unwrap();
    assert_eq!(tenant.dry_run().prune_audit(Timestamp::MAX).unwrap(), 1);
    tenant.maintain(&Budget { records: 10, ..Budget::default() }).unwrap();
    assert_eq!((causes(&tenant), tenant.stats().unwrap().version), (vec![Cause::Add], version));
}

#[test]
fn changes_say_what_was_before_and_after_and_what_else_it_is_about() {
    let (tenant, _) = open();
    let lives = |town: &str| NewFact::new("Mara", "lives_in", town);
    let berlin = tenant.assert_fact(lives("Berlin")).unwrap();
    let said = tenant.add(NewEpisode::user("I moved to Porto.").speaker("Mara")).unwrap();
    let porto = said.facts[0].verdict.id;
    let changes = |cause: Cause| {
        let newest = tenant.audit(&AuditQuery::default().cause(cause), None, 1).unwrap().entries;
        let mut changes = newest[0].changes.clone();
        changes.sort_by_key(|change| change.id);
        let told =
            |change: ebbmark::Change| (change.id, change.kind, change.before, change.after, change.other);
        changes.into_iter().map(told).collect::<Vec<_>>()
    };
    use ChangeKind::*;
    assert_eq!(changes(Cause::Assert), [(berlin.id, Added, None, Some(1), None)]);
    assert_eq!(
        changes(Cause::Add),
        [
            (berlin.id, Superseded, Some(1), Some(2), Some(porto)),
            (said.ids[0], Added, None, Some(1), None),
            (porto, Added, None, Some(1), Some(berlin.id)),
        ]
    );
    tenant.update(said.ids[0], EpisodeUpdate::default().importance(Some(0.5))).unwrap();
    assert_eq!(changes(Cause::Update), [(said.ids[0], Updated, Some(1), Some(2), None)]);
    tenant.delete(said.ids[0]).unwrap();
    assert_eq!(
        changes(Cause::Delete),
        [
            (berlin.id, Restored, Some(2), Some(3), Some(porto)),
            (said.ids[0], Deleted, Some(2), None, None),
            (porto, Deleted, Some(1), None, Some(said.ids[0])),
        ]
    );
    // What is gone is still told of, and the feed says the same.
    let gone = all(&tenant, &AuditQuery::record(porto), 10);
    assert_eq!(gone.iter().map(|entry| entry.cause).collect::<Vec<_>>(), [Cause::Delete, Cause::Add]);
    let mut told: Vec<_> = all(&tenant, &AuditQuery::default(), 10).into_iter().rev().collect();
    let told: Vec<_> = told.iter_mut().flat_map(|entry| std::mem::take(&mut entry.changes)).collect();
    assert_eq!(told, tenant.changes(0, 1000).unwrap());
}

#[test]
fn an_episode_that_takes_many_atoms_along_is_named_by_all() {
    let (tenant, _) = open();
    let id = tenant.add("a long story").unwrap().ids[0];
    for at in 0..300 {
        tenant.assert_fact(NewFact::new(format!("guest {at}"), "likes", "tea").support(id)).unwrap();
    }
    assert_eq!(tenant.delete(id).unwrap().removed.len(), 300);
    let entries = all(&tenant, &AuditQuery::default().cause(Cause::Delete), 10);
    assert!(entries.len() > 1, "more cells than one commit carries");
    let atoms = entries.iter().flat_map(|entry| &entry.changes).filter(|change| change.id != id);
    let atoms: Vec<_> = atoms.collect();
    assert_eq!(atoms.len(), 300);
    assert!(atoms.iter().all(|change| change.other == Some(id) && change.after.is_none()));
}

#[test]
fn the_index_knows_what_the_feed_knows_also_when_the_clock_goes_backwards() {
    let (tenant, clock) = open();
    let mut ids = Vec::new();
    for step in 0..60_i64 {
        clock.set(at([step * 10, 5, 300 - step * 7, i64::MIN / 2_000_000, 40][step as usize % 5]));
        let tenant = tenant.clone().with_actor(["mara's phone", "desk"][step as usize % 2]).unwrap();
        if step % 3 == 2 {
            tenant.update(ids[step as usize / 5], EpisodeUpdate::text(format!("turn {step}"))).unwrap();
        } else {
            ids.extend(tenant.add(vec![NewEpisode::user("a"), NewEpisode::user("b")]).unwrap().ids);
        }
    }
    let everything = all(&tenant, &AuditQuery::default(), 1000);
    assert_eq!(everything.len(), 60);
    let order: Vec<_> = everything.iter().map(|entry| (entry.at, entry.version)).rev().collect();
    assert!(order.is_sorted() && everything.windows(2).all(|pair| pair[0].version != pair[1].version));
    let moments = [at(i64::MIN / 2_000_000), at(0), at(5), at(6), at(40), at(250), at(580), Timestamp::MAX];
    let mut queries = Vec::new();
    for record in ids.iter().step_by(7).map(|id| Some(*id)).chain([None, Some(Id::from_u128(1))]) {
        for (since, until) in moments.iter().flat_map(|since| moments.map(|until| (*since, until))) {
            if since < until {
                queries.push(AuditQuery { record, ..AuditQuery::default().since(since).until(until) });
            }
        }
        queries.push(AuditQuery { record, ..AuditQuery::default().actor("desk") });
        queries.push(AuditQuery { record, ..AuditQuery::default().cause(Cause::Update).until(at(40)) });
    }
    for query in queries {
        let wanted = |entry: &&AuditEntry| {
            query.since.is_none_or(|since| entry.at >= since)
                && query.until.is_none_or(|until| entry.at < until)
                && query.actor.as_deref().is_none_or(|actor| *actor == *entry.actor)
                && query.cause.is_none_or(|cause| cause == entry.cause)
                && query.record.is_none_or(|id| entry.changes.iter().any(|change| change.id == id))
        };
        let expected: Vec<AuditEntry> = everything.iter().filter(wanted).cloned().collect();
        for page in [1, 3, 1000] {
            assert_eq!(all(&tenant, &query, page), expected, "{query:?} in pages of {page}");
        }
    }
    // Made again, it says the same.
    tenant.reindex().unwrap();
    let again: Vec<_> = all(&tenant, &AuditQuery::default(), 7);
    let again: Vec<_> = again.into_iter().filter(|entry| entry.cause != Cause::Reindex).collect();
    assert_eq!(again, everything);
}

#[test]
fn pruning_removes_what_is_old_and_says_so_once() {
    let (tenant, clock) = open();
    let mut ids = Vec::new();
    for step in 0..700 {
        clock.set(at(step));
        ids.extend(tenant.add("a note").unwrap().ids);
    }
    clock.set(at(10_000));
    assert_eq!(tenant.prune_audit(at(600)).unwrap(), 600);
    let left = all(&tenant, &AuditQuery::default(), 1000);
    assert_eq!(left.len(), 101);
    assert_eq!((left[0].cause, left[0].pruned, left[0].changes.len()), (Cause::Prune, 600, 0));
    assert!(left[1..].iter().all(|entry| entry.at >= at(600) && entry.pruned == 0));
    // The feed begins at what is left, and the index forgot the rest.
    assert_eq!(tenant.changes(0, 1000).unwrap()[0].id, ids[600]);
    assert!(all(&tenant, &AuditQuery::record(ids[3]), 10).is_empty());
    assert_eq!(all(&tenant, &AuditQuery::record(ids[650]), 10).len(), 1);
    // Records and their history stay.
    assert_eq!(tenant.history(ids[3]).unwrap().len(), 1);
    assert_eq!(tenant.prune_audit(at(600)).unwrap(), 0, "again removes nothing");
    assert_eq!(all(&tenant, &AuditQuery::default(), 1000), left);
    // A moment to come takes all that was there, and not the entry that tells of it.
    assert_eq!(tenant.prune_audit(Timestamp::MAX).unwrap(), 101);
    let left = all(&tenant, &AuditQuery::default(), 1000);
    assert_eq!((left.len(), left[0].pruned), (1, 101));
    assert!(tenant.changes(0, 10).unwrap().is_empty());
    tenant.add("one more").unwrap();
    assert_eq!(tenant.changes(0, 10).unwrap().len(), 1, "commits without changes are passed over");
    assert_eq!(tenant.prune_audit(Timestamp::MIN).unwrap(), 0);
}

/// A clock that goes back a second whenever it is asked.
struct Backwards(std::sync::atomic::AtomicI64);

impl ebbmark::Clock for Backwards {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.fetch_sub(1_000_000, std::sync::atomic::Ordering::SeqCst))
    }
}

#[test]
fn a_pruning_while_the_clock_goes_back_ends_and_spares_its_own_entry() {
    let clock = Arc::new(Backwards(START.as_micros().into()));
    let store = Store::in_memory(Options { clock, ..Options::default() }).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    (0..600).for_each(|_| drop(tenant.add("a note").unwrap()));
    assert_eq!(tenant.prune_audit(Timestamp::MAX).unwrap(), 600);
    let left = all(&tenant, &AuditQuery::default(), 10);
    assert_eq!((left.len(), left[0].pruned), (1, 600));
}

#[test]
fn a_pruning_that_was_cut_off_is_told_and_can_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(START));
    let options = || Options { clock: clock.clone(), ..Options::default() };
    let store = Store::open(folder.path().join("store"), options()).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    (0..700).for_each(|_| drop(tenant.add("a note").unwrap()));
    clock.set(at(1));
    let version = tenant.stats().unwrap().version;
    std::thread::scope(|scope| {
        let pruner = scope.spawn(|| tenant.prune_audit(at(1)));
        // Closed at any moment, the store is whole.
        while tenant.stats().is_ok_and(|stats| stats.version < version + 2) {}
        store.close();
        drop(pruner.join().unwrap());
    });
    let store = Store::open(folder.path().join("store"), options()).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    let pruned = |entries: &[AuditEntry]| entries.iter().map(|entry| entry.pruned).sum::<u64>();
    let left = all(&tenant, &AuditQuery::default(), 1000);
    assert_eq!(left.iter().filter(|entry| entry.cause == Cause::Prune).count(), 1);
    assert_eq!(pruned(&left) as usize + left.len(), 701);
    tenant.prune_audit(at(1)).unwrap();
    let left = all(&tenant, &AuditQuery::default(), 1000);
    assert!(left.len() <= 2 && pruned(&left) == 700, "{left:?}");
}

#[test]
fn bad_questions_are_refused() {
    let (tenant, _) = open();
    let code = |query: &AuditQuery, limit| tenant.audit(query, None, limit).unwrap_err().code();
    let query = AuditQuery::default();
    assert_eq!(code(&query, 0), Code::RangeInvalid);
    assert_eq!(code(&query, 1001), Code::RangeInvalid);
    assert_eq!(code(&query.clone().since(at(5)).until(at(5)), 10), Code::IntervalInverted);
    for text in ["", "entry:", "entry:5", "entry:x:1", "after:5:1", "entry:5:-1"] {
        assert_eq!(text.parse::<AuditCursor>().unwrap_err().code(), Code::CursorMalformed);
    }
    for access in [Access::ReadOnly, Access::ReadWrite] {
        let lower = tenant.clone().with_access(access).unwrap();
        assert_eq!(lower.audit(&query, None, 10).unwrap_err().code(), Code::AccessDenied);
        assert_eq!(lower.prune_audit(Timestamp::MAX).unwrap_err().code(), Code::AccessDenied);
    }
}

#[test]
fn another_tenants_audit_is_another() {
    let store = Store::in_memory(Options::default()).unwrap();
    let acme = store.tenant_with_access("acme", Access::Admin).unwrap();
    let id =
        acme.assert_fact(NewFact::new("Mara", "likes", "tea").provenance(Provenance::Inferred)).unwrap().id;
    let globex = store.tenant_with_access("globex", Access::Admin).unwrap();
    assert!(all(&globex, &AuditQuery::record(id), 10).is_empty());
    assert_eq!(globex.prune_audit(Timestamp::MAX).unwrap(), 0);
    assert_eq!(all(&acme, &AuditQuery::record(id), 10).len(), 1);
}
