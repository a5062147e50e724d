//! The promise: bad input gives a typed error that says what, the value, what was expected and the remedy, and
//! nothing is changed.
//!
//! It could be broken by a check that comes after a write, by a panic on an odd value, or by a message that
//! leaves the caller guessing. Every case of the table runs against a store with content, whose whole state is
//! compared before and after.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use ebbmark::{
    Access, Batch, Code, Cursor, EpisodeUpdate, Error, ErrorKind, Filter, Id, ManualClock, NewEpisode,
    NewFact, Options, Query, Role, Scope, Store, Tenant, Timestamp, Value, limits,
};
use std::sync::Arc;

fn options() -> Options {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    Options { clock, id_seed: Some(1), embedder: None, ..Options::default() }
}

/// A tenant with three episodes of three dimensions and a fact, and the id of the first episode.
fn filled(store: &Store) -> (Tenant, Id) {
    let tenant = store.tenant("acme").unwrap();
    let texts = ["the cat sleeps", "the dog barks", "the owl listens"];
    let episodes = texts.iter().enumerate().map(|(at, text)| {
        let mut vector = vec![0.1; 3];
        vector[at] = 1.0;
        NewEpisode::user(*text).vector(vector).session("s")
    });
    let receipt = tenant.add(Batch::new(episodes.collect()).idempotency_key("first")).unwrap();
    tenant.assert_fact(NewFact::new("Mara", "lives_in", "Porto").vector(vec![1.0, 1.0, 1.0])).unwrap();
    (tenant, receipt.ids[0])
}

/// All that can be seen of a tenant.
fn state(tenant: &Tenant) -> String {
    let hits = tenant.search(Query::text("the cat barks in Porto").vector(vec![1.0, 0.5, 0.0])).unwrap();
    let list = tenant.list(&Filter::default().with_historical(), None, 100).unwrap();
    let changes = tenant.changes(0, 100).unwrap();
    format!("{:?}\n{hits:?}\n{list:?}\n{changes:?}", tenant.stats().unwrap().version)
}

/// A call that must fail.
type Call = fn(&Tenant, Id) -> Result<(), Error>;

fn add(tenant: &Tenant, episode: NewEpisode) -> Result<(), Error> {
    tenant.add(episode).map(drop)
}

fn ask(tenant: &Tenant, query: Query) -> Result<(), Error> {
    tenant.search(query).map(drop)
}

fn fact(tenant: &Tenant, fact: NewFact) -> Result<(), Error> {
    tenant.assert_fact(fact).map(drop)
}

fn mara() -> NewFact {
    NewFact::new("Mara", "likes", "tea")
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]))
}

const MOMENT: Timestamp = Timestamp::from_seconds(1_700_000_000);

const VECTORS: &[(&str, Code, Call)] = &[
    ("wrong dimension", Code::VectorDimensions, |t, _| add(t, NewEpisode::user("x").vector(vec![1.0; 4]))),
    ("no dimension", Code::VectorDimensions, |t, _| add(t, NewEpisode::user("x").vector(vec![]))),
    ("too many dimensions", Code::VectorDimensions, |t, _| {
        add(t, NewEpisode::user("x").vector(vec![1.0; limits::DIMENSIONS_MAX + 1]))
    }),
    ("mixed dimensions", Code::VectorDimensions, |t, _| {
        let episodes = [3, 4].map(|dimensions| NewEpisode::user("x").vector(vec![1.0; dimensions]));
        t.add(episodes.to_vec()).map(drop)
    }),
    ("NaN", Code::VectorNotFinite, |t, _| add(t, NewEpisode::user("x").vector(vec![1.0, f32::NAN, 0.0]))),
    ("infinite", Code::VectorNotFinite, |t, _| add(t, NewEpisode::user("x").vector(vec![f32::INFINITY; 3]))),
    ("zero vector", Code::VectorZero, |t, _| add(t, NewEpisode::user("x").vector(vec![0.0, -0.0, 0.0]))),
    ("fact: wrong dimension", Code::VectorDimensions, |t, _| fact(t, mara().vector(vec![1.0]))),
    ("query: wrong dimension", Code::VectorDimensions, |t, _| ask(t, Query::by_vector(vec![1.0; 2]))),
    ("query: NaN", Code::VectorNotFinite, |t, _| ask(t, Query::by_vector(vec![f32::NAN; 3]))),
    ("query: zero vector", Code::VectorZero, |t, _| ask(t, Query::by_vector(vec![0.0; 3]))),
    ("update: wrong dimension", Code::VectorDimensions, |t, id| {
        t.update(id, EpisodeUpdate { vector: Some(vec![1.0; 9]), ..EpisodeUpdate::text("new") }).map(drop)
    }),
];

