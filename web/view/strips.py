"""A strip at the top of the page "Hôm nay", and what a manager can do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """What a manager can do about it, by one press."""

    address: str
    words: str
    field: str
    value: str
    once: str
    """The same for the same thing, so that what is sent twice is done once."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip at the top of the page."""

    state: str
    """`bad` or `warn`."""
    words: str
    detail: str = ""
    icon: str = "triangle-alert"
    action: Action | None = None
