//! The promises of truth, for all claims: the order of arrival does not decide what is believed, of any moment; an undone
//! operation leaves no trace in what is believed; an atom lives as long as an episode supports it and no longer; and
//! what little-trusted sources say neither takes the place of what trusted ones said nor is believed.
//!
//! They could be broken by any rule that looks at what was judged before instead of at what was claimed, by a
//! verb that changes an atom without changing its evidence, and by every comparison that forgets trust.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::sync::Arc;

use ebbmark::{
    Access, Atom, Budget, ConflictStatus, Effect, FactQuery, Filter, Id, ManualClock, NewEpisode, NewFact,
    Options, Predicate, Provenance, RecordSort, Resolution, Role, Standing, Store, Tenant, Timestamp, Trust,
    View,
};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const DAY: i64 = 86_400;

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), id_seed: Some(7), ..Options::default() };
    let tenant = Store::in_memory(options).unwrap().tenant_with_access("acme", Access::Admin).unwrap();
    (tenant, clock)
}

fn day(day: i64) -> Timestamp {
    START.plus_seconds(day * DAY)
}

/// A claim to be made; all that is drawn is small, so that claims meet.
#[derive(Clone, Debug)]
struct Drawn {
    predicate: &'static str,
    object: &'static str,
    negated: bool,
    from: Option<i64>,
    length: Option<i64>,
    provenance: Provenance,
    confidence: f32,
    trust: Trust,
    context: Option<&'static str>,
    supports: Vec<usize>,
}

impl Drawn {
    fn fact(&self) -> NewFact {
        let mut fact = NewFact::new("Mara", self.predicate, self.object)
            .provenance(self.provenance)
            .confidence(self.confidence)
            .trust(self.trust)
            .said_at(START.plus_seconds(-1));
        fact.negated = self.negated;
        fact.valid_from = self.from.map(day);
        fact.valid_to = self.length.map(|length| day(self.from.unwrap_or(0) + length));
        fact.contexts = self.context.iter().map(|context| (*context).to_owned()).collect();
        fact
    }
}

prop_compose! {
    fn drawn()(
        (predicate, object) in prop_oneof![
            4 => (Just("lives_in"), prop::sample::select(vec!["Porto", "Berlin", "Berlin, Germany", "York", "New York"])),
            2 => (prop::sample::select(vec!["likes", "dislikes"]), prop::sample::select(vec!["tea", "green tea"])),
            2 => (prop::sample::select(vec!["learning", "proficient_in", "expert_at"]), Just("Rust")),
            1 => (Just("birthplace"), prop::sample::select(vec!["Faro", "Braga"])),
            1 => (Just("prefers"), prop::sample::select(vec!["remote work", "on-site work"])),
            1 => (Just("frobnicates"), prop::sample::select(vec!["a", "b"])),
        ],
        negated in prop::bool::weighted(0.12),
        from in prop::option::weighted(0.8, -9..4_i64),
        length in prop::option::weighted(0.25, 1..6_i64),
        provenance in prop::sample::select(vec![
            Provenance::Inferred, Provenance::Observed, Provenance::Stated, Provenance::Stated, Provenance::Confirmed,
            Provenance::Corrected,
        ]),
        confidence in prop::sample::select(vec![0.3_f32, 0.6, 0.75, 0.9, 1.0]),
        trust in prop::sample::select(vec![Trust::Low, Trust::Medium, Trust::High, Trust::High]),
        context in prop::option::weighted(0.15, Just("at work")),
        supports in prop::collection::vec(0..4_usize, 0..3),
    ) -> Drawn {
        Drawn { predicate, object, negated, from, length, provenance, confidence, trust, context, supports }
    }
}

fn with_date() -> impl Strategy<Value = Drawn> {
    (drawn(), -9..4_i64).prop_map(|(claim, from)| Drawn { from: claim.from.or(Some(from)), ..claim })
}

/// What is believed of an atom, without its ids and without when the store learnt of it.
fn content(atom: &Atom) -> String {
    let periods: Vec<_> = atom.periods().collect();
    format!(
        "{} {:?} {:?} {periods:?} {} {} {} {:?} {:?} disputed {} taken {} due {:?}",
        atom.sentence(),
        atom.standing,
        atom.provenance,
        atom.confidence,
        atom.assertions,
        atom.contradictions,
        atom.trust,
        atom.kind,
        atom.disputed_with.len(),
        atom.supersedes.len(),
        atom.due,
    )
}

fn contents(atoms: &[Atom]) -> Vec<String> {
    let mut contents: Vec<String> = atoms.iter().map(content).collect();
    contents.sort();
    contents
}

/// All atoms, as they are stored.
fn stored(tenant: &Tenant) -> Vec<Atom> {
    let all = Filter::default().with_historical().only(RecordSort::Atom);
    let records = tenant.list(&all, None, 1000).unwrap().records;
    records.iter().map(|record| record.as_atom().unwrap().clone()).collect()
}

