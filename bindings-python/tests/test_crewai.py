"""CrewAI's memory works over a tenant as over CrewAI's own storage.

Broken if the same operations give other memories, scores, scopes, categories or counts than CrewAI's LanceDB storage, if
`Memory` cannot remember, recall, change and forget through it, or if a memory is deleted that was not named.
"""

import asyncio
import copy
import importlib
import math
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

# A memory outside of a crew waits five seconds for its span where CrewAI traces.
os.environ |= {
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_TELEMETRY": "true",
    "OTEL_SDK_DISABLED": "true",
}

import pytest
from crewai import BaseLLM, Memory
from crewai.memory.storage.backend import EmbeddingDimensionMismatchError, StorageBackend
from crewai.memory.storage.lancedb_storage import LanceDBStorage
from crewai.memory.types import MemoryRecord
from hypothesis import given, settings
from hypothesis import strategies as st

from ebbmark import (
    Admission,
    ArchiveRule,
    AsyncTenant,
    EbbmarkError,
    Filter,
    ManualClock,
    NewEpisode,
    RetentionPolicy,
    Store,
    Tenant,
    TenantConfig,
)
from ebbmark.crewai import EbbmarkStorage

START = datetime(2026, 1, 1)


@pytest.fixture
def tenant() -> Tenant:
    return Store(":memory:", embedder=None).tenant("acme")


@pytest.fixture
def storage(tenant: Tenant) -> EbbmarkStorage:
    return EbbmarkStorage(tenant)


def unit(degrees: float) -> list[float]:
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


def record(number: int, **fields: Any) -> MemoryRecord:
    usual: dict[str, Any] = {
        "id": f"id-{number}",
        "content": f"memory {number}",
        "embedding": unit(number),
        "created_at": START + timedelta(minutes=number),
        "last_accessed": START,
    }
    return MemoryRecord(**usual | fields)


def ids(records: list[MemoryRecord]) -> list[str]:
    return [each.id for each in records]


# Through CrewAI's own class.


class NoLLM(BaseLLM):
    """A model that must not be asked."""

    def call(self, *args: Any, **kwargs: Any) -> str:
        raise AssertionError("the model was asked")


def embed(texts: list[str]) -> list[list[float]]:
    """Texts as counts of a few words, so that texts of the same words are near each other."""
    vectors = []
    for text in texts:
        counts = [float(text.lower().count(word)) for word in ("tea", "bees", "launch", "e")]
        length = math.hypot(*counts) or 1.0
        vectors.append([count / length for count in counts])
    return vectors


def memory_over(storage: EbbmarkStorage, **settings: Any) -> Memory:
    return Memory(llm=NoLLM(model="none"), storage=storage, embedder=embed, **settings)


def remember(memory: Memory, content: str, scope: str = "/", **fields: Any) -> MemoryRecord:
    usual: dict[str, Any] = {"categories": ["notes"], "importance": 0.5, "metadata": {}}
    made = memory.remember(content, scope=scope, **usual | fields)
    assert made is not None
    return made


def test_it_is_a_storage_backend(storage: EbbmarkStorage) -> None:
    assert isinstance(storage, StorageBackend)


def test_memory_remembers_recalls_and_forgets(storage: EbbmarkStorage) -> None:
    memory = memory_over(storage)
    remember(memory, "Tea is taken without milk.", "/team/kitchen", categories=["drinks"])
    remember(memory, "The bees are behind the house.", "/team/garden", metadata={"hive": 3})
    remember(memory, "The launch is in May.", "/plan")
    for depth in ("shallow", "deep"):
        best = memory.recall("bees", depth=depth, limit=2)[0]
        assert best.record.content == "The bees are behind the house."
        assert (best.record.scope, best.record.metadata) == ("/team/garden", {"hive": 3})
    assert [match.record.scope for match in memory.recall("tea", scope="/plan", depth="shallow")] == ["/plan"]
    assert memory.list_scopes() == ["/plan", "/team"]
    assert memory.list_categories() == {"drinks": 1, "notes": 2}
    assert memory.tree() == (
        "/ (3 records)\n  /plan (1 records)\n  /team (2 records)\n    /team/garden (1 records)\n    /team/kitchen (1 records)"
    )
    assert memory.forget(scope="/team/garden") == 1
    assert memory.info("/team").record_count == 1
    memory.reset()
    assert memory.list_records() == []


