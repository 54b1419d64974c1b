"""The plug of a headset, as the kernel tells of it."""

import os
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.keypad.input_device import KEY, RECORD, SYN
from hardware.speaker.headset import HeadsetWatch

SWITCH, HEADPHONES, LINE_OUT, MICROPHONE = 0x05, 2, 6, 4
OUT, IN = 0, 1
WITHIN_S = 60


class Socket:
    """The input device of a 3.5 mm socket, as a FIFO that the test writes to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stands = 0
        self.told: queue.Queue[bool] = queue.Queue()
        self._end: int | None = None

    def make(self) -> None:
        os.mkfifo(self.path)
        self._end = os.open(self.path, os.O_RDWR)

    def vanish(self) -> None:
        """Take the sound card away: whoever reads comes to an end."""
        self.path.unlink(missing_ok=True)
        if self._end is not None:
            os.close(self._end)
        self._end = None

    def sends(self, *records: tuple[int, int, int]) -> None:
        assert self._end is not None
        os.write(self._end, b"".join(RECORD.pack(1, 0, *record) for record in records))

    def switches(self, _descriptor: int) -> int:
        return self.stands

    def next(self) -> bool:
        return self.told.get(timeout=WITHIN_S)


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[Socket]:
    socket = Socket(tmp_path / "event7")
    yield socket
    socket.vanish()


@pytest.fixture
def watch(socket: Socket) -> Iterator[HeadsetWatch]:
    watch = HeadsetWatch(socket.path, socket.told.put, socket.switches)
    yield watch
    watch.stop()


def test_a_plug_is_told_once_when_it_goes_in_and_once_when_it_goes_out(
    socket: Socket, watch: HeadsetWatch
) -> None:
    socket.make()
    watch.start()
    socket.sends((SWITCH, HEADPHONES, IN), (SYN, 0, 0), (SWITCH, HEADPHONES, IN))
    assert socket.next() is True
    socket.sends((KEY, HEADPHONES, OUT), (SWITCH, MICROPHONE, OUT), (SWITCH, LINE_OUT, OUT))
    assert socket.next() is False
    assert socket.told.empty()


def test_a_plug_that_is_in_when_the_kiosk_starts_is_nobody_who_comes(
    socket: Socket, watch: HeadsetWatch
) -> None:
    socket.stands = 1 << HEADPHONES
    socket.make()
    watch.start()
    socket.sends((SWITCH, HEADPHONES, IN), (SWITCH, HEADPHONES, OUT), (SWITCH, LINE_OUT, IN))
    assert [socket.next(), socket.next()] == [False, True]


def test_a_card_that_is_gone_is_a_plug_pulled_and_one_that_comes_is_a_plug(
    socket: Socket, watch: HeadsetWatch
) -> None:
    socket.make()
    watch.start()
    socket.sends((SWITCH, HEADPHONES, IN))
    assert socket.next() is True
    socket.vanish()
    assert socket.next() is False
    socket.stands = 1 << LINE_OUT
    socket.make()
    assert socket.next() is True


def test_a_device_that_knows_no_switches_tells_at_the_next_plug(tmp_path: Path) -> None:
    socket = Socket(tmp_path / "event7")
    socket.make()
    watch = HeadsetWatch(socket.path, socket.told.put)  # a FIFO has no switches to ask for
    watch.start()
    socket.sends((SWITCH, LINE_OUT, IN))
    assert socket.next() is True
    watch.stop()
    socket.vanish()
