"""What the service is told of calls, and when each will have been heard."""

import logging
from collections.abc import Callable, Iterable, Sequence

from bus.orders import Acknowledgement
from bus.session import Session
from bus.vocabulary import AckOutcome
from config import Clock
from display.announcer.call_queue import Saying, Utterance, Verdict

_MARGIN_S = 2.0
_MARGIN_REAL_S = 0.2
"""What the machine itself may take for each sentence that is announced, in the wall's time."""
_LONGEST_ETA_S = 3600.0


class Promises:
    """Keeps the ends that were told; one that cannot be kept is told again.

    A call is overtaken by recalls and emergencies, and free texts take as long as they take.
    """

    def __init__(self, clock: Clock, duration_s: Callable[[Saying], float]) -> None:
        self._clock = clock
        self._duration_s = duration_s
        self._ends: dict[int, float] = {}

    def forget(self) -> None:
        """Forget what was told of an epoch that is gone."""
        self._ends.clear()

    def renew(
        self, current: Saying | None, busy_until: float, ahead: Sequence[Saying]
    ) -> list[tuple[int, float]]:
        """Return call and eta in seconds of those that were told nothing, or too little.

        `current` is being said until `busy_until`, and `ahead` is what follows it, in order.
        """
        now = self._clock.monotonic()
        end = max(now, busy_until)
        told: list[tuple[int, float]] = []
        ends: dict[int, float] = {}
        margin = _MARGIN_REAL_S / self._clock.real_s(1)
        for index, saying in enumerate([current, *ahead]):
            if index and saying:
                end += self._duration_s(saying) + margin
            if not isinstance(saying, Utterance) or saying.time > 1:
                continue
            seq = saying.call.call_seq
            ends[seq] = self._ends.get(seq, 0.0)
            if end > ends[seq]:
                eta_s = round(min(end - now + margin + _MARGIN_S, _LONGEST_ETA_S), 1)
                ends[seq] = now + eta_s
                told.append((seq, eta_s))
        self._ends = ends
        return told


_log = logging.getLogger(__name__)


class Receipts:
    """Acknowledges calls, from any thread."""

    def __init__(self, link: Session) -> None:
        self._link = link

    def accepted(self, epoch: str, etas: Iterable[tuple[int, float]]) -> None:
        """Say in how many seconds at most each call will have been heard."""
        for call_seq, eta_s in etas:
            self._send(epoch, call_seq, AckOutcome.ACCEPTED, eta_s=eta_s)

    def spoken(self, epoch: str, call_seq: int) -> None:
        """Say that the last sample of a call has been played."""
        self._send(epoch, call_seq, AckOutcome.SPOKEN)

    def skipped(self, epoch: str, verdicts: Iterable[Verdict]) -> None:
        """Say of each call that was skipped why it was; the accepted are not for here."""
        for verdict in verdicts:
            if verdict.skip:
                call = verdict.call
                _log.info(
                    "skipped call_seq=%s number=%s why=%s", call.call_seq, call.number, verdict.skip
                )
                self._send(epoch, call.call_seq, AckOutcome.SKIPPED, reason=verdict.skip)

    def _send(
        self,
        epoch: str,
        call_seq: int,
        outcome: AckOutcome,
        *,
        reason: str | None = None,
        eta_s: float | None = None,
    ) -> None:
        acknowledgement = Acknowledgement(
            epoch=epoch, call_seq=call_seq, outcome=outcome, reason=reason, eta_s=eta_s
        )
        self._link.acknowledge(acknowledgement)
