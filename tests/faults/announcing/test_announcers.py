"""Announcers that freeze and die during calls: another takes over, and nobody speaks twice."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[[float], Any]


@pytest.mark.full
def test_another_speaks_for_a_frozen_one_and_nobody_speaks_twice(start_hall: Start) -> None:
    hall = start_hall(4.0)
    hall.programs["announcer-1"].freeze()
    seq = hall.call()
    hall.until(lambda: hall.ear.said(seq, "spoken") == ["announcer-2"], 20)
    (handed,) = hall.ear.kinds("call_handed_over")
    assert handed.data["why"] in ("silent", "offline")
    assert (handed.data["instead_of"], handed.data["speaker"]) == ("announcer-1", "announcer-2")
    hall.until(lambda: ("device_offline", "announcer-1") in hall.ear.alarms())
    hall.programs["announcer-1"].thaw()
    hall.until(hall.is_well, 10)
    after = hall.call()
    hall.until(lambda: hall.ear.said(after, "spoken") == ["announcer-1"], 10)
    assert hall.spoken_by(seq) == ["announcer-2"]
    assert hall.spoken_by(after) == ["announcer-1"]


def test_one_that_is_killed_in_the_middle_of_a_call_speaks_it_again(start_hall: Start) -> None:
    hall = start_hall(2.0)
    hall.programs["announcer-2"].stop()
    seq = hall.call()
    hall.until(lambda: hall.ear.said(seq, "accepted"))
    hall.wait(0.5)
    hall.programs["announcer-1"].kill()
    hall.until(lambda: ("device_offline", "announcer-1") in hall.ear.alarms(), 5)
    assert hall.spoken_by(seq) == []
    hall.programs["announcer-1"].start()
    hall.until(lambda: hall.ear.said(seq, "spoken") == ["announcer-1"], 20)
    assert hall.spoken_by(seq) == ["announcer-1"]
    assert hall.ear.kinds("call_unannounced") == []
    assert [alarm for alarm in hall.ear.alarms() if alarm[1] != "announcer-2"] == []


@pytest.mark.full
def test_a_hall_without_any_alarms_once_and_not_per_call(start_hall: Start) -> None:
    hall = start_hall(4.0)
    for device in ("announcer-1", "announcer-2"):
        hall.programs[device].kill()
    hall.until(lambda: len(hall.ear.alarms()) == 2, 5)
    for _ in range(3):
        hall.call()
        hall.wait(hall.real_s(25))
    assert hall.ear.kinds("call_unannounced", "call_handed_over") == []
    assert hall.ear.alarms() == [
        ("device_offline", "announcer-1"),
        ("device_offline", "announcer-2"),
    ]
    late = hall.call()
    hall.programs["announcer-1"].start()
    hall.until(lambda: hall.ear.said(late, "spoken"), 15)


@pytest.mark.full
def test_a_frozen_voice_in_the_middle_of_a_call(start_hall: Start) -> None:
    hall = start_hall(1.0)
    seq = hall.call()
    hall.until(lambda: hall.ear.said(seq, "accepted"))
    hall.programs["announcer-1"].freeze()
    hall.until(lambda: hall.ear.said(seq, "spoken") == ["announcer-2"], 30)
    hall.programs["announcer-1"].thaw()
    hall.until(hall.is_well, 15)
    hall.clear()
    assert hall.spoken_by(seq).count("announcer-2") == 1


@pytest.mark.full
def test_on_a_cut_cable_a_call_that_waits_is_spoken_by_the_other_alone(start_hall: Start) -> None:
    hall = start_hall(2.0)
    speaking, waiting = hall.call(1), hall.call(2)
    hall.until(lambda: hall.ear.said(waiting, "accepted"))
    hall.wait(0.5)
    hall.cable.cut()
    hall.until(lambda: hall.ear.said(waiting, "spoken") == ["announcer-2"], 30)
    assert hall.spoken_by(speaking)[-1:] == ["announcer-2"]
    hall.cable.mend()
    hall.until(hall.is_well, 10)
    hall.wait(3)
    assert hall.spoken_by(waiting) == ["announcer-2"]
    assert hall.ear.kinds("call_unannounced") == []
