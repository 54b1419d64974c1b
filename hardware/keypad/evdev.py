"""Records of Linux input devices: pure functions from bytes to keys.

Source: include/uapi/linux/input.h and input-event-codes.h of the kernel.
"""

import struct
from dataclasses import dataclass

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
