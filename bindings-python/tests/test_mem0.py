"""A program written for mem0 works with `ebbmark.mem0.Memory`.

Broken if what was added is not found or listed, if a memory of one user is shown to another, if a growing
conversation is kept again and again, if the results of `add` do not tell which facts gave way, if bad input
raises anything but ValueError, if deletion leaves something behind, or if a setting of mem0 stops a program
or goes unnoticed.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import subprocess
import sys
import warnings
from collections import UserDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ebbmark import Admission, AsyncMemory, EbbmarkError, Filter, LockedError, Memory, NewEpisode, Store


@pytest.fixture
def memory() -> Iterator[Memory]:
    with Memory(path=":memory:") as opened:
        yield opened


def texts(found: dict[str, Any]) -> list[str]:
    return [row["memory"] for row in found["results"]]


def events(added: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["event"], row["memory"]) for row in added["results"]]


class Chat:
    """A chat model that repeats what it was told, in place of one that is asked over the network."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def create(self, messages: list[dict[str, str]]) -> str:
        self.prompts.append(messages[0]["content"])
        return f"Understood: {messages[-1]['content']}"


def chat_with_memories(memory: Memory, chat: Chat, message: str, user_id: str) -> str:
    found = memory.search(query=message, filters={"user_id": user_id}, top_k=3)
    known = "\n".join(f"- {entry['memory']}" for entry in found["results"])
    messages = [{"role": "system", "content": f"You know:\n{known}"}, {"role": "user", "content": message}]
    answer = chat.create(messages)
    messages.append({"role": "assistant", "content": answer})
    memory.add(messages, user_id=user_id)
    return answer


def test_a_chat_program_remembers_its_users_and_not_its_own_prompts(memory: Memory) -> None:
    chat = Chat()
    for message in ("I moved to Porto last month.", "I am allergic to peanuts.", "Where do I live?"):
        chat_with_memories(memory, chat, message, "mara")
    chat_with_memories(memory, chat, "Where do I live?", "jonas")
    assert "I moved to Porto last month." in chat.prompts[2]
    assert "Porto" not in chat.prompts[3]
    kept = texts(memory.get_all(filters={"user_id": "mara"}))
    assert len(kept) == 6
    assert not [text for text in kept if "You know" in text]


@pytest.mark.parametrize("infer", [True, False])
@pytest.mark.parametrize(
    "messages",
    [
        "I like tea.",
        {"role": "user", "content": "I like tea."},
        [{"role": "user", "content": "I like tea."}],
        [
            {
                "role": "user",
                "content": [{"type": "text", "text": "I like tea."}, {"type": "image_url", "image_url": {}}],
            }
        ],
        [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "I like tea."}],
        [
            {"role": "user", "content": "I like tea."},
            {"role": "assistant", "content": None, "tool_calls": []},
        ],
    ],
)
def test_every_shape_of_messages_is_kept_found_and_listed(memory: Memory, messages: Any, infer: bool) -> None:
    added = memory.add(messages, user_id="mara", infer=infer)
    assert events(added) == [("ADD", "I like tea.")]
    [listed] = memory.get_all(user_id="mara")["results"]
    [found] = memory.search("tea", user_id="mara")["results"]
    assert listed["id"] == found["id"] == added["results"][0]["id"]
    got = memory.get(listed["id"])
    assert got == listed | {"score": None}
    assert {**found, "score": None} == got


def test_a_conversation_of_instructions_alone_keeps_nothing(memory: Memory) -> None:
    assert memory.add([{"role": "system", "content": "Be kind."}], user_id="mara") == {"results": []}
    assert memory.get_all(user_id="mara") == {"results": []}


def test_a_memory_tells_whose_it_is_and_when_it_was_said(memory: Memory) -> None:
    before = datetime.now(UTC)
    message = {"role": "user", "content": "I like tea.", "name": "Mara"}
    added = memory.add(
        message, user_id=" mara ", agent_id=7, run_id="r1", metadata={"topic": {"name": "tea"}}
    )
    row = memory.get(added["results"][0]["id"])
    assert row is not None
    expected = {"user_id": "mara", "agent_id": "7", "run_id": "r1", "actor_id": "Mara", "role": "user"}
    assert {name: row[name] for name in expected} == expected
    assert row["metadata"] == {"topic": {"name": "tea"}}
    assert len(row["hash"]) == 32
    assert row["created_at"] == row["updated_at"]
    assert before - timedelta(seconds=1) <= datetime.fromisoformat(row["created_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    "when",
    [
        {"timestamp": 1_600_000_000},
        {"timestamp": "2020-09-13T12:26:40+00:00"},
        {"timestamp": datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)},
        {"metadata": {"created_at": "2020-09-13T14:26:40+02:00"}},
    ],
)
def test_what_was_said_earlier_can_be_told_with_its_moment(memory: Memory, when: dict[str, Any]) -> None:
    memory.add("I like tea.", user_id="mara", **when)
    [row] = memory.get_all(user_id="mara")["results"]
    assert row["created_at"] == row["updated_at"] == "2020-09-13T12:26:40+00:00"


