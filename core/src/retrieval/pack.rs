//! The pack: which pieces of text go into a budget of tokens, and how they are printed.
//!
//! What is taken is decided in order of importance, and printed in the order in which it is read. Every piece is counted
//! once, with the headers that it may need; the whole is counted at the end.

use std::collections::HashMap;

use super::turns::Turn;
use crate::language::beginning;
use crate::model::{Atom, Episode, Record, Role, Scope, Standing, Timestamp};
use crate::tenancy::Counting;

/// What stands for the end of a text that was cut, and for turns between two that are left out.
const ELLIPSIS: &str = "…";

/// What stands before the facts.
const FACTS: &str = "Facts:\n";

/// What stands before a summary.
const SUMMARY: &str = "In short, what is left out:\n";

/// The share of the budget, one in so many, for which a text is cut that is too long for any place.
const CUT_SHARE: usize = 4;

/// A record as it is printed.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) record: Record,
    /// Its place among the hits; `None` for a turn beside one.
    pub(super) rank: Option<usize>,
    /// Its place in its conversation.
    turn: Option<Turn>,
    /// Whether it is a fact that holds, or an episode.
    current: bool,
    /// Who says it, in front of the text.
    head: String,
    body: String,
    /// What is to be known of it, behind the text.
    tail: String,
    /// Whether the body is only the beginning.
    pub(super) cut: bool,
}

/// What may be shown as the end of a line (Unicode Standard, section 5.8).
const ENDS_LINE: [char; 7] = ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

impl Piece {
    /// A fact; whether it holds.
    pub(super) fn fact(record: Record, rank: usize, current: bool) -> Self {
        let (body, tail) =
            record.as_atom().map(|atom| (plain(&atom.sentence()), note(atom, current))).unzip();
        let (body, tail) = (body.unwrap_or_default(), tail.unwrap_or_default());
        Piece { record, rank: Some(rank), turn: None, current, head: String::new(), body, tail, cut: false }
    }

    /// An episode.
    pub(super) fn episode(record: Record, rank: Option<usize>, turn: Option<Turn>) -> Self {
        let head = record.as_episode().map(head).unwrap_or_default();
        // A line that goes on is set in, so that no text can pass for a header.
        let text = record.text().trim().replace("\r\n", "\n");
        let body = text.split(ENDS_LINE).collect::<Vec<_>>().join("\n  ");
        Piece { record, rank, turn, current: true, head, body, tail: String::new(), cut: false }
    }

    /// The piece as text without its number.
    pub(super) fn line(&self) -> String {
        let Piece { head, body, tail, .. } = self;
        format!("{head}{body}{tail}\n")
    }

    fn is_fact(&self) -> bool {
        self.record.as_atom().is_some()
    }

    /// When it was said: an episode's moment, or when a fact was last asserted.
    fn at(&self) -> Timestamp {
        match &self.record {
            Record::Episode(episode) => episode.occurred_at,
            Record::Atom(atom) => atom.asserted_at,
        }
    }

    /// Where an episode belongs: to a day of a conversation.
    fn day(&self) -> (String, &Scope) {
        (day(self.at()), self.record.scope())
    }

    /// Whether an episode is the turn after another, on the same day.
    fn follows(&self, other: &Piece) -> bool {
        let before = self.turn.and_then(|turn| turn.before);
        before.is_some() && before == other.turn.map(|turn| turn.slot) && self.day() == other.day()
    }

    /// What stands before it if nothing of its day does.
    fn header(&self) -> String {
        match self.day() {
            _ if self.is_fact() => FACTS.to_owned(),
            (day, Scope { session: Some(session), .. }) => {
                format!("\n{day}, session {}:\n", plain(session))
            }
            (day, _) => format!("\n{day}:\n"),
        }
    }
}

