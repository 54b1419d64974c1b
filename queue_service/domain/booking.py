"""Seats that staff keep for people, and the numbers of those who come by their code."""

from datetime import date, datetime, timedelta

from bus import commands as c
from bus.codec import plain
from bus.codes import reference_digest
from bus.commands import MOST_APPOINTMENTS
from bus.vocabulary import AppointmentState, Error, TicketClass, TicketState, WhyNoAppointment
from queue_service.domain import events as e
from queue_service.domain.appointments import free_slots, seats_taken, slot_times
from queue_service.domain.context import Context, Decision, known_counter
from queue_service.domain.devices import PRINT_SLIP, orders_of_late
from queue_service.domain.issue import issue_appointed, issue_ticket
from queue_service.domain.rules import Rules, Slots
from queue_service.domain.state import Appointment, State
from queue_service.domain.values import AppointmentId, Refusal, ServiceCode

_MOST_SLIPS = 12
"""What one printer prints of them in a minute: paper has an end."""

_EXPECTED = frozenset({AppointmentState.BOOKED, AppointmentState.CAME})

_ERRORS = {
    WhyNoAppointment.WRONG_CODE: Error.UNKNOWN,
    WhyNoAppointment.CANCELLED: Error.UNKNOWN,
    WhyNoAppointment.PAST: Error.EXPIRED,
    WhyNoAppointment.OTHER_DAY: Error.NOT_ALLOWED,
    WhyNoAppointment.EARLY: Error.NOT_ALLOWED,
    WhyNoAppointment.LATE: Error.EXPIRED,
    WhyNoAppointment.USED: Error.CONFLICT,
    WhyNoAppointment.TRIES: Error.TOO_FAST,
    WhyNoAppointment.NO_SLOT: Error.UNKNOWN,
    WhyNoAppointment.SLOT_PAST: Error.EXPIRED,
    WhyNoAppointment.SLOT_FULL: Error.FULL,
    WhyNoAppointment.TOO_MANY: Error.FULL,
    WhyNoAppointment.KNOWN: Error.CONFLICT,
}


def no_appointment(
    why: WhyNoAppointment,
    appointment: Appointment | None = None,
    *,
    opens_at: datetime | None = None,
    number: str | None = None,
    code: str | None = None,
) -> Refusal:
    """Return the refusal that says why, and as much of the appointment as helps."""
    told = c.AppointmentRefusal(
        why=why,
        at=appointment.at if appointment else None,
        service=appointment.service if appointment else None,
        opens_at=opens_at,
        number=number,
        code=code,
    )
    return Refusal(_ERRORS[why], str(why), plain(told))


def list_slots(state: State, rules: Rules, command: c.ListSlots, context: Context) -> Decision:
    """Answer which seats of a day are free; a day too far ahead has none."""
    service = _service(rules, command.service)
    day, now = _day(command.day), context.now.at
    slots = rules.services[service].slots
    if slots is None or not _within(rules, slots, day, now):
        none = c.DaySlots(service=service, day=day.isoformat())
        return Decision(answer=plain(none))
    return Decision(answer=plain(free_slots(state, rules, service, day, now)))


def book_appointment(
    state: State, rules: Rules, command: c.BookAppointment, context: Context
) -> Decision:
    """Keep a seat of a slot."""
    service = _service(rules, command.service)
    reference = reference_digest(command.reference or "")
    for other in state.appointments.values() if reference else ():
        if other.reference == reference and other.state is not AppointmentState.CANCELLED:
            code = context.code_of(other.id)
            raise no_appointment(WhyNoAppointment.KNOWN, other, code=code)
    booked = sum(each.state is AppointmentState.BOOKED for each in state.appointments.values())
    if booked >= MOST_APPOINTMENTS:
        raise no_appointment(WhyNoAppointment.TOO_MANY)
    event = e.AppointmentBooked(
        appointment=AppointmentId(context.new_id()),
        service=service,
        day=_require_seat(state, rules, service, command.at, context),
        at=command.at,
        reference=reference,
    )
    return Decision((event,))


def find_appointment(
    state: State, _rules: Rules, command: c.FindAppointment, context: Context
) -> Decision:
    """Answer what the appointment with a code is."""
    found = _by_code(state, command.code, context)
    result = c.AppointmentResult(
        appointment=found.id,
        service=found.service,
        at=found.at,
        code=command.code,
        state=found.state,
        ticket=_number_given(state, found),
    )
    return Decision(answer=plain(result))


def move_appointment(
    state: State, rules: Rules, command: c.MoveAppointment, context: Context
) -> Decision:
    """Give an appointment another slot."""
    appointment = _open(state, command.appointment)
    service = _service(rules, command.service or appointment.service)
    if (service, command.at) == (appointment.service, appointment.at):
        return Decision()
    day = _require_seat(state, rules, service, command.at, context)
    event = e.AppointmentMoved(appointment=appointment.id, service=service, day=day, at=command.at)
    return Decision((event,))


def cancel_appointment(
    state: State, _rules: Rules, command: c.CancelAppointment, _context: Context
) -> Decision:
    """Give a seat back."""
    appointment = _open(state, command.appointment)
    return Decision((e.AppointmentCancelled(appointment=appointment.id),))


