"""Whether a headset is plugged in: the switch that a sound card reports as an input device.

Source: include/uapi/linux/input-event-codes.h of the kernel (EV_SW, SW_HEADPHONE_INSERT,
SW_LINEOUT_INSERT), and EVIOCGSW of input.h for how it stands at first.
"""

import array
import fcntl
import os
import select
from collections.abc import Callable
from pathlib import Path

from hardware.errors import HardwareError
from hardware.keypad.input_device import read_records
from hardware.owner import Owner

_SWITCH = 0x05
_HEADPHONES, _LINE_OUT = 2, 6
_PLUGS = 1 << _HEADPHONES | 1 << _LINE_OUT
_SWITCHES_NOW = 0x8008451B
"""EVIOCGSW(8): the state of the first 64 switches."""
_WITHIN_S = 0.5


class HeadsetLostError(HardwareError):
    """The input device of the plug cannot be read."""


def switches_now(descriptor: int) -> int:
    """Return how the switches of an input device stand; raises OSError for one that has none."""
    switches = array.array("Q", [0])
    fcntl.ioctl(descriptor, _SWITCHES_NOW, switches)
    return switches[0]


class HeadsetWatch:
    """Tells when the plug goes in and out, on a thread of its own.

    A plug that is in when the watch begins is no news: nobody has come with it. One that appears
    with its device later is.
    """

    def __init__(
        self,
        path: Path,
        changed: Callable[[bool], None],
        switches: Callable[[int], int] = switches_now,
    ) -> None:
        self._path = path
        self._changed = changed
        self._switches = switches
        self._looked = False
        self._descriptor: int | None = None
        self._left = b""
        self._plugged = False
        self._owner = Owner("headset", self._step, self._failed, self._close)

    def start(self) -> None:
        """Begin to watch."""
        self._owner.start()

    def stop(self) -> None:
        """Watch no more."""
        self._owner.stop()

    def _step(self) -> float:
        if self._descriptor is None:
            self._open()
        descriptor = self._descriptor
        if descriptor is None or not select.select([descriptor], [], [], _WITHIN_S)[0]:
            return 0.0
        try:
            received = os.read(descriptor, 4096)
        except OSError as error:
            raise HeadsetLostError(f"{self._path}: {error.strerror}") from error
        if not received:
            raise HeadsetLostError(f"{self._path}: ended")
        records, self._left, _ = read_records(self._left + received)
        for record in records:
            if record.type == _SWITCH and record.code in (_HEADPHONES, _LINE_OUT):
                self._tell(plugged=bool(record.value))
        return 0.0

    def _open(self) -> None:
        looked, self._looked = self._looked, True
        try:
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise HeadsetLostError(f"{self._path}: {error.strerror}") from error
        try:
            plugged = bool(self._switches(self._descriptor) & _PLUGS)
        except OSError:
            return  # it says so at the next plug
        if looked:
            self._tell(plugged=plugged)
        else:
            self._plugged = plugged

    def _tell(self, *, plugged: bool) -> None:
        if plugged != self._plugged:
            self._plugged = plugged
            self._changed(plugged)

    def _failed(self, _error: Exception) -> None:
        """Take a device that is gone for a plug that was pulled."""
        self._close()
        self._tell(plugged=False)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor, self._left = None, b""
