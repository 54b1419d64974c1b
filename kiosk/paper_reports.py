"""What became of each paper: told to the service, and made good where it was lost."""

import logging

from msgspec import structs
from PySide6.QtCore import QObject, Slot

from bus.commands import Reply, ReportPrint, ReprintTicket
from bus.session import Session
from bus.vocabulary import Error, PaperKind
from kiosk.paper_record import PaperRecord
from kiosk.printing import LostPaper, PaperResult, PrintDesk
from ui.owner import queued

_log = logging.getLogger(__name__)

_NO_ANSWER = frozenset({Error.UNAVAILABLE, Error.TOO_FAST})


class PaperReports:
    """Sends `report_print`, under the same id until the service has answered."""

    def __init__(self, link: Session, record: PaperRecord) -> None:
        self._link = link
        self._record = record
        self._backlog: list[str] = []

    def paper_done(self, printed: PaperResult) -> None:
        """Report a paper, or keep the report until the service knows the ticket.

        A paper may be reported twice: that its end is unknown, and later what it was.
        """
        ticket = printed.ticket or self.ticket_of(printed.request)
        reason = printed.result.reason
        report = ReportPrint(
            id=self._link.new_id(),
            ts=self._link.now(),
            ticket=ticket or printed.request,
            outcome=printed.result.outcome,
            reason=reason.value if reason else None,
            copy=printed.copy,
            paper=PaperKind.FILE if printed.file else PaperKind.CITIZEN,
        )
        if ticket is None:
            self._record.owe_undelivered(printed.request, report)
        else:
            self._record.owe_report(report)
        self._record.keep()
        if ticket is not None:
            self._send(report)

    def ticket_of(self, delivery: str) -> str | None:
        """Return the id under which the service took an offline number, if it did."""
        return self._record.notes.delivered.get(delivery)

    def delivered(self, delivery: str, ticket: str) -> None:
        """Note the id under which the service took an offline number."""
        waiting = self._record.deliver(delivery, ticket)
        reports = [structs.replace(report, ticket=ticket) for report in waiting]
        for report in reports:
            self._record.owe_report(report)
        self._record.keep()
        for report in reports:
            self._send(report)

    def send_again(self) -> None:
        """Send what the service did not answer, one after the other."""
        self._backlog = list(self._record.notes.reports)
        self._send_next()

    def _send_next(self) -> None:
        while self._backlog:
            report = self._record.notes.reports.get(self._backlog.pop(0))
            if report is not None:
                self._send(report)
                return

    def _send(self, report: ReportPrint) -> None:
        self._link.ask(report, lambda reply: self._answered(report, reply))

    def _answered(self, report: ReportPrint, reply: Reply) -> None:
        """Forget an answered report; on disk with the next note: again it would do no harm."""
        if reply.error not in _NO_ANSWER:
            self._record.notes.reports.pop(report.id, None)
            self._send_next()


class LostPapers(QObject):
    """Has the service order a copy of each lost paper; it refuses a number that is over.

    Minutes may lie between the paper's end and the new roll: meanwhile a counter may have
    withdrawn the number, or served the citizen by the screen.
    """

    def __init__(
        self,
        link: Session,
        printing: PrintDesk,
        reports: PaperReports,
        record: PaperRecord,
    ) -> None:
        super().__init__()
        self._link = link
        self._printing = printing
        self._reports = reports
        self._record = record
        queued(printing.lost, self.take)

    @Slot(object)
    def take(self, lost: LostPaper) -> None:
        """See to the copy of a lost paper."""
        ticket = lost.ticket or self._reports.ticket_of(lost.request)
        if lost.sheet.file or ticket is None:
            self._printing.print_copy(lost)
        else:
            self._ask(ticket)

    @Slot()
    def ask_again(self) -> None:
        """Ask for the copies that the service did not answer about."""
        for ticket in list(self._record.notes.owed):
            del self._record.notes.owed[ticket]
            self._ask(ticket)

    def _ask(self, ticket: str) -> None:
        if ticket in self._record.notes.copied:
            return
        command = ReprintTicket(ticket=ticket, print_on=self._link.device)
        self._link.ask(command, lambda reply: self._answered(ticket, reply))

    def _answered(self, ticket: str, reply: Reply) -> None:
        if reply.error is Error.UNAVAILABLE:
            self._record.notes.owed[ticket] = True
            self._record.keep()
        elif not reply.ok:
            _log.info("no copy of a lost paper ticket=%s reason=%s", ticket, reply.error)
