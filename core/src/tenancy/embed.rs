//! Vectors of texts: given ones are checked, known ones taken from the cache, the others asked for.

use std::collections::HashMap;
use std::sync::Arc;

use super::cache::embedding_key;
use super::context::Context;
use crate::error::{Code, Error, Result};
use crate::model::{HOST_SPACE, VectorSpace, normalised};

/// Texts in one call of the embedder.
const TEXTS_PER_CALL: usize = 256;

/// The vectors of some texts, of unit length.
pub(crate) struct Embedded {
    pub(crate) vectors: Vec<Option<Vec<f32>>>,
    /// Why some vectors could not be had.
    pub(crate) failure: Option<Error>,
}

/// The vectors of texts; none without an embedder. The same text is asked for once, and not again while the cache has it.
/// After a call that failed no further call is made. Before each it is asked whether to go on.
pub(crate) fn embed_texts(
    context: &Context,
    texts: &[&str],
    go_on: &dyn Fn() -> Result<()>,
) -> Result<Embedded> {
    let mut vectors = vec![None; texts.len()];
    let Some(space) = &context.space else { return Ok(Embedded { vectors, failure: None }) };
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(texts.len());
    let mut wanting: Vec<(usize, &str)> = Vec::new();
    for (place, (&text, vector)) in texts.iter().zip(&mut vectors).enumerate() {
        if *first.entry(text).or_insert(place) != place {
            continue;
        }
        let found = context.embeddings.get(&embedding_key(&space.name, text), |_| true);
        *vector = found.map(|vector| vector.to_vec());
        if vector.is_none() {
            wanting.push((place, text));
        }
    }
    let mut failure = None;
    for chunk in wanting.chunks(TEXTS_PER_CALL) {
        go_on()?;
        let asked: Vec<&str> = chunk.iter().map(|(_, text)| *text).collect();
        match context.host.embed(&asked, space.dimensions as usize) {
            Ok(made) => {
                for ((place, text), made) in chunk.iter().zip(made) {
                    let (key, bytes) = (embedding_key(&space.name, text), size_of_val(made.as_slice()));
                    context.embeddings.put(&key, bytes, Arc::from(made.as_slice()));
                    vectors.get_mut(*place).into_iter().for_each(|vector| *vector = Some(made.clone()));
                }
            }
            Err(error) => {
                // It may have failed because the call is to stop.
                go_on()?;
                failure = Some(error);
                break;
            }
        }
    }
    for (place, text) in texts.iter().enumerate() {
        let same = first.get(text).copied().filter(|first| *first != place);
        let known = same.and_then(|first| vectors.get(first).cloned()).flatten();
        vectors.get_mut(place).into_iter().filter(|_| known.is_some()).for_each(|gap| *gap = known.clone());
    }
    Ok(Embedded { vectors, failure })
}

/// The space of a vector that the host passed in: the embedder's, or the host's own.
pub(crate) fn space_of(context: &Context, vector: &[f32]) -> VectorSpace {
    let name = context.space.as_ref().map_or_else(|| HOST_SPACE.to_owned(), |space| space.name.clone());
    VectorSpace { name, dimensions: vector.len() as u32 }
}

/// Gathers the vectors of texts: given ones are checked, the others are asked for. Only a bad vector of the host's is an
/// error.
pub(crate) fn gather(
    context: &Context,
    texts: &[(&str, Option<&[f32]>)],
    go_on: &dyn Fn() -> Result<()>,
) -> Result<Embedded> {
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
        .remedy(
            "pass vectors of one embedder; set Options::embedder to None if the host makes all of them",
        ));
    }
    let wanting: Vec<&str> =
        texts.iter().filter(|(_, vector)| vector.is_none()).map(|(text, _)| *text).collect();
    let made = embed_texts(context, &wanting, go_on)?;
    let gaps = vectors.iter_mut().filter(|vector| vector.is_none());
    gaps.zip(made.vectors).for_each(|(gap, vector)| *gap = vector);
    Ok(Embedded { vectors, failure: made.failure })
}
