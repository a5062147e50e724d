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
    Access, Assertion, Atom, Batch, Cardinality, ConflictStatus, Effect, EpisodeUpdate, Error, FactQuery,
    Filter, Id, Kind, Lease, ManualClock, Metadata, NewEpisode, NewFact, Options, Predicate, Provenance,
    RecordSort, Resolution, Role, Scope, Standing, Store, Tenant, Timestamp, Trust, Value, View,
};
use serde_json::Value as Json;

#[path = "conformance/forgetting.rs"]
mod forgetting;
#[path = "conformance/knowledge.rs"]
mod knowledge;
#[path = "conformance/retrieval.rs"]
mod retrieval;

/// A scenario being run: the store, its clock, and the ids by their names.
struct Run {
    store: Store,
    clock: Arc<ManualClock>,
    ids: HashMap<String, Id>,
    /// The operations by the names of the steps that made them.
    operations: HashMap<String, Id>,
    /// The leases by the names of the steps that took or renewed them.
    leases: HashMap<String, Lease>,
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
const KINDS: [Kind; 13] = [
    Kind::Entity,
    Kind::Affiliation,
    Kind::Social,
    Kind::Preference,
    Kind::Belief,
    Kind::Skill,
    Kind::Event,
    Kind::State,
    Kind::Hypothesis,
    Kind::Invariant,
    Kind::Trait,
    Kind::Style,
    Kind::Fact,
];
const TRUSTS: [Trust; 3] = [Trust::Low, Trust::Medium, Trust::High];
const ACCESSES: [Access; 3] = [Access::ReadOnly, Access::ReadWrite, Access::Admin];
const CARDINALITIES: [Cardinality; 2] = [Cardinality::One, Cardinality::Many];
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
        quarantined: json["quarantined"] == true,
        archived: json["archived"] == true,
        retention_below: json["retention_below"].as_f64().map(|share| share as f32),
        condition: None,
    }
}

fn episode(json: &Json) -> NewEpisode {
    NewEpisode {
        role: json["role"].as_str().map_or(Role::User, |name| named(&ROLES, name)),
        speaker: text(&json["speaker"]),
        title: text(&json["title"]),
        text: text(&json["text"]).unwrap(),
        scope: scope(json),
        occurred_at: moment(&json["at"]),
        expires_at: moment(&json["expires"]),
        importance: json["importance"].as_f64().map(|importance| importance as f32),
        metadata: metadata(&json["metadata"]),
        trust: json["trust"].as_str().map(|name| named(&TRUSTS, name)),
        facts: Vec::new(),
        vector: vector(&json["vector"]),
    }
}

fn predicate(json: &Json) -> Predicate {
    let name = text(&json["name"]).unwrap();
    let slot = text(&json["slot"]).unwrap_or_else(|| name.clone());
    Predicate {
        aliases: strings(&json["aliases"]),
        cardinality: json["cardinality"]
            .as_str()
            .map_or(Cardinality::Many, |name| named(&CARDINALITIES, name)),
        opposites: strings(&json["opposites"]),
        inverse: text(&json["inverse"]),
        symmetric: json["symmetric"] == true,
        rank: json["rank"].as_u64().map(|rank| rank as u8),
        kind: json["kind"].as_str().map_or(Kind::Fact, |name| named(&KINDS, name)),
        confidence_max: json["confidence_max"].as_f64().unwrap_or(1.0) as f32,
        stability_days: json["stability_days"].as_f64().map(|days| days as f32),
        immutable: json["immutable"] == true,
        ..Predicate::many(name).slot(slot)
    }
}

/// What is shown of an atom.
fn shown(atom: &Atom, name: impl Fn(Id) -> Json) -> Json {
    let reason = match atom.standing {
        Standing::Historical(reason) => lower(&reason).into(),
        _ => Json::Null,
    };
    let seconds = |moment: Option<Timestamp>| moment.map(|moment| moment.as_micros() / 1_000_000);
    serde_json::json!({
        "text": atom.sentence(), "version": atom.version, "standing": lower(&atom.standing), "why": reason,
        "object": atom.object, "disputed": atom.is_disputed(), "assertions": atom.assertions,
        "confirmations": atom.confirmations, "contradictions": atom.contradictions,
        "confidence": (f64::from(atom.confidence) * 100.0).round() / 100.0, "trust": lower(&atom.trust),
        "provenance": lower(&atom.provenance), "kind": lower(&atom.kind), "contexts": atom.contexts,
        "from": seconds(atom.valid_from), "to": seconds(atom.valid_to), "holder": atom.holder,
        "superseded_by": atom.superseded_by.map(name),
    })
}

