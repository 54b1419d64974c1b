"""Tell the service what became of each paper, also of those it learns of later."""

from collections import OrderedDict
from collections.abc import Callable

from bus.commands import Reply, ReportPrint
from bus.session import Session
from bus.vocabulary import Error
from kiosk.asking import Asker
from kiosk.printing import Printed

_MOST_UNSENT = 500


class PaperReports:
    """Sends `report_print`, again after an outage, under the same id."""

    def __init__(self, link: Session, asker: Asker) -> None:
        self._link = link
        self._asker = asker
        self._unsent: dict[str, ReportPrint] = {}
        self._undelivered: dict[str, list[Printed]] = {}
        self._delivered: OrderedDict[str, str] = OrderedDict()

    def paper_done(self, printed: Printed) -> None:
        """Report a paper, or keep the report until the service knows the ticket.

        A paper may be reported twice: that its end is unknown, and later what it was.
        """
        ticket = printed.ticket or self.ticket_of(printed.request)
        if ticket is None:
            self._undelivered.setdefault(printed.request, []).append(printed)
        else:
            self._send(self._report(printed, ticket))

    def ticket_of(self, delivery: str) -> str | None:
        """Return the id under which the service took an offline number, if it did."""
        return self._delivered.get(delivery)

    def delivered(self, delivery: str, ticket: str) -> None:
        """Note the id under which the service took an offline number."""
        self._delivered[delivery] = ticket
        if len(self._delivered) > _MOST_UNSENT:
            self._delivered.popitem(last=False)
        for printed in self._undelivered.pop(delivery, ()):
            self._send(self._report(printed, ticket))

    def send_again(self) -> None:
        """Send what the service did not answer."""
        unsent, self._unsent = self._unsent, {}
        for report in unsent.values():
            self._send(report)

    def _report(self, printed: Printed, ticket: str) -> ReportPrint:
        reason = printed.result.reason
        return ReportPrint(
            id=self._link.new_id(),
            ts=self._link.now(),
            ticket=ticket,
            outcome=printed.result.outcome,
            reason=reason.value if reason else None,
            copy=printed.copy,
        )

    def _send(self, report: ReportPrint) -> None:
        self._asker.ask(report, self._on_reply(report))

    def _on_reply(self, report: ReportPrint) -> Callable[[Reply], None]:
        def take(reply: Reply) -> None:
            if reply.error is Error.UNAVAILABLE and len(self._unsent) < _MOST_UNSENT:
                self._unsent[report.id] = report

        return take
