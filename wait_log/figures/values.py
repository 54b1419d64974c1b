"""What is asked of the wait log, and what it answers.

A wait is the time from issue to first call; service time runs from the start (else the call) to
the end, walking time from the last call to the start. The median is the middle value (the mean of
the two middle ones), P90 the smallest value that at least 90 % of the values do not exceed. Every
ticket issued is counted once: `issued = served + absent + absent_unclear + void + pending`.

What is doubtful is counted, listed, and left out of times by rule: a record over a doubtful clock
of all of them; a ticket that the closing of the day ended, and a service over four hours, of the
service times alone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from wait_log.figures.appointments import AppointmentCell
from wait_log.periods import Period

WITHIN_S = (15 * 60, 20 * 60)
OVER_S = 30 * 60
LONG_SERVICE_S = 4 * 60 * 60
LISTED = 20
"""How many doubtful records of a kind are listed."""


class Origin(StrEnum):
    """Where a number came from."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    """Given by staff: at a counter's window or on a page."""
    OFFLINE = "offline"
    """From the book of a kiosk that the service did not answer."""


class Doubt(StrEnum):
    """Why a record is doubtful."""

    CLOCK = "clock"
    """A clock was set, or the machine started again, in between."""
    UNFINISHED = "unfinished"
    """Nobody ended it: the closing of the day did."""
    LONG_SERVICE = "long_service"
    """A service of more than four hours."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tickets are asked for; an empty set is all."""

    period: Period
    services: frozenset[str] = frozenset()
    counters: frozenset[int] = frozenset()
    classes: frozenset[str] = frozenset()
    origins: frozenset[Origin] = frozenset()
    lunch: bool = True
    """Whether the break between the hours of a day counts as waiting."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, over those records that are sure."""

    count: int = 0
    mean_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None
    approximate: bool = False
    """Whether median and P90 are within `histograms.ERROR` instead of exact."""


@dataclass(frozen=True, slots=True)
class Waits(Times):
    """How long people waited; the limits are in minutes."""

    within_15: int = 0
    within_20: int = 0
    over_30: int = 0

    def share(self, some: int) -> float | None:
        """Return what part of the waits `some` of them are, None when there are none."""
        return some / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of some tickets."""

    issued: int = 0
    served: int = 0
    absent: int = 0
    absent_unclear: int = 0
    """Absences that a keypad without a choice left unclear."""
    void: int = 0
    pending: int = 0
    """In line, parked or at a counter: their day is not over."""
    priority: int = 0
    appointments: int = 0
    from_counters: int = 0
    offline: int = 0
    waits: Waits = Waits()
    service: Times = Times()
    walking: Times = Times()
    without_counter: int = 0
    """Who waited a minute or more, within the hours, while no counter for them was open."""
    without_counter_s: float = 0.0
    """The seconds of all who so waited."""

    @property
    def from_kiosks(self) -> int:
        """Return how many numbers a kiosk gave that had the service's answer."""
        return self.issued - self.from_counters - self.offline


@dataclass(frozen=True, slots=True)
class MatterFigures:
    """What matters came to: counted are contacts, each of the counter that had it."""

    ends: int = 0
    """Services that were ended at a counter, also those of a way back."""
    outcomes: tuple[tuple[str, int], ...] = ()
    """How often each outcome was given, the most frequent first."""
    parked: int = 0
    again: int = 0
    """Of the parked, those who were called again."""
    ended_again: int = 0
    """Of these, those for whom that second contact was the last: one visit, one promise."""
    away: Times = Times()
    """From being parked to the second contact."""
    sent: int = 0
    """Sent to another field with a way back."""
    back: int = 0
    """Of the sent, those who were called again where they came from."""
    trip: Times = Times()
    """From being sent to that call."""
    leg_waits: Times = Times()
    """Waits of those who were sent to another counter or back."""
    leg_service: Times = Times()
    """Their service there."""
    by_time: int = 0
    """Calls that ended as absent by the rule of repeated calls, without anybody's press."""

    @property
    def recorded(self) -> int:
        """Return how many ends have an outcome."""
        return sum(count for _, count in self.outcomes)


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service, which a transferred ticket had last."""

    service: str
    tally: Tally
    open_s: float
    """How long at least one counter that serves it was open."""
    counter_s: float
    """The same of all such counters together."""


@dataclass(frozen=True, slots=True)
class CounterFigures:
    """One counter, which had the ticket last."""

    counter: int
    tally: Tally
    open_s: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One business day."""

    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One calendar month, or the days of it that are in the period."""

    first: date
    last: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class HourFigures:
    """One hour of one weekday (0 is Monday), by the hall's clock, of issue."""

    weekday: int
    hour: int
    issued: int
    waits: Waits
    """Without median and P90 over more than 13 months."""


