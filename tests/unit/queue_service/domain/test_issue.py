from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from bus import commands as c
from bus.vocabulary import Error, TicketState
from queue_service.domain.events import PrintRequested, TicketIssued
from queue_service.domain.rules import Book, Numbering, Rules
from queue_service.domain.values import Refusal, ServiceCode

A = ServiceCode("A")


def book(hall: SimpleNamespace, number: str = "1901", **fields: object) -> c.IssueTicket:
    command = c.IssueTicket(
        service="A",
        number=number,
        business_day="2026-11-23",
        issued_at=hall.now - timedelta(seconds=5),
    )
    return structs.replace(command, **fields)


def refusal(hall: SimpleNamespace, command: c.Command, device: str = "kiosk-1") -> Error:
    with pytest.raises(Refusal) as refused:
        hall.do(command, device)
    return refused.value.error


def test_numbers_run_per_service_without_a_gap(hall: SimpleNamespace) -> None:
    numbers = [hall.issue(service).number for service in "AABAB"]
    assert numbers == ["1001", "1002", "2001", "1003", "2002"]


def test_the_main_series_leaves_the_books_out(hall: SimpleNamespace) -> None:
    hall.state = replace(hall.state, serials={A: 900})
    assert hall.issue().number == "1950"


def test_numbers_end_where_they_can_no_longer_be_written(hall: SimpleNamespace) -> None:
    hall.state = replace(hall.state, serials={A: 999})
    assert refusal(hall, c.IssueTicket(service="A")) is Error.FULL


def test_letters_and_more_digits_are_a_matter_of_rules(hall: SimpleNamespace, rules: Rules) -> None:
    services = {A: replace(rules.services[A], series="A")}
    numbering = Numbering(digits=4, first=7, books=(Book("kiosk-1", 9001, 9002),))
    hall.rules = replace(rules, services=services, numbering=numbering)
    assert hall.issue().number == "A0007"
    assert refusal(hall, book(hall, "A9003")) is Error.INVALID
    hall.do(book(hall, "A9002"), "kiosk-1")


def test_a_cap_counts_what_was_not_given_up(hall: SimpleNamespace, rules: Rules) -> None:
    services = {**rules.services, A: replace(rules.services[A], daily_cap=2)}
    hall.rules = replace(rules, services=services)
    first = hall.issue()
    hall.issue()
    assert refusal(hall, c.IssueTicket(service="A")) is Error.FULL
    hall.do(c.VoidTicket(ticket=first.id), "kiosk-1")
    assert hall.issue().number == "1003"


def test_a_kiosk_can_be_slowed_down(hall: SimpleNamespace, rules: Rules) -> None:
    hall.rules = replace(rules, kiosk_tickets_per_minute=2)
    hall.issue()
    hall.advance(30)
    hall.issue()
    assert refusal(hall, c.IssueTicket(service="A")) is Error.TOO_FAST
    hall.issue(device="counter-1")
    hall.advance(31)
    hall.issue()


def test_outside_the_hours_no_number_is_given(hall: SimpleNamespace) -> None:
    hall.now = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)  # noon in Hanoi
    assert refusal(hall, c.IssueTicket(service="A")) is Error.CLOSED


def test_unknown_services_and_printers(hall: SimpleNamespace) -> None:
    assert refusal(hall, c.IssueTicket(service="Z")) is Error.UNKNOWN
    assert refusal(hall, c.IssueTicket(service="A", print_on="board-1")) is Error.UNKNOWN


def test_a_counter_has_a_ticket_printed_at_the_kiosk(hall: SimpleNamespace) -> None:
    issued, printed = hall.do(c.IssueTicket(service="A", print_on="kiosk-1"))
    assert isinstance(issued, TicketIssued)
    assert isinstance(printed, PrintRequested)
    assert (printed.ticket, printed.copy) == (issued.ticket, False)


def test_a_book_number_stands_where_it_was_given(hall: SimpleNamespace) -> None:
    before = hall.issue()
    hall.advance(60)
    given_at = hall.now
    hall.advance(60)
    after = hall.issue(device="counter-1")
    hall.do(book(hall, issued_at=given_at), "kiosk-1")
    delivered = hall.state.tickets[hall.state.numbers["1901"]]
    assert delivered.issued.at == given_at
    assert not delivered.clock_suspect
    assert hall.state.books == {("kiosk-1", A): 901}
    assert [hall.next(n).number for n in (1, 2, 3)] == [before.number, "1901", after.number]
    assert hall.issue().number == "1003"


def test_a_delivery_takes_back_what_the_unanswered_command_took(hall: SimpleNamespace) -> None:
    taken = hall.issue()
    touched = hall.now
    asked = hall.last_command
    hall.advance(5)
    hall.do(book(hall, issued_at=touched, supersedes=asked), "kiosk-1")
    assert hall.ticket(taken).state is TicketState.VOID
    assert hall.ticket(taken).reason == "superseded"
    delivered = hall.state.tickets[hall.state.numbers["1901"]]
    assert delivered.issued.at == touched
    assert [t for t in hall.state.tickets.values() if t.state is TicketState.WAITING] == [delivered]


