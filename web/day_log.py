"""Today's tickets, read from the store beside the service that writes it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from wait_log.errors import StoreError
from wait_log.reader import Reader
from wait_log.statistics import TicketLine, ticket_lines

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """The tickets of one business day, in the order of issue."""

    business_day: str | None = None
    """None before the first day."""
    lines: Sequence[TicketLine] = ()
    day_before: str | None = None
    """The business day before it; None where there was none."""
    before: Sequence[TicketLine] = ()
    readable: bool = True
    """False when there is a store that cannot be read now."""


class DayLog:
    """Reads days from a store, which need not exist yet."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._readable = True
        self._before: tuple[str, str | None, Sequence[TicketLine]] | None = None

    def read(self, business_day: str | None = None) -> DayRecord:
        """Return the tickets of `business_day`, by default of the latest one in the store."""
        try:
            if not self._reader.exists():
                return DayRecord(business_day)
            day = business_day or self._reader.latest_day()
            record = self._record(day) if day else DayRecord()
        except StoreError as error:
            self._note(readable=False, why=str(error))
            return DayRecord(business_day, readable=False)
        self._note(readable=True)
        return record

    def _record(self, day: str) -> DayRecord:
        """Return a day; the one before it is over and is read once."""
        before = self._before
        if before is None or before[0] != day:
            earlier = self._reader.latest_day(before=day)
            lines = ticket_lines(self._reader, earlier) if earlier else ()
            before = self._before = (day, earlier, lines)
        return DayRecord(day, ticket_lines(self._reader, day), before[1], before[2])

    def available(self) -> bool:
        """Return whether there is a store and it can be read."""
        try:
            if not self._reader.exists():
                return False
            self._reader.latest_day()
        except StoreError as error:
            self._note(readable=False, why=str(error))
            return False
        self._note(readable=True)
        return True

    def close(self) -> None:
        """Let go of the store."""
        self._reader.close()

    def _note(self, *, readable: bool, why: str = "") -> None:
        if readable and not self._readable:
            _log.info("log readable again")
        elif not readable and self._readable:
            _log.warning("log not readable error=%s", why)
        self._readable = readable
