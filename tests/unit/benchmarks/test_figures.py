from datetime import date
from itertools import count
from pathlib import Path

import pytest

from benchmarks.figures import period_figures, report_files
from benchmarks.old_store import make_store
from wait_log.dialects import STORE_FILE


def test_figures_of_an_old_store_are_timed(tmp_path: Path) -> None:
    ids = count(1)
    store = tmp_path / STORE_FILE
    make_store(store, 200, date(2026, 11, 23), lambda: f"01JBENCH{next(ids):018d}", a_day=20)
    measured = period_figures(store, tmp_path)
    assert list(measured) == ["a month", "a year", "ten years"]
    for figure, first_ms in measured.values():
        assert figure.value > 0
        assert figure.yardstick is not None
        assert first_ms > 0
    assert (tmp_path / "figures.db").exists()


@pytest.mark.full
def test_report_files_of_an_old_store_are_timed(tmp_path: Path) -> None:
    ids = count(1)
    store = tmp_path / STORE_FILE
    make_store(store, 200, date(2026, 11, 23), lambda: f"01JBENCH{next(ids):018d}", a_day=20)
    measured = report_files(store, tmp_path)
    assert list(measured) == ["a month", "a year"]
    assert all(figure.value > 0 for figure in measured.values())
