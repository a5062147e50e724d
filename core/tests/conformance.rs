//! The promise: the scenarios of `conformance/` hold, in Rust as in every binding.
//!
//! It could be broken by any change of behaviour. The runner is checked, too: a scenario with a wrong expectation
//! must fail.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ebbmark::{
    Batch, EpisodeUpdate, Error, Filter, Id, Kind, ManualClock, Metadata, NewEpisode, NewFact, Options,
    Provenance, Query, RecordSort, Role, Scope, Store, Tenant, Timestamp, Value,
};
use serde_json::Value as Json;

/// A scenario being run: the store, its clock, and the ids by their names.
struct Run {
    store: Store,
    clock: Arc<ManualClock>,
    ids: HashMap<String, Id>,
}

/// What a step showed, field by field, to be compared with what it expects.
type Shown = Result<Json, Error>;

fn moment(json: &Json) -> Option<Timestamp> {
    json.as_i64().map(Timestamp::from_seconds)
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn vector(json: &Json) -> Option<Vec<f32>> {
    Some(json.as_array()?.iter().map(|component| component.as_f64().unwrap() as f32).collect())
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The variant of an enum by its name in lower case.
fn named<T: Copy + std::fmt::Debug>(all: &[T], name: &str) -> T {
    *all.iter().find(|one| lower(one) == name).unwrap_or_else(|| panic!("no such name: {name}"))
}

fn lower(one: &impl std::fmt::Debug) -> String {
    format!("{one:?}").split('(').next().unwrap().to_lowercase()
}

const ROLES: [Role; 5] = [Role::User, Role::Assistant, Role::System, Role::Tool, Role::Document];
const KINDS: [Kind; 4] = [Kind::Preference, Kind::Affiliation, Kind::Fact, Kind::Social];
const SORTS: [RecordSort; 2] = [RecordSort::Episode, RecordSort::Atom];
const PROVENANCES: [Provenance; 5] = [
    Provenance::Inferred,
    Provenance::Observed,
    Provenance::Stated,
    Provenance::Confirmed,
    Provenance::Corrected,
];

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(values) => Value::List(values.iter().map(value).collect()),
        Json::Object(fields) => {
            Value::Map(fields.iter().map(|(name, json)| (name.clone(), value(json))).collect())
        }
    }
}

fn metadata(json: &Json) -> Metadata {
    json.as_object().into_iter().flatten().map(|(name, json)| (name.clone(), value(json))).collect()
}

fn scope(json: &Json) -> Scope {
    Scope { user: text(&json["user"]), agent: text(&json["agent"]), session: text(&json["session"]) }
}

fn filter(json: &Json) -> Filter {
    Filter {
        scope: scope(json),
        sort: json["sort"].as_str().map(|name| named(&SORTS, name)),
        roles: strings(&json["roles"]).iter().map(|name| named(&ROLES, name)).collect(),
        kinds: strings(&json["kinds"]).iter().map(|name| named(&KINDS, name)).collect(),
        since: moment(&json["since"]),
        until: moment(&json["until"]),
        metadata: metadata(&json["metadata"]).into_iter().collect(),
        historical: json["historical"] == true,
    }
}

fn episode(json: &Json) -> NewEpisode {
    NewEpisode {
        role: json["role"].as_str().map_or(Role::User, |name| named(&ROLES, name)),
        speaker: text(&json["speaker"]),
        text: text(&json["text"]).unwrap(),
        scope: scope(json),
        occurred_at: moment(&json["at"]),
        expires_at: moment(&json["expires"]),
        importance: json["importance"].as_f64().map(|importance| importance as f32),
        metadata: metadata(&json["metadata"]),
        vector: vector(&json["vector"]),
    }
}

fn fact(json: &Json) -> NewFact {
    let part = |name: &str| text(&json[name]).unwrap();
    let mut fact = NewFact::new(part("subject"), part("predicate"), part("object"));
    fact.provenance =
        json["provenance"].as_str().map_or(Provenance::Stated, |name| named(&PROVENANCES, name));
    fact.confidence = json["confidence"].as_f64().unwrap_or(1.0) as f32;
    fact.contexts = strings(&json["contexts"]);
    fact.valid_from = moment(&json["from"]);
    fact.valid_to = moment(&json["to"]);
    fact
}

impl Run {
    fn id(&self, step: &Json) -> Id {
        self.ids[step["id"].as_str().unwrap()]
    }

    fn name(&self, id: Id) -> Json {
        self.ids.iter().find(|(_, known)| **known == id).map_or(Json::Null, |(name, _)| name.as_str().into())
    }

    fn names(&self, ids: impl IntoIterator<Item = Id>) -> Json {
        ids.into_iter().map(|id| self.name(id)).collect()
    }

    fn step(&mut self, step: &Json) -> Shown {
        let verb = step["do"].as_str().unwrap();
        if verb == "clock" {
            self.clock.set(moment(&step["to"]).unwrap());
            return Ok(Json::Null);
        }
        let name = step["tenant"].as_str().unwrap();
        let tenant = self.store.tenant(name)?;
        match verb {
            "add" => self.add(&tenant, step),
            "assert" => self.assert(&tenant, step),
            "erase" => Ok(serde_json::json!({"existed": self.store.erase_tenant(name)?})),
            "update" | "delete" | "get" | "history" => self.on_record(&tenant, verb, step),
            "list" | "search" | "changes" => self.on_many(&tenant, verb, step),
            unknown => panic!("no such step: {unknown}"),
        }
    }

