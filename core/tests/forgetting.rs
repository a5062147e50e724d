//! The promises of forgetting: what is left of a memory falls with time and rises with stability and use, and is finite
//! at every clock; maintenance does what is due and nothing else, in however many slices; a try of the retention
//! policy tells what the run does; a believed or pinned atom never dissolves.
//!
//! They could be broken by a curve turned upside down, by a schedule that is not put anew when a record or a policy
//! changes, by a slice that depends on what was in the one before it, and by a policy that is written twice.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use ebbmark::{
    Access, ArchiveRule, Budget, Code, Curve, Filter, Fsrs, Grade, Id, Kind, Language, ManualClock,
    NewEpisode, NewFact, Options, Predicate, Provenance, Query, Record, RecordSort, RetentionPolicy,
    RetentionReport, Role, StandingKind, Store, Tenant, TenantConfig, Timestamp,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const DAY: i64 = 86_400;

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), id_seed: Some(7), embedder: None, ..Options::default() };
    (Store::in_memory(options).unwrap().tenant_with_access("acme", Access::Admin).unwrap(), clock)
}

fn day(day: f64) -> Timestamp {
    START.plus_seconds((day * DAY as f64) as i64)
}

fn all() -> Budget {
    Budget { time: Duration::from_secs(3600), records: 1_000_000 }
}

fn curve() -> impl Strategy<Value = Curve> {
    prop::sample::select(vec![Curve::Exponential, Curve::Fsrs])
}

fn with_curve(curve: Curve) -> (Tenant, Arc<ManualClock>) {
    let (tenant, clock) = open();
    tenant.configure(TenantConfig { curve, ..TenantConfig::default() }).unwrap();
    (tenant, clock)
}

const KINDS: [Kind; 5] = [Kind::State, Kind::Preference, Kind::Fact, Kind::Hypothesis, Kind::Invariant];

/// All that a tenant holds, with what use has made of it; but for what tells of the number of commits.
fn state(tenant: &Tenant) -> Vec<String> {
    let filter = Filter { historical: true, archived: true, quarantined: true, ..Filter::default() };
    let records = tenant.list(&filter, None, 1000).unwrap().records;
    let told = |record: &Record| {
        let mut same = record.clone();
        match &mut same {
            Record::Atom(atom) => atom.version = 0,
            Record::Episode(episode) => episode.version = 0,
        }
        format!("{same:?} {:?}", tenant.memory(record.id()).unwrap())
    };
    let mut state: Vec<String> = records.iter().map(told).collect();
    state.extend(tenant.conflicts(true).unwrap().iter().map(|conflict| format!("{conflict:?}")));
    state.push(format!("{:?}", tenant.usage().unwrap()));
    state
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_is_left_falls_with_time_and_rises_with_stability_and_use(
        curve in curve(), kind in prop::sample::select(KINDS.to_vec()), confidence in 0.1..1.0_f32, days in 0.0..3000.0_f64,
        later in 0.0..3000.0_f64, uses in prop::collection::vec(0.0..1.0_f64, 0..6),
    ) {
        let (tenant, clock) = with_curve(curve);
        let said = |name: &str| NewFact::new(name, "noted", "so").kind(kind).confidence(confidence);
        let used = tenant.assert_fact(said("used")).unwrap().id;
        let unused = tenant.assert_fact(said("unused")).unwrap().id;
        let base = kind.stability_days().unwrap_or(1000.0);
        tenant.define_predicate(Predicate::many("recorded").stability_days(base * 2.0)).unwrap();
        let lasting = NewFact::new("lasting", "recorded", "so").kind(kind).confidence(confidence);
        let lasting = tenant.assert_fact(lasting).unwrap().id;
        let mut times: Vec<f64> = uses.iter().map(|part| part * days).collect();
        times.sort_by(f64::total_cmp);
        for time in times {
            clock.set(day(time));
            tenant.reinforce(used, Grade::Good).unwrap();
        }
        clock.set(day(days));
        let left = |id: Id| tenant.memory(id).unwrap().retention;
        let (now, without, with_more) = (left(used), left(unused), left(lasting));
        prop_assert!([now, without, with_more].iter().all(|left| (0.0..=1.0).contains(left)));
        prop_assert!(now >= without - 1e-6, "uses weaken nothing: {} and {}", now, without);
        prop_assert!(with_more >= without || kind == Kind::Invariant);
        prop_assert!(kind != Kind::Invariant || tenant.decay_schedule(unused).unwrap().iter().all(|crossing| crossing.at.is_none()));
        clock.set(day(days + later));
        prop_assert!(left(used) <= now && left(unused) <= without);
    }

    #[test]
    fn every_clock_gives_a_share(curve in curve(), start in any::<i64>(), used in any::<i64>(), now in any::<i64>()) {
        let (tenant, clock) = with_curve(curve);
        clock.set(Timestamp::from_micros(start));
        let atom = tenant.assert_fact(NewFact::new("Mara", "mood", "fine").confidence(0.3)).unwrap().id;
        let note = tenant.add("a note").unwrap().ids[0];
        clock.set(Timestamp::from_micros(used));
        tenant.mark_used([atom, note]).unwrap();
        clock.set(Timestamp::from_micros(now));
        for id in [atom, note] {
            let memory = tenant.memory(id).unwrap();
            prop_assert!((0.0..=1.0).contains(&memory.retention));
            prop_assert!(memory.importance.is_none_or(|importance| (0.0..=1.0).contains(&importance)));
        }
        tenant.decay_schedule(atom).unwrap();
        tenant.decay_report().unwrap();
        tenant.at_risk(Duration::MAX, 10).unwrap();
        tenant.maintain(&all()).unwrap();
        tenant.search("note").unwrap();
    }

    #[test]
    fn the_schedule_tells_when_a_share_is_reached(
        curve in curve(), kind in prop::sample::select(KINDS[..4].to_vec()), confidence in 0.0..1.0_f32, uses in 0..3_i64,
    ) {
        let (tenant, clock) = with_curve(curve);
        let id = tenant.assert_fact(NewFact::new("Mara", "noted", "so").kind(kind).confidence(confidence)).unwrap().id;
        for at in 0..uses {
            clock.set(day(at as f64 * 10.0));
            tenant.reinforce(id, Grade::Easy).unwrap();
        }
        for crossing in tenant.decay_schedule(id).unwrap() {
            let Some(at) = crossing.at else { continue };
            clock.set(at.plus_seconds(60));
            prop_assert!(tenant.memory(id).unwrap().retention < f64::from(crossing.share) + 1e-5);
            clock.set(at.plus_seconds(-60));
            let left = tenant.memory(id).unwrap().retention;
            prop_assert!(left > f64::from(crossing.share) - 1e-3, "{left} {crossing:?}");
        }
    }
}

