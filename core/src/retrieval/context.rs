//! `context`: what a question is answered from, packed for a prompt.

use std::collections::HashSet;
use std::fmt;

use super::facts::is_historical;
use super::filter::Filter;
use super::pack::{Pack, Piece, Printed, summary_header};
use super::query::Query;
use super::read::read_slots;
use super::sieve::Sieve;
use super::turns::{AROUND_MAX, Around};
use super::view::View;
use crate::error::{Code, Error, Result};
use crate::model::{Hit, Id, Record, Role, Timestamp};
use crate::observe::Verb;
use crate::tenancy::{Counting, Tenant, bad_summary};

/// Hits that are considered unless the query says otherwise.
const HITS: usize = 50;

/// The best hits that are taken with the turns around them; of the others these are taken when all hits are in. What is
/// most likely to hold the answer has to be understood; beyond that another hit tells more than what was said beside one.
const WITH_TURNS: usize = 3;

/// The share of a budget, one in so many, that is kept for a summary where something is left out.
const SUMMARY_SHARE: usize = 5;

/// The fewest tokens in which a summary says anything.
const SUMMARY_TOKENS_MIN: usize = 16;

/// What a context is asked for. Made of a text or a [`Query`], and built in chains:
/// `ContextQuery::from("Where does Mara live?").neighbours(2)`.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextQuery {
    /// The question. Its limit says how many hits are considered, 50 if the question is made of a text.
    pub query: Query,
    /// Turns of the same session on each side of a hit that are taken along if there is room, so that what it refers to is
    /// understood: 0 to 5, 1 unless said otherwise. They have to pass the filter of the query, too.
    pub neighbours: usize,
}

impl ContextQuery {
    /// With so many turns on each side of a hit, 0 to 5.
    #[must_use]
    pub fn neighbours(mut self, neighbours: usize) -> Self {
        self.neighbours = neighbours;
        self
    }

    /// Of so many hits, 1 to 1000.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.query.limit = limit;
        self
    }

    /// With a filter.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.query.filter = filter;
        self
    }

    /// From where in time.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.query.view = view;
        self
    }
}

impl From<Query> for ContextQuery {
    fn from(query: Query) -> Self {
        ContextQuery { query, neighbours: 1 }
    }
}

impl From<&str> for ContextQuery {
    fn from(text: &str) -> Self {
        Query::text(text).limit(HITS).into()
    }
}

impl From<String> for ContextQuery {
    fn from(text: String) -> Self {
        Query::text(text).limit(HITS).into()
    }
}

/// What a question is answered from, as text within a budget of tokens. Printed, it is the text.
///
/// The text has the facts first, those that hold by rank, and then what was said, in the order of time: turns that follow
/// one another under a header with their day and session, an ellipsis where turns between are left out. Every
/// record has a number in square brackets in front of it. The second line of a text, and those that follow, are set in.
#[derive(Clone, Debug, PartialEq)]
pub struct Context {
    /// The text, without a line break at its end.
    pub text: String,
    /// Its tokens, `budget` at most.
    pub tokens: usize,
    /// The tokens that it might have had.
    pub budget: usize,
    /// Where each part comes from, by their numbers.
    pub citations: Vec<Citation>,
    /// Hits that were considered and are not in it.
    pub left_out: usize,
    /// Whether the host's counter counted the tokens; if not, they were estimated.
    pub counted_by_host: bool,
    /// Whether it ends with what the host's summariser made of what is left out.
    pub summary: bool,
    /// Why a summary that was asked for is not in it.
    pub summary_error: Option<Error>,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Where a part of a context comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Its number in the text, from 1.
    pub number: usize,
    /// The record.
    pub id: Id,
    /// Who or what an episode comes from; `None` for a fact.
    pub role: Option<Role>,
    /// Who said it, where that is known.
    pub speaker: Option<String>,
    /// When it was said; of a fact, when it was last asserted.
    pub at: Timestamp,
    /// What an episode is about, or the title of what it was taken from.
    pub title: Option<String>,
    /// Whether only the beginning of it is in the text.
    pub cut: bool,
}

impl Citation {
    fn of(number: usize, piece: &Piece) -> Self {
        let (id, cut) = (piece.record.id(), piece.cut);
        match &piece.record {
            Record::Episode(episode) => Citation {
                number,
                id,
                role: Some(episode.role),
                speaker: episode.speaker.clone(),
                at: episode.occurred_at,
                title: episode.title.clone(),
                cut,
            },
            Record::Atom(atom) => {
                Citation { number, id, role: None, speaker: None, at: atom.asserted_at, title: None, cut }
            }
        }
    }
}

