"""Appointments: slots, seats, and who comes when; a person is a code and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from bus.commands import MOST_SLOTS, DaySlots, Slot
from bus.vocabulary import AppointmentState
from queue_service.domain import events as e
from queue_service.domain.rules import Rules, Slots, Span
from queue_service.domain.state import Appointment, State
from queue_service.domain.values import ServiceCode

_Event = (
    e.AppointmentBooked
    | e.AppointmentMoved
    | e.AppointmentCancelled
    | e.AppointmentKept
    | e.AppointmentMissed
    | e.AppointmentsTakenUp
)
_HOLDS_A_SEAT = frozenset({AppointmentState.BOOKED, AppointmentState.CAME})


def slot_times(rules: Rules, service: ServiceCode, day: date) -> Iterator[datetime]:
    """Return when the slots of a service begin on a day: none where the centre is closed."""
    slots = rules.services[service].slots
    for begin, end in _spans(rules, slots, day) if slots else ():
        at = begin
        while slots and at + slots.length <= end:
            yield at
            at += slots.length


def free_slots(
    state: State, rules: Rules, service: ServiceCode, day: date, now: datetime
) -> DaySlots:
    """Return the slots of a day that have not begun, each with its free seats."""
    slots = rules.services[service].slots
    seats = slots.seats if slots else 0
    taken = seats_taken(state, service)
    listed = [
        Slot(at=at, seats=seats, free=max(0, seats - taken.get(at, 0)))
        for at in slot_times(rules, service, day)
        if at > now
    ]
    return DaySlots(service=service, day=day.isoformat(), slots=tuple(listed[:MOST_SLOTS]))


def seats_taken(state: State, service: ServiceCode) -> dict[datetime, int]:
    """Return how many seats of each slot of a service are kept for somebody."""
    taken: dict[datetime, int] = {}
    for appointment in state.appointments.values():
        if appointment.service == service and appointment.state in _HOLDS_A_SEAT:
            taken[appointment.at] = taken.get(appointment.at, 0) + 1
    return taken


def free_seats(state: State, rules: Rules, now: datetime) -> Iterator[tuple[ServiceCode, datetime]]:
    """Yield the slots that can be booked now, each with its service."""
    today = now.astimezone(rules.hours.zone).date()
    for code, service in rules.services.items():
        if service.slots is None:
            continue
        taken = seats_taken(state, code)
        for ahead in range(service.slots.days_ahead + 1):
            for at in slot_times(rules, code, today + timedelta(days=ahead)):
                if at > now and taken.get(at, 0) < service.slots.seats:
                    yield code, at


def missed(state: State, day: date) -> Iterator[e.AppointmentMissed]:
    """Return who had not come when the day before `day` closes."""
    for appointment in state.appointments.values():
        if appointment.state is AppointmentState.BOOKED and appointment.day < day:
            yield e.AppointmentMissed(appointment=appointment.id)


def still_to_come(state: State, day: date) -> Iterator[Appointment]:
    """Return what `day` is handed on."""
    for appointment in state.appointments.values():
        if appointment.state is AppointmentState.BOOKED and appointment.day >= day:
            yield appointment


def changed(state: State, fact: e.Fact, event: _Event) -> State:
    """Return the state after something happened to an appointment."""
    if isinstance(event, e.AppointmentsTakenUp):
        taken_up = {each.id: each for each in event.appointments}
        return replace(state, appointments={**state.appointments, **taken_up})
    if isinstance(event, e.AppointmentBooked):
        after = Appointment(
            id=event.appointment,
            service=event.service,
            day=event.day,
            at=event.at,
            booked_at=fact.at.at,
            reference=event.reference,
        )
    else:
        after = _after(state.appointments[event.appointment], event, fact.at.at)
    return replace(state, appointments={**state.appointments, after.id: after})


def _after(
    before: Appointment,
    event: e.AppointmentMoved | e.AppointmentCancelled | e.AppointmentKept | e.AppointmentMissed,
    at: datetime,
) -> Appointment:
    match event:
        case e.AppointmentMoved():
            return replace(before, service=event.service, day=event.day, at=event.at)
        case e.AppointmentCancelled():
            return replace(before, state=AppointmentState.CANCELLED)
        case e.AppointmentKept():
            came = AppointmentState.CAME
            first = before.came_at or at
            return replace(before, state=came, ticket=event.ticket, late=event.late, came_at=first)
        case e.AppointmentMissed():
            return replace(before, state=AppointmentState.MISSED)
        case _:
            assert_never(event)


def _spans(rules: Rules, slots: Slots, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Return when people are appointed on a day, as far as counters serve then."""
    hours = rules.hours
    for wanted in slots.spans:
        served = (wanted,) if hours.always_open else hours.on(day)
        for span in served:
            both = Span(max(wanted.begin, span.begin), min(wanted.end, span.end))
            if both.begin < both.end:
                begin, end = (
                    datetime.combine(day, at, hours.zone) for at in (both.begin, both.end)
                )
                yield begin.astimezone(UTC), end.astimezone(UTC)
