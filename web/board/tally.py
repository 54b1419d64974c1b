"""One voice for many screens: what the web process says of each call, and says once."""

from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome

_MOST = 2000
_KEEP = 1000


class Tally:
    """The calls of one epoch that were acknowledged as accepted, and as ended."""

    def __init__(self) -> None:
        self._epoch = ""
        self._accepted: set[int] = set()
        self._ended: set[int] = set()

    def take(self, said: Acknowledgement, *, owed: bool) -> bool:
        """Return whether what one screen says is news of all of them.

        The first to accept a call and the first to show it speak for all. A screen that skips
        it does only when no other is still to show it (`owed`).
        """
        if said.epoch != self._epoch:
            self._epoch = said.epoch
            self._accepted, self._ended = set(), set()
        if said.outcome is AckOutcome.SKIPPED and owed:
            return False
        said_before = self._ended
        if said.outcome is AckOutcome.ACCEPTED:
            if said.call_seq in self._ended:
                return False
            said_before = self._accepted
        if said.call_seq in said_before:
            return False
        said_before.add(said.call_seq)
        if len(said_before) > _MOST:
            said_before.difference_update(sorted(said_before)[:-_KEEP])
        return True
