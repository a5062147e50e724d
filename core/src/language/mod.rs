//! Language: from text to terms, from messages to claims, from documents to passages, and what in a text is a secret. Pure functions of their input.

mod analyzer;
mod embedding;
mod folding;
mod irregular;
mod passages;
mod reading;
mod secrets;
mod stop_words;
mod tokens;

pub(crate) use analyzer::{Analyzer, Analyzers, is_spaceless, metadata_term, name_hash, path_term};
pub use embedding::StaticEmbedder;
pub(crate) use passages::{SplitText, split_text};
pub use reading::BuiltInExtractor;
pub(crate) use reading::{Dates, anchor, extract, looks_back};
pub(crate) use secrets::{SecretKind, find_secrets, redacted};
pub(crate) use tokens::{beginning, estimated_tokens};
