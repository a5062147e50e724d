//! The promise: a filter accepts the same records whether it is asked of the columns or of the records themselves, whatever
//! its condition; and a condition of whatever shape is answered or refused in bounded time.
//!
//! It could be broken by a column that holds less than the record, by bounds that leave a record out, by a negation of what
//! is only possible, or by a condition that nests without end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::Arc;
use std::time::Duration;

use ebbmark::{
    Access, Condition, Facet, Filter, Kind, ManualClock, NewEpisode, NewFact, Options, Period, Query,
    RecordSort, Role, Scope, StandingKind, Store, Tenant, Timestamp, Trust,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const NAMES: [&str; 6] = ["Mara", "Tom", "New York", "nyc", "Dr. Anna Silva", "Anna Silva"];
const PREDICATES: [&str; 4] = ["lives_in", "resides_in", "likes", "dislikes"];
const VALUES: [&str; 7] =
    ["Berlin", "Berlin, Germany", "NYC", "New York", "Tom", "onsite", "on-site in Berlin"];

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), id_seed: Some(3), embedder: None, ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    (store.tenant_with_access("acme", Access::Admin).unwrap(), clock)
}

/// Records of every sort, that follow from a number.
fn fill(tenant: &Tenant, clock: &ManualClock, seed: u64, count: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut pick = |count: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % count
    };
    for _ in 0..count {
        clock.set(clock_now(clock).plus_seconds(60 + pick(90_000) as i64));
        let scope = Scope { user: [None, Some("mara".to_owned())][pick(2)].clone(), ..Scope::default() };
        if pick(2) == 0 {
            let role = [Role::User, Role::Tool, Role::Document][pick(3)];
            let mut new = NewEpisode::new(role, format!("{} met {} at noon", NAMES[pick(6)], NAMES[pick(6)]));
            new.scope = scope;
            new = if pick(2) == 0 { new.tag(["x", "y"][pick(2)]) } else { new };
            new = if pick(2) == 0 { new.metadata("n", pick(5) as i64) } else { new.metadata("n", "2") };
            new = if pick(3) == 0 { new.speaker(NAMES[pick(6)]) } else { new };
            new = if pick(3) == 0 { new.title(NAMES[pick(6)]) } else { new };
            new = if pick(3) == 0 { new.importance(pick(11) as f32 / 10.0) } else { new };
            new.occurred_at = Some(Timestamp::from_seconds(pick(2_000_000_000) as i64));
            tenant.add(new).unwrap();
        } else {
            let fact = NewFact::new(NAMES[pick(6)], PREDICATES[pick(4)], VALUES[pick(7)]);
            let trust = [Trust::Low, Trust::Medium, Trust::High][pick(3)];
            let fact = fact.confidence(pick(11) as f32 / 10.0).trust(trust).scope(scope);
            tenant.assert_fact(fact).unwrap();
        }
    }
}

fn clock_now(clock: &ManualClock) -> Timestamp {
    ebbmark::Clock::now(clock)
}

fn leaf() -> impl Strategy<Value = Condition> {
    let share =
        || (0_u8..=10, 0_u8..=10).prop_map(|(a, b)| f32::from(a.min(b)) / 10.0..=f32::from(a.max(b)) / 10.0);
    let moment = || (0_i64..2_100_000_000).prop_map(Timestamp::from_seconds);
    let period = move || {
        (moment(), moment())
            .prop_map(|(a, b)| Period { from: Some(a.min(b)), to: Some(a.max(b).plus_seconds(1)) })
    };
    let name = || proptest::sample::select(&NAMES[..]).prop_map(str::to_owned);
    let value = || proptest::sample::select(&VALUES[..]).prop_map(str::to_owned);
    prop_oneof![
        proptest::sample::select(&[RecordSort::Episode, RecordSort::Atom][..]).prop_map(Condition::Sort),
        proptest::sample::select(&[Role::User, Role::Tool, Role::Document][..]).prop_map(Condition::Role),
        proptest::sample::select(&[Kind::Preference, Kind::Fact, Kind::State][..]).prop_map(Condition::Kind),
        proptest::sample::select(
            &[StandingKind::Unsubstantiated, StandingKind::Substantiated, StandingKind::Historical][..]
        )
        .prop_map(Condition::Standing),
        Just(Condition::Disputed),
        Just(Condition::User("mara".to_owned())),
        name().prop_map(Condition::Speaker),
        name().prop_map(Condition::Subject),
        proptest::sample::select(&PREDICATES[..]).prop_map(Condition::predicate),
        value().prop_map(Condition::Object),
        prop_oneof![name(), value()].prop_map(Condition::About),
        proptest::sample::select(&["x", "y", "z"][..]).prop_map(Condition::tag),
        (0_i64..5).prop_map(|n| Condition::field("n").above(n)),
        (0_i64..5).prop_map(|n| Condition::field("n").at_most(n)),
        Just(Condition::field("n").is("2")),
        Just(Condition::field("tags").exists()),
        Just(Condition::field("n").one_of([1_i64, 3])),
        Just(Condition::field("n").contains("2")),
        period().prop_map(Condition::Occurred),
        period().prop_map(Condition::Recorded),
        share().prop_map(Condition::Confidence),
        share().prop_map(Condition::Importance),
        share().prop_map(Condition::Retention),
        proptest::sample::select(&[Trust::Low, Trust::Medium, Trust::High][..]).prop_map(Condition::Trust),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|one| !one),
        ]
    })
}

