"""The pictures of docs/screenshots; written anew when DENLUOT_SCREENSHOTS names a directory."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickWindow

from bus.states import Alarm
from bus.vocabulary import AlarmKind, CounterStatus

RED = QColor("#C8202F")


def keep(name: str, window: QQuickWindow, hall: Any) -> QImage:
    hall.window.contentItem().forceActiveFocus()
    hall.qtbot.wait(250)  # the fades of sheets and buttons
    image = window.grabWindow()
    directory = os.environ.get("DENLUOT_SCREENSHOTS")
    if directory:
        assert image.save(str(Path(directory) / f"counter-{name}.png"))
    return image


def red(image: QImage, right: int, top: int, bottom: int) -> int:
    return sum(image.pixelColor(x, y) == RED for x in range(right) for y in range(top, bottom))


def test_window(hall: Any) -> None:
    image = keep("window", hall.window, hall)
    assert (image.width(), image.height()) == (460, 690)
    assert 2500 < red(image, 230, 53, 145) < 7000
    assert red(image, 230, 53, 70) == 0


def test_bar(hall: Any) -> None:
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    image = keep("bar", hall.windows.bar, hall)
    assert (image.width(), image.height()) == (460, 96)
    assert red(image, 140, 0, 96) > 1200


def test_idle(hall: Any, scene: Any) -> None:
    hall.shows(scene.idle())
    assert red(keep("idle", hall.window, hall), 230, 53, 145) == 0


def test_paused(hall: Any, scene: Any) -> None:
    until = scene.ago(-306)
    hall.shows(scene.idle(status=CounterStatus.PAUSED, reason="Trình ký", until=until))
    keep("paused", hall.window, hall)
    assert hall.panel.state.current.detail == "Trình ký · tiếp tục từ 13:30"


def test_alarm(hall: Any, scene: Any) -> None:
    alarm = Alarm(kind=AlarmKind.HELP, at=scene.now, source="kiosk-1")
    hall.shows(scene.state(alarms=(alarm,)))
    keep("alarm", hall.window, hall)
    assert hall.item("alarmAction").isVisible()


def test_unannounced(hall: Any, scene: Any) -> None:
    devices = ("board-1", "announcer-1")
    alarm = Alarm(kind=AlarmKind.UNANNOUNCED, at=scene.now, source="1017", devices=devices)
    hall.shows(scene.state(current=scene.current(spoken=False), alarms=(alarm,)))
    keep("unannounced", hall.window, hall)
    assert hall.item("alarmAction").isVisible()
    hall.panel.toggleCompact()
    hall.wait(hall.windows.bar.isExposed)
    keep("unannounced-bar", hall.windows.bar, hall)


def test_lists(hall: Any) -> None:
    hall.click("tab-parked")
    hall.wait(lambda: len(hall.panel.state.rows) == 3)
    keep("lists", hall.window, hall)


@pytest.mark.parametrize(
    ("name", "button"),
    [("transfer", "transfer"), ("pause-menu", "presence"), ("more", "more")],
)
def test_sheets(hall: Any, name: str, button: str) -> None:
    hall.click(button)
    hall.wait(lambda: hall.panel.state.sheet is not None)
    keep(name, hall.window, hall)
