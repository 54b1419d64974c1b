from datetime import UTC, datetime, timedelta

import pytest

from bus.commands import CallNext, IssuedTicket, Reply
from bus.states import CounterState, ListedTicket
from bus.vocabulary import CounterStatus, Error, TicketClass
from config import Centre, load_centre
from simulators.day.history import End, History
from simulators.day.play import Script
from simulators.day.summary import summarise

AT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def centre() -> Centre:
    return load_centre()


def issued(number: str, ticket: str = "", service: str = "CERT", minute: int = 0) -> IssuedTicket:
    return IssuedTicket(
        ticket=ticket or f"T{number}",
        number=number,
        service=service,
        ticket_class=TicketClass.NORMAL,
        business_day="2026-11-23",
        ahead=0,
        wait_min=None,
        token="x",
        issued_at=AT + timedelta(minutes=minute),
    )


def seen(*listed: tuple[str, str], rev: int = 9) -> CounterState:
    waiting = tuple(
        ListedTicket(
            ticket=ticket, number=number, service="CERT", ticket_class=TicketClass.NORMAL, since=AT
        )
        for ticket, number in listed
    )
    return CounterState(
        epoch="E", rev=rev, at=AT, counter=1, status=CounterStatus.OPEN, waiting=waiting
    )


def finished(*numbers: str) -> History:
    history = History()
    for number in numbers:
        history.issued(issued(number), rev=1)
        history.ended(f"T{number}", End.FINISHED, rev=9)
    return history


def test_a_day_in_which_all_went_well_has_no_problems(centre: Centre) -> None:
    assert finished("1001", "1002", "2001").problems(centre) == []


def test_a_number_given_twice_is_found(centre: Centre) -> None:
    history = finished("1001")
    history.issued(issued("1001", "another"), rev=2)
    history.ended("another", End.FINISHED, rev=9)
    assert history.problems(centre) == ["given twice: 1001 on 2026-11-23 to 2 people"]


def test_a_number_that_a_stranger_has_too_is_found(centre: Centre) -> None:
    history = finished("1001")
    history.seen(seen(("stranger", "1001")))
    assert history.problems(centre) == ["given twice: 1001 on 2026-11-23 to 2 people"]


def test_what_was_listed_before_the_first_number_is_not_of_this_day(centre: Centre) -> None:
    history = History()
    history.seen(seen(("yesterday", "1001")))
    history.issued(issued("1001"), rev=20)
    history.seen(seen(("yesterday", "1001"), rev=19))
    history.ended("T1001", End.FINISHED, rev=9)
    assert history.problems(centre) == []


def test_a_gap_is_found_unless_somebody_else_has_the_number(centre: Centre) -> None:
    history = finished("1001", "1004", "2007")
    history.seen(seen(("stranger", "1002")))
    assert history.problems(centre) == ["gap: 1003 on 2026-11-23 was given to nobody"]


def test_a_ticket_without_an_end_is_lost(centre: Centre) -> None:
    history = finished("1001")
    history.called("T1001", 1, AT, rev=10)
    assert history.open_tickets() == 1
    assert history.problems(centre) == ["lost: 1001 never came to an end"]


def test_a_ticket_that_was_served_before_the_kiosk_heard_of_it_is_not_lost(
    centre: Centre,
) -> None:
    history = History()
    history.called("T1001", 4, AT, rev=5)
    history.ended("T1001", End.FINISHED, rev=9)
    history.issued(issued("1001"), rev=1)
    record = history.tickets["T1001"]
    assert (record.called_at, record.counter, record.end) == (AT, 4, End.FINISHED)
    assert history.problems(centre) == []


def test_a_ticket_that_went_on_before_the_kiosk_heard_of_it_may_still_be_lost(
    centre: Centre,
) -> None:
    history = History()
    history.called("T1001", 4, AT, rev=5)
    history.issued(issued("1001"), rev=1)
    assert history.problems(centre) == ["lost: 1001 never came to an end"]


def test_old_news_of_one_counter_does_not_undo_what_another_did(centre: Centre) -> None:
    """The transfer's answer, and a state from before it, come after the end elsewhere."""
    history = History()
    history.issued(issued("1001"), rev=1)
    history.called("T1001", 9, AT, rev=2)
    history.called("T1001", 3, AT + timedelta(minutes=2), rev=4)
    history.ended("T1001", End.FINISHED, rev=5)
    history.ended("T1001", None, rev=3)
    history.called("T1001", 9, AT, rev=2)
    record = history.tickets["T1001"]
    assert (record.called_at, record.counter, record.end) == (AT, 3, End.FINISHED)
    assert history.problems(centre) == []


def test_an_unanswered_command_is_a_problem_and_a_refusal_is_counted(centre: Centre) -> None:
    history = finished("1001")
    command = CallNext(id="C1", ts=AT, counter=3)
    history.answered("counter-3", command, Reply(id="C1", ok=False, error=Error.EMPTY))
    assert history.problems(centre) == []
    assert history.refusals["call_next", Error.EMPTY] == 1
    history.answered("counter-3", command, Reply(id="C1", ok=False, error=Error.UNAVAILABLE))
    assert history.problems(centre) == ["unanswered: counter-3: call_next C1"]


def test_the_first_call_ends_the_wait_and_strangers_are_not_counted() -> None:
    history = finished("1001")
    history.called("T1001", 2, AT + timedelta(minutes=9), rev=5)
    history.called("T1001", 3, AT + timedelta(minutes=4), rev=5)
    history.called("T1001", 1, AT + timedelta(minutes=30), rev=5)
    history.called("stranger", 1, AT, rev=5)
    assert history.tickets["T1001"].called_at == AT + timedelta(minutes=4)
    assert list(history.tickets) == ["T1001"]


def test_the_summary_has_each_services_waits_multiplied_back(centre: Centre) -> None:
    history = History()
    for index in range(1, 11):
        number = f"10{index:02}"
        history.issued(issued(number), rev=1)
        history.called(f"T{number}", 1, AT + timedelta(minutes=index), rev=5)
        history.ended(f"T{number}", End.ABSENT if index == 10 else End.FINISHED, rev=9)
    summary = summarise(centre, Script(seed=1, tickets=10), 2.0, history)
    (row,) = summary.rows
    assert (row.service, row.tickets, row.served, row.absent) == ("CERT", 10, 9, 1)
    assert (row.mean, row.median, row.p90) == (11.0, 11.0, 18.0)
    assert summary.whole.tickets == 10
    plain = summary.plain()
    assert plain["tickets"][0]["wait_s"] == 120.0
    assert plain["problems"] == []
