//! The promise: a profile tells what is known of an entity, the most telling first, and a path is the shortest and most
//! credible chain of claims between two; both go by what a view shows and by all names, and say when they left something
//! out, so that what is known of a hub does not decide how long they take.
//!
//! It could be broken by an order that depends on how rows lie in the file, by a bound that cuts a cell in two and so
//! changes what is believed, by a search from both ends that misses a shorter way, by a hub that is read whole, or by an
//! alias that is taken for another entity.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ebbmark::{
    Connection, FactQuery, Id, Kind, ManualClock, NewEpisode, NewFact, Options, Path, PathQuery, Predicate,
    Scope, Store, Tenant, Timestamp, View,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;
const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), embedder: None, id_seed: Some(7), ..Options::default() };
    (Store::in_memory(options).unwrap().tenant_with_access("acme", ebbmark::Access::Admin).unwrap(), clock)
}

fn say(tenant: &Tenant, subject: &str, predicate: &str, object: &str, confidence: f32) -> Id {
    tenant.assert_fact(NewFact::new(subject, predicate, object).confidence(confidence)).unwrap().id
}

fn day(days: i64) -> Timestamp {
    START.plus_seconds(days * DAY)
}

fn path(tenant: &Tenant, from: &str, to: &str) -> Path {
    match tenant.path(from, to, &PathQuery::default()).unwrap() {
        Connection::Found(path) => path,
        other => panic!("{other:?}"),
    }
}

/// Claims of one subject or of one object, many at a time.
fn say_many(tenant: &Tenant, count: usize, fact: impl Fn(usize) -> NewFact) {
    let numbers: Vec<usize> = (0..count).collect();
    let episodes = numbers.chunks(16).map(|chunk| {
        let episode = NewEpisode::assistant("noted");
        chunk.iter().fold(episode, |episode, &number| episode.fact(fact(number)))
    });
    tenant.add(episodes.collect::<Vec<_>>()).unwrap();
}

fn within<T>(limit: Duration, what: &str, run: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let value = run();
    let took = started.elapsed();
    assert!(took < limit, "{what} took {took:?}");
    value
}

#[test]
fn a_profile_has_the_most_telling_first_and_all_that_belongs_to_it() {
    let (tenant, clock) = open();
    say(&tenant, "Mara", "likes", "tea", 0.6);
    let coffee = say(&tenant, "Mara", "likes", "coffee", 0.9);
    let [milk, juice] = ["milk", "juice"].map(|drink| say(&tenant, "Mara", "likes", drink, 0.6));
    let acme = say(&tenant, "Mara", "works_at", "Acme", 0.9);
    clock.set(day(3));
    let manages = say(&tenant, "Ines", "manages", "Mara", 0.9);
    tenant
        .assert_fact(NewFact::new("Mara", "lives_in", "Faro").valid_to(day(1)).valid_from(day(-9)))
        .unwrap();
    let [first, second] = ["04-01", "05-02"].map(|date| say(&tenant, "Mara", "birthday", date, 0.9));
    let profile = tenant.profile("mara", View::default()).unwrap();
    assert_eq!(profile.names, ["Mara"]);
    let kinds: Vec<Kind> = profile.facts.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds.last(), Some(&Kind::Preference));
    let by_kind: BTreeMap<String, Vec<Id>> = profile
        .facts
        .iter()
        .map(|(kind, atoms)| (format!("{kind:?}"), atoms.iter().map(|atom| atom.id).collect()))
        .collect();
    let rest: Vec<Id> = by_kind["Preference"][1..].to_vec();
    assert_eq!(by_kind["Preference"][0], coffee, "the most confident first");
    assert!(rest.is_sorted() && rest.contains(&milk) && rest.contains(&juice), "ties by id");
    assert_eq!(by_kind["Affiliation"], [acme]);
    assert!(
        kinds.iter().position(|kind| *kind == Kind::Affiliation)
            < kinds.iter().position(|kind| *kind == Kind::Preference)
    );
    assert!(!profile.to_string().contains("Faro"), "it is over");
    let disputed: Vec<(Id, Id)> =
        profile.disputed.iter().map(|conflict| (conflict.first, conflict.second)).collect();
    assert_eq!(disputed, [(first, second)]);
    assert_eq!(disputed.len(), tenant.conflicts(false).unwrap().len());
    let incoming: Vec<Id> = profile.neighbors.iter().filter(|it| !it.outgoing).map(|it| it.atom.id).collect();
    assert_eq!(incoming, [manages]);
    assert_eq!(profile.neighbors, tenant.neighbors("Mara", View::default()).unwrap());
    assert_eq!((profile.first_known, profile.last_known, profile.more), (Some(START), Some(day(3)), false));
    let facts: BTreeSet<Id> =
        tenant.facts(&FactQuery::about("Mara")).unwrap().iter().map(|atom| atom.id).collect();
    assert_eq!(facts, by_kind.values().flatten().copied().collect());
    let printed = profile.to_string();
    assert!(printed.starts_with("Mara. ") && printed.contains("(disputed)"), "{printed}");
    assert!(printed.contains("Mara likes tea (not certain)."), "{printed}");
    let nobody = tenant.profile("Nobody", View::default()).unwrap();
    assert_eq!((nobody.names, nobody.facts.len(), nobody.first_known), (vec!["Nobody".to_owned()], 0, None));
    assert_eq!(tenant.profile(" ", View::default()).unwrap_err().code().as_str(), "text.empty");
}

