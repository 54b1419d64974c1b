"""The figures of more than thirteen months, added up from digests of months.

Counts, means and shares are exact; median and P90 are those of histograms where there are many
values, and exact where there are few.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from wait_log import histograms
from wait_log.figures.counting import p90_rank, tally_of, times_of
from wait_log.figures.digest import (
    COUNT_BYTES,
    FEW,
    HOURS,
    MS,
    SUM_BYTES,
    Cell,
    Digest,
    FewCell,
    Heat,
    Key,
    Measure,
    unpacked,
)
from wait_log.figures.sheet import CLASSES, ORIGINS, kind_of
from wait_log.figures.values import Doubt, HourFigures, MonthFigures, Selection, Tally, Times, Waits
from wait_log.periods import Period

_MEASURES = ("waits", "service", "walking")


@dataclass(frozen=True, slots=True)
class Month:
    """The digest of some days of a month, and how to learn the values of its small cells."""

    days: Period
    digest: Digest
    few: Callable[[], Sequence[FewCell]]


@dataclass(slots=True)
class _Times:
    """Measures added up."""

    count: int = 0
    seconds: float = 0.0
    within_15: int = 0
    within_20: int = 0
    over_30: int = 0
    histogram: int = 0

    def add(self, other: "_Times") -> None:
        self.count += other.count
        self.seconds += other.seconds
        self.within_15 += other.within_15
        self.within_20 += other.within_20
        self.over_30 += other.over_30
        self.histogram += other.histogram

    def times(self, values: Callable[[], list[float]]) -> Times:
        """Return the figures; `values` are asked for when they are few."""
        if self.count < FEW:
            return times_of(values() if self.count else [])
        ranks = (self.count // 2, (self.count - 1) // 2, p90_rank(self.count))
        upper, lower, p90 = histograms.values_at(self.histogram, *ranks)
        return Times(self.count, self.seconds / self.count, (upper + lower) / 2, p90, True)


@dataclass(slots=True)
class _Sum:
    """Cells added up, and which they are."""

    cells: list[tuple[int, Key]] = field(default_factory=list)
    kinds: Counter[int] = field(default_factory=Counter)
    unserved: int = 0
    unserved_s: float = 0.0
    waits: _Times = field(default_factory=_Times)
    service: _Times = field(default_factory=_Times)
    walking: _Times = field(default_factory=_Times)

    def add(self, other: "_Sum") -> None:
        self.cells += other.cells
        for kind, count in other.kinds.items():
            self.kinds[kind] += count
        self.unserved += other.unserved
        self.unserved_s += other.unserved_s
        self.waits.add(other.waits)
        self.service.add(other.service)
        self.walking.add(other.walking)


def _sum_of(month: int, cell: Cell) -> _Sum:
    """Return a cell as a sum of its own."""
    _, _, ticket_class, origin = cell.key
    return _Sum(
        cells=[(month, cell.key)],
        kinds=Counter(
            {
                kind_of(outcome, ticket_class, origin): count
                for outcome, count in enumerate(cell.outcomes)
                if count
            }
        ),
        unserved=cell.unserved,
        unserved_s=cell.unserved_s,
        waits=_times(cell.waits),
        service=_times(cell.service),
        walking=_times(cell.walking),
    )


def _times(measure: Measure) -> _Times:
    return _Times(
        measure.count,
        measure.seconds,
        measure.within_15,
        measure.within_20,
        measure.over_30,
        histograms.from_bytes(measure.histogram),
    )


class LongSpan:
    """The chosen cells of many months."""

    def __init__(self, months: Sequence[Month], selection: Selection) -> None:
        self._months = months
        self._values: dict[tuple[int, Key], FewCell] | None = None
        self._whole = _Sum()
        self._services: defaultdict[str, _Sum] = defaultdict(_Sum)
        self._counters: defaultdict[int, _Sum] = defaultdict(_Sum)
        self._by_month: defaultdict[date, _Sum] = defaultdict(_Sum)
        self._heat = dict.fromkeys(Heat.__struct_fields__, 0)
        self.doubts = [dict.fromkeys(Doubt, 0) for _ in months]
        """The doubtful tickets of each month, counted by kind."""
        for index, month in enumerate(months):
            for cell in month.digest.cells:
                if _is_chosen(cell.key, selection):
                    self._add(index, cell)
        for one in self._services.values():
            self._whole.add(one)

    def whole(self) -> Tally:
        """Return the figures of all tickets."""
        return self._tally(self._whole)

    def services(self) -> dict[str, Tally]:
        """Return the figures by service."""
        return {code: self._tally(one) for code, one in self._services.items()}

    def counters(self) -> dict[int, Tally]:
        """Return the figures by counter."""
        return {number: self._tally(one) for number, one in self._counters.items()}

    def months(self) -> tuple[MonthFigures, ...]:
        """Return the figures by calendar month."""
        parts: defaultdict[date, list[Period]] = defaultdict(list)
        for month in self._months:
            parts[month.days.first.replace(day=1)].append(month.days)
        return tuple(
            MonthFigures(days[0].first, days[-1].last, self._tally(self._by_month[first]))
            for first, days in parts.items()
        )

    def hours(self) -> tuple[HourFigures, ...]:
        """Return the figures by hour of the week, without median and P90."""
        columns = {
            name: unpacked(packed, SUM_BYTES if name == "wait_ms" else COUNT_BYTES)
            for name, packed in self._heat.items()
        }
        return tuple(
            HourFigures(*divmod(hour, 24), columns["issued"][hour], _waits_at(columns, hour))
            for hour in range(HOURS)
            if columns["issued"][hour]
        )

    def _add(self, index: int, cell: Cell) -> None:
        service, counter, _, _ = cell.key
        one = _sum_of(index, cell)
        self._services[service].add(one)
        self._counters[counter].add(one)
        self._by_month[self._months[index].days.first.replace(day=1)].add(one)
        for name in self._heat:
            self._heat[name] += histograms.from_bytes(getattr(cell.heat, name))
        for kind, count in zip(Doubt, cell.doubts, strict=True):
            self.doubts[index][kind] += count

    def _tally(self, one: _Sum) -> Tally:
        waits, service, walking = (
            getattr(one, name).times(lambda name=name: self._few(one.cells, name))
            for name in _MEASURES
        )
        return tally_of(
            one.kinds,
            _waits(waits, one.waits),
            service,
            walking,
            (one.unserved, one.unserved_s),
        )

    def _few(self, cells: Iterable[tuple[int, Key]], name: str) -> list[float]:
        """Return all values of cells that have few of them."""
        if self._values is None:
            self._values = {
                (index, few.key): few
                for index, month in enumerate(self._months)
                for few in month.few()
            }
        found = (self._values.get(cell) for cell in cells)
        return [value for few in found if few for value in array("d", getattr(few, name))]


def _is_chosen(key: Key, selection: Selection) -> bool:
    service, counter, ticket_class, origin = key
    return (
        (not selection.services or service in selection.services)
        and (not selection.counters or counter in selection.counters)
        and (not selection.classes or CLASSES[ticket_class] in selection.classes)
        and (not selection.origins or ORIGINS[origin] in selection.origins)
    )


def _waits(times: Times, added: _Times) -> Waits:
    return Waits(
        count=times.count,
        mean_s=times.mean_s,
        median_s=times.median_s,
        p90_s=times.p90_s,
        approximate=times.approximate,
        within_15=added.within_15,
        within_20=added.within_20,
        over_30=added.over_30,
    )


def _waits_at(columns: Mapping[str, Sequence[int]], hour: int) -> Waits:
    count = columns["waits"][hour]
    return Waits(
        count=count,
        mean_s=columns["wait_ms"][hour] / MS / count if count else None,
        within_15=columns["within_15"][hour],
        within_20=columns["within_20"][hour],
        over_30=columns["over_30"][hour],
    )
