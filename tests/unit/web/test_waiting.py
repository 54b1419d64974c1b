"""Waiting on the event loop for the first of several things."""

import asyncio

import pytest

from web.waiting import first_of


async def _broken() -> None:
    raise LookupError("nothing there")


def test_what_is_wanted_the_stop_and_the_time_end_it() -> None:
    async def wait() -> None:
        stopping, wanted = asyncio.Event(), asyncio.Event()
        wanted.set()
        await first_of(wanted.wait(), stopping, 60)
        await first_of(asyncio.Event().wait(), stopping, 0)
        stopping.set()
        await first_of(asyncio.Event().wait(), stopping, 60)

    asyncio.run(asyncio.wait_for(wait(), 30))


def test_what_fails_is_not_hidden() -> None:
    with pytest.raises(LookupError):
        asyncio.run(first_of(_broken(), asyncio.Event(), 60))


def test_who_waits_can_be_cancelled_even_while_it_tidies_up() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            tidying.set()
            await asyncio.Event().wait()  # does not end before it is cancelled once more

    async def run() -> None:
        waiting = asyncio.create_task(first_of(stubborn(), asyncio.Event(), 0))
        await tidying.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, 30)

    tidying = asyncio.Event()
    asyncio.run(run())
