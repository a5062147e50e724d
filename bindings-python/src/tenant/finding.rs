//! Finding: searches, contexts, profiles, paths, and why something was found or not.

use std::time::Duration;

use ebbmark as core;
use pyo3::prelude::*;

use super::Tenant;
use super::believing::view;
use crate::names::named;
use crate::records::answers::{AbsenceParts, ConnectionParts};
use crate::translate::{Given, Told, given, given_or, plain};
use crate::vectors::Vector;

/// The order of a name; the usual one without a look-up.
fn order_named(py: Python<'_>, name: &str) -> PyResult<core::Order> {
    if name == "relevance" { Ok(core::Order::Relevance) } else { named(py, name) }
}

/// A filter that a condition narrows further.
fn narrowed(filter: Option<Given<core::Filter>>, condition: Option<Given<core::Condition>>) -> core::Filter {
    let filter = given(filter).unwrap_or_default();
    match given(condition) {
        Some(condition) => filter.matching(condition),
        None => filter,
    }
}

/// A method that asks a question: what all of them take, then what this one takes besides.
macro_rules! question {
    (
        $(#[doc = $doc:literal])*
        fn $name:ident($($first:ident: $first_type:ty),*; $($last:ident: $last_type:ty),*) -> $reply:ty {
            |$tenant:ident, $query:ident| $ask:expr
        }
    ) => {
        #[pymethods]
        impl Tenant {
            $(#[doc = $doc])*
            #[pyo3(signature = (
                $($first,)* text = None, *, vector = None, limit: "int" = 10, filter = None, r#where = None, valid_at = None,
                as_of = None, weights = None, order: "Order" = "relevance", clustered: "bool" = true, diversity: "float" = 0.0,
                reranked: "bool" = true, deadline = None $(, $last = None)*
            ))]
            #[expect(clippy::too_many_arguments, reason = "one for each part of the question")]
            fn $name(
                &self,
                py: Python<'_>,
                $($first: $first_type,)*
                text: Option<Given<String>>,
                vector: Option<Given<Vector>>,
                #[pyo3(from_py_with = plain)] limit: usize,
                filter: Option<Given<core::Filter>>,
                r#where: Option<Given<core::Condition>>,
                valid_at: Option<Given<core::Timestamp>>,
                as_of: Option<Given<core::Timestamp>>,
                weights: Option<Given<core::Weights>>,
                order: &str,
                #[pyo3(from_py_with = plain)] clustered: bool,
                #[pyo3(from_py_with = plain)] diversity: f32,
                #[pyo3(from_py_with = plain)] reranked: bool,
                deadline: Option<Given<Duration>>,
                $($last: Option<$last_type>,)*
            ) -> PyResult<Told<$reply>> {
                let $query = core::Query {
                    text: given(text),
                    vector: given(vector).map(|vector| vector.0),
                    filter: narrowed(filter, r#where),
                    view: view(valid_at, as_of),
                    weights: given_or(weights, core::Weights::default),
                    limit,
                    order: order_named(py, order)?,
                    clustered,
                    diversity,
                    reranked,
                    deadline: given(deadline),
                };
                self.run(py, |$tenant| $ask).map(Told)
            }
        }
    };
}

question! {
    /// The records that answer a question best, best first: by its words, by its vector, and by what stands around them.
    ///
    /// Args:
    ///     text: The question; words in double quotes have to be found as they are. At most 1 MiB, of which 256 terms count.
    ///     vector: Its vector; the embedder makes one from the text unless given. A search by vector alone ranks by cosine.
    ///     limit: 1 to 1000 hits at most.
    ///     filter, where: What is looked at.
    ///     valid_at, as_of: What held, or was known, at a moment.
    ///     weights: What counts how much; `Weights()` unless given.
    ///     order: "relevance", or the best hits by time: "newest", "oldest".
    ///     clustered: Whether records that say the same are one hit.
    ///     diversity: How much a hit's likeness to better hits counts against it, 0 to 1 (MMR).
    ///     reranked: Whether the store's reranker is asked, if it has one.
    ///     deadline: After which it fails, as a timedelta or in seconds.
    ///
    /// Raises:
    ///     InvalidInputError: Neither text nor vector (`query.empty`), a vector that does not fit (`vector.*`), a number out of
    ///         its range (`range.invalid`), no answer in time (`search.deadline`).
    fn search(;) -> Vec<core::Hit> { |tenant, query| tenant.search(query) }
}