/// Something that happens to a tenant.
#[derive(Clone, Debug)]
enum Deed {
    Say {
        role: Role,
        importance: Option<f32>,
        expires: Option<i64>,
        about: &'static str,
    },
    Claim {
        predicate: &'static str,
        object: &'static str,
        confidence: f32,
        provenance: Provenance,
        supported: bool,
    },
    Use(usize, Grade),
    Pin(usize),
    Restore(usize),
    Pass(i64),
}

fn deed() -> impl Strategy<Value = Deed> {
    let role = prop::sample::select(vec![Role::User, Role::Assistant, Role::Tool]);
    let about = prop::sample::select(vec!["I like tea.", "I moved to Porto.", "Good morning."]);
    let predicate = prop::sample::select(vec!["mood", "lives_in", "likes"]);
    let object = prop::sample::select(vec!["one", "two"]);
    let provenance =
        prop::sample::select(vec![Provenance::Observed, Provenance::Stated, Provenance::Inferred]);
    let grade = prop::sample::select(vec![Grade::Again, Grade::Good, Grade::Easy]);
    prop_oneof![
        4 => (role, prop::option::of(0.0..1.0_f32), prop::option::of(1..90_i64), about).prop_map(
            |(role, importance, expires, about)| Deed::Say { role, importance, expires, about }),
        4 => (predicate, object, 0.1..1.0_f32, provenance, any::<bool>()).prop_map(
            |(predicate, object, confidence, provenance, supported)| Deed::Claim { predicate, object, confidence, provenance, supported }),
        2 => (0..50_usize, grade).prop_map(|(at, grade)| Deed::Use(at, grade)),
        1 => (0..50_usize).prop_map(Deed::Pin),
        1 => (0..50_usize).prop_map(Deed::Restore),
        3 => (1..40_i64).prop_map(Deed::Pass),
    ]
}

