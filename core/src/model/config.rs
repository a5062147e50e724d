//! What a tenant can choose for itself: how its memories fade, what is kept, and how much it may take.

use serde::{Deserialize, Serialize};

use super::language::Language;
use crate::error::{Code, Error, Result};

/// How memories fade.
///
/// Both curves keep the same share at one point: where the exponential one is at 90 %, the other is, too. By then
/// 0.105 of the stability has passed (`-ln 0.9`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Curve {
    /// `R = exp(-t / S)`, after Ebbinghaus (1885). A use makes the stability `1 + g (1 - R)` times what it was, where g
    /// is .5, 1 or 2 for the grades from hard to easy; a failed one halves it.
    #[default]
    Exponential,
    /// FSRS-6 with its default parameters: a power curve, and a stability that also goes by difficulty, which is that of a
    /// first good review before the first use. See [`Fsrs`](crate::Fsrs).
    Fsrs,
}

/// What a tenant can choose for itself. Set by `Tenant::configure`, kept in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TenantConfig {
    /// How memories fade.
    pub curve: Curve,
    /// Atoms that are not believed dissolve when less of them is left than this, 0 to 1; 0.1 unless said otherwise.
    pub dissolve_below: f32,
    /// Believed atoms are weak when less of them is left than this, 0 to 1; 0.5 unless said otherwise.
    pub weak_below: f32,
    /// Which episodes are archived and deleted; none unless said otherwise.
    pub retention: RetentionPolicy,
    /// How much it may hold; as much as it likes unless said otherwise.
    pub quotas: Quotas,
    /// How often it may be called; as often as it likes unless said otherwise.
    pub rate: Option<RateLimit>,
    /// The language whose word forms are taken as one.
    pub language: Language,
    /// Days after which entries of the audit are pruned; never unless said otherwise.
    pub audit_days: Option<f64>,
}

impl Default for TenantConfig {
    fn default() -> Self {
        TenantConfig {
            curve: Curve::Exponential,
            dissolve_below: 0.1,
            weak_below: 0.5,
            retention: RetentionPolicy::default(),
            quotas: Quotas::default(),
            rate: None,
            language: Language::English,
            audit_days: None,
        }
    }
}

/// Which episodes are archived, and which are deleted. An empty policy matches nothing; a pinned episode is matched by
/// none of it. Days are counted as fractions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RetentionPolicy {
    /// Archives what is old and unimportant: out of lists and searches unless they ask for it.
    pub archive: Option<ArchiveRule>,
    /// Deletes what has been archived for so many days.
    pub delete_archived_after_days: Option<f64>,
    /// Deletes what occurred so many days ago, however important it is.
    pub delete_older_than_days: Option<f64>,
    /// Deletes the least important of more episodes than this, archived ones first.
    pub episodes_max: Option<u64>,
}

/// What is archived: what is both old and unimportant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArchiveRule {
    /// Days since it occurred or was last used.
    pub older_than_days: f64,
    /// Importance, 0 to 1, below which it goes.
    pub importance_below: f32,
}

/// How much a tenant may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotas {
    /// Episodes and atoms, archived and historical ones among them.
    pub records: Option<u64>,
    /// Bytes of its records and their vectors, as [`Usage`](crate::Usage) counts them.
    pub bytes: Option<u64>,
    /// Records with a vector.
    pub vectors: Option<u64>,
}

/// How often a tenant may be called.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateLimit {
    /// Calls a second in the long run, more than 0.
    pub per_second: f64,
    /// Calls at once after a rest, at least 1.
    pub burst: u32,
}

impl TenantConfig {
    /// Checks all numbers.
    pub(crate) fn check(&self) -> Result<()> {
        let shares = [
            ("dissolve_below", Some(self.dissolve_below)),
            ("weak_below", Some(self.weak_below)),
            ("importance_below", self.retention.archive.map(|rule| rule.importance_below)),
        ];
        for (what, share) in shares {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return Err(out_of_range(what, share.unwrap_or(0.0), "0 to 1"));
            }
        }
        let days = [
            ("older_than_days", self.retention.archive.map(|rule| rule.older_than_days)),
            ("delete_archived_after_days", self.retention.delete_archived_after_days),
            ("delete_older_than_days", self.retention.delete_older_than_days),
            ("audit_days", self.audit_days),
        ];
        for (what, days) in days {
            if days.is_some_and(|days| !(days.is_finite() && days >= 0.0)) {
                return Err(out_of_range(what, days.unwrap_or(0.0), "a finite number of days, 0 or more"));
            }
        }
        let Some(rate) = self.rate else { return Ok(()) };
        if !(rate.per_second.is_finite() && rate.per_second > 0.0) {
            return Err(out_of_range("per_second", rate.per_second, "a finite number above 0"));
        }
        if rate.burst == 0 {
            return Err(out_of_range("burst", rate.burst, "1 or more"));
        }
        Ok(())
    }
}

fn out_of_range(what: &str, got: impl std::fmt::Display, expected: &str) -> Error {
    Error::draft(Code::RangeInvalid, format!("{what} of a tenant's configuration is out of range"))
        .got(got)
        .expected(expected)
        .remedy("correct it; nothing of the configuration was changed")
}
