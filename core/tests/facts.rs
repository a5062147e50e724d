//! The promise: the same claim again reinforces; of two values of a one-valued predicate the better or newer one
//! is current and the other is kept as historical, with the times at which it was true and was held.
//!
//! It could be broken by a supersession that loses the loser, by claims of different subjects or contexts that
//! retire each other, by an order of arrival that decides what is true, or by a low source overruling a high one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::sync::Arc;

use ebbmark::{
    Atom, ChangeKind, Filter, HistoricalReason, Id, ManualClock, NewFact, Options, Outcome, Provenance,
    RecordSort, RevisionKind, Standing, Store, Tenant, Timestamp,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;
const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), embedder: None, ..Options::default() };
    (Store::in_memory(options).unwrap().tenant("acme").unwrap(), clock)
}

fn atom(tenant: &Tenant, id: Id) -> Atom {
    tenant.get(id).unwrap().as_atom().unwrap().clone()
}

fn current(tenant: &Tenant) -> Vec<String> {
    let page = tenant.list(&Filter::default().only(RecordSort::Atom), None, 100).unwrap();
    let mut sentences: Vec<String> = page.records.iter().map(|record| record.text()).collect();
    sentences.sort();
    sentences
}

fn lives(town: &str) -> NewFact {
    NewFact::new("Mara", "lives_in", town)
}

#[test]
fn the_same_claim_reinforces() {
    let (tenant, clock) = open();
    let episode = tenant.add("I really like tea.").unwrap().ids[0];
    let first = tenant.assert_fact(NewFact::new("Mara", "likes", "tea").confidence(0.5)).unwrap();
    assert_eq!(first.outcome, Outcome::Added);
    assert_eq!(atom(&tenant, first.id).standing, Standing::Unsubstantiated);
    clock.set(START.plus_seconds(DAY));
    let again = NewFact::new(" mara ", "Likes", "TEA").support(episode).provenance(Provenance::Confirmed);
    let second = tenant.assert_fact(again).unwrap();
    assert_eq!((second.outcome, second.id), (Outcome::Reinforced, first.id));
    let atom = atom(&tenant, first.id);
    assert_eq!((atom.assertions, atom.confidence, atom.supports), (2, 1.0, vec![episode]));
    assert_eq!((atom.standing, atom.provenance), (Standing::Substantiated, Provenance::Confirmed));
    assert_eq!((atom.asserted_at, atom.version), (START.plus_seconds(DAY), 2));
    let history = tenant.history(first.id).unwrap();
    assert_eq!(
        history.iter().map(|revision| revision.kind).collect::<Vec<_>>(),
        [RevisionKind::Added, RevisionKind::Reinforced]
    );
    assert_eq!(history[0].record.as_atom().unwrap().assertions, 1);
}

#[test]
fn a_new_value_supersedes_and_the_old_one_is_kept_with_both_times() {
    let (tenant, clock) = open();
    let lisbon = tenant.assert_fact(lives("Lisbon").valid_from(START.plus_seconds(-400 * DAY))).unwrap();
    clock.set(START.plus_seconds(10 * DAY));
    let moved = START.plus_seconds(7 * DAY);
    let porto = tenant.assert_fact(NewFact::new("Mara", "resides_in", "Porto").valid_from(moved)).unwrap();
    assert_eq!((porto.outcome, &porto.superseded), (Outcome::Superseded, &vec![lisbon.id]));
    let old = atom(&tenant, lisbon.id);
    assert_eq!(old.standing, Standing::Historical(HistoricalReason::Superseded));
    assert_eq!((old.valid_from, old.valid_to), (Some(START.plus_seconds(-400 * DAY)), Some(moved)));
    assert_eq!((old.retired_at, old.superseded_by), (Some(START.plus_seconds(10 * DAY)), Some(porto.id)));
    assert_eq!(atom(&tenant, porto.id).supersedes, vec![lisbon.id]);
    assert_eq!(tenant.history(lisbon.id).unwrap().len(), 2);
    assert_eq!(current(&tenant), ["Mara resides in Porto"]);
    let changes = tenant.changes(1, 10).unwrap();
    let kinds: Vec<ChangeKind> = changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Superseded, ChangeKind::Added]);
    assert_eq!(changes[0].version, changes[1].version, "one commit");
}

