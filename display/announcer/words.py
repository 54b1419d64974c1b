"""Numbers as words: tickets digit by digit, counters as numbers."""

from collections.abc import Mapping

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
_LETTERS_VI: Mapping[str, str] = {
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


def number_groups(number: str, lang: str) -> list[list[str]]:
    """Return a ticket's number as words, grouped as it is spoken with a break between groups.

    Digits go one by one, in twos; an odd one joins the last group; a letter stands alone.
    """
    letters = [[_letter(mark, lang)] for mark in number if mark.isalpha()]
    digits = [_DIGITS[lang][int(mark)] for mark in number if mark in "0123456789"]
    cuts = list(range(0, max(1, len(digits) - 1), 2))
    groups = [digits[start:end] for start, end in zip(cuts, [*cuts[1:], None], strict=True)]
    return [group for group in letters + groups if group]


def counter_words(number: int, lang: str) -> list[str]:
    """Return a counter's number from 1 to 99 as words."""
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


def _letter(mark: str, lang: str) -> str:
    mark = mark.upper()
    return _LETTERS_VI.get(mark, mark) if lang == "vi" else mark
