//! The two records under one roof, and their past versions.

use serde::{Deserialize, Serialize};

use super::atom::Atom;
use super::clock::Timestamp;
use super::episode::Episode;
use super::id::Id;
use super::scope::Scope;
use super::trust::Trust;

/// Which of the two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum RecordSort {
    /// Something that was said or read.
    Episode = 0,
    /// Something that is believed.
    Atom = 1,
}

/// An episode or an atom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// Something that was said or read.
    Episode(Episode),
    /// Something that is believed.
    Atom(Atom),
}

impl Record {
    /// Its id.
    pub fn id(&self) -> Id {
        match self {
            Record::Episode(episode) => episode.id,
            Record::Atom(atom) => atom.id,
        }
    }

    /// Its labels.
    pub fn scope(&self) -> &Scope {
        match self {
            Record::Episode(episode) => &episode.scope,
            Record::Atom(atom) => &atom.scope,
        }
    }

    /// Which of the two it is.
    pub fn sort(&self) -> RecordSort {
        match self {
            Record::Episode(_) => RecordSort::Episode,
            Record::Atom(_) => RecordSort::Atom,
        }
    }

    /// When it happened in the world: when it was said, or began to hold as far as that is known.
    pub fn happened_at(&self) -> Timestamp {
        match self {
            Record::Episode(episode) => episode.occurred_at,
            Record::Atom(atom) => atom.begins(),
        }
    }

    /// How far it is trusted.
    pub fn trust(&self) -> Trust {
        match self {
            Record::Episode(episode) => episode.trust,
            Record::Atom(atom) => atom.trust,
        }
    }

    /// Its version, from 1.
    pub fn version(&self) -> u32 {
        match self {
            Record::Episode(episode) => episode.version,
            Record::Atom(atom) => atom.version,
        }
    }

    /// When the store learnt of this version.
    pub fn recorded_at(&self) -> Timestamp {
        match self {
            Record::Episode(episode) => episode.recorded_at,
            Record::Atom(atom) => atom.recorded_at,
        }
    }

    /// The episode, if it is one.
    pub fn as_episode(&self) -> Option<&Episode> {
        match self {
            Record::Episode(episode) => Some(episode),
            Record::Atom(_) => None,
        }
    }

    /// The atom, if it is one.
    pub fn as_atom(&self) -> Option<&Atom> {
        match self {
            Record::Atom(atom) => Some(atom),
            Record::Episode(_) => None,
        }
    }

    /// What is searched of it, and what its vector is made of: an episode's text behind its speaker and its title, an
    /// atom's claim.
    pub(crate) fn searched_text(&self) -> String {
        match self {
            Record::Episode(episode) => episode.searched_text(),
            Record::Atom(atom) => atom.sentence(),
        }
    }

    /// What a person would read: an episode's text, or an atom's claim.
    pub fn text(&self) -> String {
        match self {
            Record::Episode(episode) => episode.text.clone(),
            Record::Atom(atom) => atom.sentence(),
        }
    }
}

/// What made a version of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum RevisionKind {
    /// It was added or asserted for the first time.
    Added = 0,
    /// The host changed it.
    Updated = 1,
    /// The same claim was asserted again.
    Reinforced = 2,
    /// Another claim took its place.
    Superseded = 3,
    /// It was taken back.
    Retracted = 4,
    /// It holds again: what had taken its place is gone.
    Restored = 5,
    /// Its standing or its links changed with its evidence, or with time.
    Judged = 6,
}

/// One version in the history of a record, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// What made this version.
    pub kind: RevisionKind,
    /// Who made it: the actor of the handle.
    pub actor: String,
    /// The record as it was in this version.
    pub record: Record,
}
