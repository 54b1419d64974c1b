"""What printers answer when asked how they are (ESC/POS), told apart from anything else."""

from collections.abc import Callable

from hardware.printer.port import PrinterState

Meaning = Callable[[int], PrinterState | None]
"""What one byte says, or None if it is no answer to the question."""

ASK_PAPER_IN_TURN = b"\x1dr\x01"
"""GS r 1: answered when everything sent before was worked off, so the answer proves a print."""
ASK_PAPER_NOW = b"\x10\x04\x04"
"""DLE EOT 4: answered at once, even by a printer that is off line."""
ASK_CAUSE_NOW = b"\x10\x04\x02"
"""DLE EOT 2: why a printer is off line."""

_PAPER_IN_TURN = {
    0x00: PrinterState.READY,
    0x03: PrinterState.PAPER_LOW,
    0x0C: PrinterState.PAPER_OUT,
    0x0F: PrinterState.PAPER_OUT,
}
_PAPER_NOW = {
    0x12: PrinterState.READY,
    0x1E: PrinterState.PAPER_LOW,
    0x72: PrinterState.PAPER_OUT,
    0x7E: PrinterState.PAPER_OUT,
}
_AUTOMATIC_MASK, _AUTOMATIC = 0x93, 0x10
_AUTOMATIC_LENGTH = 4
_NOW_MASK, _NOW = 0x93, 0x12
_COVER_OPEN = 0x04
_STOPPED_BY_PAPER = 0x20


def paper_in_turn(byte: int) -> PrinterState | None:
    """Read an answer to `ASK_PAPER_IN_TURN`."""
    return _PAPER_IN_TURN.get(byte)


def paper_now(byte: int) -> PrinterState | None:
    """Read an answer to `ASK_PAPER_NOW`."""
    return _PAPER_NOW.get(byte)


def cause_now(byte: int) -> PrinterState | None:
    """Read an answer to `ASK_CAUSE_NOW`."""
    if byte & _NOW_MASK != _NOW:
        return None
    if byte & _COVER_OPEN:
        return PrinterState.COVER_OPEN
    return PrinterState.PAPER_OUT if byte & _STOPPED_BY_PAPER else PrinterState.READY


def find_answer(received: bytes, meaning: Meaning) -> PrinterState | None:
    """Return the first answer in `received`, past status that the printer sent by itself."""
    at = 0
    while at < len(received):
        if received[at] & _AUTOMATIC_MASK == _AUTOMATIC:
            at += _AUTOMATIC_LENGTH
            continue
        state = meaning(received[at])
        if state:
            return state
        at += 1
    return None
