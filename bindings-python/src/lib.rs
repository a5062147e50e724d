//! The compiled module of the Python package: it translates between Python and the core, and does nothing else.
//!
//! [`translate`] is how a value crosses, [`record`] how a type of the core becomes a class, [`names`] how an enum becomes
//! strings, [`errors`] how an error becomes an exception, [`callbacks`] how a function becomes what the core asks. The stub
//! file is made from the signatures here.

mod callbacks;
mod clock;
mod errors;
mod language;
mod listening;
mod moments;
mod names;
mod record;
mod records;
mod store;
mod tenant;
mod translate;
mod vectors;

/// The compiled part of `ebbmark`.
#[pyo3::pymodule(gil_used = false)]
mod _ebbmark {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::callbacks::Admission;
    #[pymodule_export]
    use crate::callbacks::SecretGuard;
    #[pymodule_export]
    use crate::clock::ManualClock;
    #[pymodule_export]
    use crate::language::BuiltInExtractor;
    #[pymodule_export]
    use crate::language::StaticEmbedder;
    #[pymodule_export]
    use crate::records::answers::Absence;
    #[pymodule_export]
    use crate::records::answers::Citation;
    #[pymodule_export]
    use crate::records::answers::Connection;
    #[pymodule_export]
    use crate::records::answers::Context;
    #[pymodule_export]
    use crate::records::answers::FacetCounts;
    #[pymodule_export]
    use crate::records::answers::Hit;
    #[pymodule_export]
    use crate::records::answers::Page;
    #[pymodule_export]
    use crate::records::answers::Path;
    #[pymodule_export]
    use crate::records::answers::Profile;
    #[pymodule_export]
    use crate::records::answers::ScoreParts;
    #[pymodule_export]
    use crate::records::answers::SearchExplanation;
    #[pymodule_export]
    use crate::records::answers::SearchPage;
    #[pymodule_export]
    use crate::records::answers::Step;
    #[pymodule_export]
    use crate::records::answers::TimelinePage;
    #[pymodule_export]
    use crate::records::answers::Weights;
    #[pymodule_export]
    use crate::records::belief::Assertion;
    #[pymodule_export]
    use crate::records::belief::Atom;
    #[pymodule_export]
    use crate::records::belief::Claim;
    #[pymodule_export]
    use crate::records::belief::Conflict;
    #[pymodule_export]
    use crate::records::belief::Effect;
    #[pymodule_export]
    use crate::records::belief::Explanation;
    #[pymodule_export]
    use crate::records::belief::Neighbor;
    #[pymodule_export]
    use crate::records::belief::NewFact;
    #[pymodule_export]
    use crate::records::belief::Period;
    #[pymodule_export]
    use crate::records::belief::Predicate;
    #[pymodule_export]
    use crate::records::belief::Reason;
    #[pymodule_export]
    use crate::records::belief::Revision;
    #[pymodule_export]
    use crate::records::belief::Settlement;
    #[pymodule_export]
    use crate::records::fading::Crossing;
    #[pymodule_export]
    use crate::records::fading::DecayGroup;
    #[pymodule_export]
    use crate::records::fading::DecayReport;
    #[pymodule_export]
    use crate::records::fading::Fading;
    #[pymodule_export]
    use crate::records::fading::Lease;
    #[pymodule_export]
    use crate::records::fading::MaintenanceReport;
    #[pymodule_export]
    use crate::records::fading::MemoryState;
    #[pymodule_export]
    use crate::records::fading::PendingReport;
    #[pymodule_export]
    use crate::records::fading::PendingWork;
    #[pymodule_export]
    use crate::records::fading::ReembedReport;
    #[pymodule_export]
    use crate::records::fading::RetentionReport;
    #[pymodule_export]
    use crate::records::feed::AuditEntry;
    #[pymodule_export]
    use crate::records::feed::AuditPage;
    #[pymodule_export]
    use crate::records::feed::Change;
    #[pymodule_export]
    use crate::records::feed::Dropped;
    #[pymodule_export]
    use crate::records::figures::BreakerFigures;
    #[pymodule_export]
    use crate::records::figures::CacheFigures;
    #[pymodule_export]
    use crate::records::figures::CallCount;
    #[pymodule_export]
    use crate::records::figures::CallbackFigures;
    #[pymodule_export]
    use crate::records::figures::Durations;
    #[pymodule_export]
    use crate::records::figures::Health;
    #[pymodule_export]
    use crate::records::figures::HealthReason;
    #[pymodule_export]
    use crate::records::figures::Metrics;
    #[pymodule_export]
    use crate::records::figures::Stats;
    #[pymodule_export]
    use crate::records::figures::TenantFigures;
    #[pymodule_export]
    use crate::records::figures::Usage;
    #[pymodule_export]
    use crate::records::figures::UsageReport;
    #[pymodule_export]
    use crate::records::figures::WorkingSetFigures;
    #[pymodule_export]
    use crate::records::filters::Condition;
    #[pymodule_export]
    use crate::records::filters::Field;
    #[pymodule_export]
    use crate::records::filters::Filter;
    #[pymodule_export]
    use crate::records::filters::field;
    #[pymodule_export]
    use crate::records::settings::ArchiveRule;
    #[pymodule_export]
    use crate::records::settings::CallbackOptions;
    #[pymodule_export]
    use crate::records::settings::Permit;
    #[pymodule_export]
    use crate::records::settings::Quotas;
    #[pymodule_export]
    use crate::records::settings::RateLimit;
    #[pymodule_export]
    use crate::records::settings::RetentionPolicy;
    #[pymodule_export]
    use crate::records::settings::TenantConfig;
    #[pymodule_export]
    use crate::records::settings::VectorSpace;
    #[pymodule_export]
    use crate::records::talk::DocumentReceipt;
    #[pymodule_export]
    use crate::records::talk::Episode;
    #[pymodule_export]
    use crate::records::talk::FactReceipt;
    #[pymodule_export]
    use crate::records::talk::Message;
    #[pymodule_export]
    use crate::records::talk::NewEpisode;
    #[pymodule_export]
    use crate::records::talk::Passage;
    #[pymodule_export]
    use crate::records::talk::Receipt;
    #[pymodule_export]
    use crate::records::talk::Scope;
    #[pymodule_export]
    use crate::store::_close_all;
    #[pymodule_export]
    use crate::store::Maintainer;
    #[pymodule_export]
    use crate::store::Store;
    #[pymodule_export]
    use crate::tenant::Tenant;
    #[pymodule_export]
    use crate::tenant::reading::Subscription;

    /// The version of the library.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// The names of every enum, for the file `_names.py`.
    #[pyfunction]
    fn _names() -> Vec<(&'static str, Vec<&'static str>)> {
        crate::names::ALL.iter().map(|(name, names)| (*name, names.to_vec())).collect()
    }
}
