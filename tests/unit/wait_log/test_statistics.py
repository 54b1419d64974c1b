from datetime import UTC, datetime
from typing import Any

import pytest

from wait_log.statistics import TicketLine, summarise

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
AT_US = int(AT.timestamp()) * 1_000_000


def line(**fields: Any) -> TicketLine:  # noqa: ANN401
    plain: dict[str, Any] = {
        "number": "1001",
        "service": "CERT",
        "ticket_class": "normal",
        "state": "finished",
        "counter": 1,
        "issued_at": AT,
        "first_called_at": AT,
        "started_at": None,
        "ended_at": None,
        "wait_s": 60.0,
        "served_s": None,
        "clock_suspect": False,
        "offline_book": False,
    }
    return TicketLine(**(plain | fields))


def test_nobody_has_no_mean() -> None:
    waits = summarise("CERT", [])
    assert (waits.issued, waits.mean_s, waits.median_s, waits.p90_s) == (0, None, None, None)


@pytest.mark.parametrize(
    ("waits", "mean", "median", "p90"),
    [
        ([60.0], 60, 60, 60),
        ([60.0, 120.0], 90, 90, 120),
        ([float(n) for n in range(10, 110, 10)], 55, 55, 90),
        ([float(n) for n in range(10, 120, 10)], 60, 60, 100),
    ],
)
def test_the_figures(waits: list[float], mean: float, median: float, p90: float) -> None:
    figures = summarise("", [line(wait_s=wait) for wait in reversed(waits)])
    assert (figures.mean_s, figures.median_s, figures.p90_s) == (mean, median, p90)


def test_a_doubtful_clock_is_counted_but_never_averaged() -> None:
    lines = [line(), line(wait_s=86400.0, clock_suspect=True)]
    figures = summarise("CERT", lines)
    assert (figures.served, figures.called, figures.mean_s) == (2, 2, 60.0)
