//! What the library brings along to read text with: the built-in embedder and the built-in rules.

use std::sync::Arc;

use ebbmark as core;
use pyo3::prelude::*;

use crate::errors::raised;
use crate::records::talk::Heard;
use crate::translate::{Given, Told};

/// The built-in embedder: a table of word pieces, no model is run. It is a function of a list of texts.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct StaticEmbedder(Arc<core::StaticEmbedder>);

#[pymethods]
impl StaticEmbedder {
    #[new]
    fn new(py: Python<'_>) -> PyResult<Self> {
        core::StaticEmbedder::built_in().map(StaticEmbedder).map_err(|error| raised(py, &error))
    }

    /// The name of its vector space.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// Components of each of its vectors.
    #[getter]
    fn dimensions(&self) -> usize {
        self.0.dimensions()
    }

    /// The vectors of texts, of unit length, or all zeros for a text without a letter or digit.
    fn embed(&self, py: Python<'_>, texts: Given<Vec<String>>) -> Told<Vec<Vec<f32>>> {
        Told(py.detach(|| texts.0.iter().map(|text| self.0.vector(text)).collect()))
    }

    /// As `embed`.
    fn __call__(&self, py: Python<'_>, texts: Given<Vec<String>>) -> Told<Vec<Vec<f32>>> {
        self.embed(py, texts)
    }
}

/// The built-in rules that draw claims from what persons say in English. It is a function of a list of messages.
#[pyclass(frozen, module = "ebbmark")]
pub(crate) struct BuiltInExtractor(core::BuiltInExtractor);

#[pymethods]
impl BuiltInExtractor {
    #[new]
    fn new() -> Self {
        BuiltInExtractor(core::BuiltInExtractor)
    }

    /// The claims of each message.
    fn extract(&self, py: Python<'_>, messages: Given<Vec<Heard>>) -> Told<Vec<Vec<core::NewFact>>> {
        let claims = |message: &Heard| core::Extractor::extract(&self.0, &message.lent()).unwrap_or_default();
        Told(py.detach(|| messages.0.iter().map(claims).collect()))
    }

    /// As `extract`.
    fn __call__(&self, py: Python<'_>, messages: Given<Vec<Heard>>) -> Told<Vec<Vec<core::NewFact>>> {
        self.extract(py, messages)
    }
}
