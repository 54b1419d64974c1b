"""The window of the first start, told by a server of the test's own."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtQuick import QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.first_start.screen import FirstStartScreen, runs_of
from provisioning.first_start.ceremony import Stage
from provisioning.first_start.messages import Seen
from ui.application import Application, find_item
from ui.wall_clock import WallClock

CODE = "ABCDE-FGHJK-MNPQR-STUVW"
ADDRESS = "https://192.168.1.10:8443/first"
SHOWN = Seen(
    stage=Stage.SHOWN,
    code=CODE,
    scanned=f"{ADDRESS}#{CODE.replace('-', '')}",
    left_s=893,
    addresses=(ADDRESS,),
    server="ab" * 32,
    authority="cd" * 32,
    trust="http://192.168.1.10:8081/ca",
)


class Server:
    def __init__(self, path: Path, qtbot: QtBot) -> None:
        self.server = QLocalServer()
        assert self.server.listen(str(path))
        self.qtbot = qtbot
        self.window: QLocalSocket | None = None

    def accept(self) -> None:
        self.qtbot.waitUntil(self.server.hasPendingConnections, timeout=30_000)
        self.window = self.server.nextPendingConnection()

    def tell(self, seen: Seen) -> None:
        self.send(msgspec.json.encode(seen) + b"\n")

    def send(self, line: bytes) -> None:
        assert self.window
        self.window.write(line)
        self.window.flush()


@pytest.fixture
def application(qapp: QGuiApplication) -> Iterator[Application]:
    assert qapp
    application = Application("test", {})
    yield application
    application.close()


@pytest.fixture
def server(tmp_path: Path, qtbot: QtBot) -> Iterator[Server]:
    server = Server(tmp_path / "first.sock", qtbot)
    yield server
    server.server.close()


@pytest.fixture
def over() -> list[bool]:
    return []


@pytest.fixture
def vm(server: Server, over: list[bool]) -> FirstStartScreen:
    vm = FirstStartScreen(server.server.fullServerName(), lambda: over.append(True))
    vm.begin()
    server.accept()
    return vm


@pytest.fixture
def window(application: Application, vm: FirstStartScreen, qtbot: QtBot) -> Iterator[QQuickWindow]:
    at = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
    clock = WallClock(lambda: at, lambda s: s, ZoneInfo("Asia/Ho_Chi_Minh"))
    window = application.load("kiosk.first_start", "FirstStart", vm=vm, clock=clock)
    window.setGeometry(0, 0, 1920, 1080)
    window.show()
    qtbot.waitUntil(window.isExposed, timeout=30_000)
    yield window
    window.destroy()


def text(window: QQuickWindow, name: str) -> str:
    item = find_item(window, name)
    return str(item.property("text")) if item and item.property("visible") else ""


def test_a_touch_asks_and_the_code_is_shown_until_the_server_is_gone(
    window: QQuickWindow, vm: FirstStartScreen, server: Server, qtbot: QtBot
) -> None:
    server.tell(Seen(stage=Stage.WAITING, addresses=(ADDRESS,)))
    qtbot.waitUntil(lambda: "Chạm màn hình" in text(window, "says"), timeout=30_000)
    assert text(window, "code") == ""
    assert server.window
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(900, 900))
    qtbot.waitUntil(lambda: bool(server.window and server.window.bytesAvailable()), timeout=30_000)
    server.tell(SHOWN)
    qtbot.waitUntil(lambda: text(window, "code") == CODE, timeout=30_000)
    assert text(window, "address") == ADDRESS
    assert SHOWN.trust in text(window, "trust")
    assert vm.property("qr")
    assert vm.property("certificate").startswith("CD:CD")
    picture = window.grabWindow()
    if directory := os.environ.get("DENLUOT_SCREENSHOTS"):
        assert picture.save(str(Path(directory) / "first-start.png"))
    server.window.disconnectFromServer()
    qtbot.waitUntil(lambda: text(window, "code") == "", timeout=30_000)
    assert vm.property("qr") == []
    server.accept()


def test_a_key_asks_as_well(window: QQuickWindow, server: Server, qtbot: QtBot) -> None:
    server.tell(Seen(stage=Stage.WAITING))
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(server.window and server.window.bytesAvailable()), timeout=30_000)


def test_it_ends_once_there_is_an_administrator_and_was_never_seen(
    vm: FirstStartScreen, server: Server, over: list[bool], qtbot: QtBot
) -> None:
    told: list[bool] = []
    vm.told.connect(lambda: told.append(True))
    server.tell(Seen(stage=Stage.OVER))
    qtbot.waitUntil(lambda: over == [True], timeout=30_000)
    assert told == []


@pytest.mark.parametrize("line", [b"{}\n", b"no json\n", b"\xff" * 20_000])
def test_what_is_no_message_shows_nothing(
    vm: FirstStartScreen,
    server: Server,
    line: bytes,
    qtbot: QtBot,
    expected_warnings: list[str],
) -> None:
    expected_warnings.append("unreadable line")
    server.send(line)
    server.accept()
    server.tell(SHOWN)
    qtbot.waitUntil(lambda: vm.property("code") == CODE, timeout=30_000)


def test_the_runs_make_a_square_with_its_three_marks() -> None:
    runs, modules = runs_of(SHOWN.scanned)
    assert [0, 0, 7] in runs
    assert [modules - 7, 0, 7] in runs
    assert [0, modules - 7, 7] in runs
    assert runs_of("") == ([], 1)
