//! `profile`: what is known of an entity, at a glance.

use std::fmt;

use super::beliefs::{Beliefs, span_of};
use super::facts::{Neighbor, incoming_neighbor, outgoing_neighbor};
use super::filter::Filter;
use super::pack::day;
use super::read::read_slots;
use super::view::View;
use crate::error::{Code, Result};
use crate::index::Bitmap;
use crate::language::{Analyzer, is_spaceless};
use crate::limits::TERM_BYTES_MAX;
use crate::model::{
    Atom, Conflict, ConflictStatus, Id, Kind, Record, RecordSort, Standing, Timestamp, check_text,
};
use crate::observe::Verb;
use crate::tenancy::{Tenant, WorkingSet};

/// Claims about an entity that are read, at most, and as many again that lead to it: more than anybody reads, within a
/// tenth of a second.
const CLAIMS_MAX: usize = 1000;

/// Episodes that are named, at most.
const MENTIONS_MAX: usize = 10;

/// Episodes that are read for the entity's names, at most.
const MENTIONS_READ_MAX: usize = 64;

/// Names of an entity that episodes are looked through for, at most.
const NAMES_MAX: usize = 16;

/// Facts that are printed, at most.
const PRINTED_MAX: usize = 12;

/// The kinds in the order in which they tell most of an entity: what it is, where it belongs, what it is like, what
/// happened, how things are just now.
const TELLING: [Kind; 13] = [
    Kind::Entity,
    Kind::Invariant,
    Kind::Affiliation,
    Kind::Social,
    Kind::Trait,
    Kind::Skill,
    Kind::Preference,
    Kind::Belief,
    Kind::Style,
    Kind::Fact,
    Kind::Event,
    Kind::State,
    Kind::Hypothesis,
];

/// What is known of an entity. Printed, it is a few sentences for people.
///
/// Of an entity with more claims than are read, some of each predicate are; what is judged together is read together.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its names, the main one first.
    pub names: Vec<String>,
    /// What the view shows of it, by kind: entity, invariant, affiliation, social, trait, skill, preference, belief, style,
    /// fact, event, state, hypothesis; in a kind the most confident first, ties by id. About 1000 claims are read.
    pub facts: Vec<(Kind, Vec<Atom>)>,
    /// The entities that these lead to, and then those from which atoms lead to it, each in the order of the atoms' ids.
    /// 1000 of the latter are read.
    pub neighbors: Vec<Neighbor>,
    /// Open conflicts about it, in the order of their ids.
    pub disputed: Vec<Conflict>,
    /// The earliest moment at which a claim was made, of those that were read.
    pub first_known: Option<Timestamp>,
    /// The latest moment at which a claim was made, of those that were read.
    pub last_known: Option<Timestamp>,
    /// The newest episodes that say one of its names, newest first, 10 at most: in the text, the title, or as the speaker.
    pub mentions: Vec<Id>,
    /// How many episodes say one of its names, at least: of the newest 64 that may.
    pub mentioned: usize,
    /// Whether there is more than was read, of claims or of mentions.
    pub more: bool,
}

impl Tenant {
    /// What is known of an entity, by any of its names: facts, neighbours, open conflicts, and where it was mentioned. An
    /// entity that nobody spoke of has a profile with its name alone. What is read of it is
    /// bounded; only a slot of one value that was claimed thousands of times is read whole.
    ///
    /// ```
    /// use ebbmark::{Kind, NewFact, Options, Store, View};
    ///
    /// let tenant = Store::in_memory(Options::default())?.tenant("acme")?;
    /// tenant.add("Mara told me about the river.")?;
    /// tenant.assert_fact(NewFact::new("Mara", "works_at", "Acme"))?;
    /// tenant.assert_fact(NewFact::new("Ines", "manages", "Mara"))?;
    /// let profile = tenant.profile("mara", View::default())?;
    /// assert_eq!((profile.facts[0].0, &*profile.facts[0].1[0].object), (Kind::Affiliation, "Acme"));
    /// assert_eq!((&*profile.neighbors[1].name, profile.mentions.len()), ("Ines", 1));
    /// assert!(profile.to_string().contains("Mara works at Acme. Ines manages Mara."));
    /// # Ok::<(), ebbmark::Error>(())
    /// ```
    ///
    /// # Errors
    /// `text.*`; those of reading the store.
    pub fn profile(&self, name: &str, view: View) -> Result<Profile> {
        self.call(Verb::Profile, |work| {
            let profile = self.known_of(name, view)?;
            work.found(profile.facts.iter().map(|(_, atoms)| atoms.len()).sum());
            Ok(profile)
        })
    }

