//! Names: the enums of the core as `Literal` strings.

use ebbmark as core;
use pyo3::inspect::PyStaticExpr;
use pyo3::prelude::*;
use pyo3::type_hint_identifier;
use pyo3::types::PyString;

use crate::errors::{invalid, wrong_type};
use crate::translate::Translate;

/// Translates enums without fields by name; `match` sees to it that no variant is forgotten. [`ALL`] tells the names of
/// each, in order, for the file `_names.py`.
macro_rules! names {
    ($($name:ident($core:ty) { $($variant:ident $text:literal,)* })*) => {
        $(impl Translate for $core {
            const TYPE: PyStaticExpr = type_hint_identifier!("ebbmark._names", stringify!($name));

            fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                let text = match self { $(<$core>::$variant => $text,)* };
                Ok(PyString::intern(py, text).into_any())
            }

            fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
                let name = given.cast::<PyString>().map_err(|_| wrong_type(given, "a str"))?;
                match name.to_cow()?.as_ref() {
                    $($text => Ok(<$core>::$variant),)*
                    other => Err(unknown(stringify!($name), other, &[$($text),*])),
                }
            }
        })*

        /// The names of every enum.
        pub(crate) const ALL: &[(&str, &[&str])] = &[$((stringify!($name), &[$($text),*])),*];
    };
}

/// The error for a name that is none of those that are known.
pub(crate) fn unknown(what: &str, got: &str, known: &[&str]) -> PyErr {
    let got: String = got.chars().take(40).collect();
    let expected = format!("one of {}", known.join(", "));
    invalid(&format!("there is no such {what}"), &format!("{got:?}"), &expected, "use one of those names")
}

names! {
    Access(core::Access) {
        ReadOnly "read_only",
        ReadWrite "read_write",
        Admin "admin",
    }
    BreakerState(core::BreakerState) {
        Closed "closed",
        Open "open",
        HalfOpen "half_open",
    }
    Cardinality(core::Cardinality) {
        One "one",
        Many "many",
    }
    ChangeKind(core::ChangeKind) {
        Added "added",
        Updated "updated",
        Reinforced "reinforced",
        Superseded "superseded",
        Deleted "deleted",
        Embedded "embedded",
        Retracted "retracted",
        Restored "restored",
        Judged "judged",
        Used "used",
        Reconsolidated "reconsolidated",
        Pinned "pinned",
        Unpinned "unpinned",
        Archived "archived",
        Unarchived "unarchived",
        Dissolved "dissolved",
        Expired "expired",
        Retired "retired",
        Moved "moved",
    }
    Clash(core::Clash) {
        Value "value",
        Opposite "opposite",
        Negation "negation",
        Progression "progression",
    }
    Curve(core::Curve) {
        Exponential "exponential",
        Fsrs "fsrs",
    }
    Grade(core::Grade) {
        Again "again",
        Hard "hard",
        Good "good",
        Easy "easy",
    }
    Grounds(core::Grounds) {
        Trust "trust",
        Time "time",
        Provenance "provenance",
        Progression "progression",
        Newer "newer",
        Confidence "confidence",
        Resolved "resolved",
        Refinement "refinement",
    }
    HealthState(core::HealthState) {
        Healthy "healthy",
        Degraded "degraded",
        Failed "failed",
        Closed "closed",
    }
    Kind(core::Kind) {
        Entity "entity",
        Affiliation "affiliation",
        Social "social",
        Preference "preference",
        Belief "belief",
        Skill "skill",
        Event "event",
        State "state",
        Hypothesis "hypothesis",
        Invariant "invariant",
        Trait "trait",
        Style "style",
        Fact "fact",
    }
    Language(core::Language) {
        Arabic "arabic",
        Danish "danish",
        Dutch "dutch",
        English "english",
        Finnish "finnish",
        French "french",
        German "german",
        Greek "greek",
        Hungarian "hungarian",
        Italian "italian",
        Norwegian "norwegian",
        Portuguese "portuguese",
        Romanian "romanian",
        Russian "russian",
        Spanish "spanish",
        Swedish "swedish",
        Tamil "tamil",
        Turkish "turkish",
        None "none",
    }
    Order(core::Order) {
        Relevance "relevance",
        Newest "newest",
        Oldest "oldest",
    }
    Outcome(core::Outcome) {
        Added "added",
        Reinforced "reinforced",
        Contextualised "contextualised",
        Refined "refined",
        Superseded "superseded",
        Disputed "disputed",
        Rejected "rejected",
        Merged "merged",
    }
    Provenance(core::Provenance) {
        Inferred "inferred",
        Observed "observed",
        Stated "stated",
        Confirmed "confirmed",
        Corrected "corrected",
    }
    RecordSort(core::RecordSort) {
        Episode "episode",
        Atom "atom",
    }
    RevisionKind(core::RevisionKind) {
        Added "added",
        Updated "updated",
        Reinforced "reinforced",
        Superseded "superseded",
        Retracted "retracted",
        Restored "restored",
        Judged "judged",
    }
    Role(core::Role) {
        User "user",
        Assistant "assistant",
        System "system",
        Tool "tool",
        Document "document",
    }
    StandingKind(core::StandingKind) {
        Unsubstantiated "unsubstantiated",
        Substantiated "substantiated",
        Historical "historical",
    }
    Trust(core::Trust) {
        Low "low",
        Medium "medium",
        High "high",
    }
    Cause(core::Cause) {
        Add "add",
        Assert "assert",
        Confirm "confirm",
        Retract "retract",
        Resolve "resolve",
        Undo "undo",
        Merge "merge",
        Define "define",
        Update "update",
        Delete "delete",
        Maintain "maintain",
        Embed "embed",
        Reindex "reindex",
        Reembed "reembed",
        Prune "prune",
        Use "use",
        Pin "pin",
        Restore "restore",
        Reconsolidate "reconsolidate",
        Retention "retention",
        Configure "configure",
        Lease "lease",
        AddDocument "add_document",
        DeleteDocument "delete_document",
    }
    AbsenceReason(AbsenceReason) {
        Found "found",
        Unknown "unknown",
        OtherScope "other_scope",
        Archived "archived",
        Quarantined "quarantined",
        Expired "expired",
        NotCurrent "not_current",
        Filtered "filtered",
        NotInView "not_in_view",
        Clustered "clustered",
        Unscored "unscored",
        Outranked "outranked",
    }
    ConnectionOutcome(ConnectionOutcome) {
        Found "found",
        None "none",
        Cut "cut",
    }
    Extraction(ExtractionName) {
        Off "off",
        BuiltIn "built-in",
        Host "host",
        Both "both",
    }
    ReasonName(ReasonName) {
        NothingAgainst "nothing_against",
        Known "known",
        KnownOtherwise "known_otherwise",
        MoreKnown "more_known",
        SaysMore "says_more",
        Over "over",
        OtherSituation "other_situation",
        OtherTime "other_time",
        Wins "wins",
        Loses "loses",
        Ties "ties",
    }
    SecretPolicy(core::SecretPolicy) {
        Redact "redact",
        Quarantine "quarantine",
        Reject "reject",
    }
    Standing(Standing) {
        Unsubstantiated "unsubstantiated",
        Substantiated "substantiated",
        Superseded "superseded",
        Ended "ended",
        Refined "refined",
        Overruled "overruled",
        Retracted "retracted",
    }
}

