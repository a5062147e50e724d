//! Keys: which tables a tenant has, and how a row's key is made. All numbers are big-endian.

use smallvec::SmallVec;

use crate::model::Timestamp;

/// The tables of a tenant. Those that are not called derived are the truth; the others follow from them. Atoms follow
/// from the ledger, but their versions and history do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Table {
    /// One row: counters and the vector space.
    Meta = b'm',
    /// slot, part -> record.
    Record = b'r',
    /// space, slot -> exact vector, f32 little-endian.
    Vector = b'v',
    /// id, version, part -> former version of a record.
    History = b'h',
    /// version, part -> the entry of the audit that a commit is, with its changes.
    Change = b'c',
    /// key hash, chunk -> the receipt of an `add`.
    Idempotency = b'k',
    /// subject hash, predicate hash, object hash, id, part -> an entry of the ledger: a claim or a ruling.
    Ledger = b'e',
    /// name hash, part -> the links of a name to others of the same entity.
    Link = b'n',
    /// part -> the predicates that the tenant defined.
    Predicate = b'p',
    /// id, part -> what an operation did, so that it can be undone.
    Operation = b'u',
    /// hash, part -> a cell of the ledger that is still to be folded anew.
    Todo = b't',
    /// id -> what a record waits for.
    Waiting = b'q',
    /// name -> who holds a lease, until when.
    Lease = b'l',
    /// Derived. id -> slot.
    Slot = b'i',
    /// Derived. what for, hash, slot -> nothing: atoms by the name of their object, and by their conflicts; passages by
    /// their document.
    Filed = b'f',
    /// One row: what the tenant chose for itself.
    Config = b'g',
    /// Derived. moment, slot -> nothing: records with which something is to be done then.
    Due = b'd',
    /// Derived. episode, key of a ledger entry -> nothing.
    Support = b'w',
    /// Derived. purpose, record id, moment, version -> nothing: entries of the audit by time and by record.
    Audit = b'a',
    /// Derived. slot -> the row of the columns, for a slot changed after its segment was sealed.
    Overlay = b'o',
    /// Derived. space, segment, kind of part, part -> sealed index.
    Segment = b's',
}

impl Table {
    /// The tables that can be thrown away and made again.
    pub(crate) const DERIVED: [Table; 7] =
        [Table::Slot, Table::Filed, Table::Due, Table::Support, Table::Audit, Table::Overlay, Table::Segment];
}

/// A key within a tenant: the table's letter and the key's bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(KeyBytes);

/// Room for the keys of most tables: the longest, an entry of the ledger, has 43 bytes.
type KeyBytes = SmallVec<[u8; 48]>;

/// The key of a row in the file: the number of the tenant, and the key.
pub(super) type FullKey = SmallVec<[u8; 56]>;

impl Key {
    pub(crate) fn new(table: Table, parts: &[&[u8]]) -> Self {
        let mut bytes = KeyBytes::from_slice(&[table as u8]);
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        Key(bytes)
    }

    /// This key with more bytes behind it.
    pub(super) fn extended(&self, more: &[u8]) -> Self {
        let mut bytes = self.0.clone();
        bytes.extend_from_slice(more);
        Key(bytes)
    }

    /// The key without its last two bytes, and they as the number of a part.
    pub(super) fn split_part(&self) -> Option<(Key, u16)> {
        let (stem, number) = self.0.split_last_chunk()?;
        Some((Key::of_bytes(stem), u16::from_be_bytes(*number)))
    }