    fn known_of(&self, name: &str, view: View) -> Result<Profile> {
        let name = self.own_name(check_text("a name", name, TERM_BYTES_MAX)?);
        let (snapshot, now) = (self.snapshot()?, self.common().now());
        let user = self.scope().user.as_deref();
        let beliefs = Beliefs::open(&snapshot, snapshot.as_ref(), user, view, now)?;
        let told = beliefs.told(&name, CLAIMS_MAX)?;
        let (incoming, more) = beliefs.leading_to(&name, CLAIMS_MAX)?;
        let mut names = beliefs.names(&name)?;
        let mut disputed: Vec<Conflict> = Vec::new();
        let mut about: Vec<Atom> = Vec::new();
        for cell in told.cells {
            let shown: Vec<Atom> = cell.atoms.into_iter().filter(|atom| beliefs.shows(atom)).collect();
            let open = |conflict: &Conflict| {
                let is_shown = |id: Id| shown.iter().any(|atom| atom.id == id);
                conflict.status == ConflictStatus::Open
                    && is_shown(conflict.first)
                    && is_shown(conflict.second)
            };
            disputed.extend(cell.conflicts.into_iter().filter(open));
            about.extend(shown);
        }
        disputed.sort_by_key(|conflict| conflict.id);
        about.sort_by_key(|atom| atom.id);
        let about = self.with_bookkeeping(snapshot.as_ref(), about)?;
        let incoming = self.with_bookkeeping(snapshot.as_ref(), incoming)?;
        if let ([alone], Some(spelled)) = (names.as_mut_slice(), spelled(&about, &incoming)) {
            *alone = spelled;
        }
        let asserted = incoming.iter().map(|atom| atom.asserted_at);
        let span = span_of(told.span.into_iter().flat_map(|(first, last)| [first, last]).chain(asserted));
        let mentions = self.mentions(&names, view)?;
        let facts = by_kind(&about);
        let mut neighbors: Vec<Neighbor> = about.into_iter().map(outgoing_neighbor).collect();
        neighbors.extend(incoming.into_iter().map(|atom| incoming_neighbor(&beliefs.ledger, atom)));
        Ok(Profile {
            names,
            facts,
            neighbors,
            disputed,
            first_known: span.map(|(first, _)| first),
            last_known: span.map(|(_, last)| last),
            more: told.more || more || mentions.more,
            mentioned: mentions.ids.len(),
            mentions: mentions.ids.into_iter().take(MENTIONS_MAX).collect(),
        })
    }

    /// The newest episodes that say one of these names, of those that have its words.
    fn mentions(&self, names: &[String], view: View) -> Result<Mentions> {
        let mut mentions = Mentions::default();
        let filter = Filter::default().only(RecordSort::Episode);
        let Some(filter) = self.narrowed(&filter)? else { return Ok(mentions) };
        let (now, snapshot) = (self.common().now(), self.snapshot()?);
        let names = names.get(..NAMES_MAX.min(names.len())).unwrap_or_default();
        let (candidates, language) = self.read(|set| {
            let analyzer = self.common().analyzers.of(set.config.language);
            let allowed = filter.allowed(set, snapshot.as_ref(), now)?;
            Ok((newest(set, analyzer, names, &allowed), set.config.language))
        })?;
        let analyzer = self.common().analyzers.of(language);
        mentions.more = candidates.len() > MENTIONS_READ_MAX;
        let slots: Vec<u32> = candidates.into_iter().take(MENTIONS_READ_MAX).collect();
        for stored in read_slots(snapshot.as_ref(), &slots)?.into_iter().flatten() {
            let id = stored.record.id();
            let record = if view == View::default() { Ok(stored.record) } else { self.as_shown(id, view) };
            match record {
                Ok(record) if says_any(analyzer, &record, names) => mentions.ids.push(id),
                Err(error) if error.code() != Code::RecordNotFound => return Err(error),
                _ => {}
            }
        }
        Ok(mentions)
    }
}

