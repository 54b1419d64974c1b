"""The letters beside a number."""

import pytest

from bus.paper_code import ALPHABET, LETTERS, code_of, read_code, shown_code


def test_a_code_is_the_same_for_ever_and_another_for_another_paper() -> None:
    assert code_of("7KQ2M9XW4TCB") == code_of("7KQ2M9XW4TCB")
    codes = {code_of(f"paper-{serial}") for serial in range(2000)}
    assert len(codes) > 1995
    assert all(len(code) == LETTERS and set(code) <= set(ALPHABET) for code in codes)
    assert {letter for code in codes for letter in code} == set(ALPHABET)


def test_a_code_never_changes_from_version_to_version() -> None:
    assert code_of("denluot") == "ZZXBVM"


@pytest.mark.parametrize("typed", ["7KQ 2M0", "7kq2mo", " 7KQ-2MO ", "7kq–2m0", "7.K.Q.2.M.O"])
def test_what_is_typed_is_read_kindly(typed: str) -> None:
    assert read_code(typed) == "7KQ2M0"
    assert shown_code("7KQ2M0") == "7KQ 2M0"


@pytest.mark.parametrize("typed", ["", "7KQ2M", "7KQ2M00", "7KQ2MU", "ÁKQ2M0", "x" * 9999])
def test_what_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_look_alikes_are_put_right() -> None:
    assert read_code("OIL lo1") == "011101"
