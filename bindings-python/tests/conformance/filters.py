"""Filters and conditions, as the corpus writes them.

from conformance.filters import condition

condition({"and": [{"kind": "skill"}, {"field": "price", "below": 10}]})
"""

from collections.abc import Callable
from typing import Any

from ebbmark import Condition, Filter, Kind, RecordSort, Role, StandingKind, Trust, field

from conformance.steps import SCOPE, Readers, Said, Wrong, as_is, either, given, moment, named

FILTER: Readers = {
    **SCOPE,
    "sort": ("sort", either(RecordSort)),
    "roles": ("roles", lambda names: [named(Role, name) for name in names]),
    "kinds": ("kinds", lambda names: [named(Kind, name) for name in names]),
    "since": ("since", moment),
    "until": ("until", moment),
    "metadata": ("metadata", as_is),
    "historical": ("historical", as_is),
    "quarantined": ("quarantined", as_is),
    "archived": ("archived", as_is),
    "retention_below": ("retention_below", as_is),
}

COMPARISONS = ("exists", "is", "one_of", "above", "at_least", "below", "at_most", "contains")

NAMES: dict[str, Callable[[str], Condition]] = {
    "sort": lambda name: Condition.sort(named(RecordSort, name)),
    "role": lambda name: Condition.role(named(Role, name)),
    "kind": lambda name: Condition.kind(named(Kind, name)),
    "standing": lambda name: Condition.standing(named(StandingKind, name)),
    "trust": lambda name: Condition.trust(named(Trust, name)),
    "user": Condition.user,
    "agent": Condition.agent,
    "session": Condition.session,
    "speaker": Condition.speaker,
    "subject": Condition.subject,
    "predicate": Condition.predicate,
    "object": Condition.object,
    "about": Condition.about,
    "tag": Condition.tag,
}

SHARES: dict[str, Callable[[float, float], Condition]] = {
    "confidence": Condition.confidence,
    "importance": Condition.importance,
    "retention": Condition.retention,
}


def filter_of(said: Said) -> Filter:
    """The filter of a step, with its condition."""
    where = said.get("where")
    return Filter(**plain(said), where=None if where is None else condition(where))


def plain(said: Said) -> dict[str, Any]:
    """The arguments of the filter of a step, without a condition."""
    return given(said.get("filter") or {}, FILTER)


def condition(asked: Said) -> Condition:
    """A condition: one field names what is asked, and another what a path of metadata is compared with."""
    if "field" in asked:
        return compared(asked)
    if len(asked) != 1:
        raise Wrong(f"not one condition: {asked}")
    ((name, of),) = asked.items()
    if name in NAMES:
        return NAMES[name](of)
    if name in SHARES:
        return SHARES[name](*of)
    match name:
        case "and":
            return Condition.all([condition(one) for one in of])
        case "or":
            return Condition.any([condition(one) for one in of])
        case "not":
            return ~condition(of)
        case "disputed":
            return Condition.disputed()
        case "occurred":
            return Condition.occurred(*map(bound, of))
        case "recorded":
            return Condition.recorded(*map(bound, of))
    raise Wrong(f"no such condition: {name}")


def bound(seconds: int | None) -> Any:
    """An end of a period; none if it is open."""
    return None if seconds is None else moment(seconds)


def compared(asked: Said) -> Condition:
    """What a path of metadata is compared with."""
    by = [name for name in asked if name != "field"]
    if len(by) != 1 or by[0] not in COMPARISONS:
        raise Wrong(f"not one comparison: {asked}")
    path, of = field(asked["field"]), asked[by[0]]
    if by[0] == "exists":
        return path.exists()
    compare: Callable[[Any], Condition] = getattr(path, "is_" if by[0] == "is" else by[0])
    return compare(of)