def test_a_growing_conversation_is_kept_once(memory: Memory) -> None:
    said = [
        {"role": "user", "content": "I like tea."},
        {"role": "assistant", "content": "Green tea?"},
        {"role": "user", "content": "Green tea."},
        {"role": "assistant", "content": "Noted."},
    ]
    first = memory.add(said[:2], user_id="mara")["results"]
    grown = memory.add(said, user_id="mara")["results"]
    assert [row["event"] for row in grown] == ["NONE", "NONE", "ADD", "ADD"]
    assert [row["id"] for row in grown[:2]] == [row["id"] for row in first]
    assert texts(memory.get_all(user_id="mara")) == [message["content"] for message in said]


def test_what_is_said_elsewhere_or_raw_or_once_more_is_new(memory: Memory) -> None:
    said = [{"role": "user", "content": f"I like tea number {number}."} for number in range(3)]
    more = [*said, {"role": "assistant", "content": "Noted."}]
    memory.add(said, user_id="mara", run_id="r1")
    elsewhere: list[dict[str, Any]] = [
        {"user_id": "mara"},
        {"user_id": "jonas"},
        {"user_id": "mara", "run_id": "r2"},
    ]
    for ids in elsewhere:
        assert {row["event"] for row in memory.add(more, **ids)["results"]} == {"ADD"}, ids
    for again, infer in ((more, False), (said, True), (more[2:], True)):
        added = memory.add(again, user_id="mara", run_id="r1", infer=infer)["results"]
        assert {row["event"] for row in added} == {"ADD"}, (again, infer)


def test_what_has_expired_was_not_kept_before(memory: Memory) -> None:
    said = [{"role": "user", "content": f"I like tea number {number}."} for number in range(3)]
    memory.add(said[:2], user_id="mara", expiration_date="2020-01-01")
    assert [row["event"] for row in memory.add(said, user_id="mara")["results"]] == ["ADD"] * 3
    assert texts(memory.get_all(user_id="mara")) == [message["content"] for message in said]


def test_a_list_is_in_the_order_in_which_it_was_said(memory: Memory) -> None:
    for month in (3, 1, 2):
        memory.add(f"Month {month}.", user_id="mara", timestamp=f"2026-0{month}-01")
    assert texts(memory.get_all(user_id="mara", top_k=2)) == ["Month 1.", "Month 2."]


def test_half_of_a_surrogate_pair_is_told(memory: Memory) -> None:
    memory_id = memory.add("I like tea.", user_id="mara")["results"][0]["id"]
    half = "tea \ud83d"
    calls: list[Any] = [
        lambda: memory.add(half, user_id="mara"),
        lambda: memory.add({"role": "user", "name": half, "content": "I like tea."}, user_id="mara"),
        lambda: memory.add("I like tea.", user_id=half),
        lambda: memory.search(half, user_id="mara"),
        lambda: memory.update(memory_id, half),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"half of a surrogate pair.*expected whole characters; decode"):
            call()
    assert texts(memory.get_all(user_id="mara")) == ["I like tea."]


class Deleting(UserDict[str, Any]):
    """Metadata that deletes a memory while it is read, as another thread might."""

    def __init__(self, memory: Memory, memory_id: str) -> None:
        super().__init__(topic="tea")
        self._delete = lambda: memory.delete(memory_id)

    def __iter__(self) -> Iterator[str]:
        self._delete()
        return super().__iter__()


def test_what_is_deleted_during_an_update_is_unknown(memory: Memory) -> None:
    memory_id = memory.add("I like tea.", user_id="mara")["results"][0]["id"]
    with pytest.raises(ValueError, match="there is no memory"):
        memory.update(memory_id, metadata=Deleting(memory, memory_id))


def test_what_the_guard_holds_back_is_not_shown_and_is_deleted(memory: Memory) -> None:
    def hold_back_secrets(new: NewEpisode) -> Admission | None:
        return Admission.quarantine() if "secret" in new.text else None

    with Store(":memory:", guard=hold_back_secrets) as store:
        memory._tenant = store.tenant("acme")
        first, second = (
            memory.add(text, user_id="mara")["results"][0]["id"] for text in ("I like tea.", "A secret.")
        )
        memory.update(first, "Another secret.")
        assert (memory.get(first), memory.get(second)) == (None, None)
        assert [row["new_memory"] for row in memory.history(first)] == ["I like tea."]
        assert texts(memory.get_all(user_id="mara")) == texts(memory.search("secret", user_id="mara")) == []
        memory.delete_all(user_id="mara")
        assert store.tenant("acme").list(Filter(quarantined=True)).records == []


