"""The promise: whatever a program passes, it gets a Python exception that says what was got, what was
expected and what to do, and nothing is changed.

It could be broken by a value that is taken for another, an integer that wraps around, an object whose own
methods fail, a check that comes after a write, or a panic that passes through Rust.
"""

import array
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ebbmark
from ebbmark import (
    EbbmarkError,
    Filter,
    InvalidInputError,
    ManualClock,
    NewEpisode,
    NotFoundError,
    ReopenError,
    Store,
    Tenant,
)

NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
NAIVE = datetime(2026, 9, 21, 12, 0)
NOBODY = "00000000-0000-0000-0000-000000000007"
SURROGATE = "caf\udce9"
HUGE = "x" * 100_000_000

SAYS_ALL = re.compile(r".+: got .+, expected .+; .+", re.DOTALL)

Call = Callable[[Any, str], object]
"""A call with a tenant and an id of a record in it; nothing checks its types, which are wrong on purpose."""

api: Any = ebbmark
"""The package, whose calls are not checked either."""


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(":memory:", embedder=None, clock=ManualClock(NOW), id_seed=1) as store:
        yield store


@pytest.fixture
def tenant(store: Store) -> Tenant:
    """A tenant with three texts of three dimensions, and a claim."""
    tenant = store.tenant("acme", access="admin")
    for at, text in enumerate(("the cat sleeps", "the dog barks", "the owl listens")):
        vector = [0.1, 0.1, 0.1]
        vector[at] = 1.0
        tenant.add(NewEpisode(text, vector=vector, session="s"))
    tenant.assert_fact("Mara", "lives_in", "Porto", vector=[1.0, 1.0, 1.0])
    return tenant


def state(tenant: Tenant) -> tuple[object, ...]:
    """All that can be seen of a tenant."""
    hits = tenant.search("the cat barks in Porto", vector=[1.0, 0.5, 0.0])
    return (tenant.stats(), hits, tenant.list(Filter(historical=True)), tenant.changes(), tenant.config())


def refused(tenant: Tenant, call: Call, kind: type[Exception]) -> Exception:
    """The exception of a call that has to be refused, and to change nothing."""
    id = tenant.list().records[0].id
    before = state(tenant)
    with pytest.raises(kind) as raised:
        call(tenant, id)
    assert SAYS_ALL.fullmatch(str(raised.value)), str(raised.value)
    assert len(str(raised.value)) < 1000
    assert state(tenant) == before
    return raised.value


class Unhelpful:
    """An object that fails whatever is asked of it."""

    def __iter__(self) -> Iterator[float]:
        raise ZeroDivisionError("no items")

    def __len__(self) -> int:
        raise ZeroDivisionError("no length")

    def __float__(self) -> float:
        raise ZeroDivisionError("no number")

    def __index__(self) -> int:
        raise ZeroDivisionError("no number")

    def __repr__(self) -> str:
        raise ZeroDivisionError("no name")


