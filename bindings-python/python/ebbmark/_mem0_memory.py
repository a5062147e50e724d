"""The memory behind `ebbmark.mem0`: messages are kept, found, changed and deleted as mem0 does it.

    from ebbmark._mem0_memory import Memory

    with Memory(path=":memory:") as memory:
        memory.add("I moved to Porto.", user_id="mara")
        assert memory.get_all(filters={"user_id": "mara"})["results"][0]["memory"] == "I moved to Porto."

Programs import it from `ebbmark.mem0`.
"""

# Programs catch ValueError, as mem0 raises it, also for what is of a wrong type.
# ruff: noqa: TRY004

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ebbmark import Atom, Episode, Filter, NotFoundError, Store, Tenant
from ebbmark._mem0_config import IN_MEMORY, Settings
from ebbmark._mem0_filters import EXPIRATION, check_characters, filter_of, scope_of
from ebbmark._mem0_messages import HASH, day, fields_of, hash_of, messages_of, own_fields, transcript
from ebbmark._mem0_reads import PAGE, fact_rows, find, found, kept_before, records_of
from ebbmark._mem0_rows import Row, event_row, find_row, history_rows, holds, row_of

Messages = str | Mapping[str, Any] | Sequence[Mapping[str, Any]]

# What a parameter is that was not given, where None means something.
UNSET: Any = object()

_PROCEDURAL = "procedural_memory"
# Threads that `delete_all` deletes with.
_DELETERS = 8


