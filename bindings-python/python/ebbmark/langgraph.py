"""A LangGraph store over a tenant of Ebbmark: durable, in one file, searched by words and meaning.

::

    from ebbmark import Store
    from ebbmark.langgraph import EbbmarkStore

    with Store("memory.ebb") as file:
        store = EbbmarkStore(file.tenant("acme"))
        store.put(("users", "mara"), "diet", {"memory": "Mara is allergic to nuts."})
        print(store.search(("users",), query="What can't she eat?")[0].value)
        graph = builder.compile(store=store)  # of any StateGraph

An item is one episode in the role `document`, of which the store's own rules draw no facts; putting it again
makes a new version of the episode (`tenant.history`). Needs `pip install "ebbmark[langgraph]"`.
"""

from __future__ import annotations

import asyncio
import json
import operator
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, cast

from ebbmark import Episode, Filter, NewEpisode, NotFoundError, Tenant, field
from ebbmark._episodes import PAGE_MAX, episodes
from ebbmark._handles import plain
from ebbmark._json import (
    FIELD_BYTES_MAX,
    TEXT_BYTES_MAX,
    QuarantinedError,
    add_pieces,
    delete_pieces,
    kept_whole,
    read_pieces,
    readable,
    shortened,
    stable_json,
)

try:
    from langgraph.store.base import (
        BaseStore,
        GetOp,
        InvalidNamespaceError,
        Item,
        ListNamespacesOp,
        MatchCondition,
        Op,
        PutOp,
        Result,
        SearchItem,
        SearchOp,
        TTLConfig,
        get_text_at_path,
        tokenize_path,
    )
except ImportError as error:
    raise ImportError('ebbmark.langgraph needs LangGraph: pip install "ebbmark[langgraph]"') from error

# The metadata field under which an item's own fields stand.
_ITEM = "langgraph"
# Where an item names the pieces of its value.
_PIECES = f"{_ITEM}.pieces"
# The path of the whole value.
_WHOLE = "$"
# A read prolongs the life of an item only if that gives it at least this share of its time to live: every
# prolongation is a version of the episode, and durable.
_REFRESH_SHARE = 0.01

# Minutes; a thousand years.
_TTL_MAX = 525_960_000

# Whether there is an item has to stay true until it is added, so that puts of one key wait for each other.
# Those of others do not, since an embedder may take its time.
_putting = [threading.Lock() for _ in range(64)]


