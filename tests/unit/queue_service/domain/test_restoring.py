"""After a restore: series that go on above what people may hold, and papers that are taken in."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import Error, TicketClass, TicketState
from queue_service.domain import events as e
from queue_service.domain.apply import apply
from queue_service.domain.numbering import resumed_serial
from queue_service.domain.restoring import heard_of_higher, restored
from queue_service.domain.rules import Book, Numbering
from queue_service.domain.state import State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import Refusal, ServiceCode

BOOK = Numbering(books=(Book("kiosk-1", 901, 949),))


@pytest.fixture
def hall(hall: SimpleNamespace) -> SimpleNamespace:
    """Three numbers of A are known; 1004 to 1007 were given after the backup."""
    for _ in range(3):
        hall.issue()
        hall.advance(60)
    hall.advance(600)
    return hall


def restore(hall: SimpleNamespace, **highest: int) -> None:
    hall.commit(restored(hall.state, hall.rules, highest, {}), cause="restore")


def adopt(
    hall: SimpleNamespace, number: str = "1005", ago_s: float = 300, **more: object
) -> Ticket:
    counter = more.pop("counter", 1)
    hall.do(
        c.AdoptTicket(
            counter=counter,  # type: ignore[arg-type]
            number=number,
            issued_at=hall.now - timedelta(seconds=ago_s),
            **more,  # type: ignore[arg-type]
        ),
        f"counter-{counter}",
    )
    ticket: Ticket = hall.state.tickets[hall.state.numbers[number]]
    return ticket


@pytest.mark.parametrize(
    ("numbering", "highest", "resumed"),
    [
        (BOOK, 0, 100),
        (BOOK, 43, 100),
        (BOOK, 99, 100),
        (BOOK, 100, 200),
        (BOOK, 850, 900),
        (BOOK, 900, None),
        (BOOK, 960, None),
        (Numbering(books=(Book("kiosk-1", 300, 349),)), 250, 400),
        (Numbering(books=(Book("k", 300, 349), Book("l", 390, 420))), 250, 500),
        (Numbering(digits=2), 5, None),
    ],
)
def test_a_series_goes_on_at_the_next_hundred_outside_of_books(
    hall: SimpleNamespace, numbering: Numbering, highest: int, resumed: int | None
) -> None:
    rules = replace(hall.rules, numbering=numbering)
    assert resumed_serial(rules, ServiceCode("A"), highest) == resumed


def test_numbers_go_on_above_what_anybody_knows(hall: SimpleNamespace) -> None:
    restore(hall, A=143)
    assert hall.issue("A").number == "1200"
    assert hall.issue("A").number == "1201"
    assert hall.issue("B").number == "2100"


def test_without_room_people_are_sent_to_a_counter(hall: SimpleNamespace) -> None:
    restore(hall, A=960)
    with pytest.raises(Refusal) as refused:
        hall.issue("A")
    assert refused.value.error is Error.FULL
    assert hall.issue("B").number == "2100"


def test_an_offline_book_goes_on_where_its_kiosk_was(hall: SimpleNamespace) -> None:
    books = {"kiosk-1": {"A": 907, "gone": 3}}
    hall.commit(restored(hall.state, hall.rules, {}, books))
    assert hall.state.books == {("kiosk-1", "A"): 907}


def test_a_kiosk_that_knows_more_moves_the_series_again(hall: SimpleNamespace) -> None:
    day = str(hall.state.day)
    assert heard_of_higher(hall.state, hall.rules, "kiosk-2", day, {"A": 143}) == ()
    restore(hall)
    first = hall.state.restored
    assert hall.issue("A").number == "1100"
    assert heard_of_higher(hall.state, hall.rules, "kiosk-2", day, {"A": 43, "B": 50}) == ()
    assert heard_of_higher(hall.state, hall.rules, "kiosk-2", "2026-11-22", {"A": 143}) == ()
    assert heard_of_higher(hall.state, hall.rules, "kiosk-2", day, {"A": 100_000}) == ()
    hall.commit(heard_of_higher(hall.state, hall.rules, "kiosk-2", day, {"A": 143, "x": 9}))
    assert hall.issue("A").number == "1200"
    assert hall.state.restored == first  # papers were lost then, not when the kiosk was heard


def test_a_holder_gets_the_place_back(hall: SimpleNamespace) -> None:
    restore(hall, A=7)
    later = hall.issue()
    ticket = adopt(hall)
    assert (ticket.number, ticket.state, ticket.clock_suspect) == (
        "1005",
        TicketState.WAITING,
        True,
    )
    assert ticket.issued.at == ticket.order_key < later.order_key
    assert hall.state.serials["A"] == 100  # the series does not go back
    line = [hall.state.tickets[place.ticket].number for place in hall.state.lines["A"]]
    assert line == ["1001", "1002", "1003", "1005", "1100"]
    adopt(hall, "1006", 200, ticket_class=TicketClass.PRIORITY, lang="en")
    assert hall.state.tickets[hall.state.numbers["1006"]].ticket_class is TicketClass.PRIORITY


def test_the_log_replays(hall: SimpleNamespace) -> None:
    restore(hall, A=7)
    adopt(hall)
    state = State()
    for fact in hall.facts:
        state = apply(state, fact)
    assert state == hall.state
    assert [type(fact.event) for fact in hall.facts][-2:] == [e.Restored, e.TicketIssued]


@pytest.mark.parametrize(
    ("number", "ago_s", "counter", "error"),
    [
        ("1002", 300, 1, Error.CONFLICT),  # known
        ("1100", 300, 1, Error.NOT_ALLOWED),  # to be given yet
        ("1905", 300, 1, Error.NOT_ALLOWED),  # its kiosk delivers it
        ("2005", 300, 1, Error.NOT_ALLOWED),  # not served at this counter
        ("3005", 300, 1, Error.UNKNOWN),
        ("10x5", 300, 1, Error.UNKNOWN),
        ("1005", -60, 1, Error.INVALID),  # after the restore
        ("1005", 750, 1, Error.INVALID),  # before 1003 was given
        ("1005", 86400, 1, Error.INVALID),
        ("1005", 300, 9, Error.UNKNOWN),
    ],
)
def test_what_cannot_be_is_refused(
    hall: SimpleNamespace, number: str, ago_s: float, counter: int, error: Error
) -> None:
    restore(hall, A=7, B=7)
    before = hall.state
    with pytest.raises(Refusal) as refused:
        adopt(hall, number, ago_s, counter=counter)
    assert refused.value.error is error
    assert hall.state == before


def test_a_paper_says_the_minute_only(hall: SimpleNamespace) -> None:
    restore(hall, A=7)
    given = hall.state.tickets[hall.state.numbers["1003"]].issued.at
    minute = given.replace(second=0, microsecond=0)
    hall.do(c.AdoptTicket(counter=1, number="1004", issued_at=minute))


def test_without_a_restore_nothing_is_taken_in(hall: SimpleNamespace) -> None:
    with pytest.raises(Refusal) as refused:
        adopt(hall)
    assert refused.value.error is Error.NOT_ALLOWED


def test_the_next_day_begins_as_ever(hall: SimpleNamespace) -> None:
    restore(hall, A=7)
    day = hall.state.day + timedelta(days=1)
    hall.commit((e.DayOpened(business_day=day, call_seq=0, config_version=0),))
    assert (hall.state.restored, hall.state.gaps) == (None, ())
    assert hall.state.serials == {}


def test_adopting_does_not_count_against_a_kiosks_pace(hall: SimpleNamespace) -> None:
    hall.rules = replace(hall.rules, kiosk_tickets_per_minute=1)
    restore(hall, A=7)
    hall.issue()
    adopt(hall)
    with pytest.raises(Refusal) as refused:
        hall.issue()
    assert refused.value.error is Error.TOO_FAST


def test_nobody_knows_when_a_day_was_but_the_paper(hall: SimpleNamespace) -> None:
    """A store of yesterday opens today first: 08:05 on a paper is before that, and good."""
    day = hall.state.day + timedelta(days=1)
    at = datetime.combine(day, datetime.min.time(), hall.rules.hours.zone) + timedelta(hours=9)
    hall.now = at.astimezone(hall.now.tzinfo)
    hall.commit((e.DayOpened(business_day=day, call_seq=0, config_version=0),))
    restore(hall)
    assert adopt(hall, ago_s=3300).number == "1005"