#[test]
fn what_does_not_contradict_stands_side_by_side() {
    let (tenant, _) = open();
    assert_eq!(tenant.assert_fact(lives("Porto")).unwrap().outcome, Outcome::Added);
    let during_the_week = tenant.assert_fact(lives("Lisbon").context("during the week")).unwrap();
    assert_eq!(during_the_week.outcome, Outcome::Contextualised);
    for fact in [
        NewFact::new("Ines", "lives_in", "Braga"),
        NewFact::new("Mara", "likes", "tea"),
        NewFact::new("Mara", "likes", "coffee"),
        NewFact::new("Mara", "frobnicates", "a"),
        NewFact::new("Mara", "frobnicates", "b"),
        NewFact::new("Mara", "works_at", "Porto"),
    ] {
        assert_eq!(tenant.assert_fact(fact).unwrap().outcome, Outcome::Added);
    }
    assert_eq!(current(&tenant).len(), 8);
}

#[test]
fn an_older_or_less_trusted_claim_is_kept_but_not_believed() {
    let (tenant, _) = open();
    let porto = tenant.assert_fact(lives("Porto").valid_from(START)).unwrap();
    let older = tenant.assert_fact(lives("Lisbon").valid_from(START.plus_seconds(-DAY))).unwrap();
    assert_eq!(older.outcome, Outcome::Contextualised, "it holds before the other");
    let lisbon = atom(&tenant, older.id);
    assert_eq!((lisbon.valid_to, lisbon.superseded_by, lisbon.version), (Some(START), Some(porto.id), 1));
    let guess = lives("Faro").provenance(Provenance::Inferred);
    assert_eq!(tenant.assert_fact(guess).unwrap().outcome, Outcome::Rejected);
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
    let corrected = lives("Gaia").valid_from(START.plus_seconds(-2 * DAY)).provenance(Provenance::Corrected);
    assert_eq!(tenant.assert_fact(corrected).unwrap().outcome, Outcome::Superseded);
    assert_eq!(current(&tenant), ["Mara lives in Gaia"]);
}

#[test]
fn facts_outlive_the_working_set_and_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut last = None;
    for town in ["Lisbon", "Porto", "Faro", "Porto"] {
        let store = Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap();
        last = Some(store.tenant("acme").unwrap().assert_fact(lives(town)).unwrap());
    }
    let tenant =
        Store::open(&path, Options { embedder: None, ..Options::default() }).unwrap().tenant("acme").unwrap();
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
    assert_eq!(last.unwrap().outcome, Outcome::Superseded);
    assert_eq!(
        tenant.list(&Filter::default().with_historical(), None, 10).unwrap().records.len(),
        3,
        "Porto holds again"
    );
}

#[test]
fn a_claim_whose_time_is_over_retires_nothing() {
    let (tenant, _) = open();
    let porto = tenant.assert_fact(lives("Porto").valid_from(START.plus_seconds(-500 * DAY))).unwrap();
    for past in [
        lives("Lisbon").valid_to(START.plus_seconds(-800 * DAY)),
        lives("Madrid").valid_from(START.plus_seconds(-90 * DAY)).valid_to(START.plus_seconds(-10 * DAY)),
        lives("Faro").valid_to(START).provenance(Provenance::Corrected),
    ] {
        let verdict = tenant.assert_fact(past.clone()).unwrap();
        assert_eq!(verdict.outcome, Outcome::Contextualised);
        let kept = atom(&tenant, verdict.id);
        assert!(matches!(kept.standing, Standing::Historical(_)));
        // Of what only ended once it is not known when it began: it fills the time that is left.
        let faro = (Some(START.plus_seconds(-800 * DAY)), Some(START.plus_seconds(-500 * DAY)));
        let told = (past.valid_from, past.valid_to);
        let expected = if past.provenance == Provenance::Corrected { faro } else { told };
        assert_eq!((kept.valid_from, kept.valid_to), expected);
        assert_eq!(tenant.assert_fact(past).unwrap().id, verdict.id, "said again it is the same claim");
    }
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
    assert_eq!(atom(&tenant, porto.id).standing, Standing::Substantiated);
}

