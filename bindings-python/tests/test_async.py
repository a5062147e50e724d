"""The promise: the handles for asyncio do what the others do, while the event loop goes on.

It could be broken by a call that blocks the loop, by an exception that is lost between threads, or by a wait for changes that
cannot be cancelled.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ebbmark import AsyncStore, Change, LockedError, NotFoundError, Store


def test_a_program_awaits_what_others_call(tmp_path: Path) -> None:
    async def program() -> list[str]:
        async with AsyncStore(tmp_path / "memory.ebb") as store:
            mara = await store.tenant("acme", user="Mara")
            await mara.add("I live in Berlin.")
            receipt = await mara.add("I moved to Porto!")
            assert receipt.facts[0].verdict.outcome == "superseded"
            assert await store.tenants() == ["acme"]
            assert (await mara.dry_run().with_actor("test").assert_fact("Mara", "likes", "tea")).outcome == "added"
            hits = await mara.search("Where does she live?", limit=3)
            return [fact.object for fact in await mara.facts("Mara", "lives_in")] + [hit.text for hit in hits][:0]

    assert asyncio.run(program()) == ["Porto"]
    # It was closed, so that others can open it.
    Store(tmp_path / "memory.ebb").close()


def test_many_calls_at_once_and_the_loop_goes_on() -> None:
    async def program() -> None:
        async with AsyncStore(":memory:", embedder=None) as store:
            tenant = await store.tenant("acme")
            ticks = 0

            async def tick() -> None:
                nonlocal ticks
                while True:
                    ticks += 1
                    await asyncio.sleep(0)

            ticking = asyncio.create_task(tick())
            receipts = await asyncio.gather(*(tenant.add(f"Note {number}") for number in range(50)))
            ticking.cancel()
            assert len({receipt.id for receipt in receipts}) == 50
            assert ticks > 1
            assert (await tenant.stats()).episodes == 50

    asyncio.run(program())


def test_errors_are_raised_where_they_are_awaited(tmp_path: Path) -> None:
    async def program() -> None:
        async with AsyncStore(tmp_path / "memory.ebb") as store:
            tenant = await store.tenant("acme")
            with pytest.raises(NotFoundError) as raised:
                await tenant.get("01890a5d-ac96-774b-bcce-b302099a8057")
            assert raised.value.code == "record.not_found"
            with pytest.raises(LockedError):
                Store(tmp_path / "memory.ebb")

    asyncio.run(program())


def test_changes_are_waited_for_and_the_wait_can_be_cancelled() -> None:
    async def program() -> None:
        async with AsyncStore(":memory:", embedder=None) as store:
            tenant = await store.tenant("acme")
            changes = await tenant.subscribe()
            assert await changes.next() is None
            waiting = asyncio.create_task(anext(changes))
            receipt = await tenant.add("Good morning!")
            change = await waiting
            assert isinstance(change, Change) and change.id == receipt.id
            waiting = asyncio.create_task(anext(changes))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(program())


def test_maintenance_runs_beside_and_is_stopped() -> None:
    async def program() -> None:
        async with AsyncStore(":memory:", embedder=None) as store:
            await (await store.tenant("acme")).add("Good morning!")
            async with await store.start_maintenance(1) as maintainer:
                while (await maintainer.last())[0] == 0:
                    await asyncio.sleep(0.01)

    asyncio.run(program())