WRONG_TYPES: dict[str, Call] = {
    "text: int": lambda t, _: t.add(7),
    "text: bytes": lambda t, _: t.add(b"tea"),
    "text: message": lambda t, _: t.add({"role": "user", "content": "I like tea."}),
    "labels: dict": lambda t, _: t.facets({"role": 1}),
    "text: None": lambda t, _: t.add(None),
    "text: list of int": lambda t, _: t.add(["tea", 7]),
    "text: unhelpful": lambda t, _: t.add(Unhelpful()),
    "text of an episode": lambda t, _: api.NewEpisode(7),
    "query: int": lambda t, _: t.search(7),
    "id: int": lambda t, _: t.get(7),
    "id: None": lambda t, _: t.delete(None),
    "ids: str": lambda t, id: t.mark_used(id),
    "ids: int": lambda t, _: t.mark_used(7),
    "name: int": lambda t, _: t.entity(7),
    "label: int": lambda t, _: t.add("tea", user=7),
    "moment: int": lambda t, _: t.add("tea", occurred_at=1_790_000_000),
    "moment: date": lambda t, _: t.add("tea", occurred_at=NOW.date()),
    "moment: str": lambda t, _: t.facts("Mara", valid_at="2026-09-21"),
    "span: str": lambda t, _: t.lease("x", "60"),
    "span: None": lambda t, _: t.at_risk(None),
    "number: str": lambda t, _: t.add("tea", importance="0.5"),
    "number: unhelpful": lambda t, _: t.reconsolidate(api.Filter(), []),
    "count: str": lambda t, _: t.search("tea", limit="10"),
    "count: float": lambda t, _: t.search("tea", limit=10.5),
    "flag: str": lambda t, _: t.search("tea", clustered="no"),
    "metadata: list": lambda t, _: t.add("tea", metadata=["a"]),
    "metadata: set": lambda t, _: t.add("tea", metadata={"a": {1, 2}}),
    "metadata: bytes": lambda t, _: t.add("tea", metadata={"a": b"x"}),
    "metadata: datetime": lambda t, _: t.add("tea", metadata={"a": NOW}),
    "metadata: key": lambda t, _: t.add("tea", metadata={7: "a"}),
    "metadata: object": lambda t, _: t.add("tea", metadata={"a": Unhelpful()}),
    "filter: dict": lambda t, _: t.search("tea", filter={"user": "mara"}),
    "filter: condition": lambda t, _: t.list(api.Condition.kind("skill")),
    "where: filter": lambda t, _: t.search("tea", where=api.Filter()),
    "where: bool": lambda t, _: t.search("tea", where=True),
    "roles: str": lambda t, _: api.Filter(roles="user"),
    "condition: role": lambda t, _: api.Condition.role(7),
    "condition: all of one": lambda t, _: api.Condition.all(api.Condition.disputed()),
    "condition: field": lambda t, _: api.field(7),
    "condition: value": lambda t, _: api.field("a").above(object()),
    "facts: str": lambda t, _: api.NewEpisode("tea", facts="likes"),
    "facts: dicts": lambda t, _: api.NewEpisode("tea", facts=[{}]),
    "contexts: str": lambda t, _: t.assert_fact("Mara", "likes", "tea", contexts="at work"),
    "predicate: str": lambda t, _: t.define_predicate("likes"),
    "config: dict": lambda t, _: t.configure({"audit_days": 1}),
    "weights: dict": lambda t, _: t.search("tea", weights={"dense": 1.0}),
    "lease: str": lambda t, _: t.release("upkeep"),
    "facets: int": lambda t, _: t.facets([7]),
    "progress: int": lambda t, _: t.add(["tea"], progress=7),
    "vector: str": lambda t, _: t.search(vector="1,2,3"),
    "vector: int": lambda t, _: t.search(vector=7),
    "vector: texts": lambda t, _: t.search(vector=["1", "2", "3"]),
    "vector: unhelpful": lambda t, _: t.search(vector=Unhelpful()),
    "vector: unhelpful numbers": lambda t, _: t.search(vector=[Unhelpful()] * 3),
    "vector: ints of an array": lambda t, _: t.search(vector=array.array("u", "abc")),
    "vector: objects": lambda t, _: t.search(vector=np.array([object()] * 3)),
    "vector: 0-D": lambda t, _: t.search(vector=np.array(1.0, np.float32)),
    "unknown argument": lambda t, _: t.search("tea", colour="red"),
}


@pytest.mark.parametrize("name", WRONG_TYPES)
def test_a_wrong_type_is_a_type_error(tenant: Tenant, name: str) -> None:
    id = tenant.list().records[0].id
    before = state(tenant)
    with pytest.raises(TypeError) as raised:
        WRONG_TYPES[name](tenant, id)
    assert len(str(raised.value)) < 1000
    assert state(tenant) == before
    if name != "unknown argument":
        assert SAYS_ALL.fullmatch(str(raised.value)), str(raised.value)


