//! The promise: a timeline shows the records that a filter accepts, each once, in the order in which they happened in the
//! world, however it is cut into pages; the scope of the handle holds.
//!
//! It could be broken by an order of arrival, by a cursor that loses what happened at its own moment, or by a page that
//! ends where records were deleted meanwhile.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::sync::Arc;

use ebbmark::{
    Code, EpisodeUpdate, Filter, Id, ManualClock, NewEpisode, NewFact, Options, RecordSort, Scope, Store,
    Tenant, TimelineCursor, Timestamp,
};

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn open() -> Tenant {
    let clock = Arc::new(ManualClock::at(START));
    Store::in_memory(Options { clock, ..Options::default() }).unwrap().tenant("acme").unwrap()
}

fn all(tenant: &Tenant, filter: &Filter, page: usize) -> Vec<Id> {
    let mut ids = Vec::new();
    let mut from: Option<TimelineCursor> = None;
    loop {
        let next = tenant.timeline(filter, from, page).unwrap();
        assert!(next.records.len() <= page);
        ids.extend(next.records.iter().map(|record| record.id()));
        from = next.next.map(|cursor| cursor.to_string().parse().unwrap());
        if from.is_none() {
            return ids;
        }
    }
}

#[test]
fn records_come_in_the_order_of_the_world() {
    let tenant = open();
    let mut expected: Vec<(Timestamp, Id)> = Vec::new();
    for step in 0..200_i64 {
        // Seven share each moment; some lie before 1970.
        let at = Timestamp::from_seconds((step * 37 % 29 - 9) * 100_000_000);
        let said = NewEpisode::user(format!("turn {step}")).occurred_at(at);
        expected.push((at, tenant.add(said).unwrap().ids[0]));
        if step % 10 == 0 {
            let fact = NewFact::new(format!("guest {step}"), "likes", "tea").valid_from(at);
            expected.push((at, tenant.assert_fact(fact).unwrap().id));
        }
    }
    // Without a time of its own an atom stands where it was recorded.
    expected.push((START, tenant.assert_fact(NewFact::new("Mara", "likes", "tea")).unwrap().id));
    tenant.update(expected[3].1, EpisodeUpdate::text("another text, the same moment")).unwrap();
    tenant.delete(expected.remove(5).1).unwrap();
    expected.sort_unstable();
    let everything = Filter::default().with_historical();
    let ids: Vec<Id> = expected.iter().map(|(_, id)| *id).collect();
    for page in [1, 2, 7, 50, 1000] {
        assert_eq!(all(&tenant, &everything, page), ids, "in pages of {page}");
    }
    let only = Filter::default().only(RecordSort::Episode).since(Timestamp::from_seconds(0));
    let wanted = |(at, id): &&(Timestamp, Id)| {
        at.as_micros() >= 0 && tenant.get(*id).unwrap().sort() == RecordSort::Episode
    };
    let ids: Vec<Id> = expected.iter().filter(wanted).map(|(_, id)| *id).collect();
    assert_eq!(all(&tenant, &only, 3), ids);
}

#[test]
fn the_filter_and_the_scope_of_the_handle_hold() {
    let tenant = open();
    let mara = tenant.clone().with_scope(Scope::user("Mara")).unwrap();
    let own = mara.add("hers").unwrap().ids[0];
    let other = tenant.clone().with_scope(Scope::user("Ben")).unwrap().add("his").unwrap().ids[0];
    assert_eq!(all(&mara, &Filter::default(), 10), [own]);
    assert_eq!(all(&tenant, &Filter::default(), 10), [own, other]);
    assert!(all(&mara, &Filter::scope(Scope::user("Ben")), 10).is_empty());
    assert_eq!(all(&tenant, &Filter::scope(Scope::user("Ben")), 10), [other]);
    assert!(all(&open(), &Filter::default(), 10).is_empty());
}

#[test]
fn a_cursor_goes_on_where_records_were_deleted() {
    let tenant = open();
    let turn = |step: i64| NewEpisode::user("turn").occurred_at(Timestamp::from_seconds(step));
    let ids = tenant.add((0..10).map(turn).collect::<Vec<_>>()).unwrap().ids;
    let page = tenant.timeline(&Filter::default(), None, 4).unwrap();
    for id in &ids[2..6] {
        tenant.delete(*id).unwrap();
    }
    let rest = tenant.timeline(&Filter::default(), page.next, 4).unwrap();
    assert_eq!(rest.records.iter().map(|record| record.id()).collect::<Vec<_>>(), ids[6..]);
    assert_eq!(rest.next, None);
}

#[test]
fn bad_questions_are_refused() {
    let tenant = open();
    for limit in [0, 1001] {
        let error = tenant.timeline(&Filter::default(), None, limit).unwrap_err();
        assert_eq!(error.code(), Code::RangeInvalid);
    }
    let inverted = Filter::default().since(START).until(START);
    assert_eq!(tenant.timeline(&inverted, None, 5).unwrap_err().code(), Code::IntervalInverted);
    for text in ["", "at:5", "at:x:y", "after:5:01890a5d-ac96-774b-bcce-b302099a8057"] {
        assert_eq!(text.parse::<TimelineCursor>().unwrap_err().code(), Code::CursorMalformed);
    }
}
