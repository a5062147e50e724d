//! The promise: metrics count what the host did, as text that any OpenMetrics scraper reads; health says what needs
//! attention; spans tell ids and counts; and nothing of what is remembered is seen in any of them, nor in an error.
//!
//! It could be broken by a verb that is not counted, by buckets that do not add up, by a label that ends its own
//! quotation, by a tenant's id that nobody asked for, or by a text in a field of a span.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ebbmark::{
    Access, AuditQuery, Clock, Cursor, Error, FactQuery, Filter, HealthState, Id, Metadata, MetricsOptions,
    NewEpisode, NewFact, Options, Predicate, Query, Resolution, Scope, Store, Tenant, Timestamp, Value, View,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Record};
use tracing::{Event, Subscriber};

const ALL: MetricsOptions = MetricsOptions { tenants: true };

/// A clock that moves by a step whenever it is asked.
struct Ticking {
    now: AtomicI64,
    step: AtomicI64,
}

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let step = self.step.load(Ordering::SeqCst);
        Timestamp::from_micros(self.now.fetch_add(step, Ordering::SeqCst))
    }
}

/// Reads OpenMetrics text as its grammar has it: families with their kind, samples with their labels.
mod openmetrics {
    use std::collections::BTreeMap;

    /// Name, labels in order, value.
    type Sample = (String, Vec<(String, String)>, f64);

    #[derive(Debug, Default)]
    pub(crate) struct Family {
        pub(crate) kind: String,
        pub(crate) unit: String,
        pub(crate) help: String,
        pub(crate) samples: Vec<Sample>,
    }

    fn is_name(name: &str) -> bool {
        let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
        name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
    }

    /// A text up to an unescaped quotation mark, or to the end; and what follows.
    fn unescaped(text: &str, quoted: bool) -> (String, &str) {
        let mut read = String::new();
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted => return (read, &text[at + 1..]),
                '"' => panic!("an unescaped quotation mark in {text}"),
                '\\' => match chars.next().unwrap().1 {
                    'n' => read.push('\n'),
                    c @ ('\\' | '"') => read.push(c),
                    c => panic!("an unknown escape {c} in {text}"),
                },
                c => read.push(c),
            }
        }
        assert!(!quoted, "an open quotation: {text}");
        (read, "")
    }

    fn sample(line: &str) -> Sample {
        let end = line.find(['{', ' ']).unwrap();
        let (name, mut rest) = line.split_at(end);
        assert!(is_name(name), "{line}");
        let mut labels = Vec::new();
        if let Some(mut inner) = rest.strip_prefix('{') {
            loop {
                let (label, after) = inner.split_once("=\"").unwrap();
                assert!(is_name(label), "{line}");
                let (value, after) = unescaped(after, true);
                labels.push((label.to_owned(), value));
                if let Some(end) = after.strip_prefix('}') {
                    rest = end;
                    break;
                }
                inner = after.strip_prefix(',').unwrap();
            }
        }
        let number = rest.strip_prefix(' ').unwrap();
        assert!(number.chars().all(|c| c.is_ascii_digit() || c == '.'), "{line}");
        (name.to_owned(), labels, number.parse().unwrap())
    }

    pub(crate) fn parse(text: &str) -> BTreeMap<String, Family> {
        let body = text.strip_suffix("# EOF\n").expect("the end is said");
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        let mut current = String::new();
        for line in body.split_terminator('\n') {
            assert!(!line.is_empty() && line.trim() == line, "{line:?}");
            if let Some(described) = line.strip_prefix("# ") {
                let (what, rest) = described.split_once(' ').unwrap();
                let (name, value) = rest.split_once(' ').unwrap();
                assert!(is_name(name));
                if name != current {
                    assert!(
                        families.insert(name.to_owned(), Family::default()).is_none(),
                        "{name} comes twice"
                    );
                    current = name.to_owned();
                }
                let family = families.get_mut(name).unwrap();
                assert!(family.samples.is_empty(), "a description behind its samples: {line}");
                let field = match what {
                    "TYPE" => &mut family.kind,
                    "UNIT" => &mut family.unit,
                    "HELP" => &mut family.help,
                    _ => panic!("{line}"),
                };
                assert!(field.is_empty(), "said twice: {line}");
                *field = unescaped(value, false).0;
                continue;
            }
            let (name, labels, value) = sample(line);
            let family = families.get_mut(&current).unwrap();
            let suffix = name.strip_prefix(current.as_str()).expect("samples follow their family");
            let allowed: &[&str] = match family.kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "histogram" => &["_bucket", "_count", "_sum"],
                kind => panic!("{kind}"),
            };
            assert!(allowed.contains(&suffix), "{line}");
            let same = |other: &&Sample| other.0 == name && other.1 == labels;
            assert!(!family.samples.iter().any(|other| same(&other)), "twice: {line}");
            family.samples.push((name, labels, value));
        }
        for (name, family) in &families {
            assert!(!family.kind.is_empty() && !family.help.is_empty(), "{name}");
            assert!(family.unit.is_empty() || name.ends_with(&format!("_{}", family.unit)), "{name}");
            assert!(!["_total", "_count", "_sum", "_bucket"].iter().any(|end| name.ends_with(end)), "{name}");
            if family.kind == "histogram" {
                check_histogram(family);
            }
        }
        families
    }

    fn check_histogram(family: &Family) {
        let of = |end: &str| {
            let samples = family.samples.iter().filter(move |(name, ..)| name.ends_with(end));
            samples.collect::<Vec<_>>()
        };
        let bounds: Vec<(f64, f64)> = of("_bucket")
            .into_iter()
            .map(|(_, labels, count)| {
                assert_eq!((labels.len(), labels[0].0.as_str()), (1, "le"));
                let bound = &labels[0].1;
                assert!(bound == "+Inf" || bound.contains('.') && !bound.ends_with("00"), "{bound}");
                (bound.parse().unwrap(), *count)
            })
            .collect();
        assert!(bounds.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
        let last = bounds.last().unwrap();
        assert_eq!((last.0, last.1), (f64::INFINITY, of("_count")[0].2));
        assert_eq!((of("_count").len(), of("_sum").len()), (1, 1));
    }
}

