import asyncio
from collections.abc import Awaitable, Callable

import pytest
from litestar.response import ServerSentEventMessage

from hall.model import Watcher
from web.today import LiveEvents
from web.waiting import Changes


class News(list[Watcher]):
    """Whoever wants to be told of changes, and their telling."""

    def tell(self) -> None:
        for watcher in self:
            watcher("board")


async def logged_in() -> bool:
    return True


Play = Callable[[LiveEvents, News, asyncio.Event, list[str]], Awaitable[None]]


def _run(play: Play, most: int = 50) -> None:
    async def run() -> None:
        news, stopping, pages = News(), asyncio.Event(), ["first"]

        events = LiveEvents(Changes(news.append), stopping, gather_s=0.0, quiet_s=0.05, most=most)
        await asyncio.wait_for(play(events, news, stopping, pages), 10)

    asyncio.run(run())


def _latest(pages: list[str]) -> Callable[[], Awaitable[str]]:
    async def render() -> str:
        return pages[-1]

    return render


def _text(message: ServerSentEventMessage) -> str:
    return message.encode().decode()


def test_sends_the_page_at_once_and_after_a_change() -> None:
    async def play(
        events: LiveEvents, news: News, _stopping: asyncio.Event, pages: list[str]
    ) -> None:
        stream = events.stream(_latest(pages), logged_in)
        assert "event: today\r\n" in _text(await anext(stream))
        pages.append("second")
        news.tell()
        assert "data: second\r\n" in _text(await anext(stream))

    _run(play)


def test_sends_a_sign_of_life_when_nothing_changed() -> None:
    async def play(
        events: LiveEvents, _news: News, _stopping: asyncio.Event, pages: list[str]
    ) -> None:
        stream = events.stream(_latest(pages), logged_in)
        await anext(stream)
        assert _text(await anext(stream)).startswith(":")

    _run(play)


def test_ends_when_the_server_stops() -> None:
    async def play(
        events: LiveEvents, _news: News, stopping: asyncio.Event, pages: list[str]
    ) -> None:
        stream = events.stream(_latest(pages), logged_in)
        await anext(stream)
        stopping.set()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    _run(play)


def test_is_full_while_enough_listen() -> None:
    async def play(
        events: LiveEvents, _news: News, stopping: asyncio.Event, pages: list[str]
    ) -> None:
        stream = events.stream(_latest(pages), logged_in)
        full = [events.full]
        await anext(stream)
        full.append(events.full)
        stopping.set()
        assert [message async for message in stream] == []
        assert [*full, events.full] == [False, True, False]

    _run(play, most=1)


def test_a_change_is_never_missed() -> None:
    async def play() -> None:
        news = News()
        changes = Changes(news.append)
        revision = changes.revision
        waiting = asyncio.ensure_future(changes.since(revision))
        await asyncio.sleep(0)
        assert not waiting.done()
        news.tell()
        await asyncio.wait_for(waiting, 30)
        await asyncio.wait_for(changes.since(revision), 30)

    asyncio.run(play())


def test_ends_for_who_was_logged_out() -> None:
    async def play(
        events: LiveEvents, news: News, _stopping: asyncio.Event, pages: list[str]
    ) -> None:
        answers = [True, False]

        async def still_in() -> bool:
            return answers.pop(0)

        stream = events.stream(_latest(pages), still_in)
        await anext(stream)
        news.tell()
        assert await anext(stream, None) is None
        assert not events.full

    _run(play, most=1)
