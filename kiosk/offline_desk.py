"""Giving numbers from the offline book: written down first, shown after."""

import logging
from collections.abc import Callable
from datetime import datetime

from bus.commands import IssueTicket
from bus.states import ServicesState
from config.settings import Centre
from kiosk.book_file import BookFile
from kiosk.errors import BookError
from kiosk.offline_book import Book, given, has_pages, learned, settled

_log = logging.getLogger(__name__)


class OfflineDesk:
    """The one owner of this kiosk's book."""

    def __init__(self, file: BookFile, kiosk: str, new_id: Callable[[], str]) -> None:
        self._file = file
        self._kiosk = kiosk
        self._new_id = new_id
        self._book: Book | None = file.read()

    @property
    def has_book(self) -> bool:
        """Return whether the service was ever heard here, so that numbers can be given."""
        return self._book is not None

    @property
    def deliveries(self) -> tuple[IssueTicket, ...]:
        """Return the numbers the service does not know yet, oldest first."""
        return self._book.deliveries if self._book else ()

    def learn(self, services: ServicesState) -> None:
        """Take over what the service knows of the book; makes the book if there is none."""
        if not services.business_day:
            return
        book = learned(self._book, services, self._kiosk)
        if book == self._book:
            return
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
        """Forget a delivery that the service has answered; raises BookError."""
        if self._book is not None:
            self._keep(settled(self._book, delivery))

    def _keep(self, book: Book) -> None:
        self._file.write(book)
        self._book = book