const TEXTS: &[(&str, Code, Call)] = &[
    ("empty", Code::TextEmpty, |t, _| add(t, NewEpisode::user(""))),
    ("white space", Code::TextEmpty, |t, _| add(t, NewEpisode::user(" \n\t\u{3000}"))),
    ("limit + 1", Code::TextTooLong, |t, _| add(t, NewEpisode::user("x".repeat(limits::TEXT_BYTES_MAX + 1)))),
    ("grows beyond the limit in normal form", Code::TextTooLong, |t, _| {
        // U+0958 is decomposed in form C: three bytes become six.
        add(t, NewEpisode::user("\u{0958}".repeat(limits::TEXT_BYTES_MAX / 3)))
    }),
    ("NUL", Code::TextNul, |t, _| add(t, NewEpisode::user("a\0b"))),
    ("update: empty", Code::TextEmpty, |t, id| t.update(id, EpisodeUpdate::text("  ")).map(drop)),
    ("update: expiry before occurrence", Code::IntervalInverted, |t, id| {
        t.update(id, EpisodeUpdate::default().expires_at(Some(MOMENT))).map(drop)
    }),
    ("update: vector without text", Code::TextEmpty, |t, id| {
        t.update(id, EpisodeUpdate { vector: Some(vec![1.0; 3]), ..EpisodeUpdate::default() }).map(drop)
    }),
    ("fact: empty object", Code::TextEmpty, |t, _| fact(t, NewFact::new("Mara", "likes", " "))),
    ("fact: NUL", Code::TextNul, |t, _| fact(t, NewFact::new("Ma\0ra", "likes", "tea"))),
    ("fact: long predicate", Code::TextTooLong, |t, _| {
        fact(t, NewFact::new("Mara", "p".repeat(2049), "tea"))
    }),
    ("fact: empty context", Code::TextEmpty, |t, _| fact(t, mara().context(""))),
    ("query: too long", Code::TextTooLong, |t, _| {
        ask(t, Query::text("q".repeat(limits::QUERY_BYTES_MAX + 1)))
    }),
    ("query: nothing", Code::QueryEmpty, |t, _| ask(t, Query::text("  "))),
    ("second episode of a batch is empty", Code::TextEmpty, |t, _| {
        t.add(vec![NewEpisode::user("good"), NewEpisode::user("")]).map(drop)
    }),
];

const NAMES: &[(&str, Code, Call)] = &[
    ("speaker", Code::NameInvalid, |t, _| add(t, NewEpisode::user("x").speaker(""))),
    ("long session", Code::NameInvalid, |t, _| add(t, NewEpisode::user("x").session("s".repeat(257)))),
    ("control character", Code::NameInvalid, |t, _| {
        add(t, NewEpisode::user("x").scope(Scope::user("a\u{7}b")))
    }),
    ("empty idempotency key", Code::NameInvalid, |t, _| {
        t.add(Batch::from("x").idempotency_key("")).map(drop)
    }),
    ("actor", Code::NameInvalid, |t, _| t.clone().with_actor("").map(drop)),
    ("scope", Code::NameInvalid, |t, _| t.clone().with_scope(Scope::user("")).map(drop)),
    ("filter", Code::NameInvalid, |t, _| ask(t, Query::text("x").filter(Filter::scope(Scope::user(""))))),
    ("id", Code::IdMalformed, |_, _| "not-an-id".parse::<Id>().map(drop)),
    ("cursor", Code::CursorMalformed, |_, _| "after:".parse::<Cursor>().map(drop)),
];

