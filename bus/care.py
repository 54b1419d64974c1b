"""What is done for a person who needs a hand: how they are called, and what their paper is like.

It says what staff and machines do, never why: what a person lacks stands in no message.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from bus.codec import Message
from bus.vocabulary import Language, ShortText, TicketClass

ScreenWay = Annotated[str, Meta(max_length=20)]
"""A `kiosk` way of showing itself: `large`, `spoken`, `low` or `contrast`; others are ignored."""


class Measure(StrEnum):
    """One thing that staff and machines do for a person, alone or with others."""

    PRIORITY = "priority"
    LARGE_PAPER = "large_paper"
    SPOKEN_CALL = "spoken_call"
    FETCH = "fetch"


class Manner(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How the person of a ticket is called, and how large their paper is printed."""

    large_paper: bool = False
    spoken_call: bool = False
    """The call is spoken twice in full and slowly, whoever else waits to be called."""
    fetch: bool = False
    """Mời tận nơi: somebody goes to the person; nobody has to hear or to see the call."""
    place: ShortText = ""
    """Where the person waits to be fetched."""

    @property
    def matters(self) -> bool:
        """Return whether anything is other than for everybody."""
        return self.large_paper or self.spoken_call or self.fetch


class Care(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a kiosk prepares for the person who stands at it."""

    ticket_class: TicketClass = TicketClass.NORMAL
    lang: Language | None = None
    """None leaves the language to the person."""
    manner: Manner = Manner()
    screen: Annotated[tuple[ScreenWay, ...], Meta(max_length=8)] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return what is done, without the ways of the screen and the language."""
        is_done = {
            Measure.PRIORITY: self.ticket_class is TicketClass.PRIORITY,
            Measure.LARGE_PAPER: self.manner.large_paper,
            Measure.SPOKEN_CALL: self.manner.spoken_call,
            Measure.FETCH: self.manner.fetch,
        }
        return tuple(measure for measure, done in is_done.items() if done)

    def with_measures(self, measures: Collection[str]) -> "Care":
        """Return this care with exactly these measures; screen and language stay."""
        manner = replace(
            self.manner,
            large_paper=Measure.LARGE_PAPER in measures,
            spoken_call=Measure.SPOKEN_CALL in measures,
            fetch=Measure.FETCH in measures,
        )
        is_priority = Measure.PRIORITY in measures
        ticket_class = TicketClass.PRIORITY if is_priority else TicketClass.NORMAL
        return replace(self, ticket_class=ticket_class, manner=manner)
