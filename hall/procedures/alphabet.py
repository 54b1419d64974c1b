"""The Vietnamese alphabet: what letter a name begins with, in which order names stand."""

import unicodedata
from functools import lru_cache

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
OTHER = "#"
"""Where names stand that begin with no letter."""
_PLACES = {letter: place for place, letter in enumerate(LETTERS, start=2)}
_MARKS = {"\u0306", "\u0302", "\u031b"}
"""Breve, circumflex, horn: they make another letter. The rest are tones."""


def plain(text: str) -> str:
    """Return `text` as people type it without accents: small letters, single blanks."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(kept.split())


def letter_of(name: str) -> str:
    """Return the letter under which a name stands, without its tone: Ă for Ấ is wrong, Â right."""
    for base, _ in _letters(name):
        if base in _PLACES:
            return base.upper()
        if base.strip() and base.isalnum():
            return OTHER
    return OTHER


@lru_cache(maxsize=4096)
def order_of(name: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return what sorts names as a Vietnamese dictionary does: letters first, tones after."""
    letters = _letters(name)
    places = tuple(
        _PLACES.get(base, 1 if base.isalnum() else 0) * 1000
        + (0 if base in _PLACES else min(ord(base[0]), 999))
        for base, _ in letters
    )
    return places, tuple(tone for _, tone in letters)


def _letters(text: str) -> list[tuple[str, str]]:
    """Return each letter with what makes it another letter, and its tone."""
    found: list[tuple[str, str]] = []
    for char in unicodedata.normalize("NFD", text.casefold()):
        if char in _MARKS and found:
            base, tone = found[-1]
            found[-1] = unicodedata.normalize("NFC", base + char), tone
        elif unicodedata.combining(char) and found:
            base, tone = found[-1]
            found[-1] = base, tone + char
        else:
            found.append((char, ""))
    return found
