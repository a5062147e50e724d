//! Asking the host's embedder, and checking its reply.

use crate::error::{Code, Error, Result};
use crate::model::{HOST_SPACE, VectorSpace, normalised};

use super::context::Context;

/// Texts in one call of the embedder.
const TEXTS_PER_CALL: usize = 256;

/// The vectors of texts, of unit length; `None` without an embedder.
///
/// # Errors
/// `embedder.failed` with the host's own error as its source, or `embedder.reply`.
pub(crate) fn embed_texts(context: &Context, texts: &[&str]) -> Result<Option<Vec<Vec<f32>>>> {
    let (Some(embedder), Some(space)) = (&context.embedder, &context.space) else { return Ok(None) };
    let dimensions = space.dimensions as usize;
    let mut vectors = Vec::with_capacity(texts.len());
    for chunk in texts.chunks(TEXTS_PER_CALL) {
        let reply = embedder.embed(chunk).map_err(|source| {
            Error::draft(Code::EmbedderFailed, "the embedder failed")
                .source(source)
                .remedy("the records are kept and found by their words; run process_pending later")
        })?;
        if reply.len() != chunk.len() {
            return Err(bad_reply(format!("{} vectors", reply.len()), format!("{} vectors", chunk.len())));
        }
        for vector in reply {
            if vector.len() != dimensions {
                let expected = format!("{dimensions} dimensions, as its space says");
                return Err(bad_reply(format!("{} dimensions", vector.len()), expected));
            }
            vectors
                .push(normalised(&vector).map_err(|error| bad_reply(error, "a usable vector".to_owned()))?);
        }
    }
    Ok(Some(vectors))
}

fn bad_reply(got: impl std::fmt::Display, expected: String) -> Error {
    Error::draft(Code::EmbedderReply, "the embedder's reply cannot be used")
        .got(got)
        .expected(expected)
        .remedy("correct the embedder, then run process_pending")
}

/// The space of a vector that the host passed in: the embedder's, or the host's own.
pub(crate) fn space_of(context: &Context, vector: &[f32]) -> VectorSpace {
    let name = context.space.as_ref().map_or_else(|| HOST_SPACE.to_owned(), |space| space.name.clone());
    VectorSpace { name, dimensions: vector.len() as u32 }
}

/// The vectors of some texts: given ones are checked, the others are asked for.
pub(crate) struct Embedded {
    pub(crate) vectors: Vec<Option<Vec<f32>>>,
    /// Why some vectors could not be had.
    pub(crate) failure: Option<Error>,
}

/// Gathers the vectors of texts. Only a bad vector of the host's is an error.
pub(crate) fn gather(context: &Context, texts: &[(&str, Option<&[f32]>)]) -> Result<Embedded> {
    let given = texts.iter().map(|(_, vector)| vector.map(normalised).transpose());
    let mut vectors = given.collect::<Result<Vec<_>>>()?;
    let first = vectors.iter().flatten().map(Vec::len).next();
    let dimensions = context.space.as_ref().map(|space| space.dimensions as usize).or(first);
    if let Some(odd) = vectors.iter().flatten().find(|vector| Some(vector.len()) != dimensions) {
        return Err(Error::draft(
            Code::VectorDimensions,
            "a vector does not fit the others, or the embedder's",
        )
        .got(odd.len())
        .expected(dimensions.unwrap_or(0).to_string())
        .remedy("pass vectors of one embedder"));
    }
    let wanting: Vec<&str> =
        texts.iter().filter(|(_, vector)| vector.is_none()).map(|(text, _)| *text).collect();
    match embed_texts(context, &wanting) {
        Ok(made) => {
            let gaps = vectors.iter_mut().filter(|vector| vector.is_none());
            gaps.zip(made.unwrap_or_default()).for_each(|(gap, vector)| *gap = Some(vector));
            Ok(Embedded { vectors, failure: None })
        }
        Err(error) => Ok(Embedded { vectors, failure: Some(error) }),
    }
}
