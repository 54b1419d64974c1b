"""What the service is told of calls."""

import logging
from collections.abc import Iterable

from bus.orders import Acknowledgement
from bus.session import Session
from bus.vocabulary import AckOutcome
from display.announcer.line import Verdict

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
