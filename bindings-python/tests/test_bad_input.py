"""The promise: whatever a program passes, returns from a callback or does to its process, it gets a Python
exception that says what was got, what was expected and what to do, nothing is changed, and the process goes
on.

It could be broken by a value that is taken for another, an integer that wraps around, a panic that passes
through Rust, an exception of a callback that is lost, a lock that is held while Python runs, or a thread
that outlives the interpreter. What could end or hang a process runs in one of its own, under a watchdog.
"""

import array
import math
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ebbmark
import numpy as np
import pytest
from ebbmark import (
    CallbackError,
    CallbackOptions,
    Condition,
    EbbmarkError,
    Filter,
    InvalidInputError,
    ManualClock,
    NewEpisode,
    NewFact,
    NotFoundError,
    ReopenError,
    Store,
    Tenant,
    field,
)

NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
NAIVE = datetime(2026, 9, 21, 12, 0)
NOBODY = "00000000-0000-0000-0000-000000000007"
SURROGATE = "caf\udce9"
HUGE = "x" * 100_000_000

SAYS_ALL = re.compile(r".+: got .+, expected .+; .+", re.DOTALL)

Call = Callable[[Tenant, str], object]


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


ANY: Any = None
"""What takes the checks of types off the calls below, which are wrong on purpose."""


def of(tenant: Tenant) -> Any:
    return tenant


