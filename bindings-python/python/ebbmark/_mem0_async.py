"""The memory of `ebbmark.mem0` for programs that await.

    import asyncio
    from ebbmark.mem0 import AsyncMemory

    async def main() -> None:
        async with AsyncMemory(path=":memory:") as memory:
            await memory.add("I moved to Porto.", user_id="mara")
            print(await memory.search("Where does she live?", filters={"user_id": "mara"}))

    asyncio.run(main())

Programs import it from `ebbmark.mem0`.
"""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from ebbmark import Tenant
from ebbmark._mem0_memory import UNSET, Memory, Messages
from ebbmark._mem0_rows import Row


class AsyncMemory:
    """As `Memory`; each call is awaited and runs in a thread. Opening and closing are not awaited."""

    def __init__(self, config: Any = None, *, path: str | os.PathLike[str] | None = None) -> None:
        self._memory = Memory(config, path=path)

    @classmethod
    def from_config(cls, config_dict: Mapping[str, Any]) -> Self:
        """A memory as a configuration of mem0 says."""
        return cls(config_dict)

    @property
    def tenant(self) -> Tenant:
        """As `Memory.tenant`: its calls block."""
        return self._memory.tenant

    async def add(
        self,
        messages: Messages,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        metadata: Mapping[str, Any] | None = None,
        timestamp: datetime | float | str | None = None,
        expiration_date: Any = None,
        infer: bool = True,
        memory_type: str | None = None,
        prompt: str | None = None,
        llm: object = None,
    ) -> dict[str, list[Row]]:
        """As `Memory.add`."""
        return await to_thread(
            self._memory.add,
            messages,
            user_id=user_id,
            agent_id=agent_id,
            run_id=run_id,
            metadata=metadata,
            timestamp=timestamp,
            expiration_date=expiration_date,
            infer=infer,
            memory_type=memory_type,
            prompt=prompt,
            llm=llm,
        )

    async def search(
        self,
        query: str,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        limit: int | None = None,
        top_k: int = 20,
        filters: Mapping[str, Any] | None = None,
        threshold: float | None = None,
        rerank: bool = False,
        explain: bool = False,
        reference_date: Any = None,
        show_expired: bool = False,
        **kwargs: Any,
    ) -> dict[str, list[Row]]:
        """As `Memory.search`."""
        return await to_thread(
            self._memory.search,
            query,
            user_id=user_id,
            agent_id=agent_id,
            run_id=run_id,
            limit=limit,
            top_k=top_k,
            filters=filters,
            threshold=threshold,
            rerank=rerank,
            explain=explain,
            reference_date=reference_date,
            show_expired=show_expired,
            **kwargs,
        )

    async def get(self, memory_id: str) -> Row | None:
        """As `Memory.get`."""
        return await to_thread(self._memory.get, memory_id)

    async def get_all(
        self,
        *,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
        filters: Mapping[str, Any] | None = None,
        limit: int | None = None,
        top_k: int | None = 20,
        show_expired: bool = False,
        **kwargs: Any,
    ) -> dict[str, list[Row]]:
        """As `Memory.get_all`."""
        return await to_thread(
            self._memory.get_all,
            user_id=user_id,
            agent_id=agent_id,
            run_id=run_id,
            filters=filters,
            limit=limit,
            top_k=top_k,
            show_expired=show_expired,
            **kwargs,
        )

    async def update(
        self,
        memory_id: str,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        expiration_date: Any = UNSET,
        data: str | None = None,
    ) -> dict[str, str]:
        """As `Memory.update`."""
        return await to_thread(self._memory.update, memory_id, text, metadata, expiration_date, data)

    async def delete(self, memory_id: str) -> dict[str, str]:
        """As `Memory.delete`."""
        return await to_thread(self._memory.delete, memory_id)

    async def delete_all(
        self,
        user_id: str | int | None = None,
        agent_id: str | int | None = None,
        run_id: str | int | None = None,
    ) -> dict[str, str]:
        """As `Memory.delete_all`."""
        return await to_thread(self._memory.delete_all, user_id, agent_id, run_id)

    async def history(self, memory_id: str) -> list[Row]:
        """As `Memory.history`."""
        return await to_thread(self._memory.history, memory_id)

    async def reset(self) -> None:
        """As `Memory.reset`."""
        await to_thread(self._memory.reset)

    def close(self) -> None:
        """As `Memory.close`."""
        self._memory.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await to_thread(self.close)