fn policy() -> impl Strategy<Value = RetentionPolicy> {
    let days = || prop::option::of(0.0..200.0_f64);
    let rule = prop::option::of((0.0..60.0_f64, 0.0..1.0_f32));
    (rule, days(), days(), prop::option::of(0..6_u64)).prop_map(|(rule, archived, older, episodes_max)| {
        RetentionPolicy {
            archive: rule
                .map(|(older_than_days, importance_below)| ArchiveRule { older_than_days, importance_below }),
            delete_archived_after_days: archived,
            delete_older_than_days: older,
            episodes_max,
        }
    })
}

/// Does all of it, and lets half a year pass.
fn lived(deeds: &[Deed], config: &TenantConfig, configured_after: bool) -> (Tenant, Arc<ManualClock>) {
    let (tenant, clock) = open();
    // As often in both cases, so that the ids are the same.
    let retention = if configured_after { RetentionPolicy::default() } else { config.retention.clone() };
    let first = TenantConfig { retention, ..config.clone() };
    tenant.configure(first).unwrap();
    let (mut now, mut ids): (Timestamp, Vec<Id>) = (START, Vec::new());
    let pick = |ids: &[Id], at: usize| (!ids.is_empty()).then(|| ids[at % ids.len()]);
    for deed in deeds {
        match deed {
            Deed::Say { role, importance, expires, about } => {
                let mut new = NewEpisode::new(*role, *about);
                new.importance = *importance;
                new.expires_at = expires.map(|days| now.plus_seconds(days * DAY));
                ids.extend(tenant.add(new).unwrap().ids);
            }
            Deed::Claim { predicate, object, confidence, provenance, supported } => {
                let mut fact =
                    NewFact::new("Mara", *predicate, *object).confidence(*confidence).provenance(*provenance);
                let episodes =
                    tenant.list(&Filter::default().only(RecordSort::Episode), None, 1).unwrap().records;
                fact.supports = episodes.iter().map(Record::id).filter(|_| *supported).collect();
                ids.push(tenant.assert_fact(fact).unwrap().id);
            }
            Deed::Use(at, grade) => drop(pick(&ids, *at).map(|id| tenant.reinforce(id, *grade))),
            Deed::Pin(at) => drop(pick(&ids, *at).map(|id| tenant.pin(id))),
            Deed::Restore(at) => drop(pick(&ids, *at).map(|id| tenant.restore(id))),
            Deed::Pass(days) => {
                now = now.plus_seconds(days * DAY);
                clock.set(now);
            }
        }
    }
    tenant.configure(config.clone()).unwrap();
    tenant.flush_uses().unwrap();
    clock.set(now.plus_seconds(180 * DAY));
    (tenant, clock)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn in_however_many_slices_the_same_comes_of_it(
        deeds in prop::collection::vec(deed(), 1..40), retention in policy(), curve in curve(),
        slices in prop::collection::vec(1..5_usize, 1..10), configured_after in any::<bool>(),
    ) {
        let config = TenantConfig { retention, curve, ..TenantConfig::default() };
        let (whole, _) = lived(&deeds, &config, configured_after);
        let (sliced, _) = lived(&deeds, &config, configured_after);
        whole.maintain(&all()).unwrap();
        for records in slices.into_iter().cycle().take(500) {
            let report = sliced.maintain(&Budget { records, ..Budget::default() }).unwrap();
            if report.done() == 0 && report.pending == 0 {
                break;
            }
        }
        prop_assert_eq!(state(&whole), state(&sliced));
        // Nothing is left, and again nothing is done.
        let again = whole.maintain(&all()).unwrap();
        prop_assert_eq!((again.done(), again.pending), (0, 0));
        prop_assert_eq!(whole.retention(true).unwrap(), RetentionReport::default(), "the policy sees what maintenance saw");
        // When it was configured does not matter, once it is scheduled.
        let (other, _) = lived(&deeds, &config, !configured_after);
        other.maintain(&all()).unwrap();
        prop_assert_eq!(state(&whole), state(&other));
        prop_assert_eq!(whole.usage().unwrap(), whole.recount().unwrap());
        // Nor whether what is derived was made again.
        let (derived, _) = lived(&deeds, &config, configured_after);
        derived.reindex().unwrap();
        derived.maintain(&all()).unwrap();
        prop_assert_eq!(state(&whole), state(&derived));
    }

    #[test]
    fn a_try_of_the_policy_tells_what_the_run_does(deeds in prop::collection::vec(deed(), 1..40), retention in policy()) {
        let config = TenantConfig { retention, ..TenantConfig::default() };
        let (tenant, _) = lived(&deeds, &config, true);
        let before = state(&tenant);
        let tried = tenant.retention(true).unwrap();
        prop_assert_eq!(&before, &state(&tenant), "a try changes nothing");
        let pinned = |tenant: &Tenant| state(tenant).iter().filter(|told| told.contains("pinned: true")).count();
        let pins = pinned(&tenant);
        prop_assert_eq!(tried, tenant.retention(false).unwrap());
        prop_assert_eq!(tenant.retention(false).unwrap(), RetentionReport::default(), "again nothing");
        let filter = Filter { archived: true, ..Filter::default() }.only(RecordSort::Episode);
        let kept = tenant.list(&filter, None, 1000).unwrap().records;
        prop_assert!(kept.iter().filter(|episode| tenant.memory(episode.id()).unwrap().pinned).count() <= pins);
        if config.retention == RetentionPolicy::default() {
            prop_assert_eq!(tried, RetentionReport::default(), "an empty policy matches nothing");
        }
    }

    #[test]
    fn what_is_believed_or_pinned_does_not_dissolve(deeds in prop::collection::vec(deed(), 1..40), curve in curve()) {
        let (tenant, clock) = lived(&deeds, &TenantConfig { curve, ..TenantConfig::default() }, false);
        tenant.maintain(&Budget { records: 1_000_000, ..Budget::default() }).unwrap();
        let kept = |tenant: &Tenant| -> Vec<Id> {
            let atoms = Filter { historical: true, ..Filter::default() }.only(RecordSort::Atom);
            let atoms = tenant.list(&atoms, None, 1000).unwrap().records;
            let keeps = |record: &&Record| {
                let believed = record.as_atom().unwrap().standing == ebbmark::Standing::Substantiated;
                believed || tenant.memory(record.id()).unwrap().pinned
            };
            atoms.iter().filter(keeps).map(Record::id).collect()
        };
        let before = kept(&tenant);
        clock.set(day(36_500.0));
        tenant.maintain(&all()).unwrap();
        for id in before {
            let there = tenant.get(id);
            // An episode that expired takes what it alone supported.
            let unsupported = there.as_ref().is_err_and(|error| error.code() == Code::RecordNotFound);
            let expiring = deeds.iter().any(|deed| matches!(deed, Deed::Say { expires: Some(_), .. }));
            prop_assert!(there.is_ok() || unsupported && expiring, "{} is gone", id);
        }
    }
}

