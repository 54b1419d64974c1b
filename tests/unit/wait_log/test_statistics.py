from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wait_log.errors import StoreError
from wait_log.rows import Batch, DayRow, TicketRow
from wait_log.statistics import TicketLine, WaitReader, summarise
from wait_log.store import STORE_FILE, Store

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


def ticket(number: str, service: str, **fields: Any) -> TicketRow:  # noqa: ANN401
    plain: dict[str, Any] = {
        "id": f"id-{number}",
        "business_day": "2026-11-23",
        "series": number[0],
        "number": number,
        "service": service,
        "ticket_class": "normal",
        "lang": "vi",
        "token": f"t-{number}",
        "device": "kiosk-1",
        "offline_book": False,
        "state": "waiting",
        "order_key_us": AT_US,
        "counter": None,
        "to_counter": None,
        "issued_us": AT_US + int(number) * 1_000_000,
        "first_called_us": None,
        "called_us": None,
        "started_us": None,
        "ended_us": None,
        "wait_s": None,
        "served_s": None,
        "clock_suspect": False,
        "calls": 0,
        "reason": "",
        "day_closed": False,
    }
    return TicketRow(**(plain | fields))


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


def test_a_day_is_read_beside_the_writer(tmp_path: Path) -> None:
    store = Store.open_file(tmp_path / STORE_FILE, "test", lambda: "epoch")
    reader = WaitReader(tmp_path / STORE_FILE)
    assert reader.business_day() is None
    called = {"first_called_us": AT_US, "counter": 1}
    store.commit(
        Batch(
            days=[DayRow("2026-11-23", 1, AT_US)],
            new_tickets=[
                ticket("2001", "CIVIL"),
                ticket("1001", "CERT", state="finished", wait_s=30.0, **called),
                ticket("1002", "CERT", state="serving", wait_s=90.0, **called),
                ticket("1003", "CERT", state="void"),
                ticket("1004", "CERT", state="absent", wait_s=60.0, **called),
            ],
        )
    )
    assert reader.business_day() == "2026-11-23"
    cert, civil = reader.service_waits("2026-11-23")
    assert (cert.service, cert.issued, cert.waiting, cert.called) == ("CERT", 4, 0, 3)
    assert (cert.served, cert.absent, cert.void, cert.mean_s) == (1, 1, 1, 60.0)
    assert (civil.waiting, civil.mean_s) == (1, None)
    hall = reader.hall_waits("2026-11-23")
    assert (hall.issued, hall.waiting, hall.median_s) == (5, 1, 60.0)
    numbers = [line.number for line in reader.ticket_lines("2026-11-23")]
    assert numbers == ["1001", "1002", "1003", "1004", "2001"]
    assert reader.ticket_lines("2026-11-23")[0].issued_at == AT + timedelta(seconds=1001)
    assert reader.ticket_lines("2026-11-22") == []
    reader.close()
    store.close()


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        WaitReader(tmp_path / STORE_FILE).business_day()
