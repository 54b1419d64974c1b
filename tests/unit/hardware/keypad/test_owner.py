import queue
import threading
import time

from hardware.keypad import KeypadUnavailable
from hardware.keypad.owner import Owner


class Device:
    """Fails as it is told, once per opening."""

    def __init__(self, failures: list[Exception]) -> None:
        self.failures = failures
        self.opened = 0
        self.closed = 0
        self.steps = threading.Event()

    def open(self) -> "Device":
        self.opened += 1
        return self

    def step(self, device: "Device") -> None:
        assert device is self
        if self.failures:
            raise self.failures.pop(0)
        self.steps.set()
        threading.Event().wait(0.005)

    def close(self) -> None:
        self.closed += 1


def test_what_fails_is_closed_told_and_opened_again(expected_warnings: list[str]) -> None:
    expected_warnings.append("call device failed")
    device = Device([KeypadUnavailable("cable"), ValueError("a fault of ours")])
    lost: queue.Queue[str] = queue.Queue()
    owner = Owner("test", device.open, device.step, lambda error: lost.put(str(error)), (0.01,))
    owner.start()
    assert device.steps.wait(5)
    owner.stop()
    assert [lost.get_nowait(), lost.get_nowait()] == ["cable", "fault: a fault of ours"]
    assert lost.empty()
    assert device.opened == device.closed == 3


def test_stops_at_once_while_it_waits_to_open_again() -> None:
    def refuse() -> Device:
        raise KeypadUnavailable("not there")

    lost = threading.Event()
    owner = Owner("test", refuse, Device([]).step, lambda _error: lost.set(), (60.0,))
    owner.start()
    assert lost.wait(5)
    began = time.monotonic()
    owner.stop()
    assert time.monotonic() - began < 2
