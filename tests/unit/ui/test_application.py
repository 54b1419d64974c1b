import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from ui.application import Application, find_item
from ui.wall_clock import WallClock

QML = """
import QtQuick
import ui
Window {
    id: root
    required property WallClock clock
    width: 300; height: 100; color: Theme.paper
    Repeater { model: 2; Figure { required property int index; objectName: "figure" + index
        text: root.clock.time; color: Theme.phuong; size: 60 } }
}
"""


@pytest.fixture
def application(qapp: QGuiApplication) -> Iterator[Application]:
    assert qapp
    application = Application("test", {})
    yield application
    application.close()


def test_a_screen_shows_what_python_gives_it(
    application: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    module = tmp_path / "example"
    module.mkdir()
    (module / "Example.qml").write_text(QML)
    (module / "qmldir").write_text("module example\nExample 1.0 Example.qml\n")
    application.engine.addImportPath(str(tmp_path))
    at = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
    clock = WallClock(lambda: at, float, ZoneInfo("Asia/Ho_Chi_Minh"))
    window = application.load("example", "Example", clock=clock)
    window.show()
    qtbot.waitUntil(window.isExposed)
    figure = find_item(window, "figure1")
    assert figure is not None
    assert figure.property("text") == "08:24"
    colours = {
        window.grabWindow().pixelColor(x, y).name() for x in range(200) for y in range(0, 90, 3)
    }
    assert "#c8202f" in colours
    assert clock.property("date") == "Thứ Hai, 23/11/2026"
    window.close()


class Emitter(QObject):
    rang = Signal(bool)


def test_thousands_of_signals_leave_reference_counts_alone() -> None:
    """PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference of True for every emission."""
    emitter = Emitter()
    before = sys.getrefcount(True)
    for _ in range(5000):
        emitter.rang.emit(True)
    assert abs(sys.getrefcount(True) - before) < 500
