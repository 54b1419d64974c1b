"""A board whose broker goes away and comes back, with its window in this process."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from bus.broker import PrivateBroker
from bus.codec import encode
from bus.mqtt import Account, MqttBus
from bus.session import connect
from bus.states import BoardCounter, BoardState, ConfigState, DeviceStatus, Waiting
from bus.topics import Topics
from bus.vocabulary import CounterStatus
from config import Clock, Role, centre_to_wire, load_centre
from config.settings import BoardBox
from display.board.app import Board
from display.board.screen import BoardScreen
from ui.application import Application
from ui.owner import QtOwner
from ui.wall_clock import WallClock

TOPICS = Topics("nhi-chieu")
NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
OPEN = BoardCounter(counter=2, status=CounterStatus.OPEN)
WAITING = Waiting(service="CIVIL", count=1, next=("2005",))
ROLES = {"board-1": "board", "service": "service"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateBroker]:
    with PrivateBroker(tmp_path / "broker", "nhi-chieu", ROLES) as running:
        yield running


def publish_hall(broker: PrivateBroker, qtbot: QtBot) -> MqttBus:
    """Publish the hall as the service does whenever it connects."""
    password = broker.passwords["service"]
    account = Account(broker.host, broker.port, "test", "service", password)
    bus = MqttBus(account, random.Random(1))
    centre = ConfigState(epoch="E", rev=1, at=NOW, version=1, centre=centre_to_wire(load_centre()))

    def tell(up: bool) -> None:
        if up:
            bus.publish(TOPICS.config(), encode(centre), retain=True)
            board = BoardState(
                epoch="E", rev=1, at=NOW, counters=(OPEN,), waiting=(WAITING,), next=("2005",)
            )
            bus.publish(TOPICS.board(), encode(board), retain=True)
            there = DeviceStatus(online=True, kind="service", at=NOW)
            bus.publish(TOPICS.status("service"), encode(there), retain=True)

    bus.on_link(tell)
    bus.start()
    qtbot.waitUntil(lambda: bus.connected, timeout=10_000)
    return bus


def test_numbers_are_called_old_within_ten_seconds_and_right_again_within_five(
    broker: PrivateBroker, qapp: QGuiApplication, qtbot: QtBot, expected_warnings: list[str]
) -> None:
    assert qapp
    expected_warnings += ["link lost", "broker not reached"]
    service = publish_hall(broker, qtbot)
    clock = Clock()
    account = Account(broker.host, broker.port, "board", "board-1", broker.passwords["board-1"])
    link = connect(
        account,
        "nhi-chieu",
        Role.BOARD,
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=QtOwner().deliver,
    )
    application = Application("board", {})
    screen = BoardScreen()
    wall = WallClock(clock.now, clock.real_s, load_centre().identity.zone)
    board = Board(link, BoardBox(device="board-1"), screen, wall, clock=clock, real=time.monotonic)
    window = application.load("display.board", "Board", vm=screen, clock=wall)
    window.show()
    board.show(window)
    link.start()
    qtbot.waitUntil(lambda: screen.state.next == ("2005",), timeout=10_000)
    broker.stop()
    qtbot.waitUntil(lambda: screen.state.stale, timeout=10_000)
    assert screen.state.next == ("2005",)
    broker.start()
    qtbot.waitUntil(lambda: link.connected, timeout=15_000)
    qtbot.waitUntil(lambda: not screen.state.stale, timeout=5_000)
    window.close()
    board.stop()
    service.stop()
    application.close()
