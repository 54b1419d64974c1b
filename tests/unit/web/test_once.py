import asyncio
from dataclasses import dataclass

import pytest

from web.once import OnceOnly


@dataclass
class Done:
    ok: bool
    serial: int


class Worker:
    """Counts what it is asked for; waits where it is told to."""

    def __init__(self, *, ok: bool = True) -> None:
        self.count = 0
        self.ok = ok
        self.go_on = asyncio.Event()

    async def work(self) -> Done:
        self.count += 1
        serial = self.count
        await self.go_on.wait()
        return Done(self.ok, serial)


def test_two_at_once_and_one_later_are_one() -> None:
    async def play() -> None:
        once: OnceOnly[Done] = OnceOnly()
        worker = Worker()
        both = [asyncio.ensure_future(once.run("a", worker.work)) for _ in range(2)]
        await asyncio.sleep(0)
        worker.go_on.set()
        assert [done.serial for done in await asyncio.gather(*both)] == [1, 1]
        assert (await once.run("a", worker.work)).serial == 1
        assert (await once.run("b", worker.work)).serial == 2

    asyncio.run(play())


def test_whoever_goes_away_does_not_stop_it() -> None:
    async def play() -> None:
        once: OnceOnly[Done] = OnceOnly()
        worker = Worker()
        gone = asyncio.ensure_future(once.run("a", worker.work))
        await asyncio.sleep(0)
        gone.cancel()
        worker.go_on.set()
        assert (await once.run("a", worker.work)).serial == 1

    asyncio.run(play())


def test_a_failure_may_be_tried_again() -> None:
    async def play() -> None:
        once: OnceOnly[Done] = OnceOnly()
        worker = Worker(ok=False)
        worker.go_on.set()
        assert (await once.run("a", worker.work)).serial == 1
        assert (await once.run("a", worker.work)).serial == 2

        async def fail() -> Done:
            raise RuntimeError("no link")

        for _ in range(2):
            with pytest.raises(RuntimeError):
                await once.run("b", fail)

    asyncio.run(play())


def test_only_the_newest_are_remembered() -> None:
    async def play() -> None:
        once: OnceOnly[Done] = OnceOnly(most=2)
        worker = Worker()
        worker.go_on.set()
        for key in "abc":
            await once.run(key, worker.work)
        assert (await once.run("c", worker.work)).serial == 3
        assert (await once.run("a", worker.work)).serial == 4

    asyncio.run(play())
