"""A page's news: what has changed, a beat each second, and an end."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import asyncio
import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.response import ServerSentEventMessage

from hall.counter.desk import Desk
from hall.words import Words
from provisioning.accounts import Role
from provisioning.sessions import Login
from web.access import Visitor
from web.assets import load_templates
from web.counter.pages import CounterPage
from web.counter.parts import PARTS, CounterStream, Drawing

VI = Words()
Play = Callable[..., Awaitable[None]]


class Stage:
    """A page of counter 3 with a stream on it, and a clock in the test's hand."""

    def __init__(self, scene: Any) -> None:
        self.now_s = 100.0
        self.still_in = True
        self.stopping = asyncio.Event()
        login = Login(b"1", "hoa", "Trần Thị Hoa", Role.OFFICER, (3,), "csrf", "vi")
        nobodys: Any = None
        visitor = Visitor("hoa", "Trần Thị Hoa", login.role, (3,), "", login, nobodys)
        desk = Desk(
            3,
            lambda command, _take: command,
            now=lambda: scene.now,
            elapsed_s=lambda: self.now_s,
            hand_s=lambda: self.now_s,
            t=VI,
        )
        sender: Any = SimpleNamespace(command_id="")
        self.page = CounterPage("token", visitor, desk, sender)
        self.drawing = Drawing(load_templates(), self.page, visitor)
        self.stream = CounterStream(self.stopping, lambda: self.now_s, "v1")
        self.shows(scene.hall())

    def shows(self, hall: Any) -> None:
        self.page.hear(SimpleNamespace(state=hall))  # type: ignore[arg-type]

    def begin(self) -> Any:
        async def still_in() -> bool:
            return self.still_in

        return self.stream.events(self.page, self.drawing, VI, still_in)


def _told(message: ServerSentEventMessage) -> tuple[str, dict[str, Any]]:
    return str(message.event), json.loads(str(message.data))


def _play(scene: Any, play: Play) -> None:
    async def run() -> None:
        await asyncio.wait_for(play(Stage(scene)), 30)

    asyncio.run(run())


def test_greets_draws_everything_and_then_what_has_changed(scene: Any) -> None:
    async def play(stage: Stage) -> None:
        stream = stage.begin()
        kind, hello = _told(await anext(stream))
        assert (kind, hello["version"], hello["now"]) == ("hello", "v1", 100_000)
        kind, first = _told(await anext(stream))
        assert kind == "view"
        assert set(first["parts"]) == set(PARTS)
        assert first["title"] == "1017 · Quầy 3"
        stage.shows(scene.hall(scene.state(served_today=15)))
        kind, second = _told(await anext(stream))
        assert kind == "view"
        assert set(second["parts"]) == {"footer"}

    _play(scene, play)


def test_beats_when_nothing_has_changed(scene: Any) -> None:
    async def play(stage: Stage) -> None:
        stream = stage.begin()
        await anext(stream)
        await anext(stream)
        stage.now_s += 1.0
        kind, beat = _told(await anext(stream))
        assert (kind, beat) == ("beat", {"now": 101_000})

    _play(scene, play)


def test_another_stream_of_the_same_page_ends_the_one_before(scene: Any) -> None:
    async def play(stage: Stage) -> None:
        old = stage.begin()
        await anext(old)
        await anext(old)
        new = stage.begin()
        await anext(new)
        with pytest.raises(StopAsyncIteration):
            await anext(old)
        assert _told(await anext(new))[0] == "view"
        assert stage.page.streams == 1

    _play(scene, play)


def test_ends_for_who_is_logged_out_and_when_the_server_stops(scene: Any) -> None:
    async def play(stage: Stage) -> None:
        stream = stage.begin()
        await anext(stream)
        await anext(stream)
        stage.still_in = False
        stage.now_s += 5.0
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        stage.still_in = True
        stream = stage.begin()
        await anext(stream)
        stage.stopping.set()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert stage.page.streams == 0

    _play(scene, play)
