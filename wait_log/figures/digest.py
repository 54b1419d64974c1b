"""A month as sums and histograms, which add up over any number of months.

It is cut into cells by all that a selection may ask for. The values themselves of cells that have
few of them are kept beside the digest, for what has so few in all is answered exactly.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from wait_log import histograms
from wait_log.figures.contacts import MatterCell, added_up
from wait_log.figures.counting import Choice, Chosen
from wait_log.figures.sheet import OUTCOMES, DoubtfulRow, Hall, Sheet, parts_of
from wait_log.figures.values import OVER_S, WITHIN_S, Doubt, Selection
from wait_log.periods import EARLIEST

FEW = 200
"""Median and P90 of fewer values are exact."""
HOURS = 7 * 24
COUNT_BYTES, SUM_BYTES = 4, 8
MS = 1000
Key = tuple[str, int, int, int]
"""Service, counter, class and origin."""


class Measure(msgspec.Struct, frozen=True, array_like=True):
    """The times of one kind in a cell."""

    count: int
    seconds: float
    within_15: int
    within_20: int
    over_30: int
    histogram: bytes


class Heat(msgspec.Struct, frozen=True, array_like=True):
    """Counts and sums for each hour of the week, in the lanes of integers."""

    issued: bytes
    waits: bytes
    wait_ms: bytes
    within_15: bytes
    within_20: bytes
    over_30: bytes


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """The tickets of one service, counter, class and origin."""

    key: Key
    outcomes: tuple[int, ...]
    doubts: tuple[int, ...]
    unserved: int
    unserved_s: float
    waits: Measure
    service: Measure
    walking: Measure
    heat: Heat


class Digest(msgspec.Struct, frozen=True, array_like=True):
    """The cells of some days, with or without the breaks in their waits, and their hall."""

    cells: tuple[Cell, ...]
    hall: Hall
    matters: tuple[MatterCell, ...] = ()


class FewCell(msgspec.Struct, frozen=True, array_like=True):
    """The values of one cell, where they are few; else nothing."""

    key: Key
    waits: bytes
    service: bytes
    walking: bytes


class DoubtfulDays(msgspec.Struct, frozen=True, array_like=True):
    """The doubtful tickets of a sheet."""

    days: tuple[date, ...]
    codes: tuple[str, ...]
    rows: tuple[DoubtfulRow, ...]


@dataclass(slots=True)
class _Making:
    """The tickets of a cell that is being made."""

    kinds: list[int] = field(default_factory=list)
    hours: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    wait_hours: list[int] = field(default_factory=list)
    service: list[float] = field(default_factory=list)
    walking: list[float] = field(default_factory=list)
    unserved: list[float] = field(default_factory=list)
    doubts: list[int] = field(default_factory=lambda: [0] * len(Doubt))


def digest_of(sheets: Iterable[Sheet], selection: Selection) -> tuple[Digest, tuple[FewCell, ...]]:
    """Return the digest of some sheets' days in a period, and the values of its small cells.

    Of the selection only the period counts, and whether the break counts as waiting.
    """
    cells: defaultdict[Key, _Making] = defaultdict(_Making)
    halls: list[Hall] = []
    matters: list[MatterCell] = []
    choice = Choice(Selection(selection.period))
    for sheet in sheets:
        _take(cells, sheet, choice.among(sheet.codes, sheet.days), lunch=selection.lunch)
        halls += (hall for hall in sheet.halls if selection.period.holds(hall.day))
        matters += (cell for cell in sheet.matters if selection.period.holds(cell.day))
    digest = Digest(
        tuple(_cell(*pair) for pair in sorted(cells.items())),
        hall_of(halls),
        added_up(matters, selection.period.first),
    )
    few = (
        FewCell(key, _values(cell.waits), _values(cell.service), _values(cell.walking))
        for key, cell in sorted(cells.items())
    )
    return digest, tuple(few)


def hall_of(halls: Sequence[Hall]) -> Hall:
    """Return what is known of the hall on some days as if they were one."""
    services: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    counters: defaultdict[int, float] = defaultdict(float)
    for hall in halls:
        for code, (one, together) in hall.service_open_s.items():
            services[code] = (services[code][0] + one, services[code][1] + together)
        for number, open_s in hall.counter_open_s.items():
            counters[number] += open_s
    return Hall(
        day=halls[0].day if halls else EARLIEST,
        opened=sum(hall.opened for hall in halls),
        service_open_s=dict(services),
        counter_open_s=dict(counters),
        open_s=sum(hall.open_s for hall in halls),
        hours=tuple(span for hall in halls for span in hall.hours),
        carried=next((hall.carried for hall in halls if hall.opened), ()),
        outages=tuple(mark for hall in halls for mark in hall.outages),
    )


def lanes(counts: Mapping[int, int], width: int) -> bytes:
    """Return numbers by hour as they are kept."""
    packed = sum(count << (8 * width * hour) for hour, count in counts.items())
    return packed.to_bytes((packed.bit_length() + 7) // 8, "little")


def unpacked(packed: int, width: int) -> list[int]:
    """Return the numbers of all hours of the week."""
    kept = packed.to_bytes(HOURS * width, "little")
    return [
        int.from_bytes(kept[at : at + width], "little") for at in range(0, HOURS * width, width)
    ]


def _take(cells: dict[Key, _Making], sheet: Sheet, picked: Chosen, *, lunch: bool) -> None:
    """Put the tickets of a sheet into their cells."""
    families = {
        "kinds": sheet.tickets,
        "waits": sheet.waits if lunch else sheet.working_waits,
        "service": sheet.service,
        "walking": sheet.walking,
        "unserved": sheet.unserved,
    }
    for name, family in families.items():
        for entry in picked.of(family).entries():
            cell = cells[_key(sheet, entry.service, entry.counter, entry.kind)]
            if name == "kinds":
                cell.kinds.append(entry.kind)
                cell.hours.append(entry.hour)
            else:
                getattr(cell, name).append(entry.value)
            if name == "waits":
                cell.wait_hours.append(entry.hour)
    for row in sheet.doubtful:
        if picked.has(row.service, row.counter, row.kind, row.day):
            cell = cells[_key(sheet, row.service, row.counter, row.kind)]
            for index, kind in enumerate(Doubt):
                cell.doubts[index] += row.has(kind)


def _key(sheet: Sheet, service: int, counter: int, kind: int) -> Key:
    _, ticket_class, origin = parts_of(kind)
    return sheet.codes[service], counter, ticket_class, origin


def _cell(key: Key, made: _Making) -> Cell:
    outcomes = Counter(parts_of(kind)[0] for kind in made.kinds)
    return Cell(
        key=key,
        outcomes=tuple(outcomes[outcome] for outcome in range(OUTCOMES)),
        doubts=tuple(made.doubts),
        unserved=len(made.unserved),
        unserved_s=sum(made.unserved),
        waits=_measure(made.waits),
        service=_measure(made.service),
        walking=_measure(made.walking),
        heat=_heat(made),
    )


def _measure(values: Sequence[float]) -> Measure:
    return Measure(
        count=len(values),
        seconds=sum(values),
        within_15=sum(value <= WITHIN_S[0] for value in values),
        within_20=sum(value <= WITHIN_S[1] for value in values),
        over_30=sum(value > OVER_S for value in values),
        histogram=histograms.to_bytes(histograms.histogram(values)),
    )


def _heat(made: _Making) -> Heat:
    sums: Counter[int] = Counter()
    for hour, wait_s in zip(made.wait_hours, made.waits, strict=True):
        sums[hour] += round(wait_s * MS)
    pairs = list(zip(made.wait_hours, made.waits, strict=True))

    def counted(limit: Callable[[float], bool]) -> bytes:
        return lanes(Counter(hour for hour, wait_s in pairs if limit(wait_s)), COUNT_BYTES)

    return Heat(
        issued=lanes(Counter(made.hours), COUNT_BYTES),
        waits=counted(lambda _: True),
        wait_ms=lanes(sums, SUM_BYTES),
        within_15=counted(lambda wait_s: wait_s <= WITHIN_S[0]),
        within_20=counted(lambda wait_s: wait_s <= WITHIN_S[1]),
        over_30=counted(lambda wait_s: wait_s > OVER_S),
    )


def _values(values: Sequence[float]) -> bytes:
    return array("d", values if len(values) < FEW else ()).tobytes()
