"""Claude's memory tool keeps files in a tenant, and answers as the SDK's own file system tool does.

Broken if the same commands give another answer or another error than the SDK's tool over a folder, if a path leads out of
`/memories`, if a text comes back changed, if a version is lost or one user sees another's files, or if the SDK's runner
cannot work with the tools.
"""

import asyncio
import importlib
import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import httpx2
import pytest
from anthropic import Anthropic, AsyncAnthropic
from anthropic.tools import BetaLocalFilesystemMemoryTool, ToolError
from anthropic.types.beta import BetaMemoryTool20250818ViewCommand
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ebbmark import (
    Admission,
    ArchiveRule,
    AsyncTenant,
    Episode,
    Filter,
    ManualClock,
    NewEpisode,
    RetentionPolicy,
    Store,
    Tenant,
    TenantConfig,
)
from ebbmark.anthropic import EbbmarkAsyncMemoryTool, EbbmarkMemoryTool

Command = dict[str, Any]


@pytest.fixture
def tenant() -> Tenant:
    return Store(":memory:").tenant("acme")


@pytest.fixture
def tool(tenant: Tenant) -> EbbmarkMemoryTool:
    return EbbmarkMemoryTool(tenant)


def create(path: str, text: str) -> Command:
    return {"command": "create", "path": path, "file_text": text}


def view(path: str, *lines: int) -> Command:
    return {"command": "view", "path": path} | ({"view_range": list(lines)} if lines else {})


def replace(path: str, old: str, new: str) -> Command:
    return {"command": "str_replace", "path": path, "old_str": old, "new_str": new}


def insert(path: str, line: int, text: str) -> Command:
    return {"command": "insert", "path": path, "insert_line": line, "insert_text": text}


def delete(path: str) -> Command:
    return {"command": "delete", "path": path}


def rename(old: str, new: str) -> Command:
    return {"command": "rename", "old_path": old, "new_path": new}


def test_a_file_is_made_read_edited_moved_and_removed(tool: EbbmarkMemoryTool) -> None:
    assert tool.call(create("/memories/n/tea.md", "tea\nno milk")) == (
        "File created successfully at: /memories/n/tea.md"
    )
    assert tool.call(view("/memories/n/tea.md")) == (
        "Here's the content of /memories/n/tea.md with line numbers:\n     1\ttea\n     2\tno milk"
    )
    assert tool.call(replace("/memories/n/tea.md", "no", "much")) == (
        "The memory file has been edited. Here is the snippet showing the change (with line numbers):\n"
        "     1\ttea\n     2\tmuch milk"
    )
    assert (
        tool.call(insert("/memories/n/tea.md", 1, "green\n"))
        == "The file /memories/n/tea.md has been edited."
    )
    assert tool.call(rename("/memories/n/tea.md", "/memories/drinks.md")) == (
        "Successfully renamed /memories/n/tea.md to /memories/drinks.md"
    )
    assert tool.call(view("/memories")) == (
        "Here're the files and directories up to 2 levels deep in /memories, excluding hidden items:\n"
        "20B\t/memories\n20B\t/memories/drinks.md"
    )
    assert tool.call(delete("/memories/drinks.md")) == "Successfully deleted /memories/drinks.md"
    with pytest.raises(
        ToolError, match=r"^The path /memories/drinks.md does not exist. Please provide a valid path.$"
    ):
        tool.call(view("/memories/drinks.md"))


def test_every_version_can_be_read_even_after_a_rename(tenant: Tenant) -> None:
    tool = EbbmarkMemoryTool(tenant.with_actor("claude"))
    tool.call(create("/memories/a", "one"))
    tool.call(replace("/memories/a", "one", "two"))
    tool.call(rename("/memories/a", "/memories/b"))
    versions = tool.history("/memories/b")
    assert [(each.number, each.path, each.text, each.actor) for each in versions] == [
        (1, "/memories/a", "one", "claude"),
        (2, "/memories/a", "two", "claude"),
        (3, "/memories/b", "two", "claude"),
    ]
    assert versions[0].at <= versions[1].at <= versions[2].at
    with pytest.raises(ToolError, match="does not exist"):
        tool.history("/memories/a")


def test_files_are_found_by_their_words_and_teach_no_facts(tool: EbbmarkMemoryTool, tenant: Tenant) -> None:
    tool.call(create("/memories/people.md", "I live in Porto. My sister keeps bees."))
    [hit] = tenant.search("who keeps bees")
    assert isinstance(hit.record, Episode)
    assert hit.record.metadata["memory_file"] == {"path": "/memories/people.md", "within": ["/memories"]}
    assert not tenant.list(Filter(sort="atom")).records


