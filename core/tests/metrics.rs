//! The promise: metrics count what the host did, as text that any OpenMetrics scraper reads; health says what needs
//! attention.
//!
//! It could be broken by a verb that is not counted, by buckets that do not add up, by a label that ends its own
//! quotation, or by a tenant's id that nobody asked for.

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
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use ebbmark::{
    Clock, HealthState, Id, MetricsOptions, NewEpisode, NewFact, Options, Query, Store, Timestamp,
};

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
    let codes: Vec<&str> = health.reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert_eq!((health.state, codes), (HealthState::Degraded, vec!["store.read_only"]));
    assert!(health.reasons.iter().all(|reason| !reason.what.is_empty() && !reason.remedy.is_empty()));
}
