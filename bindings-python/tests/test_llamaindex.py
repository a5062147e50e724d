"""What leaves LlamaIndex's chat history is kept in a tenant, and comes back when it matters.

Broken if a message that `Memory` hands over is lost or gets another role or session, if what answers a question does not come
back into the prompt, or if a block that may be shortened takes more room than the memory has.
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    CacheControl,
    CachePoint,
    ChatMessage,
    CitableBlock,
    ImageBlock,
    MessageRole,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
)
from llama_index.core.memory import Memory
from llama_index.core.memory.memory import InsertMethod
from llama_index.core.storage.chat_store.base_db import MessageStatus

from ebbmark import Episode, Filter, Store, Tenant
from ebbmark.llamaindex import EbbmarkMemoryBlock

FILLER = "The weather was discussed at length, with clouds and sun and rain and wind. " * 8


@pytest.fixture
def tenant() -> Tenant:
    return Store(":memory:").tenant("acme")


def words(text: str) -> list[str]:
    """A tokenizer for which a word is a token."""
    return text.split()


def memory_of(block: EbbmarkMemoryBlock, **settings: Any) -> Memory:
    asked: dict[str, Any] = {"session_id": "monday", "token_limit": 400, "token_flush_size": 100}
    asked |= {"tokenizer_fn": words} | settings
    return Memory.from_defaults(memory_blocks=[block], **asked)


def talk(memory: Memory, *texts: str) -> None:
    for text in texts:
        memory.put(ChatMessage(role="user", content=text))
        memory.put(ChatMessage(role="assistant", content="I see."))


def episodes(tenant: Tenant) -> list[Episode]:
    return [each for each in tenant.list(Filter(sort="episode")).records if isinstance(each, Episode)]


def test_what_left_the_history_comes_back_when_it_is_asked_for(tenant: Tenant) -> None:
    memory = memory_of(EbbmarkMemoryBlock(tenant=tenant, token_budget=60))
    talk(memory, "My sister Ana keeps bees in Porto.", *[FILLER] * 6)
    assert not any(
        "bees" in (message.content or "") for message in memory.get_all(status=MessageStatus.ACTIVE)
    )
    system, *history = memory.get(input="What does my sister keep?")
    assert system.role == MessageRole.SYSTEM
    assert "<Ebbmark>" in (system.content or "") and "bees" in (system.content or "")
    assert not any("bees" in (message.content or "") for message in history)


def test_what_is_still_in_the_history_is_not_kept_twice(tenant: Tenant) -> None:
    memory = memory_of(EbbmarkMemoryBlock(tenant=tenant))
    talk(memory, "My sister keeps bees.")
    assert episodes(tenant) == []
    [message, _] = memory.get()
    assert message.content == "My sister keeps bees."


def test_every_message_that_left_is_kept_once_in_order_with_its_session(tenant: Tenant) -> None:
    memory = memory_of(EbbmarkMemoryBlock(tenant=tenant))
    talk(memory, *[f"{number} {FILLER}" for number in range(8)])
    left = [message.content for message in memory.get_all(status=MessageStatus.ARCHIVED)]
    kept = episodes(tenant)
    assert len(left) >= 8
    assert [each.text for each in kept] == left
    assert {each.scope.session for each in kept} == {"monday"}
    assert {each.role for each in kept} == {"user", "assistant"}


def test_what_users_say_teaches_facts(tenant: Tenant) -> None:
    block = EbbmarkMemoryBlock(tenant=tenant.with_scope(user="Mara"))
    asyncio.run(block.aput([ChatMessage(role="user", content="I live in Porto.")]))
    assert [fact.object for fact in tenant.with_scope(user="Mara").facts("Mara", "lives_in")] == ["Porto"]


def test_it_may_go_into_the_message_of_the_user(tenant: Tenant) -> None:
    memory = memory_of(EbbmarkMemoryBlock(tenant=tenant), insert_method=InsertMethod.USER)
    talk(memory, "My sister Ana keeps bees in Porto.", *[FILLER] * 6)
    memory.put(ChatMessage(role="user", content="What does my sister keep?"))
    last = memory.get()[-1]
    assert last.role == MessageRole.USER and "bees" in (last.content or "")


def test_sessions_share_it_unless_they_should_not(tenant: Tenant) -> None:
    shared = EbbmarkMemoryBlock(tenant=tenant)
    alone = EbbmarkMemoryBlock(tenant=tenant, this_session_only=True)
    asyncio.run(shared.aput([ChatMessage(role="user", content="Ana keeps bees.")], session_id="monday"))
    asked = [ChatMessage(role="user", content="Who keeps bees?")]
    assert "bees" in asyncio.run(shared.aget(asked, session_id="tuesday"))
    assert "bees" in asyncio.run(alone.aget(asked, session_id="monday"))
    assert asyncio.run(alone.aget(asked, session_id="tuesday")) == ""
    other = EbbmarkMemoryBlock(tenant=Store(":memory:").tenant("globex"))
    assert asyncio.run(other.aget(asked)) == ""


def test_it_answers_what_the_user_said_last() -> None:
    tenant = Store(":memory:", extraction="off", token_counter=lambda text: len(words(text))).tenant("acme")
    tenant.add(["Ana keeps bees.", "Joe plays the tuba."])
    block = EbbmarkMemoryBlock(tenant=tenant, token_budget=10)
    said = [
        ("user", "Who keeps bees?"),
        ("user", "Who plays the tuba?"),
        ("assistant", "Let me think of bees."),
    ]
    given = asyncio.run(block.aget([ChatMessage(role=role, content=text) for role, text in said]))
    assert "tuba" in given and "bees" not in given
    assert asyncio.run(block.aget([])) == ""
    assert asyncio.run(block.aget(None)) == ""


def test_it_gives_back_no_more_than_its_budget(tenant: Tenant) -> None:
    tenant.add([f"Ana's hive number {number} has many bees in it." for number in range(200)])
    given = [
        asyncio.run(
            EbbmarkMemoryBlock(tenant=tenant, token_budget=budget).aget(
                [ChatMessage(role="user", content="Which hives does Ana have?")]
            )
        )
        for budget in (50, 400)
    ]
    assert 0 < len(words(given[0])) <= 50 < len(words(given[1])) <= 400


def test_it_is_packed_into_what_the_memory_leaves() -> None:
    tenant = Store(":memory:", token_counter=lambda text: len(words(text))).tenant("acme")
    tenant.add([f"Ana's hive number {number} has many bees in it{FILLER[:90]}" for number in range(200)])
    for priority, fits in [(1, True), (0, False)]:
        block = EbbmarkMemoryBlock(tenant=tenant, token_budget=350, priority=priority, tokenizer_fn=words)
        memory = memory_of(block, token_limit=200, token_flush_size=50)
        talk(memory, FILLER)
        messages = memory.get(input="Which hives does Ana have?")
        assert "hive" in (messages[0].content or "")
        # The tags around the block, which LlamaIndex does not count, are four words.
        tokens = sum(len(words(message.content or "")) for message in messages) - 4
        assert (tokens <= 200) == fits


def test_a_block_with_no_room_at_all_gives_nothing(tenant: Tenant) -> None:
    tenant.add("Ana keeps bees.")
    block = EbbmarkMemoryBlock(tenant=tenant, tokenizer_fn=words)
    given = asyncio.run(block.aget([ChatMessage(role="user", content="Who keeps bees?")]))
    assert asyncio.run(block.atruncate(given, 10_000)) is None
    assert asyncio.run(block.atruncate("text of another origin", 1)) is None


@pytest.mark.parametrize(
    ("role", "kept"),
    [
        ("user", "user"),
        ("assistant", "assistant"),
        ("chatbot", "assistant"),
        ("model", "assistant"),
        ("system", "system"),
        ("developer", "system"),
        ("tool", "tool"),
        ("function", "tool"),
    ],
)
def test_every_role_of_llamaindex_is_kept(tenant: Tenant, role: str, kept: str) -> None:
    asyncio.run(EbbmarkMemoryBlock(tenant=tenant).aput([ChatMessage(role=role, content="text")]))
    assert [each.role for each in episodes(tenant)] == [kept]
    assert len(list(MessageRole)) == 8


def test_parts_that_are_no_text_leave_a_mark(tenant: Tenant) -> None:
    blocks = [
        TextBlock(text="Look at this:"),
        ImageBlock(url="https://example.com/bees.png"),
        ThinkingBlock(content="a thought"),
        CachePoint(cache_control=CacheControl(type="ephemeral")),
        CitableBlock(title="Bees", source="book", content=[TextBlock(text="They dance.")]),
        ToolCallBlock(tool_name="search", tool_kwargs={"q": "bees"}),
        ToolCallBlock(tool_name="note", tool_kwargs="as written"),
    ]
    message = ChatMessage(role="tool", blocks=blocks, additional_kwargs={"name": "camera"})
    asyncio.run(EbbmarkMemoryBlock(tenant=tenant).aput([message]))
    [kept] = episodes(tenant)
    assert kept.text == 'Look at this:\n[image]\nThey dance.\nsearch({"q": "bees"})\nnote(as written)'
    assert kept.speaker == "camera"


def test_odd_texts_are_kept(tenant: Tenant) -> None:
    long = "many bees " * 150_000
    texts = ["", "  \n", "a\0b \ud800", long]
    asyncio.run(EbbmarkMemoryBlock(tenant=tenant).aput([ChatMessage(content=text) for text in texts]))
    first, *rest = [each.text for each in episodes(tenant)]
    assert first == "a␀b \\ud800"
    assert "".join(rest) == long


def test_it_is_durable(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.ebb") as store:
        memory = memory_of(EbbmarkMemoryBlock(tenant=store.tenant("acme")))
        talk(memory, "My sister Ana keeps bees in Porto.", *[FILLER] * 6)
    with Store(tmp_path / "memory.ebb") as store:
        memory = memory_of(EbbmarkMemoryBlock(tenant=store.tenant("acme")), session_id="tuesday")
        assert "bees" in (memory.get(input="What does my sister keep?")[0].content or "")


def test_without_the_framework_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_index.core.memory", None)
    monkeypatch.delitem(sys.modules, "ebbmark.llamaindex")
    with pytest.raises(ImportError, match=r'pip install "ebbmark\[llamaindex\]"'):
        importlib.import_module("ebbmark.llamaindex")