/// Who says an episode, and what it is of.
fn head(episode: &Episode) -> String {
    let role = match episode.role {
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::System => "system",
        Role::Tool => "tool",
        Role::Document => "document",
    };
    let speaker = episode.speaker.as_deref().map_or_else(|| role.to_owned(), plain);
    match &episode.title {
        Some(title) => format!("{speaker}, \"{}\": ", plain(title)),
        None => format!("{speaker}: "),
    }
}

/// What is to be known of a fact.
fn note(atom: &Atom, current: bool) -> String {
    let note = match atom.standing {
        _ if !current => " (no longer)",
        _ if atom.is_disputed() => " (disputed)",
        Standing::Unsubstantiated => " (not certain)",
        _ => "",
    };
    note.to_owned()
}

/// A text in one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The day of a moment, as RFC 3339 has it.
pub(super) fn day(moment: Timestamp) -> String {
    let text = moment.to_string();
    text.split_once('T').map(|(day, _)| day.to_owned()).unwrap_or(text)
}

/// What was taken of what was offered.
pub(super) struct Pack<'a> {
    counting: &'a Counting,
    budget: usize,
    /// Tokens that what was taken has, at most.
    used: usize,
    /// Tokens of the number of a piece, at most.
    number: usize,
    /// Tokens of headers.
    headers: HashMap<String, usize>,
    /// In the order in which they were taken.
    chosen: Vec<Piece>,
}

/// A pack as text.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) tokens: usize,
    /// Whether the host counted them.
    pub(super) by_host: bool,
    /// The pieces in their order; the number of each is its place, from 1.
    pub(super) pieces: Vec<Piece>,
}

impl<'a> Pack<'a> {
    /// An empty pack for a budget, of no more than `most` pieces.
    pub(super) fn new(counting: &'a Counting, budget: usize, most: usize) -> Self {
        let number = counting.count(&format!("[{most}] "));
        Pack { counting, budget, used: 0, number, headers: HashMap::new(), chosen: Vec::new() }
    }

    /// Whether nothing more can be taken, but for a number.
    pub(super) fn is_full(&self) -> bool {
        self.used.saturating_add(self.number) >= self.budget
    }

    /// Takes a piece if there is room for it. A hit that is too long for the whole budget is cut, if it is the first one
    /// or there is a good part of the budget left. Says whether it was taken.
    pub(super) fn take(&mut self, mut piece: Piece) -> bool {
        let fixed = self.number.saturating_add(self.header(&piece));
        let line = self.counting.count(&piece.line());
        let room = self.budget.saturating_sub(self.used).saturating_sub(fixed);
        let mut cost = line;
        if line > room {
            let is_worth = self.chosen.is_empty() || line > self.budget && room >= self.budget / CUT_SHARE;
            if piece.rank.is_none() || !is_worth || !self.cut(&mut piece, room) {
                return false;
            }
            cost = self.counting.count(&piece.line());
        }
        self.used = self.used.saturating_add(fixed).saturating_add(cost);
        self.chosen.push(piece);
        true
    }

    /// Cuts a piece so that it takes so many tokens at most. Says whether anything is left of it.
    fn cut(&self, piece: &mut Piece, room: usize) -> bool {
        let (head, tail) = (piece.head.clone(), format!("{ELLIPSIS}{}", piece.tail));
        let fits = |body: &str| self.counting.count(&format!("{head}{body}{tail}\n")) <= room;
        let Some(body) = beginning(&piece.body, fits).map(str::to_owned) else { return false };
        (piece.body, piece.tail, piece.cut) = (body, tail, true);
        true
    }

    /// Tokens of what stands before a piece: nothing, if it joins what was taken.
    fn header(&mut self, piece: &Piece) -> usize {
        let joins = |other: &Piece| {
            piece.is_fact() && other.is_fact() || piece.follows(other) || other.follows(piece)
        };
        if self.chosen.iter().any(joins) {
            return 0;
        }
        let counting = self.counting;
        let header = piece.header();
        *self.headers.entry(header).or_insert_with_key(|header| counting.count(header))
    }

