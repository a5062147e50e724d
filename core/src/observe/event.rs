//! Changes as they are told to the host: durable in the feed, bounded in a subscription.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Id, RecordSort, Timestamp};

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum ChangeKind {
    /// It was added or asserted for the first time.
    Added = 0,
    /// The host changed it.
    Updated = 1,
    /// The same claim was asserted again.
    Reinforced = 2,
    /// Another claim took its place.
    Superseded = 3,
    /// It is gone.
    Deleted = 4,
    /// A vector that it waited for has come.
    Embedded = 5,
    /// It was taken back.
    Retracted = 6,
    /// It holds again: what had taken its place is gone.
    Restored = 7,
    /// Its standing or its links changed with its evidence, or with time.
    Judged = 8,
    /// It was used.
    Used = 9,
    /// Its stability was raised.
    Reconsolidated = 10,
    /// It is kept from dissolving and from the retention policy.
    Pinned = 11,
    /// It is not kept any more.
    Unpinned = 12,
    /// It is out of lists and searches.
    Archived = 13,
    /// It is in lists and searches again.
    Unarchived = 14,
    /// It was not believed, had faded, and is gone.
    Dissolved = 15,
    /// It had expired, and is gone.
    Expired = 16,
    /// The retention policy deleted it.
    Retired = 17,
    /// It is a passage, and stands at another place in its document.
    Moved = 18,
}

impl ChangeKind {
    /// Whether the record is gone with it.
    pub fn is_removal(self) -> bool {
        matches!(
            self,
            ChangeKind::Deleted | ChangeKind::Dissolved | ChangeKind::Expired | ChangeKind::Retired
        )
    }
}

/// One change of one record. Content is never part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The version of the tenant that the change made; changes of one commit share it.
    pub version: u64,
    /// What happened.
    pub kind: ChangeKind,
    /// Which of the two records it is.
    pub sort: RecordSort,
    /// The record.
    pub id: Id,
    /// When, by the store's clock.
    pub at: Timestamp,
    /// Who: the actor of the handle.
    pub actor: Arc<str>,
    /// The version of the record before; `None` if it was not there.
    pub before: Option<u32>,
    /// The version of the record after; `None` if it is gone.
    pub after: Option<u32>,
    /// The other record that the change is about, where there is one: the atom that took the place of this one, or whose
    /// place this one took; of an atom that holds again, the one that had taken its place; of an atom that went with an
    /// episode, the episode.
    pub other: Option<Id>,
}

/// What a subscription delivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A change, after it became durable.
    Change(Change),
    /// The subscriber was too slow: this many changes were dropped here. They are in `changes(since)`.
    Dropped(u64),
}

/// A bounded stream of the changes of one tenant, from the moment it was made until it is dropped.
#[derive(Debug)]
pub struct Subscription(Arc<Mailbox>);

#[derive(Debug)]
struct Mailbox {
    capacity: usize,
    queue: Mutex<Queue>,
    arrived: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    changes: VecDeque<Change>,
    dropped: u64,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// Changes in order; a gap is told where it lies, which is behind everything that was kept.
    fn take(&mut self) -> Option<Event> {
        if let Some(change) = self.changes.pop_front() {
            return Some(Event::Change(change));
        }
        let dropped = std::mem::take(&mut self.dropped);
        (dropped > 0).then_some(Event::Dropped(dropped))
    }
}

impl Subscription {
    /// The next event if there is one now.
    pub fn try_next(&self) -> Option<Event> {
        self.0.lock().take()
    }

    /// The next event, waiting for it no longer than `patience`.
    pub fn next_timeout(&self, patience: Duration) -> Option<Event> {
        let waiting = |queue: &mut Queue| queue.changes.is_empty() && queue.dropped == 0;
        let waited = self.0.arrived.wait_timeout_while(self.0.lock(), patience, waiting);
        let (mut queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        queue.take()
    }
}

/// The subscriptions of one tenant.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(Mutex<Vec<Weak<Mailbox>>>);

impl Subscribers {
    pub(crate) fn subscribe(&self, capacity: usize) -> Subscription {
        let mailbox =
            Arc::new(Mailbox { capacity, queue: Mutex::new(Queue::default()), arrived: Condvar::new() });
        self.lock().push(Arc::downgrade(&mailbox));
        Subscription(mailbox)
    }

    pub(crate) fn publish(&self, changes: &[Change]) {
        self.lock().retain(|subscriber| {
            let Some(mailbox) = subscriber.upgrade() else { return false };
            let mut queue = mailbox.lock();
            for change in changes {
                // Once something was dropped the rest is dropped too, until the gap has been told.
                if queue.dropped > 0 || queue.changes.len() >= mailbox.capacity {
                    queue.dropped += 1;
                } else {
                    queue.changes.push_back(change.clone());
                }
            }
            drop(queue);
            mailbox.arrived.notify_all();
            true
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Mailbox>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
