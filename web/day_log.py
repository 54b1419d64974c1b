"""Today's tickets, read from the store beside the service that writes it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wait_log.errors import StoreError
from wait_log.statistics import TicketLine, WaitReader

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """The tickets of one business day, in the order of issue."""

    business_day: str | None = None
    """None before the first day."""
    lines: Sequence[TicketLine] = ()
    readable: bool = True
    """False when there is a store that cannot be read now."""


class DayLog:
    """Reads days from the store at `path`, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = WaitReader(path)
        self._readable = True

    def read(self, business_day: str | None = None) -> DayRecord:
        """Return the tickets of `business_day`, by default of the latest one in the store."""
        if not self._path.exists():
            return DayRecord(business_day)
        try:
            day = business_day or self._reader.business_day()
            record = DayRecord(day, self._reader.ticket_lines(day) if day else ())
        except StoreError as error:
            self._note(readable=False, why=str(error))
            return DayRecord(business_day, readable=False)
        self._note(readable=True)
        return record

    def available(self) -> bool:
        """Return whether there is a store and it can be read."""
        if not self._path.exists():
            return False
        try:
            self._reader.business_day()
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
            _log.info("log readable again path=%s", self._path)
        elif not readable and self._readable:
            _log.warning("log not readable path=%s error=%s", self._path, why)
        self._readable = readable