def test_memory_changes_a_record_and_its_vector_only_with_its_text(storage: EbbmarkStorage) -> None:
    memory = memory_over(storage)
    made = remember(memory, "Tea is green.")
    memory.update(made.id, categories=["drinks"], importance=0.9)
    [(found, score)] = storage.search(embed(["Tea is green."])[0], limit=1)
    assert (found.categories, found.importance, round(score, 5)) == (["drinks"], 0.9, 1.0)
    memory.update(made.id, content="Bees buzz.")
    [(found, score)] = storage.search(embed(["Bees buzz."])[0], limit=1)
    assert (found.content, round(score, 5)) == ("Bees buzz.", 1.0)
    with pytest.raises(ValueError, match="not found"):
        memory.update("unknown", content="text")


def test_many_are_remembered_in_the_background(storage: EbbmarkStorage) -> None:
    memory = memory_over(storage, consolidation_threshold=1.0)
    memory.remember_many(
        ["Tea tea.", "Bees.", "The launch."], scope="/a", categories=["c"], importance=0.5, metadata={}
    )
    memory.drain_writes()
    assert sorted(each.content for each in memory.list_records()) == ["Bees.", "Tea tea.", "The launch."]


def test_recalling_tells_the_tenant_that_a_memory_was_used() -> None:
    clock = ManualClock(datetime(2030, 1, 1, tzinfo=UTC))
    tenant = Store(":memory:", embedder=None, clock=clock).tenant("acme")
    memory = memory_over(EbbmarkStorage(tenant))
    made = remember(memory, "Tea is green.")
    memory.recall("tea", depth="shallow")
    [episode] = tenant.list(Filter(sort="episode")).records
    assert tenant.memory(episode.id).uses == 1
    accessed = memory.list_records()[0].last_accessed
    assert (accessed, made.last_accessed < accessed) == (datetime(2030, 1, 1), True)


def test_a_copied_storage_shares_the_tenant(storage: EbbmarkStorage) -> None:
    remember(memory_over(copy.deepcopy(storage)), "Tea is green.")
    assert [each.content for each in storage.list_records()] == ["Tea is green."]


# What is CrewAI's, and what is not.


def test_memories_are_found_by_their_words_and_teach_no_facts(
    storage: EbbmarkStorage, tenant: Tenant
) -> None:
    storage.save([record(1, content="I live in Porto with my bees.")])
    assert [hit.text for hit in tenant.search("bees")] == ["I live in Porto with my bees."]
    assert not tenant.list(Filter(sort="atom")).records


def test_other_records_of_the_tenant_are_neither_found_nor_deleted(
    storage: EbbmarkStorage, tenant: Tenant
) -> None:
    tenant.add("Said by somebody.", vector=unit(0))
    storage.save([record(1)])
    assert ids([found for found, _ in storage.search(unit(0))]) == ["id-1"]
    assert (storage.count(), storage.delete(), storage.count()) == (1, 1, 0)
    assert [each.text for each in tenant.list().records] == ["Said by somebody."]


def test_an_archived_memory_is_found_changed_and_deleted() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    store = Store(":memory:", embedder=None, clock=clock)
    archive = TenantConfig(retention=RetentionPolicy(archive=ArchiveRule(30, 0.6)))
    store.tenant("acme", access="admin").configure(archive)
    tenant = store.tenant("acme")
    storage = EbbmarkStorage(tenant)
    storage.save([record(1, scope="/a", categories=["tea"])])
    clock.set(datetime(2026, 6, 1, tzinfo=UTC))
    store.maintain()
    assert tenant.list().records == []
    assert storage.get_record("id-1") is not None
    assert [found.id for found, _ in storage.search(unit(1))] == ids(storage.list_records()) == ["id-1"]
    assert (storage.count(), storage.list_scopes(), storage.list_categories()) == (1, ["/a"], {"tea": 1})
    storage.save([record(1, content="changed")])
    assert [each.text for each in tenant.list(Filter(archived=True)).records] == ["changed"]
    storage.reset()
    assert tenant.list(Filter(archived=True)).records == []


def test_what_the_guard_holds_back_is_not_found_not_doubled_and_deleted() -> None:
    def hold_back_secrets(new: NewEpisode) -> Admission | None:
        return Admission.quarantine() if "secret" in new.text else None

    tenant = Store(":memory:", embedder=None, guard=hold_back_secrets).tenant("acme")
    storage = EbbmarkStorage(tenant)
    for _ in range(2):
        storage.save([record(1, content="a secret"), record(2)])
    assert [each.text for each in tenant.list(Filter(quarantined=True)).records] == ["a secret", "memory 2"]
    assert storage.get_record("id-1") is None
    assert ids([found for found, _ in storage.search(unit(1))]) == ids(storage.list_records()) == ["id-2"]
    assert storage.count() == 1
    assert storage.delete(record_ids=["id-1"]) == 1
    storage.save([record(3, content="a secret")])
    storage.reset()
    assert tenant.list(Filter(quarantined=True)).records == []


