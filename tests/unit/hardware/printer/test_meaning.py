import pytest

from bus.vocabulary import PrinterState
from hardware.printer.meaning import (
    automatic_means,
    in_turn_means,
    module_means,
    now_means,
    worst,
)
from hardware.printer.status import Automatic, InTurn, Module


@pytest.mark.parametrize(
    ("subject", "byte", "state"),
    [
        (1, 0x12, PrinterState.READY),
        (1, 0x1A, PrinterState.OFFLINE),
        (2, 0x12, PrinterState.READY),
        (2, 0x16, PrinterState.COVER_OPEN),
        (2, 0x36, PrinterState.COVER_OPEN),
        (2, 0x32, PrinterState.PAPER_OUT),
        (3, 0x1A, PrinterState.CUTTER_ERROR),
        (3, 0x52, PrinterState.OVERHEATED),
        (3, 0x32, PrinterState.FAULT),
        (4, 0x12, PrinterState.READY),
        (4, 0x1E, PrinterState.PAPER_LOW),
        (4, 0x72, PrinterState.PAPER_OUT),
        (4, 0x7E, PrinterState.PAPER_OUT),
    ],
)
def test_the_present_moment(subject: int, byte: int, state: PrinterState) -> None:
    assert now_means(subject, byte) is state


@pytest.mark.parametrize(
    ("byte", "state"),
    [
        (0x00, PrinterState.READY),
        (0x03, PrinterState.PAPER_LOW),
        (0x0C, PrinterState.PAPER_OUT),
        (0x0F, PrinterState.PAPER_OUT),
    ],
)
def test_the_paper_in_turn(byte: int, state: PrinterState) -> None:
    assert in_turn_means(InTurn(byte)) is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (b"\x10\x00\x00\x00", PrinterState.READY),
        (b"\x10\x00\x03\x00", PrinterState.PAPER_LOW),
        (b"\x18\x00\x0c\x00", PrinterState.PAPER_OUT),
        (b"\x38\x00\x0f\x00", PrinterState.COVER_OPEN),
        (b"\x18\x08\x00\x00", PrinterState.CUTTER_ERROR),
        (b"\x18\x40\x00\x00", PrinterState.OVERHEATED),
        (b"\x18\x00\x00\x00", PrinterState.OFFLINE),
    ],
)
def test_status_by_itself(status: bytes, state: PrinterState) -> None:
    assert automatic_means(Automatic(status)) is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (b"\x00\x00\x00\x00", PrinterState.READY),
        (b"\x04\x00\x00\x00", PrinterState.PAPER_LOW),
        (b"\x24\x00\x00\x00", PrinterState.TICKET_PRESENT),
        (b"\x05\x00\x00\x00", PrinterState.PAPER_OUT),
        (b"\x00\x02\x00\x00", PrinterState.COVER_OPEN),
        (b"\x00\x00\x01\x00", PrinterState.OVERHEATED),
        (b"\x00\x00\x40\x00", PrinterState.FAULT),
        (b"\x00\x00\x00\x01", PrinterState.CUTTER_ERROR),
    ],
)
def test_a_kiosk_module(status: bytes, state: PrinterState) -> None:
    assert module_means(Module(status)) is state


def test_what_a_person_has_to_see_to_comes_first() -> None:
    assert worst([]) is PrinterState.READY
    assert worst([PrinterState.PAPER_LOW, PrinterState.OFFLINE]) is PrinterState.OFFLINE
    assert worst([PrinterState.OFFLINE, PrinterState.PAPER_OUT]) is PrinterState.PAPER_OUT


@pytest.mark.parametrize("state", PrinterState)
def test_no_state_is_both_well_and_stopped(state: PrinterState) -> None:
    assert not (state.well and state.stopped)
    assert not (state.can_print and state.stopped)
