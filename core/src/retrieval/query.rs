//! What is asked.

use super::filter::Filter;
use super::view::View;
use super::weights::Weights;

/// A question: a text, a vector, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The question in words, 1 MiB at most.
    pub text: Option<String>,
    /// Its vector, of any length but zero; if absent, the embedder makes one of the text.
    pub vector: Option<Vec<f32>>,
    /// Which records may be returned.
    pub filter: Filter,
    /// From where in time; then atoms are shown as they were judged from there, and episodes in their version of then,
    /// the thousand best candidates being looked at.
    pub view: View,
    /// What each part of a score counts; for a query by vector alone it is the cosine that counts.
    pub weights: Weights,
    /// Hits at most, 1 to 1000.
    pub limit: usize,
}

impl Query {
    /// A question in words, for the ten best hits.
    pub fn text(text: impl Into<String>) -> Self {
        Query {
            text: Some(text.into()),
            vector: None,
            filter: Filter::default(),
            view: View::default(),
            weights: Weights::default(),
            limit: 10,
        }
    }

    /// A question by vector alone, for the ten best hits.
    pub fn by_vector(vector: Vec<f32>) -> Self {
        Query {
            text: None,
            vector: Some(vector),
            filter: Filter::default(),
            view: View::default(),
            weights: Weights::default(),
            limit: 10,
        }
    }

    /// With a vector.
    #[must_use]
    pub fn vector(mut self, vector: Vec<f32>) -> Self {
        self.vector = Some(vector);
        self
    }

    /// With a filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// From where in time.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.view = view;
        self
    }

    /// With other weights of the parts of a score.
    #[must_use]
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// For so many hits at most.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

impl From<&str> for Query {
    fn from(text: &str) -> Self {
        Query::text(text)
    }
}

impl From<String> for Query {
    fn from(text: String) -> Self {
        Query::text(text)
    }
}
