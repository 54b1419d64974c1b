"""What kiosks are told."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bus import commands as c
from bus.codec import MAX_STATE_BYTES, encode
from bus.states import ServicesState
from bus.vocabulary import WhyClosed
from queue_service.states import Header, services_state
from queue_service.timetable import next_change

HEADER = Header("e", 1, datetime(2026, 11, 23, 1, tzinfo=UTC))


def told(hall: SimpleNamespace) -> ServicesState:
    return services_state(hall.view(), HEADER)


def test_a_call_for_help_shows_who_comes_for_two_minutes(hall: SimpleNamespace) -> None:
    hall.do(c.RequestHelp(place="kiosk-1"), "kiosk-1")
    assert [(call.place, call.answered_by) for call in told(hall).help] == [("kiosk-1", None)]
    hall.advance(600)
    hall.do(c.AnswerHelp(counter=2), "counter-2")
    assert [(call.place, call.answered_by) for call in told(hall).help] == [("kiosk-1", 2)]
    end = hall.now + timedelta(minutes=2)
    due = next_change(hall.state, hall.rules, hall.now)
    assert due is not None
    assert abs(due - end) < timedelta(seconds=1)
    hall.advance(121)
    assert (told(hall).help, told(hall).help_total) == ((), 0)


def test_hundreds_of_calls_for_help_are_counted(hall: SimpleNamespace) -> None:
    for index in range(150):
        hall.do(c.RequestHelp(place=f"{index:03}" + "🙂" * 197), "kiosk-1")
    state = told(hall)
    assert state.help_total == 150
    assert state.help[-1].place.startswith("149")
    assert len(encode(state)) < MAX_STATE_BYTES


@pytest.mark.parametrize(
    ("local", "back", "opens_at"),
    [
        ((9, 0), (10, 0), (10, 0)),
        ((11, 0), (11, 20), (13, 0)),  # the last ticket of the morning is at 11:15
        ((16, 0), (17, 1), None),  # the last one of the day at 16:45
    ],
)
def test_a_paused_service_goes_on_when_numbers_are_given(
    hall: SimpleNamespace,
    local: tuple[int, int],
    back: tuple[int, int],
    opens_at: tuple[int, int] | None,
) -> None:
    def instant(clock: tuple[int, int]) -> datetime:
        return datetime(2026, 11, 23, clock[0] - 7, clock[1], tzinfo=UTC)

    hall.now = instant(local)
    for counter in (2, 3):
        hall.do(c.OpenCounter(counter=counter), f"counter-{counter}")
        hall.do(
            c.PauseCounter(counter=counter, reason="họp", until=instant(back)),
            f"counter-{counter}",
        )
    service = next(service for service in told(hall).services if service.service == "B")
    assert (service.open, service.why) == (False, WhyClosed.PAUSED)
    assert service.opens_at == (None if opens_at is None else instant(opens_at))
