"""The event loop as the owner of what is heard, and as the place where it is waited for."""

import asyncio
from collections.abc import Awaitable, Callable

from bus.session import Job
from hall.model import Watcher


async def first_of(wanted: Awaitable[object], stopping: asyncio.Event, timeout_s: float) -> None:
    """Return once `wanted` is there, the server stops, or the time is over."""
    tasks = [asyncio.ensure_future(wanted), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    if not tasks[0].cancelled():
        tasks[0].result()


class LoopOwner:
    """A session's `deliver`: runs jobs on the event loop, which is known before it starts."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def take_loop(self) -> None:
        """Deliver on the loop that runs this."""
        self._loop = asyncio.get_running_loop()

    def __call__(self, job: Job) -> None:
        """Have `job` run; from any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(job)


class Changes:
    """Counts what has changed in the hall; used on the event loop's thread only."""

    def __init__(self, watch: Callable[[Watcher], None]) -> None:
        """Be told by `watch` of what has changed."""
        self.revision = 0
        self._changed = asyncio.Event()
        watch(self._note)

    async def since(self, revision: int) -> None:
        """Return when the hall is newer than `revision`."""
        while self.revision == revision:
            await self._changed.wait()

    def _note(self, _what: str) -> None:
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()
