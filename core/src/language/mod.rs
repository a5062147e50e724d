//! Language: from text to terms, from messages to claims, and what in a text is a secret. Pure functions of their input.

mod analyzer;
mod embedding;
mod reading;
mod secrets;
mod tokens;

pub(crate) use analyzer::{Analyzer, Analyzers, is_spaceless, metadata_term, name_hash};
pub use embedding::StaticEmbedder;
pub use reading::BuiltInExtractor;
pub(crate) use reading::{Dates, extract, looks_back};
pub(crate) use secrets::{SecretKind, find_secrets, redacted};
pub(crate) use tokens::{beginning, estimated_tokens};
