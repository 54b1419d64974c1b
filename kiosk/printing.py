"""Tickets to the printer, each once; the screen never waits for it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypedDict

from PySide6.QtCore import QObject, Signal, Slot

from bus.care import Manner
from bus.commands import IssuedTicket, IssueTicket
from bus.orders import PrintSlip, PrintTicket
from bus.vocabulary import PrinterState, PrintOutcome
from config.settings import Centre
from hall.citizen.session import Paper
from hall.slip import appointment_slip
from hardware.printer import PrintResult, Reason, StationHealth
from kiosk.paper_record import PaperRecord
from paper import (
    Ticket,
    centre_ticket,
    file_ticket,
    notice_ticket,
    slip_ticket,
    ticket_for_test,
)
from ui.owner import queued

_log = logging.getLogger(__name__)


class PaperQueue(Protocol):
    """The printer's worker: takes papers at once, prints them in its own time."""

    def submit(self, ticket: Ticket, on_done: Callable[[PrintResult], None]) -> None:
        """Print `ticket` after those before it; `on_done` is called on the worker's thread.

        It is called again, with a `late` result, when an `unknown` end becomes known.
        """


@dataclass(frozen=True, slots=True)
class PaperResult:
    """What became of one paper."""

    request: str
    """The command, delivery or order that the paper is for."""
    ticket: str | None
    number: str
    result: PrintResult
    copy: bool
    file: bool = False
    """Whether it is the one for the file, which nobody at this screen waits for."""
    ordered: bool = False
    """Whether the service ordered it, so that nobody waits for it at this screen."""

    @property
    def reason(self) -> str:
        """Return why there is no paper, as far as it is known."""
        return self.result.reason.value if self.result.reason else ""

    @property
    def paper(self) -> Paper:
        """Return what the citizen should know of it."""
        match self.result.outcome:
            case PrintOutcome.PRINTED:
                return Paper.COPIED if self.copy else Paper.PRINTED
            case PrintOutcome.FAILED:
                return Paper.FAILED
            case PrintOutcome.UNKNOWN:
                doubtless_sent = self.result.reason is Reason.NO_ANSWER
                return Paper.UNPROVEN if doubtless_sent else Paper.UNKNOWN


@dataclass(frozen=True, slots=True)
class LostPaper:
    """A paper that a printer has lost, having stopped in its middle."""

    sheet: Ticket
    request: str
    ticket: str | None


class Look(TypedDict):
    """How the paper of one citizen is."""

    large: bool
    fetch: bool
    """It says that somebody goes to the person."""


