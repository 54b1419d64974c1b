"""From contacts to figures: how matters ended, and what became of those who were to come back."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from wait_log.figures.contacts import MatterCell, add
from wait_log.figures.counting import Choice, times_of
from wait_log.figures.values import MatterFigures, Selection


class MattersFound(NamedTuple):
    """The figures of the chosen contacts."""

    whole: MatterFigures
    by_service: tuple[tuple[str, MatterFigures], ...]
    ends_by_counter: tuple[tuple[int, int], ...]


def matter_figures(cells: Iterable[MatterCell], selection: Selection) -> MattersFound:
    """Return the figures of the chosen contacts, as a whole and in parts."""
    choice, whole = Choice(selection), _Sum()
    services: dict[str, _Sum] = {}
    ends: Counter[int] = Counter()
    for cell in cells:
        if choice.has_contact(cell.service, cell.counter, cell.kind):
            whole.add(cell)
            services.setdefault(cell.service, _Sum()).add(cell)
            ends[cell.counter] += sum(cell.ends.values())
    by_service = tuple((code, services[code].figures()) for code in sorted(services))
    return MattersFound(whole.figures(), by_service, tuple(sorted((+ends).items())))


class _Sum:
    """Cells added up."""

    def __init__(self) -> None:
        self._cell = MatterCell(date.min, "", 0, 0)

    def add(self, cell: MatterCell) -> None:
        add(self._cell, cell)

    def figures(self) -> MatterFigures:
        one = self._cell
        named = {outcome: count for outcome, count in one.ends.items() if outcome}
        return MatterFigures(
            ends=sum(one.ends.values()),
            outcomes=tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))),
            parked=one.parked,
            again=one.again,
            ended_again=one.ended_again,
            away=times_of(one.away_s),
            sent=one.sent,
            back=one.back,
            trip=times_of(one.trip_s),
            leg_waits=times_of(one.leg_wait_s),
            leg_service=times_of(one.leg_service_s),
            by_time=one.by_time,
        )
