import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