def test_a_scope_has_its_own_files(tenant: Tenant) -> None:
    mara, joe = (EbbmarkMemoryTool(tenant.with_scope(user=user)) for user in ("Mara", "Joe"))
    mara.call(create("/memories/a", "hers"))
    joe.call(create("/memories/a", "his"))
    mara.clear_all_memory()
    assert "0B\t/memories" in str(mara.call(view("/memories")))
    assert "\this" in str(joe.call(view("/memories/a")))


def test_a_handle_without_labels_has_its_own_files_alone(tenant: Tenant) -> None:
    everybody, joe = EbbmarkMemoryTool(tenant), EbbmarkMemoryTool(tenant.with_scope(user="Joe"))
    joe.call(create("/memories/a", "his"))
    with pytest.raises(ToolError, match="does not exist"):
        everybody.call(view("/memories/a"))
    everybody.call(create("/memories/a", "for all"))
    assert "\tfor all" in str(everybody.call(view("/memories/a")))
    everybody.clear_all_memory()
    assert "\this" in str(joe.call(view("/memories/a")))


def test_other_records_of_the_tenant_are_left_alone(tool: EbbmarkMemoryTool, tenant: Tenant) -> None:
    [said] = tenant.add("I like tea.").ids
    tool.call(create("/memories/a", "text"))
    tool.call(create("/memories/b/c", "text"))
    assert tool.clear_all_memory() == "All memory cleared"
    assert tenant.get(said).text == "I like tea."
    assert [record.id for record in tenant.list(Filter(sort="episode")).records] == [said]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "memories/a",
        "/memoriesa",
        "/memories/../etc/passwd",
        "/memories/a/../../b",
        "/memories/a\0b",
        "/memories/a\nb",
        "",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(tool: EbbmarkMemoryTool, path: str) -> None:
    for command in [
        view(path),
        create(path, "text"),
        replace(path, "a", "b"),
        insert(path, 0, "text"),
        delete(path),
        rename(path, "/memories/b"),
        rename("/memories/b", path),
    ]:
        with pytest.raises(ToolError, match="must start with|would escape|control character"):
            tool.call(command)


def test_what_is_in_a_directory_has_paths_that_can_be_asked_for(tool: EbbmarkMemoryTool) -> None:
    tool.call(create("/memories/a/b", "text"))
    listing = str(tool.call(view("/memories/a/")))
    assert listing.endswith("\n4B\t/memories/a/\n4B\t/memories/a/b")


def test_a_file_is_no_directory(tool: EbbmarkMemoryTool) -> None:
    tool.call(create("/memories/a", "text"))
    tool.call(create("/memories/b/c", "text"))
    for command in [create("/memories/a/b", "text"), rename("/memories/b", "/memories/a/b/c")]:
        with pytest.raises(ToolError, match="^The path /memories/a is a file, not a directory$"):
            tool.call(command)
    with pytest.raises(ToolError, match="a path below itself"):
        tool.call(rename("/memories/b", "/memories/b/d"))
    assert "/memories/b/c" in str(tool.call(view("/memories")))


def test_what_is_too_large_is_refused_and_changes_nothing(tool: EbbmarkMemoryTool) -> None:
    tool.call(create("/memories/a", "text"))
    with pytest.raises(ToolError, match="1048577 bytes"):
        tool.call(create("/memories/b", "x" * (2**20 + 1)))
    with pytest.raises(ToolError, match="at most 1048576 bytes"):
        tool.call(replace("/memories/a", "text", "x" * (2**20 + 1)))
    with pytest.raises(ToolError, match="16384"):
        tool.call(create("/memories/" + "d/" * 200 + "f", "text"))
    assert "1\ttext" in str(tool.call(view("/memories/a")))
    assert "/memories/b" not in str(tool.call(view("/memories")))


def guarded(guard: Any) -> Tenant:
    return Store(":memory:", guard=guard).tenant("acme")


def hold_back_secrets(new: NewEpisode) -> Admission:
    return Admission.quarantine() if "secret" in new.text else Admission.allow()


def test_what_the_guard_holds_back_is_told_and_changes_nothing() -> None:
    tenant = guarded(hold_back_secrets)
    tool = EbbmarkMemoryTool(tenant)
    tool.call(create("/memories/a", "text"))
    held_back = [
        create("/memories/b", "a secret"),
        replace("/memories/a", "text", "a secret"),
        insert("/memories/a", 1, "a secret"),
    ]
    for command in held_back:
        with pytest.raises(ToolError, match="held back"):
            tool.call(command)
    assert "1\ttext" in str(tool.call(view("/memories/a")))
    assert [each.text for each in tool.history("/memories/a")] == ["text"]
    tool.call(create("/memories/b", "harmless"))
    tool.call(replace("/memories/a", "text", "words"))
    assert "1\twords" in str(tool.call(view("/memories/a")))


