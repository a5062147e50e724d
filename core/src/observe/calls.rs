//! Counting: calls by verb and outcome, and how long the two that matter most took.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::metrics::{CallCount, Durations};
use super::span::Verb;
use crate::error::Error;

/// Upper bounds of the buckets of a duration, in microseconds: what a search takes, up to what a large batch takes.
const BOUNDS: [u64; 15] = [
    100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
];

/// The counters of a store since it was opened.
#[derive(Debug)]
pub(crate) struct Calls {
    ok: [AtomicU64; Verb::ALL.len()],
    /// Errors are rare enough for a lock.
    failed: Mutex<BTreeMap<(Verb, &'static str), u64>>,
    add: Histogram,
    search: Histogram,
    pub(crate) episodes_added: AtomicU64,
    pub(crate) hits_returned: AtomicU64,
    /// Commits of writes that became durable.
    pub(crate) commits: AtomicU64,
}

/// Counts of durations by bucket, without a lock.
#[derive(Debug, Default)]
struct Histogram {
    /// One for each bound, and one for what is longer than the last.
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum_micros: AtomicU64,
}

impl Default for Calls {
    fn default() -> Self {
        Calls {
            ok: [const { AtomicU64::new(0) }; Verb::ALL.len()],
            failed: Mutex::default(),
            add: Histogram::default(),
            search: Histogram::default(),
            episodes_added: AtomicU64::new(0),
            hits_returned: AtomicU64::new(0),
            commits: AtomicU64::new(0),
        }
    }
}

impl Calls {
    /// Whether the duration of a verb is measured.
    pub(crate) fn is_timed(verb: Verb) -> bool {
        matches!(verb, Verb::Add | Verb::Search)
    }

    /// Counts a call that has ended. Gives the name of its outcome.
    pub(crate) fn end(&self, verb: Verb, error: Option<&Error>, micros: Option<u64>) -> &'static str {
        match (verb, micros) {
            (Verb::Add, Some(micros)) => self.add.count(micros),
            (Verb::Search, Some(micros)) => self.search.count(micros),
            _ => {}
        }
        let Some(error) = error else {
            if let Some(counter) = self.ok.get(verb as usize) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
            return "ok";
        };
        let code = error.code().as_str();
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        *failed.entry((verb, code)).or_default() += 1;
        code
    }

    /// The calls so far, by verb and outcome; what never happened is left out.
    pub(crate) fn counts(&self) -> Vec<CallCount> {
        let ok = Verb::ALL.iter().zip(&self.ok);
        let ok = ok.map(|(verb, count)| (*verb, "ok", count.load(Ordering::Relaxed)));
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = failed.iter().map(|(&(verb, code), &count)| (verb, code, count));
        let happened = ok.chain(failed).filter(|(_, _, count)| *count > 0);
        let mut counts: Vec<CallCount> = happened
            .map(|(verb, outcome, count)| CallCount {
                verb: verb.as_str().to_owned(),
                outcome: outcome.to_owned(),
                count,
            })
            .collect();
        counts.sort_unstable_by(|a, b| (&a.verb, &a.outcome).cmp(&(&b.verb, &b.outcome)));
        counts
    }

    /// How long calls of `add` and of `search` took.
    pub(crate) fn durations(&self) -> (Durations, Durations) {
        (self.add.durations(), self.search.durations())
    }
}

impl Histogram {
    fn count(&self, micros: u64) {
        let bucket = BOUNDS.partition_point(|bound| *bound < micros);
        if let Some(counter) = self.buckets.get(bucket) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn durations(&self) -> Durations {
        let bounds = BOUNDS.into_iter().map(Some).chain([None]);
        let counts = self.buckets.iter().map(|count| count.load(Ordering::Relaxed));
        Durations {
            buckets: bounds.zip(counts).collect(),
            sum_micros: self.sum_micros.load(Ordering::Relaxed),
        }
    }
}
