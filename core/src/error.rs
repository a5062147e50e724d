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
    /// The call's own [`Progress`](crate::Progress) stopped it: call again to go on.
    Stopped,
    /// The machine failed: disk, memory or permission. See the source.
    Io,
}

/// Codes, their names and their kinds.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $name:literal $kind:ident,)*) => {
        /// Names a failure for programs. The text of [`Code::as_str`] never changes once released.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$code),*];

            /// The stable name, for logs and for bindings.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$code => $name,)* }
            }

            /// What the caller should do about it.
            pub fn kind(self) -> ErrorKind {
                match self { $(Code::$code => ErrorKind::$kind,)* }
            }
        }
    };
}

codes! {
    /// A text is empty, or holds only white space.
    TextEmpty "text.empty" InvalidInput,
    /// A text is longer than its limit.
    TextTooLong "text.too_long" InvalidInput,
    /// A text holds a NUL character.
    TextNul "text.nul" InvalidInput,
    /// A name (tenant, user, agent, session, speaker, actor, key) is empty, too long or has control characters.
    NameInvalid "name.invalid" InvalidInput,
    /// A vector has another number of dimensions than the tenant's vector space.
    VectorDimensions "vector.dimensions" InvalidInput,
    /// A vector has a NaN or an infinite component.
    VectorNotFinite "vector.not_finite" InvalidInput,
    /// A vector is all zeros, so it has no direction.
    VectorZero "vector.zero" InvalidInput,
    /// Vectors of two vector spaces would be mixed.
    VectorSpace "vector.space" InvalidInput,
    /// Metadata is too large, too deep or not finite.
    MetadataInvalid "metadata.invalid" InvalidInput,
    /// A number is outside its range.
    RangeInvalid "range.invalid" InvalidInput,
    /// An interval ends before it begins.
    IntervalInverted "interval.inverted" InvalidInput,
    /// A query has neither text nor vector.
    QueryEmpty "query.empty" InvalidInput,
    /// A batch has no episodes, or too many.
    BatchSize "batch.size" InvalidInput,
    /// An id is not a well-formed id.
    IdMalformed "id.malformed" InvalidInput,
    /// A cursor was not made by this library.
    CursorMalformed "cursor.malformed" InvalidInput,
    /// No record has this id for this handle.
    RecordNotFound "record.not_found" NotFound,
    /// The record is of the other sort: an episode was asked for and it is an atom, or the reverse.
    RecordSort "record.sort" InvalidInput,
    /// The handle's access level does not allow the call.
    AccessDenied "access.denied" Denied,
    /// The store was opened for reading only.
    StoreReadOnly "store.read_only" Denied,
    /// An idempotency key was used before with other content.
    IdempotencyMismatch "idempotency.mismatch" Conflict,
    /// A commit expected another version of the tenant.
    VersionMismatch "version.mismatch" Conflict,
    /// The tenant was erased after this handle was made.
    TenantErased "tenant.erased" Reopen,
    /// The tenant has used up its slots.
    TenantFull "tenant.full" Conflict,
    /// The write would take the tenant beyond a quota. See [`Error::quota`].
    QuotaExceeded "quota.exceeded" Quota,
    /// Another opener holds the file.
    FileLocked "file.locked" Locked,
    /// There is no file at the path.
    FileMissing "file.missing" Io,
    /// The file is not an Ebbmark store.
    FileForeign "file.foreign" Unsupported,
    /// The file was cut short or its structure is damaged.
    FileDamaged "file.damaged" Corrupt,
    /// The file needs a recovery that a read-only open cannot do.
    FileNeedsRecovery "file.needs_recovery" Unsupported,
    /// The file was written by a newer format.
    FormatNewer "format.newer" Unsupported,
    /// A row failed its checksum or could not be decoded.
    RowDamaged "row.damaged" Corrupt,
    /// The store was closed.
    StoreClosed "store.closed" Reopen,
    /// An earlier failure latched the store.
    StoreFailed "store.failed" Reopen,
    /// The store was opened in another process, and this one is its fork.
    ProcessForked "process.forked" Reopen,
    /// The machine failed at input or output.
    Io "io" Io,
    /// A definition of a predicate contradicts another, or itself.
    PredicateContradicts "predicate.contradicts" InvalidInput,
    /// An entity would be merged with itself.
    EntitySame "entity.same" InvalidInput,
    /// No conflict has this id.
    ConflictNotFound "conflict.not_found" NotFound,
    /// The conflict is settled: there is nothing to resolve.
    ConflictSettled "conflict.settled" Conflict,
    /// A resolution names an atom that is not of the conflict, or the same situation for both.
    ConflictResolution "conflict.resolution" InvalidInput,
    /// No document has this name for this handle.
    DocumentNotFound "document.not_found" NotFound,
    /// No operation has this id.
    OperationNotFound "operation.not_found" NotFound,
    /// The operation was undone before.
    OperationUndone "operation.undone" Conflict,
    /// The atom was taken back before, or was never believed.
    AtomRetracted "atom.retracted" Conflict,
    /// The guard does not let the text in.
    GuardRejected "guard.rejected" Denied,
    /// The host's extractor failed.
    ExtractorFailed "extractor.failed" Host,
    /// The host's extractor returned lists of claims for another number of messages.
    ExtractorReply "extractor.reply" Host,
    /// The host's embedder failed.
    EmbedderFailed "embedder.failed" Host,
    /// The host's embedder returned vectors of the wrong number or shape.
    EmbedderReply "embedder.reply" Host,
    /// The host's summariser failed.
    SummarizerFailed "summarizer.failed" Host,
    /// The host's summariser returned a text that is too long, or none.
    SummarizerReply "summarizer.reply" Host,
    /// The bytes of an embedder's table are none, or are damaged.
    EmbedderTable "embedder.table" Corrupt,
    /// A callback of the host panicked.
    CallbackPanicked "callback.panicked" Host,
    /// A callback of the host did not return in time.
    CallbackDeadline "callback.deadline" Host,
    /// A callback of the host failed too often in a row, and is not called for a while.
    CallbackSuspended "callback.suspended" Host,
    /// The host's reranker failed.
    RerankerFailed "reranker.failed" Host,
    /// The host's reranker returned another number of scores, or some that are no numbers.
    RerankerReply "reranker.reply" Host,
    /// A search took longer than it may.
    SearchDeadline "search.deadline" InvalidInput,
    /// Somebody else holds the lease.
    LeaseHeld "lease.held" Locked,
    /// The lease was released, or expired and was granted to another.
    LeaseLost "lease.lost" Conflict,
    /// The call was stopped by its progress.
    CallStopped "call.stopped" Stopped,
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

    /// An error as it was told, by its code, sentence and remedy: for a binding that carries one from process to process.
    /// It has no source.
    pub fn told(code: Code, sentence: &str, remedy: &str) -> Self {
        let what = sentence.strip_suffix(remedy).and_then(|what| what.strip_suffix("; ")).unwrap_or(sentence);
        Error::draft(code, what).remedy(remedy)
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
    /// Two errors are equal when they have the same code and say the same.
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code && self.to_string() == other.to_string()
    }
}
