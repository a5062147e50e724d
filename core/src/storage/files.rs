//! The file system: the one file that touches it, and the one that adds the path to its errors.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Code, Error, Result};

/// The first bytes of the engine's file.
const MAGIC: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A file of the engine, or an empty one.
    Store,
}

/// Looks at a path before the engine does, so that a foreign file is never written to.
pub(crate) fn look(path: &Path) -> Result<Found> {
    let mut head = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "this file owns the file system")]
    let opened = File::open(path);
    let read = opened.and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut head));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(error) => Err(failed("cannot read the store", path, error)),
        Ok(_) if head.is_empty() || head == MAGIC => Ok(Found::Store),
        Ok(_) => Err(Error::draft(Code::FileForeign, "the file is not an Ebbmark store")
            .got(path.display())
            .expected("a file that Ebbmark made")
            .remedy("choose another path; the file was left as it is")),
    }
}

/// How many bytes the file at a path has, if the file system tells.
pub(crate) fn bytes(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|found| found.len())
}

/// A path of its own beside `path`, under which a new file is made before it gets its name.
pub(crate) fn beside(path: &Path) -> PathBuf {
    static ATTEMPTS: AtomicU64 = AtomicU64::new(0);
    let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}-{attempt}.new", std::process::id()));
    PathBuf::from(name)
}

/// Gives a whole new file its name, and makes that survive a power loss. If another opener was faster, his file stays
/// and the new one goes.
pub(crate) fn give_name(new: &Path, path: &Path) -> Result<()> {
    // A link, unlike a rename, never replaces what is there.
    let named = match std::fs::hard_link(new, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) if look(path)? == Found::Nothing =>
        {
            #[expect(clippy::disallowed_methods, reason = "for file systems that have no links")]
            std::fs::rename(new, path)
        }
        linked => linked,
    };
    #[expect(clippy::disallowed_methods, reason = "this file owns the file system")]
    let _ = std::fs::remove_file(new);
    named.map_err(|error| failed("cannot make the store", path, error))?;
    sync_directory_of(path)
}

/// Makes the entry of a new file in its directory survive a power loss.
fn sync_directory_of(path: &Path) -> Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(windows) {
        return Ok(()); // A directory cannot be opened as a file there; NTFS journals the entry itself.
    }
    #[expect(clippy::disallowed_methods, reason = "this file owns the file system")]
    let synced = File::open(parent).and_then(|directory| directory.sync_all());
    synced.map_err(|error| failed("cannot make the new file durable", parent, error))
}

/// The error for no file where one was expected.
pub(crate) fn missing(path: &Path) -> Error {
    Error::draft(Code::FileMissing, "there is no store at the path")
        .got(path.display())
        .expected("an existing file")
        .remedy("check the path, or open it for writing with Options::create")
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    Error::draft(Code::Io, what)
        .got(format!("{} at {}", error.kind(), path.display()))
        .expected("a path that may be used")
        .source(error)
        .remedy("check that the path exists and that you may use it")
}