def test_a_long_growing_conversation_is_kept_once(memory: Memory) -> None:
    said = [{"role": "user", "content": f"Line {number} of what I say."} for number in range(450)]
    memory.add(said[:430], run_id="r1")
    grown = memory.add(said, run_id="r1")["results"]
    assert [row["event"] for row in grown].count("ADD") == 20
    assert len(memory.get_all(run_id="r1", top_k=None)["results"]) == 450


def test_a_conversation_that_begins_otherwise_is_another_one(memory: Memory) -> None:
    said = [{"role": "user", "content": f"Line {number} of what I say."} for number in range(450)]
    memory.add(said, run_id="r1")
    added = memory.add([{"role": "user", "content": "Good morning."}, *said], run_id="r1")["results"]
    assert {row["event"] for row in added} == {"ADD"}


def test_a_message_that_was_said_a_thousand_times_hides_no_other(memory: Memory) -> None:
    memory.add([{"role": "user", "content": "Yes."}] * 1_100, user_id="mara", infer=False)
    said = [
        {"role": "user", "content": text} for text in ("Yes.", "I like tea.", "I like milk.", "I like rum.")
    ]
    memory.add(said[:3], user_id="mara", infer=False)
    assert [row["event"] for row in memory.add(said, user_id="mara")["results"]] == ["NONE"] * 3 + ["ADD"]


def test_add_tells_which_facts_gave_way(memory: Memory) -> None:
    assert events(memory.add("I live in Berlin.", user_id="mara")) == [("ADD", "I live in Berlin.")]
    moved = memory.add("I moved to Porto.", user_id="mara")["results"]
    assert [row["event"] for row in moved] == ["ADD", "UPDATE"]
    assert "Porto" in moved[1]["memory"]
    assert "Berlin" in moved[1]["previous_memory"]
    fact = memory.get(moved[1]["id"])
    assert fact is not None
    assert fact["memory"] == moved[1]["memory"]
    assert [row["event"] for row in memory.history(moved[1]["id"])] == ["ADD"]


@pytest.mark.parametrize("denial", ["I don't live in Berlin.", "I no longer live in Berlin."])
def test_a_fact_that_holds_no_longer_is_told_as_deleted(memory: Memory, denial: str) -> None:
    memory.add("I live in Berlin.", user_id="mara")
    denied = memory.add(denial, user_id="mara")["results"]
    assert events({"results": denied}) == [("ADD", denial), ("DELETE", "mara lives in Berlin")]
    assert memory.get(denied[1]["id"]) is None
    assert memory.history(denied[1]["id"])[-1]["event"] == "DELETE"
    assert events(memory.add(denial, user_id="mara")) == [("ADD", denial)]


@pytest.mark.parametrize(
    "first, second", [("user_id", "user_id"), ("run_id", "run_id"), ("agent_id", "run_id")]
)
def test_add_tells_nothing_of_what_others_said(memory: Memory, first: str, second: str) -> None:
    one: dict[str, Any] = {first: "a"}
    other: dict[str, Any] = {second: "b"}
    memory.add("I live in Berlin.", **one)
    assert events(memory.add("I moved to Porto.", **other)) == [("ADD", "I moved to Porto.")]


def test_raw_messages_are_kept_without_judging(memory: Memory) -> None:
    memory.add("I live in Berlin.", user_id="mara", infer=False)
    assert events(memory.add("I moved to Porto.", user_id="mara", infer=False)) == [
        ("ADD", "I moved to Porto.")
    ]


def test_a_procedure_is_one_memory(memory: Memory) -> None:
    steps = [{"role": "user", "content": "Open the page."}, {"role": "assistant", "content": "Opened."}]
    added = memory.add(steps, agent_id="browser", memory_type="procedural_memory")
    assert events(added) == [("ADD", "user: Open the page.\nassistant: Opened.")]
    [row] = memory.get_all(agent_id="browser")["results"]
    assert row["metadata"] == {"memory_type": "procedural_memory"}


