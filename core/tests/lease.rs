//! The promise: a lease has one holder at a time until it expires, every grant of a name has a greater number than all
//! before it, and both survive that the store is closed and opened again.
//!
//! It could be broken by two who see it free at the same time, by a number that begins again when a lease was released or
//! the file reopened, or by one who renews or releases what is another's by now.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ebbmark::{Access, Code, ErrorKind, Lease, ManualClock, Options, Store, Tenant, Timestamp};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
const MINUTE: Duration = Duration::from_secs(60);

fn open() -> (Tenant, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(START));
    let options = Options { clock: clock.clone(), ..Options::default() };
    (Store::in_memory(options).unwrap().tenant("acme").unwrap(), clock)
}

#[test]
fn a_lease_is_exclusive_until_it_expires_or_is_released() {
    let (tenant, clock) = open();
    let first = tenant.lease("upkeep", MINUTE).unwrap();
    assert_eq!(first, Lease { name: "upkeep".to_owned(), fence: 1, until: START.plus_seconds(60) });
    let held = tenant.lease("upkeep", MINUTE).unwrap_err();
    assert_eq!((held.code(), held.kind()), (Code::LeaseHeld, ErrorKind::Locked));
    assert!(held.to_string().contains(&first.until.to_string()), "{held}");
    assert_eq!(tenant.lease("other", MINUTE).unwrap().fence, 1, "another name is another lease");

    clock.set(START.plus_seconds(59));
    let renewed = tenant.renew(&first, MINUTE).unwrap();
    assert_eq!((renewed.fence, renewed.until), (1, START.plus_seconds(119)));
    clock.set(START.plus_seconds(118));
    assert_eq!(tenant.lease("upkeep", MINUTE).unwrap_err().code(), Code::LeaseHeld);
    // It expired, but nobody took it: it goes on.
    clock.set(START.plus_seconds(119));
    tenant.renew(&renewed, Duration::from_millis(1)).unwrap();
    clock.set(START.plus_seconds(120));
    let second = tenant.lease("upkeep", MINUTE).unwrap();
    assert_eq!(second.fence, 2);

    for lost in [tenant.renew(&first, MINUTE).map(drop), tenant.release(&first)] {
        let lost = lost.unwrap_err();
        assert_eq!((lost.code(), lost.kind()), (Code::LeaseLost, ErrorKind::Conflict));
    }
    assert_eq!(tenant.lease("upkeep", MINUTE).unwrap_err().code(), Code::LeaseHeld, "it is the second's");
    tenant.release(&second).unwrap();
    assert_eq!(tenant.release(&second).unwrap_err().code(), Code::LeaseLost);
    assert_eq!(tenant.renew(&second, MINUTE).unwrap_err().code(), Code::LeaseLost);
    assert_eq!(tenant.lease("upkeep", MINUTE).unwrap().fence, 3);
}

#[test]
fn leases_are_checked() {
    let (tenant, _) = open();
    for (name, ttl, code) in [
        ("", MINUTE, Code::NameInvalid),
        ("a\nb", MINUTE, Code::NameInvalid),
        ("x", Duration::ZERO, Code::RangeInvalid),
        ("x", Duration::from_micros(999), Code::RangeInvalid),
        ("x", Duration::from_secs(366 * 86_400 + 1), Code::RangeInvalid),
        ("x", Duration::MAX, Code::RangeInvalid),
    ] {
        assert_eq!(tenant.lease(name, ttl).unwrap_err().code(), code, "{name:?} for {ttl:?}");
    }
    let lease = tenant.lease(&"n".repeat(256), Duration::from_secs(366 * 86_400)).unwrap();
    assert_eq!(tenant.renew(&lease, Duration::ZERO).unwrap_err().code(), Code::RangeInvalid);
    let made_up = Lease { name: String::new(), fence: 0, until: START };
    assert_eq!(tenant.release(&made_up).unwrap_err().code(), Code::NameInvalid);
    let made_up = Lease { name: "never granted".to_owned(), ..made_up };
    assert_eq!(tenant.renew(&made_up, MINUTE).unwrap_err().code(), Code::LeaseLost);
    let reader = tenant.clone().with_access(Access::ReadOnly).unwrap();
    assert_eq!(reader.lease("x", MINUTE).unwrap_err().code(), Code::AccessDenied);
    assert_eq!(tenant.dry_run().lease("tried", MINUTE).unwrap().fence, 1);
    assert_eq!(tenant.lease("tried", MINUTE).unwrap().fence, 1, "trying out took it");
}