WRONG_TYPES: dict[str, Call] = {
    "text: int": lambda t, _: of(t).add(7),
    "text: bytes": lambda t, _: of(t).add(b"tea"),
    "text: None": lambda t, _: of(t).add(None),
    "text: list of int": lambda t, _: of(t).add(["tea", 7]),
    "text: unhelpful": lambda t, _: of(t).add(Unhelpful()),
    "text of an episode": lambda t, _: NewEpisode(7),  # type: ignore[arg-type]
    "query: int": lambda t, _: of(t).search(7),
    "id: int": lambda t, _: of(t).get(7),
    "id: None": lambda t, _: of(t).delete(None),
    "ids: str": lambda t, id: of(t).mark_used(id),
    "ids: int": lambda t, _: of(t).mark_used(7),
    "name: int": lambda t, _: of(t).entity(7),
    "label: int": lambda t, _: of(t).add("tea", user=7),
    "role: int": lambda t, _: of(t).add("tea", role=7),
    "grade: None": lambda t, id: of(t).reinforce(id, None),
    "moment: int": lambda t, _: of(t).add("tea", occurred_at=1_790_000_000),
    "moment: date": lambda t, _: of(t).add("tea", occurred_at=NOW.date()),
    "moment: str": lambda t, _: of(t).facts("Mara", valid_at="2026-09-21"),
    "span: str": lambda t, _: of(t).lease("x", "60"),
    "span: None": lambda t, _: of(t).at_risk(None),
    "number: str": lambda t, _: of(t).add("tea", importance="0.5"),
    "number: unhelpful": lambda t, _: of(t).reconsolidate(Filter(), []),
    "count: str": lambda t, _: of(t).search("tea", limit="10"),
    "count: float": lambda t, _: of(t).search("tea", limit=10.5),
    "flag: str": lambda t, _: of(t).search("tea", clustered="no"),
    "metadata: list": lambda t, _: of(t).add("tea", metadata=["a"]),
    "metadata: set": lambda t, _: of(t).add("tea", metadata={"a": {1, 2}}),
    "metadata: bytes": lambda t, _: of(t).add("tea", metadata={"a": b"x"}),
    "metadata: datetime": lambda t, _: of(t).add("tea", metadata={"a": NOW}),
    "metadata: key": lambda t, _: of(t).add("tea", metadata={7: "a"}),
    "metadata: object": lambda t, _: of(t).add("tea", metadata={"a": Unhelpful()}),
    "filter: dict": lambda t, _: of(t).search("tea", filter={"user": "mara"}),
    "filter: condition": lambda t, _: of(t).list(Condition.kind("skill")),
    "where: filter": lambda t, _: of(t).search("tea", where=Filter()),
    "where: bool": lambda t, _: of(t).search("tea", where=True),
    "roles: str": lambda t, _: Filter(roles="user"),  # type: ignore[arg-type]
    "condition: role": lambda t, _: Condition.role(7),  # type: ignore[arg-type]
    "condition: all of one": lambda t, _: Condition.all(Condition.disputed()),  # type: ignore[arg-type]
    "condition: field": lambda t, _: field(7),  # type: ignore[arg-type]
    "condition: value": lambda t, _: field("a").above(object()),  # type: ignore[arg-type]
    "facts: str": lambda t, _: NewEpisode("tea", facts="likes"),  # type: ignore[arg-type]
    "facts: dicts": lambda t, _: NewEpisode("tea", facts=[{}]),  # type: ignore[list-item]
    "contexts: str": lambda t, _: t.assert_fact("Mara", "likes", "tea", contexts="at work"),  # type: ignore[arg-type]
    "predicate: str": lambda t, _: of(t).define_predicate("likes"),
    "config: dict": lambda t, _: of(t).configure({"audit_days": 1}),
    "weights: dict": lambda t, _: of(t).search("tea", weights={"dense": 1.0}),
    "lease: str": lambda t, _: of(t).release("upkeep"),
    "facets: int": lambda t, _: of(t).facets([7]),
    "progress: int": lambda t, _: of(t).add(["tea"], progress=7),
    "vector: str": lambda t, _: of(t).search(vector="1,2,3"),
    "vector: int": lambda t, _: of(t).search(vector=7),
    "vector: texts": lambda t, _: of(t).search(vector=["1", "2", "3"]),
    "vector: unhelpful": lambda t, _: of(t).search(vector=Unhelpful()),
    "vector: unhelpful numbers": lambda t, _: of(t).search(vector=[Unhelpful()] * 3),
    "vector: ints of an array": lambda t, _: of(t).search(vector=array.array("u", "abc")),
    "vector: complex": lambda t, _: of(t).search(vector=np.ones(3, np.complex64)),
    "vector: objects": lambda t, _: of(t).search(vector=np.array([object()] * 3)),
    "unknown argument": lambda t, _: of(t).search("tea", colour="red"),
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
        lambda t, _: t.assert_fact("Mara", "likes", "tea", kind=ANY or "thing"),
    ),
    "order: unknown": ("argument.invalid", ask(order="best")),
    "facet: unknown": ("argument.invalid", lambda t, _: t.facets(["colour"])),
    "clear: unknown": ("argument.invalid", lambda t, id: t.update(id, clear=["text"])),  # type: ignore[list-item]
    "access: unknown": ("argument.invalid", lambda t, _: t.with_access("root")),  # type: ignore[arg-type]
    "id": ("id.malformed", lambda t, _: t.get("not-an-id")),
    "id: huge": ("id.malformed", lambda t, _: t.get(HUGE)),
    "cursor": ("cursor.malformed", lambda t, _: t.list(after="after:")),
    "cursor of a search": ("cursor.malformed", lambda t, _: t.search_page("tea", after="page:2")),
    "moment: naive": ("argument.invalid", add(occurred_at=NAIVE)),
    "moment: naive, of a claim": (
        "argument.invalid",
        lambda t, _: t.assert_fact("a", "b", "c", valid_from=NAIVE),
    ),
    "moment: naive, of a filter": ("argument.invalid", lambda t, _: Filter(since=NAIVE)),
    "moment: naive, of a condition": ("argument.invalid", lambda t, _: Condition.occurred(NAIVE, None)),
    "moment: naive, of a view": ("argument.invalid", lambda t, _: t.facts("Mara", as_of=NAIVE)),
    "moment: naive, of an audit": ("argument.invalid", lambda t, _: t.prune_audit(NAIVE)),
    "moment: naive, of a clock": ("argument.invalid", lambda t, _: ManualClock(NAIVE)),
    "span: negative": ("argument.invalid", lambda t, _: t.lease("x", -1.0)),
    "span: negative timedelta": ("argument.invalid", lambda t, _: t.lease("x", timedelta(seconds=-1))),
    "span: NaN": ("argument.invalid", lambda t, _: t.lease("x", math.nan)),
    "span: infinite": ("argument.invalid", lambda t, _: t.lease("x", math.inf)),
    "span: zero": ("range.invalid", lambda t, _: t.lease("x", 0)),
    "span: long": ("range.invalid", lambda t, _: t.lease("x", timedelta.max)),
    "limit: zero": ("range.invalid", ask(limit=0)),
    "limit: large": ("range.invalid", ask(limit=1001)),
    "limit: negative": ("argument.invalid", ask(limit=-1)),
    "limit: 2^64": ("argument.invalid", ask(limit=2**64)),
    "limit: 10^5000": ("argument.invalid", ask(limit=10**5000)),
    "since: negative": ("argument.invalid", lambda t, _: t.changes(-1)),
    "rank: 256": ("argument.invalid", lambda t, _: ebbmark.Predicate("likes", rank=256)),
    "distance: 256": ("argument.invalid", lambda t, _: NewFact("Mara", "likes", "tea", distance=256)),
    "importance: NaN": ("range.invalid", add(importance=math.nan)),
    "importance: large": ("range.invalid", add(importance=1.5)),
    "confidence: infinite": ("range.invalid", lambda t, _: t.assert_fact("a", "b", "c", confidence=math.inf)),
    "number: 10^5000": ("argument.invalid", add(importance=10**5000)),
    "factor: NaN": ("range.invalid", lambda t, _: t.reconsolidate(Filter(), math.nan)),
    "weights: NaN": ("range.invalid", lambda t, _: t.search("tea", weights=ebbmark.Weights(dense=math.nan))),
    "batch: empty": ("batch.size", lambda t, _: t.add([])),
    "batch: huge": ("batch.size", lambda t, _: t.add(["tea"] * 100_001)),
    "surrogate: text": ("argument.invalid", lambda t, _: t.add(SURROGATE)),
    "surrogate: second text": ("argument.invalid", lambda t, _: t.add(["tea", SURROGATE])),
    "surrogate: query": ("argument.invalid", lambda t, _: t.search(SURROGATE)),
    "surrogate: name": ("argument.invalid", add(user=SURROGATE)),
    "surrogate: role": ("argument.invalid", add(role=SURROGATE)),
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
    "metadata: compared with a cycle": ("argument.invalid", lambda t, _: field("a") == cyclic()),
    "vector: NaN": ("vector.not_finite", add(vector=[1.0, math.nan, 0.0])),
    "vector: infinite": ("vector.not_finite", add(vector=np.array([1, math.inf, 0], np.float32))),
    "vector: too large for float32": ("vector.not_finite", add(vector=[1e300, 0.0, 0.0])),
    "vector: zero": ("vector.zero", add(vector=np.zeros(3))),
    "vector: wrong size": ("vector.dimensions", add(vector=np.ones(4, np.float32))),
    "vector: wrong size of a question": ("vector.dimensions", ask(vector=array.array("d", [1.0]))),
    "vector: empty": ("vector.dimensions", add(vector=[])),
    "vector: 2-D": ("argument.invalid", ask(vector=MATRIX)),
    "vector: 2-D of one row": ("argument.invalid", ask(vector=np.ones((1, 3)))),
    "vector: 0-D": ("argument.invalid", ask(vector=np.float32(1.0).reshape(()))),
    "vector: 2-D memory": ("argument.invalid", ask(vector=memoryview(MATRIX.tobytes()).cast("f", (3, 3)))),
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_a_wrong_value_is_an_input_error(tenant: Tenant, name: str) -> None:
    code, call = WRONG_VALUES[name]
    error = refused(tenant, call, InvalidInputError)
    assert isinstance(error, ValueError)
    assert isinstance(error, EbbmarkError)
    assert error.code == code
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
    episode = tenant.get(tenant.add("tea", occurred_at=here).id)
    assert episode.happened_at == here
    assert episode.happened_at.utcoffset() == timedelta(0)


