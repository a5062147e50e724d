"""What all steps share: the state of a run, the table of steps, and how the corpus writes values.

A step is a function with its name in the corpus, the fields that it reads and those that it shows:

    @step("entity", reads="name", shows="names")
    def entity(run: Run, tenant: Tenant, said: Said) -> Shown:
        return {"names": tenant.entity(said["name"])}
"""

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, get_args

from ebbmark import Lease, ManualClock, Store, Tenant

Said: TypeAlias = dict[str, Any]
"""A step, or a part of it, as the corpus has it."""

Shown: TypeAlias = dict[str, Any]
"""What a step showed, field by field."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Wrong(Exception):
    """A scenario shows something else than it expects, or asks for what the runner does not know."""


@dataclass
class Run:
    """A scenario being run: the store, its clock, and the ids by their names."""

    store: Store
    clock: ManualClock
    ids: dict[str, str] = field(default_factory=dict)
    operations: dict[str, str] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)

    def name(self, id: str | None) -> str | None:
        """The name of an id; none if it has none."""
        return next((name for name, known in self.ids.items() if known == id), None)

    def names(self, ids: Iterable[str]) -> list[str | None]:
        """The names of ids, in their order."""
        return [self.name(id) for id in ids]

    def sorted(self, ids: Iterable[str]) -> list[str]:
        """The names of ids, sorted; a question mark for one that has none."""
        return sorted(self.name(id) or "?" for id in ids)

    def remember(self, name: str, id: str) -> None:
        """Names an id. It keeps the name that it was given first."""
        if id not in self.ids.values():
            self.ids[name] = id

    def pick(self, names: Iterable[str]) -> list[str]:
        """The ids of names."""
        return [self.ids[name] for name in names]


Act: TypeAlias = Callable[[Run, Tenant, Said], Shown]


@dataclass(frozen=True)
class Step:
    """A step that the runner knows."""

    act: Act
    reads: frozenset[str]
    shows: frozenset[str]


STEPS: dict[str, Step] = {}
"""The steps by the names that the corpus has for them."""


def step(name: str, *, reads: str = "", shows: str = "") -> Callable[[Act], Act]:
    """Puts a function into the table of steps, with the fields that it reads and those that it shows."""

    def put(act: Act) -> Act:
        STEPS[name] = Step(act, frozenset(reads.split()), frozenset(shows.split()))
        return act

    return put


def named(literals: Any, name: str) -> Any:
    """The literal of an enum that the corpus writes in lower case without underscores."""
    for literal in get_args(literals):
        if lower(literal) == name:
            return literal
    raise Wrong(f"no such name: {name}")


def lower(literal: str) -> str:
    """A literal of an enum as the corpus writes it."""
    return literal.replace("_", "")


def moment(seconds: int) -> datetime:
    """A moment of the corpus, in seconds since 1970."""
    return EPOCH + timedelta(seconds=seconds)


def micros(moment: datetime) -> int:
    """A moment in microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def seconds(moment: datetime | None) -> int | None:
    """A moment in seconds since 1970, rounded down."""
    return None if moment is None else micros(moment) // 1_000_000


def seconds_up(moment: datetime | None) -> int | None:
    """A moment in seconds since 1970, rounded up: at that clock it is due."""
    return None if moment is None else -(-micros(moment) // 1_000_000)


def single(number: float) -> float:
    """The number of single precision that is nearest."""
    (nearest,) = struct.unpack("f", struct.pack("f", number))
    return float(nearest)


def rounded(number: float, decimals: int) -> float | None:
    """A number to so many decimals, a half away from zero; none if it has no end."""
    if not math.isfinite(number):
        return None
    scaled: float = abs(number) * 10**decimals
    whole = math.floor(scaled) + int(scaled - math.floor(scaled) >= 0.5)
    return math.copysign(whole, number) / float(10**decimals)


Readers: TypeAlias = dict[str, tuple[str, Callable[[Any], Any]]]
"""For fields of the corpus the names of the arguments that they are, and what reads their values."""


def given(said: Said, readers: Readers) -> dict[str, Any]:
    """The arguments that a part of a step names: its fields, but for those that are null."""
    if unknown := said.keys() - readers.keys():
        raise Wrong(f"no such field: {', '.join(sorted(unknown))} in {said}")
    return {
        argument: read(said[name]) for name, (argument, read) in readers.items() if said.get(name) is not None
    }


def chosen(said: Said, readers: Readers) -> dict[str, Any]:
    """As `given`, of a step that has other fields as well."""
    return given({name: value for name, value in said.items() if name in readers}, readers)


def as_is(value: Any) -> Any:
    """A value that the corpus writes as Python does."""
    return value


def either(literals: Any) -> Callable[[str], Any]:
    """Reads a literal of an enum."""
    return lambda name: named(literals, name)


SCOPE: Readers = {name: (name, as_is) for name in ("user", "agent", "session")}
VIEW: Readers = {name: (name, moment) for name in ("valid_at", "as_of")}