@pytest.mark.parametrize(
    "call",
    [
        lambda memory: memory.add("I like tea."),
        lambda memory: memory.add("I like tea.", user_id=" "),
        lambda memory: memory.add("", user_id="mara"),
        lambda memory: memory.add(" \n", user_id="mara"),
        lambda memory: memory.add([], user_id="mara"),
        lambda memory: memory.add(None, user_id="mara"),
        lambda memory: memory.add(["I like tea."], user_id="mara"),
        lambda memory: memory.add({"content": "I like tea."}, user_id="mara"),
        lambda memory: memory.add({"role": "user", "content": 5}, user_id="mara"),
        lambda memory: memory.add({"role": "chorus", "content": "I like tea."}, user_id="mara"),
        lambda memory: memory.add("I like tea.", user_id="mara", memory_type="episodic"),
        lambda memory: memory.add("I like tea.", user_id="mara", expiration_date="tomorrow"),
        lambda memory: memory.add("I like tea.", user_id="mara", timestamp="yesterday"),
        lambda memory: memory.add("I like tea.", user_id="mara", metadata="tea"),
        lambda memory: memory.search("", user_id="mara"),
        lambda memory: memory.search(None, user_id="mara"),
        lambda memory: memory.search("tea"),
        lambda memory: memory.search("tea", filters={"topic": "tea"}),
        lambda memory: memory.search("tea", filters={"user_id": None}),
        lambda memory: memory.search("tea", filters={"OR": [{"user_id": "mara"}, {"topic": "tea"}]}),
        lambda memory: memory.search("tea", filters={"NOT": [{"user_id": "mara"}]}),
        lambda memory: memory.search("tea", filters="mara"),
        lambda memory: memory.search("tea", user_id="mara", filters={"user_id": "jonas"}),
        lambda memory: memory.search("tea", user_id="mara", top_k=-1),
        lambda memory: memory.search("tea", user_id="mara", top_k=True),
        lambda memory: memory.search("tea", user_id="mara", limit="5"),
        lambda memory: memory.search("tea", user_id="mara", threshold=1.5),
        lambda memory: memory.search("tea", user_id="mara", threshold="high"),
        lambda memory: memory.search("tea", user_id="mara", reference_date="2026-01-01"),
        lambda memory: memory.get_all(),
        lambda memory: memory.get_all(user_id="mara", top_k=-1),
        lambda memory: memory.delete_all(),
        lambda memory: memory.delete("7b8f1c9a-0000-4000-8000-000000000000"),
        lambda memory: memory.delete("no id"),
        lambda memory: memory.update("7b8f1c9a-0000-4000-8000-000000000000", "I like tea."),
        lambda memory: memory.update(memory.add("I like tea.", user_id="mara")["results"][0]["id"]),
        lambda memory: memory.update(memory.add("I like tea.", user_id="mara")["results"][0]["id"], " "),
    ],
)
def test_bad_input_is_a_value_error_and_changes_nothing(memory: Memory, call: Any) -> None:
    with pytest.raises(ValueError, match=r".{20}"):
        call(memory)
    assert set(texts(memory.get_all(user_id="mara"))) <= {"I like tea."}


def test_an_unknown_id_is_nothing(memory: Memory) -> None:
    assert memory.get("7b8f1c9a-0000-4000-8000-000000000000") is None
    assert memory.get("no id") is None
    assert memory.history("7b8f1c9a-0000-4000-8000-000000000000") == []


def test_ids_narrow_as_arguments_and_within_filters(memory: Memory) -> None:
    memory.add("Tea for a run.", user_id="mara", run_id="r1")
    memory.add("Tea for an agent.", user_id="mara", agent_id="a1")
    memory.add("Tea for Jonas.", user_id="jonas")
    both = ["Tea for a run.", "Tea for an agent."]
    ways: list[tuple[dict[str, Any], list[str]]] = [
        ({"user_id": "mara"}, both),
        ({"filters": {"user_id": "mara"}}, both),
        ({"user_id": "mara", "filters": {"user_id": "mara"}}, both),
        ({"user_id": "mara", "filters": {"user_id": " mara "}}, both),
        ({"user_id": 7, "filters": {"user_id": "7"}}, []),
        ({"filters": {"user_id": {"ne": "jonas"}}}, both),
        ({"filters": {"user_id": {"nin": ["jonas"]}}}, both),
        ({"filters": {"AND": [{"user_id": "mara"}]}}, both),
        ({"filters": {"AND": [{"user_id": "mara"}, {"run_id": "r1"}]}}, both[:1]),
        ({"user_id": "mara", "run_id": "r1"}, both[:1]),
        ({"user_id": "mara", "filters": {"agent_id": "a1"}}, both[1:]),
        ({"filters": {"OR": [{"run_id": "r1"}, {"user_id": "jonas"}]}}, ["Tea for a run.", "Tea for Jonas."]),
        ({"filters": {"user_id": {"in": ["jonas", "anna"]}}}, ["Tea for Jonas."]),
        ({"filters": {"user_id": ["jonas"]}}, ["Tea for Jonas."]),
        ({"filters": {"user_id": "*"}}, [*both, "Tea for Jonas."]),
        ({"filters": {"user_id": "mara", "agent_id": None}}, both),
        ({"run_id": "r2"}, []),
    ]
    for asked, expected in ways:
        assert texts(memory.get_all(**asked)) == expected, asked
        assert sorted(texts(memory.search("tea", **asked))) == sorted(expected), asked


