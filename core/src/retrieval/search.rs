//! `search`: a question in, ranked records with their reasons out.

use std::collections::HashSet;

use super::answers::{Found, minute_of};
use super::asked::Asked;
use super::filter::Filter;
use super::fusion::{Signals, fuse, retention_factor};
use super::links::links;
use super::neighbourhood::Neighbourhood;
use super::query::Query;
use super::read::{check_limit, find, read_slots};
use super::view::View;
use super::weights::Weights;
use crate::error::{Code, Error, Result};
use crate::index::{Bitmap, QueryVector};
use crate::limits::{QUERY_BYTES_MAX, SEARCH_LIMIT_MAX};
use crate::model::{Hit, Id, ScoreParts, Timestamp, normalised};
use crate::observe::Verb;
use crate::tenancy::{Counters, Tenant, Vectors, WorkingSet, embed_texts, space_of, vector_of};

/// What each leg finds at least; a search for many hits finds twice as many as it is asked for.
const LEG_LIMIT: usize = 50;

/// Records whose exact vectors are read for a query by vector alone, at least, and as a multiple of the limit.
const EXACT_LIMIT: usize = 40;
const EXACT_FACTOR: usize = 3;

/// A slot in its place.
struct Ranked {
    slot: u32,
    id: Id,
    score: f32,
    parts: ScoreParts,
}

impl Tenant {
    /// The best records for a question, best first.
    ///
    /// By text and vector, both legs (cosine and BM25) find candidates, and what was said around them counts
    /// too, as do the times, the speaker and the titles that the question names, and titles that the best finds name: see
    /// [`Weights`]. By vector alone the order is that of the exact cosines, times the retention of
    /// atoms. A text gets its vector from the embedder;
    /// if that fails, the search goes on by words. Ties are broken by id. Fewer hits than asked for means
    /// that there are no more. The scope of the handle narrows the filter.
    ///
    /// # Errors
    /// `query.empty`, `text.too_long`, `vector.*`, `range.invalid` for a limit outside 1 to 1000, those of a
    /// filter, `row.damaged`.
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

    /// Searches, and tells how long what was found holds.
    pub(super) fn find_answer(&self, query: Query) -> Result<Found> {
        let now = self.common().now();
        let nothing = Found { hits: Vec::new(), version: 0, now, until: Timestamp::MAX, is_whole: false };
        let Some(query) = self.checked(query)? else { return Ok(nothing) };
        let is_whole = query.vector.is_some() || self.common().space.is_none();
        if query.view != View::default() {
            return Ok(Found { hits: self.search_in_time(query, now)?, ..nothing });
        }
        let (ranked, version, until) = self.ranked(&query, now)?;
        let (hits, is_steady) = self.read_hits(&query, ranked, now)?;
        Ok(Found { hits, version, now, until, is_whole: is_whole && is_steady })
    }

    /// The records of what was ranked, and whether none of them has several periods.
    fn read_hits(&self, query: &Query, ranked: Vec<Ranked>, now: Timestamp) -> Result<(Vec<Hit>, bool)> {
        let slots: Vec<u32> = ranked.iter().map(|ranked| ranked.slot).collect();
        let snapshot = self.snapshot()?;
        let curve = self.curve_for(&query.filter, snapshot.as_ref())?;
        let records = read_slots(snapshot.as_ref(), &slots)?;
        let mut hits = Vec::with_capacity(ranked.len());
        let mut is_steady = true;
        for (record, Ranked { id, score, parts, .. }) in records.into_iter().zip(ranked) {
            // A record updated since the ranking has moved to another slot; one deleted since is gone; and one
            // changed since must still be what was asked for.
            let record = record.map_or_else(|| find(snapshot.as_ref(), id), |stored| Ok(Some(stored)))?;
            let atom = record.as_ref().and_then(|stored| stored.record.as_atom());
            is_steady &= atom.is_none_or(|atom| atom.periods().count() == 1);
            let accepted = record.filter(|stored| query.filter.accepts(stored, curve, now));
            hits.extend(accepted.map(|stored| Hit { record: stored.record, score, parts }));
        }
        Ok((hits, is_steady))
    }

    /// The best records as a view shows them.
    fn search_in_time(&self, query: Query, now: Timestamp) -> Result<Vec<Hit>> {
        let wide = Filter { historical: true, ..query.filter.clone() };
        let wide = Query { filter: wide, limit: SEARCH_LIMIT_MAX, ..query.clone() };
        let (ranked, ..) = self.ranked(&wide, now)?;
        let mut hits = Vec::new();
        for Ranked { id, score, parts, .. } in ranked {
            if hits.len() == query.limit {
                break;
            }
            let record = match self.as_shown(id, query.view) {
                Ok(record) => record,
                Err(error) if error.code() == Code::RecordNotFound => continue,
                Err(error) => return Err(error),
            };
            let held =
                record.as_atom().is_none_or(|atom| query.filter.historical || query.view.shows(atom, now));
            if held {
                hits.push(Hit { record, score, parts });
            }
        }
        Ok(hits)
    }

    /// The best slots for a checked question, the version that they are of, and until when they are.
    fn ranked(&self, query: &Query, now: Timestamp) -> Result<(Vec<Ranked>, u64, Timestamp)> {
        let minute = minute_of(now);
        self.read(|set| {
            let analyzer = self.common().analyzers.of(set.config.language);
            let near = |vector: &[f32]| set.vectors_in(&space_of(self.common(), vector));
            let vectors = query.vector.as_deref().map(near).transpose()?;
            let vector = vectors.zip(query.vector.as_deref());
            let allowed = query.filter.allowed(set, now);
            let asked = query.text.as_deref().map(|text| Asked::of(text, set, analyzer, &allowed, now));
            let asked = asked.unwrap_or_default();
            let ranked = match vector {
                Some(vector) if asked.terms.is_empty() => {
                    self.by_vector(set, vector, &allowed, minute, query.limit)?
                }
                vector => {
                    self.by_both(set, vector, (&asked, &query.weights), &allowed, minute, query.limit)?
                }
            };
            Ok((ranked, set.version, set.next_change(now)))
        })
    }