def test_a_file_that_is_held_back_after_all_cannot_be_read_and_can_be_removed() -> None:
    asked: list[str] = []

    def hold_back_the_second_time(new: NewEpisode) -> Admission:
        asked.append(new.text)
        return Admission.quarantine() if asked.count(new.text) == 2 else Admission.allow()

    tenant = guarded(hold_back_the_second_time)
    tool = EbbmarkMemoryTool(tenant)
    for path in ("/memories/a", "/memories/b"):
        with pytest.raises(ToolError, match="held back"):
            tool.call(create(path, f"text of {path}"))
        for command in (view(path), replace(path, "text", "word"), insert(path, 0, "word")):
            with pytest.raises(ToolError, match="held back"):
                tool.call(command)
        assert tool.history(path) == []
        with pytest.raises(ToolError, match="already exists"):
            tool.call(create(path, "other"))
    tool.call(delete("/memories/a"))
    tool.clear_all_memory()
    assert tenant.list(Filter(quarantined=True, archived=True)).records == []


def test_an_archived_file_is_a_file() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    store = Store(":memory:", clock=clock)
    archive = TenantConfig(retention=RetentionPolicy(archive=ArchiveRule(30, 0.6)))
    store.tenant("acme", access="admin").configure(archive)
    tenant = store.tenant("acme")
    tool = EbbmarkMemoryTool(tenant)
    tool.call(create("/memories/a", "text"))
    clock.set(datetime(2026, 6, 1, tzinfo=UTC))
    store.maintain()
    assert tenant.list().records == []
    assert "1\ttext" in str(tool.call(view("/memories/a")))
    with pytest.raises(ToolError, match="already exists"):
        tool.call(create("/memories/a", "other"))
    tool.clear_all_memory()
    assert tenant.list(Filter(archived=True)).records == []


def test_files_of_one_do_not_wait_for_those_of_another() -> None:
    asked, written = Event(), Event()
    in_time: list[bool] = []

    def embed(texts: list[str]) -> list[list[float]]:
        if any("slow" in text for text in texts):
            asked.set()
            in_time.append(written.wait(10))
        return [[1.0, 0.0] for _ in texts]

    store = Store(":memory:", embedder=embed)
    mara, joe = (EbbmarkMemoryTool(store.tenant("acme").with_scope(user=user)) for user in ("Mara", "Joe"))
    other = EbbmarkMemoryTool(store.tenant("other"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(mara.call, create("/memories/a", "slow"))
        assert asked.wait(10)
        joe.call(create("/memories/a", "quick"))
        other.call(create("/memories/a", "quick"))
        written.set()
        waiting.result()
    assert all(in_time)


def test_an_asynchronous_tenant_is_refused(tenant: Tenant) -> None:
    for tool in (EbbmarkMemoryTool, EbbmarkAsyncMemoryTool):
        with pytest.raises(TypeError, match="sync"):
            tool(AsyncTenant(tenant))


@given(st.text())
def test_any_text_comes_back_as_it_is(text: str) -> None:
    tool = EbbmarkMemoryTool(Store(":memory:", embedder=None).tenant("acme"))
    tool.call(create("/memories/a", text))
    tool.call(create("/memories/b", "start"))
    tool.call(replace("/memories/b", "start", text))
    for path in ["/memories/a", "/memories/b"]:
        assert tool.history(path)[-1].text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\0",
        "\0 \\{41}",
        "cafe\u0301",
        "\ud800",
        r"\{}",
        r"\{41}",
        "\u2000",
        "a \u0301 \\",
        "\U00016d67\U00016d67",
    ],
)
def test_a_text_that_no_record_keeps_comes_back_as_it_is(tool: EbbmarkMemoryTool, text: str) -> None:
    tool.call(create("/memories/a", text))
    assert tool.history("/memories/a")[0].text == text


def test_one_path_is_one_file_for_many_threads(tenant: Tenant) -> None:
    tools = [EbbmarkMemoryTool(tenant) for _ in range(8)]

    def attempt(job: tuple[EbbmarkMemoryTool, int]) -> int:
        try:
            job[0].call(create(f"/memories/{job[1]}", "text"))
        except ToolError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        made = sum(pool.map(attempt, [(tool, number) for number in range(25) for tool in tools]))
    assert made == 25
    assert len(tenant.list(limit=1000).records) == 25


