"""The figures of `docs/reliability.md`, written by the commands that measured them."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from nemesis.schedule import Do

_WORDS = {
    Do.KILL: "a process is killed (`kill -9`)",
    Do.FREEZE: "a process hangs (`SIGSTOP`)",
    Do.POWER: "a box, or the whole hall, loses power",
    Do.CUT: "a cable is pulled",
    Do.SWALLOW: "a switch forwards nothing",
    Do.DEAFEN: "a line is half open: a box sends and hears nothing",
    Do.FILL: "a disk is full",
    Do.CLOCK: "a clock jumps, by minutes to 40 days, and back",
    Do.WILD: "messages are repeated, held back, overtaken, and old ones come again",
}
_BEGIN, _END = "<!-- {} -->", "<!-- end of {} -->"


def put_table(page: Path, name: str, rows: Iterable[Sequence[str]]) -> None:
    """Put `rows`, the head first, between the marks of the table `name`."""
    head, *body = rows
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in body)]
    text = page.read_text()
    begin, end = _BEGIN.format(name), _END.format(name)
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{page} has no table {name}")
    page.write_text(f"{before}{begin}\n" + "\n".join(lines) + f"\n{end}{after}")


def hall_rows(halls: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return one row for each kind of attack: how often, what was lost, how long it took."""
    times: defaultdict[Do, list[float]] = defaultdict(list)
    broken = any(figures["violations"] for figures in halls)
    for figures in halls:
        for told, seconds in figures["healed_s"]:
            for step in told.split(" and "):
                if step != "nothing":
                    times[Do(step.split()[0])].append(seconds)
    rows = [["what", "how often", "lost", "the hall works again after (median / 95 % / longest)"]]
    for do, words in _WORDS.items():
        if took := sorted(times[do]):
            late = took[min(len(took) - 1, int(0.95 * len(took)))]
            spans = f"{statistics.median(took):.1f} s / {late:.1f} s / {took[-1]:.1f} s"
            rows.append(
                [words, str(len(took)), "promises are broken" if broken else "nothing", spans]
            )
    return rows


def sum_rows(halls: Sequence[dict[str, Any]], seconds: float) -> list[list[str]]:
    """Return what was played and asked while it was attacked."""
    seeds = [figures["seed"] for figures in halls]
    broken = sum(len(figures["violations"]) for figures in halls)
    command = (
        f"`.venv/bin/python tests/faults/soak.py --seed {seeds[0]} --rounds {len(halls)} "
        f"--seconds {seconds:g}`"
    )
    return [
        ["halls", "attacks", "questions asked", "numbers", "calls", "promises broken", "command"],
        [
            str(len(halls)),
            str(sum(len(figures["steps"]) for figures in halls)),
            f"{sum(figures['asked'] for figures in halls):,}",
            f"{sum(figures['numbers'] for figures in halls):,}",
            f"{sum(figures['calls'] for figures in halls):,}",
            str(broken),
            command,
        ],
    ]


class Kills:
    """Collects what the tests measured that kill the service; a plugin of pytest."""

    def __init__(self) -> None:
        self.found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        """By the store."""
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the figures of a test that held."""
        self.failed |= report.failed
        if report.when == "call" and report.passed:
            store = "PostgreSQL" if "postgresql" in report.nodeid else "SQLite"
            self.found[store].append(dict(report.user_properties))

    def rows(self) -> list[list[str]]:
        """Return one row for each store."""
        head = ["store", "killed", "numbers", "calls", "lost", "the board is right again after"]
        rows = [head]
        for store, figures in sorted(self.found.items(), reverse=True):
            took = sorted(seconds for each in figures for seconds in each["right_s"])
            late = took[min(len(took) - 1, int(0.95 * len(took)))]
            spans = f"{statistics.median(took):.1f} s / {late:.1f} s / {took[-1]:.1f} s"
            counts = (f"{sum(each[what] for each in figures):,}" for what in ("numbers", "calls"))
            rows.append([store, str(len(took)), *counts, "nothing", spans])
        return rows


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
