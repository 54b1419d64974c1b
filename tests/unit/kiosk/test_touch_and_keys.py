"""Whatever can be touched can be reached by the five keys: a walk over what is drawn."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible
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
READ = {"banner", "hours", "number", "ticketCard", "code"}
"""Stops that are only read, beside the lines of a procedure."""
SPEECH = {"repeat", "pause", "curtain", "speech"}
"""Stops for who listens, beside the screen."""
LAID_OUT = 4
"""After so many frames everything has found its place."""
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


def ringed(shown: Any) -> set[str]:
    """Return the stops around which a whole ring is seen now, above the bar of what is read."""
    bar = shown.item("speechBar")
    end = bar.mapToScene(bar.boundingRect().topLeft()).y() if bar.isVisible() else 1e6
    window = QRectF(0, 0, shown.window.width(), min(shown.window.height(), end))
    found: set[str] = set()
    waiting: list[QQuickItem] = [shown.window.contentItem()]
    while waiting:
        item = waiting.pop()
        if not item.isVisible():
            continue
        waiting.extend(item.childItems())
        if item.metaObject().className().startswith("FocusRing"):
            rect = item.mapRectToScene(item.boundingRect())
            if window.adjusted(-1, -1, 1, 1).contains(rect):
                found.add(item.property("stop"))
    return found


def walk(shown: Any) -> tuple[set[str], set[str], set[str]]:
    """Go over all stops by keys.

    Return what could be touched on the way, the stops, and those with a ring around them.
    """
    reader = shown.screens.reader
    shown.hall.kiosk.listen()
    touched: set[str] = set()
    passed: set[str] = set()
    rings: set[str] = set()
    for _ in range(len(reader.reading.stops) + 1):
        here = reader.focused.id if reader.focused else ""
        for _ in range(LAID_OUT):
            shown.settle()
            if not here:
                break
            if here in ringed(shown):
                rings.add(here)
                break
        touched |= touchable(shown)
        reader.press(Key.NEXT)
        passed.add(reader.focused.id)
    return touched - TURNERS, passed, rings


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
    shown.hall.pause()
    shown.hall.kiosk.ask_code()
    shown.hall.until(lambda: shown.visible("leaveCode"))


def whole_code(shown: Any) -> None:
    appointment(shown)
    for letter in "7K3M9Q":
        shown.hall.kiosk.type_letter(letter)
    shown.hall.until(lambda: shown.visible("checkIn"))


def procedures(shown: Any) -> None:
    centre = shown.hall.service.centre
    demonstration = replace(centre, hours=replace(centre.hours, always_open=True))
    found = example_for(demonstration).document
    shown.hall.kiosk.listener.use_procedures(replace(found, example=False))
    act(shown, "procedures")
    assert shown.hall.kiosk.session.page is Page.PROCEDURES


def names(shown: Any) -> None:
    procedures(shown)
    act(shown, "field", "CIVIL")  # which may stand on a later page


def one(shown: Any) -> None:
    names(shown)
    act(shown, "procedure", shown.screens.screen.procedures["names"][0]["key"])


def act(shown: Any, control: str, value: str = "") -> None:
    shown.hall.pause()
    shown.screens.screen.act(control, value)


SCENES = [
    home,
    ticket,
    unknown_paper,
    void_question,
    notice,
    appointment,
    whole_code,
    procedures,
    names,
    one,
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
    touched, passed, rings = walk(shown)
    assert passed - SPEECH <= rings, "each stop is seen"
    lines = {stop for stop in passed if stop.startswith("line-")}
    assert lines or scene is not one
    assert touched - STAFF <= passed
    assert passed <= touched | READ | lines | SPEECH


@pytest.mark.parametrize(
    "scene",
    [home, *(pytest.param(scene, marks=pytest.mark.full) for scene in SCENES[1:])],
    ids=lambda scene: scene.__name__,
)
def test_every_button_is_one_and_has_its_words_for_a_name(
    show: Callable[..., Any], scene: Callable[[Any], None]
) -> None:
    shown = show()
    scene(shown)
    for _ in range(LAID_OUT):
        shown.settle()
    buttons = list(buttons_in(shown.window.contentItem()))
    assert buttons
    for button in buttons:
        told = QAccessible.queryAccessibleInterface(button)
        name, words = told.text(QAccessible.Text.Name), button.property("text")
        assert told.role() in {QAccessible.Role.Button, QAccessible.Role.CheckBox}, named(button)
        assert name, named(button)
        assert words in name, named(button)


def test_whether_priority_is_chosen_is_told(show: Callable[..., Any]) -> None:
    shown = show()
    switch = QAccessible.queryAccessibleInterface(shown.item("priority"))
    assert not switch.state().checked
    shown.touch("priority")
    shown.hall.until(lambda: bool(switch.state().checked))


def buttons_in(item: QQuickItem) -> Iterator[QQuickItem]:
    """Yield every button that is seen."""
    if item.isVisible():
        if item.inherits("QQuickAbstractButton"):
            yield item
        for child in item.childItems():
            yield from buttons_in(child)
