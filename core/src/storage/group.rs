//! Group commit: whoever comes while one commit is being made durable shares the next one.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::engine::{Commit, Ticket};
use crate::error::Result;

/// Most payload bytes in one durable commit; what is beyond waits for the next.
const GROUP_BYTES_MAX: usize = 32 << 20;

/// How long a leader waits for as many writers as came last time: less than making a group durable takes.
const PATIENCE: Duration = Duration::from_micros(300);

/// A queue of commits. The first to wait leads: it makes all that are queued durable together.
#[derive(Default)]
pub(crate) struct Group {
    queue: Mutex<Queue>,
    submitted: Condvar,
    settled: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<(Commit, Ticket)>,
    leading: bool,
    /// Commits in the last group: as many writers are about to come again.
    last_group: usize,
}

impl Group {
    pub(crate) fn submit(&self, commit: Commit) -> Ticket {
        let ticket = Ticket(Arc::new(OnceLock::new()));
        let mut queue = self.lock();
        queue.waiting.push((commit, ticket.clone()));
        if queue.leading && queue.waiting.len() >= queue.last_group {
            self.submitted.notify_one();
        }
        drop(queue);
        ticket
    }

    /// Waits for a ticket. `make_durable` gives one result for each commit, and is called by one thread at a time.
    pub(crate) fn wait(
        &self,
        ticket: &Ticket,
        make_durable: impl Fn(&[Commit]) -> Vec<Result<u64>>,
    ) -> Result<u64> {
        let mut queue = self.lock();
        loop {
            if let Some(result) = ticket.0.get() {
                return result.clone();
            }
            if queue.leading {
                queue = self.settled.wait(queue).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.leading = true;
            queue = self.gather(queue);
            let group = take_group(&mut queue.waiting);
            queue.last_group = group.len();
            let (commits, tickets): (Vec<Commit>, Vec<Ticket>) = group.into_iter().unzip();
            drop(queue);
            let results = make_durable(&commits);
            for (ticket, result) in tickets.iter().zip(results) {
                let _ = ticket.0.set(result);
            }
            queue = self.lock();
            queue.leading = false;
            self.settled.notify_all();
        }
    }

    /// Lets the writers of the last group catch up, so that the first of them does not go alone. One writer
    /// by itself never waits.
    fn gather<'a>(&'a self, queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
        let alone = |queue: &mut Queue| queue.waiting.len() < queue.last_group;
        let gathered = self.submitted.wait_timeout_while(queue, PATIENCE, alone);
        gathered.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The front of the queue, as much as one durable commit may carry and at least one.
fn take_group(waiting: &mut Vec<(Commit, Ticket)>) -> Vec<(Commit, Ticket)> {
    let mut bytes = 0;
    let fits = waiting.iter().take_while(|(commit, _)| {
        let before = bytes;
        bytes += commit.puts.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        before < GROUP_BYTES_MAX
    });
    let count = fits.count();
    waiting.drain(..count).collect()
}
