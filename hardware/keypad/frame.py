"""Binary frames: pure functions from a layout to bytes and back."""

import re
from collections.abc import Mapping
from functools import reduce

from bus.vocabulary import Error
from config.settings import FrameProtocol
from hardware.keypad.codec import Heard, printable
from hardware.keypad.gestures import Edge
from hardware.keypad.port import Readout

_CHECKSUM_BYTES = {"none": 0, "sum": 1, "xor": 1, "crc16": 2}
_BIGGEST = 64
_TOKEN = re.compile(r"\{(\w+):?(\d?)\}")
_REASONS = {
    Error.EMPTY: 1,
    Error.STALE: 2,
    Error.NOT_ALLOWED: 3,
    Error.EXPIRED: 4,
    Error.UNAVAILABLE: 5,
    Error.UNKNOWN: 6,
    Error.CONFLICT: 7,
}
_OTHER_REASON = 9


def crc16(data: bytes) -> int:
    """Return the CRC of Modbus over serial line (V1.02, 6.2.2): 0xA001 reflected, from 0xFFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def checksum_of(layout: FrameProtocol, before: bytes) -> bytes:
    """Return the checksum of a frame of which everything `before` the checksum is known."""
    counted = before[layout.checksum.begin :]
    match layout.checksum.kind:
        case "none":
            return b""
        case "sum":
            return bytes([sum(counted) % 256])
        case "xor":
            return bytes([reduce(int.__xor__, counted, 0)])
        case "crc16":
            return crc16(counted).to_bytes(2, layout.checksum.order)


def whole_size(layout: FrameProtocol, begun: bytes) -> int | None:
    """Return the size of the frame that `begun` begins, None before its length is known.

    0 says that no such frame exists.
    """
    if layout.size:
        return layout.size
    if len(begun) <= max(layout.length_at):
        return None
    lengths = {begun[at] for at in layout.length_at}
    size = lengths.pop() + layout.length_adds
    return size if not lengths and smallest(layout) <= size <= _BIGGEST else 0


def smallest(layout: FrameProtocol) -> int:
    """Return the bytes of the smallest frame that has everything the layout names."""
    places = [layout.address_at, layout.key_at, *layout.length_at]
    places += [fixed.at for fixed in layout.fixed]
    places += [at for at in (layout.command_at, layout.sequence_at) if at is not None]
    if layout.press_command is not None and layout.command_at is not None:
        # Frames of other commands, such as an idle answer, may be too short for a key.
        places.remove(layout.key_at)
    return max(*places, len(preamble(layout)) - 1) + 1 + _tail(layout)


def preamble(layout: FrameProtocol) -> bytes:
    """Return the bytes that every frame begins with."""
    return bytes.fromhex(layout.preamble)


def is_shaped(layout: FrameProtocol, begun: bytes) -> bool:
    """Return whether the fixed bytes are right, as far as `begun` goes."""
    return all(
        begun[place.at : place.at + 1] in (b"", bytes([place.value])) for place in layout.fixed
    )


def is_closed(layout: FrameProtocol, frame: bytes) -> bool:
    """Return whether a whole frame ends in its trailer."""
    return frame.endswith(bytes.fromhex(layout.trailer))


def is_sound(layout: FrameProtocol, frame: bytes) -> bool:
    """Return whether a whole frame has the right checksum."""
    at = len(frame) - _tail(layout)
    found = frame[at : at + _CHECKSUM_BYTES[layout.checksum.kind]]
    return checksum_of(layout, frame[:at]) == found


def read_frame(layout: FrameProtocol, frame: bytes) -> Heard | None:
    """Return what a whole, sound frame says, None when its key is not in the map."""
    address = frame[layout.address_at]
    sequence = None if layout.sequence_at is None else frame[layout.sequence_at]
    commanded = layout.command_at is not None and layout.press_command is not None
    if commanded and frame[layout.command_at or 0] != layout.press_command:
        return Heard(address, sequence=sequence)
    if layout.key_at >= len(frame) - _tail(layout):
        return None
    name = layout.keys.get(f"{frame[layout.key_at]:02X}")
    if name is None:
        return None
    if not name:
        return Heard(address, sequence=sequence)
    key, _, edge = name.partition(".")
    return Heard(address, "" if key == "button" else key, Edge(edge or "press"), None, sequence)


def write_frame(
    layout: FrameProtocol, template: str, address: int, values: Mapping[str, str]
) -> bytes:
    """Return the frame of `template`; `values` has the texts of `number`, `waiting`, `reason`."""
    tokens = template.split()
    size = sum(_width(layout, token) for token in tokens)
    frame = b""
    for token in tokens:
        found = _TOKEN.fullmatch(token)
        if found is None:
            frame += bytes.fromhex(token)
            continue
        match found[1]:
            case "address":
                frame += bytes([address])
            case "length":
                frame += bytes([(size - layout.length_adds) % 256])
            case "checksum":
                frame += checksum_of(layout, frame)
            case field:
                width = int(found[2] or 1)
                frame += _digits(field, values.get(field, ""), width).encode("ascii")
    return frame


def readout_values(readout: Readout) -> dict[str, str]:
    """Return the texts that a display's frame shows."""
    waiting = "" if readout.waiting is None else str(readout.waiting)
    return {"number": printable(readout.number), "waiting": waiting}


def reason_values(why: Error) -> dict[str, str]:
    """Return the digit that a refusal's frame carries."""
    return {"reason": str(_REASONS.get(why, _OTHER_REASON))}


def _tail(layout: FrameProtocol) -> int:
    return _CHECKSUM_BYTES[layout.checksum.kind] + len(bytes.fromhex(layout.trailer))


def _width(layout: FrameProtocol, token: str) -> int:
    found = _TOKEN.fullmatch(token)
    if found is None or not found[2]:
        is_checksum = found is not None and found[1] == "checksum"
        return _CHECKSUM_BYTES[layout.checksum.kind] if is_checksum else 1
    return int(found[2])


def _digits(field: str, text: str, width: int) -> str:
    """Return `text` in exactly `width` places: dashes for nothing, nines for too many people."""
    if not text:
        return "-" * width
    if field == "waiting" and len(text) > width:
        return "9" * width
    return text.rjust(width)[-width:]