    /// The key of stored bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Key(KeyBytes::from_slice(bytes))
    }

    /// The slot at its end, where keys of its table have one.
    pub(crate) fn last_slot(&self) -> Option<u32> {
        self.body().last_chunk().map(|slot| u32::from_be_bytes(*slot))
    }

    /// The moment at its beginning, where keys of its table have one.
    pub(crate) fn moment(&self) -> Option<Timestamp> {
        let place = self.body().first_chunk().map(|place| u64::from_be_bytes(*place))?;
        Some(Timestamp::from_micros((place ^ (1 << 63)) as i64))
    }

    /// The key of the first row of a payload.
    pub(crate) fn first_part(&self) -> Self {
        self.extended(&0_u16.to_be_bytes())
    }

    /// This key without the 16 bytes of an id at its end.
    pub(crate) fn without_id(&self) -> Self {
        Key::of_bytes(self.0.get(..self.0.len().saturating_sub(16)).unwrap_or_default())
    }

    /// Of the key of an entry of the ledger: the key of all entries of its subject and predicate.
    pub(crate) fn ledger_predicate(&self) -> Self {
        Key::of_bytes(self.0.get(..17).unwrap_or(&self.0))
    }

    /// Of the key of a part: the key of all parts.
    pub(crate) fn without_part(&self) -> Self {
        Key::of_bytes(self.0.get(..self.0.len().saturating_sub(2)).unwrap_or_default())
    }

    /// Whether it is a key of this table.
    pub(crate) fn is_in(&self, table: Table) -> bool {
        self.0.first() == Some(&(table as u8))
    }

    /// Whether its row can be thrown away and made again.
    pub(crate) fn is_derived(&self) -> bool {
        Table::DERIVED.iter().any(|table| self.is_in(*table))
    }

    /// The key in the file.
    pub(super) fn of_tenant(&self, number: u32) -> FullKey {
        let mut full = FullKey::from_slice(&number.to_be_bytes());
        full.extend_from_slice(self.as_bytes());
        full
    }

    /// The table's letter and the key's bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key's bytes without the table's letter.
    pub(crate) fn body(&self) -> &[u8] {
        self.0.get(1..).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first key behind all keys that begin with this one.
    pub(crate) fn end(&self) -> Key {
        let mut bytes = self.0.clone();
        while let Some(last) = bytes.pop() {
            if last < u8::MAX {
                bytes.push(last + 1);
                return Key(bytes);
            }
        }
        Key::of_bytes(&[u8::MAX])
    }
}

/// The first four bytes as a number, 0 if there are fewer.
pub(crate) fn big_endian_u32(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |chunk| u32::from_be_bytes(*chunk))
}

/// The keys of every table.
pub(crate) mod keys {
    use super::{Key, Table};
    use crate::model::{Id, Timestamp};

    pub(crate) fn meta() -> Key {
        Key::new(Table::Meta, &[])
    }

    pub(crate) fn config() -> Key {
        Key::new(Table::Config, &[])
    }

    /// The next slot whose record is to be scheduled anew, while there is one.
    pub(crate) fn reschedule() -> Key {
        Key::new(Table::Config, &[b"r"])
    }

    /// All parts of a record; also where the records from this slot on begin.
    pub(crate) fn record(slot: u32) -> Key {
        Key::new(Table::Record, &[&slot.to_be_bytes()])
    }

    pub(crate) fn vector(space: u16, slot: u32) -> Key {
        Key::new(Table::Vector, &[&space.to_be_bytes(), &slot.to_be_bytes()])
    }

    pub(crate) fn slot(id: Id) -> Key {
        Key::new(Table::Slot, &[&id.as_u128().to_be_bytes()])
    }

    /// All former versions of a record.
    pub(crate) fn history(id: Id) -> Key {
        Key::new(Table::History, &[&id.as_u128().to_be_bytes()])
    }

    pub(crate) fn revision(id: Id, version: u32) -> Key {
        Key::new(Table::History, &[&id.as_u128().to_be_bytes(), &version.to_be_bytes()])
    }

    pub(crate) fn change(version: u64) -> Key {
        Key::new(Table::Change, &[&version.to_be_bytes()])
    }

    pub(crate) fn idempotency(key_hash: u128, chunk: u32) -> Key {
        Key::new(Table::Idempotency, &[&key_hash.to_be_bytes(), &chunk.to_be_bytes()])
    }

    /// What is filed for a purpose under a hash; see [`filed`].
    pub(crate) fn filed_under(purpose: u8, hash: u128) -> Key {
        Key::new(Table::Filed, &[&[purpose], &hash.to_be_bytes()])
    }

    /// All that is filed for a purpose.
    pub(crate) fn filed_for(purpose: u8) -> Key {
        Key::new(Table::Filed, &[&[purpose]])
    }

    pub(crate) fn filed(purpose: u8, hash: u128, slot: u32) -> Key {
        filed_under(purpose, hash).extended(&slot.to_be_bytes())
    }

    /// A moment as a number whose order is that of moments: with the sign bit turned, negative ones come first.
    fn place(moment: Timestamp) -> u64 {
        (moment.as_micros() as u64) ^ (1 << 63)
    }

