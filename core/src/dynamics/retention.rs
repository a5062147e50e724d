//! Retention: the chance that a memory is still there, computed when asked and never stored.

use crate::model::Kind;

/// Days after which an unused atom of full confidence has faded to 1/e; `None` for what never fades.
fn stability_days(kind: Kind) -> Option<f64> {
    Some(match kind {
        Kind::Entity => 1000.0,
        Kind::Fact | Kind::Skill | Kind::Trait => 500.0,
        Kind::Affiliation => 333.0,
        Kind::Social => 120.0,
        Kind::Event | Kind::Style => 90.0,
        Kind::Preference => 60.0,
        Kind::Belief => 45.0,
        Kind::Hypothesis => 14.0,
        Kind::State => 2.0,
        Kind::Invariant => return None,
    })
}

/// `R = exp(-elapsed / S)` with `S = S_kind x (0.5 + 0.5 x confidence)`, after Ebbinghaus (1885).
///
/// `elapsed_days` before the last use (a clock set back) counts as none. The result is in `[0, 1]`.
pub(crate) fn retention(kind: Kind, confidence: f32, elapsed_days: f64) -> f64 {
    let Some(days) = stability_days(kind) else { return 1.0 };
    let stability = days * (0.5 + 0.5 * f64::from(confidence.clamp(0.0, 1.0)));
    (-elapsed_days.max(0.0) / stability).exp()
}

#[cfg(test)]
mod tests {
    use super::retention;
    use crate::model::Kind;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn falls_with_time_and_rises_with_confidence(
            days in 0.0..1e9_f64, later in 0.0..1e9_f64, sure in 0.0..1.0_f32, surer in 0.0..1.0_f32,
        ) {
            let (sure, surer) = (sure.min(surer), sure.max(surer));
            for kind in [Kind::State, Kind::Fact, Kind::Invariant] {
                let now = retention(kind, sure, days);
                prop_assert!((0.0..=1.0).contains(&now));
                prop_assert!(retention(kind, sure, days + later) <= now);
                prop_assert!(retention(kind, surer, days) >= now);
            }
        }
    }

    #[test]
    fn a_clock_set_back_fades_nothing() {
        assert_eq!(retention(Kind::State, 1.0, -1e12), 1.0);
    }
}
