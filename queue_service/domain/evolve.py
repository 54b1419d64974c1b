"""What an event does to a ticket: the state side of the table of legal steps."""

from dataclasses import replace

from bus.vocabulary import CounterStatus, ReturnTo, TicketState
from queue_service.domain import events as e
from queue_service.domain.announcing import awaits_announcement
from queue_service.domain.lines import with_ticket
from queue_service.domain.state import Call, Counter, Served, State, Unannounced
from queue_service.domain.tickets import AT_COUNTER, RollPlace, Ticket, WayBack
from queue_service.domain.values import CounterNumber, Elapsed, Mark, TicketId, elapsed

KEPT_CALLS = 40


def put(state: State, ticket: Ticket) -> State:
    """Return the state with `ticket` as it is now, lines and counters included."""
    before = state.tickets.get(ticket.id)
    counters = state.counters
    held = before.counter if before and before.state in AT_COUNTER else None
    holds = ticket.counter if ticket.state in AT_COUNTER else None
    if held != holds:
        changed = dict(counters)
        if held is not None:
            changed[held] = replace(changed[held], current=None, free_since=ticket.since.at)
        if holds is not None:
            changed[holds] = replace(changed.get(holds, Counter()), current=ticket.id)
        counters = changed
    return replace(
        state,
        tickets={**state.tickets, ticket.id: ticket},
        lines=with_ticket(state.lines, before, ticket),
        counters=counters,
    )


def with_counter(state: State, number: CounterNumber, counter: Counter) -> State:
    """Return the state with one counter changed."""
    return replace(state, counters={**state.counters, number: counter})


def issued(state: State, fact: e.Fact, event: e.TicketIssued) -> State:
    """Add a ticket; one of another day is kept by the store alone."""
    if event.provisional:
        pass  # a mistyped number must not use the book up
    elif event.adopted:
        state = replace(state, active=fact.at)
    elif event.offline_book:
        if event.business_day == state.day:
            state = _with_book_mark(state, event)
    else:
        state = replace(
            state, serials={**state.serials, event.service: event.serial}, active=fact.at
        )
    if event.business_day != state.day:
        return state
    state = replace(state, numbers={**state.numbers, event.number: event.ticket})
    return put(state, new_ticket(fact, event))


def new_ticket(fact: e.Fact, event: e.TicketIssued) -> Ticket:
    """Return the ticket that an issue makes."""
    mark = _given_at(fact, event)
    return Ticket(
        id=event.ticket,
        number=event.number,
        series=event.series,
        service=event.service,
        ticket_class=event.ticket_class,
        lang=event.language or event.lang,
        device=event.device,
        command=event.command,
        offline_book=event.offline_book,
        issued=mark,
        base=event.issued_at,
        order_key=event.order_key,
        place=fact.seq,
        since=mark,
        touched=fact.seq,
        clock_suspect=event.clock_suspect,
        provisional=event.provisional,
        adopted=event.adopted,
        roll=_roll_place(event),
        state=TicketState.VOID if event.provisional else TicketState.WAITING,
        ended=fact.at if event.provisional else None,
    )


def _roll_place(event: e.TicketIssued) -> RollPlace | None:
    if event.roll_turn is None:
        return None
    return RollPlace(event.roll_turn, event.serial, event.service, event.roll_typed)


def delivered(state: State, fact: e.Fact, event: e.TicketDelivered) -> State:
    """Complete a ticket that was called before its kiosk could deliver it."""
    ticket = state.tickets[event.ticket]
    mark = _given_at(fact, event)
    changed = replace(
        ticket,
        ticket_class=event.ticket_class,
        lang=event.language or event.lang,
        device=event.device,
        command=event.command,
        issued=mark,
        clock_suspect=ticket.clock_suspect or event.clock_suspect,
        provisional=False,
        touched=fact.seq,
    )
    if ticket.first_called is not None:
        wait = elapsed(mark, ticket.first_called)
        suspect = changed.clock_suspect or wait.suspect
        changed = replace(changed, wait_s=wait.seconds, clock_suspect=suspect)
    elif ticket.state is TicketState.VOID:  # its call was taken back
        changed = replace(changed, state=TicketState.WAITING, ended=None, since=mark)
    if ticket.state is not TicketState.WAITING:  # else it stands where staff have put it
        changed = replace(changed, base=event.issued_at, order_key=event.order_key)
    return put(_with_book_mark(state, event), changed)


