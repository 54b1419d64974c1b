"""What a printer's status bytes mean; the layouts are where `status` says."""

from collections.abc import Iterable

from bus.vocabulary import PrinterState
from hardware.printer.status import Automatic, InTurn, Module

PRINTER, CAUSE, ERROR, PAPER = 1, 2, 3, 4
"""The subjects of DLE EOT."""

_WORST_FIRST = (
    PrinterState.COVER_OPEN,
    PrinterState.PAPER_OUT,
    PrinterState.CUTTER_ERROR,
    PrinterState.OVERHEATED,
    PrinterState.FAULT,
    PrinterState.OFFLINE,
    PrinterState.TICKET_PRESENT,
    PrinterState.PAPER_LOW,
)
_Bits = tuple[tuple[int, PrinterState], ...]

_NOW: dict[int, _Bits] = {
    PRINTER: ((0x08, PrinterState.OFFLINE),),
    CAUSE: ((0x04, PrinterState.COVER_OPEN), (0x20, PrinterState.PAPER_OUT)),
    ERROR: (
        (0x08, PrinterState.CUTTER_ERROR),
        (0x40, PrinterState.OVERHEATED),
        (0x24, PrinterState.FAULT),
    ),
    PAPER: ((0x60, PrinterState.PAPER_OUT), (0x0C, PrinterState.PAPER_LOW)),
}
_IN_TURN: _Bits = ((0x0C, PrinterState.PAPER_OUT), (0x03, PrinterState.PAPER_LOW))
_AUTOMATIC: tuple[_Bits, ...] = (
    ((0x20, PrinterState.COVER_OPEN), (0x08, PrinterState.OFFLINE)),
    (
        (0x08, PrinterState.CUTTER_ERROR),
        (0x40, PrinterState.OVERHEATED),
        (0x24, PrinterState.FAULT),
    ),
    _IN_TURN,
)
_MODULE: tuple[_Bits, ...] = (
    (
        (0x01, PrinterState.PAPER_OUT),
        (0x04, PrinterState.PAPER_LOW),
        (0x20, PrinterState.TICKET_PRESENT),
    ),
    ((0x03, PrinterState.COVER_OPEN),),
    ((0x01, PrinterState.OVERHEATED), (0x48, PrinterState.FAULT)),
    ((0x01, PrinterState.CUTTER_ERROR), (0x4C, PrinterState.FAULT)),
)


def worst(states: Iterable[PrinterState]) -> PrinterState:
    """Return the state to tell when several hold: the first that a person has to see to."""
    there = set(states)
    return next((state for state in _WORST_FIRST if state in there), PrinterState.READY)


def now_means(subject: int, byte: int) -> PrinterState:
    """Return what an answer to DLE EOT `subject` says."""
    return worst(_set(_NOW[subject], byte))


def in_turn_means(fact: InTurn) -> PrinterState:
    """Return what an answer to GS r 1 says of the paper."""
    return worst(_set(_IN_TURN, fact.byte))


def automatic_means(fact: Automatic) -> PrinterState:
    """Return what status that the printer sent by itself says."""
    return _all_means(_AUTOMATIC, fact.status)


def module_means(fact: Module) -> PrinterState:
    """Return what a kiosk module's answer to DLE EOT 20 says."""
    return _all_means(_MODULE, fact.status)


def _all_means(layout: tuple[_Bits, ...], status: bytes) -> PrinterState:
    return worst(
        state for bits, byte in zip(layout, status, strict=False) for state in _set(bits, byte)
    )


def _set(bits: _Bits, byte: int) -> Iterable[PrinterState]:
    return (state for mask, state in bits if byte & mask)
