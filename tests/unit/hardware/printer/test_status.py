""""""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.vocabulary import PrinterState
from hardware.printer.status import (
    Automatic,
    Cleared,
    Fact,
    InTurn,
    Module,
    Noise,
    Now,
    Processed,
    StatusParser,
    automatic_means,
    in_turn_means,
    module_means,
    now_means,
    worst,
)

AUTOMATIC = b"\x18\x00\x0c\x00"
PROCESSED = b"\x37\x22AAEC\x00"
CLEARED = b"\x37\x25\x00"


def facts(received: bytes, *, module: bool = False) -> list[Fact]:
    parser = StatusParser()
    parser.asked_module = module
    return [*parser.feed(received), *parser.quiet()]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (b"\x12\x72", [Now(0x12), Now(0x72)]),
        (b"\x00\x0f", [InTurn(0x00), InTurn(0x0F)]),
        (AUTOMATIC, [Automatic(AUTOMATIC)]),
        (AUTOMATIC + b"\x00", [Automatic(AUTOMATIC), InTurn(0x00)]),
        (PROCESSED + CLEARED, [Processed(b"AAEC"), Cleared()]),
        (b"\x11\xff\x41", [Noise(0x11), Noise(0xFF), Noise(0x41)]),
        (b"\x10\x00\x1e\x00\x00", [Now(0x1E), Automatic(b"\x10\x00\x00\x00")]),
        (b"\x10\x00\xff\x00", [Noise(0x10), InTurn(0x00), Noise(0xFF), InTurn(0x00)]),
        (b"\x10\x00", [Noise(0x10), Noise(0x00)]),
        (b"\x37\x22AAE\x01", [Noise(0x37), *(Noise(b) for b in b'"AAE\x01')]),
        (b"\x37\x37\x25\x00", [Noise(0x37), Cleared()]),
        (b"\x37\x12", [Noise(0x37), Now(0x12)]),
        (PROCESSED[:-1] + b"\x01", [Noise(0x37), *(Noise(b) for b in b'"AAEC\x01')]),
        (b"\x10\x0f\x00\x00", [Automatic(b"\x10\x0f\x00\x00")]),
    ],
)
def test_tells_what_came(received: bytes, expected: list[Fact]) -> None:
    assert facts(received) == expected


def test_a_kiosk_module_is_understood_only_when_asked() -> None:
    answer = b"\x10\x0f\x25\x02\x01\x01"
    assert facts(answer, module=True) == [Module(answer[2:])]
    assert Module(answer[2:]) not in facts(answer)
    assert facts(AUTOMATIC + answer, module=True) == [Automatic(AUTOMATIC), Module(answer[2:])]


@given(st.lists(st.sampled_from([b"\x12", b"\x00", AUTOMATIC, PROCESSED, CLEARED, b"\xff"])))
def test_pieces_make_the_same_as_the_whole(groups: list[bytes]) -> None:
    received = b"".join(groups)
    parser = StatusParser()
    piecewise = [fact for at in range(len(received)) for fact in parser.feed(received[at : at + 1])]
    assert piecewise == facts(received)
    assert len(piecewise) == len(groups)


@given(st.binary(max_size=64), st.booleans())
def test_loses_no_byte_and_raises_nothing(received: bytes, module: bool) -> None:
    sizes = {Automatic: 4, Processed: 7, Cleared: 3, Module: 6}
    found = facts(received, module=module)
    assert sum(sizes.get(type(fact), 1) for fact in found) == len(received)


def test_ten_thousand_random_strings_name_no_job() -> None:
    rng = random.Random(3)
    for _ in range(10_000):
        found = facts(rng.randbytes(rng.randrange(64)))
        assert not [fact for fact in found if isinstance(fact, Processed)]


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
