"""One measured figure beside its yardstick, and how several runs become a row of the table."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """What one run measured: `value` beside `yardstick`, both in `unit`."""

    value: float
    yardstick: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: str
    yardstick: str
    ratio: str
    target: str
    met: bool | None

    def markdown(self) -> str:
        """Return the row as Markdown."""
        verdict = {True: "yes", False: "**no**", None: "–"}[self.met]
        cells = (self.name, self.value, self.yardstick, self.ratio, self.target, verdict)
        return f"| {' | '.join(cells)} |"


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def repeated(run: Callable[[], Figure], runs: int = RUNS) -> Figure:
    """Return the medians of several paired runs; the ratio is taken of the medians' pair."""
    figures = [run() for _ in range(runs)]
    yardsticks = [figure.yardstick for figure in figures if figure.yardstick is not None]
    return Figure(
        statistics.median(figure.value for figure in figures),
        statistics.median(yardsticks) if yardsticks else None,
    )


def row(name: str, figure: Figure, unit: str, against: str, limit: float) -> Row:
    """Return the table's row of a figure that should not exceed `limit`."""
    ratio = f"{figure.value / figure.yardstick:.1f}×" if figure.yardstick else "–"
    yardstick = f"{against} {figure.yardstick:.2f} {unit}" if figure.yardstick else "–"
    return Row(
        name=name,
        value=f"{figure.value:.2f} {unit}",
        yardstick=yardstick,
        ratio=ratio,
        target=f"≤ {limit:g} {unit}",
        met=figure.value <= limit,
    )
