"""From sheets to figures, exactly: every value is looked at."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import compress

from wait_log.figures.sheet import (
    ABSENT,
    CLASSES,
    KINDS,
    ORIGINS,
    PAIR,
    PENDING,
    SERVED,
    UNCLEAR,
    VOID,
    Entry,
    Family,
    Sheet,
    pairs,
    parts_of,
)
from wait_log.figures.values import OVER_S, WITHIN_S, Origin, Selection, Tally, Times, Waits

_PRIORITY, _APPOINTMENT = CLASSES.index("priority"), CLASSES.index("appointment")
_OFFLINE, _COUNTER = ORIGINS.index(Origin.OFFLINE), ORIGINS.index(Origin.COUNTER)
_BYTE = 256


@dataclass(slots=True)
class Part:
    """The tickets of one service, counter, day or hour, or all of them."""

    kinds: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    service: list[float] = field(default_factory=list)
    walking: list[float] = field(default_factory=list)
    unserved: list[float] = field(default_factory=list)

    def tally(self) -> Tally:
        """Return the figures of these tickets."""
        return tally_of(
            self.kinds,
            waits_of(self.waits),
            times_of(self.service),
            times_of(self.walking),
            (len(self.unserved), sum(self.unserved)),
        )


@dataclass(slots=True)
class Parts:
    """Tickets as a whole and by what they have in common; wanted are all, or the whole alone."""

    whole: Part = field(default_factory=Part)
    services: defaultdict[str, Part] = field(default_factory=lambda: defaultdict(Part))
    counters: defaultdict[int, Part] = field(default_factory=lambda: defaultdict(Part))
    days: defaultdict[date, Part] = field(default_factory=lambda: defaultdict(Part))
    hours: defaultdict[int, Part] = field(default_factory=lambda: defaultdict(Part))


def counted(sheets: Iterable[Sheet], selection: Selection, *, parts: bool) -> Parts:
    """Return the chosen tickets of some sheets; `parts` wants more of them than the whole."""
    found, choice = Parts(), Choice(selection)
    for sheet in sheets:
        picked = choice.among(sheet.codes, sheet.days)
        waits = sheet.waits if selection.lunch else sheet.working_waits
        families = {
            "waits": picked.of(waits),
            "service": picked.of(sheet.service),
            "walking": picked.of(sheet.walking),
            "unserved": picked.of(sheet.unserved),
        }
        tickets = picked.of(sheet.tickets)
        _add(found, tickets, families)
        if parts:
            _add_parts(found, sheet, tickets, families)
    return found


def times_of(values: list[float]) -> Times:
    """Return how long things took."""
    if not values:
        return Times()
    values = sorted(values)
    return Times(
        count=len(values),
        mean_s=sum(values) / len(values),
        median_s=(values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2,
        p90_s=values[p90_rank(len(values))],
    )


def waits_of(values: list[float]) -> Waits:
    """Return how long people waited."""
    if not values:
        return Waits()
    values = sorted(values)
    times = times_of(values)
    within_15, within_20 = (bisect_right(values, limit) for limit in WITHIN_S)
    return Waits(
        count=times.count,
        mean_s=times.mean_s,
        median_s=times.median_s,
        p90_s=times.p90_s,
        within_15=within_15,
        within_20=within_20,
        over_30=len(values) - bisect_right(values, OVER_S),
    )


def p90_rank(count: int) -> int:
    """Return which of so many sorted values is P90, the first being 0."""
    return -(-count * 9 // 10) - 1


def tally_of(
    kinds: Counter[int], waits: Waits, service: Times, walking: Times, unserved: tuple[int, float]
) -> Tally:
    """Return the figures of tickets whose kinds and times are known."""
    outcomes: Counter[int] = Counter()
    classes: Counter[int] = Counter()
    origins: Counter[int] = Counter()
    for kind, count in kinds.items():
        outcome, ticket_class, origin = parts_of(kind)
        outcomes[outcome] += count
        classes[ticket_class] += count
        origins[origin] += count
    return Tally(
        issued=kinds.total(),
        served=outcomes[SERVED],
        absent=outcomes[ABSENT],
        absent_unclear=outcomes[UNCLEAR],
        void=outcomes[VOID],
        pending=outcomes[PENDING],
        priority=classes[_PRIORITY],
        appointments=classes[_APPOINTMENT],
        from_counters=origins[_COUNTER],
        offline=origins[_OFFLINE],
        waits=waits,
        service=service,
        walking=walking,
        without_counter=unserved[0],
        without_counter_s=unserved[1],
    )


class Picked:
    """The wanted entries of one family."""

    def __init__(self, family: Family, mask: bytes | None) -> None:
        """Take a mask that has a 1 for every entry that is wanted; None wants all."""
        self._family = family
        self._mask = mask

    @cached_property
    def _seconds(self) -> list[float]:
        return self._family.seconds()

    def column(self, key: str) -> bytes:
        """Return one column of keys."""
        column: bytes = getattr(self._family, key)
        return column if self._mask is None else bytes(compress(column, self._mask))

    def seconds(self) -> list[float]:
        """Return the values, sorted."""
        return self._seconds if self._mask is None else list(compress(self._seconds, self._mask))

    def entries(self) -> Iterator[Entry]:
        """Return the entries."""
        entries = self._family.entries()
        return entries if self._mask is None else compress(entries, self._mask)

    def pairs(self, key: str) -> dict[int, int]:
        """Return how many tickets there are for each value of a key and each kind."""
        if self._mask is None:
            return self._family.sizes[key]
        return pairs(self.column(key), self.column("kind"))

    def by(self, key: str) -> Iterator[tuple[int, list[float]]]:
        """Return the values for every key that occurs, sorted."""
        order, sizes = self._family.order(key), self._family.sizes[key]
        if self._mask is not None:
            order = list(compress(order, map(self._mask.__getitem__, order)))
            sizes = dict(sorted(Counter(self.column(key)).items()))
        values = list(map(self._seconds.__getitem__, order))
        end = 0
        for number, count in sizes.items():
            begin, end = end, end + count
            yield number, values[begin:end]


class Chosen:
    """Which entries of a sheet's families a selection wants."""

    def __init__(self, services: bytes, counters: bytes, kinds: bytes, days: bytes) -> None:
        """Each has a 1 for every key that is wanted."""
        self._wanted = (services, counters, kinds, days)

    def of(self, family: Family) -> Picked:
        """Return the wanted entries."""
        columns = (family.service, family.counter, family.kind, family.day)
        mask = -1
        for column, table in zip(columns, self._wanted, strict=True):
            if 0 in table:
                mask &= int.from_bytes(column.translate(table), "little")
        picked = b"" if mask == -1 else mask.to_bytes(len(family.service), "little")
        return Picked(family, picked if 0 in picked else None)

    def has(self, service: int, counter: int, kind: int, day: int) -> bool:
        """Return whether one ticket is wanted."""
        keys = (service, counter, kind, day)
        return all(table[key] for key, table in zip(keys, self._wanted, strict=True))


