"""Numbers of the offline book: written down first, shown after, delivered until they are taken."""

import logging
import random
from collections.abc import Callable
from datetime import datetime

from bus.codec import MessageError
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.session import Session
from bus.states import ServicesState
from bus.vocabulary import Error
from config.settings import Centre
from kiosk.offline_book import Book, BookError, given, has_pages, learned, refused, without
from kiosk.sealed_file import SealedFile

_log = logging.getLogger(__name__)

After = Callable[[float, Callable[[], None]], None]
"""Calls something after so many seconds of real time."""

_AGAIN = frozenset({Error.UNAVAILABLE, Error.TOO_FAST, Error.EXPIRED})
_RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
REFUSED_AGAIN_S = 60.0
"""How long after a refusal the number is delivered once more: a person may have mended why."""


class OfflineDesk:
    """The one owner of this kiosk's book."""

    def __init__(self, file: SealedFile[Book], kiosk: str, new_id: Callable[[], str]) -> None:
        self._file = file
        self._kiosk = kiosk
        self._new_id = new_id
        self._book: Book | None = file.read()

    @property
    def has_book(self) -> bool:
        """Return whether the service was ever heard here, so that numbers can be given."""
        return self._book is not None

    @property
    def book(self) -> Book:
        """Return the book, an empty one before the service was ever heard."""
        return self._book or Book(known_day="", highest={})

    def learn(self, services: ServicesState) -> None:
        """Take over what the service knows of the book; makes the book if there is none."""
        if not services.business_day:
            return
        book = learned(self._book, services, self._kiosk)
        if book == self._book:
            return
        kept = {one.number for one in book.refused_numbers}
        ended = {one.number for one in self.book.refused_numbers} - kept
        if ended:
            _log.error("refused numbers end with their day numbers=%s", ", ".join(sorted(ended)))
        try:
            self._keep(book)
        except BookError as error:
            _log.error("book not kept kiosk=%s error=%s", self._kiosk, error)

    def can_give(self, centre: Centre) -> bool:
        """Return whether a number could be given while the service is away."""
        return self.has_book and has_pages(centre, self._kiosk)

    def give(self, centre: Centre, unanswered: IssueTicket, now: datetime) -> IssueTicket:
        """Return a durable number in place of an unanswered command; raises BookError."""
        if self._book is None:
            raise BookError("this kiosk has never heard the service")
        book, issue = given(
            self._book,
            centre,
            self._kiosk,
            unanswered=unanswered,
            delivery=self._new_id(),
            now=now,
        )
        self._keep(book)
        _log.info("number given offline number=%s service=%s", issue.number, issue.service)
        return issue

    def settle(self, delivery: str) -> None:
        """Forget a delivery that the service has taken; raises BookError."""
        self._keep(without(self.book, delivery))

    def refuse(self, delivery: str) -> None:
        """Keep a delivery that the service refused for another attempt; raises BookError."""
        self._keep(refused(self.book, delivery, self._new_id()))

    def _keep(self, book: Book) -> None:
        try:
            self._file.write(book)
        except OSError as error:
            where = self._file.path
            raise BookError(f"the book cannot be kept in {where}: {error.strerror}") from error
        self._book = book


class Delivery:
    """Brings what is in the book to the service: in order, one at a time, until it takes them.

    A refused number keeps nobody behind it waiting; it is delivered again when the service comes
    back and every minute.
    """

    def __init__(self, desk: OfflineDesk, link: Session, after: After, rng: random.Random) -> None:
        self.on_delivered: Callable[[IssueTicket, IssuedTicket], None] = _ignore
        self._desk = desk
        self._link = link
        self._after = after
        self._rng = rng
        self._under_way: str | None = None
        self._failures = 0
        self._passed_over: set[str] = set()
        self._round_is_due = False

    def begin(self) -> None:
        """Deliver everything there is, refused numbers too: the service is back."""
        self._passed_over.clear()
        self.go()

    def go(self) -> None:
        """Deliver the oldest number, unless one is already under way."""
        if self._under_way is not None:
            return
        book = self._desk.book
        waiting = (one for one in book.deliveries if one.id not in self._passed_over)
        if command := next(waiting, None):
            self._under_way = command.id
            self._link.ask(book.attempt(command), lambda reply: self._answered(command, reply))
        elif self._passed_over and not self._round_is_due:
            self._round_is_due = True
            self._after(REFUSED_AGAIN_S + self._rng.uniform(0, 5), self._next_round)

    def _next_round(self) -> None:
        self._round_is_due = False
        self.begin()

    def _answered(self, command: IssueTicket, reply: Reply) -> None:
        self._under_way = None
        if reply.error in _AGAIN:
            self._later()
            return
        self._failures = 0
        try:
            if reply.ok:
                self._taken(command, reply)
            else:
                self._refused(command, reply)
        except BookError as error:
            _log.error("delivery not noted number=%s error=%s", command.number, error)
            self._later()
            return
        self.go()

    def _taken(self, command: IssueTicket, reply: Reply) -> None:
        """Tell it before the book forgets it: a crash in between only tells it twice."""
        try:
            self.on_delivered(command, result_of(reply, IssuedTicket))
        except MessageError as error:
            _log.warning("delivery's reply not understood id=%s error=%s", reply.id, error)
        self._desk.settle(command.id)
        _log.info("offline number delivered number=%s", command.number)

    def _refused(self, command: IssueTicket, reply: Reply) -> None:
        known = command.id in self._desk.book.refused
        self._passed_over.add(command.id)
        self._desk.refuse(command.id)
        if not known:
            _log.error(
                "offline number refused number=%s error=%s message=%s",
                command.number,
                reply.error,
                reply.message,
            )

    def _later(self) -> None:
        wait = _RETRY_S[min(self._failures, len(_RETRY_S) - 1)]
        self._failures += 1
        self._after(wait + self._rng.uniform(0, 0.5), self.go)


def _ignore(_command: IssueTicket, _issued: IssuedTicket) -> None:
    """Nobody listens."""