fn fact(json: &Json) -> NewFact {
    let part = |name: &str| text(&json[name]).unwrap();
    let mut fact = NewFact::new(part("subject"), part("predicate"), part("object"));
    fact.provenance =
        json["provenance"].as_str().map_or(Provenance::Stated, |name| named(&PROVENANCES, name));
    fact.confidence = json["confidence"].as_f64().unwrap_or(1.0) as f32;
    fact.contexts = strings(&json["contexts"]);
    fact.negated = json["negated"] == true;
    fact.kind = json["kind"].as_str().map(|name| named(&KINDS, name));
    fact.trust = json["trust"].as_str().map(|name| named(&TRUSTS, name));
    fact.holder = text(&json["holder"]);
    fact.distance = json["distance"].as_u64().unwrap_or(u64::from(fact.holder.is_some())) as u8;
    fact.said_at = moment(&json["said"]);
    fact.scope = scope(json);
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
        let name = step["tenant"].as_str().unwrap_or("acme");
        let rules = ["define", "undo", "configure", "audit", "prune"].contains(&verb);
        let access = if rules { Access::Admin } else { Access::ReadWrite };
        let access = step["access"].as_str().map_or(access, |name| named(&ACCESSES, name));
        let mut tenant = self.store.tenant_with_access(name, access)?.with_scope(scope(step))?;
        if let Some(actor) = step["actor"].as_str().filter(|_| verb != "audit") {
            tenant = tenant.with_actor(actor)?;
        }
        match verb {
            "add" => self.add(&tenant, step),
            "assert" => self.assert(&tenant, step),
            "erase" => Ok(serde_json::json!({"existed": self.store.erase_tenant(name)?})),
            "update" | "delete" | "get" | "history" => self.on_record(&tenant, verb, step),
            "list" | "changes" => self.on_many(&tenant, verb, step),
            "search" | "page" | "explain_search" | "missing" | "facets" => {
                self.on_retrieval(&tenant, verb, step)
            }
            "facts" | "neighbors" | "conflicts" | "entity" => self.on_truth(&tenant, verb, step),
            "profile" | "path" | "context" | "add_document" | "document" | "delete_document" => {
                self.on_knowledge(&tenant, verb, step)
            }
            "confirm" | "retract" | "undo" | "resolve" | "merge" | "define" => self.rule(&tenant, verb, step),
            _ => self.on_forgetting(&tenant, verb, step),
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
        let supports = strings(&step["supports"]).iter().map(|name| self.ids[name]).collect();
        let verdict = tenant.assert_fact(NewFact { supports, ..fact(step) })?;
        Ok(self.told(step, &verdict))
    }

    /// Remembers a verdict under its step's name, and shows it.
    fn told(&mut self, step: &Json, verdict: &Assertion) -> Json {
        let same_as = self.name(verdict.id);
        if let Some(name) = text(&step["as"]) {
            // An atom keeps the name that it was given first.
            if !self.ids.values().any(|known| *known == verdict.id) {
                self.ids.insert(name.clone(), verdict.id);
            }
            self.operations.insert(name, verdict.operation);
        }
        let superseded = self.sorted(&verdict.superseded);
        serde_json::json!({"outcome": lower(&verdict.outcome), "superseded": superseded, "same_as": same_as})
    }

    /// Remembers an operation under its step's name, and shows what it changed.
    fn changed(&mut self, step: &Json, effect: &Effect) -> Json {
        if let (Some(name), Some(operation)) = (text(&step["as"]), effect.operation) {
            self.operations.insert(name, operation);
        }
        serde_json::json!({
            "added": self.sorted(&effect.added), "removed": self.sorted(&effect.removed),
            "retired": self.sorted(&effect.retired), "restored": self.sorted(&effect.restored),
        })
    }

    fn sorted(&self, ids: &[Id]) -> Json {
        let mut names: Vec<String> =
            ids.iter().map(|id| self.name(*id).as_str().unwrap_or("?").to_owned()).collect();
        names.sort();
        names.into()
    }

    fn rule(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        let effect = match verb {
            "confirm" => {
                let verdict = tenant.confirm(self.id(step))?;
                return Ok(self.told(step, &verdict));
            }
            "retract" => tenant.retract(self.id(step))?,
            "undo" => tenant.undo(self.operations[step["op"].as_str().unwrap()])?,
            "merge" => tenant.merge_entities(&text(&step["keep"]).unwrap(), &text(&step["gone"]).unwrap())?,
            "define" => tenant.define_predicate(predicate(&step["predicate"]))?,
            _ => {
                let pair: Vec<Id> = strings(&step["pair"]).iter().map(|name| self.ids[name]).collect();
                let of_pair = |conflict: &&ebbmark::Conflict| {
                    pair.contains(&conflict.first) && pair.contains(&conflict.second)
                };
                let conflicts = tenant.conflicts(true)?;
                let conflict =
                    conflicts.iter().find(of_pair).map_or(Id::from_u128(7), |conflict| conflict.id);
                let one = |field: &str| step[field].as_str().map(|name| self.ids[name]);
                let resolution = match (one("keep"), one("merge"), step["reject"] == true) {
                    (Some(winner), _, _) => Resolution::Keep(winner),
                    (_, Some(winner), _) => Resolution::Merge(winner),
                    (_, _, true) => Resolution::Reject,
                    _ => {
                        let contexts = |at: usize| strings(&step["contexts"][at]);
                        let (first, second) = if pair[0] < pair[1] { (0, 1) } else { (1, 0) };
                        Resolution::KeepBoth { first: contexts(first), second: contexts(second) }
                    }
                };
                tenant.resolve(conflict, &resolution)?
            }
        };
        Ok(self.changed(step, &effect))
    }

    fn on_truth(&self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        let view = View { valid_at: moment(&step["valid_at"]), as_of: moment(&step["as_of"]) };
        let mut names: Vec<String> = match verb {
            "entity" => {
                return Ok(serde_json::json!({"names": tenant.entity(step["name"].as_str().unwrap())?}));
            }
            "neighbors" => {
                let neighbors = tenant.neighbors(step["name"].as_str().unwrap(), view)?;
                neighbors.into_iter().map(|neighbor| neighbor.name).collect()
            }
            "conflicts" => {
                let conflicts = tenant.conflicts(step["settled"] == true)?;
                let mut pairs: Vec<Vec<String>> = Vec::new();
                let mut clashes: Vec<String> = Vec::new();
                for conflict in &conflicts {
                    let pair = self.sorted(&[conflict.first, conflict.second]);
                    pairs.push(strings(&pair));
                    let open = if conflict.status == ConflictStatus::Open { "open" } else { "settled" };
                    clashes.push(format!("{} {} {open}", strings(&pair).join("/"), lower(&conflict.clash)));
                }
                pairs.sort();
                clashes.sort();
                return Ok(serde_json::json!({"pairs": pairs, "clashes": clashes}));
            }
            _ => {
                let mut query = FactQuery::about(text(&step["subject"]).unwrap());
                query.predicate = text(&step["predicate"]);
                query.object = text(&step["object"]);
                query.view = view;
                query.historical = step["historical"] == true;
                let facts = tenant.facts(&query)?;
                let told = |atom: Atom| format!("{}{}", if atom.negated { "not " } else { "" }, atom.object);
                let mut ids: Vec<Id> = facts.iter().map(|atom| atom.id).collect();
                ids.sort();
                let mut objects: Vec<String> = facts.into_iter().map(told).collect();
                objects.sort();
                return Ok(serde_json::json!({"objects": objects, "ids": self.sorted(&ids)}));
            }
        };
        names.sort();
        Ok(serde_json::json!({"names": names}))
    }

    fn on_record(&mut self, tenant: &Tenant, verb: &str, step: &Json) -> Shown {
        let id = self.id(step);
        match verb {
            "delete" => {
                let effect = tenant.delete(id)?;
                Ok(self.changed(step, &effect))
            }
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
                let view = View { valid_at: moment(&step["valid_at"]), as_of: moment(&step["as_of"]) };
                let record =
                    if view == View::default() { tenant.get(id)? } else { tenant.get_at(id, view)? };
                Ok(record.as_atom().map_or_else(
                    || serde_json::json!({"text": record.text(), "version": record.version()}),
                    |atom| shown(atom, |id| self.name(id)),
                ))
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
            _ => {
                let page = tenant.list(&retrieval::filter_of(step), None, limit)?;
                let ids = self.names(page.records.iter().map(ebbmark::Record::id));
                Ok(serde_json::json!({"ids": ids, "more": page.next.is_some()}))
            }
        }
    }
}