#[test]
fn a_claim_is_current_until_its_end() {
    let (tenant, clock) = open();
    let guest = tenant.assert_fact(lives("Porto").valid_to(START.plus_seconds(5 * DAY))).unwrap();
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
    clock.set(START.plus_seconds(5 * DAY));
    assert!(current(&tenant).is_empty());
    assert!(tenant.search("Porto").unwrap().is_empty());
    assert_eq!(tenant.list(&Filter::default().with_historical(), None, 9).unwrap().records.len(), 1);
    // It holds again from later on, and the time before keeps its end.
    clock.set(START.plus_seconds(6 * DAY));
    let again = tenant.assert_fact(lives("Porto")).unwrap();
    assert_eq!((again.id, again.outcome), (guest.id, Outcome::Reinforced));
    assert_eq!(atom(&tenant, guest.id).earlier[0].to, Some(START.plus_seconds(5 * DAY)));
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
    // While it holds, a claim without an end lifts the end.
    let lent = tenant.assert_fact(lives("Braga").valid_to(START.plus_seconds(50 * DAY))).unwrap();
    tenant.assert_fact(lives("Braga")).unwrap();
    assert_eq!(atom(&tenant, lent.id).valid_to, None);
}

#[test]
fn a_claim_does_not_stretch_over_another_value() {
    let (tenant, _) = open();
    let turn = START.plus_seconds(900 * DAY);
    tenant.assert_fact(lives("Lisbon").valid_to(turn)).unwrap();
    assert_eq!(tenant.assert_fact(lives("Porto").valid_from(turn)).unwrap().outcome, Outcome::Added);
    let verdict = tenant.assert_fact(lives("Lisbon").provenance(Provenance::Corrected)).unwrap();
    // A correction of now knows nothing of a change to come.
    assert_eq!(verdict.outcome, Outcome::Reinforced);
    assert_eq!(current(&tenant), ["Mara lives in Lisbon"]);
    assert_eq!(atom(&tenant, verdict.id).valid_to, Some(turn));
}

#[test]
fn a_claim_that_ended_is_the_same_claim_afterwards() {
    let (tenant, clock) = open();
    let braga = || lives("Braga").valid_from(START.plus_seconds(-DAY)).valid_to(START.plus_seconds(DAY));
    let first = tenant.assert_fact(braga()).unwrap();
    clock.set(START.plus_seconds(9 * DAY));
    assert_eq!(tenant.assert_fact(braga()).unwrap().id, first.id);
    let longer = |days| NewFact::new("Ines", "lives_in", "Faro").valid_to(START.plus_seconds(days * DAY));
    let early = tenant.assert_fact(longer(-900)).unwrap();
    assert_eq!(tenant.assert_fact(longer(-400)).unwrap().id, early.id);
    assert_eq!(atom(&tenant, early.id).valid_to, Some(START.plus_seconds(-400 * DAY)));
}

#[test]
fn an_overruled_claim_said_again_is_kept_once() {
    let (tenant, _) = open();
    tenant.assert_fact(lives("Porto")).unwrap();
    let older = || lives("Lisbon").valid_from(START.plus_seconds(-DAY));
    let first = tenant.assert_fact(older()).unwrap();
    for _ in 0..4 {
        let again = tenant.assert_fact(older()).unwrap();
        assert_eq!((again.id, again.outcome), (first.id, Outcome::Reinforced));
    }
    assert_eq!(tenant.list(&Filter::default().with_historical(), None, 9).unwrap().records.len(), 2);
    assert_eq!(current(&tenant), ["Mara lives in Porto"]);
}

