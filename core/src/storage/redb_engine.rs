//! The embedded engine: redb, one file. The only file that names it.
//!
//! Tables: `store` (format and the next tenant number), `tenants` (id to number, version, last op), `rows`
//! (tenant number, table letter, key to sealed payload). Every durable commit sets `quick_repair`, so that
//! a file opens in milliseconds after a crash.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use redb::{
    Builder, CommitError, Database, DatabaseError, ReadOnlyDatabase, ReadOnlyTable, ReadTransaction,
    ReadableDatabase, ReadableTable, StorageError, TableDefinition, TableError, TransactionError,
    WriteTransaction,
};

use super::engine::{Commit, Engine, Head, Snapshot, Ticket};
use super::envelope::{self, FORMAT, open, seal, seal_into};
use super::files::{self, Found};
use super::group::Group;
use super::key::{FullKey, Key, big_endian_u32};
use super::latch::Latch;
use crate::error::{Code, Error, Result};
use crate::observe::Health;

type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;
type Rows = ReadOnlyTable<&'static [u8], &'static [u8]>;

const STORE: Definition = TableDefinition::new("ebbmark.store");
const TENANTS: Definition = TableDefinition::new("ebbmark.tenants");
const ROWS: Definition = TableDefinition::new("ebbmark.rows");

/// Bytes of the tenant's number in front of every key.
const TENANT_BYTES: usize = 4;

const FORMAT_KEY: &[u8] = b"format";
const NEXT_TENANT_KEY: &[u8] = b"next tenant";

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenMode {
    /// For reading and writing; made if it is not there.
    Create,
    /// For reading and writing; it must be there.
    Write,
    /// For reading only; nothing is written to the file, not even a lock file.
    Read,
}

/// What the engine needs to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EngineOptions {
    pub(crate) mode: OpenMode,
    /// Bytes of memory for the engine's pages.
    pub(crate) cache_bytes: usize,
}

enum Handle {
    Writable(Database),
    ReadOnly(ReadOnlyDatabase),
}

impl Handle {
    fn begin_read(&self) -> Result<ReadTransaction> {
        match self {
            Handle::Writable(database) => database.begin_read(),
            Handle::ReadOnly(database) => database.begin_read(),
        }
        .map_err(transaction_failed)
    }
}

/// Rows in a redb file, or in memory.
pub(crate) struct RedbEngine {
    latch: Arc<Latch>,
    group: Group,
    /// `None` after `close`. Only `close` writes to it.
    handle: RwLock<Option<Handle>>,
    read_only: bool,
    /// `None` in memory.
    path: Option<PathBuf>,
}

impl RedbEngine {
    /// Opens the file at a path.
    pub(crate) fn open(path: &Path, options: EngineOptions) -> Result<Self> {
        let found = files::look(path)?;
        if found == Found::Nothing && options.mode != OpenMode::Create {
            return Err(files::missing(path));
        }
        if found == Found::Nothing {
            Self::make(path, options)?;
        }
        let latch = Arc::new(Latch::new());
        let handle = latch.guard(|| {
            let mut builder = Builder::new();
            builder.set_cache_size(options.cache_bytes);
            let opened = match options.mode {
                OpenMode::Read => builder.open_read_only(path).map(Handle::ReadOnly),
                OpenMode::Write | OpenMode::Create => builder.create(path).map(Handle::Writable),
            };
            let handle = opened.map_err(|error| open_failed(path, error))?;
            prepare(&handle)?;
            Ok(handle)
        })?;
        let mut engine = Self::of(latch, handle);
        engine.read_only = options.mode == OpenMode::Read;
        engine.path = Some(path.to_owned());
        Ok(engine)
    }

    /// Makes a new file beside its path and names it when it is whole: a crash in between leaves no half of a store.
    fn make(path: &Path, options: EngineOptions) -> Result<()> {
        let beside = files::beside(path);
        Latch::new().guard(|| {
            let made = Builder::new().set_cache_size(options.cache_bytes).create(&beside);
            prepare(&Handle::Writable(made.map_err(|error| open_failed(&beside, error))?))
        })?;
        files::give_name(&beside, path)
    }

    /// An engine whose rows live in memory and go with it.
    pub(crate) fn in_memory(cache_bytes: usize) -> Result<Self> {
        Self::on(redb::backends::InMemoryBackend::new(), cache_bytes)
    }