#[test]
fn a_profile_goes_by_all_names_by_the_view_and_by_the_user() {
    let (tenant, clock) = open();
    say(&tenant, "Mara", "lives_in", "Faro", 0.9);
    clock.set(day(5));
    say(&tenant, "M. Silva", "works_at", "Acme", 0.9);
    say(&tenant, "Mara", "lives_in", "Porto", 0.9);
    tenant.merge_entities("Mara", "M. Silva").unwrap();
    let now = tenant.profile("M. Silva", View::default()).unwrap();
    assert_eq!(now.names, ["Mara", "M. Silva"]);
    let said = now.to_string();
    assert!(said.contains("also M. Silva") && said.contains("Porto") && said.contains("Acme"), "{said}");
    let then = tenant.profile("Mara", View::as_of(day(1))).unwrap();
    assert_eq!((then.names.len(), then.last_known), (1, Some(START)));
    assert!(then.to_string().contains("Faro") && !then.to_string().contains("Acme"), "{then}");
    let before = tenant.profile("Mara", View::valid_at(day(2))).unwrap();
    assert!(before.to_string().contains("Faro") && !before.to_string().contains("Porto"), "{before}");
    let own = tenant.clone().with_scope(Scope::user("ana")).unwrap();
    own.assert_fact(NewFact::new("I", "likes", "maps")).unwrap();
    assert!(own.profile("me", View::default()).unwrap().to_string().contains("likes maps"));
    assert!(own.profile("Mara", View::default()).unwrap().facts.is_empty(), "another user's");
}

#[test]
fn mentions_are_the_newest_episodes_that_say_a_name() {
    let (tenant, clock) = open();
    let say =
        |text: &str, at: i64| tenant.add(NewEpisode::assistant(text).occurred_at(day(at))).unwrap().ids[0];
    let old = say("I met Ana Lima at the river.", -3);
    say("Lima is a town. Ana was there.", -2);
    let new = say("Did ANA LIMA call?", -1);
    let alias = say("Dr Limes rang.", -5);
    let spoken =
        tenant.add(NewEpisode::user("Well.").speaker("Ana Lima").occurred_at(day(-4))).unwrap().ids[0];
    let ids = |name: &str| tenant.profile(name, View::default()).unwrap().mentions;
    assert_eq!(ids("ana lima"), [new, old, spoken]);
    tenant.merge_entities("Limes", "Ana Lima").unwrap();
    assert_eq!(ids("Ana Lima"), [new, old, spoken, alias]);
    assert_eq!(ids("Limes"), ids("Ana Lima"));
    let then = tenant.profile("Ana Lima", View::valid_at(day(-2))).unwrap();
    assert_eq!(then.mentions, [old, spoken, alias]);
    assert_eq!(tenant.add("昨日、山田さんに会いました。").unwrap().ids, ids("山田"));
    assert!(ids("will").is_empty(), "a word that says nothing is no name");
    tenant.delete(new).unwrap();
    assert_eq!(ids("Limes"), [old, spoken, alias]);
    clock.set(day(9));
    for number in 0..100 {
        say(&format!("Limes was here, time {number}."), number);
    }
    let many = tenant.profile("Limes", View::default()).unwrap();
    assert_eq!((many.mentions.len(), many.mentioned, many.more), (10, 64, true));
    assert!(many.to_string().contains("Mentioned in at least 64 episodes."), "{many}");
}

