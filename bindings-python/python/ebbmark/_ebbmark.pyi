"""The compiled module. This stub is made by scripts/stubs.py from the compiled module; `make stubs` makes it again."""

import builtins
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, final

from ebbmark._errors import EbbmarkError
from ebbmark._names import (
    AbsenceReason,
    Access,
    BreakerState,
    Cardinality,
    Cause,
    ChangeKind,
    Clash,
    ConnectionOutcome,
    Curve,
    Extraction,
    Grade,
    Grounds,
    HealthState,
    Kind,
    Language,
    Order,
    Outcome,
    Provenance,
    ReasonName,
    RecordSort,
    RevisionKind,
    Role,
    SecretPolicy,
    Standing,
    StandingKind,
    Trust,
)
from ebbmark._types import (
    CountFunction,
    EmbedFunction,
    ExtractFunction,
    Facet,
    GuardFunction,
    Json,
    ProgressFunction,
    RerankFunction,
    StrPath,
    SummarizeFunction,
    VectorLike,
)

"The compiled part of `ebbmark`."

__all__ = [
    "VERSION",
    "Absence",
    "Admission",
    "ArchiveRule",
    "Assertion",
    "Atom",
    "AuditEntry",
    "AuditPage",
    "BreakerFigures",
    "BuiltInExtractor",
    "CacheFigures",
    "CallCount",
    "CallbackFigures",
    "CallbackOptions",
    "Change",
    "Citation",
    "Claim",
    "Condition",
    "Conflict",
    "Connection",
    "Context",
    "Crossing",
    "DecayGroup",
    "DecayReport",
    "DocumentReceipt",
    "Dropped",
    "Durations",
    "Effect",
    "Episode",
    "Explanation",
    "FacetCounts",
    "FactReceipt",
    "Fading",
    "Field",
    "Filter",
    "Health",
    "HealthReason",
    "Hit",
    "Lease",
    "Maintainer",
    "MaintenanceReport",
    "ManualClock",
    "MemoryState",
    "Message",
    "Metrics",
    "Neighbor",
    "NewEpisode",
    "NewFact",
    "Page",
    "Passage",
    "Path",
    "PendingReport",
    "PendingWork",
    "Period",
    "Permit",
    "Predicate",
    "Profile",
    "Quotas",
    "RateLimit",
    "Reason",
    "Receipt",
    "ReembedReport",
    "RetentionPolicy",
    "RetentionReport",
    "Revision",
    "Scope",
    "ScoreParts",
    "SearchExplanation",
    "SearchPage",
    "SecretGuard",
    "Settlement",
    "StaticEmbedder",
    "Stats",
    "Step",
    "Store",
    "Subscription",
    "Tenant",
    "TenantConfig",
    "TenantFigures",
    "TimelinePage",
    "Usage",
    "UsageReport",
    "VectorSpace",
    "Weights",
    "WorkingSetFigures",
    "_close_all",
    "_names",
    "field",
]

VERSION: Final[str]

"The version of the library."

@final
class Absence:
    """Why a record is not among the hits of a question, or where it is."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        reason: AbsenceReason,
        sentence: str,
        rank: int | None,
        at: datetime | None,
        cluster: str | None,
        parts: ScoreParts | None,
        last: float | None,
        found: bool | None,
    ) -> Absence: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime | None:
        """When it expired, for "expired"."""

    @property
    def cluster(self, /) -> str | None:
        """The hit that it is one with, for "clustered"."""

    @property
    def found(self, /) -> bool | None:
        """Whether it was found by its vector or its words, for "outranked"."""

    @property
    def last(self, /) -> float | None:
        """What the last hit scored, for "outranked"."""

    @property
    def parts(self, /) -> ScoreParts | None:
        """What its score is made of, for "outranked"."""

    @property
    def rank(self, /) -> int | None:
        """Its place from 1: among the hits for "found", that of the hit it is one with for "clustered", among all that
        were scored for "outranked"."""

    @property
    def reason(self, /) -> AbsenceReason:
        """Why; "found" if it is a hit."""

    @property
    def sentence(self, /) -> str:
        """The same as a sentence."""

@final
class Admission:
    """What a guard decides of an episode."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def allow() -> Admission:
        """It is let in."""

    @staticmethod
    def quarantine() -> Admission:
        """It is kept, and left out of lists and searches that do not ask for it. No claims are drawn from it."""

    @staticmethod
    def redact(text: str) -> Admission:
        """It is let in with another text."""

    @staticmethod
    def reject(reason: str) -> Admission:
        """Nothing of the call is kept: it fails with `DeniedError`, which tells the reason."""

@final
class ArchiveRule:
    """What is archived: what is both old and unimportant."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, older_than_days: float, importance_below: float) -> ArchiveRule: ...
    def __repr__(self, /) -> str: ...
    @property
    def importance_below(self, /) -> float:
        """Importance, 0 to 1, below which it goes."""

    @property
    def older_than_days(self, /) -> float:
        """Days since it occurred or was last used."""

@final
class Assertion:
    """The verdict on a claim."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        outcome: Outcome,
        superseded: Iterable[str],
        because: Reason,
        reason: str,
        operation: str,
    ) -> Assertion: ...
    def __repr__(self, /) -> str: ...
    @property
    def because(self, /) -> Reason:
        """Why, as data."""

    @property
    def id(self, /) -> str:
        """The atom that holds the claim."""

    @property
    def operation(self, /) -> str:
        """What `Tenant.undo` takes to take it back."""

    @property
    def outcome(self, /) -> Outcome:
        """What became of it."""

    @property
    def reason(self, /) -> str:
        """Why, as a sentence. It names the predicate, never the values."""

    @property
    def superseded(self, /) -> list[str]:
        """The atoms whose place it took."""

@final
class Atom:
    """A claim: subject, predicate, object; with what supports it and when it was true."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        subject: str,
        predicate: str,
        object: str,
        negated: bool,
        contexts: Iterable[str],
        kind: Kind,
        standing: Standing,
        provenance: Provenance,
        stability_days: float | None,
        confidence: float,
        trust: Trust,
        holder: str | None,
        distance: int,
        assertions: int,
        confirmations: int,
        contradictions: int,
        supports: Iterable[str],
        scope: Scope,
        valid_from: datetime | None,
        valid_to: datetime | None,
        earlier: Iterable[Period],
        later: Iterable[Period],
        recorded_at: datetime,
        retired_at: datetime | None,
        asserted_at: datetime,
        supersedes: Iterable[str],
        superseded_by: str | None,
        disputed_with: Iterable[str],
        due: datetime | None,
        version: int,
    ) -> Atom: ...
    def __repr__(self, /) -> str: ...
    @property
    def asserted_at(self, /) -> datetime:
        """When the claim was last asserted."""

    @property
    def assertions(self, /) -> int:
        """How often it was asserted."""

    @property
    def confidence(self, /) -> float:
        """The confidence of all its evidence, 0 to 1: `1 - (1 - c1)(1 - c2)..` over the claims, within the bound of its
        predicate."""

    @property
    def confirmations(self, /) -> int:
        """How often it was confirmed."""

    @property
    def contexts(self, /) -> list[str]:
        """When the claim holds only in some situations: which."""

    @property
    def contradictions(self, /) -> int:
        """How often it was contradicted since."""

    @property
    def disputed_with(self, /) -> list[str]:
        """The atoms it cannot hold beside, where nothing decides between them."""

    @property
    def distance(self, /) -> int:
        """Through how many mouths it came: 0 first hand, 1 reported, .."""

    @property
    def due(self, /) -> datetime | None:
        """When its standing is to be looked at again, whatever is said until then."""

    @property
    def earlier(self, /) -> list[Period]:
        """When it was true before that, in order."""

    @property
    def happened_at(self, /) -> datetime:
        """When it began to hold; when it was recorded, if that is unknown."""

    def held_at(self, /, moment: datetime) -> bool:
        """Whether it held at a moment, by what is known."""

    @property
    def holder(self, /) -> str | None:
        """Whose belief it is, where it was only reported."""

    @property
    def id(self, /) -> str:
        """Its id."""

    @property
    def is_disputed(self, /) -> bool:
        """Whether another claim contradicts it and nothing decides between them."""

    @property
    def kind(self, /) -> Kind:
        """What sort of claim it is."""

    @property
    def later(self, /) -> list[Period]:
        """When it will be true after that, in order."""

    @property
    def negated(self, /) -> bool:
        """Whether it says that the value does not hold."""

    @property
    def object(self, /) -> str:
        """The value."""

    def periods(self, /) -> list[Period]:
        """All times during which it held, in order."""

    @property
    def predicate(self, /) -> str:
        """The relation or property."""

    @property
    def provenance(self, /) -> Provenance:
        """Where the best evidence comes from."""

    @property
    def recorded_at(self, /) -> datetime:
        """When the store learnt of this version."""

    @property
    def retired_at(self, /) -> datetime | None:
        """When the store stopped holding it current; still current if absent."""

    @property
    def scope(self, /) -> Scope:
        """Its labels."""

    @property
    def sort(self, /) -> str:
        """ "atom"."""

    @property
    def stability_days(self, /) -> float | None:
        """Days in which a memory of it, unused and held with full confidence, falls to 1/e: those of its predicate, or of
        its kind; `None` if it never fades."""

    @property
    def standing(self, /) -> Standing:
        """Whether it is believed."""

    @property
    def subject(self, /) -> str:
        """What the claim is about."""

    @property
    def superseded_by(self, /) -> str | None:
        """The atom that took its place, or will when its time comes."""

    @property
    def supersedes(self, /) -> list[str]:
        """The atoms whose place it took."""

    @property
    def supports(self, /) -> list[str]:
        """The episodes that support it, 64 at most."""

    @property
    def text(self, /) -> str:
        """The claim as a sentence."""

    @property
    def trust(self, /) -> Trust:
        """How far its best source is trusted."""

    @property
    def valid_from(self, /) -> datetime | None:
        """True in the world from this moment; unknown, and so for ever back, if absent. Of several periods this is the
        present one, else the last one past, else the first to come."""

    @property
    def valid_to(self, /) -> datetime | None:
        """True in the world until this moment (exclusive); still true if absent."""

    @property
    def version(self, /) -> int:
        """1 for the first version, one more for every change."""

@final
class AuditEntry:
    """One commit as the audit tells it. A call may make several: a large batch does."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, version: int, at: datetime, actor: str, cause: Cause, changes: Iterable[Change], pruned: int
    ) -> AuditEntry: ...
    def __repr__(self, /) -> str: ...
    @property
    def actor(self, /) -> str:
        """Who: the actor of the handle."""

    @property
    def at(self, /) -> datetime:
        """When, by the store's clock."""

    @property
    def cause(self, /) -> Cause:
        """Why: the verb that was called."""

    @property
    def changes(self, /) -> list[Change]:
        """What happened to records, in the order in which it did; empty where no record changed."""

    @property
    def pruned(self, /) -> int:
        """Entries that a "prune" removed, 0 for every other cause."""

    @property
    def version(self, /) -> int:
        """The version of the tenant that the commit made."""

@final
class AuditPage:
    """A page of the audit."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, entries: Iterable[AuditEntry], next: str | None) -> AuditPage: ...
    def __repr__(self, /) -> str: ...
    @property
    def entries(self, /) -> list[AuditEntry]:
        """Entries, newest first by the store's clock; of one moment, the later commit first."""

    @property
    def next(self, /) -> str | None:
        """Where the next page begins; `None` behind the last entry."""

@final
class BreakerFigures:
    """How a callback does, since the store was opened."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, state: BreakerState, calls: int, failures: int, refused: int, opened: int
    ) -> BreakerFigures: ...
    def __repr__(self, /) -> str: ...
    @property
    def calls(self, /) -> int:
        """Calls that were made."""

    @property
    def failures(self, /) -> int:
        """Calls that failed: by an error, a panic, a reply that cannot be used, or by taking too long."""

    @property
    def opened(self, /) -> int:
        """How often it came to be suspended; after a trial that failed, again."""

    @property
    def refused(self, /) -> int:
        """Calls that were not made, because it had failed too often."""

    @property
    def state(self, /) -> BreakerState:
        """Whether it is called now."""

@final
class BuiltInExtractor:
    """The built-in rules that draw claims from what persons say in English. It is a function of a list of messages."""

    def __call__(self, /, messages: Iterable[Message]) -> list[list[NewFact]]:
        """As `extract`."""

    def __new__(cls, /) -> BuiltInExtractor: ...
    def extract(self, /, messages: Iterable[Message]) -> list[list[NewFact]]:
        """The claims of each message."""

@final
class CacheFigures:
    """How a cache does. All are zero for a cache that is off."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, hits: int, misses: int, evictions: int, bytes: int) -> CacheFigures: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """Bytes of what it holds now, keys and some room for book-keeping included."""

    @property
    def evictions(self, /) -> int:
        """Entries dropped to keep the budget, among them those that are larger than all of it."""

    @property
    def hits(self, /) -> int:
        """Look-ups that found what they asked for."""

    @property
    def misses(self, /) -> int:
        """Look-ups that did not."""

@final
class CallCount:
    """How often a verb ended in one way."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, verb: str, outcome: str, count: int) -> CallCount: ...
    def __repr__(self, /) -> str: ...
    @property
    def count(self, /) -> int:
        """How often."""

    @property
    def outcome(self, /) -> str:
        """`ok`, or the code of the error."""

    @property
    def verb(self, /) -> str:
        """The verb, as the method is called."""

