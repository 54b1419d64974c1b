"""The document that boards and announcers follow."""

import statistics
from collections import Counter as Tally
from datetime import timedelta

from bus import states, vocabulary
from bus.vocabulary import AppointmentState, CounterStatus, TicketState
from queue_service.domain.estimate import wait_range
from queue_service.domain.issue import is_full
from queue_service.domain.lines import all_in_order
from queue_service.domain.state import Call, State
from queue_service.domain.tickets import OVER, Ticket
from queue_service.domain.values import CounterNumber, ServiceCode
from queue_service.states.view import Header, View, newest, outages_of

CALL_AGE = timedelta(seconds=60)
KEPT_CALLS = 8
_NEXT = 5
_EXPECTED = frozenset({AppointmentState.BOOKED, AppointmentState.CAME})
_MISSED = 20
_NOTICE_BYTES = 12_000
_OUTAGE_BYTES = 4_000
_REASON_LETTERS = 60
"""What a board can show of a pause's reason, and what 99 counters leave room for."""


def board_state(view: View, header: Header) -> states.BoardState:
    """Return what the hall sees and hears."""
    state = view.state
    notices = [
        states.Notice(text=notice.text, until=notice.until, id=notice.id)
        for notice in state.notices
        if notice.until > view.now
    ]
    callable_tickets = _callable(view)
    return states.BoardState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        session=view.session,
        calls=tuple(wire_call(view, call) for call in recent_calls(view)),
        counters=tuple(_counter(state, number) for number in view.rules.counters),
        waiting=_waiting(view, callable_tickets),
        next=tuple(ticket.number for ticket in callable_tickets[:_NEXT]),
        missed=_missed(state),
        today=_today(state),
        notices=newest(notices, _NOTICE_BYTES),
        notices_total=len(notices),
        outages=outages_of(state, _OUTAGE_BYTES),
        outages_total=len(state.outages),
        appointments=_has_appointments(view),
    )


def _has_appointments(view: View) -> bool:
    """Return whether somebody is still expected today, or came by appointment and is not served."""
    state, today = view.state, view.now.astimezone(view.rules.hours.zone).date()
    for each in state.appointments.values():
        if each.day != today or each.state not in _EXPECTED:
            continue
        ticket = state.tickets.get(each.ticket) if each.ticket else None
        if ticket is None or ticket.state not in OVER:
            return True
    return False


def recent_calls(view: View) -> list[Call]:
    """Return all calls younger than 60 s and at least the last 8, newest first."""
    calls = view.state.calls
    young = sum(call.at > view.now - CALL_AGE for call in calls)
    return list(reversed(calls[-max(KEPT_CALLS, young) :]))


def wire_call(view: View, call: Call) -> states.Call:
    """Return a call as boards and announcers take it."""
    return states.Call(
        call_seq=call.call_seq,
        number=call.number,
        counter=call.counter,
        service=call.service,
        ticket_class=call.ticket_class,
        lang=vocabulary.Language.of(call.lang),
        language=vocabulary.other_language(call.lang),
        repeat=call.repeat,
        at=call.at,
        withdrawn=call.withdrawn,
        speaker=view.state.speakers.get(call.call_seq),
        in_full=_in_full(view, call),
    )


def _in_full(view: View, call: Call) -> bool:
    """Return whether a call that is still in force is for somebody who hears or follows slowly."""
    current = view.state.counter(call.counter).current
    manner = view.care.manners.get(current) if current else None
    if manner is None or not manner.spoken_call or current is None:
        return False
    return view.state.tickets[current].call_seq == call.call_seq


def _counter(state: State, number: CounterNumber) -> states.BoardCounter:
    counter = state.counter(number)
    ticket = state.tickets[counter.current] if counter.current else None
    return states.BoardCounter(
        counter=number,
        status=counter.status,
        reason=counter.reason and counter.reason[:_REASON_LETTERS],
        until=counter.until,
        number=ticket.number if ticket else None,
        service=ticket.service if ticket else None,
        ticket_class=ticket.ticket_class if ticket else None,
    )


def _callable(view: View) -> list[Ticket]:
    """Return those who wait and whom an open counter could call, in order."""
    state, counters = view.state, view.rules.counters
    at_work = {n for n in counters if state.counter(n).status is CounterStatus.OPEN}
    served = {code for number in at_work for code in counters[number]}
    return [
        ticket
        for ticket in map(state.tickets.__getitem__, all_in_order(state))
        if (ticket.service in served if ticket.to_counter is None else ticket.to_counter in at_work)
    ]


def _waiting(view: View, callable_tickets: list[Ticket]) -> tuple[states.Waiting, ...]:
    state = view.state
    counts = Tally(
        state.tickets[place.ticket].service for line in state.lines.values() for place in line
    )
    next_numbers: dict[ServiceCode, list[str]] = {code: [] for code in view.rules.services}
    for ticket in callable_tickets:
        numbers = next_numbers.get(ticket.service)
        if numbers is not None and len(numbers) < _NEXT:
            numbers.append(ticket.number)
    return tuple(
        states.Waiting(
            service=code,
            count=counts[code],
            wait_min=_wait_min(view, code),
            next=tuple(numbers),
            full=is_full(state, view.rules, code),
        )
        for code, numbers in next_numbers.items()
    )


def _wait_min(view: View, code: ServiceCode) -> tuple[int, int] | None:
    """Return how long who comes now will wait; of a roll nobody knows how many have torn one."""
    if view.rules.services[code].roll is not None:
        return None
    return wait_range(view.state, view.rules, code, view.now)


def _missed(state: State) -> states.Missed:
    """Return who was called and did not come, the newest first."""
    absent = [t for t in state.tickets.values() if t.state is TicketState.ABSENT]
    absent.sort(key=lambda ticket: ticket.since.at, reverse=True)
    return states.Missed(numbers=tuple(t.number for t in absent[:_MISSED]), total=len(absent))


def _today(state: State) -> states.Today:
    tickets = state.tickets.values()
    waits = [t.wait_s for t in tickets if t.wait_s is not None and not t.clock_suspect]
    return states.Today(
        issued=len(state.tickets),
        finished=sum(ticket.state is TicketState.FINISHED for ticket in tickets),
        median_wait_s=round(statistics.median(waits), 1) if waits else None,
        mean_wait_s=round(statistics.fmean(waits), 1) if waits else None,
    )