class EbbmarkStore(BaseStore):
    """A `BaseStore` over one tenant.

    tenant: where items are kept. Its labels narrow what is seen; embedder, guard and clock are those of its
        `Store`.
    fields: the paths whose texts are searched, in LangGraph's syntax ("memory", "chapters[*].title"); "$" is
        the whole value. `put(..., index=[...])` chooses others for an item, `index=False` none.
    ttl: LangGraph's `TTLConfig`: `default_ttl` in minutes, and `refresh_on_read` (true unless said
        otherwise). Items that have expired are never returned; `Store.maintain` and `Store.start_maintenance`
        delete them.
    clock: gives the moment from which times to live are counted, with its time zone; `ManualClock.now` in
        tests.

    All calls may raise EbbmarkError; an invalid namespace is LangGraph's InvalidNamespaceError.
    """

    supports_ttl = True

    def __init__(
        self,
        tenant: Tenant,
        *,
        fields: Sequence[str] = (_WHOLE,),
        ttl: TTLConfig | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        if isinstance(fields, str):
            raise TypeError(
                f"fields is the text {fields!r}, where a list of paths was expected: pass [{fields!r}]"
            )
        if ttl and ttl.get("sweep_interval_minutes") is not None:
            raise ValueError(
                "ttl has a sweep_interval_minutes, but this store starts no thread: leave it out, and call "
                "start_maintenance(every) of the ebbmark.Store, which deletes what has expired"
            )
        self.ttl_config = ttl
        self._tenant, self._fields = plain(tenant), list(fields)
        self._now = clock or (lambda: datetime.now(UTC))

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Does operations: all reads first, then the puts, the last one for each key."""
        results: list[Result] = []
        puts: dict[tuple[tuple[str, ...], str], PutOp] = {}
        ops = list(ops)
        for op in ops:
            _check_labels(op)
        for op in ops:
            if isinstance(op, PutOp):
                puts[(tuple(op.namespace), op.key)] = op
                results.append(None)
            elif isinstance(op, GetOp):
                results.append(self._get(op))
            elif isinstance(op, SearchOp):
                results.append(self._search(op))
            elif isinstance(op, ListNamespacesOp):
                results.append(self._list_namespaces(op))
            else:
                raise ValueError(
                    f"an operation is a {type(op).__name__}, where one of LangGraph's store was expected"
                )
        if puts:
            self._put_all(list(puts.values()))
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Does operations in a thread, as `batch` does."""
        return await asyncio.to_thread(self.batch, list(ops))

    # Reads

    def _get(self, op: GetOp) -> Item | None:
        record = self._find(op.namespace, op.key)
        current = None if record is None else self._current(record)
        if current is None:
            return None
        record, value = current
        if op.refresh_ttl:
            self._refresh([record])
        return Item(**_address_of(record), value=value)

    def _find(self, namespace: Sequence[str], key: str) -> Episode | None:
        fields = {f"{_ITEM}.namespace": _joined(namespace), f"{_ITEM}.key": key}
        page = self._tenant.timeline(Filter(metadata=fields, quarantined=True, archived=True), limit=1)
        return next((record for record in page.records if isinstance(record, Episode)), None)

    def _search(self, op: SearchOp) -> list[SearchItem]:
        if op.limit < 0 or op.offset < 0:
            raise ValueError(
                f"a search has limit {op.limit} and offset {op.offset}, where 0 or more were expected"
            )
        end = op.offset + op.limit
        found = islice(self._matches(op), op.offset, end)
        records, items = [], []
        for record, value, score in found:
            records.append(record)
            items.append(SearchItem(**_address_of(record), value=value, score=score))
        if op.refresh_ttl:
            self._refresh(records)
        return items

    def _matches(self, op: SearchOp) -> Iterator[tuple[Episode, dict[str, Any], float | None]]:
        """What a search finds, best first; then items without a score, in the order they were first put."""
        seen = set()
        for found, score in self._candidates(op):
            if found.id in seen:
                continue
            seen.add(found.id)
            current = self._whole(found)
            if current and _fits(current[1], op.filter):
                yield *current, score

    def _whole(self, record: Episode) -> tuple[Episode, dict[str, Any]] | None:
        """As `_current`; an item whose value is broken is left out with a warning, which `get` raises."""
        try:
            return self._current(record)
        except ValueError as error:
            warnings.warn(f"a search leaves out an item: {error}", RuntimeWarning, stacklevel=2)
            return None

    def _candidates(self, op: SearchOp) -> Iterator[tuple[Episode, float | None]]:
        """The items below a prefix, those that a query ranks first and then once more."""
        if op.query and op.query.strip():
            yield from self._ranked(op)
        count = PAGE_MAX if op.filter else op.offset + op.limit
        yield from ((record, None) for record in self._records(op.namespace_prefix, count))

    def _ranked(self, op: SearchOp) -> Iterator[tuple[Episode, float]]:
        """The best items for a query; a thousand, if a filter may let only few of them through."""
        count = PAGE_MAX if op.filter else min(PAGE_MAX, op.offset + op.limit)
        within = _joined(op.namespace_prefix)
        wanted = Filter(metadata={f"{_ITEM}.within": within, f"{_ITEM}.searched": True}, archived=True)
        if count == 0:
            return
        hits = self._tenant.search(op.query, limit=count, filter=wanted)
        for hit in hits:
            if isinstance(hit.record, Episode):
                yield hit.record, hit.score

    def _records(self, prefix: Sequence[str], count: int) -> Iterator[Episode]:
        """All items below a prefix, oldest first; about `count` of them are wanted."""
        within = Filter(metadata={f"{_ITEM}.within": _joined(prefix)}, archived=True)
        return episodes(self._tenant, within, max(1, min(PAGE_MAX, count)))

    def _list_namespaces(self, op: ListNamespacesOp) -> list[tuple[str, ...]]:
        conditions = op.match_conditions or ()
        known = map(_split, self._namespaces())
        found = {
            namespace[: op.max_depth]
            for namespace in known
            if all(_is_match(one, namespace) for one in conditions)
        }
        return sorted(found)[op.offset : op.offset + op.limit]

    def _namespaces(self) -> set[str]:
        """The namespaces that hold items, joined; up to a thousand are counted, which is faster."""
        items = Filter(metadata={f"{_ITEM}.within": ""}, archived=True)
        (counts,) = self._tenant.facets([field(f"{_ITEM}.namespace")], filter=items, limit=PAGE_MAX)
        if counts.more == 0:
            return {namespace for namespace, _ in counts.values}
        return {_fields_of(record)["namespace"] for record in self._records((), PAGE_MAX)}

    def _current(self, record: Episode) -> tuple[Episode, dict[str, Any]] | None:
        """A record and its value; of the next version, if it was put since; None if it was deleted, or is quarantined."""
        while not record.quarantined:
            try:
                return record, self._value_of(record)
            except QuarantinedError:
                return None
            except NotFoundError:
                newer = self._newer(record)
            if newer is None:
                return None
            record = newer
        return None

    def _newer(self, record: Episode) -> Episode | None:
        """The version after a record whose pieces are gone; None if it was deleted, too."""
        try:
            newer = self._tenant.get(record.id)
        except NotFoundError:
            return None
        if isinstance(newer, Episode) and newer.version > record.version:
            return newer
        raise ValueError(
            f"a piece of the value of item {_fields_of(record)['key']!r} (record {record.id}) was deleted by "
            "itself, where it should live as long as the item: put the item again, or delete it"
        )

    def _value_of(self, record: Episode) -> dict[str, Any]:
        fields = _fields_of(record)
        if "pieces" in fields:
            text = read_pieces(self._tenant, fields["pieces"])
        else:
            text = fields.get("value", record.text)
        try:
            value: dict[str, Any] = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError(
                f"the item {fields['key']!r} in {fields['namespace']!r} (record {record.id}) is no JSON any "
                f"more, as it was when it was put: its text was updated, or a guard redacted it ({error}). "
                "Put it again, or delete it"
            ) from error
        return value

    # Writes

    def _put_all(self, ops: Sequence[PutOp]) -> None:
        written = [(op, None if op.value is None else self._episode(op)) for op in ops]
        with ExitStack() as held:
            for at in sorted({_place_of(op.namespace, op.key) for op in ops}):
                held.enter_context(_putting[at])
            added = held.enter_context(kept_whole(self._tenant, _PIECES))
            new = []
            for op, episode in written:
                old = self._find(op.namespace, op.key)
                # What is quarantined stays so in its later versions: it gives way to a new record.
                if episode is None or (old is not None and old.quarantined):
                    self._delete(old)
                    old = None
                if episode is None:
                    continue
                if old is None:
                    new.append(self._with_pieces(op, episode, added))
                else:
                    self._replace(old, self._with_pieces(op, episode, added))
            if new:
                self._tenant.add(new)

    def _episode(self, op: PutOp) -> NewEpisode:
        """The episode of an item; its value is its text, or in its metadata, or in neither if too long."""
        value = stable_json(dict(op.value or {}))
        fields: dict[str, Any] = {
            "namespace": _joined(op.namespace),
            "key": op.key,
            "within": [_joined(op.namespace[:depth]) for depth in range(len(op.namespace) + 1)],
            "updated_at": self._now().isoformat(),
        }
        if op.ttl is not None:
            fields["ttl"] = op.ttl
        text = self._searched(op)
        fields["searched"] = text is not None
        if text is None:
            # A text has to be something; this one is left out of this store's searches.
            text = f"{'/'.join(op.namespace)}/{op.key}"
        if text != value and len(value.encode()) <= FIELD_BYTES_MAX:
            fields["value"] = value
        return NewEpisode(
            shortened(readable(text), TEXT_BYTES_MAX),
            role="document",
            metadata={_ITEM: fields},
            expires_at=self._expiry(op.ttl),
        )

    def _searched(self, op: PutOp) -> str | None:
        """The text by which an item is found, None for none; for the whole value, the JSON that is kept."""
        paths = self._fields if op.index is None else op.index
        if not paths:
            return None
        value = dict(op.value or {})
        texts: list[str] = []
        for path in paths:
            texts.extend(
                [stable_json(value)] if path == _WHOLE else get_text_at_path(value, tokenize_path(path))
            )
        text = "\n".join(texts)
        return text if text.strip() else None

    def _with_pieces(self, op: PutOp, episode: NewEpisode, added: list[str]) -> NewEpisode:
        """The episode with the ids of the pieces of its value, where that stands nowhere else."""
        fields = _fields_of(episode)
        value = stable_json(dict(op.value or {}))
        if "value" in fields or episode.text == value:
            return episode
        pieces = add_pieces(self._tenant, value, added, episode.expires_at)
        return NewEpisode(
            episode.text,
            role=episode.role,
            metadata={_ITEM: fields | {"pieces": pieces}},
            expires_at=episode.expires_at,
        )

    def _replace(self, old: Episode, new: NewEpisode) -> None:
        self._tenant.update(
            old.id,
            text=new.text,
            metadata=new.metadata,
            expires_at=new.expires_at,
            clear=["expires_at"] if new.expires_at is None else [],
        )
        delete_pieces(self._tenant, _fields_of(old).get("pieces", ()))

    def _delete(self, record: Episode | None) -> None:
        if record is None:
            return
        try:
            self._tenant.delete(record.id)
        except NotFoundError:
            return
        delete_pieces(self._tenant, _fields_of(record).get("pieces", ()))

    # Times to live

    def _expiry(self, minutes: float | None) -> datetime | None:
        if minutes is None:
            return None
        if not 0 < minutes <= _TTL_MAX:
            raise ValueError(
                f"the ttl is {minutes}, where minutes above 0 and up to {_TTL_MAX} were expected: pass None "
                "for an item that never expires"
            )
        return self._now() + timedelta(minutes=minutes)

    def _refresh(self, records: Iterable[Episode]) -> None:
        """Begins the time to live of items anew."""
        for record in records:
            fields = _fields_of(record)
            expiry = self._expiry(fields.get("ttl"))
            if expiry is None or record.expires_at is None:
                continue
            if expiry - record.expires_at >= _REFRESH_SHARE * timedelta(minutes=fields["ttl"]):
                self._prolong(record, expiry)

    def _prolong(self, record: Episode, expiry: datetime) -> None:
        """Gives an item and its pieces another expiry, unless it was put or deleted since it was read."""
        fields = _fields_of(record)
        with _putting[_place_of(_split(fields["namespace"]), fields["key"])]:
            try:
                if self._tenant.get(record.id).version != record.version:
                    return
                for id in (record.id, *fields.get("pieces", ())):
                    self._tenant.update(id, expires_at=expiry)
            except NotFoundError:
                return


def _place_of(namespace: Sequence[str], key: str) -> int:
    """Which of the locks is that of a key."""
    return hash((tuple(namespace), key)) % len(_putting)


def _fields_of(record: Episode | NewEpisode) -> dict[str, Any]:
    """An item's own fields."""
    return cast("dict[str, Any]", record.metadata[_ITEM])


def _check_labels(op: Op) -> None:
    """Refuses labels that LangGraph refuses; its own methods check them, but not what is given to `batch`."""
    if isinstance(op, ListNamespacesOp):
        paths = [condition.path for condition in op.match_conditions or ()]
    elif isinstance(op, SearchOp):
        paths = [op.namespace_prefix]
    else:
        paths = [op.namespace] if isinstance(op, (GetOp, PutOp)) else []
    for label in (label for path in paths for label in path):
        if not isinstance(label, str) or not label or "." in label or "\0" in label:
            raise InvalidNamespaceError(
                f"a namespace has the label {label!r}, where text without periods and NUL was expected: "
                "replace what it may not have, or split it into several labels"
            )


def _joined(namespace: Sequence[str]) -> str:
    """A namespace as a text; its labels have no periods."""
    return ".".join(namespace)


def _split(namespace: str) -> tuple[str, ...]:
    return tuple(namespace.split(".")) if namespace else ()


def _address_of(record: Episode) -> dict[str, Any]:
    """What LangGraph's items tell beside their values."""
    fields = _fields_of(record)
    return {
        "namespace": _split(fields["namespace"]),
        "key": fields["key"],
        "created_at": record.occurred_at,
        "updated_at": datetime.fromisoformat(fields["updated_at"]),
    }


def _is_match(condition: MatchCondition, namespace: tuple[str, ...]) -> bool:
    path, depth = tuple(condition.path), len(condition.path)
    if condition.match_type not in ("prefix", "suffix"):
        raise ValueError(
            f"a condition is of the type {condition.match_type!r}, where prefix or suffix was expected"
        )
    if depth > len(namespace):
        return False
    end = namespace[:depth] if condition.match_type == "prefix" else namespace[len(namespace) - depth :]
    return all(wanted in ("*", label) for wanted, label in zip(path, end, strict=True))


# Filters


def _fits(value: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> bool:
    return all(_is_as(value.get(name), one) for name, one in (wanted or {}).items())


def _is_as(value: Any, wanted: Any) -> bool:
    """Whether a value is as wanted: equal, or in every field that is named, or as all operators say."""
    if isinstance(wanted, Mapping):
        if any(str(name).startswith("$") for name in wanted):
            return all(_compares(value, name, other) for name, other in wanted.items())
        return isinstance(value, Mapping) and _fits(value, wanted)
    if isinstance(wanted, (list, tuple)):
        is_list = isinstance(value, (list, tuple)) and len(value) == len(wanted)
        return is_list and all(_is_as(one, other) for one, other in zip(value, wanted, strict=True))
    return bool(value == wanted)


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


def _compares(value: Any, name: str, other: Any) -> bool:
    if name == "$eq":
        return bool(value == other)
    if name == "$ne":
        return bool(value != other)
    if name not in _ORDERS:
        known = ", ".join(["$eq", "$ne", *_ORDERS])
        raise ValueError(f"a filter has the operator {name!r}, where one of {known} was expected")
    left, right = _number(value), _number(other)
    if left is not None and right is not None:
        return _ORDERS[name](left, right)
    return isinstance(value, str) and isinstance(other, str) and _ORDERS[name](value, other)


def _number(value: Any) -> float | None:
    """A number, also one that is written as text; None for anything else."""
    if not isinstance(value, (bool, int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
