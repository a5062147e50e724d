"""LangChain's messages come back as they were added; a retriever and two tools reach a tenant.

It breaks if a field of a message is lost or changed, if sessions or users see each other's messages, if a
retriever returns other records than a search, or if a model reaches a memory outside the labels of its tool's
tenant.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

pytest.importorskip("langchain_core")

from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.runnables.history import RunnableWithMessageHistory
from langchain_tests.integration_tests import RetrieversIntegrationTests

import ebbmark
from ebbmark import Atom, Filter, NewEpisode, Store, Tenant
from ebbmark.langchain import (
    EbbmarkChatMessageHistory,
    EbbmarkRetriever,
    create_manage_memory_tool,
    create_search_memory_tool,
)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with Store(":memory:") as file:
        yield file.tenant("acme")


def objects(tenant: Tenant) -> list[str]:
    """What the facts of a tenant are about."""
    return [record.object for record in tenant.list().records if isinstance(record, Atom)]


# History


CALL = {"name": "weather", "args": {"city": "Porto", "days": [1, 2]}, "id": "call_1", "type": "tool_call"}
MESSAGES: list[BaseMessage] = [
    SystemMessage("You are kind.", id="s1"),
    HumanMessage("How is the weather in Porto?", id="h1", name="mara", additional_kwargs={"lang": "en"}),
    AIMessage(
        "",
        id="a1",
        tool_calls=[CALL],
        invalid_tool_calls=[
            {"name": "x", "args": "{", "id": "call_2", "error": "no JSON", "type": "invalid_tool_call"}
        ],
        usage_metadata={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        response_metadata={"model": "fake", "logprobs": None},
    ),
    ToolMessage("Rain", tool_call_id="call_1", id="t1", artifact={"mm": 3.5}, status="error", name="weather"),
    AIMessage(
        [{"type": "text", "text": "It rains."}, {"type": "image_url", "image_url": {"url": "data:x"}}],
        id="a2",
    ),
    FunctionMessage(content="7", name="count", id="f1"),
    ChatMessage(content="Hear, hear.", role="chorus", id="c1"),
    AIMessageChunk(
        content="half a", id="k1", tool_call_chunks=[{"name": "w", "args": "{", "id": "1", "index": 0}]
    ),
    HumanMessage("", id="h2"),
    HumanMessage(" \n ", id="h3"),
    HumanMessage("Cafe\u0301 \0 \x1e \ud800 \U0001f600", id="h4"),
    HumanMessage("\U00011382\U000113c9 \U0001611e\U0001611e \U00016d67\U00016d67", id="h8"),
    HumanMessage("word", id="h5"),
    HumanMessage([], id="h6"),
    HumanMessage("river " * 40_000, id="h7"),
    ToolMessage("\u00e9" * 1_500_000, tool_call_id="call_9", id="t2"),
    AIMessage("ok", id="a3", additional_kwargs={"numbers": list(range(20_000))}),
    RemoveMessage("h1"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{type(message).__name__} {message.id}")
def test_every_message_comes_back_as_it_was(tenant: Tenant, message: BaseMessage) -> None:
    EbbmarkChatMessageHistory(tenant, "monday").add_messages([message])
    (back,) = EbbmarkChatMessageHistory(tenant, "monday").messages
    assert type(back) is type(message)
    assert back == message


def test_messages_are_in_order_durable_and_cleared(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.ebb") as file:
        tenant = file.tenant("acme")
        for message in MESSAGES[:5]:
            EbbmarkChatMessageHistory(tenant, "monday").add_message(message)
        EbbmarkChatMessageHistory(tenant, "monday").add_messages(MESSAGES[5:])
        EbbmarkChatMessageHistory(tenant, "tuesday").add_user_message("Hello")
        EbbmarkChatMessageHistory(tenant, "monday").add_messages([])
    with Store(tmp_path / "memory.ebb") as file:
        tenant = file.tenant("acme")
        history = EbbmarkChatMessageHistory(tenant, "monday")
        assert history.messages == MESSAGES
        history.clear()
        assert history.messages == []
        assert [message.content for message in EbbmarkChatMessageHistory(tenant, "tuesday").messages] == [
            "Hello"
        ]
        left = tenant.list(Filter(archived=True, quarantined=True)).records
        assert [record.text for record in left] == ["Hello"]


def test_long_histories_are_read_whole(tenant: Tenant) -> None:
    messages = [HumanMessage(f"turn {n}", id=str(n)) for n in range(2_100)]
    history, memory = EbbmarkChatMessageHistory(tenant, "monday"), InMemoryChatMessageHistory()
    history.add_messages(messages)
    memory.add_messages(messages)
    assert history.messages == memory.messages
    assert str(history) == str(memory)


def test_async_calls_do_the_same(tenant: Tenant) -> None:
    async def run() -> None:
        history = EbbmarkChatMessageHistory(tenant, "monday")
        await history.aadd_messages(MESSAGES[:3])
        assert await history.aget_messages() == MESSAGES[:3]
        await history.aclear()
        assert await history.aget_messages() == []

    asyncio.run(run())


def test_users_have_their_own_sessions(tenant: Tenant) -> None:
    mara, tom = tenant.with_scope(user="mara"), tenant.with_scope(user="tom")
    EbbmarkChatMessageHistory(mara, "monday").add_user_message("I am Mara.")
    EbbmarkChatMessageHistory(tom, "monday").clear()
    assert EbbmarkChatMessageHistory(tom, "monday").messages == []
    assert len(EbbmarkChatMessageHistory(mara, "monday").messages) == 1
    with pytest.raises(ValueError, match="handle is for the session 'tuesday'"):
        EbbmarkChatMessageHistory(tenant.with_scope(session="tuesday"), "monday")


def test_what_the_host_adds_to_a_session_is_no_message(tenant: Tenant) -> None:
    history = EbbmarkChatMessageHistory(tenant, "monday")
    history.add_user_message("Hello")
    tenant.add(NewEpisode("A note.", session="monday"))
    assert [message.content for message in history.messages] == ["Hello"]
    history.clear()
    assert [record.text for record in tenant.list().records] == ["A note."]


def test_facts_are_drawn_only_when_asked_for(tenant: Tenant) -> None:
    said = HumanMessage("I moved to Porto.")
    EbbmarkChatMessageHistory(tenant, "monday").add_messages([said])
    assert objects(tenant) == []
    learner = EbbmarkChatMessageHistory(tenant, "tuesday", learn=True)
    learner.add_messages([said, AIMessage("I live in Berlin.")])
    assert objects(tenant) == ["Porto"]
    assert learner.messages == [said, AIMessage("I live in Berlin.")]
    learner.clear()
    assert objects(tenant) == []


def test_what_is_no_json_is_refused_with_its_whole_call(tenant: Tenant) -> None:
    history = EbbmarkChatMessageHistory(tenant, "monday")
    with pytest.raises(TypeError, match="cannot be kept as JSON"):
        history.add_messages([HumanMessage("Hello"), ToolMessage("x", tool_call_id="1", artifact=object())])
    assert history.messages == []


def test_what_a_guard_redacts_is_nowhere(tmp_path: Path) -> None:
    def guard(episode: NewEpisode) -> str | None:
        return episode.text.replace("hunter2", "[secret]") if "hunter2" in episode.text else None

    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        history = EbbmarkChatMessageHistory(tenant, "monday")
        history.add_messages(
            [HumanMessage("My password is hunter2.", id="1"), HumanMessage("hunter2", id="2")]
        )
        assert [message.content for message in history.messages] == ["My password is [secret].", "[secret]"]
        assert not any("hunter2" in repr(record) for record in tenant.list().records)


def test_what_a_guard_redacts_is_in_no_field_of_a_message() -> None:
    def guard(episode: NewEpisode) -> str | None:
        return episode.text.replace("hunter2", "[secret]") if "hunter2" in episode.text else None

    def message(secret: str) -> AIMessage:
        call = {
            "name": "log_in",
            "args": {"password": secret, "name": secret, "more": [{"id": secret}]},
            "id": "call_1",
        }
        return AIMessage("", id="a1", tool_calls=[call], additional_kwargs={"reasoning": secret})

    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        history = EbbmarkChatMessageHistory(tenant, "monday")
        history.add_messages([message("hunter2"), ToolMessage("ok", tool_call_id="1", artifact="hunter2")])
        assert history.messages == [
            message("[secret]"),
            ToolMessage("ok", tool_call_id="1", artifact="[secret]"),
        ]
        assert not any("hunter2" in repr(record) for record in tenant.list().records)


def test_a_chain_with_message_history(tenant: Tenant) -> None:
    seen: list[int] = []
    model = FakeListChatModel(responses=["Hello Mara.", "You are Mara."])
    prompt = ChatPromptTemplate.from_messages([MessagesPlaceholder("history"), ("human", "{question}")])

    def look(prompted: Any) -> Any:
        seen.append(len(prompted.messages))
        return prompted

    chain = RunnableWithMessageHistory(
        prompt | RunnableLambda(look) | model,
        lambda session_id: EbbmarkChatMessageHistory(tenant, session_id),
        input_messages_key="question",
        history_messages_key="history",
    )
    config: Any = {"configurable": {"session_id": "monday"}}
    chain.invoke({"question": "I am Mara."}, config)
    assert asyncio.run(chain.ainvoke({"question": "Who am I?"}, config)).content == "You are Mara."
    assert seen == [1, 3]
    contents = [message.content for message in EbbmarkChatMessageHistory(tenant, "monday").messages]
    assert contents == ["I am Mara.", "Hello Mara.", "Who am I?", "You are Mara."]


# Retriever


@pytest.mark.asyncio
class TestConformance(RetrieversIntegrationTests):
    """LangChain's own tests for retrievers."""

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return EbbmarkRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        tenant = Store(":memory:").tenant("acme")
        tenant.add([f"The river has {n} bridges." for n in range(20)])
        return {"tenant": tenant}

    @property
    def retriever_query_example(self) -> str:
        return "How many bridges has the river?"


