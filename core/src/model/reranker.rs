//! Reranking: the host callback that judges the best hits anew.

use std::error::Error as StdError;

/// The host's own judge of hits: a cross-encoder, most often. It is never called while a lock is held.
///
/// ```
/// use std::sync::Arc;
/// use ebbmark::{Options, Reranker, Store};
///
/// struct Shortest;
///
/// impl Reranker for Shortest {
///     fn rerank(
///         &self,
///         _question: &str,
///         texts: &[&str],
///     ) -> Result<Vec<f32>, Box<dyn std::error::Error + Send + Sync>> {
///         Ok(texts.iter().map(|text| -(text.len() as f32)).collect())
///     }
/// }
///
/// let options = Options { reranker: Some(Arc::new(Shortest)), ..Options::default() };
/// let tenant = Store::in_memory(options)?.tenant("acme")?;
/// tenant.add("I moved to Porto, and then to Faro.")?;
/// tenant.add("I moved to Porto.")?;
/// let hits = tenant.search("Where did she move?")?;
/// assert_eq!(hits[0].record.text(), "I moved to Porto.");
/// assert_eq!(hits[0].parts.reranked, Some(hits[0].score));
/// # Ok::<(), ebbmark::Error>(())
/// ```
pub trait Reranker: Send + Sync {
    /// How well each text answers the question: a finite number each, greater is better. It is given the best 50 hits of a
    /// search, or as many as the search asks for if these are more.
    ///
    /// # Errors
    /// Any error, or a panic, or a reply of the wrong shape: the hits keep their order. After some failures in a row it is
    /// not called for a while; see [`CallbackOptions`](crate::CallbackOptions).
    fn rerank(&self, question: &str, texts: &[&str]) -> Result<Vec<f32>, Box<dyn StdError + Send + Sync>>;
}
