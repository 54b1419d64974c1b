"""Marked copies of papers that a printer has lost, of numbers that still count."""

import logging

from PySide6.QtCore import QObject, Slot

from bus.commands import Reply, ReprintTicket
from bus.session import Session
from bus.vocabulary import Error
from kiosk.asking import Asker
from kiosk.printing import Lost, PrintDesk
from kiosk.reports import PaperReports
from ui.bridge import queued

_log = logging.getLogger(__name__)


class LostPapers(QObject):
    """Has the service order a copy of each lost paper; it refuses a number that is over.

    Minutes may lie between the paper's end and the new roll: meanwhile a counter may have
    withdrawn the number, or served the citizen by the screen.
    """

    def __init__(
        self, link: Session, asker: Asker, printing: PrintDesk, reports: PaperReports
    ) -> None:
        super().__init__()
        self._link = link
        self._asker = asker
        self._printing = printing
        self._reports = reports
        self._owed: set[str] = set()
        queued(printing.lost, self.take)

    @Slot(object)
    def take(self, lost: Lost) -> None:
        """See to the copy of a lost paper."""
        ticket = lost.ticket or self._reports.ticket_of(lost.request)
        if ticket is None:  # an offline number that no counter has seen: nobody can end it
            self._printing.print_copy(lost)
        else:
            self._ask(ticket)

    @Slot()
    def ask_again(self) -> None:
        """Ask for the copies that the service did not answer about."""
        owed, self._owed = self._owed, set()
        for ticket in owed:
            self._ask(ticket)

    def _ask(self, ticket: str) -> None:
        if self._printing.has_copy(ticket):
            return
        command = ReprintTicket(
            id=self._link.new_id(), ts=self._link.now(), ticket=ticket, print_on=self._link.device
        )
        self._asker.ask(command, lambda reply: self._answered(ticket, reply))

    def _answered(self, ticket: str, reply: Reply) -> None:
        if reply.error is Error.UNAVAILABLE:
            self._owed.add(ticket)
        elif not reply.ok:
            _log.info("no copy of a lost paper ticket=%s reason=%s", ticket, reply.error)