def _with_book_mark(state: State, event: e.TicketIssued | e.TicketDelivered) -> State:
    mark = (event.device, event.service)
    highest = max(state.books.get(mark, 0), event.serial)
    return replace(state, books={**state.books, mark: highest})


def _given_at(fact: e.Fact, event: e.TicketIssued | e.TicketDelivered) -> Mark:
    age_s = (fact.at.at - event.issued_at).total_seconds()
    return Mark(event.issued_at, fact.at.mono - age_s, fact.at.boot)


def restored(state: State, fact: e.Fact, event: e.Restored) -> State:
    """Go on above the numbers that were passed over."""
    serials, books = dict(state.serials), dict(state.books)
    for gap in event.gaps:
        serials[gap.service] = max(gap.last, serials.get(gap.service, 0))
    for book in event.books:
        mark = (book.kiosk, book.service)
        books[mark] = max(book.highest, books.get(mark, 0))
    since = state.restored if event.heard_of and state.restored else fact.at
    gaps = (*state.gaps, *event.gaps)
    return replace(state, serials=serials, books=books, gaps=gaps, restored=since)


def called(state: State, fact: e.Fact, event: e.TicketCalled | e.TicketRecalled) -> State:
    """Call a person, for the first time or once more."""
    ticket = state.tickets[event.ticket]
    repeat = event.repeat if isinstance(event, e.TicketRecalled) else 0
    call = Call(
        event.call_seq,
        ticket.number,
        event.counter,
        ticket.service,
        ticket.ticket_class,
        ticket.lang,
        repeat,
        fact.at.at,
    )
    calls = (*state.calls[-KEPT_CALLS:], call)
    state = replace(state, call_seq=event.call_seq, calls=calls, active=fact.at)
    changed = replace(
        ticket if ticket.first_called else _first_called(ticket, fact.at),
        state=TicketState.CALLED,
        counter=event.counter,
        to_counter=None,
        called=fact.at,
        calls=ticket.calls + 1 if repeat else 1,
        call_seq=event.call_seq,
        since=ticket.since if repeat else fact.at,
        announced=None,
        awaited=None,
        started=None,
        ended=None,
        remind_at=None,
        parked_s=_parked_s(ticket, fact.at),
        touched=fact.seq,
    )
    return put(state, changed)


def _parked_s(ticket: Ticket, now: Mark) -> float | None:
    """Return how long a ticket that is called was parked; a recall tells what is known."""
    if ticket.state is TicketState.PARKED:
        return elapsed(ticket.since, now).seconds
    return ticket.parked_s if ticket.state is TicketState.CALLED else None


def _first_called(ticket: Ticket, now: Mark) -> Ticket:
    if ticket.provisional:
        return replace(ticket, first_called=now)
    wait = elapsed(ticket.issued, now)
    return replace(
        ticket,
        first_called=now,
        wait_s=wait.seconds,
        clock_suspect=ticket.clock_suspect or wait.suspect,
    )


def started(state: State, fact: e.Fact, event: e.ServingStarted) -> State:
    """Begin to serve."""
    ticket = state.tickets[event.ticket]
    state = replace(state, active=fact.at)
    return put(
        state,
        replace(
            ticket,
            state=TicketState.SERVING,
            started=fact.at,
            since=fact.at,
            touched=fact.seq,
        ),
    )


