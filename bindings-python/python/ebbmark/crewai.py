"""A storage of CrewAI's memory over a tenant.

    import ebbmark
    from crewai import Crew, Memory
    from ebbmark.crewai import EbbmarkStorage

    store = ebbmark.Store("memory.ebb", embedder=None)  # CrewAI brings the vectors
    memory = Memory(storage=EbbmarkStorage(store.tenant("acme")))
    crew = Crew(agents=[...], tasks=[...], memory=memory)
    store.tenant("acme").search("what was decided about the launch")  # by its words, without CrewAI

Every memory is an episode of the role `assistant`, from which no claims are drawn, with CrewAI's fields in its metadata
under `crewai`: 16 KiB at most for one memory. Scopes are paths: `/a` has `/a` and `/a/b` in it, and not `/ab`.
"""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, cast

try:
    from crewai.memory.storage.backend import EmbeddingDimensionMismatchError
    from crewai.memory.types import MemoryRecord, ScopeInfo
    from crewai.memory.utils import normalize_scope_path
except ImportError as error:
    raise ImportError('ebbmark.crewai needs the crewai package: pip install "ebbmark[crewai]"') from error

from ebbmark import Condition, Episode, Filter, Hit, NewEpisode, Tenant, field
from ebbmark._episodes import episodes

from ._handles import plain
from ._locks import lock_of
from ._verbatim import shield, unshield

__all__ = ["EbbmarkStorage"]

_FIELD = "crewai"
_HITS_MAX = 1000


