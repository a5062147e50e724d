"""LangChain over a tenant of Ebbmark: a chat history, a retriever, and two memory tools.

::

    from ebbmark import Store
    from ebbmark.langchain import EbbmarkChatMessageHistory, EbbmarkRetriever
    from ebbmark.langchain import create_manage_memory_tool, create_search_memory_tool

    with Store("memory.ebb") as file:
        tenant = file.tenant("acme")
        history = EbbmarkChatMessageHistory(tenant, "monday")
        history.add_user_message("I moved to Porto.")
        print(EbbmarkRetriever(tenant=tenant, k=3).invoke("Where does the user live?")[0].page_content)
        tools = [create_manage_memory_tool(tenant), create_search_memory_tool(tenant)]

Needs `pip install "ebbmark[langchain]"`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Literal

from ebbmark import Filter, Hit, InvalidInputError, Role, Tenant
from ebbmark._handles import plain
from ebbmark._log import Entry, Log
from ebbmark._memory import correct, forget, metadata_of, recall, remember, told

try:
    from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
    from langchain_core.chat_history import BaseChatMessageHistory
    from langchain_core.documents import Document
    from langchain_core.messages import BaseMessage, message_to_dict, messages_from_dict
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.tools import StructuredTool
except ImportError as error:
    raise ImportError('ebbmark.langchain needs LangChain: pip install "ebbmark[langchain]"') from error

_ROLES: dict[str, Role] = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "tool",
}

Action = Literal["create", "update", "delete"]
_ACTIONS: tuple[Action, ...] = ("create", "update", "delete")


class EbbmarkChatMessageHistory(BaseChatMessageHistory):
    """The messages of one session, in order, durable when `add_messages` returns.

    tenant: where they are kept. A session has the labels of its handle: one with a user keeps the sessions
        of users apart, one without has its own. The labels must not name a session.
    session_id: 1 to 256 bytes.
    learn: whether the store draws facts from what the user says, as it does from what is added in the role
        `user`.

    A message is one episode: its text is found by `tenant.search`, and by an `EbbmarkRetriever`. What is no
    JSON (an `artifact` that is an object, bytes) is a TypeError, and nothing of that call is added.
    """

    def __init__(self, tenant: Tenant, session_id: str, *, learn: bool = False) -> None:
        super().__init__()
        self._log = Log(tenant, kind="langchain", session=session_id, learn=learn)

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]  # the base declares an attribute
        """All messages, oldest first."""
        return messages_from_dict(self._log.read())

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Appends messages: up to 64, of 1 MiB in all, are kept whole or not at all."""
        self._log.append([Entry(message_to_dict(message), _role_of(message)) for message in messages])

    def clear(self) -> None:
        """Deletes the messages of this session for good, with the facts that rest on them alone."""
        self._log.clear()

    async def aget_messages(self) -> list[BaseMessage]:
        """All messages, oldest first."""
        return await asyncio.to_thread(lambda: self.messages)

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Appends messages, in a thread."""
        await asyncio.to_thread(self.add_messages, messages)

    async def aclear(self) -> None:
        """Deletes the messages of this session for good, in a thread."""
        await asyncio.to_thread(self.clear)


def _role_of(message: BaseMessage) -> Role:
    return _ROLES.get(message.type.removesuffix("MessageChunk").lower(), "document")


class EbbmarkRetriever(BaseRetriever):
    """What a tenant finds for a question, as documents.

    The text is the page's content; `metadata` is the episode's own, and `id`, `score` (the greater the
    better, of no fixed range), `why` (what made the score), `sort` ("episode" or "atom") and `happened_at`
    (ISO 8601). `invoke(question, k=3)` asks for another number of documents, 1 to 1000.
    """

    tenant: Tenant
    k: int = 10
    filter: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = self.tenant.search(query, limit=self.k if k is None else k, filter=self.filter)
        return [_document(hit) for hit in hits]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        sync = run_manager.get_sync()
        return await asyncio.to_thread(self._get_relevant_documents, query, run_manager=sync, k=k)


def _document(hit: Hit) -> Document:
    own = {
        "id": hit.id,
        "score": hit.score,
        "why": hit.why,
        "sort": hit.record.sort,
        "happened_at": hit.record.happened_at.isoformat(),
    }
    return Document(page_content=hit.text, id=hit.id, metadata=metadata_of(hit) | own)


_WHEN_TO_MANAGE = (
    "Call this when the user states a preference, asks you to remember or to change how you act, when you "
    "learn something that matters later, or when a memory is wrong or out of date."
)


def create_manage_memory_tool(
    tenant: Tenant,
    *,
    instructions: str = _WHEN_TO_MANAGE,
    actions_permitted: Sequence[Action] = _ACTIONS,
    role: Role = "assistant",
    name: str = "manage_memory",
) -> StructuredTool:
    """A tool that lets a model create, update and delete memories: arguments `content`, `action` and `id`.

    tenant: a handle with a user's label reaches that user's memories alone.
    actions_permitted: what the model may do, at least one.
    role: that of new memories; with "user" the store draws facts from them by its own rules.

    It is called with `invoke` and `ainvoke`, and answers in a sentence, also where an id is unknown or an
    argument missing or one that the store refuses.
    """
    tenant = plain(tenant)
    unknown = set(actions_permitted) - set(_ACTIONS)
    if not actions_permitted or unknown:
        raise ValueError(
            f"actions_permitted is {tuple(actions_permitted)!r}, where one or more of {_ACTIONS!r} "
            "were expected"
        )
    default: Action = "create" if "create" in actions_permitted else actions_permitted[0]

    def manage_memory(content: str | None = None, action: Action = default, id: str | None = None) -> str:
        if action not in actions_permitted:
            return f"the action {action!r} is not permitted: use one of {tuple(actions_permitted)!r}"
        try:
            return _managed(tenant, role, content, action, id)
        except InvalidInputError as error:
            return str(error)

    async def amanage_memory(
        content: str | None = None, action: Action = default, id: str | None = None
    ) -> str:
        return await asyncio.to_thread(manage_memory, content, action, id)

    description = (
        f"Keep memories across conversations. Actions: {', '.join(actions_permitted)}. To create, give the "
        "content; to update, the id and the new content; to delete, the id. Ids come from searching the "
        f"memories.\n{instructions}"
    )
    return StructuredTool.from_function(manage_memory, amanage_memory, name=name, description=description)


def _managed(tenant: Tenant, role: Role, content: str | None, action: Action, id: str | None) -> str:
    if action == "create":
        if id is not None:
            return "a new memory gets its id from the store: leave out the id, or use the action 'update'"
        return remember(tenant, content, role=role) if content else "a new memory needs content"
    if id is None:
        return f"to {action} a memory, give its id: search for it first"
    if action == "delete":
        return forget(tenant, id)
    return correct(tenant, id, content) if content else "an update needs the new content"


def create_search_memory_tool(
    tenant: Tenant,
    *,
    instructions: str = "",
    response_format: Literal["content", "content_and_artifact"] = "content",
    name: str = "search_memory",
) -> StructuredTool:
    """A tool that lets a model search memories: arguments `query`, `limit` (1 to 50) and `offset`.

    Its answer is JSON, a list of objects with `id`, `text`, `sort`, `when` and `score`; a sentence where the
    store refuses the query. With the response
    format "content_and_artifact" the hits themselves are the artifact.
    """

    tenant = plain(tenant)

    def search_memory(query: str, limit: int = 10, offset: int = 0) -> Any:
        hits: list[Hit] = []
        try:
            hits = recall(tenant, query, limit=limit, offset=offset)
            content = json.dumps([told(hit) for hit in hits], ensure_ascii=False)
        except InvalidInputError as error:
            content = str(error)
        return content if response_format == "content" else (content, hits)

    async def asearch_memory(query: str, limit: int = 10, offset: int = 0) -> Any:
        return await asyncio.to_thread(search_memory, query, limit, offset)

    return StructuredTool.from_function(
        search_memory,
        asearch_memory,
        name=name,
        description=f"Search long-term memories for what bears on the conversation.\n{instructions}".strip(),
        response_format=response_format,
    )