    /// A record that is due at a moment; in the order of moments.
    pub(crate) fn due(moment: Timestamp, slot: u32) -> Key {
        Key::new(Table::Due, &[&place(moment).to_be_bytes(), &slot.to_be_bytes()])
    }

    /// The entries of the audit, newest first: all, or those that changed a record.
    pub(crate) fn audit(record: Option<Id>) -> Key {
        match record {
            None => Key::new(Table::Audit, &[b"t"]),
            Some(id) => Key::new(Table::Audit, &[b"r", &id.as_u128().to_be_bytes()]),
        }
    }

    /// Where the entries of a moment begin in [`audit`]. Turned around, later moments come before earlier ones.
    pub(crate) fn audit_moment(record: Option<Id>, moment: Timestamp) -> Key {
        audit(record).extended(&(!place(moment)).to_be_bytes())
    }

    /// An entry in [`audit`].
    pub(crate) fn audit_entry(record: Option<Id>, moment: Timestamp, version: u64) -> Key {
        audit_moment(record, moment).extended(&(!version).to_be_bytes())
    }

    /// The version of the entry that a key of [`audit_entry`] leads to.
    pub(crate) fn audited_version(key: &Key) -> u64 {
        key.body().last_chunk().map_or(0, |version| !u64::from_be_bytes(*version))
    }

    /// The entries of the ledger about a subject, all or those of a predicate, all or those of an object.
    pub(crate) fn ledger(subject: u64, predicate: Option<u64>, object: Option<u64>) -> Key {
        let part = |hash: Option<u64>| hash.map(u64::to_be_bytes).unwrap_or_default();
        let (predicate_part, object_part) = (part(predicate), part(object));
        let predicate_part: &[u8] = if predicate.is_some() { &predicate_part } else { &[] };
        let object_part: &[u8] = if object.is_some() { &object_part } else { &[] };
        Key::new(Table::Ledger, &[&subject.to_be_bytes(), predicate_part, object_part])
    }

    pub(crate) fn ledger_entry(subject: u64, predicate: u64, object: u64, id: Id) -> Key {
        ledger(subject, Some(predicate), Some(object)).extended(&id.as_u128().to_be_bytes())
    }

    pub(crate) fn link(name: u64) -> Key {
        Key::new(Table::Link, &[&name.to_be_bytes()])
    }

    pub(crate) fn predicates() -> Key {
        Key::new(Table::Predicate, &[])
    }

    pub(crate) fn operation(id: Id) -> Key {
        Key::new(Table::Operation, &[&id.as_u128().to_be_bytes()])
    }

    pub(crate) fn todo(hash: u128) -> Key {
        Key::new(Table::Todo, &[&hash.to_be_bytes()])
    }

    pub(crate) fn waiting(id: Id) -> Key {
        Key::new(Table::Waiting, &[&id.as_u128().to_be_bytes()])
    }

    pub(crate) fn lease(name: &str) -> Key {
        Key::new(Table::Lease, &[name.as_bytes()])
    }

    /// What an episode supports.
    pub(crate) fn supported_by(episode: Id) -> Key {
        Key::new(Table::Support, &[&episode.as_u128().to_be_bytes()])
    }

    pub(crate) fn support(episode: Id, entry: &Key) -> Key {
        supported_by(episode).extended(entry.body())
    }

    /// The key of the ledger entry that a support leads to.
    pub(crate) fn supported_entry(support: &Key) -> Key {
        Key::new(Table::Ledger, &[support.body().get(16..).unwrap_or_default()])
    }

    pub(crate) fn overlay(slot: u32) -> Key {
        Key::new(Table::Overlay, &[&slot.to_be_bytes()])
    }

    /// All parts of a segment.
    pub(crate) fn segment(space: u16, segment: u32) -> Key {
        Key::new(Table::Segment, &[&space.to_be_bytes(), &segment.to_be_bytes()])
    }

    pub(crate) fn segment_part(space: u16, segment: u32, part: u8) -> Key {
        Key::new(Table::Segment, &[&space.to_be_bytes(), &segment.to_be_bytes(), &[part]])
    }

    /// All vectors and all segments of one space.
    pub(crate) fn of_space(space: u16) -> [Key; 2] {
        [Table::Vector, Table::Segment].map(|table| Key::new(table, &[&space.to_be_bytes()]))
    }

    /// All rows of a table.
    pub(crate) fn table(table: Table) -> Key {
        Key::new(table, &[])
    }
}
