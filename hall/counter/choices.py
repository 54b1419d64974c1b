"""What can be pressed: a button, a line of a sheet, and where each leads."""

from dataclasses import dataclass
from enum import StrEnum, auto

from hall.counter.intents import Intent


class Menu(StrEnum):
    """A sheet that is made when it is opened."""

    MORE = auto()
    TRANSFER = auto()
    PAUSE = auto()
    OUTAGE = auto()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press; without `leads` it is a heading, or cannot be pressed now."""

    text: str
    note: str = ""
    leads: "Intent | Menu | Sheet | None" = None
    heading: bool = False

    @property
    def enabled(self) -> bool:
        """Return whether pressing does anything."""
        return self.leads is not None


NO_CHOICE = Choice("")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of choices over the window."""

    title: str
    choices: tuple[Choice, ...] = ()
    figure: str = ""
    """A number shown in full size."""
    note: str = ""
    about: str | None = None
    """The ticket it is about: once that has moved on, the sheet closes."""
    asks_number: bool = False
    """The officer types a number."""
    columns: int = 1
