"""How long people waited, as a reader of any engine finds it; nothing here writes.

A wait is the time from issue to first call. Waits over a doubtful clock (`clock_suspect`) are
counted as served but never averaged; void tickets that were never called have no wait. The median
is the middle wait (the mean of the two middle ones), P90 the smallest wait that at least 90 % of
the waits do not exceed.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wait_log.reader import Reader
from wait_log.rows import TicketRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_P90 = 0.9


@dataclass(frozen=True, slots=True)
class ServiceWaits:
    """One service's day; `service` is empty for the whole hall."""

    service: str
    issued: int
    waiting: int
    called: int
    """Tickets called at least once."""
    served: int
    absent: int
    void: int
    mean_s: float | None
    median_s: float | None
    p90_s: float | None


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket of a day's log."""

    number: str
    service: str
    ticket_class: str
    state: str
    counter: int | None
    issued_at: datetime
    first_called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    wait_s: float | None
    served_s: float | None
    clock_suspect: bool
    offline_book: bool


def service_waits(reader: Reader, business_day: str) -> list[ServiceWaits]:
    """Return each service's waits of a day, in the order of their codes."""
    lines = ticket_lines(reader, business_day)
    services = sorted({line.service for line in lines})
    return [summarise(code, [line for line in lines if line.service == code]) for code in services]


def hall_waits(reader: Reader, business_day: str) -> ServiceWaits:
    """Return the waits of a day over all services."""
    return summarise("", ticket_lines(reader, business_day))


def ticket_lines(reader: Reader, business_day: str) -> list[TicketLine]:
    """Return a day's tickets in the order in which they were issued."""
    rows = reader.tickets(business_day).values()
    return [_line(row) for row in sorted(rows, key=lambda row: (row.issued_us, row.id))]


def summarise(service: str, lines: Sequence[TicketLine]) -> ServiceWaits:
    """Return the figures of some tickets."""
    sure = sorted(
        line.wait_s for line in lines if line.wait_s is not None and not line.clock_suspect
    )
    states = [line.state for line in lines]
    return ServiceWaits(
        service=service,
        issued=len(lines),
        waiting=states.count("waiting"),
        called=sum(line.first_called_at is not None for line in lines),
        served=states.count("finished"),
        absent=states.count("absent"),
        void=states.count("void"),
        mean_s=statistics.fmean(sure) if sure else None,
        median_s=statistics.median(sure) if sure else None,
        p90_s=sure[math.ceil(_P90 * len(sure)) - 1] if sure else None,
    )


def _line(row: TicketRow) -> TicketLine:
    return TicketLine(
        number=row.number,
        service=row.service,
        ticket_class=row.ticket_class,
        state=row.state,
        counter=row.counter,
        issued_at=_EPOCH + timedelta(microseconds=row.issued_us),
        first_called_at=_instant(row.first_called_us),
        started_at=_instant(row.started_us),
        ended_at=_instant(row.ended_us),
        wait_s=row.wait_s,
        served_s=row.served_s,
        clock_suspect=row.clock_suspect,
        offline_book=row.offline_book,
    )


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)
