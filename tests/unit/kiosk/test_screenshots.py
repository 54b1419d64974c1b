"""The pictures of docs/screenshots; written again when DENLUOT_SCREENSHOTS names a directory."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from bus.states import HelpCall
from bus.vocabulary import PrinterState, PrintOutcome, SoundState
from hall.citizen.session import Help
from hardware.printer import Reason, StationHealth
from kiosk.speaking.reader import Key
from tests.unit.kiosk.hearing import Mouth

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)


def still(shown: Any) -> QImage:
    """Return the picture once switch, bar and countdown have come to rest."""
    seen: list[QImage] = []

    def unchanged() -> bool:
        seen.append(shown.window.grabWindow())
        return len(seen) > 3 and all(image == seen[-1] for image in seen[-4:])

    shown.hall.until(unchanged)
    return seen[-1]


def keep(name: str, shown: Any) -> QImage:
    image = still(shown)
    directory = os.environ.get("DENLUOT_SCREENSHOTS")
    if directory:
        assert image.save(str(Path(directory) / f"kiosk-{name}.png"))
    return image


def nothing(_shown: Any) -> None:
    pass


def english(shown: Any) -> None:
    shown.touch("language")


def large(shown: Any) -> None:
    shown.touch("large")


def taken(shown: Any) -> None:
    shown.settle()
    while not shown.visible("service-CIVIL"):
        shown.touch("nextPage")
        shown.settle()
    shown.touch("service-CIVIL")
    shown.hall.until(lambda: shown.visible("title"))
    shown.hall.clock.advance(4)
    shown.hall.kiosk.tick()


def large_taken(shown: Any) -> None:
    large(shown)
    taken(shown)


def priority_taken(shown: Any) -> None:
    shown.touch("priority")
    taken(shown)


def void_question(shown: Any) -> None:
    taken(shown)
    shown.touch("askVoid")
    shown.hall.until(lambda: shown.visible("question"))


def help_coming(shown: Any) -> None:
    hall = shown.hall
    shown.touch("help")
    hall.service.help = (HelpCall(place="Máy lấy số", since=hall.clock.now(), answered_by=3),)
    hall.service.publish()
    hall.until(lambda: hall.kiosk.session.help is Help.COMING)


def taken_in_english(shown: Any) -> None:
    english(shown)
    taken(shown)


def closed(shown: Any) -> None:
    hall = shown.hall
    hall.closes()
    shown.screens.clock.tick()


def paused(shown: Any) -> None:
    hall = shown.hall
    until = hall.clock.now() + timedelta(hours=5, minutes=6)
    hall.service.standing("SI", open=False, why="paused", opens_at=until)
    hall.service.publish()
    hall.until(lambda: not hall.kiosk.offer.tile("SI").open)


def printer_trouble(shown: Any) -> None:
    shown.hall.printer.ends(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
    taken(shown)


def out_of_paper(shown: Any) -> None:
    hall = shown.hall
    hall.kiosk.printing.tell_health(StationHealth(PrinterState.PAPER_OUT, {}))
    hall.until(lambda: shown.visible("banner"))


def out_of_paper_in_english(shown: Any) -> None:
    english(shown)
    out_of_paper(shown)


def ended_out_of_paper(shown: Any) -> None:
    shown.hall.printer.ends(PrintOutcome.FAILED, Reason.PAPER_OUT)
    taken(shown)


def offline(shown: Any) -> None:
    shown.hall.service_dies()


def countdown(shown: Any) -> None:
    shown.touch("priority")
    shown.hall.clock.advance(48)
    shown.hall.kiosk.tick()


def asked(shown: Any) -> None:
    hall = shown.hall
    centre = hall.service.centre
    hall.service.centre = replace(centre, rules=replace(centre.rules, ask_above_waiting=30))
    hall.service.standing("CIVIL", open=True, waiting=31, wait_min=(65, 75))
    hall.service.publish()
    hall.until(lambda: hall.kiosk.offer.tile("CIVIL").waiting == 31)
    shown.touch("service-CIVIL")
    hall.until(lambda: shown.visible("askQuestion"))


def asked_in_english(shown: Any) -> None:
    english(shown)
    asked(shown)


def asked_large(shown: Any) -> None:
    large(shown)
    asked(shown)


def dark(shown: Any) -> None:
    shown.touch("contrast")


def low(shown: Any) -> None:
    shown.touch("low")


def large_low(shown: Any) -> None:
    large(shown)
    low(shown)


def large_dark(shown: Any) -> None:
    large(shown)
    dark(shown)


def dark_taken(shown: Any) -> None:
    dark(shown)
    taken(shown)


def low_taken(shown: Any) -> None:
    low(shown)
    taken(shown)


def paused_touched(shown: Any) -> None:
    paused(shown)
    shown.touch("service-SI")
    shown.hall.until(lambda: shown.visible("noticeTitle"))


def large_dark_in_english(shown: Any) -> None:
    english(shown)
    large_dark(shown)


def low_in_english(shown: Any) -> None:
    english(shown)
    low(shown)


Prepare = Callable[[Any], None]
PICTURES: list[tuple[str, tuple[int, int], Prepare]] = [
    ("home-vi-portrait", PORTRAIT, nothing),
    ("home-vi-landscape", LANDSCAPE, nothing),
    ("home-en", PORTRAIT, english),
    ("home-chu-to", PORTRAIT, large),
    ("home-chu-to-landscape", LANDSCAPE, large),
    ("ticket", PORTRAIT, taken),
    ("ticket-priority", PORTRAIT, priority_taken),
    ("ticket-chu-to", PORTRAIT, large_taken),
    ("ticket-void", PORTRAIT, void_question),
    ("help", PORTRAIT, help_coming),
    ("ticket-en", PORTRAIT, taken_in_english),
    ("ticket-landscape", LANDSCAPE, taken),
    ("closed", PORTRAIT, closed),
    ("paused", PORTRAIT, paused),
    ("printer-trouble", PORTRAIT, printer_trouble),
    ("paper-out", PORTRAIT, out_of_paper),
    ("paper-out-en", PORTRAIT, out_of_paper_in_english),
    ("paper-out-ticket", LANDSCAPE, ended_out_of_paper),
    ("offline", PORTRAIT, offline),
    ("countdown", PORTRAIT, countdown),
    ("ask", PORTRAIT, asked),
    ("ask-en", LANDSCAPE, asked_in_english),
    ("ask-chu-to", PORTRAIT, asked_large),
]
CHOICES: list[tuple[str, tuple[int, int], Prepare]] = [
    ("home-nen-den", PORTRAIT, dark),
    ("home-nen-den-chu-to", LANDSCAPE, large_dark),
    ("home-nen-den-chu-to-en", PORTRAIT, large_dark_in_english),
    ("home-ha-thap", PORTRAIT, low),
    ("home-ha-thap-landscape", LANDSCAPE, low),
    ("home-ha-thap-en", PORTRAIT, low_in_english),
    ("home-ha-thap-chu-to", LANDSCAPE, large_low),
    ("ticket-nen-den", PORTRAIT, dark_taken),
    ("ticket-ha-thap", LANDSCAPE, low_taken),
    ("ticket-chu-to-landscape", LANDSCAPE, large_taken),
    ("notice", PORTRAIT, paused_touched),
]


@pytest.mark.parametrize(
    ("name", "size", "prepare"),
    [*PICTURES, *(pytest.param(*picture, marks=pytest.mark.full) for picture in CHOICES)],
    ids=[picture[0] for picture in PICTURES + CHOICES],
)
def test_picture(
    show: Callable[..., Any], name: str, size: tuple[int, int], prepare: Prepare
) -> None:
    shown = show(*size)
    prepare(shown)
    image = keep(name, shown)
    assert (image.width(), image.height()) == size
    seen = {image.pixelColor(x, y).name() for x in range(0, size[0], 9) for y in (9, 90, 900)}
    assert len(seen) > 1


def listens(shown: Any) -> None:
    """Begin to have it read out."""
    shown.hall.kiosk.speech_is(SoundState.OK)
    shown.key(Key.NEXT)


HEARD: list[tuple[str, tuple[int, int], Prepare, str]] = [
    ("spoken", PORTRAIT, nothing, "service-CIVIL"),
    ("spoken-wide", LANDSCAPE, nothing, "service-LAND"),
    ("spoken-en", PORTRAIT, english, "service-ECON"),
    ("spoken-ticket", PORTRAIT, taken, "number"),
    ("spoken-ticket-en", LANDSCAPE, taken_in_english, "ticketCard"),
    ("spoken-help", PORTRAIT, help_coming, "help"),
    ("spoken-chu-to", PORTRAIT, large, "service-TAX"),
    ("spoken-ha-thap", PORTRAIT, low, "service-SI"),
    ("spoken-nen-den", PORTRAIT, dark, "priority"),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "size", "prepare", "stop"), HEARD, ids=[picture[0] for picture in HEARD]
)
def test_picture_of_what_is_read_out(
    show: Callable[..., Any], name: str, size: tuple[int, int], prepare: Prepare, stop: str
) -> None:
    shown = show(*size, mouth=Mouth())
    listens(shown)
    prepare(shown)
    reader = shown.screens.reader
    found = reader.reading.stop(stop)
    assert found, [each.id for each in reader.reading.stops]
    reader.go_to(found)
    shown.hall.until(lambda: shown.screens.screen.focusedStop == stop)
    keep(name, shown)
    assert shown.visible("speechBar")
