"""Memories, finds, events and histories in the shapes in which mem0 returns them.

    from ebbmark import Store
    from ebbmark._mem0_rows import row_of

    tenant = Store(":memory:").tenant("mem0")
    row = row_of(tenant.get(tenant.add("I live in Porto.").id))
    print(row["memory"], row["created_at"], row["metadata"])

Each is a dict of JSON values.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ebbmark import Atom, Episode, Hit, Revision
from ebbmark._mem0_filters import EXPIRATION
from ebbmark._mem0_messages import HASH, Said, hash_of

Row = dict[str, Any]

_EVENTS = {
    "added": "ADD",
    "restored": "ADD",
    "superseded": "DELETE",
    "retracted": "DELETE",
    "reinforced": "NONE",
    "judged": "NONE",
}


@dataclass(frozen=True)
class Find:
    """A message that was found, and the best hit that led to it: its own, or that of a fact drawn from it."""

    message: Hit
    best: Hit

    def is_alike(self, least: float) -> bool:
        """Whether it, or what led to it, is so like the question; what has no vector is taken as it is."""
        likeness = [hit.parts.cosine for hit in (self.message, self.best)]
        return any(one is None or one >= least for one in likeness)


def row_of(record: Episode | Atom) -> Row:
    """A memory as mem0 shows it. Labels that it does not have are left out."""
    episode = record if isinstance(record, Episode) else None
    metadata = dict(episode.metadata) if episode else {}
    created_at = (episode.occurred_at if episode else record.recorded_at).isoformat()
    row: Row = {
        "id": record.id,
        "memory": record.text,
        "hash": metadata.pop(HASH, None) or hash_of(record.text),
        "created_at": created_at,
        # A first version was told when it was made, though that may be a moment of the past.
        "updated_at": created_at if record.version == 1 else record.recorded_at.isoformat(),
    }
    labels = {
        "user_id": record.scope.user,
        "agent_id": record.scope.agent,
        "run_id": record.scope.session,
        "actor_id": episode.speaker if episode else None,
        "role": episode.role if episode else None,
        EXPIRATION: metadata.pop(EXPIRATION, None),
    }
    row.update({name: label for name, label in labels.items() if label is not None})
    row["metadata"] = metadata or None
    return row


def find_row(find: Find, explain: bool) -> Row:
    """A find: the memory with its score, between 0 and 1 in the order of the finds, and with what the score
    is made of, if asked.
    """
    score, parts = max(find.best.score, 0.0), find.best.parts
    row = row_of(find.message.record) | {"score": score / (1.0 + score)}
    if parts.reranked is not None:
        row["rerank_score"] = parts.reranked
    if explain:
        row["score_details"] = _figures(parts)
    return row


def event_row(memory_id: str, said: Said, event: str) -> Row:
    """What became of a message."""
    return {"id": memory_id, "memory": said.text, "event": event, "actor_id": said.speaker, "role": said.role}


def changed_row(new: Atom, old: Atom) -> Row:
    """What became of a fact whose place another took."""
    if new.negated and not old.negated and new.object == old.object:
        return ended_row(old)
    return {"id": new.id, "memory": new.text, "event": "UPDATE", "previous_memory": old.text}


def ended_row(fact: Atom) -> Row:
    """What became of a fact that does not hold any more."""
    return {"id": fact.id, "memory": fact.text, "event": "DELETE"}


def holds(fact: Atom) -> bool:
    """Whether a fact is current, so that it counts as there."""
    return fact.standing in ("unsubstantiated", "substantiated")


def history_rows(revisions: Sequence[Revision]) -> list[Row]:
    """The versions of a memory, the first one first, as what was there before and after each change."""
    rows: list[Row] = []
    before: str | None = None
    for revision in revisions:
        event = _EVENTS.get(revision.kind, "UPDATE")
        record, row = revision.record, row_of(revision.record)
        rows.append(
            {
                "id": str(uuid.uuid5(uuid.UUID(record.id), str(record.version))),
                "memory_id": record.id,
                "old_memory": before,
                "new_memory": None if event == "DELETE" else record.text,
                "event": event,
                "created_at": row["created_at"],
                "updated_at": row["updated_at"],
                "is_deleted": event == "DELETE",
                "actor_id": row.get("actor_id"),
                "role": row.get("role"),
            }
        )
        before = record.text
    return rows


def _figures(parts: object) -> Row:
    """The parts of a score that there are, by their names."""
    several = {name: getattr(parts, name) for name in dir(parts) if not name.startswith("_")}
    return {name: value for name, value in several.items() if isinstance(value, int | float)}
