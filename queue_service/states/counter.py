"""The document that one counter's window follows."""

import statistics
from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import islice

from bus import states
from bus.vocabulary import MOST_LISTED, AlarmKind, CounterStatus, Language, Role, TicketState
from queue_service.domain.absences import late_ones
from queue_service.domain.between import arrived_at, open_calls
from queue_service.domain.context import Context
from queue_service.domain.day import day_begin
from queue_service.domain.estimate import wait_range
from queue_service.domain.hall import unanswered
from queue_service.domain.hours import serving
from queue_service.domain.legal import legal
from queue_service.domain.lines import in_call_order, waiting_for
from queue_service.domain.numbering import number_text
from queue_service.domain.rules import Rules
from queue_service.domain.state import Line, State, Step, Unannounced
from queue_service.domain.tickets import AT_COUNTER, OVER, Ticket
from queue_service.domain.undo import undoable
from queue_service.domain.values import CounterNumber, ServiceCode, TicketNumber
from queue_service.states.staff import messages_of, own_call
from queue_service.states.view import Header, View, newest, outages_of
from queue_service.states.visits import ended, fetch_from, visits

_PARKED_BYTES = _ALARM_BYTES = 12_000
_OUTAGE_BYTES = 8_000
_SETTLED = {
    TicketState.FINISHED: "finish",
    TicketState.ABSENT: "mark_absent",
    TicketState.PARKED: "park",
}

_CALLS = frozenset({"call_next", "call_ticket"})


def counter_state(view: View, number: CounterNumber, header: Header) -> states.CounterState:
    """Return all that one counter's window needs."""
    state, rules = view.state, view.rules
    counter = state.counter(number)
    serves = rules.counters[number]
    waiting = [state.tickets[t] for t in islice(in_call_order(state, rules, number), MOST_LISTED)]
    parked = _in_state(state, serves, TicketState.PARKED)
    absent = _in_state(state, serves, TicketState.ABSENT)
    current = state.tickets[counter.current] if counter.current else None
    shown = [*([current] if current else ()), *waiting, *parked, *absent]
    alarms = _alarms(view, number)
    late = late_ones(state, rules)
    return states.CounterState(
        epoch=header.epoch,
        rev=header.rev,
        at=header.at,
        counter=number,
        status=counter.status,
        reason=counter.reason,
        until=counter.until,
        current=_current(view, current) if current else None,
        waiting=tuple(_listed(view, ticket, late) for ticket in waiting),
        waiting_total=_waiting_total(state, serves, number),
        parked=newest([_listed(view, ticket, late) for ticket in parked], _PARKED_BYTES),
        parked_total=len(parked),
        absent=newest([_listed(view, ticket, late) for ticket in absent], _PARKED_BYTES),
        absent_total=len(absent),
        legal=_legal(view, number, shown),
        offline=_offline(view, serves),
        undoable=_undoable(state, undoable(state, number)),
        served_today=sum(s.counter == number and s.finished for s in state.served),
        mean_service_s=_mean_service_s(state, number),
        alarms=newest(alarms, _ALARM_BYTES),
        alarms_total=len(alarms),
        outages=outages_of(state, _OUTAGE_BYTES),
        outages_total=len(state.outages),
        arrived=arrived_at(state, rules, number),
        staff_call=own_call(view, number),
        messages=messages_of(view, number),
        served=_served(state, number),
        visits=visits(view),
    )


def _legal(view: View, number: CounterNumber, shown: Iterable[Ticket]) -> tuple[str, ...]:
    state, rules = view.state, view.rules
    context = _context(view, number)
    found = legal(state, rules, context, number, listed=shown, numbers=_undelivered(view))
    if found == ("confirm_day",):
        return found  # nothing but that
    more = ["end_visit"] if visits(view) else []
    more += ["prepare_visit"] if rules.terms.scenarios and rules.printers else []
    return (*found, *more)


