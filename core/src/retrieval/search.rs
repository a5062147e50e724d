//! `search`: a question in, ranked records with their reasons out.

use std::fmt;
use std::str::FromStr;

use super::aliases::aliases;
use super::answers::{Found, minute_of};
use super::asked::{Asked, Question};
use super::asking::{Asking, Ranked};
use super::candidates::{Candidates, Search};
use super::patience::Patience;
use super::query::Query;
use super::view::View;
use crate::error::{Code, Error, Result};
use crate::limits::SEARCH_LIMIT_MAX;
use crate::model::{Hit, Id, ScoreParts, Timestamp, normalised};
use crate::observe::Verb;
use crate::tenancy::{Counters, Tenant, WorkingSet, embed_texts, space_of};

/// What each leg finds at least; a search for many hits finds twice as many as it is asked for.
const LEG_LIMIT: usize = 50;

/// The name of the one who asks where neither a handle nor a filter names a user; messages are read under the same.
const NOBODY: &str = "user";

/// The candidates of a question in their order.
pub(super) struct Ranking {
    pub(super) ranked: Vec<Ranked>,
    /// What each leg found.
    pub(super) legs: Vec<(&'static str, usize)>,
    /// Records that the filter accepts.
    pub(super) accepted: usize,
    /// What the question was read as.
    pub(super) asked: Asked,
    pub(super) aliases: Vec<String>,
    /// The name of the one who asks.
    pub(super) own: String,
    /// The version of the tenant that it is of, and until when it is.
    pub(super) version: u64,
    until: Timestamp,
    /// Whether names were looked up in that version.
    is_named_as_now: bool,
}

/// Where the next page of a search begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SearchCursor(u32);

impl fmt::Display for SearchCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rank:{}", self.0)
    }
}

impl FromStr for SearchCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let rank = text.strip_prefix("rank:").and_then(|rank| rank.parse().ok());
        rank.map(SearchCursor).ok_or_else(|| {
            Error::draft(Code::CursorMalformed, "a cursor is not one of a search")
                .got(format!("{} bytes of text", text.len()))
                .expected("a cursor that a search returned")
                .remedy("start the search again without a cursor")
        })
    }
}