@final
class CallbackFigures:
    """How the host's callbacks do. One that the store has not got was never called."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, embedder: BreakerFigures, extractor: BreakerFigures, reranker: BreakerFigures
    ) -> CallbackFigures: ...
    def __repr__(self, /) -> str: ...
    @property
    def embedder(self, /) -> BreakerFigures:
        """The embedder."""

    @property
    def extractor(self, /) -> BreakerFigures:
        """The extractor."""

    @property
    def reranker(self, /) -> BreakerFigures:
        """The reranker."""

@final
class CallbackOptions:
    """What is done about an embedder or an extractor that fails.

    One that fails so often in a row that it is no accident is not called for a while. Records are then added as if it had
    failed, and wait for `Tenant.process_pending`; searches go on by words. After that
    while one call is tried: if it succeeds, all is as before."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        *,
        failures_to_open: int | None = None,
        open_for: timedelta | float | None = None,
        deadline: timedelta | float | None = None,
    ) -> CallbackOptions: ...
    def __repr__(self, /) -> str: ...
    @property
    def deadline(self, /) -> timedelta | None:
        """How long one call may take, 1 ms to 366 days; unless it is set, for ever. If it is set, every call runs on a
        thread of its own, and one that takes longer is abandoned with its thread, which ends when the callback
        returns. An embedder is called for at most 256 texts at a time."""

    @property
    def failures_to_open(self, /) -> int:
        """Failures in a row after which a callback is not called for a while, at least 1; 5 unless said otherwise."""

    @property
    def open_for(self, /) -> timedelta:
        """How long it is not called then, 1 ms to 366 days by the store's clock; 30 s unless said otherwise, about what a
        server of models takes to start again."""

@final
class Change:
    """One change of one record. Content is never part of it."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        version: int,
        kind: ChangeKind,
        sort: RecordSort,
        id: str,
        at: datetime,
        actor: str,
        before: int | None,
        after: int | None,
        other: str | None,
    ) -> Change: ...
    def __repr__(self, /) -> str: ...
    @property
    def actor(self, /) -> str:
        """Who: the actor of the handle."""

    @property
    def after(self, /) -> int | None:
        """The version of the record after; `None` if it is gone."""

    @property
    def at(self, /) -> datetime:
        """When, by the store's clock."""

    @property
    def before(self, /) -> int | None:
        """The version of the record before; `None` if it was not there."""

    @property
    def id(self, /) -> str:
        """The record."""

    @property
    def kind(self, /) -> ChangeKind:
        """What happened."""

    @property
    def other(self, /) -> str | None:
        """The other record that the change is about, where there is one: the atom that took the place of this one, or whose
        place this one took; of an atom that holds again, the one that had taken its place; of an atom that went with an
        episode, the episode."""

    @property
    def sort(self, /) -> RecordSort:
        """Which of the two records it is."""

    @property
    def version(self, /) -> int:
        """The version of the tenant that the change made; changes of one commit share it."""

@final
class Citation:
    """Where a part of a context comes from."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        number: int,
        id: str,
        role: Role | None,
        speaker: str | None,
        at: datetime,
        title: str | None,
        cut: bool,
    ) -> Citation: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """When it was said; of a fact, when it was last asserted."""

    @property
    def cut(self, /) -> bool:
        """Whether only the beginning of it is in the text."""

    @property
    def id(self, /) -> str:
        """The record."""

    @property
    def number(self, /) -> int:
        """Its number in the text, from 1."""

    @property
    def role(self, /) -> Role | None:
        """Who or what an episode comes from; `None` for a fact."""

    @property
    def speaker(self, /) -> str | None:
        """Who said it, where that is known."""

    @property
    def title(self, /) -> str | None:
        """What an episode is about, or the title of what it was taken from."""

@final
class Claim:
    """One assertion of a claim, as it was made."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        subject: str,
        predicate: str,
        object: str,
        negated: bool,
        contexts: Iterable[str],
        kind: Kind | None,
        provenance: Provenance,
        confidence: float,
        trust: Trust,
        holder: str | None,
        distance: int,
        valid_from: datetime | None,
        valid_to: datetime | None,
        said_at: datetime,
        supports: Iterable[str],
        scope: Scope,
        actor: str,
        atom: str,
    ) -> Claim: ...
    def __repr__(self, /) -> str: ...
    @property
    def actor(self, /) -> str:
        """Who asserted it: the actor of the handle."""

    @property
    def atom(self, /) -> str:
        """The atom that it joined or founded when it came."""

    @property
    def confidence(self, /) -> float:
        """How sure the source was, 0 to 1."""

    @property
    def contexts(self, /) -> list[str]:
        """Situations in which alone it holds."""

    @property
    def distance(self, /) -> int:
        """Through how many mouths it came: 0 first hand, 1 reported, .."""

    @property
    def holder(self, /) -> str | None:
        """Whose belief it reports; the speaker's own if absent."""

    @property
    def id(self, /) -> str:
        """Its id; also that of the operation that `undo` takes back."""

    @property
    def kind(self, /) -> Kind | None:
        """Sort of claim, where one was given."""

    @property
    def negated(self, /) -> bool:
        """Whether it says that the value does not hold."""

    @property
    def object(self, /) -> str:
        """The value, as it was said."""

    @property
    def predicate(self, /) -> str:
        """The relation, as it was said."""

    @property
    def provenance(self, /) -> Provenance:
        """Where it comes from."""

    @property
    def said_at(self, /) -> datetime:
        """When it was made."""

    @property
    def scope(self, /) -> Scope:
        """Its labels."""

    @property
    def subject(self, /) -> str:
        """What it is about."""

    @property
    def supports(self, /) -> list[str]:
        """The episodes that support it. Without any of those it had, it is gone."""

    @property
    def trust(self, /) -> Trust:
        """How far the source is trusted: no further than the episodes that support it."""

    @property
    def valid_from(self, /) -> datetime | None:
        """True in the world from this moment, if it said so."""

    @property
    def valid_to(self, /) -> datetime | None:
        """True in the world until this moment, if it said so."""

@final
class Condition:
    """A condition that is true of a record or not. Conditions are joined by `&` and `|`, and negated by `~`; those on fields
    of metadata are made by `field`: `field("price") < 10`."""

    def __and__(self, other: object, /) -> Condition: ...
    def __bool__(self, /) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __invert__(self, /) -> Condition: ...
    def __or__(self, other: object, /) -> Condition: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_json(json: str) -> Condition: ...
    @staticmethod
    def about(name: str) -> Condition:
        """True of atoms with this subject or object, and of episodes whose title it is."""

    @staticmethod
    def agent(name: str) -> Condition:
        """True of records with this agent."""

    @staticmethod
    def all(conditions: Iterable[Condition]) -> Condition:
        """True if all of them are."""

    @staticmethod
    def any(conditions: Iterable[Condition]) -> Condition:
        """True if one of them is."""

    @staticmethod
    def confidence(low: float, high: float) -> Condition:
        """True of atoms with a confidence in a range, 0 to 1, both ends included."""

    @staticmethod
    def disputed() -> Condition:
        """True of atoms that another one contradicts, with nothing to decide between them."""

    @staticmethod
    def importance(low: float, high: float) -> Condition:
        """True of records with an importance in a range, 0 to 1, both ends included."""

    @staticmethod
    def kind(kind: Kind) -> Condition:
        """True of atoms of a kind."""

    @staticmethod
    def object(value: str) -> Condition:
        """True of atoms with this object."""

    @staticmethod
    def occurred(since: datetime | None = None, until: datetime | None = None) -> Condition:
        """True of what was said, or began to hold, from a moment until another (exclusive)."""

    @staticmethod
    def predicate(name: str) -> Condition:
        """True of atoms with this predicate, under any of its names."""

    @staticmethod
    def recorded(since: datetime | None = None, until: datetime | None = None) -> Condition:
        """True of what was recorded from a moment until another (exclusive)."""

    @staticmethod
    def retention(low: float, high: float) -> Condition:
        """True of atoms of which so much is left, 0 to 1, both ends included."""

    @staticmethod
    def role(role: Role) -> Condition:
        """True of episodes in a role."""

    @staticmethod
    def session(name: str) -> Condition:
        """True of records with this session."""

    @staticmethod
    def sort(sort: RecordSort) -> Condition:
        """True of episodes, or of atoms."""

    @staticmethod
    def speaker(name: str) -> Condition:
        """True of episodes by this speaker."""

    @staticmethod
    def standing(standing: StandingKind) -> Condition:
        """True of atoms that stand so."""

    @staticmethod
    def subject(name: str) -> Condition:
        """True of atoms with this subject, under any of its names."""

    @staticmethod
    def tag(tag: str) -> Condition:
        """True of episodes with this tag: one of the list `tags` of their metadata."""

    @staticmethod
    def trust(trust: Trust) -> Condition:
        """True of records that are trusted so far at least."""

    @staticmethod
    def user(name: str) -> Condition:
        """True of records with this user."""

@final
class Conflict:
    """Two atoms that cannot both hold."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, id: str, first: str, second: str, clash: Clash, settlement: Settlement | None, since: datetime
    ) -> Conflict: ...
    def __repr__(self, /) -> str: ...
    @property
    def clash(self, /) -> Clash:
        """Why they cannot both hold."""

    @property
    def first(self, /) -> str:
        """The atom with the smaller id."""

    @property
    def id(self, /) -> str:
        """Its id, made of the two atoms'."""

    @property
    def second(self, /) -> str:
        """The atom with the greater id."""

    @property
    def settlement(self, /) -> Settlement | None:
        """How it stands."""

    @property
    def since(self, /) -> datetime:
        """When the later of the two was first known."""

@final
class Connection:
    """Whether two entities are connected."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, outcome: ConnectionOutcome, path: Path | None) -> Connection: ...
    def __repr__(self, /) -> str: ...
    @property
    def outcome(self, /) -> ConnectionOutcome:
        """ "found"; "none" if there is no path; "cut" if so much was looked at that the search was ended without one."""

    @property
    def path(self, /) -> Path | None:
        """The path, if one was found."""

@final
class Context:
    """What a question is answered from, as text within a budget of tokens. Printed, it is the text.

    The text has the facts first, those that hold by rank, and then what was said, in the order of time: turns that follow
    one another under a header with their day and session, an ellipsis where turns between are left out. Every
    record has a number in square brackets in front of it. The second line of a text, and those that follow, are set in."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        text: str,
        tokens: int,
        budget: int,
        citations: Iterable[Citation],
        left_out: int,
        counted_by_host: bool,
        summary: bool,
        summary_error: EbbmarkError | None,
    ) -> Context: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def budget(self, /) -> int:
        """The tokens that it might have had."""

    @property
    def citations(self, /) -> list[Citation]:
        """Where each part comes from, by their numbers."""

    @property
    def counted_by_host(self, /) -> bool:
        """Whether the host's counter counted the tokens; if not, they were estimated."""

    @property
    def left_out(self, /) -> int:
        """Hits that were considered and are not in it."""

    @property
    def summary(self, /) -> bool:
        """Whether it ends with what the host's summariser made of what is left out."""

    @property
    def summary_error(self, /) -> EbbmarkError | None:
        """Why a summary that was asked for is not in it."""

    @property
    def text(self, /) -> str:
        """The text, without a line break at its end."""

    @property
    def tokens(self, /) -> int:
        """Its tokens, `budget` at most."""

@final
class Crossing:
    """When less than a share of an atom will be left."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, share: float, at: datetime | None) -> Crossing: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime | None:
        """The moment, which may be past; `None` if it never comes."""

    @property
    def share(self, /) -> float:
        """The share."""

@final
class DecayGroup:
    """How the atoms of one kind and standing have faded."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, kind: Kind, standing: StandingKind, buckets: list[int], mean_retention: float
    ) -> DecayGroup: ...
    def __repr__(self, /) -> str: ...
    @property
    def buckets(self, /) -> list[int]:
        """How many of them have how much left: 0 to .1, to .3, to .5, to .7, to .9, to 1."""

    @property
    def kind(self, /) -> Kind:
        """Their kind."""

    @property
    def mean_retention(self, /) -> float:
        """How much is left of them on average."""

    @property
    def standing(self, /) -> StandingKind:
        """Their standing."""

@final
class DecayReport:
    """How the atoms of a tenant have faded, as of now."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, groups: Iterable[DecayGroup], weak: int, at_risk: int) -> DecayReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def at_risk(self, /) -> int:
        """Atoms that dissolve within 24 hours if they are not used, or are to dissolve by now."""

    @property
    def groups(self, /) -> list[DecayGroup]:
        """The atoms by kind and standing, in order of kind."""

    @property
    def weak(self, /) -> int:
        """Believed atoms of which less is left than the tenant calls weak."""

@final
class DocumentReceipt:
    """What became of a document."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        passages: Iterable[str],
        added: Iterable[str],
        kept: Iterable[str],
        moved: Iterable[str],
        updated: Iterable[str],
        removed: Iterable[str],
        facts: Iterable[FactReceipt],
        effect: Effect,
        redacted: Iterable[str],
        quarantined: Iterable[str],
        pending: int,
        embedder_error: EbbmarkError | None,
        extractor_error: EbbmarkError | None,
    ) -> DocumentReceipt: ...
    def __repr__(self, /) -> str: ...
    @property
    def added(self, /) -> list[str]:
        """Those that are new."""

    @property
    def effect(self, /) -> Effect:
        """What went with the passages that are gone, and what holds again without them."""

    @property
    def embedder_error(self, /) -> EbbmarkError | None:
        """Why vectors could not be had."""

    @property
    def extractor_error(self, /) -> EbbmarkError | None:
        """Why claims could not be drawn from some passage."""

    @property
    def facts(self, /) -> list[FactReceipt]:
        """The claims that the new passages made, with what became of them."""

    @property
    def kept(self, /) -> list[str]:
        """Those that were there before."""

    @property
    def moved(self, /) -> list[str]:
        """Those of the kept ones that stand at another place in the document."""

    @property
    def passages(self, /) -> list[str]:
        """The passages of the document, in its order."""

    @property
    def pending(self, /) -> int:
        """Records that wait since this call: for a vector, or for their claims. See `Tenant.pending`."""

    @property
    def quarantined(self, /) -> list[str]:
        """New passages that the guard keeps out of lists and searches."""

    @property
    def redacted(self, /) -> list[str]:
        """New passages whose text the guard changed."""

    @property
    def removed(self, /) -> list[str]:
        """Passages that are gone."""

    @property
    def updated(self, /) -> list[str]:
        """Those of the kept ones that have another version, because their labels or the host's own fields are others."""

