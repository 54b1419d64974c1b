from datetime import timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from queue_service.domain.estimate import pace_s, ranges_by_place, rounded, wait_range
from queue_service.domain.lines import waiting_for
from queue_service.domain.values import ServiceCode

A, B = ServiceCode("A"), ServiceCode("B")


def waits(hall: SimpleNamespace, service: ServiceCode = B) -> tuple[int, int] | None:
    return wait_range(hall.state, hall.rules, service, hall.now)


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [
        (0, (0, 5)),
        (5, (5, 10)),
        (12, (10, 15)),
        (19.9, (15, 20)),
        (31, (30, 45)),
        (700, (660, 720)),
    ],
)
def test_ranges(minutes: float, wanted: tuple[int, int]) -> None:
    assert rounded(minutes * 60) == wanted


def test_two_ahead_of_twelve_minutes_at_two_counters(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(c.OpenCounter(counter=3), "counter-3")
    assert waits(hall) == (0, 5)
    hall.issue("B")
    hall.issue("B")
    assert waits(hall) == (10, 15)


def test_others_work_at_shared_counters_counts_by_its_share(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(c.OpenCounter(counter=3), "counter-3")
    for _ in range(3):
        hall.issue("A")
    assert waits(hall) == (10, 15)  # 3 × 10 min × 2 of 3 counters ÷ 2


def test_a_pause_with_an_end_is_reckoned_with(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=2), "counter-2")
    hall.do(
        c.PauseCounter(counter=2, reason="họp", until=hall.now + timedelta(minutes=21)),
        "counter-2",
    )
    assert waits(hall) == (20, 30)
    hall.do(c.OpenCounter(counter=3), "counter-3")
    hall.issue("B")
    hall.issue("B")
    assert waits(hall) == (20, 30)  # 24 min of work: 21 at one counter, the rest at two


def test_nobody_will_serve(hall: SimpleNamespace) -> None:
    for counter in (2, 3):
        hall.do(c.OpenCounter(counter=counter), f"counter-{counter}")
    hall.do(c.CloseCounter(counter=2), "counter-2")
    hall.do(c.PauseCounter(counter=3, reason="họp"), "counter-3")
    assert waits(hall) is None


def test_while_no_counter_is_open_nobody_can_say_how_long_it_takes(hall: SimpleNamespace) -> None:
    assert waits(hall) is None
    hall.do(c.OpenCounter(counter=1))
    assert waits(hall) is None  # counter 1 serves another service
    hall.do(c.OpenCounter(counter=2), "counter-2")
    assert waits(hall) == (0, 5)


def test_a_counter_that_is_not_back_at_its_time_is_not_reckoned_with(
    hall: SimpleNamespace,
) -> None:
    hall.do(c.OpenCounter(counter=2), "counter-2")
    until = hall.now + timedelta(minutes=20)
    hall.do(c.PauseCounter(counter=2, reason="họp", until=until), "counter-2")
    assert waits(hall) == (20, 30)
    hall.advance(21 * 60)
    assert waits(hall) is None


def test_the_day_teaches_the_pace(hall: SimpleNamespace) -> None:
    assert pace_s(hall.state, hall.rules, A) == 600
    for _ in range(5):
        ticket = hall.issue("A")
        hall.next(1)
        hall.do(c.StartServing(counter=1, ticket=ticket.id))
        hall.advance(120)
        hall.do(c.Finish(counter=1, ticket=ticket.id))
    assert pace_s(hall.state, hall.rules, A) == pytest.approx(360)


def test_who_stands_before_a_key_is_ahead(hall: SimpleNamespace) -> None:
    hall.do(c.OpenCounter(counter=3), "counter-3")
    first = hall.issue("B")
    second = hall.issue("B")
    ranges = [
        wait_range(hall.state, hall.rules, B, hall.now, ticket.order_key)
        for ticket in (first, second)
    ]
    assert ranges == [(0, 5), (10, 15)]


def test_the_ranges_of_a_line_are_those_of_its_people(hall: SimpleNamespace) -> None:
    assert ranges_by_place(hall.state, hall.rules, B, hall.now) == ()
    hall.do(c.OpenCounter(counter=3), "counter-3")
    assert ranges_by_place(hall.state, hall.rules, B, hall.now) == ()
    for service in "BABBABBBB":
        hall.issue(service)
    changes = ranges_by_place(hall.state, hall.rules, B, hall.now)
    assert [place for place, _ in changes] == sorted({place for place, _ in changes})
    for place, ticket in enumerate(waiting_for(hall.state, B)):
        told = [found for begin, found in changes if begin <= place][-1]
        assert told == wait_range(hall.state, hall.rules, B, hall.now, ticket.key), place
