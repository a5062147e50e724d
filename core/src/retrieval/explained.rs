//! `explain_search` and `explain_missing`: how a question was read, and why a record did not come back.

use std::fmt;

use super::asking::Asking;
use super::filter::Filter;
use super::query::Query;
use super::read::find;
use super::search::Ranking;
use super::sieve::is_current;
use super::view::View;
use super::weights::Weights;
use crate::error::{Code, Result};
use crate::model::{Hit, Id, Period, ScoreParts, Timestamp};
use crate::observe::Verb;
use crate::tenancy::{Stored, Tenant};

/// How a question was read, what was found by what, and the hits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchExplanation {
    /// Titles and entities that it names, as it writes them.
    pub names: Vec<String>,
    /// Other names of these entities, which it was asked with, too.
    pub aliases: Vec<String>,
    /// The one who asks, if the question speaks of him.
    pub own: Option<String>,
    /// The days that it names, each from the beginning of the first to the end of the last; those of every year are not among
    /// them.
    pub dates: Vec<Period>,
    /// Whether it asks when something was.
    pub asks_when: bool,
    /// Quotes in it that were looked for word for word.
    pub quotes: usize,
    /// Its words that count, other names of entities included.
    pub words: usize,
    /// Whether it had a vector.
    pub has_vector: bool,
    /// Records that its filter accepts, as far as the columns tell.
    pub accepted: usize,
    /// The legs, each with how many records it found.
    pub legs: Vec<(String, usize)>,
    /// Records that were scored: what the legs found, and their neighbours and links.
    pub scored: usize,
    /// What each part of a score counted.
    pub weights: Weights,
    /// The hits, each with its parts.
    pub hits: Vec<Hit>,
}

/// Why a record is not among the hits of a question, or where it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Absence {
    /// It is a hit: the one of this place, from 1.
    Found {
        /// Its place.
        rank: usize,
    },
    /// There is no such record in this tenant.
    Unknown,
    /// It is labelled with another user, agent or session than the filter and the handle accept.
    OtherScope,
    /// It is archived, and the filter leaves archived episodes out.
    Archived,
    /// It is in quarantine, and the filter leaves such episodes out.
    Quarantined,
    /// It expired at this moment.
    Expired {
        /// When.
        at: Timestamp,
    },
    /// It is no longer current, or its time has not come, and the filter leaves such atoms out.
    NotCurrent,
    /// Another condition of the filter is not true of it.
    Filtered,
    /// It was not known, or not true, at the moments from which the question looks.
    NotInView,
    /// It is one with a hit that scored more: see [`Hit::also`](crate::Hit::also).
    Clustered {
        /// The hit.
        with: Id,
        /// The hit's place, from 1.
        rank: usize,
    },
    /// It cannot be scored: the question is a vector, and the record waits for its own.
    Unscored,
    /// It was scored, and did not come among the hits.
    Outranked {
        /// Its place among all that were scored, from 1; before what says the same becomes one hit, and before a reranker
        /// or diversity changes the order.
        rank: usize,
        /// What its score is made of.
        parts: Box<ScoreParts>,
        /// What the last hit scored, by the reranker where that was asked.
        last: f32,
        /// Whether a leg found it; if not, it is scored here as if one had.
        found: bool,
    },
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Absence::Found { rank } => write!(f, "it is hit number {rank}"),
            Absence::Unknown => f.write_str("there is no such record"),
            Absence::OtherScope => f.write_str("it belongs to another user, agent or session"),
            Absence::Archived => f.write_str("it is archived, and archived episodes were not asked for"),
            Absence::Quarantined => f.write_str("the guard keeps it in quarantine"),
            Absence::Expired { at } => write!(f, "it expired at {at}"),
            Absence::NotCurrent => f.write_str("it is not current, and history was not asked for"),
            Absence::Filtered => f.write_str("the filter does not accept it"),
            Absence::NotInView => {
                f.write_str("it was not known, or not true, at the moment that was asked for")
            }
            Absence::Unscored => f.write_str("it has no vector yet, and the question is one"),
            Absence::Clustered { rank, .. } => {
                write!(f, "it says the same as hit number {rank}, which scored more")
            }
            Absence::Outranked { rank, parts, last, found } => {
                let score = parts.score();
                let missed = if *found {
                    ""
                } else {
                    " if it had been found by its vector or its words, which it was not"
                };
                write!(
                    f,
                    "it would be number {rank} with {score:.2} against {last:.2} of the last hit{missed}: {parts}"
                )
            }
        }
    }
}

impl fmt::Display for SearchExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let legs: Vec<String> = self.legs.iter().map(|(leg, count)| format!("{count} by {leg}")).collect();
        writeln!(f, "of {} records {} were scored ({})", self.accepted, self.scored, legs.join(", "))?;
        let mut read = vec![format!("{} words", self.words)];
        let several = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
        };
        read.extend(several("names", &self.names));
        read.extend(several("also known as", &self.aliases));
        read.extend(self.own.as_ref().map(|own| format!("asked by {own}")));
        read.extend((!self.dates.is_empty()).then(|| format!("{} dates", self.dates.len())));
        read.extend((self.quotes > 0).then(|| format!("{} quotes", self.quotes)));
        read.extend(self.asks_when.then(|| "asks when".to_owned()));
        writeln!(f, "the question: {}", read.join("; "))?;
        for (rank, hit) in (1..).zip(&self.hits) {
            writeln!(f, "{rank}. {:.2}: {}", hit.score, hit.why())?;
        }
        Ok(())
    }
}