def test_limits_by_both_names_and_none_for_all(memory: Memory) -> None:
    memory.add(
        [{"role": "user", "content": f"Cup {number} of tea."} for number in range(2_300)], user_id="mara"
    )
    assert len(memory.get_all(user_id="mara")["results"]) == 20
    assert len(memory.search("tea", user_id="mara")["results"]) == 20
    for count in (0, 3, 1_500):
        ways: list[dict[str, Any]] = [{"top_k": count}, {"limit": count}]
        for limited in ways:
            assert len(memory.get_all(user_id="mara", **limited)["results"]) == count
            found = memory.search("cup of tea", user_id="mara", **limited)["results"]
            assert len({row["id"] for row in found}) == min(count, 1_000)
    everything = memory.get_all(user_id="mara", top_k=None)["results"]
    assert texts({"results": everything}) == [f"Cup {number} of tea." for number in range(2_300)]


def test_scores_fall_from_the_first_find_on_and_can_be_explained(memory: Memory) -> None:
    for text in ("I drink green tea.", "My car is red.", "The tea was cold."):
        memory.add(text, user_id="mara")
    rows = memory.search("green tea", user_id="mara", explain=True)["results"]
    scores = [row["score"] for row in rows]
    assert rows[0]["memory"] == "I drink green tea."
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert rows[0]["score_details"]["lexical"] > 0
    assert "score_details" not in memory.search("green tea", user_id="mara")["results"][0]


def test_a_message_whose_fact_holds_comes_before_one_that_is_out_of_date(memory: Memory) -> None:
    for text in ("I live in Berlin.", "I like tea.", "I moved to Porto.", "I bought a red car."):
        memory.add(text, user_id="mara", metadata={"topic": text})
    rows = memory.search("Where do I live?", user_id="mara")["results"]
    assert texts({"results": rows})[:2] == ["I moved to Porto.", "I live in Berlin."]
    assert rows == sorted(rows, key=lambda row: -row["score"])
    assert {row["id"] for row in rows} == {row["id"] for row in memory.get_all(user_id="mara")["results"]}
    assert texts(memory.search("Where do I live?", user_id="mara", top_k=1)) == ["I moved to Porto."]
    other = {"NOT": [{"topic": "I moved to Porto."}]}
    assert "I moved to Porto." not in texts(memory.search("Where do I live?", user_id="mara", filters=other))


def test_facts_leave_room_for_as_many_messages_as_are_asked_for(memory: Memory) -> None:
    many = "I like tea, coffee, milk, rum, wine, beer, juice and water."
    for number in range(40):
        memory.add(f"{many} This is drink {number}.", user_id=f"mara{number % 2}", metadata={"n": number})
    for count in (1, 5, 20):
        assert len(memory.search("What does she like?", user_id="mara0", top_k=count)["results"]) == count


def vectors(batch: list[str]) -> list[list[float]]:
    """Of a question and of drinks alike, of tea a little less so, of the rest not at all."""
    likeness = [
        0.8 if "drink" in text else 0.75 if "number" in text else float(text == "tea") for text in batch
    ]
    return [[one, (1 - one**2) ** 0.5] for one in likeness]


def test_a_threshold_asks_for_likeness_whatever_the_words() -> None:
    with Memory({"embedder": vectors}, path=":memory:") as memory:
        teas = [f"The tea number {number}." for number in range(30)]
        for text in [*teas, "My car is red.", "A cold drink.", "A hot drink."]:
            memory.add(text, user_id="mara")
        assert len(memory.search("tea", user_id="mara", top_k=100)["results"]) == 33
        assert "drink" not in texts(memory.search("tea", user_id="mara", top_k=1))[0]
        found = memory.search("tea", user_id="mara", top_k=100, threshold=0.5)
        assert len(found["results"]) == 32
        for count in (1, 2, 3):
            alike = texts(memory.search("tea", user_id="mara", top_k=count, threshold=0.78))
            assert len(alike) == min(count, 2)
            assert all("drink" in text for text in alike)


def test_a_threshold_is_passed_by_the_fact_that_led_to_a_message() -> None:
    def factual(batch: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "lives" in text or text == "Where?" else [0.0, 1.0] for text in batch]

    with Memory({"embedder": factual}, path=":memory:") as memory:
        memory.add("I moved to Porto.", user_id="mara")
        memory.add("I like tea.", user_id="mara")
        assert texts(memory.search("Where?", user_id="mara", threshold=0.9)) == ["I moved to Porto."]


