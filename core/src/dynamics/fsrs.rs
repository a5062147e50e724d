//! FSRS-6: how human memory fades and grows with reviews, by Jarrett Ye and the open-spaced-repetition project. The
//! formulas and the 21 parameters are those that the project publishes ("The Algorithm", FSRS-6; py-fsrs 6).

use crate::model::Grade;

/// The least and the greatest stability, in days.
pub(super) const STABILITY_MIN: f64 = 0.001;
pub(super) const STABILITY_MAX: f64 = 36_500.0;

/// What FSRS keeps of a memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FsrsState {
    /// Days after which 90 % is left, 0.001 to 36500.
    pub stability: f64,
    /// How hard it is to remember, 1 to 10.
    pub difficulty: f64,
}

/// The FSRS-6 model with its parameters.
///
/// ```
/// use ebbmark::{Fsrs, Grade};
///
/// let fsrs = Fsrs::default();
/// let first = fsrs.first(Grade::Good);
/// assert!((fsrs.retrievability(first.stability, first.stability) - 0.9).abs() < 1e-12);
/// let second = fsrs.next(first, 10.0, Grade::Good);
/// assert!(second.stability > first.stability);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fsrs {
    w: [f64; 21],
}

impl Default for Fsrs {
    /// The default parameters of FSRS-6, fitted by its authors on some 10,000 people's reviews.
    fn default() -> Self {
        Fsrs {
            w: [
                0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835,
                0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
            ],
        }
    }
}

impl Fsrs {
    /// The state after the first review.
    pub fn first(&self, grade: Grade) -> FsrsState {
        let [again, hard, good, easy, ..] = self.w;
        let stability = match grade {
            Grade::Again => again,
            Grade::Hard => hard,
            Grade::Good => good,
            Grade::Easy => easy,
        };
        FsrsState { stability: bounded(stability), difficulty: self.first_difficulty(grade).clamp(1.0, 10.0) }
    }

    /// The chance that a memory of this stability is there after days, 0 to 1: `(1 + f t/S)^-w20`, where f makes it .9
    /// at t = S.
    pub fn retrievability(&self, stability: f64, days: f64) -> f64 {
        (1.0 + self.factor() * days.max(0.0) / stability.max(f64::MIN_POSITIVE)).powf(self.decay())
    }

    /// The days after which a share (above 0, 1 at most) is left.
    pub(super) fn days_until(&self, stability: f64, share: f64) -> f64 {
        stability / self.factor() * (share.powf(1.0 / self.decay()) - 1.0)
    }

    /// The state after another review, `days` after the last.
    pub fn next(&self, state: FsrsState, days: f64, grade: Grade) -> FsrsState {
        let FsrsState { stability, difficulty } = state;
        let stability = if days < 1.0 {
            self.same_day(stability, grade)
        } else if grade == Grade::Again {
            self.after_lapse(state, self.retrievability(stability, days))
        } else {
            self.after_recall(state, self.retrievability(stability, days), grade)
        };
        FsrsState { stability: bounded(stability), difficulty: self.next_difficulty(difficulty, grade) }
    }

    fn decay(&self) -> f64 {
        let [.., w20] = self.w;
        -w20
    }

    fn factor(&self) -> f64 {
        0.9_f64.powf(1.0 / self.decay()) - 1.0
    }

    fn first_difficulty(&self, grade: Grade) -> f64 {
        let [_, _, _, _, w4, w5, ..] = self.w;
        w4 - (w5 * (number(grade) - 1.0)).exp() + 1.0
    }

    fn next_difficulty(&self, difficulty: f64, grade: Grade) -> f64 {
        let [_, _, _, _, _, _, w6, w7, ..] = self.w;
        let damped = difficulty - w6 * (number(grade) - 3.0) * (10.0 - difficulty) / 9.0;
        (w7 * self.first_difficulty(Grade::Easy) + (1.0 - w7) * damped).clamp(1.0, 10.0)
    }

    fn same_day(&self, stability: f64, grade: Grade) -> f64 {
        let [.., w17, w18, w19, _] = self.w;
        let growth = (w17 * (number(grade) - 3.0 + w18)).exp() * stability.powf(-w19);
        stability * if grade >= Grade::Good { growth.max(1.0) } else { growth }
    }

    fn after_recall(&self, state: FsrsState, left: f64, grade: Grade) -> f64 {
        let [_, _, _, _, _, _, _, _, w8, w9, w10, _, _, _, _, w15, w16, ..] = self.w;
        let by_grade = match grade {
            Grade::Hard => w15,
            Grade::Easy => w16,
            Grade::Again | Grade::Good => 1.0,
        };
        let growth = w8.exp()
            * (11.0 - state.difficulty)
            * state.stability.powf(-w9)
            * ((w10 * (1.0 - left)).exp() - 1.0);
        state.stability * (1.0 + growth * by_grade)
    }

    fn after_lapse(&self, state: FsrsState, left: f64) -> f64 {
        let [_, _, _, _, _, _, _, _, _, _, _, w11, w12, w13, w14, _, _, w17, w18, ..] = self.w;
        let long = w11
            * state.difficulty.powf(-w12)
            * ((state.stability + 1.0).powf(w13) - 1.0)
            * (w14 * (1.0 - left)).exp();
        long.min(state.stability / (w17 * w18).exp())
    }
}

fn number(grade: Grade) -> f64 {
    f64::from(grade as u8)
}

fn bounded(stability: f64) -> f64 {
    stability.clamp(STABILITY_MIN, STABILITY_MAX)
}