/// What a step says of its input. All else that has a name of what was shown is expected.
fn reads(step: &Json) -> &'static [&'static str] {
    match step["do"].as_str().unwrap() {
        "search" | "page" | "explain_search" => &["text"],
        "missing" => &["text", "id"],
        "context" | "add_document" => &["text"],
        "update" | "resolve" => &["id", "contexts"],
        "assert" => {
            &["object", "provenance", "confidence", "contexts", "from", "to", "kind", "trust", "holder"]
        }
        _ => &[],
    }
}

/// Whether two values are the same; 1 and 1.0 are one number.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

/// Compares a step's outcome with what it expects.
fn compare(step: &Json, shown: &Shown) -> Result<(), String> {
    let shown = match (shown, step["error"].as_str()) {
        (Ok(shown), None) => shown,
        (Err(error), Some(code)) if error.code().as_str() == code => return Ok(()),
        (shown, code) => return Err(format!("{step}\nshowed {shown:?}, expected the error {code:?}")),
    };
    let reads = reads(step);
    for (field, seen) in shown.as_object().into_iter().flatten() {
        if let Some(expected) = step.get(field).filter(|_| !reads.contains(&field.as_str()))
            && !same(expected, seen)
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
    let options = Options { clock: clock.clone(), id_seed: Some(1), embedder: None, ..Options::default() };
    let mut run = Run {
        store: Store::in_memory(options).unwrap(),
        clock,
        ids: HashMap::new(),
        operations: HashMap::new(),
        leases: HashMap::new(),
    };
    scenario["steps"].as_array().unwrap().iter().try_for_each(|step| compare(step, &run.step(step)))
}

/// The scenarios of a folder, with the files they are in.
fn scenarios(folder: &str) -> Vec<(String, Json)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance").join(folder);
    let mut scenarios = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        match serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap() {
            Json::Array(several) => scenarios.extend(several.into_iter().map(|one| (file.clone(), one))),
            one => scenarios.push((file, one)),
        }
    }
    scenarios
}