    fn add(&mut self, tenant: &Tenant, step: &Json) -> Shown {
        let mut batch = Batch::new(step["episodes"].as_array().unwrap().iter().map(episode).collect());
        batch.idempotency_key = text(&step["key"]);
        let receipt = tenant.add(batch)?;
        self.ids.extend(strings(&step["as"]).into_iter().zip(receipt.ids));
        Ok(serde_json::json!({"replayed": receipt.replayed}))
    }

    fn assert(&mut self, tenant: &Tenant, step: &Json) -> Shown {
        let verdict = tenant.assert_fact(fact(step))?;
        self.ids.insert(text(&step["as"]).unwrap(), verdict.id);
        let superseded = self.names(verdict.superseded);
        Ok(serde_json::json!({"outcome": lower(&verdict.outcome), "superseded": superseded}))
    }

    fn on_record(&self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        let id = self.id(step);
        match verb {
            "delete" => tenant.delete(id).map(|()| Json::Null),
            "update" => {
                let metadata = step.get("metadata").map(metadata);
                let update =
                    EpisodeUpdate { text: text(&step["text"]), metadata, ..EpisodeUpdate::default() };
                let episode = tenant.update(id, update)?;
                Ok(serde_json::json!({"version": episode.version, "text": episode.text}))
            }
            "history" => {
                let kinds: Json = tenant.history(id)?.iter().map(|revision| lower(&revision.kind)).collect();
                Ok(serde_json::json!({"kinds": kinds}))
            }
            _ => {
                let record = tenant.get(id)?;
                let standing = record.as_atom().map(|atom| lower(&atom.standing));
                Ok(
                    serde_json::json!({"text": record.text(), "version": record.version(), "standing": standing}),
                )
            }
        }
    }

    fn on_many(&self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        let limit = step["limit"].as_u64().unwrap_or(100) as usize;
        match verb {
            "changes" => {
                let changes = tenant.changes(step["since"].as_u64().unwrap(), limit)?;
                let kinds: Json = changes.iter().map(|change| lower(&change.kind)).collect();
                Ok(serde_json::json!({"kinds": kinds}))
            }
            "list" => {
                let page = tenant.list(&filter(&step["filter"]), None, limit)?;
                let ids = self.names(page.records.iter().map(ebbmark::Record::id));
                Ok(serde_json::json!({"ids": ids, "more": page.next.is_some()}))
            }
            _ => {
                let mut query = Query::text(text(&step["text"]).unwrap_or_default()).limit(limit);
                query.vector = vector(&step["vector"]);
                query.filter = filter(&step["filter"]);
                let ids = self.names(tenant.search(query)?.iter().map(|hit| hit.record.id()));
                Ok(serde_json::json!({"ids": ids, "first": ids[0]}))
            }
        }
    }
}

/// What a step may expect.
const EXPECTATIONS: [&str; 10] =
    ["replayed", "outcome", "superseded", "version", "text", "standing", "ids", "more", "first", "kinds"];

/// Compares a step's outcome with what it expects.
fn compare(step: &Json, shown: &Shown) -> Result<(), String> {
    let shown = match (shown, step["error"].as_str()) {
        (Ok(shown), None) => shown,
        (Err(error), Some(code)) if error.code().as_str() == code => return Ok(()),
        (shown, code) => return Err(format!("{step}\nshowed {shown:?}, expected the error {code:?}")),
    };
    let reads = if step["do"] == "search" { &["text"][..] } else { &[] };
    for field in EXPECTATIONS.iter().chain(&["existed"]).filter(|field| !reads.contains(field)) {
        if let (Some(expected), Some(seen)) = (step.get(field), shown.get(field))
            && expected != seen
        {
            return Err(format!("{step}\n{field} is {seen}"));
        }
    }
    let unwanted = strings(&step["none_of"]);
    let found = shown["ids"]
        .as_array()
        .is_some_and(|ids| ids.iter().any(|id| unwanted.iter().any(|name| id == name)));
    if found { Err(format!("{step}\nfound {}", shown["ids"])) } else { Ok(()) }
}

fn run(scenario: &Json) -> Result<(), String> {
    let start = Timestamp::from_seconds(scenario["clock"].as_i64().unwrap_or(1_790_000_000));
    let clock = Arc::new(ManualClock::at(start));
    let options = Options { clock: clock.clone(), id_seed: Some(1), ..Options::default() };
    let mut run = Run { store: Store::in_memory(options).unwrap(), clock, ids: HashMap::new() };
    scenario["steps"].as_array().unwrap().iter().try_for_each(|step| compare(step, &run.step(step)))
}

#[test]
fn every_scenario_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/foundation");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let scenario: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        run(&scenario).unwrap_or_else(|wrong| panic!("{}: {}\n{wrong}", path.display(), scenario["promise"]));
        count += 1;
    }
    assert!(count >= 15, "only {count} scenarios were found");
}

#[test]
fn a_wrong_expectation_fails() {
    for wrong in [
        r#"{"do": "search", "tenant": "a", "text": "cat", "ids": []}"#,
        r#"{"do": "search", "tenant": "a", "text": "cat", "first": "y"}"#,
        r#"{"do": "search", "tenant": "a", "text": "cat", "none_of": ["x"]}"#,
        r#"{"do": "get", "tenant": "a", "id": "x", "version": 2}"#,
        r#"{"do": "get", "tenant": "a", "id": "x", "error": "record.not_found"}"#,
        r#"{"do": "list", "tenant": "a", "limit": 0}"#,
    ] {
        let add = r#"{"do": "add", "tenant": "a", "episodes": [{"text": "cat"}], "as": ["x"]}"#;
        let scenario: Json = serde_json::from_str(&format!(r#"{{"steps": [{add}, {wrong}]}}"#)).unwrap();
        assert!(run(&scenario).is_err(), "{wrong}");
    }
}
