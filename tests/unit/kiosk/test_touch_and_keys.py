"""Whatever can be touched can be reached by the five keys: a walk over what is drawn."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem

from bus.vocabulary import PrintOutcome
from hall.citizen.session import Page
from hall.procedures.example import example_for
from hardware.printer import Reason
from kiosk.speaking.reader import Key

TURNERS = {"previousPage", "nextPage"}
"""The keys go over all pages by themselves."""
STAFF = {"emblem"}
"""Five touches of it open the maintenance menu, which is not the citizens'."""
READ = {"banner", "hours", "number", "ticketCard"}
"""Stops that are only read."""
SPEECH = {"repeat", "pause", "curtain", "speech"}
"""Stops for who listens, beside the screen."""
TOUCHED = ("QQuickAbstractButton", "QQuickMouseArea", "QQuickTapHandler")


def touchable(shown: Any) -> set[str]:
    """Return the names of what can be touched now, by the name of the nearest that has one.

    What covers the whole page, as a question does, leaves nothing beneath it to be touched.
    """
    found: set[str] = set()
    window = shown.window.contentItem()

    def visit(item: QQuickItem) -> None:
        if not item.isVisible() or not item.isEnabled():
            return
        if any(item.inherits(kind) for kind in TOUCHED):
            if item.width() * item.height() > window.width() * window.height() * 0.8:
                found.clear()
            else:
                found.add(named(item))
        for child in item.childItems():
            visit(child)

    visit(window)
    return found


def named(item: QQuickItem) -> str:
    name, above = item.objectName(), item.parentItem()
    while not name and above is not None:
        name, above = above.objectName(), above.parentItem()
    return name


def walk(shown: Any) -> tuple[set[str], set[str]]:
    """Go over all stops by keys; return what could be touched on the way, and the stops."""
    reader = shown.screens.reader
    shown.hall.kiosk.listen()
    touched: set[str] = set()
    passed: set[str] = set()
    for _ in range(len(reader.reading.stops) + 1):
        QGuiApplication.processEvents()
        shown.window.grabWindow()
        QGuiApplication.processEvents()
        touched |= touchable(shown)
        reader.press(Key.NEXT)
        passed.add(reader.focused.id)
    return touched - TURNERS, passed


def home(_shown: Any) -> None:
    pass


def ticket(shown: Any) -> None:
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("title"))
    shown.hall.clock.advance(4)
    shown.hall.kiosk.tick()


def unknown_paper(shown: Any) -> None:
    shown.hall.printer.ends(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    ticket(shown)


def void_question(shown: Any) -> None:
    ticket(shown)
    shown.touch("askVoid")
    shown.hall.until(lambda: shown.visible("question"))


def notice(shown: Any) -> None:
    hall = shown.hall
    hall.service.standing("CIVIL", open=False, why="full")
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("CIVIL").open)
    shown.touch("service-CIVIL")
    hall.until(lambda: shown.visible("closeNotice"))


def appointment(shown: Any) -> None:
    shown.hall.kiosk.ask_code()
    shown.hall.until(lambda: shown.visible("leaveCode"))


def procedures(shown: Any) -> None:
    centre = shown.hall.service.centre
    demonstration = replace(centre, hours=replace(centre.hours, always_open=True))
    found = example_for(demonstration).document
    shown.hall.kiosk.listener.use_procedures(replace(found, example=False))
    shown.hall.until(lambda: shown.visible("procedures"))
    shown.touch("procedures")
    shown.hall.until(lambda: shown.hall.kiosk.session.page is Page.PROCEDURES)


SCENES = [
    home,
    ticket,
    unknown_paper,
    void_question,
    notice,
    appointment,
    procedures,
]


@pytest.mark.full
@pytest.mark.parametrize("large", [False, True], ids=["normal", "chu-to"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)], ids=str)
def test_nothing_is_reached_by_touch_alone(
    show: Callable[..., Any], scene: Callable[[Any], None], size: tuple[int, int], *, large: bool
) -> None:
    shown = show(*size)
    if large:
        shown.touch("large")
    scene(shown)
    touched, passed = walk(shown)
    assert touched - STAFF <= passed
    assert passed <= touched | READ | SPEECH
