"""The promise: what is no failure of a callback but the wish to end ends the call that asked, and nothing else; a callback that
is still running when the interpreter ends is ended with it.

It could be broken by an interrupt that is swallowed, or raised by a later call, by a part of a batch that is kept though its
call was interrupted, or by a thread that is killed while the library is on its stack.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ebbmark import DeniedError, ManualClock, Message, NewEpisode, NewFact, Store
from own_process import process

NOTES = [f"Note {number}" for number in range(200)]


def interrupted(_: object) -> list[list[float]]:
    raise KeyboardInterrupt


def test_an_interrupt_in_an_embedder_keeps_nothing() -> None:
    with Store(":memory:", embedder=interrupted, dimensions=2, extraction="off") as store:
        tenant = store.tenant("acme")
        with pytest.raises(KeyboardInterrupt):
            tenant.add(NOTES)
        assert tenant.stats().episodes == 0


def test_an_interrupt_in_an_extractor_keeps_nothing() -> None:
    def extract(_: list[Message]) -> list[list[NewFact]]:
        raise KeyboardInterrupt

    with Store(":memory:", embedder=None, extractor=extract) as store:
        tenant = store.tenant("acme")
        with pytest.raises(KeyboardInterrupt):
            tenant.add(NOTES)
        assert tenant.stats().episodes == 0


def test_an_interrupt_in_maintenance_is_raised_there_and_not_later() -> None:
    raises: list[type[BaseException]] = [RuntimeError]

    def embed(texts: list[str]) -> list[list[float]]:
        if raises:
            raise raises[0]
        return [[1.0, 2.0] for _ in texts]

    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    with Store(":memory:", embedder=embed, dimensions=2, extraction="off", clock=clock) as store:
        tenant = store.tenant("acme")
        assert tenant.add(["one", "two"]).pending == 2
        clock.set(clock.now() + timedelta(days=1))
        raises[0] = KeyboardInterrupt
        with pytest.raises(KeyboardInterrupt):
            store.maintain()
        raises.clear()
        assert tenant.stats().episodes == 2


def test_what_a_guard_raised_is_the_cause_and_not_in_the_sentence() -> None:
    def guard(_: NewEpisode) -> None:
        raise LookupError("the secret is 42")

    with Store(":memory:", guard=guard) as store:
        with pytest.raises(DeniedError) as raised:
            store.tenant("acme").add("Good morning!")
        assert isinstance(raised.value.__cause__, LookupError)
        assert "42" not in str(raised.value)
        assert store.tenant("acme").stats().episodes == 0


def test_a_callback_may_stop_the_maintenance_that_calls_it(tmp_path: Path) -> None:
    script = """
    import time
    calls, held = [], []
    def embed(texts):
        calls.append(texts)
        if len(calls) == 1: raise RuntimeError("away")
        held.pop().stop()
        return vectors(texts)
    store = Store(path, embedder=embed, dimensions=3, extraction="off")
    tenant = store.tenant("acme")
    tenant.add("tea")
    held.append(store.start_maintenance(1))
    while tenant.stats().pending: time.sleep(0.05)
    print(len(calls))
    """
    assert process(tmp_path, script) == "2"


BUSY = {
    "a daemon thread in a call": 'threading.Thread(target=store.tenant("acme").add, args=("tea",), daemon=True).start()',
    "maintenance": "maintainer = store.start_maintenance(1)",
}


@pytest.mark.parametrize("name", BUSY)
def test_a_callback_that_computes_when_the_interpreter_ends_is_ended(tmp_path: Path, name: str) -> None:
    script = f"""
    import threading
    begun = threading.Event()
    def embed(texts):
        if not ready: raise RuntimeError("away")
        begun.set()
        while True: sum(range(1000))
    ready = []
    store = Store(path, embedder=embed, dimensions=3, extraction="off")
    store.tenant("acme").add("coffee")
    ready.append(True)
    {BUSY[name]}
    begun.wait(30)
    print(begun.is_set())
    """
    assert process(tmp_path, script) == "True"


def test_a_callback_that_took_too_long_is_ended_with_the_interpreter(tmp_path: Path) -> None:
    script = """
    import time
    def embed(texts):
        while True:
            try: time.sleep(0.001)
            except Exception: pass
    callbacks = CallbackOptions(deadline=0.2)
    store = Store(path, embedder=embed, dimensions=3, extraction="off", callbacks=callbacks)
    print(store.tenant("acme").add("tea").embedder_error.code)
    """
    assert process(tmp_path, script) == "callback.deadline"


def test_a_package_that_a_thread_imported_ends_in_peace(tmp_path: Path) -> None:
    script = """
    import subprocess
    program = '''
    import atexit, threading
    stores = []
    def last():
        try: print(stores[0].tenant("acme").stats())
        except Exception as error: print(error.code)
    atexit.register(last)
    def work():
        import ebbmark
        stores.append(ebbmark.Store(":memory:"))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    '''
    import textwrap
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=50)
    print(told.returncode, told.stdout.strip(), told.stderr)
    """
    assert process(tmp_path, script).strip() == "0 store.closed"
