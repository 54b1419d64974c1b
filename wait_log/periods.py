"""The periods of which figures are asked, in business days.

State reports cut at the 15th: a month runs from the 15th of the month before to the 14th, a year
from the 15th of December to the 14th of December.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

EARLIEST = date(2000, 1, 1)
LATEST = date(2199, 12, 31)
"""Days that may be asked for."""
LONGEST_YEARS = 30
_CUT = 15
"""The day of the month on which the periods of reports begin."""
_DAY = timedelta(days=1)
_NINE = 9
_YEAR = 12


class Preset(StrEnum):
    """The periods that have a name."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    """From the 15th to the 14th."""
    CALENDAR_MONTH = "calendar_month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


_MONTHS = {Preset.MONTH: 1, Preset.QUARTER: 3, Preset.HALF: 6, Preset.YEAR: _YEAR}


@dataclass(frozen=True, slots=True)
class Period:
    """Business days from the first to the last, both of them in it."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends before it begins: {self.first} – {self.last}")

    @classmethod
    def parse(cls, first: str, last: str) -> Self:
        """Read two ISO dates that somebody typed; raises ValueError with what is wrong."""
        period = cls(date.fromisoformat(first), date.fromisoformat(last))
        if period.first < EARLIEST or period.last > LATEST:
            raise ValueError(f"days are from {EARLIEST} to {LATEST}")
        if period.last > _moved(period.first, LONGEST_YEARS * _YEAR):
            raise ValueError(f"a period has at most {LONGEST_YEARS} years")
        return period

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def dates(self) -> Iterator[date]:
        """Return its days in order."""
        return (self.first + index * _DAY for index in range(self.days))

    def holds(self, day: date) -> bool:
        """Return whether `day` is in it."""
        return self.first <= day <= self.last

    def before(self) -> "Period":
        """Return the period that ends where this begins: as many months, else as many days."""
        last = self.first - _DAY
        months = self._whole_months()
        first = _moved(self.first, -months) if months else self.first - self.days * _DAY
        return Period(first, last)

    def year_before(self) -> "Period":
        """Return the same period of the year before."""
        last = _moved(self.last, -_YEAR)
        if (self.last + _DAY).day == 1:  # the end of a month, February's included
            last = _moved(self.last + _DAY, -_YEAR) - _DAY
        return Period(_moved(self.first, -_YEAR), last)

    def is_longer_than(self, months: int) -> bool:
        """Return whether it has a day more than so many months."""
        return self.last >= _moved(self.first, months)

    def _whole_months(self) -> int:
        """Return how many months it has, 0 unless it is whole months from day to day."""
        after = self.last + _DAY
        if after.day != self.first.day:
            return 0
        return _months(after) - _months(self.first)


def period_of(preset: Preset, day: date) -> Period:
    """Return the period of this kind that `day` belongs to; it may not have ended.

    The nine months are those of the report's year of `day`, which goes on after them.
    """
    match preset:
        case Preset.TODAY:
            return Period(day, day)
        case Preset.WEEK:
            monday = day - day.weekday() * _DAY
            return Period(monday, monday + 6 * _DAY)
        case Preset.CALENDAR_MONTH:
            first = day.replace(day=1)
            return Period(first, _moved(first, 1) - _DAY)
        case Preset.NINE_MONTHS:
            first = period_of(Preset.YEAR, day).first
            return Period(first, _moved(first, _NINE) - _DAY)
        case _:
            return _cut_at_the_15th(_MONTHS[preset], day)


def last_ended(preset: Preset, today: date) -> Period:
    """Return the newest period of this kind that is over on `today`."""
    day = today
    while (period := period_of(preset, day)).last >= today:
        day = period.first - _DAY
    return period


def _cut_at_the_15th(months: int, day: date) -> Period:
    """Return the period of so many months, counted from the report's year, that holds `day`."""
    # Report months are numbered by the month in which they end: December's 15th begins January.
    ended = _months(day) + (day.day >= _CUT)
    begun = ended - ended % months - 1
    first = date(begun // _YEAR, begun % _YEAR + 1, _CUT)
    return Period(first, _moved(first, months) - _DAY)


def _months(day: date) -> int:
    return day.year * _YEAR + day.month - 1


def _moved(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of that month."""
    year, month = divmod(_months(day) + months, _YEAR)
    following = date(year + (month + 1) // _YEAR, (month + 1) % _YEAR + 1, 1)
    return min(date(year, month + 1, 1) + (day.day - 1) * _DAY, following - _DAY)