/// The export: all that is believed, in the order of ids, and all conflicts. Version and record time are the store's.
fn export(tenant: &Tenant) -> String {
    let mut export = String::new();
    for atom in stored(tenant) {
        export += &format!("{:?}\n", Atom { version: 0, recorded_at: START, ..atom });
    }
    for conflict in tenant.conflicts(true).unwrap() {
        export += &format!("{conflict:?}\n");
    }
    export
}

fn view(tenant: &Tenant, view: View) -> Vec<String> {
    let query = FactQuery { view, historical: false, ..FactQuery::about("Mara") };
    let mut shown: Vec<String> = tenant
        .facts(&query)
        .unwrap()
        .iter()
        .map(|atom| format!("{} {}", atom.sentence(), atom.is_disputed()))
        .collect();
    shown.sort();
    shown
}

/// Something done to a tenant that can be undone.
#[derive(Clone, Debug)]
enum Step {
    Assert(Drawn),
    Confirm(usize),
    Retract(usize),
    Resolve(u8),
    Merge(usize),
    Define(u8),
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => drawn().prop_map(Step::Assert),
        1 => (0..9_usize).prop_map(Step::Confirm),
        1 => (0..9_usize).prop_map(Step::Retract),
        2 => (0..4_u8).prop_map(Step::Resolve),
        1 => (0..3_usize).prop_map(Step::Merge),
        1 => (0..3_u8).prop_map(Step::Define),
        1 => (0..9_usize).prop_map(Step::Undo),
    ]
}

/// Does a step; gives its operation if it could be done.
fn run(tenant: &Tenant, step: &Step, operations: &[Id]) -> Option<Id> {
    let pick = |at: usize| {
        let atoms = stored(tenant);
        (!atoms.is_empty()).then(|| atoms[at % atoms.len()].id)
    };
    let done = |effect: ebbmark::Result<Effect>| effect.ok()?.operation;
    match step {
        Step::Assert(claim) => Some(tenant.assert_fact(claim.fact()).unwrap().operation),
        Step::Confirm(at) => Some(tenant.confirm(pick(*at)?).ok()?.operation),
        Step::Retract(at) => done(tenant.retract(pick(*at)?)),
        Step::Resolve(how) => {
            let conflict = tenant.conflicts(false).unwrap().pop()?;
            let resolution = match how {
                0 => Resolution::Keep(conflict.first),
                1 => Resolution::KeepBoth { first: vec!["at home".to_owned()], second: Vec::new() },
                2 => Resolution::Merge(conflict.second),
                _ => Resolution::Reject,
            };
            Some(tenant.resolve(conflict.id, &resolution).unwrap().operation.unwrap())
        }
        Step::Merge(at) => {
            let (keep, gone) = [("Porto", "York"), ("Mara", "Mara Silva"), ("Berlin", "New York")][*at];
            done(tenant.merge_entities(keep, gone))
        }
        Step::Define(how) => {
            let predicate = match how {
                0 => Predicate::one("frobnicates"),
                1 => Predicate::many("lives_in"),
                _ => Predicate::one("prefers"),
            };
            done(tenant.define_predicate(predicate))
        }
        Step::Undo(at) => done(tenant.undo(*operations.get(at % operations.len().max(1))?)),
    }
}