@final
class Dropped:
    """Changes that a subscription dropped because nobody read them; they are still in the feed: see `Tenant.changes`."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, count: int) -> Dropped: ...
    def __repr__(self, /) -> str: ...
    @property
    def count(self, /) -> int:
        """How many."""

@final
class Durations:
    """Durations, counted by bucket. A clock that was set back meanwhile counts as 0."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, buckets: Iterable[tuple[int | None, int]], sum_micros: int) -> Durations: ...
    def __repr__(self, /) -> str: ...
    @property
    def buckets(self, /) -> list[tuple[int | None, int]]:
        """The upper bound of each bucket in microseconds, the bound included, and how many fell between it and the bound
        before. The last has no bound."""

    @property
    def count(self, /) -> int:
        """Calls in all buckets together."""

    @property
    def sum_micros(self, /) -> int:
        """All durations together, in microseconds."""

@final
class Effect:
    """What a verb changed beside what it was asked to."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        operation: str | None,
        added: Iterable[str],
        removed: Iterable[str],
        retired: Iterable[str],
        restored: Iterable[str],
    ) -> Effect: ...
    def __repr__(self, /) -> str: ...
    @property
    def added(self, /) -> list[str]:
        """Atoms that are there again, or for the first time."""

    @property
    def operation(self, /) -> str | None:
        """What `Tenant.undo` takes to take it back. A deletion cannot be undone."""

    @property
    def removed(self, /) -> list[str]:
        """Atoms that are gone."""

    @property
    def restored(self, /) -> list[str]:
        """Atoms that hold again."""

    @property
    def retired(self, /) -> list[str]:
        """Atoms that hold no more."""

@final
class Episode:
    """Something that was said or read, kept verbatim."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        role: Role,
        speaker: str | None,
        title: str | None,
        text: str,
        scope: Scope,
        occurred_at: datetime,
        recorded_at: datetime,
        expires_at: datetime | None,
        importance: float | None,
        metadata: Mapping[str, Json],
        trust: Trust,
        quarantined: bool,
        version: int,
        passage: Passage | None,
    ) -> Episode: ...
    def __repr__(self, /) -> str: ...
    @property
    def expires_at(self, /) -> datetime | None:
        """When lists and searches stop to return it, if they do; `get` returns it until it is deleted."""

    @property
    def happened_at(self, /) -> datetime:
        """When it was said."""

    @property
    def id(self, /) -> str:
        """Its id."""

    @property
    def importance(self, /) -> float | None:
        """Importance given by the host, 0 to 1."""

    @property
    def metadata(self, /) -> dict[str, Json]:
        """The host's own fields."""

    @property
    def occurred_at(self, /) -> datetime:
        """When it was said."""

    @property
    def passage(self, /) -> Passage | None:
        """Where it stands in a document, if it is a passage of one."""

    @property
    def quarantined(self, /) -> bool:
        """Whether the guard keeps it out of lists and searches."""

    @property
    def recorded_at(self, /) -> datetime:
        """When the store learnt of this version."""

    @property
    def role(self, /) -> Role:
        """Who or what it comes from."""

    @property
    def scope(self, /) -> Scope:
        """Its labels."""

    @property
    def sort(self, /) -> str:
        """ "episode"."""

    @property
    def speaker(self, /) -> str | None:
        """The speaker's name, where the host gave one."""

    @property
    def text(self, /) -> str:
        """The text, in Unicode normal form C."""

    @property
    def title(self, /) -> str | None:
        """What it is about, or the title of what it was taken from, where the host gave one."""

    @property
    def trust(self, /) -> Trust:
        """How far its words are trusted; no claim that it supports is trusted further."""

    @property
    def version(self, /) -> int:
        """1 for the first version, one more for every update."""

@final
class Explanation:
    """Why an atom stands as it does. Printed, it is a few sentences for people."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        atom: Atom,
        claims: Iterable[Claim],
        conflicts: Iterable[Conflict],
        others: Iterable[Atom],
        because: str,
    ) -> Explanation: ...
    def __repr__(self, /) -> str: ...
    @property
    def atom(self, /) -> Atom:
        """The atom."""

    @property
    def because(self, /) -> str:
        """Why it stands as it does, as a sentence."""

    @property
    def claims(self, /) -> list[Claim]:
        """The claims it rests on, in the order of their ids."""

    @property
    def conflicts(self, /) -> list[Conflict]:
        """Its conflicts."""

    @property
    def others(self, /) -> list[Atom]:
        """The atoms that the conflicts are with, and those it took the place of."""

@final
class FacetCounts:
    """How many records have which value."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, facet: Facet | Field, values: Iterable[tuple[str, int]], more: int, without: int
    ) -> FacetCounts: ...
    def __repr__(self, /) -> str: ...
    @property
    def facet(self, /) -> Facet | Field:
        """What they were counted by."""

    @property
    def more(self, /) -> int:
        """Values beside these."""

    @property
    def values(self, /) -> list[tuple[str, int]]:
        """The most frequent values with their counts, the most frequent first; of equals, in the order of the values."""

    @property
    def without(self, /) -> int:
        """Records that have none."""

@final
class FactReceipt:
    """What became of a claim that an episode made."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, episode: str, fact: NewFact, verdict: Assertion) -> FactReceipt: ...
    def __repr__(self, /) -> str: ...
    @property
    def episode(self, /) -> str:
        """The episode that made it."""

    @property
    def fact(self, /) -> NewFact:
        """The claim as it was asserted."""

    @property
    def verdict(self, /) -> Assertion:
        """What became of it."""

@final
class Fading:
    """An atom that fades."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, id: str, retention: float, dissolves_at: datetime | None) -> Fading: ...
    def __repr__(self, /) -> str: ...
    @property
    def dissolves_at(self, /) -> datetime | None:
        """When it dissolves if it is not used; `None` if it does not."""

    @property
    def id(self, /) -> str:
        """The atom."""

    @property
    def retention(self, /) -> float:
        """How much of it is left, 0 to 1."""

@final
class Field:
    """A field of metadata; compared with a value it makes a condition. Made by `field`."""

    def __eq__(self, value: object, /) -> Condition: ...  # type: ignore[override]
    def __ge__(self, value: object, /) -> Condition: ...
    def __getnewargs__(self, /) -> tuple[str]: ...
    def __gt__(self, value: object, /) -> Condition: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> Condition: ...
    def __lt__(self, value: object, /) -> Condition: ...
    def __ne__(self, value: object, /) -> Condition: ...  # type: ignore[override]
    def __new__(cls, /, path: str) -> Field: ...
    def __repr__(self, /) -> str: ...
    def above(self, /, value: Json) -> Condition:
        """True if it is greater than the value. As `>`."""

    def at_least(self, /, value: Json) -> Condition:
        """True if it is at least the value. As `>=`."""

    def at_most(self, /, value: Json) -> Condition:
        """True if it is at most the value. As `<=`."""

    def below(self, /, value: Json) -> Condition:
        """True if it is less than the value. As `<`."""

    def contains(self, /, text: str) -> Condition:
        """True if its text has this text in it."""

    def exists(self, /) -> Condition:
        """True if the field is there."""

    def is_(self, /, value: Json) -> Condition:
        """True if it is equal to the value; of a list, if one of its items is. As `==`."""

    def one_of(self, /, values: Iterable[Json]) -> Condition:
        """True if it is equal to one of the values."""

    @property
    def path(self, /) -> str:
        """The path: names joined by dots."""

@final
class Filter:
    """Which records a list or a search may return. Conditions are joined by "and"; an empty list or `None`
    accepts everything."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        *,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        sort: RecordSort | None = None,
        roles: Iterable[Role] | None = None,
        kinds: Iterable[Kind] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        metadata: Mapping[str, Json] | None = None,
        historical: bool = False,
        quarantined: bool = False,
        archived: bool = False,
        retention_below: float | None = None,
        where: Condition | None = None,
    ) -> Filter: ...
    def __repr__(self, /) -> str: ...
    @property
    def agent(self, /) -> str | None:
        """The agent; the handle's if absent."""

    @property
    def archived(self, /) -> bool:
        """Whether episodes that are archived are returned too."""

    @property
    def historical(self, /) -> bool:
        """Whether atoms that are no longer current, whose time is over or has not come, are returned too."""

    @property
    def kinds(self, /) -> list[Kind]:
        """Only atoms of one of these kinds; episodes are then left out."""

    @property
    def metadata(self, /) -> dict[str, Json]:
        """Only episodes whose metadata has these values at these paths (`outer.inner`); of a list one must be equal."""

    @property
    def quarantined(self, /) -> bool:
        """Whether episodes that the guard keeps in quarantine are returned too."""

    @property
    def retention_below(self, /) -> float | None:
        """Only atoms of which less than this share (0 to 1) is left. Uses that were told are written down before it is asked."""

    @property
    def roles(self, /) -> list[Role]:
        """Only episodes in one of these roles; atoms are then left out."""

    @property
    def session(self, /) -> str | None:
        """The conversation; the handle's if absent."""

    @property
    def since(self, /) -> datetime | None:
        """Only what was said, or began to hold, at this moment or later."""

    @property
    def sort(self, /) -> RecordSort | None:
        """Only episodes, or only atoms."""

    @property
    def until(self, /) -> datetime | None:
        """Only what was said, or began to hold, before this moment."""

    @property
    def user(self, /) -> str | None:
        """The user whom it is about or from; the handle's if absent."""

    @property
    def where(self, /) -> Condition | None:
        """A condition that has to be true of a record."""

@final
class Health:
    """Whether the store can be used, and if not, why not."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, state: HealthState, cause: EbbmarkError | None, reasons: Iterable[HealthReason]
    ) -> Health: ...
    def __repr__(self, /) -> str: ...
    @property
    def cause(self, /) -> EbbmarkError | None:
        """The first failure, if there was one."""

    @property
    def reasons(self, /) -> list[HealthReason]:
        """What needs attention, though the store works."""

    @property
    def state(self, /) -> HealthState:
        """Whether it can be used."""

@final
class HealthReason:
    """Something that needs attention, though the store works."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, code: str, what: str, remedy: str) -> HealthReason: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> str:
        """Its stable dotted name, for programs."""

    @property
    def remedy(self, /) -> str:
        """What to do about it."""

    @property
    def what(self, /) -> str:
        """What it is, as a sentence with numbers and without names."""

@final
class Hit:
    """An answer: a record, its score, and what the score is made of."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, record: Episode | Atom, score: float, parts: ScoreParts, also: Iterable[str]
    ) -> Hit: ...
    def __repr__(self, /) -> str: ...
    @property
    def also(self, /) -> list[str]:
        """Records that scored less and say the same: the episodes that support an atom, or the atoms that an episode supports;
        of those that were looked at for as many hits as were asked for."""

    @property
    def id(self, /) -> str:
        """The id of the record."""

    @property
    def parts(self, /) -> ScoreParts:
        """What the score is made of."""

    @property
    def record(self, /) -> Episode | Atom:
        """The record."""

    @property
    def score(self, /) -> float:
        """Higher is better; comparable within one search only."""

    @property
    def text(self, /) -> str:
        """The text of the record; an atom's as a sentence."""

    @property
    def why(self, /) -> str:
        """Why it was returned, as a sentence; and whether it is disputed."""

@final
class Lease:
    """A lease that was granted: its holder may do what it is named for, alone, until it expires.

    Who holds one may be slower than he thinks, and go on after it expired. `fence` is greater in every later grant of the
    name, so that whatever the lease protects can refuse those who come with a smaller one than it has seen."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, name: str, fence: int, until: datetime) -> Lease: ...
    def __repr__(self, /) -> str: ...
    @property
    def fence(self, /) -> int:
        """The number of the grant: 1 for the first of a name, and greater than all before it."""

    @property
    def name(self, /) -> str:
        """What it is a lease of: 1 to 256 bytes without control characters, within the tenant."""

    @property
    def until(self, /) -> datetime:
        """When it expires, by the store's clock."""

@final
class Maintainer:
    """A thread that maintains a store; it ends when it is stopped, at the end of a `with`, or when this is let go."""

    def __enter__(self, /) -> Maintainer: ...
    def __exit__(self, /, *_exception: object) -> None: ...
    def last(self, /) -> tuple[int, MaintenanceReport | None]:
        """How many rounds are done, and the report of the last one, if it did not fail.

        Raises:
            EbbmarkError: The last round failed."""

    def stop(self, /) -> None:
        """Stops it, after the round that is under way. Stopping it again does nothing."""

