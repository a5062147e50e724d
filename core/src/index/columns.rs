//! Columns: the few fixed-width facts of every slot that filters and ranking read.

use super::bitmap::Bitmap;
use crate::model::Id;

/// Bits of the `flags` column.
pub(crate) mod flag {
    /// The slot holds the current version of a record.
    pub(crate) const LIVE: u16 = 1;
    /// It has a vector.
    pub(crate) const VECTOR: u16 = 2;
    /// Its text ends with a question mark.
    pub(crate) const QUESTION: u16 = 8;
    /// It is an atom that is no longer current.
    pub(crate) const HISTORICAL: u16 = 16;
    /// It is an atom whose time had not come when it was recorded.
    pub(crate) const TO_COME: u16 = 32;
    /// It is an episode that the guard keeps out of lists and searches.
    pub(crate) const QUARANTINED: u16 = 64;
    /// It is an episode that was archived.
    pub(crate) const ARCHIVED: u16 = 128;
    /// It is an atom that is believed.
    pub(crate) const BELIEVED: u16 = 256;
    /// It is kept from dissolving and from the retention policy.
    pub(crate) const PINNED: u16 = 512;
    /// It is an atom that another contradicts, and nothing decides.
    pub(crate) const DISPUTED: u16 = 1024;
    /// Where the two bits of its trust are.
    pub(crate) const TRUST_SHIFT: u32 = 11;
    /// It is a passage of a document.
    pub(crate) const PASSAGE: u16 = 1 << 13;
}

/// Declares the columns once: the row, the columns, and their little-endian form in a segment.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $type:ty),* $(,)?) => {
        /// One slot.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub(crate) struct Row { $($(#[$doc])* pub(crate) $name: $type,)* }

        impl Row {
            /// Bytes of one slot.
            pub(crate) const WIDTH: usize = 0 $(+ size_of::<$type>())*;

            /// The row as bytes, fields in order, little-endian.
            pub(crate) fn to_bytes(self) -> Vec<u8> {
                let mut bytes = Vec::with_capacity(Self::WIDTH);
                $(bytes.extend_from_slice(&self.$name.to_le_bytes());)*
                bytes
            }

            /// The row of its bytes; `None` if there are too few or too many.
            pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Row> {
                let mut rest = bytes;
                $(
                    let (head, tail) = rest.split_first_chunk()?;
                    let $name = <$type>::from_le_bytes(*head);
                    rest = tail;
                )*
                rest.is_empty().then_some(Row { $($name,)* })
            }
        }

        /// All slots, a vector a column.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Columns {
            $($(#[$doc])* pub(crate) $name: Vec<$type>,)*
            live: Bitmap,
            /// Live slots that a search does not simply return: historical and archived ones, and ones that expire.
            special: Bitmap,
        }

        impl Columns {
            fn append(&mut self, row: Row) {
                $(self.$name.push(row.$name);)*
            }

            /// The row of a slot.
            pub(crate) fn row(&self, slot: u32) -> Option<Row> {
                let slot = slot as usize;
                Some(Row { $($name: *self.$name.get(slot)?,)* })
            }

            fn overwrite(&mut self, slot: u32, row: Row) {
                $(if let Some(cell) = self.$name.get_mut(slot as usize) { *cell = row.$name; })*
            }

            /// Bytes of memory taken.
            pub(crate) fn bytes(&self) -> usize {
                self.live.bytes() + self.special.bytes() $(+ self.$name.capacity() * size_of::<$type>())*
            }
        }
    };
}