    fn on(backend: impl redb::StorageBackend, cache_bytes: usize) -> Result<Self> {
        let latch = Arc::new(Latch::new());
        let handle = latch.guard(|| {
            let opened = Builder::new().set_cache_size(cache_bytes).create_with_backend(backend);
            let handle = Handle::Writable(opened.map_err(|error| open_failed(Path::new("(memory)"), error))?);
            prepare(&handle)?;
            Ok(handle)
        })?;
        Ok(Self::of(latch, handle))
    }

    fn of(latch: Arc<Latch>, handle: Handle) -> Self {
        let (group, handle) = (Group::default(), RwLock::new(Some(handle)));
        RedbEngine { latch, group, handle, read_only: false, path: None }
    }

    fn handle(&self) -> RwLockReadGuard<'_, Option<Handle>> {
        self.handle.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, call: impl FnOnce(&ReadTransaction) -> Result<T>) -> Result<T> {
        let handle = self.handle();
        self.latch.guard(|| call(&handle.as_ref().ok_or_else(closed)?.begin_read()?))
    }

    /// One durable transaction. Nothing is written if `call` fails.
    fn write<T>(&self, call: impl FnOnce(&WriteTransaction) -> Result<T>) -> Result<T> {
        let handle = self.handle();
        self.latch.guard_write(|| match handle.as_ref().ok_or_else(closed)? {
            Handle::ReadOnly(_) => Err(read_only()),
            Handle::Writable(database) => {
                let mut transaction = database.begin_write().map_err(transaction_failed)?;
                transaction.set_quick_repair(true);
                let value = call(&transaction)?;
                transaction.commit().map_err(commit_failed)?;
                Ok(value)
            }
        })
    }

    /// Makes commits durable together. A commit that expects another version fails alone.
    fn make_durable(&self, commits: &[Commit]) -> Vec<Result<u64>> {
        let applied = self.write(|transaction| {
            let results: Vec<Result<u64>> = commits.iter().map(|commit| apply(transaction, commit)).collect();
            // A failure of the medium in one of them must not let the others through.
            let failures = results.iter().filter_map(|result| result.as_ref().err());
            match failures.into_iter().find(|error| error.code() != Code::VersionMismatch) {
                Some(error) => Err(error.clone()),
                None => Ok(results),
            }
        });
        applied.unwrap_or_else(|error| commits.iter().map(|_| Err(error.clone())).collect())
    }
}

impl Engine for RedbEngine {
    #[cfg(test)]
    fn head(&self, tenant: &str) -> Result<Head> {
        self.read(|transaction| {
            let tenants = transaction.open_table(TENANTS).map_err(table_failed)?;
            Ok(find_tenant(&tenants, tenant)?.unwrap_or_default().head)
        })
    }

    fn snapshot(&self, tenant: &str) -> Result<Box<dyn Snapshot>> {
        self.read(|transaction| {
            let tenants = transaction.open_table(TENANTS).map_err(table_failed)?;
            let found = find_tenant(&tenants, tenant)?.unwrap_or_default();
            let (number, version) = (found.number, found.head.version);
            let rows = transaction.open_table(ROWS).map_err(table_failed)?;
            let latch = Arc::clone(&self.latch);
            Ok(Box::new(RedbSnapshot { latch, rows, number, version }) as Box<dyn Snapshot>)
        })
    }

    fn submit(&self, commit: Commit) -> Result<Ticket> {
        if self.read_only {
            return Err(read_only());
        }
        self.latch.guard(|| commit.check())?;
        Ok(self.group.submit(commit))
    }

    fn wait(&self, ticket: &Ticket) -> Result<u64> {
        // A fork has a copy of the queue, but not the thread that leads it.
        self.latch.check_fork()?;
        self.group.wait(ticket, |commits| self.make_durable(commits))
    }

    fn tenants(&self) -> Result<Vec<String>> {
        self.read(|transaction| {
            let tenants = transaction.open_table(TENANTS).map_err(table_failed)?;
            let mut names = Vec::new();
            for entry in tenants.iter().map_err(storage_failed)? {
                let (key, value) = entry.map_err(storage_failed)?;
                open(key.value(), value.value())?;
                names.push(String::from_utf8_lossy(key.value()).into_owned());
            }
            Ok(names)
        })
    }

