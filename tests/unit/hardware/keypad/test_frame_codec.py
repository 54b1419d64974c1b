import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import FrameProtocol
from hardware.keypad.codec import Drop, Heard
from hardware.keypad.frame import crc16
from hardware.keypad.frame_codec import FrameCodec

PRESS = bytes.fromhex("FF 68 03 03 68 03 01 01 05 16")
NEXT = Heard(3, "next")


def test_a_frame_may_come_in_pieces_and_with_others(metering: FrameProtocol) -> None:
    codec = FrameCodec(metering)
    pieces = [codec.feed(bytes([byte]), index / 1000) for index, byte in enumerate(PRESS)]
    assert [part for part in pieces if part] == [[NEXT]]
    assert codec.feed(PRESS + PRESS, 1.0) == [NEXT, NEXT]
    assert not codec.dropped


@pytest.mark.parametrize(
    ("received", "why", "count"),
    [
        (b"\x00\x55\x12", Drop.NOISE, 1),
        (b"\xff\xff\xff", Drop.NOISE, 1),
        (PRESS[:-2] + b"\x06\x16", Drop.CHECKSUM, 1),
        (PRESS[:-1] + b"\x17", Drop.NOISE, 1),
        (b"\xff\x68\x03\x04" + PRESS[4:], Drop.NOISE, 1),
        (PRESS[:4] + b"\x69" + PRESS[5:], Drop.NOISE, 1),
        (b"\xff\x68\xf0\xf0\x68", Drop.NOISE, 1),
        (bytes.fromhex("FF 68 03 03 68 03 01 77 7B 16"), Drop.KEY, 1),
    ],
)
def test_counts_what_is_no_press(
    metering: FrameProtocol, received: bytes, why: Drop, count: int
) -> None:
    codec = FrameCodec(metering)
    assert codec.feed(received, 1.0) == []
    codec.feed(b"", 1.01)
    codec.feed(PRESS, 1.02)
    assert codec.dropped == {why: count}
    assert codec.feed(PRESS, 1.1) == [NEXT]


@pytest.mark.parametrize("cut", range(1, len(PRESS)))
def test_a_half_frame_is_dropped_when_it_grows_old(metering: FrameProtocol, cut: int) -> None:
    codec = FrameCodec(metering)
    assert codec.feed(PRESS[:cut], 1.0) == []
    assert codec.feed(b"", 1.2) == []
    assert codec.dropped == {Drop.HALF: 1}
    assert codec.feed(PRESS[cut:], 1.25) == []
    assert codec.feed(PRESS, 2.0) == [NEXT]


def test_a_frame_behind_half_a_frame_is_found(metering: FrameProtocol) -> None:
    assert FrameCodec(metering).feed(PRESS[:6] + PRESS, 1.0) == [NEXT]
    codec = FrameCodec(metering)
    codec.feed(PRESS[:6], 1.0)
    assert codec.feed(PRESS, 1.3) == [NEXT]


def test_our_own_frames_are_echoes(metering: FrameProtocol) -> None:
    codec = FrameCodec(metering)
    assert codec.feed(codec.poll(3) + PRESS, 1.0) == [NEXT]
    assert codec.dropped == {Drop.ECHO: 1}


@pytest.mark.parametrize("place", range(len(PRESS) * 8))
def test_every_flipped_bit_is_noticed(metering: FrameProtocol, place: int) -> None:
    spoilt = bytearray(PRESS)
    spoilt[place // 8] ^= 1 << place % 8
    codec = FrameCodec(metering)
    assert codec.feed(bytes(spoilt), 1.0) + codec.feed(b"", 2.0) == []


def metering_presses(data: bytes) -> set[int]:
    """Return the addresses of all whole frames in `data`, found without the engine."""
    found = set()
    for at in range(len(data)):
        length = data[at + 2] if at + 2 < len(data) else 0
        frame = data[at : at + length + 7]
        if (
            len(frame) == length + 7
            and length >= 2
            and frame[:2] == b"\xff\x68"
            and frame[3] == length
            and frame[4] == 0x68
            and frame[-1] == 0x16
            and frame[-2] == sum(frame[5:-2]) % 256
        ):
            found.add(frame[5])
    return found


def short_presses(data: bytes) -> set[int]:
    frames = [data[at : at + 6] for at in range(len(data)) if data[at] == 0xAA]
    return {
        frame[1]
        for frame in frames
        if len(frame) == 6 and crc16(frame[1:4]).to_bytes(2, "little") == frame[4:]
    }


WILD = st.lists(
    st.one_of(
        st.binary(max_size=24),
        st.sampled_from([PRESS, PRESS[:5], PRESS[5:], b"\xff\x68", b"\x03\x03\x68", b"\x16"]),
    ),
    max_size=12,
)


@given(WILD)
def test_nothing_but_a_whole_frame_is_a_press(
    layouts: tuple[FrameProtocol, FrameProtocol], chunks: list[bytes]
) -> None:
    metering, short = layouts
    data = b"".join(chunks)
    for layout, oracle in ((metering, metering_presses), (short, short_presses)):
        codec = FrameCodec(layout)
        heard = [press for chunk in chunks for press in codec.feed(chunk, 1.0)]
        heard += codec.feed(b"", 2.0)
        assert {press.address for press in heard} <= oracle(data)


@pytest.fixture(scope="session")
def layouts(metering: FrameProtocol, short: FrameProtocol) -> tuple[FrameProtocol, FrameProtocol]:
    return metering, short


def test_random_bytes_are_a_press_only_where_a_whole_frame_stood(
    layouts: tuple[FrameProtocol, FrameProtocol],
) -> None:
    rng = random.Random(68)
    for layout, oracle in zip(layouts, (metering_presses, short_presses), strict=True):
        for _ in range(10_000):
            data = bytes(rng.choices(b"\xff\x68\xaa\x03\x01\x16", k=rng.randrange(24)))
            heard = FrameCodec(layout).feed(data, 1.0)
            assert {press.address for press in heard} <= oracle(data), data
            assert FrameCodec(layout).feed(rng.randbytes(rng.randrange(48)), 1.0) == []
