"""A sign's text as bytes of a line or as registers: pure functions of the settings.

Maps as in the manuals of common panels: a character per register from register 0 and the value
in registers after it (DM36 and DM56 style), two characters or four BCD digits in a register.
"""

from functools import reduce
from operator import xor
from typing import assert_never

from config.settings import AsciiRegisters, AsciiSigns, BcdRegisters, NumberRegister
from hardware.sign.port import Face, SignRefusedError


def fitted(text: str, digits: int) -> str:
    """Return `text` right-aligned on `digits` places, dashes in the number that there are.

    Raises SignRefusedError for a text that would be cut: half a number is a wrong number.
    """
    if text and not text.strip("-"):
        return "-" * digits
    if len(text) > digits:
        raise SignRefusedError(f"{text!r} has more than the sign's {digits} digits")
    if not text.isascii():
        raise SignRefusedError(f"{text!r} has a letter that signs do not have")
    return text.rjust(digits)


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


_BCD_DIGITS = 4


def registers(
    layout: AsciiRegisters | BcdRegisters | NumberRegister, text: str, digits: int
) -> list[int]:
    """Return the values from `layout.first` on that show `text`, dashes or a blank.

    Raises SignRefusedError where such a sign cannot show it.
    """
    shown = fitted(text, digits)
    match layout:
        case AsciiRegisters():
            values = _ascii(shown, layout.per_register)
        case BcdRegisters():
            values = _bcd(shown, layout)
        case NumberRegister():
            values = [_number(shown.strip(), layout.idle)]
        case _:
            assert_never(layout)
    if layout.byte_order == "low_first":
        return [value >> 8 | (value & 0xFF) << 8 for value in values]
    return values


def _ascii(shown: str, per_register: int) -> list[int]:
    padded = shown.rjust(-(-len(shown) // per_register) * per_register)
    return [
        int.from_bytes(padded[at : at + per_register].encode(), "big")
        for at in range(0, len(padded), per_register)
    ]


def _bcd(shown: str, layout: BcdRegisters) -> list[int]:
    codes = {"-": layout.dash, " ": layout.blank} | {str(n): n for n in range(10)}
    padded = shown.rjust(-(-len(shown) // _BCD_DIGITS) * _BCD_DIGITS)
    try:
        nibbles = [codes[mark] for mark in padded]
    except KeyError as error:
        raise SignRefusedError(
            f"{shown!r} is not a number, and this sign has digits only"
        ) from error
    return [
        sum(nibble << shift for nibble, shift in zip(nibbles[at:], (12, 8, 4, 0), strict=False))
        for at in range(0, len(nibbles), _BCD_DIGITS)
    ]


def _number(shown: str, idle: int) -> int:
    if not shown.strip("-"):
        return idle
    if not shown.isdecimal() or int(shown) > 0xFFFF:  # noqa: PLR2004 - what a register holds
        raise SignRefusedError(f"{shown!r} is not a number that one register holds")
    return int(shown)
