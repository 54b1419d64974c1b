"""What a form asks for is done once, however often the form is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, Protocol, TypeVar


class Result(Protocol):
    """What became of it."""

    @property
    def ok(self) -> bool:
        """Return whether it was done; what was not may be tried again."""


R = TypeVar("R", bound=Result)


class OnceOnly(Generic[R]):
    """Remembers what was done, the newest only; used on the event loop's thread."""

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._done: dict[str, asyncio.Task[R]] = {}

    async def run(self, key: str, do: Callable[[], Awaitable[R]]) -> R:
        """Return what `do` returned for this key, now or before; a failure is forgotten."""
        task = self._done.get(key)
        if task is None:
            task = self._done[key] = asyncio.create_task(_awaited(do))
            task.add_done_callback(partial(self._forget_failure, key))
            if len(self._done) > self._most:
                del self._done[next(iter(self._done))]
        return await asyncio.shield(task)

    def _forget_failure(self, key: str, task: "asyncio.Task[R]") -> None:
        failed = task.cancelled() or task.exception() is not None or not task.result().ok
        if failed and self._done.get(key) is task:
            del self._done[key]


async def _awaited(do: Callable[[], Awaitable[R]]) -> R:
    return await do()
