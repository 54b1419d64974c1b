"""The document that one counter's window follows."""

import statistics
from collections.abc import Iterable
from itertools import islice

from bus import states, vocabulary
from bus.vocabulary import AlarmKind, TicketState
from queue_service.domain.lines import in_call_order
from queue_service.domain.state import Line, State, Unannounced
from queue_service.domain.tickets import Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, ServiceCode
from queue_service.states.view import Header, View, outages_of

LISTED = 50


def counter_state(view: View, number: CounterNumber, header: Header) -> states.CounterState:
    """Return all that one counter's window needs."""
    state, rules = view.state, view.rules
    counter = state.counter(number)
    serves = rules.counters[number]
    waiting = in_call_order(state, rules, number)
    step = undoable(state, number)
    return states.CounterState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        counter=number,
        status=vocabulary.CounterStatus(counter.status),
        reason=counter.reason,
        until=counter.until,
        current=_current(view, state.tickets[counter.current]) if counter.current else None,
        waiting=tuple(_listed(state.tickets[ticket]) for ticket in islice(waiting, LISTED)),
        waiting_total=_waiting_total(state, serves, number),
        parked=_list(_in_state(state, serves, TicketState.PARKED)),
        absent=_list(_in_state(state, serves, TicketState.ABSENT)),
        undoable=str(step.first) if step else None,
        undo_kind=step.cause if step else None,
        served_today=sum(s.counter == number and s.finished for s in state.served),
        mean_service_s=_mean_service_s(state, number),
        alarms=_alarms(view, number),
        outages=outages_of(state),
    )


def _waiting_total(state: State, serves: Iterable[ServiceCode], number: CounterNumber) -> int:
    lines: list[Line] = [*serves, number]
    return sum(len(state.lines.get(line, ())) for line in lines)


def _current(view: View, ticket: Ticket) -> states.CurrentTicket:
    called = ticket.called or ticket.issued
    return states.CurrentTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=vocabulary.TicketClass(ticket.ticket_class),
        state=vocabulary.TicketState(ticket.state),
        issued_at=ticket.issued.at,
        called_at=called.at,
        started_at=ticket.started.at if ticket.started else None,
        calls=ticket.calls,
        call_seq=ticket.call_seq,
        shown=ticket.call_seq in view.shown,
        spoken=ticket.call_seq in view.spoken,
    )


def _in_state(state: State, serves: Iterable[str], wanted: TicketState) -> list[Ticket]:
    return [t for t in state.tickets.values() if t.state is wanted and t.service in serves]


def _list(tickets: list[Ticket]) -> tuple[states.ListedTicket, ...]:
    tickets = sorted(tickets, key=lambda ticket: ticket.since.at)
    return tuple(_listed(ticket) for ticket in tickets[-LISTED:])


def _listed(ticket: Ticket) -> states.ListedTicket:
    return states.ListedTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=vocabulary.TicketClass(ticket.ticket_class),
        since=ticket.since.at,
        to_counter=ticket.to_counter,
        reason=ticket.reason or None,
    )


def _mean_service_s(state: State, number: CounterNumber) -> float | None:
    seconds = [s.seconds for s in state.served if s.counter == number and not s.suspect]
    return round(statistics.fmean(seconds), 1) if seconds else None


def _alarms(view: View, number: CounterNumber) -> tuple[states.Alarm, ...]:
    """Return what staff should know: the hall's alarms, and this counter's unheard call."""
    state = view.state
    alarms = [states.Alarm(kind=AlarmKind.HELP, at=h.at, source=h.place) for h in state.help]
    alarms += view.alarms
    call = state.unannounced.get(number)
    if call:
        missing = [part for part in ("shown", "spoken") if _is_missing(view, number, call, part)]
        if missing:
            alarm = states.Alarm(
                kind=AlarmKind.UNANNOUNCED,
                at=call.at,
                source=call.number,
                detail=", ".join(missing),
                devices=call.devices,
            )
            alarms.append(alarm)
    return tuple(alarms)


def _is_missing(view: View, number: CounterNumber, call: Unannounced, part: str) -> bool:
    """Return whether a counter's call still lacks `part`.

    A call that has been followed by others is forgiven as soon as one of them gets through: a
    later one of the counter, or one that the devices that failed have announced.
    """
    state, done = view.state, view.shown if part == "shown" else view.spoken
    if part not in call.missing or call.call_seq in done:
        return False
    current = state.counter(number).current
    if current and state.tickets[current].call_seq == call.call_seq:
        return True
    later = {c.call_seq for c in state.calls if c.counter == number and c.call_seq > call.call_seq}
    works = any(view.announced_by.get(device, 0) > call.call_seq for device in call.devices)
    return not (works or later & done)
