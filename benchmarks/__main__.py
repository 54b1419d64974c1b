"""Measure everything and print the table: `.venv/bin/python -m benchmarks [--write]`.

`.venv/bin/python -m benchmarks store --tickets 1000000 --out FILE` makes a store of many years,
with which the table has one more row: `--old-store FILE`. `… [--write] databases` measures the
store on PostgreSQL, in a table of its own.
"""

import argparse
import gc
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import track

from benchmarks.boards import boards_with_marquee
from benchmarks.counter_page import press_to_own_page
from benchmarks.databases import database_rows
from benchmarks.durable import issue_against_fsync
from benchmarks.figures import period_figures, report_files
from benchmarks.latency import presses
from benchmarks.measure import RUNS, Figure, Row, percentile, repeated, row
from benchmarks.old_log import log_pages
from benchmarks.old_store import make_store
from benchmarks.phones import PHONES, presses_to_phones
from benchmarks.resources import processes, whole_start_s
from benchmarks.startup import service_start
from benchmarks.touch import touch_against_drawing
from benchmarks.wire import issue_over_the_wire, number_during_a_flood
from bus.session import new_id

_TABLE = Path(__file__).parent.parent / "docs" / "performance.md"
_FLOOR_MS = 0.2
_TIMES_FLOOR = 6
_TIMES_WIRE = 6
_TIMES_REPORTS = 1.5
_ISSUES_A_SECOND = 300
_TICKETS_A_MINUTE = 100
_PAGE_MS = 300
_STATE_MS = 35
_PAINTED_MS = 100
_PHONE_MS = 1000
_TIMES_PHONES = 1.5
_OWN_PAGE_MS = 150
_MEMORY_MB = {"queue_service": 85, "kiosk": 120, "display.board": 120, "counter_caller.panel": 120}
_MARQUEE_PERCENT = 6
_REPORT_MS = 3000
_FIGURES_MS = {"a month": 100, "a year": 300, "ten years": 300}
_HEAD = f"""# Performance

Measured by `.venv/bin/python -m benchmarks --write` on one machine with two cores, software
rendering and no screen. Machines are noisy: read the ratios, taken in one run; times are medians
of {RUNS} paired runs. "Cold" starts have the page cache dropped where the user may.

| what | measured | yardstick in the same run | ratio | target | met |
|---|---|---|---|---|---|
"""

_DATABASES = """## The store on PostgreSQL

Measured by `.venv/bin/python -m benchmarks --write databases` against SQLite on the same disk,
every commit flushed, on a machine that was busy with other work: read the ratios. A row of
move-store is a store of a million tickets, compared by counts and chain.

| what | measured | yardstick in the same run | ratio | target | met |
|---|---|---|---|---|---|
"""


