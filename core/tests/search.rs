//! The promise: a search finds what is there, ranks by the sum that it shows, returns only what the filter
//! accepts, and gives the same answer to the same question.
//!
//! It could be broken by a cascade that loses near neighbours, by a filter that the columns read otherwise than
//! the records do, by score parts that are not the ones that ranked, or by ties that fall as they like.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::Arc;

use ebbmark::{
    Filter, Hit, Id, Kind, ManualClock, NewEpisode, NewFact, Options, Provenance, Query, Record, RecordSort,
    Role, Scope, Store, Tenant, Timestamp,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), id_seed: Some(3), embedder: None, ..Options::default() };
    (Store::in_memory(options).unwrap().tenant("acme").unwrap(), clock)
}

/// A unit vector that follows from a number.
fn vector(seed: u64, dimensions: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let raw: Vec<f32> = (0..dimensions)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 24) as f32 - 0.5
        })
        .collect();
    let norm = raw.iter().map(|x| x * x).sum::<f32>().sqrt();
    raw.iter().map(|x| x / norm).collect()
}

fn ids(hits: &[Hit]) -> Vec<Id> {
    hits.iter().map(|hit| hit.record.id()).collect()
}

#[test]
fn search_by_vector_is_as_good_as_exact() {
    let (tenant, _) = open();
    let vectors: Vec<Vec<f32>> = (0..6000)
        .map(|at| vector(at % 60, 96).iter().zip(vector(at + 1000, 96)).map(|(a, b)| a + 0.8 * b).collect())
        .collect();
    let episodes = vectors.iter().map(|vector| NewEpisode::user("x").vector(vector.clone()));
    let added = tenant.add(episodes.collect::<Vec<_>>()).unwrap().ids;
    let unit = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>() / unit(a) / unit(b);
    let mut found = 0;
    for question in 0..50 {
        let question: Vec<f32> =
            vector(question, 96).iter().zip(vector(question + 9, 96)).map(|(a, b)| a + b).collect();
        let mut exact: Vec<(f32, Id)> =
            vectors.iter().zip(&added).map(|(vector, id)| (cosine(vector, &question), *id)).collect();
        exact.sort_by(|a, b| b.0.total_cmp(&a.0));
        let hits = ids(&tenant.search(Query::by_vector(question)).unwrap());
        found += exact[..10].iter().filter(|(_, id)| hits.contains(id)).count();
    }
    assert!(found >= 495, "recall@10 is {:.3}", found as f64 / 500.0);
}

#[test]
fn identical_vectors_do_not_hide_others() {
    let (tenant, _) = open();
    tenant.add(vec![NewEpisode::user("same").vector(vector(1, 32)); 3000]).unwrap();
    let others: Vec<NewEpisode> =
        (10..20).map(|at| NewEpisode::user("other").vector(vector(at, 32))).collect();
    let added = tenant.add(others).unwrap().ids;
    for (at, id) in (10..20).zip(added) {
        let hits = tenant.search(Query::by_vector(vector(at, 32)).limit(1)).unwrap();
        assert_eq!(hits[0].record.id(), id);
    }
}

#[test]
fn what_was_said_around_a_turn_helps_to_find_it() {
    let (tenant, _) = open();
    let turns = [
        ("a", "Which instrument did your grandmother leave you?"),
        ("a", "The old cello, it stands in the hall."),
        ("b", "The hall was cold and the lamp was broken."),
        ("b", "We should repaint it some day."),
    ];
    let added =
        tenant.add(turns.map(|(session, text)| NewEpisode::user(text).session(session)).to_vec()).unwrap();
    let hits = tenant.search("the instrument from grandmother").unwrap();
    assert_eq!(hits[0].record.id(), added.ids[1], "{}", hits[0].why());
    assert!(hits[0].parts.answer > 0.0 && hits[0].parts.bm25 == 0.0);
    assert!(!ids(&hits).contains(&added.ids[3]));
}

#[test]
fn a_deleted_or_changed_record_is_found_no_more_by_what_it_was() {
    let (tenant, _) = open();
    let turn = |text: &str, seed| NewEpisode::user(text).session("s").vector(vector(seed, 32));
    let added = tenant.add(vec![turn("a zebra", 1), turn("a giraffe", 2), turn("an okapi", 3)]).unwrap().ids;
    tenant.delete(added[0]).unwrap();
    assert!(!ids(&tenant.search(Query::text("zebra").vector(vector(1, 32))).unwrap()).contains(&added[0]));
    assert!(!ids(&tenant.search(Query::by_vector(vector(1, 32))).unwrap()).contains(&added[0]));
    let update =
        ebbmark::EpisodeUpdate { vector: Some(vector(9, 32)), ..ebbmark::EpisodeUpdate::text("a tapir") };
    tenant.update(added[1], update).unwrap();
    assert!(tenant.search("giraffe").unwrap().is_empty());
    assert_eq!(tenant.search("tapir").unwrap()[0].record.id(), added[1]);
    assert_eq!(tenant.search(Query::by_vector(vector(9, 32)).limit(1)).unwrap()[0].record.id(), added[1]);
}