def test_a_page_of_a_list_is_all_that_is_read_as_memories(
    storage: EbbmarkStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def make(**fields: Any) -> MemoryRecord:
        made.append(fields["id"])
        return MemoryRecord(**fields)

    storage.save([record(number, metadata={"odd": number % 2}) for number in range(9)])
    monkeypatch.setattr("ebbmark.crewai.MemoryRecord", make)
    assert ids(storage.list_records(limit=2, offset=1)) == made == ["id-7", "id-6"]
    info = storage.get_scope_info("/")
    assert (info.record_count, info.oldest_record) == (9, START)
    assert info.newest_record == START + timedelta(minutes=8)
    assert storage.delete(metadata_filter={"odd": 1}, older_than=START + timedelta(minutes=5)) == 2
    assert len(made) == 2


def test_one_tenant_does_not_wait_for_another() -> None:
    asked, saved = Event(), Event()
    in_time: list[bool] = []

    def wait(new: NewEpisode) -> None:
        if "slow" in new.text:
            asked.set()
            in_time.append(saved.wait(10))

    store = Store(":memory:", embedder=None, guard=wait)
    slow, quick = (EbbmarkStorage(store.tenant(name)) for name in ("slow", "quick"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.save, [record(1, content="slow")])
        assert asked.wait(10)
        quick.save([record(1)])
        saved.set()
        waiting.result()
    assert in_time == [True]


def test_an_asynchronous_tenant_is_refused(tenant: Tenant) -> None:
    with pytest.raises(TypeError, match="sync"):
        EbbmarkStorage(AsyncTenant(tenant))


def test_a_scope_is_a_path(storage: EbbmarkStorage) -> None:
    storage.save(
        [record(1, scope="/a"), record(2, scope="/ab"), record(3, scope="/a/b"), record(4, scope="a//b/")]
    )
    assert sorted(ids(storage.list_records("/a"))) == ["id-1", "id-3", "id-4"]
    assert sorted(ids(storage.list_records("a/"))) == ["id-1", "id-3", "id-4"]
    assert storage.list_scopes("/a") == ["/a/b"]
    assert storage.get_record("id-4") == record(4, scope="a//b/", embedding=None)
    storage.reset("/a")
    assert ids(storage.list_records()) == ["id-2"]


def test_only_what_fits_everything_that_is_given_is_deleted(storage: EbbmarkStorage) -> None:
    storage.save([record(0), *[record(number, scope="/a", categories=["c"]) for number in (1, 2, 3)]])
    assert storage.delete(record_ids=[]) == 0
    assert storage.delete("/b") == 0
    storage.save([record(9, metadata={"k": 1})])
    assert storage.delete(metadata_filter={"k": None}, record_ids=["id-9"]) == 0
    assert storage.delete(metadata_filter={"k": 1}) == 1
    assert storage.delete("/a", record_ids=["id-0", "unknown"]) == 0
    assert storage.delete("/a", older_than=START + timedelta(minutes=2)) == 1
    assert storage.delete(categories=["c"], record_ids=["id-2", "id-2"]) == 1
    assert sorted(ids(storage.list_records())) == ["id-0", "id-3"]
    assert storage.delete(older_than=datetime(2026, 1, 1, 0, 0, 30, tzinfo=UTC)) == 1


def test_metadata_is_compared_as_python_does(storage: EbbmarkStorage) -> None:
    values: list[Any] = [1, 1.0, True, "1", None, [1, 2], {"x": {"y": 1}}, 2**80, "", "a.b\0c"]
    storage.save([record(n, metadata={"k.e\0y": value}) for n, value in enumerate(values)])
    storage.save([record(99)])
    for value in [*values, (1, 2), [1.0, True + 1], {"x": {"y": 1.0}}, {}, START]:
        expected = [f"id-{n}" for n, each in enumerate(values) if each == value] + (
            ["id-99"] if value is None else []
        )
        found = storage.search(unit(0), metadata_filter={"k.e\0y": value}, limit=20)
        assert sorted(ids([each for each, _ in found])) == sorted(expected)
    assert [each.metadata for each in reversed(storage.list_records()) if each.metadata] == [
        {"k.e\0y": value} for value in values
    ]


def test_filtered_memories_are_found_behind_many_others(storage: EbbmarkStorage) -> None:
    storage.save([record(n, metadata={"k": 1}) for n in range(300)])
    storage.save([record(n, metadata={"k": None}, embedding=unit(180)) for n in (300, 301)])
    found = storage.search(unit(0), metadata_filter={"k": None}, limit=2)
    assert sorted(ids([each for each, _ in found])) == ["id-300", "id-301"]


def test_what_scores_too_little_is_not_found(storage: EbbmarkStorage) -> None:
    storage.save([record(0), record(60), record(90)])
    found = storage.search(unit(0), min_score=0.49)
    assert [(each.id, round(score, 6)) for each, score in found] == [("id-0", 1.0), ("id-60", 0.5)]


def test_a_known_id_is_replaced_and_keeps_its_history(storage: EbbmarkStorage, tenant: Tenant) -> None:
    storage.save([record(1, content="old"), record(1, content="new", embedding=unit(90))])
    storage.save([record(1, content="newer")])
    assert (storage.count(), storage.get_record("id-1").content) == (1, "newer")  # type: ignore[union-attr]
    [episode] = tenant.list().records
    assert [each.record.text for each in tenant.history(episode.id)] == ["new", "newer"]
    storage.update(record(1, content="newest", embedding=None))
    assert storage.get_record("id-1") == record(1, content="newest", embedding=None)
    assert storage.search(unit(1)) == []
    storage.update(record(2))
    assert storage.get_record("id-2") is not None


def test_vectors_of_other_lengths_are_refused_with_crewais_error(storage: EbbmarkStorage) -> None:
    assert storage.search([1.0, 0.0, 0.0]) == []
    with pytest.raises(EmbeddingDimensionMismatchError):
        storage.save([record(1), record(2, embedding=[1.0, 0.0, 0.0])])
    assert storage.count() == 0
    storage.save([record(1)])
    with pytest.raises(EmbeddingDimensionMismatchError, match="2-dimensional"):
        storage.save([record(2, embedding=[1.0])])
    with pytest.raises(EmbeddingDimensionMismatchError, match="2-dimensional"):
        storage.update(record(1, embedding=[1.0]))
    with pytest.raises(EmbeddingDimensionMismatchError, match="2-dimensional"):
        storage.search([1.0])
    assert ids(storage.list_records()) == ["id-1"]


@pytest.mark.parametrize("embedding", [None, [], [0.0, 0.0]])
def test_a_memory_without_a_direction_is_kept(storage: EbbmarkStorage, embedding: list[float] | None) -> None:
    storage.save([record(1, embedding=embedding), record(2)])
    assert sorted(ids(storage.list_records())) == ["id-1", "id-2"]
    assert ids([each for each, _ in storage.search(unit(0))]) == ["id-2"]


@given(st.text(), st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False) | st.integers()))
def test_any_memory_comes_back_as_it_is(content: str, metadata: dict[str, Any]) -> None:
    storage = EbbmarkStorage(Store(":memory:", embedder=None).tenant("acme"))
    kept = record(1, content=content, metadata=metadata, source="s", private=True, importance=0.1)
    storage.save([kept])
    kept.embedding = None
    assert storage.get_record("id-1") == kept