#[test]
fn a_path_is_the_shortest_then_the_most_credible_then_the_first() {
    let (tenant, _) = open();
    say(&tenant, "Ana", "knows", "Ben", 0.5);
    let over_eve = say(&tenant, "Ana", "knows", "Eve", 0.9);
    say(&tenant, "Ben", "knows", "Dan", 0.9);
    let to_dan = say(&tenant, "Dan", "manages", "Eve", 0.8);
    let found = path(&tenant, "ana", "Dan");
    assert_eq!(found.steps.iter().map(|step| step.atom.id).collect::<Vec<_>>(), [over_eve, to_dan]);
    assert!((found.confidence - 0.72).abs() < 1e-6 && !found.more);
    let [one, two] = &found.steps[..] else { panic!() };
    assert_eq!((&*one.from, &*one.to, one.outgoing), ("Ana", "Eve", true));
    assert_eq!((&*two.from, &*two.to, two.outgoing), ("Eve", "Dan", false));
    assert_eq!(one.relation.as_deref(), Some("knows"));
    assert_eq!(two.relation, tenant.neighbors("Eve", View::default()).unwrap()[1].relation);
    assert_eq!(two.atom, *tenant.get(to_dan).unwrap().as_atom().unwrap());
    assert_eq!(found.to_string(), "Ana knows Eve; Dan manages Eve");
    // A credible detour does not count against a doubtful claim that leads straight there.
    let straight = say(&tenant, "Dan", "likes", "Ana", 0.1);
    assert_eq!(path(&tenant, "Ana", "Dan").steps[0].atom.id, straight);
    // Nor does one that lies among the claims that were read from both ends.
    for (one, other, confidence) in
        [("F", "A", 0.9), ("A", "B", 0.9), ("F", "B", 0.2), ("B", "C", 0.9), ("C", "T", 0.9)]
    {
        say(&tenant, one, "knows", other, confidence);
    }
    for other in ["X", "Y", "Z"] {
        say(&tenant, "T", "knows", other, 0.9);
    }
    assert_eq!(path(&tenant, "F", "T").to_string(), "F knows B; B knows C; C knows T");
    // Equal in all: the first claim.
    let [first, _] = ["knows", "trusts"].map(|predicate| say(&tenant, "Ugo", predicate, "Vera", 0.7));
    assert_eq!(path(&tenant, "Vera", "Ugo").steps[0].atom.id, first);
    assert!(path(&tenant, "Ana", " ANA ").steps.is_empty());
    let none = tenant.path("Ana", "Ugo", &PathQuery::default()).unwrap();
    assert_eq!((none.path(), &none), (None, &Connection::None));
    for hops in [0, 7] {
        let refused = tenant.path("Ana", "Ben", &PathQuery::default().hops(hops)).unwrap_err();
        assert_eq!(refused.code().as_str(), "range.invalid");
    }
}

