//! The one error type: what went wrong, with which value, what was expected, and what to do about it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the caller should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is wrong: correct it and call again. Nothing was changed.
    InvalidInput,
    /// No such record for this handle; the id may be deleted, foreign or never issued.
    NotFound,
    /// The handle may not do this: ask for another access level.
    Denied,
    /// The call contradicts what is stored: look at it, then decide.
    Conflict,
    /// The tenant would hold more than its quota: delete something, or raise the quota.
    Quota,
    /// Somebody else holds the file or the lease: close the other opener, or try again later.
    Locked,
    /// The handle is of no more use: open the store again.
    Reopen,
    /// Stored bytes are damaged; they are reported, never returned.
    Corrupt,
    /// The file or the platform cannot do this: use a newer library or another file.
    Unsupported,
    /// A callback of the host failed; its own error is the source.
    Host,
    /// The machine failed: disk, memory or permission. See the source.
    Io,
}

/// Names a failure for programs. The text of [`Code::as_str`] never changes once released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// A text is empty, or holds only white space.
    TextEmpty,
    /// A text is longer than its limit.
    TextTooLong,
    /// A text holds a NUL character.
    TextNul,
    /// A name (tenant, user, agent, session, speaker, actor, key) is empty, too long or has control characters.
    NameInvalid,
    /// A vector has another number of dimensions than the tenant's vector space.
    VectorDimensions,
    /// A vector has a NaN or an infinite component.
    VectorNotFinite,
    /// A vector is all zeros, so it has no direction.
    VectorZero,
    /// Vectors of two vector spaces would be mixed.
    VectorSpace,
    /// Metadata is too large, too deep or not finite.
    MetadataInvalid,
    /// A number is outside its range.
    RangeInvalid,
    /// An interval ends before it begins.
    IntervalInverted,
    /// A query has neither text nor vector.
    QueryEmpty,
    /// A batch has no episodes, or too many.
    BatchSize,
    /// An id is not a well-formed id.
    IdMalformed,
    /// A cursor was not made by this library.
    CursorMalformed,
    /// No record has this id for this handle.
    RecordNotFound,
    /// The record is of the other sort: an episode was asked for and it is an atom, or the reverse.
    RecordSort,
    /// The handle's access level does not allow the call.
    AccessDenied,
    /// The store was opened for reading only.
    StoreReadOnly,
    /// An idempotency key was used before with other content.
    IdempotencyMismatch,
    /// A commit expected another version of the tenant.
    VersionMismatch,
    /// The tenant was erased after this handle was made.
    TenantErased,
    /// The tenant has used up its slots.
    TenantFull,
    /// The write would take the tenant beyond a quota. See [`Error::quota`].
    QuotaExceeded,
    /// Another opener holds the file.
    FileLocked,
    /// There is no file at the path.
    FileMissing,
    /// The file is not an Ebbmark store.
    FileForeign,
    /// The file was cut short or its structure is damaged.
    FileDamaged,
    /// The file needs a recovery that a read-only open cannot do.
    FileNeedsRecovery,
    /// The file was written by a newer format.
    FormatNewer,
    /// A row failed its checksum or could not be decoded.
    RowDamaged,
    /// The store was closed.
    StoreClosed,
    /// An earlier failure latched the store.
    StoreFailed,
    /// The store was opened in another process, and this one is its fork.
    ProcessForked,
    /// The machine failed at input or output.
    Io,
    /// A definition of a predicate contradicts another, or itself.
    PredicateContradicts,
    /// An entity would be merged with itself.
    EntitySame,
    /// No conflict has this id.
    ConflictNotFound,
    /// The conflict is settled: there is nothing to resolve.
    ConflictSettled,
    /// A resolution names an atom that is not of the conflict, or the same situation for both.
    ConflictResolution,
    /// No document has this name for this handle.
    DocumentNotFound,
    /// No operation has this id.
    OperationNotFound,
    /// The operation was undone before.
    OperationUndone,
    /// The atom was taken back before, or was never believed.
    AtomRetracted,
    /// The guard does not let the text in.
    GuardRejected,
    /// The host's extractor failed.
    ExtractorFailed,
    /// The host's embedder failed.
    EmbedderFailed,
    /// The host's embedder returned vectors of the wrong number or shape.
    EmbedderReply,
    /// The host's summariser failed.
    SummarizerFailed,
    /// The host's summariser returned a text that is too long, or none.
    SummarizerReply,
    /// The bytes of an embedder's table are none, or are damaged.
    EmbedderTable,
    /// A callback of the host panicked.
    CallbackPanicked,
    /// A callback of the host did not return in time.
    CallbackDeadline,
    /// A callback of the host failed too often in a row, and is not called for a while.
    CallbackSuspended,
    /// The host's reranker failed.
    RerankerFailed,
    /// The host's reranker returned another number of scores, or some that are no numbers.
    RerankerReply,
    /// A search took longer than it may.
    SearchDeadline,
    /// Somebody else holds the lease.
    LeaseHeld,
    /// The lease was released, or expired and was granted to another.
    LeaseLost,
}