/// Episodes that say a name.
#[derive(Default)]
struct Mentions {
    ids: Vec<Id>,
    /// Whether there may be more.
    more: bool,
}

/// The allowed slots that have all words of one of these names, newest first; one more than are read, at most.
fn newest(set: &WorkingSet, analyzer: &Analyzer, names: &[String], allowed: &Bitmap) -> Vec<u32> {
    let mut found = Bitmap::default();
    for name in names {
        let terms = name_terms(analyzer, name);
        let mut lists = terms.iter().map(|&term| set.text.slots(term));
        let Some(first) = lists.next() else { continue };
        let rest: Vec<Bitmap> = lists.collect();
        let has_all = |slot: &u32| allowed.contains(*slot) && rest.iter().all(|list| list.contains(*slot));
        first.iter().filter(has_all).for_each(|slot| found.insert(slot));
    }
    let age = |&slot: &u32| {
        let at = slot as usize;
        std::cmp::Reverse((set.columns.occurred_at.get(at).copied(), set.columns.id.get(at).copied()))
    };
    let mut slots: Vec<u32> = found.iter().collect();
    slots.sort_by_cached_key(age);
    slots.truncate(MENTIONS_READ_MAX + 1);
    slots
}

/// The words of a name, in order; none if they say nothing, so that it cannot be told from other words.
fn name_terms(analyzer: &Analyzer, name: &str) -> Vec<u64> {
    analyzer.about(name).map(|_| analyzer.sequence(name)).unwrap_or_default()
}

/// Whether a record that has the words of one of these names says the name: the words one after the other. Where a
/// script has no spaces, its pairs of characters tell.
fn says_any(analyzer: &Analyzer, record: &Record, names: &[String]) -> bool {
    let said = analyzer.sequence(&record.searched_text());
    names.iter().any(|name| {
        let terms = name_terms(analyzer, name);
        let whole = || said.windows(terms.len()).any(|words| words == terms);
        let parts = || terms.iter().all(|term| said.contains(term));
        !terms.is_empty() && if name.contains(is_spaceless) { parts() } else { whole() }
    })
}

/// How a name that stands alone is spelled where it is spoken of.
fn spelled(about: &[Atom], incoming: &[Atom]) -> Option<String> {
    let about = about.first().map(|atom| &atom.subject);
    about.or(incoming.first().map(|atom| &atom.object)).cloned()
}

/// Atoms by kind, the most telling ones first.
fn by_kind(atoms: &[Atom]) -> Vec<(Kind, Vec<Atom>)> {
    let of_kind = |kind: Kind| {
        let mut atoms: Vec<Atom> = atoms.iter().filter(|atom| atom.kind == kind).cloned().collect();
        atoms.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.id.cmp(&b.id)));
        (kind, atoms)
    };
    TELLING.into_iter().map(of_kind).filter(|(_, atoms)| !atoms.is_empty()).collect()
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((main, others)) = self.names.split_first() {
            let others =
                if others.is_empty() { String::new() } else { format!(", also {}", others.join(", ")) };
            write!(f, "{main}{others}.")?;
        }
        let about = self.facts.iter().flat_map(|(_, atoms)| atoms);
        let incoming = self.neighbors.iter().filter(|neighbor| !neighbor.outgoing).map(|it| &it.atom);
        let all: Vec<&Atom> = about.chain(incoming).collect();
        for atom in all.iter().take(PRINTED_MAX) {
            let doubt = match atom.standing {
                _ if atom.is_disputed() => " (disputed)",
                Standing::Unsubstantiated => " (not certain)",
                _ => "",
            };
            write!(f, " {}{doubt}.", atom.sentence())?;
        }
        let at_least = if self.more { "at least " } else { "" };
        if all.len() > PRINTED_MAX {
            write!(f, " And {at_least}{} more.", all.len() - PRINTED_MAX)?;
        }
        if let Some((first, last)) = self.first_known.zip(self.last_known) {
            write!(f, " Spoken of from {} to {}.", day(first), day(last))?;
        }
        match self.mentioned {
            0 => Ok(()),
            1 => write!(f, " Mentioned in {at_least}1 episode."),
            count => write!(f, " Mentioned in {at_least}{count} episodes."),
        }
    }
}
