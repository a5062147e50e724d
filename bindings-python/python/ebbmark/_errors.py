"""The exceptions: one class for each kind of failure, each with the core's stable code.

>>> from ebbmark import Store, NotFoundError
>>> with Store(":memory:") as store:
...     try:
...         store.tenant("acme").get("01890a5d-ac96-774b-bcce-b302099a8057")
...     except NotFoundError as error:
...         print(error.code)
record.not_found
"""


class EbbmarkError(Exception):
    """What went wrong, with which value, what was expected, and what to do about it.

    What a callback raised, or what the operating system said, is the `__cause__`.
    """

    code: str
    """The stable name of the failure, such as "record.not_found"; the classes say what kinds there are."""

    remedy: str
    """What to do, as a sentence."""

    message: str
    """What went wrong, with the remedy."""

    def __init__(self, message: str = "", code: str = "unknown", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.code, self.remedy), self.__dict__


class InvalidInputError(EbbmarkError, ValueError):
    """The input is wrong: correct it and call again. Nothing was changed."""


class NotFoundError(EbbmarkError, KeyError):
    """There is no such record for this handle; the id may be deleted, another tenant's, or never issued."""


class DeniedError(EbbmarkError):
    """The handle may not do this, or the guard rejected it."""


class ConflictError(EbbmarkError):
    """The call contradicts what is stored: look at it, then decide."""


class QuotaExceededError(EbbmarkError):
    """The tenant would hold more than its quota: delete something, or raise the quota."""

    what: str
    """ "records", "bytes" or "vectors"."""

    limit: int
    """As many as the tenant may hold."""

    used: int
    """As many as it held."""

    asked: int
    """As many as the write would have added."""


class LockedError(EbbmarkError):
    """Somebody else holds the file or the lease: close the other opener, or try again later."""


class ReopenError(EbbmarkError):
    """The handle is of no more use: the store was closed, its tenant erased, or the process forked. Open it again."""


class CorruptError(EbbmarkError):
    """Stored bytes are damaged; they are reported, never returned."""


class UnsupportedError(EbbmarkError):
    """The file or the platform cannot do this: use a newer library or another file."""


class CallbackError(EbbmarkError):
    """A callback failed, or replied what cannot be used; what it raised is the cause."""


class StoppedError(EbbmarkError):
    """The call was stopped; what it had made durable stays."""


class StorageError(EbbmarkError, OSError):
    """The machine failed: disk, memory or permission. The cause says more."""

    def __init__(self, message: str = "", code: str = "io", remedy: str = "") -> None:
        super().__init__(message, code, remedy)
        # An OSError takes its arguments for its own.
        self.errno, self.strerror, self.filename = None, message, None