columns! {
    /// The record's id.
    id: u128,
    /// When it was said, or when a claim started to hold; microseconds.
    occurred_at: i64,
    /// From when it fades: when it was last said, or used; microseconds.
    since: i64,
    /// When it was archived; `i64::MAX` for never; microseconds.
    archived_at: i64,
    /// When it stops being found; `i64::MAX` for never.
    expires_at: i64,
    /// Hash of the user's name, 0 for none.
    user: u64,
    /// Hash of the agent's name, 0 for none.
    agent: u64,
    /// Hash of the session's name, 0 for none.
    session: u64,
    /// First term of the speaker's name; the hash of a passage's document; 0 for none.
    source: u64,
    /// Term of an atom's subject as an entity, 0 for an episode.
    subject: u64,
    /// Hash of the name that an atom's predicate is filed by, 0 for an episode.
    predicate: u64,
    /// Term of an atom's object as an entity, 0 for an episode.
    object: u64,
    /// Confidence of an atom, importance of an episode (NaN for none).
    strength: f32,
    /// Days in which an unused atom falls to 1/e, infinite for what never fades; 0 for an episode.
    stability: f32,
    /// Its place among what was said in one moment: the slot of its first version; of a passage its place in the document.
    place: u32,
    /// Terms in its text.
    length: u32,
    /// Episode or atom.
    sort: u8,
    /// The role of an episode, the kind of an atom.
    class: u8,
    /// See [`flag`].
    flags: u16,
}

/// A place in a conversation: a session of one user with one agent, or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) conversation: u64,
    /// When it was said (0 in a document), its place among what was said then, and its slot.
    pub(crate) place: (i64, u32, u32),
}

/// The conversation of hashed labels.
pub(crate) fn conversation(user: u64, agent: u64, session: u64) -> u64 {
    session ^ user.rotate_left(21) ^ agent.rotate_left(42)
}

impl Row {
    pub(crate) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

impl Columns {
    /// Adds the row of the next slot.
    pub(crate) fn push(&mut self, row: Row) {
        self.mark(self.len(), &row);
        self.append(row);
    }

    /// Replaces the row of a slot, but for the length of its text: a slot has one text for good.
    pub(crate) fn set(&mut self, slot: u32, row: Row) {
        let length = self.length.get(slot as usize).copied().unwrap_or(row.length);
        let row = Row { length, ..row };
        self.mark(slot, &row);
        self.overwrite(slot, row);
    }

    fn mark(&mut self, slot: u32, row: &Row) {
        let live = row.has(flag::LIVE);
        self.live.set(slot, live);
        let asked = row.has(flag::HISTORICAL | flag::TO_COME | flag::QUARANTINED | flag::ARCHIVED)
            || row.expires_at != i64::MAX;
        self.special.set(slot, live && asked);
    }

    /// Slots, live or not.
    pub(crate) fn len(&self) -> u32 {
        self.id.len() as u32
    }

    /// The slots that hold the current version of a record.
    pub(crate) fn live(&self) -> &Bitmap {
        &self.live
    }

    /// The live slots that are historical or that expire.
    pub(crate) fn special(&self) -> &Bitmap {
        &self.special
    }

    /// The turn of a slot, as conversations know it; `None` for a slot without a session. The passages of a document are
    /// a conversation of their own, in their order, whenever each of them was written and whatever their session.
    pub(crate) fn turn(&self, slot: u32) -> Option<Turn> {
        let at = slot as usize;
        let place = *self.place.get(at)?;
        if self.has(slot, flag::PASSAGE) {
            return Some(Turn { conversation: *self.source.get(at)?, place: (0, place, slot) });
        }
        let session = *self.session.get(at).filter(|&&session| session != 0)?;
        let (user, agent) = (*self.user.get(at)?, *self.agent.get(at)?);
        Some(Turn {
            conversation: conversation(user, agent, session),
            place: (*self.occurred_at.get(at)?, place, slot),
        })
    }

    /// The live slot of an id; all of them are looked through.
    pub(crate) fn slot_of(&self, id: Id) -> Option<u32> {
        let id = id.as_u128();
        self.live.iter().find(|&slot| self.id.get(slot as usize) == Some(&id))
    }

    pub(crate) fn has(&self, slot: u32, flag: u16) -> bool {
        self.flags.get(slot as usize).is_some_and(|flags| flags & flag != 0)
    }
}