question! {
    /// As `search`, a page at a time: the best thousand hits, `limit` a page.
    ///
    /// Args:
    ///     after: The `next` of the page before; the first page unless given.
    fn search_page(; after: Given<core::SearchCursor>) -> core::SearchPage {
        |tenant, query| tenant.search_page(query, given(after))
    }
}

question! {
    /// How a question is read, what finds something for it, and its hits with all that their scores are made of.
    fn explain_search(;) -> core::SearchExplanation { |tenant, query| tenant.explain_search(query) }
}

question! {
    /// Why a record is not among the hits of a question, or where it is.
    ///
    /// Args:
    ///     id: The record.
    fn explain_missing(id: Given<core::Id>;) -> AbsenceParts {
        |tenant, query| tenant.explain_missing(query, id.0).map(AbsenceParts::from)
    }
}

#[pymethods]
impl Tenant {
    /// How many records have which values.
    ///
    /// Args:
    ///     by: Names of facets ("role", "kind", "subject", "tag", "month", ...), or fields of metadata: `field("price")`; 16 at
    ///         most.
    ///     limit: Values of each at most, 1 to 1000, the most frequent first.
    #[pyo3(signature = (by, *, filter = None, r#where = None, limit: "int" = 100))]
    fn facets(
        &self,
        py: Python<'_>,
        by: Given<Vec<core::Facet>>,
        filter: Option<Given<core::Filter>>,
        r#where: Option<Given<core::Condition>>,
        #[pyo3(from_py_with = plain)] limit: usize,
    ) -> PyResult<Told<Vec<core::FacetCounts>>> {
        let filter = narrowed(filter, r#where);
        self.run(py, |tenant| tenant.facets(&filter, &by.0, limit)).map(Told)
    }

    /// What a model is to be told before it answers: the best hits with what was said around them, in order of time, packed
    /// into a budget of tokens, with a citation for each.
    ///
    /// Args:
    ///     text: The question.
    ///     budget_tokens: At least 1; counted by the store's token counter, else estimated at four bytes a token.
    ///     neighbours: Turns that are shown on each side of a hit, 0 to 5; 1 unless given.
    ///     vector, limit, filter, where, valid_at, as_of: As in `search`.
    #[pyo3(signature = (
        text, budget_tokens: "int", *, vector = None, limit = None, filter = None, r#where = None, valid_at = None, as_of = None,
        neighbours = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each part of the question")]
    fn context(
        &self,
        py: Python<'_>,
        text: Given<String>,
        #[pyo3(from_py_with = plain)] budget_tokens: usize,
        vector: Option<Given<Vector>>,
        limit: Option<Given<usize>>,
        filter: Option<Given<core::Filter>>,
        r#where: Option<Given<core::Condition>>,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
        neighbours: Option<Given<usize>>,
    ) -> PyResult<Told<core::Context>> {
        let mut asked = core::ContextQuery::from(text.0.as_str());
        asked.query.vector = given(vector).map(|vector| vector.0);
        asked.query.filter = narrowed(filter, r#where);
        asked.query.view = view(valid_at, as_of);
        asked.query.limit = given_or(limit, || asked.query.limit);
        asked.neighbours = given_or(neighbours, || asked.neighbours);
        self.run(py, |tenant| tenant.context(asked, budget_tokens)).map(Told)
    }

    /// What is known of an entity: its facts by kind, its neighbours, its conflicts, and where it is mentioned.
    #[pyo3(signature = (name, *, valid_at = None, as_of = None))]
    fn profile(
        &self,
        py: Python<'_>,
        name: Given<String>,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
    ) -> PyResult<Told<core::Profile>> {
        let view = view(valid_at, as_of);
        self.run(py, |tenant| tenant.profile(&name.0, view)).map(Told)
    }

    /// How two entities are connected: the path over the fewest claims, and among those the surest.
    ///
    /// Args:
    ///     hops: Claims at most, 1 to 6.
    #[pyo3(signature = (start, end, *, hops: "int" = 6, valid_at = None, as_of = None))]
    fn path(
        &self,
        py: Python<'_>,
        start: Given<String>,
        end: Given<String>,
        #[pyo3(from_py_with = plain)] hops: usize,
        valid_at: Option<Given<core::Timestamp>>,
        as_of: Option<Given<core::Timestamp>>,
    ) -> PyResult<Told<ConnectionParts>> {
        let query = core::PathQuery { hops, view: view(valid_at, as_of) };
        self.run(py, |tenant| tenant.path(&start.0, &end.0, &query)).map(|found| Told(found.into()))
    }
}
