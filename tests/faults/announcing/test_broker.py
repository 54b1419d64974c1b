"""The broker dies during calls and comes back; the store becomes another one."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from wait_log.dialects import STORE_FILE

Start = Callable[[float], Any]
STALE_WITHIN_S = 10.0
RIGHT_WITHIN_S = 5.0
LINK_LOST = ["broker link lost", "broker not reached"]


@pytest.mark.parametrize(
    ("speed", "outage_s"), [(4.0, 0.5), pytest.param(1.0, 25.0, marks=pytest.mark.full)]
)
def test_calls_outlive_the_broker(
    start_hall: Start, expected_warnings: list[str], speed: float, outage_s: float
) -> None:
    expected_warnings += LINK_LOST
    hall = start_hall(speed)
    board = hall.programs["board-1"].log
    first = hall.call(1)
    second = hall.call(2)
    assert hall.broker.pid is not None
    os.kill(hall.broker.pid, signal.SIGKILL)
    hall.until(lambda: "stale=True" in board.read_text(), STALE_WITHIN_S)
    hall.wait(outage_s)
    hall.broker.stop()
    hall.broker.start()
    back = time.monotonic()
    hall.until(lambda: board.read_text().rfind("stale=False") > board.read_text().rfind("=True"))
    assert time.monotonic() - back <= RIGHT_WITHIN_S
    hall.until(hall.is_well)
    third = hall.call(3)
    for counter in (1, 2, 3):
        hall.until(lambda counter=counter: hall.announced(counter), 30)
    for seq in (first, second, third):
        assert hall.spoken_by(seq) == ["announcer-1"]
    assert hall.ear.kinds("call_unannounced", "call_handed_over") == []


@pytest.mark.full
@pytest.mark.parametrize("pause_s", [0.0, 1.0, 3.0])
def test_calls_outlive_the_service(start_hall: Start, pause_s: float) -> None:
    hall = start_hall(2.0)
    seqs = [hall.call(counter) for counter in (1, 2)]
    hall.wait(pause_s)
    hall.programs["service"].kill()
    hall.programs["service"].start()
    for seq, counter in zip(seqs, (1, 2), strict=True):
        hall.until(lambda counter=counter: hall.announced(counter), 20)
        assert hall.spoken_by(seq) == ["announcer-1"]
    hall.wait(8)
    assert hall.ear.kinds("call_unannounced", "call_handed_over") == []
    assert hall.is_well()


@pytest.mark.full
def test_a_restored_store_is_another_life_in_which_calls_begin_anew(start_hall: Start) -> None:
    hall = start_hall(4.0)
    old = hall.call()
    hall.until(lambda: hall.ear.said(old, "spoken") and hall.ear.said(old, "shown"), 15)
    epoch = hall.ear.board.epoch
    hall.programs["service"].stop()
    for file in hall.directory.glob(f"{STORE_FILE}*"):
        file.rename(file.with_name(f"old-{file.name}"))
    hall.programs["service"].start()
    hall.until(lambda: hall.ear.board.epoch != epoch)
    hall.until(hall.is_well, 10)
    hall.forget_tickets()
    hall.ear.acks.clear()
    new = hall.call()
    assert new == old == 1
    hall.until(lambda: hall.ear.said(new, "spoken") and hall.ear.said(new, "shown"), 15)
    assert {ack.epoch for _, ack in hall.ear.acks} == {hall.ear.board.epoch}
    assert hall.spoken_by(new) == ["announcer-1", "announcer-1"]