    /// The pack as text that is within the budget. If all of it is not, because the parts were counted as fewer than the
    /// whole, it is about as much as is, without what was taken last.
    pub(super) fn print(&self) -> Printed {
        let all = self.chosen.len();
        let mut best = self.printed(all);
        // As many as fit, and as many as do not.
        let (mut good, mut bad) = (0, all);
        if best.tokens > self.budget {
            best = self.printed(good);
            while bad - good > 1 {
                let middle = good + (bad - good) / 2;
                let printed = self.printed(middle);
                if printed.tokens > self.budget {
                    bad = middle;
                } else {
                    (good, best) = (middle, printed);
                }
            }
        }
        best
    }

    /// The first that were taken, so many of them, as text.
    fn printed(&self, count: usize) -> Printed {
        let (text, pieces) = printed(self.chosen.get(..count).unwrap_or_default());
        let tokens = if text.is_empty() { 0 } else { self.counting.count(&text) };
        Printed { text, tokens, by_host: self.counting.is_hosts(), pieces }
    }
}

impl Printed {
    /// This with a summary behind it.
    pub(super) fn with_summary(self, summary: &str, counting: &Counting) -> Self {
        let gap = if self.text.is_empty() { "" } else { "\n\n" };
        let text = format!("{}{gap}{SUMMARY}{}", self.text, summary.trim());
        let tokens = counting.count(&text);
        Printed { text, tokens, by_host: counting.is_hosts(), ..self }
    }
}

/// What a summary of nothing looks like, to be counted.
pub(super) fn summary_header() -> String {
    format!("\n\n{SUMMARY}")
}

/// Pieces as text, and in the order of the text: the facts that hold by rank, the others, and then the episodes.
fn printed(chosen: &[Piece]) -> (String, Vec<Piece>) {
    let mut facts: Vec<Piece> = chosen.iter().filter(|piece| piece.is_fact()).cloned().collect();
    facts.sort_by_key(|piece| (!piece.current, piece.rank));
    let mut text = if facts.is_empty() { String::new() } else { FACTS.to_owned() };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut put = |text: &mut String, piece: Piece| {
        text.push_str(&format!("[{}] {}", pieces.len() + 1, piece.line()));
        pieces.push(piece);
    };
    facts.into_iter().for_each(|piece| put(&mut text, piece));
    let mut last: Option<Piece> = None;
    for run in runs(chosen) {
        let Some(first) = run.first() else { continue };
        let is_same_day = last.as_ref().is_some_and(|last| last.day() == first.day());
        if !is_same_day {
            text.push_str(&first.header());
        } else if first.turn.is_some() {
            text.push_str(&format!("{ELLIPSIS}\n"));
        }
        last = run.last().cloned();
        run.into_iter().for_each(|piece| put(&mut text, piece));
    }
    (text.trim().to_owned(), pieces)
}

/// Episodes as runs of turns that follow one another, by the moment of their first. Of two conversations at the same time
/// the turns come by turns, so that a run goes on that is not the last one.
fn runs(chosen: &[Piece]) -> Vec<Vec<Piece>> {
    let mut episodes: Vec<&Piece> = chosen.iter().filter(|piece| !piece.is_fact()).collect();
    episodes.sort_by_key(|piece| (piece.at(), piece.turn.map(|turn| turn.place), piece.record.id()));
    let mut runs: Vec<Vec<Piece>> = Vec::new();
    // The run that ends with a slot.
    let mut ends: HashMap<u32, usize> = HashMap::new();
    for piece in episodes {
        let before = piece.turn.and_then(|turn| turn.before);
        let joined = before.and_then(|before| ends.get(&before).copied());
        let joined = joined.filter(|&at| {
            let last = runs.get(at).and_then(|run| run.last());
            last.is_some_and(|last| piece.follows(last))
        });
        let at = joined.unwrap_or(runs.len());
        match runs.get_mut(at) {
            Some(run) => run.push(piece.clone()),
            None => runs.push(vec![piece.clone()]),
        }
        ends.extend(piece.turn.map(|turn| (turn.slot, at)));
    }
    runs
}
