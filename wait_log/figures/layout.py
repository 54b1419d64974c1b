"""How the centre was laid out when something happened: its hours, counters and devices.

The store keeps every version of its configuration, so a change of hours never changes old figures.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from bus.vocabulary import Role
from config import Centre, ConfigError, centre_from_wire
from wait_log import tables
from wait_log.figures.intervals import Span, microseconds
from wait_log.figures.values import Origin
from wait_log.periods import Period
from wait_log.reader import Reader
from wait_log.rows import ConfigRow

Version = tuple[int, int]
"""From which instant on (µs) a version was in force, and its number."""

_DAY_BEGINS = time(3)


class Layouts:
    """The versions of the centre that a store keeps; `present` where it knows none."""

    def __init__(self, reader: Reader, present: Centre) -> None:
        self._reader = reader
        self._present = present
        self._known: dict[int, Centre] = {}

    def of(self, version: int) -> Centre:
        """Return a version of the centre."""
        if version not in self._known:
            self._known[version] = self._read(version)
        return self._known[version]

    def _read(self, version: int) -> Centre:
        rows = self._reader.rows(ConfigRow, tables.config_version, version=version)
        if not rows:
            return self._present
        read = self._reader.kept.centres
        if rows[0].body not in read:
            try:
                read[rows[0].body] = centre_from_wire(msgspec.json.decode(rows[0].body))
            except (ConfigError, msgspec.DecodeError):  # of a newer version of this program
                return self._present
        return read[rows[0].body]


def hours_of(centre: Centre, day: date) -> list[Span]:
    """Return when counters serve on a day."""
    zone = centre.identity.zone
    return [
        (
            microseconds(datetime.combine(day, window.begin, zone)),
            microseconds(datetime.combine(day, window.end, zone)),
        )
        for window in centre.hours.on(day)
    ]


def span_of(centre: Centre, period: Period) -> Span:
    """Return when a period begins and ends: business days begin at three in the morning."""
    zone, day = centre.identity.zone, timedelta(days=1)
    return (
        microseconds(datetime.combine(period.first, _DAY_BEGINS, zone)),
        microseconds(datetime.combine(period.last + day, _DAY_BEGINS, zone)),
    )


def origin_of(centre: Centre, device: str, *, offline_book: bool) -> Origin:
    """Return where a number came from."""
    if offline_book:
        return Origin.OFFLINE
    known = centre.device(device)
    if known is None:
        return Origin.KIOSK if device.startswith("kiosk") else Origin.COUNTER
    return Origin.KIOSK if known.role is Role.KIOSK else Origin.COUNTER


def in_force(versions: Sequence[Version], span: Span) -> list[tuple[Span, int]]:
    """Return the parts of `span` with the version that was in force in each; 0 is unknown."""
    begin, end = span
    parts: list[tuple[Span, int]] = []
    version = next((number for _, number in versions if number), 0)
    for at_us, number in versions:
        if number and at_us <= begin:
            version = number
        elif number and at_us < end:
            parts.append(((begin, at_us), version))
            begin, version = at_us, number
    return [*parts, ((begin, end), version)]
