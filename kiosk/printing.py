"""Papers to the printer, outcomes to the service; the screen never waits for either."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from bus.commands import IssuedTicket, IssueTicket
from bus.orders import PrintTicket
from bus.vocabulary import PrinterState, PrintOutcome
from config.settings import Centre
from hall.citizen.session import Paper
from hardware.printer import PrintResult, Reason, StationHealth
from kiosk.papers import offline_paper, paper
from paper import Ticket
from ui.bridge import queued

_log = logging.getLogger(__name__)
_REMEMBERED = 1000


class PaperQueue(Protocol):
    """The printer's worker: takes papers at once, prints them in its own time."""

    def submit(self, ticket: Ticket, on_done: Callable[[PrintResult], None]) -> None:
        """Print `ticket` after those before it; `on_done` is called on the worker's thread.

        It is called again, with a `late` result, when an `unknown` end becomes known.
        """


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of one paper."""

    request: str
    """The command, delivery or order that the paper is for."""
    ticket: str | None
    result: PrintResult
    copy: bool

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
class Lost:
    """A paper that a printer has lost, having stopped in its middle."""

    sheet: Ticket
    request: str
    ticket: str | None


class PrintDesk(QObject):
    """Prints each ticket once; every further paper of it is a marked copy."""

    done = Signal(object)
    lost = Signal(object)
    health_changed = Signal(object)
    _finished = Signal(object)
    _health = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.health = StationHealth(PrinterState.UNKNOWN, {})
        self._queue: PaperQueue | None = None
        self._seen: OrderedDict[str, bool] = OrderedDict()
        """What was printed, and whether in large type: a copy comes as its original did."""
        self._copied: OrderedDict[str, None] = OrderedDict()
        """The tickets that have a copy, or for which one is being printed."""
        queued(self._finished, self._finish)
        queued(self._health, self._take_health)

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

    def has_copy(self, ticket: str) -> bool:
        """Return whether a copy of `ticket` came, or is on its way."""
        return ticket in self._copied

    def print_issued(
        self, centre: Centre, request: str, issued: IssuedTicket, *, large: bool = False
    ) -> None:
        """Print the original of a ticket that was just issued here."""
        if self._first(issued.ticket, large=large):
            sheet = paper(centre, issued, large=large)
            self._submit(sheet, request, issued.ticket, copy=False)

    def print_offline(self, centre: Centre, delivery: IssueTicket, *, large: bool = False) -> None:
        """Print a number of the offline book."""
        self._first(delivery.id, large=large)
        self._submit(offline_paper(centre, delivery, large=large), delivery.id, None, copy=False)

    def print_ordered(self, centre: Centre, order: PrintTicket) -> None:
        """Print what the service asks for, once per order; never a second original."""
        if not self._first(order.id):
            return
        copy = not self._first(order.ticket.ticket) or order.copy
        ticket = order.ticket
        sheet = paper(centre, ticket, copy=copy, large=self._seen[ticket.ticket])
        self._submit(sheet, order.id, ticket.ticket, copy=copy)

    def print_copy(self, lost: Lost) -> None:
        """Print a marked copy of a paper that was lost."""
        self._submit(replace(lost.sheet, copy=True), lost.request, lost.ticket, copy=True)

    def note_delivered(self, delivery: str, ticket: str) -> None:
        """Remember that the original of an offline number was printed here."""
        self._first(ticket, large=self._seen.get(delivery, False))

    def _first(self, key: str, *, large: bool = False) -> bool:
        if key in self._seen:
            return False
        self._seen[key] = large
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _submit(self, sheet: Ticket, request: str, ticket: str | None, *, copy: bool) -> None:
        def on_done(result: PrintResult) -> None:
            if not result.lost:
                self._finished.emit(Printed(request, ticket, result, copy))
            elif not copy:
                self.lost.emit(Lost(sheet, request, ticket))

        if copy and ticket:
            self._copied[ticket] = None
            if len(self._copied) > _REMEMBERED:
                self._copied.popitem(last=False)
        if self._queue is None:
            on_done(PrintResult(PrintOutcome.FAILED))
        else:
            self._queue.submit(sheet, on_done)

    @Slot(object)
    def _finish(self, printed: Printed) -> None:
        if printed.result.outcome is not PrintOutcome.PRINTED:
            _log.info("paper %s request=%s", printed.result.outcome, printed.request)
        if printed.copy and printed.ticket and printed.result.outcome is PrintOutcome.FAILED:
            self._copied.pop(printed.ticket, None)
        self.done.emit(printed)

    @Slot(object)
    def _take_health(self, health: StationHealth) -> None:
        if health != self.health:
            self.health = health
            self.health_changed.emit(health)
