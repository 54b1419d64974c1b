"""Appointments of a period, counted by the day for which they stood; no code is ever read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from wait_log.reader import Reader
from wait_log.rows import AppointmentCount

_K = TypeVar("_K")
_CAME, _MISSED, _CANCELLED = "came", "missed", "cancelled"


@dataclass(frozen=True, slots=True)
class AppointmentTally:
    """What became of some appointments: `booked = came + missed + cancelled + expected`."""

    booked: int = 0
    """All that were made, those cancelled since included."""
    came: int = 0
    early: int = 0
    """Of those who came: before their time."""
    late: int = 0
    """Of those who came: too late for the rule, so that a normal number was given."""
    missed: int = 0
    cancelled: int = 0

    def __add__(self, other: "AppointmentTally") -> "AppointmentTally":
        """Return both together."""
        sums = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(AppointmentTally)
        }
        return AppointmentTally(**sums)

    @property
    def in_time(self) -> int:
        """Return how many came from their time on, and not too late."""
        return self.came - self.early - self.late

    @property
    def expected(self) -> int:
        """Return for how many it is not over yet."""
        return self.booked - self.came - self.missed - self.cancelled


@dataclass(frozen=True, slots=True)
class AppointmentCell:
    """The appointments of a service on a day."""

    day: date
    service: str
    tally: AppointmentTally


def appointments_in(
    reader: Reader, first: date, last: date, services: frozenset[str]
) -> tuple[AppointmentCell, ...]:
    """Return the appointments of some days by day and service; an empty set is all services."""
    found: dict[tuple[date, str], AppointmentTally] = {}
    for row in reader.appointment_counts(first.isoformat(), last.isoformat()):
        if services and row.service not in services:
            continue
        key = date.fromisoformat(row.business_day), row.service
        found[key] = found.get(key, AppointmentTally()) + _tally(row)
    return tuple(AppointmentCell(*key, tally) for key, tally in sorted(found.items()))


def by_key(
    cells: Iterable[AppointmentCell], key: Callable[[AppointmentCell], _K]
) -> Mapping[_K, AppointmentTally]:
    """Return the cells added up by something they have in common, in the order it comes up."""
    found: dict[_K, AppointmentTally] = {}
    for cell in cells:
        found[key(cell)] = found.get(key(cell), AppointmentTally()) + cell.tally
    return found


def whole(cells: Iterable[AppointmentCell]) -> AppointmentTally:
    """Return all cells added up."""
    return sum((cell.tally for cell in cells), AppointmentTally())


def _tally(row: AppointmentCount) -> AppointmentTally:
    came = row.count if row.state == _CAME else 0
    return AppointmentTally(
        booked=row.count,
        came=came,
        early=came if row.early and not row.late else 0,
        late=came if row.late else 0,
        missed=row.count if row.state == _MISSED else 0,
        cancelled=row.count if row.state == _CANCELLED else 0,
    )
