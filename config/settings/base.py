"""The base of every table of a configuration file, and the types its values share."""

import datetime as dt
import re
from typing import Annotated

from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Code = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{0,15}$")]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
Port = Annotated[int, Meta(ge=1, le=65535)]
CounterNumber = Annotated[int, Meta(ge=1, le=99)]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every table of a configuration file."""


class Text(Settings, frozen=True, kw_only=True):
    """One text in the languages of the hall."""

    vi: str
    en: str

    def __call__(self, lang: str) -> str:
        """Return the text in `lang`, Vietnamese when there is no other."""
        return self.en if lang == "en" else self.vi


class Window(Struct, frozen=True):
    """A span of local time within one day, written `07:30-11:30`."""

    begin: dt.time
    end: dt.time

    @classmethod
    def parse(cls, text: str) -> "Window":
        """Read `HH:MM-HH:MM`; raises ValueError with what is wrong."""
        match = re.fullmatch(r"(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)", text)
        if not match:
            raise ValueError(f"expected hours such as 07:30-11:30, got {text!r}")
        window = cls(dt.time.fromisoformat(match[1]), dt.time.fromisoformat(match[2]))
        if window.end <= window.begin:
            raise ValueError(f"hours end before they begin: {text}")
        return window

    def holds(self, at: dt.time) -> bool:
        """Return whether `at` is within it; its end is not."""
        return self.begin <= at < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


Windows = tuple[str, ...]
