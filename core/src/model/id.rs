//! Ids of records: UUIDv7, in order of creation within a store, from an injected source.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use super::clock::Timestamp;
use crate::error::{Code, Error, Result};

/// The id of a record: a UUIDv7, so that order of ids is order of creation.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(u128);

impl Id {
    /// From its 128 bits.
    pub const fn from_u128(bits: u128) -> Self {
        Id(bits)
    }

    /// Its 128 bits.
    pub const fn as_u128(self) -> u128 {
        self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Uuid::from_u128(self.0), f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Uuid::try_parse(text).map(|uuid| Id(uuid.as_u128())).map_err(|source| {
            Error::draft(Code::IdMalformed, "an id is not a UUID")
                .got(format!("{} bytes of text", text.len()))
                .expected("36 characters such as 01890a5d-ac96-774b-bcce-b302099a8057")
                .source(source)
                .remedy("pass an id that the store returned")
        })
    }
}

/// Makes ids that grow: 48 bits of milliseconds, 42 of counter, 32 of noise (RFC 9562, section 6.2, method 1).
pub(crate) struct IdSource(Mutex<State>);

struct State {
    millis: u64,
    counter: u64,
    noise: u64,
}

const COUNTER_BITS: u32 = 42;

impl IdSource {
    /// The same seed and the same clock give the same ids.
    pub(crate) fn seeded(seed: u64) -> Self {
        IdSource(Mutex::new(State { millis: 0, counter: 0, noise: seed }))
    }

    /// A source that the operating system seeds.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for ambient randomness")]
    pub(crate) fn from_os() -> Result<Self> {
        getrandom::u64().map(Self::seeded).map_err(|source| {
            Error::draft(Code::Io, "the operating system gave no random seed")
                .source(std::io::Error::other(source.to_string()))
                .remedy("set Options::id_seed")
        })
    }

    /// Makes every later id greater than `last`, whatever the clock and the seed: a source that begins again,
    /// or a clock that was set back, never gives an id twice.
    pub(crate) fn go_beyond(&self, last: Id) {
        let millis = (last.0 >> 80) as u64;
        let high = (last.0 >> 64) as u64 & 0xFFF;
        let low = (last.0 >> 32) as u64 & ((1 << 30) - 1);
        let counter = (high << 30 | low) + 1;
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if (millis, counter) > (state.millis, state.counter) {
            (state.millis, state.counter) = (millis, counter);
        }
    }

    pub(crate) fn next(&self, now: Timestamp) -> Id {
        let millis = u64::try_from(now.as_micros().div_euclid(1000)).unwrap_or(0) & ((1 << 48) - 1);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = state.counter >> COUNTER_BITS != 0;
        if millis > state.millis {
            state.millis = millis;
            state.counter = state.draw() >> (64 - COUNTER_BITS + 1);
        } else if full {
            state.millis += 1;
            state.counter = 0;
        }
        let (counter, noise) = (state.counter, state.draw());
        state.counter += 1;
        let mut tail = [0; 10];
        let (high, rest) = tail.split_at_mut(2);
        high.copy_from_slice(&u16::to_be_bytes((counter >> 30) as u16));
        let low = ((counter & ((1 << 30) - 1)) << 32) | (noise >> 32);
        rest.copy_from_slice(&low.to_be_bytes());
        Id(Builder::from_unix_timestamp_millis(state.millis, &tail).into_uuid().as_u128())
    }
}

impl State {
    /// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    fn draw(&mut self) -> u64 {
        self.noise = self.noise.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.noise;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::{Id, IdSource};
    use crate::model::Timestamp;

    #[test]
    fn ids_grow_even_when_the_clock_does_not() {
        let source = IdSource::seeded(7);
        let now = Timestamp::from_seconds(1_800_000_000);
        let mut previous = source.next(now);
        for step in 0..10_000 {
            let id = source.next(now.plus_seconds(-(step % 3)));
            assert!(id > previous, "{id} after {previous}");
            previous = id;
        }
        let again = IdSource::seeded(7);
        again.go_beyond(previous);
        for _ in 0..10 {
            let id = again.next(now.plus_seconds(-1_000_000));
            assert!(id > previous, "{id} after {previous}");
            previous = id;
        }
        assert_eq!(previous.to_string().parse::<Id>().unwrap(), previous);
    }
}