#[test]
fn faded_shadows_dissolve_and_uses_save_them() {
    let (tenant, clock) = open();
    let mood =
        |name: &str| tenant.assert_fact(NewFact::new(name, "mood", "tired").confidence(0.5)).unwrap().id;
    let (lost, used, pinned) = (mood("Ada"), mood("Bo"), mood("Cy"));
    let believed =
        tenant.assert_fact(NewFact::new("Di", "mood", "tired").provenance(Provenance::Corrected)).unwrap().id;
    tenant.pin(pinned).unwrap();
    // S = 2 days x (0.5 + 0.5 x 0.5) = 1.5 days; a tenth is left after 1.5 x ln 10 = 3.45 days.
    clock.set(day(3.4));
    assert_eq!(tenant.maintain(&all()).unwrap().dissolved, 0);
    let risk: Vec<Id> =
        tenant.at_risk(Duration::from_secs(DAY as u64), 10).unwrap().iter().map(|fading| fading.id).collect();
    assert_eq!(risk, [lost, used]);
    assert_eq!(tenant.weak(0.5, 10).unwrap().len(), 1, "of believed ones the state has faded below half");
    tenant.reinforce(used, Grade::Good).unwrap();
    assert_eq!(tenant.at_risk(Duration::from_secs(DAY as u64), 10).unwrap().len(), 1);
    clock.set(day(3.5));
    let report = tenant.maintain(&all()).unwrap();
    assert_eq!((report.dissolved, report.pending), (1, 0));
    assert_eq!(tenant.get(lost).unwrap_err().code(), Code::RecordNotFound);
    assert!([used, pinned, believed].iter().all(|id| tenant.get(*id).is_ok()));
    let next = report.next_due.unwrap();
    clock.set(next);
    assert_eq!(tenant.maintain(&all()).unwrap().dissolved, 1, "it tells when the next is due");
    clock.set(day(4000.0));
    tenant.maintain(&all()).unwrap();
    assert!(tenant.get(pinned).is_ok() && tenant.get(believed).is_ok());
    assert!(tenant.get(used).is_err());
    tenant.unpin(pinned).unwrap();
    tenant.maintain(&all()).unwrap();
    assert!(tenant.get(pinned).is_err());
}

