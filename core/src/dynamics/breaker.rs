//! The circuit breaker: whether a callback that failed is called again, as a function of what became of the calls
//! before.

use std::time::Duration;

use crate::model::Timestamp;
use crate::observe::{BreakerFigures, BreakerState};

/// Decides which calls are made.
#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    failures_to_open: u32,
    open_for: Duration,
    state: State,
    calls: u64,
    failures: u64,
    refused: u64,
    opened: u64,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Calls are made; the last ones failed, so many in a row.
    Closed(u32),
    /// No call is made since this moment.
    Open(Timestamp),
    /// One call was let through at this moment: what becomes of it decides.
    HalfOpen(Timestamp),
}

impl Breaker {
    /// One that opens after so many failures in a row, at least one, and stays open for so long.
    pub(crate) fn new(failures_to_open: u32, open_for: Duration) -> Self {
        let state = State::Closed(0);
        Breaker { failures_to_open, open_for, state, calls: 0, failures: 0, refused: 0, opened: 0 }
    }

    /// Whether a call is to be made now. If not, tells when the next one will be.
    ///
    /// # Errors
    /// The moment from which on a call is let through again.
    pub(crate) fn ask(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        if let Some(until) = self.until(now) {
            self.refused += 1;
            return Err(until);
        }
        if !matches!(self.state, State::Closed(_)) {
            self.state = State::HalfOpen(now);
        }
        self.calls += 1;
        Ok(())
    }

    /// Takes in what became of a call that was made.
    pub(crate) fn tell(&mut self, succeeded: bool, now: Timestamp) {
        if succeeded {
            self.state = State::Closed(0);
            return;
        }
        self.failures += 1;
        self.state = match self.state {
            State::Closed(before) if before + 1 < self.failures_to_open => State::Closed(before + 1),
            // A call that was made before it opened: it opened for good reason.
            State::Open(since) => State::Open(since),
            State::Closed(_) | State::HalfOpen(_) => {
                self.opened += 1;
                State::Open(now)
            }
        };
    }

    /// Until when no call is let through; `None` if one would be now.
    ///
    /// A trial of which nothing is heard is given up like a suspension. A moment that lies in the future is of a clock
    /// that was set back since, and holds nothing up.
    pub(crate) fn until(&self, now: Timestamp) -> Option<Timestamp> {
        let (State::Open(since) | State::HalfOpen(since)) = self.state else { return None };
        let until = since.plus(self.open_for);
        (since <= now && now < until).then_some(until)
    }

    pub(crate) fn figures(&self, now: Timestamp) -> BreakerFigures {
        let state = match self.state {
            State::Closed(_) => BreakerState::Closed,
            State::Open(_) if self.until(now).is_some() => BreakerState::Open,
            State::Open(_) | State::HalfOpen(_) => BreakerState::HalfOpen,
        };
        let &Breaker { calls, failures, refused, opened, .. } = self;
        BreakerFigures { state, calls, failures, refused, opened }
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use crate::model::Timestamp;
    use crate::observe::BreakerState;
    use proptest::prelude::*;
    use std::time::Duration;

    const OPEN_FOR: Duration = Duration::from_secs(30);

    /// What happens to a breaker: time passes (or a clock is set back), a call is asked for, one of those that were made
    /// ends.
    #[derive(Clone, Debug)]
    enum Step {
        Pass(i64),
        Ask,
        Tell(bool),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (-100_000_000_i64..100_000_000).prop_map(Step::Pass),
            Just(Step::Ask),
            any::<bool>().prop_map(Step::Tell),
            Just(Step::Tell(false)),
        ];
        prop::collection::vec(step, 0..60)
    }

    fn run(breaker: &mut Breaker, steps: &[Step]) -> Timestamp {
        let mut now = 1_790_000_000_000_000;
        let mut under_way = 0;
        for step in steps {
            match step {
                Step::Pass(micros) => now += micros,
                Step::Ask => under_way += u32::from(breaker.ask(Timestamp::from_micros(now)).is_ok()),
                Step::Tell(_) if under_way == 0 => {}
                Step::Tell(succeeded) => {
                    under_way -= 1;
                    breaker.tell(*succeeded, Timestamp::from_micros(now));
                }
            }
        }
        Timestamp::from_micros(now)
    }

    proptest! {
        #[test]
        fn it_is_never_stuck(steps in steps(), most in 1_u32..6, back in any::<bool>()) {
            let mut breaker = Breaker::new(most, OPEN_FOR);
            let now = run(&mut breaker, &steps);
            let was_closed = breaker.figures(now).state == BreakerState::Closed;
            // A clock set back to before all that happened lets one through as well.
            let later = if back { Timestamp::from_micros(0) } else { now.plus(OPEN_FOR).plus(Duration::from_secs(6000)) };
            prop_assert!(breaker.ask(later).is_ok());
            if !was_closed {
                prop_assert_eq!(breaker.figures(later).state, BreakerState::HalfOpen);
                prop_assert_eq!(breaker.ask(later), Err(later.plus(OPEN_FOR)), "only one is tried");
            }
            let mut failed = breaker.clone();
            breaker.tell(true, later);
            prop_assert_eq!(breaker.figures(later).state, BreakerState::Closed);
            prop_assert!(breaker.ask(later).is_ok() && breaker.ask(later).is_ok());
            if !was_closed {
                failed.tell(false, later);
                prop_assert_eq!(failed.figures(later).state, BreakerState::Open);
                prop_assert!(failed.ask(later).is_err());
            }
        }

        #[test]
        fn it_opens_only_after_so_many_failures_in_a_row(
            told in prop::collection::vec(any::<bool>(), 0..80), most in 1_u32..6,
        ) {
            let (mut breaker, now) = (Breaker::new(most, OPEN_FOR), Timestamp::from_seconds(7));
            let mut in_a_row = 0;
            for succeeded in told {
                prop_assert_eq!(breaker.ask(now).is_ok(), in_a_row < most);
                if in_a_row == most {
                    prop_assert_eq!(breaker.ask(now), Err(now.plus(OPEN_FOR)));
                    return Ok(());
                }
                breaker.tell(succeeded, now);
                in_a_row = if succeeded { 0 } else { in_a_row + 1 };
            }
        }
    }

    #[test]
    fn the_figures_count() {
        let (mut breaker, now) = (Breaker::new(2, OPEN_FOR), Timestamp::from_seconds(7));
        for _ in 0..3 {
            if breaker.ask(now).is_ok() {
                breaker.tell(false, now);
            }
        }
        let figures = breaker.figures(now);
        assert_eq!((figures.calls, figures.failures, figures.refused, figures.opened), (2, 2, 1, 1));
        assert_eq!(figures.state, BreakerState::Open);
        assert_eq!(breaker.figures(now.plus(OPEN_FOR)).state, BreakerState::HalfOpen);
    }
}