def test_a_reranker_is_asked_only_where_it_is_wanted() -> None:
    shown: set[str] = set()

    def shortest(question: str, several: list[str]) -> list[float]:
        shown.update(several)
        return [1.0 / len(text) for text in several]

    with Memory({"reranker": shortest}, path=":memory:") as memory:
        memory.add("Green tea, green tea, and nothing but green tea.", user_id="mara")
        memory.add("Tea.", user_id="mara")
        memory.add("I like black tea.", user_id="mara")
        assert texts(memory.search("green tea", user_id="mara"))[0].startswith("Green tea")
        rows = memory.search("green tea", user_id="mara", rerank=True)["results"]
        assert rows[0]["memory"] == "Tea."
        assert rows[0]["rerank_score"] == pytest.approx(0.25)
        assert shown == set(texts(memory.get_all(user_id="mara")))


def test_an_update_keeps_what_it_does_not_name(memory: Memory) -> None:
    memory_id = memory.add("I like tea.", user_id="mara", metadata={"a": 1, "b": 2})["results"][0]["id"]
    assert "message" in memory.update(memory_id, "I like coffee.", metadata={"b": 3, "c": 4})
    memory.update(memory_id, data="I like milk.")
    memory.update(memory_id, metadata={"d": 5})
    row = memory.get(memory_id)
    assert row is not None
    assert row["memory"] == "I like milk."
    assert row["metadata"] == {"a": 1, "b": 3, "c": 4, "d": 5}
    assert row["updated_at"] > row["created_at"]
    assert texts(memory.search("milk", user_id="mara")) == ["I like milk."]
    assert texts(memory.get_all(user_id="mara", filters={"hash": row["hash"]})) == ["I like milk."]
    told = [(one["event"], one["old_memory"], one["new_memory"]) for one in memory.history(memory_id)]
    assert told == [
        ("ADD", None, "I like tea."),
        ("UPDATE", "I like tea.", "I like coffee."),
        ("UPDATE", "I like coffee.", "I like milk."),
        ("UPDATE", "I like milk.", "I like milk."),
    ]
    assert len({one["id"] for one in memory.history(memory_id)}) == 4


def test_a_fact_cannot_be_rewritten(memory: Memory) -> None:
    memory.add("I live in Berlin.", user_id="mara")
    fact = memory.add("I moved to Porto.", user_id="mara")["results"][1]
    with pytest.raises(ValueError, match="fact"):
        memory.update(fact["id"], "I live in Rome.")


