//! The promise: spans tell ids and counts, and nothing of what is remembered is seen in spans, metrics, the audit, or an
//! error.
//!
//! It could be broken by a text in a field of a span, by an error that quotes what it refuses, or by a name that becomes
//! a label. One word is in all texts, names, labels and metadata, verbs are made to work and to fail, and it is looked
//! for. The test is alone in its file: spans that other threads meet first, without a subscriber, stay unseen.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ebbmark::{
    Access, AuditQuery, Cursor, Error, FactQuery, Filter, Id, Metadata, MetricsOptions, NewDocument,
    NewEpisode, NewFact, Options, PathQuery, Predicate, Query, Resolution, Scope, Store, Tenant, Timestamp,
    Value, View,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Record};
use tracing::{Event, Subscriber};

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

/// An embedder that says in its error what it read.
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

/// A summariser that says in its error what it read.
impl ebbmark::Summarizer for talkative::Reader {
    fn summarize(
        &self,
        texts: &[&str],
        _: usize,
    ) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        Err(format!("cannot shorten {texts:?}").into())
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
    tenant.maintain(&ebbmark::Budget { records: 10, ..ebbmark::Budget::default() }).unwrap();
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
    tenant.profile(&canary("subject"), View::default()).unwrap();
    errors.extend(tenant.profile(&format!("{CANARY}\0"), View::default()).err());
    tenant.path(&canary("subject"), &canary("one"), &PathQuery::default()).unwrap();
    errors.extend(tenant.path(&canary("subject"), &canary("one"), &PathQuery::default().hops(9)).err());
    errors.push(tenant.context(canary("where"), 100).unwrap().summary_error.unwrap());
    errors.extend(tenant.context(canary("where"), 0).err());
    tenant.get(receipt.ids[0]).unwrap();
    tenant.get_at(receipt.ids[0], View::default()).unwrap();
    tenant.history(receipt.ids[1]).unwrap();
    tenant.explain(two.id).err().into_iter().for_each(|error| errors.push(error));
    tenant.explain(tenant.assert_fact(fact("three")).unwrap().id).unwrap();
    tenant.changes(0, 100).unwrap();
    tenant.stats().unwrap();
    tenant.delete(receipt.ids[0]).unwrap();
    errors.extend(tenant.get(receipt.ids[0]).err());
    let document = |text: &str| NewDocument::new(canary("document"), format!("# {0}\n\n{0}", canary(text)));
    tenant.add_document(document("one")).unwrap();
    tenant.add_document(document("two").title(canary("title"))).unwrap();
    errors.extend(tenant.add_document(document("\0")).err());
    tenant.document(&canary("document")).unwrap();
    tenant.delete_document(&canary("document")).unwrap();
    errors.extend(tenant.document(&canary("document")).err());
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
        let summarizer = Some(Arc::new(talkative::Reader) as Arc<dyn ebbmark::Summarizer>);
        let store = Store::in_memory(Options { embedder, summarizer, ..Options::default() }).unwrap();
        let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
        let errors = speak(&tenant);
        let audit = tenant.audit(&AuditQuery::default(), None, 1000).unwrap();
        tenant.prune_audit(Timestamp::MIN).unwrap();
        (store.metrics(&MetricsOptions { tenants: true }), audit, errors, tenant)
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
    let quiet: Vec<&str> =
        metrics.calls.iter().map(|call| call.verb.as_str()).filter(|verb| !told(verb)).collect();
    assert!(quiet.is_empty() && told("commit") && told("load"), "{quiet:?}");
    assert!(metrics.calls.len() > 30, "{:?}", metrics.calls);
    let ids: Vec<&str> = ["search.found", "delete.id", "add.given", "commit.version", "load.found"].to_vec();
    assert!(ids.iter().all(|field| told(field)), "a field is missing");
    assert!(!tenant.search(CANARY).unwrap().is_empty(), "it is remembered all the same");
}
