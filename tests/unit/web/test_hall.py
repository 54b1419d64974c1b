import asyncio
import queue
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bus.codec import encode
from bus.memory import MemoryBus
from bus.session import Session
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DeviceStatus,
    ServicesState,
    State,
)
from bus.vocabulary import CounterStatus
from config import Centre
from web.hall import Hall, HallState

Publish = Callable[[State], None]
Until = Callable[[Callable[[HallState], Any]], HallState]


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture
def until(hall: Hall, web_link: Session) -> Until:
    """Take what the bus says, on this thread, until the hall is as wanted."""
    posted: queue.Queue[tuple[Callable[..., None], tuple[object, ...]]] = queue.Queue()
    hall.follow(web_link, lambda take, *heard: posted.put((take, heard)))
    web_link.start()

    def until(wanted: Callable[[HallState], Any]) -> HallState:
        while not wanted(hall.state):
            take, heard = posted.get(timeout=10)
            take(*heard)
        return hall.state

    return until


def test_takes_every_state(
    until: Until, publish: Publish, board: BoardState, services: ServicesState, centre: Centre
) -> None:
    publish(board)
    publish(services)
    for number in (3, 5):
        counter = CounterState(
            epoch="E", rev=1, at=board.at, counter=number, status=CounterStatus.OPEN
        )
        publish(counter)
    state = until(lambda s: s.linked and s.board and s.services and len(s.counters) == 2)
    assert (state.board, state.services) == (board, services)
    assert set(state.counters) == {3, 5}
    assert state.centre == centre
    assert state.service_online


def test_service_is_offline_without_its_status_or_without_a_link(now: datetime) -> None:
    online = DeviceStatus(online=True, kind="service", at=now)
    gone = DeviceStatus(online=False, kind="service", at=now)
    assert not HallState(linked=True).service_online
    assert not HallState(linked=True, devices={"service": gone}).service_online
    assert not HallState(linked=False, devices={"service": online}).service_online
    assert HallState(linked=True, devices={"service": online}).service_online


def test_zone_is_vietnams_until_configured(centre: Centre) -> None:
    assert str(HallState().zone) == "Asia/Ho_Chi_Minh"
    assert HallState(centre=centre).zone == centre.identity.zone


def test_a_configuration_that_cannot_be_read_changes_nothing(
    until: Until, service_bus: MemoryBus, now: datetime, expected_warnings: list[str]
) -> None:
    expected_warnings.append("configuration dropped version=2")
    until(lambda s: s.centre)
    bad = ConfigState(epoch="E", rev=2, at=now, version=2, centre={"identity": 5})
    service_bus.publish("denluot/v1/nhi-chieu/state/config", encode(bad), retain=True)
    marker = DeviceStatus(online=True, kind="board", at=now)
    service_bus.publish("denluot/v1/nhi-chieu/device/board-1/status", encode(marker))
    assert until(lambda s: "board-1" in s.devices).centre is not None


def test_changed_since_returns_at_a_change_and_never_misses_one(hall: Hall) -> None:
    async def play() -> None:
        revision = hall.revision
        waiting = asyncio.ensure_future(hall.changed_since(revision))
        await asyncio.sleep(0)
        assert not waiting.done()
        hall._set("linked", True)
        await asyncio.wait_for(waiting, 5)
        await asyncio.wait_for(hall.changed_since(revision), 5)

    asyncio.run(play())