class EbbmarkStorage:
    """CrewAI's `StorageBackend` over a tenant, for `Memory(storage=...)`.

    The store should be opened with `embedder=None`, for vectors come from CrewAI's embedder; all have the same number of
    dimensions. Memories that other programs keep in the tenant are left alone: only what was saved here is found here.
    Archived memories are found as the others. Those that the store's guard holds back are neither found nor counted; their ids
    are known all the same, and they are deleted with the others.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = plain(tenant)
        # Held by who looks for a memory and then writes it. Handles with other labels may see the same memory.
        self._writing = lock_of("crewai", tenant.id)

    def __deepcopy__(self, memo: dict[int, Any]) -> "EbbmarkStorage":
        """A storage over the same tenant; a copy of a `Memory` remembers the same."""
        return EbbmarkStorage(self._tenant)

    def save(self, records: list[MemoryRecord]) -> None:
        """Keeps memories; one whose id is known takes the place of that one, with its history.

        `EmbeddingDimensionMismatchError` if an embedding has another length than those that the tenant ever had; a tenant
        that was erased, or another one, takes those of another embedder.
        """
        latest = {record.id: record for record in records}
        with self._writing:
            known = {record_id: self._find(record_id) for record_id in latest}
            fresh = [record for record in latest.values() if known[record.id] is None]
            self._check_dimensions(record.embedding for record in latest.values() if record.embedding)
            if fresh:
                self._tenant.add([_new_episode(record) for record in fresh])
            for record in latest.values():
                if episode := known[record.id]:
                    self._revise(episode, record)

    def update(self, record: MemoryRecord) -> None:
        """Replaces the memory of that id by a new version, or keeps it if there is none.

        Without an embedding, the vector of the text stays if the text does.
        """
        self.save([record])

    def search(
        self,
        query_embedding: list[float],
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        metadata_filter: dict[str, Any] | None = None,
        limit: int = 10,
        min_score: float = 0.0,
    ) -> list[tuple[MemoryRecord, float]]:
        """The memories nearest to a vector with their scores, best first.

        A score is 1 / (1 + d²), where d is the distance of both vectors scaled to length 1: from 0.2 for opposite
        directions over 0.33 for unrelated ones to 1. At most 1000 memories.
        """
        wanted, size = _filter(scope_prefix, categories, metadata_filter), limit
        while size > 0:
            hits = self._nearest(query_embedding, wanted, size)
            found = [
                (self._record(hit.record), _score(hit)) for hit in hits if isinstance(hit.record, Episode)
            ]
            fitting = [
                (record, score)
                for record, score in found
                if score >= min_score and _has(record.metadata, metadata_filter)
            ]
            are_all = len(hits) < size or size == _HITS_MAX or _score(hits[-1]) < min_score
            if len(fitting) >= limit or are_all:
                return fitting[:limit]
            size = min(size * 4, _HITS_MAX)
        return []

    def delete(
        self,
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        record_ids: list[str] | None = None,
        older_than: datetime | None = None,
        metadata_filter: dict[str, Any] | None = None,
    ) -> int:
        """Deletes the memories that fit everything that is given, and tells how many. No ids at all (`[]`) fit nothing.

        A moment without a time zone is taken as UTC, as CrewAI writes them.
        """
        ids = [None] if record_ids is None else list(dict.fromkeys(record_ids))
        with self._writing:
            wanted = [
                _filter(scope_prefix, categories, metadata_filter, each, quarantined=True) for each in ids
            ]
            fitting = [
                episode
                for each in wanted
                for episode in episodes(self._tenant, each)
                if _has(_fields(episode)["metadata"], metadata_filter)
                and (older_than is None or _created_at(episode) < _moment(older_than))
            ]
            for episode in fitting:
                self._tenant.delete(episode.id)
        return len(fitting)

    def get_record(self, record_id: str) -> MemoryRecord | None:
        """A memory, without its embedding."""
        episode = self._find(record_id)
        return self._record(episode) if episode and not episode.quarantined else None

    def list_records(
        self, scope_prefix: str | None = None, limit: int = 200, offset: int = 0
    ) -> list[MemoryRecord]:
        """The memories of a scope and those below it, newest first."""
        if limit <= 0 or offset < 0:
            return []
        listed = sorted(episodes(self._tenant, _filter(scope_prefix)), key=_created_at, reverse=True)
        return [self._record(episode) for episode in listed[offset : offset + limit]]

    def get_scope_info(self, scope: str) -> ScopeInfo:
        """How many memories a scope and those below it have, of which categories, from when to when."""
        found = sorted(episodes(self._tenant, _filter(scope)), key=_created_at)
        dates = [_date(episode) for episode in (*found[:1], *found[-1:])]
        return ScopeInfo(
            path=scope.rstrip("/") or "/",
            record_count=len(found),
            categories=sorted({category for episode in found for category in _kept(episode)["categories"]}),
            oldest_record=dates[0] if dates else None,
            newest_record=dates[-1] if dates else None,
            child_scopes=_children(found, scope),
        )

    def list_scopes(self, parent: str = "/") -> list[str]:
        """The scopes directly below one, sorted."""
        return _children(episodes(self._tenant, _filter(parent)), parent)

    def list_categories(self, scope_prefix: str | None = None) -> dict[str, int]:
        """The categories of a scope and those below it, with how many memories have each."""
        counts: dict[str, int] = {}
        for episode in episodes(self._tenant, _filter(scope_prefix)):
            for category in _kept(episode)["categories"]:
                counts[category] = counts.get(category, 0) + 1
        return counts

    def count(self, scope_prefix: str | None = None) -> int:
        """How many memories a scope and those below it have."""
        [roles] = self._tenant.facets(["role"], filter=_filter(scope_prefix))
        return sum(count for _, count in roles.values)

    def reset(self, scope_prefix: str | None = None) -> None:
        """Deletes the memories of a scope and those below it; all of them without a scope."""
        self.delete(scope_prefix)

    def touch_records(self, record_ids: list[str]) -> None:
        """Tells the tenant that these memories were used, which sets `last_accessed` and keeps them from fading."""
        episodes = [self._find(record_id) for record_id in record_ids]
        self._tenant.mark_used([episode.id for episode in episodes if episode])

    async def asave(self, records: list[MemoryRecord]) -> None:
        """`save` in a thread."""
        await asyncio.to_thread(self.save, records)

    async def asearch(
        self,
        query_embedding: list[float],
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        metadata_filter: dict[str, Any] | None = None,
        limit: int = 10,
        min_score: float = 0.0,
    ) -> list[tuple[MemoryRecord, float]]:
        """`search` in a thread."""
        return await asyncio.to_thread(
            self.search, query_embedding, scope_prefix, categories, metadata_filter, limit, min_score
        )

    async def adelete(
        self,
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        record_ids: list[str] | None = None,
        older_than: datetime | None = None,
        metadata_filter: dict[str, Any] | None = None,
    ) -> int:
        """`delete` in a thread."""
        return await asyncio.to_thread(
            self.delete, scope_prefix, categories, record_ids, older_than, metadata_filter
        )

    def _find(self, record_id: str) -> Episode | None:
        """The episode of an id, also if the guard holds it back."""
        return next(episodes(self._tenant, _filter("/", record_id=record_id, quarantined=True), 1), None)

    def _nearest(self, vector: list[float], wanted: Filter, limit: int) -> list[Hit]:
        self._check_dimensions([vector])
        return self._tenant.search(vector=vector, filter=wanted, limit=limit)

    def _check_dimensions(self, vectors: Iterable[list[float]]) -> None:
        """Refuses vectors that are not as long as each other and as those that are, or were, kept."""
        space = self._tenant.stats().space
        dimensions = space.dimensions if space else None
        for vector in vectors:
            dimensions = dimensions or len(vector)
            if len(vector) != dimensions:
                raise EmbeddingDimensionMismatchError(dimensions, len(vector))

    def _revise(self, episode: Episode, record: MemoryRecord) -> None:
        vector, text = _vector(record), shield(record.content)
        metadata, importance = _metadata(record), record.importance
        if text == episode.text and not vector:
            self._tenant.update(episode.id, metadata=metadata, importance=importance)
        else:
            self._tenant.update(
                episode.id, text=text, vector=vector, metadata=metadata, importance=importance
            )

    def _record(self, episode: Episode) -> MemoryRecord:
        record = MemoryRecord(id=_kept(episode)["id"], content=unshield(episode.text), **_fields(episode))
        used_at = self._tenant.memory(episode.id).used_at
        if used_at and used_at > _moment(record.last_accessed):
            is_naive = record.last_accessed.tzinfo is None
            record.last_accessed = used_at.astimezone(UTC).replace(tzinfo=None) if is_naive else used_at
        return record


def _new_episode(record: MemoryRecord) -> NewEpisode:
    return NewEpisode(
        shield(record.content),
        role="assistant",
        occurred_at=_moment(record.created_at),
        importance=record.importance,
        metadata=_metadata(record),
        vector=_vector(record),
    )


def _kept(episode: Episode) -> dict[str, Any]:
    return cast(dict[str, Any], episode.metadata[_FIELD])


def _fields(episode: Episode) -> dict[str, Any]:
    """A memory but its id and content, as JSON has it."""
    return cast(dict[str, Any], json.loads(_kept(episode)["record"]))


def _date(episode: Episode) -> datetime:
    return datetime.fromisoformat(_fields(episode)["created_at"])


def _created_at(episode: Episode) -> datetime:
    return _moment(_date(episode))


def _vector(record: MemoryRecord) -> list[float] | None:
    """Its embedding, if that points anywhere."""
    return record.embedding if record.embedding and any(record.embedding) else None


def _metadata(record: MemoryRecord) -> dict[str, Any]:
    """What a memory is looked up by, and all of it but its id and content as JSON."""
    whole = {
        "scope": record.scope,
        "categories": record.categories,
        "metadata": record.metadata,
        "importance": record.importance,
        "created_at": record.created_at.isoformat(),
        "last_accessed": record.last_accessed.isoformat(),
        "source": record.source,
        "private": record.private,
    }
    kept = {
        "id": record.id,
        "scopes": _scopes(record.scope),
        "categories": record.categories,
        "fields": [_digest(key, value) for key, value in record.metadata.items()],
        "record": json.dumps(whole, ensure_ascii=False),
    }
    return {_FIELD: kept}


def _scopes(scope: str) -> list[str]:
    """A scope's path and those above it, `/` first."""
    parts = [part for part in normalize_scope_path(scope).split("/") if part]
    return ["/", *("/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1))]


def _filter(
    scope: str | None,
    categories: list[str] | None = None,
    metadata: dict[str, Any] | None = None,
    record_id: str | None = None,
    *,
    quarantined: bool = False,
) -> Filter:
    """Lets through what is in a scope, has one of the categories, may have all of the metadata, and has the id; what the guard
    holds back only if it is asked for."""
    exact = {f"{_FIELD}.scopes": _scopes(scope or "/")[-1]}
    if record_id is not None:
        exact[f"{_FIELD}.id"] = record_id
    conditions = [
        field(f"{_FIELD}.fields") == _digest(key, value)
        for key, value in (metadata or {}).items()
        if value is not None
    ]
    if categories:
        conditions.append(field(f"{_FIELD}.categories").one_of(categories))
    where = Condition.all(conditions) if conditions else None
    return Filter(metadata=exact, where=where, quarantined=quarantined, archived=True)


def _has(metadata: dict[str, Any], wanted: dict[str, Any] | None) -> bool:
    """Whether metadata has all that is wanted; a field that is `None` may also be absent."""
    return all(metadata.get(key) == value for key, value in (wanted or {}).items())


def _digest(key: str, value: Any) -> str:
    """A short text that is the same for equal fields."""
    told = json.dumps([key, _canonical(value)], sort_keys=True, default=repr)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _canonical(value: Any) -> Any:
    """A JSON value, the same for all that are equal in Python: `1`, `1.0` and `True` are."""
    match value:
        case bool():
            return int(value)
        case float() if value.is_integer():
            return int(value)
        case list() | tuple():
            return [_canonical(each) for each in value]
        case dict():
            return {key: _canonical(each) for key, each in value.items()}
    return value


def _moment(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _score(hit: Hit) -> float:
    """From the cosine of two vectors, by their squared distance at length 1."""
    return 1.0 / (1.0 + max(0.0, 2.0 - 2.0 * hit.score))


def _children(episodes: Iterable[Episode], parent: str) -> list[str]:
    depth = len(_scopes(parent))
    paths = (_kept(episode)["scopes"] for episode in episodes)
    return sorted({path[depth] for path in paths if len(path) > depth})
