"""What is done for a person who needs a hand: how they are called, and what their paper is like.

It says what staff and machines do, never why: what a person lacks stands in no message.
"""

from typing import Annotated

from msgspec import Meta

from bus.codec import Message
from bus.vocabulary import Language, ShortText, TicketClass

ScreenWay = Annotated[str, Meta(max_length=20)]
"""A `kiosk` way of showing itself: `large`, `spoken`, `low` or `contrast`; others are ignored."""


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