def main() -> int:
    """Print the table, and write it to docs/performance.md when asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {_TABLE.name}")
    parser.add_argument("--data", type=Path, help="directory on the disk to measure")
    parser.add_argument("--old-store", type=Path, metavar="FILE", help="measure with it, too")
    what = parser.add_subparsers(dest="what")
    what.add_parser("databases", help="measure the store on PostgreSQL")
    making = what.add_parser("store", help="make a store of years")
    making.add_argument("--tickets", type=int, default=1_000_000)
    making.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args()
    if options.what == "store":
        make_store(options.out, options.tickets, datetime.now(UTC).date(), new_id)
        return 0
    gc.disable()  # a bus's thread that collected would destroy the kiosk's Qt objects
    with tempfile.TemporaryDirectory(dir=options.data) as directory:
        if options.what == "databases":
            measured = database_rows(Path(directory), options.old_store)
            rows = [[line] for line in track(measured, description="measuring", total=6)]
        else:
            measuring = _rows(Path(directory), options.old_store)
            rows = list(track(measuring, description="measuring", total=12))
    databases = options.what == "databases"
    text = _DATABASES if databases else _HEAD
    text += "\n".join(line.markdown() for batch in rows for line in batch) + "\n"
    sys.stdout.write(text)
    if options.write:
        first, mark, second = _TABLE.read_text().partition("## The store on PostgreSQL")
        _TABLE.write_text(f"{first.rstrip()}\n\n{text}" if databases else text + mark + second)
    return 0 if all(line.met is not False for batch in rows for line in batch) else 1


def _rows(directory: Path, old_store: Path | None) -> Iterator[list[Row]]:
    yield [_durable(directory)]
    yield _wire(directory)
    yield [*_presses(directory, None), *(_presses(directory, old_store) if old_store else ())]
    if old_store:
        yield [_beside_reports(directory, old_store)]
        yield _figures(directory, old_store)
        asked = log_pages(old_store)
        yield [row(f"log of a million: {what}", took, "ms", "", _PAGE_MS) for what, took in asked]
    own = press_to_own_page(directory)
    yield [row("press → its own page in Chromium, p99", own, "ms", "bare request", _OWN_PAGE_MS)]
    yield _phones(directory)
    touch = repeated(lambda: touch_against_drawing(directory))
    yield [row("touch → first printer byte", touch, "ms", "drawing alone", 300)]
    start = repeated(lambda: service_start(directory))
    whole = repeated(lambda: Figure(whole_start_s(directory)))
    yield [
        row("cold start of the service", start, "s", "bare Python", 1.3),
        row("cold start of the whole centre", whole, "s", "", 8),
    ]
    yield [_process(name, *found) for name, found in processes(directory).items()]
    boards = boards_with_marquee(directory)
    yield [_board(layout, *found) for layout, found in boards.items()]


def _durable(directory: Path) -> Row:
    """Return the row whose target is a ratio, and only where the disk is slow enough for one."""
    issue = repeated(lambda: issue_against_fsync(directory))
    floor = issue.yardstick or 0.0
    return replace(
        row("durable issue, median", issue, "ms", "bare fsync", _TIMES_FLOOR * floor),
        target=f"≤ {_TIMES_FLOOR}× where fsync ≥ {_FLOOR_MS} ms",
        met=issue.value <= _TIMES_FLOOR * floor if floor >= _FLOOR_MS else None,
    )


def _wire(directory: Path) -> list[Row]:
    """Return the rows of numbers issued over the wire of the whole running centre."""
    runs = [issue_over_the_wire(directory) for _ in range(RUNS)]
    one, eight = (repeated(iter(figures).__next__) for figures in zip(*runs, strict=True))
    floor, flood = one.yardstick or 0.0, repeated(lambda: number_during_a_flood(directory))
    against = "round trip + transaction"
    return [
        replace(
            row("issue over the wire, one client, median", one, "ms", against, _TIMES_WIRE * floor),
            target=f"≤ {_TIMES_WIRE}×",
        ),
        replace(
            row("issues over the wire, eight clients", eight, "a second", "1 ÷ the same", 0),
            target=f"≥ {_ISSUES_A_SECOND} a second",
            met=eight.value >= _ISSUES_A_SECOND,
        ),
        row("slowest number while a device sends 5,000 commands", flood, "ms", "calm median", 500),
    ]


def _presses(directory: Path, store: Path | None) -> list[Row]:
    """Return the rows of presses while 100 numbers a minute are issued."""
    runs = [presses(directory, _TICKETS_A_MINUTE, store) for _ in range(RUNS)]
    stated, painted = (
        [
            Figure(percentile(times, share), percentile(run.round_trips, share))
            for run, times in ((run, getattr(run, what)) for run in runs)
        ]
        for what, share in (("stated", 0.5), ("painted", 0.99))
    )
    load = f"{_TICKETS_A_MINUTE} numbers a minute" + (", a million old ones" if store else "")
    return [
        row(
            f"press → state of the boards, median, {load}",
            repeated(iter(stated).__next__),
            "ms",
            "round trip",
            _STATE_MS,
        ),
        row(
            f"press → board painted, p99, {load}",
            repeated(iter(painted).__next__),
            "ms",
            "round trip",
            _PAINTED_MS,
        ),
    ]


def _phones(directory: Path) -> list[Row]:
    """Return the rows of a line that five hundred phones follow, against the same without."""
    idle, busy = presses_to_phones(directory, 0), presses_to_phones(directory)
    phones = Figure(percentile(busy.phones, 0.99))
    boards = Figure(percentile(busy.boards, 0.5), percentile(idle.boards, 0.5))
    limit = _TIMES_PHONES * (boards.yardstick or 0.0)
    return [
        row(f"press → phone, p99, {PHONES} follow, ×60", phones, "ms", "", _PHONE_MS),
        replace(
            row(f"press → board painted, median, {PHONES} phones", boards, "ms", "without", limit),
            target=f"≤ {_TIMES_PHONES}×",
        ),
    ]


def _beside_reports(directory: Path, store: Path) -> Row:
    """Return the row of presses while a manager makes reports, against presses in peace."""
    runs = [
        Figure(
            percentile(presses(directory, _TICKETS_A_MINUTE, store, reports=True).painted, 0.5),
            percentile(presses(directory, _TICKETS_A_MINUTE, store).painted, 0.5),
        )
        for _ in range(RUNS)
    ]
    figure = repeated(iter(runs).__next__)
    limit = _TIMES_REPORTS * (figure.yardstick or 0.0)
    return replace(
        row(
            "press → board painted, median, while reports are made", figure, "ms", "without", limit
        ),
        target=f"≤ {_TIMES_REPORTS}×",
    )


def _figures(directory: Path, store: Path) -> list[Row]:
    """Return the rows of the figures; what closed days hold is kept after a first time."""
    rows: list[Row] = []
    for name, (warm, first_ms) in period_figures(store, directory).items():
        limit = _FIGURES_MS[name]
        against = "reading and sorting its waits"
        rows.append(row(f"figures of {name}, a million tickets", warm, "ms", against, limit))
        first = f"{first_ms / 1000:.1f} s"
        rows.append(Row(f"the same, the first time of {name}", first, "–", "–", "–", None))
    for name, taken in report_files(store, directory).items():
        what = f"report file (.docx) of {name}, a million tickets"
        rows.append(row(what, taken, "ms", "", _REPORT_MS))
    return rows


def _process(name: str, memory_mb: float, processor: float) -> Row:
    limit = next((mb for module, mb in _MEMORY_MB.items() if name.startswith(module)), None)
    return Row(
        f"`{name}`, idle",
        f"{memory_mb:.0f} MB PSS, {processor:.1f} % of a core",
        "–",
        "–",
        f"≤ {limit} MB" if limit else "–",
        memory_mb <= limit if limit else None,
    )


def _board(layout: str, memory_mb: float, processor: float) -> Row:
    memory, most = _MEMORY_MB["display.board"], _MARQUEE_PERCENT
    return Row(
        f"board `{layout}`, marquee at 1080 lines",
        f"{memory_mb:.0f} MB PSS, {processor:.1f} % of a core",
        "–",
        "–",
        f"≤ {memory} MB, ≤ {most} %",
        memory_mb <= memory and processor <= most,
    )


if __name__ == "__main__":
    sys.exit(main())