/// Declares enums that name the variants of the core's enums with fields.
macro_rules! variants {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident),* $(,)? })*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),* })*
    };
}

variants! {
    /// Why a record is not among the hits.
    AbsenceReason {
        Found, Unknown, OtherScope, Archived, Quarantined, Expired, NotCurrent, Filtered, NotInView, Clustered, Unscored,
        Outranked,
    }
    /// Whether there is a path.
    ConnectionOutcome { Found, None, Cut }
    /// Who draws claims.
    ExtractionName { Off, BuiltIn, Host, Both }
    /// Why a verdict is what it is.
    ReasonName {
        NothingAgainst, Known, KnownOtherwise, MoreKnown, SaysMore, Over, OtherSituation, OtherTime, Wins, Loses, Ties,
    }
    /// Where a claim stands, with why it is historical.
    Standing { Unsubstantiated, Substantiated, Superseded, Ended, Refined, Overruled, Retracted }
}

impl Translate for core::Standing {
    const TYPE: PyStaticExpr = Standing::TYPE;

    fn into_python(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let standing = match self {
            core::Standing::Unsubstantiated => Standing::Unsubstantiated,
            core::Standing::Substantiated => Standing::Substantiated,
            core::Standing::Historical(reason) => match reason {
                core::HistoricalReason::Superseded => Standing::Superseded,
                core::HistoricalReason::Ended => Standing::Ended,
                core::HistoricalReason::Refined => Standing::Refined,
                core::HistoricalReason::Overruled => Standing::Overruled,
                core::HistoricalReason::Retracted => Standing::Retracted,
            },
        };
        standing.into_python(py)
    }

    fn from_python(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(match Standing::from_python(given)? {
            Standing::Unsubstantiated => core::Standing::Unsubstantiated,
            Standing::Substantiated => core::Standing::Substantiated,
            Standing::Superseded => core::Standing::Historical(core::HistoricalReason::Superseded),
            Standing::Ended => core::Standing::Historical(core::HistoricalReason::Ended),
            Standing::Refined => core::Standing::Historical(core::HistoricalReason::Refined),
            Standing::Overruled => core::Standing::Historical(core::HistoricalReason::Overruled),
            Standing::Retracted => core::Standing::Historical(core::HistoricalReason::Retracted),
        })
    }
}

/// The enum of a name that a signature shows as its default.
pub(crate) fn named<T: Translate>(py: Python<'_>, name: &str) -> PyResult<T> {
    T::from_python(PyString::new(py, name).as_any())
}
