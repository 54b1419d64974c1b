"""Measure everything and print the table: `.venv/bin/python -m benchmarks [--write]`."""

import argparse
import gc
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.progress import track

from benchmarks.boards import boards_with_marquee
from benchmarks.durable import issue_against_fsync
from benchmarks.latency import press_against_round_trip
from benchmarks.measure import RUNS, Figure, Row, repeated, row
from benchmarks.resources import processes, whole_start_s
from benchmarks.startup import service_start
from benchmarks.touch import touch_against_drawing

_TABLE = Path(__file__).parent.parent / "docs" / "performance.md"
_FLOOR_MS = 0.2
_TIMES_FLOOR = 6
_MEMORY_MB = {"queue_service": 85, "kiosk": 120, "display.board": 120, "counter_caller.panel": 120}
_MARQUEE_PERCENT = 6
_HEAD = f"""# Performance

Measured by `.venv/bin/python -m benchmarks --write` on one machine with two cores, software
rendering and no screen. Machines are noisy: read the ratios, taken in one run; times are medians
of {RUNS} paired runs. "Cold" starts have the page cache dropped where the user may.

| what | measured | yardstick in the same run | ratio | target | met |
|---|---|---|---|---|---|
"""


def main() -> int:
    """Print the table, and write it to docs/performance.md when asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {_TABLE.name}")
    parser.add_argument("--data", type=Path, help="directory on the disk to measure")
    options = parser.parse_args()
    gc.disable()  # a bus's thread that collected would destroy the kiosk's Qt objects
    with tempfile.TemporaryDirectory(dir=options.data) as directory:
        rows = list(track(_rows(Path(directory)), description="measuring", total=6))
    text = _HEAD + "\n".join(line.markdown() for batch in rows for line in batch) + "\n"
    sys.stdout.write(text)
    if options.write:
        _TABLE.write_text(text)
    return 0 if all(line.met is not False for batch in rows for line in batch) else 1


def _rows(directory: Path) -> Iterator[list[Row]]:
    yield [_durable(directory)]
    press = repeated(lambda: press_against_round_trip(directory))
    yield [row("press → board painted, p99", press, "ms", "round trip", 100)]
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