def nested(depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = [value]
    return value


def cyclic() -> Any:
    value: dict[str, Any] = {"name": "a"}
    value["self"] = [value]
    return value


def add(**labels: Any) -> Call:
    return lambda tenant, _: tenant.add("tea", **labels)


def ask(**asked: Any) -> Call:
    return lambda tenant, _: tenant.search("tea", **asked)


MATRIX = np.ones((3, 3), np.float32)

WRONG_VALUES: dict[str, tuple[str, Call]] = {
    "text: empty": ("text.empty", lambda t, _: t.add("")),
    "text: NUL": ("text.nul", lambda t, _: t.add("a\0b")),
    "text: huge": ("text.too_long", lambda t, _: t.add(HUGE)),
    "text: second": ("text.empty", lambda t, _: t.add(["good", " "])),
    "query: nothing": ("query.empty", lambda t, _: t.search()),
    "query: huge": ("text.too_long", lambda t, _: t.search(HUGE)),
    "document: huge": ("text.too_long", lambda t, _: t.add_document("guide", HUGE)),
    "update: huge": ("text.too_long", lambda t, id: t.update(id, text=HUGE)),
    "claim: huge": ("text.too_long", lambda t, _: t.assert_fact("Mara", "likes", HUGE)),
    "name: huge": ("name.invalid", add(user=HUGE)),
    "name: control": ("name.invalid", add(user="a\x07b")),
    "key: empty": ("name.invalid", add(idempotency_key="")),
    "role: huge": ("argument.invalid", add(role=HUGE)),
    "role: unknown": ("argument.invalid", add(role="User")),
    "kind: unknown": (
        "argument.invalid",
        lambda t, _: t.assert_fact("Mara", "likes", "tea", kind="thing"),
    ),
    "order: unknown": ("argument.invalid", ask(order="best")),
    "facet: unknown": ("argument.invalid", lambda t, _: t.facets(["colour"])),
    "clear: unknown": ("argument.invalid", lambda t, id: t.update(id, clear=["text"])),
    "access: unknown": ("argument.invalid", lambda t, _: t.with_access("root")),
    "id": ("id.malformed", lambda t, _: t.get("not-an-id")),
    "id: huge": ("id.malformed", lambda t, _: t.get(HUGE)),
    "cursor": ("cursor.malformed", lambda t, _: t.list(after="after:")),
    "cursor of a search": ("cursor.malformed", lambda t, _: t.search_page("tea", after="page:2")),
    "moment: naive": ("argument.invalid", add(occurred_at=NAIVE)),
    "moment: naive, of a claim": (
        "argument.invalid",
        lambda t, _: t.assert_fact("a", "b", "c", valid_from=NAIVE),
    ),
    "moment: naive, of a filter": ("argument.invalid", lambda t, _: api.Filter(since=NAIVE)),
    "moment: naive, of a condition": ("argument.invalid", lambda t, _: api.Condition.occurred(NAIVE, None)),
    "moment: naive, of a view": ("argument.invalid", lambda t, _: t.facts("Mara", as_of=NAIVE)),
    "moment: naive, of an audit": ("argument.invalid", lambda t, _: t.prune_audit(NAIVE)),
    "moment: naive, of a clock": ("argument.invalid", lambda t, _: api.ManualClock(NAIVE)),
    "span: negative": ("argument.invalid", lambda t, _: t.lease("x", -1.0)),
    "span: negative timedelta": ("argument.invalid", lambda t, _: t.lease("x", timedelta(seconds=-1))),
    "span: NaN": ("argument.invalid", lambda t, _: t.lease("x", math.nan)),
    "span: infinite": ("argument.invalid", lambda t, _: t.lease("x", math.inf)),
    "span: zero": ("range.invalid", lambda t, _: t.lease("x", 0)),
    "span: long": ("range.invalid", lambda t, _: t.lease("x", timedelta(days=367))),
    "span: longest": ("argument.invalid or range.invalid", lambda t, _: t.lease("x", timedelta.max)),
    "span: least": ("argument.invalid", lambda t, _: t.lease("x", timedelta.min)),
    "limit: zero": ("range.invalid", ask(limit=0)),
    "limit: large": ("range.invalid", ask(limit=1001)),
    "limit: negative": ("argument.invalid", ask(limit=-1)),
    "limit: 2^64": ("argument.invalid", ask(limit=2**64)),
    "limit: 10^5000": ("argument.invalid", ask(limit=10**5000)),
    "since: negative": ("argument.invalid", lambda t, _: t.changes(-1)),
    "rank: 256": ("argument.invalid", lambda t, _: api.Predicate("likes", rank=256)),
    "distance: 256": ("argument.invalid", lambda t, _: api.NewFact("Mara", "likes", "tea", distance=256)),
    "importance: NaN": ("range.invalid", add(importance=math.nan)),
    "importance: large": ("range.invalid", add(importance=1.5)),
    "confidence: infinite": ("range.invalid", lambda t, _: t.assert_fact("a", "b", "c", confidence=math.inf)),
    "number: 10^5000": ("argument.invalid", add(importance=10**5000)),
    "factor: NaN": ("range.invalid", lambda t, _: t.reconsolidate(api.Filter(), math.nan)),
    "weights: NaN": ("range.invalid", lambda t, _: t.search("tea", weights=api.Weights(dense=math.nan))),
    "moment: beyond UTC's years": (
        "argument.invalid",
        add(expires_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))),
    ),
    "update: set and cleared": (
        "argument.invalid",
        lambda t, id: t.update(id, importance=0.5, clear=["importance"]),
    ),
    "memory: read only": ("argument.invalid", lambda t, _: api.Store(":memory:", read_only=True)),
    "batch: empty": ("batch.size", lambda t, _: t.add([])),
    "batch: huge": ("batch.size", lambda t, _: t.add(["tea"] * 100_001)),
    "surrogate: text": ("argument.invalid", lambda t, _: t.add(SURROGATE)),
    "surrogate: second text": ("argument.invalid", lambda t, _: t.add(["tea", SURROGATE])),
    "surrogate: query": ("argument.invalid", lambda t, _: t.search(SURROGATE)),
    "surrogate: name": ("argument.invalid", add(user=SURROGATE)),
    "surrogate: id": ("argument.invalid", lambda t, _: t.get(SURROGATE)),
    "surrogate: claim": ("argument.invalid", lambda t, _: t.assert_fact("Mara", SURROGATE, "tea")),
    "surrogate: metadata": ("argument.invalid", add(metadata={"a": [SURROGATE]})),
    "surrogate: key of metadata": ("argument.invalid", add(metadata={SURROGATE: 1})),
    "surrogate: tenant": ("argument.invalid", lambda t, _: t.with_actor(SURROGATE)),
    "metadata: 2^63": ("argument.invalid", add(metadata={"n": 2**63})),
    "metadata: -2^63 - 1": ("argument.invalid", add(metadata={"n": -(2**63) - 1})),
    "metadata: 10^5000": ("argument.invalid", add(metadata={"n": [10**5000]})),
    "metadata: NaN": ("metadata.invalid", add(metadata={"n": math.nan})),
    "metadata: infinite": ("metadata.invalid", add(metadata={"n": math.inf})),
    "metadata: deep": ("metadata.invalid", add(metadata={"n": nested(9)})),
    "metadata: very deep": ("argument.invalid", add(metadata={"n": nested(100_000)})),
    "metadata: cyclic": ("argument.invalid", add(metadata=cyclic())),
    "metadata: huge": ("metadata.invalid", add(metadata={"n": HUGE})),
    "metadata: compared with a cycle": ("argument.invalid", lambda t, _: api.field("a") == cyclic()),
    "vector: NaN": ("vector.not_finite", add(vector=[1.0, math.nan, 0.0])),
    "vector: infinite": ("vector.not_finite", add(vector=np.array([1, math.inf, 0], np.float32))),
    "vector: too large for float32": ("vector.not_finite", add(vector=[1e300, 0.0, 0.0])),
    "vector: zero": ("vector.zero", add(vector=np.zeros(3))),
    "vector: wrong size": ("vector.dimensions", add(vector=np.ones(4, np.float32))),
    "vector: wrong size of a question": ("vector.dimensions", ask(vector=array.array("d", [1.0]))),
    "vector: empty": ("vector.dimensions", add(vector=[])),
    "vector: 2-D": ("argument.invalid", ask(vector=MATRIX)),
    "vector: 2-D of one row": ("argument.invalid", ask(vector=np.ones((1, 3)))),
    "vector: 2-D memory": ("argument.invalid", ask(vector=memoryview(MATRIX.tobytes()).cast("f", (3, 3)))),
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_a_wrong_value_is_an_input_error(tenant: Tenant, name: str) -> None:
    code, call = WRONG_VALUES[name]
    error = refused(tenant, call, InvalidInputError)
    assert isinstance(error, ValueError)
    assert isinstance(error, EbbmarkError)
    assert error.code in code.split(" or ")
    assert error.remedy and str(error).endswith(error.remedy)


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.get(NOBODY),
        lambda t: t.delete(NOBODY),
        lambda t: t.update(NOBODY, text="tea"),
        lambda t: t.history(NOBODY),
        lambda t: t.document("guide"),
    ],
)
def test_what_is_not_there_is_a_key_error(tenant: Tenant, call: Callable[[Tenant], object]) -> None:
    error = refused(tenant, lambda t, _: call(t), NotFoundError)
    assert isinstance(error, KeyError)


