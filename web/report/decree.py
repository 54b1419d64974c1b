"""The measures of an administrative document: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import unicodedata
from typing import Final

FONT: Final = "Times New Roman"
LANGUAGE: Final = "vi-VN"

PAGE_MM: Final = (210, 297)
TOP_MM: Final = 20
BOTTOM_MM: Final = 20
LEFT_MM: Final = 30
RIGHT_MM: Final = 15
TEXT_MM: Final = PAGE_MM[0] - LEFT_MM - RIGHT_MM
PAGE_NUMBER_FROM_TOP_MM: Final = 10
"""The page number stands in the top margin."""

NATION: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
LEFT_COLUMN_MM: Final = 65
RIGHT_COLUMN_MM: Final = TEXT_MM - LEFT_COLUMN_MM
"""QUỐC HIỆU at 13 points is 95 mm long."""

NATION_PT: Final = 13
MOTTO_PT: Final = 14
BODY_NAME_PT: Final = 13
NUMBER_PT: Final = 13
DATE_PT: Final = 13
TITLE_PT: Final = 14
TEXT_PT: Final = 14
PAGE_NUMBER_PT: Final = 14
SIGNATURE_PT: Final = 14
RECIPIENTS_HEAD_PT: Final = 12
RECIPIENTS_PT: Final = 11
TABLE_PT: Final = 12
ANNEX_TABLE_PT: Final = 11

FIRST_LINE_MM: Final = 10
PARAGRAPH_GAP_PT: Final = 6
LINE_SPACING: Final = 1.1
SIGNATURE_LINES: Final = 5
"""Empty lines between office and name, for the hand, the picture of a signature and the seal."""
RULE_PART: Final = 0.4
"""A rule below a name or a title is 1/3 to 1/2 of its line."""

DOTS: Final = "....."
"""What stands for a number or a part of a date that nobody has typed."""

_MM_PER_PT: Final = 25.4 / 72
_BOLD_WIDTHS: Final = {
    250: " .,",
    278: "il/",
    333: "fjt-()",
    389: "sI",
    444: "cerz",
    500: "agovxyJ0123456789",
    556: "bdhknpquSđơ",
    611: "FPư",
    667: "BELTZ",
    722: "wACDNRUVXYĐ",
    778: "GHKOQƠ",
    796: "Ư",
    833: "m",
    944: "M",
    1000: "W",
}
"""Advances of Times New Roman bold, in thousandths of the size."""
_ADVANCES: Final = {letter: width for width, letters in _BOLD_WIDTHS.items() for letter in letters}
_WIDEST: Final = 1000
_HAIR_MM: Final = 0.01


def bold_width_mm(text: str, points: float) -> float:
    """Return how long a line of bold text is, whatever marks its letters carry."""
    return sum(_advance(letter) for letter in text) * points / 1000 * _MM_PER_PT


def rule_mm(line: str, points: float, longest_mm: float) -> float:
    """Return the length of the rule below a bold line."""
    return min(bold_width_mm(line, points), longest_mm) * RULE_PART


def balanced(text: str, points: float, width_mm: float) -> list[str]:
    """Return a bold text in as few lines as fit, none much longer than another."""
    lines = _filled(text.split(), points, width_mm)
    while len(lines) > 1:
        shorter = max(bold_width_mm(line, points) for line in lines) - _HAIR_MM
        tried = _filled(text.split(), points, shorter)
        if len(tried) > len(lines) or max(bold_width_mm(x, points) for x in tried) > shorter:
            break
        lines = tried
    return lines


def numeral(number: str) -> str:
    """Return a document's number as it is written: below ten with a zero before."""
    return f"0{number}" if number.isdecimal() and len(number) == 1 else number


def day_words(day: int, month: int, year: int) -> str:
    """Return a date as it is written: zeros only before days below ten, and January, February."""
    month_words = f"{month:02d}" if month in (1, 2) else str(month)
    return f"ngày {day:02d} tháng {month_words} năm {year}"


NO_DAY: Final = f"ngày {DOTS} tháng {DOTS} năm {DOTS}"


def _advance(letter: str) -> int:
    if letter not in _ADVANCES:
        letter = unicodedata.normalize("NFD", letter)[0]
    if letter in _ADVANCES:
        return _ADVANCES[letter]
    return _WIDEST


def _filled(words: list[str], points: float, width_mm: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and bold_width_mm(longer, points) <= width_mm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
