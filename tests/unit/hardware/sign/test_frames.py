import pytest

from config.settings import AsciiSigns
from hardware.sign import Face
from hardware.sign.frames import answer_of, frame_of


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
