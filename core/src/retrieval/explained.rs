//! `explain_search` and `explain_missing`: how a question was read, and why a record did not come back.

use std::fmt;

use super::query::Query;
use super::read::find;
use super::search::{Asking, Ranking};
use super::view::View;
use super::weights::Weights;
use crate::error::Result;
use crate::limits::SEARCH_LIMIT_MAX;
use crate::model::{Hit, Id, Period, Record, ScoreParts, Standing, Timestamp};
use crate::observe::Verb;
use crate::tenancy::{Stored, Tenant};

/// How a question was read, what was found by what, and the hits.
#[derive(Clone, Debug, PartialEq)]
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
    /// Records that its filter accepts.
    pub accepted: usize,
    /// The legs, each with how many records it found.
    pub legs: Vec<(&'static str, usize)>,
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
    /// There is no such record for this handle.
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
    /// It was scored, and so many scored more.
    Outranked {
        /// Its place, from 1.
        rank: usize,
        /// What its score is made of.
        parts: Box<ScoreParts>,
        /// What the last hit scored.
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
            let hits = self.find_answer(query.clone())?.hits;
            let empty = SearchExplanation {
                names: Vec::new(),
                aliases: Vec::new(),
                own: None,
                dates: Vec::new(),
                asks_when: false,
                quotes: 0,
                words: 0,
                has_vector: false,
                accepted: 0,
                legs: Vec::new(),
                scored: 0,
                weights,
                hits,
            };
            let Some(asking) = self.checked(query)? else { return Ok(empty) };
            let Ranking { ranked, legs, accepted, asked, aliases, own, .. } =
                self.ranked(&asking, now, None)?;
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
                legs,
                scored: ranked.len(),
                ..empty
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
    /// assert!(matches!(why, Absence::Outranked { rank: 2, .. }), "{why}");
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
        let hits = self.find_answer(query.clone())?.hits;
        for (rank, hit) in (1..).zip(&hits) {
            if hit.record.id() == id {
                return Ok(Absence::Found { rank });
            }
            if hit.also.contains(&id) {
                return Ok(Absence::Clustered { with: hit.record.id(), rank });
            }
        }
        let Some(stored) = find(self.snapshot()?.as_ref(), id)? else { return Ok(Absence::Unknown) };
        let Some(asking) = self.checked(query)? else { return Ok(Absence::OtherScope) };
        let in_time = asking.query.view != View::default();
        if let Some(reason) = kept_out(&asking, &stored, in_time, now) {
            return Ok(reason);
        }
        if in_time && self.as_shown(id, asking.query.view).is_err() {
            return Ok(Absence::NotInView);
        }
        let asking = if in_time { asking.wide(SEARCH_LIMIT_MAX) } else { asking };
        let ranked = self.ranked(&asking, now, Some(id))?.ranked;
        let Some(at) = ranked.iter().position(|ranked| ranked.id == id) else { return Ok(Absence::Filtered) };
        let parts = ranked.get(at).map(|ranked| ranked.parts).unwrap_or_default();
        let found = self.ranked(&asking, now, None)?.ranked.iter().any(|ranked| ranked.id == id);
        let last = hits.last().map_or(0.0, |hit| hit.score);
        Ok(Absence::Outranked { rank: at + 1, parts: Box::new(parts), last, found })
    }
}

/// What of the filter keeps a record out, if anything does.
fn kept_out(asking: &Asking<'_>, stored: &Stored, in_time: bool, now: Timestamp) -> Option<Absence> {
    let filter = &asking.sieve.filter;
    let same = |wanted: &Option<String>, label: &Option<String>| wanted.is_none() || wanted == label;
    let (wanted, labels) = (&filter.scope, stored.record.scope());
    if !(same(&wanted.user, &labels.user)
        && same(&wanted.agent, &labels.agent)
        && same(&wanted.session, &labels.session))
    {
        return Some(Absence::OtherScope);
    }
    match &stored.record {
        Record::Episode(episode) => {
            if stored.trace.archived_at.is_some() && !filter.archived {
                return Some(Absence::Archived);
            }
            if episode.quarantined && !filter.quarantined {
                return Some(Absence::Quarantined);
            }
            if let Some(at) = episode.expires_at.filter(|at| *at <= now) {
                return Some(Absence::Expired { at });
            }
        }
        Record::Atom(atom) => {
            let gone =
                matches!(atom.standing, Standing::Historical(_)) || !atom.held_at(now.max(atom.recorded_at));
            if gone && !filter.historical && !in_time {
                return Some(Absence::NotCurrent);
            }
        }
    }
    let accepted = asking.sieve.accepts(stored, now) || in_time && stored.record.as_atom().is_some();
    (!accepted).then_some(Absence::Filtered)
}
