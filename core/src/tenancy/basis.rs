//! What every ledger of a version goes by.

use std::sync::Arc;

use crate::truth::Ontology;

/// What every ledger of a version goes by.
#[derive(Clone)]
pub(crate) struct Basis {
    pub(super) ontology: Arc<Ontology>,
    /// Whether any two names were ever linked.
    pub(super) linked: bool,
}
