"""An EbbmarkStore answers LangGraph's operations as its InMemoryStore does, and loses nothing.

It breaks if a value, a namespace or a key comes back otherwise than it was put, if paging or a filter shows
other items than InMemoryStore's, if overwriting or deleting leaves something behind, or if an item outlives
its time to live.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("langgraph")

from langchain_core.language_models import FakeListChatModel
from langgraph.graph import END, START, StateGraph
from langgraph.store.base import (
    BaseStore,
    GetOp,
    InvalidNamespaceError,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchOp,
    TTLConfig,
)
from langgraph.store.memory import InMemoryStore

import ebbmark
from ebbmark import Admission, Atom, DeniedError, Filter, ManualClock, NewEpisode, Store, Tenant
from ebbmark.langgraph import EbbmarkStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with Store(":memory:") as file:
        yield file.tenant("acme")


def objects(tenant: Tenant) -> list[str]:
    """What the facts of a tenant are about."""
    return [record.object for record in tenant.list().records if isinstance(record, Atom)]


@pytest.fixture
def store(tenant: Tenant) -> EbbmarkStore:
    return EbbmarkStore(tenant)


def keys(items: list[Any]) -> list[str]:
    return [item.key for item in items]


def everything(tenant: Tenant) -> list[Any]:
    return tenant.list(Filter(archived=True, quarantined=True, historical=True), limit=1000).records


# Values


VALUES: dict[str, dict[str, Any]] = {
    "empty": {},
    "plain": {
        "memory": "Mara is allergic to nuts.",
        "n": 1,
        "x": 1.5,
        "yes": True,
        "no": None,
        "list": [1, "a", {}],
    },
    "not in normal form": {"memory": "Cafe\u0301", "e\u0301": 1},
    "characters newer than some Pythons": {
        "memory": "\U00011382\U000113c9 \U0001611e\U0001611e \U00016d67\U00016d67"
    },
    "NUL and control characters": {"a\0b": "c\0d\x1e\n\t"},
    "a lone surrogate": {"memory": "\ud800 broken"},
    "an empty name": {"": "x"},
    "big numbers": {"int": 2**200, "float": 1e308, "small": -5e-324},
    "deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": "deep"}}}}}}}}}},
    "20 KB": {"memory": "river " * 3_500},
    "200 KB": {"memory": "short", "blob": "x" * 200_000},
    "3 MB": {"memory": "short", "blob": "\u00e9" * 1_500_000},
    "numbers alone, 100 KB": {"vector": [0.125] * 15_000},
}


@pytest.mark.parametrize("index", [None, False, ["memory"], ["blob"]], ids=str)
@pytest.mark.parametrize("name", VALUES)
def test_any_value_comes_back_and_leaves_nothing_behind(tenant: Tenant, name: str, index: Any) -> None:
    store = EbbmarkStore(tenant)
    value = VALUES[name]
    store.put(("docs", "mara"), name, value, index=index)
    item = store.get(("docs", "mara"), name)
    assert item is not None
    assert (item.value, item.key, item.namespace) == (value, name, ("docs", "mara"))
    assert [found.value for found in store.search(("docs",))] == [value]
    store.put(("docs", "mara"), name, {"memory": "other"}, index=index)
    assert len(everything(tenant)) == 1
    store.put(("docs", "mara"), name, value, index=index)
    store.delete(("docs", "mara"), name)
    assert store.get(("docs", "mara"), name) is None
    assert everything(tenant) == []


def test_what_is_no_json_is_refused_and_nothing_of_its_batch_is_put(
    tenant: Tenant, store: EbbmarkStore
) -> None:
    with pytest.raises(TypeError, match="cannot be kept as JSON"):
        store.batch([PutOp(("a",), "good", {"x": 1}), PutOp(("a",), "bad", {"x": object()})])
    assert everything(tenant) == []


def test_items_are_durable(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.ebb") as file:
        EbbmarkStore(file.tenant("acme")).put(("users", "mara"), "diet", {"memory": "no nuts"})
    with Store(tmp_path / "memory.ebb") as file:
        store = EbbmarkStore(file.tenant("acme"))
        item = store.get(("users", "mara"), "diet")
        assert item is not None and item.value == {"memory": "no nuts"}
        assert EbbmarkStore(file.tenant("globex")).search(()) == []


def test_no_facts_are_drawn_from_items(tenant: Tenant, store: EbbmarkStore) -> None:
    store.put(("a",), "k", {"memory": "I live in Porto."}, index=["memory"])
    tenant.add("I live in Berlin.")
    assert objects(tenant) == ["Berlin"]


def test_putting_again_keeps_created_at_and_place(tmp_path: Path) -> None:
    clock = ManualClock(NOON)
    with Store(":memory:", clock=clock) as file:
        store = EbbmarkStore(file.tenant("acme"), clock=clock.now)
        store.put(("a",), "first", {"n": 1})
        store.put(("a",), "second", {"n": 1})
        clock.set(NOON + timedelta(hours=1))
        store.put(("a",), "first", {"n": 2})
        first, second = store.search(("a",))
        assert (first.key, first.value, second.key) == ("first", {"n": 2}, "second")
        assert (first.created_at, first.updated_at) == (NOON, NOON + timedelta(hours=1))
        assert (second.created_at, second.updated_at) == (NOON, NOON)


def test_one_item_whatever_threads_put_it(tenant: Tenant) -> None:
    together = threading.Barrier(4)

    def put(n: int) -> None:
        for key in range(20):
            together.wait()
            EbbmarkStore(tenant).put(("a",), str(key), {"n": n})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, range(4)))
    assert len(everything(tenant)) == 20


def test_a_long_value_is_whole_while_others_put_and_delete_it(tenant: Tenant) -> None:
    store, done = EbbmarkStore(tenant), threading.Event()

    def write() -> None:
        try:
            for n in range(60):
                if n % 4 == 3:
                    store.delete(("a",), "k")
                else:
                    store.put(("a",), "k", {"n": n, "blob": str(n) * 15_000}, index=False)
        finally:
            done.set()

    def read() -> None:
        while not done.is_set():
            items = [store.get(("a",), "k"), *store.search(("a",))]
            assert all(item.value["blob"][:1] == str(item.value["n"])[:1] for item in items if item)

    with ThreadPoolExecutor(4) as pool:
        for task in [pool.submit(write), *(pool.submit(read) for _ in range(3))]:
            task.result()


def test_a_piece_that_is_deleted_by_itself_is_told(tenant: Tenant, store: EbbmarkStore) -> None:
    store.put(("a",), "k", {"blob": "x" * 20_000}, index=False)
    (piece,) = tenant.list(Filter(metadata={"piece": True})).records
    tenant.delete(piece.id)
    with pytest.raises(ValueError, match=r"was deleted by itself.*put the item again"):
        store.get(("a",), "k")
    store.put(("a",), "k", {"n": 1})
    assert keys(store.search(())) == ["k"]


def test_a_text_that_is_no_json_any_more_is_told(tenant: Tenant, store: EbbmarkStore) -> None:
    store.put(("a",), "k", {"n": 1})
    tenant.update(everything(tenant)[0].id, text="no JSON")
    with pytest.raises(ValueError, match=r"'k' in 'a'.*is no JSON any more"):
        store.get(("a",), "k")


def test_a_search_goes_on_past_a_broken_item(tenant: Tenant, store: EbbmarkStore) -> None:
    for key in ("first", "broken", "last"):
        store.put(("a",), key, {"key": key})
    tenant.update(everything(tenant)[1].id, text="no JSON")
    for query in (None, "first broken last"):
        with pytest.warns(RuntimeWarning, match=r"'broken' in 'a'.*Put it again, or delete it"):
            assert sorted(keys(store.search(("a",), query=query))) == ["first", "last"]


def test_a_put_that_fails_leaves_no_pieces() -> None:
    def guard(episode: NewEpisode) -> Admission:
        return Admission.reject("bad") if episode.text == "bad" else Admission.allow()

    long = {"blob": "x" * 20_000}
    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        store = EbbmarkStore(tenant, fields=["memory"])
        store.put(("a",), "old", {"n": 1})
        bad = long | {"memory": "bad"}
        for ops in (
            [PutOp(("a",), "old", bad)],
            [PutOp(("a",), "new", bad)],
            [PutOp(("a",), "old", long), PutOp(("a",), "new", bad)],
        ):
            with pytest.raises(DeniedError):
                store.batch(ops)
            pieces = tenant.list(Filter(metadata={"piece": True})).records
            whole = store.get(("a",), "old")
            assert whole is not None
            assert (len(pieces), whole.value) in [(0, {"n": 1}), (1, long)]
        assert whole.value == long


def test_what_a_guard_quarantines_is_hidden_until_it_is_put_again() -> None:
    def guard(episode: NewEpisode) -> Admission:
        return Admission.quarantine() if "bad" in episode.text else Admission.allow()

    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        store = EbbmarkStore(tenant)
        for value in ({"memory": "bad"}, {"blob": "bad " * 5_000}):
            store.put(("a",), "k", {"memory": "good"})
            store.put(("a",), "k", value, index=None if "memory" in value else ["blob"])
            store.put(("a",), "pieces", value, index=False)
            assert store.get(("a",), "k") is None
            assert "k" not in keys(store.search(("a",)))
            store.put(("a",), "k", {"memory": "good"})
            assert store.get(("a",), "k").value == {"memory": "good"}  # type: ignore[union-attr]
        assert store.get(("a",), "pieces") is None
        assert keys(store.search(("a",))) == ["k"]
        store.delete(("a",), "k")
        store.delete(("a",), "pieces")
        assert everything(tenant) == []


# Operations


def test_a_batch_reads_before_it_puts_and_the_last_put_counts(store: EbbmarkStore) -> None:
    store.put(("a",), "k", {"n": 0})
    got, nothing, _, found, spaces = store.batch(
        [
            GetOp(("a",), "k"),
            PutOp(("a",), "k", {"n": 1}),
            PutOp(("a",), "k", {"n": 2}),
            SearchOp(("a",)),
            ListNamespacesOp(),
        ]
    )
    assert nothing is None
    assert got.value == {"n": 0} and [item.value for item in found] == [{"n": 0}]  # type: ignore[union-attr]
    assert spaces == [("a",)]
    assert store.get(("a",), "k").value == {"n": 2}  # type: ignore[union-attr]


def test_async_operations_do_the_same(store: EbbmarkStore) -> None:
    async def run() -> None:
        await store.aput(("a", "b"), "k", {"n": 1})
        item = await store.aget(("a", "b"), "k")
        assert item is not None and item.value == {"n": 1}
        assert keys(await store.asearch(("a",))) == ["k"]
        assert await store.alist_namespaces() == [("a", "b")]
        await asyncio.gather(*(store.aput(("a", "c"), str(n), {"n": n}) for n in range(20)))
        assert len(await store.asearch(("a", "c"), limit=100)) == 20
        await store.adelete(("a", "b"), "k")
        assert await store.aget(("a", "b"), "k") is None

    asyncio.run(run())


def test_labels_are_compared_whole(store: EbbmarkStore) -> None:
    for namespace in [("a",), ("ab",), ("a", "b"), ("b", "a"), ("A",)]:
        store.put(namespace, "k", {})
    assert [item.namespace for item in store.search(("a",))] == [("a",), ("a", "b")]
    assert len(store.search(())) == 5
    assert store.get(("a", "b"), "K") is None


def test_any_number_of_namespaces_is_listed(store: EbbmarkStore) -> None:
    spaces = [("users", f"{n:04}") for n in range(1_001)]
    for some in (spaces[:1_000], spaces[1_000:]):
        store.batch([PutOp(namespace, "k", {}) for namespace in some])
        assert store.list_namespaces(limit=2_000) == spaces[: spaces.index(some[-1]) + 1]
    assert store.list_namespaces(limit=1, offset=1_000) == [("users", "1000")]
    assert store.list_namespaces(max_depth=1) == [("users",)]


@pytest.mark.parametrize("namespace", [("a.b",), ("",), ("a\0",), (1,)])
def test_invalid_namespaces_are_refused_in_every_operation(
    store: EbbmarkStore, namespace: tuple[str, ...]
) -> None:
    condition = MatchCondition("prefix", namespace)
    ops: list[Any] = [
        GetOp(namespace, "k"),
        SearchOp(namespace),
        PutOp(namespace, "k", {}),
        ListNamespacesOp((condition,)),
    ]
    for op in ops:
        with pytest.raises(InvalidNamespaceError):
            store.batch([op])
    assert store.list_namespaces() == []


def test_bad_arguments_are_refused(tenant: Tenant, store: EbbmarkStore) -> None:
    with pytest.raises(ValueError, match="limit -1"):
        store.search((), limit=-1)
    store.put(("a",), "k", {"n": 1})
    with pytest.raises(ValueError, match=r"\$near"):
        store.search((), filter={"n": {"$near": 1}})
    with pytest.raises(TypeError, match="list of paths"):
        EbbmarkStore(tenant, fields="memory")
    with pytest.raises(ValueError, match="start_maintenance"):
        EbbmarkStore(tenant, ttl={"sweep_interval_minutes": 5})
    for minutes in (float("nan"), 1e12, 0, -1):
        with pytest.raises(ValueError, match="ttl"):
            store.put(("a",), "k", {}, ttl=minutes)
    with pytest.raises(ValueError, match="str"):
        store.batch(["get"])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"n": 2}, ["b"]),
        ({"n": {"$eq": 2}}, ["b"]),
        ({"n": {"$ne": 2}}, ["a", "c", "d"]),
        ({"n": {"$gt": 2}}, ["c"]),
        ({"n": {"$gte": 2}}, ["b", "c"]),
        ({"n": {"$lt": 2}}, ["a"]),
        ({"n": {"$lte": 2}}, ["a", "b"]),
        ({"n": {"$gt": 1, "$lt": 3}}, ["b"]),
        ({"n": {"$gt": "1.5"}}, ["b", "c"]),
        ({"day": {"$gte": "2026-03-02"}}, ["b", "c"]),
        ({"n": 2, "day": "2026-03-01"}, []),
        ({"in": {"deep": "x"}}, ["a"]),
        ({"in": {"deep": {"$ne": "x"}}}, ["b"]),
        ({"tags": ["t", "u"]}, ["c"]),
        ({"tags": ["t"]}, []),
        ({"missing": None}, ["a", "b", "c", "d"]),
    ],
    ids=str,
)
def test_filters(store: EbbmarkStore, wanted: dict[str, Any], found: list[str]) -> None:
    store.put(("x",), "a", {"n": 1, "day": "2026-03-01", "in": {"deep": "x", "more": 1}})
    store.put(("x",), "b", {"n": 2, "day": "2026-03-02", "in": {"deep": "y"}})
    store.put(("x",), "c", {"n": 3.5, "day": "2026-03-03", "tags": ["t", "u"]})
    store.put(("x",), "d", {"n": None})
    assert keys(store.search(("x",), filter=wanted)) == found
    assert sorted(keys(store.search(("x",), query="deep x", filter=wanted))) == found


# Search by text


def test_the_best_item_comes_first_with_a_score(store: EbbmarkStore) -> None:
    store.put(("users", "mara"), "diet", {"memory": "Mara is allergic to nuts."})
    store.put(("users", "mara"), "home", {"memory": "Mara lives by the river in Porto."})
    store.put(("users", "tom"), "sport", {"memory": "Tom swims on Mondays."})
    found = store.search(("users",), query="Which river does she live by?")
    assert found[0].key == "home" and len(found) == 3
    scores = [item.score for item in found if item.score is not None]
    assert scores and scores == sorted(scores, reverse=True)
    assert keys(store.search(("users", "tom"), query="river")) == ["sport"]
    assert store.search(("users",))[0].score is None


def test_only_chosen_fields_are_searched(tenant: Tenant) -> None:
    store = EbbmarkStore(tenant, fields=["memory", "chapters[*].title"])
    store.put(("x",), "fields", {"memory": "river", "other": "harbour", "chapters": [{"title": "bridge"}]})
    store.put(("x",), "path", {"memory": "river", "other": "harbour"}, index=["other"])
    store.put(("x",), "nothing", {"memory": "river harbour bridge"}, index=False)
    store.put(("x",), "absent", {"other": "harbour"})

    def scored(query: str) -> list[str]:
        items = store.search(("x",), query=query)
        assert len(items) == 4
        return keys([item for item in items if item.score is not None])

    assert scored("river")[0] == "fields"
    assert scored("bridge")[0] == "fields"
    assert scored("harbour")[0] == "path"
    assert {"nothing", "absent"}.isdisjoint(scored("river harbour bridge"))


def test_pages_of_a_search_by_text_show_every_item_once(store: EbbmarkStore) -> None:
    for n in range(30):
        store.put(("x",), str(n), {"memory": f"river number {n}"}, index=False if n % 3 == 0 else None)
    pages = [store.search(("x",), query="river", limit=7, offset=at) for at in range(0, 35, 7)]
    shown = [item.key for page in pages for item in page]
    assert sorted(shown, key=int) == [str(n) for n in range(30)]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 2]


def test_a_host_finds_items_beside_its_own_records(tenant: Tenant, store: EbbmarkStore) -> None:
    store.put(("x",), "k", {"memory": "The key is under the flowerpot."}, index=["memory"])
    tenant.add("The weather is fine.")
    assert tenant.search("Where is the key?")[0].text == "The key is under the flowerpot."
    assert keys(store.search((), query="weather")) == ["k"]


def test_a_filter_reaches_far_down_the_ranking(store: EbbmarkStore) -> None:
    puts = [PutOp(("x",), str(n), {"memory": "river " * (n + 1), "n": n}) for n in range(200)]
    store.batch(puts)
    for n in (0, 100, 199):
        (item,) = store.search(("x",), query="river", filter={"n": n}, limit=1)
        assert (item.key, item.score is None) == (str(n), False)


# Times to live


class Timed:
    """A store whose clock stands still until it is moved."""

    def __init__(self, ttl: TTLConfig | None = None) -> None:
        self.clock = ManualClock(NOON)
        self.file = Store(":memory:", clock=self.clock)
        self.tenant = self.file.tenant("acme")
        self.store = EbbmarkStore(self.tenant, ttl=ttl, clock=self.clock.now)

    def after(self, minutes: float) -> None:
        self.clock.set(self.clock.now() + timedelta(minutes=minutes))


def test_items_expire_by_their_own_time_or_the_default() -> None:
    timed = Timed({"default_ttl": 10, "refresh_on_read": False})
    timed.store.put(("a",), "default", {})
    timed.store.put(("a",), "long", {}, ttl=20)
    timed.store.put(("a",), "forever", {}, ttl=None)
    timed.after(9)
    assert keys(timed.store.search(("a",))) == ["default", "long", "forever"]
    timed.after(2)
    assert keys(timed.store.search(("a",))) == ["long", "forever"]
    assert keys(timed.store.search(("a",), query="a")) == ["long", "forever"]
    assert timed.store.get(("a",), "default") is None
    timed.store.put(("a",), "default", {"again": True})
    assert timed.store.get(("a",), "default").value == {"again": True}  # type: ignore[union-attr]
    timed.after(30)
    assert keys(timed.store.search(("a",))) == ["forever"]


def test_reads_begin_the_time_anew_unless_told_otherwise() -> None:
    timed = Timed({"default_ttl": 10})
    for key in ("got", "found", "left", "unread"):
        timed.store.put((key,), "k", {"blob": "x" * 20_000}, index=False)
    before = timed.store.get(("got",), "k")
    timed.after(8)
    timed.store.get(("got",), "k")
    timed.store.search(("found",))
    timed.store.get(("left",), "k", refresh_ttl=False)
    timed.after(8)
    timed.file.maintain(records=10_000)
    assert timed.store.list_namespaces() == [("found",), ("got",)]
    item = timed.store.get(("got",), "k")
    assert item is not None and item.value == {"blob": "x" * 20_000}
    assert before is not None and item.updated_at == before.updated_at
    timed.after(11)
    timed.file.maintain(records=10_000)
    assert everything(timed.tenant) == []


def test_putting_without_a_time_to_live_makes_an_item_last() -> None:
    timed = Timed()
    timed.store.put(("a",), "k", {}, ttl=5)
    timed.store.put(("a",), "k", {})
    timed.after(1000)
    assert keys(timed.store.search(("a",))) == ["k"]


@pytest.mark.parametrize("ttl", [None, 1_000])
def test_a_read_leaves_the_life_of_what_is_put_meanwhile(
    ttl: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = Timed()
    timed.store.put(("a",), "k", {"n": 1}, ttl=10)
    timed.after(5)
    refresh = EbbmarkStore._refresh

    def late(store: EbbmarkStore, records: Any) -> None:
        timed.store.put(("a",), "k", {"n": 2}, ttl=ttl)
        refresh(store, records)

    monkeypatch.setattr(EbbmarkStore, "_refresh", late)
    assert timed.store.get(("a",), "k").value == {"n": 1}  # type: ignore[union-attr]
    monkeypatch.undo()
    timed.after(60)
    assert timed.store.get(("a",), "k", refresh_ttl=False).value == {"n": 2}  # type: ignore[union-attr]


# Beside InMemoryStore


LABELS = st.sampled_from(["a", "b", "ab", "users"])
NAMESPACES = st.lists(LABELS, min_size=1, max_size=3).map(tuple)
PREFIXES = st.lists(LABELS, max_size=2).map(tuple)
KEYS = st.sampled_from(["k", "l", "m", "K"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, "x", "y", "\u00e9"])
ITEM_VALUES = st.dictionaries(
    st.sampled_from(["n", "s", "t"]), SCALARS | st.lists(SCALARS, max_size=2), max_size=3
)
# InMemoryStore raises where an item has no number to compare: order is asked of what is a number everywhere.
NUMBERED = st.builds(lambda value, rank: value | {"rank": rank}, ITEM_VALUES, st.integers(0, 4))
ORDERS = st.dictionaries(
    st.sampled_from(["$gt", "$gte", "$lt", "$lte", "$eq", "$ne"]), st.integers(0, 4), min_size=1, max_size=2
)
FILTERS = st.none() | st.fixed_dictionaries(
    {}, optional={"n": SCALARS, "s": st.fixed_dictionaries({"$ne": SCALARS}), "rank": ORDERS}
)
CONDITIONS = st.lists(
    st.builds(
        MatchCondition,
        st.sampled_from(["prefix", "suffix"]),
        st.lists(LABELS | st.just("*"), min_size=1, max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
INDEXES = st.sampled_from([None, False, ["s"], ["n", "t[*]"]])
LIMITS, OFFSETS = st.integers(0, 6), st.integers(0, 4)
OPS = st.one_of(
    st.builds(PutOp, NAMESPACES, KEYS, NUMBERED, INDEXES, st.none()),
    st.builds(PutOp, NAMESPACES, KEYS, NUMBERED, INDEXES, st.none()),
    st.builds(PutOp, NAMESPACES, KEYS, st.none(), INDEXES, st.none()),
    st.builds(GetOp, NAMESPACES, KEYS),
    st.builds(SearchOp, PREFIXES, FILTERS, LIMITS, OFFSETS, st.none() | st.just("x")),
    st.builds(ListNamespacesOp, CONDITIONS, st.none() | st.integers(1, 3), LIMITS, OFFSETS),
)


class Model:
    """InMemoryStore, with two of its ways taken away: it lists namespaces that are empty or were only read,
    and it shows what several namespaces hold namespace by namespace, not in the order in which it was put."""

    def __init__(self) -> None:
        self.memory = InMemoryStore()
        self.order: list[tuple[tuple[str, ...], str]] = []

    def batch(self, ops: list[Any]) -> list[Any]:
        self.forget_empty()
        results = [self.answer(op) for op in ops]
        puts = {(op.namespace, op.key): op for op in ops if isinstance(op, PutOp)}
        self.memory.batch(list(puts.values()))
        self.order = [at for at in self.order if at not in puts or puts[at].value is not None]
        self.order += [at for at, op in puts.items() if op.value is not None and at not in self.order]
        return results

    def answer(self, op: Any) -> Any:
        if isinstance(op, PutOp):
            return None
        if not isinstance(op, SearchOp):
            (answer,) = self.memory.batch([op])
            self.forget_empty()
            return answer
        (found,) = cast("Any", self.memory.batch([op._replace(limit=10_000, offset=0)]))
        found = sorted(found, key=lambda item: self.order.index((item.namespace, item.key)))
        return found[op.offset : op.offset + op.limit]

    def forget_empty(self) -> None:
        for namespace in [namespace for namespace, items in self.memory._data.items() if not items]:
            del self.memory._data[namespace]


def plain(result: Any) -> Any:
    """A result without scores and moments."""
    if isinstance(result, list):
        return [plain(one) for one in result]
    return (result.namespace, result.key, result.value) if hasattr(result, "value") else result


def is_ranked(op: Any) -> bool:
    return isinstance(op, SearchOp) and op.query is not None


@settings(max_examples=150, deadline=None)
@given(batches=st.lists(st.lists(OPS, min_size=1, max_size=4), min_size=1, max_size=12))
def test_results_are_those_of_the_memory_store(batches: list[list[Any]]) -> None:
    with Store(":memory:", embedder=None) as file:
        store, model = EbbmarkStore(file.tenant("acme")), Model()
        for ops in batches:
            # By text, all items are asked for: in which order they come is not InMemoryStore's affair.
            ops = [op._replace(limit=100, offset=0) if is_ranked(op) else op for op in ops]
            for op, ours, theirs in zip(ops, store.batch(ops), model.batch(ops), strict=True):
                if is_ranked(op):
                    assert sorted(map(repr, plain(ours))) == sorted(map(repr, plain(theirs))), op
                else:
                    assert plain(ours) == plain(theirs), op


# In a graph


class Chat(TypedDict):
    said: str
    answer: str


def build_graph(store: BaseStore) -> Any:
    model = FakeListChatModel(responses=["Noted.", "You said: no nuts."])

    def answer(state: Chat, *, store: BaseStore) -> dict[str, str]:
        known = store.search(("users", "mara"), query=state["said"], limit=3)
        prompt = "\n".join([*(item.value["memory"] for item in known), state["said"]])
        store.put(("users", "mara"), f"turn {len(known)}", {"memory": state["said"]})
        return {"answer": f"{model.invoke(prompt).content} ({len(known)} known)"}

    async def confirm(state: Chat, *, store: BaseStore) -> dict[str, str]:
        found = await store.asearch(("users",), query="allergic")
        return {"answer": f"{state['answer']} First: {found[0].value['memory']}"}

    builder = StateGraph(Chat)
    builder.add_node("answer", answer)
    builder.add_node("confirm", confirm)
    builder.add_edge(START, "answer")
    builder.add_edge("answer", "confirm")
    builder.add_edge("confirm", END)
    return builder.compile(store=store)


def test_a_compiled_graph_remembers(store: EbbmarkStore) -> None:
    graph = build_graph(store)
    first = asyncio.run(graph.ainvoke({"said": "I am allergic to nuts."}))
    second = asyncio.run(graph.ainvoke({"said": "What can't I eat?"}))
    assert first["answer"] == "Noted. (0 known) First: I am allergic to nuts."
    assert second["answer"] == "You said: no nuts. (1 known) First: I am allergic to nuts."
    assert keys(store.search(("users", "mara"))) == ["turn 0", "turn 1"]


def test_langmems_tools_take_it(store: EbbmarkStore) -> None:
    langmem = pytest.importorskip("langmem")
    manage = langmem.create_manage_memory_tool(("memories", "mara"), store=store)
    search = langmem.create_search_memory_tool(("memories", "mara"), store=store)
    manage.invoke({"content": "Mara is allergic to nuts."})
    manage.invoke({"content": "Tom swims on Mondays."})
    assert json.loads(search.invoke({"query": "allergic to nuts", "limit": 1}))[0]["value"] == {
        "content": "Mara is allergic to nuts."
    }


def test_an_asynchronous_handle_is_refused() -> None:
    async def run() -> None:
        async with ebbmark.AsyncStore(":memory:") as file:
            tenant: Any = await file.tenant("acme")
            for make in [EbbmarkStore]:
                with pytest.raises(TypeError, match=r"AsyncTenant.*pass its attribute `sync`"):
                    make(tenant)

    asyncio.run(run())


def test_the_module_names_what_to_install_and_ebbmark_needs_none_of_it() -> None:
    code = (
        "import sys; sys.modules['langgraph'] = None; import ebbmark\n"
        "try: import ebbmark.langgraph\n"
        "except ImportError as error: print(error)"
    )
    path = str(Path(ebbmark.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert 'pip install "ebbmark[langgraph]"' in done.stdout
