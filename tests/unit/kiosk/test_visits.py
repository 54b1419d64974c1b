"""A kiosk that somebody of the house has prepared for the person who stands at it."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bus.care import Care, Manner
from bus.commands import IssueTicket
from bus.health import KioskHealth, health_as
from bus.orders import PrintTicket
from bus.states import HelpCall, Visit
from bus.vocabulary import Language, SoundState, TicketClass
from hall.citizen import session as step
from hall.citizen.session import VISIT_S, Help, Page, Session, Sight
from kiosk.listening import lasting

MANNER = Manner(large_paper=True, spoken_call=True, fetch=True, place="kiosk-1")
_AT = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
CARE = Care(
    ticket_class=TicketClass.PRIORITY,
    lang=Language.ENGLISH,
    manner=MANNER,
    screen=("large", "low", "spoken", "of a later version"),
)


def visit(hall: Any, visit_id: str = "v1", kiosk: str = "kiosk-1", care: Care = CARE) -> Visit:
    now = hall.clock.now()
    return Visit(kiosk=kiosk, since=now, answered_at=now, counter=9, id=visit_id, care=care)


def prepare(hall: Any, *visits: Visit) -> None:
    hall.service.visits = visits
    hall.service.publish()


def prepared(hall: Any, visit_id: str = "v1") -> None:
    hall.until(lambda: hall.kiosk.session.visit == visit_id)


def said(hall: Any) -> str:
    return str(health_as(KioskHealth, hall.link._health).visit)


def on_ticket(hall: Any) -> bool:
    return bool(hall.kiosk.session.page is Page.TICKET)


def test_the_kiosk_makes_itself_ready_and_says_so(hall: Any) -> None:
    hall.kiosk.speech_is(SoundState.OK)
    prepare(hall, visit(hall, "other", "kiosk-2"), visit(hall))
    prepared(hall)
    session = hall.kiosk.session
    assert (session.lang, session.priority, session.spoken) == ("en", True, True)
    assert session.sight == Sight(large=True, low=True)
    assert said(hall) == "v1"


def test_the_number_and_the_paper_are_as_it_was_prepared(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    (command,) = hall.service.of(IssueTicket)
    assert (command.ticket_class, command.lang, command.manner) == (
        TicketClass.PRIORITY,
        Language.ENGLISH,
        MANNER,
    )
    (paper,) = hall.printer.papers
    assert (paper.large, paper.fetch, paper.lang) == (True, True, Language.ENGLISH)
    assert hall.kiosk.session.ticket.fetch
    hall.pause()
    hall.kiosk.finish()
    assert hall.kiosk.session == step.usually(
        Session(visit_over="v1", **_of_now(hall)), hall.kiosk.session.usual
    )
    hall.kiosk.tick()
    assert said(hall) == ""
    prepare(hall, visit(hall))
    hall.take("CIVIL")
    hall.until(lambda: len(hall.service.of(IssueTicket)) == 2)
    assert not hall.service.of(IssueTicket)[1].manner, "it was for the one before"


def _of_now(hall: Any) -> dict[str, Any]:
    session = hall.kiosk.session
    return {"page_since": session.page_since, "touched": session.touched}


def test_a_press_for_a_person_who_has_a_number_already_is_for_nobody_else(hall: Any) -> None:
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    prepare(hall, visit(hall))
    hall.until(lambda: hall.kiosk.session.visit_over == "v1")
    hall.pause()
    hall.kiosk.finish()
    prepare(hall, visit(hall))
    hall.take("CERT")
    hall.until(lambda: len(hall.service.of(IssueTicket)) == 2)
    assert not hall.service.of(IssueTicket)[1].manner
    assert said(hall) == ""


def test_a_person_who_has_gone_leaves_nothing_to_the_next(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    hall.clock.advance(100)
    hall.kiosk.tick()
    assert hall.kiosk.session.visit == "v1", "somebody is on the way"
    hall.clock.advance(VISIT_S)
    hall.kiosk.tick()
    assert (hall.kiosk.session.visit, hall.kiosk.session.manner) == ("", None)
    assert hall.kiosk.session.at_rest


def test_a_link_that_drops_between_press_and_touch_keeps_what_was_prepared(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    hall.service.answering = False
    hall.take("CIVIL")
    hall.later.pass_time()
    assert on_ticket(hall)
    hall.until(lambda: bool(hall.printer.papers))
    assert (hall.printer.papers[0].fetch, hall.printer.papers[0].offline) == (True, True)
    book = json.loads((hall.data / "kiosk" / "kiosk-1.book.json").read_bytes())
    assert book["content"]["deliveries"][0]["manner"]["fetch"]
    delivered = [c for c in hall.service.of(IssueTicket) if c.number]
    assert not delivered or delivered[0].manner == MANNER


def test_the_helper_who_chooses_again_begins_anew(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    prepare(hall, visit(hall, "v2", care=Care(screen=("contrast",))))
    prepared(hall, "v2")
    session = hall.kiosk.session
    assert (session.lang, session.priority, session.manner) == ("vi", False, None)
    assert session.sight == Sight(contrast=True)


def test_the_screen_speaks_only_where_it_can_be_heard(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    assert not hall.kiosk.session.spoken


def test_a_helper_without_a_counter_comes_too(hall: Any) -> None:
    now = hall.clock.now()
    hall.service.help = (HelpCall(place="Máy lấy số", since=now),)
    prepare(hall, Visit(kiosk="kiosk-1", since=now, answered_at=now))
    hall.until(lambda: hall.kiosk.session.help is Help.COMING)
    assert hall.kiosk.session.helper is None
    assert hall.kiosk.session.visit == ""


def test_a_number_taken_for_somebody_is_printed_for_that_person(hall: Any) -> None:
    hall.take("CIVIL")
    hall.until(lambda: on_ticket(hall))
    issued = next(iter(hall.service.issued.values()))
    order = PrintTicket(id="o1", at=hall.clock.now(), ticket=issued, manner=MANNER)
    hall.kiosk.take_order(order)
    hall.until(lambda: len(hall.printer.papers) == 2)
    assert (hall.printer.papers[1].large, hall.printer.papers[1].fetch) == (True, True)


@pytest.mark.parametrize("page", [Page.TAKING, Page.TICKET])
def test_only_who_has_no_number_yet_is_prepared_for(page: Page) -> None:
    now = Visit(kiosk="k", since=_AT, answered_at=_AT, id="v", care=CARE)
    after = step.visit_heard(Session(page=page), now, 5.0, speaks=True)
    assert after == Session(page=page, visit_over="v")


def test_nothing_of_it_is_kept_for_a_start_without_the_service(hall: Any) -> None:
    prepare(hall, visit(hall))
    prepared(hall)
    services = hall.kiosk.listener.snapshot.services
    config = hall.kiosk.listener._hall.state.config
    assert services.visits
    assert lasting(config, services).services.visits == ()


@pytest.mark.full
def test_a_prepared_kiosk_as_it_is_seen(show: Any) -> None:
    """The picture of docs/screenshots, when DENLUOT_SCREENSHOTS names a directory."""
    shown = show(1080, 1920)
    hall = shown.hall
    call = HelpCall(place="Máy lấy số", since=hall.clock.now(), answered_by=9)
    hall.service.help = (call,)
    care = Care(ticket_class=TicketClass.PRIORITY, manner=MANNER, screen=("large",))
    prepare(hall, visit(hall, care=care))
    prepared(hall)
    hall.until(lambda: hall.kiosk.session.help is Help.COMING)
    hall.qtbot.wait(400)  # fades
    image = shown.window.grabWindow()
    if directory := os.environ.get("DENLUOT_SCREENSHOTS"):
        assert image.save(str(Path(directory) / "kiosk-visit.png"))
    assert (image.width(), image.height()) == (1080, 1920)
