//! Vectors: the space they live in, the host callback that makes them, and the check they pass.

use std::error::Error as StdError;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::limits::DIMENSIONS_MAX;

/// The name given to the space of vectors that a host passes in without an embedder.
pub const HOST_SPACE: &str = "host";

/// The identity of a vector space. Vectors of two spaces are never compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VectorSpace {
    /// The model's name and version, as the host knows it.
    pub name: String,
    /// Components of every vector, 1 to 8192.
    pub dimensions: u32,
}

/// The host's own way from text to vectors. It is never called while a lock is held.
pub trait Embedder: Send + Sync {
    /// The space of the vectors it returns; asked for once, when the store is opened.
    fn space(&self) -> VectorSpace;

    /// One vector a text, in the order of the texts; the same text is not asked for twice in one call.
    ///
    /// # Errors
    /// Any error, or a panic: the records are then stored without a vector, wait for it, and are found by their words.
    /// See [`Tenant::process_pending`](crate::Tenant::process_pending).
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Box<dyn StdError + Send + Sync>>;
}

/// Checks a vector and scales it to unit length.
pub(crate) fn normalised(vector: &[f32]) -> Result<Vec<f32>> {
    if vector.is_empty() || vector.len() > DIMENSIONS_MAX {
        return Err(Error::draft(Code::VectorDimensions, "a vector has an impossible number of dimensions")
            .got(vector.len())
            .expected(format!("1 to {DIMENSIONS_MAX}"))
            .remedy("pass the vector that the embedder made"));
    }
    if let Some(position) = vector.iter().position(|component| !component.is_finite()) {
        return Err(Error::draft(Code::VectorNotFinite, "a vector has a component that is not finite")
            .got(format!("{} at index {position}", vector.get(position).copied().unwrap_or(f32::NAN)))
            .expected("finite components")
            .remedy("check the embedder's output"));
    }
    let norm = vector.iter().map(|&component| f64::from(component).powi(2)).sum::<f64>().sqrt();
    if norm < 1e-12 {
        return Err(Error::draft(Code::VectorZero, "a vector is zero and has no direction")
            .got(format!("length {norm:e}"))
            .expected("a vector with a direction")
            .remedy("leave the vector out; the record is then found by its words"));
    }
    Ok(vector.iter().map(|&component| (f64::from(component) / norm) as f32).collect())
}