# The SDK's own tool over a folder, with the same commands.

A, B = "/memories/a", "/memories/b/c"
odd = [
    "/memories",
    "/memories/a/../b",
    "/memories/./a",
    "/memories//a",
    "/memories/../x",
    "/etc/passwd",
    "/memories/a/b",
]
odd += [
    "/memories/a/../../memories/b",
    "/memories/b",
    "/memories/b/.d",
    "/memories/b/c/d",
    "/memories/b/d/e/f",
    "/memories/\u00e9",
]
paths = st.sampled_from([A, B]) | st.sampled_from([A, B]) | st.sampled_from(odd)
words = ["a", "b", "aa", "ab", "", " ", "é", "e\u0301", "\\", r"\{}", "\r", "x" * 1100]
texts = st.lists(st.sampled_from(words), max_size=8).map("\n".join) | st.sampled_from(
    ["", "\n", "ab", "a\nb\n"]
)
pieces = st.text("ab\n", max_size=3)
commands = st.one_of(
    st.builds(create, paths, texts),
    st.builds(view, paths),
    st.builds(
        lambda path, lines: view(path, *lines), paths, st.lists(st.integers(-2, 6), min_size=1, max_size=3)
    ),
    st.builds(replace, paths, pieces, texts),
    st.builds(insert, paths, st.integers(-1, 4), texts),
    st.builds(delete, paths),
    st.builds(rename, paths, paths),
)
ten = "\n".join("0123456789")
edits = [
    create(A, ten),
    *[replace(A, line, "x\ny") for line in "0159"],
    replace(A, "x", "z"),
    replace(A, "", "z"),
]
edits += [
    view(A),
    view(A, 2, 3),
    view(A, 2, -1),
    view(A, 0, 2),
    view(A, 2),
    view(A, 2, 3, 4),
    view(A, 9, 1),
    view(A, 3, -2),
]
inserts = [
    create(A, ""),
    insert(A, 1, "a"),
    insert(A, 0, "a\n\n"),
    insert(A, 1, ""),
    insert(A, 1, "b"),
    insert(A, 4, "c"),
]
inserts += [
    insert(A, -1, "c"),
    insert(A, 0, "d\ne"),
    view(A),
    create(B, "\n"),
    insert(B, 2, "a"),
    insert(B, 1, "a"),
    view(B),
]
overlaps = [create(A, "aaa\naa"), replace(A, "aa", "b"), replace(A, "aaa", "b"), replace(A, "", "b"), view(A)]
sizes = [create(f"{A}/{size}", "x" * size) for size in (0, 1, 1023, 1024, 1025, 1536, 2048, 300_000)]
names = [
    create(f"/memories/{name}", "x") for name in ("b/2", "b-/1", "b!", "b/.c/d", ".e/f", "b/d/e/f", "b/1")
]
moves = [
    *names,
    rename("/memories/b", "/memories/g/h"),
    rename("/memories/g/h/1", "/memories/g"),
    rename(A, "/memories"),
]
moves += [
    delete("/memories"),
    rename("/memories", A),
    rename(A, B),
    view("/memories/g"),
    delete("/memories/g/h"),
    delete(A),
]