VECTORS: dict[str, Any] = {
    "list": [1.0, 0.25, 0.5],
    "tuple of ints and floats": (1, 0.25, 0.5),
    "iterator": iter([1.0, 0.25, 0.5]),
    "float32": np.array([1, 0.25, 0.5], np.float32),
    "float64": np.array([1, 0.25, 0.5], np.float64),
    "float16": np.array([1, 0.25, 0.5], np.float16),
    "big-endian": np.array([1, 0.25, 0.5], ">f8"),
    "column": np.array([[1, 9], [0.25, 9], [0.5, 9]], np.float32)[:, 0],
    "every other": np.array([1, 9, 0.25, 9, 0.5])[::2],
    "backwards": np.array([0.5, 0.25, 1], np.float32)[::-1],
    "read-only": np.frombuffer(np.array([1, 0.25, 0.5], np.float32).tobytes(), np.float32),
    "array of float": array.array("f", [1.0, 0.25, 0.5]),
    "array of double": array.array("d", [1.0, 0.25, 0.5]),
    "memory": memoryview(array.array("f", [1.0, 0.25, 0.5])),
    "memory backwards": memoryview(array.array("d", [0.5, 0.25, 1.0]))[::-1],
}


@pytest.mark.parametrize("name", VECTORS)
def test_every_kind_of_vector_is_taken_as_it_is(store: Store, name: str) -> None:
    tenant = store.tenant("vectors")
    tenant.add(NewEpisode("tea", vector=VECTORS[name]))
    (hit,) = tenant.search(vector=[1.0, 0.25, 0.5])
    assert hit.parts.cosine == pytest.approx(1.0, abs=1e-6)