def test_documents_are_hits_with_their_reasons(tenant: Tenant) -> None:
    tenant.add(
        NewEpisode("The ferry leaves at nine.", role="document", metadata={"place": "harbour", "id": "own"})
    )
    tenant.add(NewEpisode("The ferry is blue.", role="document", metadata={"place": "museum"}))
    tenant.assert_fact("Mara", "lives_in", "Porto")
    retriever = EbbmarkRetriever(tenant=tenant, k=1, filter=Filter(metadata={"place": "harbour"}))
    (document,) = retriever.invoke("What colour is the ferry?")
    (hit,) = tenant.search("What colour is the ferry?", filter=Filter(metadata={"place": "harbour"}))
    assert isinstance(document, Document)
    assert (document.page_content, document.id) == ("The ferry leaves at nine.", hit.id)
    assert document.metadata == {
        "place": "harbour",
        "id": hit.id,
        "score": hit.score,
        "why": hit.why,
        "sort": "episode",
        "happened_at": hit.record.happened_at.isoformat(),
    }
    assert asyncio.run(retriever.ainvoke("What colour is the ferry?")) == [document]
    assert "blue" in EbbmarkRetriever(tenant=tenant).invoke("What colour is the ferry?")[0].page_content
    assert len(EbbmarkRetriever(tenant=tenant).invoke("ferry", k=1)) == 1
    fact = EbbmarkRetriever(tenant=tenant, k=1).invoke("Where does Mara live?")[0]
    assert fact.metadata["sort"] == "atom" and "Porto" in fact.page_content