def test_what_does_not_fit_is_refused_and_nothing_of_it_is_kept(storage: EbbmarkStorage) -> None:
    with pytest.raises(EbbmarkError, match="16384 bytes"):
        storage.save([record(1), record(2, metadata={"k": "x" * 20_000})])
    with pytest.raises(EbbmarkError, match="1048576 bytes"):
        storage.save([record(1, content="x" * 2**21)])
    with pytest.raises(TypeError, match="not JSON serializable"):
        storage.save([record(1, metadata={"k": object()})])
    assert storage.count() == 0
    with pytest.raises(EbbmarkError, match="1000"):
        storage.search(unit(0), limit=1001)


def test_the_asynchronous_calls_do_the_same(storage: EbbmarkStorage) -> None:
    async def run() -> tuple[list[tuple[MemoryRecord, float]], int]:
        await storage.asave([record(1, categories=["c"]), record(2)])
        return await storage.asearch(unit(0), categories=["c"]), await storage.adelete(categories=["c"])

    found, deleted = asyncio.run(run())
    assert (ids([each for each, _ in found]), deleted, storage.count()) == (["id-1"], 1, 1)


# CrewAI's own storage, with the same operations. Left out is where that does not do what it says: scopes that begin alike
# are one to it, deleting a scope takes what is in `/` along, and an id that is saved twice is there twice.

