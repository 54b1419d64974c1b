"""How long systems were out, from the days that tell when an outage began and ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wait_log.figures.hall_log import OutageMark
from wait_log.figures.intervals import SECOND_US, Span, instant, length_s, overlap_s, union
from wait_log.figures.sheet import Hall
from wait_log.figures.values import OutageFigures, OutageSpan


@dataclass(frozen=True, slots=True)
class _Outage:
    system: str
    begin_us: int
    end_us: int | None = None
    seconds: float | None = None
    """What the clock for durations says; None while it goes on."""
    doubtful: bool = False


def outages_in(
    days: Sequence[Hall], later: Iterable[Hall], period: Span, now_us: int
) -> tuple[tuple[OutageFigures, ...], OutageFigures]:
    """Return the outages of each system in a period, and of any of them.

    `days` are those of the period in order, and the one before them, which tells what it left over;
    `later` are asked only how an outage ended that the period left over.
    """
    seen = (period[0], min(period[1], now_us))
    goes_on = now_us < period[1]
    hours = [span for day in days for span in day.hours]
    outages = [
        (one, span) for one in _outages(days, later) for span in [_clipped(one, seen)] if span
    ]
    each = tuple(
        _figures(system, [pair for pair in outages if pair[0].system == system], hours, goes_on)
        for system in sorted({one.system for one, _ in outages})
    )
    sure = union(span for one, span in outages if not one.doubtful)
    total = replace(_figures("", outages, hours, goes_on), seconds=length_s(sure), spans=())
    return each, total


def _outages(days: Iterable[Hall], later: Iterable[Hall]) -> list[_Outage]:
    """Return all outages of some days, oldest first."""
    begun: dict[str, _Outage] = {}
    over: list[_Outage] = []
    for day in days:
        over += _followed(begun, day)
    left = set(begun)
    if left:
        for day in later:
            over += [one for one in _followed(begun, day) if one.system in left]
            left &= begun.keys()
            if not left:
                break
    return sorted((*over, *begun.values()), key=lambda one: (one.begin_us, one.system))


def _followed(begun: dict[str, _Outage], day: Hall) -> Iterator[_Outage]:
    """Return the outages that ended on a day; those that go on are in `begun`."""
    for mark in day.carried:
        begun.setdefault(mark.system, _Outage(mark.system, mark.at_us))
    for mark in day.outages:
        if mark.seconds is None:
            begun.setdefault(mark.system, _Outage(mark.system, mark.at_us))
        elif mark.system in begun:
            yield _ended(begun.pop(mark.system), mark)


def _ended(outage: _Outage, mark: OutageMark) -> _Outage:
    return replace(outage, end_us=mark.at_us, seconds=mark.seconds, doubtful=mark.doubtful)


def _clipped(outage: _Outage, seen: Span) -> Span | None:
    """Return the part of an outage that is to be seen, None when there is none."""
    begin = max(outage.begin_us, seen[0])
    end = seen[1] if outage.end_us is None else min(outage.end_us, seen[1])
    return (begin, end) if begin < end else None


def _figures(
    system: str, outages: Sequence[tuple[_Outage, Span]], hours: Sequence[Span], goes_on: bool
) -> OutageFigures:
    sure = [(one, span) for one, span in outages if not one.doubtful]
    doubtful = [span for one, span in outages if one.doubtful]
    return OutageFigures(
        system=system,
        count=len(outages),
        seconds=sum(_seconds(one, span) for one, span in sure),
        within_hours_s=sum(overlap_s(span, hours) for span in union(span for _, span in sure)),
        doubtful=len(doubtful),
        doubtful_s=length_s(doubtful),
        spans=tuple(
            OutageSpan(
                begin=instant(begin),
                end=None if one.end_us is None and goes_on else instant(end),
                doubtful=one.doubtful,
            )
            for one, (begin, end) in outages
        ),
    )


def _seconds(outage: _Outage, span: Span) -> float:
    """Return how long an outage took; of one that is cut off, how long it was to be seen."""
    begin, end = span
    whole = begin == outage.begin_us and end == outage.end_us
    if whole and outage.seconds is not None:
        return outage.seconds
    return (end - begin) / SECOND_US
