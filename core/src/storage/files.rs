//! The file system: the one file that touches it, and the one that adds the path to its errors.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

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

/// The path under which a new file is made before it is moved to `path`.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Removes a file that a crash may have left.
pub(crate) fn remove(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this file owns the file system")]
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(failed("cannot remove what an earlier attempt left", path, error))
        }
        _ => Ok(()),
    }
}

/// Moves a file to a path, and makes both survive a power loss.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this file owns the file system")]
    std::fs::rename(from, to).map_err(|error| failed("cannot make the store", to, error))?;
    sync_directory_of(to)
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