#[test]
fn a_path_goes_by_names_by_the_view_and_by_what_is_not_denied() {
    let (tenant, clock) = open();
    say(&tenant, "Mara", "works_at", "Acme", 0.9);
    say(&tenant, "M. Silva", "knows", "Ben", 0.9);
    tenant.assert_fact(NewFact { negated: true, ..NewFact::new("Mara", "knows", "Zoe") }).unwrap();
    let connection = |from: &str, to: &str, query: PathQuery| tenant.path(from, to, &query).unwrap();
    assert_eq!(connection("Mara", "Zoe", PathQuery::default()), Connection::None);
    assert_eq!(connection("Acme", "Ben", PathQuery::default()), Connection::None);
    clock.set(day(1));
    tenant.merge_entities("Mara", "M. Silva").unwrap();
    assert_eq!(path(&tenant, "Acme", "Ben").steps[1].from, "Mara");
    assert_eq!(connection("Acme", "Ben", PathQuery::default().hops(1)), Connection::None);
    assert_eq!(connection("Acme", "Ben", PathQuery::default().as_of(START)), Connection::None);
    assert!(path(&tenant, "M. Silva", "Mara").steps.is_empty());
    clock.set(day(2));
    say(&tenant, "Mara", "works_at", "Globex", 0.9);
    assert_eq!(connection("Mara", "Acme", PathQuery::default()), Connection::None);
    assert!(connection("Mara", "Acme", PathQuery::default().valid_at(day(1))).path().is_some());
    tenant.define_predicate(Predicate::many("teaches").inverse("learns_from")).unwrap();
    say(&tenant, "Ben", "teaches", "Ida", 0.9);
    assert_eq!(path(&tenant, "Ida", "Ben").steps[0].relation.as_deref(), Some("learns_from"));
}

#[test]
fn a_hub_costs_no_more_than_a_bound_and_is_told_to_be_cut() {
    let (tenant, _) = open();
    let home = say(&tenant, "Hub", "lives_in", "Porto", 0.9);
    say_many(&tenant, 20_000, |number| NewFact::new("Hub", "likes", format!("thing {number}")));
    say_many(&tenant, 5000, |number| NewFact::new(format!("person {number}"), "knows", "Hub"));
    let limit = Duration::from_secs(3);
    let profile = within(limit, "a profile", || tenant.profile("Hub", View::default()).unwrap());
    let facts: usize = profile.facts.iter().map(|(_, atoms)| atoms.len()).sum();
    assert!((500..=1001).contains(&facts) && profile.more, "{facts}");
    assert!(
        profile.facts.iter().flat_map(|(_, atoms)| atoms).any(|atom| atom.id == home),
        "a rare predicate is seen"
    );
    assert_eq!(profile.neighbors.iter().filter(|it| !it.outgoing).count(), 1000);
    // The plain verbs still tell all.
    assert_eq!(tenant.facts(&FactQuery::about("Hub")).unwrap().len(), 20_001);
    assert_eq!(tenant.neighbors("Hub", View::default()).unwrap().len(), 25_001);
    let leaves = within(limit, "leaves", || path(&tenant, "thing 3", "person 4999"));
    assert_eq!((leaves.steps.len(), leaves.more), (2, false));
    let ends = within(limit, "an end", || path(&tenant, "Hub", "thing 19999"));
    assert_eq!(ends.steps.len(), 1);
    let cut = within(limit, "nothing", || tenant.path("Hub", "Nobody", &PathQuery::default()).unwrap());
    assert_eq!(cut, Connection::None, "from the other end nothing leads on");
    say(&tenant, "Nobody", "knows", "Somebody", 0.9);
    let cut = within(limit, "cut", || tenant.path("Hub", "Nobody", &PathQuery::default()).unwrap());
    assert_eq!(cut, Connection::None, "all of the other end is known");
    for number in 0..30 {
        say(&tenant, "Nobody", "knows", &format!("stranger {number}"), 0.9);
    }
    let cut = within(limit, "cut", || tenant.path("Hub", "Nobody", &PathQuery::default().hops(2)).unwrap());
    assert_eq!(cut, Connection::Cut);
}

