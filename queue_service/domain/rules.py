"""What a centre has laid down: services, counters, hours, head starts, numbering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta, tzinfo

from bus.vocabulary import Role, TicketClass
from queue_service.domain.values import CounterNumber, ServiceCode


@dataclass(frozen=True, slots=True)
class Span:
    """A span of local time within one day."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Hours:
    """When counters serve; Monday first."""

    zone: tzinfo
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    issue_before_open: timedelta = timedelta()
    always_open: bool = False

    def on(self, day: date) -> tuple[Span, ...]:
        """Return the service hours of `day`, empty when closed."""
        return () if day in self.holidays else self.week[day.weekday()]


@dataclass(frozen=True, slots=True)
class Roll:
    """The numbers of a printed roll from which people tear theirs."""

    first: int
    last: int

    def __contains__(self, serial: int) -> bool:
        """Return whether a number is on the roll."""
        return self.first <= serial <= self.last


@dataclass(frozen=True, slots=True)
class Slots:
    """The times to which a service appoints people."""

    spans: tuple[Span, ...]
    length: timedelta
    seats: int
    days_ahead: int


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """One service: its numbers, pace, hours and cap."""

    code: ServiceCode
    series: str
    """What its numbers begin with."""
    mean_service_s: float = 600.0
    issue: tuple[Span, ...] = ()
    last_ticket_before_close: timedelta = timedelta()
    daily_cap: int | None = None
    first: int | None = None
    """Its first number; None for that of the centre."""
    last: int | None = None
    """Its last number; None for the highest that can be written."""
    step: int = 1
    roll: Roll | None = None
    """Its numbers are torn from a roll: it gives none."""
    slots: Slots | None = None
    """None appoints nobody."""


@dataclass(frozen=True, slots=True)
class Book:
    """The numbers a kiosk may give while the service does not answer."""

    kiosk: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """How numbers run."""

    digits: int = 3
    first: int = 1
    books: tuple[Book, ...] = ()

    @property
    def last(self) -> int:
        """Return the highest number that can be written."""
        return int(10**self.digits) - 1


@dataclass(frozen=True, slots=True)
class Terms:
    """The ids of the site's short lists."""

    outcomes: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    scenarios: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything the domain decides by."""

    hours: Hours
    services: Mapping[ServiceCode, ServiceRules]
    counters: Mapping[CounterNumber, Mapping[ServiceCode, timedelta]]
    """What each counter serves, with the penalty of helping out."""
    head_start: Mapping[TicketClass, timedelta]
    numbering: Numbering = Numbering()
    choice: timedelta = timedelta(seconds=20)
    """How long after its announcement a called person may still be on the way."""
    kiosk_void_within: timedelta = timedelta(seconds=60)
    kiosk_tickets_per_minute: int = 0
    absent_after_recalls: int = 0
    """Absent by itself after so many repeated calls; 0 is never."""
    late_after_numbers: int = 0
    """To the end of the line after so many numbers; 0 is never."""
    tell_arrivals: bool = True
    appointment_early: timedelta = timedelta(minutes=30)
    """How long before an appointment its number is given."""
    appointment_late: timedelta = timedelta(minutes=15)
    """How long after its time it still counts."""
    printers: frozenset[str] = frozenset()
    """Devices that can print a ticket on request."""

    terms: Terms = Terms()
    devices: Mapping[str, Role] = field(default_factory=dict)
    voices: tuple[str, ...] = ()
    """The first loudspeaker of each zone."""

    def first_serial(self, service: ServiceCode) -> int:
        """Return the first number of a service's main series."""
        first = self.services[service].first
        return self.numbering.first if first is None else first

    def last_serial(self, service: ServiceCode) -> int:
        """Return the last number of a service's main series."""
        last = self.services[service].last
        return self.numbering.last if last is None else min(last, self.numbering.last)

    def serving(self, service: ServiceCode) -> list[CounterNumber]:
        """Return the counters that serve `service`."""
        return [number for number, serves in self.counters.items() if service in serves]
