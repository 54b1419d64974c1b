"""The played day in figures: waits of every service, refusals, and what was wrong."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from config import Centre
from hall.words import Words
from simulators.day.history import End, History, TicketRecord
from simulators.day.play import Script

_P90 = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """One service's day; waits in minutes of the played day."""

    service: str
    tickets: int
    served: int
    absent: int
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything there is to say about a played day."""

    script: Script
    pace: float
    """How many times as fast as the centre's clock the day was played."""
    history: History
    rows: tuple[Row, ...]
    whole: Row
    problems: tuple[str, ...]

    def table(self, t: Words) -> RenderableType:
        """Return what is shown to people."""
        table = Table(title=t("Phút chờ từ lúc lấy số đến lần gọi đầu"))
        table.add_column(t("lĩnh vực"))
        for name in (
            t("số lượt"),
            t("đã phục vụ"),
            t("vắng mặt"),
            t("bình quân"),
            t("một nửa không quá"),
            t("90 % không quá"),
        ):
            table.add_column(name, justify="right")
        for row in self.rows:
            table.add_row(*_cells(row))
        table.add_section()
        _, *figures = _cells(self.whole)
        table.add_row(t("tất cả"), *figures, style="bold")
        return Group(table, *(Text(line) for line in self._lines(t)))

    def plain(self) -> dict[str, Any]:
        """Return the whole day as plain values."""
        return {
            "seed": self.script.seed,
            "planned": self.script.tickets,
            "pace": self.pace,
            "services": [_plain(row) for row in (*self.rows, self.whole)],
            "refusals": _refusals(self.history),
            "problems": list(self.problems),
            "tickets": [_ticket(record, self.pace) for record in self.history.tickets.values()],
        }

    def _lines(self, t: Words) -> list[str]:
        lines = []
        if not math.isclose(self.pace, 1.0):
            lines.append(
                t(
                    "Diễn nhanh gấp {pace} lần đồng hồ của trung tâm; thời gian chờ đã được nhân "
                    "trở lại.",
                    pace=f"{self.pace:g}",
                )
            )
        refusals = _refusals(self.history)
        told = ", ".join(f"{name} {number}" for name, number in refusals.items())
        lines.append(t("Bị từ chối: {what}", what=told or t("không có")))
        lines += [t("SAI: {problem}", problem=problem) for problem in self.problems]
        return lines


def summarise(centre: Centre, script: Script, pace: float, history: History) -> Summary:
    """Return the figures of a played day."""
    records = list(history.tickets.values())
    codes = [service.code for service in centre.services]
    rows = [_row(code, [r for r in records if r.service == code], pace) for code in codes]
    return Summary(
        script,
        pace,
        history,
        tuple(row for row in rows if row.tickets),
        _row("all", records, pace),
        tuple(history.problems(centre)),
    )


def _row(service: str, records: Sequence[TicketRecord], pace: float) -> Row:
    waits = sorted(wait for record in records if (wait := wait_s(record, pace)) is not None)
    minutes = [wait / 60 for wait in waits]
    return Row(
        service=service,
        tickets=len(records),
        served=sum(record.end is End.FINISHED for record in records),
        absent=sum(record.end is End.ABSENT for record in records),
        mean=statistics.fmean(minutes) if minutes else None,
        median=statistics.median(minutes) if minutes else None,
        p90=minutes[math.ceil(_P90 * len(minutes)) - 1] if minutes else None,
    )


def wait_s(record: TicketRecord, pace: float) -> float | None:
    """Return how long a ticket waited for its first call, in seconds of the played day."""
    if record.called_at is None:
        return None
    return (record.called_at - record.issued_at).total_seconds() * pace


def _cells(row: Row) -> list[str]:
    figures = [str(row.tickets), str(row.served), str(row.absent)]
    return [
        row.service,
        *figures,
        *("–" if value is None else f"{value:.1f}" for value in (row.mean, row.median, row.p90)),
    ]


def _plain(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__slots__}


def _refusals(history: History) -> dict[str, int]:
    return {
        f"{kind} {error.value}": number
        for (kind, error), number in sorted(history.refusals.items())
    }


def _ticket(record: TicketRecord, pace: float) -> dict[str, Any]:
    return {
        "ticket": record.ticket,
        "number": record.number,
        "service": record.service,
        "class": record.ticket_class,
        "business_day": record.business_day,
        "issued_at": record.issued_at.isoformat(),
        "called_at": record.called_at.isoformat() if record.called_at else None,
        "wait_s": wait_s(record, pace),
        "counter": record.counter,
        "end": record.end.value if record.end else None,
    }
