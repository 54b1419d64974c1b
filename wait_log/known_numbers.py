"""What is known of numbers that a restored store does not know, until its service has taken it."""

import msgspec

from bus.typed import read_json

PENDING = "known_numbers"
"""The small fact that holds it; empty when there is nothing to take any more."""
TAKEN_ON = "known_numbers_taken"
"""The last business day on which the service has taken it."""


class KnownNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """By business day: how far each series and each offline book was used."""

    until: str
    """The business day on which the store was restored: days after it begin as ever."""
    series: dict[str, dict[str, int]] = {}
    """Day to service to the highest number of the main series."""
    books: dict[str, dict[str, dict[str, int]]] = {}
    """Day to kiosk to service to the highest number of its book."""

    def encode(self) -> str:
        """Return it as a small fact."""
        return msgspec.json.encode(self).decode()


def decode(fact: str | None) -> KnownNumbers | None:
    """Return what a small fact says, None for nothing."""
    return read_json(fact, KnownNumbers) if fact else None
