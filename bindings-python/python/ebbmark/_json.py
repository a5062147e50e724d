"""JSON values as texts that the store gives back unchanged, however long.

The store keeps texts in Unicode normal form C, and at most 1 MiB of one. `stable_json` writes a value so that
the first changes nothing, and `add_pieces` keeps what is longer as several episodes::

    text = stable_json({"city": "Porto"})
    with kept_whole(tenant, "pieces") as added:
        ids = add_pieces(tenant, text, added)
        tenant.add("Porto", metadata={"pieces": ids})
    assert read_pieces(tenant, ids) == text
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from ebbmark import EbbmarkError, Episode, Filter, NewEpisode, NotFoundError, Tenant
from ebbmark._verbatim import is_stable

# The limits of the core are 1 MiB for a text and 16 KiB for all metadata of a record; what is left is for the
# other fields.
TEXT_BYTES_MAX = 1 << 20
FIELD_BYTES_MAX = 12 << 10
_PIECE_BYTES = TEXT_BYTES_MAX - 16
# A piece of white space alone is no text that the store takes: every piece begins with this.
_MARK = "|"
_PIECES_AT_ONCE = 16


class QuarantinedError(Exception):
    """A guard quarantined a piece of a text."""


def readable(text: str) -> str:
    """A text as near to a given one as the store takes it: without lone surrogates and NUL."""
    return text.encode(errors="replace").decode().replace("\0", " ")


def stable_json(value: Any) -> str:
    """A value as compact JSON that the store gives back unchanged; letters are escaped where that is needed.

    Raises TypeError for what is no JSON, naming it.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"a value cannot be kept as JSON ({error}): expected dicts with text keys, lists, text, numbers, "
            "booleans and None; convert what it holds"
        ) from error
    return text if is_stable(text) else json.dumps(value, separators=(",", ":"))


def shortened(text: str, bytes_max: int) -> str:
    """The beginning of a text that has at most so many bytes."""
    encoded = text.encode()
    return text if len(encoded) <= bytes_max else encoded[:bytes_max].decode(errors="ignore")


@contextmanager
def kept_whole(tenant: Tenant, path: str) -> Iterator[list[str]]:
    """Gives a list for the ids of pieces that are added; if what follows fails, they are deleted again.

    Pieces of a record that was kept all the same, which names them in its metadata at `path`, stay.
    """
    added: list[str] = []
    try:
        yield added
    except BaseException:
        # What failed first is told, not what follows from it.
        with suppress(EbbmarkError):
            delete_pieces(tenant, [id for id in added if not _is_named(tenant, path, id)])
        raise


def _is_named(tenant: Tenant, path: str, id: str) -> bool:
    named = Filter(metadata={path: id}, quarantined=True, archived=True)
    return bool(tenant.timeline(named, limit=1).records)


def add_pieces(tenant: Tenant, text: str, added: list[str], expires_at: datetime | None = None) -> list[str]:
    """Keeps a stable text of any length as episodes in the role `document`; their ids, in order.

    They have no labels of their own and the metadata `{"piece": true}`, so that a search can leave them out.
    added: the list of `kept_whole`.
    """
    pieces = [
        NewEpisode(_MARK + piece, role="document", metadata={"piece": True}, expires_at=expires_at)
        for piece in _cut(text)
    ]
    ids: list[str] = []
    for at in range(0, len(pieces), _PIECES_AT_ONCE):
        some = tenant.add(pieces[at : at + _PIECES_AT_ONCE]).ids
        added.extend(some)
        ids.extend(some)
    return ids


def read_pieces(tenant: Tenant, ids: Iterable[str]) -> str:
    """The text of pieces. Raises NotFoundError if one of them was deleted, QuarantinedError if it is held back."""
    return "".join(_text_of(tenant, id).removeprefix(_MARK) for id in ids)


def delete_pieces(tenant: Tenant, ids: Iterable[str]) -> None:
    """Deletes pieces, those that are gone aside."""
    for id in ids:
        try:
            tenant.delete(id)
        except NotFoundError:
            continue


def _text_of(tenant: Tenant, id: str) -> str:
    record = tenant.get(id)
    if not isinstance(record, Episode):
        raise TypeError(f"record {id} is a fact, where a piece of a text was expected")
    if record.quarantined:
        raise QuarantinedError(f"record {id} is a piece of a text, and quarantined")
    return record.text


def _cut(text: str) -> Iterator[str]:
    while text:
        # A character has at most four bytes, so that long texts are not encoded whole for every piece.
        piece = shortened(text[:_PIECE_BYTES], _PIECE_BYTES)
        yield piece
        text = text[len(piece) :]