def test_metadata_cannot_move_a_memory_to_another_user(memory: Memory) -> None:
    with pytest.warns(UserWarning, match="user_id"):
        added = memory.add(
            "I like tea.", user_id="mara", metadata={"user_id": "jonas", "role": "x", "topic": "tea"}
        )
    memory_id = added["results"][0]["id"]
    with pytest.warns(UserWarning, match="user_id"):
        memory.update(memory_id, metadata={"user_id": "jonas"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        memory.update(memory_id, metadata={"user_id": "mara"})
    assert memory.get_all(user_id="jonas") == {"results": []}
    assert memory.get_all(user_id="mara")["results"][0]["metadata"] == {"topic": "tea"}


def test_what_has_expired_is_shown_only_if_it_is_asked_for(memory: Memory) -> None:
    today = datetime.now(UTC).date()
    memory.add("Tea until yesterday.", user_id="mara", expiration_date=today - timedelta(days=1))
    memory.add("Tea of old.", user_id="mara", metadata={"expiration_date": "2020-01-01", "topic": "tea"})
    memory.add("Tea for long.", user_id="mara", expiration_date=(today + timedelta(days=2)).isoformat())
    memory.add("Tea for ever.", user_id="mara")
    valid = ["Tea for long.", "Tea for ever."]
    assert texts(memory.get_all(user_id="mara")) == valid
    assert sorted(texts(memory.search("tea", user_id="mara"))) == sorted(valid)
    everything = memory.get_all(user_id="mara", show_expired=True)["results"]
    assert len(everything) == len(memory.search("tea", user_id="mara", show_expired=True)["results"]) == 4
    assert everything[1]["expiration_date"] == "2020-01-01"
    assert everything[1]["metadata"] == {"topic": "tea"}
    memory.update(everything[0]["id"], expiration_date=None)
    memory.update(everything[2]["id"], expiration_date="2020-01-01")
    assert texts(memory.get_all(user_id="mara")) == ["Tea until yesterday.", "Tea for ever."]


def test_what_is_deleted_is_gone_with_its_history_and_its_facts(memory: Memory) -> None:
    memory.add("I live in Berlin.", user_id="mara")
    moved, fact = memory.add("I moved to Porto.", user_id="mara")["results"]
    assert "message" in memory.delete(moved["id"])
    assert memory.get(moved["id"]) is None
    assert memory.get(fact["id"]) is None
    assert memory.history(moved["id"]) == []
    assert texts(memory.search("Where do I live?", user_id="mara")) == ["I live in Berlin."]
    with pytest.raises(ValueError, match="no memory"):
        memory.delete(moved["id"])


def test_deletions_of_one_memory_at_the_same_time_are_one_deletion(memory: Memory) -> None:
    many = [{"role": "assistant", "content": f"Tea number {number}."} for number in range(200)]
    ids = [row["id"] for row in memory.add(many, user_id="mara", infer=False)["results"]]

    def delete(memory_id: str) -> bool:
        try:
            memory.delete(memory_id)
        except ValueError:
            return False
        return True

    with ThreadPoolExecutor(8) as several:
        assert sum(several.map(delete, [one for one in ids for _ in range(8)])) == 200


def test_all_of_one_user_is_deleted_and_nothing_else(memory: Memory) -> None:
    many = [{"role": "user", "content": f"I like tea number {number}."} for number in range(1_200)]
    memory.add(many, user_id="mara", infer=False)
    memory.add("Tea of a run.", user_id="mara", run_id="r1")
    memory.add("I like tea.", user_id="jonas")
    memory.tenant.assert_fact("Mara", "lives_in", "Berlin", user="mara")
    memory.tenant.assert_fact("Mara", "lives_in", "Porto", user="mara")
    memory.delete_all(user_id="mara", run_id="r1")
    assert len(memory.get_all(user_id="mara", top_k=None)["results"]) == 1_200
    memory.delete_all(user_id="mara")
    left = memory.tenant.list(Filter(historical=True, quarantined=True, archived=True), limit=1000).records
    assert {record.scope.user for record in left} == {"jonas"}
    assert texts(memory.get_all(user_id="jonas")) == ["I like tea."]


def test_reset_deletes_everything_and_goes_on(memory: Memory) -> None:
    memory.add("I like tea.", user_id="mara")
    memory.reset()
    assert memory.get_all(filters={"user_id": "*"}) == {"results": []}
    memory.add("I like milk.", user_id="mara")
    assert texts(memory.get_all(user_id="mara")) == ["I like milk."]


def test_what_was_added_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "below" / "memory.ebb"
    with Memory(path=path) as memory:
        memory.add("I like tea.", user_id="mara")
    assert path.exists()
    with Memory.from_config({"path": str(path)}) as memory:
        assert texts(memory.get_all(user_id="mara")) == ["I like tea."]


PROGRAM = """
from ebbmark import Memory
memory = Memory()
memory.add("I like tea.", user_id="mara")
print(memory.search("tea", filters={"user_id": "mara"}, top_k=3)["results"][0]["memory"])
print(len(memory.get_all(filters={"user_id": "mara"})["results"]))
"""


def test_a_program_that_ends_without_closing_loses_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "EBBMARK_DIR": str(tmp_path)}
    for run in (1, 2):
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.stdout, ended.stderr, ended.returncode) == (f"I like tea.\n{run}\n", "", 0)


def test_a_file_is_open_once_and_a_closed_memory_is_closed(tmp_path: Path) -> None:
    with Memory(path=tmp_path / "memory.ebb") as memory:
        with pytest.raises(LockedError):
            Memory(path=tmp_path / "memory.ebb")
        memory.add("I like tea.", user_id="mara")
    memory.close()
    with pytest.raises(EbbmarkError):
        memory.get_all(user_id="mara")


def test_the_default_file_is_in_the_folder_of_the_environment_or_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EBBMARK_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    Memory().close()
    assert (tmp_path / "home" / ".ebbmark" / "memory.ebb").exists()
    monkeypatch.setenv("EBBMARK_DIR", str(tmp_path / "elsewhere"))
    Memory().close()
    assert (tmp_path / "elsewhere" / "memory.ebb").exists()


def test_a_collection_is_kept_apart_in_the_folder_of_the_vector_store(tmp_path: Path) -> None:
    def opened(collection: str) -> Memory:
        store = {"path": str(tmp_path), "collection_name": collection}
        return Memory.from_config({"vector_store": {"config": store}})

    with opened("support") as memory:
        memory.add("I like tea.", user_id="mara")
    assert (tmp_path / "memory.ebb").exists()
    with opened("sales") as memory:
        assert memory.get_all(user_id="mara") == {"results": []}
        memory.reset()
    with opened("support") as memory:
        assert texts(memory.get_all(user_id="mara")) == ["I like tea."]


