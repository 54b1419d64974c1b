import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.vocabulary import Error
from hardware.keypad import Readout
from hardware.keypad.ascii_codec import AsciiCodec
from hardware.keypad.codec import DecodedFrame, Drop
from hardware.keypad.presses import Edge


@pytest.fixture
def codec() -> AsciiCodec:
    return AsciiCodec(checksum=False)


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        (b"K03 NEXT\r\n", DecodedFrame(3, "next")),
        (b"k03 next\n", DecodedFrame(3, "next")),
        (b"K03 NEXT\r", DecodedFrame(3, "next")),
        (b"K03 BUTTON\r\n", DecodedFrame(3, "")),
        (b"K03 BUTTON HOLD\r\n", DecodedFrame(3, "", Edge.HOLD)),
        (b"K12 NEXT DOWN\r\n", DecodedFrame(12, "next", Edge.DOWN)),
        (b"K123 7\r\n", DecodedFrame(123, "7")),
        (b"K03 CALL 1017\r\n", DecodedFrame(3, "call", number="1017")),
        (b"A03\r\n", DecodedFrame(3)),
        (b"\x00\xffK03 NEXT\r\n", DecodedFrame(3, "next")),
        (b"K03 NEXT*6F\r\n", DecodedFrame(3, "next")),
    ],
)
def test_reads_a_line(codec: AsciiCodec, line: bytes, heard: DecodedFrame) -> None:
    assert codec.feed(line, 1.0) == [heard]
    assert codec.feed(line, 1.1) == [heard]
    assert not codec.dropped


def test_writes_lines(codec: AsciiCodec) -> None:
    assert codec.poll(3) == b"P03\r\n"
    assert codec.show(3, Readout("1017", 12)) == b"D03 1017 12\r\n"
    assert codec.show(3, Readout("", 0)) == b"D03 ---- 0\r\n"
    assert codec.show(123, Readout()) == b"D123 ---- --\r\n"
    assert codec.show(3, Readout("Đ0 5\n", 1)) == b"D03 ?0?5? 1\r\n"
    assert codec.refuse(3, Error.EMPTY) == b"E03 EMPTY\r\n"
    assert codec.acknowledge(3) == b""
    checked = AsciiCodec(checksum=True)
    assert checked.show(3, Readout("1017", 12)) == b"D03 1017 12*43\r\n"


def test_a_line_may_come_in_pieces(codec: AsciiCodec) -> None:
    heard = [codec.feed(bytes([byte]), index / 1000) for index, byte in enumerate(b"K03 NEXT\r\n")]
    assert [part for part in heard if part] == [[DecodedFrame(3, "next")]]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"K03 NEXT*00\r\n", Drop.CHECKSUM),
        (b"D03 1017 12\r\n", Drop.ECHO),
        (b"E03 EMPTY\r\n", Drop.ECHO),
        (b"P03\r\n", Drop.ECHO),
        (b"K3 NEXT\r\n", Drop.NOISE),
        (b"K03NEXT\r\n", Drop.NOISE),
        (b"K03 NEXT TWICE\r\n", Drop.NOISE),
        (b"K03 NEXT\x80\r\n", Drop.NOISE),
        (b"xK03 NEXT\r\n", Drop.NOISE),
        (b"K03 \r\n", Drop.NOISE),
        (b"K03 N\xc3\x8aXT\r\n", Drop.NOISE),
        (b"K03 CALL 123456789\r\n", Drop.NOISE),
        (b"x" * 100 + b"K03 NEXT\r\n", Drop.NOISE),
    ],
)
def test_counts_what_is_no_press(codec: AsciiCodec, line: bytes, why: Drop) -> None:
    assert codec.feed(line, 1.0) == []
    assert set(codec.dropped) == {why}
    assert codec.feed(b"K03 NEXT\r\n", 1.1) == [DecodedFrame(3, "next")]


def test_a_half_line_is_dropped_when_it_grows_old(codec: AsciiCodec) -> None:
    codec.feed(b"K03 NE", 1.0)
    assert codec.feed(b"", 2.1) == []
    assert codec.dropped == {Drop.HALF: 1}
    assert codec.feed(b"XT\r\n", 2.2) == []
    assert codec.feed(b"K04 NEXT\r\n", 2.3) == [DecodedFrame(4, "next")]


def test_where_checksums_are_asked_for_a_line_without_is_dropped() -> None:
    codec = AsciiCodec(checksum=True)
    assert codec.feed(b"K03 NEXT\r\nK03 NEXT*6F\r\n", 1.0) == [DecodedFrame(3, "next")]
    assert codec.dropped == {Drop.CHECKSUM: 1}


def test_every_flipped_bit_of_a_checked_line_is_noticed() -> None:
    line = b"K03 NEXT*6F"
    for place in range(len(line) * 8):
        codec = AsciiCodec(checksum=True)
        spoilt = bytearray(line)
        spoilt[place // 8] ^= 1 << place % 8
        heard = codec.feed(bytes(spoilt) + b"\r\n", 1.0)
        # Case is no content, and a flip may end the line early: neither makes another press.
        assert heard in ([], [DecodedFrame(3, "next")]), bytes(spoilt)


WILD = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"K03 ", b"NEXT", b"\r\n", b"*6F", b" HOLD", b"A03", b"K", b" 1017"]),
    )
).map(b"".join)


def whole_lines(data: bytes) -> set[bytes]:
    """Return the lines that are a whole press, by nothing but their text."""
    lines = data.replace(b"\r", b"\n").split(b"\n")[:-1]
    return {line.strip(b"\x00\xff").upper() for line in lines if b"K" in line.upper()}


def check(data: bytes) -> None:
    heard = AsciiCodec(checksum=False).feed(data, 1.0)
    for press in heard:
        if press.key is not None:
            key = press.key.upper() or "BUTTON"
            begin = f"K{press.address:02} {key}".encode()
            third = f"K{press.address:03} {key}".encode()
            assert any(line.startswith((begin, third)) for line in whole_lines(data)), data


@given(WILD)
def test_nothing_but_a_whole_line_is_a_press(data: bytes) -> None:
    check(data)


def test_random_bytes_are_never_a_press() -> None:
    rng = random.Random(2005)
    codec = AsciiCodec(checksum=False)
    for turn in range(10_000):
        data = rng.randbytes(rng.randrange(64))
        assert codec.feed(data, turn / 10) == []
        assert codec.feed(b"\r\n", turn / 10) == []