@example(edits)
@example(inserts)
@example(overlaps)
@example([*sizes, view(A)])
@example([*names, view("/memories/b"), view("/memories/.e"), view("/memories/b/")])
@example(moves)
@settings(max_examples=150, deadline=None)
@given(
    st.tuples(st.builds(create, st.just(A), texts), st.builds(create, st.just(B), texts)).flatmap(
        lambda made: st.lists(commands, max_size=20).map(lambda more: [*made, *more])
    )
)
def test_the_same_commands_give_the_same_answers_as_the_tool_of_the_sdk(script: list[Command]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        theirs = BetaLocalFilesystemMemoryTool(folder)
        ours = EbbmarkMemoryTool(Store(":memory:", embedder=None).tenant("acme"))
        for command in [*script, view("/memories"), view("/memories/a")]:
            expected, given = answer(theirs, command), answer(ours, command)
            remove_empty_folders(Path(folder) / "memories")
            assert given == expected or (expected == "failed" and given.startswith("refused")), command


def answer(tool: Any, command: Command) -> str:
    """What a tool answers, without the sizes of directories and double slashes; `failed` if it does not tell the model what went wrong."""
    try:
        told = str(tool.call(command))
    except ToolError as error:
        return f"refused: {error}"
    except (OSError, ValueError):
        return "failed"
    header, *lines = told.replace("//", "/").split("\n")
    if header.startswith("Here're"):
        is_directory = [number == 0 or line.endswith("/") for number, line in enumerate(lines)]
        lines = [
            line.split("\t")[-1] if masked else line for line, masked in zip(lines, is_directory, strict=True)
        ]
    return "\n".join([header, *lines])


def remove_empty_folders(root: Path) -> None:
    """A directory of the tool under test is there only as long as a file is below it."""
    for folder, _, _ in os.walk(root, topdown=False):
        if Path(folder) != root and not os.listdir(folder):
            os.rmdir(folder)


# The SDK's runner, with a model that is played.


def played(calls: list[Command], requests: list[dict[str, Any]]) -> httpx2.MockTransport:
    """A model that calls the memory tool with one command after another, and then ends its turn."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(json.loads(request.content))
        number = len(requests) - 1
        is_call = number < len(calls)
        use = {
            "type": "tool_use",
            "id": f"use_{number}",
            "name": "memory",
            "input": calls[number] if is_call else {},
        }
        message = {
            "id": f"msg_{number}",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-5-5",
            "content": [use if is_call else {"type": "text", "text": "Done."}],
            "stop_reason": "tool_use" if is_call else "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        }
        return httpx2.Response(200, json=message)

    return httpx2.MockTransport(respond)


SCRIPT = [create("/memories/a", "tea"), view("/memories/a"), view("/memories/b")]
RESULTS = [
    ("File created successfully at: /memories/a", False),
    ("Here's the content of /memories/a with line numbers:\n     1\ttea", False),
    ("The path /memories/b does not exist. Please provide a valid path.", True),
]
ASKED: dict[str, Any] = {
    "model": "claude-sonnet-5-5",
    "max_tokens": 100,
    "thread": False,
    "messages": [{"role": "user", "content": "Remember tea."}],
}


def check(requests: list[dict[str, Any]]) -> None:
    assert all(request["tools"] == [{"type": "memory_20250818", "name": "memory"}] for request in requests)
    results = [request["messages"][-1]["content"][0] for request in requests[1:]]
    assert [(result["content"], result.get("is_error", False)) for result in results] == RESULTS


def test_the_runner_of_the_sdk_works_with_it(tool: EbbmarkMemoryTool) -> None:
    requests: list[dict[str, Any]] = []
    http = httpx2.Client(transport=played(SCRIPT, requests))
    client = Anthropic(api_key="none", http_client=http)
    last = client.beta.messages.tool_runner(**ASKED, tools=[tool]).until_done()
    assert last.stop_reason == "end_turn"
    check(requests)


def test_the_runner_of_the_sdk_works_with_the_asynchronous_one(tenant: Tenant) -> None:
    requests: list[dict[str, Any]] = []

    async def run() -> None:
        http = httpx2.AsyncClient(transport=played(SCRIPT, requests))
        client = AsyncAnthropic(api_key="none", http_client=http)
        await client.beta.messages.tool_runner(**ASKED, tools=[EbbmarkAsyncMemoryTool(tenant)]).until_done()

    asyncio.run(run())
    check(requests)


def test_the_asynchronous_tool_does_what_the_other_one_does(tenant: Tenant) -> None:
    tool, same = EbbmarkAsyncMemoryTool(tenant), EbbmarkMemoryTool(tenant)

    async def run() -> None:
        await tool.call(create("/memories/a", "one"))
        await tool.call(insert("/memories/a", 1, "two"))
        await tool.call(replace("/memories/a", "one", "1"))
        await tool.call(rename("/memories/a", "/memories/b"))
        command = BetaMemoryTool20250818ViewCommand(command="view", path="/memories/b")
        assert await tool.view(command) == same.view(command)
        assert await tool.history("/memories/b") == same.history("/memories/b")
        await tool.call(delete("/memories/b"))
        await tool.call(create("/memories/c", "three"))
        await tool.clear_all_memory()

    asyncio.run(run())
    assert not tenant.list().records


def test_cache_control_is_sent(tenant: Tenant) -> None:
    tool = EbbmarkMemoryTool(tenant, cache_control={"type": "ephemeral"})
    assert tool.to_dict() == {
        "type": "memory_20250818",
        "name": "memory",
        "cache_control": {"type": "ephemeral"},
    }


def test_without_the_framework_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic.tools", None)
    monkeypatch.delitem(sys.modules, "ebbmark.anthropic")
    with pytest.raises(ImportError, match=r'pip install "ebbmark\[anthropic\]"'):
        importlib.import_module("ebbmark.anthropic")