    fn erase(&self, tenant: &str) -> Result<bool> {
        // Looked up first by a read, so that a damaged entry is an error of this call and not of the store.
        let found = self.read(|transaction| {
            find_tenant(&transaction.open_table(TENANTS).map_err(table_failed)?, tenant)
        })?;
        let Some(entry) = found else { return Ok(false) };
        self.write(|transaction| {
            let mut tenants = transaction.open_table(TENANTS).map_err(table_failed)?;
            let mut rows = transaction.open_table(ROWS).map_err(table_failed)?;
            let (from, to) = (entry.number.to_be_bytes(), (entry.number + 1).to_be_bytes());
            rows.retain_in(from.as_slice()..to.as_slice(), |_, _| false).map_err(storage_failed)?;
            tenants.remove(tenant.as_bytes()).map_err(storage_failed)?;
            Ok(true)
        })
    }

    fn is_read_only(&self) -> bool {
        self.read_only
    }

    fn file_bytes(&self) -> Option<u64> {
        files::bytes(self.path.as_deref()?)
    }

    fn health(&self) -> Health {
        self.latch.health()
    }

    fn close(&self) {
        self.latch.close();
        // In a fork nobody lets go of what another thread held then, and there is nothing to be closed.
        if self.latch.check_fork().is_ok() {
            let handle = self.handle.write().unwrap_or_else(PoisonError::into_inner).take();
            self.latch.release(handle);
        }
    }
}

impl Drop for RedbEngine {
    fn drop(&mut self) {
        self.latch.close();
        self.latch.release(self.handle.get_mut().unwrap_or_else(PoisonError::into_inner).take());
    }
}

struct RedbSnapshot {
    latch: Arc<Latch>,
    rows: Rows,
    number: u32,
    version: u64,
}

impl RedbSnapshot {
    fn full(&self, key: &Key) -> FullKey {
        key.of_tenant(self.number)
    }

    fn range(&self, from: &Key, to: &Key) -> Result<redb::Range<'static, &'static [u8], &'static [u8]>> {
        let (from, to) = (self.full(from), self.full(to));
        self.rows.range(from.as_slice()..to.as_slice()).map_err(storage_failed)
    }
}

impl Snapshot for RedbSnapshot {
    fn version(&self) -> u64 {
        self.version
    }

    fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>> {
        self.latch.guard(|| {
            let get = |key| {
                let full = self.full(key);
                let value = self.rows.get(full.as_slice()).map_err(storage_failed)?;
                value.map(|value| open(&full, value.value()).map(<[u8]>::to_vec)).transpose()
            };
            keys.iter().map(get).collect()
        })
    }

