import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.vocabulary import Error
from config.settings import MeterProtocol
from hardware.keypad import Readout
from hardware.keypad.codec import DecodedFrame, Drop
from hardware.keypad.meter_codec import MeterCodec
from hardware.keypad.presses import Edge

PRESS = bytes.fromhex("FF 68 03 03 68 03 01 01 05 16")
NEXT = DecodedFrame(3, "next")


@pytest.mark.parametrize(
    ("frame", "heard"),
    [
        ("FF 68 03 03 68 03 01 01 05 16", DecodedFrame(3, "next")),
        ("FF 68 03 03 68 0C 01 02 0F 16", DecodedFrame(12, "recall")),
        ("FF 68 03 03 68 03 01 03 07 16", DecodedFrame(3, "", Edge.HOLD)),
        ("FF 68 03 03 68 03 01 00 04 16", DecodedFrame(3)),
        ("FF 68 02 02 68 03 91 94 16", DecodedFrame(3)),
        ("FF 68 05 05 68 03 01 01 AB CD 7D 16", DecodedFrame(3, "next")),
    ],
)
def test_reads_frames(meter: MeterProtocol, frame: str, heard: DecodedFrame) -> None:
    assert MeterCodec(meter).feed(bytes.fromhex(frame), 1.0) == [heard]


def test_writes_frames(meter: MeterProtocol) -> None:
    codec = MeterCodec(meter)
    assert codec.poll(3).hex(" ").upper() == "FF 68 02 02 68 03 11 14 16"
    assert codec.acknowledge(3).hex(" ").upper() == "FF 68 02 02 68 03 06 09 16"
    shown = codec.show(3, Readout("1017", 12)).hex(" ").upper()
    assert shown == "FF 68 08 08 68 03 21 31 30 31 37 31 32 50 16"
    assert b"\x21A005 1" in codec.show(3, Readout("A005", 1))
    assert b"\x21?005 1" in codec.show(3, Readout("Đ005", 1))
    refused = codec.refuse(3, Error.EMPTY).hex(" ").upper()
    assert refused == "FF 68 03 03 68 03 22 31 56 16"
    assert codec.refuse(3, Error.FULL)[7:8] == b"9"


@pytest.mark.parametrize(
    ("readout", "digits"),
    [
        (Readout("1017", 12), b"101712"),
        (Readout("5", 3), b"   5 3"),
        (Readout("", 0), b"---- 0"),
        (Readout("12345", 100), b"234599"),
        (Readout(), b"------"),
    ],
)
def test_digits_fill_their_places(meter: MeterProtocol, readout: Readout, digits: bytes) -> None:
    assert MeterCodec(meter).show(3, readout)[7:-2] == digits


def test_a_keypad_without_display_is_sent_nothing() -> None:
    codec = MeterCodec(MeterProtocol(keys={"01": "next"}, show=None, refuse=None))
    assert codec.show(3, Readout()) == codec.refuse(3, Error.STALE) == codec.acknowledge(3) == b""


def test_a_frame_may_come_in_pieces_and_with_others(meter: MeterProtocol) -> None:
    codec = MeterCodec(meter)
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
    meter: MeterProtocol, received: bytes, why: Drop, count: int
) -> None:
    codec = MeterCodec(meter)
    assert codec.feed(received, 1.0) == []
    codec.feed(b"", 1.01)
    codec.feed(PRESS, 1.02)
    assert codec.dropped == {why: count}
    assert codec.feed(PRESS, 1.1) == [NEXT]


@pytest.mark.parametrize("cut", range(1, len(PRESS)))
def test_a_half_frame_is_dropped_when_it_grows_old(meter: MeterProtocol, cut: int) -> None:
    codec = MeterCodec(meter)
    assert codec.feed(PRESS[:cut], 1.0) == []
    assert codec.feed(b"", 1.2) == []
    assert codec.dropped == {Drop.HALF: 1}
    assert codec.feed(PRESS[cut:], 1.25) == []
    assert codec.feed(PRESS, 2.0) == [NEXT]


def test_a_frame_behind_half_a_frame_is_found(meter: MeterProtocol) -> None:
    assert MeterCodec(meter).feed(PRESS[:6] + PRESS, 1.0) == [NEXT]
    codec = MeterCodec(meter)
    codec.feed(PRESS[:6], 1.0)
    assert codec.feed(PRESS, 1.3) == [NEXT]


def test_our_own_frames_are_echoes(meter: MeterProtocol) -> None:
    codec = MeterCodec(meter)
    assert codec.feed(codec.poll(3) + PRESS, 1.0) == [NEXT]
    assert codec.dropped == {Drop.ECHO: 1}


@pytest.mark.parametrize("place", range(len(PRESS) * 8))
def test_every_flipped_bit_is_noticed(meter: MeterProtocol, place: int) -> None:
    spoilt = bytearray(PRESS)
    spoilt[place // 8] ^= 1 << place % 8
    codec = MeterCodec(meter)
    assert codec.feed(bytes(spoilt), 1.0) + codec.feed(b"", 2.0) == []


def meter_presses(data: bytes) -> set[int]:
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


WILD = st.lists(
    st.one_of(
        st.binary(max_size=24),
        st.sampled_from([PRESS, PRESS[:5], PRESS[5:], b"\xff\x68", b"\x03\x03\x68", b"\x16"]),
    ),
    max_size=12,
)


@given(WILD)
def test_nothing_but_a_whole_frame_is_a_press(meter: MeterProtocol, chunks: list[bytes]) -> None:
    codec = MeterCodec(meter)
    heard = [press for chunk in chunks for press in codec.feed(chunk, 1.0)]
    heard += codec.feed(b"", 2.0)
    assert {press.address for press in heard} <= meter_presses(b"".join(chunks))


def test_random_bytes_are_a_press_only_where_a_whole_frame_stood(meter: MeterProtocol) -> None:
    rng = random.Random(68)
    for _ in range(10_000):
        data = bytes(rng.choices(b"\xff\x68\xaa\x03\x01\x16", k=rng.randrange(24)))
        heard = MeterCodec(meter).feed(data, 1.0)
        assert {press.address for press in heard} <= meter_presses(data), data
        assert MeterCodec(meter).feed(rng.randbytes(rng.randrange(48)), 1.0) == []
