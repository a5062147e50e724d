"""`ebbmark.mem0` has the interface of the installed mem0 package.

Broken if a method or a parameter of mem0 is missing or stands elsewhere, if a key of a result is missing,
or if the same filter over the same raw messages gives something else. The real package runs beside, with a
made-up embedder and no network.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ebbmark.mem0 import AsyncMemory, Memory

# Not of the interface: a stub that raises, what only the hosted service does, and a part of mem0's own store.
LEFT_OUT = {"chat", "project", "entity_store"}
# Defaults that differ, and are described in the documentation.
OTHER_DEFAULTS = {("search", "threshold")}


@pytest.fixture(scope="module")
def mem0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEM0_DIR", str(tmp_path_factory.mktemp("mem0")))
        patch.setenv("MEM0_TELEMETRY", "False")
        yield pytest.importorskip(
            "mem0", reason="mem0ai is not installed: the comparison with it is NOT made"
        )


class Counts:
    """An embedder that counts words by their hashes."""

    class config:
        embedding_dims = 16

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        vector = [0.1] * 16
        for word in text.lower().split():
            vector[hashlib.md5(word.encode(), usedforsecurity=False).digest()[0] % 16] += 1.0
        return vector

    def embed_batch(self, texts: list[str], memory_action: str | None = None) -> list[list[float]]:
        return [self.embed(text) for text in texts]


@pytest.fixture
def both(mem0: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Memory]]:
    factory = importlib.import_module("mem0.utils.factory")

    monkeypatch.setattr(factory.EmbedderFactory, "create", lambda *_: Counts())
    monkeypatch.setattr(factory.LlmFactory, "create", lambda *_: object())
    store = {"path": str(tmp_path / "theirs"), "embedding_model_dims": 16, "on_disk": True}
    config = {"vector_store": {"config": store}, "history_db_path": str(tmp_path / "history.db")}
    theirs = mem0.Memory.from_config(config)
    with Memory(path=":memory:") as ours:
        yield theirs, ours
    theirs.vector_store.client.close()
    theirs.close()


MESSAGES = [
    (
        {"role": "user", "content": "I like green tea.", "name": "Mara"},
        {"price": 3, "tags": ["hot", "drink"]},
    ),
    (
        {"role": "assistant", "content": "Green tea is noted."},
        {"price": 12, "topic": "tea", "place": {"city": "Porto"}},
    ),
    ({"role": "user", "content": "My car is red."}, {"price": 250.5, "topic": "cars", "sold": True}),
    ({"role": "user", "content": "Nothing else."}, {}),
]


def fill(memory: Any) -> list[str]:
    ids = []
    for message, metadata in MESSAGES:
        added = memory.add([message], user_id="mara", run_id="r1", metadata=metadata, infer=False)
        ids += [row["id"] for row in added["results"]]
    memory.add("I like green tea, too.", user_id="jonas", infer=False)
    return ids


def methods(cls: type) -> dict[str, inspect.Signature]:
    names = [name for name in vars(cls) if not name.startswith("_") and name not in LEFT_OUT]
    return {name: inspect.signature(getattr(cls, name)) for name in names}


@pytest.mark.parametrize("ours", [Memory, AsyncMemory])
def test_every_method_has_the_parameters_of_mem0(mem0: Any, ours: type) -> None:
    theirs = methods(getattr(mem0, ours.__name__))
    assert {"add", "search", "get", "get_all", "update", "delete", "delete_all", "history", "reset"} <= set(
        theirs
    )
    for name, signature in theirs.items():
        own = inspect.signature(getattr(ours, name)).parameters
        is_awaited = inspect.iscoroutinefunction(getattr(ours, name))
        assert is_awaited == inspect.iscoroutinefunction(getattr(getattr(mem0, ours.__name__), name)), name
        for place, (parameter, wanted) in enumerate(signature.parameters.items()):
            assert parameter in own, f"{name}({parameter})"
            assert own[parameter].kind == wanted.kind, f"{name}({parameter})"
            if wanted.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
                assert list(own)[place] == parameter, f"{name}({parameter})"
            is_plain = isinstance(wanted.default, int | float | str | None)
            if is_plain and (name, parameter) not in OTHER_DEFAULTS:
                assert own[parameter].default == wanted.default, f"{name}({parameter})"


def test_the_parameters_of_the_previous_major_version_are_there() -> None:
    previous = {
        "add": "messages user_id agent_id run_id metadata infer memory_type prompt",
        "search": "query user_id agent_id run_id limit filters threshold rerank",
        "get_all": "user_id agent_id run_id filters limit",
        "update": "memory_id data metadata",
    }
    for cls in (Memory, AsyncMemory):
        for name, parameters in previous.items():
            assert set(parameters.split()) <= set(inspect.signature(getattr(cls, name)).parameters), name


def test_every_result_has_the_keys_of_mem0(both: tuple[Any, Memory]) -> None:
    shapes = []
    for memory in both:
        ids = fill(memory)
        added = memory.add(
            {"role": "user", "content": "I am Ann.", "name": "Ann"}, user_id="ann", infer=False
        )
        changed = memory.update(ids[0], "I like black tea.", metadata={"price": 4})
        wanted = {"user_id": "mara"}
        kept = memory.get_all(filters=wanted)["results"]
        found = memory.search("green tea", filters=wanted)["results"]
        rows = {row["memory"]: row for row in kept}
        assert {row["id"] for row in found} <= set(ids)
        shapes.append(
            {
                "add": [
                    {name: added["results"][0][name] for name in ("memory", "event", "actor_id", "role")}
                ],
                "add keys": set(added["results"][0]),
                "update": set(changed),
                "get": set(memory.get(ids[0]) or {}),
                "get_all": {text: set(row) for text, row in rows.items()},
                "metadata": {text: row["metadata"] for text, row in rows.items()},
                "hash": {text: row["hash"] for text, row in rows.items()},
                "search": set().union(*found),
                "history": [
                    (set(one), one["event"], one["old_memory"], one["new_memory"])
                    for one in memory.history(ids[0])
                ],
                "gone": (memory.delete(ids[0]), memory.get(ids[0])),
                "delete_all": memory.delete_all(user_id="mara"),
                "left": len(memory.get_all(filters=wanted)["results"]),
            }
        )
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"run_id": "r1"},
        {"run_id": "r2"},
        {"role": "user"},
        {"actor_id": "Mara"},
        {"topic": "tea"},
        {"topic": ["tea", "cars"]},
        {"tags": "hot"},
        {"place.city": "Porto"},
        {"sold": True},
        {"price": 3},
        {"price": {"gte": 3, "lt": 100}},
        {"price": {"gt": 3}},
        {"price": {"lte": 12}},
        {"topic": {"eq": "tea"}},
        {"topic": {"ne": "tea"}},
        {"topic": {"in": ["tea", "food"]}},
        {"topic": {"nin": ["tea", "food"]}},
        {"topic": {"contains": "cars"}},
        {"AND": [{"topic": "tea"}, {"price": {"gt": 3}}]},
        {"OR": [{"topic": "tea"}, {"price": 3}]},
        {"NOT": [{"topic": "tea"}]},
        {"NOT": [{"topic": "tea"}, {"price": 3}]},
        {"OR": [{"AND": [{"topic": "tea"}, {"price": 12}]}, {"sold": True}]},
        {"$or": [{"topic": "tea"}, {"price": 3}]},
        {"topic": "*", "price": {"lt": 100}, "OR": [{"topic": "tea"}]},
        {"created_at": {"gte": "2020-01-01T00:00:00+00:00"}},
    ],
)
def test_a_filter_accepts_what_it_accepts_in_mem0(both: tuple[Any, Memory], wanted: dict[str, Any]) -> None:
    kept = []
    for memory in both:
        fill(memory)
        rows = memory.get_all(filters={"user_id": "mara", **wanted})["results"]
        kept.append({row["memory"] for row in rows})
    assert kept[0] == kept[1]


@pytest.mark.parametrize(
    "call",
    [
        lambda memory: memory.search(" ", filters={"user_id": "mara"}),
        lambda memory: memory.search("tea", filters={}),
        lambda memory: memory.search("tea", filters={"user_id": " "}),
        lambda memory: memory.search("tea", filters={"user_id": "mara", "price": {"above": 5}}),
        lambda memory: memory.search("tea", filters={"user_id": "mara", "OR": []}),
        lambda memory: memory.search("tea", filters={"user_id": "mara"}, top_k=-1),
        lambda memory: memory.search("tea", filters={"user_id": "mara"}, threshold=2),
        lambda memory: memory.search("tea", filters={"user_id": "mara"}, reference_date="2026-01-01"),
        lambda memory: memory.get_all(filters={"price": 5}),
        lambda memory: memory.add("tea", user_id="mara", expiration_date="soon"),
        lambda memory: memory.delete("7b8f1c9a-0000-4000-8000-000000000000"),
        lambda memory: memory.update("7b8f1c9a-0000-4000-8000-000000000000", "tea"),
        lambda memory: memory.delete_all(),
    ],
)
def test_what_is_a_value_error_in_mem0_is_one_here(both: tuple[Any, Memory], call: Any) -> None:
    for memory in both:
        with pytest.raises(ValueError):
            call(memory)


def test_a_configuration_object_of_mem0_is_understood(
    mem0: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    MemoryConfig = importlib.import_module("mem0.configs.base").MemoryConfig

    monkeypatch.setenv("EBBMARK_DIR", str(tmp_path / "default"))
    Memory(MemoryConfig()).close()
    assert (tmp_path / "default" / "memory.ebb").exists()
    store = {"config": {"path": str(tmp_path / "named"), "collection_name": "support"}}
    Memory(MemoryConfig(vector_store=store)).close()
    assert (tmp_path / "named" / "memory.ebb").exists()
    server = {"provider": "qdrant", "config": {"host": "localhost", "port": 6333}}
    monkeypatch.setenv("EBBMARK_DIR", str(tmp_path / "server"))
    with pytest.warns(UserWarning, match=r"vector_store\.config\.host"):
        Memory(MemoryConfig(vector_store=server)).close()
    assert (tmp_path / "server" / "memory.ebb").exists()
