import random

import pytest

from hardware.printer.port import PrinterState
from hardware.printer.status import cause_now, find_answer, paper_in_turn, paper_now


@pytest.mark.parametrize(
    ("byte", "state"),
    [
        (0x00, PrinterState.READY),
        (0x03, PrinterState.PAPER_LOW),
        (0x0C, PrinterState.PAPER_OUT),
        (0x0F, PrinterState.PAPER_OUT),
        (0x12, None),
        (0x10, None),
        (0x41, None),
        (0xFF, None),
    ],
)
def test_paper_in_turn(byte: int, state: PrinterState | None) -> None:
    assert paper_in_turn(byte) is state


@pytest.mark.parametrize(
    ("byte", "state"),
    [
        (0x12, PrinterState.READY),
        (0x1E, PrinterState.PAPER_LOW),
        (0x72, PrinterState.PAPER_OUT),
        (0x7E, PrinterState.PAPER_OUT),
        (0x00, None),
        (0x13, None),
    ],
)
def test_paper_now(byte: int, state: PrinterState | None) -> None:
    assert paper_now(byte) is state


@pytest.mark.parametrize(
    ("byte", "state"),
    [
        (0x12, PrinterState.READY),
        (0x16, PrinterState.COVER_OPEN),
        (0x36, PrinterState.COVER_OPEN),
        (0x32, PrinterState.PAPER_OUT),
        (0x10, None),
        (0x11, None),
        (0x92, None),
    ],
)
def test_cause_now(byte: int, state: PrinterState | None) -> None:
    assert cause_now(byte) is state


def test_status_sent_by_itself_is_no_answer() -> None:
    automatic = b"\x10\x00\x00\x00"
    assert find_answer(automatic * 3, paper_in_turn) is None
    assert find_answer(automatic + b"\x03", paper_in_turn) is PrinterState.PAPER_LOW
    assert find_answer(b"\x18\x00", paper_in_turn) is None


def test_noise_raises_nothing_and_flow_control_proves_nothing() -> None:
    rng = random.Random(3)
    for _ in range(10_000):
        find_answer(rng.randbytes(rng.randrange(12)), paper_in_turn)
    assert find_answer(b"\x11\x13" * 20, paper_in_turn) is None
    assert find_answer(b"", paper_now) is None
