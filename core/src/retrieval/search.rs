//! `search`: a question in, ranked records with their reasons out.

use super::filter::Filter;
use super::fusion::{Signals, fuse, retention_factor};
use super::neighbourhood::Neighbourhood;
use super::query::{Hit, Query, ScoreParts};
use super::read::{check_limit, read_slots};
use crate::error::{Code, Error, Result};
use crate::index::{Bitmap, QueryVector};
use crate::limits::{QUERY_BYTES_MAX, QUERY_TERMS_MAX, SEARCH_LIMIT_MAX};
use crate::model::normalised;
use crate::storage::keys;
use crate::tenancy::{Tenant, WorkingSet, check_space, embed_texts, space_of, vector_of};

/// What each leg finds at least; a search for many hits finds twice as many as it is asked for.
const LEG_LIMIT: usize = 50;

/// Records whose exact vectors are read for a query by vector alone, at least, and as a multiple of the limit.
const EXACT_LIMIT: usize = 40;
const EXACT_FACTOR: usize = 3;

/// A ranked slot.
type Ranked = (u32, f32, ScoreParts);

impl Tenant {
    /// The best records for a question, best first.
    ///
    /// By text and vector, both legs (cosine and BM25) find candidates, and what was said around them counts
    /// too. By vector alone the order is that of the exact cosines. A text gets its vector from the embedder;
    /// if that fails, the search goes on by words. Ties are broken by id. Fewer hits than asked for means
    /// that there are no more. The scope of the handle narrows the filter.
    ///
    /// # Errors
    /// `query.empty`, `text.too_long`, `vector.*`, `range.invalid` for a limit outside 1 to 1000, those of a
    /// filter, `row.damaged`.
    pub fn search(&self, query: impl Into<Query>) -> Result<Vec<Hit>> {
        let query = self.checked(query.into())?;
        let terms = query.text.as_deref().map(|text| self.context().analyzer.question(text, QUERY_TERMS_MAX));
        let terms = terms.unwrap_or_default();
        let now = self.context().now();
        let ranked = self.read(|set| {
            if let Some(vector) = &query.vector {
                check_space(set.space.as_ref(), &space_of(self.context(), vector))?;
            }
            let allowed = query.filter.allowed(set, now);
            match &query.vector {
                Some(vector) if terms.is_empty() => Ok(self.by_vector(set, vector, &allowed, query.limit)?),
                vector => Ok(self.by_both(set, vector.as_deref(), &terms, &allowed, query.limit)),
            }
        })?;
        let slots: Vec<u32> = ranked.iter().map(|&(slot, _, _)| slot).collect();
        let records = read_slots(self.snapshot()?.as_ref(), &slots)?;
        let hits = records.into_iter().zip(ranked);
        // A record deleted since the ranking is gone, as it should be.
        Ok(hits
            .filter_map(|(stored, (_, score, parts))| Some(Hit { record: stored?.record, score, parts }))
            .collect())
    }

    /// The query with the handle's scope and, where it can be had, its vector of unit length.
    fn checked(&self, mut query: Query) -> Result<Query> {
        check_limit("a search", query.limit, SEARCH_LIMIT_MAX)?;
        query.filter = Filter { scope: query.filter.scope.or(self.scope()), ..query.filter };
        query.filter.check()?;
        query.text = query.text.filter(|text| !text.trim().is_empty());
        if let Some(text) = query.text.as_ref().filter(|text| text.len() > QUERY_BYTES_MAX) {
            return Err(Error::draft(Code::TextTooLong, "a query is too long")
                .got(format!("{} bytes", text.len()))
                .expected(format!("at most {QUERY_BYTES_MAX} bytes"))
                .remedy("ask for what matters"));
        }
        query.vector = match (query.vector, &query.text, self.context().embedder()) {
            (Some(vector), _, _) => Some(normalised(&vector)?),
            (None, Some(text), Some(embedder)) => {
                embed_texts(embedder, &[text]).ok().and_then(|mut vectors| vectors.pop())
            }
            (None, None, _) => {
                return Err(Error::draft(Code::QueryEmpty, "a query asks for nothing")
                    .got("neither text nor vector")
                    .expected("a text, a vector, or both")
                    .remedy("use list to see all records"));
            }
            (None, Some(_), None) => None,
        };
        Ok(query)
    }

    fn by_both(
        &self,
        set: &WorkingSet,
        vector: Option<&[f32]>,
        terms: &[u64],
        allowed: &Bitmap,
        limit: usize,
    ) -> Vec<Ranked> {
        let leg_limit = LEG_LIMIT.max(2 * limit);
        let vector = vector.map(QueryVector::of);
        let dense =
            vector.as_ref().map(|query| set.vectors.nearest(query, allowed, leg_limit)).unwrap_or_default();
        let bm25 = set.text.score(terms, &set.columns.length, allowed, leg_limit);
        let lexical = bm25.best(allowed, leg_limit);
        let found = dense.iter().chain(&lexical).map(|&(slot, _)| slot);
        let neighbourhood = Neighbourhood::around(set, found, allowed);
        let signals = Signals { vector: vector.as_ref(), bm25: Some(&bm25) };
        let parts = fuse(set, &neighbourhood, &signals, self.context().now());
        rank(set, parts.into_iter().map(|(slot, parts)| (slot, parts.score(), parts)).collect(), limit)
    }

    /// The cascade's last stage: the exact vectors of what the codes found.
    fn by_vector(
        &self,
        set: &WorkingSet,
        vector: &[f32],
        allowed: &Bitmap,
        limit: usize,
    ) -> Result<Vec<Ranked>> {
        let nearest =
            set.vectors.nearest(&QueryVector::of(vector), allowed, EXACT_LIMIT.max(EXACT_FACTOR * limit));
        let rows: Vec<_> = nearest.iter().map(|&(slot, _)| keys::vector(slot)).collect();
        let exact = self.snapshot()?.get_many(&rows)?;
        let cosine = |row: Vec<u8>| -> f32 { vector_of(&row).iter().zip(vector).map(|(a, b)| a * b).sum() };
        let ranked = nearest.into_iter().zip(exact).map(|((slot, coded), row)| {
            let cosine = row.map_or(coded, cosine);
            let retention = retention_factor(set, slot, self.context().now());
            let parts =
                ScoreParts { cosine: Some(cosine), dense: cosine, retention, ..ScoreParts::default() };
            (slot, parts.score(), parts)
        });
        Ok(rank(set, ranked.collect(), limit))
    }
}

/// The best, best first; ties by id.
fn rank(set: &WorkingSet, mut ranked: Vec<Ranked>, limit: usize) -> Vec<Ranked> {
    let id = |slot: u32| set.columns.id.get(slot as usize);
    ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(a.0).cmp(&id(b.0))));
    ranked.truncate(limit);
    ranked
}