def test_messages_are_found_by_their_words(tenant: Tenant) -> None:
    EbbmarkChatMessageHistory(tenant, "monday").add_messages(MESSAGES)
    found = EbbmarkRetriever(tenant=tenant, k=1).invoke("How is the weather in Porto?")
    assert found[0].page_content.splitlines()[0] == "How is the weather in Porto?"


# Tools


def call(tool: Any, **arguments: Any) -> str:
    message = tool.invoke({"name": tool.name, "args": arguments, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    return str(message.content)


def test_a_model_manages_and_searches_memories(tenant: Tenant) -> None:
    manage, search = create_manage_memory_tool(tenant), create_search_memory_tool(tenant)
    assert set(manage.args) == {"content", "action", "id"}
    answer = call(manage, content="Mara is allergic to nuts.")
    id = answer.removeprefix("created memory ")
    call(manage, content="Tom swims on Mondays.", action="create")
    (first, _) = json.loads(call(search, query="allergic to nuts", limit=2))
    assert (first["id"], first["text"], first["sort"]) == (id, "Mara is allergic to nuts.", "episode")
    assert call(manage, content="Mara is allergic to eggs.", action="update", id=id) == f"updated memory {id}"
    assert tenant.get(id).text == "Mara is allergic to eggs."
    assert call(manage, action="delete", id=id) == f"deleted memory {id}"
    assert "eggs" not in call(search, query="allergic")
    assert objects(tenant) == []


def test_async_tools_do_the_same(tenant: Tenant) -> None:
    async def run() -> None:
        created = await create_manage_memory_tool(tenant).ainvoke({"content": "Mara is allergic to nuts."})
        found = await create_search_memory_tool(tenant).ainvoke({"query": "nuts"})
        assert json.loads(found)[0]["id"] == created.removeprefix("created memory ")

    asyncio.run(run())


def test_hits_are_the_artifact_when_asked_for(tenant: Tenant) -> None:
    tenant.add("The river is high.")
    tool = create_search_memory_tool(tenant, response_format="content_and_artifact")
    message = tool.invoke({"name": tool.name, "args": {"query": "river"}, "id": "1", "type": "tool_call"})
    assert [hit.text for hit in message.artifact] == ["The river is high."]


def test_mistakes_of_a_model_are_answered(tenant: Tenant) -> None:
    manage = create_manage_memory_tool(tenant)
    id = tenant.assert_fact("Mara", "lives_in", "Porto").id
    assert "needs content" in call(manage)
    assert "leave out the id" in call(manage, content="x", id=id)
    assert "give its id" in call(manage, action="delete")
    assert "needs the new content" in call(manage, action="update", id=id)
    assert "no memory 'made up'" in call(manage, action="delete", id="made up")
    assert "no memory" in call(manage, action="update", content="x", id=str(uuid4()))
    assert "is a fact" in call(manage, action="update", content="x", id=id)
    only = create_manage_memory_tool(tenant, actions_permitted=["create"])
    assert "not permitted" in call(only, action="delete", id=id)
    assert objects(tenant) == ["Porto"]
    with pytest.raises(ValueError, match="one or more of"):
        create_manage_memory_tool(tenant, actions_permitted=[])


@pytest.mark.parametrize("text", [" \n", "a\0b", "\ud800"], ids=repr)
def test_a_text_that_the_store_refuses_is_answered(tenant: Tenant, text: str) -> None:
    manage = create_manage_memory_tool(tenant)
    id = call(manage, content="The river is high.").removeprefix("created memory ")
    for arguments in ({"action": "create"}, {"action": "update", "id": id}):
        assert "text" in call(manage, content=text, **arguments)
    assert tenant.get(id).text == "The river is high."
    search = create_search_memory_tool(tenant, response_format="content_and_artifact")
    # A query may have NUL.
    assert ("expected a" in call(search, query=text)) == ("\0" not in text)


def test_the_tools_change_no_record_of_an_adapter_and_recall_what_was_said(tenant: Tenant) -> None:
    kept: list[dict[str, Any]] = [
        {"langgraph": {"key": "k"}},
        {"piece": True},
        {"log": "langchain"},
        {"memory_file": {"path": "/memories/a", "within": ["/memories"]}},
        {"crewai": {"id": "1"}},
    ]
    ids = [tenant.add("The river is high.", role="document", metadata=fields).ids[0] for fields in kept]
    own = tenant.add("The river is low.", role="document", metadata={"langgraphs": 1}).ids[0]
    said = ids[2]
    search, manage = create_search_memory_tool(tenant), create_manage_memory_tool(tenant)
    assert {hit["id"] for hit in json.loads(call(search, query="river"))} == {own, said}
    for id in ids:
        assert "no memory" in call(manage, action="update", id=id, content="x")
        assert "no memory" in call(manage, action="delete", id=id)
        assert tenant.get(id).text == "The river is high."
    assert "deleted" in call(manage, action="delete", id=own)


def test_a_tool_reaches_no_memory_of_another_user(tenant: Tenant) -> None:
    mara, tom = tenant.with_scope(user="mara"), tenant.with_scope(user="tom")
    id = mara.add("Mara is allergic to nuts.", role="assistant").ids[0]
    assert json.loads(call(create_search_memory_tool(tom), query="nuts")) == []
    for arguments in ({"action": "delete"}, {"action": "update", "content": "x"}):
        assert "no memory" in call(create_manage_memory_tool(tom), id=id, **arguments)
    assert mara.get(id).text == "Mara is allergic to nuts."
    assert "deleted" in call(create_manage_memory_tool(mara), action="delete", id=id)


def test_memories_in_the_role_user_make_facts(tenant: Tenant) -> None:
    call(create_manage_memory_tool(tenant, role="user"), content="I live in Porto.")
    assert objects(tenant) == ["Porto"]


def test_an_asynchronous_handle_is_refused() -> None:
    async def run() -> None:
        async with ebbmark.AsyncStore(":memory:") as file:
            tenant: Any = await file.tenant("acme")
            makers: list[Any] = [
                lambda tenant: EbbmarkChatMessageHistory(tenant, "monday"),
                create_manage_memory_tool,
                create_search_memory_tool,
            ]
            for make in makers:
                with pytest.raises(TypeError, match=r"AsyncTenant.*pass its attribute `sync`"):
                    make(tenant)

    asyncio.run(run())


def test_the_module_names_what_to_install_and_ebbmark_needs_none_of_it() -> None:
    code = (
        "import sys; sys.modules['langchain_core'] = None; import ebbmark\n"
        "try: import ebbmark.langchain\n"
        "except ImportError as error: print(error)"
    )
    path = str(Path(ebbmark.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert 'pip install "ebbmark[langchain]"' in done.stdout