impl Tenant {
    /// How a question is read, what its legs find, and its hits, each with all that its score is made of.
    ///
    /// # Errors
    /// Those of [`Tenant::search`].
    pub fn explain_search(&self, query: impl Into<Query>) -> Result<SearchExplanation> {
        let query = query.into();
        self.call(Verb::ExplainSearch, |work| {
            work.given(query.limit);
            let (now, weights) = (self.common().now(), query.weights);
            let Some(asking) = self.checked(query)? else {
                return Ok(SearchExplanation { weights, ..SearchExplanation::default() });
            };
            let Ranking { ranked, legs, accepted, asked, aliases, own, .. } =
                self.ranked(&asking, now, None)?;
            let scored = ranked.len();
            let hits = self.hits_of(&asking, ranked, now)?.0;
            Ok(SearchExplanation {
                names: asked.names,
                aliases,
                own: asked.is_own.then_some(own),
                dates: asked.dates.periods(),
                asks_when: asked.is_when,
                quotes: asked.quotes.len(),
                words: asked.terms.len(),
                has_vector: asking.query.vector.is_some(),
                accepted,
                legs: legs.into_iter().map(|(leg, count)| (leg.to_owned(), count)).collect(),
                scored,
                weights,
                hits,
            })
        })
    }

    /// Why a record is not among the hits of a question, or where it is.
    ///
    /// ```
    /// use ebbmark::{Absence, NewEpisode, Options, Query, Store};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let added = tenant.add(vec![NewEpisode::user("I moved to Porto."), NewEpisode::user("It rained.")])?;
    /// let why = tenant.explain_missing(Query::text("Where did she move?").limit(1), added.ids[1])?;
    /// assert!(matches!(why, Absence::Outranked { .. }), "{why}");
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Tenant::search`]; none for a record that does not exist.
    pub fn explain_missing(&self, query: impl Into<Query>, id: Id) -> Result<Absence> {
        let query = query.into();
        self.call(Verb::ExplainMissing, |work| {
            work.id(id);
            self.absence(query, id)
        })
    }

    fn absence(&self, query: Query, id: Id) -> Result<Absence> {
        let now = self.common().now();
        let Some(asking) = self.checked(query)? else {
            let known = find(self.snapshot()?.as_ref(), id)?.is_some();
            return Ok(if known { Absence::OtherScope } else { Absence::Unknown });
        };
        let ranked = self.ranked(&asking, now, None)?.ranked;
        let found = ranked.iter().any(|ranked| ranked.id == id);
        let hits = self.hits_of(&asking, ranked, now)?.0;
        for (rank, hit) in (1..).zip(&hits) {
            if hit.record.id() == id {
                return Ok(Absence::Found { rank });
            }
            if hit.also.contains(&id) {
                return Ok(Absence::Clustered { with: hit.record.id(), rank });
            }
        }
        let Some(stored) = find(self.snapshot()?.as_ref(), id)? else { return Ok(Absence::Unknown) };
        if let Some(reason) = self.kept_out(&asking, stored, now)? {
            return Ok(reason);
        }
        let ranked = self.ranked(&asking, now, Some(id))?.ranked;
        let Some(at) = ranked.iter().position(|ranked| ranked.id == id) else { return Ok(Absence::Unscored) };
        let parts = ranked.get(at).map(|ranked| ranked.parts).unwrap_or_default();
        let last = hits.last().map_or(0.0, |hit| hit.score);
        Ok(Absence::Outranked { rank: at + 1, parts: Box::new(parts), last, found })
    }

    /// What of the filter keeps a record out, if anything does.
    fn kept_out(&self, asking: &Asking<'_>, stored: Stored, now: Timestamp) -> Result<Option<Absence>> {
        let judge = asking.judge.as_ref().unwrap_or(&asking.sieve);
        if let Some(reason) = plain_reason(&judge.filter, &stored, now) {
            return Ok(Some(reason));
        }
        let view = asking.query.view;
        let accepted = if view == View::default() {
            let atom = stored.record.as_atom().filter(|_| !judge.filter.historical);
            if atom.is_some_and(|atom| !is_current(atom, now)) {
                return Ok(Some(Absence::NotCurrent));
            }
            judge.accepts(&stored, now)
        } else {
            let shown = match self.as_shown(stored.record.id(), view) {
                Ok(record) => Stored { record, ..stored },
                Err(error) if error.code() == Code::RecordNotFound => return Ok(Some(Absence::NotInView)),
                Err(error) => return Err(error),
            };
            let atom = shown.record.as_atom().filter(|_| !judge.filter.historical);
            if atom.is_some_and(|atom| !view.shows(atom, now)) {
                return Ok(Some(Absence::NotInView));
            }
            judge.accepts_shown(&shown, now)
        };
        Ok((!accepted).then_some(Absence::Filtered))
    }
}

/// Of the reasons to keep a record out those that have a name, and are the same in all its versions.
fn plain_reason(filter: &Filter, stored: &Stored, now: Timestamp) -> Option<Absence> {
    if !filter.scope.accepts(stored.record.scope()) {
        return Some(Absence::OtherScope);
    }
    let episode = stored.record.as_episode()?;
    if stored.trace.archived_at.is_some() && !filter.archived {
        return Some(Absence::Archived);
    }
    if episode.quarantined && !filter.quarantined {
        return Some(Absence::Quarantined);
    }
    episode.expires_at.filter(|at| *at <= now).map(|at| Absence::Expired { at })
}
