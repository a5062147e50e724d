"""What the memory tools of frameworks do: remember, recall, correct and forget, told to a model.

Ids come from a model and may be made up: records outside the labels of the tenant's handle are not there for
it, and neither are those that another adapter keeps for a framework (items, files), which would not be whole any
more if their texts were corrected. Messages of sessions are recalled, but neither corrected nor forgotten::

    answer = remember(tenant, "Mara is allergic to nuts.", role="assistant")
    print(recall(tenant, "What can't Mara eat?", limit=3)[0].text)
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from ebbmark import Atom, Episode, Filter, Hit, InvalidInputError, NotFoundError, Role, Tenant, field
from ebbmark._handles import is_within

_LIMIT_MAX = 50
# A field that every record of an adapter has: by its name, the path in the metadata.
_ADAPTERS = {
    "langgraph": "langgraph.key",
    "piece": "piece",
    "log": "log",
    "memory_file": "memory_file.path",
    "crewai": "crewai.id",
}
# What is recalled: messages of sessions, too, but none of the others.
_RECALLED = Filter(
    where=~reduce(or_, (field(path).exists() for name, path in _ADAPTERS.items() if name != "log"))
)


def remember(tenant: Tenant, text: str, *, role: Role) -> str:
    """Adds a memory."""
    return f"created memory {tenant.add(text, role=role).ids[0]}"


def recall(tenant: Tenant, query: str, *, limit: int, offset: int = 0) -> list[Hit]:
    """The best records for a question; at most 50, whatever a model asks for."""
    count = max(1, min(limit, _LIMIT_MAX))
    start = max(0, offset)
    return tenant.search(query, limit=min(1000, count + start), filter=_RECALLED)[start:]


def told(hit: Hit) -> dict[str, Any]:
    """A hit as a model is told of it."""
    record = hit.record
    said = {"id": hit.id, "text": hit.text, "sort": record.sort, "when": record.happened_at.isoformat()}
    return said | {"score": round(hit.score, 3)}


def correct(tenant: Tenant, id: str, text: str) -> str:
    """Gives a memory another text; the old one stays in its history."""
    record = _own(tenant, id)
    if record is None:
        return _unknown(id)
    if record.sort == "atom":
        return f"{id} is a fact that was drawn from a memory: correct that memory, or add one that is right"
    tenant.update(id, text=text)
    return f"updated memory {id}"


def forget(tenant: Tenant, id: str) -> str:
    """Deletes a memory for good, with the facts that rest on it alone."""
    if _own(tenant, id) is None:
        return _unknown(id)
    tenant.delete(id)
    return f"deleted memory {id}"


def _own(tenant: Tenant, id: str) -> Episode | Atom | None:
    """The record of an id, if it is one of the handle's; only searches narrow to its labels by themselves."""
    try:
        record = tenant.get(id)
    except (NotFoundError, InvalidInputError):
        return None
    if isinstance(record, Episode) and not _ADAPTERS.keys().isdisjoint(record.metadata):
        return None
    return record if is_within(record.scope, tenant.scope) else None


def _unknown(id: str) -> str:
    return f"there is no memory {id!r}: search for it, and pass its id as it is"


def metadata_of(hit: Hit) -> dict[str, Any]:
    """The host's own fields of a hit; a fact has none."""
    return dict(hit.record.metadata) if isinstance(hit.record, Episode) else {}