#[test]
fn a_bound_never_changes_what_a_cell_amounts_to() {
    let (tenant, clock) = open();
    for number in 0..40 {
        clock.set(day(number));
        say(&tenant, "Hub", "lives_in", &format!("town {number}"), 0.9);
    }
    // A share of each predicate is read, and of the homes fewer than there are.
    say_many(&tenant, 1212, |number| {
        NewFact::new("Hub", format!("does {}", number % 101), format!("thing {}", number % 909))
    });
    let profile = tenant.profile("Hub", View::default()).unwrap();
    let whole: BTreeMap<Id, _> =
        tenant.facts(&FactQuery::about("Hub")).unwrap().into_iter().map(|atom| (atom.id, atom)).collect();
    let homes = |atoms: &[ebbmark::Atom]| atoms.iter().filter(|atom| atom.predicate == "lives_in").count();
    assert!(profile.more);
    assert_eq!(profile.facts.iter().map(|(_, atoms)| homes(atoms)).sum::<usize>(), 1);
    for atom in profile.facts.iter().flat_map(|(_, atoms)| atoms) {
        assert_eq!(Some(atom), whole.get(&atom.id));
    }
}

/// Claims between eight people: who, whom, how sure.
fn claims() -> impl Strategy<Value = Vec<(u8, u8, u8)>> {
    prop::collection::vec((0u8..8, 0u8..8, 1u8..10), 0..28)
}

/// The hops of the shortest path, and the best product of confidences over all paths of so many hops.
fn oracle(claims: &[(u8, u8, u8)], from: u8, to: u8) -> Option<(usize, f64)> {
    let mut sure: BTreeMap<(u8, u8), f64> = BTreeMap::new();
    for &(one, other, tenths) in claims {
        for pair in [(one, other), (other, one)] {
            let best = sure.entry(pair).or_insert(0.0);
            *best = best.max(f64::from(tenths) / 10.0);
        }
    }
    let mut distance = BTreeMap::from([(from, 0usize)]);
    let mut open = VecDeque::from([from]);
    while let Some(at) = open.pop_front() {
        for &(one, other) in sure.keys().filter(|(one, _)| *one == at) {
            if !distance.contains_key(&other) {
                distance.insert(other, distance[&one] + 1);
                open.push_back(other);
            }
        }
    }
    let hops = *distance.get(&to)?;
    let mut best: BTreeMap<u8, f64> = BTreeMap::from([(from, 1.0)]);
    for _ in 0..hops {
        let mut next: BTreeMap<u8, f64> = BTreeMap::new();
        for (&(one, other), confidence) in &sure {
            if let Some(product) = best.get(&one) {
                let value = next.entry(other).or_insert(0.0);
                *value = value.max(product * confidence);
            }
        }
        best = next;
    }
    Some((hops, best[&to]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_path_is_that_of_a_breadth_first_search(claims in claims(), from in 0u8..8, to in 0u8..8, hops in 1usize..7) {
        let (tenant, _) = open();
        let mut claims = claims;
        claims.retain(|(one, other, _)| one != other);
        // The same claim twice would be surer than each.
        claims.sort_unstable();
        claims.dedup_by_key(|(one, other, _)| (*one, *other));
        for (one, other, tenths) in &claims {
            say(&tenant, &format!("p{one}"), "knows", &format!("p{other}"), f32::from(*tenths) / 10.0);
        }
        let (from_name, to_name) = (format!("p{from}"), format!("p{to}"));
        let found = tenant.path(&from_name, &to_name, &PathQuery::default().hops(hops)).unwrap();
        match oracle(&claims, from, to).filter(|(length, _)| *length <= hops) {
            None => prop_assert_eq!(found, Connection::None),
            Some((length, product)) => {
                let path = found.path().unwrap();
                prop_assert_eq!(path.steps.len(), length);
                prop_assert!((f64::from(path.confidence) - product).abs() < 1e-3, "{} {}", path.confidence, product);
                let mut at = from_name;
                for step in &path.steps {
                    prop_assert_eq!(&step.from, &at);
                    let ends = if step.outgoing { (&step.atom.subject, &step.atom.object) } else { (&step.atom.object, &step.atom.subject) };
                    prop_assert_eq!(ends, (&step.from, &step.to));
                    at = step.to.clone();
                }
                prop_assert_eq!(at, to_name.clone());
                let again = tenant.path(&to_name, &format!("p{from}"), &PathQuery::default().hops(hops)).unwrap();
                prop_assert_eq!(again.path().unwrap().steps.len(), length);
            }
        }
    }
}
