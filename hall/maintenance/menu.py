"""The maintenance menu of a kiosk, as values: every step is a function of the menu before it.

Times are real monotonic seconds: a person stands there.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

IDLE_S = 60.0
"""After so long without a touch the menu closes by itself."""
SHORTEST_PIN, LONGEST_PIN = 6, 12
CODE_LENGTH = 8
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of a pairing code: none looks like another."""


class Page(StrEnum):
    """Which page of the menu is shown."""

    CLOSED = "closed"
    UNSET = "unset"
    """No PIN was set yet: nobody gets further."""
    PIN = "pin"
    MENU = "menu"
    VOLUME = "volume"
    PRINTER = "printer"
    NETWORK = "network"
    PAIRING = "pairing"
    RESTART = "restart"
    ASK_PROGRAM = "ask_program"
    """Is the program really to be started again?"""
    ASK_MACHINE = "ask_machine"


class Note(StrEnum):
    """What has just become of a touch."""

    NONE = ""
    WRONG_PIN = "wrong_pin"
    TOO_SHORT = "too_short"
    SENT = "sent"
    NOT_SENT = "not_sent"
    JOINING = "joining"
    JOINED = "joined"
    NOT_JOINED = "not_joined"
    RESTARTING = "restarting"
    NO_SYSTEMD = "no_systemd"


_BEHIND_PIN = frozenset(Page) - {Page.CLOSED, Page.UNSET, Page.PIN}
_ABOVE = {Page.ASK_PROGRAM: Page.RESTART, Page.ASK_MACHINE: Page.RESTART}


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What whoever stands there sees and has typed."""

    page: Page = Page.CLOSED
    typed: str = ""
    note: Note = Note.NONE
    why: str = ""
    """What a program said of what did not work."""
    touched_s: float = 0.0

    @property
    def open(self) -> bool:
        """Return whether the menu lies over the citizens' screen."""
        return self.page is not Page.CLOSED

    @property
    def admitted(self) -> bool:
        """Return whether the PIN was typed."""
        return self.page in _BEHIND_PIN


def opened(now_s: float, *, has_pin: bool) -> Menu:
    """Return the menu after the gesture."""
    return Menu(page=Page.PIN if has_pin else Page.UNSET, touched_s=now_s)


def touched(menu: Menu, now_s: float) -> Menu:
    """Note that somebody is there."""
    return replace(menu, touched_s=now_s) if menu.open else menu


def at(menu: Menu, page: Page) -> Menu:
    """Turn to `page`; beyond the PIN only for who has typed it."""
    if page in _BEHIND_PIN and not menu.admitted:
        return menu
    return replace(menu, page=page, typed="", note=Note.NONE, why="")


def admitted(menu: Menu) -> Menu:
    """Open what lies behind the right PIN."""
    return replace(menu, page=Page.MENU, typed="", note=Note.NONE)


def back(menu: Menu) -> Menu:
    """Return to where this page was reached from."""
    if menu.page in (Page.MENU, Page.PIN, Page.UNSET):
        return Menu()
    return at(menu, _ABOVE.get(menu.page, Page.MENU))


def typed(menu: Menu, key: str) -> Menu:
    """Add a key to what was typed, where it belongs there."""
    letters, longest = {
        Page.PIN: ("0123456789", LONGEST_PIN),
        Page.PAIRING: (CODE_LETTERS, CODE_LENGTH),
    }.get(menu.page, ("", 0))
    if len(key) != 1 or key not in letters or len(menu.typed) >= longest:
        return menu
    return replace(menu, typed=menu.typed + key, note=Note.NONE, why="")


def erased(menu: Menu) -> Menu:
    """Take the last key back."""
    return replace(menu, typed=menu.typed[:-1], note=Note.NONE, why="")


def noted(menu: Menu, note: Note, why: str = "") -> Menu:
    """Say what became of a touch."""
    keeps = note in (Note.NOT_JOINED, Note.TOO_SHORT, Note.JOINING)
    return replace(menu, note=note, why=why, typed=menu.typed if keeps else "")


def ticked(menu: Menu, now_s: float) -> Menu:
    """Close a menu that nobody has touched for a while."""
    return Menu() if menu.open and now_s - menu.touched_s >= IDLE_S else menu
