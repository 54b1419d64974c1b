"""What this kiosk knows of its papers, kept through restarts beside the offline book."""

import logging
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from msgspec import Struct, field

from bus.commands import ReportPrint
from kiosk.sealed_file import SealedFile

_log = logging.getLogger(__name__)

V = TypeVar("V")

MOST_SEEN = 1000
MOST_REPORTS = 500
MOST_LOST = 20


class PaperNotes(Struct, kw_only=True):
    """The notes of a kiosk's papers; every list is bounded, the oldest fall out."""

    seen: dict[str, bool] = field(default_factory=dict)
    """Tickets, deliveries and print orders that had a paper, and whether in large type."""
    copied: dict[str, bool] = field(default_factory=dict)
    """Tickets that have a copy, or for which one is being printed."""
    reports: dict[str, ReportPrint] = field(default_factory=dict)
    """Reports that the service has not answered, by their id."""
    undelivered: dict[str, list[ReportPrint]] = field(default_factory=dict)
    """Reports of offline numbers that the service does not know yet, by the delivery."""
    delivered: dict[str, str] = field(default_factory=dict)
    """Deliveries to the tickets that the service made of them."""
    owed: dict[str, bool] = field(default_factory=dict)
    """Tickets whose paper was lost, and whose copy the service did not answer about."""
    lost: dict[str, str] = field(default_factory=dict)
    """Tickets whose paper failed after their page had gone home, and their numbers."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Service to the highest number of its series that was taken here on `business_day`."""
    business_day: str = ""


class PaperRecord:
    """The one owner of the notes.

    `keep` writes them: before an order is printed, which must not come out twice, and whenever
    something is owed to the service.
    """

    def __init__(self, file: SealedFile[PaperNotes]) -> None:
        self.notes = file.read() or PaperNotes()
        self._file = file

    def first(self, key: str, *, large: bool = False) -> bool:
        """Note that `key` has a paper; return whether it is its first."""
        if key in self.notes.seen:
            return False
        _put(self.notes.seen, key, large, MOST_SEEN)
        return True

    def owe_report(self, report: ReportPrint) -> None:
        """Note a report until the service has answered it."""
        _put(self.notes.reports, report.id, report, MOST_REPORTS)

    def owe_undelivered(self, delivery: str, report: ReportPrint) -> None:
        """Note a report about an offline number until the service knows the number."""
        reports = [*self.notes.undelivered.get(delivery, ()), report]
        _put(self.notes.undelivered, delivery, reports, MOST_REPORTS)

    def deliver(self, delivery: str, ticket: str) -> list[ReportPrint]:
        """Note the ticket of a delivery; return the reports that waited for it."""
        _put(self.notes.delivered, delivery, ticket, MOST_REPORTS)
        self.first(ticket, large=self.notes.seen.get(delivery, False))
        if delivery in self.notes.lost:
            self.notes.lost[ticket] = self.notes.lost.pop(delivery)
        return self.notes.undelivered.pop(delivery, [])

    def copied(self, ticket: str) -> None:
        """Note that a copy of a ticket is on its way."""
        _put(self.notes.copied, ticket, value=True, most=MOST_REPORTS)

    def lose(self, key: str, number: str) -> None:
        """Note that nobody was there to read that a paper failed."""
        _put(self.notes.lost, key, number, MOST_LOST)

    def found(self, keys: Iterable[str | None]) -> None:
        """Note that a paper came out after all."""
        for key in keys:
            self.notes.lost.pop(key or "", None)

    def day_is(self, business_day: str) -> None:
        """Forget the lost papers of an earlier day: their numbers are over."""
        if business_day > self.notes.business_day:
            self.notes.business_day = business_day
            self.notes.lost.clear()
            self.notes.numbers.clear()

    def number_taken(self, service: str, business_day: str, serial: int) -> bool:
        """Note a number of the main series; return whether it is the highest so far."""
        self.day_is(business_day)
        highest = serial > self.notes.numbers.get(service, 0)
        if highest and business_day == self.notes.business_day:
            self.notes.numbers[service] = serial
            self.keep()
        return highest

    def keep(self) -> None:
        """Write the notes; a full disk costs what is forgotten at the next restart."""
        try:
            self._file.write(self.notes)
        except OSError as error:
            _log.warning("paper notes not kept file=%s error=%s", self._file.path, error)


def _put(kept: dict[str, V], key: str, value: V, most: int) -> None:
    """Put an entry last, and let the oldest fall out of a full list."""
    kept.pop(key, None)
    kept[key] = value
    for oldest in list(islice(kept, max(0, len(kept) - most))):
        del kept[oldest]