@dataclass(frozen=True, slots=True)
class OutageSpan:
    """One outage as far as it lies in the period; `end` is None while it goes on."""

    begin: datetime
    end: datetime | None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class OutageFigures:
    """The outages of one system, or of any of them (`system` is empty)."""

    system: str
    count: int
    seconds: float
    """Those over a doubtful clock left out."""
    within_hours_s: float
    """The part of it within the hours of the centre."""
    doubtful: int
    doubtful_s: float
    spans: tuple[OutageSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtfulTicket:
    """A record that is left out of times."""

    ticket: str
    day: date
    number: str
    service: str
    counter: int | None
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The doubtful records of one kind: how many, and the first of them."""

    kind: Doubt
    count: int
    first: tuple[DoubtfulTicket, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The headline figures of another period."""

    period: Period
    tally: Tally
    complete: bool
    """Whether the log goes back to its first day."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a page or a report says of a period."""

    selection: Selection
    tally: Tally
    days: int = 0
    """Business days that opened in the period."""
    by_service: tuple[ServiceFigures, ...] = ()
    by_counter: tuple[CounterFigures, ...] = ()
    by_day: tuple[DayFigures, ...] = ()
    """Up to 13 months; empty beyond them."""
    by_month: tuple[MonthFigures, ...] = ()
    """Beyond 13 months; empty up to them."""
    by_hour: tuple[HourFigures, ...] = ()
    """Hours of a weekday in which a number was given, Monday's first."""
    open_s: float = 0.0
    """How long at least one counter was open."""
    counter_s: float = 0.0
    """How long all counters were open, added up."""
    outages: tuple[OutageFigures, ...] = ()
    any_outage: OutageFigures = field(default_factory=lambda: OutageFigures("", 0, 0, 0, 0, 0))
    """Time in which at least one system was out, overlaps counted once."""
    doubtful: tuple[Doubtful, ...] = ()
    """One for each kind."""
    matters: MatterFigures = MatterFigures()
    matters_by_service: tuple[tuple[str, MatterFigures], ...] = ()
    ends_by_counter: tuple[tuple[int, int], ...] = ()
    """How many services each counter ended."""
    before: Comparison | None = None
    """None when the log knows nothing of that period."""
    year_before: Comparison | None = None
    until: datetime | None = None
    """The newest event that was counted with."""
    cases: tuple[tuple[str, int], ...] = ()
    """How often people were helped by each scenario, of all services: see `wait_log.cases`."""
    appointments: tuple[AppointmentCell, ...] = ()
    """By day and service; of the chosen services, whatever else of tickets was chosen."""

    @property
    def approximate(self) -> bool:
        """Return whether any median or P90 here is approximate."""
        tallies = [self.tally, *(part.tally for part in self.by_service)]
        tallies += [part.tally for part in self.by_counter]
        tallies += [part.tally for part in self.by_month]
        tallies += [other.tally for other in (self.before, self.year_before) if other]
        return any(
            times.approximate for one in tallies for times in (one.waits, one.service, one.walking)
        )
