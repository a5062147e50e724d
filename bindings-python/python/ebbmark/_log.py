"""An ordered log of JSON values in a session of a tenant: for chat histories and agent sessions.

An entry is one episode. Its text is what a reader would read of the value, so that it is found by its words;
the shape of the value, without that text, is in its metadata. Nothing is kept twice, so that a guard that
redacts the text redacts the value::

    log = Log(tenant, kind="openai_agents", session="monday", learn=False)
    log.append([Entry({"role": "user", "content": "I moved to Porto."}, "user")])
    assert log.read() == [{"role": "user", "content": "I moved to Porto."}]
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from ebbmark import Episode, Filter, NewEpisode, NotFoundError, Role, Scope, Tenant
from ebbmark._episodes import episodes
from ebbmark._handles import plain
from ebbmark._json import (
    FIELD_BYTES_MAX,
    TEXT_BYTES_MAX,
    QuarantinedError,
    add_pieces,
    delete_pieces,
    kept_whole,
    read_pieces,
    shortened,
    stable_json,
)
from ebbmark._verbatim import is_stable

# Deletions that wait for the disk together; the store makes one write of many.
_DELETIONS_AT_ONCE = 32

# How a string stands in a shape: itself, or the next leaf of the text, or the next leaf with JSON's escapes.
_HERE, _LEAF, _ESCAPED = "=", "~", "^"
_BETWEEN_LEAVES = "\n\x1e"
# Fields whose strings tell what sort of thing a value is, not what was said: short words in them stay in the
# shape, where no search and no guard's redaction reaches. All others are text.
_STRUCTURE = frozenset(
    [
        "type",
        "role",
        "id",
        "call_id",
        "tool_call_id",
        "index",
        "status",
        "name",
        "object",
        "phase",
        "detail",
        "mime_type",
        "model",
        "model_name",
        "model_provider",
        "finish_reason",
        "stop_reason",
        "service_tier",
        "system_fingerprint",
    ]
)
# Fields whose values have structure; in all others (arguments, outputs) any field may hold what was said.
_CONTAINERS = frozenset(
    [
        "data",
        "content",
        "tool_calls",
        "invalid_tool_calls",
        "tool_call_chunks",
        "summary",
        "response_metadata",
    ]
)
_WORD_MAX = 64

_Path = tuple[str, ...]

# Taking the last entry is reading it and deleting it: only one at a time may do so.
_taking = threading.Lock()


@dataclass(frozen=True)
class Entry:
    """A JSON value, and who it comes from."""

    value: Any
    role: Role


class Log:
    """The entries of one session, in the order in which they were appended.

    `kind` tells the logs of several frameworks in one session apart. With `learn`, entries are in the roles
    that they are given, so that the store draws facts from what users say; without, all are in the role
    `document`, of which its own rules draw none. What has the labels of the handle, and no others, is of this
    log. Entries that a guard quarantined are not shown.
    """

    def __init__(self, tenant: Tenant, *, kind: str, session: str, learn: bool) -> None:
        tenant = plain(tenant)
        if tenant.scope.session not in (None, session):
            raise ValueError(
                f"the tenant's handle is for the session {tenant.scope.session!r}, where {session!r} was "
                "asked for: pass a handle without a session"
            )
        self._tenant, self._kind, self._session, self._learn = tenant, kind, session, learn

    def append(self, entries: Sequence[Entry]) -> None:
        """Appends entries, durably. Up to 64 entries, of 1 MiB in all, are kept whole or not at all.

        Raises TypeError for a value that is no JSON; then nothing is appended.
        """
        if entries:
            packed = [(_Packed.of(entry.value), entry.role) for entry in entries]
            with kept_whole(self._tenant, "pieces") as added:
                self._tenant.add([self._episode(one, role, added) for one, role in packed])

    def read(self, limit: int | None = None) -> list[Any]:
        """The values of the last `limit` entries, or of all, oldest first."""
        return [value for _, value in islice(self._newest(), limit)][::-1]

    def pop(self) -> Any | None:
        """Removes the last entry; its value, or None if there is none."""
        with _taking:
            for record, value in self._newest():
                self._delete(record)
                return value
            return None

    def clear(self) -> None:
        """Deletes all entries for good, those that are quarantined, too."""
        with ThreadPoolExecutor(_DELETIONS_AT_ONCE) as pool:
            list(pool.map(self._delete, self._records()))

    def _records(self) -> list[Episode]:
        """All entries in order. Ids grow with every record that is added, also when the clock is set back."""
        wanted = Filter(session=self._session, metadata={"log": self._kind}, quarantined=True, archived=True)
        handle = self._tenant.scope
        scope = Scope(user=handle.user, agent=handle.agent, session=self._session)
        # A handle without a user's label sees the sessions of all users; its own are those without one.
        own = [record for record in episodes(self._tenant, wanted) if record.scope == scope]
        return sorted(own, key=lambda record: record.id)

    def _newest(self) -> Iterator[tuple[Episode, Any]]:
        """The entries that are not quarantined and their values, newest first."""
        for record in reversed(self._records()):
            if not record.quarantined:
                yield from ((record, value) for value in self._values(record))

    def _episode(self, packed: _Packed, role: Role, added: list[str]) -> NewEpisode:
        metadata: dict[str, Any] = {"log": self._kind}
        if packed.shape is not None:
            metadata["shape"] = packed.shape
        if packed.rest:
            metadata["pieces"] = add_pieces(self._tenant, packed.rest, added)
        return NewEpisode(
            packed.text,
            role=role if self._learn else "document",
            session=self._session,
            metadata=metadata,
        )

    def _values(self, record: Episode) -> list[Any]:
        """The value of an entry that was read; none if it was deleted since, or a piece is quarantined."""
        try:
            return [self._value(record)]
        except QuarantinedError:
            return []
        except NotFoundError:
            try:
                self._tenant.get(record.id)
            except NotFoundError:
                return []
            raise

    def _value(self, record: Episode) -> Any:
        rest = read_pieces(self._tenant, _pieces_of(record))
        shape = cast("str | None", record.metadata.get("shape"))
        if shape is None:
            return _parsed(record.text + rest, record.id)
        return _filled(json.loads(shape), record.text)

    def _delete(self, record: Episode) -> None:
        try:
            self._tenant.delete(record.id)
        except NotFoundError:
            return
        delete_pieces(self._tenant, _pieces_of(record))


def _pieces_of(record: Episode) -> list[str]:
    return cast("list[str]", record.metadata.get("pieces", []))


@dataclass(frozen=True)
class _Packed:
    """A value as text, the rest of a text that is too long, and its shape; without one, the text is JSON."""

    text: str
    rest: str
    shape: str | None

    @staticmethod
    def of(value: Any) -> _Packed:
        text = stable_json(value)
        leaves: list[str] = []
        shape = stable_json(_mapped(json.loads(text), lambda string, path: _taken(string, path, leaves)))
        said = _BETWEEN_LEAVES.join(leaves)
        is_short = len(said.encode()) <= TEXT_BYTES_MAX and len(shape.encode()) <= FIELD_BYTES_MAX
        if said.strip() and is_short:
            return _Packed(said, "", shape)
        head = shortened(text, TEXT_BYTES_MAX)
        return _Packed(head, text[len(head) :], None)


def _mapped(node: Any, change: Callable[[str, _Path], str], path: _Path = ()) -> Any:
    """A JSON value with its strings changed, in order; `change` is given a string and the fields above it."""
    if isinstance(node, str):
        return change(node, path)
    if isinstance(node, list):
        return [_mapped(one, change, path) for one in node]
    if isinstance(node, dict):
        return {name: _mapped(one, change, (*path, name)) for name, one in node.items()}
    return node


def _taken(string: str, path: _Path, leaves: list[str]) -> str:
    """How a string stands in the shape. What is said goes to the leaves; names, ids and types stay."""
    if not string or (_is_word(string) and _is_structure(path)):
        return _HERE + string
    if is_stable(string) and "\x1e" not in string:
        leaves.append(string)
        return _LEAF
    leaves.append(json.dumps(string)[1:-1])
    return _ESCAPED


def _is_word(string: str) -> bool:
    return len(string) <= _WORD_MAX and string.isascii() and not any(char.isspace() for char in string)


def _is_structure(path: _Path) -> bool:
    return bool(path) and path[-1] in _STRUCTURE and _CONTAINERS.issuperset(path[:-1])


def _filled(shape: Any, text: str) -> Any:
    """The value of a shape and the text of its leaves."""
    wanted = 0

    def count(string: str, _: _Path) -> str:
        nonlocal wanted
        wanted += not string.startswith(_HERE)
        return string

    _mapped(shape, count)
    leaves = text.split(_BETWEEN_LEAVES)
    if len(leaves) != wanted:
        # A guard redacted what stood between them: what it left is shown once.
        leaves = [text] + [""] * (wanted - 1)
    return _mapped(shape, _putter(iter(leaves)))


def _putter(leaves: Iterator[str]) -> Callable[[str, _Path], str]:
    def put(string: str, _: _Path) -> str:
        if string.startswith(_HERE):
            return string.removeprefix(_HERE)
        leaf = next(leaves)
        return _unescaped(leaf) if string == _ESCAPED else leaf

    return put


def _unescaped(leaf: str) -> str:
    try:
        return str(json.loads(f'"{leaf}"'))
    except json.JSONDecodeError:
        # A guard redacted within an escape.
        return leaf


def _parsed(text: str, id: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"the text of entry {id} is no JSON any more, where it was when it was appended: it was "
            f"updated, or a guard redacted it ({error}). Delete the record, or update its text to JSON"
        ) from error