def test_the_widest_integers_of_metadata_are_kept(store: Store) -> None:
    tenant = store.tenant("numbers")
    metadata = {"least": -(2**63), "most": 2**63 - 1, "whole": 2.0, "yes": True, "one": 1}
    episode = tenant.get(tenant.add("tea", metadata=metadata).id)
    assert isinstance(episode, ebbmark.Episode)
    assert {name: (type(value), value) for name, value in episode.metadata.items()} == {
        name: (type(value), value) for name, value in metadata.items()
    }


class Away(Exception):
    """What a callback raises here."""


def raising(*_: object) -> Any:
    raise Away("the model is away")


GARBAGE: dict[str, Any] = {
    "None": None,
    "int": 7,
    "str": "tea",
    "bytes": b"tea",
    "dict": {"a": 1},
    "texts": ["tea"],
    "unhelpful": Unhelpful(),
    "deep": [[[1.0]]],
    "empty": [],
    "too many": [[1.0, 0.0, 0.0]] * 3,
    "wrong size": [[1.0]],
    "NaN": [[math.nan, 0.0, 0.0]],
    "zero": [[0.0, 0.0, 0.0]],
    "one dimension": np.ones(3, np.float32),
    "three dimensions": np.ones((1, 1, 3), np.float32),
}

PATIENT = CallbackOptions(failures_to_open=1000)


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_of_an_embedder_is_told_and_nothing_is_lost(name: str) -> None:
    with Store(
        ":memory:",
        embedder=lambda texts: GARBAGE[name],
        dimensions=3,
        space="x",
        extraction="off",
        callbacks=PATIENT,
    ) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add("tea")
        assert receipt.pending == 1
        assert isinstance(receipt.embedder_error, CallbackError)
        assert receipt.embedder_error.remedy
        assert [hit.id for hit in tenant.search("tea")] == [receipt.id]


