"""Messages as programs pass them to mem0, read and made ready to be kept.

    from ebbmark._mem0_messages import messages_of

    [said] = messages_of([{"role": "user", "content": "I live in Porto.", "name": "Mara"}])
    assert (said.role, said.text, said.speaker) == ("user", "I live in Porto.", "Mara")

A text alone is a message of the user.
"""

# Programs catch ValueError, as mem0 raises it, also for what is of a wrong type.
# ruff: noqa: TRY004

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ebbmark import NewEpisode, Role, Scope
from ebbmark._mem0_filters import EXPIRATION, IDS, check_characters, moment

# Where the hash is kept beside a program's own metadata: the name by which mem0's filters ask for it.
HASH = "hash"

_ROLES: dict[object, Role] = {"user": "user", "assistant": "assistant", "tool": "tool", "function": "tool"}
# Instructions are not remembered: they come with every call, and often hold what was found in memory.
_INSTRUCTIONS = ("system", "developer")
# Fields that tell whose a memory is or what it holds; a program's metadata cannot set them.
_RESERVED = (*IDS, "actor_id", "id", "data", HASH, "role", "created_at", "updated_at")


@dataclass(frozen=True)
class Said:
    """A message that is to be remembered."""

    role: Role
    text: str
    speaker: str | None

    @property
    def key(self) -> tuple[str, str, str | None]:
        """The same for the same message."""
        return (self.role, hash_of(self.text), self.speaker)

    def episode(self, scope: Scope, at: datetime | None, fields: Mapping[str, Any]) -> NewEpisode:
        """This message as it is kept: with labels, a moment (None: now) and metadata."""
        return NewEpisode(
            self.text,
            role=self.role,
            speaker=self.speaker,
            user=scope.user,
            agent=scope.agent,
            session=scope.session,
            occurred_at=at,
            metadata={**fields, HASH: hash_of(self.text)},
        )


def hash_of(text: str) -> str:
    """The MD5 of a text, as mem0 has it beside each memory. It tells the same text, and secures nothing."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def messages_of(messages: object) -> list[Said]:
    """The messages that are to be remembered: a text, a message, or a list of messages, without instructions,
    and without those that say nothing in words (a call of a tool, a picture).

    ValueError for anything else, and if there is no message at all.
    """
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}] if messages.strip() else []
    if isinstance(messages, Mapping):
        messages = [messages]
    if not isinstance(messages, list | tuple):
        raise ValueError(
            f"messages is {_brief(messages)}; expected a text, a message as a dict, or a list of them"
        )
    if not messages:
        raise ValueError(
            "messages is empty; expected a text, a message as {'role': 'user', 'content': '...'}, "
            "or a list of them"
        )
    several = [_message(message) for message in messages]
    return [said for said in several if said]


def transcript(said: Sequence[Said]) -> list[Said]:
    """A conversation as one message, which no facts are drawn from."""
    text = "\n".join(f"{one.speaker or one.role}: {one.text}" for one in said)
    return [Said("assistant", text, None)] if said else []


def day(value: object) -> str:
    """An expiration date as `YYYY-MM-DD`, from text, a date or a datetime. ValueError for what is no date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError:
        raise ValueError(f"expiration_date is {value!r}; expected a date as '2026-03-01'") from None


def own_fields(metadata: Mapping[str, Any] | None, known: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata without the fields that it cannot set; a UserWarning tells about those that differ from what
    is `known`.
    """
    if not isinstance(metadata, Mapping | None):
        raise ValueError(f"metadata is {_brief(metadata)}; expected a dict of JSON values")
    given = dict(metadata or {})
    refused = [name for name in _RESERVED if name in given and given[name] != known.get(name)]
    if refused:
        message = f"metadata cannot set {', '.join(refused)}: left out; ids are arguments of their own"
        warnings.warn(message, UserWarning, stacklevel=4)
    return {name: value for name, value in given.items() if name not in _RESERVED}


def fields_of(
    metadata: Mapping[str, Any] | None, timestamp: object, expiration_date: object
) -> tuple[dict[str, Any], datetime | None]:
    """The metadata of new memories, and when they were said; metadata may tell both moments, too."""
    given = dict(metadata) if isinstance(metadata, Mapping) else {}
    said_at = given.pop("created_at", None) if timestamp is None else timestamp
    expires = given.pop(EXPIRATION, None) if expiration_date is None else expiration_date
    fields = own_fields(given if isinstance(metadata, Mapping) else metadata, {})
    if expires is not None:
        fields[EXPIRATION] = day(expires)
    return fields, None if said_at is None else moment("timestamp", said_at)


def _message(message: object) -> Said | None:
    if not isinstance(message, Mapping) or "role" not in message:
        raise ValueError(
            f"a message is {_brief(message)}; expected a dict such as {{'role': 'user', 'content': '...'}}"
        )
    role, text = message["role"], _text(message.get("content"))
    if role in _INSTRUCTIONS or not text.strip():
        return None
    if role not in _ROLES:
        known = ", ".join(map(str, [*_ROLES, *_INSTRUCTIONS]))
        raise ValueError(f"a message has the role {role!r}; expected one of {known}")
    check_characters("the content of a message", text)
    check_characters("the name in a message", message.get("name"))
    return Said(_ROLES[role], text, message.get("name") or None)


def _text(content: object) -> str:
    """A message's words; of a list of parts those that are text."""
    if content is None or isinstance(content, str):
        return content or ""
    parts = [content] if isinstance(content, Mapping) else content
    if not isinstance(parts, list | tuple):
        raise ValueError(
            f"a message has the content {_brief(content)}; expected text, or a list of parts as "
            f"{{'type': 'text', ...}}"
        )
    texts = [part.get("text") if isinstance(part, Mapping) else part for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str))


def _brief(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