@final
class MaintenanceReport:
    """What a call of `maintain` did, job by job."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        settled: int,
        dissolved: int,
        expired: int,
        archived: int,
        deleted: int,
        unsupported: int,
        rescheduled: int,
        processed: int,
        pruned: int,
        pending: int,
        next_due: datetime | None,
    ) -> MaintenanceReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived(self, /) -> int:
        """Episodes that were archived."""

    @property
    def deleted(self, /) -> int:
        """Episodes that the retention policy deleted."""

    @property
    def dissolved(self, /) -> int:
        """Atoms that were not believed, had faded, and are gone."""

    @property
    def expired(self, /) -> int:
        """Episodes that had expired and are gone."""

    @property
    def next_due(self, /) -> datetime | None:
        """When something is due next, if anything is; past while something is pending."""

    @property
    def pending(self, /) -> int:
        """Records that are due, or too many, and were left for the next call; one more while records are still to be
        scheduled anew."""

    @property
    def processed(self, /) -> int:
        """Records that got the vector or the claims that they waited for."""

    @property
    def pruned(self, /) -> int:
        """Entries of the audit that were older than the tenant keeps them."""

    @property
    def rescheduled(self, /) -> int:
        """Records that were scheduled anew because the tenant was configured otherwise."""

    @property
    def settled(self, /) -> int:
        """Atoms that were looked at because they become believed with time, or their time begins or ends."""

    @property
    def unsupported(self, /) -> int:
        """Atoms that are gone because no episode supports them any more."""

@final
class ManualClock:
    """A clock that stands still until it is set: for tests, and for programs whose time is not the system's."""

    def __new__(cls, /, now: datetime) -> ManualClock: ...
    def __repr__(self, /) -> str: ...
    def now(self, /) -> datetime:
        """The time it shows."""

    def set(self, /, now: datetime) -> None:
        """Sets the time; it may go backwards."""

@final
class MemoryState:
    """How well a record is remembered, as of now."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        retention: float,
        stability_days: float,
        since: datetime,
        uses: int,
        used_at: datetime | None,
        importance: float | None,
        pinned: bool,
        archived_at: datetime | None,
    ) -> MemoryState: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived_at(self, /) -> datetime | None:
        """When it was archived, if it is: it is then out of lists and searches."""

    @property
    def id(self, /) -> str:
        """The record."""

    @property
    def importance(self, /) -> float | None:
        """How important an episode is, 0 to 1: `.4 recency + .2 role + .4 the host's own`; `None` for an atom."""

    @property
    def pinned(self, /) -> bool:
        """Whether it is kept from dissolving, and from the retention policy."""

    @property
    def retention(self, /) -> float:
        """The chance that it is still there, 0 to 1; 1 for what never fades, and for episodes."""

    @property
    def since(self, /) -> datetime:
        """From when it fades: its last use, or when it was said."""

    @property
    def stability_days(self, /) -> float:
        """Days without use in which an atom falls to 1/e on the exponential curve; on that of FSRS 69.8 % are left by then, since
        the two agree at 90 %. Infinite for what never fades, and for episodes."""

    @property
    def used_at(self, /) -> datetime | None:
        """When it was last used."""

    @property
    def uses(self, /) -> int:
        """How often it was used."""

@final
class Message:
    """A message to be read for claims."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, text: str, speaker: str, role: Role, said_at: datetime, previous: str | None
    ) -> Message: ...
    def __repr__(self, /) -> str: ...
    @property
    def previous(self, /) -> str | None:
        """What the same speaker said before it in the session, where that is known."""

    @property
    def role(self, /) -> Role:
        """Who or what it comes from."""

    @property
    def said_at(self, /) -> datetime:
        """When it was said."""

    @property
    def speaker(self, /) -> str:
        """The name of the one who said it: the speaker's, else the user's, else "user"."""

    @property
    def text(self, /) -> str:
        """What was said."""

@final
class Metrics:
    """The metrics of a store since it was opened. Numbers, names of verbs and codes of errors; never content.

    `Metrics.to_openmetrics` gives them as text for a scraper."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        calls: Iterable[CallCount],
        add: Durations,
        search: Durations,
        episodes_added: int,
        hits_returned: int,
        commits: int,
        working_sets: WorkingSetFigures,
        embedding_cache: CacheFigures,
        query_cache: CacheFigures,
        callbacks: CallbackFigures,
        file_bytes: int | None,
        tenants: Iterable[TenantFigures],
    ) -> Metrics: ...
    def __repr__(self, /) -> str: ...
    @property
    def add(self, /) -> Durations:
        """How long calls of `add` took, failed ones included, by the store's clock."""

    @property
    def callbacks(self, /) -> CallbackFigures:
        """How the host's callbacks do."""

    @property
    def calls(self, /) -> list[CallCount]:
        """Calls by verb and outcome, in that order; what never happened is left out."""

    @property
    def commits(self, /) -> int:
        """Commits of writes that became durable; those that only seal segments are not counted."""

    @property
    def embedding_cache(self, /) -> CacheFigures:
        """How the cache of embeddings does."""

    @property
    def episodes_added(self, /) -> int:
        """Episodes that were added."""

    @property
    def file_bytes(self, /) -> int | None:
        """Bytes of the file; `None` in memory, and where the file system does not tell."""

    @property
    def hits_returned(self, /) -> int:
        """Hits that searches returned."""

    @property
    def query_cache(self, /) -> CacheFigures:
        """How the cache of answers does."""

    @property
    def search(self, /) -> Durations:
        """How long calls of `search` took, failed ones included, by the store's clock."""

    @property
    def tenants(self, /) -> list[TenantFigures]:
        """Figures of the tenants whose working set is loaded, in order of their ids, if they were asked for."""

    def to_openmetrics(self, /) -> str:
        """The metrics as OpenMetrics text, to be served to Prometheus."""

    @property
    def working_sets(self, /) -> WorkingSetFigures:
        """How the working sets do."""

@final
class Neighbor:
    """An atom that leads from one entity to another."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, name: str, relation: str | None, outgoing: bool, atom: Atom) -> Neighbor: ...
    def __repr__(self, /) -> str: ...
    @property
    def atom(self, /) -> Atom:
        """The atom."""

    @property
    def name(self, /) -> str:
        """The name at the other end."""

    @property
    def outgoing(self, /) -> bool:
        """Whether the atom is about the entity that was asked about, and not about the other end."""

    @property
    def relation(self, /) -> str | None:
        """How the entity that was asked about is related to it: the atom's predicate, or its inverse where the atom is about
        the other end. `None` if that has no name."""

@final
class NewEpisode:
    """An episode to be added: `NewEpisode("I moved to Porto", speaker="Mara")`."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        text: str,
        *,
        role: Role = "user",
        speaker: str | None = None,
        title: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        occurred_at: datetime | None = None,
        expires_at: datetime | None = None,
        importance: float | None = None,
        metadata: Mapping[str, Json] | None = None,
        trust: Trust | None = None,
        facts: Iterable[NewFact] | None = None,
        vector: VectorLike | None = None,
    ) -> NewEpisode: ...
    def __repr__(self, /) -> str: ...
    @property
    def agent(self, /) -> str | None:
        """The agent; the handle's if absent."""

    @property
    def expires_at(self, /) -> datetime | None:
        """When it stops being found; never if absent."""

    @property
    def facts(self, /) -> list[NewFact]:
        """What it says, as claims of the host's own making; they are supported by it."""

    @property
    def importance(self, /) -> float | None:
        """Importance, 0 to 1."""

    @property
    def metadata(self, /) -> dict[str, Json]:
        """The host's own fields, 16 KiB at most."""

    @property
    def occurred_at(self, /) -> datetime | None:
        """When it was said; the clock's time if absent."""

    @property
    def role(self, /) -> Role:
        """Who or what it comes from."""

    @property
    def session(self, /) -> str | None:
        """The conversation; the handle's if absent."""

    @property
    def speaker(self, /) -> str | None:
        """The speaker's name; it is searched with the text."""

    @property
    def text(self, /) -> str:
        """The text: 1 byte to 1 MiB, not only white space, no NUL."""

    @property
    def title(self, /) -> str | None:
        """What it is about, or the title of what it is taken from, 1 to 2048 bytes. It is searched with the text, and
        questions and texts that name it lead to it, if it has ten words at most."""

    @property
    def trust(self, /) -> Trust | None:
        """How far its words are trusted; if absent as its role: the person and the system high, the agent and tools
        medium, documents low."""

    @property
    def user(self, /) -> str | None:
        """The user whom it is about or from; the handle's if absent."""

    @property
    def vector(self, /) -> list[float] | None:
        """Its vector, of any length but zero; the embedder makes one if absent."""

@final
class NewFact:
    """A claim to be asserted. `NewFact("Mara", "lives_in", "Porto", confidence=0.9)`."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        subject: str,
        predicate: str,
        object: str,
        *,
        negated: bool = False,
        contexts: Iterable[str] | None = None,
        kind: Kind | None = None,
        provenance: Provenance = "stated",
        confidence: float = 1.0,
        trust: Trust | None = None,
        holder: str | None = None,
        distance: int | None = None,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        said_at: datetime | None = None,
        supports: Iterable[str] | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        vector: VectorLike | None = None,
    ) -> NewFact: ...
    def __repr__(self, /) -> str: ...
    @property
    def agent(self, /) -> str | None:
        """The agent; the handle's if absent."""

    @property
    def confidence(self, /) -> float:
        """How sure the source is, 0 to 1."""

    @property
    def contexts(self, /) -> list[str]:
        """Situations in which alone it holds, 16 at most."""

    @property
    def distance(self, /) -> int:
        """Through how many mouths it came: 0 first hand, 1 reported, .."""

    @property
    def holder(self, /) -> str | None:
        """Whose belief it reports; the speaker's own if absent."""

    @property
    def kind(self, /) -> Kind | None:
        """Sort of claim; that of the predicate if absent."""

    @property
    def negated(self, /) -> bool:
        """Whether it says that the value does not hold."""

    @property
    def object(self, /) -> str:
        """The value, 1 to 2048 bytes."""

    @property
    def predicate(self, /) -> str:
        """The relation or property, 1 to 2048 bytes; `lives_in` and the like have one value at a time."""

    @property
    def provenance(self, /) -> Provenance:
        """Where it comes from."""

    @property
    def said_at(self, /) -> datetime | None:
        """When it was said; the clock's time if absent."""

    @property
    def session(self, /) -> str | None:
        """The conversation; the handle's if absent."""

    @property
    def subject(self, /) -> str:
        """What the claim is about, 1 to 2048 bytes."""

    @property
    def supports(self, /) -> list[str]:
        """Episodes of this tenant that support it, 64 at most."""

    @property
    def trust(self, /) -> Trust | None:
        """How far the source is trusted; as its episodes are if absent, and no further than they."""

    @property
    def user(self, /) -> str | None:
        """The user whom it is about or from; the handle's if absent."""

    @property
    def valid_from(self, /) -> datetime | None:
        """True in the world from this moment; from when it was said if absent, or unknown if `valid_to` is past."""

    @property
    def valid_to(self, /) -> datetime | None:
        """True in the world until this moment."""

    @property
    def vector(self, /) -> list[float] | None:
        """The vector of its sentence; the embedder makes one if absent."""

@final
class Page:
    """A page of a list."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, records: Iterable[Episode | Atom], next: str | None) -> Page: ...
    def __repr__(self, /) -> str: ...
    @property
    def next(self, /) -> str | None:
        """Where the next page begins; `None` behind the last record."""

    @property
    def records(self, /) -> list[Episode | Atom]:
        """Records in the order they were first added."""

@final
class Passage:
    """Where in which document a passage stands."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, document: str, section: Iterable[str], ordinal: int, start: int, end: int
    ) -> Passage: ...
    def __repr__(self, /) -> str: ...
    @property
    def document(self, /) -> str:
        """The name of the document."""

    @property
    def end(self, /) -> int:
        """Where it ends. From `start` to here stands its text, but for blank lines before and white space behind it, and
        for what the guard took out."""

    @property
    def heading(self, /) -> str:
        """The headings above it, joined by " > "."""

    @property
    def ordinal(self, /) -> int:
        """Its place among the passages of the document, from 0."""

    @property
    def section(self, /) -> list[str]:
        """The headings that it stands under, the outermost first; none before the first heading."""

    @property
    def start(self, /) -> int:
        """Where it begins, in bytes of the document's text in Unicode normal form C."""

@final
class Path:
    """A path from one entity to another. Printed, it is the claims along it."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, steps: Iterable[Step], confidence: float, more: bool) -> Path: ...
    def __repr__(self, /) -> str: ...
    @property
    def confidence(self, /) -> float:
        """The product of the confidences of its atoms, 0 to 1; 1 without steps."""

    @property
    def more(self, /) -> bool:
        """Whether claims were left out because there are more than a search reads, so that a shorter or more credible
        path may have been missed."""

    @property
    def steps(self, /) -> list[Step]:
        """The steps in order; none if both ends are the same entity."""

@final
class PendingReport:
    """What `process_pending` did."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, done: int, failed: int, left: int, error: EbbmarkError | None) -> PendingReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def done(self, /) -> int:
        """Records that wait for nothing any more."""

    @property
    def error(self, /) -> EbbmarkError | None:
        """Why some failed: the first error of a callback."""

    @property
    def failed(self, /) -> int:
        """Records that were taken up and still wait."""

    @property
    def left(self, /) -> int:
        """Records that wait now, those included that are not due."""

