"""All printers of one box: a writer thread for each, the next one where one fails."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bus.messages import PrintOutcome
from hardware.printer.errors import PrinterError
from hardware.printer.port import (
    Printer,
    PrinterState,
    PrintResult,
    Reason,
    ResultHandler,
    StateHandler,
)
from hardware.printer.ticket import Ticket, sample_ticket
from hardware.printer.typesetting import Encode, encode_as_built_in

_log = logging.getLogger(__name__)

REOPEN_AFTER_S = (1.0, 2.0, 5.0)
CHECK_EVERY_S = 10.0
_STOP_WITHIN_S = 5.0

_REASONS = {
    PrinterState.PAPER_OUT: Reason.PAPER_OUT,
    PrinterState.COVER_OPEN: Reason.COVER_OPEN,
}


class PrintStation:
    """Prints tickets one after another and never keeps its caller waiting.

    A ticket goes to the first printer that can print. One that certainly failed there goes to
    the next; one whose end is `unknown` is never printed a second time.
    """

    def __init__(
        self,
        printers: Sequence[Printer],
        on_state: StateHandler = lambda _: None,
        *,
        encode: Encode = encode_as_built_in,
        reopen_after_s: Sequence[float] = REOPEN_AFTER_S,
        check_every_s: float = CHECK_EVERY_S,
    ) -> None:
        """Call `on_state` once per change of `state`, on a thread of the station."""
        self._on_state = on_state
        # Guards _told: two printers may change at once, and the handler hears changes in order.
        self._lock = threading.Lock()
        self._told = PrinterState.UNKNOWN
        self._writers = [
            _Writer(printer, self._tell, encode, reopen_after_s, check_every_s)
            for printer in printers
        ]

    @property
    def state(self) -> PrinterState:
        """Return the state of the printer that the next ticket goes to."""
        return self._in_order()[0].state if self._writers else PrinterState.OFFLINE

    @property
    def states(self) -> dict[str, PrinterState]:
        """Return the state of every printer by its name."""
        return {writer.printer.name: writer.state for writer in self._writers}

    def start(self) -> None:
        """Open the printers, and keep opening those that go away."""
        for writer in self._writers:
            writer.start()

    def stop(self) -> None:
        """Finish the ticket in hand, fail the others, close the printers."""
        for writer in self._writers:
            writer.stop()
        for writer in self._writers:
            writer.join()

    def submit(self, ticket: Ticket, on_done: ResultHandler) -> None:
        """Print `ticket`; `on_done` is called once, on a thread of the station."""
        self._hand_on(ticket, on_done, self._in_order())

    def _in_order(self) -> list["_Writer"]:
        return sorted(self._writers, key=lambda writer: not writer.state.can_print)

    def _hand_on(self, ticket: Ticket, on_done: ResultHandler, writers: list["_Writer"]) -> None:
        if not writers:
            on_done(PrintResult(PrintOutcome.FAILED, Reason.OFFLINE))
            return
        first, *others = writers

        def done(result: PrintResult) -> None:
            if result.outcome is PrintOutcome.FAILED and others:
                self._hand_on(ticket, on_done, others)
            else:
                on_done(result)

        first.submit(_Job(ticket, done))

    def _tell(self) -> None:
        with self._lock:
            state = self.state
            if state is not self._told:
                self._told = state
                self._on_state(state)


@dataclass(frozen=True, slots=True)
class _Job:
    ticket: Ticket
    on_done: ResultHandler


class _Writer:
    """One printer and the only thread that touches it."""

    def __init__(
        self,
        printer: Printer,
        on_change: Callable[[], None],
        encode: Encode,
        reopen_after_s: Sequence[float],
        check_every_s: float,
    ) -> None:
        self.printer = printer
        self.state = PrinterState.UNKNOWN
        self._on_change = on_change
        self._encode = encode
        self._reopen_after_s = reopen_after_s
        self._check_every_s = check_every_s
        self._failures = 0
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"print-{printer.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._jobs.put(None)

    def join(self) -> None:
        if self._thread.is_alive():
            self._thread.join(_STOP_WITHIN_S)
        self._refuse_rest()

    def submit(self, job: _Job) -> None:
        self._jobs.put(job)
        if self._stopping.is_set():
            self._refuse_rest()

    def _run(self) -> None:
        self._encoded(sample_ticket())  # loads fonts and encoder: the first citizen need not wait
        self._check()
        while not self._stopping.is_set():
            try:
                job = self._jobs.get(timeout=self._pause_s())
            except queue.Empty:
                self._check()
            else:
                if job:
                    self._finish(job)
        self.printer.close()

    def _pause_s(self) -> float:
        if self.state.can_print:
            return self._check_every_s
        return self._reopen_after_s[min(self._failures, len(self._reopen_after_s)) - 1]

    def _encoded(self, ticket: Ticket) -> bytes | None:
        try:
            return self._encode(ticket, self.printer)
        except Exception:  # noqa: BLE001 - outermost: the thread must live for the next ticket
            _log.exception("ticket not drawn number=%s", ticket.number)
            return None

    def _finish(self, job: _Job) -> None:
        result = self._print(job.ticket)
        _log.info(
            "ticket number=%s copy=%s outcome=%s reason=%s printer=%s",
            job.ticket.number,
            job.ticket.copy,
            result.outcome,
            result.reason or "-",
            self.printer.name,
        )
        try:
            job.on_done(result)
        except Exception:  # noqa: BLE001 - the same
            _log.exception("print result not taken number=%s", job.ticket.number)
        if result.outcome is PrintOutcome.UNKNOWN:
            self._check()

    def _print(self, ticket: Ticket) -> PrintResult:
        if not self.state.can_print:
            return self._failed(_REASONS.get(self.state, Reason.OFFLINE))
        job = self._encoded(ticket)
        if job is None:
            return self._failed(Reason.FAULT)
        try:
            return self.printer.print_ticket(ticket, job)
        except PrinterError as error:
            self._become(PrinterState.OFFLINE, str(error))
            return self._failed(Reason.OFFLINE)

    def _check(self) -> None:
        try:
            self._become(self.printer.check())
        except PrinterError as error:
            self._become(PrinterState.OFFLINE, str(error))

    def _become(self, state: PrinterState, why: str = "") -> None:
        self._failures = 0 if state.can_print else self._failures + 1
        if state is self.state:
            return
        level = logging.INFO if state.can_print else logging.WARNING
        _log.log(level, "printer state=%s printer=%s %s", state, self.printer.name, why)
        self.state = state
        self._on_change()

    def _refuse_rest(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job:
                job.on_done(self._failed(Reason.STOPPED))

    def _failed(self, reason: Reason) -> PrintResult:
        return PrintResult(PrintOutcome.FAILED, reason, self.printer.name)
