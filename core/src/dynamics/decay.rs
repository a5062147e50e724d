//! Decay: the chance that a memory is still there, computed when asked and never stored.

use super::fsrs::{Fsrs, FsrsState, STABILITY_MAX, STABILITY_MIN};
use crate::model::{Curve, Grade, Timestamp, Trace};

/// The part of the stability after which 90 % is left on the exponential curve; FSRS gives its stability as the days to
/// 90 %, so that this makes the two agree there: `-ln 0.9`.
const TO_NINETY: f64 = 0.105_360_515_657_826_3;

/// Bounds of what uses can make of a stability: between a tenth and a thousand times what it was at first.
const GROWTH: std::ops::RangeInclusive<f64> = 0.1..=1000.0;

/// What a failed use leaves of a stability.
const AFTER_FAILURE: f64 = 0.5;

/// Days without use to 1/e: `S = S_base x (0.5 + 0.5 x confidence) x growth`; infinite without a base.
pub(crate) fn stability(base_days: Option<f32>, confidence: f32, growth: f32) -> f64 {
    let Some(days) = base_days else { return f64::INFINITY };
    f64::from(days) * (0.5 + 0.5 * f64::from(confidence.clamp(0.0, 1.0))) * f64::from(growth)
}

/// The chance that a memory is still there after days without use, 0 to 1. Days before the last use (a clock set
/// back) count as none.
pub(crate) fn retention(curve: Curve, stability: f64, days: f64) -> f64 {
    let days = days.max(0.0);
    match curve {
        _ if stability.is_infinite() => 1.0,
        Curve::Exponential => (-days / stability).exp(),
        Curve::Fsrs => Fsrs::default().retrievability(stability * TO_NINETY, days),
    }
}

/// The days without use after which less than a share is left; `None` if that never comes.
pub(crate) fn days_until(curve: Curve, stability: f64, share: f64) -> Option<f64> {
    if stability.is_infinite() || share <= 0.0 {
        return None;
    }
    let share = share.min(1.0);
    Some(match curve {
        Curve::Exponential => -stability * share.ln(),
        Curve::Fsrs => Fsrs::default().days_until(stability * TO_NINETY, share),
    })
}

/// The trace after a use. `base` is the stability that the memory would have without its uses.
///
/// On the exponential curve `S' = S (1 + g (1 - R))` with g = .5, 1, 2 for hard, good, easy: a use at the moment of the
/// last one adds nothing, and one at R = .5 makes 1.5 of it. A failure halves it. On the other curve as FSRS-6 says.
pub(crate) fn reinforced(
    trace: &Trace,
    curve: Curve,
    base: f64,
    since: Timestamp,
    at: Timestamp,
    grade: Grade,
) -> Trace {
    let mut next = Trace {
        used_at: Some(trace.used_at.map_or(at, |used_at| used_at.max(at))),
        uses: trace.uses.saturating_add(1),
        ..*trace
    };
    if base.is_infinite() {
        return next;
    }
    let days = at.days_since(since).max(0.0);
    let before = base * f64::from(trace.growth);
    let growth = match curve {
        Curve::Exponential => {
            let forgotten = 1.0 - retention(curve, before, days);
            f64::from(trace.growth)
                * match grade {
                    Grade::Again => AFTER_FAILURE,
                    Grade::Hard => 1.0 + 0.5 * forgotten,
                    Grade::Good => 1.0 + forgotten,
                    Grade::Easy => 1.0 + 2.0 * forgotten,
                }
        }
        Curve::Fsrs => {
            let fsrs = Fsrs::default();
            let first = fsrs.first(Grade::Good).difficulty;
            let difficulty = if trace.difficulty > 0.0 { f64::from(trace.difficulty) } else { first };
            let stability = (before * TO_NINETY).clamp(STABILITY_MIN, STABILITY_MAX);
            let state = fsrs.next(FsrsState { stability, difficulty }, days, grade);
            next.difficulty = state.difficulty as f32;
            state.stability / (base * TO_NINETY)
        }
    };
    next.growth = growth.clamp(*GROWTH.start(), *GROWTH.end()) as f32;
    next
}

