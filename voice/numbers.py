"""Numbers as words: tickets digit by digit, counters and people as numbers."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta

from config.settings import Settings

Word = Annotated[str, Meta(min_length=1, max_length=40)]
Words = Annotated[str, Meta(min_length=1, max_length=120)]
MOST = 99
"""The largest number that is counted with; what is more is read digit by digit."""

_DIGITS = {
    "vi": ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_ENGLISH_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# After "mươi" these three digits change their word: 21 mốt, 24 tư, 25 lăm.
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
_LETTERS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "A": "a",
        "B": "bê",
        "C": "xê",
        "D": "dê",
        "Đ": "đê",
        "E": "e",
        "F": "ép",
        "G": "giê",
        "H": "hát",
        "I": "i ngắn",
        "J": "di",
        "K": "ca",
        "L": "lờ",
        "M": "mờ",
        "N": "nờ",
        "O": "o",
        "P": "pê",
        "Q": "quy",
        "R": "rờ",
        "S": "sờ",
        "T": "tê",
        "U": "u",
        "V": "vê",
        "W": "vê kép",
        "X": "ích",
        "Y": "i dài",
        "Z": "dét",
    }
}


class Numbers(Settings, frozen=True, kw_only=True):
    """How a language says numbers; each word, and each phrase, may have a clip."""

    digits: Annotated[tuple[Word, ...], Meta(min_length=10, max_length=10)]
    counting: Annotated[tuple[Words, ...], Meta(min_length=100, max_length=100)]
    """0 to 99, words apart by a space."""
    letters: dict[Annotated[str, Meta(min_length=1, max_length=1)], Word] = msgspec.field(
        default_factory=dict
    )
    """Letters that are not called by themselves."""

    def groups(self, number: str) -> list[list[str]]:
        """Return a ticket's number as words, grouped as it is spoken with a break between groups.

        Digits go one by one, in twos; an odd one joins the last group; a letter stands alone.
        """
        letters = [[self.letters.get(m.upper(), m.upper())] for m in number if m.isalpha()]
        digits = [self.digits[int(mark)] for mark in number if mark in "0123456789"]
        cuts = list(range(0, max(1, len(digits) - 1), 2))
        groups = [digits[start:end] for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
        return [group for group in letters + groups if group]

    def count(self, number: int) -> list[str]:
        """Return a number as words; one above 99 digit by digit."""
        if 0 <= number <= MOST:
            return self.counting[number].split()
        return [self.digits[int(mark)] for mark in str(number) if mark.isdigit()]


@cache
def numbers_in(lang: str) -> Numbers:
    """Return how Vietnamese or English says numbers; raises KeyError for another language."""
    counting = tuple(" ".join(_counted(number, lang)) for number in range(MOST + 1))
    return Numbers(digits=_DIGITS[lang], counting=counting, letters=dict(_LETTERS.get(lang, {})))


def _counted(number: int, lang: str) -> list[str]:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return [_DIGITS[lang][ones]]
    return _vietnamese(tens, ones) if lang == "vi" else _english(tens, ones)


def _vietnamese(tens: int, ones: int) -> list[str]:
    digits = _DIGITS["vi"]
    head = ["mười"] if tens == 1 else [digits[tens], "mươi"]
    if ones == 0:
        return head
    if tens == 1:
        return [*head, "lăm" if ones == 5 else digits[ones]]  # noqa: PLR2004 - 15 is mười lăm
    return [*head, _AFTER_TENS.get(ones, digits[ones])]


def _english(tens: int, ones: int) -> list[str]:
    if tens == 1:
        return [_ENGLISH_TEENS[ones]]
    head = _ENGLISH_TENS[tens - 2]
    return [head, _DIGITS["en"][ones]] if ones else [head]
