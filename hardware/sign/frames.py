"""The bytes of one line of text, filled in from the template of the settings."""

from functools import reduce
from operator import xor

from config.settings import AsciiSigns
from hardware.sign.port import Face
from hardware.sign.text import fitted

_MARK = "{checksum"


def frame_of(choice: AsciiSigns, address: int, face: Face) -> bytes:
    """Return the frame that shows `face` at `address`; raises SignRefusedError."""
    fields: dict[str, object] = {
        "address": address,
        "text": fitted(face.text, choice.digits),
        "blink": choice.blink_marks[face.blink],
    }
    head, mark, _ = choice.frame.partition(_MARK)
    if mark:
        fields["checksum"] = checksum(choice.checksum, _bytes(head, fields)[1:])
    return _bytes(choice.frame, fields)


def answer_of(choice: AsciiSigns, address: int) -> bytes:
    """Return what the sign at `address` answers; empty when it never does."""
    return _bytes(choice.answer, {"address": address})


def checksum(kind: str, data: bytes) -> int:
    """Return the sum modulo 256, or the exclusive or, of `data`."""
    return sum(data) % 256 if kind == "sum" else reduce(xor, data, 0)


def _bytes(template: str, fields: dict[str, object]) -> bytes:
    return template.format(**fields).encode("latin-1")
