"""Turns at what keeps a processor busy: at most two passwords are hashed at a time, fairly."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from web.errors import BusyError


class PasswordSlots:
    """Gives each address its turn in a circle, so that a crowd behind one holds up no other.

    When too many wait, the last of the longest line gives way. Used on the event loop only.
    """

    def __init__(self, at_once: int = 2, most_waiting: int = 100) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it; raises BusyError for who must give way."""
        await self._take(address)
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self, address: str) -> None:
        if self._free:
            self._free -= 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._lines.setdefault(address, deque()).append(mine)
        self._turn_away()
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._pass_on()
            raise

    def _turn_away(self) -> None:
        if sum(len(line) for line in self._lines.values()) <= self._most_waiting:
            return
        last = max(self._lines.values(), key=len).pop()
        if not last.done():
            last.set_exception(BusyError("too many passwords at once"))

    def _pass_on(self) -> None:
        """Give the turn to the next address that waits."""
        while self._lines:
            address, line = next(iter(self._lines.items()))
            del self._lines[address]
            following = line.popleft() if line else None
            if line:
                self._lines[address] = line
            if following and not following.done():
                following.set_result(None)
                return
        self._free += 1