#[test]
fn episodes_expire_and_atoms_fade_but_stay() {
    let (tenant, clock) = open();
    tenant.add(NewEpisode::user("the parcel code is 4711").expires_at(START.plus_seconds(3600))).unwrap();
    tenant.assert_fact(NewFact::new("Mara", "drinks", "green tea")).unwrap();
    assert_eq!(tenant.search("parcel code").unwrap().len(), 1);
    let fresh = tenant.search("green tea").unwrap()[0].parts.retention;
    clock.set(START.plus_seconds(3600));
    assert!(tenant.search("parcel code").unwrap().is_empty());
    assert!(tenant.list(&Filter::default().only(RecordSort::Episode), None, 9).unwrap().records.is_empty());
    clock.set(START.plus_seconds(365 * 86_400));
    let faded = tenant.search("green tea").unwrap()[0].parts.retention;
    assert!(fresh == 1.0 && (0.85..0.86).contains(&faded), "{fresh} {faded}");
    clock.set(START.plus_seconds(-999_999));
    assert_eq!(tenant.search("green tea").unwrap()[0].parts.retention, 1.0, "a clock set back fades nothing");
}

/// A tenant with a bit of everything.
fn mixed(tenant: &Tenant) {
    let roles = [Role::User, Role::Assistant, Role::System, Role::Tool, Role::Document];
    let episodes = (0..120_usize).map(|at| {
        let mut scope = Scope::user(format!("user {}", at % 3)).with_session(format!("s{}", at % 7));
        scope.agent = (at % 2 == 0).then(|| "agent".to_owned());
        let moment = START.plus_seconds(at as i64 * 60);
        let episode = NewEpisode::new(roles[at % 5], format!("note {at} on the river")).scope(scope);
        let tags = ebbmark::Value::List(vec![(at as i64 % 4).into(), "all".into()]);
        episode
            .occurred_at(moment)
            .metadata("tags", tags)
            .metadata("flag", at % 6 == 0)
            .vector(vector(at as u64, 24))
    });
    tenant.add(episodes.collect::<Vec<_>>()).unwrap();
    for at in 0..40 {
        let fact =
            NewFact::new(format!("person {}", at % 8), ["lives_in", "likes"][at % 2], format!("river {at}"));
        tenant
            .assert_fact(fact.valid_from(START.plus_seconds(at as i64 * 100)).vector(vector(at as u64, 24)))
            .unwrap();
    }
}

fn filter() -> impl Strategy<Value = Filter> {
    let time = || proptest::option::of(0..8000_i64);
    let some = |names: &'static [&'static str]| proptest::option::of(proptest::sample::select(names));
    let scope = (some(&["user 0", "user 2", "nobody"]), some(&["agent"]), some(&["s3", "s5"]));
    let sort = proptest::option::of(prop_oneof![Just(RecordSort::Episode), Just(RecordSort::Atom)]);
    let roles = proptest::sample::subsequence(vec![Role::User, Role::Tool, Role::Document], 0..3);
    let kinds = proptest::sample::subsequence(vec![Kind::Affiliation, Kind::Preference, Kind::Fact], 0..3);
    let tag = proptest::option::of(prop_oneof![
        (0..5_i64).prop_map(|tag| ("tags", tag.into())),
        Just(("flag", true.into()))
    ]);
    (scope, sort, roles, kinds, time(), time(), tag, any::<bool>()).prop_map(
        |((user, agent, session), sort, roles, kinds, since, length, tag, historical)| {
            let text = |name: Option<&str>| name.map(str::to_owned);
            let since = since.map(|seconds| START.plus_seconds(seconds));
            Filter {
                scope: Scope { user: text(user), agent: text(agent), session: text(session) },
                sort,
                roles,
                kinds,
                since,
                until: length.map(|length| since.unwrap_or(START).plus_seconds(length + 1)),
                metadata: tag
                    .map(|(path, value): (&str, ebbmark::Value)| (path.to_owned(), value))
                    .into_iter()
                    .collect(),
                historical,
                ..Filter::default()
            }
        },
    )
}