class Memory:
    """Memories of users, agents and runs in one file, with the interface of mem0.

    `config` is a dict as mem0's (or its `MemoryConfig`). It may name the file (`path`, or
    `vector_store.config.path`: a folder), a collection (`vector_store.config.collection_name`: a tenant of
    the file), and give callables as `embedder` (texts to vectors) and `reranker` (question and texts to
    scores). The rest is told about in one UserWarning. `path` goes before what `config` says; without both it
    is `memory.ebb` in the folder `EBBMARK_DIR`, else in `~/.ebbmark`; ":memory:" keeps everything in memory.

    Bad input raises ValueError; a file that is open elsewhere `ebbmark.LockedError`. Methods may be called by
    several threads at once.
    """

    def __init__(self, config: Any = None, *, path: str | os.PathLike[str] | None = None) -> None:
        settings = Settings.of(config, path)
        if settings.path != IN_MEMORY:
            Path(settings.path).parent.mkdir(parents=True, exist_ok=True)
        self._store = Store(settings.path, embedder=settings.embedder, reranker=settings.reranker)
        self._name = settings.tenant
        self._tenant = self._store.tenant(self._name)
        self._revising = threading.Lock()
        self._told: set[str] = set()

    @classmethod
    def from_config(cls, config_dict: Mapping[str, Any]) -> Self:
        """A memory as a configuration of mem0 says."""
        return cls(config_dict)

    @property
    def tenant(self) -> Tenant:
        """The tenant that holds the memories: facts, profiles, contexts, and what else Ebbmark does."""
        return self._tenant

    def add(
        self,
        messages: Messages,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        metadata: Mapping[str, Any] | None = None,
        timestamp: datetime | float | str | None = None,
        expiration_date: Any = None,
        infer: bool = True,
        memory_type: str | None = None,
        prompt: str | None = None,
        llm: object = None,
    ) -> dict[str, list[Row]]:
        """Keeps messages, each as a memory of its own, and draws facts from those of users. At least one id
        is required.

        The results are, in order: a row `ADD` for each message that is kept; with `infer` a row `NONE` for
        each message at the start of a longer conversation that was kept before and has not expired, so that a
        growing list may be passed again; and a row for each fact that took the place of another: `UPDATE` with its sentence and
        `previous_memory`, or `DELETE` with the sentence that was denied. The id of a fact is good for `get`,
        `history` and `delete`. Instructions (roles `system`, `developer`) and messages without words are not
        kept.

        `metadata`: JSON values; its `created_at` and `expiration_date` count as such. `timestamp`: when it
        was said (ISO 8601, a datetime, or seconds since 1970), now if absent. `expiration_date`: the last day
        (UTC) on which it is found. `memory_type`: "procedural_memory" with an `agent_id` keeps the whole
        conversation as one memory. `prompt` and `llm` mean nothing without an LLM. Raises ValueError for bad
        input.
        """
        scope = scope_of(user_id, agent_id, run_id)
        if memory_type not in (None, _PROCEDURAL):
            raise ValueError(f"memory_type is {memory_type!r}; expected None or {_PROCEDURAL!r}")
        self._tell(*[name for name, value in (("prompt", prompt), ("llm", llm)) if value is not None])
        said, (fields, at) = messages_of(messages), fields_of(metadata, timestamp, expiration_date)
        if memory_type and scope.agent:
            said, fields = transcript(said), fields | {"memory_type": memory_type}
        kept = kept_before(self._tenant, said, scope) if infer else []
        rows = [event_row(memory_id, one, "NONE") for memory_id, one in zip(kept, said, strict=False)]
        new = said[len(kept) :]
        if new:
            receipt = self._tenant.add([one.episode(scope, at, fields) for one in new])
            rows += [
                event_row(memory_id, one, "ADD") for memory_id, one in zip(receipt.ids, new, strict=True)
            ]
            rows += fact_rows(self._tenant, receipt, scope) if infer else []
        return {"results": rows}

    def search(
        self,
        query: str,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        limit: int | None = None,
        top_k: int = 20,
        filters: Mapping[str, Any] | None = None,
        threshold: float | None = None,
        rerank: bool = False,
        explain: bool = False,
        reference_date: Any = None,
        show_expired: bool = False,
        **kwargs: Any,
    ) -> dict[str, list[Row]]:
        """The memories that answer a question, the best first, `top_k` (or `limit`) at most, and
        1000. A message ranks as high as the best of itself and of the facts that hold and were drawn from it.

        Ids are given as arguments or within `filters`; at least one is required. A `score` is between 0 and 1
        and comparable within one search only. `threshold`, 0 to 1, asks for so much likeness (cosine of the
        vectors) of what has a vector. `rerank` asks the reranker of the configuration. `explain` adds
        `score_details`, the parts of the score. Raises ValueError for bad input.
        """
        self._tell(*kwargs)
        if reference_date is not None:
            raise ValueError(
                f"reference_date is {reference_date!r}; expected None; name the time in the "
                f"question, or filter by 'created_at'"
            )
        if not isinstance(query, str) or not query.strip():
            raise ValueError(f"query is {query!r}; expected a question in words")
        check_characters("query", query)
        most = _count(top_k if limit is None else limit)
        least = _share(threshold)
        wanted = filter_of(
            filters, (user_id, agent_id, run_id), show_expired, sort="episode" if rerank else None
        )
        # What is less alike may score more by its words: as mem0, look at four times as many.
        pool = min(most if least is None else max(4 * most, 60), PAGE)
        finds = found(self._tenant, query, wanted, pool, reranked=rerank) if most else []
        alike = [one for one in finds if least is None or one.is_alike(least)]
        return {"results": [find_row(one, explain) for one in alike[:most]]}

    def get(self, memory_id: str) -> Row | None:
        """A memory, or a fact that holds; None if there is none of this id, or the guard holds it back."""
        record = find(self._tenant, memory_id)
        is_shown = (
            holds(record) if isinstance(record, Atom) else record is not None and not record.quarantined
        )
        return row_of(record) | {"score": None} if record is not None and is_shown else None

    def get_all(
        self,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        filters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        top_k: int | None = 20,
        show_expired: bool = False,
        **kwargs: Any,
    ) -> dict[str, list[Row]]:
        """The memories that `filters` accept, by when they were said, the earliest first: the first `top_k` (or
        `limit`), all of them for None. Archived ones and those that the guard holds back are left out, as in
        `search`.
        """
        self._tell(*kwargs)
        asked = top_k if limit is None else limit
        most = None if asked is None else _count(asked)
        wanted = filter_of(filters, (user_id, agent_id, run_id), show_expired)
        return {"results": [row_of(record) for record in records_of(self._tenant, wanted, most)]}

    def update(
        self,
        memory_id: str,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        expiration_date: Any = UNSET,
        data: str | None = None,
    ) -> dict[str, str]:
        """Changes a memory's text (`data` is an older name for it), adds to its metadata, or sets the last
        day on which it is found (None: no last day). Facts that were drawn from the former text stay. Raises
        ValueError for an unknown id, a fact's id, or no change.
        """
        text = data if text is None else text
        check_characters("text", text)
        if text is None and metadata is None and expiration_date is UNSET:
            raise ValueError("update has nothing to change; expected a text, metadata or an expiration_date")
        with self._revising:
            record = self._existing(memory_id)
            if not isinstance(record, Episode):
                raise ValueError(
                    f"{memory_id!r} is a fact; expected the id of a message; add a message that "
                    f"says what holds now"
                )
            fields = dict(record.metadata) | own_fields(metadata, row_of(record))
            if expiration_date is not UNSET:
                fields[EXPIRATION] = expiration_date
            if fields.get(EXPIRATION) is None:
                fields.pop(EXPIRATION, None)
            else:
                fields[EXPIRATION] = day(fields[EXPIRATION])
            fields[HASH] = hash_of(record.text if text is None else text)
            try:
                self._tenant.update(record.id, text=text, metadata=fields)
            except NotFoundError:
                raise _unknown(memory_id) from None
        return {"message": "Memory updated successfully!"}

    def delete(self, memory_id: str) -> dict[str, str]:
        """Deletes a memory with its history and the facts that it alone supported, at once. Raises ValueError
        for an unknown id.
        """
        try:
            self._tenant.delete(self._existing(memory_id).id)
        except NotFoundError:
            raise _unknown(memory_id) from None
        return {"message": "Memory deleted successfully!"}

    def delete_all(
        self,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
    ) -> dict[str, str]:
        """Deletes all memories and facts with these ids. At least one is required: `reset` deletes
        everything.
        """
        scope = scope_of(user_id, agent_id, run_id)
        wanted = Filter(
            user=scope.user,
            agent=scope.agent,
            session=scope.session,
            historical=True,
            quarantined=True,
            archived=True,
        )
        everything = records_of(self._tenant, wanted, None)
        # Deletions at the same time share their writes to the disk.
        with ThreadPoolExecutor(_DELETERS) as several:
            while ids := [record.id for record in islice(everything, PAGE)]:
                list(several.map(self._forget, ids))
        return {"message": "Memories deleted successfully!"}

    def history(self, memory_id: str) -> list[Row]:
        """The versions of a memory, the first one first, without those that the guard holds back; none for an
        unknown id, or one that was deleted: its history goes with it.
        """
        record = find(self._tenant, memory_id)
        revisions = [] if record is None else self._tenant.history(record.id)
        return history_rows([each for each in revisions if not getattr(each.record, "quarantined", False)])

    def reset(self) -> None:
        """Deletes everything: all memories, facts and histories of the collection."""
        self._store.erase_tenant(self._name)
        self._tenant = self._store.tenant(self._name)

    def close(self) -> None:
        """Closes the file. The memory cannot be used afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _forget(self, memory_id: str) -> None:
        """Deletes a record, unless it has gone already: a fact goes with the message that it is from."""
        with suppress(NotFoundError):
            self._tenant.delete(memory_id)

    def _tell(self, *names: str) -> None:
        """Tells once about each argument that means nothing here."""
        new = [name for name in names if name not in self._told]
        self._told.update(new)
        if new:
            message = f"Ebbmark has no use for {', '.join(new)}: no LLM is asked; the call goes on without"
            warnings.warn(message, UserWarning, stacklevel=3)

    def _existing(self, memory_id: object) -> Episode | Atom:
        record = find(self._tenant, memory_id)
        if record is None:
            raise _unknown(memory_id)
        return record


def _unknown(memory_id: object) -> ValueError:
    return ValueError(
        f"there is no memory {memory_id!r}; expected an id that add, search or get_all returned and that was "
        "not deleted since"
    )


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"top_k or limit is {value!r}; expected a whole number from 0 on")
    return value


def _share(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"threshold is {value!r}; expected a number from 0 to 1, or None")
    return float(value)