def test_an_embedder_that_raises_is_the_cause_and_nothing_is_lost() -> None:
    with Store(
        ":memory:", embedder=raising, dimensions=3, space="x", extraction="off", callbacks=PATIENT
    ) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add("tea")
        assert receipt.pending == 1
        assert isinstance(receipt.embedder_error, CallbackError)
        assert receipt.embedder_error.code == "embedder.failed"
        assert isinstance(receipt.embedder_error.__cause__, Away)
        assert [hit.id for hit in tenant.search("tea")] == [receipt.id]


def test_an_embedder_whose_size_is_asked_for_and_that_raises_keeps_the_store_from_opening() -> None:
    with pytest.raises(EbbmarkError) as raised:
        Store(":memory:", embedder=raising, space="x")
    assert isinstance(raised.value.__cause__, Away)


def vectors(texts: list[str]) -> list[list[float]]:
    return [[1.0, float(len(text)), 0.5] for text in texts]


def no_facts(messages: list[Any]) -> list[list[NewFact]]:
    return [[] for _ in messages]


CALLBACKS: dict[str, dict[str, Any]] = {
    "extractor": {"extraction": "host", "embedder": None},
    "guard": {"extraction": "off", "embedder": None},
    "reranker": {"extraction": "off", "embedder": None},
    "token_counter": {"extraction": "off", "embedder": None},
    "summarizer": {"extraction": "off", "embedder": None},
}