fn value(
    families: &BTreeMap<String, openmetrics::Family>,
    name: &str,
    labels: &[(&str, &str)],
) -> Option<f64> {
    let samples = families.values().flat_map(|family| &family.samples);
    let labels: Vec<(String, String)> =
        labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
    let mut found = samples.filter(|sample| sample.0 == format!("ebbmark_{name}") && sample.1 == labels);
    found.next().map(|(_, _, value)| *value)
}

fn scrape(store: &Store, options: &MetricsOptions) -> BTreeMap<String, openmetrics::Family> {
    openmetrics::parse(&store.metrics(options).to_openmetrics())
}

#[test]
fn calls_are_counted_by_outcome_and_timed_by_the_stores_clock() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Ticking { now: AtomicI64::new(1_790_000_000_000_000), step: AtomicI64::new(0) });
    let options = Options { clock: clock.clone(), ..Options::default() };
    let store = Store::open(folder.path().join("store"), options).unwrap();
    openmetrics::parse(&store.metrics(&ALL).to_openmetrics());
    let tenant = store.tenant("acme").unwrap();
    let turns: Vec<NewEpisode> = (0..150).map(|at| NewEpisode::user(format!("turn {at}"))).collect();
    tenant.add(turns).unwrap();
    assert_eq!(tenant.add("").unwrap_err().code().as_str(), "text.empty");
    tenant.dry_run().add("tried").unwrap();
    clock.step.store(200, Ordering::SeqCst);
    assert_eq!(tenant.search(Query::text("turn").limit(20)).unwrap().len(), 20);
    clock.step.store(-200, Ordering::SeqCst);
    assert_eq!(tenant.search(Query::text("turn").limit(5)).unwrap().len(), 5);
    for _ in 0..3 {
        tenant.get(Id::from_u128(7)).unwrap_err();
    }
    let families = scrape(&store, &MetricsOptions::default());
    let read = |name: &str, labels: &[(&str, &str)]| value(&families, name, labels);
    let calls = |verb: &str, outcome: &str| read("calls_total", &[("verb", verb), ("outcome", outcome)]);
    assert_eq!((calls("add", "ok"), calls("add", "text.empty")), (Some(2.0), Some(1.0)));
    assert_eq!((calls("get", "record.not_found"), calls("get", "ok")), (Some(3.0), None));
    assert_eq!(calls("search", "ok"), Some(2.0));
    assert_eq!(read("episodes_added_total", &[]), Some(150.0));
    assert_eq!(read("hits_returned_total", &[]), Some(25.0));
    // 150 episodes are three commits.
    assert_eq!(read("commits_total", &[]), Some(3.0));
    assert_eq!(read("add_duration_seconds_count", &[]), Some(3.0));
    assert_eq!(read("add_duration_seconds_sum", &[]), Some(0.0), "the clock stood still");
    // The clock that went back counts as nothing.
    assert_eq!(read("search_duration_seconds_bucket", &[("le", "0.0001")]), Some(1.0));
    assert_eq!(read("search_duration_seconds_bucket", &[("le", "0.01")]), Some(2.0));
    assert!(read("search_duration_seconds_sum", &[]).unwrap() >= 0.0002);
    let on_disk = std::fs::metadata(folder.path().join("store")).unwrap().len();
    assert_eq!(read("file_bytes", &[]), Some(on_disk as f64));
    assert!(read("working_set_bytes", &[]).unwrap() > 0.0);
    assert_eq!(store.metrics(&ALL).search.count(), 2);
}

