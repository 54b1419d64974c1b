import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from wait_log.dialects import store_url
from wait_log.reader import open_reader
from web.day_log import DayLog, DayRecord


@pytest.fixture
def log(store_path: Path) -> Iterator[DayLog]:
    log = DayLog(open_reader(store_url(store_path.parent), "nhi-chieu"))
    yield log
    log.close()


def test_no_store_is_an_empty_day(log: DayLog, store_path: Path) -> None:
    assert log.read() == DayRecord()
    assert log.read("2026-11-23") == DayRecord("2026-11-23")
    assert not log.available()
    assert not store_path.exists()


def test_reads_the_day_asked_for_or_the_latest(
    log: DayLog, add_tickets: Callable[..., None]
) -> None:
    add_tickets({}, {}, business_day="2026-11-20")
    add_tickets({}, business_day="2026-11-23")
    assert log.available()
    assert [line.number for line in log.read().lines] == ["1003"]
    assert log.read().business_day == "2026-11-23"
    assert [line.number for line in log.read("2026-11-20").lines] == ["1001", "1002"]
    assert [line.number for line in log.read().before] == ["1001", "1002"]
    assert log.read().day_before == "2026-11-20"
    empty = log.read("2026-11-21")
    assert (empty.lines, empty.day_before) == ([], "2026-11-20")
    assert log.read("2026-11-20").day_before is None


def test_a_store_that_cannot_be_read_is_said_once_and_heals(
    store_path: Path, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("log not readable")
    store_path.write_bytes(b"no database at all" * 64)
    log = DayLog(open_reader(store_url(store_path.parent), "nhi-chieu"))
    assert not log.read().readable
    assert not log.available()
    assert caplog.text.count("log not readable") == 1
    store_path.unlink()
    assert log.read().readable
    log.close()


def test_readable_again_is_said(
    log: DayLog,
    store_path: Path,
    caplog: pytest.LogCaptureFixture,
    expected_warnings: list[str],
    request: pytest.FixtureRequest,
) -> None:
    expected_warnings.append("log not readable")
    store_path.write_bytes(b"no database at all" * 64)
    assert not log.available()
    store_path.unlink()
    request.getfixturevalue("add_tickets")({})
    with caplog.at_level(logging.INFO):
        assert log.available()
    assert "log readable again" in caplog.text
