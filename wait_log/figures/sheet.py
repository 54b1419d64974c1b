"""Some days in columns: all that figures need of them, made once and kept when they are over.

A sheet has one day, or those of a calendar month. What is picked from its columns is sorted
already, and taken out by the functions of the interpreter rather than by loops.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from bus.vocabulary import TicketClass
from wait_log.figures.contacts import MatterCell
from wait_log.figures.hall_log import OutageMark
from wait_log.figures.intervals import Span
from wait_log.figures.values import Doubt, Origin

CLASSES = tuple(TicketClass)
ORIGINS = tuple(Origin)
SERVED, ABSENT, UNCLEAR, VOID, PENDING = range(5)
"""What became of a ticket."""
OUTCOMES = 5
_SMALL = 1 << 16
PAIR = 256
KINDS = OUTCOMES * len(CLASSES) * len(ORIGINS)


class Entry(NamedTuple):
    """One value and the keys of its ticket."""

    value: float
    service: int
    """The number of its service among the codes of the sheet."""
    counter: int
    """0 when no counter has had it."""
    kind: int
    """Outcome, class and origin: see `kind_of`."""
    hour: int
    """`weekday * 24 + hour` of issue, by the hall's clock."""
    day: int
    """The number of its day among those of the sheet."""


KEYS = {
    "tickets": (),
    "waits": ("service", "counter", "day", "hour"),
    "working_waits": ("service", "counter", "day", "hour"),
    "service": ("service", "counter", "day"),
    "walking": ("service", "counter", "day"),
    "unserved": ("service", "counter", "day"),
}
"""By which keys the entries of each family are picked out."""


class Family(msgspec.Struct, frozen=True, array_like=True):
    """Columns of equal length, sorted by value; one entry for each ticket that has a value.

    `orders` has the places of all entries by some of the keys and then by value, so that the
    entries of one service, counter, day or hour are found together, and sorted.
    """

    values: bytes
    service: bytes
    counter: bytes
    kind: bytes
    hour: bytes
    day: bytes
    orders: dict[str, bytes]
    sizes: dict[str, dict[int, int]]
    """How many entries there are for each value of those keys.

    Of the tickets, for each value of any key with each kind: see `pairs`.
    """

    def seconds(self) -> list[float]:
        """Return the values."""
        return array("d", self.values).tolist()

    def order(self, key: str) -> list[int]:
        """Return the places of the entries by one of the keys."""
        return array(_place_type(len(self.service)), self.orders[key]).tolist()

    def entries(self) -> Iterator[Entry]:
        """Return the columns as rows."""
        keys = (self.service, self.counter, self.kind, self.hour, self.day)
        return map(Entry._make, zip(self.seconds(), *keys, strict=True))


class DoubtfulRow(msgspec.Struct, frozen=True, array_like=True):
    """A doubtful ticket."""

    doubts: int
    service: int
    counter: int
    kind: int
    day: int
    ticket: str
    number: str
    issued_us: int

    def has(self, kind: Doubt) -> bool:
        """Return whether it is doubtful in this way."""
        return bool(self.doubts & doubt_bit(kind))


class Hall(msgspec.Struct, frozen=True, array_like=True):
    """What is known of the hall on one day; or on several from `day` on, added up."""

    day: date
    opened: int
    """How many days opened; of another there are but numbers of a kiosk's book."""
    service_open_s: dict[str, tuple[float, float]]
    """How long at least one counter that serves it was open, and all such counters added up."""
    counter_open_s: dict[int, float]
    open_s: float
    """How long at least one counter was open."""
    hours: tuple[Span, ...]
    carried: tuple[OutageMark, ...]
    outages: tuple[OutageMark, ...]


class Sheet(msgspec.Struct, frozen=True, array_like=True):
    """The tickets of one or more business days of one site."""

    halls: tuple[Hall, ...]
    codes: tuple[str, ...]
    tickets: Family
    """Every ticket, with the value 0."""
    waits: Family
    working_waits: Family
    """The waits without the break between the hours of a day."""
    service: Family
    walking: Family
    unserved: Family
    """Waits, within the hours, while no counter that serves the ticket was open."""
    doubtful: tuple[DoubtfulRow, ...]
    matters: tuple[MatterCell, ...] = ()
    """What came of contacts at counters; nothing in what 0.2.0 kept of a month."""

    @property
    def days(self) -> list[date]:
        """Return the days, by their numbers in the columns."""
        return [hall.day for hall in self.halls]


def kind_of(outcome: int, ticket_class: int, origin: int) -> int:
    """Return three small numbers as one."""
    return (outcome * len(CLASSES) + ticket_class) * len(ORIGINS) + origin


def pairs(keys: bytes, kinds: bytes) -> dict[int, int]:
    """Return how often each kind comes with each key; `divmod` by `PAIR` tells which they are."""
    both = bytearray(2 * len(keys))
    low = 0 if sys.byteorder == "little" else 1
    both[low::2], both[1 - low :: 2] = kinds, keys
    return dict(Counter(array("H", bytes(both))))


def parts_of(kind: int) -> tuple[int, int, int]:
    """Return outcome, class and origin of a kind."""
    rest, origin = divmod(kind, len(ORIGINS))
    return (*divmod(rest, len(CLASSES)), origin)


def doubt_bit(kind: Doubt) -> int:
    """Return the bit that stands for a kind of doubt."""
    return 1 << list(Doubt).index(kind)


def family(name: str, entries: Iterable[Entry]) -> Family:
    """Return the columns of one of a sheet's families."""
    rows = sorted(entries)
    columns = list(zip(*rows, strict=True)) or [()] * len(Entry._fields)
    values, keys = columns[0], dict(zip(Entry._fields[1:], columns[1:], strict=True))
    return Family(
        values=array("d", values).tobytes(),
        **{key: bytes(column) for key, column in keys.items()},
        orders={key: _order(keys[key]) for key in KEYS[name]},
        sizes={key: dict(sorted(Counter(keys[key]).items())) for key in KEYS[name]}
        or {key: pairs(bytes(column), bytes(keys["kind"])) for key, column in keys.items()},
    )


def _order(column: Sequence[int]) -> bytes:
    places = sorted(range(len(column)), key=column.__getitem__)
    return array(_place_type(len(column)), places).tobytes()


def _place_type(size: int) -> Literal["H", "I"]:
    return "H" if size <= _SMALL else "I"


def merged(sheets: Sequence[Sheet]) -> Sheet:
    """Return one sheet of the days of several, in their order."""
    codes = tuple(sorted({code for sheet in sheets for code in sheet.codes}))
    number = {code: index for index, code in enumerate(codes)}
    moves: list[tuple[Sheet, list[int], int]] = []
    days = 0
    for sheet in sheets:
        moves.append((sheet, [number[code] for code in sheet.codes], days))
        days += len(sheet.halls)

    def join(name: str) -> Family:
        return family(
            name,
            (
                entry._replace(service=services[entry.service], day=entry.day + first)
                for sheet, services, first in moves
                for entry in getattr(sheet, name).entries()
            ),
        )

    return Sheet(
        halls=tuple(hall for sheet in sheets for hall in sheet.halls),
        codes=codes,
        **{name: join(name) for name in KEYS},
        doubtful=tuple(
            msgspec.structs.replace(row, service=services[row.service], day=row.day + first)
            for sheet, services, first in moves
            for row in sheet.doubtful
        ),
        matters=tuple(cell for sheet in sheets for cell in sheet.matters),
    )
