//! The question sets, read from `EBBMARK_DATA` (by default `../shared/data`). The project does not contain them.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// A question set: collections, each with its own documents and questions.
#[derive(Debug, Deserialize)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Components of every vector.
    pub dimensions: usize,
    /// The collections.
    pub collections: Vec<Collection>,
}

/// Documents, and questions about them.
#[derive(Debug, Deserialize)]
pub struct Collection {
    /// Its name.
    pub id: String,
    /// The documents.
    pub docs: Vec<Doc>,
    /// The questions.
    pub queries: Vec<Question>,
}

/// A turn of a conversation, or a passage.
#[derive(Debug, Deserialize)]
pub struct Doc {
    /// Its name.
    pub id: serde_json::Value,
    /// Its text.
    pub text: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The session it belongs to.
    pub session: serde_json::Value,
    /// When it was said, in seconds since 1970; turns of one session share it.
    #[serde(default)]
    pub time: i64,
    /// Its vector, of unit length.
    #[serde(skip)]
    pub vector: Vec<f32>,
}

impl Doc {
    /// The speaker in front of a turn ("Mara: I moved."), and what is said.
    pub fn turn(&self) -> (Option<&str>, &str) {
        let is_name = |name: &str| {
            let plain = name.chars().all(|c| c.is_alphanumeric() || " .'-".contains(c));
            plain && name.len() <= 30 && name.split(' ').all(|word| word.starts_with(char::is_uppercase))
        };
        let parted = self.text.split_once(": ").filter(|(name, said)| is_name(name) && !said.is_empty());
        parted.map_or((None, self.text.as_str()), |(name, said)| (Some(name), said))
    }
}

/// A question with the documents that answer it.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The names of the documents that answer it.
    pub gold: Vec<serde_json::Value>,
    /// Its category.
    #[serde(default)]
    pub category: serde_json::Value,
    /// Its vector, of unit length.
    #[serde(skip)]
    pub vector: Vec<f32>,
}

/// Where the sets are.
pub fn folder() -> PathBuf {
    let from_root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    std::env::var_os("EBBMARK_DATA").map_or(from_root, PathBuf::from)
}

/// Reads a set; `None` if it is not there.
///
/// # Panics
/// If it is there but cannot be read: a benchmark on half the data would mislead.
pub fn read(name: &str) -> Option<Set> {
    let json = std::fs::read(folder().join(format!("{name}.json"))).ok()?;
    let mut set: Set = serde_json::from_slice(&json).expect("a set is JSON of the documented shape");
    let bytes = std::fs::read(folder().join(format!("{name}.f32"))).expect("a set has its vectors beside it");
    let mut rows = bytes.chunks_exact(4 * set.dimensions).map(|row| {
        row.chunks_exact(4).map(|component| f32::from_le_bytes(component.try_into().unwrap())).collect()
    });
    for collection in &mut set.collections {
        for doc in &mut collection.docs {
            doc.vector = rows.next().expect("a vector for every document");
        }
        for query in &mut collection.queries {
            query.vector = rows.next().expect("a vector for every question");
        }
    }
    Some(set)
}

/// A file of JSON beside the sets; `None` if it is not there.
///
/// # Errors
/// If it cannot be read, or is no JSON.
pub fn read_json(name: &str) -> Result<Option<serde_json::Value>, Box<dyn std::error::Error>> {
    let path = folder().join(name);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&std::fs::read(path)?)?))
}