SETTINGS = {
    "llm": {"provider": "openai", "config": {"model": "gpt-5-mini", "api_key": "sk-secret"}},
    "embedder": {"provider": "openai", "config": {"model": "text-embedding-3-small"}},
    "vector_store": {"provider": "qdrant", "config": {"host": "localhost", "port": 6333}},
    "history_db_path": "history.db",
    "version": "v1.1",
}


def test_settings_without_meaning_are_told_about_once_and_without_their_values(tmp_path: Path) -> None:
    with pytest.warns(UserWarning) as told:
        Memory.from_config({**SETTINGS, "path": str(tmp_path / "memory.ebb")}).close()
    [message] = [str(one.message) for one in told]
    for name in (
        "llm.provider",
        "llm.config.api_key",
        "embedder.provider",
        "vector_store.config.host",
        "history_db_path",
    ):
        assert name in message
    assert "sk-secret" not in message
    assert "version" not in message


def test_settings_with_meaning_are_not_told_about(tmp_path: Path) -> None:
    store = {"config": {"path": str(tmp_path), "collection_name": "support"}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Memory({"vector_store": store, "embedder": vectors, "reranker": None, "version": "v1.1"}).close()
        Memory(path=":memory:").close()
    with pytest.warns(UserWarning, match="embedder"):
        Memory({"embedder": "openai"}, path=":memory:").close()
    with pytest.raises(ValueError, match="configuration"):
        Memory("memory.ebb")
    with pytest.raises(ValueError, match="path"):
        Memory({"path": 5})


def test_arguments_without_meaning_are_told_about_once(memory: Memory) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        memory.add("I like tea.", user_id="mara", prompt="Be brief.")
        memory.add("I like milk.", user_id="mara", prompt="Be brief.")
        memory.search("tea", user_id="mara", keyword_search=True)
        memory.get_all(user_id="mara", version="v2")
    assert [
        word for one in told for word in ("prompt", "keyword_search", "version") if word in str(one.message)
    ] == [
        "prompt",
        "keyword_search",
        "version",
    ]


def test_the_asynchronous_memory_does_the_same() -> None:
    async def program() -> None:
        async with AsyncMemory.from_config({"path": ":memory:"}) as memory:
            said = [memory.add(f"I like tea number {number}.", user_id="mara") for number in range(20)]
            added = await asyncio.gather(*said)
            memory_id = added[3]["results"][0]["id"]
            found = await memory.search("tea number 3", filters={"user_id": "mara"}, top_k=5)
            assert len(found["results"]) == 5
            await memory.update(memory_id, "I like milk.", metadata={"topic": "milk"})
            row = await memory.get(memory_id)
            assert row is not None
            assert (row["memory"], row["metadata"]) == ("I like milk.", {"topic": "milk"})
            assert [one["event"] for one in await memory.history(memory_id)] == ["ADD", "UPDATE"]
            await memory.delete(memory_id)
            assert len((await memory.get_all(user_id="mara"))["results"]) == 19
            await memory.delete_all(user_id="mara")
            assert await memory.get_all(user_id="mara") == {"results": []}
            await memory.reset()
            with pytest.raises(ValueError, match="id"):
                await memory.add("I like tea.")
            assert memory.tenant.list().records == []

    asyncio.run(program())


@pytest.mark.parametrize(
    "name", ["add", "search", "get", "get_all", "update", "delete", "delete_all", "history"]
)
def test_the_asynchronous_memory_passes_every_argument_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    signature = inspect.signature(getattr(Memory, name))
    assert list(signature.parameters) == list(inspect.signature(getattr(AsyncMemory, name)).parameters)
    given = {parameter: object() for parameter in list(signature.parameters)[1:]}
    passed: list[Any] = []

    def record(*arguments: Any, **named: Any) -> None:
        bound = signature.bind(*arguments, **named)
        passed.append({parameter: it for parameter, it in bound.arguments.items() if parameter != "self"})

    monkeypatch.setattr(Memory, name, record)
    extra = given.pop("kwargs", None)
    others = {} if extra is None else {"more": extra}
    asyncio.run(getattr(AsyncMemory(path=":memory:"), name)(**given, **others))
    assert passed == [given | ({"kwargs": others} if others else {})]


def test_changes_of_one_memory_at_the_same_time_lose_nothing() -> None:
    async def program() -> None:
        async with AsyncMemory(path=":memory:") as memory:
            memory_id = (await memory.add("I like tea.", user_id="mara"))["results"][0]["id"]
            changes = [memory.update(memory_id, metadata={f"key{number}": number}) for number in range(40)]
            await asyncio.gather(*changes)
            row = await memory.get(memory_id)
            assert row is not None
            assert row["metadata"] == {f"key{number}": number for number in range(40)}

    asyncio.run(program())