/// Cases of each property, 2,000 unless the environment asks for more (`make soak`).
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn any_order_of_arrival_gives_the_same_views(
        (claims, shuffled) in prop::collection::vec(with_date(), 1..9)
            .prop_flat_map(|claims| (Just(claims.clone()), Just(claims).prop_shuffle())),
    ) {
        let arrive = |claims: &[Drawn]| {
            let (tenant, clock) = open();
            for (at, claim) in claims.iter().enumerate() {
                clock.set(START.plus_seconds(at as i64 * 60));
                tenant.assert_fact(claim.fact()).unwrap();
            }
            clock.set(START.plus_seconds(3600));
            tenant.maintain(&Budget::default()).unwrap();
            tenant
        };
        let (one, other) = (arrive(&claims), arrive(&shuffled));
        prop_assert_eq!(contents(&stored(&one)), contents(&stored(&other)));
        for moment in -11..11 {
            let then = View::valid_at(day(moment).plus_seconds(1));
            prop_assert_eq!(view(&one, then), view(&other, then), "on day {}", moment);
        }
    }

    #[test]
    fn what_is_undone_was_not_done(steps in prop::collection::vec(step(), 1..9), last in step()) {
        let (tenant, clock) = open();
        let mut operations = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            clock.set(START.plus_seconds(at as i64));
            operations.extend(run(&tenant, step, &operations));
        }
        let before = export(&tenant);
        clock.set(START.plus_seconds(20));
        let Some(operation) = run(&tenant, &last, &operations) else { return Ok(()) };
        clock.set(START.plus_seconds(20));
        let between = export(&tenant);
        let believed = view(&tenant, View::default());
        let undone = tenant.undo(operation).unwrap();
        prop_assert_eq!(export(&tenant), before.clone());
        prop_assert!(tenant.undo(operation).is_err(), "twice is an error");
        // The undo of the undo is the operation again, and its undo is not.
        let redone = tenant.undo(undone.operation.unwrap()).unwrap();
        prop_assert_eq!(export(&tenant), between);
        prop_assert_eq!(view(&tenant, View::default()), believed.clone());
        clock.set(START.plus_seconds(40));
        tenant.undo(redone.operation.unwrap()).unwrap();
        prop_assert_eq!(export(&tenant), before);
        // What was believed in between is still told.
        prop_assert_eq!(view(&tenant, View::as_of(START.plus_seconds(30)).with_valid(START.plus_seconds(20))), believed);
    }

    #[test]
    fn an_atom_lives_while_an_episode_supports_it(
        claims in prop::collection::vec(drawn(), 1..9),
        gone in prop::collection::btree_set(0..4_usize, 1..4),
    ) {
        let told = |without: &dyn Fn(usize) -> bool| {
            let (tenant, clock) = open();
            let notes = (0..4).map(|at| NewEpisode::new(Role::User, format!("note {at}")));
            let episodes = tenant.add(notes.collect::<Vec<_>>()).unwrap().ids;
            for (at, claim) in claims.iter().enumerate() {
                let left: Vec<usize> = claim.supports.iter().copied().filter(|&support| !without(support)).collect();
                // A claim of the host's own needs no episode; one that had some is gone with the last of them.
                if left.is_empty() && !claim.supports.is_empty() {
                    continue;
                }
                clock.set(START.plus_seconds(at as i64));
                let supports = left.iter().map(|&support| episodes[support]).collect();
                tenant.assert_fact(NewFact { supports, ..claim.fact() }).unwrap();
            }
            clock.set(START.plus_seconds(100));
            (tenant, episodes)
        };
        let (tenant, episodes) = told(&|_| false);
        let ids = |tenant: &Tenant| stored(tenant).iter().map(|atom| atom.id).collect::<Vec<Id>>();
        let before = ids(&tenant);
        let mut removed: Vec<Id> = Vec::new();
        for &episode in &gone {
            removed.extend(tenant.delete(episodes[episode]).unwrap().removed);
        }
        let (never, _) = told(&|support| gone.contains(&support));
        prop_assert_eq!(contents(&stored(&tenant)), contents(&stored(&never)));
        let left = ids(&tenant);
        let vanished: Vec<Id> = before.into_iter().filter(|id| !left.contains(id)).collect();
        removed.sort_unstable();
        prop_assert_eq!(removed, vanished, "the report names exactly what went");
    }

    #[test]
    fn little_trust_neither_takes_a_place_nor_is_believed(
        trusted in prop::collection::vec(drawn(), 1..6),
        poison in prop::collection::vec(drawn(), 1..9),
    ) {
        let (tenant, clock) = open();
        for claim in &trusted {
            tenant.assert_fact(Drawn { trust: Trust::High, ..claim.clone() }.fact()).unwrap();
        }
        let before = stored(&tenant);
        for claim in &poison {
            tenant.assert_fact(Drawn { trust: Trust::Low, ..claim.clone() }.fact().trust(Trust::Low)).unwrap();
        }
        clock.set(START.plus_seconds(5));
        tenant.maintain(&Budget::default()).unwrap();
        for old in &before {
            let record = tenant.get(old.id).unwrap();
            let new = record.as_atom().unwrap();
            let told = format!("{old:#?}\n{new:#?}");
            prop_assert!(new.standing == old.standing || old.standing != Standing::Substantiated, "{}", told);
            prop_assert_eq!(new.is_disputed(), old.is_disputed(), "{}", told);
            for moment in (-11..11).map(|moment| day(moment).plus_seconds(1)) {
                prop_assert!(new.held_at(moment) || !old.held_at(moment), "{}", told);
            }
        }
        for atom in stored(&tenant).iter().filter(|atom| atom.trust == Trust::Low) {
            prop_assert!(atom.standing != Standing::Substantiated, "{}", atom.sentence());
            prop_assert!(atom.confidence <= 0.5);
        }
        for conflict in tenant.conflicts(true).unwrap() {
            if let ConflictStatus::Settled { winner, .. } = conflict.status {
                let loser = if winner == conflict.first { conflict.second } else { conflict.first };
                let trust = |id| tenant.get(id).unwrap().as_atom().unwrap().trust;
                prop_assert!(trust(winner) >= trust(loser));
            }
        }
    }
}