fn hold(folder: &str, at_least: usize) {
    let scenarios = scenarios(folder);
    let wrong: Vec<String> = scenarios
        .iter()
        .filter_map(|(file, scenario)| {
            Some(format!("{file}: {}\n{}", scenario["promise"], run(scenario).err()?))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} fail:\n{}", wrong.len(), scenarios.len(), wrong.join("\n\n"));
    assert!(scenarios.len() >= at_least, "only {} scenarios were found", scenarios.len());
}

#[test]
fn every_scenario_of_the_foundation_holds() {
    hold("foundation", 15);
}

#[test]
fn every_scenario_of_truth_holds() {
    hold("truth", 250);
}

#[test]
fn every_scenario_of_forgetting_holds() {
    hold("forgetting", 200);
}

#[test]
fn every_scenario_of_retrieval_holds() {
    hold("retrieval", 130);
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
        r#"{"do": "memory", "tenant": "a", "id": "x", "importance": 0.999}"#,
        r#"{"do": "usage", "tenant": "a", "episodes": 2}"#,
        r#"{"do": "audit", "tenant": "a", "causes": []}"#,
        r#"{"do": "timeline", "tenant": "a", "ids": []}"#,
        r#"{"do": "maintain", "tenant": "a", "expired": 1}"#,
        r#"{"do": "missing", "tenant": "a", "text": "cat", "id": "x", "reason": "filtered"}"#,
        r#"{"do": "facets", "tenant": "a", "by": ["role"], "values": [[["user", 2]]]}"#,
        r#"{"do": "explain_search", "tenant": "a", "text": "cat", "accepted": 0}"#,
        r#"{"do": "permit", "tenant": "a", "allowed": false}"#,
    ] {
        let add = r#"{"do": "add", "tenant": "a", "episodes": [{"text": "cat"}], "as": ["x"]}"#;
        let scenario: Json = serde_json::from_str(&format!(r#"{{"steps": [{add}, {wrong}]}}"#)).unwrap();
        assert!(run(&scenario).is_err(), "{wrong}");
    }
}
