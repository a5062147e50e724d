"""An EbbmarkSession keeps items as the Agents SDK's own SQLiteSession does; its tools reach a tenant.

It breaks if an item comes back otherwise than it was added or in another order, if sessions or users see each
other's items, or if an agent reaches a memory outside the labels of its tools' tenant.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("agents")

from agents import (
    Agent,
    FunctionTool,
    Model,
    ModelResponse,
    RunConfig,
    Runner,
    Session,
    SessionSettings,
    SQLiteSession,
    Usage,
)
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

import ebbmark
from ebbmark import Admission, Atom, DeniedError, Filter, NewEpisode, Store, Tenant, _json
from ebbmark.openai_agents import EbbmarkSession, memory_tools

QUIET = RunConfig(tracing_disabled=True)


@pytest.fixture
def tenant() -> Iterator[Tenant]:
    with Store(":memory:") as file:
        yield file.tenant("acme")


def objects(tenant: Tenant) -> list[str]:
    """What the facts of a tenant are about."""
    return [record.object for record in tenant.list().records if isinstance(record, Atom)]


def items_of(session: Any, limit: int | None = None) -> list[Any]:
    return list(asyncio.run(session.get_items(limit)))


def add(session: Any, *items: Any) -> None:
    asyncio.run(session.add_items(list(items)))


# Items


ITEMS: list[Any] = [
    {"role": "user", "content": "I moved to Porto."},
    {"role": "user", "content": "word"},
    {"role": "user", "content": "\U00011382\U000113c9 \U0001611e\U0001611e \U00016d67\U00016d67"},
    {"role": "user", "content": ""},
    {"role": "user", "content": " \n"},
    {"role": "user", "content": "Cafe\u0301 \0 \x1e \n\x1e \ud800 \U0001f600"},
    {
        "type": "message",
        "id": "m1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "Where in Porto?"}],
    },
    {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": '{"city": "Porto"}'},
    {"type": "function_call_output", "call_id": "c1", "output": "Rain, " * 35_000},
    {"type": "function_call_output", "call_id": "c2", "output": "\u00e9" * 1_500_000},
    {"type": "reasoning", "summary": [], "encrypted_content": "QUJD" * 50_000},
    {
        "role": "user",
        "content": [{"type": "input_image", "image_url": "data:image/png;base64," + "A" * 200_000}],
    },
    {"content": [{"text": "a \n\x1e b"}, {"text": "c d"}]},
    {"content": ["ends \n", "\x1e\n", "\n"]},
    {"numbers": [0.1, -0.0, 1e308, 2**80, True, None, []], "empty": {}, "": {"a.b": {"$ref": "=~^"}}},
    {"many": {f"field {n}": "v" for n in range(5_000)}},
    {"~": "~", "=": "=", "^": "^ ~ =", "deep": [[[[[[[[[["a b"]]]]]]]]]]},
]


@pytest.mark.parametrize("at", range(len(ITEMS)))
def test_every_item_comes_back_as_it_was(tenant: Tenant, at: int) -> None:
    add(EbbmarkSession("monday", tenant), ITEMS[at])
    back = items_of(EbbmarkSession("monday", tenant))
    assert json.dumps(back) == json.dumps([ITEMS[at]])


def test_items_are_in_order_durable_and_cleared(tmp_path: Path) -> None:
    with Store(tmp_path / "memory.ebb") as file:
        session = EbbmarkSession("monday", file.tenant("acme"))
        assert isinstance(session, Session)
        for item in ITEMS[:4]:
            add(session, item)
        add(session, *ITEMS[4:])
        add(session)
        add(EbbmarkSession("tuesday", file.tenant("acme")), {"role": "user", "content": "Hello there"})
    with Store(tmp_path / "memory.ebb") as file:
        tenant = file.tenant("acme")
        session = EbbmarkSession("monday", tenant)
        assert items_of(session) == items_of(session, -1) == items_of(session, 99) == ITEMS
        assert (items_of(session, 2), items_of(session, 0)) == (ITEMS[-2:], [])
        assert asyncio.run(session.pop_item()) == ITEMS[-1]
        asyncio.run(session.clear_session())
        assert items_of(session) == [] and asyncio.run(session.pop_item()) is None
        left = tenant.list(Filter(archived=True, quarantined=True)).records
        assert [record.text for record in left] == ["Hello there"]


def test_popping_a_long_item_leaves_nothing_behind(tenant: Tenant) -> None:
    session = EbbmarkSession("monday", tenant)
    add(session, {"output": "\u00e9" * 1_500_000})
    assert len(tenant.list().records) > 1
    asyncio.run(session.pop_item())
    assert tenant.list().records == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["role", "content", "type", "text", "output", "arguments"])
MADE_ITEMS = st.dictionaries(FIELDS, JSON, max_size=4)
LIMITS = st.none() | st.integers(-2, 6)
STEPS = st.one_of(
    st.tuples(st.just("add_items"), st.lists(MADE_ITEMS, max_size=3)),
    st.tuples(st.just("add_items"), st.lists(MADE_ITEMS, max_size=3)),
    st.tuples(st.just("get_items"), LIMITS),
    st.tuples(st.just("pop_item")),
    st.tuples(st.just("clear_session")),
)


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(STEPS, max_size=12), limit=st.none() | st.integers(1, 3))
def test_a_session_answers_as_sqlite_does(steps: list[Any], limit: int | None) -> None:
    async def run(ours: Any, theirs: Any) -> None:
        for name, *arguments in [*steps, ("get_items",)]:
            answers = [await getattr(session, name)(*arguments) for session in (ours, theirs)]
            assert json.dumps(answers[0]) == json.dumps(answers[1]), (name, arguments)

    chosen = SessionSettings(limit=limit)
    theirs = SQLiteSession("monday", session_settings=chosen)
    with Store(":memory:", embedder=None) as file:
        asyncio.run(run(EbbmarkSession("monday", file.tenant("acme"), session_settings=chosen), theirs))
    theirs.close()


def test_an_encrypted_session_wraps_it(tenant: Tenant) -> None:
    pytest.importorskip("cryptography")
    from agents.extensions.memory import EncryptedSession

    session = EbbmarkSession("monday", tenant)
    sealed = EncryptedSession("monday", session, encryption_key="a key that only the host knows")
    add(sealed, *ITEMS[:3])
    assert items_of(sealed) == ITEMS[:3]
    assert "Porto" not in json.dumps(items_of(session))
    assert asyncio.run(sealed.pop_item()) == ITEMS[2]
    assert items_of(sealed, 1) == ITEMS[1:2]


def test_concurrent_writers_lose_nothing(tenant: Tenant) -> None:
    session: Any = EbbmarkSession("monday", tenant)

    async def run() -> list[Any]:
        await asyncio.gather(*(session.add_items([{"n": n, "at": at} for at in range(3)]) for n in range(20)))
        items: list[Any] = await session.get_items()
        assert sorted((item["n"], item["at"]) for item in items) == [
            (n, at) for n in range(20) for at in range(3)
        ]
        assert all([one["at"] for one in items[at : at + 3]] == [0, 1, 2] for at in range(0, 60, 3))
        return list(await asyncio.gather(*(session.pop_item() for _ in range(61))))

    popped = asyncio.run(run())
    assert popped.count(None) == 1 and len({json.dumps(item) for item in popped}) == 61


def test_an_item_that_is_deleted_while_it_is_read_is_left_out(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = EbbmarkSession("monday", tenant)
    add(session, {"output": "\u00e9" * 600_000})

    def late(tenant: Tenant, ids: list[str]) -> str:
        for record in tenant.list().records:
            tenant.delete(record.id)
        return _json.read_pieces(tenant, ids)

    monkeypatch.setattr("ebbmark._log.read_pieces", late)
    assert items_of(session) == []


def test_users_have_their_own_sessions(tenant: Tenant) -> None:
    mara, tom = tenant.with_scope(user="mara"), tenant.with_scope(user="tom")
    add(EbbmarkSession("monday", mara), ITEMS[0])
    asyncio.run(EbbmarkSession("monday", tom).clear_session())
    assert items_of(EbbmarkSession("monday", tom)) == []
    assert items_of(EbbmarkSession("monday", mara)) == ITEMS[:1]
    with pytest.raises(ValueError, match="handle is for the session 'tuesday'"):
        EbbmarkSession("monday", tenant.with_scope(session="tuesday"))


def test_a_handle_without_a_user_has_its_own_sessions(tenant: Tenant) -> None:
    mara, bot = EbbmarkSession("monday", tenant.with_scope(user="mara")), tenant.with_scope(agent="bot")
    shared = EbbmarkSession("monday", tenant)
    add(mara, ITEMS[0])
    add(EbbmarkSession("monday", bot), ITEMS[0])
    assert items_of(shared) == [] and asyncio.run(shared.pop_item()) is None
    add(shared, ITEMS[1])
    assert items_of(shared) == ITEMS[1:2]
    asyncio.run(shared.clear_session())
    assert items_of(shared) == []
    assert items_of(mara) == items_of(EbbmarkSession("monday", bot)) == ITEMS[:1]


def test_items_are_found_by_what_they_say(tenant: Tenant) -> None:
    add(EbbmarkSession("monday", tenant), *ITEMS)
    hits = tenant.search("Where did I move?")
    assert hits[0].text == "I moved to Porto."
    assert tenant.search('Where in "Porto"?')[0].record.scope.session == "monday"


def test_a_long_item_is_found_by_a_word_at_its_end() -> None:
    with Store(":memory:", embedder=None) as file:
        tenant = file.tenant("acme")
        long = {"type": "function_call_output", "call_id": "c", "output": "sand " * 40_000 + "flowerpot"}
        add(EbbmarkSession("monday", tenant), {"role": "user", "content": "Where is the key?"}, long)
        assert [hit.text[:4] for hit in tenant.search("flowerpot", limit=1)] == ["sand"]


def test_facts_are_drawn_only_when_asked_for(tenant: Tenant) -> None:
    add(EbbmarkSession("monday", tenant), *ITEMS[:6])
    assert objects(tenant) == []
    session = EbbmarkSession("tuesday", tenant, learn=True)
    add(session, ITEMS[0], {"role": "assistant", "content": "I live in Berlin."})
    assert objects(tenant) == ["Porto"]
    asyncio.run(session.clear_session())
    assert objects(tenant) == []


def test_what_is_no_json_is_refused_with_its_whole_call(tenant: Tenant) -> None:
    session = EbbmarkSession("monday", tenant)
    with pytest.raises(TypeError, match="cannot be kept as JSON"):
        add(session, ITEMS[0], {"role": "user", "content": object()})
    assert items_of(session) == []


def test_what_a_guard_redacts_is_nowhere_and_the_rest_is_kept(tmp_path: Path) -> None:
    def guard(episode: NewEpisode) -> str | None:
        return episode.text.replace("hunter2", "[secret]") if "hunter2" in episode.text else None

    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        session = EbbmarkSession("monday", tenant)
        call = {
            "type": "function_call",
            "call_id": "c1",
            "name": "log",
            "arguments": '{"password": "hunter2"}',
        }
        add(session, {"role": "user", "content": "My password is hunter2."}, call)
        assert items_of(session) == [
            {"role": "user", "content": "My password is [secret]."},
            call | {"arguments": '{"password": "[secret]"}'},
        ]
        assert not any("hunter2" in repr(record) for record in tenant.list().records)


def test_what_a_guard_quarantines_is_hidden_and_cleared() -> None:
    def guard(episode: NewEpisode) -> Admission:
        return Admission.quarantine() if "bad" in episode.text else Admission.allow()

    good = [{"role": "user", "content": text} for text in ("one", "two", "three")]
    in_a_piece = {"output": "\u00e9" * 600_000 + "bad"}
    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        session = EbbmarkSession("monday", tenant)
        add(session, good[0], good[1], {"role": "user", "content": "bad"}, good[2], in_a_piece)
        assert items_of(session) == good
        assert items_of(session, 2) == good[1:]
        assert asyncio.run(session.pop_item()) == good[2]
        assert asyncio.run(session.pop_item()) == good[1]
        asyncio.run(session.clear_session())
        assert tenant.list(Filter(archived=True, quarantined=True)).records == []


def test_an_add_that_fails_leaves_nothing() -> None:
    def guard(episode: NewEpisode) -> Admission:
        return Admission.reject("bad") if "bad" in episode.text else Admission.allow()

    long = {"output": "\u00e9" * 600_000}
    with Store(":memory:", guard=guard) as file:
        tenant = file.tenant("acme")
        session = EbbmarkSession("monday", tenant)
        for bad in ({"role": "user", "content": "bad"}, {"output": "\u00e9" * 600_000 + "bad"}):
            with pytest.raises(DeniedError):
                add(session, long, bad)
            assert tenant.list(Filter(archived=True, quarantined=True)).records == []


def test_what_a_guard_redacts_whole_is_shown_once() -> None:
    with Store(":memory:", guard=lambda _: "[gone]") as file:
        session = EbbmarkSession("monday", file.tenant("acme"))
        add(session, {"role": "user", "content": [{"text": "a secret"}, {"text": "b secret"}]})
        assert items_of(session) == [{"role": "user", "content": [{"text": "[gone]"}, {"text": ""}]}]
        add(session, {"n": 1})
        with pytest.raises(ValueError, match="is no JSON any more"):
            items_of(session)


# With an agent


class Script(Model):
    """A model that says what it is told to, and remembers what it was given."""

    def __init__(self, *answers: Callable[[list[Any]], Any]) -> None:
        self.answers = list(answers)
        self.inputs: list[list[Any]] = []

    async def get_response(self, system_instructions: Any, input: Any, *_: Any, **__: Any) -> ModelResponse:
        given = [{"role": "user", "content": input}] if isinstance(input, str) else list(input)
        self.inputs.append(given)
        return ModelResponse(output=[self.answers.pop(0)(given)], usage=Usage(), response_id=None)

    async def stream_response(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        raise NotImplementedError
        yield


def says(text: str) -> Callable[[list[Any]], Any]:
    content = ResponseOutputText(text=text, type="output_text", annotations=[])
    return lambda _: ResponseOutputMessage(
        id="m", type="message", role="assistant", status="completed", content=[content]
    )


def calls(name: str, **arguments: Any) -> Callable[[list[Any]], Any]:
    """Calls a tool; an argument that is a function is given what the model was given."""

    def answer(given: list[Any]) -> Any:
        made = {field: value(given) if callable(value) else value for field, value in arguments.items()}
        return ResponseFunctionToolCall(
            type="function_call", call_id=f"call {len(given)}", name=name, arguments=json.dumps(made)
        )

    return answer


def outputs(given: list[Any]) -> list[str]:
    return [item["output"] for item in given if item.get("type") == "function_call_output"]


def test_a_runner_goes_on_where_the_session_ended(tmp_path: Path) -> None:
    model = Script(says("Hello Mara."), says("You moved to Porto."))
    agent = Agent(name="Assistant", model=model)
    with Store(tmp_path / "memory.ebb") as file:
        session = EbbmarkSession("monday", file.tenant("acme"))
        Runner.run_sync(agent, "I am Mara and moved to Porto.", session=session, run_config=QUIET)
    with Store(tmp_path / "memory.ebb") as file:
        session = EbbmarkSession("monday", file.tenant("acme"))
        Runner.run_sync(agent, "Where did I move?", session=session, run_config=QUIET)
        assert [item.get("role") for item in model.inputs[1]] == ["user", "assistant", "user"]
        assert model.inputs[1][0]["content"] == "I am Mara and moved to Porto."
        sqlite = SQLiteSession("monday")
        again = Agent(name="Assistant", model=Script(says("Hello Mara."), says("You moved to Porto.")))
        for question in ("I am Mara and moved to Porto.", "Where did I move?"):
            Runner.run_sync(again, question, session=sqlite, run_config=QUIET)
        assert items_of(session) == items_of(sqlite)


def test_an_agent_remembers_recalls_corrects_and_forgets(tenant: Tenant) -> None:
    tools = memory_tools(tenant)
    assert [tool.name for tool in tools] == ["remember", "recall", "correct", "forget"]
    assert all(isinstance(tool, FunctionTool) and tool.description for tool in tools)

    def id_of(given: list[Any]) -> str:
        return outputs(given)[0].removeprefix("created memory ")

    model = Script(
        calls("remember", text="Mara is allergic to nuts."),
        calls("recall", query="What is Mara allergic to?", limit=3),
        calls("correct", id=id_of, text="Mara is allergic to eggs."),
        calls("recall", query="allergic", limit=3),
        calls("forget", id=id_of),
        calls("recall", query="allergic", limit=3),
        calls("forget", id="made up"),
        says("Done."),
    )
    agent = Agent(name="Assistant", model=model, tools=tools)
    result = Runner.run_sync(agent, "Go.", run_config=QUIET)
    created, found, corrected, again, forgotten, nothing, unknown = outputs(model.inputs[-1])
    id = created.removeprefix("created memory ")
    assert [(hit["id"], hit["text"]) for hit in json.loads(found)] == [(id, "Mara is allergic to nuts.")]
    assert (corrected, forgotten) == (f"updated memory {id}", f"deleted memory {id}")
    assert [hit["text"] for hit in json.loads(again)] == ["Mara is allergic to eggs."]
    assert json.loads(nothing) == [] and "no memory 'made up'" in unknown
    assert result.final_output == "Done."


def test_tools_reach_no_memory_of_another_user(tenant: Tenant) -> None:
    mara, tom = tenant.with_scope(user="mara"), tenant.with_scope(user="tom")
    id = mara.add("Mara is allergic to nuts.", role="assistant").ids[0]
    model = Script(
        calls("recall", query="nuts", limit=3),
        calls("correct", id=id, text="Mara eats all."),
        calls("forget", id=id),
        says("Done."),
    )
    Runner.run_sync(Agent(name="Assistant", model=model, tools=memory_tools(tom)), "Go.", run_config=QUIET)
    found, corrected, forgotten = outputs(model.inputs[-1])
    assert json.loads(found) == []
    assert "no memory" in corrected and "no memory" in forgotten
    assert mara.get(id).text == "Mara is allergic to nuts."


def test_memories_in_the_role_user_make_facts(tenant: Tenant) -> None:
    model = Script(calls("remember", text="I live in Porto."), says("Done."))
    agent = Agent(name="Assistant", model=model, tools=memory_tools(tenant, role="user"))
    Runner.run_sync(agent, "Go.", run_config=QUIET)
    assert objects(tenant) == ["Porto"]


def test_an_asynchronous_handle_is_refused() -> None:
    async def run() -> None:
        async with ebbmark.AsyncStore(":memory:") as file:
            tenant: Any = await file.tenant("acme")
            makers: list[Any] = [lambda tenant: EbbmarkSession("monday", tenant), memory_tools]
            for make in makers:
                with pytest.raises(TypeError, match=r"AsyncTenant.*pass its attribute `sync`"):
                    make(tenant)

    asyncio.run(run())


def test_the_module_names_what_to_install_and_ebbmark_needs_none_of_it() -> None:
    code = (
        "import sys; sys.modules['agents'] = None; import ebbmark\n"
        "try: import ebbmark.openai_agents\n"
        "except ImportError as error: print(error)"
    )
    path = str(Path(ebbmark.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path}
    )
    assert 'pip install "ebbmark[openai-agents]"' in done.stdout