class PrintDesk(QObject):
    """Prints each ticket once; every further paper of it is a marked copy."""

    done = Signal(object)
    tested = Signal(str, object)
    """The order of a test page, and what became of it."""
    listed = Signal(str, object)
    """The procedure whose papers were listed, and what became of that paper."""
    lost = Signal(object)
    health_changed = Signal(object)
    _finished = Signal(object)
    _page = Signal(str, object)
    _health = Signal(object)
    _list = Signal(str, object)

    def __init__(self, record: PaperRecord, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.health = StationHealth(PrinterState.UNKNOWN, {})
        self._record = record
        self._queue: PaperQueue | None = None
        queued(self._finished, self._finish)
        queued(self._page, self._finish_page)
        queued(self._health, self._take_health)
        queued(self._list, self._finish_list)

    def use(self, queue: PaperQueue) -> None:
        """Print on `queue` from now on."""
        self._queue = queue

    @property
    def state(self) -> PrinterState:
        """Return the state of the printer that the next paper comes from."""
        return self.health.state

    def tell_health(self, health: StationHealth) -> None:
        """Take how the printers are from any thread."""
        self._health.emit(health)

    def print_issued(
        self,
        centre: Centre,
        request: str,
        issued: IssuedTicket,
        *,
        large: bool = False,
        fetch: bool = False,
    ) -> None:
        """Print the original of a ticket that was just issued here."""
        digits = issued.number[-centre.numbering.digits :]
        if digits.isdecimal():
            self._record.number_taken(issued.service, issued.business_day, int(digits))
        if self._record.first(issued.ticket, large=large):
            sheet = paper(centre, issued, large=large, fetch=fetch)
            self._submit_both(centre, issued.service, sheet, request, issued.ticket)

    def print_offline(
        self, centre: Centre, delivery: IssueTicket, *, large: bool = False, fetch: bool = False
    ) -> None:
        """Print a number of the offline book."""
        self._record.first(delivery.id, large=large)
        sheet = offline_paper(centre, delivery, large=large, fetch=fetch)
        self._submit_both(centre, delivery.service, sheet, delivery.id, None)

    def print_ordered(self, centre: Centre, order: PrintTicket) -> None:
        """Print what the service asks for, once per order; never a second original."""
        if not self._record.first(order.id):
            return
        ticket = order.ticket
        manner = order.manner or Manner()
        copy = not self._record.first(ticket.ticket, large=manner.large_paper) or order.copy
        large = self._record.notes.seen[ticket.ticket] or manner.large_paper
        if not copy:
            self._record.keep()  # the same order may come again after a crash
        sheet = paper(centre, ticket, copy=copy, large=large, fetch=manner.fetch)
        self._submit_both(centre, ticket.service, sheet, order.id, ticket.ticket, ordered=True)

    def print_test(self, centre: Centre, order: str, at: datetime) -> None:
        """Print a page that is no number, once per order, like any ticket."""
        if not self._record.first(order):
            return
        self._record.keep()

        def on_done(result: PrintResult) -> None:
            self._page.emit(order, result)

        if self._queue is None:
            on_done(PrintResult(PrintOutcome.FAILED))
        else:
            self._queue.submit(ticket_for_test(centre, at), on_done)

    def print_slip(self, centre: Centre, order: PrintSlip) -> None:
        """Print the slip of an appointment, once per order; no number is on it."""
        if not self._record.first(order.id):
            return
        self._record.keep()

        def on_done(result: PrintResult) -> None:
            self._page.emit(order.id, result)

        slip = appointment_slip(centre, order.service, order.begins, order.code, order.lang)
        if self._queue is None:
            on_done(PrintResult(PrintOutcome.FAILED))
        else:
            sheet = slip_ticket(slip, order.at.astimezone(centre.identity.zone))
            self._queue.submit(sheet, on_done)

    def print_notice(self, centre: Centre, title: str, advice: str, at: datetime) -> None:
        """Print a short paper that says why there is no number."""
        if self._queue is not None:
            self._queue.submit(notice_ticket(centre, title, advice, at), _note_notice)

    def print_list(self, sheet: Ticket, key: str) -> None:
        """Print what a procedure needs; no number is on it."""

        def on_done(result: PrintResult) -> None:
            self._list.emit(key, result)

        if self._queue is None:
            on_done(PrintResult(PrintOutcome.FAILED))
        else:
            self._queue.submit(sheet, on_done)

    def print_copy(self, lost: LostPaper) -> None:
        """Print a marked copy of a paper that was lost."""
        self._submit(replace(lost.sheet, copy=True), lost.request, lost.ticket)

    def _submit_both(
        self,
        centre: Centre,
        service: str,
        sheet: Ticket,
        request: str,
        ticket: str | None,
        *,
        ordered: bool = False,
    ) -> None:
        """Print a paper, and behind an original the one for the file where the service has one."""
        self._submit(sheet, request, ticket, ordered=ordered)
        wants_file = any(each.file_paper for each in centre.services if each.code == service)
        if wants_file and not sheet.copy:
            self._submit(file_ticket(sheet), request, ticket, ordered=ordered)

    def _submit(
        self, sheet: Ticket, request: str, ticket: str | None, *, ordered: bool = False
    ) -> None:
        def on_done(result: PrintResult) -> None:
            if not result.lost:
                self._finished.emit(
                    PaperResult(
                        request, ticket, sheet.number, result, sheet.copy, sheet.file, ordered
                    )
                )
            elif not sheet.copy:
                self.lost.emit(LostPaper(sheet, request, ticket))

        if sheet.copy and ticket and not sheet.file:
            self._record.copied(ticket)
        if self._queue is None:
            on_done(PrintResult(PrintOutcome.FAILED))
        else:
            self._queue.submit(sheet, on_done)

    @Slot(object)
    def _finish(self, printed: PaperResult) -> None:
        if printed.result.outcome is not PrintOutcome.PRINTED:
            _log.info("paper %s request=%s", printed.result.outcome, printed.request)
        own = printed.copy and not printed.file
        if own and printed.ticket and printed.result.outcome is PrintOutcome.FAILED:
            self._record.notes.copied.pop(printed.ticket, None)
        self.done.emit(printed)

    @Slot(str, object)
    def _finish_page(self, order: str, result: PrintResult) -> None:
        _log.info("test page %s order=%s", result.outcome, order)
        self.tested.emit(order, result)

    @Slot(str, object)
    def _finish_list(self, key: str, result: PrintResult) -> None:
        _log.info("list of papers %s procedure=%s", result.outcome, key)
        self.listed.emit(key, result)

    @Slot(object)
    def _take_health(self, health: StationHealth) -> None:
        if health != self.health:
            self.health = health
            self.health_changed.emit(health)


def paper(
    centre: Centre,
    issued: IssuedTicket,
    *,
    copy: bool = False,
    large: bool = False,
    fetch: bool = False,
) -> Ticket:
    """Return the paper of a ticket that the service issued."""
    return centre_ticket(
        centre,
        number=issued.number,
        service=issued.service,
        ticket_class=issued.ticket_class,
        lang=issued.language or issued.lang,
        ahead=issued.ahead,
        wait_min=issued.wait_min,
        issued_at=issued.issued_at,
        business_day=issued.business_day,
        token=issued.token,
        copy=copy,
        large=large,
        fetch=fetch,
    )


def offline_paper(
    centre: Centre, delivery: IssueTicket, *, large: bool = False, fetch: bool = False
) -> Ticket:
    """Return the paper of a number from the offline book: nobody knows who stands before."""
    return centre_ticket(
        centre,
        number=delivery.number or "",
        service=delivery.service,
        ticket_class=delivery.ticket_class,
        lang=delivery.language or delivery.lang,
        ahead=None,
        wait_min=None,
        issued_at=delivery.issued_at or delivery.ts,
        business_day=delivery.business_day or "",
        token=None,
        large=large,
        offline=True,
        fetch=fetch,
    )


def _note_notice(result: PrintResult) -> None:
    """Nobody holds a number by it, so nobody needs to know more."""
    _log.info("notice %s", result.outcome)
