//! What is asked.

use std::time::Duration;

use serde::Serialize;

use super::filter::Filter;
use super::view::View;
use super::weights::Weights;
use crate::error::{Code, Error, Result};
use crate::limits::{QUERY_BYTES_MAX, SEARCH_LIMIT_MAX};
use crate::model::check_span;

/// A question: a text, a vector, or both.
///
/// ```
/// use ebbmark::{Condition, Kind, Options, Order, Query, Store};
///
/// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
/// tenant.add("I moved to Porto last week.")?;
/// let query = Query::text("Where does she live?")
///     .matching(!Condition::Kind(Kind::Hypothesis))
///     .order(Order::Newest)
///     .limit(5);
/// assert_eq!(tenant.search(query)?.len(), 1);
/// # Ok::<(), ebbmark::Error>(())
/// ```
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
    /// In which order the best records are returned.
    pub order: Order,
    /// Whether an episode and the atoms that rest on it are one hit, that of the best of them, with the others in
    /// [`Hit::also`](crate::Hit::also); true unless said otherwise.
    pub clustered: bool,
    /// How much being unlike the hits before it counts against the score, 0 to 1; 0 unless said otherwise.
    pub diversity: f32,
    /// Whether the store's reranker is asked, if it has one; true unless said otherwise.
    pub reranked: bool,
    /// How long it may take by the store's clock, 1 ms to 366 days; for ever unless said otherwise.
    pub deadline: Option<Duration>,
}

/// In which order the best records are returned. Which ones they are is the same in all orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub enum Order {
    /// The best first.
    #[default]
    Relevance,
    /// The latest first, by when it was said or began to hold.
    Newest,
    /// The earliest first, by when it was said or began to hold.
    Oldest,
}

impl Query {
    fn new(text: Option<String>, vector: Option<Vec<f32>>) -> Self {
        Query {
            text,
            vector,
            filter: Filter::default(),
            view: View::default(),
            weights: Weights::default(),
            limit: 10,
            order: Order::default(),
            clustered: true,
            diversity: 0.0,
            reranked: true,
            deadline: None,
        }
    }

    /// A question in words, for the ten best hits.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Some(text.into()), None)
    }

    /// A question by vector alone, for the ten best hits.
    pub fn by_vector(vector: Vec<f32>) -> Self {
        Self::new(None, Some(vector))
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

    /// With one more condition that has to be true of a hit.
    #[must_use]
    pub fn matching(mut self, condition: super::condition::Condition) -> Self {
        self.filter = self.filter.matching(condition);
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

    /// In another order.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// With every record a hit of its own.
    #[must_use]
    pub fn unclustered(mut self) -> Self {
        self.clustered = false;
        self
    }

    /// With hits that are unlike each other, 0 to 1. An old version may come before the current one then.
    ///
    /// The next hit is the one of greatest `(1 - d) s - d m`, where d is the diversity, s its score as a share of the greatest, and m
    /// its greatest cosine with a hit before it (Carbonell and Goldstein, "The use of MMR", 1998). A record without a vector
    /// is like no other.
    #[must_use]
    pub fn diversity(mut self, diversity: f32) -> Self {
        self.diversity = diversity;
        self
    }

    /// Without the store's reranker.
    #[must_use]
    pub fn without_reranker(mut self) -> Self {
        self.reranked = false;
        self
    }

    /// Within a time.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Checks all but its vector.
    pub(super) fn check(&self) -> Result<()> {
        super::read::check_limit("a search", self.limit, SEARCH_LIMIT_MAX)?;
        self.weights.check()?;
        self.filter.check()?;
        self.deadline.map_or(Ok(()), |deadline| check_span("the deadline of a search", deadline))?;
        if !(0.0..=1.0).contains(&self.diversity) {
            return Err(Error::draft(Code::RangeInvalid, "the diversity of a search is out of range")
                .got(self.diversity)
                .expected("0 to 1")
                .remedy("start with 0.3"));
        }
        if let Some(text) = self.text.as_ref().filter(|text| text.len() > QUERY_BYTES_MAX) {
            return Err(Error::draft(Code::TextTooLong, "a query is too long")
                .got(format!("{} bytes", text.len()))
                .expected(format!("at most {QUERY_BYTES_MAX} bytes"))
                .remedy("ask for what matters"));
        }
        if self.vector.is_none() && self.text.as_ref().is_none_or(|text| text.trim().is_empty()) {
            return Err(Error::draft(Code::QueryEmpty, "a query asks for nothing")
                .got("neither text nor vector")
                .expected("a text, a vector, or both")
                .remedy("use list to see all records"));
        }
        Ok(())
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