scopes = st.sampled_from(["/a", "/a/x", "/a/x/deep", "/b", "/b/y"])
places = st.sampled_from([None, "/", "/a", "/a/", "/a/x", "/b", "/c"])
some_tags = st.lists(st.sampled_from(["red", "green", "blue"]), min_size=1, max_size=2, unique=True)
tags: st.SearchStrategy[list[str]] = st.just([]) | some_tags
values = st.sampled_from([1, "x", True, None, [1]])
some_facts = st.dictionaries(st.sampled_from(["k", "l"]), values, min_size=1, max_size=2)
facts: st.SearchStrategy[dict[str, Any]] = st.just({}) | some_facts
numbers = st.integers(0, 29)
moments = numbers.map(lambda number: START + timedelta(minutes=number, seconds=30))
searches = st.fixed_dictionaries(
    {"query_embedding": numbers.map(lambda number: unit(number * 7 + 0.3))},
    optional={
        "scope_prefix": places,
        "categories": tags,
        "metadata_filter": facts,
        "min_score": st.sampled_from([0.0, 0.41, 0.83]),
    },
).map(lambda asked: asked | {"limit": 30})
deletions = st.one_of(
    st.fixed_dictionaries({"record_ids": st.lists(numbers.map("id-{}".format), min_size=1, max_size=3)}),
    st.fixed_dictionaries({"scope_prefix": scopes}),
    st.fixed_dictionaries({"older_than": moments}),
    st.fixed_dictionaries({"scope_prefix": scopes, "categories": some_tags, "older_than": moments}),
    st.fixed_dictionaries({"scope_prefix": scopes, "metadata_filter": some_facts}),
)
saved = st.lists(
    st.tuples(numbers, st.fixed_dictionaries({"scope": scopes, "categories": tags, "metadata": facts})),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each[0],
)
operations = st.one_of(
    st.tuples(st.just("save"), saved),
    st.tuples(st.just("update"), saved),
    st.tuples(st.just("search"), searches),
    st.tuples(st.just("delete"), deletions),
    st.tuples(st.just("list_records"), st.tuples(places, st.integers(-1, 5), st.integers(-1, 5))),
    st.tuples(st.just("reset"), scopes),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(operations, min_size=3, max_size=12))
def test_the_same_operations_give_the_same_as_crewais_own_storage(script: list[tuple[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        theirs = LanceDBStorage(folder, vector_dim=2, compact_every=0)
        ours = EbbmarkStorage(Store(":memory:", embedder=None).tenant("acme"))
        for name, given in script:
            assert answer(ours, name, given) == answer(theirs, name, given), name
        assert state(ours) == state(theirs)


def answer(storage: Any, name: str, given: Any) -> Any:
    match name:
        case "save" | "update":
            known = {each.id for each in storage.list_records()}
            records = [record(number, embedding=unit(number * 7), **fields) for number, fields in given]
            for each in records:
                if (each.id in known) == (name == "update"):
                    storage.update(each) if name == "update" else storage.save([each])
            return None
        case "search":
            found = storage.search(**given)
            return [(told(each), pytest.approx(score, abs=2e-6)) for each, score in found]
        case "delete":
            return storage.delete(**given)
        case "list_records":
            return [told(each) for each in storage.list_records(*given)]
    return storage.reset(given)


def state(storage: Any) -> Any:
    """All that the other calls tell."""
    asked = ["/", "/a", "/a/x", "/b", "/c"]
    return (
        [told(each) for each in storage.list_records()],
        [
            told(found) if (found := storage.get_record(f"id-{number}")) else None
            for number in range(0, 30, 5)
        ],
        [storage.get_scope_info(scope) for scope in asked],
        [storage.list_scopes(scope) for scope in asked],
        [storage.list_categories(scope) for scope in [None, *asked]],
        [storage.count(scope) for scope in [None, *asked]],
    )


def told(each: MemoryRecord) -> MemoryRecord:
    """A record without its embedding, which is not given back."""
    return each.model_copy(update={"embedding": None})


def test_without_the_framework_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "crewai.memory.types", None)
    monkeypatch.delitem(sys.modules, "ebbmark.crewai")
    with pytest.raises(ImportError, match=r'pip install "ebbmark\[crewai\]"'):
        importlib.import_module("ebbmark.crewai")