    fn scan(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<(Key, Vec<u8>)>> {
        self.latch.guard(|| {
            let row = |(full, value): (Entry, Entry)| {
                Ok((stored_key(&full), open(full.value(), value.value())?.to_vec()))
            };
            self.range(from, to)?.take(limit).map(|entry| row(entry.map_err(storage_failed)?)).collect()
        })
    }

    fn keys(&self, from: &Key, to: &Key, limit: usize) -> Result<Vec<Key>> {
        self.latch.guard(|| {
            let key = |entry: Result<(Entry, Entry), StorageError>| {
                entry.map(|(full, _)| stored_key(&full)).map_err(storage_failed)
            };
            self.range(from, to)?.take(limit).map(key).collect()
        })
    }
}

type Entry = redb::AccessGuard<'static, &'static [u8]>;

fn stored_key(full: &Entry) -> Key {
    Key::of_bytes(full.value().get(TENANT_BYTES..).unwrap_or_default())
}

/// A tenant as the `tenants` table has it. Number 0 is nobody's: it stands for a tenant without rows.
#[derive(Clone, Copy, Debug, Default)]
struct TenantEntry {
    number: u32,
    head: Head,
}

fn find_tenant(
    tenants: &impl ReadableTable<&'static [u8], &'static [u8]>,
    tenant: &str,
) -> Result<Option<TenantEntry>> {
    let Some(value) = tenants.get(tenant.as_bytes()).map_err(storage_failed)? else { return Ok(None) };
    let payload = open(tenant.as_bytes(), value.value())?;
    let entry = payload.split_first_chunk().and_then(|(number, rest)| {
        let (version, op) = rest.split_first_chunk()?;
        let head =
            Head { version: u64::from_be_bytes(*version), op: u128::from_be_bytes(op.try_into().ok()?) };
        Some(TenantEntry { number: u32::from_be_bytes(*number), head })
    });
    entry.map(Some).ok_or_else(|| envelope::damaged(tenant.as_bytes(), "an entry of the wrong length"))
}

fn put_tenant(
    tenants: &mut redb::Table<&'static [u8], &'static [u8]>,
    tenant: &str,
    entry: TenantEntry,
) -> Result<()> {
    let TenantEntry { number, head } = entry;
    let payload = [&number.to_be_bytes()[..], &head.version.to_be_bytes(), &head.op.to_be_bytes()].concat();
    let sealed = seal(tenant.as_bytes(), &payload);
    tenants.insert(tenant.as_bytes(), sealed.as_slice()).map_err(storage_failed)?;
    Ok(())
}

fn apply(transaction: &WriteTransaction, commit: &Commit) -> Result<u64> {
    let mut tenants = transaction.open_table(TENANTS).map_err(table_failed)?;
    let mut entry = match find_tenant(&tenants, &commit.tenant)? {
        Some(entry) => entry,
        None => TenantEntry { number: next_tenant(transaction)?, head: Head::default() },
    };
    if entry.head.version != commit.expect {
        return Err(Error::draft(Code::VersionMismatch, "the tenant has moved on")
            .got(format!("version {}", entry.head.version))
            .expected(format!("version {}", commit.expect))
            .remedy("read again and decide again"));
    }
    entry.head = Head { version: commit.expect + 1, op: commit.op };
    put_tenant(&mut tenants, &commit.tenant, entry)?;
    let mut rows = transaction.open_table(ROWS).map_err(table_failed)?;
    for key in &commit.deletes {
        rows.remove(key.of_tenant(entry.number).as_slice()).map_err(storage_failed)?;
    }
    let mut sealed = Vec::new();
    for (key, payload) in &commit.puts {
        let full = key.of_tenant(entry.number);
        seal_into(&mut sealed, &full, payload);
        rows.insert(full.as_slice(), sealed.as_slice()).map_err(storage_failed)?;
    }
    Ok(entry.head.version)
}

/// Numbers are never used twice, so that rows of an erased tenant can never become another's.
fn next_tenant(transaction: &WriteTransaction) -> Result<u32> {
    let mut store = transaction.open_table(STORE).map_err(table_failed)?;
    let number = read_number(&store, NEXT_TENANT_KEY)?.unwrap_or(1);
    put_number(&mut store, NEXT_TENANT_KEY, number + 1)?;
    Ok(number)
}

fn read_number(store: &impl ReadableTable<&'static [u8], &'static [u8]>, key: &[u8]) -> Result<Option<u32>> {
    let Some(value) = store.get(key).map_err(storage_failed)? else { return Ok(None) };
    Ok(Some(big_endian_u32(open(key, value.value())?)))
}

fn put_number(store: &mut redb::Table<&'static [u8], &'static [u8]>, key: &[u8], number: u32) -> Result<()> {
    store.insert(key, seal(key, &number.to_be_bytes()).as_slice()).map_err(storage_failed)?;
    Ok(())
}

/// Checks the format of a file, and makes the tables of a new one.
fn prepare(handle: &Handle) -> Result<()> {
    let format = match handle.begin_read()?.open_table(STORE) {
        Ok(store) => read_number(&store, FORMAT_KEY)?,
        Err(TableError::TableDoesNotExist(_)) => None,
        Err(error) => return Err(table_failed(error)),
    };
    match (format, handle) {
        (Some(format), _) if format == u32::from(FORMAT) => Ok(()),
        (Some(format), _) => Err(envelope::newer(format)),
        (None, Handle::Writable(database)) if is_blank(handle)? => make_tables(database),
        (None, _) => Err(Error::draft(Code::FileForeign, "the file is a database, but not an Ebbmark store")
            .got("other tables")
            .expected("a file that Ebbmark made")
            .remedy("choose another path; the file was left as it is")),
    }
}

fn is_blank(handle: &Handle) -> Result<bool> {
    let transaction = handle.begin_read()?;
    let blank = transaction.list_tables().map_err(storage_failed)?.next().is_none();
    Ok(blank)
}

fn make_tables(database: &Database) -> Result<()> {
    let mut transaction = database.begin_write().map_err(transaction_failed)?;
    transaction.set_quick_repair(true);
    {
        let mut store = transaction.open_table(STORE).map_err(table_failed)?;
        put_number(&mut store, FORMAT_KEY, u32::from(FORMAT))?;
        transaction.open_table(TENANTS).map_err(table_failed)?;
        transaction.open_table(ROWS).map_err(table_failed)?;
    }
    transaction.commit().map_err(commit_failed)
}

fn closed() -> Error {
    Error::draft(Code::StoreClosed, "the store was closed")
        .got("a call on a closed store")
        .expected("an open store")
        .remedy("open it again")
}

fn read_only() -> Error {
    Error::draft(Code::StoreReadOnly, "the store was opened for reading only")
        .got("a write")
        .expected("a read")
        .remedy("open it for writing")
}

fn open_failed(path: &Path, error: DatabaseError) -> Error {
    match error {
        DatabaseError::DatabaseAlreadyOpen => {
            Error::draft(Code::FileLocked, "another opener holds the store")
                .got(path.display())
                .expected("a file that nobody has open")
                .remedy("share one Store in the process, or close the other one")
        }
        DatabaseError::RepairAborted => {
            Error::draft(Code::FileNeedsRecovery, "the store was not closed and needs a recovery")
                .got(path.display())
                .expected("a file that can be recovered without writing to it")
                .remedy("open it once for writing")
        }
        DatabaseError::UpgradeRequired(format) => envelope::newer(u32::from(format)),
        DatabaseError::Storage(error) => storage_failed(error),
        error => damaged_file(error),
    }
}

fn damaged_file(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::draft(Code::FileDamaged, "the file is damaged or was cut short")
        .got("a structure that makes no sense")
        .expected("the file as it was written")
        .source(source)
        .remedy("restore it from a backup")
}

fn storage_failed(error: StorageError) -> Error {
    match error {
        StorageError::Io(source)
            if !matches!(
                source.kind(),
                std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData
            ) =>
        {
            Error::draft(Code::Io, "the medium failed")
                .got(source.kind())
                .expected("a medium that can be read and, for a writer, written")
                .source(source)
                .remedy("check the disk, then open the store again")
        }
        StorageError::DatabaseClosed => closed(),
        StorageError::PreviousIo => Error::draft(Code::Io, "the medium failed before")
            .got("a call after a failure")
            .expected("a store that was opened since")
            .source(error)
            .remedy("check the disk, then open the store again"),
        error => damaged_file(error),
    }
}

fn transaction_failed(error: TransactionError) -> Error {
    match error {
        TransactionError::Storage(error) => storage_failed(error),
        error => damaged_file(error),
    }
}

fn commit_failed(error: CommitError) -> Error {
    match error {
        CommitError::Storage(error) => storage_failed(error),
        error => damaged_file(error),
    }
}

fn table_failed(error: TableError) -> Error {
    match error {
        TableError::Storage(error) => storage_failed(error),
        error => damaged_file(error),
    }
}

/// Media that fail, and files of the future, for the behaviour suite.
#[cfg(test)]
pub(super) mod faults {
    use std::io;
    use std::path::Path;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use redb::StorageBackend;
    use redb::backends::InMemoryBackend;

