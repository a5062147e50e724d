//! A record as its row holds it, and what the indexes make of it.

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::dynamics::{next_due, stability};
use crate::index::{Code, Entry, Row, flag};
use crate::language::{Analyzer, metadata_term, name_hash, path_term};
use crate::model::{
    Atom, Episode, Passage, Record, Revision, RevisionKind, Scope, Standing, TenantConfig, Timestamp, Trace,
    flatten,
};
use crate::storage::{Key, keys};
use crate::truth::{Object, conflict_id, filed_name, normal_name};

/// Whether a record has its vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum VectorState {
    None,
    Present,
}

/// A record as its row holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// The slot of the record's first version: its place in the order of arrival.
    pub(crate) arrival: u32,
    pub(crate) vector: VectorState,
    /// What made this version, and who.
    pub(crate) made_by: RevisionKind,
    pub(crate) actor: String,
    pub(crate) record: Record,
    /// What use has made of it.
    pub(crate) trace: Trace,
}

impl Stored {
    /// What the indexes hold of this record; `vector` is of unit length.
    pub(crate) fn entry(&self, analyzer: &Analyzer, vector: Option<&[f32]>) -> Entry {
        let terms = analyzer.terms(&self.record.searched_text());
        let mut counts = terms.counts;
        let mut mark = |term: Option<u64>| counts.extend(term.map(|term| (term, 1)));
        match &self.record {
            Record::Episode(episode) => {
                flatten(&episode.metadata, &mut |path, value| {
                    mark(metadata_term(path, value));
                    mark(Some(path_term(path)));
                });
                mark(episode.title.as_deref().and_then(|title| analyzer.about(title)));
            }
            Record::Atom(atom) => {
                for name in [&atom.subject, &atom.object] {
                    mark(Some(end_term(entity_term(analyzer, name))));
                }
            }
        }
        counts.sort_unstable();
        counts.dedup_by_key(|(term, _)| *term);
        let row = Row { length: terms.length, ..self.row(analyzer) };
        Entry { row, code: vector.map(Code::of), counts }
    }

    /// The record's row of the columns, but for the length of its text.
    pub(crate) fn row(&self, analyzer: &Analyzer) -> Row {
        let mut row = match &self.record {
            Record::Episode(episode) => episode_row(episode, &self.trace, analyzer),
            Record::Atom(atom) => atom_row(atom, &self.trace, analyzer),
        };
        let Scope { user, agent, session } = self.record.scope();
        row.user = name_hash(user.as_deref());
        row.agent = name_hash(agent.as_deref());
        row.session = name_hash(session.as_deref());
        row.id = self.record.id().as_u128();
        row.place = self.passage().map_or(self.arrival, |passage| passage.ordinal);
        row.sort = self.record.sort() as u8;
        row.archived_at = self.trace.archived_at.map_or(i64::MAX, Timestamp::as_micros);
        row.flags |= flag::LIVE
            | (self.record.trust() as u16) << flag::TRUST_SHIFT
            | if self.trace.archived_at.is_some() { flag::ARCHIVED } else { 0 }
            | if self.trace.pinned { flag::PINNED } else { 0 }
            | match self.vector {
                VectorState::None => 0,
                VectorState::Present => flag::VECTOR,
            };
        row
    }

    /// Where it stands in a document, if it is a passage of one.
    pub(crate) fn passage(&self) -> Option<&Passage> {
        self.record.as_episode()?.passage.as_ref()
    }

    /// This version as its history tells it.
    pub(crate) fn revision(&self) -> Revision {
        Revision { kind: self.made_by, actor: self.actor.clone(), record: self.record.clone() }
    }
}

fn episode_row(episode: &Episode, trace: &Trace, analyzer: &Analyzer) -> Row {
    let question = without_note(&episode.text).ends_with(['?', '\u{FF1F}', '\u{061F}']);
    let speaker = episode.speaker.as_deref().map(normal_name);
    let speaker = speaker.and_then(|speaker| analyzer.sequence(&speaker).first().copied());
    let document = episode
        .passage
        .as_ref()
        .map(|passage| hash_of_document(episode.scope.user.as_deref(), &passage.document));
    Row {
        occurred_at: episode.occurred_at.as_micros(),
        since: trace.since(episode.occurred_at).as_micros(),
        expires_at: episode.expires_at.map_or(i64::MAX, Timestamp::as_micros),
        strength: episode.importance.unwrap_or(f32::NAN),
        class: episode.role as u8,
        flags: if question { flag::QUESTION } else { 0 }
            | if episode.quarantined { flag::QUARANTINED } else { 0 }
            | if document.is_some() { flag::PASSAGE } else { 0 },
        source: document.or(speaker).unwrap_or(0),
        ..Row::default()
    }
}