impl Code {
    /// The stable name, for logs and for bindings.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::TextEmpty => "text.empty",
            Code::TextTooLong => "text.too_long",
            Code::TextNul => "text.nul",
            Code::NameInvalid => "name.invalid",
            Code::VectorDimensions => "vector.dimensions",
            Code::VectorNotFinite => "vector.not_finite",
            Code::VectorZero => "vector.zero",
            Code::VectorSpace => "vector.space",
            Code::MetadataInvalid => "metadata.invalid",
            Code::RangeInvalid => "range.invalid",
            Code::IntervalInverted => "interval.inverted",
            Code::QueryEmpty => "query.empty",
            Code::BatchSize => "batch.size",
            Code::IdMalformed => "id.malformed",
            Code::CursorMalformed => "cursor.malformed",
            Code::RecordNotFound => "record.not_found",
            Code::RecordSort => "record.sort",
            Code::AccessDenied => "access.denied",
            Code::StoreReadOnly => "store.read_only",
            Code::IdempotencyMismatch => "idempotency.mismatch",
            Code::VersionMismatch => "version.mismatch",
            Code::TenantErased => "tenant.erased",
            Code::TenantFull => "tenant.full",
            Code::QuotaExceeded => "quota.exceeded",
            Code::FileLocked => "file.locked",
            Code::FileMissing => "file.missing",
            Code::FileForeign => "file.foreign",
            Code::FileDamaged => "file.damaged",
            Code::FileNeedsRecovery => "file.needs_recovery",
            Code::FormatNewer => "format.newer",
            Code::RowDamaged => "row.damaged",
            Code::StoreClosed => "store.closed",
            Code::StoreFailed => "store.failed",
            Code::ProcessForked => "process.forked",
            Code::Io => "io",
            Code::PredicateContradicts => "predicate.contradicts",
            Code::EntitySame => "entity.same",
            Code::ConflictNotFound => "conflict.not_found",
            Code::ConflictSettled => "conflict.settled",
            Code::ConflictResolution => "conflict.resolution",
            Code::DocumentNotFound => "document.not_found",
            Code::OperationNotFound => "operation.not_found",
            Code::OperationUndone => "operation.undone",
            Code::AtomRetracted => "atom.retracted",
            Code::GuardRejected => "guard.rejected",
            Code::ExtractorFailed => "extractor.failed",
            Code::EmbedderFailed => "embedder.failed",
            Code::EmbedderReply => "embedder.reply",
            Code::SummarizerFailed => "summarizer.failed",
            Code::SummarizerReply => "summarizer.reply",
            Code::EmbedderTable => "embedder.table",
            Code::CallbackPanicked => "callback.panicked",
            Code::CallbackDeadline => "callback.deadline",
            Code::CallbackSuspended => "callback.suspended",
            Code::RerankerFailed => "reranker.failed",
            Code::RerankerReply => "reranker.reply",
            Code::SearchDeadline => "search.deadline",
            Code::LeaseHeld => "lease.held",
            Code::LeaseLost => "lease.lost",
        }
    }

    /// What the caller should do about it.
    pub fn kind(self) -> ErrorKind {
        match self {
            Code::TextEmpty
            | Code::TextTooLong
            | Code::TextNul
            | Code::NameInvalid
            | Code::VectorDimensions
            | Code::VectorNotFinite
            | Code::VectorZero
            | Code::VectorSpace
            | Code::MetadataInvalid
            | Code::RangeInvalid
            | Code::IntervalInverted
            | Code::QueryEmpty
            | Code::BatchSize
            | Code::IdMalformed
            | Code::CursorMalformed
            | Code::RecordSort
            | Code::PredicateContradicts
            | Code::EntitySame
            | Code::ConflictResolution
            | Code::SearchDeadline => ErrorKind::InvalidInput,
            Code::RecordNotFound
            | Code::DocumentNotFound
            | Code::ConflictNotFound
            | Code::OperationNotFound => ErrorKind::NotFound,
            Code::AccessDenied | Code::StoreReadOnly | Code::GuardRejected => ErrorKind::Denied,
            Code::IdempotencyMismatch
            | Code::VersionMismatch
            | Code::TenantFull
            | Code::ConflictSettled
            | Code::OperationUndone
            | Code::AtomRetracted
            | Code::LeaseLost => ErrorKind::Conflict,
            Code::QuotaExceeded => ErrorKind::Quota,
            Code::FileLocked | Code::LeaseHeld => ErrorKind::Locked,
            Code::TenantErased | Code::StoreClosed | Code::StoreFailed | Code::ProcessForked => {
                ErrorKind::Reopen
            }
            Code::FileDamaged | Code::RowDamaged | Code::EmbedderTable => ErrorKind::Corrupt,
            Code::FileForeign | Code::FormatNewer | Code::FileNeedsRecovery => ErrorKind::Unsupported,
            Code::FileMissing | Code::Io => ErrorKind::Io,
            Code::EmbedderFailed
            | Code::EmbedderReply
            | Code::ExtractorFailed
            | Code::RerankerFailed
            | Code::RerankerReply
            | Code::SummarizerFailed
            | Code::SummarizerReply
            | Code::CallbackPanicked
            | Code::CallbackDeadline
            | Code::CallbackSuspended => ErrorKind::Host,
        }
    }
}