const NUMBERS: &[(&str, Code, Call)] = &[
    ("k = 0", Code::RangeInvalid, |t, _| ask(t, Query::text("cat").limit(0))),
    ("k over the limit", Code::RangeInvalid, |t, _| ask(t, Query::text("cat").limit(usize::MAX))),
    ("page of 0", Code::RangeInvalid, |t, _| t.list(&Filter::default(), None, 0).map(drop)),
    ("changes of 0", Code::RangeInvalid, |t, _| t.changes(0, 0).map(drop)),
    ("subscription of 0", Code::RangeInvalid, |t, _| t.subscribe(0).map(drop)),
    ("pending budget of 0", Code::RangeInvalid, |t, _| t.process_pending(0).map(drop)),
    ("pending list of 0", Code::RangeInvalid, |t, _| t.pending(0).map(drop)),
    ("lease for no time", Code::RangeInvalid, |t, _| t.lease("x", std::time::Duration::ZERO).map(drop)),
    ("importance", Code::RangeInvalid, |t, _| add(t, NewEpisode::user("x").importance(1.5))),
    ("importance NaN", Code::RangeInvalid, |t, _| add(t, NewEpisode::user("x").importance(f32::NAN))),
    ("confidence", Code::RangeInvalid, |t, _| fact(t, mara().confidence(-0.1))),
    ("contexts", Code::RangeInvalid, |t, _| fact(t, NewFact { contexts: vec!["x".into(); 17], ..mara() })),
    ("expiry before occurrence", Code::IntervalInverted, |t, _| {
        add(t, NewEpisode::user("x").occurred_at(MOMENT).expires_at(MOMENT))
    }),
    ("fact ends before it begins", Code::IntervalInverted, |t, _| {
        fact(t, mara().valid_from(MOMENT).valid_to(MOMENT.plus_seconds(-1)))
    }),
    ("filter ends before it begins", Code::IntervalInverted, |t, _| {
        ask(t, Query::text("x").filter(Filter::default().since(MOMENT).until(MOMENT)))
    }),
    ("empty batch", Code::BatchSize, |t, _| t.add(Batch::default()).map(drop)),
    ("huge batch", Code::BatchSize, |t, _| {
        t.add(vec![NewEpisode::user("x"); limits::BATCH_EPISODES_MAX + 1]).map(drop)
    }),
];

const METADATA: &[(&str, Code, Call)] = &[
    ("NaN", Code::MetadataInvalid, |t, _| add(t, NewEpisode::user("x").metadata("n", f64::NAN))),
    ("too deep", Code::MetadataInvalid, |t, _| add(t, NewEpisode::user("x").metadata("n", nested(9)))),
    ("too large", Code::MetadataInvalid, |t, _| {
        add(t, NewEpisode::user("x").metadata("n", "v".repeat(limits::METADATA_BYTES_MAX)))
    }),
    ("empty name", Code::MetadataInvalid, |t, _| add(t, NewEpisode::user("x").metadata("", "v"))),
    ("filter by null", Code::MetadataInvalid, |t, _| {
        ask(t, Query::text("x").filter(Filter::default().metadata("n", Value::Null)))
    }),
    ("filter by NaN", Code::MetadataInvalid, |t, _| {
        ask(t, Query::text("x").filter(Filter::default().metadata("n", f64::NAN)))
    }),
];

