"""Twenty calls within five seconds."""

from collections.abc import Callable
from typing import Any

import pytest

from bus import commands

COUNTERS = (1, 2, 3, *range(10, 27))
CALLS = len(COUNTERS)


@pytest.mark.parametrize("speed", [24.0, pytest.param(2.0, marks=pytest.mark.full)])
def test_twenty_calls_are_all_shown_and_spoken_in_order(
    start_hall: Callable[[float], Any], speed: float
) -> None:
    hall = start_hall(speed)
    hall.issue(CALLS)
    presses = [hall.press(counter) for counter in COUNTERS]
    called = [commands.result_of(press.get(timeout=60), commands.CalledTicket) for press in presses]
    seqs = [call.call_seq for call in called]
    assert seqs == list(range(1, CALLS + 1))
    assert hall.ear.board is not None
    hall.until(lambda: len(hall.ear.board.calls) == CALLS)
    ages = [call.at for call in hall.ear.board.calls]
    assert (max(ages) - min(ages)).total_seconds() <= 40
    hall.until(lambda: all(hall.ear.said(seq, "shown") for seq in seqs), hall.real_s(60))
    hall.until(lambda: all(hall.ear.said(seq, "spoken") for seq in seqs), hall.real_s(300) + 10)
    assert [hall.ear.said(seq, "spoken") for seq in seqs] == [["announcer-1"]] * CALLS
    assert [hall.ear.said(seq, "shown") for seq in seqs] == [["board-1"]] * CALLS
    assert [said.split("-")[1] for said in hall.utterances("announcer-1")[:CALLS]] == [
        call.number for call in called
    ]
    assert hall.utterances("announcer-2") == []
    assert hall.ear.kinds("call_unannounced", "call_handed_over") == []
    assert all(not state.alarms for state in hall.ear.counters.values())
