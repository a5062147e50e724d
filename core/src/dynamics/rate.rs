//! The generic cell rate algorithm (ITU-T I.371): a burst after a rest, and a steady rate in the long run, from one number.

use crate::model::{RateLimit, Timestamp};

/// What a rate limit says to a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Permit {
    /// Whether the call may go on.
    pub allowed: bool,
    /// Calls that could be made at once after this one.
    pub remaining: u32,
    /// Seconds after which the call would be allowed, 0 if it is; infinite if it never is.
    pub retry_after: f64,
}

/// The state of a rate limit: the moment at which all that was let through would have come one by one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gcra {
    /// In microseconds.
    due: Option<f64>,
}

impl Gcra {
    /// Asks for `cost` calls at once.
    pub(crate) fn take(&mut self, limit: &RateLimit, cost: u32, now: Timestamp) -> Permit {
        let now = now.as_micros() as f64;
        let interval = 1e6 / limit.per_second;
        let tolerance = interval * f64::from(limit.burst);
        // A due moment further away than the burst allows is one of a clock that was set back.
        let due = self.due.map_or(now, |due| due.max(now).min(now + tolerance));
        let next = due + interval * f64::from(cost);
        let late = next - now - tolerance;
        // Moments of today leave a quarter of a microsecond to floating point.
        let allowed = late <= 0.5;
        let left = now + tolerance - if allowed { next } else { due };
        // A due moment of a clock that was set back is let go of, so that waiting from here on is enough.
        self.due = Some(if allowed { next } else { due });
        let never = cost > limit.burst;
        Permit {
            allowed,
            remaining: ((left + 0.5) / interval).max(0.0) as u32,
            retry_after: match (allowed, never) {
                (true, _) => 0.0,
                (false, true) => f64::INFINITY,
                (false, false) => late / 1e6,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gcra;
    use crate::model::{RateLimit, Timestamp};
    use proptest::prelude::*;

    proptest! {
        /// Whatever the calls, no window holds more than the burst and what the rate adds to it; and waiting as long as
        /// was said is enough.
        #[test]
        fn never_lets_more_through_than_the_rate_and_the_burst(
            per_second in 0.1..100.0_f64, burst in 1..20_u32, gaps in prop::collection::vec(0..2_000_000_i64, 1..60),
        ) {
            let limit = RateLimit { per_second, burst };
            let mut gcra = Gcra::default();
            let start = 1_800_000_000_000_000;
            let mut now = start;
            let mut through = 0;
            for gap in gaps {
                now += gap;
                let permit = gcra.take(&limit, 1, Timestamp::from_micros(now));
                through += u32::from(permit.allowed);
                let seconds = (now - start) as f64 / 1e6;
                prop_assert!(f64::from(through) <= f64::from(burst) + seconds * per_second + 0.01);
                prop_assert!(permit.remaining < burst);
                if !permit.allowed {
                    let mut again = gcra;
                    let later = now + (permit.retry_after * 1e6).ceil() as i64 + 1;
                    prop_assert!(again.take(&limit, 1, Timestamp::from_micros(later)).allowed);
                }
            }
        }

        #[test]
        fn a_clock_set_back_does_not_lock_out(back in 0..1_000_000_000_000_i64) {
            let limit = RateLimit { per_second: 1.0, burst: 5 };
            let mut gcra = Gcra::default();
            let now = 1_800_000_000_000_000;
            for _ in 0..5 {
                gcra.take(&limit, 1, Timestamp::from_micros(now));
            }
            let refused = gcra.take(&limit, 1, Timestamp::from_micros(now - back));
            prop_assert!(refused.retry_after <= 1.01);
            let later = now - back + (refused.retry_after * 1e6).ceil() as i64 + 1;
            prop_assert!(gcra.take(&limit, 1, Timestamp::from_micros(later)).allowed);
        }
    }

    #[test]
    fn what_exceeds_the_burst_never_comes() {
        let permit =
            Gcra::default().take(&RateLimit { per_second: 1.0, burst: 5 }, 6, Timestamp::from_seconds(0));
        assert!(!permit.allowed && permit.retry_after.is_infinite() && permit.remaining == 5);
    }
}