const RECORDS: &[(&str, Code, Call)] = &[
    ("get", Code::RecordNotFound, |t, _| t.get(Id::from_u128(7)).map(drop)),
    ("update", Code::RecordNotFound, |t, _| t.update(Id::from_u128(7), EpisodeUpdate::text("x")).map(drop)),
    ("delete", Code::RecordNotFound, |t, _| t.delete(Id::from_u128(7)).map(drop)),
    ("history", Code::RecordNotFound, |t, _| t.history(Id::from_u128(7)).map(drop)),
    ("support", Code::RecordNotFound, |t, _| fact(t, mara().support(Id::from_u128(7)))),
    ("support that is no episode", Code::RecordNotFound, |t, _| {
        let page = t.list(&Filter::default(), None, 10)?;
        fact(t, mara().support(page.records[3].id()))
    }),
    ("update of an atom", Code::RecordSort, |t, _| {
        let page = t.list(&Filter::default(), None, 10)?;
        t.update(page.records[3].id(), EpisodeUpdate::text("x")).map(drop)
    }),
    ("key used for other content", Code::IdempotencyMismatch, |t, _| {
        t.add(Batch::from("something else").idempotency_key("first")).map(drop)
    }),
    ("write through a reader", Code::AccessDenied, |t, _| {
        add(&t.clone().with_access(Access::ReadOnly)?, NewEpisode::new(Role::Tool, "x"))
    }),
    ("delete through a reader", Code::AccessDenied, |t, id| {
        t.clone().with_access(Access::ReadOnly)?.delete(id).map(drop)
    }),
    ("a handle raises itself", Code::AccessDenied, |t, _| t.clone().with_access(Access::Admin).map(drop)),
    ("reindex without the right", Code::AccessDenied, |t, _| t.reindex()),
];

#[test]
fn every_bad_call_is_refused_with_reasons_and_changes_nothing() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, id) = filled(&store);
    let before = state(&tenant);
    for (what, code, call) in [VECTORS, TEXTS, NAMES, NUMBERS, METADATA, RECORDS].concat() {
        let error = call(&tenant, id).expect_err(what);
        assert_eq!(error.code(), code, "{what}: {error}");
        explains(what, &error);
        assert_eq!(state(&tenant), before, "{what} changed something");
    }
}

/// An error says what, the value, what was expected, and the remedy.
fn explains(what: &str, error: &Error) {
    let text = error.to_string();
    assert!(text.contains(": got ") && text.contains(", expected ") && text.contains("; "), "{what}: {text}");
    assert!(!error.remedy().is_empty(), "{what}");
    assert!(format!("{error:?}").contains(error.code().as_str()), "{what}");
}

#[test]
fn what_is_odd_but_right_is_accepted() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, _) = filled(&store);
    assert_eq!(
        tenant.search(Query::text("the cat").limit(1000)).unwrap().len(),
        3,
        "k > n gives all there is"
    );
    let long = tenant.add(NewEpisode::user("word ".repeat(limits::TEXT_BYTES_MAX / 5))).unwrap();
    assert_eq!(tenant.get(long.ids[0]).unwrap().text().len() / 5, limits::TEXT_BYTES_MAX / 5);
    let decomposed = tenant.add(NewEpisode::user("cafe\u{301}")).unwrap();
    assert_eq!(tenant.get(decomposed.ids[0]).unwrap().text(), "caf\u{e9}");
    assert_eq!(tenant.search("CAFÉ").unwrap()[0].record.id(), decomposed.ids[0]);
    for text in ["\u{202E}right to left", "a\u{301}\u{302}\u{303}".repeat(1000).as_str(), "👩‍👩‍👧‍👦", "\u{FEFF}bom"]
    {
        let added = tenant.add(text).unwrap();
        tenant.search(text).unwrap();
        tenant.delete(added.ids[0]).unwrap();
    }
    for query in ["the of and", "?!.,", "東京 and Porto", "\0"] {
        tenant.search(query).unwrap();
    }
    assert!(!tenant.search("the").unwrap().is_empty(), "a question of stop words finds them");
}

#[test]
fn a_large_batch_is_written_whole_or_not_at_all() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, _) = filled(&store);
    let mut batch = vec![NewEpisode::user("a plain text"); 600];
    batch[550].vector = Some(vec![1.0; 4]);
    assert_eq!(tenant.add(batch).unwrap_err().code(), Code::VectorDimensions);
    tenant.add("one more").unwrap();
    assert_eq!(tenant.stats().unwrap().episodes, 4, "a refused batch left something behind");

    let heavy = NewEpisode::user("x").metadata("blob", "v".repeat(15_000));
    tenant.add(vec![heavy; 600]).unwrap();
    let hollow = NewEpisode::user("x").metadata("hollow", vec![""; 600_000]);
    assert_eq!(tenant.add(hollow).unwrap_err().code(), Code::MetadataInvalid);
    assert_eq!(tenant.stats().unwrap().episodes, 604);
}

