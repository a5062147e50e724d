//! The promise: a tenant holds exactly what was written to it, whatever the order of writes, reopens,
//! evictions and reindexing, and no tenant sees another.
//!
//! It could be broken by any of the indexes lagging behind the rows, by a segment sealed over a change, by an
//! eviction in the middle of a write, or by a read path that forgets the tenant. Arbitrary operations run
//! against the store and against a naive model that shares no code with it: a list of texts a tenant.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use ebbmark::{
    Access, Code, Cursor, EpisodeUpdate, Filter, Id, ManualClock, NewEpisode, Options, Query, Role, Scope,
    Store, Timestamp,
};
use proptest::prelude::*;
use proptest::sample::Index;

const TENANTS: [&str; 3] = ["acme", "globex", "initech"];
const WORDS: [&str; 8] = ["river", "bridge", "harbour", "tram", "market", "garden", "museum", "library"];

#[derive(Clone, Debug)]
enum Operation {
    Add { tenant: usize, words: Vec<usize>, user: Option<u8>, vector: bool },
    AddMany { tenant: usize, count: usize },
    Update { tenant: usize, target: Index, word: usize },
    Retag { tenant: usize, target: Index },
    Delete { tenant: usize, target: Index },
    Erase { tenant: usize },
    Reopen,
    Reindex { tenant: usize },
}

fn operation() -> impl Strategy<Value = Operation> {
    let tenant = || 0..TENANTS.len();
    let words = proptest::collection::vec(0..WORDS.len(), 1..6);
    prop_oneof![
        8 => (tenant(), words, proptest::option::of(0..2_u8), any::<bool>())
            .prop_map(|(tenant, words, user, vector)| Operation::Add { tenant, words, user, vector }),
        2 => (tenant(), 400..1300_usize).prop_map(|(tenant, count)| Operation::AddMany { tenant, count }),
        4 => (tenant(), any::<Index>(), 0..WORDS.len())
            .prop_map(|(tenant, target, word)| Operation::Update { tenant, target, word }),
        2 => (tenant(), any::<Index>()).prop_map(|(tenant, target)| Operation::Retag { tenant, target }),
        4 => (tenant(), any::<Index>()).prop_map(|(tenant, target)| Operation::Delete { tenant, target }),
        1 => tenant().prop_map(|tenant| Operation::Erase { tenant }),
        2 => Just(Operation::Reopen),
        1 => tenant().prop_map(|tenant| Operation::Reindex { tenant }),
    ]
}

/// What the model knows of a record.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    text: String,
    user: Option<String>,
    versions: usize,
    tag: Option<i64>,
}

/// The naive model: per tenant, the records by id. Ids grow, so that their order is the order of arrival.
type Model = [BTreeMap<Id, Known>; 3];

fn options() -> Options {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_790_000_000)));
    // A clock that stands still and a seed that repeats, so that only the store keeps ids apart. A budget that holds one working set at a time, so that evictions happen all the time.
    Options {
        clock,
        id_seed: Some(1),
        working_set_bytes: 1,
        cache_bytes: 1 << 20,
        embedder: None,
        ..Options::default()
    }
}

fn vector_of(text: &str) -> Vec<f32> {
    (0..16)
        .map(|at| text.bytes().enumerate().map(|(i, b)| ((i + at) as f32 * f32::from(b)).sin()).sum())
        .collect()
}

