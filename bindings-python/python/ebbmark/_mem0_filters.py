"""What mem0's filters ask, as conditions of Ebbmark.

A filter is a dict: a field and a value it has to equal, a field and its operators, or `AND`, `OR`, `NOT` and
a list of filters.

    from ebbmark import Filter
    from ebbmark._mem0_filters import condition

    cheap = condition({"price": {"gte": 10, "lt": 200}, "NOT": [{"city": {"in": ["Rome", "Oslo"]}}]})
    page = tenant.list(Filter(sort="episode", where=cheap))

`user_id`, `agent_id`, `run_id`, `actor_id` and `role` ask the labels of a memory, `created_at` and
`updated_at` its moments, and every other name a field of its metadata (`outer.inner` for one within another).
"""

# Programs catch ValueError, as mem0 raises it, also for what is of a wrong type.
# ruff: noqa: TRY004

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ebbmark import Condition, Filter, RecordSort, Scope, field

IDS = ("user_id", "agent_id", "run_id")
# The metadata field that holds the last day on which a memory is found.
EXPIRATION = "expiration_date"

_LABELS: dict[str, Callable[[Any], Condition]] = {
    "user_id": Condition.user,
    "agent_id": Condition.agent,
    "run_id": Condition.session,
    "actor_id": Condition.speaker,
    "role": Condition.role,
}
_MOMENTS: dict[str, Callable[[datetime | None, datetime | None], Condition]] = {
    "created_at": Condition.occurred,
    "updated_at": Condition.recorded,
}
_JOINTS = {"$and": "AND", "$or": "OR", "$not": "NOT", "AND": "AND", "OR": "OR", "NOT": "NOT"}
_OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "contains", "icontains")
_TICK = timedelta(microseconds=1)


def scope_of(user_id: object, agent_id: object, run_id: object) -> Scope:
    """The labels of the ids that a call is for. ValueError if there is none."""
    labels = [entity_id(name, value) for name, value in zip(IDS, (user_id, agent_id, run_id), strict=True)]
    if labels == [None, None, None]:
        raise ValueError(f"no id is given; expected at least one of {', '.join(IDS)}: whose memory it is")
    user, agent, session = labels
    return Scope(user=user, agent=agent, session=session)


def filter_of(
    filters: Mapping[str, Any] | None,
    given: Sequence[object],
    show_expired: bool,
    sort: RecordSort | None = "episode",
) -> Filter:
    """What `filters` and the ids that are `given` as arguments accept, without what has expired unless it is
    to be shown.

    Archived memories and those that the guard holds back are not accepted. ValueError as `condition`, and if no user,
    agent or run is asked for.
    """
    plain, others = _split(filters or {})
    for name, value in zip(IDS, given, strict=True):
        if None not in (value, plain.get(name)) and entity_id(name, value) != entity_id(name, plain[name]):
            raise ValueError(
                f"{name} is {value!r} as an argument and {plain[name]!r} in filters; expected one of them"
            )
        plain[name] = plain.get(name) if value is None else value
    where = condition(others)
    if not _is_scoped({**plain, **others}):
        raise ValueError(
            f"no id is given; expected at least one of {', '.join(IDS)}, as in filters={{'user_id': 'mara'}}"
        )
    if not show_expired:
        where = where & unexpired()
    user, agent, session = (entity_id(name, plain[name]) for name in IDS)
    return Filter(user=user, agent=agent, session=session, sort=sort, where=where)


def unexpired() -> Condition:
    """What has no last day, or one that is not over (UTC)."""
    return ~field(EXPIRATION).below(datetime.now(UTC).date().isoformat())


def condition(filters: Mapping[str, Any]) -> Condition:
    """The condition that is true of what `filters` accept; all of them have to accept it.

    Raises ValueError for an unknown operator, for one that its field cannot be asked with, and for a value of
    a wrong type.
    """
    if not isinstance(filters, Mapping):
        raise ValueError(
            f"a filter is a {type(filters).__name__}; expected a dict of fields and what is asked of them"
        )
    return Condition.all([_part(name, asked) for name, asked in filters.items()])


def entity_id(name: str, value: object) -> str | None:
    """A user, agent or run as its label: numbers as text, white space around it left out; None stays None."""
    if value is None:
        return None
    label = str(value).strip()
    check_characters(name, label)
    if not label:
        raise ValueError(
            f"{name} is {value!r}; expected a visible character; leave it out, or give an identifier"
        )
    return label


def check_characters(name: str, text: object) -> None:
    """ValueError for a text with half of a surrogate pair, which is no character and cannot be stored."""
    if isinstance(text, str):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"{name} has half of a surrogate pair, {error.object[error.start]!r}, at character {error.start}; "
                "expected whole characters; decode the text again, or leave it out as "
                "text.encode(errors='ignore').decode() does"
            ) from None


