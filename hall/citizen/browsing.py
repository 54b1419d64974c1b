"""Where a citizen is among the procedures, as a value; every step is a function of it."""

from dataclasses import dataclass, replace
from enum import StrEnum


class ListPaper(StrEnum):
    """Where the paper with what to bring is."""

    NONE = "none"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """What was chosen of the procedures."""

    field: str = ""
    """A service, by its code."""
    letter: str = ""
    chosen: str = ""
    """A procedure, by its key."""
    row_page: int = 0
    """To which page of names this citizen has turned."""
    paper: ListPaper = ListPaper.NONE

    @property
    def listing(self) -> bool:
        """Return whether names are shown."""
        return bool(self.field or self.letter)


NOWHERE = Browsing()
"""At fields and letters, where everybody begins."""


def of_field(code: str) -> Browsing:
    """Show the procedures of a service."""
    return Browsing(field=code)


def of_letter(letter: str) -> Browsing:
    """Show the procedures whose names begin with a letter."""
    return Browsing(letter=letter)


def with_chosen(browsing: Browsing, key: str) -> Browsing:
    """Show what a procedure needs."""
    return replace(browsing, chosen=key, paper=ListPaper.NONE)


def with_row_page(browsing: Browsing, page: int) -> Browsing:
    """Turn to a page of names."""
    return replace(browsing, row_page=max(0, page))


def with_paper(browsing: Browsing, key: str, paper: ListPaper) -> Browsing:
    """Note what became of the paper of a procedure, if that is still the one shown."""
    return replace(browsing, paper=paper) if browsing.chosen == key else browsing


def without_chosen(browsing: Browsing) -> Browsing:
    """Return to the names."""
    return replace(browsing, chosen="", paper=ListPaper.NONE)
