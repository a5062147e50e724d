"""The promise: whatever the program's own callbacks raise or return, it is told, nothing is lost and the
store goes on.

It could be broken by a reply that is believed though it cannot be right, an exception that is lost or is
not the cause of what is raised, an interrupt that is taken for a failure of the model, or a lock that is
held while Python runs.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ebbmark import (
    Admission,
    CallbackError,
    CallbackOptions,
    DeniedError,
    EbbmarkError,
    NewEpisode,
    NewFact,
    SecretGuard,
    Store,
    Tenant,
)
from own_process import process

SURROGATE = "caf\udce9"


class Away(Exception):
    """What a callback raises here."""


def raising(*_: object) -> Any:
    raise Away("the model is away")


GARBAGE: dict[str, Any] = {
    "None": None,
    "int": 7,
    "str": "tea",
    "bytes": b"tea",
    "dict": {"a": 1},
    "texts": ["tea"],
    "breaks off": (1 / 0 for _ in [1]),
    "deep": [[[1.0]]],
    "empty": [],
    "too many": [[1.0, 0.0, 0.0]] * 3,
    "wrong size": [[1.0]],
    "NaN": [[math.nan, 0.0, 0.0]],
    "zero": [[0.0, 0.0, 0.0]],
    "one dimension": np.ones(3, np.float32),
    "three dimensions": np.ones((1, 1, 3), np.float32),
}

PATIENT = CallbackOptions(failures_to_open=1000)


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_of_an_embedder_is_told_and_nothing_is_lost(name: str) -> None:
    with Store(
        ":memory:",
        embedder=lambda texts: GARBAGE[name],
        dimensions=3,
        space="x",
        extraction="off",
        callbacks=PATIENT,
    ) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add("tea")
        assert receipt.pending == 1
        assert isinstance(receipt.embedder_error, CallbackError)
        assert receipt.embedder_error.remedy
        assert [hit.id for hit in tenant.search("tea")] == [receipt.id]


def test_an_embedder_that_raises_is_the_cause_and_nothing_is_lost() -> None:
    with Store(
        ":memory:", embedder=raising, dimensions=3, space="x", extraction="off", callbacks=PATIENT
    ) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add("tea")
        assert receipt.pending == 1
        assert isinstance(receipt.embedder_error, CallbackError)
        assert receipt.embedder_error.code == "embedder.failed"
        assert isinstance(receipt.embedder_error.__cause__, Away)
        assert [hit.id for hit in tenant.search("tea")] == [receipt.id]


def test_an_embedder_whose_size_is_asked_for_and_that_raises_keeps_the_store_from_opening() -> None:
    with pytest.raises(Away):
        Store(":memory:", embedder=raising, space="x")


def vectors(texts: list[str]) -> list[list[float]]:
    return [[1.0, float(len(text)), 0.5] for text in texts]


def no_facts(messages: list[Any]) -> list[list[NewFact]]:
    return [[] for _ in messages]


CALLBACKS: dict[str, dict[str, Any]] = {
    "extractor": {"extraction": "host", "embedder": None},
    "guard": {"extraction": "off", "embedder": None},
    "reranker": {"extraction": "off", "embedder": None},
    "token_counter": {"extraction": "off", "embedder": None},
    "summarizer": {"extraction": "off", "embedder": None},
}

REPLIES: dict[str, dict[str, Any]] = {
    "extractor": {
        "int": 7,
        "str": "x",
        "wrong count": [],
        "no lists": [7],
        "no facts": [["likes"]],
        "raises": ...,
    },
    "guard": {"int": 7, "list": ["x"], "bytes": b"x", "raises": ...},
    "reranker": {
        "None": None,
        "str": "x",
        "wrong count": [1.0],
        "NaN": [math.nan] * 20,
        "texts": ["1"] * 20,
        "raises": ...,
    },
    "token_counter": {"None": None, "str": "9", "negative": -1, "large": 2**70, "float": 1.5, "raises": ...},
    "summarizer": {"None": None, "int": 7, "surrogate": SURROGATE, "raises": ...},
}


def use(tenant: Tenant) -> tuple[object, ...]:
    """Calls that call every callback; what they raised, or nothing."""
    outcomes: list[object] = []
    calls: tuple[Callable[[], object], ...] = (
        lambda: tenant.add([f"tea number {at} is what Mara drinks every day" for at in range(20)]),
        lambda: tenant.search("tea"),
        lambda: tenant.context("tea", 300),
    )
    for call in calls:
        try:
            outcomes.append(call())
        except EbbmarkError as error:
            outcomes.append(error)
    return tuple(outcomes)


@pytest.mark.parametrize(
    ("callback", "reply"), [(name, reply) for name in REPLIES for reply in REPLIES[name]]
)
def test_what_a_callback_does_wrong_is_told_and_the_store_goes_on(
    callback: str, reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A token counter is estimated for where it fails: the interpreter is told.
    untold: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", untold.append)
    answer = REPLIES[callback][reply]
    host: dict[str, Any] = {callback: raising if answer is ... else lambda *_: answer}
    with Store(":memory:", **CALLBACKS[callback], **host, callbacks=PATIENT) as store:
        tenant = store.tenant("acme")
        added, found, packed = use(tenant)
        told = [part for part in (added, found, packed) if isinstance(part, EbbmarkError)]
        partly = (getattr(added, "extractor_error", None), getattr(packed, "summary_error", None))
        told += [error for error in partly if error is not None]
        assert all(error.remedy for error in told)
        raised = [error.__cause__ or error for error in told] + [one.exc_value for one in untold]
        # One that judges hits leaves them as they were, and is counted.
        assert raised or store.callbacks().reranker.failures > 0, (added, found, packed)
        if answer is ...:
            assert all("the model is away" in str(error) for error in raised)
        assert store.health().state != "failed"
        assert tenant.list() is not None


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_within_a_callback_is_no_failure_of_it(interrupt: type[BaseException]) -> None:
    def interrupted(texts: list[str]) -> Any:
        raise interrupt

    with Store(":memory:", embedder=interrupted, dimensions=3, space="x", extraction="off") as store:
        tenant = store.tenant("acme")
        with pytest.raises(interrupt):
            tenant.add("tea")
        assert tenant.list() is not None


def test_progress_that_raises_ends_the_call() -> None:
    with Store(":memory:", embedder=None) as store:
        tenant = store.tenant("acme")
        with pytest.raises(Away):
            tenant.add([f"tea {at}" for at in range(200)], progress=raising)
        assert tenant.add("more tea").id in {record.id for record in tenant.list(limit=1000).records}


def test_a_callback_may_call_back_into_the_store(tmp_path: Path) -> None:
    script = """
    def callback(kind):
        def called(*given):
            if kind in seen: return replies[kind](*given)
            seen.add(kind)
            search, add = (lambda: tenant.search("tea")), (lambda: tenant.add("from within " + kind))
            for call in (search, add, tenant.list, store.health):
                try: call()
                except EbbmarkError as error: print(kind, error.code)
            return replies[kind](*given)
        return called
    replies = {
        "embedder": vectors, "extractor": lambda messages: [[] for _ in messages],
        "guard": lambda episode: None, "reranker": lambda question, texts: [1.0] * len(texts),
        "token_counter": len, "summarizer": lambda texts, budget: "tea",
    }
    seen = set(replies)
    hosts = {kind: callback(kind) for kind in replies}
    store = Store(path, dimensions=3, space="x", extraction="host", **hosts)
    tenant = store.tenant("acme")
    tenant.add([f"tea number {at} is what Mara drinks" for at in range(20)])
    seen.clear()
    tenant.add("more tea", progress=lambda count: tenant.list())
    tenant.search("tea")
    tenant.context("tea", 300)
    print(sorted(set(replies) - seen), len(tenant.list(limit=1000).records) > 20)
    """
    assert process(tmp_path, script).splitlines()[-1] == "[] True"


def test_the_guard_for_secrets_is_a_function_and_a_part_of_the_store() -> None:
    card = "My card is 4111 1111 1111 1111."
    guard = SecretGuard()
    assert guard(NewEpisode("Good morning!")) == Admission.allow()
    assert guard(NewEpisode(card)) != Admission.allow()
    with Store(":memory:", guard=guard) as store:
        tenant = store.tenant("acme")
        receipt = tenant.add(card)
        assert receipt.redacted == receipt.ids
        assert "4111" not in tenant.get(receipt.ids[0]).text
    with Store(":memory:", guard=SecretGuard("reject")) as store, pytest.raises(DeniedError):
        store.tenant("acme").add(card)