def moment(name: str, value: object) -> datetime:
    """A moment of any of the shapes that programs use: a datetime, a date, ISO 8601 text, seconds since 1970;
    UTC if it names no zone.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        read = None
    if not isinstance(read, datetime):
        raise ValueError(
            f"{name} is {value!r}; expected a moment as '2026-03-01T12:00:00+00:00', or a datetime"
        )
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _is_scoped(filters: Mapping[str, Any]) -> bool:
    """Whether `filters` ask for a user, an agent or a run, each part of an `OR` too: in any way but a negated list of
    filters, so that "ne" and "*" do, as in mem0.
    """
    named = any(filters.get(name) is not None for name in IDS)
    both = [part for name in ("AND", "$and") for part in filters.get(name) or []]
    either = [part for name in ("OR", "$or") for part in filters.get(name) or []]
    scoped = [isinstance(part, Mapping) and _is_scoped(part) for part in either]
    return (
        named
        or any(isinstance(part, Mapping) and _is_scoped(part) for part in both)
        or (bool(scoped) and all(scoped))
    )


def _part(name: str, asked: object) -> Condition:
    joint = _JOINTS.get(name)
    if joint:
        return _joined(joint, asked)
    return Condition.all(
        [_comparison(name, operator, value) for operator, value in _operators(name, asked).items()]
    )


def _joined(joint: str, parts: object) -> Condition:
    if not isinstance(parts, list | tuple) or (joint != "AND" and not parts):
        expected = "a list of filters" if joint == "AND" else "a list of one filter or more"
        raise ValueError(
            f"{joint} has {parts!r}; expected {expected}, as {{{joint!r}: [{{'category': 'travel'}}]}}"
        )
    several = [condition(part) for part in parts]
    match joint:
        case "AND":
            return Condition.all(several)
        case "OR":
            return Condition.any(several)
        case _:
            return ~Condition.any(several)


def _operators(name: str, asked: object) -> Mapping[str, Any]:
    """What is asked of a field, as operators and their values: plain equality, a list and the wildcard are
    short forms.
    """
    if isinstance(asked, list | tuple):
        return {"in": asked}
    if not isinstance(asked, Mapping):
        return {"*": None} if asked == "*" else {"eq": asked}
    unknown = [operator for operator in asked if operator not in _OPERATORS]
    if unknown or not asked:
        raise ValueError(
            f"the filter on {name!r} has the operators {list(asked)}; expected some of "
            f"{', '.join(_OPERATORS)}; a field within another is named as '{name}.inner'"
        )
    return asked


def _comparison(name: str, operator: str, value: Any) -> Condition:
    if operator == "ne":
        return _known(name) & ~_comparison(name, "eq", value)
    if operator == "nin":
        return _known(name) & ~_comparison(name, "in", value)
    if operator == "in":
        if not isinstance(value, list | tuple | set | frozenset):
            raise ValueError(f"'in' or 'nin' on {name!r} has {value!r}; expected a list of values")
        return Condition.any([_comparison(name, "eq", one) for one in value])
    if operator == "*":
        return _known(name)
    if value is None:
        raise ValueError(
            f"the filter on {name!r} asks for None; expected text, a number or a boolean; leave the field out"
        )
    if name in _LABELS:
        return _label(name, operator, value)
    return _moment(name, operator, value) if name in _MOMENTS else _field(name, operator, value)


def _known(name: str) -> Condition:
    """That a memory has this. Labels and moments are taken as there: no condition asks for a label whatever
    it is.
    """
    return Condition.all([]) if name in _LABELS or name in _MOMENTS else field(name).exists()


def _label(name: str, operator: str, value: object) -> Condition:
    if operator != "eq":
        raise ValueError(
            f"the filter on {name!r} has the operator {operator!r}; expected one of eq, ne, in, nin, or '*'"
        )
    return _LABELS[name](entity_id(name, value))


def _moment(name: str, operator: str, value: object) -> Condition:
    at, during = moment(name, value), _MOMENTS[name]
    match operator:
        case "eq":
            return during(at, at + _TICK)
        case "gt":
            return during(at + _TICK, None)
        case "gte":
            return during(at, None)
        case "lt":
            return during(None, at)
        case "lte":
            return during(None, at + _TICK)
        case _:
            raise ValueError(
                f"the filter on {name!r} has the operator {operator!r}; expected one of eq, ne, gt, "
                f"gte, lt, lte, in, nin"
            )


def _field(name: str, operator: str, value: Any) -> Condition:
    asked = field(name)
    match operator:
        case "eq":
            return asked.is_(value)
        case "gt":
            return asked.above(value)
        case "gte":
            return asked.at_least(value)
        case "lt":
            return asked.below(value)
        case "lte":
            return asked.at_most(value)
        case _:
            if not isinstance(value, str):
                raise ValueError(
                    f"{operator!r} on {name!r} has {value!r}; expected text that the field has in it"
                )
            return asked.contains(value)


def _split(filters: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """`filters` in two: the ids that they ask for as plain values, and the rest."""
    if not isinstance(filters, Mapping):
        raise ValueError(f"filters is a {type(filters).__name__}; expected a dict, as {{'user_id': 'mara'}}")
    plain = {
        name: filters[name]
        for name in IDS
        if name in filters and not isinstance(filters[name], Mapping | list | tuple) and filters[name] != "*"
    }
    return plain, {name: asked for name, asked in filters.items() if name not in plain}
