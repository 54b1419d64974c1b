"""Which versions of the product work together: this one, and the one before it."""

import re
from enum import StrEnum, auto

OLDEST_BOX = (0, 3)
"""Major and minor of the oldest version whose boxes this version works with."""
_VERSION = re.compile(
    r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}))?(?:[-+.]?[a-z][\w.+-]{0,40})?", re.ASCII
)

Version = tuple[int, int, int]


class Standing(StrEnum):
    """How the version of a box stands to that of the centre."""

    SAME = auto()
    BEHIND = auto()
    """The version before: works, and is to be upgraded."""
    TOO_OLD = auto()
    """Upgrades before it takes part."""
    AHEAD = auto()
    UNKNOWN = auto()
    """It says no version, or one that is none: programs of others do."""


def parse_version(text: str) -> Version | None:
    """Return major, minor and patch of `text`; None for what is no version."""
    found = _VERSION.fullmatch(text)
    if found is None:
        return None
    major, minor, patch = found.groups(default="0")
    return int(major), int(minor), int(patch)


def too_old(box: str) -> bool:
    """Return whether a box of version `box` upgrades before it takes part."""
    version = parse_version(box)
    return version is not None and version[:2] < OLDEST_BOX


def standing(box: str, centre: str) -> Standing:
    """Return how a box of version `box` stands to a centre of version `centre`."""
    theirs, ours = parse_version(box), parse_version(centre)
    if theirs is None:
        return Standing.UNKNOWN
    if too_old(box):
        return Standing.TOO_OLD
    if ours is None or theirs == ours:
        return Standing.SAME
    return Standing.BEHIND if theirs < ours else Standing.AHEAD