impl Tenant {
    /// What a question is answered from, packed for a prompt: facts, and what was said with the turns around it, each with
    /// a number that leads to its record. The best hits are taken first, as long as there is room; the text never has
    /// more than `budget_tokens` tokens, as the host's [`TokenCounter`](crate::TokenCounter) counts them, else as they are
    /// estimated. A hit that is too long for the whole budget is cut where a sentence or a word ends and marked "…", if it
    /// is the best one or a good part of the budget is left; what else does not fit is left out and counted, and goes to the
    /// host's [`Summarizer`](crate::Summarizer), the best first, for a fifth of the budget. In a budget in which nothing
    /// fits a context is empty. It is a search, and counted as one, too.
    ///
    /// ```
    /// use ebbmark::{NewEpisode, Options, Store, Timestamp};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// let noon = Timestamp::from_seconds(1_795_262_400);
    /// let turn = |turn: NewEpisode| turn.session("monday").occurred_at(noon);
    /// let said = tenant.add(vec![
    ///     turn(NewEpisode::user("I moved to Porto.").speaker("Mara")),
    ///     turn(NewEpisode::assistant("How do you like the river?")),
    /// ])?;
    /// let context = tenant.context("Where did Mara move?", 200)?;
    /// assert_eq!(context.text, "\
    /// Facts:
    /// [1] Mara lives in Porto
    ///
    /// 2026-11-21, session monday:
    /// [2] Mara: I moved to Porto.
    /// [3] assistant: How do you like the river?");
    /// assert_eq!(context.citations[1].id, said.ids[0]);
    /// assert!(context.tokens <= 200 && context.left_out == 0);
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `range.invalid` for a budget of 0 and for more than 5 neighbours; those of [`Tenant::search`].
    pub fn context(&self, query: impl Into<ContextQuery>, budget_tokens: usize) -> Result<Context> {
        let query = query.into();
        self.call(Verb::Context, |work| {
            work.given(budget_tokens);
            let context = self.packed(&query, budget_tokens)?;
            work.found(context.citations.len());
            Ok(context)
        })
    }

    fn packed(&self, query: &ContextQuery, budget: usize) -> Result<Context> {
        check(query, budget)?;
        // A fact and what it rests on are both told.
        let hits = self.search(Query { clustered: false, ..query.query.clone() })?;
        let sources = self.sources(query, hits)?;
        let counting = self.common().packing.counting();
        let whole = self.pack(&sources, &counting, budget)?;
        let left_out = sources.left_out(&whole);
        let share = budget / SUMMARY_SHARE;
        if left_out.is_empty() || !self.common().packing.can_summarize() || share < SUMMARY_TOKENS_MIN {
            return Ok(context_of(&sources, &whole, budget));
        }
        let shorter = self.pack(&sources, &counting, budget - share)?;
        Ok(match self.with_summary(&sources, shorter, &counting, (budget, share)) {
            Ok(summed) => Context { summary: true, ..context_of(&sources, &summed, budget) },
            Err(error) => Context { summary_error: Some(error), ..context_of(&sources, &whole, budget) },
        })
    }

    /// A pack with the summary of what it leaves out behind it.
    fn with_summary(
        &self,
        sources: &Sources<'_>,
        shorter: Printed,
        counting: &Counting,
        (budget, share): (usize, usize),
    ) -> Result<Printed> {
        let left_out: Vec<String> = sources.left_out(&shorter).into_iter().map(Piece::line).collect();
        let texts: Vec<&str> = left_out.iter().map(|line| line.trim_end()).collect();
        let room = share.saturating_sub(counting.count(&summary_header()));
        let summary = self.common().packing.summarize(&texts, room)?;
        let summed = shorter.with_summary(&summary, counting);
        let tokens = counting.count(&summary);
        if tokens > room || summed.tokens > budget {
            return Err(bad_summary(format!("{tokens} tokens"), room));
        }
        Ok(summed)
    }