#[test]
fn a_key_belongs_to_a_whole_batch() {
    let store = Store::in_memory(options()).unwrap();
    let tenant = store.tenant("acme").unwrap();
    let texts = |count: usize| (0..count).map(|at| NewEpisode::user(format!("turn {at}")));
    let with_vectors = texts(200).map(|turn| turn.vector(vec![1.0; 1536])).collect();
    let first = tenant.add(Batch::new(with_vectors).idempotency_key("k")).unwrap();
    let again = tenant.add(Batch::new(texts(200).collect()).idempotency_key("k")).unwrap();
    assert!(again.replayed && again.ids == first.ids, "a retry whose vectors could not be had is a retry");
    for count in [128, 199, 201, 300] {
        let other = tenant.add(Batch::new(texts(count).collect()).idempotency_key("k")).unwrap_err();
        assert_eq!(other.code(), Code::IdempotencyMismatch, "{count}");
    }
    let important = texts(200).map(|turn| turn.importance(0.5)).collect();
    let other = tenant.add(Batch::new(important).idempotency_key("k")).unwrap_err();
    assert_eq!(other.code(), Code::IdempotencyMismatch);
    assert_eq!(tenant.stats().unwrap().episodes, 200);
}

#[test]
fn long_words_and_long_questions_take_no_long_time() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, _) = filled(&store);
    let endless = "ay".repeat(limits::QUERY_BYTES_MAX / 2);
    assert!(tenant.search(endless.as_str()).unwrap().is_empty());
    let id = tenant.add(endless.as_str()).unwrap().ids[0];
    assert_eq!(tenant.search(endless.as_str()).unwrap()[0].record.id(), id);
}

#[test]
fn an_id_of_another_tenant_is_as_unknown_as_any() {
    let store = Store::in_memory(options()).unwrap();
    let (_, id) = filled(&store);
    let other = store.tenant("globex").unwrap();
    let foreign = other.get(id).unwrap_err().to_string();
    let unknown = other.get(Id::from_u128(id.as_u128() ^ 1)).unwrap_err().to_string();
    assert_eq!(
        foreign.replace(&id.to_string(), ""),
        unknown.replace(&Id::from_u128(id.as_u128() ^ 1).to_string(), "")
    );
    assert_eq!(other.delete(id).unwrap_err().code(), Code::RecordNotFound);
    assert_eq!(other.history(id).unwrap_err().code(), Code::RecordNotFound);
    assert_eq!(other.assert_fact(mara().support(id)).unwrap_err().code(), Code::RecordNotFound);
}

#[test]
fn a_handle_of_an_erased_tenant_has_expired() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, id) = filled(&store);
    assert!(store.erase_tenant("acme").unwrap());
    let calls: [(&str, Call); 6] = [
        ("get", |t, id| t.get(id).map(drop)),
        ("list", |t, _| t.list(&Filter::default(), None, 10).map(drop)),
        ("search", |t, _| ask(t, Query::text("cat"))),
        ("add", |t, _| add(t, NewEpisode::user("x"))),
        ("stats", |t, _| t.stats().map(drop)),
        ("changes", |t, _| t.changes(0, 10).map(drop)),
    ];
    for (what, call) in calls {
        let error = call(&tenant, id).expect_err(what);
        assert_eq!((error.code(), error.kind()), (Code::TenantErased, ErrorKind::Reopen), "{what}");
        explains(what, &error);
    }
    let again = store.tenant("acme").unwrap();
    assert!(again.list(&Filter::default().with_historical(), None, 10).unwrap().records.is_empty());
}

#[test]
fn a_closed_store_says_so() {
    let store = Store::in_memory(options()).unwrap();
    let (tenant, id) = filled(&store);
    store.close();
    for error in [tenant.get(id).unwrap_err(), add(&tenant, NewEpisode::user("x")).unwrap_err()] {
        assert_eq!(error.code(), Code::StoreClosed);
        explains("closed", &error);
    }
    assert_eq!(store.tenants().unwrap_err().code(), Code::StoreClosed);
}

