import random

from hypothesis import given
from hypothesis import strategies as st

from hardware.keypad.input_device import (
    DOWN,
    KEY,
    KEY_NAMES,
    LED,
    RECORD,
    SYN,
    Record,
    led,
    read_records,
)

ENTER = RECORD.pack(12, 500_000, KEY, 96, DOWN)


def test_a_record_has_the_size_of_the_kernels() -> None:
    assert RECORD.size == 24


def test_reads_records_and_keeps_what_is_left() -> None:
    records, left, bad = read_records(ENTER + ENTER[:10])
    assert records == [Record(12.5, KEY, 96, DOWN)]
    assert (left, bad) == (ENTER[:10], 0)


def test_both_layouts_of_a_pad_and_the_row_above_the_letters_are_digits() -> None:
    for digit in "0123456789":
        codes = [code for code, name in KEY_NAMES.items() if name == digit]
        assert len(codes) == (2 if digit == "5" else 3)
    assert {KEY_NAMES[code] for code in (96, 28)} == {"enter"}
    assert (KEY_NAMES[79], KEY_NAMES[107], KEY_NAMES[2]) == ("1", "1", "1")
    assert (KEY_NAMES[71], KEY_NAMES[102], KEY_NAMES[8]) == ("7", "7", "7")
    assert 69 not in KEY_NAMES  # NumLock


def test_switches_a_light() -> None:
    assert read_records(led(0, lit=True))[0] == [Record(0, LED, 0, 1), Record(0, SYN, 0, 0)]


@given(st.binary(max_size=200))
def test_whatever_comes_is_records_or_dropped(data: bytes) -> None:
    records, left, bad = read_records(data)
    assert len(left) < RECORD.size
    assert len(records) <= len(data) // RECORD.size
    assert bad or len(records) == len(data) // RECORD.size


def test_random_bytes_are_keys_only_where_a_whole_record_stood() -> None:
    rng = random.Random(24)
    for _ in range(10_000):
        data = rng.randbytes(rng.randrange(120))
        whole = [data[at : at + 24] for at in range(0, len(data) - 23, 24)]
        keys = [record for record in read_records(data)[0] if record.type == KEY]
        assert len(keys) <= sum(record[16:18] == b"\x01\x00" for record in whole)
