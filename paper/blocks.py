"""What a ticket is made of when it is drawn: blocks from top to bottom, sizes in dots."""

from dataclasses import dataclass
from enum import StrEnum


class Face(StrEnum):
    """The cuts of type a ticket uses."""

    REGULAR = "regular"
    BOLD = "bold"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Centred text, wrapped at words to at most `lines`."""

    text: str
    size: int
    face: Face = Face.REGULAR
    lines: int = 3


@dataclass(frozen=True, slots=True)
class Number:
    """The ticket's number, as large as fits."""

    text: str
    size: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in a box; `solid` is white on black."""

    text: str
    size: int
    solid: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels on the left and their values on the right, `width` apart or as much as they need."""

    facts: tuple[tuple[str, str], ...]
    size: int
    width: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list: a bullet before each text, the whole of it in the middle."""

    texts: tuple[str, ...]
    size: int
    lines: int = 2
    """The most lines of one text."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line across the paper."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank paper."""

    height: int


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code the printer itself draws, in the middle; its modules are `dots` wide."""

    content: str
    dots: int = 6


Block = Paragraph | Number | Mark | Rows | Items | Rule | Gap | QrCode
