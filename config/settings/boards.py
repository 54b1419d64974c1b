"""The TV boards of a box: which counters they show, and how."""

from typing import Annotated, Literal

from msgspec import Meta

from config.settings.base import CounterNumber, Name, Settings
from config.settings.screens import Screen

Layout = Literal["auto", "calls", "calls+media", "grid", "portrait"]
"""`auto` is `portrait` on a screen that is higher than wide, else `calls`."""


class BoardMedia(Settings, frozen=True, kw_only=True):
    """The pictures and videos beside the calls of the layout `calls+media`."""

    folder: str = ""
    """Where they are; they take turns in the order of their names."""
    seconds: Annotated[float, Meta(ge=2, le=3600)] = 12.0
    """How long each picture stands; a video plays to its end."""
    sound: Literal["muted", "ducked"] = "muted"
    """Whether videos are heard; `ducked` lowers them while a call is new."""


class BoardBox(Settings, frozen=True, kw_only=True):
    """A TV board on this box."""

    device: Name
    screen: Screen = Screen()
    counters: tuple[CounterNumber, ...] = ()
    """Counters it shows; empty shows all."""
    stands_in_for: tuple[Name, ...] = ()
    """Other boards; while one of them is off, this one shows all counters."""
    layout: Layout = "auto"
    media: BoardMedia = BoardMedia()
