import asyncio
from collections.abc import Callable
from typing import Any

from hall.board.scene import View
from web.board.query import PageQuery
from web.board.stream import BoardStream

QUERY = PageQuery("tv-1", "auto", View())


def test_pages_that_ask_at_once_get_no_more_places_than_there_are(
    make_bench: Callable[..., Any],
) -> None:
    bench = make_bench(most=1)

    async def ask_twice() -> None:
        stream = BoardStream(
            bench.pages,
            bench.hall,
            asyncio.Event(),
            now=bench.clock.now,
            speed=1.0,
            version="1",
        )
        first, second = stream.events(QUERY), stream.events(QUERY)
        assert (await anext(first)).event == "hello"
        assert [event async for event in second] == []
        assert bench.pages.full
        await first.aclose()  # type: ignore[attr-defined]
        assert not bench.pages.full

    asyncio.run(asyncio.wait_for(ask_twice(), 10))