#[test]
fn files_that_cannot_be_opened_are_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let store = Store::open(path("good"), options()).unwrap();
    filled(&store);
    let second = Store::open(path("good"), options()).expect_err("a second opener");
    assert_eq!((second.code(), second.kind()), (Code::FileLocked, ErrorKind::Locked));
    explains("locked", &second);
    let reader = Store::open_read_only(path("good"), options()).expect_err("a reader beside a writer");
    assert_eq!(reader.code(), Code::FileLocked);
    drop(store);
    let missing = Store::open(path("nowhere"), Options { create: false, ..options() }).expect_err("no file");
    assert_eq!(missing.code(), Code::FileMissing);
    explains("missing", &missing);
    assert_eq!(
        Store::open_read_only(path("nowhere"), options()).expect_err("no file").code(),
        Code::FileMissing
    );

    let good = std::fs::read(path("good")).unwrap();
    let halves = [good.len() / 2, 4096, 100].map(|length| good[..length].to_vec());
    let mut cases = vec![("text", b"this is a diary, not a store".to_vec(), Code::FileForeign)];
    cases.push(("sqlite", b"SQLite format 3\0 and so on".repeat(300), Code::FileForeign));
    cases.extend(halves.map(|half| ("truncated", half, Code::FileDamaged)));
    for (what, bytes, code) in cases {
        std::fs::write(path("bad"), &bytes).unwrap();
        for read_only in [false, true] {
            let opened = if read_only {
                Store::open_read_only(path("bad"), options())
            } else {
                Store::open(path("bad"), options())
            };
            let error = opened.expect_err(what);
            // A reader may not try to repair, so that it cannot tell a cut file from one that was not closed.
            let unrepaired = read_only && error.code() == Code::FileNeedsRecovery;
            assert!(error.code() == code || unrepaired, "{what} of {} bytes: {error}", bytes.len());
            assert!(!error.remedy().is_empty());
        }
        if code == Code::FileForeign {
            assert_eq!(std::fs::read(path("bad")).unwrap(), bytes, "{what} was changed");
        }
    }
}

#[test]
fn a_store_is_read_from_a_read_only_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let id = filled(&Store::open(&path, options()).unwrap()).1;
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let readers = [0, 1].map(|_| Store::open_read_only(&path, options()).unwrap());
    for reader in &readers {
        let tenant = reader.tenant("acme").unwrap();
        assert_eq!(tenant.get(id).unwrap().text(), "the cat sleeps");
        assert_eq!(tenant.search("dog").unwrap()[0].record.text(), "the dog barks");
        let refused = add(&tenant, NewEpisode::user("x")).unwrap_err();
        assert_eq!((refused.code(), refused.kind()), (Code::StoreReadOnly, ErrorKind::Denied));
        assert_eq!(tenant.search("dog").unwrap().len(), 3, "a refused write harms nothing");
    }
}

#[test]
fn a_node_of_many_edges_is_searched_like_any_other() {
    let options = Options { embedder: None, ..Options::default() };
    let tenant = Store::in_memory(options).unwrap().tenant("acme").unwrap();
    let facts = |from: usize| (from..from + 50).map(|at| NewFact::new("Mara", "met", format!("guest {at}")));
    for from in (0..10_000).step_by(50) {
        let episode = facts(from).fold(NewEpisode::new(Role::Tool, format!("list {from}")), NewEpisode::fact);
        tenant.add(episode).unwrap();
    }
    tenant.assert_fact(NewFact::new("guest 9999", "works_at", "Bosch")).unwrap();
    let hits = tenant.search(Query::text("Where does the guest 9999 that Mara met work?").limit(3)).unwrap();
    assert_eq!(hits.len(), 3);
    assert_eq!(hits[0].record.text(), "guest 9999 works at Bosch");
    let long = format!("Mara {}", "guest ".repeat(150_000));
    assert_eq!(tenant.search(Query::text(long).limit(3)).unwrap().len(), 3);
}
