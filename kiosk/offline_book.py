"""The offline book: numbers a kiosk may give while the service does not answer.

A book is a value; `OfflineDesk` keeps it on disk. A number is written before anybody sees it, and
stays in the book, as the command that will deliver it, until the service has taken it: one that
the service refuses too, because somebody holds its paper.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from bus.commands import IssueTicket
from bus.health import RefusedNumber
from bus.states import ServicesState
from config.settings import Centre, OfflineBook

DAY_BEGINS = timedelta(hours=3)
"""The business day opens at 03:00 local."""
_NAMED_ANEW_AFTER = timedelta(hours=1)
FURTHEST = timedelta(days=7)
"""A clock further ahead of the last known business day is not believed without a person."""


class BookError(Exception):
    """The offline book cannot be read or kept, so no number is given from it."""


class Book(Struct, frozen=True, kw_only=True):
    """What this kiosk has given, and what of it the service does not know yet."""

    known_day: str
    """The last business day the service named; nothing is dated earlier."""
    named_at: datetime | None = None
    """What the service's clock said then, to an hour: it may be a day ahead of the day it names."""
    highest: dict[str, dict[str, int]]
    """Business day to service to the highest serial number given or seen on that day."""
    deliveries: tuple[IssueTicket, ...] = ()
    """Numbers given that the service has not taken yet, oldest first."""
    refused: dict[str, str] = {}
    """Delivery that the service refused to the id of its next attempt.

    The service gives the same id the same answer, so a new attempt needs a new one; it is written
    down before it is sent, so that a crash in between makes no third.
    """

    def attempt(self, delivery: IssueTicket) -> IssueTicket:
        """Return the command that delivers a number now."""
        return structs.replace(delivery, id=self.refused.get(delivery.id, delivery.id))

    @property
    def refused_numbers(self) -> tuple[RefusedNumber, ...]:
        """Return the numbers of papers that the service does not want to know."""
        return tuple(
            RefusedNumber(number=one.number or "", service=one.service, issued_at=one.issued_at)
            for one in self.deliveries
            if one.id in self.refused
        )


def learned(book: Book | None, services: ServicesState, kiosk: str) -> Book:
    """Return the book with what the service knows of it; a first one if there was none.

    A refused number ends with its business day.
    """
    day = services.business_day
    known_day = max(day, book.known_day) if book else day
    highest = {name: dict(serials) for name, serials in book.highest.items()} if book else {}
    serials = highest.setdefault(day, {})
    for mark in services.books:
        if mark.kiosk == kiosk:
            serials[mark.service] = max(mark.highest, serials.get(mark.service, 0))
    kept = {name: serials for name, serials in highest.items() if name >= known_day and serials}
    if book is None:
        return Book(known_day=known_day, highest=kept, named_at=services.at)
    over = tuple(
        one.id
        for one in book.deliveries
        if one.id in book.refused and (one.business_day or "") < known_day
    )
    named_at = book.named_at
    if named_at is None or abs(services.at - named_at) >= _NAMED_ANEW_AFTER:
        named_at = services.at
    return structs.replace(
        without(book, *over), known_day=known_day, highest=kept, named_at=named_at
    )


def day_of(book: Book, now: datetime, zone: ZoneInfo) -> str:
    """Return the business day of a number given now; raises BookError for a doubtful clock.

    Days are counted from when the service named its own: while the hall is in use it keeps its day
    whatever its clock says, and the same numbers must not be given again under another date.
    """
    known = date.fromisoformat(book.known_day)
    local = _date(now, zone)
    named = max(known, _date(book.named_at, zone)) if book.named_at else known
    if local - known > FURTHEST:
        raise BookError(f"the clock says {local}, the service last said {known}; waiting for it")
    return (known + max(local - named, timedelta())).isoformat()


def _date(at: datetime, zone: ZoneInfo) -> date:
    return (at.astimezone(zone) - DAY_BEGINS).date()


def given(
    book: Book,
    centre: Centre,
    kiosk: str,
    *,
    unanswered: IssueTicket,
    delivery: str,
    now: datetime,
) -> tuple[Book, IssueTicket]:
    """Return the book after giving the next number in place of the `unanswered` command.

    The second value is that number's delivery, with the id `delivery`. Raises BookError when
    this kiosk has no book, or none left, or its clock is doubtful.
    """
    pages = _range(centre, kiosk)
    day = day_of(book, now, centre.identity.zone)
    serials = book.highest.get(day, {})
    serial = max(serials.get(unanswered.service, 0) + 1, pages.first)
    if serial > pages.last:
        raise BookError(f"the book of {unanswered.service} is used up at {pages.last}")
    issue = structs.replace(
        unanswered,
        id=delivery,
        ts=now,
        number=centre.number_text(unanswered.service, serial),
        business_day=day,
        issued_at=now,
        supersedes=unanswered.id,
    )
    highest = book.highest | {day: serials | {unanswered.service: serial}}
    deliveries = (*book.deliveries, issue)
    return structs.replace(book, highest=highest, deliveries=deliveries), issue


def refused(book: Book, delivery: str, next_id: str) -> Book:
    """Return the book after the service refused a delivery; its next attempt is `next_id`."""
    return structs.replace(book, refused=book.refused | {delivery: next_id})


def without(book: Book, *deliveries: str) -> Book:
    """Return the book without the deliveries of those ids: they are done."""
    left = tuple(command for command in book.deliveries if command.id not in deliveries)
    still = {key: value for key, value in book.refused.items() if key not in deliveries}
    return structs.replace(book, deliveries=left, refused=still)


def has_pages(centre: Centre, kiosk: str) -> bool:
    """Return whether the configuration reserves numbers for this kiosk."""
    return any(book.kiosk == kiosk for book in centre.numbering.books)


def _range(centre: Centre, kiosk: str) -> OfflineBook:
    for pages in centre.numbering.books:
        if pages.kiosk == kiosk:
            return pages
    raise BookError(f"no numbers are reserved for {kiosk}")