REPLIES: dict[str, dict[str, Any]] = {
    "extractor": {
        "int": 7,
        "str": "x",
        "wrong count": [],
        "no lists": [7],
        "no facts": [["likes"]],
        "raises": ...,
    },
    "guard": {"int": 7, "list": ["x"], "bytes": b"x", "raises": ...},
    "reranker": {
        "None": None,
        "str": "x",
        "wrong count": [1.0],
        "NaN": [math.nan] * 3,
        "texts": ["1"] * 3,
        "raises": ...,
    },
    "token_counter": {"None": None, "str": "9", "negative": -1, "large": 2**70, "float": 1.5, "raises": ...},
    "summarizer": {"None": None, "int": 7, "surrogate": SURROGATE, "raises": ...},
}


def use(tenant: Tenant) -> tuple[object, ...]:
    """Calls that call every callback; what they raised, or nothing."""
    outcomes: list[object] = []
    calls: tuple[Callable[[], object], ...] = (
        lambda: tenant.add([f"tea number {at} is what Mara drinks every day" for at in range(3)]),
        lambda: tenant.search("tea"),
        lambda: tenant.context("tea", 20),
    )
    for call in calls:
        try:
            outcomes.append(call())
        except EbbmarkError as error:
            outcomes.append(error)
    return tuple(outcomes)


@pytest.mark.parametrize(
    ("callback", "reply"), [(name, reply) for name in REPLIES for reply in REPLIES[name]]
)
def test_what_a_callback_does_wrong_is_told_and_the_store_goes_on(callback: str, reply: str) -> None:
    answer = REPLIES[callback][reply]
    host = {callback: raising if answer is ... else lambda *_: answer}
    with Store(":memory:", **CALLBACKS[callback], **host, callbacks=PATIENT) as store:
        tenant = store.tenant("acme")
        added, found, packed = use(tenant)
        told = [part for part in (added, found, packed) if isinstance(part, EbbmarkError)]
        told += [
            error
            for error in (getattr(added, "extractor_error", None), getattr(packed, "summary_error", None))
            if error
        ]
        assert told, (added, found, packed)
        for error in told:
            assert error.remedy
            assert answer is not ... or isinstance(error.__cause__, Away)
        assert store.health() is not None
        assert tenant.list() is not None


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_within_a_callback_is_no_failure_of_it(interrupt: type[BaseException]) -> None:
    def interrupted(texts: list[str]) -> Any:
        raise interrupt

    with Store(":memory:", embedder=interrupted, dimensions=3, space="x", extraction="off") as store:
        tenant = store.tenant("acme")
        with pytest.raises(interrupt):
            tenant.add("tea")
        assert tenant.list() is not None


