"""How long the figures of a month, a year and ten years take in a store of a million tickets."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.measure import Figure
from config import load_centre
from wait_log.figure_cache import CACHE_FILE, FigureCache
from wait_log.figures import Selection, figures
from wait_log.periods import Period, Preset, last_ended
from wait_log.reader import open_reader
from web.report.make import make_report
from web.report.settings import ReportSettings
from web.report.word import word_file

_TIMES = 9
_YEARS = timedelta(days=3653)


def period_figures(store: Path, directory: Path) -> dict[str, tuple[Figure, float]]:
    """Return the warm median of each period beside reading its waits, and its first time, in ms."""
    centre = load_centre()
    kept = FigureCache(directory / CACHE_FILE)
    reader = open_reader(f"sqlite:///{store}", centre.identity.site, kept)
    newest = date.fromisoformat(reader.latest_day() or "")
    periods = {
        "a month": last_ended(Preset.MONTH, newest),
        "a year": last_ended(Preset.YEAR, newest),
        "ten years": Period(newest - _YEARS, newest),
    }
    measured: dict[str, tuple[Figure, float]] = {}
    for name, period in periods.items():

        def ask(selection: Selection = Selection(period)) -> object:  # noqa: B008
            return figures(reader, selection, centre)

        first_ms = _ms(ask)
        warm_ms = statistics.median(_ms(ask) for _ in range(_TIMES))
        plain_ms = _ms(lambda period=period: _plainly(store, period))  # type: ignore[misc]
        measured[name] = (Figure(warm_ms, plain_ms), first_ms)
    reader.close()
    kept.close()
    return measured


def report_files(store: Path, directory: Path) -> dict[str, Figure]:
    """Return how long the files of a month and of a year take, figures included, in ms."""
    centre, settings = load_centre(), ReportSettings()
    kept = FigureCache(directory / CACHE_FILE)
    reader = open_reader(f"sqlite:///{store}", centre.identity.site, kept)
    newest = date.fromisoformat(reader.latest_day() or "")
    measured: dict[str, Figure] = {}
    for name, preset in (("a month", Preset.MONTH), ("a year", Preset.YEAR)):
        selection = Selection(last_ended(preset, newest))

        def make(selection: Selection = selection) -> object:
            report = make_report(figures(reader, selection, centre), centre, settings)
            return word_file(report, datetime(2026, 1, 1, tzinfo=UTC))

        make()
        measured[name] = Figure(statistics.median(_ms(make) for _ in range(_TIMES)))
    reader.close()
    kept.close()
    return measured


def _plainly(store: Path, period: Period) -> list[float]:
    """Return the sorted waits of a period, as the least that a median needs."""
    connection = sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT wait_s FROM ticket WHERE site = ? AND business_day BETWEEN ? AND ? "
        "AND wait_s IS NOT NULL",
        (load_centre().identity.site, period.first.isoformat(), period.last.isoformat()),
    ).fetchall()
    connection.close()
    return sorted(row[0] for row in rows)


def _ms(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000