/// Eight threads fight for a lease, forty grants each round; tells the greatest number seen.
fn fight(tenant: &Tenant, before: u64) -> u64 {
    let (taken, last, grants) = (AtomicBool::new(false), AtomicU64::new(before), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while grants.load(Ordering::SeqCst) < 40 {
                    let lease = match tenant.lease("the one", MINUTE) {
                        Ok(lease) => lease,
                        Err(error) => {
                            assert_eq!(error.code(), Code::LeaseHeld);
                            continue;
                        }
                    };
                    assert!(!taken.swap(true, Ordering::SeqCst), "two hold it");
                    let previous = last.swap(lease.fence, Ordering::SeqCst);
                    assert!(lease.fence > previous, "{} after {previous}", lease.fence);
                    std::thread::yield_now();
                    grants.fetch_add(1, Ordering::SeqCst);
                    taken.store(false, Ordering::SeqCst);
                    tenant.release(&lease).unwrap();
                }
            });
        }
    });
    last.into_inner()
}

#[test]
fn eight_threads_never_hold_it_at_once_and_its_numbers_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let reopen = || Store::open(Path::new(&path), Options::default()).unwrap();
    let mut fence = 0;
    for _ in 0..2 {
        let store = reopen();
        fence = fight(&store.tenant("acme").unwrap(), fence);
        store.close();
    }
    assert!(fence >= 80, "only {fence} grants: the test is blind");
    let store = reopen();
    let kept = store.tenant("acme").unwrap().lease("the one", MINUTE).unwrap();
    assert!(kept.fence > fence);
    store.close();
    let tenant = reopen().tenant("acme").unwrap();
    assert_eq!(tenant.lease("the one", MINUTE).unwrap_err().code(), Code::LeaseHeld, "closing ended it");
    tenant.renew(&kept, MINUTE).unwrap();
}

/// What somebody does: takes, renews or releases what he was granted last; or time passes.
#[derive(Clone, Debug)]
enum Step {
    Take(usize, u64),
    Renew(usize, u64),
    Release(usize),
    Pass(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..3_usize, 1..90_u64).prop_map(|(who, ttl)| Step::Take(who, ttl)),
        1 => (0..3_usize, 1..90_u64).prop_map(|(who, ttl)| Step::Renew(who, ttl)),
        1 => (0..3_usize).prop_map(Step::Release),
        3 => (0..60_i64).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// Against a model: who holds it, under which number, until when.
    #[test]
    fn it_does_what_its_model_does(steps in steps()) {
        let (tenant, clock) = open();
        let (mut now, mut fence, mut grant) = (START, 0, None::<(usize, Timestamp)>);
        let mut leases: [Option<Lease>; 3] = [None, None, None];
        for step in steps {
            match step {
                Step::Pass(seconds) => {
                    now = now.plus_seconds(seconds);
                    clock.set(now);
                }
                Step::Take(who, ttl) => {
                    let ttl = Duration::from_secs(ttl);
                    let free = grant.is_none_or(|(_, until)| until <= now);
                    let taken = tenant.lease("it", ttl);
                    prop_assert_eq!(taken.is_ok(), free);
                    if let Ok(lease) = taken {
                        fence += 1;
                        prop_assert_eq!((lease.fence, lease.until), (fence, now.plus(ttl)));
                        grant = Some((who, lease.until));
                        leases[who] = Some(lease);
                    }
                }
                Step::Renew(who, ttl) => {
                    let Some(lease) = &leases[who] else { continue };
                    let own = grant.is_some_and(|(holder, _)| holder == who) && lease.fence == fence;
                    let renewed = tenant.renew(lease, Duration::from_secs(ttl));
                    prop_assert_eq!(renewed.is_ok(), own);
                    if let Ok(lease) = renewed {
                        grant = Some((who, lease.until));
                        leases[who] = Some(lease);
                    }
                }
                Step::Release(who) => {
                    let Some(lease) = &leases[who] else { continue };
                    let own = grant.is_some_and(|(holder, _)| holder == who) && lease.fence == fence;
                    prop_assert_eq!(tenant.release(lease).is_ok(), own);
                    grant = grant.filter(|_| !own);
                }
            }
        }
    }
}
