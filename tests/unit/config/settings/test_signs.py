import re

import msgspec
import pytest

from config.settings import AsciiSigns, ModbusSigns, SignBox


def box(line: str, signs: str = "[{counter = 3, address = 1}]") -> SignBox:
    return msgspec.toml.decode(f"signs = {signs}\n[line]\n{line}", type=SignBox)


def test_a_short_table_is_enough() -> None:
    assert box('driver = "modbus"\nurl = "/dev/ttyUSB0"').line == ModbusSigns(url="/dev/ttyUSB0")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('frame = "{tex}"', "'{tex}' cannot be filled in: KeyError('tex') - at `$.line`"),
        ('frame = "{text:x}"', "cannot be filled in: ValueError"),
        ('frame = "\\u20ac{text}"', "cannot be filled in: UnicodeEncodeError"),
        ('frame = "{text.no}"', "cannot be filled in: AttributeError"),
        ('frame = "{0}{text}"', "cannot be filled in: IndexError"),
        ('answer = "{text}"', "'{text}' cannot be filled in: KeyError('text')"),
        ('frame = "{address}"', "'{address}' has no {text}"),
        ("digits = 9", "Expected `int` <= 8 - at `$.line.digits`"),
    ],
)
def test_a_template_that_cannot_work_is_refused_with_its_path(line: str, problem: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(problem)):
        box(f'driver = "ascii"\nurl = "/dev/ttyUSB0"\n{line}')


@pytest.mark.parametrize(("counters", "key"), [((3, 3), "counter"), ((3, 4), "address")])
def test_two_signs_at_one_place_are_refused(counters: tuple[int, int], key: str) -> None:
    addresses = (1, 2) if key == "counter" else (1, 1)
    signs = [f"{{counter = {c}, address = {a}}}" for c, a in zip(counters, addresses, strict=True)]
    with pytest.raises(msgspec.ValidationError, match=f"two signs have the same {key}"):
        box('driver = "simulated"', f"[{', '.join(signs)}]")


def test_the_default_frame_is_whole() -> None:
    assert AsciiSigns(url="x").frame == "\x02{address:02d}{text:>4}\x03"
