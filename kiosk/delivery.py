"""Deliver offline numbers to the service: in order, one at a time, until it takes them."""

import logging
import random
from collections.abc import Callable

from bus.codec import MessageError
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.vocabulary import Error
from kiosk.asking import Asker
from kiosk.errors import BookError
from kiosk.offline_desk import OfflineDesk

_log = logging.getLogger(__name__)

After = Callable[[float, Callable[[], None]], None]
"""Calls something after so many seconds of the wall's time."""
OnDelivered = Callable[[IssueTicket, IssuedTicket], None]

_AGAIN = frozenset({Error.UNAVAILABLE, Error.TOO_FAST, Error.EXPIRED})
_RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)


class Delivery:
    """Brings what is in the book to the service."""

    def __init__(self, desk: OfflineDesk, asker: Asker, after: After, rng: random.Random) -> None:
        """Deliver what is in the book of `desk`; `on_delivered` hears of each number taken."""
        self.on_delivered: OnDelivered = _nobody
        self._desk = desk
        self._asker = asker
        self._after = after
        self._rng = rng
        self._under_way: str | None = None
        self._failures = 0

    def go(self) -> None:
        """Deliver the oldest number, unless that is already under way."""
        if self._under_way is not None or not self._desk.deliveries:
            return
        command = self._desk.deliveries[0]
        self._under_way = command.id
        self._asker.ask(command, lambda reply: self._answered(command, reply))

    def _answered(self, command: IssueTicket, reply: Reply) -> None:
        self._under_way = None
        if reply.error in _AGAIN:
            self._later()
            return
        self._failures = 0
        if not reply.ok:
            _log.error(
                "offline number refused number=%s error=%s message=%s",
                command.number,
                reply.error,
                reply.message,
            )
        try:
            self._desk.settle(command.id)
        except BookError as error:
            _log.error("delivery not noted number=%s error=%s", command.number, error)
            self._later()
            return
        self._tell(command, reply)
        self.go()

    def _tell(self, command: IssueTicket, reply: Reply) -> None:
        if not reply.ok:
            return
        try:
            issued = result_of(reply, IssuedTicket)
        except MessageError as error:
            _log.warning("delivery's reply not understood id=%s error=%s", reply.id, error)
            return
        _log.info("offline number delivered number=%s", command.number)
        self.on_delivered(command, issued)

    def _later(self) -> None:
        wait = _RETRY_S[min(self._failures, len(_RETRY_S) - 1)]
        self._failures += 1
        self._after(wait + self._rng.uniform(0, 0.5), self.go)


def _nobody(_command: IssueTicket, _issued: IssuedTicket) -> None:
    """Nobody listens."""
