"""The rule of retention: months whose tickets are forgotten, and the figures that stay of them."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date

from config import Centre
from wait_log.figure_cache import FigureCache
from wait_log.figures.kept_months import KIND, fact_of, kept_months, packed
from wait_log.figures.sheets import Sheets
from wait_log.reader import Reader

KEPT_KINDS = (KIND, "config_applied")
"""What the log goes on to tell of a month that was forgotten."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month whose tickets are forgotten: its days and the span of their events."""

    first_day: date
    days: tuple[str, ...]
    first_seq: int
    last_seq: int

    @property
    def name(self) -> str:
        """Return it as 2026-11."""
        return f"{self.first_day:%Y-%m}"

    @property
    def fact(self) -> str:
        """Return under which small fact the event with its figures is named."""
        return fact_of(self.name)


def month_to_forget(reader: Reader, today: date, keep_months: int) -> Month | None:
    """Return the oldest month that is to be forgotten; None when none is, or all is kept."""
    if keep_months <= 0:
        return None
    kept, days = kept_months(reader.meta_rows()), reader.days()
    for place, row in enumerate(days):
        first = date.fromisoformat(row.business_day).replace(day=1)
        if _index(today) - _index(first) <= keep_months:
            return None
        name = f"{first:%Y-%m}"
        if name not in kept:
            its = [one for one in days[place:] if one.business_day.startswith(name)]
            end = place + len(its)
            if end == len(days):
                return None  # the last day that opened is the present one, whatever the clock says
            days_of = tuple(one.business_day for one in its)
            return Month(first, days_of, row.opened_seq, days[end].opened_seq - 1)
    return None


def figures_of(reader: Reader, centre: Centre, month: Month) -> str:
    """Return the figures of a month as its event holds them."""
    with closing(FigureCache()) as kept:
        return packed(Sheets(reader, kept, centre, None).month(month.first_day))


def _index(day: date) -> int:
    return day.year * _MONTHS + day.month
