"""The filters of `ebbmark.mem0.Memory` accept what a plain reading of them in Python accepts.

Broken if an operator is translated to another one, if `NOT` or `ne` treat what is missing differently, if a
label is looked for in the metadata or the other way round, or if an unknown operator is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ebbmark.mem0 import Memory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = ("tea", "Tea", "green tea", "car", "2026-03-01", "2026-04-01T00:00:00", "")
FIELDS = ("a", "b", "c.d")
LABELS = {
    "agent_id": ("a1", "a2"),
    "run_id": ("r1", "r2"),
    "actor_id": ("Ann", "Bo"),
    "role": ("user", "assistant"),
}

scalar = st.one_of(
    st.sampled_from(WORDS), st.integers(-3, 3), st.sampled_from((-1.5, 0.5, 2.5)), st.booleans()
)
value = st.one_of(scalar, st.lists(scalar, max_size=3))
document = st.fixed_dictionaries(
    {"role": st.sampled_from(LABELS["role"])},
    optional={
        "a": value,
        "b": value,
        "c": st.fixed_dictionaries({}, optional={"d": value}),
        **{name: st.sampled_from(known) for name, known in LABELS.items() if name != "role"},
    },
)
ordered = st.one_of(st.sampled_from(WORDS), st.integers(-3, 3), st.sampled_from((-1.5, 0.5, 2.5)))
comparison = st.one_of(
    scalar,
    st.just("*"),
    st.lists(scalar, min_size=1, max_size=3),
    st.fixed_dictionaries({}, optional=dict.fromkeys(("gt", "gte", "lt", "lte"), ordered)).filter(bool),
    st.fixed_dictionaries(
        {},
        optional={
            "eq": scalar,
            "ne": scalar,
            "in": st.lists(scalar, max_size=3),
            "nin": st.lists(scalar, max_size=3),
            "contains": st.sampled_from(("tea", "GREEN", "2026")),
            "icontains": st.sampled_from(("TEA", "car")),
        },
    ).filter(bool),
)


def label(known: tuple[str, ...]) -> st.SearchStrategy[Any]:
    one = st.sampled_from(known)
    several = st.lists(one, min_size=1, max_size=2)
    return st.one_of(
        one,
        several,
        one.map(lambda it: {"eq": it}),
        several.map(lambda it: {"in": it}),
        one.map(lambda it: {"ne": it}),
    )


plain = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(FIELDS, comparison),
        **{name: label(known) for name, known in LABELS.items()},
    },
)
filters = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds(lambda parts, rest: {**rest, "AND": parts}, st.lists(inner, max_size=3), plain),
        st.builds(lambda parts, rest: {**rest, "OR": parts}, st.lists(inner, min_size=1, max_size=3), plain),
        st.builds(lambda parts, rest: {**rest, "NOT": parts}, st.lists(inner, min_size=1, max_size=3), plain),
    ),
    max_leaves=6,
)


def accepts(wanted: dict[str, Any], kept: dict[str, Any]) -> bool:
    """The plain reading of a filter."""
    for name, asked in wanted.items():
        match name:
            case "AND":
                held = all(accepts(part, kept) for part in asked)
            case "OR":
                held = any(accepts(part, kept) for part in asked)
            case "NOT":
                held = not any(accepts(part, kept) for part in asked)
            case _:
                operators = {"in": asked} if isinstance(asked, list) else asked
                operators = (
                    operators if isinstance(operators, dict) else {"*" if asked == "*" else "eq": asked}
                )
                held = all(holds(name, operator, operand, kept) for operator, operand in operators.items())
        if not held:
            return False
    return True


def holds(name: str, operator: str, operand: Any, kept: dict[str, Any]) -> bool:
    found: Any = kept
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    parts = found if isinstance(found, list) else [found]
    several = [one for one in parts if not isinstance(one, dict | None)]
    is_there = bool(several) or name in LABELS
    match operator:
        case "*":
            return is_there
        case "ne":
            return is_there and not holds(name, "eq", operand, kept)
        case "nin":
            return is_there and not holds(name, "in", operand, kept)
        case "in":
            return any(holds(name, "eq", one, kept) for one in operand)
        case _:
            return any(compares(operator, one, operand) for one in several)


def compares(operator: str, one: Any, operand: Any) -> bool:
    if operator in ("contains", "icontains"):
        return isinstance(one, str) and operand.lower() in one.lower()
    sorts = {type(it) if isinstance(it, bool | str) else float for it in (one, operand)}
    if len(sorts) != 1 or (bool in sorts and operator != "eq"):
        return False
    answers: dict[str, bool] = {
        "eq": one == operand,
        "gt": one > operand,
        "gte": one >= operand,
        "lt": one < operand,
        "lte": one <= operand,
    }
    return answers[operator]


@pytest.fixture(scope="module")
def memory() -> Iterator[Memory]:
    with Memory(path=":memory:") as opened:
        yield opened


def keep(memory: Memory, number: int, kept: dict[str, Any]) -> None:
    message = {"role": kept["role"], "content": f"Number {number}.", "name": kept.get("actor_id")}
    metadata = {name: it for name, it in kept.items() if name not in LABELS}
    ids = {name: kept.get(name) for name in ("agent_id", "run_id")}
    memory.add(message, user_id="mara", metadata=metadata, infer=False, **ids)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(document, min_size=1, max_size=6), st.lists(filters, min_size=1, max_size=8))
def test_a_filter_accepts_what_its_plain_reading_accepts(
    memory: Memory, several: list[dict[str, Any]], asked: list[dict[str, Any]]
) -> None:
    memory.reset()
    for number, kept in enumerate(several):
        keep(memory, number, kept)
    for wanted in asked:
        expected = {f"Number {number}." for number, kept in enumerate(several) if accepts(wanted, kept)}
        listed = memory.get_all(user_id="mara", filters=wanted)["results"]
        found = memory.search("number", user_id="mara", filters=wanted)["results"]
        assert {row["memory"] for row in listed} == expected, wanted
        assert {row["memory"] for row in found} == expected, wanted


def test_every_operator_with_every_value_accepts_what_its_plain_reading_accepts(memory: Memory) -> None:
    memory.reset()
    scalars: list[Any] = [*WORDS, *range(-1, 3), -1.5, 0.5, 2.0, True, False]
    several: list[Any] = [*scalars, ["tea", 2], ["car", "Tea", 0.5], [], {"inner": "tea"}]
    documents = [{"role": "user"}, *({"role": "user", "a": one} for one in several)]
    for number, kept in enumerate(documents):
        keep(memory, number, kept)
    asked: list[Any] = ["*", *scalars, ["tea", 2], [0.5, True]]
    asked += [{operator: one} for operator in ("eq", "ne") for one in scalars]
    asked += [{operator: one} for operator in ("in", "nin") for one in ([], ["tea", 2], [0.5, True])]
    asked += [{operator: one} for operator in ("contains", "icontains") for one in ("tea", "GREEN", "2026")]
    ranges = [one for one in scalars if not isinstance(one, bool)]
    asked += [{operator: one} for operator in ("gt", "gte", "lt", "lte") for one in ranges]
    asked += [{"gte": low, "lt": high} for low in ranges for high in ranges]
    for one in asked:
        for name in ("a", "a.inner"):
            rows = memory.get_all(user_id="mara", filters={name: one}, top_k=None)["results"]
            expected = [f"Number {n}." for n, kept in enumerate(documents) if accepts({name: one}, kept)]
            assert [row["memory"] for row in rows] == expected, (name, one)


@pytest.mark.parametrize(
    "wanted, expected",
    [
        ({"created_at": {"gte": "2026-01-02"}}, "bc"),
        ({"created_at": {"gt": "2026-01-02T00:00:00+00:00"}}, "c"),
        ({"created_at": {"lt": "2026-01-02"}}, "a"),
        ({"created_at": {"lte": "2026-01-02T00:00:00Z"}}, "ab"),
        ({"created_at": "2026-01-02"}, "b"),
        ({"created_at": {"ne": "2026-01-02"}}, "ac"),
        ({"created_at": {"in": ["2026-01-01", "2026-01-03"]}}, "ac"),
        ({"created_at": {"gte": "2026-01-01", "lt": "2026-01-03"}}, "ab"),
        ({"created_at": "*"}, "abc"),
        ({"updated_at": {"lt": "2026-01-01"}}, ""),
        ({"$or": [{"created_at": "2026-01-01"}, {"created_at": "2026-01-03"}]}, "ac"),
        ({"$not": [{"created_at": "2026-01-01"}], "$and": [{"created_at": {"lt": "2026-01-03"}}]}, "b"),
    ],
)
def test_moments_are_compared_as_moments(memory: Memory, wanted: dict[str, Any], expected: str) -> None:
    memory.reset()
    for number, text in enumerate("abc"):
        memory.add(text, user_id="mara", timestamp=f"2026-01-0{number + 1}T00:00:00+00:00")
    listed = memory.get_all(user_id="mara", filters=wanted)["results"]
    assert "".join(row["memory"] for row in listed) == expected


@pytest.mark.parametrize(
    "wanted",
    [
        {"price": {"above": 5}},
        {"price": {"$gte": 5}},
        {"price": {}},
        {"price": None},
        {"price": {"gte": None}},
        {"price": {"gte": True}},
        {"price": {"gte": [1]}},
        {"price": {"in": "tea"}},
        {"price": {"contains": 5}},
        {"outer": {"inner": 5}},
        {"OR": []},
        {"NOT": []},
        {"AND": {"price": 5}},
        {"AND": [5]},
        {"OR": "tea"},
        {"user_id": {"gte": "a"}},
        {"role": "chorus"},
        {"created_at": "yesterday"},
        {"created_at": {"contains": "2026"}},
    ],
)
def test_a_filter_that_cannot_be_asked_is_a_value_error(memory: Memory, wanted: dict[str, Any]) -> None:
    for call in (memory.get_all, lambda **asked: memory.search("tea", **asked)):
        with pytest.raises(ValueError, match=r".{20}"):
            call(run_id="r1", filters=wanted)
