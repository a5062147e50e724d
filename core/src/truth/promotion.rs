//! Promotion: from evidence and time to a standing.
//!
//! Believed at once: what was corrected or confirmed, and what was stated with a confidence of 0.9 or more and not
//! contradicted within the hour. All else needs evidence (3 assertions) and time without contradiction (4 h where the
//! surest source was sure to .8, 12 h to .7, else 24 h): both with a confidence of .85, or one of them with .9.

use crate::model::{Provenance, Standing, Timestamp, Trust};

const HOUR: i64 = 3600;
const ASSERTIONS: u32 = 3;
const AT_ONCE: f32 = 0.9;
const WITH_ONE: f32 = 0.9;
const WITH_BOTH: f32 = 0.85;

/// The greatest confidence of a claim that only sources of low trust make: too little ever to be believed.
pub(crate) const LOW_TRUST_MAX: f32 = 0.5;
/// The greatest confidence of a supposition: too little ever to be believed.
pub(crate) const HYPOTHESIS_MAX: f32 = 0.7;

/// One assertion, as promotion sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assertion {
    pub(crate) provenance: Provenance,
    pub(crate) trust: Trust,
    pub(crate) confidence: f32,
    pub(crate) said_at: Timestamp,
    /// Whether it was contradicted within an hour.
    pub(crate) contradicted: bool,
}

/// The evidence for one value.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    pub(crate) assertions: Vec<Assertion>,
    /// The confidence of all of them together, within its bounds.
    pub(crate) confidence: f32,
    /// The greatest confidence it may reach; one that is too small for belief keeps it a supposition for good.
    pub(crate) bound: f32,
    pub(crate) last_contradicted: Option<Timestamp>,
}

impl Evidence {
    /// The standing at a moment, and when it is to be looked at again.
    pub(crate) fn standing(&self, now: Timestamp) -> (Standing, Option<Timestamp>) {
        if self.bound < WITH_BOTH {
            return (Standing::Unsubstantiated, None);
        }
        if self.is_believed_at_once() {
            return (Standing::Substantiated, None);
        }
        let count = self.assertions.iter().filter(|assertion| assertion.trust > Trust::Low).count() as u32;
        let evidence = count >= ASSERTIONS;
        if evidence && self.confidence >= WITH_ONE {
            return (Standing::Substantiated, None);
        }
        if !(self.confidence >= WITH_ONE || evidence && self.confidence >= WITH_BOTH) {
            return (Standing::Unsubstantiated, None);
        }
        match self.quiet_from() {
            Some(quiet) if now >= quiet => (Standing::Substantiated, None),
            quiet => (Standing::Unsubstantiated, quiet),
        }
    }

    fn is_believed_at_once(&self) -> bool {
        self.assertions.iter().filter(|assertion| assertion.trust > Trust::Low).any(|assertion| {
            match assertion.provenance {
                Provenance::Corrected | Provenance::Confirmed => true,
                Provenance::Stated => assertion.confidence >= AT_ONCE && !assertion.contradicted,
                Provenance::Observed | Provenance::Inferred => false,
            }
        })
    }

    /// The moment from which enough time has passed without contradiction.
    fn quiet_from(&self) -> Option<Timestamp> {
        let counted = || self.assertions.iter().filter(|assertion| assertion.trust > Trust::Low);
        let first = counted().map(|assertion| assertion.said_at).min()?;
        let surest = counted().map(|assertion| assertion.confidence).fold(0.0, f32::max);
        let hours = if surest >= 0.8 {
            4
        } else if surest >= 0.7 {
            12
        } else {
            24
        };
        Some(self.last_contradicted.map_or(first, |last| last.max(first)).plus_seconds(hours * HOUR))
    }
}