/// The trace with its stability multiplied.
pub(crate) fn scaled(trace: &Trace, factor: f32) -> Trace {
    let growth = (f64::from(trace.growth) * f64::from(factor)).clamp(*GROWTH.start(), *GROWTH.end());
    Trace { growth: growth as f32, ..*trace }
}

#[cfg(test)]
mod tests {
    use super::{days_until, reinforced, retention, stability};
    use crate::model::{Curve, Grade, Timestamp, Trace};
    use proptest::prelude::*;

    fn curve() -> impl Strategy<Value = Curve> {
        prop::sample::select(vec![Curve::Exponential, Curve::Fsrs])
    }

    proptest! {
        #[test]
        fn falls_with_time_and_rises_with_stability_and_confidence(
            curve in curve(), base in 0.1..5000.0_f32, more in 0.0..5000.0_f32, days in 0.0..1e9_f64, later in 0.0..1e9_f64,
            sure in 0.0..1.0_f32, surer in 0.0..1.0_f32, growth in 0.1..1000.0_f32,
        ) {
            let (sure, surer) = (sure.min(surer), sure.max(surer));
            let least = stability(Some(base), sure, growth);
            let now = retention(curve, least, days);
            prop_assert!((0.0..=1.0).contains(&now));
            prop_assert!(retention(curve, least, days + later) <= now);
            prop_assert!(retention(curve, stability(Some(base), surer, growth), days) >= now);
            prop_assert!(retention(curve, stability(Some(base + more), sure, growth), days) >= now);
            prop_assert_eq!(retention(curve, stability(None, sure, growth), days), 1.0);
        }

        #[test]
        fn what_is_left_when_a_share_is_reached_is_that_share(
            curve in curve(), days in 0.1..5000.0_f64, share in 0.001..1.0_f64,
        ) {
            let until = days_until(curve, days, share).unwrap();
            prop_assert!((retention(curve, days, until) - share).abs() < 1e-6);
        }

        #[test]
        fn a_use_strengthens_more_the_more_had_faded(
            curve in curve(), base in 1.0..1000.0_f64, soon in 0.0..1000.0_f64, late in 0.0..1000.0_f64, growth in 0.1..10.0_f32,
        ) {
            let (soon, late) = (soon.min(late), soon.max(late));
            let trace = Trace { growth, ..Trace::default() };
            let start = Timestamp::from_seconds(0);
            let used = |days: f64, grade| {
                reinforced(&trace, curve, base, start, start.plus_seconds((days * 86_400.0) as i64), grade).growth
            };
            prop_assert!(used(late, Grade::Good) >= used(soon, Grade::Good) || soon < 1.0);
            prop_assert!(used(soon, Grade::Good) >= growth * 0.999);
            prop_assert!(used(soon, Grade::Easy) >= used(soon, Grade::Good));
            prop_assert!(used(soon, Grade::Good) >= used(soon, Grade::Hard));
            prop_assert!(used(soon, Grade::Hard) >= used(soon, Grade::Again));
        }

        #[test]
        fn finite_at_every_clock(
            curve in curve(), since in any::<i64>(), at in any::<i64>(), growth in 0.1..1000.0_f32, base in 0.01..1e6_f64,
        ) {
            let (since, at) = (Timestamp::from_micros(since), Timestamp::from_micros(at));
            let left = retention(curve, base, at.days_since(since));
            prop_assert!((0.0..=1.0).contains(&left));
            let trace = Trace { growth, ..Trace::default() };
            let next = reinforced(&trace, curve, base, since, at, Grade::Good);
            prop_assert!(next.growth.is_finite() && next.growth > 0.0);
        }
    }

    #[test]
    fn the_curves_agree_at_ninety_percent() {
        for curve in [Curve::Exponential, Curve::Fsrs] {
            let days = days_until(curve, 60.0, 0.9).unwrap();
            assert!((days - 6.321_630_939_469_578).abs() < 1e-9, "{curve:?}: {days}");
        }
        assert_eq!(retention(Curve::Exponential, 2.0, -1e12), 1.0, "a clock set back fades nothing");
    }
}