/// How many records a filter accepts by the records, by the columns with what they leave open, and by a search.
fn counts(tenant: &Tenant, filter: &Filter) -> [usize; 3] {
    let listed = tenant.list(filter, None, 1000).unwrap().records.len();
    let faceted = tenant.facets(filter, &[Facet::Sort], 10).unwrap();
    let counted = faceted[0].values.iter().map(|(_, count)| *count as usize).sum();
    let searched = tenant.explain_search(Query::text("x").filter(filter.clone())).unwrap().accepted;
    [listed, counted, searched]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_and_records_agree(seed in any::<u64>(), conditions in proptest::collection::vec((condition(), any::<bool>()), 8)) {
        let (tenant, clock) = open();
        fill(&tenant, &clock, seed, 40);
        tenant.merge_entities("New York", "Tom").unwrap();
        for (condition, historical) in conditions {
            let mut filter = Filter::default().matching(condition.clone());
            filter.historical = historical;
            let [listed, counted, searched] = counts(&tenant, &filter);
            prop_assert_eq!(listed, counted, "{:?}", condition);
            prop_assert_eq!(listed, searched, "{:?}", condition);
            // A condition and its contrary part the records.
            filter.historical = true;
            let open = Filter { condition: None, ..filter.clone() };
            let other = Filter { condition: Some(!condition.clone()), ..filter.clone() };
            let sum = counts(&tenant, &filter)[0] + counts(&tenant, &other)[0];
            prop_assert_eq!(sum, counts(&tenant, &open)[0], "{:?}", condition);
        }
    }
}

#[test]
fn conditions_without_end_are_refused() {
    let (tenant, _) = open();
    let mut deep = Condition::Disputed;
    for _ in 0..2_000 {
        deep = !deep;
    }
    let filter = Filter::default().matching(deep);
    assert_eq!(tenant.list(&filter, None, 1).unwrap_err().code().as_str(), "range.invalid");
    tenant.add("The working set is there, and so is the cache of answers.").unwrap();
    let query = Query { filter, ..Query::text("x") };
    let Query { filter, .. } = {
        assert_eq!(tenant.search(query.clone()).unwrap_err().code().as_str(), "range.invalid");
        assert_eq!(tenant.explain_search(query.clone()).unwrap_err().code().as_str(), "range.invalid");
        query
    };
    // Dropped from the outside in, so that no stack is needed for it.
    let mut rest = filter.condition;
    while let Some(Condition::Not(inner)) = rest {
        rest = Some(*inner);
    }
    let wide = Condition::Any(vec![Condition::Disputed; 10_000]);
    let refused = tenant.search(Query::text("x").matching(wide)).unwrap_err();
    assert_eq!(refused.code().as_str(), "range.invalid");
    let nul = Condition::field("a\0b").exists();
    let refused = tenant.list(&Filter::default().matching(nul), None, 1).unwrap_err();
    assert_eq!(refused.code().as_str(), "metadata.invalid");
}

#[test]
fn a_search_ends_at_its_deadline() {
    // A clock that goes on by a second whenever it is asked.
    struct Hasty(std::sync::atomic::AtomicI64);
    impl ebbmark::Clock for Hasty {
        fn now(&self) -> Timestamp {
            START.plus_seconds(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
        }
    }
    let clock = Arc::new(Hasty(std::sync::atomic::AtomicI64::new(0)));
    let options = Options { clock, embedder: None, ..Options::default() };
    let tenant = Store::in_memory(options).unwrap().tenant("acme").unwrap();
    tenant.add("The river is high.").unwrap();
    let late = tenant.search(Query::text("river").deadline(Duration::from_secs(1))).unwrap_err();
    assert_eq!(late.code().as_str(), "search.deadline");
    assert_eq!(tenant.search(Query::text("river").deadline(Duration::from_secs(3600))).unwrap().len(), 1);
}