/// A text without what stands in square brackets at its end: the caption of a picture.
fn without_note(text: &str) -> &str {
    let text = text.trim_end();
    let plain = text.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    plain.map_or(text, |(plain, _)| plain.trim_end())
}

fn atom_row(atom: &Atom, trace: &Trace, analyzer: &Analyzer) -> Row {
    let historical = matches!(atom.standing, Standing::Historical(_));
    let to_come = atom.valid_from.is_some_and(|from| from > atom.recorded_at);
    // Of several periods the last one's; a search asks the record itself whether it holds just now.
    let end = atom.later.last().map_or(atom.valid_to, |last| last.to);
    Row {
        occurred_at: atom.begins().as_micros(),
        since: trace.since(atom.asserted_at).as_micros(),
        expires_at: end.map_or(i64::MAX, Timestamp::as_micros),
        strength: atom.confidence,
        stability: stability(atom.stability_days, atom.confidence, trace.growth) as f32,
        class: atom.kind as u8,
        flags: if historical { flag::HISTORICAL } else { 0 }
            | if to_come { flag::TO_COME } else { 0 }
            | if atom.standing == Standing::Substantiated { flag::BELIEVED } else { 0 }
            | if atom.is_disputed() { flag::DISPUTED } else { 0 },
        subject: entity_term(analyzer, &atom.subject),
        predicate: predicate_hash(&filed_name(&atom.predicate)),
        object: entity_term(analyzer, &atom.object),
        ..Row::default()
    }
}

/// What records are filed for, beside their id.
pub(crate) mod filed {
    /// Passages, by the name of their document.
    pub(crate) const DOCUMENT: u8 = b'd';
    /// By the name of their object.
    pub(crate) const OBJECT: u8 = b'o';
    /// By their conflicts.
    pub(crate) const CONFLICT: u8 = b'c';
    /// Because nothing decides between them and others.
    pub(crate) const DISPUTED: u8 = b'x';
    /// Because another took their place.
    pub(crate) const SUPERSEDED: u8 = b'y';
}

/// The hash under which a name is known; names of one user are not another's.
pub(crate) fn hash_of_name(user: Option<&str>, name: &str) -> u64 {
    XxHash3_64::oneshot_with_seed(name_hash(user), normal_name(name).as_bytes())
}

/// The hash under which an object is filed, the same for all its spellings.
pub(crate) fn hash_of_object(user: Option<&str>, object: &str) -> u128 {
    u128::from(XxHash3_64::oneshot_with_seed(name_hash(user), Object::of(object).form.as_bytes()))
}

/// The term of a name or a value, the same for all its spellings and for all users; never 0. Where a text mentions it, it is
/// mentioned by the same term.
pub(crate) fn entity_term(analyzer: &Analyzer, name: &str) -> u64 {
    let form = Object::of(name).form;
    analyzer.about(&form).unwrap_or_else(|| XxHash3_64::oneshot(form.as_bytes())).max(1)
}

/// The term of the atoms that have an entity at one of their ends: another than that of the episodes that it is the title of.
pub(crate) fn end_term(entity: u64) -> u64 {
    entity.rotate_left(32)
}

/// The hash of the name that a predicate is filed by.
pub(crate) fn predicate_hash(filed: &str) -> u64 {
    XxHash3_64::oneshot(filed.as_bytes())
}

/// The hash under which the passages of a document are filed; documents of one user are not another's.
pub(super) fn hash_of_document(user: Option<&str>, name: &str) -> u64 {
    XxHash3_64::oneshot_with_seed(name_hash(user), name.as_bytes())
}

/// The keys of the rows that lead to a record's slot.
pub(super) fn derived_keys(slot: u32, stored: &Stored, config: &TenantConfig) -> Vec<Key> {
    let mut derived = vec![keys::slot(stored.record.id())];
    if let Record::Atom(atom) = &stored.record {
        let object = hash_of_object(atom.scope.user.as_deref(), &atom.object);
        derived.push(keys::filed(filed::OBJECT, object, slot));
        if atom.is_disputed() {
            derived.push(keys::filed(filed::DISPUTED, atom.id.as_u128(), slot));
        }
        if atom.superseded_by.is_some() {
            derived.push(keys::filed(filed::SUPERSEDED, atom.id.as_u128(), slot));
        }
        for &other in atom.disputed_with.iter().chain(&atom.superseded_by) {
            derived.push(keys::filed(filed::CONFLICT, conflict_id(atom.id, other).as_u128(), slot));
        }
    }
    if let Some(passage) = stored.passage() {
        let document = hash_of_document(stored.record.scope().user.as_deref(), &passage.document);
        derived.push(keys::filed(filed::DOCUMENT, u128::from(document), slot));
    }
    let due = next_due(&stored.record, &stored.trace, config);
    derived.extend(due.map(|(moment, _)| keys::due(moment, slot)));
    derived
}
