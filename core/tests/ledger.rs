//! The promise: what is stored is what the ledger amounts to, after any detour: names merged and parted, undo of undo of
//! undo, deletion of what was undone; and a cell of many claims is still judged.
//!
//! It could be broken by anything that keeps a copy of what the ledger says: ids of atoms, places of operations, rows that
//! lead from names to atoms.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "a test")]

use std::sync::Arc;

use ebbmark::{
    Access, Atom, Batch, Code, FactQuery, Filter, HistoricalReason, ManualClock, NewEpisode, NewFact,
    Options, Predicate, RecordSort, Standing, Store, Tenant, Timestamp, View,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const DAY: i64 = 86_400;

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let store =
        Store::in_memory(Options { clock: clock.clone(), id_seed: Some(3), ..Options::default() }).unwrap();
    (store.tenant_with_access("acme", Access::Admin).unwrap(), clock)
}

fn stored(tenant: &Tenant) -> Vec<Atom> {
    let all = Filter::default().with_historical().only(RecordSort::Atom);
    let records = tenant.list(&all, None, 1000).unwrap().records;
    records.iter().map(|record| record.as_atom().unwrap().clone()).collect()
}

fn facts(tenant: &Tenant, subject: &str) -> Vec<String> {
    tenant.facts(&FactQuery::about(subject)).unwrap().iter().map(Atom::sentence).collect()
}

#[test]
fn atoms_that_met_under_a_merge_part_with_it() {
    let (tenant, _) = open();
    let bob = tenant.assert_fact(NewFact::new("Bob", "lives_in", "Porto")).unwrap();
    let merge = tenant.merge_entities("Robert", "Bob").unwrap();
    let robert = tenant.assert_fact(NewFact::new("Robert", "lives_in", "Porto")).unwrap();
    assert_eq!(robert.id, bob.id);
    tenant.undo(merge.operation.unwrap()).unwrap();
    assert_eq!(stored(&tenant).len(), 2);
    assert_eq!(facts(&tenant, "Bob"), ["Bob lives in Porto"]);
    assert_eq!(facts(&tenant, "Robert"), ["Robert lives in Porto"]);
    tenant.retract(bob.id).unwrap();
    assert!(facts(&tenant, "Bob").is_empty());
    assert_eq!(facts(&tenant, "Robert").len(), 1);
}

#[test]
fn undo_alternates_to_any_depth() {
    let (tenant, _) = open();
    let first = tenant.assert_fact(NewFact::new("Bob", "lives_in", "Porto")).unwrap().operation;
    let mut last = first;
    for round in 0..5 {
        last = tenant.undo(last).unwrap().operation.unwrap();
        let holds = round % 2 == 1;
        assert_eq!(facts(&tenant, "Bob").len(), usize::from(holds), "after {} undos", round + 1);
        assert_eq!(
            tenant.dry_run().undo(first).is_ok(),
            holds,
            "the first one can be undone if it is in force"
        );
    }
}

#[test]
fn what_was_undone_can_be_deleted() {
    let (tenant, clock) = open();
    let fact = || NewFact::new("Bob", "lives_in", "Porto");
    let first = tenant.assert_fact(fact()).unwrap();
    let again = tenant.assert_fact(fact()).unwrap();
    clock.set(START.plus_seconds(10));
    let undone = tenant.undo(again.operation).unwrap();
    tenant.delete(first.id).unwrap();
    let before = FactQuery::about("Bob").as_of(START.plus_seconds(5));
    assert!(tenant.facts(&before).unwrap().is_empty(), "deleted is gone from the past as well");
    tenant.undo(undone.operation.unwrap()).unwrap();
    assert!(stored(&tenant).is_empty());
    // One that was undone alone has no atom any more, and is deleted by the id it had.
    let alone = tenant.assert_fact(NewFact::new("Ann", "lives_in", "Faro")).unwrap();
    tenant.undo(alone.operation).unwrap();
    tenant.delete(alone.id).unwrap();
    assert_eq!(tenant.delete(alone.id).unwrap_err().code(), Code::RecordNotFound);
    assert!(tenant.facts(&FactQuery::about("Ann").as_of(START.plus_seconds(10))).unwrap().is_empty());
}

