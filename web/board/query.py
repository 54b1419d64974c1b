"""What a board's page asks for in its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hall.board.scene import View
from web.errors import QueryError

LAYOUTS = ("auto", "calls", "calls+media", "grid", "portrait")
_MOST_ROWS = 20
_MOST_LETTERS = 9999
_SCREEN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_COUNTERS = re.compile(r"[1-9][0-9]?(,[1-9][0-9]?){0,98}")
_NUMBER = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which screen a page is, and what it shows."""

    screen: str
    layout: str
    view: View


def read_query(query: Mapping[str, str], page_s: float) -> PageQuery:
    """Return what an address asks for; QueryError says what is allowed.

    A person writes `screen`, `counters`, `layout` and `lang`; the page adds the `rows`, `missed`
    numbers and `letters` that fit. What does not fit at once stands for `page_s` each.
    """
    screen = query.get("screen", "screen")
    if not _SCREEN.fullmatch(screen):
        raise QueryError("screen: small letters, digits and dashes, such as tv-3")
    counters = query.get("counters", "")
    if counters and not _COUNTERS.fullmatch(counters):
        raise QueryError("counters: numbers from 1 to 99, such as 1,2,3")
    layout = query.get("layout", "auto").replace(" ", "+")  # as a plus in an address is read
    if layout not in LAYOUTS:
        raise QueryError(f"layout: one of {', '.join(LAYOUTS)}")
    view = View(
        counters=frozenset(int(number) for number in counters.split(",") if number),
        rows=_number(query, "rows", 5, 1, _MOST_ROWS),
        page_s=page_s,
        missed=_number(query, "missed", 2, 1, _MOST_ROWS),
        letters=_number(query, "letters", 0, 0, _MOST_LETTERS),
        grid=layout == "grid",
        lang="en" if query.get("lang") == "en" else "vi",
    )
    return PageQuery(screen, layout, view)


def _number(query: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    text = query.get(name, str(otherwise))
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise QueryError(f"{name}: a number from {least} to {most}")
    return int(text)
