import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.pairing.codes import (
    LETTERS,
    ScannedCode,
    in_groups,
    new_code,
    new_secret,
    scanned_code,
    typed_code,
)


def test_a_code_is_read_however_people_type_it() -> None:
    assert len(set(LETTERS)) == 32
    code = new_code()
    for typed in (code, code.lower(), in_groups(code), f" {code[:4]} {code[4:]}\n"):
        assert typed_code(typed) == code
    assert typed_code("o1il-7k3m") == "01117K3M"
    assert len({new_code() for _ in range(100)}) == 100


@pytest.mark.parametrize("typed", ["", "7K3M9QR", "7K3M-9QRT-2", "7K3M-9QR!", "à" * 8])
def test_what_is_no_code_is_told_before_anybody_is_asked(typed: str) -> None:
    assert typed_code(typed) is None


def test_what_a_scanner_reads_says_where_and_pins_the_certificate() -> None:
    code = ScannedCode("192.168.1.10", 8443, "ab" * 32, new_secret())
    assert scanned_code(str(code)) == code
    assert scanned_code(f"{str(code).lower()}\r\n") == code
    assert not set(str(code)) - set(string.ascii_uppercase + string.digits + " $%*+-./:")
    six = ScannedCode("[fe80::1]", 8443, "ab" * 32, new_secret())
    assert scanned_code(str(six)) == six


@given(st.text(max_size=300))
def test_nothing_else_is_taken_for_one(text: str) -> None:
    assert scanned_code(text) is None
    typed_code(text)
