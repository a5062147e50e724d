//! Loading: sealed segments where they are whole, and the records themselves where they are not.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::meta::Meta;
use super::space::Spaces;
use super::stored::{Stored, VectorState};
use super::working_set::{Delta, WorkingSet};
use crate::error::{ErrorKind, Result};
use crate::index::{Code, Entry, Part, Row, Segment, VectorIndex, decode_segment, flag};
use crate::language::{Analyzer, Analyzers};
use crate::limits::SEGMENT_SLOTS;
use crate::model::TenantConfig;
use crate::storage::{Key, Snapshot, big_endian_u32, decode, join, keys};

/// A tenant as it was loaded.
pub(super) struct Loaded {
    pub(super) meta: Meta,
    pub(super) set: WorkingSet,
    /// The entries behind the last sealed segment.
    pub(super) tail: Vec<Arc<Entry>>,
    /// Segments that should have been there and were made again from the records.
    pub(super) rebuilt: u64,
}

/// Loads a tenant's indexes from its rows at one version.
pub(super) fn load(snapshot: &dyn Snapshot, analyzers: &Analyzers) -> Result<Loaded> {
    let (meta, version) = (super::meta::read(snapshot)?, snapshot.version());
    let config = Arc::new(read_config(snapshot)?);
    let analyzer = analyzers.of(config.language);
    let set = WorkingSet { version, config, spaces: meta.spaces.clone(), ..WorkingSet::default() };
    let mut loaded = Loaded { meta, set, tail: Vec::new(), rebuilt: 0 };
    for first in (0..loaded.meta.slots).step_by(SEGMENT_SLOTS as usize) {
        let end = loaded.meta.slots.min(first + SEGMENT_SLOTS);
        let whole = end - first == SEGMENT_SLOTS;
        let sealed = if whole { read_sealed(snapshot, first, end, &loaded.meta.spaces)? } else { None };
        if let Some((segment, overlays)) = sealed {
            append_segment(&mut loaded.set, first, &segment, &overlays);
            loaded.tail.clear();
        } else {
            let scan = |from: &Key, to: &Key| snapshot.scan(from, to, usize::MAX);
            for entry in read_entries(scan, first, end, analyzer, &loaded.meta.spaces)? {
                let entry = Arc::new(entry);
                loaded.tail.push(Arc::clone(&entry));
                loaded.set.apply(Delta::Append(entry));
            }
            loaded.rebuilt += u64::from(whole);
        }
    }
    loaded.set.next = read_next(snapshot, &loaded.meta.spaces)?;
    Ok(loaded)
}

/// The vectors in the space that the tenant is changing to.
fn read_next(snapshot: &dyn Snapshot, spaces: &Spaces) -> Result<VectorIndex> {
    let mut index = VectorIndex::default();
    let done = spaces.next.as_ref().map_or(0, |next| next.done);
    for first in (0..done).step_by(SEGMENT_SLOTS as usize) {
        let end = done.min(first + SEGMENT_SLOTS);
        let rows = snapshot.scan(&spaces.next_vector(first), &spaces.next_vector(end), usize::MAX)?;
        let mut rows = rows.into_iter().peekable();
        for slot in first..end {
            let row = rows.next_if(|(key, _)| key.last_slot() == Some(slot));
            index.push(row.map(|(_, payload)| Code::of(&vector_of(&payload))).as_ref());
        }
    }
    Ok(index)
}

/// What a tenant chose for itself.
pub(crate) fn read_config(snapshot: &dyn Snapshot) -> Result<TenantConfig> {
    let row = snapshot.get_many(&[keys::config()])?.pop().flatten();
    row.map_or_else(|| Ok(TenantConfig::default()), |row| decode(&row))
}

/// A sealed segment with what changed since; `None` if any of it is missing or damaged, which is no error: the
/// records have it all.
fn read_sealed(
    snapshot: &dyn Snapshot,
    first: u32,
    end: u32,
    spaces: &Spaces,
) -> Result<Option<(Segment, BTreeMap<u32, Row>)>> {
    let mut parts = [const { Vec::new() }; Part::ALL.len()];
    for (part, payload) in Part::ALL.into_iter().zip(&mut parts) {
        let key = keys::segment_part(spaces.left, first / SEGMENT_SLOTS, part as u8);
        let rows = unless_damaged(snapshot.scan(&key, &key.end(), usize::MAX))?;
        match rows.and_then(|rows| join(rows).ok()).and_then(|mut payloads| payloads.pop()) {
            Some((_, joined)) => *payload = joined,
            None => return Ok(None),
        }
    }
    let rows = unless_damaged(snapshot.scan(&keys::overlay(first), &keys::overlay(end), usize::MAX))?;
    let overlay = |(key, payload): (Key, Vec<u8>)| {
        Row::from_bytes(&payload).map(|row| (big_endian_u32(key.body()), row))
    };
    let overlays = rows.and_then(|rows| rows.into_iter().map(overlay).collect());
    Ok(decode_segment(&parts, SEGMENT_SLOTS as usize, spaces.dimensions()).zip(overlays))
}

/// What was read, or `None` if it is damaged.
fn unless_damaged<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(None),
        Err(error) => Err(error),
    }
}

fn append_segment(set: &mut WorkingSet, first: u32, segment: &Segment, overlays: &BTreeMap<u32, Row>) {
    set.vectors.extend(segment.rows.len(), &segment.bits, &segment.codes, &segment.scales);
    for (slot, sealed) in (first..).zip(&segment.rows) {
        let row = overlays.get(&slot).map_or(*sealed, |row| Row { length: sealed.length, ..*row });
        if row.has(flag::LIVE) {
            set.text.count_record(row.length);
        }
        set.append_row(row);
    }
    let mut rest = segment.postings.as_slice();
    for &(term, length) in &segment.terms {
        let Some((postings, tail)) = rest.split_at_checked(length as usize) else { return };
        rest = tail;
        let live = postings.iter().map(|&(offset, count)| (first + offset, count));
        let columns = &set.columns;
        set.text.extend(term, live.filter(|&(slot, _)| columns.has(slot, flag::LIVE)));
    }
}

/// The entries of a range of slots from the records; a slot without a record is dead.
pub(super) fn read_entries(
    scan: impl Fn(&Key, &Key) -> Result<Vec<(Key, Vec<u8>)>>,
    first: u32,
    end: u32,
    analyzer: &Analyzer,
    spaces: &Spaces,
) -> Result<Vec<Entry>> {
    let rows = scan(&keys::record(first), &keys::record(end))?;
    let vectors = scan(&spaces.vector(first), &spaces.vector(end))?;
    let slot_of = |key: &Key| key.last_slot().unwrap_or(u32::MAX);
    let mut vectors: BTreeMap<u32, Vec<u8>> =
        vectors.into_iter().map(|(key, payload)| (slot_of(&key), payload)).collect();
    let mut entries: Vec<Entry> = (first..end).map(|_| Entry::default()).collect();
    for (key, payload) in join(rows)? {
        let slot = big_endian_u32(key.body());
        let stored: Stored = decode(&payload)?;
        let vector = vectors.remove(&slot).filter(|_| stored.vector == VectorState::Present);
        let vector = vector.map(|bytes| vector_of(&bytes));
        if let Some(entry) = entries.get_mut((slot - first) as usize) {
            *entry = stored.entry(analyzer, vector.as_deref());
        }
    }
    Ok(entries)
}

/// A vector of its row.
pub(crate) fn vector_of(payload: &[u8]) -> Vec<f32> {
    payload.as_chunks().0.iter().map(|component| f32::from_le_bytes(*component)).collect()
}