@final
class PendingWork:
    """A record that waits for something."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        id: str,
        vector: bool,
        claims: bool,
        attempts: int,
        next_try: datetime,
        since: datetime,
        error: str | None,
    ) -> PendingWork: ...
    def __repr__(self, /) -> str: ...
    @property
    def attempts(self, /) -> int:
        """Calls for it that failed, the one that added it included; 0 if it was not asked for yet."""

    @property
    def claims(self, /) -> bool:
        """Whether it is an episode that waits for its claims."""

    @property
    def error(self, /) -> str | None:
        """The stable name of the last error, as `EbbmarkError.code` has it."""

    @property
    def id(self, /) -> str:
        """The record."""

    @property
    def next_try(self, /) -> datetime:
        """When it may be asked for again, by the store's clock."""

    @property
    def since(self, /) -> datetime:
        """Since when it waits."""

    @property
    def vector(self, /) -> bool:
        """Whether it waits for its vector."""

@final
class Period:
    """A span of time in the world: from a moment until another (exclusive)."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, start: datetime | None = None, end: datetime | None = None) -> Period: ...
    def __repr__(self, /) -> str: ...
    def contains(self, /, moment: datetime) -> bool:
        """Whether a moment is in it."""

    @property
    def end(self, /) -> datetime | None:
        """Where it ends; open if absent."""

    @property
    def start(self, /) -> datetime | None:
        """Where it begins; unknown, and so for ever back, if absent."""

@final
class Permit:
    """What a rate limit says to a call."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, allowed: bool, remaining: int, retry_after: float) -> Permit: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowed(self, /) -> bool:
        """Whether the call may go on."""

    @property
    def remaining(self, /) -> int:
        """Calls that could be made at once after this one."""

    @property
    def retry_after(self, /) -> float:
        """Seconds after which the call would be allowed, 0 if it is; infinite if it never is."""

@final
class Predicate:
    """What is known of a predicate. Names are lower case with underscores: "lives in" is `lives_in`.

    `Predicate("rides", aliases=["commutes_by"], cardinality="one")`."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        name: str,
        *,
        aliases: Iterable[str] | None = None,
        cardinality: Cardinality = "many",
        slot: str | None = None,
        opposites: Iterable[str] | None = None,
        inverse: str | None = None,
        symmetric: bool = False,
        rank: int | None = None,
        kind: Kind = "fact",
        stability_days: float | None = None,
        confidence_max: float = 1.0,
        immutable: bool = False,
        version: int = 0,
    ) -> Predicate: ...
    def __repr__(self, /) -> str: ...
    @property
    def aliases(self, /) -> list[str]:
        """Other names of the same predicate."""

    @property
    def cardinality(self, /) -> Cardinality:
        """Values at a time."""

    @property
    def confidence_max(self, /) -> float:
        """The greatest confidence that a claim of it can reach, 0 to 1."""

    @property
    def immutable(self, /) -> bool:
        """Whether its value never changes: another value is an error of somebody's, not news."""

    @property
    def inverse(self, /) -> str | None:
        """The predicate that says the same from the object's side: `manages` and `manager`."""

    @property
    def kind(self, /) -> Kind:
        """The sort of claim it makes."""

    @property
    def name(self, /) -> str:
        """Its name."""

    @property
    def opposites(self, /) -> list[str]:
        """Predicates of the slot that cannot hold of the same object: `likes` and `dislikes`."""

    @property
    def rank(self, /) -> int | None:
        """Its rank in a progression of its slot: `learning` 1, `proficient_in` 2, `expert_at` 3."""

    @property
    def slot(self, /) -> str:
        """What claims of it compete in: predicates of one slot are judged together. Its own name if it is alone."""

    @property
    def stability_days(self, /) -> float | None:
        """Days in which the memory of such a claim falls to 1/e; that of the kind if absent."""

    @property
    def symmetric(self, /) -> bool:
        """Whether it says the same from both sides: `sibling`."""

    @property
    def version(self, /) -> int:
        """1 for the first definition, one more for every other."""

@final
class Profile:
    """What is known of an entity. Printed, it is a few sentences for people.

    Of an entity with more claims than are read, some of each predicate are; what is judged together is read together."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        names: Iterable[str],
        facts: Iterable[tuple[Kind, Iterable[Atom]]],
        neighbors: Iterable[Neighbor],
        disputed: Iterable[Conflict],
        first_known: datetime | None,
        last_known: datetime | None,
        mentions: Iterable[str],
        mentioned: int,
        more: bool,
    ) -> Profile: ...
    def __repr__(self, /) -> str: ...
    @property
    def disputed(self, /) -> list[Conflict]:
        """Open conflicts about it, in the order of their ids."""

    @property
    def facts(self, /) -> list[tuple[Kind, list[Atom]]]:
        """What the view shows of it, by kind: entity, invariant, affiliation, social, trait, skill, preference, belief, style,
        fact, event, state, hypothesis; in a kind the most confident first, ties by id. About 1000 claims are read."""

    @property
    def first_known(self, /) -> datetime | None:
        """The earliest moment at which a claim was made, of those that were read."""

    @property
    def last_known(self, /) -> datetime | None:
        """The latest moment at which a claim was made, of those that were read."""

    @property
    def mentioned(self, /) -> int:
        """How many episodes say one of its names, at least: of the newest 64 that may."""

    @property
    def mentions(self, /) -> list[str]:
        """The newest episodes that say one of its names, newest first, 10 at most: in the text, the title, or as the speaker."""

    @property
    def more(self, /) -> bool:
        """Whether there is more than was read, of claims or of mentions."""

    @property
    def names(self, /) -> list[str]:
        """Its names, the main one first."""

    @property
    def neighbors(self, /) -> list[Neighbor]:
        """The entities that these lead to, and then those from which atoms lead to it, each in the order of the atoms' ids.
        1000 of the latter are read."""

@final
class Quotas:
    """How much a tenant may hold."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, *, records: int | None = None, bytes: int | None = None, vectors: int | None = None
    ) -> Quotas: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int | None:
        """Bytes of its records and their vectors, as `Usage` counts them."""

    @property
    def records(self, /) -> int | None:
        """Episodes and atoms, archived and historical ones among them."""

    @property
    def vectors(self, /) -> int | None:
        """Records with a vector."""

@final
class RateLimit:
    """How often a tenant may be called."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, per_second: float, burst: int) -> RateLimit: ...
    def __repr__(self, /) -> str: ...
    @property
    def burst(self, /) -> int:
        """Calls at once after a rest, at least 1."""

    @property
    def per_second(self, /) -> float:
        """Calls a second in the long run, more than 0."""

@final
class Reason:
    """Why a verdict is what it is."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, name: ReasonName, clash: Clash | None, grounds: Grounds | None) -> Reason: ...
    def __repr__(self, /) -> str: ...
    @property
    def clash(self, /) -> Clash | None:
        """Why two claims cannot both hold, for "wins", "loses" and "ties"."""

    @property
    def grounds(self, /) -> Grounds | None:
        """Why one of them holds, for "wins" and "loses"."""

    @property
    def name(self, /) -> ReasonName:
        """The reason."""

@final
class Receipt:
    """What `add` did."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        ids: Iterable[str],
        facts: Iterable[FactReceipt],
        replayed: bool,
        redacted: Iterable[str],
        quarantined: Iterable[str],
        pending: int,
        embedder_error: EbbmarkError | None,
        extractor_error: EbbmarkError | None,
    ) -> Receipt: ...
    def __repr__(self, /) -> str: ...
    @property
    def embedder_error(self, /) -> EbbmarkError | None:
        """Why vectors could not be had."""

    @property
    def extractor_error(self, /) -> EbbmarkError | None:
        """Why claims could not be drawn from some episode."""

    @property
    def facts(self, /) -> list[FactReceipt]:
        """The claims that the episodes made, in their order, with what became of them. A replayed call does not tell."""

    @property
    def id(self, /) -> str | None:
        """The id of the only episode, or of the first."""

    @property
    def ids(self, /) -> list[str]:
        """The ids of the episodes, in their order."""

    @property
    def pending(self, /) -> int:
        """Records that wait since this call: for a vector, or for their claims. See `Tenant.pending`."""

    @property
    def quarantined(self, /) -> list[str]:
        """Episodes that the guard keeps out of lists and searches."""

    @property
    def redacted(self, /) -> list[str]:
        """Episodes whose text the guard changed."""

    @property
    def replayed(self, /) -> bool:
        """Whether an earlier call with the same idempotency key had added them all."""

@final
class ReembedReport:
    """How far a change of vector space is."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, done: int, left: int) -> ReembedReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def done(self, /) -> int:
        """Records that got their vector in the new space, by this call."""

    @property
    def left(self, /) -> int:
        """Places of records that are still to be looked at, and 1 while something of a former space is still there; 0 once it is
        over."""

@final
class RetentionPolicy:
    """Which episodes are archived, and which are deleted. An empty policy matches nothing; a pinned episode is matched by
    none of it. Days are counted as fractions."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        *,
        archive: ArchiveRule | None = None,
        delete_archived_after_days: float | None = None,
        delete_older_than_days: float | None = None,
        episodes_max: int | None = None,
    ) -> RetentionPolicy: ...
    def __repr__(self, /) -> str: ...
    @property
    def archive(self, /) -> ArchiveRule | None:
        """Archives what is old and unimportant: out of lists and searches unless they ask for it."""

    @property
    def delete_archived_after_days(self, /) -> float | None:
        """Deletes what has been archived for so many days."""

    @property
    def delete_older_than_days(self, /) -> float | None:
        """Deletes what occurred so many days ago, however important it is."""

    @property
    def episodes_max(self, /) -> int | None:
        """Deletes the least important of more episodes than this, archived ones first."""

@final
class RetentionReport:
    """What the retention policy did, or would do."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, archived: int, deleted: int, unsupported: int) -> RetentionReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived(self, /) -> int:
        """Episodes that were archived."""

    @property
    def deleted(self, /) -> int:
        """Episodes that were deleted."""

    @property
    def unsupported(self, /) -> int:
        """Atoms that are gone because no episode supports them any more."""

@final
class Revision:
    """One version in the history of a record, oldest first."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, kind: RevisionKind, actor: str, record: Episode | Atom) -> Revision: ...
    def __repr__(self, /) -> str: ...
    @property
    def actor(self, /) -> str:
        """Who made it: the actor of the handle."""

    @property
    def kind(self, /) -> RevisionKind:
        """What made this version."""

    @property
    def record(self, /) -> Episode | Atom:
        """The record as it was in this version."""

@final
class Scope:
    """Labels a record and narrows a query. It is a filter, not a wall: the wall is the tenant.

    In a query or on a handle, a part that is `None` matches every record."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, *, user: str | None = None, agent: str | None = None, session: str | None = None
    ) -> Scope: ...
    def __repr__(self, /) -> str: ...
    @property
    def agent(self, /) -> str | None:
        """The agent itself, where one tenant has several."""

    @property
    def session(self, /) -> str | None:
        """The conversation; records of one session are neighbours in time."""

    @property
    def user(self, /) -> str | None:
        """The person the agent serves."""

@final
class ScoreParts:
    """What a score is made of. It is the host's, where its reranker was asked; else the sum of all parts from `dense` to
    `quoted`, times `retention` if it is above zero; in both cases less what `outdated` takes off."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        cosine: float | None,
        bm25: float,
        dense_rank: int | None,
        lexical_rank: int | None,
        dense: float,
        lexical: float,
        dense_around: float,
        lexical_around: float,
        answer: float,
        question: float,
        coverage: float,
        length: float,
        dated: float,
        speaker: float,
        named: float,
        linked: float,
        bridged: float,
        graph: float,
        supported: float,
        quoted: float,
        outdated: float,
        reranked: float | None,
        retention: float,
    ) -> ScoreParts: ...
    def __repr__(self, /) -> str: ...
    @property
    def answer(self, /) -> float:
        """What the words of a question add that it follows."""

    @property
    def bm25(self, /) -> float:
        """BM25 of its text. For a turn that came in as a neighbour it may leave common words out."""

    @property
    def bridged(self, /) -> float:
        """What rare names add that it shares with one of the best finds."""

    @property
    def cosine(self, /) -> float | None:
        """Cosine of its vector and the query's, -1 to 1; exact for a query by vector alone, within about 0.002
        otherwise."""

    @property
    def coverage(self, /) -> float:
        """What the share of the question's words adds that it has, each counted by how rare it is."""

    @property
    def dated(self, /) -> float:
        """What a time adds that the question names and that it is of."""

    @property
    def dense(self, /) -> float:
        """What its cosine adds; for a query by vector alone, the cosine itself."""

    @property
    def dense_around(self, /) -> float:
        """What the cosines of the turns within 2 of it add."""

    @property
    def dense_rank(self, /) -> int | None:
        """Its place among what was found by vector, from 1; none if it was not found so."""

    @property
    def graph(self, /) -> float:
        """What the question's words add that lead to it over atoms, from what it names."""

    @property
    def length(self, /) -> float:
        """What its length adds: short turns say little."""

    @property
    def lexical(self, /) -> float:
        """What its words add."""

    @property
    def lexical_around(self, /) -> float:
        """What the words of the turns within 3 of it add."""

    @property
    def lexical_rank(self, /) -> int | None:
        """Its place among what was found by words, from 1; none if it was not found so."""

    @property
    def linked(self, /) -> float:
        """What one of the best finds adds that mentions its title."""

    @property
    def named(self, /) -> float:
        """What its title adds, which the question names."""

    @property
    def outdated(self, /) -> float:
        """What is taken off a version that is out of date, so that the current one comes before it."""

    @property
    def question(self, /) -> float:
        """What is taken off a question within a conversation."""

    @property
    def quoted(self, /) -> float:
        """What the words add that the question quotes, and that it has as they are."""

    @property
    def reranked(self, /) -> float | None:
        """What the host's reranker says; none if it was not asked."""

    @property
    def retention(self, /) -> float:
        """How much of an atom is retained, as a factor of 0.85 to 1; 0.85 for one that is no longer current, 1 for
        an episode."""

    @property
    def score(self, /) -> float:
        """The sum that is the score."""

    @property
    def speaker(self, /) -> float:
        """What the speaker adds whom the question names."""

    @property
    def supported(self, /) -> float:
        """What one of the best finds adds that it supports, or that supports it."""

