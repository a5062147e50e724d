"""The OpenAI Agents SDK over a tenant of Ebbmark: a session that is durable and searched, and memory tools.

::

    from agents import Agent, Runner
    from ebbmark import Store
    from ebbmark.openai_agents import EbbmarkSession, memory_tools

    with Store("memory.ebb") as file:
        tenant = file.tenant("acme").with_scope(user="mara")
        agent = Agent(name="Assistant", tools=memory_tools(tenant))
        result = Runner.run_sync(agent, "I moved to Porto.", session=EbbmarkSession("monday", tenant))
        print(tenant.search("Where did I move?")[0].text)

Needs `pip install "ebbmark[openai-agents]"`.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

from ebbmark import Role, Tenant
from ebbmark._handles import plain
from ebbmark._log import Entry, Log
from ebbmark._memory import correct, forget, recall, remember, told

try:
    from agents import FunctionTool, SessionSettings, Tool, TResponseInputItem, function_tool
    from agents.memory.session import SessionABC
except ImportError as error:
    raise ImportError(
        'ebbmark.openai_agents needs the Agents SDK: pip install "ebbmark[openai-agents]"'
    ) from error

_ROLES: dict[str, Role] = {
    "user": "user",
    "assistant": "assistant",
    "system": "system",
    "developer": "system",
}


class EbbmarkSession(SessionABC):
    """The items of one session, in order, durable when `add_items` returns.

    session_id: 1 to 256 bytes.
    tenant: where they are kept. A session has the labels of its handle: one with a user keeps the sessions
        of users apart, one without has its own. The labels must not name a session.
    session_settings: the SDK's; its `limit` holds where `get_items` is given none.
    learn: whether the store draws facts from what the user says, as it does from what is added in the role
        `user`.

    An item is one episode: what it says is found by `tenant.search`. It comes back as it was given, of any
    size. What is no JSON is a TypeError, and nothing of that call is added.
    """

    def __init__(
        self,
        session_id: str,
        tenant: Tenant,
        *,
        session_settings: SessionSettings | None = None,
        learn: bool = False,
    ) -> None:
        self.session_id = session_id
        self.session_settings = session_settings or SessionSettings()
        self._log = Log(tenant, kind="openai_agents", session=session_id, learn=learn)

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """The last `limit` items, else as the settings say, else all; oldest first. Below 0 is no limit."""
        if limit is None and self.session_settings is not None:
            limit = self.session_settings.limit
        if limit is not None and limit < 0:
            limit = None
        return cast("list[TResponseInputItem]", await asyncio.to_thread(self._log.read, limit))

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Appends items: up to 64, of 1 MiB in all, are kept whole or not at all."""
        await asyncio.to_thread(self._log.append, [Entry(item, _role_of(item)) for item in items])

    async def pop_item(self) -> TResponseInputItem | None:
        """Deletes the last item and returns it; None if there is none."""
        return cast("TResponseInputItem | None", await asyncio.to_thread(self._log.pop))

    async def clear_session(self) -> None:
        """Deletes the items of this session for good, with the facts that rest on them alone."""
        await asyncio.to_thread(self._log.clear)


def _role_of(item: Any) -> Role:
    """The role of a message; everything else in a session comes from tools, or is for them."""
    role = item.get("role") if isinstance(item, dict) else None
    return _ROLES.get(role, "tool") if isinstance(role, str) else "tool"


def memory_tools(tenant: Tenant, *, role: Role = "assistant") -> list[Tool]:
    """The function tools `remember`, `recall`, `correct` and `forget` for an agent.

    tenant: a handle with a user's label reaches that user's memories alone.
    role: that of new memories; with "user" the store draws facts from them by its own rules.

    They answer in a sentence or in JSON, also where an id is unknown; other errors go the SDK's way to the
    model.
    """

    tenant = plain(tenant)

    async def remember_(text: str) -> str:
        """Keep something about the user or the task for later conversations.

        Args:
            text: One statement that is understood by itself, with names instead of pronouns.
        """
        return await asyncio.to_thread(remember, tenant, text, role=role)

    async def recall_(query: str, limit: int = 5) -> str:
        """Search everything that is remembered, best first: ids, texts and when it was.

        Args:
            query: A question, or the words to look for.
            limit: How many at most, 1 to 50.
        """
        hits = await asyncio.to_thread(recall, tenant, query, limit=limit)
        return json.dumps([told(hit) for hit in hits], ensure_ascii=False)

    async def correct_(id: str, text: str) -> str:
        """Replace the text of a memory that is wrong or out of date.

        Args:
            id: The id of the memory, as recall gave it.
            text: What is right.
        """
        return await asyncio.to_thread(correct, tenant, id, text)

    async def forget_(id: str) -> str:
        """Delete a memory for good.

        Args:
            id: The id of the memory, as recall gave it.
        """
        return await asyncio.to_thread(forget, tenant, id)

    return [_tool(function) for function in (remember_, recall_, correct_, forget_)]


def _tool(function: Any) -> FunctionTool:
    return function_tool(function, name_override=function.__name__.removesuffix("_"))
