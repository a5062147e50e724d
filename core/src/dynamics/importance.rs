//! Importance of an episode: what has happened lately, who said it, and what the host thinks of it.

use crate::model::{Role, Timestamp};

/// Days after which the recency of an episode has fallen to 1/e. A choice: about a month.
const RECENCY_DAYS: f64 = 30.0;

/// The weights of recency, role and the host's own value.
const WEIGHTS: [f64; 3] = [0.4, 0.2, 0.4];

/// How much a role counts, 0 to 1. A choice: what the person said is what is to be remembered, then what was read;
/// what the agent said can be said again, a tool's output be had again.
pub(crate) fn role_weight(role: Role) -> f64 {
    match role {
        Role::User => 1.0,
        Role::Document => 0.7,
        Role::Assistant => 0.6,
        Role::Tool => 0.4,
        Role::System => 0.2,
    }
}

/// What the retention policy looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) occurred_at: Timestamp,
    /// When it occurred or was last used.
    pub(crate) since: Timestamp,
    pub(crate) role: Role,
    /// The host's own importance.
    pub(crate) importance: Option<f32>,
    pub(crate) pinned: bool,
    pub(crate) archived_at: Option<Timestamp>,
}

impl Kept {
    /// The part of its importance that does not fall, and the weight of the part that does.
    fn parts(&self) -> (f64, f64) {
        let [recency, role, own] = WEIGHTS;
        match self.importance {
            Some(importance) => (role * role_weight(self.role) + own * f64::from(importance), recency),
            // Its weight is shared by the others.
            None => (role * role_weight(self.role) / (recency + role), recency / (recency + role)),
        }
    }

    /// Days since it occurred or was used after which its importance is below a bound; `None` if that never comes.
    pub(super) fn days_until_below(&self, bound: f64) -> Option<f64> {
        let (fixed, weight) = self.parts();
        let recency = (bound - fixed) / weight;
        if recency <= 0.0 {
            return None;
        }
        Some(if recency > 1.0 { 0.0 } else { -RECENCY_DAYS * recency.ln() })
    }
}

/// `.4 recency + .2 role + .4 own`, 0 to 1; without a value of the host's own the other two share its weight. Recency is
/// `exp(-days / 30)` since it occurred or was last used.
pub(crate) fn importance(kept: &Kept, now: Timestamp) -> f64 {
    let (fixed, weight) = kept.parts();
    let days = now.days_since(kept.since).max(0.0);
    fixed + weight * (-days / RECENCY_DAYS).exp()
}

#[cfg(test)]
mod tests {
    use super::{Kept, importance};
    use crate::model::{Role, Timestamp};
    use proptest::prelude::*;

    fn kept(role: Role, own: Option<f32>) -> Kept {
        let since = Timestamp::from_seconds(0);
        Kept { occurred_at: since, since, role, importance: own, pinned: false, archived_at: None }
    }

    proptest! {
        #[test]
        fn lies_between_0_and_1_and_falls(own in prop::option::of(0.0..=1.0_f32), days in 0.0..1e6_f64, later in 0.0..1e6_f64) {
            for role in [Role::User, Role::System, Role::Tool] {
                let kept = kept(role, own);
                let at = |days: f64| importance(&kept, Timestamp::from_seconds((days * 86_400.0) as i64));
                prop_assert!((0.0..=1.0 + 1e-6).contains(&at(days)));
                prop_assert!(at(days + later) <= at(days) + 1e-12);
            }
        }

        #[test]
        fn is_below_a_bound_from_the_day_that_is_said(own in prop::option::of(0.0..=1.0_f32), bound in 0.0..=1.0_f64) {
            let kept = kept(Role::Assistant, own);
            let at = |days: f64| importance(&kept, Timestamp::from_micros((days * 86_400e6) as i64));
            match kept.days_until_below(bound) {
                None => prop_assert!(at(1e5) >= bound),
                Some(days) => {
                    prop_assert!(at(days + 0.01) < bound);
                    prop_assert!(days == 0.0 || at((days - 0.01).max(0.0)) >= bound);
                }
            }
        }
    }
}
