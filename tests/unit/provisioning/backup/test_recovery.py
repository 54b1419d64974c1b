"""The phrase on paper opens what was sealed with it, typed with or without marks."""

import contextlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.backup.errors import BackupError, WrongPhraseError
from provisioning.backup.recovery import (
    PHRASE_WORDS,
    has_recovery,
    make_recovery,
    seal,
    secret_of,
    unseal,
)


def test_what_is_sealed_is_opened_by_the_phrase_alone(tmp_path: Path) -> None:
    assert seal(tmp_path, b"secret") is None
    phrase = make_recovery(tmp_path)
    assert has_recovery(tmp_path)
    sealed = seal(tmp_path, b"secret")
    assert sealed is not None
    assert b"secret" not in sealed
    assert seal(tmp_path, b"secret") != sealed
    assert unseal(sealed, phrase) == b"secret"
    other = make_recovery(tmp_path)
    with pytest.raises(WrongPhraseError):
        unseal(sealed, other)
    kept = (tmp_path / "recovery.json").read_bytes()
    assert all(secret not in kept for secret in (secret_of(phrase), secret_of(other)))


def test_people_type_it_as_they_like(tmp_path: Path) -> None:
    phrase = make_recovery(tmp_path)
    sealed = seal(tmp_path, b"x") or b""
    plain = unicodedata.normalize("NFD", phrase.upper().replace("Đ", "D"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for typed in (plain, ", ".join(phrase.split()), f"  {unicodedata.normalize('NFD', phrase)}\n"):
        assert unseal(sealed, typed) == b"x"


def test_slips_are_named(tmp_path: Path) -> None:
    words = make_recovery(tmp_path, lambda count: bytes(range(count))).split()
    assert len(set(words[:16])) == 16
    with pytest.raises(WrongPhraseError, match="zzz"):
        secret_of(" ".join(["zzz", *words[1:]]))
    with pytest.raises(WrongPhraseError, match="16"):
        secret_of(" ".join(words[:-1]))
    with pytest.raises(WrongPhraseError):
        secret_of(" ".join([words[1], words[0], *words[2:]]))


def test_a_damaged_seal_is_told(tmp_path: Path) -> None:
    phrase = make_recovery(tmp_path)
    sealed = bytearray(seal(tmp_path, b"secret" * 9) or b"")
    for place in (len(sealed) - 3, 70, 2):
        broken = bytearray(sealed)
        broken[place] ^= 1
        with pytest.raises(BackupError):
            unseal(bytes(broken), phrase)
    (tmp_path / "recovery.json").write_text("{}")
    with pytest.raises(BackupError):
        seal(tmp_path, b"x")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=60).map(str.encode))
def test_bytes_of_no_seal_are_refused(content: bytes) -> None:
    with pytest.raises(BackupError):
        unseal(content, " ".join(["nhà"] * PHRASE_WORDS))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_phrase_or_a_clear_word(text: str) -> None:
    with contextlib.suppress(WrongPhraseError):
        assert len(secret_of(text)) == PHRASE_WORDS - 1
