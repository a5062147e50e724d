"""What a configuration written for mem0 means: which file, which tenant, and the program's own models.

    from ebbmark._mem0_config import Settings

    config = {"vector_store": {"config": {"path": "/var/lib/agent", "collection_name": "support"}}}
    settings = Settings.of(config, None)
    assert (settings.path, settings.tenant) == ("/var/lib/agent/memory.ebb", "support")

What cannot mean anything without an LLM and a vector database is told about, and left out.
"""

# Programs catch ValueError, as mem0 raises it, also for what is of a wrong type.
# ruff: noqa: TRY004

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "memory.ebb"
IN_MEMORY = ":memory:"
_TENANT = "mem0"
_MODELS = ("embedder", "reranker")
_PLACES = ("path", "vector_store.config.path", "vector_store.config.collection_name")


@dataclass(frozen=True)
class Settings:
    """What of a configuration is used.

    `path`: the file, or ":memory:". `tenant`: the collection's name, "mem0" unless it is given. `embedder`: a
    callable from texts to vectors, or "built-in". `reranker`: a callable from a question and texts to scores,
    or None.
    """

    path: str
    tenant: str
    embedder: Any
    reranker: Callable[..., Any] | None

    @classmethod
    def of(cls, config: object, path: str | os.PathLike[str] | None) -> Settings:
        """Reads a dict, or an object with `model_dump` as mem0's own `MemoryConfig`; what cannot mean
        anything is told about in one UserWarning. ValueError for anything else, and for a path that is no
        text.
        """
        given = _as_dict(config)
        store = _section(_section(given, "vector_store"), "config")
        embedder, reranker = given.get("embedder"), given.get("reranker")
        _tell_of_unused(given)
        return cls(
            path=_file(path or given.get("path"), store.get("path")),
            tenant=str(store.get("collection_name") or _TENANT),
            embedder=embedder if callable(embedder) else "built-in",
            reranker=reranker if callable(reranker) else None,
        )


def default_path() -> str:
    """The file that is used where none is named: `memory.ebb` in the folder `EBBMARK_DIR`, else in
    `~/.ebbmark`.
    """
    return str(Path(os.environ.get("EBBMARK_DIR") or Path.home() / ".ebbmark") / FILE)


def _as_dict(config: object) -> Mapping[str, Any]:
    if config is None or isinstance(config, Mapping):
        return config or {}
    dump = getattr(config, "model_dump", None)
    if not callable(dump):
        raise ValueError(
            f"the configuration is a {type(config).__name__}; expected a dict as mem0's, such as "
            "{'path': 'memory.ebb'}"
        )
    given: dict[str, Any] = dump(exclude_unset=True, warnings=False)
    store = _section(given, "vector_store")
    # mem0 fills in this folder where a program names none.
    if _section(store, "config").get("path") == f"/tmp/{store.get('provider')}":
        del given["vector_store"]["config"]["path"]
    return given


def _section(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = given.get(name)
    return section if isinstance(section, Mapping) else {}


def _file(path: object, folder: object) -> str:
    """The file: the one that is named, else one in the folder of the vector store, else the default one."""
    if path is None and folder is not None and folder != IN_MEMORY:
        path = Path(str(folder)) / FILE
    path = path or folder or default_path()
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"the path is {path!r}; expected the name of a file, or {IN_MEMORY!r}")
    return os.fspath(path) if path == IN_MEMORY else str(Path(path).expanduser())


def _tell_of_unused(given: Mapping[str, Any]) -> None:
    unused = [name for name, value in _leaves(given, "") if not _is_used(name, value)]
    if unused:
        warnings.warn(
            f"Ebbmark has no use for these settings of mem0: {', '.join(unused)}. It draws facts by rule, "
            "has its own embedder, and keeps everything in one file; to bring your own models, give "
            "callables as 'embedder' and 'reranker'",
            UserWarning,
            stacklevel=5,
        )


def _is_used(name: str, value: object) -> bool:
    is_model = name in _MODELS and callable(value)
    is_this_version = (name, value) == ("version", "v1.1")
    return value is None or is_model or is_this_version or name in _PLACES


def _leaves(given: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """Every setting with its dotted name, without what stands in sections around it."""
    for name, value in given.items():
        dotted = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{dotted}.")
        else:
            yield dotted, value