@final
class SearchExplanation:
    """How a question was read, what was found by what, and the hits."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        names: Iterable[str],
        aliases: Iterable[str],
        own: str | None,
        dates: Iterable[Period],
        asks_when: bool,
        quotes: int,
        words: int,
        has_vector: bool,
        accepted: int,
        legs: Iterable[tuple[str, int]],
        scored: int,
        weights: Weights,
        hits: Iterable[Hit],
    ) -> SearchExplanation: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def accepted(self, /) -> int:
        """Records that its filter accepts, as far as the columns tell."""

    @property
    def aliases(self, /) -> list[str]:
        """Other names of these entities, which it was asked with, too."""

    @property
    def asks_when(self, /) -> bool:
        """Whether it asks when something was."""

    @property
    def dates(self, /) -> list[Period]:
        """The days that it names, each from the beginning of the first to the end of the last; those of every year are not among
        them."""

    @property
    def has_vector(self, /) -> bool:
        """Whether it had a vector."""

    @property
    def hits(self, /) -> list[Hit]:
        """The hits, each with its parts."""

    @property
    def legs(self, /) -> list[tuple[str, int]]:
        """The legs, each with how many records it found."""

    @property
    def names(self, /) -> list[str]:
        """Titles and entities that it names, as it writes them."""

    @property
    def own(self, /) -> str | None:
        """The one who asks, if the question speaks of him."""

    @property
    def quotes(self, /) -> int:
        """Quotes in it that were looked for word for word."""

    @property
    def scored(self, /) -> int:
        """Records that were scored: what the legs found, and their neighbours and links."""

    @property
    def weights(self, /) -> Weights:
        """What each part of a score counted."""

    @property
    def words(self, /) -> int:
        """Its words that count, other names of entities included."""

@final
class SearchPage:
    """A page of a search."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, hits: Iterable[Hit], next: str | None) -> SearchPage: ...
    def __repr__(self, /) -> str: ...
    @property
    def hits(self, /) -> list[Hit]:
        """Hits in their order."""

    @property
    def next(self, /) -> str | None:
        """Where the next page begins; `None` behind the last hit."""

@final
class SecretGuard:
    """The built-in guard: it looks for cards, accounts, keys, passwords and national ids. Pass it as the `guard` of a store.

    Args:
        policy: What is done about a text that holds one: "redact" it, keep it in "quarantine", or "reject" it."""

    def __call__(self, /, episode: NewEpisode) -> Admission:
        """What it decides of an episode."""

    def __new__(cls, /, policy: SecretPolicy = "redact") -> SecretGuard: ...
    def __repr__(self, /) -> str: ...

@final
class Settlement:
    """How a conflict was settled."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, winner: str, grounds: Grounds) -> Settlement: ...
    def __repr__(self, /) -> str: ...
    @property
    def grounds(self, /) -> Grounds:
        """Why."""

    @property
    def winner(self, /) -> str:
        """The claim that holds."""

@final
class StaticEmbedder:
    """The built-in embedder: a table of word pieces, no model is run. It is a function of a list of texts."""

    def __call__(self, /, texts: Iterable[str]) -> list[list[float]]:
        """As `embed`."""

    def __new__(cls, /) -> StaticEmbedder: ...
    @property
    def dimensions(self, /) -> int:
        """Components of each of its vectors."""

    def embed(self, /, texts: Iterable[str]) -> list[list[float]]:
        """The vectors of texts, of unit length, or all zeros for a text without a letter or digit."""

    @property
    def name(self, /) -> str:
        """The name of its vector space."""

@final
class Stats:
    """What a tenant holds."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        version: int,
        episodes: int,
        atoms: int,
        vectors: int,
        pending: int,
        slots: int,
        space: VectorSpace | None,
        working_set_bytes: int,
    ) -> Stats: ...
    def __repr__(self, /) -> str: ...
    @property
    def atoms(self, /) -> int:
        """Atoms that are not deleted, historical ones among them."""

    @property
    def episodes(self, /) -> int:
        """Episodes that are not deleted, expired ones among them."""

    @property
    def pending(self, /) -> int:
        """Records that wait for a vector, for their claims, or for both: each is counted once. See
        `Tenant.pending`."""

    @property
    def slots(self, /) -> int:
        """Slots used up by all versions of all records, live or not."""

    @property
    def space(self, /) -> VectorSpace | None:
        """The vector space, once there is a vector."""

    @property
    def vectors(self, /) -> int:
        """Records that have a vector."""

    @property
    def version(self, /) -> int:
        """The tenant's version: the number of its commits."""

    @property
    def working_set_bytes(self, /) -> int:
        """Bytes of memory that the tenant's working set takes, 0 when it is not loaded."""

