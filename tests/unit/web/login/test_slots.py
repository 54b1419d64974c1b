"""Turns at hashing passwords: two at a time, fair, nobody lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from web.errors import BusyError
from web.login.slots import PasswordSlots


async def _settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def _run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), 60))


class Crowd:
    """People who want a turn; each holds it until a test ends it."""

    def __init__(self, slots: PasswordSlots) -> None:
        self._slots = slots
        self.inside: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}

    def come(self, name: str, address: str) -> asyncio.Task[None]:
        self._leave[name] = asyncio.Event()
        return asyncio.create_task(self._be(name, address))

    async def leave(self, name: str) -> None:
        self._leave[name].set()
        await _settle()

    async def _be(self, name: str, address: str) -> None:
        async with self._slots.turn(address):
            self.inside.append(name)
            await self._leave[name].wait()
            self.inside.remove(name)


def test_two_at_a_time_and_each_address_in_turn() -> None:
    async def play() -> None:
        crowd = Crowd(PasswordSlots())
        tasks = [crowd.come(f"a{n}", "flood") for n in range(20)]
        await _settle()
        tasks.append(crowd.come("thuha", "10.0.0.5"))
        await _settle()
        assert crowd.inside == ["a0", "a1"]
        await crowd.leave("a0")
        await crowd.leave("a1")
        assert "thuha" in crowd.inside, "not behind the whole crowd"
        for name in ["thuha", *(f"a{n}" for n in range(2, 20))]:
            await crowd.leave(name)
        await asyncio.gather(*tasks)
        assert crowd.inside == []

    _run(play)


def test_of_too_many_the_last_of_the_longest_line_gives_way() -> None:
    async def play() -> None:
        crowd = Crowd(PasswordSlots(most_waiting=5))
        flood = [crowd.come(f"a{n}", "flood") for n in range(8)]
        await _settle()
        mine = crowd.come("thuha", "10.0.0.5")
        await _settle()
        for n in range(8):
            await crowd.leave(f"a{n}")
        await crowd.leave("thuha")
        await mine
        ends = await asyncio.gather(*flood, return_exceptions=True)
        assert sum(isinstance(end, BusyError) for end in ends) == 2

    _run(play)


def test_who_went_away_holds_up_nobody() -> None:
    async def play() -> None:
        crowd = Crowd(PasswordSlots(at_once=1))
        first, gone = crowd.come("first", "a"), crowd.come("gone", "b")
        last = crowd.come("last", "c")
        await _settle()
        gone.cancel()
        await crowd.leave("first")
        assert crowd.inside == ["last"]
        await crowd.leave("last")
        await asyncio.gather(first, last)
        again = crowd.come("again", "a")
        await _settle()
        assert crowd.inside == ["again"], "no turn was lost"
        await crowd.leave("again")
        await again

    _run(play)


def test_a_turn_that_comes_while_its_holder_goes_is_passed_on() -> None:
    async def play() -> None:
        crowd = Crowd(PasswordSlots(at_once=1))
        first, gone = crowd.come("first", "a"), crowd.come("gone", "b")
        last = crowd.come("last", "c")
        await _settle()
        crowd._leave["first"].set()
        await asyncio.sleep(0)
        gone.cancel()
        await _settle()
        crowd._leave["last"].set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        await asyncio.gather(first, last)

    _run(play)
