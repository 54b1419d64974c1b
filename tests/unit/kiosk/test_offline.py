"""The kiosk while the service does not answer, and when it answers again."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import json
from collections.abc import Callable
from typing import Any

import pytest

from bus.commands import IssueTicket, ReportPrint, VoidTicket
from bus.health import KioskHealth, health_as
from bus.states import BookMark
from bus.vocabulary import Error, PrintOutcome
from hall.citizen.offering import Reach
from hall.citizen.session import Page, PageNotice


def on_ticket(hall: Any) -> bool:
    return bool(hall.kiosk.session.page is Page.TICKET)


def told_to_ask(hall: Any) -> bool:
    return bool(hall.kiosk.session.notice is PageNotice.UNAVAILABLE)


def take_offline(hall: Any, service: str = "CIVIL") -> Any:
    hall.take(service)
    assert hall.kiosk.session.page is Page.TAKING
    hall.later.pass_time()
    assert on_ticket(hall)
    ticket = hall.kiosk.session.ticket
    hall.until(
        lambda: bool(hall.printer.papers) and hall.printer.papers[-1].number == ticket.number
    )
    return ticket


def book(hall: Any) -> dict[str, Any]:
    stored = json.loads((hall.data / "kiosk" / "kiosk-1.book.json").read_bytes())
    content: dict[str, Any] = stored["content"]
    return content


def deliveries(hall: Any) -> list[IssueTicket]:
    return [command for command in hall.service.of(IssueTicket) if command.number]


def test_an_unanswered_touch_becomes_a_number_of_the_book(hall: Any) -> None:
    hall.service.answering = False
    ticket = take_offline(hall)
    assert (ticket.number, ticket.ahead, ticket.wait_min) == ("2901", None, None)
    paper = hall.printer.papers[0]
    assert (paper.number, paper.ahead, paper.wait_min, paper.offline) == ("2901", None, None, True)
    assert book(hall)["highest"] == {"2026-11-23": {"CIVIL": 901}}


def test_the_delivery_names_what_it_supersedes(hall: Any) -> None:
    hall.service.answering = False
    take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    original = hall.service.of(IssueTicket)[0]
    delivery = deliveries(hall)[0]
    assert (delivery.supersedes, delivery.business_day) == (original.id, "2026-11-23")
    assert delivery.issued_at is not None


def test_a_late_reply_to_the_superseded_touch_is_ignored(hall: Any) -> None:
    hall.service.answering = False
    ticket = take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    hall.service.answer(hall.service.of(IssueTicket)[0])
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: hall.kiosk.session.ticket.ticket is not None)
    assert hall.kiosk.session.ticket.number == ticket.number == "2901"
    assert hall.kiosk.session.ticket.ticket == "ticket-CIVIL-2901"
    assert len(hall.printer.papers) == 1
    assert hall.service.of(VoidTicket) == []


def test_papers_are_reported_once_the_number_is_delivered(hall: Any) -> None:
    hall.service.answering = False
    take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    assert hall.service.of(ReportPrint) == []
    hall.service.answering = True
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    report = hall.service.of(ReportPrint)[0]
    assert (report.ticket, report.outcome) == ("ticket-CIVIL-2901", PrintOutcome.PRINTED)
    assert book(hall)["deliveries"] == []


def test_numbers_are_delivered_in_order_one_at_a_time(hall: Any) -> None:
    hall.service.answering = False
    for _ in range(3):
        take_offline(hall)
        hall.pause()
        hall.kiosk.finish()
    hall.until(lambda: len(deliveries(hall)) >= 1)
    assert {command.number for command in deliveries(hall)} == {"2901"}
    hall.service.answering = True
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: book(hall)["deliveries"] == [])
    assert list(dict.fromkeys(command.number for command in deliveries(hall))) == [
        "2901",
        "2902",
        "2903",
    ]


def test_a_delivery_is_tried_again_until_the_service_takes_it(hall: Any) -> None:
    hall.service.answering = False
    take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    hall.service.errors[IssueTicket] = Error.UNAVAILABLE
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: len(hall.later.calls) == 1)
    hall.service.errors.clear()
    hall.service.answering = True
    hall.later.pass_time()
    hall.until(lambda: book(hall)["deliveries"] == [])
    first, second = deliveries(hall)
    assert first == second, "the same body, so the service can tell that it is the same"


def test_a_refused_number_blocks_nobody_is_told_and_delivered_again(
    hall: Any, expected_warnings: list[str]
) -> None:
    """Somebody holds a paper that nobody knows: it stays until the service takes it."""
    expected_warnings.append("offline number refused number=2901")
    hall.service.answering = False
    take_offline(hall)
    hall.pause()
    hall.kiosk.finish()
    take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    hall.service.errors[IssueTicket] = Error.CONFLICT
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: deliveries(hall)[-1].number == "2902")
    hall.service.errors.clear()
    hall.service.answering = True
    hall.service.answer(deliveries(hall)[-1])
    hall.until(lambda: [d["number"] for d in book(hall)["deliveries"]] == ["2901"])
    hall.kiosk.tick()
    assert [one.number for one in health_as(KioskHealth, hall.link._health).refused] == ["2901"]
    hall.later.pass_time()
    hall.until(lambda: book(hall)["deliveries"] == [])
    hall.kiosk.tick()
    assert health_as(KioskHealth, hall.link._health).refused == ()
    first, *_, last = deliveries(hall)
    assert (first.number, last.number) == ("2901", "2901")
    assert first.id != last.id, "the service gives the same id the same answer"
    assert first.supersedes == last.supersedes


def test_a_refused_number_survives_a_restart_and_is_not_delivered_twice(
    build: Callable[..., Any], expected_warnings: list[str]
) -> None:
    expected_warnings.append("offline number refused number=2901")
    first = build()
    first.service.answering = False
    take_offline(first)
    first.until(lambda: len(deliveries(first)) == 1)
    first.service.errors[IssueTicket] = Error.CONFLICT
    first.service.answer(deliveries(first)[0])
    first.until(lambda: book(first)["refused"] != {})
    (attempt,) = book(first)["refused"].values()
    first.link.stop()
    again = build()
    again.until(lambda: book(again)["deliveries"] == [])
    assert [command.id for command in deliveries(again)] == [attempt]


def test_a_refusal_that_the_disk_cannot_keep_loses_no_number(
    hall: Any, expected_warnings: list[str]
) -> None:
    expected_warnings += ["delivery not noted number=2901", "offline number refused number=2901"]
    hall.service.answering = False
    take_offline(hall)
    hall.until(lambda: len(deliveries(hall)) == 1)
    draft = hall.data / "kiosk" / "kiosk-1.book.new"
    draft.mkdir()
    hall.service.errors[IssueTicket] = Error.CONFLICT
    hall.service.answer(deliveries(hall)[0])
    hall.until(lambda: bool(hall.later.calls))
    assert [d["number"] for d in book(hall)["deliveries"]] == ["2901"]
    draft.rmdir()
    hall.service.answering = True
    for refusal in (True, False):
        before = len(deliveries(hall))
        if not refusal:
            hall.service.errors.clear()
        while len(deliveries(hall)) == before:
            hall.until(lambda: bool(hall.later.calls))
            hall.later.pass_time()
            hall.qtbot.waitUntil(
                lambda before=before: bool(hall.later.calls) or len(deliveries(hall)) > before
            )
    hall.until(lambda: book(hall)["deliveries"] == [])


def test_too_fast_starts_no_number_of_the_book(hall: Any) -> None:
    hall.service.errors[IssueTicket] = Error.TOO_FAST
    hall.take("CIVIL")
    hall.until(lambda: hall.kiosk.session.notice is PageNotice.TOO_FAST)
    hall.later.pass_time()
    assert hall.kiosk.session.notice is PageNotice.TOO_FAST
    assert (book(hall)["deliveries"], hall.printer.papers) == ([], [])


def test_a_restarted_kiosk_shows_its_services_and_goes_on(build: Callable[..., Any]) -> None:
    first = build()
    first.service.answering = False
    take_offline(first)
    first.link.stop()
    again = build(with_service=False)
    assert again.kiosk.listener.snapshot.reach is Reach.BOOK
    assert [tile.code for tile in again.kiosk.offer.tiles][:2] == ["CERT", "CIVIL"]
    assert take_offline(again).number == "2902"
    again.service.start()
    again.ready()
    again.clock.real_s += 1  # what nobody heard is sent again
    again.until(lambda: book(again)["deliveries"] == [])
    assert [command.number for command in deliveries(again)] == ["2901", "2902"]


def test_a_kiosk_that_never_heard_the_service_makes_up_nothing(build: Callable[..., Any]) -> None:
    hall = build(with_service=False)
    assert hall.kiosk.listener.snapshot.reach is Reach.NOWHERE
    assert hall.kiosk.offer.tiles == ()
    hall.take("CIVIL")
    assert hall.kiosk.session.page is Page.HOME
    assert not (hall.data / "kiosk" / "kiosk-1.book.json").exists()


def test_what_a_broker_kept_is_not_the_service(
    build: Callable[..., Any], expected_warnings: list[str]
) -> None:
    """A kiosk just installed hears retained states; they must not make a book."""
    expected_warnings.append("never heard the service")

    def came_and_went(service: Any) -> None:
        service.start()
        service.link.stop()

    hall = build(with_service=False, before=came_and_went)
    hall.until(lambda: hall.kiosk.listener.snapshot.services is not None)
    assert hall.kiosk.listener.snapshot.reach is Reach.NOWHERE
    hall.kiosk._taking.take("CIVIL")
    hall.later.pass_time()
    assert hall.kiosk.session.notice is PageNotice.UNAVAILABLE
    assert not (hall.data / "kiosk" / "kiosk-1.book.json").exists()


def test_the_service_restores_a_lost_book(hall: Any) -> None:
    hall.service.books = (BookMark(kiosk="kiosk-1", service="CIVIL", highest=917),)
    hall.service.publish()
    hall.until(lambda: book(hall)["highest"] == {"2026-11-23": {"CIVIL": 917}})
    hall.service.answering = False
    assert take_offline(hall).number == "2918"


def test_a_used_up_book_sends_to_the_counter(hall: Any, expected_warnings: list[str]) -> None:
    expected_warnings.append("no number service=CIVIL reason=the book of CIVIL is used up")
    hall.service.books = (BookMark(kiosk="kiosk-1", service="CIVIL", highest=949),)
    hall.service.publish()
    hall.until(lambda: book(hall)["highest"] == {"2026-11-23": {"CIVIL": 949}})
    hall.service_dies()
    hall.take("CIVIL")
    hall.later.pass_time()
    assert hall.kiosk.session.notice is PageNotice.UNAVAILABLE
    assert hall.printer.papers == []


def test_a_late_number_that_nobody_saw_is_given_back(
    hall: Any, expected_warnings: list[str]
) -> None:
    expected_warnings.append("used up")
    hall.service.books = (BookMark(kiosk="kiosk-1", service="CIVIL", highest=949),)
    hall.service.publish()
    hall.until(lambda: book(hall)["highest"] == {"2026-11-23": {"CIVIL": 949}})
    hall.service.answering = False
    hall.take("CIVIL")
    hall.later.pass_time()
    assert not told_to_ask(hall), "a service that is there gets a little more"
    hall.later.pass_time()
    assert told_to_ask(hall)
    hall.until(lambda: len(hall.service.of(IssueTicket)) == 1)
    hall.service.answering = True
    hall.service.answer(hall.service.of(IssueTicket)[0])
    hall.until(lambda: len(hall.service.of(VoidTicket)) == 1)
    assert hall.service.of(VoidTicket)[0].reason == "unanswered"
    assert hall.printer.papers == []


def test_reports_that_nobody_took_are_sent_when_the_service_is_back(hall: Any) -> None:
    hall.service.errors[ReportPrint] = Error.UNAVAILABLE
    hall.take("CIVIL")
    hall.until(lambda: len(hall.service.of(ReportPrint)) == 1)
    hall.until(lambda: bool(hall.kiosk._record.notes.reports))
    hall.service.errors.clear()
    hall.link.bus.drop_link()
    hall.until(lambda: len(hall.service.of(ReportPrint)) > 1)
    first, *again = hall.service.of(ReportPrint)
    assert all(report == first for report in again)


@pytest.mark.parametrize("service", ["CIVIL", "HELP"])
def test_a_lost_link_is_told_calmly(hall: Any, service: str) -> None:
    hall.service_dies()
    assert hall.kiosk.listener.snapshot.reach is Reach.BOOK
    assert take_offline(hall, service).number in {"2901", "9901"}


def test_without_the_service_the_hours_go_on(hall: Any) -> None:
    hall.service_dies()
    assert hall.kiosk.offer.tile("CIVIL").open
    hall.clock.advance(3 * 3600)
    hall.kiosk.tick()
    assert not hall.kiosk.offer.tile("CIVIL").open
    assert hall.kiosk.offer.closed_hours == "Sáng 7:30–11:30, chiều 13:30–17:00"
    hall.clock.advance(2 * 3600)
    hall.kiosk.tick()
    assert hall.kiosk.offer.tile("CIVIL").open
