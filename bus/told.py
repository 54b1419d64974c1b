"""What a device has acknowledged lately, so that it can say it again."""

import threading
from collections import deque

from bus.orders import Acknowledgement
from bus.vocabulary import AckOutcome

_KEPT = 400
_KEPT_S = 120.0


class Told:
    """The newest acknowledgements; times are real monotonic seconds."""

    def __init__(self) -> None:
        # Guards the deque: screens and players add on their threads, the bus's reads.
        self._lock = threading.Lock()
        self._told: deque[tuple[float, Acknowledgement]] = deque(maxlen=_KEPT)

    def note(self, ack: Acknowledgement, at_s: float) -> None:
        """Remember what is being said."""
        with self._lock:
            self._told.append((at_s, ack))

    def again(self, epoch: str, at_s: float) -> list[Acknowledgement]:
        """Return the last word on every call of `epoch` in the last two minutes."""
        with self._lock:
            told = [a for at, a in self._told if a.epoch == epoch and at_s - at <= _KEPT_S]
        last: dict[int, Acknowledgement] = {}
        for ack in told:
            if ack.outcome is not AckOutcome.ACCEPTED or not _is_final(last.get(ack.call_seq)):
                last[ack.call_seq] = ack
        return list(last.values())


def _is_final(ack: Acknowledgement | None) -> bool:
    return ack is not None and ack.outcome is not AckOutcome.ACCEPTED