@final
class Step:
    """A step of a path: from an entity to another, along an atom that is about one of them and has the other as its value."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, start: str, end: str, relation: str | None, outgoing: bool, atom: Atom) -> Step: ...
    def __repr__(self, /) -> str: ...
    @property
    def atom(self, /) -> Atom:
        """The atom."""

    @property
    def end(self, /) -> str:
        """The name to which it leads."""

    @property
    def outgoing(self, /) -> bool:
        """Whether the atom is about the entity from which the step leads."""

    @property
    def relation(self, /) -> str | None:
        """How the one is related to the other: the atom's predicate, or its inverse where the atom is about the other.
        `None` if that has no name."""

    @property
    def start(self, /) -> str:
        """The name from which it leads."""

@final
class Store:
    """A store: one file, many tenants. Many threads may use it at once; one process has it open for writing.

    Args:
        path: The file, made if it is not there; ":memory:" keeps everything in memory.
        create: Whether the file may be made.
        read_only: Opens the file for reading; several processes may.
        cache_bytes: Bytes of the file that are held in memory; 64 MiB unless given.
        working_set_bytes: Bytes of indexes that are held in memory, over all tenants; 512 MiB unless given.
        embedder: "built-in", None for no vectors but those that are passed in, or a function of a list of texts that
            gives a list of vectors, or a matrix with a row for each text.
        dimensions: Components of the vectors of such a function; it is called once to count them unless given.
        space: The name of its vector space, by which vectors of another model are told apart; its qualified name
            unless given.
        extraction: Who draws claims from what is said: "off", "built-in", "host" or "both"; "host" where an extractor
            is given, else "built-in".
        extractor: A function of a list of `Message` that gives a list of `NewFact` for each.
        guard: A function of a `NewEpisode` that gives an `Admission`, or a str that takes the place of the text, or None
            to let it in. If it raises, nothing is let in.
        reranker: A function of a question and a list of texts that gives a score for each.
        token_counter: A function of a text that gives its number of tokens.
        summarizer: A function of a list of texts and a number of tokens that gives a text.
        callbacks: What is done about those of these functions that fail.
        embedding_cache_bytes: Bytes of vectors that are remembered by their text; 8 MiB unless given.
        query_cache_bytes: Bytes of answers that are remembered by their question; 8 MiB unless given.
        clock: A `ManualClock`; the system's clock unless given.
        id_seed: Makes ids repeatable: the same seed, clock and calls give the same ids.

    The file is released by `close`, by the end of a `with`, or when the store and all its tenants are let go. A store that
    calls a method of the object that holds it keeps that alive, and itself: close it.

    Raises:
        LockedError: Another process has the file open.
        UnsupportedError: The file is no store, or one of a newer version.
        CorruptError: The file is damaged.
        StorageError: The file cannot be read, written or made.
        InvalidInputError: An option is out of its range."""

    def __enter__(self, /) -> Store: ...
    def __exit__(self, /, *_exception: object) -> None: ...
    def __new__(
        cls,
        /,
        path: StrPath,
        *,
        create: bool = True,
        read_only: bool = False,
        cache_bytes: int | None = None,
        working_set_bytes: int | None = None,
        embedder: EmbedFunction | Literal["built-in"] | None = "built-in",
        dimensions: int | None = None,
        space: str | None = None,
        extraction: Extraction | None = None,
        extractor: ExtractFunction | None = None,
        guard: GuardFunction | None = None,
        reranker: RerankFunction | None = None,
        token_counter: CountFunction | None = None,
        summarizer: SummarizeFunction | None = None,
        callbacks: CallbackOptions | None = None,
        embedding_cache_bytes: int | None = None,
        query_cache_bytes: int | None = None,
        clock: ManualClock | None = None,
        id_seed: int | None = None,
    ) -> Store: ...
    def __repr__(self, /) -> str: ...
    def callbacks(self, /) -> CallbackFigures:
        """How often callbacks were called and failed."""

    def close(self, /) -> None:
        """Closes the store, after the calls that are under way. Handles of its tenants are of no more use. Closing it again does
        nothing."""

    def embedding_cache(self, /) -> CacheFigures:
        """How the cache of vectors does."""

    def erase_tenant(self, /, name: str) -> bool:
        """Erases a tenant with all that it holds. Gives whether it held anything. Handles of it are of no more use.

        Raises:
            DeniedError: The store was opened for reading only."""

    def health(self, /) -> Health:
        """Whether all is well, and if not, what to do."""

    @property
    def is_read_only(self, /) -> bool:
        """Whether it was opened for reading only."""

    def maintain(
        self, /, *, records: int = 10000, time: timedelta | float | None = None
    ) -> MaintenanceReport:
        """Does what is due in all tenants; see `Tenant.maintain`.

        Args:
            records: Records that are looked at, at most.
            time: How long it may take, as a timedelta or in seconds; a second unless given."""

    def metrics(self, /, *, tenants: bool = False) -> Metrics:
        """Counts of calls, durations, caches and callbacks since the store was opened; with `tenants`, figures of each tenant
        whose indexes are loaded."""

    @property
    def path(self, /) -> str:
        """The path that it was opened with."""

    def query_cache(self, /) -> CacheFigures:
        """How the cache of answers does."""

    def start_maintenance(
        self, /, every: timedelta | float, *, records: int = 10000, time: timedelta | float | None = None
    ) -> Maintainer:
        """Starts a thread that does what is due in all tenants, again and again. Keep what is returned: the thread ends when that
        is stopped or let go.

        Args:
            every: How often, as a timedelta or in seconds; a second or more.
            records, time: The budget of a round."""

    def tenant(
        self,
        /,
        name: str,
        *,
        access: Access | None = None,
        actor: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
    ) -> Tenant:
        """A handle of a tenant, which need not exist yet.

        Args:
            name: 1 to 256 bytes without control characters.
            access: What the handle may do: "read_only", "read_write" (unless given; "read_only" in a store that was opened so),
                or "admin", which also configures the tenant, defines predicates, and reads and prunes the audit.
            actor: Who acts, for the history; "host" unless given.
            user, agent, session: Labels of what is added through it; they narrow what is found through it.

        Raises:
            InvalidInputError: A name is empty, too long, or has control characters."""

    def tenants(self, /) -> list[str]:
        """The names of the tenants that hold something, in order."""

    def usage(self, /) -> UsageReport:
        """What each tenant holds."""

    def working_sets(self, /) -> WorkingSetFigures:
        """How the indexes in memory do."""

@final
class Subscription:
    """The changes of a tenant as they become durable. Iterating gives those that are there already, and ends."""

    def __iter__(self, /) -> Subscription: ...
    def __next__(self, /) -> Change | Dropped: ...
    def next(self, /, timeout: timedelta | float | None = None) -> Change | Dropped | None:
        """The next change, or how many were `Dropped`; None if there is none in time.

        Args:
            timeout: How long it is waited for, as a timedelta or in seconds; not at all unless given."""

@final
class Tenant:
    """A handle of one tenant; made by `Store.tenant`. Many threads may use it at once.

    It carries an access level, an actor, and a scope, which labels what is added through it and narrows what is found.

    Every method may raise, besides what it says: ReopenError (`store.closed`, `process.forked`: the store was closed, or opened
    before a fork; `tenant.erased`; `store.failed`), DeniedError (`access.denied`), CorruptError (`row.damaged`), StorageError
    (`io`), and TypeError for an argument of the wrong type."""

    def __repr__(self, /) -> str: ...
    @property
    def access(self, /) -> Access:
        """What this handle may do."""

    @property
    def actor(self, /) -> str:
        """Who acts through this handle."""

    def add(
        self,
        /,
        episodes: str | NewEpisode | Iterable[str | NewEpisode],
        *,
        role: Role = "user",
        speaker: str | None = None,
        title: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        occurred_at: datetime | None = None,
        expires_at: datetime | None = None,
        importance: float | None = None,
        metadata: Mapping[str, Json] | None = None,
        trust: Trust | None = None,
        vector: VectorLike | None = None,
        idempotency_key: str | None = None,
        progress: ProgressFunction | None = None,
    ) -> Receipt:
        """Adds what was said, and what it says: claims are drawn from it, and each is judged. When it returns, all of it is
        durable and found. All episodes are checked before the first is written; more than 64 are several commits, and if the
        machine fails between them, the same call with the same idempotency key adds just the rest.

        Args:
            episodes: A str, a `NewEpisode`, or up to 100,000 of them. A text has 1 byte to 1 MiB.
            role, speaker, title, user, agent, session, occurred_at, expires_at, importance, metadata, trust, vector:
                As in `NewEpisode`, for what is given as str.
            idempotency_key: 1 to 256 bytes: a later call with the same key and episodes adds nothing.
            progress: A function of the number of episodes that were finished since it was last called.

        Raises:
            InvalidInputError: A text, label, vector, number or time cannot be taken (`text.*`, `name.invalid`, `vector.*`, ...).
            ConflictError: The key was used with other episodes (`idempotency.mismatch`).
            DeniedError: The guard rejected an episode (`guard.rejected`).
            QuotaExceededError: The tenant may not hold so much.

        A failing embedder or extractor is no error: the receipt tells, and `process_pending` asks again."""

    def add_document(
        self,
        /,
        name: str,
        text: str,
        *,
        title: str | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        occurred_at: datetime | None = None,
        metadata: Mapping[str, Json] | None = None,
        trust: Trust | None = None,
        words_max: int = 180,
        overlap: int | None = None,
        progress: ProgressFunction | None = None,
    ) -> DocumentReceipt:
        """Adds a document, or replaces the one of its name: it is split into passages along its headings and paragraphs.
        Passages that were there before keep their id, vector, uses and claims; the same document again writes nothing.

        Args:
            name: 1 to 256 bytes; one of the handle's user.
            text: Markdown or plain text, 1 byte to 16 MiB.
            title: Searched with every passage; the first heading, or the name, unless given.
            words_max: Words of a passage at most, 20 to 2000.
            overlap: Words that a passage repeats of the one before it, half of words_max at most; a sixth of it
                unless given.
            progress: A function of the number of passages that were finished since it was last called.

        Raises:
            InvalidInputError, DeniedError, QuotaExceededError: As `add`. Nothing was written."""

    def assert_fact(
        self,
        /,
        subject: str,
        predicate: str,
        object: str,
        *,
        negated: bool = False,
        contexts: Iterable[str] | None = None,
        kind: Kind | None = None,
        provenance: Provenance = "stated",
        confidence: float = 1.0,
        trust: Trust | None = None,
        holder: str | None = None,
        distance: int | None = None,
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
        said_at: datetime | None = None,
        supports: Iterable[str] | None = None,
        user: str | None = None,
        agent: str | None = None,
        session: str | None = None,
        vector: VectorLike | None = None,
    ) -> Assertion:
        """Asserts a claim: it is judged against what is known, and the verdict says what became of it and why.

        Args:
            subject, predicate, object: 1 to 2048 bytes each.
            negated: That it is not so.
            contexts: When it holds only in some situations: which; 16 at most.
            kind: How it fades; the predicate's unless given.
            provenance: Where it comes from.
            confidence: 0 to 1.
            trust: How far its source is trusted; high unless given.
            holder: Whose belief it is, if not the speaker's.
            valid_from, valid_to: When it holds in the world; open unless given.
            said_at: When it was said; now unless given.
            supports: Episodes that it rests on; 64 at most.

        Raises:
            InvalidInputError: A part cannot be taken.
            NotFoundError: There is no such episode among `supports`."""

    def at_risk(self, /, within: timedelta | float, *, limit: int = 100) -> builtins.list[Fading]:
        """The atoms that will dissolve within a span of time, first ones first, if they are not used.

        Args:
            within: As a timedelta or in seconds.
            limit: 1 to 1000."""

    def audit(
        self,
        /,
        *,
        record: str | None = None,
        cause: Cause | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> AuditPage:
        """Who did what, newest first, a page at a time. Needs "admin" access.

        Args:
            record, cause, actor: Only entries of these.
            since, until: Only entries from a moment until another (exclusive).
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""

    def changes(self, /, since: int = 0, *, limit: int = 1000) -> builtins.list[Change]:
        """The changes after a version of the tenant, in order; up to `limit`, 1 to 1000, or a few more so that none is cut apart."""

    def config(self, /) -> TenantConfig:
        """What the tenant chose for itself, or the defaults."""

    def configure(self, /, config: TenantConfig) -> None:
        """Chooses how the tenant fades, keeps, and limits what it holds; kept in the file. Needs "admin" access.

        Raises:
            InvalidInputError: A number is out of its range."""

    def confirm(self, /, id: str) -> Assertion:
        """Confirms a claim: its evidence grows as if a person had said that it is so.

        Raises:
            NotFoundError: There is no such record.
            ConflictError: It was taken back (`atom.retracted`)."""

    def conflicts(self, /, *, settled: bool = False) -> builtins.list[Conflict]:
        """Conflicts between claims that nothing decides; with `settled`, those that were decided, too."""

    def context(
        self,
        /,
        text: str,
        budget_tokens: int,
        *,
        vector: VectorLike | None = None,
        limit: int | None = None,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        neighbours: int | None = None,
    ) -> Context:
        """What a model is to be told before it answers: the best hits with what was said around them, in order of time, packed
        into a budget of tokens, with a citation for each.

        Args:
            text: The question.
            budget_tokens: At least 1; counted by the store's token counter, else estimated at four bytes a token.
            neighbours: Turns that are shown on each side of a hit, 0 to 5; 1 unless given.
            vector, limit, filter, where, valid_at, as_of: As in `search`."""

    def decay_report(self, /) -> DecayReport:
        """How much is left of the current atoms, by kind and standing."""

    def decay_schedule(self, /, id: str) -> builtins.list[Crossing]:
        """When an atom crosses 0.9, 0.75, 0.5, 0.25 and 0.1 of what it was, if it is not used; nothing
        for an episode.

        Raises:
            NotFoundError: There is no such record."""

    def define_predicate(self, /, predicate: Predicate) -> Effect:
        """Defines a predicate, or defines it anew; what is known under it is judged again. Needs "admin" access.

        Raises:
            InvalidInputError: It contradicts itself or another (`predicate.contradicts`), or a part cannot be taken."""

    def delete(self, /, id: str) -> Effect:
        """Deletes a record: an episode with the claims that it alone supported. It is gone from everywhere, history too.

        Raises:
            NotFoundError: There is no such record."""

    def delete_document(self, /, name: str) -> DocumentReceipt:
        """Deletes a document: each of its passages, with what it alone supported.

        Raises:
            NotFoundError: There is no document of this name (`document.not_found`)."""

    def document(self, /, name: str) -> builtins.list[Episode]:
        """The passages of a document, in its order.

        Raises:
            NotFoundError: There is no document of this name (`document.not_found`)."""

    def dry_run(self, /) -> Tenant:
        """This handle for trying out: what is written through it is decided as it would be, and nothing is changed."""

    def entity(self, /, name: str) -> builtins.list[str]:
        """All names of an entity, the main one first."""

    def explain(self, /, id: str) -> Explanation:
        """Why a claim stands as it does: what was said for and against it, and by which rule it was decided.

        Raises:
            NotFoundError: There is no such record.
            InvalidInputError: It is an episode (`record.sort`)."""

    def explain_missing(
        self,
        /,
        id: str,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> Absence:
        """Why a record is not among the hits of a question, or where it is.

        Args:
            id: The record."""

    def explain_search(
        self,
        /,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> SearchExplanation:
        """How a question is read, what finds something for it, and its hits with all that their scores are made of."""

    def facets(
        self,
        /,
        by: Iterable[Facet | Field],
        *,
        filter: Filter | None = None,
        where: Condition | None = None,
        limit: int = 100,
    ) -> builtins.list[FacetCounts]:
        """How many records have which values.

        Args:
            by: Names of facets ("role", "kind", "subject", "tag", "month", ...), or fields of metadata: `field("price")`; 16 at
                most.
            limit: Values of each at most, 1 to 1000, the most frequent first."""

    def facts(
        self,
        /,
        subject: str,
        predicate: str | None = None,
        object: str | None = None,
        *,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        historical: bool = False,
    ) -> builtins.list[Atom]:
        """What is believed of a subject, newest first.

        Args:
            subject: Any of its names.
            predicate, object: Only claims with these.
            valid_at: What held at this moment in the world.
            as_of: What was known at this moment.
            historical: Also what no longer holds."""

    def flush_uses(self, /) -> None:
        """Writes down the uses that were told; they are otherwise within a second."""

    def get(
        self, /, id: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> Episode | Atom:
        """A record.

        Args:
            valid_at: As it held at this moment in the world.
            as_of: As it was known at this moment.

        Raises:
            NotFoundError: There is no such record, or it was not known at that moment."""

    def history(self, /, id: str) -> builtins.list[Revision]:
        """The versions of a record, oldest first, each with who made it and how.

        Raises:
            NotFoundError: There is no such record."""

    @property
    def id(self, /) -> str:
        """The tenant's name."""

    @property
    def is_dry_run(self, /) -> bool:
        """Whether this handle only tries out."""

    def lease(self, /, name: str, ttl: timedelta | float) -> Lease:
        """Takes a lease: until it ends nobody else gets it. Its fence grows with every grant.

        Args:
            name: 1 to 256 bytes.
            ttl: How long, 1 ms to 366 days, as a timedelta or in seconds.

        Raises:
            LockedError: Somebody else holds it (`lease.held`)."""

    def list(self, /, filter: Filter | None = None, *, after: str | None = None, limit: int = 100) -> Page:
        """Records in the order in which they were added, a page at a time.

        Args:
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""

    def maintain(
        self,
        /,
        *,
        records: int = 10000,
        time: timedelta | float | None = None,
        progress: ProgressFunction | None = None,
    ) -> MaintenanceReport:
        """Does what is due: dissolves what has faded, expires, archives, deletes by rule, asks pending callbacks again. In however
        many slices it is done, the same comes of it.

        Args:
            records: Records that are looked at, at most.
            time: How long it may take, as a timedelta or in seconds; a second unless given.
            progress: A function of the number of records that were looked at since it was last called."""

    def mark_used(self, /, ids: Iterable[str]) -> None:
        """Tells that memories were used: as `reinforce` with "good" for each, for the records that an answer rests on.

        Raises:
            NotFoundError: There is no such record."""

    def memory(self, /, id: str) -> MemoryState:
        """How well a record is remembered.

        Raises:
            NotFoundError: There is no such record."""

    def merge_entities(self, /, keep: str, gone: str) -> Effect:
        """Makes two names one: `gone` is from now on another name of `keep`.

        Raises:
            InvalidInputError: They are the same (`entity.same`)."""

    def neighbors(
        self, /, name: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> builtins.list[Neighbor]:
        """What a name is connected with, over one claim each."""

    def path(
        self,
        /,
        start: str,
        end: str,
        *,
        hops: int = 6,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
    ) -> Connection:
        """How two entities are connected: the path over the fewest claims, and among those the surest.

        Args:
            hops: Claims at most, 1 to 6."""

    def pending(self, /, *, limit: int = 100) -> builtins.list[PendingWork]:
        """What waits for a vector or for its claims, longest first.

        Args:
            limit: 1 to 1000."""

    def pin(self, /, id: str) -> None:
        """Keeps a record from fading, from retention rules and from expiry.

        Raises:
            NotFoundError: There is no such record."""

    def predicate(self, /, name: str) -> Predicate | None:
        """What is known of a predicate, by any of its names; None if nothing is."""

    def process_pending(
        self, /, budget: int = 1000, *, progress: ProgressFunction | None = None
    ) -> PendingReport:
        """Asks the embedder and the extractor again for what waits and is due.

        Args:
            budget: Records at most, 1 to 1000.
            progress: A function of the number of records that were tried since it was last called."""

    def profile(
        self, /, name: str, *, valid_at: datetime | None = None, as_of: datetime | None = None
    ) -> Profile:
        """What is known of an entity: its facts by kind, its neighbours, its conflicts, and where it is mentioned."""

    def prune_audit(self, /, before: datetime) -> int:
        """Prunes the audit of what is older than a moment. Gives how many entries. Needs "admin" access."""

    def reconsolidate(self, /, filter: Filter, factor: float) -> int:
        """Makes the stability of the atoms that a filter accepts so many times what it is. Gives how many.

        Args:
            factor: More than 1, 10 at most."""

    def recount(self, /) -> Usage:
        """Counts what the tenant holds anew, from its records. Needs "admin" access."""

    def reembed(
        self, /, *, records: int | None = None, progress: ProgressFunction | None = None
    ) -> ReembedReport:
        """Gives all records vectors of the store's embedder, after it was changed; searches go on meanwhile. Needs "admin" access.

        Args:
            records: Records at most; all of them unless given. Call it again for the rest.
            progress: A function of the number of records that were looked at since it was last called."""

    def reindex(self, /) -> None:
        """Makes all indexes again from the records. Needs "admin" access."""

    def reinforce(self, /, id: str, grade: Grade = "good") -> None:
        """Tells that a memory was used, and how well it served: it lasts longer.

        Raises:
            NotFoundError: There is no such record."""

    def release(self, /, lease: Lease) -> None:
        """Gives a lease back.

        Raises:
            ConflictError: It was released, or expired and was granted to another (`lease.lost`)."""

    def renew(self, /, lease: Lease, ttl: timedelta | float) -> Lease:
        """Makes a lease last longer.

        Raises:
            ConflictError: It was released, or expired and was granted to another (`lease.lost`)."""

    def resolve(
        self,
        /,
        conflict: str,
        *,
        keep: str | None = None,
        merge: str | None = None,
        both: tuple[Iterable[str], Iterable[str]] | None = None,
        reject: bool = False,
    ) -> Effect:
        """Settles a conflict in one way.

        Args:
            conflict: Its id; see `conflicts`.
            keep: The claim that holds.
            merge: The claim that holds, and says the same as the other.
            both: Both hold, each in situations of its own: the contexts of the first and of the second.
            reject: Neither holds.

        Raises:
            NotFoundError: There is no such conflict.
            ConflictError: It is settled (`conflict.settled`).
            InvalidInputError: None or several ways, or a claim that is not of the conflict."""

    def restore(self, /, id: str) -> None:
        """Takes an episode back out of the archive.

        Raises:
            NotFoundError: There is no such record."""

    def retention(self, /, *, dry_run: bool = False) -> RetentionReport:
        """Archives and deletes by the tenant's retention rules now; with `dry_run`, only counts."""

    def retract(self, /, id: str) -> Effect:
        """Takes a claim back: it is kept as historical, and what it had taken the place of may hold again.

        Raises:
            NotFoundError: There is no such record.
            ConflictError: It was taken back before (`atom.retracted`)."""

    @property
    def scope(self, /) -> Scope:
        """The labels that this handle adds and narrows by."""

    def search(
        self,
        /,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
    ) -> builtins.list[Hit]:
        """The records that answer a question best, best first: by its words, by its vector, and by what stands around them.

        Args:
            text: The question; words in double quotes have to be found as they are. At most 1 MiB, of which 256 terms count.
            vector: Its vector; the embedder makes one from the text unless given. A search by vector alone ranks by cosine.
            limit: 1 to 1000 hits at most.
            filter, where: What is looked at.
            valid_at, as_of: What held, or was known, at a moment.
            weights: What counts how much; `Weights()` unless given.
            order: "relevance", or the best hits by time: "newest", "oldest".
            clustered: Whether records that say the same are one hit.
            diversity: How much a hit's likeness to better hits counts against it, 0 to 1 (MMR).
            reranked: Whether the store's reranker is asked, if it has one.
            deadline: After which it fails, as a timedelta or in seconds.

        Raises:
            InvalidInputError: Neither text nor vector (`query.empty`), a vector that does not fit (`vector.*`), a number out of
                its range (`range.invalid`), no answer in time (`search.deadline`)."""

    def search_page(
        self,
        /,
        text: str | None = None,
        *,
        vector: VectorLike | None = None,
        limit: int = 10,
        filter: Filter | None = None,
        where: Condition | None = None,
        valid_at: datetime | None = None,
        as_of: datetime | None = None,
        weights: Weights | None = None,
        order: Order = "relevance",
        clustered: bool = True,
        diversity: float = 0.0,
        reranked: bool = True,
        deadline: timedelta | float | None = None,
        after: str | None = None,
    ) -> SearchPage:
        """As `search`, a page at a time: the best thousand hits, `limit` a page.

        Args:
            after: The `next` of the page before; the first page unless given."""

    def stats(self, /) -> Stats:
        """Figures of the tenant's indexes."""

    def subscribe(self, /, capacity: int = 1024) -> Subscription:
        """The changes made from now on, as they become durable.

        Args:
            capacity: Changes that are held unread, 1 to 2^20; what comes beyond that is counted and told as `Dropped`."""

    def take_permit(self, /, cost: int = 1) -> Permit:
        """Asks the tenant's rate limit whether a call of some cost may go on."""

    def timeline(
        self, /, filter: Filter | None = None, *, after: str | None = None, limit: int = 100
    ) -> TimelinePage:
        """Records in the order in which they happened, a page at a time.

        Args:
            after: The `next` of the page before; the first page unless given.
            limit: 1 to 1000."""

    def undo(self, /, operation: str) -> Effect:
        """Undoes an operation: what it decided is decided as if it had not been.

        Raises:
            NotFoundError: There is no such operation.
            ConflictError: It was undone before (`operation.undone`)."""

    def unpin(self, /, id: str) -> None:
        """Lets a pinned record fade again.

        Raises:
            NotFoundError: There is no such record."""

    def update(
        self,
        /,
        id: str,
        *,
        text: str | None = None,
        vector: VectorLike | None = None,
        metadata: Mapping[str, Json] | None = None,
        importance: float | None = None,
        expires_at: datetime | None = None,
        clear: Iterable[Literal["importance", "expires_at"]] | None = None,
    ) -> Episode:
        """Changes an episode; its former version stays in its history. What is not given stays as it is.

        Args:
            clear: What is taken away: "importance", "expires_at", or both.

        Raises:
            NotFoundError: There is no such record.
            InvalidInputError: It is an atom (`record.sort`), or a value cannot be taken."""

    def usage(self, /) -> Usage:
        """What the tenant holds, and what it has done."""

    def weak(self, /, share: float = 0.5, *, limit: int = 100) -> builtins.list[Fading]:
        """The believed atoms of which less than a share is left, weakest first.

        Args:
            share: 0 to 1.
            limit: 1 to 1000."""

    def with_access(self, /, access: Access) -> Tenant:
        """This handle with an access level that is lower or the same.

        Raises:
            DeniedError: The level is higher: a handle cannot raise itself."""

    def with_actor(self, /, actor: str) -> Tenant:
        """This handle for another actor: 1 to 256 bytes without control characters."""

    def with_scope(
        self, /, *, user: str | None = None, agent: str | None = None, session: str | None = None
    ) -> Tenant:
        """This handle with other labels; each 1 to 256 bytes without control characters."""

@final
class TenantConfig:
    """What a tenant can choose for itself. Set by `Tenant.configure`, kept in the file."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        *,
        curve: Curve | None = None,
        dissolve_below: float | None = None,
        weak_below: float | None = None,
        retention: RetentionPolicy | None = None,
        quotas: Quotas | None = None,
        rate: RateLimit | None = None,
        language: Language | None = None,
        audit_days: float | None = None,
    ) -> TenantConfig: ...
    def __repr__(self, /) -> str: ...
    @property
    def audit_days(self, /) -> float | None:
        """Days after which entries of the audit are pruned; never unless said otherwise."""

    @property
    def curve(self, /) -> Curve:
        """How memories fade."""

    @property
    def dissolve_below(self, /) -> float:
        """Atoms that are not believed dissolve when less of them is left than this, 0 to 1; 0.1 unless said otherwise."""

    @property
    def language(self, /) -> Language:
        """The language whose word forms are taken as one."""

    @property
    def quotas(self, /) -> Quotas:
        """How much it may hold; as much as it likes unless said otherwise."""

    @property
    def rate(self, /) -> RateLimit | None:
        """How often it may be called; as often as it likes unless said otherwise."""

    @property
    def retention(self, /) -> RetentionPolicy:
        """Which episodes are archived and deleted; none unless said otherwise."""

    @property
    def weak_below(self, /) -> float:
        """Believed atoms are weak when less of them is left than this, 0 to 1; 0.5 unless said otherwise."""

@final
class TenantFigures:
    """What a tenant holds, writes that are on their way included."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, tenant: str, usage: Usage, working_set_bytes: int) -> TenantFigures: ...
    def __repr__(self, /) -> str: ...
    @property
    def tenant(self, /) -> str:
        """The tenant's id."""

    @property
    def usage(self, /) -> Usage:
        """What it holds and has done."""

    @property
    def working_set_bytes(self, /) -> int:
        """Bytes of memory that its working set takes."""

@final
class TimelinePage:
    """A page of a timeline."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, records: Iterable[Episode | Atom], next: str | None) -> TimelinePage: ...
    def __repr__(self, /) -> str: ...
    @property
    def next(self, /) -> str | None:
        """Where the next page begins; `None` behind the last record."""

    @property
    def records(self, /) -> list[Episode | Atom]:
        """Records, oldest first; of one moment, in the order of their ids."""

@final
class Usage:
    """What a tenant holds and has done. Counted in the same commit as what is counted."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        episodes: int,
        atoms: int,
        archived: int,
        vectors: int,
        pending: int,
        bytes: int,
        added: int,
        deleted: int,
        uses: int,
    ) -> Usage: ...
    def __repr__(self, /) -> str: ...
    @property
    def added(self, /) -> int:
        """Records that were ever added."""

    @property
    def archived(self, /) -> int:
        """Episodes that are archived."""

    @property
    def atoms(self, /) -> int:
        """Atoms that are not deleted, historical ones among them."""

    @property
    def bytes(self, /) -> int:
        """Bytes of the records as they are written, and of their vectors; former versions and indexes come on top."""

    @property
    def deleted(self, /) -> int:
        """Records that were ever deleted, by the host or by forgetting."""

    @property
    def episodes(self, /) -> int:
        """Episodes that are not deleted, archived and expired ones among them."""

    @property
    def pending(self, /) -> int:
        """Records that wait for a vector, or for the claims to be drawn from them."""

    @property
    def records(self, /) -> int:
        """Episodes and atoms together."""

    @property
    def uses(self, /) -> int:
        """Uses that were ever written down."""

    @property
    def vectors(self, /) -> int:
        """Records that have a vector."""

@final
class UsageReport:
    """The usage of all tenants of a store."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, tenants: Iterable[tuple[str, Usage]]) -> UsageReport: ...
    def __repr__(self, /) -> str: ...
    @property
    def tenants(self, /) -> list[tuple[str, Usage]]:
        """Each tenant with what it holds, in order of their ids."""

    def to_csv(self, /) -> str:
        """The report as CSV, a line for each tenant, with a heading."""

    def to_json(self, /) -> str:
        """The report as JSON."""

@final
class VectorSpace:
    """The identity of a vector space. Vectors of two spaces are never compared."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /, name: str, dimensions: int) -> VectorSpace: ...
    def __repr__(self, /) -> str: ...
    @property
    def dimensions(self, /) -> int:
        """Components of every vector, 1 to 8192."""

    @property
    def name(self, /) -> str:
        """The model's name and version, as the host knows it."""

@final
class Weights:
    """What each part of a score counts in a search; the parts are those of `ScoreParts`.

    The defaults serve conversations and passages alike: they are the rounded mean of the best of 3,000 random ones on four
    question sets; the last three are choices, for what those sets do not ask. A part of weight 0 is left out."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls,
        /,
        *,
        dense: float | None = None,
        lexical: float | None = None,
        dense_around: float | None = None,
        lexical_around: float | None = None,
        coverage: float | None = None,
        answer: float | None = None,
        answer_when: float | None = None,
        question: float | None = None,
        length: float | None = None,
        dated: float | None = None,
        speaker: float | None = None,
        named: float | None = None,
        linked: float | None = None,
        bridged: float | None = None,
        graph: float | None = None,
        supported: float | None = None,
        quoted: float | None = None,
    ) -> Weights: ...
    def __repr__(self, /) -> str: ...
    @property
    def answer(self, /) -> float:
        """The BM25 of a question that it follows."""

    @property
    def answer_when(self, /) -> float:
        """The same where it is asked when something was: what was answered is seldom a date."""

    @property
    def bridged(self, /) -> float:
        """The rare names that it shares with a find."""

    @property
    def coverage(self, /) -> float:
        """The share of the question's words that it has, by their idf."""

    @property
    def dated(self, /) -> float:
        """That it is of a time that the question names."""

    @property
    def dense(self, /) -> float:
        """Its own cosine."""

    @property
    def dense_around(self, /) -> float:
        """The mean cosine of the turns within 2 of it."""

    @property
    def graph(self, /) -> float:
        """How many of the question's words lead to an atom from what it names."""

    @property
    def length(self, /) -> float:
        """Its length among the candidates."""

    @property
    def lexical(self, /) -> float:
        """Its own BM25."""

    @property
    def lexical_around(self, /) -> float:
        """The BM25 of the turns within 3 of it, read as one text."""

    @property
    def linked(self, /) -> float:
        """That a find mentions its title: this share of the find's score if nothing else mentions it."""

    @property
    def named(self, /) -> float:
        """That the question names its title."""

    @staticmethod
    def none() -> Weights:
        """Weights that are all zero: the plain fusion of cosine and BM25 without what stands around."""

    @property
    def question(self, /) -> float:
        """That it is a question itself; below zero."""

    @property
    def quoted(self, /) -> float:
        """That it has what the question quotes, word for word."""

    @property
    def speaker(self, /) -> float:
        """That it is said by the one speaker whom the question names."""

    @property
    def supported(self, /) -> float:
        """That it supports a find, or a find supports it: this share of the find's score."""

@final
class WorkingSetFigures:
    """How the working sets of a store do."""

    __match_args__: Final[tuple[str, ...]]

    def __eq__(self, other: object, /) -> bool: ...
    def __getnewargs_ex__(self, /) -> tuple[tuple[()], dict[str, Any]]: ...
    def __hash__(self, /) -> int: ...
    def __new__(
        cls, /, hits: int, misses: int, evictions: int, bytes: int, segments_rebuilt: int
    ) -> WorkingSetFigures: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """Bytes loaded now, over all tenants."""

    @property
    def evictions(self, /) -> int:
        """Working sets dropped to keep the budget."""

    @property
    def hits(self, /) -> int:
        """Calls that found the working set loaded."""

    @property
    def misses(self, /) -> int:
        """Calls that had to load it."""

    @property
    def segments_rebuilt(self, /) -> int:
        """Sealed segments that were damaged or missing and were rebuilt from the records."""

def _close_all() -> None:
    """Closes the stores that are still open. Called when the interpreter ends."""

def _names() -> list[tuple[str, list[str]]]:
    """The names of every enum, for the file `_names.py`."""

def field(path: str) -> Field:
    """A field of metadata, by its path: names joined by dots. `field("price") < 10` is a condition."""
