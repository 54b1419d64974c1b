"""Which backups are kept: by days, weeks and months that have one, whatever the clock says now."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months keep their newest backup."""

    days: int = 14
    weeks: int = 8
    months: int = 12
    always: int = 3
    """The newest are kept whatever their date says: a clock may be wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A backup in a folder; `number` orders them even where a clock went back."""

    number: int
    name: str
    at: datetime


def superfluous(made: Sequence[Made], keep: Keep) -> list[Made]:
    """Return the backups that are not kept, the oldest first."""
    newest_first = sorted(made, reverse=True)
    kept = set(newest_first[: keep.always])
    kept |= _newest_of_each(newest_first, keep.days, lambda at: at.date())
    kept |= _newest_of_each(newest_first, keep.weeks, lambda at: at.isocalendar()[:2])
    kept |= _newest_of_each(newest_first, keep.months, lambda at: (at.year, at.month))
    return [one for one in reversed(newest_first) if one not in kept]


def expendable(made: Sequence[Made], keep: Keep) -> list[Made]:
    """Return the backups that may go when a disk is full, the oldest first."""
    return sorted(made)[: max(0, len(made) - keep.always)]


def _newest_of_each(
    newest_first: Sequence[Made], most: int, period: Callable[[datetime], Hashable]
) -> set[Made]:
    seen: dict[Hashable, Made] = {}
    for one in newest_first:
        if len(seen) < most:
            seen.setdefault(period(one.at), one)
    return set(seen.values())
