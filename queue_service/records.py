"""The rows that facts leave in the store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bus.vocabulary import AppointmentState, Language, TicketState
from queue_service.codec import encode_fact, kind_of
from queue_service.domain import events as e
from queue_service.domain.evolve import new_ticket
from queue_service.domain.state import Appointment, State
from queue_service.domain.tickets import Ticket
from queue_service.domain.values import AppointmentId, Mark, ServiceCode, TicketId
from wait_log.rows import AppointmentRow, Batch, CallRow, DayRow, EventRow, PrintRow, TicketRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CODES_KEPT = timedelta(days=30)
"""For so long who missed an appointment is told so, and not that the code is wrong."""


def microseconds(at: datetime) -> int:
    """Return an instant as the store keeps it."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at_us: int) -> datetime:
    """Return an instant that the store kept."""
    return _EPOCH + timedelta(microseconds=at_us)


def batch_of(before: State, steps: Sequence[tuple[e.Fact, State]]) -> Batch:
    """Return what facts, each with the state after it, write."""
    batch = Batch()
    changed: dict[TicketId, tuple[Ticket, str]] = {}
    appointed: dict[AppointmentId, Appointment] = {}
    for fact, after in steps:
        batch.events.append(_event_row(fact))
        add_rows(batch, fact)
        for appointment_id in appointments_of(fact.event):
            appointed[appointment_id] = after.appointments[appointment_id]
        for ticket_id in tickets_of(fact.event):
            ticket = after.tickets.get(ticket_id)
            if ticket is not None:
                changed[ticket_id] = (ticket, fact.day.isoformat())
    for ticket, day in changed.values():
        rows = batch.tickets if ticket.id in before.tickets else batch.new_tickets
        rows.append(ticket_row(ticket, day))
    for appointment in appointed.values():
        known = appointment.id in before.appointments
        to = batch.appointments if known else batch.new_appointments
        to.append(appointment_row(appointment))
    return batch


def appointments_of(event: e.Event) -> tuple[AppointmentId, ...]:
    """Return the appointments that an event changes; those taken up are as they were."""
    match event:
        case (
            e.AppointmentBooked()
            | e.AppointmentMoved()
            | e.AppointmentCancelled()
            | e.AppointmentKept()
            | e.AppointmentMissed()
        ):
            return (event.appointment,)
        case _:
            return ()


def appointment_row(appointment: Appointment) -> AppointmentRow:
    """Return an appointment as the store keeps it."""
    return AppointmentRow(
        id=appointment.id,
        business_day=appointment.day.isoformat(),
        service=appointment.service,
        at_us=microseconds(appointment.at),
        state=appointment.state.value,
        late=appointment.late,
        ticket=appointment.ticket,
        booked_us=microseconds(appointment.booked_at),
        reference=appointment.reference,
        came_us=None if appointment.came_at is None else microseconds(appointment.came_at),
    )


def tickets_of(event: e.Event) -> tuple[TicketId, ...]:
    """Return the tickets that an event changes."""
    match event:
        case e.TicketEvent():
            return (event.ticket,)
        case e.StepUndone():
            return event.tickets
        case e.CounterClosed():
            return event.released
        case _:
            return ()


def ticket_row(ticket: Ticket, business_day: str) -> TicketRow:
    """Return a ticket as the store keeps it."""
    return TicketRow(
        id=ticket.id,
        business_day=business_day,
        series=ticket.series,
        number=ticket.number,
        service=ticket.service,
        ticket_class=ticket.ticket_class.value,
        lang=Language.of(ticket.lang).value,
        device=ticket.device,
        offline_book=ticket.offline_book,
        state=ticket.state.value,
        order_key_us=microseconds(ticket.order_key),
        counter=ticket.counter,
        to_counter=ticket.to_counter,
        issued_us=microseconds(ticket.issued.at),
        first_called_us=_at_us(ticket.first_called),
        called_us=_at_us(ticket.called),
        started_us=_at_us(ticket.started),
        ended_us=_at_us(ticket.ended),
        wait_s=ticket.wait_s,
        served_s=ticket.served_s,
        clock_suspect=ticket.clock_suspect,
        calls=ticket.calls,
        reason=ticket.reason,
        day_closed=ticket.day_closed,
    )


def appointment_from(row: AppointmentRow) -> Appointment:
    """Return an appointment as the store kept it."""
    return Appointment(
        id=AppointmentId(row.id),
        service=ServiceCode(row.service),
        day=date.fromisoformat(row.business_day),
        at=instant(row.at_us),
        booked_at=instant(row.booked_us),
        state=AppointmentState(row.state),
        ticket=None if row.ticket is None else TicketId(row.ticket),
        late=row.late,
        reference=row.reference,
        came_at=None if row.came_us is None else instant(row.came_us),
    )


def late_ticket(fact: e.Fact, event: e.TicketIssued) -> Ticket:
    """Return a ticket that arrived from a book after its day had closed."""
    return replace(
        new_ticket(fact, event),
        state=TicketState.VOID,
        ended=fact.at,
        since=fact.at,
        reason="day_closed",
        day_closed=True,
    )


def _event_row(fact: e.Fact) -> EventRow:
    return EventRow(
        seq=fact.seq,
        at_us=microseconds(fact.at.at),
        business_day=fact.day.isoformat(),
        kind=kind_of(fact.event),
        body=encode_fact(fact),
    )


def add_rows(batch: Batch, fact: e.Fact) -> None:
    """Add the rows that a fact leaves besides its own and those of tickets of the day."""
    event = fact.event
    match event:
        case e.TicketCalled() | e.TicketRecalled():
            batch.calls.append(_call_row(fact, event))
        case e.StepUndone():
            batch.withdrawn += event.withdrawn
        case e.PrintReported():
            batch.prints.append(_print_row(fact, event))
        case e.DayOpened():
            day = DayRow(event.business_day.isoformat(), fact.seq, microseconds(fact.at.at))
            batch.days.append(day)
            batch.forget_codes_before = (event.business_day - _CODES_KEPT).isoformat()
        case e.TicketIssued() if event.business_day != fact.day:
            row = ticket_row(late_ticket(fact, event), event.business_day.isoformat())
            batch.new_tickets.append(row)
        case _:
            pass


def _call_row(fact: e.Fact, event: e.TicketCalled | e.TicketRecalled) -> CallRow:
    return CallRow(
        call_seq=event.call_seq,
        business_day=fact.day.isoformat(),
        ticket=event.ticket,
        number=event.number,
        counter=event.counter,
        service=event.service,
        ticket_class=event.ticket_class.value,
        repeat=event.repeat if isinstance(event, e.TicketRecalled) else 0,
        at_us=microseconds(fact.at.at),
    )


def _print_row(fact: e.Fact, event: e.PrintReported) -> PrintRow:
    return PrintRow(
        seq=fact.seq,
        ticket=event.ticket,
        device=fact.device,
        at_us=microseconds(fact.at.at),
        outcome=event.outcome,
        reason=event.reason,
        copy=event.copy,
    )


def _at_us(mark: Mark | None) -> int | None:
    return None if mark is None else microseconds(mark.at)