    /// The query with the handle's scope and, where it can be had, its vector of unit length; `None` if no record
    /// can be in both scopes.
    fn checked(&self, mut query: Query) -> Result<Option<Query>> {
        check_limit("a search", query.limit, SEARCH_LIMIT_MAX)?;
        query.weights.check()?;
        let filter = self.narrowed(&query.filter)?;
        query.text = query.text.filter(|text| !text.trim().is_empty());
        if let Some(text) = query.text.as_ref().filter(|text| text.len() > QUERY_BYTES_MAX) {
            return Err(Error::draft(Code::TextTooLong, "a query is too long")
                .got(format!("{} bytes", text.len()))
                .expected(format!("at most {QUERY_BYTES_MAX} bytes"))
                .remedy("ask for what matters"));
        }
        query.vector = match (query.vector, &query.text) {
            (Some(vector), _) => Some(normalised(&vector)?),
            // A failing embedder is no error: the search goes on by words.
            (None, Some(text)) => embed_texts(self.common(), &[text]).vectors.pop().flatten(),
            (None, None) => {
                return Err(Error::draft(Code::QueryEmpty, "a query asks for nothing")
                    .got("neither text nor vector")
                    .expected("a text, a vector, or both")
                    .remedy("use list to see all records"));
            }
        };
        Ok(filter.map(|filter| Query { filter, ..query }))
    }

    fn by_both(
        &self,
        set: &WorkingSet,
        vector: Option<(Vectors<'_>, &[f32])>,
        (asked, weights): (&Asked, &Weights),
        allowed: &Bitmap,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Ranked>> {
        let leg_limit = LEG_LIMIT.max(2 * limit);
        let vector = vector.map(|(vectors, vector)| (vectors.index, QueryVector::of(vector)));
        let vector = vector.as_ref().map(|(index, query)| (*index, query));
        let dense = vector.map(|(index, query)| index.nearest(query, allowed, leg_limit)).unwrap_or_default();
        let bm25 = set.text.score(&asked.terms, &set.columns.length, allowed, leg_limit);
        let lexical = bm25.best(allowed, leg_limit);
        let named = asked.named.iter().copied().filter(|_| weights.named != 0.0);
        let found = dense.iter().chain(&lexical).map(|&(slot, _)| slot).chain(named);
        let signals = Signals { vector, bm25: &bm25, asked, weights };
        let (mut scored, scale) = fuse(set, &Neighbourhood::around(set, found, allowed), &signals, now, None);
        let analyzer = self.common().analyzers.of(set.config.language);
        let links = links(set, analyzer, self.snapshot()?.as_ref(), &scored, &signals, allowed)?;
        if !links.linked.is_empty() {
            let known: HashSet<u32> = scored.iter().map(|(slot, _)| *slot).collect();
            let is_new = |slot: &u32| links.linked.contains_key(slot) && !known.contains(slot);
            let new = links.linked.keys().copied().filter(is_new);
            let (others, _) =
                fuse(set, &Neighbourhood::around(set, new, allowed), &signals, now, Some(scale));
            // Their neighbours are not linked to.
            scored.extend(others.into_iter().filter(|(slot, _)| is_new(slot)));
        }
        for (slot, parts) in &mut scored {
            parts.linked = weights.linked * links.linked.get(slot).copied().unwrap_or(0.0);
            parts.bridged = weights.bridged * links.bridged.get(slot).copied().unwrap_or(0.0);
        }
        Ok(rank(set, scored, limit))
    }

    /// The cascade's last stage: the exact vectors of what the codes found.
    fn by_vector(
        &self,
        set: &WorkingSet,
        (vectors, vector): (Vectors<'_>, &[f32]),
        allowed: &Bitmap,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Ranked>> {
        let nearest =
            vectors.index.nearest(&QueryVector::of(vector), allowed, EXACT_LIMIT.max(EXACT_FACTOR * limit));
        let rows: Vec<_> = nearest.iter().map(|&(slot, _)| vectors.key(slot)).collect();
        let exact = self.snapshot()?.get_many(&rows)?;
        let cosine = |row: Vec<u8>| -> f32 { vector_of(&row).iter().zip(vector).map(|(a, b)| a * b).sum() };
        let ranked = nearest.into_iter().zip(exact).map(|((slot, coded), row)| {
            let cosine = row.map_or(coded, cosine);
            let retention = retention_factor(set, slot, now);
            let parts =
                ScoreParts { cosine: Some(cosine), dense: cosine, retention, ..ScoreParts::default() };
            (slot, parts)
        });
        Ok(rank(set, ranked.collect(), limit))
    }
}

/// The best, best first; ties by id.
fn rank(set: &WorkingSet, scored: Vec<(u32, ScoreParts)>, limit: usize) -> Vec<Ranked> {
    let place = |(slot, parts): (u32, ScoreParts)| {
        let id = Id::from_u128(set.columns.id.get(slot as usize).copied().unwrap_or(0));
        Ranked { slot, id, score: parts.score(), parts }
    };
    let mut ranked: Vec<Ranked> = scored.into_iter().map(place).collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    ranked.truncate(limit);
    ranked
}
