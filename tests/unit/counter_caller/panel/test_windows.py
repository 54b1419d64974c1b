from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from shiboken6 import delete

from bus.orders import Blink, SetVolume
from counter_caller.panel.windows import Layout, WindowMemory, bounded, text_scale


def test_the_bar_is_found_where_it_was_left(open_hall: Callable[..., Any], tmp_path: Path) -> None:
    hall = open_hall()
    hall.panel.toggleCompact()
    hall.windows.bar.setPosition(120, 90)
    hall.wait(lambda: hall.windows.bar.x() == 120)
    hall.windows.remember()
    again = open_hall(data=tmp_path)
    assert again.windows.bar.isVisible()
    assert not again.window.isVisible()
    assert (again.windows.bar.x(), again.windows.bar.y()) == (120, 90)


def test_a_move_is_remembered_by_itself(open_hall: Callable[..., Any], tmp_path: Path) -> None:
    hall = open_hall()
    hall.window.setPosition(33, 44)
    memory = WindowMemory(tmp_path / "panels" / "counter-3.json", (0, 0, 460, 690))
    hall.wait(lambda: (memory.recall().window or (0, 0))[:2] == (33, 44))


@pytest.mark.parametrize("compact", [False, True])
def test_a_test_reaches_the_window_that_is_shown(
    open_hall: Callable[..., Any], compact: bool
) -> None:
    hall = open_hall()
    if compact:
        hall.panel.toggleCompact()
    told: list[tuple[object, ...]] = []

    def report(*result: object) -> None:
        told.append(result)

    now = datetime(2026, 11, 23, tzinfo=UTC)
    hall.windows.take_order(SetVolume(id="1", at=now, volume=0.5), report)
    hall.windows.take_order(Blink(id="2", at=now), report)
    (hall.windows.bar if compact else hall.window).hide()
    hall.windows.take_order(Blink(id="3", at=now), report)
    assert told == [("2", "done"), ("3", "failed", "screen_off")]


def test_a_screen_that_is_gone_takes_no_window_along(
    open_hall: Callable[..., Any], tmp_path: Path
) -> None:
    memory = WindowMemory(tmp_path / "panels" / "counter-3.json", (0, 0, 460, 690))
    memory.remember(Layout(window=(5000, 5000, 460, 690), bar=(-900, 0, 460, 96)))
    hall = open_hall()
    assert hall.window.x() < 10
    hall.panel.toggleCompact()
    assert 0 <= hall.windows.bar.x() < 10


def test_a_deleted_window_is_not_asked_where_it_is(open_hall: Callable[..., Any]) -> None:
    hall = open_hall()
    hall.windows._settled.start(0)
    delete(hall.window)
    QCoreApplication.processEvents()


@pytest.mark.parametrize(("wanted", "given"), [(0.5, 1.0), (1.0, 1.0), (1.4, 1.4), (3.0, 1.75)])
def test_text_grows_only_as_far_as_the_window_can(wanted: float, given: float) -> None:
    assert bounded(wanted) == given


def test_the_screen_is_asked(qapp: QGuiApplication) -> None:
    assert text_scale(qapp.primaryScreen()) == 1.0