fn apply(store: &Store, model: &mut Model, operation: &Operation, tag: i64) {
    let tenant_of = |tenant: usize| store.tenant_with_access(TENANTS[tenant], Access::Admin).unwrap();
    let pick = |known: &BTreeMap<Id, Known>, target: &Index| {
        (!known.is_empty()).then(|| *known.keys().nth(target.index(known.len())).unwrap())
    };
    match operation {
        Operation::Add { tenant, words, user, vector } => {
            let text = words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ");
            let user = user.map(|user| format!("user {user}"));
            let mut episode = NewEpisode::user(text.clone()).session("s");
            episode.scope.user = user.clone();
            episode.vector = vector.then(|| vector_of(&text));
            let id = tenant_of(*tenant).add(episode).unwrap().ids[0];
            model[*tenant].insert(id, Known { text, user, versions: 1, tag: None });
        }
        Operation::AddMany { tenant, count } => {
            let texts: Vec<String> = (0..*count).map(|at| format!("{} number {at}", WORDS[at % 8])).collect();
            let episodes: Vec<NewEpisode> =
                texts.iter().map(|text| NewEpisode::new(Role::Tool, text)).collect();
            let ids = tenant_of(*tenant).add(episodes).unwrap().ids;
            let known = |text| Known { text, user: None, versions: 1, tag: None };
            model[*tenant].extend(ids.into_iter().zip(texts.into_iter().map(known)));
        }
        Operation::Update { tenant, target, word } => {
            let Some(id) = pick(&model[*tenant], target) else { return };
            let text = format!("now the {}", WORDS[*word]);
            tenant_of(*tenant).update(id, EpisodeUpdate::text(text.clone())).unwrap();
            let known = model[*tenant].get_mut(&id).unwrap();
            *known = Known { text, versions: known.versions + 1, ..known.clone() };
        }
        Operation::Retag { tenant, target } => {
            let Some(id) = pick(&model[*tenant], target) else { return };
            let metadata = Some([("tag".to_owned(), tag.into())].into());
            tenant_of(*tenant).update(id, EpisodeUpdate { metadata, ..EpisodeUpdate::default() }).unwrap();
            let known = model[*tenant].get_mut(&id).unwrap();
            *known = Known { versions: known.versions + 1, tag: Some(tag), ..known.clone() };
        }
        Operation::Delete { tenant, target } => {
            let Some(id) = pick(&model[*tenant], target) else { return };
            tenant_of(*tenant).delete(id).unwrap();
            assert_eq!(tenant_of(*tenant).get(id).unwrap_err().code(), Code::RecordNotFound);
            model[*tenant].remove(&id);
        }
        Operation::Erase { tenant } => {
            let had = store.tenants().unwrap().contains(&TENANTS[*tenant].to_owned());
            assert_eq!(store.erase_tenant(TENANTS[*tenant]).unwrap(), had);
            model[*tenant].clear();
        }
        Operation::Reindex { tenant } => tenant_of(*tenant).reindex().unwrap(),
        Operation::Reopen => {}
    }
}

/// Everything that can be read agrees with the model.
fn compare(store: &Store, model: &Model) {
    for (name, known) in TENANTS.iter().zip(model) {
        let tenant = store.tenant(name).unwrap();
        let mut listed = Vec::new();
        let mut cursor: Option<Cursor> = None;
        loop {
            let page = tenant.list(&Filter::default(), cursor, 700).unwrap();
            listed.extend(page.records);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let texts: Vec<(Id, String)> = listed.iter().map(|record| (record.id(), record.text())).collect();
        let expected: Vec<(Id, String)> = known.iter().map(|(id, known)| (*id, known.text.clone())).collect();
        assert_eq!(texts, expected, "{name}: listed");
        assert_eq!(tenant.stats().unwrap().episodes, known.len() as u64, "{name}: counted");
        for (id, known) in known.iter().rev().take(5) {
            assert_eq!(tenant.history(*id).unwrap().len(), known.versions, "{name}: history of {id}");
        }
        for word in WORDS {
            let hits = tenant.search(Query::text(word).limit(1000)).unwrap();
            assert!(
                hits.iter().all(|hit| known.contains_key(&hit.record.id())),
                "{name}: a hit that is not there"
            );
            let by_words = hits.iter().filter(|hit| hit.parts.bm25 > 0.0).count();
            let with_word = known.values().filter(|known| known.text.contains(word)).count();
            assert_eq!(by_words.min(900), with_word.min(900), "{name}: hits for {word}");
        }
        let scope = Filter::scope(Scope::user("user 1"));
        let mine = tenant.list(&scope, None, 1000).unwrap().records.len();
        assert_eq!(mine, known.values().filter(|known| known.user.as_deref() == Some("user 1")).count());
        if let Some((id, tag)) = known.iter().find_map(|(id, known)| Some((id, known.tag?))) {
            let tagged = Query::text(known[id].text.as_str()).filter(Filter::default().metadata("tag", tag));
            assert!(
                tenant.search(tagged).unwrap().iter().any(|hit| hit.record.id() == *id),
                "{name}: by metadata"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_store_agrees_with_a_list_of_texts(operations in proptest::collection::vec(operation(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let mut store = Store::open(&path, options()).unwrap();
        let mut model = Model::default();
        for (step, operation) in operations.iter().enumerate() {
            apply(&store, &mut model, operation, step as i64);
            if matches!(operation, Operation::Reopen) {
                store.close();
                drop(store);
                store = Store::open(&path, options()).unwrap();
            }
        }
        compare(&store, &model);
        store.close();
        drop(store);
        let store = Store::open(&path, options()).unwrap();
        compare(&store, &model);
        for tenant in TENANTS {
            store.tenant_with_access(tenant, Access::Admin).unwrap().reindex().unwrap();
        }
        compare(&store, &model);
        prop_assert_eq!(store.working_sets().segments_rebuilt, 0);
    }
}
