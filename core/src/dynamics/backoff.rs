//! Backoff: how long what failed again is left alone.

use std::time::Duration;

/// The longest wait between two tries.
pub(crate) const BACKOFF_MAX: Duration = Duration::from_secs(3600);

/// The wait after so many failed retries: 1 s after the first, doubled by each that follows, an hour at most.
pub(crate) fn backoff(retries: u32) -> Duration {
    let doublings = retries.saturating_sub(1);
    let seconds = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(BACKOFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::{BACKOFF_MAX, backoff};
    use proptest::prelude::*;
    use std::time::Duration;

    proptest! {
        #[test]
        fn grows_and_is_bounded(retries in prop_oneof![0_u32..100, any::<u32>()]) {
            let wait = backoff(retries);
            prop_assert!((Duration::from_secs(1)..=BACKOFF_MAX).contains(&wait));
            prop_assert!(backoff(retries.saturating_add(1)) >= wait);
        }
    }

    #[test]
    fn doubles_from_a_second_to_an_hour() {
        let waits: Vec<u64> = (1..=14).map(|retries| backoff(retries).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]);
    }
}
