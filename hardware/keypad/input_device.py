"""Linux input devices: their records as keys, and one that is held open for ourselves.

Source: include/uapi/linux/input.h and input-event-codes.h of the kernel.
"""

import errno
import fcntl
import os
import select
import stat
import struct
from dataclasses import dataclass
from pathlib import Path

from hardware.keypad.port import KeypadShared, KeypadUnavailable

RECORD = struct.Struct("@llHHi")
"""struct input_event: seconds, microseconds, type, code, value; 24 bytes on 64-bit machines."""

SYN, KEY, LED = 0x00, 0x01, 0x11
_LAST_TYPE = 0x1F
SYN_DROPPED = 3
UP, DOWN, REPEAT = 0, 1, 2
NUM_LOCK_LED = 0
_MICROSECONDS = 1_000_000

KEY_NAMES = {
    # The pad with NumLock, the row above the letters, and the pad of firmware whose NumLock
    # is off: it sends Home for 7, arrow up for 8 and so on.
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True)),
    **dict(zip((11, 2, 3, 4, 5, 6, 7, 8, 9, 10), "0123456789", strict=True)),
    **dict(zip((110, 107, 108, 109, 105, 106, 102, 103, 104), "012346789", strict=True)),
    96: "enter",
    28: "enter",
    55: "star",
    98: "slash",
    74: "minus",
    78: "plus",
    83: "dot",
    111: "dot",
    14: "backspace",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One event of an input device."""

    at_s: float
    """When, by the clock the device was told to use."""
    type: int
    code: int
    value: int


def read_records(received: bytes) -> tuple[list[Record], bytes, int]:
    """Return whole records, the bytes left over, and how often bytes were no records.

    The kernel hands over whole records only; after one that is none, nothing can be trusted.
    """
    records: list[Record] = []
    whole = len(received) - len(received) % RECORD.size
    for seconds, micros, kind, code, value in RECORD.iter_unpack(received[:whole]):
        if kind > _LAST_TYPE or not 0 <= micros < _MICROSECONDS or seconds < 0:
            return records, b"", 1
        records.append(Record(seconds + micros / _MICROSECONDS, kind, code, value))
    return records, received[whole:], 0


def led(code: int, *, lit: bool) -> bytes:
    """Return what switches a light of the keyboard."""
    return RECORD.pack(0, 0, LED, code, int(lit)) + RECORD.pack(0, 0, SYN, 0, 0)


_GRAB = 0x40044590  # EVIOCGRAB
_SET_CLOCK = 0x400445A0  # EVIOCSCLOCKID
_MONOTONIC = struct.pack("@i", 1)  # CLOCK_MONOTONIC
INPUT_MAJOR = 13
_MOST_RECORDS = 64


class InputDevice:
    """Reads records; used from one thread.

    Anything that is no input device, such as the simulator's terminal or a named pipe, cannot
    be grabbed and need not be: nothing else reads keys from it.
    """

    def __init__(self, path: str, input_major: int = INPUT_MAJOR) -> None:
        """Open and grab; raises KeypadUnavailable, or KeypadShared when others read the keys.

        A device of the number `input_major` must be grabbed.
        """
        self._path = Path(path)
        try:
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise KeypadUnavailable(f"no keypad at {path}: {error.strerror}") from error
        status = os.fstat(self._file)
        self._same = (status.st_dev, status.st_ino, status.st_rdev)
        self._pipe = stat.S_ISFIFO(status.st_mode)
        is_input = stat.S_ISCHR(status.st_mode) and os.major(status.st_rdev) == input_major
        self.tells_monotonic = False
        """Whether records carry the machine's monotonic time."""
        try:
            self._hold(is_input=is_input)
        except KeypadShared:
            self.close()
            raise

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`; raises KeypadUnavailable when it is gone."""
        try:
            ready, _, _ = select.select([self._file], [], [], timeout_s)
            received = os.read(self._file, RECORD.size * _MOST_RECORDS) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as error:
            raise KeypadUnavailable(f"keypad at {self._path} is gone: {error.strerror}") from error
        if ready and not received:
            raise KeypadUnavailable(f"keypad at {self._path} is gone")
        return received

    def check(self) -> None:
        """Raise KeypadUnavailable when the path is gone or is another device by now."""
        try:
            status = self._path.stat()
        except OSError as error:
            raise KeypadUnavailable(f"keypad at {self._path} is gone: {error.strerror}") from error
        if (status.st_dev, status.st_ino, status.st_rdev) != self._same:
            raise KeypadUnavailable(f"keypad at {self._path} was replaced")

    def write(self, data: bytes) -> None:
        """Send records, such as a light; a device without lights ignores them."""
        if self._pipe:
            return  # it would come back to ourselves
        try:
            os.write(self._file, data)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.EPERM):
                raise KeypadUnavailable(
                    f"keypad at {self._path} is gone: {error.strerror}"
                ) from error

    def close(self) -> None:
        """Let it go; the kernel ends the grab."""
        os.close(self._file)

    def _hold(self, *, is_input: bool) -> None:
        try:
            fcntl.ioctl(self._file, _GRAB, 1)
        except OSError as error:
            if is_input or error.errno not in (errno.ENOTTY, errno.EINVAL):
                raise KeypadShared(
                    f"keypad at {self._path} cannot be held alone ({error.strerror}): its keys "
                    "would reach other windows"
                ) from error
            return
        try:
            fcntl.ioctl(self._file, _SET_CLOCK, _MONOTONIC)
        except OSError:
            return
        self.tells_monotonic = True