def _context(view: View, number: CounterNumber) -> Context:
    """Return how the counter's own device would ask."""
    return Context(
        now=view.mark,
        device="",
        role=Role.COUNTER,
        command="",
        new_id=str,
        counters=frozenset({number}),
        promised=view.promised,
    )


def _undoable(state: State, step: Step | None) -> states.Undoable | None:
    """Return what a counter can take back: of a call, first what became of who was there."""
    if step is None:
        return None
    cause, numbers = step.cause, tuple(ticket.number for ticket in step.before)
    settled = next((ticket for ticket in step.before if ticket.state in AT_COUNTER), None)
    if settled:
        became = state.tickets[settled.id].state
        cause = _SETTLED.get(became, cause)
        if became is TicketState.WAITING and cause in _CALLS:  # it went back to who had sent it
            cause = "finish"
    return states.Undoable(event=str(step.first), takes_back=cause, numbers=numbers)


def _offline(view: View, serves: Iterable[ServiceCode]) -> tuple[states.OfflineRange, ...]:
    """Return the numbers that kiosks without a link may be giving for this counter."""
    rules: Rules = view.rules
    return tuple(
        states.OfflineRange(
            kiosk=book.kiosk,
            service=code,
            first=number_text(rules, code, book.first),
            last=number_text(rules, code, book.last),
        )
        for book in rules.numbering.books
        if book.kiosk in view.offline_kiosks
        for code in serves
    )[:MOST_LISTED]


def _waiting_total(state: State, serves: Iterable[ServiceCode], number: CounterNumber) -> int:
    lines: list[Line] = [*serves, number]
    return sum(len(state.lines.get(line, ())) for line in lines)


def _current(view: View, ticket: Ticket) -> states.CurrentTicket:
    called = ticket.called or ticket.issued
    announced_at = ticket.announced.at if ticket.announced else None
    is_called = ticket.state is TicketState.CALLED
    return states.CurrentTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=ticket.ticket_class,
        state=ticket.state,
        issued_at=ticket.issued.at,
        called_at=called.at,
        announced_at=announced_at,
        choice_until=announced_at + view.rules.choice if announced_at and is_called else None,
        started_at=ticket.started.at if ticket.started else None,
        calls=ticket.calls,
        call_seq=ticket.call_seq,
        shown=ticket.call_seq in view.shown,
        spoken=ticket.call_seq in view.spoken,
        note=ticket.note or None,
        note_from=ticket.note_from,
        back_to=ticket.way_back.counter if ticket.way_back else None,
        parked_for_s=ticket.parked_s,
        from_roll=ticket.roll is not None,
        fetch_from=fetch_from(view, ticket.id),
    )


def _served(state: State, number: CounterNumber) -> states.ServedTicket | None:
    """Return whom a counter served last to the end, as far as that was not taken back."""
    ended = (state.tickets[s.ticket] for s in reversed(state.served) if s.counter == number)
    done = (t for t in ended if t.state is TicketState.FINISHED and t.counter == number)
    ticket = next(done, None)
    if ticket is None or ticket.ended is None:
        return None
    ended_at = ticket.ended.at
    calls = (c for c in state.calls if c.counter == number and not c.withdrawn)
    later = [c.at for c in calls if c.number != ticket.number and c.at >= ended_at]
    return states.ServedTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        lang=Language.of(ticket.lang),
        ended_at=ended_at,
        followed_at=min(later, default=None),
    )


def _undelivered(view: View) -> Iterator[str]:
    """Return, for each book of a kiosk without a link, the first number nobody knows of."""
    rules = view.rules
    for book in rules.numbering.books:
        for code in rules.services if book.kiosk in view.offline_kiosks else ():
            numbers = (number_text(rules, code, n) for n in range(book.first, book.last + 1))
            yield from islice((n for n in numbers if n not in view.state.numbers), 1)


def _in_state(state: State, serves: Iterable[str], wanted: TicketState) -> list[Ticket]:
    """Return the tickets in one state, who came into it last at the end."""
    found = [t for t in state.tickets.values() if t.state is wanted and t.service in serves]
    return sorted(found, key=lambda ticket: ticket.since.at)


