"""The base of every table of a configuration file, and the types its values share."""

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
