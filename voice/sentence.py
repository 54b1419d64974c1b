"""A call as words and pauses: tickets digit by digit, counters as numbers."""

import re
from collections.abc import Container, Mapping

from voice.pack import Item, Pause, Template, Templates

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


_PAUSE = "|"
_NUMBER = "{number}"
_COUNTER = "{counter}"
_BREAKS = re.compile(r"(\{number\}|\|)")


def template_of(templates: Templates, *, again: bool, collects_result: bool) -> Template:
    """Return the sentence of a call, of one said again, and of results to be collected."""
    if collects_result:
        return templates.recall_result if again else templates.result
    return templates.recall if again else templates.call


def parts_of(template: Template) -> list[str]:
    """Return the texts of a sentence with `{number}` and `|` apart, however they were written."""
    pieces = (piece.strip() for text in template for piece in _BREAKS.split(text))
    return [piece for piece in pieces if piece]


def sentence(
    template: Template, number: str, counter: int, lang: str, clips: Container[str]
) -> tuple[Item, ...]:
    """Return the texts and pauses of a call.

    A text with the counter is one clip where `clips` has it, else it is put together from words.
    """
    items: list[Item] = []
    for part in parts_of(template):
        if part == _PAUSE:
            items.append(Pause.PHRASE)
        elif part == _NUMBER:
            items += _number(number, lang)
        elif _COUNTER in part:
            items += _counter(part, counter, lang, clips)
        else:
            items.append(part)
    return tuple(items)


def as_text(items: tuple[Item, ...]) -> str:
    """Return the sentence as a text that a speech program reads with the same pauses."""
    text = " ".join("," if isinstance(item, Pause) else item for item in items)
    return text.replace(" ,", ",") + "."


def _number(number: str, lang: str) -> list[Item]:
    items: list[Item] = []
    for group in number_groups(number, lang):
        if items:
            items.append(Pause.GROUP)
        items += group
    return items


def _counter(part: str, counter: int, lang: str, clips: Container[str]) -> list[Item]:
    words = counter_words(counter, lang)
    whole = part.replace(_COUNTER, " ".join(words))
    if whole in clips:
        return [whole]
    before, _, after = part.partition(_COUNTER)
    return [text for text in (before.strip(), *words, after.strip()) if text]