def test_a_delivery_never_takes_another_devices_ticket(hall: SimpleNamespace) -> None:
    taken = hall.issue(device="counter-1")
    hall.do(book(hall, supersedes=hall.last_command), "kiosk-1")
    assert hall.ticket(taken).state is TicketState.WAITING


def test_a_person_already_served_under_the_live_number_is_left_alone(
    hall: SimpleNamespace,
) -> None:
    taken = hall.issue()
    asked = hall.last_command
    hall.next(1)
    hall.do(c.StartServing(counter=1, ticket=taken.id))
    hall.do(book(hall, supersedes=asked), "kiosk-1")
    assert hall.ticket(taken).state is TicketState.SERVING


@pytest.mark.parametrize(("offset_s", "wanted"), [(-3600, "sync"), (3600, "now"), (-30, "claimed")])
def test_a_wrong_kiosk_clock_is_clamped(hall: SimpleNamespace, offset_s: int, wanted: str) -> None:
    live = hall.issue()
    hall.advance(60)
    claimed = hall.now + timedelta(seconds=offset_s)
    (event,) = hall.do(book(hall, issued_at=claimed), "kiosk-1")
    times = {"sync": live.issued.at, "now": hall.facts[-1].at.at, "claimed": claimed}
    assert event.issued_at == times[wanted]
    assert event.clock_suspect is (wanted != "claimed")


@pytest.mark.parametrize(
    "number", ["1900", "1950", "2901", "901", "19010", "1９01", "19o1", "", "1-01"]
)
def test_a_number_that_is_in_no_book_is_invalid(hall: SimpleNamespace, number: str) -> None:
    assert refusal(hall, book(hall, number)) is Error.INVALID


@pytest.mark.parametrize(
    "fields",
    [
        {"business_day": None},
        {"issued_at": None},
        {"business_day": "2026-11-25"},
        {"business_day": "2026-02-30"},
    ],
)
def test_an_incomplete_delivery_is_invalid(hall: SimpleNamespace, fields: dict[str, Any]) -> None:
    assert refusal(hall, structs.replace(book(hall), **fields)) is Error.INVALID


def test_another_kiosk_has_no_share_in_the_book(hall: SimpleNamespace) -> None:
    assert refusal(hall, book(hall), "kiosk-2") is Error.INVALID


def test_a_book_number_is_taken_in_once(hall: SimpleNamespace) -> None:
    hall.do(book(hall), "kiosk-1")
    assert refusal(hall, book(hall)) is Error.CONFLICT


def test_a_number_of_yesterday_is_logged_and_void(hall: SimpleNamespace) -> None:
    yesterday = {"business_day": "2026-11-20", "issued_at": hall.now - timedelta(days=3)}
    issued, voided = hall.do(book(hall, **yesterday), "kiosk-1")
    assert str(issued.business_day) == "2026-11-20"
    assert voided.day_closed
    assert not hall.state.tickets
    assert not hall.state.books


def test_a_kiosk_that_opened_the_day_first_is_believed(hall: SimpleNamespace) -> None:
    (issued,) = hall.do(book(hall, business_day="2026-11-24"), "kiosk-1")
    assert issued.business_day == hall.state.day


@pytest.mark.parametrize(
    ("age_s", "device", "allowed"),
    [
        (59, "kiosk-1", True),
        (61, "kiosk-1", False),
        (5, "kiosk-2", False),
    ],
)
def test_a_kiosk_voids_only_its_own_fresh_ticket(
    hall: SimpleNamespace, age_s: int, device: str, allowed: bool
) -> None:
    ticket = hall.issue()
    hall.advance(age_s)
    if allowed:
        hall.do(c.VoidTicket(ticket=ticket.id), device)
        assert hall.ticket(ticket).state is TicketState.VOID
    else:
        assert refusal(hall, c.VoidTicket(ticket=ticket.id), device) is Error.NOT_ALLOWED


def test_a_kiosk_voids_no_number_that_was_called(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    hall.next(1)
    assert refusal(hall, c.VoidTicket(ticket=ticket.id), "kiosk-1") is Error.NOT_ALLOWED
    hall.do(c.ReturnToQueue(ticket=ticket.id))
    assert refusal(hall, c.VoidTicket(ticket=ticket.id), "kiosk-1") is Error.NOT_ALLOWED


def test_a_counter_voids_only_what_it_serves(hall: SimpleNamespace) -> None:
    ticket = hall.issue("B")
    command = c.VoidTicket(ticket=ticket.id)
    assert refusal(hall, command, "counter-1") is Error.NOT_ALLOWED
    assert hall.ticket(ticket).state is TicketState.WAITING
    hall.do(c.OpenCounter(counter=1))
    sent = hall.issue("B")
    hall.do(c.Transfer(counter=2, ticket=sent.id, to_counter=1), "counter-2")
    hall.do(c.VoidTicket(ticket=sent.id), "counter-1")
    hall.do(command, "counter-3")
    assert hall.ticket(ticket).state is TicketState.VOID


def test_a_citizen_gives_up_by_token_alone(hall: SimpleNamespace) -> None:
    ticket = hall.issue()
    with pytest.raises(Refusal):
        hall.do(c.CancelTicket(token="guess"), "web", by_web=True)
    hall.do(c.CancelTicket(token=f"token of {ticket.id}"), "web", by_web=True)
    assert hall.ticket(ticket).state is TicketState.VOID