#[test]
fn tenants_are_told_only_if_asked_for_and_cannot_break_the_text() {
    let store = Store::in_memory(Options::default()).unwrap();
    let odd = "a\"b\\c} 1\u{2028}é";
    store.tenant(odd).unwrap().add(vec![NewEpisode::user("one"), NewEpisode::user("two")]).unwrap();
    store.tenant("globex").unwrap().assert_fact(NewFact::new("Mara", "likes", "tea")).unwrap();
    store.tenant("never used").unwrap();
    let text = store.metrics(&MetricsOptions::default()).to_openmetrics();
    assert!(!text.contains("tenant") && !text.contains("globex"));
    let families = scrape(&store, &ALL);
    assert_eq!(value(&families, "tenant_episodes", &[("tenant", odd)]), Some(2.0));
    assert_eq!(value(&families, "tenant_atoms", &[("tenant", "globex")]), Some(1.0));
    assert_eq!(value(&families, "tenant_atoms", &[("tenant", "never used")]), None);
    assert!(value(&families, "tenant_working_set_bytes", &[("tenant", "globex")]).unwrap() > 0.0);
    let line_break = store.tenant("a\nb");
    assert!(line_break.is_err(), "a tenant's id has no control characters");
}

#[test]
fn health_says_what_needs_attention() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = Store::open(&path, Options::default()).unwrap();
    store.tenant("acme").unwrap().add("a note").unwrap();
    let health = store.health();
    assert_eq!((health.state, health.reasons.len(), health.cause), (HealthState::Healthy, 0, None));
    store.close();
    let health = store.health();
    assert_eq!((health.state, health.reasons.len()), (HealthState::Closed, 0));
    let reader = Store::open_read_only(&path, Options::default()).unwrap();
    let health = reader.health();
    let codes: Vec<&str> = health.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!((health.state, codes), (HealthState::Degraded, vec!["store.read_only"]));
    assert!(health.reasons.iter().all(|reason| !reason.what.is_empty() && !reason.remedy.is_empty()));
}

