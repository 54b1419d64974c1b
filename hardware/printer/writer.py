"""One printer and the only thread that touches it."""

import logging
import queue
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.owner import AGAIN_AFTER_S, Owner
from hardware.printer.port import (
    Printer,
    PrinterError,
    PrinterHealth,
    PrintResult,
    Reason,
    ResultHandler,
    Settlement,
    reason_of,
)
from paper.ticket import Ticket, sample_ticket

_log = logging.getLogger(__name__)

Encode = Callable[[Ticket, Printer], bytes]

CHECK_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket and who wants to know what became of it."""

    ticket: Ticket
    on_done: ResultHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a writer looks after its printer."""

    reopen_after_s: Sequence[float] = AGAIN_AFTER_S
    check_every_s: float = CHECK_EVERY_S


class Writer:
    """Prints jobs one after another, and looks after the printer between them.

    A job that ends `unknown` because the printer stopped is followed until the printer prints
    again: its handler hears whether it comes out by itself or is lost.
    """

    def __init__(
        self,
        printer: Printer,
        on_change: Callable[[], None],
        *,
        encode: Encode,
        now: Callable[[], datetime],
        pace: Pace,
    ) -> None:
        self.printer = printer
        self.health = PrinterHealth(PrinterState.UNKNOWN, printer.level)
        self._on_change = on_change
        self._encode = encode
        self._now = now
        self._pace = pace
        self._failures = 0
        self._checked = time.monotonic()
        self._unsettled: Job | None = None
        self._in_hand: Job | None = None
        """The job whose end is not told yet."""
        self._ready = False
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._owner = Owner(
            f"print-{printer.name}", self._step, self._fail, printer.close, pace.reopen_after_s
        )

    @property
    def state(self) -> PrinterState:
        """Return how the printer is."""
        return self.health.state

    def start(self) -> None:
        """Begin to look after the printer."""
        self._owner.start()

    def ask_to_stop(self) -> None:
        """Take no more jobs; finish the one in hand."""
        self._owner.ask_to_stop()

    def stop(self) -> None:
        """Wait until the job in hand is finished, fail the others."""
        self._owner.stop()
        self._refuse_rest()

    def submit(self, job: Job) -> None:
        """Print `job` after those before it."""
        self._jobs.put(job)
        self._owner.wake()
        if self._owner.stopping:
            self._refuse_rest()

    def _step(self) -> float:
        if not self._ready:
            self._ready = True
            self._encoded(sample_ticket())  # loads fonts: the first citizen need not wait
            self._check()
            self._on_change()
        try:
            self._in_hand = self._jobs.get_nowait()
        except queue.Empty:
            if time.monotonic() >= self._checked + self._pause_s():
                self._check()
            return max(0.0, self._checked + self._pause_s() - time.monotonic())
        self._finish(self._in_hand)
        return 0.0

    def _fail(self, error: Exception) -> None:
        """Answer the job in hand after an error of ours, and let the printer go."""
        job, self._unsettled = self._in_hand, None
        if job:
            self._tell(job, self._failed(Reason.FAULT))
        self._become_state(PrinterState.FAULT, repr(error))
        self.printer.close()

    def _pause_s(self) -> float:
        after_s = self._pace.reopen_after_s
        if not self.state.can_print:
            return after_s[min(self._failures, len(after_s)) - 1]
        return after_s[0] if self._unsettled else self._pace.check_every_s

    def _encoded(self, ticket: Ticket) -> bytes | None:
        try:
            return self._encode(ticket, self.printer)
        except Exception:  # noqa: BLE001 - outermost: the thread must live for the next ticket
            _log.exception("ticket not drawn number=%s", ticket.number)
            return None

    def _finish(self, job: Job) -> None:
        if not self.state.can_print:
            self._tell(job, self._failed(reason_of(self.state)))
            return
        self._settle()
        self._unsettled = None  # the printer takes the next job: the last one's proof is past
        result = self._print(job.ticket)
        if result.outcome is PrintOutcome.UNKNOWN:
            self._unsettled = job
        self._tell(job, result)
        if result.outcome is not PrintOutcome.PRINTED:
            self._check()

    def _tell(self, job: Job, result: PrintResult) -> None:
        _log.info(
            "ticket number=%s copy=%s outcome=%s reason=%s late=%s lost=%s printer=%s",
            job.ticket.number,
            job.ticket.copy,
            result.outcome,
            result.reason or "-",
            result.late,
            result.lost,
            self.printer.name,
        )
        if job is self._in_hand:
            self._in_hand = None  # whatever goes wrong from here on, it is answered
        try:
            job.on_done(result)
        except Exception:  # noqa: BLE001 - outermost: the thread must live for the next ticket
            _log.exception("print result not taken number=%s", job.ticket.number)
        if result.outcome is PrintOutcome.PRINTED:
            self._become(replace(self.health, level=self.printer.level, last_proof=self._now()))

    def _print(self, ticket: Ticket) -> PrintResult:
        if not self.state.can_print:
            return self._failed(reason_of(self.state))
        job = self._encoded(ticket)
        if job is None:
            return self._failed(Reason.FAULT)
        try:
            return self.printer.print_ticket(ticket, job)
        except PrinterError as error:
            self._become_state(PrinterState.OFFLINE, str(error))
            return self._failed(Reason.OFFLINE)

    def _check(self) -> None:
        self._checked = time.monotonic()
        try:
            self._become_state(self.printer.check())
        except PrinterError as error:
            self._become_state(PrinterState.OFFLINE, str(error))
        else:
            self._settle()
            self._checked = time.monotonic()

    def _settle(self) -> None:
        if self._unsettled is None:
            return
        job = self._unsettled
        try:
            settlement = self.printer.settle()
        except PrinterError as error:
            self._become_state(PrinterState.OFFLINE, str(error))
            return
        if settlement is Settlement.WAITING:
            return
        self._unsettled = None
        name = self.printer.name
        if settlement is Settlement.PRINTED:
            self._tell(job, PrintResult(PrintOutcome.PRINTED, printer=name, late=True))
        elif settlement is Settlement.LOST:
            self._tell(job, PrintResult(PrintOutcome.UNKNOWN, printer=name, late=True, lost=True))

    def _become_state(self, state: PrinterState, why: str = "") -> None:
        self._failures = 0 if state.can_print else self._failures + 1
        if state is not self.state:
            level = logging.INFO if state.can_print else logging.WARNING
            _log.log(level, "printer state=%s printer=%s %s", state, self.printer.name, why)
        self._become(replace(self.health, state=state, level=self.printer.level))

    def _become(self, health: PrinterHealth) -> None:
        if health != self.health:
            self.health = health
            self._on_change()

    def _refuse_rest(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            self._tell(job, self._failed(Reason.STOPPED))

    def _failed(self, reason: Reason) -> PrintResult:
        return PrintResult(PrintOutcome.FAILED, reason, self.printer.name)