    use super::*;

    /// A medium in memory that fails once its operations are used up.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct Faults {
        medium: Arc<InMemoryBackend>,
        left: Arc<AtomicU64>,
    }

    impl Faults {
        pub(crate) fn arm(&self, operations: u64) {
            self.left.store(operations, Ordering::SeqCst);
        }

        fn spend(&self) -> io::Result<()> {
            let spent =
                self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            spent.map(drop).map_err(|_| io::Error::other("injected"))
        }
    }

    impl StorageBackend for Faults {
        fn len(&self) -> io::Result<u64> {
            self.spend().and_then(|()| self.medium.len())
        }

        fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            self.spend().and_then(|()| self.medium.read(offset, out))
        }

        fn set_len(&self, len: u64) -> io::Result<()> {
            self.spend().and_then(|()| self.medium.set_len(len))
        }

        fn sync_data(&self) -> io::Result<()> {
            self.spend()
        }

        fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            self.spend().and_then(|()| self.medium.write(offset, data))
        }
    }

    pub(crate) fn on_faulty_medium(faults: &Faults) -> Result<RedbEngine> {
        RedbEngine::on(faults.clone(), 1 << 16)
    }

    pub(crate) fn make_with_format(path: &Path, format: u32) {
        drop(RedbEngine::open(path, EngineOptions { mode: OpenMode::Create, cache_bytes: 1 << 20 }).unwrap());
        let database = Database::create(path).unwrap();
        let mut transaction = database.begin_write().unwrap();
        transaction.set_quick_repair(true);
        put_number(&mut transaction.open_table(STORE).unwrap(), FORMAT_KEY, format).unwrap();
        transaction.commit().unwrap();
    }
}
