//! Language: from text to terms. Pure functions of their input.

mod analyzer;

pub(crate) use analyzer::{Analyzer, metadata_term, name_hash};
