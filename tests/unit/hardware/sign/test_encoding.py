""""""

import pytest

from config.settings import AsciiRegisters, AsciiSigns, BcdRegisters, NumberRegister
from hardware.sign import IDLE, Face, SignRefusedError
from hardware.sign.encoding import answer_of, frame_of, registers


@pytest.mark.parametrize(
    ("frame", "face", "expected"),
    [
        ("\x02{address:02d}{text:>4}\x03", Face("17"), b"\x0207  17\x03"),
        ("\x02{address:02d}{text:>4}\x03", Face(), b"\x0207----\x03"),
        ("@{address:03d}{blink}{text}\r", Face("2005", blink=True), b"@00712005\r"),
        ("@{address:03d}{blink}{text}\r", Face("2005"), b"@00702005\r"),
        ("\x02{text}{checksum:02X}\x03", Face("2005"), b"\x022005C7\x03"),
    ],
)
def test_the_template_is_filled_in(frame: str, face: Face, expected: bytes) -> None:
    assert frame_of(AsciiSigns(url="x", frame=frame), 7, face) == expected


def test_the_other_checksum() -> None:
    choice = AsciiSigns(url="x", frame="\x02{text}{checksum:02X}", checksum="xor")
    assert frame_of(choice, 7, Face("2005")) == b"\x02200507"


def test_the_answer_is_filled_in_too() -> None:
    assert answer_of(AsciiSigns(url="x", answer="\x06{address:02d}"), 7) == b"\x0607"
    assert answer_of(AsciiSigns(url="x"), 7) == b""


@pytest.mark.parametrize(
    ("layout", "text", "values"),
    [
        (AsciiRegisters(), "2005", [0x32, 0x30, 0x30, 0x35]),
        (AsciiRegisters(), "A05", [0x20, 0x41, 0x30, 0x35]),
        (AsciiRegisters(), IDLE, [0x2D] * 4),
        (AsciiRegisters(), "", [0x20] * 4),
        (AsciiRegisters(byte_order="low_first"), "2005", [0x3200, 0x3000, 0x3000, 0x3500]),
        (AsciiRegisters(per_register=2), "2005", [0x3230, 0x3035]),
        (AsciiRegisters(per_register=2, byte_order="low_first"), "2005", [0x3032, 0x3530]),
        (BcdRegisters(), "2005", [0x2005]),
        (BcdRegisters(byte_order="low_first"), "2005", [0x0520]),
        (BcdRegisters(), "17", [0xFF17]),
        (BcdRegisters(dash=11), IDLE, [0xBBBB]),
        (NumberRegister(), "2005", [2005]),
        (NumberRegister(idle=0xFFFF), IDLE, [0xFFFF]),
        (NumberRegister(byte_order="low_first"), "2005", [0xD507]),
    ],
)
def test_what_stands_in_the_registers(
    layout: AsciiRegisters | BcdRegisters | NumberRegister, text: str, values: list[int]
) -> None:
    assert registers(layout, text, 4) == values


def test_more_digits_take_more_registers() -> None:
    assert registers(BcdRegisters(), "17", 6) == [0xFFFF, 0xFF17]
    assert registers(AsciiRegisters(per_register=2), "17", 3) == [0x2020, 0x3137]
    assert registers(AsciiRegisters(), IDLE, 2) == [0x2D, 0x2D]


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        (AsciiRegisters(), "12005"),
        (AsciiRegisters(), "Đ05"),
        (BcdRegisters(), "A005"),
        (NumberRegister(), "A005"),
    ],
)
def test_what_cannot_be_shown_whole_is_not_shown(
    layout: AsciiRegisters | BcdRegisters | NumberRegister, text: str
) -> None:
    with pytest.raises(SignRefusedError):
        registers(layout, text, 4)


def test_a_number_too_great_for_a_register_is_not_shown() -> None:
    with pytest.raises(SignRefusedError):
        registers(NumberRegister(), "70001", 5)
