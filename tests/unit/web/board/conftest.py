"""The board's pages without a network: a hall told by hand, a clock moved by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bus.codec import Message, decode
from bus.health import WebHealth, health_as
from bus.orders import Acknowledgement
from bus.port import Handler, LinkHandler
from bus.session import Session, at_once
from bus.states import BoardCounter, BoardState, Call, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import CounterStatus
from config import Centre, Clock
from hall.board.scene import View
from hall.model import Hall
from web.board.pages import Page, Pages
from web.board.query import PageQuery

TOPICS = Topics("nhi-chieu")
NAMED = frozenset(f"tv-{number}" for number in range(1, 10))
"""The pages that count as boards."""


@dataclass
class HeardBus:
    """A bus that keeps what is published."""

    connected: bool = True
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def subscribe(self, topic_filter: str, handler: Handler) -> None: ...

    def on_link(self, handler: LinkHandler) -> None: ...

    def start(self) -> None: ...

    def unsubscribe(self, topic_filter: str) -> None: ...

    def stop(self) -> None: ...

    def confirmed(self, within_s: float) -> bool:
        del within_s
        return self.connected

    def publish(
        self, topic: str, payload: bytes, *, retain: bool = False, once: bool = False
    ) -> bool:
        del retain, once
        if self.connected:
            self.heard.append((topic, payload))
        return self.connected


@dataclass(frozen=True)
class HandClock(Clock):
    """A clock that stands until it is moved."""

    elapsed_s: list[float] = field(default_factory=lambda: [0.0])

    def now(self) -> datetime:
        assert self.origin
        return self.origin + timedelta(seconds=self.elapsed_s[0])

    def monotonic(self) -> float:
        return self.elapsed_s[0]


@dataclass
class Bench:
    """The pages, and all that moves them."""

    pages: Pages
    hall: Hall
    bus: HeardBus
    clock: HandClock
    rev: int = 0

    def tell(self, *calls: Call, epoch: str = "E") -> None:
        """Tell the hall's newest calls, each served at its counter."""
        self.rev += 1
        serving = {call.counter: call.number for call in reversed(calls) if not call.withdrawn}
        counters = tuple(
            BoardCounter(counter=counter, status=CounterStatus.OPEN, number=number)
            for counter, number in serving.items()
        )
        board = BoardState(
            epoch=epoch, rev=self.rev, at=self.clock.now(), calls=calls, counters=counters
        )
        self.hall._take_board(board)
        self.pages.refresh()

    def open(self, name: str = "tv-1", *, seen: bool = True, **view: object) -> Page:
        """Open a page; it is looked at unless told otherwise."""
        query = PageQuery(name, "auto", View(**view))  # type: ignore[arg-type]
        page = self.pages.join(query)
        self.pages.refresh()
        if seen:
            self.paint(page)
        return page

    def paint(self, page: Page, *, visible: bool = True) -> None:
        """Let a page say that its newest picture is painted, or that it is hidden."""
        assert self.pages.take_frame(page.token, page.serial, visible=visible)
        self.pages.refresh()

    def move(self, seconds: float) -> None:
        self.clock.elapsed_s[0] += seconds
        self.pages.refresh()

    def said(self) -> list[tuple[int, str, str | None]]:
        """Return what was acknowledged, and forget it."""
        acks = self._take(TOPICS.acknowledgement("web"), Acknowledgement)
        return [(ack.call_seq, ack.outcome.value, ack.reason) for ack in acks]

    def boards(self) -> object:
        """Return the boards that the status told last."""
        statuses = self._take(TOPICS.status("web"), DeviceStatus)
        return list(health_as(WebHealth, statuses[-1].health).boards) if statuses else None

    def _take(self, topic: str, kind: type[Message]) -> list[Any]:
        taken = [decode(kind, payload) for at, payload in self.bus.heard if at == topic]
        self.bus.heard = [item for item in self.bus.heard if item[0] != topic]
        return taken


MakeBench = Callable[..., Bench]


@pytest.fixture
def make_bench(centre: Centre, now: datetime) -> MakeBench:
    def make(**more: object) -> Bench:
        bus, clock = HeardBus(), HandClock(now)
        ids, tokens = count(1), count(1)
        link = Session(
            bus,
            TOPICS,
            "web",
            "web",
            clock=clock.now,  # type: ignore[arg-type]
            real=clock.monotonic,
            deliver=at_once,
            new_id=lambda: f"id-{next(ids)}",
        )
        hall = Hall(link)
        pages = Pages(
            link,
            hall,
            clock=clock,
            real=clock.monotonic,
            new_token=lambda: f"token-{next(tokens)}",
            **{"counted": NAMED, **more},  # type: ignore[arg-type]
        )
        hall._take_link(True)
        hall._set("centre", centre=centre)
        hall._take_status("service", DeviceStatus(online=True, kind="service", at=now))
        bench = Bench(pages, hall, bus, clock)
        bench.tell()
        return bench

    return make


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    return make_bench()


@pytest.fixture
def call(bench: Bench, call: Callable[..., Call]) -> Callable[..., Call]:
    """Make a call of this moment."""

    def make(seq: int, number: str = "1017", counter: int = 3, **more: object) -> Call:
        return call(seq, number, counter, **{"at": bench.clock.now(), **more})

    return make
