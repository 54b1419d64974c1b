"""Absent by the clock alone, and how late somebody may come back; numbers of a range."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.vocabulary import CurrentTo, Error, ReturnTo, TicketState
from queue_service.domain.absences import absent_by_now, absent_from
from queue_service.domain.events import TicketAbsent
from queue_service.domain.rules import Numbering, Rules, ServiceRules
from queue_service.domain.values import CounterNumber, Mark, Refusal, ServiceCode
from queue_service.states import Header, counter_state
from queue_service.timetable import next_change

ONE = CounterNumber(1)
A = ServiceCode("A")


@pytest.fixture
def strict(make_hall: Callable[[Rules], SimpleNamespace], rules: Rules) -> SimpleNamespace:
    """A hall where one repeated call is enough, and two numbers are too many."""
    return make_hall(replace(rules, absent_after_recalls=1, late_after_numbers=2))


def absent(hall: SimpleNamespace) -> list[TicketAbsent]:
    return list(absent_by_now(hall.state, hall.rules, hall.mark()))


def call_twice(hall: SimpleNamespace) -> str:
    ticket = hall.issue()
    hall.next(1)
    hall.announce()
    hall.advance(30)
    assert absent(hall) == [], "called once"
    hall.do(c.Recall(counter=1, ticket=ticket.id))
    hall.advance(30)
    assert absent(hall) == [], "the second call is not announced yet"
    hall.announce()
    return str(ticket.id)


def test_who_was_called_often_enough_is_absent_by_time(strict: SimpleNamespace) -> None:
    ticket = call_twice(strict)
    strict.advance(10)
    assert absent(strict) == [], "may be on the way"
    due = next_change(strict.state, strict.rules, strict.now)
    assert due == next(absent_from(strict.state, strict.rules))
    strict.advance(11)
    (event,) = absent(strict)
    assert event.by_time
    strict.commit([event], cause="rule")
    assert strict.state.tickets[ticket].state is TicketState.ABSENT
    assert strict.state.counter(ONE).current is None
    assert absent(strict) == []
    state = counter_state(strict.view(), ONE, Header("epoch", 1, strict.now))
    assert state.undoable is None, "it was nobody's step"
    assert "call_ticket" in state.legal


def test_who_is_served_is_never_absent(strict: SimpleNamespace) -> None:
    ticket = call_twice(strict)
    strict.do(c.StartServing(counter=1, ticket=ticket))
    strict.advance(3600)
    assert absent(strict) == []


def test_a_clock_that_stands_still_makes_nobody_absent(strict: SimpleNamespace) -> None:
    call_twice(strict)
    late = strict.mark()
    assert (
        absent_by_now(strict.state, strict.rules, Mark(late.at, late.mono - 3600, late.boot)) == ()
    )


def test_the_rule_is_off_by_default(hall: SimpleNamespace) -> None:
    call_twice(hall)
    hall.advance(3600)
    assert absent(hall) == []
    assert list(absent_from(hall.state, hall.rules)) == []


def absent_while(hall: SimpleNamespace, numbers: int) -> str:
    """Let somebody be absent while `numbers` of their service are called."""
    missing = hall.issue()
    hall.next(1)
    hall.announce()
    for _ in range(numbers):
        hall.issue()
    for _ in range(max(1, numbers)):
        here = hall.state.counter(ONE).current == missing.id
        hall.next(1, current_to=CurrentTo.ABSENT if here else CurrentTo.FINISH)
        hall.advance(60)
    return str(missing.id)


@pytest.mark.parametrize("numbers", [0, 1, 2])
def test_who_comes_back_in_time_is_called_or_next(strict: SimpleNamespace, numbers: int) -> None:
    ticket = absent_while(strict, numbers)
    state = counter_state(strict.view(), ONE, Header("epoch", 1, strict.now))
    assert [row.late for row in state.absent if row.ticket == ticket] == [False]
    strict.do(c.ReturnToQueue(ticket=ticket))
    assert strict.state.tickets[ticket].state is TicketState.WAITING


def test_who_comes_back_too_late_goes_to_the_end(strict: SimpleNamespace) -> None:
    ticket = absent_while(strict, 3)
    current = strict.state.counter(ONE).current
    state = counter_state(strict.view(), ONE, Header("epoch", 1, strict.now))
    assert [row.late for row in state.absent if row.ticket == ticket] == [True]
    refused = [
        c.ReturnToQueue(ticket=ticket),
        c.CallTicket(counter=1, current=current, ticket=ticket),
        c.CallTicket(counter=1, current=current, number=strict.state.tickets[ticket].number),
    ]
    for command in refused:
        with pytest.raises(Refusal) as why:
            strict.do(command)
        assert why.value.error is Error.NOT_ALLOWED
        assert why.value.result == {"rule": "late", "numbers": 2}
    strict.do(c.ReturnToQueue(ticket=ticket, to=ReturnTo.END))
    assert strict.state.tickets[ticket].state is TicketState.WAITING
    assert strict.next(1) is not None, "and then it is called like everybody"


def test_a_call_that_was_taken_back_did_not_go_by(strict: SimpleNamespace) -> None:
    ticket = absent_while(strict, 3)
    undo = strict.state.counter(ONE).step
    strict.do(c.Undo(event=str(undo.first)))
    strict.do(c.ReturnToQueue(ticket=ticket))


def test_numbers_of_a_range_run_by_steps_and_end(
    make_hall: Callable[[Rules], SimpleNamespace], rules: Rules
) -> None:
    services = {A: ServiceRules(A, "1", first=5, last=11, step=3)}
    hall = make_hall(replace(rules, services=services))
    assert [hall.issue().number for _ in range(3)] == ["1005", "1008", "1011"]
    with pytest.raises(Refusal) as full:
        hall.issue()
    assert full.value.error is Error.FULL


def test_steps_pass_over_books(make_hall: Callable[[Rules], SimpleNamespace], rules: Rules) -> None:
    books = replace(rules.numbering.books[0], first=7, last=12)
    services = {A: ServiceRules(A, "1", first=5, step=3)}
    numbering = Numbering(books=(books,))
    hall = make_hall(replace(rules, services=services, numbering=numbering))
    assert [hall.issue().number for _ in range(3)] == ["1005", "1014", "1017"]