def test_progress_that_raises_ends_the_call() -> None:
    with Store(":memory:", embedder=None) as store:
        tenant = store.tenant("acme")
        with pytest.raises(Away):
            tenant.add([f"tea {at}" for at in range(200)], progress=raising)
        assert tenant.add("more tea").id in {record.id for record in tenant.list(limit=1000).records}


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
        {"dimensions": 0, "embedder": vectors, "space": "x"},
    ]
    for wrong in options:
        with pytest.raises((TypeError, InvalidInputError)):
            Store(tmp_path / "memory.ebb", **wrong)
    for path in (7, None, "a\0b", SURROGATE, b"a\0b"):
        with pytest.raises((TypeError, ValueError, EbbmarkError)):
            Store(path)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "memory.ebb", embedder=None)
    tenant = store.tenant("acme")
    id = tenant.add("tea").id
    subscription = tenant.subscribe()
    store.close()
    store.close()
    calls: list[Callable[[], object]] = [
        lambda: store.tenant("acme"),
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


WATCHDOG = 60
PRELUDE = f"""
import faulthandler, sys
faulthandler.dump_traceback_later({WATCHDOG}, exit=True)
from datetime import *
from ebbmark import *
path = sys.argv[1]
def vectors(texts):
    return [[1.0, float(len(text)), 0.5] for text in texts]
"""


def process(tmp_path: Path, script: str) -> str:
    """What a script prints that has to end by itself, and in peace."""
    source = PRELUDE + textwrap.dedent(script)
    paths = os.pathsep.join(
        [str(Path(ebbmark.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    done = subprocess.run(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-W",
            "ignore::DeprecationWarning",
            "-c",
            source,
            str(tmp_path / "m.ebb"),
        ],
        capture_output=True,
        text=True,
        timeout=2 * WATCHDOG,
        env={**os.environ, "PYTHONPATH": paths},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-4000:]
    return done.stdout.strip()


def test_a_callback_may_call_back_into_the_store(tmp_path: Path) -> None:
    script = """
    def callback(kind):
        def called(*given):
            if kind in seen: return replies[kind](*given)
            seen.add(kind)
            search, add = (lambda: tenant.search("tea")), (lambda: tenant.add("from within " + kind))
            for call in (search, add, tenant.list, store.health):
                try: call()
                except EbbmarkError as error: print(kind, error.code)
            return replies[kind](*given)
        return called
    replies = {
        "embedder": vectors, "extractor": lambda messages: [[] for _ in messages],
        "guard": lambda episode: None, "reranker": lambda question, texts: [1.0] * len(texts),
        "token_counter": len, "summarizer": lambda texts, budget: "tea",
    }
    seen = set(replies)
    hosts = {kind: callback(kind) for kind in replies}
    store = Store(path, dimensions=3, space="x", extraction="host", **hosts)
    tenant = store.tenant("acme")
    tenant.add([f"tea number {at} is what Mara drinks" for at in range(20)])
    seen.clear()
    tenant.add("more tea", progress=lambda count: tenant.list())
    tenant.search("tea")
    tenant.context("tea", 30)
    print(sorted(seen) == sorted(replies), len(tenant.list(limit=1000).records) > 20)
    """
    assert process(tmp_path, script).splitlines()[-1] == "True True"


def test_a_forked_child_is_refused_and_the_parent_goes_on(tmp_path: Path) -> None:
    script = """
    import os
    store = Store(path, embedder=None)
    tenant = store.tenant("acme")
    id = tenant.add("tea").id
    subscription = tenant.subscribe()
    child = os.fork()
    if child == 0:
        faulthandler.dump_traceback_later(30, exit=True)
        codes = set()
        calls = [lambda: tenant.add("tea"), lambda: tenant.search("tea"), lambda: tenant.get(id)]
        calls += [lambda: store.tenant("other"), lambda: store.start_maintenance(1.0)]
        for call in (*calls, tenant.list, store.usage, store.maintain):
            try: call(); codes.add("none")
            except ReopenError as error: codes.add(error.code)
        subscription.next(timeout=0)
        store.close()
        os._exit(0 if codes == {"process.forked"} else 1)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), len(tenant.add(["more"]).ids), tenant.search("tea")[0].id == id)
    """
    assert process(tmp_path, script) == "0 1 True"


def test_a_forked_child_that_exits_with_threads_at_work_is_no_harm(tmp_path: Path) -> None:
    script = """
    import os
    store = Store(path, embedder=vectors, dimensions=3, space="x")
    tenant = store.tenant("acme")
    tenant.add("tea")
    maintainer = store.start_maintenance(0.01)
    for _ in range(5):
        child = os.fork()
        if child == 0:
            faulthandler.dump_traceback_later(30, exit=True)
            try: tenant.search("tea")
            except ReopenError: pass
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        assert status == 0, status
    tenant.add("more")
    maintainer.stop()
    print(len(tenant.list().records))
    """
    assert process(tmp_path, script) == "2"


def test_a_child_may_open_a_store_of_its_own(tmp_path: Path) -> None:
    script = """
    import os
    store = Store(path, embedder=None)
    store.tenant("acme").add("tea")
    store.close()
    child = os.fork()
    if child == 0:
        with Store(path, embedder=None) as store:
            store.tenant("acme").add("more")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    with Store(path, embedder=None) as store:
        print(status, len(store.tenant("acme").list().records))
    """
    assert process(tmp_path, script) == "0 2"


EXITS = {
    "an open store": "store.tenant('acme').add('tea')",
    "a store and its tenant in a cycle": """
class Holder: pass
h = Holder()
h.h, h.store, h.tenant = h, store, tenant
""",
    "maintenance": "m = store.start_maintenance(0.001); tenant.add([str(at) + ' tea' for at in range(100)])",
    "maintenance that nobody holds": "store.start_maintenance(0.001); tenant.add('tea')",
    "maintenance that calls Python": """
calls = []
def failing(texts):
    calls.append(len(texts))
    raise RuntimeError("away")
patient = CallbackOptions(failures_to_open=10**6)
other = Store(":memory:", embedder=failing, dimensions=3, space="x", callbacks=patient)
other.tenant("acme").add([str(at) + " tea" for at in range(1000)])
m = other.start_maintenance(0.001)
""",
    "a subscription": "s = tenant.subscribe(); tenant.add('tea')",
    "a thread that waits for changes": """
import threading
s = tenant.subscribe()
started = threading.Event()
def wait():
    started.set()
    s.next(timeout=3600)
threading.Thread(target=wait, daemon=True).start()
started.wait()
""",
    "threads that add": """
import threading
started = threading.Event()
def work():
    while True:
        tenant.add("tea")
        tenant.search("tea")
        started.set()
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
started.wait()
""",
    "threads in a callback": """
import threading
started = threading.Event()
def slow(texts):
    started.set()
    threading.Event().wait()
other = Store(":memory:", embedder=slow, dimensions=3, space="x", extraction="off")
threading.Thread(target=lambda: other.tenant("acme").add("tea"), daemon=True).start()
started.wait()
""",
    "a callback that is past its deadline": """
import threading
started = threading.Event()
def slow(texts):
    started.set()
    threading.Event().wait()
late = CallbackOptions(deadline=0.05)
other = Store(":memory:", embedder=slow, dimensions=3, space="x", extraction="off", callbacks=late)
assert other.tenant("acme").add("tea").embedder_error.code == "callback.deadline"
assert started.is_set()
""",
    "an asynchronous store": """
import asyncio
async def main():
    global held
    held = AsyncStore(":memory:", embedder=None)
    await (await held.tenant("acme")).add("tea")
asyncio.run(main())
""",
    "sys.exit": "tenant.add('tea'); m = store.start_maintenance(0.001); sys.exit(0)",
}


@pytest.mark.parametrize("left", EXITS)
def test_the_interpreter_exits_in_peace_with(tmp_path: Path, left: str) -> None:
    script = "store = Store(path, embedder=None)\ntenant = store.tenant('acme')\n" + EXITS[left] + "\n"
    assert process(tmp_path, "print('open')\n" + script) == "open"
    with Store(tmp_path / "m.ebb", embedder=None) as store:
        assert store.health().state == "healthy"


def test_control_c_ends_a_long_add(tmp_path: Path) -> None:
    script = """
    import signal
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    store = Store(path, embedder=None)
    tenant = store.tenant("acme")
    texts = [f"Mara said on day {at} that she likes tea and lives in town {at % 97}." for at in range(60_000)]
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        tenant.add(texts)
        print("finished")
    except KeyboardInterrupt:
        print("interrupted")
    held = tenant.usage().episodes
    assert held < len(texts) and tenant.stats().version > 0, held
    print(len(tenant.add("more tea").ids), tenant.usage().episodes - held, store.health().state)
    """
    assert process(tmp_path, script) == "interrupted\n1 1 healthy"


def test_control_c_ends_a_wait_for_changes(tmp_path: Path) -> None:
    script = """
    import signal
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    store = Store(path, embedder=None)
    subscription = store.tenant("acme").subscribe()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try: subscription.next(timeout=3600)
    except KeyboardInterrupt: print("interrupted")
    """
    assert process(tmp_path, script) == "interrupted"