#[test]
fn a_merge_of_many_values_and_of_many_things_is_settled_whole() {
    let (tenant, _) = open();
    let facts = |name: &str, predicate: &str, count: usize| -> Vec<NewFact> {
        (0..count).map(|at| NewFact::new(name, predicate, format!("thing {at}"))).collect()
    };
    for (name, predicate, count) in
        [("Bob", "lives_in", 300), ("Robert", "likes", 200), ("Bob", "likes", 200)]
    {
        for facts in facts(name, predicate, count).chunks(50) {
            tenant.add(NewEpisode { facts: facts.to_vec(), ..NewEpisode::user("a note") }).unwrap();
        }
    }
    let ids: Vec<_> = stored(&tenant).iter().map(|atom| atom.id).collect();
    let merge = tenant.merge_entities("Robert", "Bob").unwrap();
    assert_eq!(merge.removed.len(), 200);
    let undone = tenant.undo(merge.operation.unwrap()).unwrap();
    assert_eq!((undone.added.len(), undone.removed.len()), (200, 0));
    assert_eq!(stored(&tenant).iter().map(|atom| atom.id).collect::<Vec<_>>(), ids);
}

#[test]
fn the_past_knows_entities_by_the_names_of_then() {
    let (tenant, clock) = open();
    let bob = tenant.assert_fact(NewFact::new("Bob", "lives_in", "Porto")).unwrap();
    clock.set(START.plus_seconds(10));
    tenant.merge_entities("Robert", "Bob").unwrap();
    let then = View::as_of(START.plus_seconds(5));
    assert_eq!(tenant.get_at(bob.id, then).unwrap().text(), "Bob lives in Porto");
    assert_eq!(tenant.get_at(bob.id, View::default()).unwrap().text(), "Robert lives in Porto");
    // A value has many spellings; a name given to one is a name of all.
    tenant.assert_fact(NewFact::new("Ann", "visited", "New York City")).unwrap();
    tenant.assert_fact(NewFact::new("Ann", "visited", "Big Apple")).unwrap();
    tenant.merge_entities("NYC", "Big Apple").unwrap();
    assert_eq!(stored(&tenant).iter().filter(|atom| atom.subject == "Ann").count(), 1);
}

#[test]
fn a_confirmation_keeps_the_dates_of_what_it_confirms() {
    let (tenant, clock) = open();
    tenant
        .assert_fact(NewFact::new("Bob", "lives_in", "Berlin").valid_from(START.plus_seconds(-10 * DAY)))
        .unwrap();
    let porto = NewFact::new("Bob", "lives_in", "Porto").valid_from(START.plus_seconds(30 * DAY));
    let porto = tenant.assert_fact(porto).unwrap();
    tenant.confirm(porto.id).unwrap();
    assert_eq!(facts(&tenant, "Bob"), ["Bob lives in Berlin"]);
    let lent = tenant
        .assert_fact(NewFact::new("Ann", "lives_in", "Faro").valid_to(START.plus_seconds(DAY)))
        .unwrap();
    tenant.confirm(lent.id).unwrap();
    clock.set(START.plus_seconds(2 * DAY));
    assert!(facts(&tenant, "Ann").is_empty());
}

#[test]
fn a_redefined_predicate_keeps_its_other_names() {
    let (tenant, _) = open();
    tenant.define_predicate(Predicate::many("lives_in")).unwrap();
    for (predicate, town) in [("lives_in", "Porto"), ("resides_in", "Faro"), ("based in", "Braga")] {
        tenant.assert_fact(NewFact::new("Bob", predicate, town)).unwrap();
    }
    assert!(stored(&tenant).iter().all(|atom| !matches!(atom.standing, Standing::Historical(_))));
    assert_eq!(facts(&tenant, "Bob").len(), 3);
}

#[test]
fn a_retraction_outlives_the_claim_it_was_filed_with() {
    let (tenant, _) = open();
    let note = tenant.add("a note").unwrap().ids[0];
    tenant.define_predicate(Predicate::one("desk").alias("sits_at")).unwrap();
    let desk = tenant.assert_fact(NewFact::new("Bob", "desk", "4-12").support(note)).unwrap();
    let again = tenant.assert_fact(NewFact::new("Bob", "sits_at", "4-12")).unwrap();
    assert_eq!(again.id, desk.id);
    tenant.retract(desk.id).unwrap();
    tenant.delete(note).unwrap();
    assert!(facts(&tenant, "Bob").is_empty());
    assert!(
        stored(&tenant).iter().all(|atom| atom.standing == Standing::Historical(HistoricalReason::Retracted))
    );
}

#[test]
fn a_cell_of_many_claims_is_still_judged() {
    let (tenant, clock) = open();
    let facts: Vec<NewFact> =
        (0..600).map(|at| NewFact::new("Bob", "lives_in", format!("town {}", at % 300))).collect();
    for (at, facts) in facts.chunks(60).enumerate() {
        clock.set(START.plus_seconds(at as i64));
        tenant.add(Batch::from(NewEpisode { facts: facts.to_vec(), ..NewEpisode::user("a note") })).unwrap();
    }
    let query = FactQuery::about("Bob").predicate("lives_in");
    assert_eq!(tenant.facts(&query).unwrap()[0].object, "town 299");
}