/// An error: cheap to clone, with a stable [`Code`], a sentence for people, and the cause as its source.
///
/// The sentence holds sizes, names and numbers, never the text of a memory. What the cause says (an error of the
/// operating system, or of the host's own embedder) is told by the source alone.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    code: Code,
    what: String,
    got: String,
    expected: String,
    remedy: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    quota: Option<QuotaExceeded>,
}

/// Which quota a write would exceed, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuotaExceeded {
    /// "records", "bytes" or "vectors".
    pub what: &'static str,
    /// As many as the tenant may hold.
    pub limit: u64,
    /// As many as it held.
    pub used: u64,
    /// As many as the write would have added.
    pub asked: u64,
}

impl Error {
    pub(crate) fn draft(code: Code, what: impl Into<String>) -> Draft {
        Draft(Inner {
            code,
            what: what.into(),
            got: String::new(),
            expected: String::new(),
            remedy: String::new(),
            source: None,
            quota: None,
        })
    }

    /// The stable name of the failure.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the caller should do about it.
    pub fn kind(&self) -> ErrorKind {
        self.0.code.kind()
    }

    /// Which quota was exceeded, for `quota.exceeded`.
    pub fn quota(&self) -> Option<QuotaExceeded> {
        self.0.quota
    }

    /// What to do, as a sentence.
    pub fn remedy(&self) -> &str {
        &self.0.remedy
    }
}

/// An error being written: every one says what was got, what was expected, and the remedy.
pub(crate) struct Draft(Inner);

impl Draft {
    pub(crate) fn got(mut self, got: impl fmt::Display) -> Self {
        self.0.got = got.to_string();
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.0.expected = expected.into();
        self
    }

    pub(crate) fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn quota(mut self, exceeded: QuotaExceeded) -> Self {
        self.0.quota = Some(exceeded);
        self
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Error {
        self.0.remedy = remedy.into();
        Error(Arc::new(self.0))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { what, got, expected, remedy, .. } = &*self.0;
        f.write_str(what)?;
        if !got.is_empty() {
            write!(f, ": got {got}")?;
        }
        if !expected.is_empty() {
            write!(f, ", expected {expected}")?;
        }
        write!(f, "; {remedy}")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error[{}]: {self}", self.0.code.as_str())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl PartialEq for Error {
    /// Two errors are equal when they have the same code.
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}
