"""The domain's rules, read from the centre's configuration."""

from datetime import timedelta

from bus.vocabulary import TicketClass
from config.settings import Centre, Hours, Role, Service, Window
from queue_service.domain import rules as r
from queue_service.domain.values import CounterNumber, ServiceCode


def rules_from(centre: Centre) -> r.Rules:
    """Return the rules of `centre`."""
    call_rules = centre.rules
    return r.Rules(
        hours=_hours(centre),
        services={ServiceCode(s.code): _service(centre, s) for s in centre.services},
        counters={
            CounterNumber(counter.number): {
                ServiceCode(code): timedelta(minutes=penalty)
                for code, penalty in counter.serves.items()
            }
            for counter in centre.counters
        },
        head_start={
            ticket_class: timedelta(minutes=centre.classes[ticket_class].head_start_min)
            for ticket_class in TicketClass
        },
        numbering=_numbering(centre),
        choice=timedelta(seconds=call_rules.choice_s),
        kiosk_void_within=timedelta(seconds=call_rules.kiosk_void_within_s),
        kiosk_tickets_per_minute=call_rules.kiosk_tickets_per_minute,
        absent_after_recalls=call_rules.absent_after_recalls,
        late_after_numbers=call_rules.late_after_numbers,
        tell_arrivals=call_rules.tell_arrivals,
        appointment_early=timedelta(minutes=call_rules.appointment_early_min),
        appointment_late=timedelta(minutes=call_rules.appointment_late_min),
        printers=frozenset(d.id for d in centre.devices if d.role is Role.KIOSK),
        devices={device.id: device.role for device in centre.devices},
        voices=_voices(centre),
        terms=r.Terms(
            outcomes=frozenset(term.id for term in centre.matters.outcomes),
            notes=frozenset(term.id for term in centre.matters.notes),
            scenarios=frozenset(one.id for one in centre.assistance.scenarios),
        ),
    )


def _voices(centre: Centre) -> tuple[str, ...]:
    """Return the first loudspeaker of each zone: a second one only speaks in its place."""
    zones = (centre.announcers_of(counter.number)[:1] for counter in centre.counters)
    return tuple(dict.fromkeys(first.id for zone in zones for first in zone))


def _hours(centre: Centre) -> r.Hours:
    hours: Hours = centre.hours
    days = (hours.mon, hours.tue, hours.wed, hours.thu, hours.fri, hours.sat, hours.sun)
    return r.Hours(
        zone=centre.identity.zone,
        week=tuple(_spans(day) for day in days),
        holidays=frozenset(holiday.date for holiday in hours.holidays),
        issue_before_open=timedelta(minutes=hours.issue_before_open_min),
        always_open=hours.always_open,
    )


def _spans(windows: tuple[str, ...]) -> tuple[r.Span, ...]:
    parsed = [Window.parse(text) for text in windows]
    return tuple(r.Span(window.begin, window.end) for window in parsed)


def _service(centre: Centre, service: Service) -> r.ServiceRules:
    last = service.last_ticket_before_close_min
    if last is None:
        last = centre.hours.last_ticket_before_close_min
    letters = centre.numbering.style == "letter"
    return r.ServiceRules(
        code=ServiceCode(service.code),
        series=service.letter if letters else str(service.digit),
        mean_service_s=service.mean_service_min * 60,
        issue=_spans(service.issue),
        last_ticket_before_close=timedelta(minutes=last),
        daily_cap=service.daily_cap,
        first=service.number_first,
        last=service.number_last,
        step=service.number_step,
        roll=None if service.roll_last is None else r.Roll(service.roll_first, service.roll_last),
        slots=_slots(service),
    )


def _slots(service: Service) -> r.Slots | None:
    if not service.makes_appointments or service.has_roll:
        return None
    return r.Slots(
        spans=_spans(service.appointment_hours),
        length=timedelta(minutes=service.appointment_min),
        seats=service.appointment_seats,
        days_ahead=service.appointment_days_ahead,
    )


def _numbering(centre: Centre) -> r.Numbering:
    numbering = centre.numbering
    books = tuple(r.Book(book.kiosk, book.first, book.last) for book in numbering.books)
    return r.Numbering(numbering.digits, numbering.first, books)
