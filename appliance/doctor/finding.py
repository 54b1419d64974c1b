"""What one check found."""

from dataclasses import dataclass, field
from enum import Enum


class Level(Enum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    """Works, but somebody should know."""
    ERROR = "error"
    """Does not work until somebody does something."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: about `subject`, saying the text `says` with `values` filled in."""

    level: Level
    subject: str
    says: str
    values: dict[str, object] = field(default_factory=dict)


def ok(subject: str, says: str = "ok", **values: object) -> Finding:
    """Return that all is well."""
    return Finding(Level.OK, subject, says, values)


def note(subject: str, says: str, **values: object) -> Finding:
    """Return something worth knowing."""
    return Finding(Level.NOTE, subject, says, values)


def error(subject: str, says: str, **values: object) -> Finding:
    """Return something that must be done."""
    return Finding(Level.ERROR, subject, says, values)
