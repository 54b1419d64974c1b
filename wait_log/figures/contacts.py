"""What began and ended at counters: outcomes, second contacts, ways to other fields and back.

All of it is told by the log alone (decision 37). What happened at a counter is of that counter and
of the service for which it had the ticket then, wherever the ticket went afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import msgspec


class Contact(NamedTuple):
    """An event of a ticket that begins or ends something at a counter."""

    kind: str
    step: int
    at_us: int
    mono: float
    boot: str
    service: str
    counter: int
    outcome: str = ""
    came_back: bool = False
    back_to: int = 0
    day_closed: bool = False
    by_time: bool = False

    def until_s(self, later: "Contact") -> float | None:
        """Return the seconds to a later event, None when no clock vouches for them."""
        seconds = later.mono - self.mono
        return seconds if self.boot == later.boot and seconds >= 0 else None


CONTACT_KINDS = frozenset(
    {
        "serving_started",
        "ticket_absent",
        "ticket_called",
        "ticket_finished",
        "ticket_parked",
        "ticket_recalled",
        "ticket_returned",
        "ticket_transferred",
        "ticket_voided",
    }
)


class MatterCell(msgspec.Struct, array_like=True):
    """The contacts of one day, service, counter, class and origin, added up."""

    day: date
    service: str
    counter: int
    kind: int
    """Class and origin: see `sheet.kind_of`; the outcome in it is 0."""
    ends: dict[str, int] = {}
    """Ends by outcome; of those that nobody gave one the key is empty."""
    parked: int = 0
    again: int = 0
    """Of the parked, those who were called again."""
    ended_again: int = 0
    """Of these, those for whom that contact was the last."""
    away_s: list[float] = []
    """From being parked to that call, where a clock vouches for it."""
    sent: int = 0
    """Sent on with a way back."""
    back: int = 0
    """Of the sent, those who were called again where they came from."""
    trip_s: list[float] = []
    leg_wait_s: list[float] = []
    """Waits of those who were sent there from another counter."""
    leg_service_s: list[float] = []
    by_time: int = 0
    """Called as often as the rule says, and absent by the clock alone."""


def matter_cells(
    day: date, contacts: Mapping[str, Sequence[Contact]], kinds: Mapping[str, tuple[int, bool]]
) -> tuple[MatterCell, ...]:
    """Return the cells of a day: contacts by ticket, and each ticket's kind and sure clock."""
    cells: dict[tuple[str, int, int], MatterCell] = {}

    def cell_of(kind: int) -> "_Cells":
        return _Cells(day, kind, cells)

    for ticket, events in contacts.items():
        known = kinds.get(ticket)
        if known is not None:
            kind, sure = known
            _Walk(cell_of(kind), sure=sure).follow(events)
    return tuple(cells[key] for key in sorted(cells))


def added_up(cells: Iterable[MatterCell], first: date) -> tuple[MatterCell, ...]:
    """Return cells of several days as if they were one."""
    sums: dict[tuple[str, int, int], MatterCell] = {}
    for one in cells:
        key = (one.service, one.counter, one.kind)
        total = sums.get(key)
        if total is None:
            total = sums[key] = MatterCell(first, *key)
        add(total, one)
    return tuple(sums[key] for key in sorted(sums))


def add(total: MatterCell, one: MatterCell) -> None:
    """Add one cell to another."""
    for outcome, count in one.ends.items():
        total.ends[outcome] = total.ends.get(outcome, 0) + count
    for name in ("parked", "again", "ended_again", "sent", "back", "by_time"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    for name in ("away_s", "trip_s", "leg_wait_s", "leg_service_s"):
        getattr(total, name).extend(getattr(one, name))


class _Cells:
    """The cells of one day and kind, made as they are needed."""

    def __init__(self, day: date, kind: int, cells: dict[tuple[str, int, int], MatterCell]) -> None:
        self._day, self._kind, self._cells = day, kind, cells

    def at(self, service: str, counter: int) -> MatterCell:
        key = (service, counter, self._kind)
        if key not in self._cells:
            self._cells[key] = MatterCell(self._day, *key)
        return self._cells[key]


@dataclass(slots=True)
class _Walk:
    """One ticket's way through the hall."""

    cells: _Cells
    sure: bool
    """Whether its times count."""
    call: Contact | None = None
    start: Contact | None = None
    parked: Contact | None = None
    second: Contact | None = None
    """The park after which this is the next contact."""
    sent: Contact | None = None
    """The sending from which the person is still to come back."""
    is_back: bool = False
    leg_since: Contact | None = None
    in_leg: bool = False

    def follow(self, events: Iterable[Contact]) -> None:
        for event in events:
            match event.kind:
                case "ticket_called":
                    self._called(event)
                case "ticket_recalled":
                    self.call = event
                case "serving_started":
                    self.start = event
                case "ticket_finished" if not event.day_closed:
                    self._ended(event)
                    self._leave()
                case "ticket_transferred":
                    self._transferred(event)
                case "ticket_parked":
                    self._end_leg(event)
                    self.cells.at(event.service, event.counter).parked += 1
                    self._leave()
                    self.parked = event
                case _:
                    if event.by_time:
                        self.cells.at(event.service, event.counter).by_time += 1
                    self._leave()
                    self.parked = self.leg_since = None

    def _called(self, event: Contact) -> None:
        self.second, self.in_leg = None, False
        if self.parked is not None:
            cell = self.cells.at(self.parked.service, self.parked.counter)
            cell.again += 1
            self._time(cell.away_s, self.parked, event)
            self.second, self.parked = self.parked, None
        if self.leg_since is not None:
            cell = self.cells.at(event.service, event.counter)
            self._time(cell.leg_wait_s, self.leg_since, event)
            self.leg_since, self.in_leg = None, True
        if self.sent is not None and self.is_back:
            cell = self.cells.at(self.sent.service, self.sent.counter)
            cell.back += 1
            self._time(cell.trip_s, self.sent, event)
            self.sent, self.is_back = None, False
        self.call, self.start = event, None

    def _transferred(self, event: Contact) -> None:
        waited_already = self.call is None and self.parked is None
        if event.came_back:
            self._ended(event)
            self.is_back = True
        elif event.back_to:
            self._end_leg(event)
            self.cells.at(event.service, event.counter).sent += 1
            self.sent, self.is_back = event, False
        else:
            self._end_leg(event)
        if not waited_already:
            self.leg_since = event
        self._leave()
        self.parked = None

    def _ended(self, event: Contact) -> None:
        self._end_leg(event)
        ends = self.cells.at(event.service, event.counter).ends
        ends[event.outcome] = ends.get(event.outcome, 0) + 1
        if self.second is not None:
            self.cells.at(self.second.service, self.second.counter).ended_again += 1

    def _end_leg(self, event: Contact) -> None:
        begin = self.start or self.call
        if self.in_leg and begin is not None:
            cell = self.cells.at(event.service, event.counter)
            self._time(cell.leg_service_s, begin, event)

    def _leave(self) -> None:
        self.call = self.start = self.second = None
        self.in_leg = False

    def _time(self, times: list[float], begin: Contact, end: Contact) -> None:
        seconds = begin.until_s(end)
        if self.sure and seconds is not None:
            times.append(seconds)