def settled(state: State, fact: e.Fact, event: e.TicketFinished | e.TicketParked) -> State:
    """End a stretch of service, for good or until the person is called again."""
    ticket = state.tickets[event.ticket]
    day_closed = isinstance(event, e.TicketFinished) and event.day_closed
    finished = isinstance(event, e.TicketFinished)
    spent = _spent(ticket, fact)
    if not day_closed:
        state = _with_stretch(state, fact, ticket, event.counter, finished=finished)
    changed = replace(
        ticket,
        state=TicketState.FINISHED if finished else TicketState.PARKED,
        since=fact.at,
        ended=fact.at if finished else None,
        served_s=(ticket.served_s or 0.0) + spent.seconds,
        clock_suspect=ticket.clock_suspect or spent.suspect,
        reason=event.reason if isinstance(event, e.TicketParked) else ticket.reason,
        remind_at=event.remind_at if isinstance(event, e.TicketParked) else None,
        day_closed=day_closed,
        touched=fact.seq,
    )
    note = event.note if isinstance(event, e.TicketParked) else ""
    return put(state, _with_note(changed, ticket, event.counter, note))


def reminder_postponed(state: State, event: e.ReminderPostponed) -> State:
    """Be reminded later; it is nobody's step and stands in no row."""
    ticket = state.tickets[event.ticket]
    return put(state, replace(ticket, remind_at=event.remind_at))


def _spent(ticket: Ticket, fact: e.Fact) -> Elapsed:
    return elapsed(ticket.started or ticket.called or ticket.since, fact.at)


def _with_stretch(
    state: State, fact: e.Fact, ticket: Ticket, counter: CounterNumber, *, finished: bool
) -> State:
    """Remember how long a counter served somebody, for the pace of today."""
    spent = _spent(ticket, fact)
    stretch = Served(
        fact.seq, ticket.id, counter, ticket.service, spent.seconds, spent.suspect, finished
    )
    return replace(state, served=(*state.served, stretch), active=fact.at)


def _with_note(ticket: Ticket, before: Ticket, counter: CounterNumber | None, note: str) -> Ticket:
    """Return a ticket with its note: a new one, or that which nobody has had before him yet."""
    if note:
        return replace(ticket, note=note, note_from=counter)
    if before.state in AT_COUNTER:
        return replace(ticket, note="", note_from=None)
    return ticket


def absent(state: State, fact: e.Fact, event: e.TicketAbsent) -> State:
    """Note that a called person did not come."""
    ticket = state.tickets[event.ticket]
    changed = replace(ticket, state=TicketState.ABSENT, since=fact.at, touched=fact.seq)
    return put(replace(state, active=fact.at), changed)


def transferred(state: State, fact: e.Fact, event: e.TicketTransferred) -> State:
    """Put a ticket into another line, its key kept; a new leg of waiting begins."""
    ticket = state.tickets[event.ticket]
    if event.came_back:
        state = _with_stretch(state, fact, ticket, event.counter, finished=True)
    moved = replace(
        ticket,
        service=event.to_service,
        to_counter=event.to_counter,
        way_back=_way_back(ticket, event),
    )
    moved = _with_note(moved, ticket, event.counter, event.note)
    return put(state, back_in_line(moved, fact))


def _way_back(ticket: Ticket, event: e.TicketTransferred) -> WayBack | None:
    """Return where a ticket still returns: not when it is sent there."""
    if event.back_to is not None:
        return WayBack(event.back_to, ticket.service)
    way = ticket.way_back
    there = way is not None and way.counter == event.to_counter
    return None if event.came_back or there else way


def returned(state: State, fact: e.Fact, event: e.TicketReturned) -> State:
    """Put a ticket back in line."""
    before = state.tickets[event.ticket]
    ticket = replace(before, order_key=event.order_key)
    if event.to is ReturnTo.END:
        ticket = replace(ticket, base=fact.at.at)
    ticket = _with_note(ticket, before, before.counter, event.note)
    return put(state, back_in_line(ticket, fact))


def back_in_line(ticket: Ticket, fact: e.Fact) -> Ticket:
    """Return a ticket that waits (again)."""
    return replace(
        ticket,
        state=TicketState.WAITING,
        counter=None,
        called=None,
        announced=None,
        awaited=None,
        started=None,
        calls=0,
        since=ticket.since if ticket.state is TicketState.WAITING else fact.at,
        reason="",
        remind_at=None,
        parked_s=None,
        touched=fact.seq,
    )