/// Keeps the names and fields of all spans and events of the library.
#[derive(Default)]
struct Collector {
    next: AtomicU64,
    names: Arc<Mutex<BTreeMap<u64, &'static str>>>,
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

struct Fields<'a>(&'static str, &'a mut Vec<(String, String)>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.1.push((format!("{}.{}", self.0, field.name()), format!("{value:?}")));
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("ebbmark")
    }

    fn new_span(&self, span: &Attributes<'_>) -> tracing::span::Id {
        let id = self.next.fetch_add(1, Ordering::SeqCst) + 1;
        let name = span.metadata().name();
        self.names.lock().unwrap().insert(id, name);
        let mut seen = self.seen.lock().unwrap();
        seen.push((name.to_owned(), String::new()));
        span.record(&mut Fields(name, &mut seen));
        tracing::span::Id::from_u64(id)
    }

    fn record(&self, span: &tracing::span::Id, values: &Record<'_>) {
        let name = self.names.lock().unwrap()[&span.into_u64()];
        values.record(&mut Fields(name, &mut self.seen.lock().unwrap()));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields("event", &mut self.seen.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

const CANARY: &str = "Zanzibar";

fn canary(what: &str) -> String {
    format!("{CANARY} {what}")
}

/// An extractor, a guard and an embedder that say in their errors what they read.
mod talkative {
    use ebbmark::{Embedder, VectorSpace};

    pub(crate) struct Reader;

    impl Embedder for Reader {
        fn space(&self) -> VectorSpace {
            VectorSpace { name: "talkative".to_owned(), dimensions: 2 }
        }

        fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
            Err(format!("cannot embed {texts:?}").into())
        }
    }
}

/// Calls all verbs with content that must not be seen, in ways that work and in ways that fail. Gives the errors.
fn speak(tenant: &Tenant) -> Vec<Error> {
    let mut errors = Vec::new();
    let metadata: Metadata = [(canary("key"), Value::from(canary("value")))].into();
    let said = NewEpisode::user(canary("is an island. I live in Zanzibar. I moved to Zanzibar City!"))
        .speaker(canary("speaker"))
        .scope(Scope::user(canary("user")).with_session(canary("session")));
    let said = NewEpisode { metadata: metadata.clone(), ..said };
    let receipt = tenant.add(vec![said.clone(), NewEpisode::assistant(canary("again"))]).unwrap();
    errors.extend(receipt.embedder_error);
    let batch =
        |text: &str| ebbmark::Batch::new(vec![NewEpisode::user(canary(text))]).idempotency_key(canary("key"));
    tenant.add(batch("one")).unwrap();
    errors.extend(tenant.add(batch("two")).err());
    let fact = |object: &str| NewFact::new(canary("subject"), "birthday", canary(object));
    let [one, two] = ["one", "two"].map(|object| tenant.assert_fact(fact(object)).unwrap());
    let conflict = tenant.conflicts(false).unwrap()[0].id;
    let odd = Resolution::KeepBoth { first: vec![canary("when")], second: vec![canary("when")] };
    errors.extend(tenant.resolve(conflict, &odd).err());
    tenant.resolve(conflict, &Resolution::Keep(one.id)).unwrap();
    tenant.confirm(one.id).unwrap();
    tenant.retract(one.id).unwrap();
    errors.extend(tenant.retract(one.id).err());
    tenant.undo(two.operation).unwrap();
    errors.extend(tenant.undo(two.operation).err());
    tenant.merge_entities(&canary("subject"), &canary("alias")).unwrap();
    errors.extend(tenant.merge_entities(&canary("subject"), &canary("alias")).err());
    tenant.define_predicate(Predicate::one(canary("predicate"))).unwrap();
    errors.extend(tenant.define_predicate(Predicate::one(canary("other")).alias("lives_in")).err());
    tenant.predicate(&canary("predicate")).unwrap();
    tenant
        .update(receipt.ids[1], ebbmark::EpisodeUpdate::text(canary("changed")).metadata(metadata))
        .unwrap();
    tenant.settle_due(10).unwrap();
    errors.extend(tenant.process_pending(10).err());
    tenant.search(Query::text(canary("where"))).unwrap();
    errors.extend(tenant.search(Query::text(canary("where")).vector(vec![f32::NAN])).err());
    let many = Filter::default().metadata(canary("path"), Value::List(vec![Value::from(canary("list"))]));
    errors.extend(tenant.search(Query::text("x").filter(many.clone())).err());
    errors.extend(tenant.list(&many, None, 10).err());
    tenant.list(&Filter::default(), None, 10).unwrap();
    tenant.timeline(&Filter::scope(Scope::user(canary("user"))), None, 10).unwrap();
    tenant.facts(&FactQuery::about(canary("subject")).object(canary("one"))).unwrap();
    errors.extend(tenant.facts(&FactQuery::about(format!("{CANARY}\0"))).err());
    tenant.neighbors(&canary("subject"), View::default()).unwrap();
    tenant.entity(&canary("subject")).unwrap();
    tenant.get(receipt.ids[0]).unwrap();
    tenant.get_at(receipt.ids[0], View::default()).unwrap();
    tenant.history(receipt.ids[1]).unwrap();
    tenant.explain(two.id).err().into_iter().for_each(|error| errors.push(error));
    tenant.explain(tenant.assert_fact(fact("three")).unwrap().id).unwrap();
    tenant.changes(0, 100).unwrap();
    tenant.stats().unwrap();
    tenant.delete(receipt.ids[0]).unwrap();
    errors.extend(tenant.get(receipt.ids[0]).err());
    tenant.reindex().unwrap();
    errors.extend(canary("cursor").parse::<Cursor>().err());
    errors.extend(canary("id").parse::<Id>().err());
    errors.extend(tenant.add(NewEpisode::user(format!("{CANARY}\0"))).err());
    errors.extend(tenant.add(said.speaker(format!("{CANARY}\n"))).err());
    errors.extend(tenant.clone().with_scope(Scope::user(format!("{CANARY}\n"))).err());
    errors
}

#[test]
fn nothing_of_what_is_remembered_is_seen_from_outside() {
    let collector = Collector::default();
    let seen = Arc::clone(&collector.seen);
    let (metrics, audit, errors, tenant) = tracing::subscriber::with_default(collector, || {
        let embedder = Some(Arc::new(talkative::Reader) as Arc<dyn ebbmark::Embedder>);
        let store = Store::in_memory(Options { embedder, ..Options::default() }).unwrap();
        let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
        let errors = speak(&tenant);
        let audit = tenant.audit(&AuditQuery::default(), None, 1000).unwrap();
        tenant.prune_audit(Timestamp::MIN).unwrap();
        (store.metrics(&ALL), audit, errors, tenant)
    });
    assert!(errors.len() > 15, "only {} ways to fail", errors.len());
    for error in &errors {
        let told = format!("{error} {error:?} {} {}", error.remedy(), error.code().as_str());
        assert!(!told.contains(CANARY), "{told}");
    }
    for told in [format!("{metrics:?}"), metrics.to_openmetrics(), format!("{audit:?}")] {
        assert!(!told.to_lowercase().contains(&CANARY.to_lowercase()), "{told}");
    }
    let seen = seen.lock().unwrap();
    for (name, value) in seen.iter() {
        assert!(!value.to_lowercase().contains(&CANARY.to_lowercase()), "{name} = {value}");
        assert!(!value.contains("acme"), "a span names a tenant: {name}");
        let field = name.split_once('.').map(|(_, field)| field);
        let known = match field {
            None => true,
            Some("given" | "found" | "version") => value.parse::<u64>().is_ok(),
            Some("id") => value.parse::<Id>().is_ok(),
            Some("outcome") => value.chars().all(|c| c.is_ascii_lowercase() || "\"._".contains(c)),
            Some(_) => false,
        };
        assert!(known, "{name} = {value}");
    }
    // Every verb that was counted has its span, and the work below it has, too.
    let told = |name: &str| seen.iter().any(|(seen, _)| seen == name);
    let quiet: Vec<&str> = metrics.calls.iter().map(|call| call.verb).filter(|verb| !told(verb)).collect();
    assert!(quiet.is_empty() && told("commit") && told("load"), "{quiet:?}");
    assert!(metrics.calls.len() > 30, "{:?}", metrics.calls);
    let ids: Vec<&str> = ["search.found", "delete.id", "add.given", "commit.version", "load.found"].to_vec();
    assert!(ids.iter().all(|field| told(field)), "a field is missing");
    assert!(!tenant.search(CANARY).unwrap().is_empty(), "it is remembered all the same");
}
