"""The document that boards and announcers follow."""

import statistics
from collections import Counter as Tally
from datetime import timedelta
from itertools import islice

from bus import states, vocabulary
from bus.vocabulary import TicketState
from queue_service.domain.lines import all_in_order
from queue_service.domain.state import Call, State
from queue_service.domain.values import CounterNumber
from queue_service.states.view import Header, View, outages_of

CALL_AGE = timedelta(seconds=60)
KEPT_CALLS = 8
_NEXT = 5


def board_state(view: View, header: Header) -> states.BoardState:
    """Return what the hall sees and hears."""
    state = view.state
    notices = [notice for notice in state.notices if notice.until > view.now]
    return states.BoardState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        session=view.session,
        calls=tuple(wire_call(state, call) for call in recent_calls(view)),
        counters=tuple(_counter(state, number) for number in view.rules.counters),
        waiting=_waiting(view),
        next=tuple(state.tickets[t].number for t in islice(all_in_order(state), _NEXT)),
        today=_today(state),
        notices=tuple(states.Notice(text=notice.text, until=notice.until) for notice in notices),
        outages=outages_of(state),
    )


def recent_calls(view: View) -> list[Call]:
    """Return all calls younger than 60 s and at least the last 8, newest first."""
    calls = view.state.calls
    young = sum(call.at > view.now - CALL_AGE for call in calls)
    return list(reversed(calls[-max(KEPT_CALLS, young) :]))


def wire_call(state: State, call: Call) -> states.Call:
    """Return a call as boards and announcers take it."""
    return states.Call(
        call_seq=call.call_seq,
        number=call.number,
        counter=call.counter,
        service=call.service,
        ticket_class=vocabulary.TicketClass(call.ticket_class),
        lang=vocabulary.Language(call.lang),
        repeat=call.repeat,
        at=call.at,
        withdrawn=call.withdrawn,
        speaker=state.speakers.get(call.call_seq),
    )


def _counter(state: State, number: CounterNumber) -> states.BoardCounter:
    counter = state.counter(number)
    ticket = state.tickets[counter.current] if counter.current else None
    return states.BoardCounter(
        counter=number,
        status=vocabulary.CounterStatus(counter.status),
        reason=counter.reason,
        until=counter.until,
        number=ticket.number if ticket else None,
        service=ticket.service if ticket else None,
        ticket_class=vocabulary.TicketClass(ticket.ticket_class) if ticket else None,
    )


def _waiting(view: View) -> tuple[states.Waiting, ...]:
    state = view.state
    counts: Tally[str] = Tally()
    next_numbers: dict[str, list[str]] = {code: [] for code in view.rules.services}
    for ticket_id in all_in_order(state):
        ticket = state.tickets[ticket_id]
        counts[ticket.service] += 1
        if counts[ticket.service] <= _NEXT and ticket.service in next_numbers:
            next_numbers[ticket.service].append(ticket.number)
    return tuple(
        states.Waiting(service=code, count=counts[code], next=tuple(numbers))
        for code, numbers in next_numbers.items()
    )


def _today(state: State) -> states.Today:
    tickets = state.tickets.values()
    waits = [t.wait_s for t in tickets if t.wait_s is not None and not t.clock_suspect]
    return states.Today(
        issued=len(state.tickets),
        finished=sum(ticket.state is TicketState.FINISHED for ticket in tickets),
        median_wait_s=round(statistics.median(waits), 1) if waits else None,
        mean_wait_s=round(statistics.fmean(waits), 1) if waits else None,
    )