/// A page of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchPage {
    /// Hits in their order.
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` behind the last hit.
    pub next: Option<SearchCursor>,
}

impl Tenant {
    /// The best records for a question, best first.
    ///
    /// By text and vector, both legs (cosine and BM25) find candidates, and what was said around them counts
    /// too, as do the times, the speaker, the titles and the entities that the question names, what a walk over atoms leads to
    /// from these, and titles that the best finds name: see [`Weights`](crate::Weights). By vector alone the order is that of
    /// the exact cosines, times the retention of atoms. A text gets its vector from the embedder;
    /// if that fails, the search goes on by words. Where history is asked for, the version that took the place of another
    /// comes before it. Ties are broken by id. Fewer hits than asked for means
    /// that there are no more. The scope of the handle narrows the filter.
    ///
    /// # Errors
    /// `query.empty`, `text.too_long`, `vector.*`, `range.invalid` for a limit outside 1 to 1000 or another number outside its
    /// range, `search.deadline`, those of a filter, `row.damaged`.
    pub fn search(&self, query: impl Into<Query>) -> Result<Vec<Hit>> {
        let query = query.into();
        self.call(Verb::Search, |work| {
            work.given(query.limit);
            let hits = self.answer(query)?;
            work.found(hits.len());
            Counters::add(&self.common().calls.hits_returned, hits.len() as u64);
            Ok(hits)
        })
    }

    /// The hits of a question a page at a time, of `query.limit` hits each: the thousand best in all. Every page ranks them
    /// anew; what is written between two pages may show a hit twice, or not at all.
    ///
    /// # Errors
    /// Those of [`Tenant::search`].
    pub fn search_page(&self, query: impl Into<Query>, cursor: Option<SearchCursor>) -> Result<SearchPage> {
        let query = query.into();
        self.call(Verb::SearchPage, |work| {
            work.given(query.limit);
            query.check()?;
            let all = Query { limit: SEARCH_LIMIT_MAX, ..query.clone() };
            let from = cursor.map_or(0, |SearchCursor(rank)| rank as usize);
            let mut hits = self.answer(all)?;
            let next = hits.len() > from.saturating_add(query.limit);
            hits = hits.into_iter().skip(from).take(query.limit).collect();
            work.found(hits.len());
            Ok(SearchPage { next: next.then(|| SearchCursor((from + hits.len()) as u32)), hits })
        })
    }

    /// Searches, and tells how long what was found holds.
    pub(super) fn find_answer(&self, query: Query) -> Result<Found> {
        let now = self.common().now();
        let nothing = Found { hits: Vec::new(), version: 0, now, until: Timestamp::MAX, is_whole: false };
        let Some(asking) = self.checked(query)? else { return Ok(nothing) };
        let is_whole = asking.query.vector.is_some() || self.common().space.is_none();
        let Ranking { ranked, version, until, is_named_as_now, .. } = self.ranked(&asking, now, None)?;
        let (hits, is_steady) = self.hits_of(&asking, ranked, now)?;
        Ok(Found { hits, version, now, until, is_whole: is_whole && is_steady && is_named_as_now })
    }

    /// The best slots for a checked question; `wanted` is a candidate whatever the legs find.
    pub(super) fn ranked(&self, asking: &Asking<'_>, now: Timestamp, wanted: Option<Id>) -> Result<Ranking> {
        let Asking { query, sieve, judge } = asking;
        let limit = if judge.is_some() { SEARCH_LIMIT_MAX } else { query.limit };
        self.read(|set| {
            // As new as what is searched, or newer.
            let snapshot = self.snapshot()?;
            let analyzer = self.common().analyzers.of(set.config.language);
            let vectors = query
                .vector
                .as_deref()
                .map(|vector| Ok((set.vectors_in(&space_of(self.common(), vector))?, vector)));
            let vector = vectors.transpose()?;
            let allowed = sieve.allowed(set, snapshot.as_ref(), now)?;
            let text = query.text.as_deref().unwrap_or_default();
            let user = sieve.filter.scope.user.as_deref();
            let (own, aliases) = (user.unwrap_or(NOBODY), aliases(&snapshot, snapshot.as_ref(), text, user)?);
            let question = Question { text, own, aliases: &aliases };
            let asked = Asked::of(&question, set, analyzer, &allowed, now);
            let search = Search {
                set,
                snapshot: snapshot.as_ref(),
                analyzer,
                allowed: &allowed,
                asked: &asked,
                weights: &query.weights,
                relations: self.common().relations.of(set.config.language, analyzer),
                now: minute_of(now),
                limit,
                pool: LEG_LIMIT.max(2 * limit),
                wanted: wanted.and_then(|id| set.columns.slot_of(id)),
                patience: sieve.patience,
            };
            let Candidates { scored, legs } = match vector {
                Some(vector) if asked.terms.is_empty() => search.by_vector(vector)?,
                vector => search.by_both(vector)?,
            };
            sieve.patience.check()?;
            let (ranked, accepted) = (in_order(set, scored), allowed.len());
            let (version, until) = (set.version, set.next_change(now));
            let is_named_as_now =
                snapshot.version() == version && sieve.named_at.is_none_or(|at| at == version);
            let own = own.to_owned();
            Ok(Ranking { ranked, legs, accepted, asked, aliases, own, version, until, is_named_as_now })
        })
    }

    /// The query with the handle's scope and, where it can be had, its vector of unit length; `None` if no record
    /// can be in both scopes.
    pub(super) fn checked(&self, mut query: Query) -> Result<Option<Asking<'_>>> {
        query.check()?;
        let context = self.common();
        let patience = Patience::new(context.clock.as_ref(), query.deadline);
        let Some(sieve) = self.narrowed(&query.filter)? else { return Ok(None) };
        let sieve = sieve.with_patience(patience);
        let (sieve, judge) = match query.view == View::default() {
            true => (sieve, None),
            false => (sieve.of_all_times(), Some(sieve)),
        };
        query.text = query.text.filter(|text| !text.trim().is_empty());
        query.vector = match (query.vector, &query.text) {
            (Some(vector), _) => Some(normalised(&vector)?),
            // A failing embedder is no error: the search goes on by words.
            (None, Some(text)) => embed_texts(context, &[text], &|| Ok(()))?.vectors.pop().flatten(),
            (None, None) => None,
        };
        patience.check()?;
        Ok(Some(Asking { query, sieve, judge }))
    }
}

/// All candidates, best first; ties by id.
fn in_order(set: &WorkingSet, scored: Vec<(u32, ScoreParts)>) -> Vec<Ranked> {
    let place = |(slot, parts): (u32, ScoreParts)| {
        let id = Id::from_u128(set.columns.id.get(slot as usize).copied().unwrap_or(0));
        Ranked { slot, id, score: parts.score(), parts }
    };
    let mut ranked: Vec<Ranked> = scored.into_iter().map(place).collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    ranked
}