def _listed(view: View, ticket: Ticket, late: Container[str]) -> states.ListedTicket:
    return states.ListedTicket(
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        ticket_class=ticket.ticket_class,
        since=ticket.since.at,
        to_counter=ticket.to_counter,
        reason=ticket.reason or None,
        remind_at=ticket.remind_at,
        note=ticket.note or None,
        back_to=ticket.way_back.counter if ticket.way_back else None,
        late=ticket.id in late,
        fetch=fetch_from(view, ticket.id) is not None,
    )


def _mean_service_s(state: State, number: CounterNumber) -> float | None:
    seconds = [s.seconds for s in state.served if s.counter == number and not s.suspect]
    return round(statistics.fmean(seconds), 1) if seconds else None


def _alarms(view: View, number: CounterNumber) -> list[states.Alarm]:
    """Return what staff should know: the hall's alarms, and this counter's unheard call."""
    state = view.state
    alarms = [
        states.Alarm(kind=AlarmKind.HELP, at=request.at, source=request.place)
        for request in unanswered(state)
        if not ended(view, request.kiosk, request.at)
    ]
    alarms += [
        states.Alarm(
            kind=AlarmKind.COLLEAGUE, at=call.at.at, source=str(call.counter), detail=call.whom
        )
        for call in open_calls(state)
        if call.counter != number
    ]
    alarms += [alarm for alarm in view.alarms if not _is_settled(state, alarm)]
    alarms += [*_day_alarm(view), *_unserved(view), *_reminders(view, number)]
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
    return alarms


def _is_settled(state: State, alarm: states.Alarm) -> bool:
    """Return whether the person with the number of an alarm has been found."""
    ticket_id = state.numbers.get(TicketNumber(alarm.source))
    ticket = state.tickets[ticket_id] if ticket_id else None
    if ticket is None:
        return False
    if alarm.kind is AlarmKind.NUMBER_REFUSED:
        return ticket.state is not TicketState.VOID
    met = ticket.first_called is not None or ticket.state in OVER
    return alarm.kind is AlarmKind.PAPER_LOST and met


def _day_alarm(view: View) -> Iterator[states.Alarm]:
    """Return that a day waits for a person, since that day began."""
    if view.day_to_confirm is not None:
        begin = day_begin(view.rules, date.fromisoformat(view.day_to_confirm))
        yield states.Alarm(
            kind=AlarmKind.DAY_TO_CONFIRM, at=begin, source="service", detail=view.day_to_confirm
        )


def _reminders(view: View, number: CounterNumber) -> Iterator[states.Alarm]:
    """Return of which parked tickets this counter is reminded: those it parked.

    Of a counter that has closed since, the open ones that serve the ticket are.
    """
    state, rules = view.state, view.rules
    for ticket in state.tickets.values():
        due = ticket.remind_at
        if ticket.state is not TicketState.PARKED or due is None or due > view.now:
            continue
        by = ticket.counter or number
        own_is_shut = state.counter(by).status is CounterStatus.CLOSED
        stands_in = own_is_shut and state.counter(number).status is CounterStatus.OPEN
        if by == number or (stands_in and ticket.service in rules.counters[number]):
            yield states.Alarm(
                kind=AlarmKind.REMINDER,
                at=due,
                source=ticket.number,
                detail=ticket.reason or None,
                ticket=ticket.id,
            )


def _unserved(view: View) -> Iterator[states.Alarm]:
    """Return the services for which people wait within hours while no counter serves them."""
    state, rules = view.state, view.rules
    if not serving(rules, view.now).open:
        return
    for code in rules.services:
        line = waiting_for(state, code)
        if line and wait_range(state, rules, code, view.now) is None:
            since = min(state.tickets[place.ticket].since.at for place in line)
            yield states.Alarm(
                kind=AlarmKind.NOBODY_SERVES, at=since, source="service", detail=code
            )


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
