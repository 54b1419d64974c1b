"""What one counter's window is told."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.codec import MAX_STATE_BYTES, encode
from bus.states import Alarm, CounterState
from bus.vocabulary import AlarmKind, Colleague, CurrentTo, TicketState
from queue_service.domain.values import CounterNumber
from queue_service.states import Header, View, counter_state

HEADER = Header("e", 1, datetime(2026, 11, 23, 1, tzinfo=UTC))
LONGEST = "🙂" * 200
"""As long as a text may be, and each letter as long as one may be."""
ALWAYS = {f"call_colleague.{whom}" for whom in Colleague} | {"tell_managers"}


def told(hall: SimpleNamespace, counter: int = 1, **devices: object) -> CounterState:
    return counter_state(hall.view(**devices), CounterNumber(counter), HEADER)


def test_a_fresh_counter_may_open_report_and_give_numbers(hall: SimpleNamespace) -> None:
    assert set(told(hall).legal) == {"open_counter", "report_outage", "issue_ticket"} | ALWAYS


def test_with_people_in_line_and_nobody_at_the_counter(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=1))
    hall.issue("A")
    assert (
        set(told(hall).legal)
        == {
            "call_next",
            "call_ticket",
            "close_counter",
            "issue_ticket",
            "pause_counter",
            "report_outage",
            "reprint_ticket",
            "set_class",
            "transfer",
            "void_ticket",
        }
        | ALWAYS
    )


def test_while_a_person_is_called_and_served(hall: SimpleNamespace) -> None:
    hall.issue("A")
    hall.issue("A")
    ticket = hall.next(1)
    calling = set(told(hall).legal)
    assert calling >= {"recall", "start_serving", "finish", "mark_absent", "park", "undo"}
    hall.announce()
    called = set(told(hall).legal)
    choices = {"call_next", "call_next.finish", "call_next.park", "call_next.absent"}
    assert called - calling == choices | {"call_ticket"}
    assert "close_counter" not in called
    hall.do(c.StartServing(counter=1, ticket=ticket.id))
    serving = set(told(hall).legal)
    assert called - serving == {"call_next.absent", "recall", "start_serving", "mark_absent"}


def test_with_nobody_waiting_a_next_call_is_not_offered(hall: SimpleNamespace) -> None:
    hall.issue("A")
    hall.next(1)
    hall.announce()
    assert not [name for name in told(hall).legal if name.startswith("call_next")]
    assert "finish" in told(hall).legal


@pytest.mark.parametrize("to", list(CurrentTo))
def test_the_way_back_names_the_numbers_that_it_moves(hall: SimpleNamespace, to: CurrentTo) -> None:
    first, second = hall.issue("A"), hall.issue("A")
    hall.next(1)
    hall.announce()
    hall.next(1, current_to=to)
    undoable = told(hall).undoable
    assert undoable is not None
    named = {
        TicketState.FINISHED: "finish",
        TicketState.PARKED: "park",
        TicketState.ABSENT: "mark_absent",
    }
    assert undoable.takes_back == named[hall.state.tickets[first.id].state]
    assert undoable.numbers == (first.number, second.number)


def test_books_of_kiosks_without_a_link_are_named(hall: SimpleNamespace) -> None:
    assert told(hall).offline == ()
    (range_,) = told(hall, offline_kiosks=frozenset({"kiosk-1", "kiosk-2"})).offline
    assert (range_.kiosk, range_.service) == ("kiosk-1", "A")
    assert (range_.first, range_.last) == ("1901", "1949")


def test_lists_are_short_and_say_how_many_there_are(hall: SimpleNamespace) -> None:
    tickets = [hall.issue("A") for _ in range(180)]
    for to in (CurrentTo.PARK, CurrentTo.ABSENT):
        for _ in range(60):
            hall.next(1, current_to=to)
            hall.announce()
    state = told(hall, alarms=(Alarm(kind=AlarmKind.SIGN, at=hall.now, source="x"),) * 60)
    assert (len(state.waiting), state.waiting_total) == (50, 60)
    assert (len(state.parked), state.parked_total) == (50, 59)
    assert (len(state.absent), state.absent_total) == (50, 60)
    assert (len(state.alarms), state.alarms_total) == (50, 60)
    assert state.parked[-1].number == tickets[58].number


def test_the_longest_texts_leave_a_document_that_can_be_sent(hall: SimpleNamespace) -> None:
    for index in range(60):
        hall.issue("A")
        ticket = hall.next(1)
        hall.do(c.Park(counter=1, ticket=ticket.id, reason=LONGEST))
        hall.do(c.ReportOutage(system=f"{index:02}{LONGEST[2:]}"))
        hall.do(c.RequestHelp(place=f"{index:02}{LONGEST[2:]}"), "kiosk-1")
        hall.advance(60)
        hall.do(c.TellCounters(text="🙂" * 120), "web", by_web=True)
    for _ in range(60):
        hall.issue("A")
    hall.do(c.CallColleague(counter=2), "counter-2")
    state = told(hall)
    assert len(encode(state)) < MAX_STATE_BYTES
    assert (state.parked_total, state.outages_total, state.alarms_total) == (60, 60, 61)
    assert state.alarms[-2].source.startswith("59")


def test_the_choice_lasts_twenty_seconds_from_the_announcement(hall: SimpleNamespace) -> None:
    hall.issue("A")
    hall.next(1)
    current = told(hall).current
    assert current is not None
    assert (current.announced_at, current.choice_until) == (None, None)
    hall.advance(9)
    hall.announce()
    current = told(hall).current
    assert current is not None
    assert current.announced_at is not None
    assert current.choice_until == current.announced_at + timedelta(seconds=20)
    hall.do(c.StartServing(counter=1, ticket=current.ticket))
    current = told(hall).current
    assert current is not None
    assert current.choice_until is None


def test_a_call_without_any_device_lets_the_next_one_follow_in_time(hall: SimpleNamespace) -> None:
    hall.issue("A")
    hall.issue("A")
    hall.next(1)
    assert "call_next" not in told(hall).legal
    assert "call_next" in counter_state(later(hall, 12.1), CounterNumber(1), HEADER).legal
    promised = later(hall, 12.1, promised={1: 30.0})
    assert "call_next" not in counter_state(promised, CounterNumber(1), HEADER).legal


def later(hall: SimpleNamespace, seconds: float, **devices: object) -> View:
    hall.advance(seconds)
    view: View = hall.view(**devices)
    hall.advance(-seconds)
    return view


def test_people_who_wait_while_nobody_serves_are_an_alarm_at_every_counter(
    hall: SimpleNamespace,
) -> None:
    ticket = hall.issue("B")
    alarms = [(a.kind, a.at, a.detail) for a in told(hall).alarms]
    assert alarms == [(AlarmKind.NOBODY_SERVES, ticket.issued.at, "B")]
    hall.do(c.OpenCounter(counter=1))
    assert told(hall).alarms  # counter 1 serves another service
    hall.do(c.OpenCounter(counter=2), "counter-2")
    assert told(hall).alarms == ()
    back = hall.now + timedelta(minutes=10)
    hall.do(c.PauseCounter(counter=2, reason="họp", until=back), "counter-2")
    assert told(hall).alarms == ()
    assert told_later(hall, 601)
    assert not told_later(hall, 4 * 3600)  # 12:00: nobody is expected to serve


def told_later(hall: SimpleNamespace, seconds: float) -> tuple[Alarm, ...]:
    return counter_state(later(hall, seconds), CounterNumber(1), HEADER).alarms


def test_a_day_that_waits_is_an_alarm_and_the_one_thing_to_do(hall: SimpleNamespace) -> None:
    hall.advance(30 * 86400)
    state = told(hall, day_to_confirm="2026-12-23")
    assert state.legal == ("confirm_day",)
    (alarm,) = state.alarms
    assert (alarm.kind, alarm.detail) == (AlarmKind.DAY_TO_CONFIRM, "2026-12-23")
    assert alarm.at == datetime(2026, 12, 22, 20, tzinfo=UTC)  # 03:00 in Hanoi


def test_a_day_in_doubt_may_be_confirmed_while_work_goes_on(hall: SimpleNamespace) -> None:
    hall.issue()
    hall.now += timedelta(days=1)
    hall.boot = "boot-2"
    assert {"confirm_day", "void_ticket", "open_counter"} <= set(told(hall).legal)


def test_numbers_of_lost_papers_are_alarms_until_their_people_are_found(
    hall: SimpleNamespace,
) -> None:
    ticket = hall.issue("A")
    alarms = (
        Alarm(kind=AlarmKind.NUMBER_REFUSED, at=hall.now, source="1901"),
        Alarm(kind=AlarmKind.PAPER_LOST, at=hall.now, source=ticket.number),
    )

    def sources() -> list[str]:
        shown = told(hall, alarms=alarms).alarms
        return [alarm.source for alarm in shown if alarm.kind is not AlarmKind.NOBODY_SERVES]

    assert sources() == ["1901", ticket.number]
    hall.do(c.CallTicket(counter=1, number="1901"))
    assert sources() == [ticket.number]
    hall.do(c.CallTicket(counter=2, ticket=ticket.id), "counter-2")
    assert sources() == []


def test_a_number_that_only_paper_knows_can_be_called_while_its_kiosk_is_gone(
    hall: SimpleNamespace,
) -> None:
    assert "call_ticket" not in told(hall).legal
    assert "call_ticket" in told(hall, offline_kiosks=frozenset({"kiosk-1"})).legal


def test_whose_service_ended_last_and_when_somebody_else_was_called(hall: SimpleNamespace) -> None:
    hall.issue("A")
    hall.issue("A")
    assert told(hall).served is None
    first = hall.next(1)
    assert told(hall).served is None
    hall.do(c.Finish(counter=1, ticket=first.id))
    served = told(hall).served
    assert served
    assert (served.ticket, served.number, served.followed_at) == (first.id, first.number, None)
    hall.next(1)
    followed = told(hall).served
    assert followed
    assert (followed.ticket, followed.ended_at) == (first.id, served.ended_at)
    assert followed.followed_at is not None
    hall.do(c.Undo(event=str(told(hall).undoable.event)))  # type: ignore[union-attr]
    assert told(hall).served == served


def test_an_end_that_is_taken_back_is_no_end(hall: SimpleNamespace) -> None:
    hall.issue("A")
    ticket = hall.next(1)
    hall.do(c.Finish(counter=1, ticket=ticket.id))
    hall.do(c.Undo(event=str(told(hall).undoable.event)))  # type: ignore[union-attr]
    assert told(hall).served is None


def test_who_is_sent_on_or_absent_was_not_served_to_the_end(hall: SimpleNamespace) -> None:
    hall.issue("A")
    ticket = hall.next(1)
    hall.do(c.MarkAbsent(counter=1, ticket=ticket.id))
    assert told(hall).served is None
