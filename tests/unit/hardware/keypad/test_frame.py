import pytest

from bus.vocabulary import Error
from config.settings import FrameProtocol
from config.settings.keypads import Checksum
from hardware.keypad import Readout
from hardware.keypad.codec import Heard
from hardware.keypad.frame import checksum_of, crc16, read_frame, write_frame
from hardware.keypad.frame_codec import FrameCodec
from hardware.keypad.gestures import Edge


def test_the_crc_is_that_of_modbus() -> None:
    """The check value that catalogues of CRCs list, and a question of the Modbus manual."""
    assert crc16(b"123456789") == 0x4B37
    assert crc16(bytes.fromhex("01 03 00 00 00 0A")).to_bytes(2, "little").hex() == "c5cd"


@pytest.mark.parametrize(
    ("checksum", "wanted"),
    [
        (Checksum(), ""),
        (Checksum(kind="sum"), "66"),
        (Checksum(kind="sum", begin=1), "f5"),
        (Checksum(kind="xor"), "80"),
        (Checksum(kind="crc16", begin=1), "80c5"),
        (Checksum(kind="crc16", begin=1, order="big"), "c580"),
    ],
)
def test_checksums(checksum: Checksum, wanted: str) -> None:
    layout = FrameProtocol(
        preamble="71", size=9, address_at=1, key_at=2, keys={}, checksum=checksum
    )
    assert checksum_of(layout, bytes.fromhex("71 03 F2")).hex() == wanted


@pytest.mark.parametrize(
    ("frame", "heard"),
    [
        ("FF 68 03 03 68 03 01 01 05 16", Heard(3, "next")),
        ("FF 68 03 03 68 0C 01 02 0F 16", Heard(12, "recall")),
        ("FF 68 03 03 68 03 01 03 07 16", Heard(3, "", Edge.HOLD)),
        ("FF 68 03 03 68 03 01 00 04 16", Heard(3)),
        ("FF 68 02 02 68 03 91 94 16", Heard(3)),
        ("FF 68 05 05 68 03 01 01 AB CD 7D 16", Heard(3, "next")),
    ],
)
def test_reads_frames_of_a_metering_kind(metering: FrameProtocol, frame: str, heard: Heard) -> None:
    assert read_frame(metering, bytes.fromhex(frame)) == heard
    assert FrameCodec(metering).feed(bytes.fromhex(frame), 1.0) == [heard]


def test_reads_frames_of_one_size(short: FrameProtocol, bare: FrameProtocol) -> None:
    frame = bytes.fromhex("AA 03 01 2A")
    frame += crc16(frame[1:]).to_bytes(2, "little")
    assert FrameCodec(short).feed(frame, 1.0) == [Heard(3, "next", sequence=0x2A)]
    assert FrameCodec(bare).feed(b"\x7e\x03\x31", 1.0) == [Heard(3, "1")]


def test_writes_frames(metering: FrameProtocol) -> None:
    codec = FrameCodec(metering)
    assert codec.poll(3).hex(" ").upper() == "FF 68 02 02 68 03 11 14 16"
    assert codec.acknowledge(3).hex(" ").upper() == "FF 68 02 02 68 03 06 09 16"
    shown = codec.show(3, Readout("1017", 12)).hex(" ").upper()
    assert shown == "FF 68 08 08 68 03 21 31 30 31 37 31 32 50 16"
    assert b"\x21A005 1" in codec.show(3, Readout("A005", 1))
    assert b"\x21?005 1" in codec.show(3, Readout("Đ005", 1))
    refused = codec.refuse(3, Error.EMPTY).hex(" ").upper()
    assert refused == "FF 68 03 03 68 03 22 31 56 16"


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
def test_digits_fill_their_places(bare: FrameProtocol, readout: Readout, digits: bytes) -> None:
    values = {
        "number": readout.number,
        "waiting": "" if readout.waiting is None else str(readout.waiting),
    }
    assert write_frame(bare, "7E {number:4} {waiting:2}", 3, values) == b"\x7e" + digits


def test_a_layout_without_a_template_sends_nothing(bare: FrameProtocol) -> None:
    codec = FrameCodec(bare)
    assert codec.show(3, Readout()) == codec.refuse(3, Error.STALE) == codec.poll(3) == b""
