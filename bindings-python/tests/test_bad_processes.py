"""The promise: a process that forks, is interrupted or ends with a store in any state does so in peace: no
abort, no hang, nothing on its standard error, and the file is whole.

It could be broken by a thread that outlives the interpreter, a lock that is held while Python runs or while
a process forks, a child that writes its parent's file, or a call that no signal can end.
"""

from pathlib import Path

import pytest
from ebbmark import Store
from own_process import process


def test_a_forked_child_is_refused_and_the_parent_goes_on(tmp_path: Path) -> None:
    script = """
    import os, signal
    # In a fork it would wait for a thread that is not there.
    faulthandler.cancel_dump_traceback_later()
    store = Store(path, embedder=None)
    tenant = store.tenant("acme")
    id = tenant.add("tea").id
    subscription = tenant.subscribe()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        codes = set()
        calls = [lambda: tenant.add("tea"), lambda: tenant.search("tea"), lambda: tenant.get(id)]
        calls += [lambda: store.start_maintenance(1.0), tenant.subscribe]
        for call in (*calls, tenant.list, store.usage, store.maintain):
            try: call(); codes.add("none")
            except ReopenError as error: codes.add(error.code)
        subscription.next(timeout=0)
        store.close()
        os._exit(0 if codes == {"process.forked"} else 1)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), len(tenant.add(["more"]).ids), tenant.search("tea")[0].id == id)
    """
    assert process(tmp_path, script) == "0 1 True"


def test_a_forked_child_that_exits_with_threads_at_work_is_no_harm(tmp_path: Path) -> None:
    script = """
    import os, signal
    # In a fork it would wait for a thread that is not there.
    faulthandler.cancel_dump_traceback_later()
    store = Store(path, embedder=vectors, dimensions=3, space="x")
    tenant = store.tenant("acme")
    tenant.add("tea")
    maintainer = store.start_maintenance(1)
    for _ in range(5):
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            try: tenant.search("tea")
            except ReopenError: pass
            sys.exit(0)
        _, status = os.waitpid(child, 0)
        assert status == 0, status
    tenant.add("more")
    maintainer.stop()
    print(len(tenant.list().records))
    """
    assert process(tmp_path, script) == "2"


def test_a_child_may_open_a_store_of_its_own(tmp_path: Path) -> None:
    script = """
    import os
    store = Store(path, embedder=None)
    store.tenant("acme").add("tea")
    store.close()
    child = os.fork()
    if child == 0:
        with Store(path, embedder=None) as store:
            store.tenant("acme").add("more")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    with Store(path, embedder=None) as store:
        print(status, len(store.tenant("acme").list().records))
    """
    assert process(tmp_path, script) == "0 2"


EXITS = {
    "an open store": "store.tenant('acme').add('tea')",
    "a store and its tenant in a cycle": """
class Holder: pass
h = Holder()
h.h, h.store, h.tenant = h, store, tenant
""",
    "maintenance": "m = store.start_maintenance(1); tenant.add([str(at) + ' tea' for at in range(100)])",
    "maintenance that nobody holds": "store.start_maintenance(1); tenant.add('tea')",
    "maintenance that calls Python": """
import threading
called = threading.Event()
def failing(texts):
    if threading.current_thread() is not threading.main_thread():
        called.set()
    raise RuntimeError("away")
patient = CallbackOptions(failures_to_open=10**6)
other = Store(":memory:", embedder=failing, dimensions=3, space="x", callbacks=patient)
other.tenant("acme").add([str(at) + " tea" for at in range(1000)])
m = other.start_maintenance(1)
called.wait()
""",
    "a subscription": "s = tenant.subscribe(); tenant.add('tea')",
    "threads that add": """
import threading
started = threading.Event()
def work():
    try:
        while True:
            tenant.add("tea")
            tenant.search("tea")
            started.set()
    except ReopenError:
        pass
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
started.wait()
""",
    "threads in a callback": """
import threading
started = threading.Event()
def slow(texts):
    started.set()
    threading.Event().wait()
other = Store(":memory:", embedder=slow, dimensions=3, space="x", extraction="off")
threading.Thread(target=lambda: other.tenant("acme").add("tea"), daemon=True).start()
started.wait()
""",
    "a callback that is past its deadline": """
import threading
started = threading.Event()
def slow(texts):
    started.set()
    threading.Event().wait()
late = CallbackOptions(deadline=0.05)
other = Store(":memory:", embedder=slow, dimensions=3, space="x", extraction="off", callbacks=late)
assert other.tenant("acme").add("tea").embedder_error.code == "callback.deadline"
assert started.is_set()
""",
    "an asynchronous store": """
import asyncio
from ebbmark import AsyncStore
async def main():
    global held
    held = AsyncStore(":memory:", embedder=None)
    await (await held.tenant("acme")).add("tea")
asyncio.run(main())
""",
    "sys.exit": "tenant.add('tea'); m = store.start_maintenance(1); sys.exit(0)",
}


@pytest.mark.parametrize("left", EXITS)
def test_the_interpreter_exits_in_peace_with(tmp_path: Path, left: str) -> None:
    script = "store = Store(path, embedder=None)\ntenant = store.tenant('acme')\n" + EXITS[left] + "\n"
    assert process(tmp_path, "print('open')\n" + script) == "open"
    with Store(tmp_path / "m.ebb", embedder=None) as store:
        assert store.health().state == "healthy"


def test_threads_that_come_back_while_the_interpreter_ends_are_no_harm(tmp_path: Path) -> None:
    script = """
    import threading
    store = Store(":memory:", embedder=None)
    tenant = store.tenant("acme")
    started = threading.Barrier(9)
    def wait():
        subscription = tenant.subscribe()
        started.wait()
        try:
            while True: subscription.next(timeout=0.001)
        except ReopenError: pass
    for _ in range(8):
        threading.Thread(target=wait, daemon=True).start()
    class Late:
        def __del__(self):
            for _ in range(10_000_000): pass
    # While this is cleared away, the threads come back for the interpreter.
    late = Late()
    started.wait()
    print("open")
    """
    # Whether one comes back in that time is a matter of chance.
    for _ in range(6):
        assert process(tmp_path, script) == "open"


def test_control_c_ends_a_long_add(tmp_path: Path) -> None:
    script = """
    import signal
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    store = Store(path, embedder=None)
    tenant = store.tenant("acme")
    texts = [f"Mara said on day {at} that she likes tea and lives in town {at % 97}." for at in range(60_000)]
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        tenant.add(texts)
        print("finished")
    except KeyboardInterrupt:
        print("interrupted")
    held = tenant.usage().episodes
    assert held < len(texts), held
    print(len(tenant.add("more tea").ids), tenant.usage().episodes - held, store.health().state)
    """
    assert process(tmp_path, script) == "interrupted\n1 1 healthy"


def test_control_c_ends_a_wait_for_changes(tmp_path: Path) -> None:
    script = """
    import signal
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    store = Store(path, embedder=None)
    subscription = store.tenant("acme").subscribe()
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try: subscription.next(timeout=3600)
    except KeyboardInterrupt: print("interrupted")
    """
    assert process(tmp_path, script) == "interrupted"