#[test]
fn a_reinforced_atom_takes_a_vector_that_it_lacked() {
    let (tenant, _) = open();
    let first = tenant.assert_fact(lives("Porto")).unwrap();
    tenant.assert_fact(lives("porto").vector(vec![1.0, 0.0])).unwrap();
    let stats = tenant.stats().unwrap();
    assert_eq!((stats.vectors, stats.atoms), (1, 1));
    let hits = tenant.search(ebbmark::Query::by_vector(vec![1.0, 0.0])).unwrap();
    assert_eq!(hits[0].record.id(), first.id);
    assert_eq!(atom(&tenant, first.id).assertions, 2);
    // Said again it is reinforced in its new place, and another town supersedes it there.
    assert_eq!(tenant.assert_fact(lives("Porto")).unwrap().id, first.id);
    assert_eq!(tenant.assert_fact(lives("Faro")).unwrap().superseded, vec![first.id]);
}

#[test]
fn names_of_predicates_meet() {
    let (tenant, _) = open();
    let first = tenant.assert_fact(NewFact::new("Mara", "lives in", "Lisbon")).unwrap();
    assert_eq!(tenant.assert_fact(lives("Porto")).unwrap().superseded, vec![first.id]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_of_arrival_does_not_decide_what_is_current(
        claims in proptest::collection::btree_map(0..9_i64, (0..3_usize, 0..3_usize), 1..7)
            .prop_flat_map(|claims| Just(claims.into_iter().collect::<Vec<_>>()).prop_shuffle()),
    ) {
        // Days differ, towns and sources repeat: the last claim of the best source says where she lives.
        let sources = [Provenance::Inferred, Provenance::Stated, Provenance::Corrected];
        let (tenant, clock) = open();
        for &(day, (town, source)) in &claims {
            let claim = lives(&format!("town {town}")).valid_from(START.plus_seconds(day * DAY));
            tenant.assert_fact(claim.provenance(sources[source])).unwrap();
        }
        clock.set(START.plus_seconds(99 * DAY));
        // All was said at the start: a change that was told first hand with a later date was news to every correction.
        let told = claims.iter().filter(|(day, (_, source))| *source > 0 && *day > 0).map(|(day, _)| *day).max();
        let rank = |day: i64, source: usize| (source.min(if told.is_some() { 1 } else { 2 }), day);
        let (_, (town, _)) = claims.iter().max_by_key(|(day, (_, source))| rank(*day, *source)).unwrap();
        prop_assert_eq!(current(&tenant), vec![format!("Mara lives in town {town}")]);
    }

    #[test]
    fn a_subject_of_many_claims_stays_quick_and_whole(count in 1..200_usize) {
        let (tenant, _) = open();
        for at in 0..count {
            let outcome = tenant.assert_fact(NewFact::new("Mara", "visited", format!("place {at}"))).unwrap().outcome;
            prop_assert_eq!(outcome, Outcome::Added);
        }
        let again = tenant.assert_fact(NewFact::new("Mara", "visited", "Place 0")).unwrap();
        prop_assert_eq!(again.outcome, Outcome::Reinforced);
    }
}

#[test]
fn claims_that_explain_another_are_shown_as_they_are_stored() {
    let (tenant, _) = open();
    let first = tenant.assert_fact(lives("Berlin")).unwrap().id;
    let second = tenant.assert_fact(lives("Porto")).unwrap().id;
    let other = tenant.explain(first).unwrap().others.remove(0);
    let stored = atom(&tenant, second);
    assert_eq!((other.id, other.recorded_at, other.version), (second, stored.recorded_at, stored.version));
}