#[test]
fn a_dissolved_shadow_gives_its_place_back() {
    let (tenant, clock) = open();
    let berlin =
        tenant.assert_fact(NewFact::new("Mara", "mood", "calm").provenance(Provenance::Stated)).unwrap().id;
    clock.set(day(1.0));
    let hearsay = tenant.assert_fact(NewFact::new("Mara", "mood", "tense").confidence(0.4)).unwrap();
    assert_eq!(hearsay.superseded, [berlin]);
    clock.set(day(40.0));
    tenant.maintain(&all()).unwrap();
    assert!(tenant.get(hearsay.id).is_err());
    let left = tenant.get(berlin).unwrap();
    assert_eq!(left.as_atom().unwrap().standing, ebbmark::Standing::Substantiated);
}

#[test]
fn uses_are_held_and_go_along_with_the_next_commit() {
    let (tenant, clock) = open();
    let tea = tenant.assert_fact(NewFact::new("Mara", "likes", "tea")).unwrap().id;
    let note = tenant.add("a note about tea").unwrap().ids[0];
    let version = tenant.stats().unwrap().version;
    clock.set(day(60.0));
    let before = tenant.memory(tea).unwrap();
    tenant.mark_used(tenant.search("tea").unwrap().iter().map(|hit| hit.record.id())).unwrap();
    assert_eq!(tenant.stats().unwrap().version, version, "nothing was written");
    let after = tenant.memory(tea).unwrap();
    assert_eq!((after.uses, after.used_at, after.retention), (1, Some(day(60.0)), 1.0), "and yet it counts");
    assert!(after.stability_days > before.stability_days * 1.5, "the more had faded, the more it grows");
    assert!(tenant.memory(note).unwrap().importance > Some(0.99));
    tenant.add("something else").unwrap();
    assert_eq!(tenant.stats().unwrap().version, version + 1, "they went along");
    assert_eq!(tenant.memory(tea).unwrap(), after);
    assert_eq!(tenant.usage().unwrap().uses, 2);
    tenant.list(&Filter::default(), None, 10).unwrap();
    tenant.search("tea").unwrap();
    assert_eq!(tenant.memory(tea).unwrap(), after, "looking is not using");
    assert_eq!(tenant.reinforce(Id::from_u128(9), Grade::Good).unwrap_err().code(), Code::RecordNotFound);
    let reader = tenant.clone().with_access(Access::ReadOnly).unwrap();
    assert_eq!(reader.reinforce(tea, Grade::Good).unwrap_err().code(), Code::AccessDenied);
    tenant.dry_run().reinforce(tea, Grade::Good).unwrap();
    assert_eq!(tenant.memory(tea).unwrap(), after);
}

