//! The kill: a child that writes until it dies, and a parent that counts what is left.
//!
//! The child is this very program, started again with a hidden argument. A kill of the process shows that
//! nothing acknowledged waits in its memory; it does not show what a loss of power would do.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ebbmark::{Id, Options, Store};

use crate::conversation::Conversation;
use crate::{Result, ensure, everything};

/// The hidden argument that makes the program the child; the path of the store follows.
pub const CHILD: &str = "--write-until-killed";

/// The tenant that the child writes to.
pub const DIARY: &str = "diary";

/// Acknowledgements after which the child is killed.
const PATIENCE: usize = 300;

/// Entries that the child writes at most, should nobody kill it.
const ENTRIES_MAX: usize = 20_000;

/// What was found after the kill.
#[derive(Clone, Copy, Debug)]
pub struct Survivors {
    /// Entries whose id the child had told.
    pub acknowledged: usize,
    /// Those of them that are gone, or have another text.
    pub lost: usize,
    /// Entries that are whole, although the child died before it could tell their id.
    pub untold: usize,
    /// Entries that are neither, such as half of one.
    pub damaged: usize,
}

/// What the child writes, entry after entry without end: both sides know it, so that one can check the other.
fn entries(conversation: &Conversation) -> impl Iterator<Item = String> {
    conversation.turns().cycle().enumerate().map(|(number, turn)| format!("Entry {number}. {}", turn.text))
}

/// The child: adds entries one by one, and tells the id of each once the store has acknowledged it.
///
/// # Errors
/// Those of the store; a parent that no longer listens.
pub fn write_until_killed(path: &Path) -> Result<()> {
    let diary = Store::open(path, Options::default())?.tenant(DIARY)?;
    let conversation = Conversation::load()?;
    for entry in entries(&conversation).take(ENTRIES_MAX) {
        let receipt = diary.add(entry.as_str())?;
        receipt.ids.iter().try_for_each(|id| writeln!(io::stdout(), "{id}"))?;
    }
    Ok(())
}

/// Starts the child on a store that nobody has open, kills it in mid-write, and returns the ids that it told.
///
/// # Errors
/// Those of starting and killing it; a child that ended by itself.
pub fn kill_in_mid_write(path: &Path) -> Result<Vec<Id>> {
    let program = env::current_exe()?;
    let mut child = Command::new(program).arg(CHILD).arg(path).stdout(Stdio::piped()).spawn()?;
    let acknowledged = listen_and_kill(&mut child);
    // Whatever went wrong, no child is left behind.
    let _ = child.kill();
    let status = child.wait()?;
    let acknowledged = acknowledged?;
    ensure(!status.success() && acknowledged.len() >= PATIENCE, "the child writes until it is killed")?;
    Ok(acknowledged)
}

fn listen_and_kill(child: &mut Child) -> Result<Vec<Id>> {
    let pipe = child.stdout.take().ok_or("the child has no output")?;
    let mut acknowledged: Vec<Id> = Vec::new();
    for line in BufReader::new(pipe).lines() {
        acknowledged.push(line?.parse()?);
        // It goes on writing until the signal arrives; what it told meanwhile is read to the end.
        if acknowledged.len() == PATIENCE {
            child.kill()?;
        }
    }
    Ok(acknowledged)
}

/// Compares what the store holds with what the child had told.
///
/// # Errors
/// Those of the store.
pub fn survivors(store: &Store, conversation: &Conversation, acknowledged: &[Id]) -> Result<Survivors> {
    let diary = store.tenant(DIARY)?;
    let kept = |(id, entry): &(&Id, String)| diary.get(**id).is_ok_and(|record| record.text() == *entry);
    let whole = acknowledged.iter().zip(entries(conversation)).filter(kept).count();
    // What entries say is kept beside them; it is as whole as they are, being of the same commit.
    let mut listed = everything(&diary)?;
    listed.retain(|record| record.as_episode().is_some());
    let damaged =
        listed.iter().zip(entries(conversation)).filter(|(record, entry)| record.text() != *entry).count();
    Ok(Survivors {
        acknowledged: acknowledged.len(),
        lost: acknowledged.len() - whole,
        untold: listed.len().saturating_sub(acknowledged.len()),
        damaged,
    })
}
