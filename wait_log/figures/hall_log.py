"""What only the log tells of a day: open counters, outages, absences, and the clock of each step.

The tables have a ticket as it stands at last; the closing of a day makes `void` of an absence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from wait_log.figures.contacts import CONTACT_KINDS, Contact
from wait_log.figures.intervals import Span, microseconds
from wait_log.reader import Reader

KINDS = (
    "config_applied",
    "counter_closed",
    "counter_opened",
    "counter_paused",
    "day_opened",
    "outage_ended",
    "outage_reported",
    "serving_started",
    "step_undone",
    "ticket_absent",
    "ticket_called",
    "ticket_finished",
    "ticket_parked",
    "ticket_recalled",
    "ticket_returned",
    "ticket_transferred",
    "ticket_voided",
)
"""The events that are read; when a ticket was issued is in its row."""


class _Mark(msgspec.Struct, frozen=True):
    at: datetime


class _Outage(msgspec.Struct, frozen=True):
    system: str
    since: _Mark


class _Event(msgspec.Struct, frozen=True):
    """The fields of all those kinds."""

    ticket: str = ""
    service: str = ""
    counter: int = 0
    unclear: bool = False
    by_time: bool = False
    outcome: str = ""
    came_back: bool = False
    back_to: int | None = None
    day_closed: bool = False
    step: int = 0
    tickets: tuple[str, ...] = ()
    system: str = ""
    seconds: float = 0.0
    clock_suspect: bool = False
    version: int = 0
    config_version: int = 0
    outages: tuple[_Outage, ...] = ()


class _Fact(msgspec.Struct, frozen=True):
    mono: float
    boot: str
    step: int
    event: _Event


class OutageMark(msgspec.Struct, frozen=True, array_like=True):
    """An outage that began (`seconds` is None) or ended."""

    at_us: int
    system: str
    seconds: float | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Setback:
    """A called person was absent, or had to wait for a signature."""

    step: int
    at_us: int
    absent: bool
    unclear: bool


@dataclass(slots=True)
class HallLog:
    """What the log tells of one day."""

    carried: list[OutageMark] = field(default_factory=list)
    """Outages that the day before left over."""
    outages: list[OutageMark] = field(default_factory=list)
    opened: dict[int, list[Span]] = field(default_factory=dict)
    """When each counter was open and then rested or closed."""
    left_open: dict[int, int] = field(default_factory=dict)
    """Since when a counter is open that nobody closed."""
    versions: list[tuple[int, int]] = field(default_factory=list)
    """From when on which version of the centre was in force."""
    setbacks: dict[str, list[Setback]] = field(default_factory=dict)
    contacts: dict[str, list[Contact]] = field(default_factory=dict)
    """What began and ended at counters, by ticket; without what was taken back."""
    clocks: dict[tuple[str, int], tuple[float, str]] = field(default_factory=dict)
    """The monotonic clock and the boot of a ticket's calls and starts, by ticket and instant."""

    def setback(self, ticket: str, since_us: int) -> Setback | None:
        """Return what last became of a ticket that was last called at `since_us`."""
        known = [one for one in self.setbacks.get(ticket, ()) if one.at_us >= since_us]
        return known[-1] if known else None

    def between_s(self, ticket: str, begin_us: int, end_us: int) -> float | None:
        """Return the seconds from a call to a start, None when no clock vouches for them."""
        begin, end = self.clocks.get((ticket, begin_us)), self.clocks.get((ticket, end_us))
        if begin is None or end is None or begin[1] != end[1] or end[0] < begin[0]:
            return None
        return end[0] - begin[0]


_decoder = msgspec.json.Decoder(_Fact)


def hall_log(reader: Reader, first_seq: int, last_seq: int) -> HallLog:
    """Return what the log tells of the day whose events these are; raises StoreError."""
    log = HallLog()
    for at_us, kind, fact in _facts(reader.bodies(first_seq, last_seq, KINDS)):
        _take(log, at_us, kind, fact)
    return log


def _facts(rows: Iterable[tuple[int, str, bytes | None]]) -> Iterator[tuple[int, str, _Fact]]:
    """Return the facts of stored bytes; what is withheld or from a newer version is left out."""
    for at_us, kind, body in rows:
        if body is not None:
            try:
                yield at_us, kind, _decoder.decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue


def _take(log: HallLog, at_us: int, kind: str, fact: _Fact) -> None:
    event = fact.event
    if kind in CONTACT_KINDS:
        log.contacts.setdefault(event.ticket, []).append(_contact(at_us, kind, fact))
    match kind:
        case "ticket_called" | "ticket_recalled" | "serving_started":
            log.clocks[event.ticket, at_us] = (fact.mono, fact.boot)
        case "ticket_absent" | "ticket_parked":
            absent = kind == "ticket_absent"
            setback = Setback(fact.step, at_us, absent, event.unclear)
            log.setbacks.setdefault(event.ticket, []).append(setback)
        case "step_undone":
            for ticket in event.tickets:
                known = log.setbacks.get(ticket, [])
                log.setbacks[ticket] = [one for one in known if one.step != event.step]
                contacts = log.contacts.get(ticket, [])
                log.contacts[ticket] = [one for one in contacts if one.step != event.step]
        case _:
            _take_hall(log, at_us, kind, event)


def _contact(at_us: int, kind: str, fact: _Fact) -> Contact:
    event = fact.event
    return Contact(
        kind=kind,
        step=fact.step,
        at_us=at_us,
        mono=fact.mono,
        boot=fact.boot,
        service=event.service,
        counter=event.counter,
        outcome=event.outcome,
        came_back=event.came_back,
        back_to=event.back_to or 0,
        day_closed=event.day_closed,
        by_time=event.by_time,
    )


def _take_hall(log: HallLog, at_us: int, kind: str, event: _Event) -> None:
    match kind:
        case "counter_opened":
            log.left_open.setdefault(event.counter, at_us)
        case "counter_paused" | "counter_closed":
            since = log.left_open.pop(event.counter, None)
            if since is not None:
                log.opened.setdefault(event.counter, []).append((since, at_us))
        case "outage_reported":
            log.outages.append(OutageMark(at_us, event.system))
        case "outage_ended":
            mark = OutageMark(at_us, event.system, event.seconds, event.clock_suspect)
            log.outages.append(mark)
        case "config_applied":
            log.versions.append((at_us, event.version))
        case "day_opened":
            log.versions.append((at_us, event.config_version))
            for outage in event.outages:
                log.carried.append(OutageMark(microseconds(outage.since.at), outage.system))
        case _:
            pass