def test_a_moment_of_any_zone_is_taken(store: Store) -> None:
    from zoneinfo import ZoneInfo

    tenant = store.tenant("zones")
    here = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Lisbon"))
    episode = tenant.get(tenant.add("tea", occurred_at=here).ids[0])
    assert episode.happened_at == here
    assert episode.happened_at.utcoffset() == timedelta(0)


def test_the_widest_integers_of_metadata_are_kept(store: Store) -> None:
    tenant = store.tenant("numbers")
    metadata = {"least": -(2**63), "most": 2**63 - 1, "whole": 2.0, "yes": True, "one": 1}
    episode = tenant.get(tenant.add("tea", metadata=metadata).ids[0])
    assert isinstance(episode, ebbmark.Episode)
    assert {name: (type(value), value) for name, value in episode.metadata.items()} == {
        name: (type(value), value) for name, value in metadata.items()
    }


def test_whatever_is_no_option_is_refused(tmp_path: Path) -> None:
    options: list[dict[str, Any]] = [
        {"embedder": "big"},
        {"embedder": 7},
        {"extraction": "all"},
        {"extraction": "host"},
        {"guard": 7},
        {"reranker": "x"},
        {"clock": NOW},
        {"id_seed": -1},
        {"id_seed": "x"},
        {"cache_bytes": -1},
        {"callbacks": {}},
        {"colour": "red"},
        {"create": "no"},
        {"dimensions": 0, "embedder": len, "space": "x"},
    ]
    for wrong in options:
        with pytest.raises((TypeError, InvalidInputError)):
            Store(tmp_path / "memory.ebb", **wrong)
    for path in (7, None, "a\0b", b"a\0b"):
        with pytest.raises((TypeError, ValueError, EbbmarkError)):
            api.Store(path)
    assert not list(tmp_path.iterdir())


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "memory.ebb", embedder=None)
    tenant = store.tenant("acme")
    id = tenant.add("tea").ids[0]
    subscription = tenant.subscribe()
    store.close()
    store.close()
    calls: list[Callable[[], object]] = [
        store.tenants,
        store.usage,
        store.maintain,
        lambda: store.erase_tenant("acme"),
        lambda: store.start_maintenance(1.0),
        lambda: tenant.add("tea"),
        lambda: tenant.get(id),
        lambda: tenant.search("tea"),
        tenant.list,
        tenant.stats,
        lambda: tenant.subscribe(),
        lambda: tenant.context("tea", 10),
        lambda: tenant.pin(id),
    ]
    for call in calls:
        with pytest.raises(ReopenError) as raised:
            call()
        assert raised.value.code == "store.closed"
        assert raised.value.remedy
    assert subscription.next(timeout=0) is None
    assert "acme" in repr(tenant)
    assert store.health().state == "closed"