def class_set(state: State, fact: e.Fact, event: e.ClassSet) -> State:
    """Give a ticket another class, and the key that goes with it."""
    ticket = state.tickets[event.ticket]
    changed = replace(
        ticket,
        ticket_class=event.to_class,
        order_key=event.order_key,
        touched=fact.seq,
    )
    return put(state, changed)


def voided(state: State, fact: e.Fact, event: e.TicketVoided) -> State:
    """Take a ticket out of the line for good."""
    ticket = state.tickets.get(event.ticket)
    if ticket is None:
        return state
    changed = replace(
        ticket,
        state=TicketState.VOID,
        ended=fact.at,
        since=fact.at,
        reason=event.reason,
        remind_at=None,
        day_closed=event.day_closed,
        touched=fact.seq,
    )
    return put(state, changed)


def released(state: State, fact: e.Fact, tickets: tuple[TicketId, ...]) -> State:
    """Send tickets meant for one counter back to their service."""
    for ticket_id in tickets:
        ticket = replace(state.tickets[ticket_id], to_counter=None, touched=fact.seq)
        state = put(state, ticket)
    return state


def undone(state: State, fact: e.Fact, event: e.StepUndone) -> State:
    """Make a counter's tickets what they were before its last step."""
    counter = state.counter(event.counter)
    step = counter.step
    if step is None or step.first != event.step:
        raise ValueError(f"event {fact.seq} undoes step {event.step}, which is not the last")
    calls = tuple(
        replace(call, withdrawn=True) if call.call_seq in event.withdrawn else call
        for call in state.calls
    )
    served = tuple(
        stretch
        for stretch in state.served
        if not (stretch.seq >= event.step and stretch.ticket in event.tickets)
    )
    state = replace(state, calls=calls, served=served)
    state = with_counter(state, event.counter, replace(counter, step=None))
    # Those who go back to a line first, so that the counter is free for the one it had.
    for ticket in sorted(step.before, key=lambda ticket: ticket.state in AT_COUNTER):
        present = state.tickets[ticket.id]
        same_call = ticket.call_seq == present.call_seq
        announced = present.announced if same_call else ticket.announced
        back = replace(ticket, announced=announced, touched=fact.seq)
        if awaits_announcement(back) and not awaits_announcement(present):
            back = replace(back, awaited=fact.at)
        state = put(state, back)
    return state


def announced(state: State, fact: e.Fact, event: e.CallAnnounced) -> State:
    """Note when the person at a counter could have seen and heard the call.

    This is nobody's step: it does not stand in the way of taking one back.
    """
    current = state.counter(event.counter).current
    ticket = state.tickets[current] if current else None
    if ticket is None or ticket.call_seq != event.call_seq or not awaits_announcement(ticket):
        return state
    return put(state, replace(ticket, announced=fact.at))


def unannounced(state: State, fact: e.Fact, event: e.CallUnannounced) -> State:
    """Note what a counter's call lacks, besides what it is known to lack."""
    known = state.unannounced.get(event.counter)
    note = Unannounced(
        call_seq=event.call_seq,
        number=event.number,
        at=fact.at.at,
        missing=frozenset(event.missing.split(",")),
        devices=event.devices,
    )
    if known and known.call_seq == note.call_seq:
        devices = tuple(dict.fromkeys((*known.devices, *note.devices)))
        note = replace(note, at=known.at, missing=known.missing | note.missing, devices=devices)
    return replace(state, unannounced={**state.unannounced, event.counter: note})


def opened(state: State, fact: e.Fact, number: CounterNumber) -> State:
    """Open a counter."""
    counter = replace(
        state.counter(number),
        free_since=fact.at.at,
        status=CounterStatus.OPEN,
        reason=None,
        until=None,
        was_open=True,
    )
    return with_counter(state, number, counter)