/// What a filter means, said once more and naively.
fn means(filter: &Filter, record: &Record) -> bool {
    let scope = record.scope();
    let labels = [
        (&filter.scope.user, &scope.user),
        (&filter.scope.agent, &scope.agent),
        (&filter.scope.session, &scope.session),
    ];
    let (moment, kind_fits, current, tags_fit) = match record {
        Record::Episode(episode) => {
            let fits =
                filter.kinds.is_empty() && (filter.roles.is_empty() || filter.roles.contains(&episode.role));
            let tags = filter.metadata.iter().all(|(path, value)| match episode.metadata.get(path) {
                Some(ebbmark::Value::List(values)) => values.contains(value),
                other => other == Some(value),
            });
            (episode.occurred_at, fits, true, tags)
        }
        Record::Atom(atom) => {
            let fits =
                filter.roles.is_empty() && (filter.kinds.is_empty() || filter.kinds.contains(&atom.kind));
            let current = filter.historical || atom.superseded_by.is_none();
            (atom.valid_from.unwrap(), fits, current, filter.metadata.is_empty())
        }
    };
    labels.iter().all(|(wanted, label)| wanted.is_none() || wanted == label)
        && filter.sort.is_none_or(|sort| sort == record.sort())
        && filter.since.is_none_or(|since| moment >= since)
        && filter.until.is_none_or(|until| moment < until)
        && kind_fits
        && current
        && tags_fit
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lists_and_searches_return_what_the_filter_means(filter in filter()) {
        let (tenant, clock) = open();
        mixed(&tenant);
        clock.set(START.plus_seconds(4000));
        let everything = tenant.list(&Filter::default().with_historical(), None, 1000).unwrap().records;
        prop_assert!(everything.len() == 160);
        let mut expected: Vec<Id> = everything.iter().filter(|record| means(&filter, record)).map(Record::id).collect();
        let listed: Vec<Id> = tenant.list(&filter, None, 1000).unwrap().records.iter().map(Record::id).collect();
        prop_assert_eq!(&listed, &expected);
        expected.sort_unstable();
        for query in [Query::text("river"), Query::by_vector(vector(3, 24)), Query::text("river").vector(vector(3, 24))] {
            let mut found = ids(&tenant.search(query.filter(filter.clone()).limit(1000)).unwrap());
            found.sort_unstable();
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn scores_are_the_sum_of_their_parts_in_a_total_order(words in proptest::collection::vec(0..40_u8, 1..6), seed in 0..99_u64) {
        let (tenant, _) = open();
        mixed(&tenant);
        let text = words.iter().map(|word| format!("note {word} ")).collect::<String>();
        for query in [Query::text(&text), Query::text(&text).vector(vector(seed, 24)), Query::by_vector(vector(seed, 24))] {
            let hits = tenant.search(query.clone().limit(60)).unwrap();
            for hit in &hits {
                prop_assert_eq!(hit.score, hit.parts.score());
            }
            for pair in hits.windows(2) {
                let key = |hit: &Hit| (-f64::from(hit.score), hit.record.id());
                prop_assert!(key(&pair[0]) < key(&pair[1]));
            }
            prop_assert_eq!(&hits, &tenant.search(query.limit(60)).unwrap());
        }
    }
}

#[test]
fn the_same_calls_give_the_same_bytes() {
    let run = || {
        let (tenant, _) = open();
        mixed(&tenant);
        let hits = tenant.search(Query::text("note river").vector(vector(5, 24)).limit(100)).unwrap();
        format!("{hits:?} {:?}", tenant.changes(0, 1000).unwrap())
    };
    assert_eq!(run(), run());
}

#[test]
fn provenance_does_not_change_a_score() {
    let score = |provenance| {
        let (tenant, _) = open();
        tenant.assert_fact(NewFact::new("Ines", "likes", "jazz").provenance(provenance)).unwrap();
        tenant.search("who likes jazz").unwrap()[0].score
    };
    assert_eq!(score(Provenance::Inferred), score(Provenance::Corrected));
}

#[test]
fn records_of_stop_words_alone_are_found() {
    let (tenant, _) = open();
    tenant.add(vec![NewEpisode::user("to be or not to be"); 200]).unwrap();
    assert_eq!(tenant.search(Query::text("to be").limit(100)).unwrap().len(), 100);
}

#[test]
fn a_filter_that_leaves_poor_candidates_keeps_scores_in_bounds() {
    let (tenant, _) = open();
    let turn = |role, text: &str, x: f32| NewEpisode::new(role, text).session("s").vector(vec![1.0, x, 0.0]);
    tenant
        .add(vec![
            turn(Role::Tool, "nothing here", 5.0),
            turn(Role::User, "river bridge harbour river bridge harbour?", -5.0),
            turn(Role::Tool, "a river, far away", 5.001),
        ])
        .unwrap();
    let query = Query::text("river bridge harbour").vector(vec![1.0, 0.0, 0.0]);
    for hit in tenant.search(query.filter(Filter::default().role(Role::Tool))).unwrap() {
        assert!((-1.0..4.0).contains(&hit.score), "{:?}", hit.parts);
    }
}

#[test]
fn scopes_that_exclude_each_other_match_nothing() {
    let (tenant, _) = open();
    mixed(&tenant);
    let handle = tenant.with_scope(Scope::user("user 0")).unwrap();
    let other = Filter::scope(Scope::user("user 1"));
    assert!(handle.list(&other, None, 10).unwrap().records.is_empty());
    assert!(handle.search(Query::text("river").filter(other)).unwrap().is_empty());
    assert_eq!(handle.search(Query::text("river").limit(1000)).unwrap().len(), 40);
}

#[test]
fn a_record_that_is_being_updated_is_found_all_the_while() {
    let (tenant, _) = open();
    let id = tenant.add("the heron stands in the river").unwrap().ids[0];
    std::thread::scope(|scope| {
        let updater = scope.spawn(|| {
            for round in 0..400 {
                let text = format!("the heron stands in the river, round {round}");
                tenant.update(id, ebbmark::EpisodeUpdate::text(text)).unwrap();
            }
        });
        while !updater.is_finished() {
            assert_eq!(tenant.search("heron").unwrap().len(), 1);
        }
    });
}