    /// The hits, and where the turns around them are.
    fn sources(&self, query: &ContextQuery, hits: Vec<Hit>) -> Result<Sources<'_>> {
        let ids: Vec<Id> = hits.iter().map(|hit| hit.record.id()).collect();
        let around = self.turns_around(&ids, query.neighbours)?;
        let now = self.common().now();
        let sieve = self.narrowed(&query.query.filter)?;
        let view = query.query.view;
        let piece = |(rank, (hit, around)): (usize, (Hit, &Around))| match &hit.record {
            Record::Atom(atom) => {
                let current = view.shows(atom, now) && (view != View::default() || !is_historical(atom));
                Piece::fact(hit.record, rank, current)
            }
            Record::Episode(_) => Piece::episode(hit.record, Some(rank), around.turn),
        };
        let hits: Vec<Piece> = hits.into_iter().zip(&around).enumerate().map(piece).collect();
        Ok(Sources { hits, around, sieve, view, now })
    }

    /// Takes the best hits with the turns around them, then the other hits, then the turns around those that were taken.
    fn pack(&self, sources: &Sources<'_>, counting: &Counting, budget: usize) -> Result<Printed> {
        let most = sources.hits.len().saturating_mul(2 * AROUND_MAX + 1);
        let mut pack = Pack::new(counting, budget, most);
        let mut seen: HashSet<Id> = sources.hits.iter().map(|piece| piece.record.id()).collect();
        let mut taken: Vec<&Around> = Vec::new();
        for (rank, (piece, around)) in sources.hits.iter().zip(&sources.around).enumerate() {
            let is_in = !pack.is_full() && pack.take(piece.clone());
            if is_in && rank < WITH_TURNS {
                self.take_turns(sources, around, &mut pack, &mut seen)?;
            } else if is_in {
                taken.push(around);
            }
        }
        for around in taken {
            self.take_turns(sources, around, &mut pack, &mut seen)?;
        }
        Ok(pack.print())
    }

    /// Takes the turns around a hit that are no hits themselves, as long as there is room for them.
    fn take_turns(
        &self,
        sources: &Sources<'_>,
        around: &Around,
        pack: &mut Pack<'_>,
        seen: &mut HashSet<Id>,
    ) -> Result<()> {
        if around.near.is_empty() || pack.is_full() {
            return Ok(());
        }
        let Some(sieve) = &sources.sieve else { return Ok(()) };
        let snapshot = self.snapshot()?;
        let slots: Vec<u32> = around.near.iter().map(|turn| turn.slot).collect();
        for (stored, turn) in read_slots(snapshot.as_ref(), &slots)?.into_iter().zip(&around.near) {
            let Some(stored) = stored.filter(|stored| !seen.contains(&stored.record.id())) else { continue };
            if let Some(record) = self.shown(stored, sieve, sources.view, sources.now)? {
                seen.insert(record.id());
                pack.take(Piece::episode(record, None, Some(*turn)));
            }
        }
        Ok(())
    }
}

/// What was packed, as a context.
fn context_of(sources: &Sources<'_>, printed: &Printed, budget: usize) -> Context {
    Context {
        text: printed.text.clone(),
        tokens: printed.tokens,
        budget,
        citations: (1..).zip(&printed.pieces).map(|(number, piece)| Citation::of(number, piece)).collect(),
        left_out: sources.left_out(printed).len(),
        counted_by_host: printed.by_host,
        summary: false,
        summary_error: None,
    }
}

/// What a context is made of.
struct Sources<'a> {
    /// The hits by rank.
    hits: Vec<Piece>,
    /// The turns around each.
    around: Vec<Around>,
    /// What may be told; `None` where nothing can be.
    sieve: Option<Sieve<'a>>,
    view: View,
    now: Timestamp,
}

impl Sources<'_> {
    /// The hits that a pack leaves out, by rank.
    fn left_out(&self, printed: &Printed) -> Vec<&Piece> {
        let kept: HashSet<usize> = printed.pieces.iter().filter_map(|piece| piece.rank).collect();
        self.hits.iter().filter(|piece| piece.rank.is_some_and(|rank| !kept.contains(&rank))).collect()
    }
}

fn check(query: &ContextQuery, budget: usize) -> Result<()> {
    let (what, got, expected) = match () {
        () if budget == 0 => ("a context cannot have this budget", budget, "1 or more tokens".to_owned()),
        () if query.neighbours > AROUND_MAX => (
            "a context cannot have so many turns on each side of a hit",
            query.neighbours,
            format!("0 to {AROUND_MAX}"),
        ),
        () => return Ok(()),
    };
    Err(Error::draft(Code::RangeInvalid, what)
        .got(got)
        .expected(expected)
        .remedy("choose a number in that range"))
}
