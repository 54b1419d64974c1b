"""Whose turn it is on a line with a master."""

from collections.abc import Sequence

from config.settings import Polling

_SILENT_EVERY_S = 1.0
"""One that does not answer is asked this often, so it slows nobody else down."""


class Poller:
    """Asks every keypad in turn; knows no clock and moves no bytes."""

    def __init__(self, addresses: Sequence[int], settings: Polling) -> None:
        self._order = list(addresses)
        self._answer_s = settings.answer_within_ms / 1000
        self._pause_s = settings.pause_ms / 1000
        self._silent_after = settings.silent_after
        self._misses = dict.fromkeys(addresses, 0)
        self._asked_at = dict.fromkeys(addresses, float("-inf"))
        self._asked: int | None = None
        self._until = float("-inf")

    def waits(self, now: float) -> bool:
        """Return whether the line belongs to a keypad that may answer, or rests."""
        return now < self._until

    def overdue(self, now: float) -> int | None:
        """Return the keypad that has just become silent, if one has."""
        if self._asked is None or self.waits(now):
            return None
        address, self._asked = self._asked, None
        self._misses[address] += 1
        return address if self._misses[address] == self._silent_after else None

    def next(self, now: float) -> int | None:
        """Return the keypad to ask now, None while the line is not free."""
        if self.waits(now) or self._asked is not None:
            return None
        for _ in self._order:
            address = self._order.pop(0)
            self._order.append(address)
            silent = self._misses[address] >= self._silent_after
            if not silent or now - self._asked_at[address] >= _SILENT_EVERY_S:
                return address
        return None

    def asked(self, address: int, now: float, line_s: float) -> None:
        """Note that a question of `line_s` on the line went out."""
        self._asked = address
        self._asked_at[address] = now
        self._until = now + line_s + self._answer_s

    def heard(self, address: int, now: float) -> None:
        """Note a frame from a keypad, asked or not."""
        self._misses[address] = 0
        if self._asked == address:
            self._asked = None
            self._until = now + self._pause_s

    def rest(self, now: float, line_s: float) -> None:
        """Note that something else of `line_s` on the line went out."""
        self._until = now + line_s + self._pause_s
