"""A LlamaIndex memory block over a tenant: keeps the messages that leave the chat history, and gives back what matters now.

    import ebbmark
    from ebbmark.llamaindex import EbbmarkMemoryBlock
    from llama_index.core.memory import Memory

    store = ebbmark.Store("memory.ebb")
    block = EbbmarkMemoryBlock(tenant=store.tenant("acme").with_scope(user="Mara"), token_budget=500, priority=1)
    memory = Memory.from_defaults(session_id="monday", token_limit=4000, memory_blocks=[block])
    reply = await agent.run("Where do I live?", memory=memory)

Every message becomes an episode of its role, under the session of the memory. What users say teaches the tenant facts, if
its store extracts them. What is given back is `tenant.context` for what the user said last: facts first, then what was said,
within `token_budget` tokens as the store counts them.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

try:
    from llama_index.core.base.llms.types import (
        BaseRecursiveContentBlock,
        CachePoint,
        ChatMessage,
        MessageRole,
        TextBlock,
        ThinkingBlock,
        ToolCallBlock,
    )
    from llama_index.core.bridge.pydantic import Field
    from llama_index.core.memory import BaseMemoryBlock
    from llama_index.core.utils import get_tokenizer
except ImportError as error:
    raise ImportError(
        'ebbmark.llamaindex needs the llama-index-core package: pip install "ebbmark[llamaindex]"'
    ) from error

from ebbmark import Filter, NewEpisode, Role, Tenant

__all__ = ["EbbmarkMemoryBlock"]

_ROLES: dict[MessageRole, Role] = {
    MessageRole.USER: "user",
    MessageRole.ASSISTANT: "assistant",
    MessageRole.CHATBOT: "assistant",
    MessageRole.MODEL: "assistant",
    MessageRole.SYSTEM: "system",
    MessageRole.DEVELOPER: "system",
    MessageRole.TOOL: "tool",
    MessageRole.FUNCTION: "tool",
}

_PART_CHARS = 200_000
"""The longest text that is kept in one piece; a record has at most 1 MiB of UTF-8."""


class _Packed(str):
    """A block's content that knows what it answers, so that it can be packed again into less room."""

    question: str
    filter: Filter | None


class EbbmarkMemoryBlock(BaseMemoryBlock[str]):
    """Long-term memory for LlamaIndex's `Memory(memory_blocks=[...])`.

    With `priority=0`, LlamaIndex's default, the content is never shortened; with another one it is packed again into what
    `Memory.token_limit` leaves. Of a message its text is kept; of parts that are no text (images, sound, files) a mark that
    they were there, for LlamaIndex's own chat store keeps them.
    """

    name: str = Field(default="Ebbmark", description="The name of the block, and of its tag in the prompt.")
    tenant: Tenant = Field(
        exclude=True, description="Where messages are kept. Its scope labels and narrows them."
    )
    token_budget: int = Field(default=1000, ge=1, description="The most tokens that are given back.")
    this_session_only: bool = Field(
        default=False, description="Whether only what was said in the memory's session is given back."
    )
    tokenizer_fn: Callable[[str], list[Any]] = Field(
        default_factory=get_tokenizer,
        exclude=True,
        description="Counts tokens where LlamaIndex asks for less of them: the `tokenizer_fn` of its memory.",
    )

    async def _aget(
        self,
        messages: list[ChatMessage] | None = None,
        session_id: str | None = None,
        **block_kwargs: Any,
    ) -> str:
        question = _question(messages or [])
        if not question:
            return ""
        only = Filter(session=session_id) if self.this_session_only else None
        return await asyncio.to_thread(self._pack, question, only, self.token_budget)

    async def _aput(self, messages: list[ChatMessage]) -> None:
        episodes = [episode for message in messages for episode in _episodes(message)]
        if episodes:
            await asyncio.to_thread(self.tenant.add, episodes)

    async def atruncate(self, content: str, tokens_to_truncate: int) -> str | None:
        """What is packed into that many tokens less, as `tokenizer_fn` counts them; `None` if nothing fits."""
        if not isinstance(content, _Packed):
            return None
        return await asyncio.to_thread(self._shorten, content, tokens_to_truncate)

    def _pack(self, question: str, only: Filter | None, budget: int) -> _Packed:
        packed = _Packed(self.tenant.context(question, budget, filter=only).text)
        packed.question, packed.filter = question, only
        return packed

    def _shorten(self, content: _Packed, tokens_to_truncate: int) -> str | None:
        tokens = len(self.tokenizer_fn(content))
        wanted = tokens - tokens_to_truncate
        # The store may count tokens otherwise than LlamaIndex does.
        budget = min(wanted, self.token_budget)
        while budget > 0 and tokens > wanted:
            content = self._pack(content.question, content.filter, budget)
            tokens = len(self.tokenizer_fn(content))
            budget = budget * 3 // 4
        return content if content and tokens <= wanted else None


def _question(messages: list[ChatMessage]) -> str:
    """What the user said last, or what was said last if no user did."""
    said = [message for message in messages if (message.content or "").strip()]
    by_user = [message for message in said if message.role == MessageRole.USER]
    return _storable((by_user or said)[-1].content or "") if said else ""


def _episodes(message: ChatMessage) -> Iterator[NewEpisode]:
    """A message as an episode; a very long one as several, one after the other; none if it is blank."""
    text = _storable("\n".join(_lines(message.blocks)))
    for start in range(0, len(text), _PART_CHARS):
        part = text[start : start + _PART_CHARS]
        if part.strip():
            yield NewEpisode(
                part,
                role=_ROLES[message.role],
                speaker=_label(message, "name"),
                session=_label(message, "session_id"),
            )


def _lines(blocks: Sequence[object]) -> Iterator[str]:
    for block in blocks:
        match block:
            case TextBlock():
                yield block.text
            case ToolCallBlock():
                arguments = block.tool_kwargs
                written = arguments if isinstance(arguments, str) else json.dumps(arguments, default=str)
                yield f"{block.tool_name}({written})"
            case BaseRecursiveContentBlock():
                yield from _lines(block.nested_blocks)
            case ThinkingBlock() | CachePoint():
                pass  # Neither was said to anybody.
            case _:
                yield f"[{getattr(block, 'block_type', 'part')}]"


def _label(message: ChatMessage, key: str) -> str | None:
    value = message.additional_kwargs.get(key)
    return value if isinstance(value, str) and value else None


def _storable(text: str) -> str:
    """The text without what a record cannot hold: NUL and lone surrogates are replaced by visible marks."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode(errors="backslashreplace").decode()