def list_appointments(
    state: State, rules: Rules, command: c.ListAppointments, context: Context
) -> Decision:
    """Answer who is expected today for the services of a counter."""
    serves = rules.counters[known_counter(rules, command.counter)]
    today = context.now.at.astimezone(rules.hours.zone).date()
    there = [
        each
        for each in state.appointments.values()
        if each.day == today and each.service in serves and each.state in _EXPECTED
    ]
    there.sort(key=lambda each: (each.state is not AppointmentState.BOOKED, each.at))
    listed = sorted(there[: c.MOST_EXPECTED], key=lambda each: each.at)
    answer = c.DayAppointments(
        day=today.isoformat(),
        appointments=tuple(
            c.ListedAppointment(
                appointment=each.id,
                service=each.service,
                at=each.at,
                state=each.state,
                late=each.late,
                ticket=_number_given(state, each),
            )
            for each in listed
        ),
        total=len(there),
    )
    return Decision(answer=plain(answer))


def print_appointment(
    state: State, rules: Rules, command: c.PrintAppointment, context: Context
) -> Decision:
    """Have a kiosk print a slip; its code goes there with the order, past the log."""
    appointment = _open(state, command.appointment)
    if command.print_on not in rules.printers:
        raise Refusal(Error.UNKNOWN, f"no printer {command.print_on} - at $.print_on")
    recent = orders_of_late(state, context, command.print_on)
    if sum(order.does == PRINT_SLIP for order in recent) >= _MOST_SLIPS:
        raise Refusal(Error.TOO_FAST, f"{command.print_on} prints {_MOST_SLIPS} slips a minute")
    ordered = e.DeviceOrdered(
        device=command.print_on, does=PRINT_SLIP, text=appointment.id, lang=str(command.lang)
    )
    return Decision((ordered,))


def check_in(state: State, rules: Rules, command: c.CheckIn, context: Context) -> Decision:
    """Give the number of whoever comes with a code: early enough, and not too late."""
    appointment = _by_code(state, command.code, context)
    number = _number_given(state, appointment)
    if appointment.state is AppointmentState.CANCELLED:
        raise no_appointment(WhyNoAppointment.CANCELLED)
    if number is not None:
        raise no_appointment(WhyNoAppointment.USED, appointment, number=number)
    service, now = _service(rules, appointment.service), context.now.at
    opens_at = appointment.at - rules.appointment_early
    if now < opens_at:
        today = now.astimezone(rules.hours.zone).date() == appointment.day
        why = WhyNoAppointment.EARLY if today else WhyNoAppointment.OTHER_DAY
        raise no_appointment(why, appointment, opens_at=opens_at)
    late = now > appointment.at + rules.appointment_late
    if late and not command.as_normal:
        raise no_appointment(WhyNoAppointment.LATE, appointment)
    ticket = c.IssueTicket(service=service, lang=command.lang, print_on=command.print_on)
    if late:
        issued = issue_ticket(state, rules, ticket, context)
    else:
        appointed = c.IssueTicket(
            service=service,
            ticket_class=TicketClass.APPOINTMENT,
            appointment_at=appointment.at,
            lang=command.lang,
            print_on=command.print_on,
        )
        issued = issue_appointed(state, rules, appointed, context)
    first = issued.events[0]
    if not isinstance(first, e.TicketIssued):  # what is issued without a number of its own is
        raise TypeError(first)
    kept = e.AppointmentKept(appointment=appointment.id, ticket=first.ticket, late=late)
    return Decision((kept, *issued.events))


def _service(rules: Rules, code: str) -> ServiceCode:
    if ServiceCode(code) not in rules.services:
        raise Refusal(Error.UNKNOWN, f"no service {code}")
    return ServiceCode(code)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(Error.INVALID, f"{error} - at $.day") from error


def _within(rules: Rules, slots: Slots, day: date, now: datetime) -> bool:
    today = now.astimezone(rules.hours.zone).date()
    return today <= day <= today + timedelta(days=slots.days_ahead)


def _require_seat(
    state: State, rules: Rules, service: ServiceCode, at: datetime, context: Context
) -> date:
    """Return the day of a slot with a free seat, or refuse."""
    day, now = at.astimezone(rules.hours.zone).date(), context.now.at
    slots = rules.services[service].slots
    if at <= now:
        raise no_appointment(WhyNoAppointment.SLOT_PAST)
    if slots is None or not _within(rules, slots, day, now):
        raise no_appointment(WhyNoAppointment.NO_SLOT)
    if at not in slot_times(rules, service, day):
        raise no_appointment(WhyNoAppointment.NO_SLOT)
    if seats_taken(state, service).get(at, 0) >= slots.seats:
        raise no_appointment(WhyNoAppointment.SLOT_FULL)
    return day


def _by_code(state: State, code: str, context: Context) -> Appointment:
    """Return the appointment with a code, or refuse; the state has none of a day that is over."""
    appointment_id = context.appointment_of(code)
    if appointment_id is None:
        raise no_appointment(WhyNoAppointment.WRONG_CODE)
    appointment = state.appointments.get(appointment_id)
    if appointment is None or appointment.state is AppointmentState.MISSED:
        raise no_appointment(WhyNoAppointment.PAST)
    return appointment


def _open(state: State, appointment_id: str) -> Appointment:
    appointment = state.appointments.get(AppointmentId(appointment_id))
    if appointment is None:
        raise Refusal(Error.UNKNOWN, f"no appointment {appointment_id}")
    if appointment.state is not AppointmentState.BOOKED:
        raise Refusal(Error.NOT_ALLOWED, f"the appointment is {appointment.state}")
    return appointment


def _number_given(state: State, appointment: Appointment) -> str | None:
    """Return the number that an appointment was given, unless it was given up again."""
    ticket = state.tickets.get(appointment.ticket) if appointment.ticket else None
    if ticket is None or ticket.state is TicketState.VOID:
        return None
    return ticket.number