class Choice:
    """Which tickets of any sheet a selection wants."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._counters = _table(
            not selection.counters or number in selection.counters for number in range(_BYTE)
        )
        self._kinds = _table(_has_kind(selection, kind) for kind in range(KINDS))

    def has_contact(self, service: str, counter: int, kind: int) -> bool:
        """Return whether a contact at a counter is wanted."""
        services = self._selection.services
        of_service = not services or service in services
        return bool(of_service and self._counters[counter] and self._kinds[kind])

    def among(self, codes: Iterable[str], days: Iterable[date]) -> Chosen:
        """Return which entries of a sheet with these services and days are wanted."""
        services = self._selection.services
        return Chosen(
            services=_table(not services or code in services for code in codes),
            counters=self._counters,
            kinds=self._kinds,
            days=_table(self._selection.period.holds(day) for day in days),
        )


def _has_kind(selection: Selection, kind: int) -> bool:
    _, ticket_class, origin = parts_of(kind)
    by_class = not selection.classes or CLASSES[ticket_class] in selection.classes
    return by_class and (not selection.origins or ORIGINS[origin] in selection.origins)


def _table(wanted: Iterable[bool]) -> bytes:
    """Return a translation to 0 and 1; keys that do not occur are 1, so that all may be wanted."""
    return bytes(wanted).ljust(_BYTE, b"\1")


def _add(found: Parts, tickets: Picked, families: dict[str, Picked]) -> None:
    for pair, count in tickets.pairs("service").items():
        found.whole.kinds[pair % PAIR] += count
    for name, family in families.items():
        getattr(found.whole, name).extend(family.seconds())


def _add_parts(found: Parts, sheet: Sheet, tickets: Picked, families: dict[str, Picked]) -> None:
    by_key: dict[str, Callable[[int], Part]] = {
        "service": lambda index: found.services[sheet.codes[index]],
        "counter": lambda index: found.counters[index],
        "day": lambda index: found.days[sheet.halls[index].day],
        "hour": lambda index: found.hours[index],
    }
    for key, part_of in by_key.items():
        for pair, count in tickets.pairs(key).items():
            index, kind = divmod(pair, PAIR)
            part_of(index).kinds[kind] += count
        for name, family in families.items():
            if name == "waits" or key != "hour":
                for index, values in family.by(key):
                    getattr(part_of(index), name).extend(values)
