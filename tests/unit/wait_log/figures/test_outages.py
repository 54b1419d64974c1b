"""Outages that overlap, that go on, that a period cuts off, and whose clock is doubtful."""

from datetime import UTC, date, datetime

import pytest

from wait_log.figures.hall_log import OutageMark
from wait_log.figures.intervals import microseconds
from wait_log.figures.outages import outages_in
from wait_log.figures.sheet import Hall
from wait_log.figures.values import OutageFigures, OutageSpan

CITY, LINE = "Hệ thống của thành phố", "Đường truyền Internet"


def at(day: int, hour: int, minute: int = 0) -> int:
    return microseconds(instant(day, hour, minute))


def instant(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hall(day: int, *marks: OutageMark, carried: tuple[OutageMark, ...] = ()) -> Hall:
    hours = ((at(day, 8), at(day, 12)), (at(day, 14), at(day, 17)))
    return Hall(date(2026, 11, day), 1, {}, {}, 0.0, hours, carried, marks)


def began(day: int, hour: int, minute: int = 0, system: str = CITY) -> OutageMark:
    return OutageMark(at(day, hour, minute), system)


def ended(
    day: int,
    hour: int,
    seconds: float,
    minute: int = 0,
    *,
    system: str = CITY,
    doubtful: bool = False,
) -> OutageMark:
    return OutageMark(at(day, hour, minute), system, seconds, doubtful)


def found(
    days: list[Hall], first: int, last: int, now: int, later: tuple[Hall, ...] = ()
) -> tuple[dict[str, OutageFigures], OutageFigures]:
    each, total = outages_in(days, later, (at(first, 0), at(last + 1, 0)), now)
    return {one.system: one for one in each}, total


def test_overlapping_outages_are_each_counted_and_together_once() -> None:
    monday = hall(
        2,
        began(2, 9),
        began(2, 9, 30, system=LINE),
        ended(2, 10, 3600),
        ended(2, 10, 5400, 60 - 1, system=LINE),
    )
    each, total = found([monday], 2, 2, at(3, 0))
    assert (each[CITY].seconds, each[LINE].seconds) == (3600, 5400)
    assert total.count == 2
    assert total.seconds == (119) * 60
    assert total.within_hours_s == 119 * 60
    assert each[CITY].spans == (OutageSpan(instant(2, 9), instant(2, 10)),)


def test_the_same_system_cannot_be_out_twice_at_once() -> None:
    monday = hall(2, began(2, 9), began(2, 9, 10), ended(2, 10, 3600), ended(2, 10, 1, 30))
    each, _ = found([monday], 2, 2, at(3, 0))
    assert (each[CITY].count, each[CITY].seconds) == (1, 3600)


def test_one_that_goes_on_is_counted_until_now() -> None:
    each, total = found([hall(2, began(2, 16))], 2, 2, at(2, 16, 45))
    assert each[CITY].seconds == total.seconds == 45 * 60
    assert each[CITY].spans[0].end is None


def test_one_over_night_is_counted_within_the_hours_apart() -> None:
    tuesday = hall(3, ended(3, 9, 17 * 3600), carried=(began(2, 16),))
    each, _ = found([hall(2, began(2, 16)), tuesday], 2, 3, at(4, 0))
    assert each[CITY].seconds == 17 * 3600
    assert each[CITY].within_hours_s == 2 * 3600


def test_a_period_cuts_what_began_before_it_and_goes_on_after_it() -> None:
    days = [hall(2, began(2, 16)), hall(3), hall(4)]
    each, _ = found(days, 3, 3, at(4, 12), (hall(4, ended(4, 11, 43 * 3600)),))
    (span,) = each[CITY].spans
    assert (span.begin, span.end) == (instant(3, 0), instant(4, 0))
    assert each[CITY].seconds == 24 * 3600
    assert each[CITY].within_hours_s == 7 * 3600


def test_a_period_without_a_day_that_opened_has_what_was_left_over() -> None:
    each, _ = found([hall(2, began(2, 16))], 7, 8, at(9, 12))
    assert each[CITY].seconds == 48 * 3600
    assert each[CITY].within_hours_s == 0


def test_one_that_was_over_before_the_period_is_not_in_it() -> None:
    each, total = found([hall(2, began(2, 9), ended(2, 10, 3600)), hall(3)], 3, 3, at(4, 0))
    assert each == {}
    assert (total.count, total.seconds) == (0, 0)


def test_what_a_doubtful_clock_measured_is_told_apart() -> None:
    monday = hall(
        2, began(2, 9), ended(2, 10, 3600, doubtful=True), began(2, 11), ended(2, 11, 600, 10)
    )
    each, total = found([monday], 2, 2, at(3, 0))
    assert (each[CITY].count, each[CITY].doubtful) == (2, 1)
    assert (each[CITY].seconds, each[CITY].doubtful_s) == (600, 3600)
    assert total.seconds == 600
    assert [span.doubtful for span in each[CITY].spans] == [True, False]


def test_whether_one_is_doubtful_shows_at_its_end_even_after_the_period() -> None:
    later = (hall(3), hall(4, ended(4, 9, 1, doubtful=True)))
    each, _ = found([hall(2, began(2, 9))], 2, 2, at(5, 0), later)
    assert (each[CITY].doubtful, each[CITY].seconds) == (1, 0)


def test_the_clock_for_durations_counts_when_the_wall_clock_was_set() -> None:
    monday = hall(2, began(2, 9), ended(2, 12, 1200.0))
    each, _ = found([monday], 2, 2, at(3, 0))
    assert each[CITY].seconds == pytest.approx(1200)


def test_a_period_to_come_has_none() -> None:
    each, total = found([hall(2, began(2, 9))], 20, 21, at(2, 12))
    assert (each, total.count, total.seconds) == ({}, 0, 0)