#[test]
fn uses_survive_closing_and_are_written_within_a_second_or_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.ebb");
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    let id = tenant.assert_fact(NewFact::new("Mara", "likes", "tea")).unwrap().id;
    let version = tenant.stats().unwrap().version;
    tenant.reinforce(id, Grade::Good).unwrap();
    let start = Instant::now();
    while tenant.stats().unwrap().version == version && start.elapsed() < Duration::from_secs(30) {
        std::thread::yield_now();
    }
    assert_eq!(tenant.usage().unwrap().uses, 1, "a thread wrote it down");
    tenant.reinforce(id, Grade::Good).unwrap();
    store.close();
    drop((store, tenant));
    let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    assert_eq!(tenant.memory(id).unwrap().uses, 2, "closing wrote it down");
    tenant.reinforce(id, Grade::Good).unwrap();
    drop((store, tenant));
    let store = Store::open_read_only(&path, Options { embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    assert_eq!(tenant.memory(id).unwrap().uses, 3, "dropping wrote it down");
    assert_eq!(tenant.reinforce(id, Grade::Good).unwrap_err().code(), Code::StoreReadOnly);
}

#[test]
fn archived_episodes_are_out_of_sight_until_they_are_asked_for() {
    let (tenant, clock) = open();
    let retention = RetentionPolicy {
        archive: Some(ArchiveRule { older_than_days: 30.0, importance_below: 0.5 }),
        delete_archived_after_days: Some(60.0),
        ..RetentionPolicy::default()
    };
    tenant.configure(TenantConfig { retention, ..TenantConfig::default() }).unwrap();
    let ids = tenant
        .add(vec![
            NewEpisode::new(Role::Tool, "weather is fine today"),
            NewEpisode::user("weather matters to me").importance(1.0),
            NewEpisode::new(Role::Tool, "weather report pinned"),
        ])
        .unwrap()
        .ids;
    tenant.pin(ids[2]).unwrap();
    clock.set(day(31.0));
    assert_eq!(tenant.maintain(&all()).unwrap().archived, 1);
    let found = |tenant: &Tenant, filter: Filter| -> Vec<Id> {
        let mut ids: Vec<Id> = tenant
            .search(Query::text("weather").filter(filter))
            .unwrap()
            .iter()
            .map(|hit| hit.record.id())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(found(&tenant, Filter::default()), ids[1..]);
    assert_eq!(found(&tenant, Filter::default().with_archived()), ids);
    assert_eq!(tenant.list(&Filter::default(), None, 10).unwrap().records.len(), 2);
    assert_eq!(tenant.list(&Filter::default().with_archived(), None, 10).unwrap().records.len(), 3);
    assert!(tenant.get(ids[0]).is_ok(), "by its id it is there");
    assert_eq!(tenant.memory(ids[0]).unwrap().archived_at, Some(day(31.0)));
    assert_eq!(tenant.usage().unwrap().archived, 1);
    tenant.restore(ids[0]).unwrap();
    assert_eq!(found(&tenant, Filter::default()), ids);
    clock.set(day(62.0));
    assert_eq!(tenant.maintain(&all()).unwrap().archived, 1, "old once more");
    clock.set(day(123.0));
    assert_eq!(tenant.maintain(&all()).unwrap().deleted, 1);
    assert_eq!(tenant.restore(ids[0]).unwrap_err().code(), Code::RecordNotFound);
}

#[test]
fn expired_episodes_go_with_what_they_alone_supported() {
    let (tenant, clock) = open();
    let soon = NewEpisode::user("I live in Porto.").speaker("Mara").expires_at(day(1.0));
    let id = tenant.add(soon).unwrap().ids[0];
    assert_eq!(tenant.stats().unwrap().atoms, 1);
    clock.set(day(1.0));
    let report = tenant.maintain(&all()).unwrap();
    assert_eq!((report.expired, report.unsupported), (1, 1));
    assert!(tenant.get(id).is_err());
    assert_eq!(tenant.stats().unwrap().atoms, 0);
}

#[test]
fn the_report_counts_every_atom_once() {
    let (tenant, clock) = open();
    for (at, kind) in [Kind::State, Kind::Fact, Kind::Invariant].into_iter().enumerate() {
        for number in 0..=at {
            let fact = NewFact::new(format!("{number}"), "noted", format!("{kind:?}")).kind(kind);
            tenant.assert_fact(fact.confidence(if number == 0 { 0.5 } else { 1.0 })).unwrap();
        }
    }
    clock.set(day(3.0));
    let report = tenant.decay_report().unwrap();
    let atoms: u64 = report.groups.iter().flat_map(|group| group.buckets).sum();
    assert_eq!(atoms, 6);
    let state = &report.groups[0];
    assert_eq!(
        (state.kind, state.standing, state.buckets),
        (Kind::State, StandingKind::Unsubstantiated, [0, 1, 0, 0, 0, 0])
    );
    assert_eq!((report.weak, report.at_risk), (0, 1));
    let invariant = report.groups.iter().find(|group| group.kind == Kind::Invariant).unwrap();
    assert_eq!(invariant.mean_retention, 1.0);
}

#[test]
fn what_has_become_weak_can_be_reconsolidated() {
    let (tenant, clock) = open();
    let certain = |name: &str| NewFact::new(name, "mood", "fine").provenance(Provenance::Corrected);
    let weak = tenant.assert_fact(certain("Ada")).unwrap().id;
    clock.set(day(2.0));
    let fresh = tenant.assert_fact(certain("Bo")).unwrap().id;
    let before = tenant.memory(weak).unwrap();
    let filter = Filter::default().retention_below(0.5);
    assert_eq!(tenant.list(&filter, None, 10).unwrap().records.len(), 1);
    assert_eq!(tenant.reconsolidate(&filter, 1.5).unwrap(), 1);
    let after = tenant.memory(weak).unwrap();
    assert!((after.stability_days / before.stability_days - 1.5).abs() < 1e-6);
    assert!(after.retention > before.retention && after.since == before.since);
    assert_eq!(tenant.memory(fresh).unwrap().stability_days, before.stability_days);
    for factor in [1.0, 0.5, -2.0, 11.0, f32::NAN, f32::INFINITY] {
        assert_eq!(tenant.reconsolidate(&filter, factor).unwrap_err().code(), Code::RangeInvalid);
    }
}

#[test]
fn a_thread_maintains_until_it_is_stopped() {
    let clock = Arc::new(ManualClock::at(START));
    let store =
        Store::in_memory(Options { clock: clock.clone(), embedder: None, ..Options::default() }).unwrap();
    let tenant = store.tenant("acme").unwrap();
    let id = tenant.assert_fact(NewFact::new("Mara", "mood", "tired").confidence(0.3)).unwrap().id;
    clock.set(day(30.0));
    assert_eq!(store.start_maintenance(Duration::ZERO, all()).unwrap_err().code(), Code::RangeInvalid);
    let maintainer = store.start_maintenance(Duration::from_secs(3600), all()).unwrap();
    let start = Instant::now();
    while maintainer.last().0 == 0 && start.elapsed() < Duration::from_secs(30) {
        std::thread::yield_now();
    }
    assert_eq!(maintainer.last().1.unwrap().unwrap().dissolved, 1);
    assert!(tenant.get(id).is_err());
    maintainer.stop();
}

#[test]
fn progress_is_told_and_can_end_it() {
    let (tenant, clock) = open();
    let notes = (0..2500).map(|at| NewFact::new(format!("{at}"), "mood", "tired").confidence(0.3));
    for facts in notes.collect::<Vec<_>>().chunks(50) {
        tenant.add(NewEpisode { facts: facts.to_vec(), ..NewEpisode::user("a note") }).unwrap();
    }
    clock.set(day(30.0));
    let mut told = Vec::new();
    let report = tenant.maintain_with(&all(), |report| {
        told.push(report.dissolved);
        told.len() < 2
    });
    let report = report.unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!((report.dissolved, report.pending), (told[1], 2500 - told[1]));
    assert_eq!(tenant.dry_run().maintain(&all()).unwrap().dissolved, report.pending, "a try tells");
    assert_eq!(tenant.maintain(&all()).unwrap().dissolved, report.pending, "and changes nothing");
}

#[test]
fn maintenance_asks_again_and_prunes_the_audit() {
    let clock = Arc::new(ManualClock::at(START));
    let away = Arc::new(Away(std::sync::atomic::AtomicBool::new(true)));
    let options = Options { clock: clock.clone(), embedder: Some(away.clone()), ..Options::default() };
    let store = Store::in_memory(options).unwrap();
    let tenant = store.tenant_with_access("acme", Access::Admin).unwrap();
    tenant.configure(TenantConfig { audit_days: Some(10.0), ..TenantConfig::default() }).unwrap();
    tenant.add("a note").unwrap();
    let report = tenant.maintain(&all()).unwrap();
    assert_eq!((report.processed, report.pruned), (0, 0));
    away.0.store(false, std::sync::atomic::Ordering::SeqCst);
    clock.set(day(11.0));
    let report = tenant.maintain(&all()).unwrap();
    assert_eq!((report.processed, report.pruned > 0), (1, true));
    assert!(
        tenant
            .audit(&ebbmark::AuditQuery::default(), None, 10)
            .unwrap()
            .entries
            .iter()
            .all(|entry| entry.at >= day(1.0))
    );
}

/// An embedder that may be away.
struct Away(std::sync::atomic::AtomicBool);

impl ebbmark::Embedder for Away {
    fn space(&self) -> ebbmark::VectorSpace {
        ebbmark::VectorSpace { name: "away".to_owned(), dimensions: 2 }
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn std::error::Error + Send + Sync>> {
        if self.0.load(std::sync::atomic::Ordering::SeqCst) {
            Err("away".into())
        } else {
            Ok(vec![vec![1.0, 2.0]; texts.len()])
        }
    }
}

#[test]
fn another_language_finds_other_forms() {
    let (tenant, _) = open();
    tenant.add("Die Katzen schliefen auf den Dächern.").unwrap();
    assert!(tenant.search("Katze").unwrap().is_empty());
    tenant.configure(TenantConfig { language: Language::German, ..TenantConfig::default() }).unwrap();
    assert_eq!(tenant.search("Katze").unwrap().len(), 1);
    tenant.add("Der Hund bellte die Katze an.").unwrap();
    assert_eq!(tenant.search("Katzen").unwrap().len(), 2);
    for language in Language::ALL {
        tenant.configure(TenantConfig { language, ..TenantConfig::default() }).unwrap();
        assert_eq!(tenant.search("Hund").unwrap().len(), 1, "{language:?}");
    }
}

/// Computed by an independent program from the published formulas and parameters of FSRS-6.
#[test]
fn fsrs_gives_the_published_numbers() {
    let fsrs = Fsrs::default();
    let mut state = fsrs.first(Grade::Good);
    let reviews = [
        (58.0, Grade::Good, 0.606_335_803_1, 44.958_181_272_8, 2.111_214_235_8),
        (10.0, Grade::Good, 0.970_040_867_3, 78.224_931_307_1, 2.104_331_390_8),
    ];
    for (days, grade, left, stability, difficulty) in reviews {
        assert!((fsrs.retrievability(state.stability, days) - left).abs() < 1e-9);
        state = fsrs.next(state, days, grade);
        assert!((state.stability - stability).abs() < 1e-7, "{state:?}");
        assert!((state.difficulty - difficulty).abs() < 1e-7, "{state:?}");
    }
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    let (tenant, _) = open();
    let id = tenant.add("a note").unwrap().ids[0];
    let before = state(&tenant);
    let config = |change: fn(&mut TenantConfig)| {
        let mut config = TenantConfig::default();
        change(&mut config);
        tenant.configure(config).unwrap_err().code()
    };
    let rule = |days, below| Some(ArchiveRule { older_than_days: days, importance_below: below });
    assert_eq!(config(|config| config.dissolve_below = 1.1), Code::RangeInvalid);
    assert_eq!(config(|config| config.weak_below = f32::NAN), Code::RangeInvalid);
    assert_eq!(config(|config| config.retention.delete_older_than_days = Some(-1.0)), Code::RangeInvalid);
    assert_eq!(
        config(|config| config.retention.delete_archived_after_days = Some(f64::INFINITY)),
        Code::RangeInvalid
    );
    assert_eq!(config(|config| config.audit_days = Some(f64::NAN)), Code::RangeInvalid);
    for archive in [rule(-1.0, 0.5), rule(1.0, -0.1), rule(f64::NAN, 0.5)] {
        let retention = RetentionPolicy { archive, ..RetentionPolicy::default() };
        let refused = tenant.configure(TenantConfig { retention, ..TenantConfig::default() }).unwrap_err();
        assert_eq!(refused.code(), Code::RangeInvalid);
    }
    for budget in [Budget { records: 0, ..all() }, Budget { time: Duration::ZERO, ..all() }] {
        assert_eq!(tenant.maintain(&budget).unwrap_err().code(), Code::RangeInvalid);
    }
    assert_eq!(tenant.weak(1.5, 10).unwrap_err().code(), Code::RangeInvalid);
    assert_eq!(tenant.weak(0.5, 0).unwrap_err().code(), Code::RangeInvalid);
    assert_eq!(tenant.at_risk(Duration::MAX, 1001).unwrap_err().code(), Code::RangeInvalid);
    let writer = tenant.clone().with_access(Access::ReadWrite).unwrap();
    assert_eq!(writer.configure(TenantConfig::default()).unwrap_err().code(), Code::AccessDenied);
    let reader = tenant.clone().with_access(Access::ReadOnly).unwrap();
    for refused in [
        reader.pin(id),
        reader.restore(id),
        reader.maintain(&all()).map(drop),
        reader.retention(true).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code(), Code::AccessDenied);
    }
    for unknown in [tenant.pin(Id::from_u128(9)), tenant.memory(Id::from_u128(9)).map(drop)] {
        assert_eq!(unknown.unwrap_err().code(), Code::RecordNotFound);
    }
    assert_eq!(tenant.decay_schedule(id).unwrap(), [], "an episode does not decay");
    assert_eq!(before, state(&tenant));
}
