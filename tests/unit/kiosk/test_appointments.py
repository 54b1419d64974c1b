"""Who has an appointment, at the kiosk: the code, its number, and why there is none."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bus.codec import encode, plain
from bus.commands import AppointmentRefusal, CheckIn, IssueTicket, Reply
from bus.orders import PrintSlip
from bus.topics import Topics
from bus.vocabulary import Error, TicketClass, WhyNoAppointment
from config import Centre, load_centre
from hall.citizen.session import Page, PageNotice
from kiosk.controls import Controls
from kiosk.taking import ANSWER_WITHIN_S, PATIENCE_S

TOPICS = Topics("nhi-chieu")


@pytest.fixture
def centre() -> Centre:
    centre = load_centre()
    first = replace(centre.services[0], appointment_hours=("08:00-11:00",))
    return replace(centre, services=(first, *centre.services[1:]))


def enter(hall: Any, code: str = "7K3M9Q") -> CheckIn:
    hall.pause()
    hall.kiosk.ask_code()
    for letter in code:
        hall.kiosk.type_letter(letter)
    hall.service.answering = False
    hall.pause()
    hall.kiosk.check_in()
    hall.until(lambda: bool(hall.service.of(CheckIn)))
    command = hall.service.of(CheckIn)[-1]
    assert isinstance(command, CheckIn)
    return command


def refuse(hall: Any, command: CheckIn, why: WhyNoAppointment) -> None:
    at = hall.clock.now()
    told = AppointmentRefusal(why=why, at=at, opens_at=at - timedelta(minutes=30), number="1004")
    result = plain(told)
    reply = Reply(id=command.id, ok=False, error=Error.UNKNOWN, message="no", result=result)
    hall.service.reply(reply)
    hall.until(lambda: hall.kiosk.session.no_code is not None)


def page(hall: Any) -> Page:
    return Page(hall.kiosk.session.page)


def test_a_code_gives_a_number_of_its_class(hall: Any) -> None:
    command = enter(hall)
    assert (command.code, command.as_normal) == ("7K3M9Q", False)
    issue = IssueTicket(service="CERT", ticket_class=TicketClass.APPOINTMENT)
    issued = hall.service._issue(issue)
    hall.service.reply(Reply(id=command.id, ok=True, result=plain(issued)))
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    assert hall.kiosk.session.ticket.ticket_class is TicketClass.APPOINTMENT


def test_a_wrong_code_is_entered_again(hall: Any) -> None:
    refuse(hall, enter(hall), WhyNoAppointment.WRONG_CODE)
    assert page(hall) is Page.APPOINTMENT
    hall.kiosk.check_in()
    hall.kiosk.type_letter("A")
    assert (hall.kiosk.session.code, hall.kiosk.session.no_code) == ("A", None)
    hall.kiosk.erase_letter()
    hall.kiosk.type_letter("I")  # no letter of a code
    assert hall.kiosk.session.code == ""
    hall.pause()
    hall.kiosk.leave_code()
    assert page(hall) is Page.HOME


def test_who_comes_late_may_take_a_normal_number(hall: Any) -> None:
    refuse(hall, enter(hall), WhyNoAppointment.LATE)
    hall.pause()
    hall.kiosk.take_late()
    hall.until(lambda: len(hall.service.of(CheckIn)) == 2)
    assert hall.service.of(CheckIn)[-1].as_normal


def test_no_offline_book_stands_in_for_an_appointment(hall: Any) -> None:
    enter(hall)
    hall.clock.advance(ANSWER_WITHIN_S + PATIENCE_S)
    hall.later.pass_time()
    assert hall.kiosk.session.notice is PageNotice.UNAVAILABLE
    assert hall.service.of(IssueTicket) == []


def test_a_slip_is_printed_once_as_it_was_ordered_and_answered_for(hall: Any) -> None:
    at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    order = PrintSlip(id="o1", at=hall.clock.now(), service="CIVIL", begins=at, code="7K3M9Q")
    for _ in range(2):  # the service sends it again after a crash
        hall.service.link.bus.publish(TOPICS.order("kiosk-1"), encode(order))
    hall.until(lambda: hall.service.results == [("o1", "done", None)])
    (sheet,) = hall.printer.papers
    assert (sheet.number, sheet.slip, sheet.copy) == ("7K3-M9Q", True, False)
    assert sheet.sections[0].heading == "09:00"
    assert hall.kiosk.session.ticket is None


def turn(hall: Any, control: str) -> None:
    hall.pause()
    Controls(hall.kiosk).act(control, "")


PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)
LATE, EARLY, WRONG = WhyNoAppointment.LATE, WhyNoAppointment.EARLY, WhyNoAppointment.WRONG_CODE
USED, TRIES = WhyNoAppointment.USED, WhyNoAppointment.TRIES
OTHER_DAY = WhyNoAppointment.OTHER_DAY
PICTURES: list[tuple[str, tuple[int, int], tuple[str, ...], str, WhyNoAppointment | None]] = [
    ("pad", PORTRAIT, (), "", None),
    ("pad-en", PORTRAIT, ("language",), "7K3M9Q", None),
    ("pad-landscape", LANDSCAPE, (), "7K3M9Q", None),
    ("pad-chu-to", PORTRAIT, ("large",), "7K3M9Q", None),
    ("pad-ha-thap", PORTRAIT, ("low",), "7K3M9Q", None),
    ("pad-ha-thap-landscape", LANDSCAPE, ("low",), "7K3M9Q", None),
    ("pad-nen-den", PORTRAIT, ("contrast",), "7K3M9Q", None),
    ("late", PORTRAIT, (), "7K3M9Q", LATE),
    ("late-en", PORTRAIT, ("language",), "7K3M9Q", LATE),
    ("late-chu-to-landscape", LANDSCAPE, ("large",), "7K3M9Q", LATE),
    ("late-ha-thap", PORTRAIT, ("low", "large"), "7K3M9Q", LATE),
    ("early", PORTRAIT, (), "7K3M9Q", EARLY),
    ("early-en-chu-to", PORTRAIT, ("language", "large"), "7K3M9Q", EARLY),
    ("other-day", PORTRAIT, (), "7K3M9Q", OTHER_DAY),
    ("wrong", PORTRAIT, (), "7K3M9Q", WRONG),
    ("wrong-en", PORTRAIT, ("language",), "7K3M9Q", WRONG),
    ("used-en-landscape", LANDSCAPE, ("language",), "7K3M9Q", USED),
    ("tries-chu-to", PORTRAIT, ("large",), "7K3M9Q", TRIES),
]


@pytest.mark.full
@pytest.mark.parametrize(
    ("name", "size", "before", "code", "why"), PICTURES, ids=[each[0] for each in PICTURES]
)
def test_picture(
    show: Callable[..., Any],
    name: str,
    size: tuple[int, int],
    before: tuple[str, ...],
    code: str,
    why: WhyNoAppointment | None,
) -> None:
    """Every word is whole; low, all that is touched is in the lower half."""
    shown = show(*size)
    hall = shown.hall
    for control in before:
        turn(hall, control)
    if why:
        refuse(hall, enter(hall, code), why)
    else:
        hall.pause()
        hall.kiosk.ask_code()
        for letter in code:
            hall.kiosk.type_letter(letter)
    hall.until(lambda: shown.visible("leaveCode"))
    shown.picture(f"appointment-{name}")
    shown.every_text_fits()
    if "low" in before:
        for touched in ("key-0", "leaveCode", "takeLate" if why is LATE else "checkIn"):
            item = shown.item(touched)
            top = item.mapToScene(item.boundingRect().topLeft()).y()
            assert top >= size[1] / 2 - 1, (touched, top)


@pytest.mark.full
@pytest.mark.parametrize("before", [(), ("language",), ("large",)], ids=["vi", "en", "chu-to"])
def test_picture_of_the_number_it_gives(show: Callable[..., Any], before: tuple[str, ...]) -> None:
    shown = show(*PORTRAIT)
    for control in before:
        turn(shown.hall, control)
    command = enter(shown.hall)
    issue = IssueTicket(service="CERT", ticket_class=TicketClass.APPOINTMENT, lang=command.lang)
    issued = shown.hall.service._issue(issue)
    shown.hall.service.reply(Reply(id=command.id, ok=True, result=plain(issued)))
    shown.hall.until(lambda: shown.visible("title"))
    names = {"language": "en", "large": "chu-to"}
    shown.picture("-".join(["appointment-ticket", *(names[each] for each in before)]))
    shown.every_text_fits()
