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

/// Uses that go along with one commit, at most.
const USES_PER_COMMIT: usize = 64;

/// Bytes of records that are written anew with their uses in one commit, about.
const BYTES_PER_COMMIT: usize = 256 << 10;

/// Uses that are held at most; whoever tells of more waits until some are written down.
pub(super) const USES_MAX: usize = 1 << 16;

/// A use that was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Used {
    pub(crate) id: Id,
    pub(crate) grade: Grade,
    pub(crate) at: Timestamp,
}

/// The uses of one tenant that are not written down yet, in order.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<VecDeque<Used>>);

impl Uses {
    /// Holds a use; how many are held now.
    pub(super) fn push(&self, used: Used) -> usize {
        let mut uses = self.lock();
        uses.push_back(used);
        uses.len()
    }

    /// Those of one record, in order.
    pub(super) fn of(&self, id: Id) -> Vec<Used> {
        self.lock().iter().filter(|used| used.id == id).copied().collect()
    }

    /// When the oldest one was told.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.lock().front().map(|used| used.at)
    }

    /// Takes the oldest ones out.
    pub(super) fn take(&self) -> Vec<Used> {
        let mut uses = self.lock();
        let count = uses.len().min(USES_PER_COMMIT);
        uses.drain(..count).collect()
    }

    /// Puts back in front what was taken out and not written down.
    pub(super) fn put_back(&self, taken: Vec<Used>) {
        let mut uses = self.lock();
        taken.into_iter().rev().for_each(|used| uses.push_front(used));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Used>> {
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
    /// Writes uses down; gives how many of them. A record that is gone has no use any more, and one that is damaged is
    /// told by those who read it.
    pub(super) fn note_uses(&mut self, uses: &[Used]) -> Result<usize> {
        let mut bytes = 0;
        for (at, use_of) in uses.iter().enumerate() {
            if bytes > BYTES_PER_COMMIT {
                return Ok(at);
            }
            match self.find(use_of.id) {
                Ok(Some((slot, stored))) => {
                    bytes += stored.record.text().len();
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
