//! What a question says beside its words: when, who, what it names, and what it quotes.

use std::collections::BTreeSet;

use crate::index::Bitmap;
use crate::language::{Analyzer, Dates, anchor};
use crate::limits::QUERY_TERMS_MAX;
use crate::model::Timestamp;
use crate::tenancy::{WorkingSet, end_term, entity_term};

/// Characters of a question that are read for names, dates and quotes.
const HEAD_CHARACTERS: usize = 4000;

/// Records of one title or entity, at most, that are looked at for its name alone.
const NAMESAKES_MAX: usize = 64;

/// Records that a question names, at most.
const NAMED_MAX: usize = 256;

/// Quotes of a question, at most; and words of one.
const QUOTES_MAX: usize = 4;
const QUOTE_WORDS_MAX: usize = 32;

/// Words by which the one who asks speaks of himself.
const OWN_WORDS: [&str; 5] = ["i", "me", "my", "mine", "myself"];

/// A question as it came, with what is known of the names in it.
pub(super) struct Question<'a> {
    pub(super) text: &'a str,
    /// The name of the one who asks.
    pub(super) own: &'a str,
    /// Other names of entities that it names.
    pub(super) aliases: &'a [String],
}

/// An entity that a question names.
pub(super) struct NamedEntity {
    pub(super) term: u64,
    /// The words by which it is named.
    pub(super) words: Vec<u64>,
}

/// What a question says.
#[derive(Default)]
pub(super) struct Asked {
    /// Its distinct terms without stop words, and those of other names of what it names.
    pub(super) terms: Vec<u64>,
    /// The times that it names.
    pub(super) dates: Dates,
    /// Whether it asks when something was.
    pub(super) is_when: bool,
    /// Episodes whose title it names, if they are few.
    pub(super) named: BTreeSet<u32>,
    /// The entities that it names, the one who asks among them.
    pub(super) entities: Vec<NamedEntity>,
    /// Whether it speaks of the one who asks.
    pub(super) is_own: bool,
    /// The words of its quotes.
    pub(super) quotes: Vec<Vec<u64>>,
    /// What it names, as it is written.
    pub(super) names: Vec<String>,
}

impl Asked {
    pub(super) fn of(
        question: &Question<'_>,
        set: &WorkingSet,
        analyzer: &Analyzer,
        allowed: &Bitmap,
        now: Timestamp,
    ) -> Self {
        // A question that goes on for pages says in its first lines what it names.
        let head: String = question.text.chars().take(HEAD_CHARACTERS).collect();
        let mut words = head.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut asked = Asked {
            terms: analyzer.question(question.text, QUERY_TERMS_MAX),
            dates: Dates::of(&head, now),
            is_when: words.clone().next().is_some_and(|first| first.eq_ignore_ascii_case("when")),
            is_own: words.any(|word| OWN_WORDS.iter().any(|own| word.eq_ignore_ascii_case(own))),
            quotes: quotes(&head).into_iter().map(|quote| analyzer.words(quote)).collect(),
            ..Asked::default()
        };
        asked.quotes.retain(|words| (1..=QUOTE_WORDS_MAX).contains(&words.len()));
        asked.read_anchor(&head, set, analyzer, allowed);
        asked.read_names(question, &head, set, analyzer, allowed);
        asked
    }

    /// Reads the event by which a question tells a time.
    fn read_anchor(&mut self, head: &str, set: &WorkingSet, analyzer: &Analyzer, allowed: &Bitmap) {
        let Some(anchor) = anchor(head) else { return };
        let Some(moment) = moment_of(&anchor.event, set, analyzer, allowed) else { return };
        self.dates = std::mem::take(&mut self.dates).beside(moment, anchor.is_after);
        // Its words tell the time, and not what is asked for; unless they are all that is asked for.
        let rest = analyzer.question(&anchor.rest, QUERY_TERMS_MAX);
        if rest.iter().any(|term| !analyzer.is_stop(*term)) {
            self.terms = rest;
        }
    }

    /// Reads the titles and the entities that a question names.
    fn read_names(
        &mut self,
        question: &Question<'_>,
        head: &str,
        set: &WorkingSet,
        analyzer: &Analyzer,
        allowed: &Bitmap,
    ) {
        if self.is_own {
            self.entities.push(NamedEntity { term: entity_term(analyzer, question.own), words: Vec::new() });
        }
        for mention in analyzer.mentions(head, |name| is_name(set, name, allowed)) {
            self.named.extend(titled(set, mention.name, allowed));
            self.names.extend(Some(mention.text).filter(|name| !name.is_empty()));
            self.entities.push(NamedEntity { term: mention.name, words: mention.words });
        }
        for alias in question.aliases {
            self.named.extend(analyzer.about(alias).into_iter().flat_map(|name| titled(set, name, allowed)));
            let words = analyzer.question(alias, QUERY_TERMS_MAX);
            self.terms.extend(&words);
            self.entities.push(NamedEntity { term: entity_term(analyzer, alias), words });
        }
        self.named = std::mem::take(&mut self.named).into_iter().take(NAMED_MAX).collect();
        self.terms.truncate(QUERY_TERMS_MAX);
        let mut seen = BTreeSet::new();
        self.terms.retain(|term| seen.insert(*term));
    }
}

/// When an event happened: the time of the record that has most of its words, if that is the greater part of them.
fn moment_of(event: &str, set: &WorkingSet, analyzer: &Analyzer, allowed: &Bitmap) -> Option<Timestamp> {
    let terms = analyzer.question(event, QUERY_TERMS_MAX);
    let bm25 = set.text.score(&terms, &set.columns.length, allowed, 1);
    let (slot, score) = *bm25.best(allowed, 1).first()?;
    let known: f32 = bm25.terms.iter().map(|(_, idf)| idf).sum();
    let unknown = (terms.len() - bm25.terms.len().min(terms.len())) as f32 * set.text.idf_of(0);
    let at = set.columns.occurred_at.get(slot as usize)?;
    (2.0 * score > known + unknown).then(|| Timestamp::from_micros(*at))
}

/// What stands between quotation marks, where there are two.
fn quotes(text: &str) -> Vec<&str> {
    let straight: Vec<&str> = text.split('"').collect();
    // Every second part is between two marks, but for what is behind the last one.
    let closed = straight.len().saturating_sub(1);
    let mut quotes: Vec<&str> = straight.into_iter().take(closed).skip(1).step_by(2).collect();
    for (open, close) in [('\u{201C}', '\u{201D}'), ('\u{AB}', '\u{BB}'), ('\u{300C}', '\u{300D}')] {
        let rests = text.split(open).skip(1);
        quotes.extend(rests.filter_map(|rest| rest.split_once(close).map(|(quote, _)| quote)));
    }
    quotes.truncate(QUOTES_MAX);
    quotes
}

/// Whether a name is the title of an allowed episode, or an end of an allowed atom.
pub(super) fn is_name(set: &WorkingSet, name: u64, allowed: &Bitmap) -> bool {
    set.text.any(name, allowed) || set.text.any(end_term(name), allowed)
}

/// The allowed episodes of a title, if they are few: what so many are called tells nothing of one of them.
pub(super) fn titled(set: &WorkingSet, name: u64, allowed: &Bitmap) -> Vec<u32> {
    set.text.few(name, allowed, NAMESAKES_MAX)
}

/// The allowed atoms that have an entity at one of their ends, if they are few.
pub(super) fn ending_at(set: &WorkingSet, name: u64, allowed: &Bitmap) -> Vec<u32> {
    set.text.few(end_term(name), allowed, NAMESAKES_MAX)
}
