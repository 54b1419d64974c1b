import queue
import threading
import time
from collections.abc import Iterator
from typing import NoReturn

import pytest

from hardware.errors import HardwareError
from hardware.owner import Owner

WITHIN_S = 30
Told = queue.Queue[str]


class Device:
    """Does at each step what it is told, and tells what is done with it."""

    def __init__(self) -> None:
        self.told: Told = queue.Queue()
        self.steps: queue.Queue[Exception | float] = queue.Queue()
        self.owner = Owner("test", self.step, self.fail, self.end, (0.01,))

    def step(self) -> float:
        try:
            todo = self.steps.get_nowait()
        except queue.Empty:
            self.told.put("idle")
            return WITHIN_S
        if isinstance(todo, Exception):
            raise todo
        self.told.put("step")
        return todo

    def fail(self, error: Exception) -> None:
        self.told.put(repr(error))

    def end(self) -> None:
        self.told.put("end")

    def next(self) -> str:
        return self.told.get(timeout=WITHIN_S)


@pytest.fixture
def device() -> Iterator[Device]:
    device = Device()
    yield device
    device.owner.stop()


def test_works_and_rests_until_it_is_woken(device: Device) -> None:
    device.steps.put(0.0)
    device.owner.start()
    assert [device.next(), device.next()] == ["step", "idle"]
    device.steps.put(0.0)
    device.owner.wake()
    assert [device.next(), device.next()] == ["step", "idle"]


@pytest.mark.parametrize(
    "error", [ValueError("odd"), UnicodeError("label empty or too long"), OSError(), KeyError(1)]
)
def test_lives_on_whatever_is_raised_and_logs_it_once(
    device: Device, error: Exception, caplog: pytest.LogCaptureFixture, expected_warnings: list[str]
) -> None:
    expected_warnings.append("device thread failed thread=test")
    for todo in (error, error, 0.0):
        device.steps.put(todo)
    device.owner.start()
    assert [device.next() for _ in range(4)] == [repr(error), repr(error), "step", "idle"]
    assert caplog.text.count("device thread failed") == 1
    assert "Traceback" in caplog.text


def test_what_a_device_does_is_not_logged_as_an_error_of_ours(device: Device) -> None:
    device.steps.put(HardwareError("cable"))
    device.owner.start()
    assert [device.next(), device.next()] == ["HardwareError('cable')", "idle"]


def test_lives_on_when_the_failure_cannot_be_told(expected_warnings: list[str]) -> None:
    expected_warnings += ["device thread failed", "failure not handled", "device not let go"]
    steps = threading.Semaphore(0)

    def step() -> NoReturn:
        steps.release()
        raise ValueError("odd")

    def refuse(error: Exception | None = None) -> NoReturn:
        raise RuntimeError("odd, too") from error

    owner = Owner("test", step, refuse, refuse, (0.01,))
    owner.start()
    for _ in range(3):
        assert steps.acquire(timeout=WITHIN_S)
    owner.stop()


def test_stops_at_once_while_it_pauses_and_lets_go_once() -> None:
    device = Device()
    device.owner = Owner("test", device.step, device.fail, device.end, (600.0,))
    device.steps.put(HardwareError("not there"))
    device.owner.start()
    device.next()
    began = time.monotonic()
    device.owner.stop()
    assert time.monotonic() - began < WITHIN_S
    assert device.next() == "end"
    assert device.told.empty()


def test_pauses_longer_with_each_failure_in_a_row() -> None:
    device = Device()
    device.owner = Owner("test", device.step, device.fail, device.end, (0.0, 600.0))
    for _ in range(3):
        device.steps.put(HardwareError("not there"))
    device.owner.start()
    assert [device.next(), device.next()] == ["HardwareError('not there')"] * 2
    with pytest.raises(queue.Empty):
        device.told.get(timeout=0.05)
    device.owner.wake()
    assert device.next() == "HardwareError('not there')"
    device.owner.stop()
