//! Uses that were told and are not written down yet: they go along with the next commit, so that telling of one never
//! waits for the medium.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::stored::Stored;
use super::write::Write;
use crate::dynamics::{reinforced, stability};
use crate::error::{ErrorKind, Result};
use crate::model::{Curve, Grade, Id, Record, Timestamp, Trace};
use crate::observe::ChangeKind;
use crate::storage::encode;

/// Uses that go along with one commit, at most.
const USES_PER_COMMIT: usize = 64;

/// Bytes of records that are written anew with their uses in a commit of something else, at most. The longest record does
/// not fit, and waits for a commit of its own.
pub(super) const USES_BESIDE_BYTES: usize = 256 << 10;

/// Bytes beside a record that a use writes, about: its row of the columns, of the audit and of the schedule.
const BESIDE_BYTES: usize = 512;

/// Uses that are held at most; whoever tells of more waits until some are written down.
pub(super) const USES_MAX: usize = 1 << 16;

/// A use that was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Used {
    pub(crate) id: Id,
    pub(crate) grade: Grade,
    pub(crate) at: Timestamp,
}

/// The uses of one tenant that are not durable yet, in order. Those in front are on their way.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// Each with the version of the commit that it is on its way in.
    uses: VecDeque<(Used, Option<u64>)>,
    /// How many became durable.
    settled: u64,
}

impl Uses {
    /// Holds a use; how many are held now.
    pub(super) fn push(&self, used: Used) -> usize {
        let mut held = self.lock();
        held.uses.push_back((used, None));
        held.uses.len()
    }

    /// Those of a record that a snapshot of a version does not show, in order.
    pub(super) fn unseen(&self, id: Id, version: u64) -> Vec<Used> {
        let held = self.lock();
        let unseen =
            |(used, sent): &&(Used, Option<u64>)| used.id == id && sent.is_none_or(|sent| sent > version);
        held.uses.iter().filter(unseen).map(|(used, _)| *used).collect()
    }

    /// How many became durable so far.
    pub(super) fn settled(&self) -> u64 {
        self.lock().settled
    }

    /// Whether there are any, be they on their way.
    pub(super) fn is_any(&self) -> bool {
        !self.lock().uses.is_empty()
    }

    /// Whether there are some that are not on their way.
    pub(super) fn is_waiting(&self) -> bool {
        self.lock().uses.iter().any(|(_, sent)| sent.is_none())
    }

    /// The oldest ones that are not on their way.
    pub(super) fn next(&self) -> Vec<Used> {
        let held = self.lock();
        let waiting = held.uses.iter().filter(|(_, sent)| sent.is_none());
        waiting.take(USES_PER_COMMIT).map(|(used, _)| *used).collect()
    }

    /// Notes that the next ones are on their way in the commit of a version.
    pub(super) fn send(&self, count: usize, version: u64) {
        let mut held = self.lock();
        let waiting = held.uses.iter_mut().filter(|(_, sent)| sent.is_none());
        waiting.take(count).for_each(|(_, sent)| *sent = Some(version));
    }

    /// Lets go of those that are durable.
    pub(super) fn settle(&self, version: u64) {
        let mut held = self.lock();
        let before = held.uses.len();
        held.uses.retain(|(_, sent)| sent.is_none_or(|sent| sent > version));
        held.settled += (before - held.uses.len()) as u64;
    }

    /// Holds those again that were on their way and did not arrive.
    pub(super) fn recall(&self) {
        self.lock().uses.iter_mut().for_each(|(_, sent)| *sent = None);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The trace of a record after a use.
pub(crate) fn used(stored: &Stored, curve: Curve, used: &Used) -> Trace {
    let (base, said_at) = match &stored.record {
        Record::Atom(atom) => (stability(atom.stability_days, atom.confidence, 1.0), atom.asserted_at),
        Record::Episode(episode) => (f64::INFINITY, episode.occurred_at),
    };
    reinforced(&stored.trace, curve, base, stored.trace.since(said_at), used.at, used.grade)
}

impl Write<'_> {
    /// Writes uses down, as many as fit into so many bytes; how many. A record that is gone has no use any more, and one
    /// that is damaged is told by those who read it.
    pub(super) fn note_uses(&mut self, uses: &[Used], budget: usize) -> Result<usize> {
        let mut bytes = 0;
        for (at, use_of) in uses.iter().enumerate() {
            match self.find(use_of.id) {
                Ok(Some((slot, stored))) => {
                    bytes += BESIDE_BYTES + encode(&stored)?.len();
                    if bytes > budget {
                        return Ok(at);
                    }
                    let trace = used(&stored, self.config().curve, use_of);
                    self.retrace(slot, &stored, trace, ChangeKind::Used)?;
                }
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Corrupt => {}
                Err(error) => return Err(error),
            }
        }
        Ok(uses.len())
    }

    /// Changes the trace of a record, and nothing of what it says.
    pub(crate) fn retrace(
        &mut self,
        slot: u32,
        stored: &Stored,
        trace: Trace,
        kind: ChangeKind,
    ) -> Result<()> {
        self.set(slot, stored, &Stored { trace, ..stored.clone() }, kind)
    }
}
