"""A thermal printer at the end of a line: sends jobs, asks for proof, says only what it knows."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from bus.messages import PrintOutcome
from hardware.printer.encode import BAND_ROWS
from hardware.printer.errors import PrinterError
from hardware.printer.port import PrinterState, PrintResult, Reason
from hardware.printer.status import (
    ASK_CAUSE_NOW,
    ASK_PAPER_IN_TURN,
    ASK_PAPER_NOW,
    Meaning,
    cause_now,
    find_answer,
    paper_in_turn,
    paper_now,
)
from hardware.printer.ticket import Ticket

CHUNK = 1024
"""Bytes handed over at a time; the first chunk ends above the number."""
_ANSWER_NOW_S = 0.3
_PATIENT_JOBS = 2

_log = logging.getLogger(__name__)


class Line(Protocol):
    """A way to move bytes to a printer and back. No call waits without end."""

    @property
    def plain_file(self) -> bool:
        """Whether this is no device: what was written is there, and nothing ever answers."""

    def write(self, data: bytes) -> None:
        """Hand over all of `data`.

        Raises PrinterTimeout when the printer takes no more, PrinterUnavailable when it is gone.
        """

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, without waiting for more; empty for silence.

        Raises PrinterUnavailable when the printer is gone.
        """

    def close(self) -> None:
        """Let the line go, dropping what was not sent."""


class ThermalPrinter:
    """An ESC/POS printer on any line."""

    def __init__(
        self,
        name: str,
        dots: int,
        connect: Callable[[], Line],
        *,
        answer_s: float,
        keep_open: bool,
    ) -> None:
        """Wait `answer_s` for proof after a job; without `keep_open`, connect for each job."""
        self.name = name
        self.dots = dots
        self._connect = connect
        self._answer_s = answer_s
        self._keep_open = keep_open
        self._line: Line | None = None
        self._silent = False
        self._silent_jobs = 0
        self._interrupted = False

    def check(self) -> PrinterState:
        """Return what the printer says of itself, `unknown` if it says nothing."""
        try:
            state = self._ask_state(self._opened())
        except PrinterError:
            self.close()
            raise
        self._rest()
        return state

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        """Print `job` and ask the printer for proof."""
        try:
            line = self._opened()
            line.read(0)
            complete = self._send(line, self._flushing() + job)
        except PrinterError:
            self.close()
            raise
        if not complete:
            self.close()
            return self._result(PrintOutcome.UNKNOWN, Reason.INTERRUPTED)
        _log.debug("sent number=%s printer=%s bytes=%d", ticket.number, self.name, len(job))
        return self._prove(line)

    def close(self) -> None:
        """Let the line go; what is found there next is asked anew."""
        self._hang_up()
        self._silent = False

    def _opened(self) -> Line:
        if not self._line:
            self._line = self._connect()
        return self._line

    def _rest(self) -> None:
        if not self._keep_open:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _flushing(self) -> bytes:
        """Return what fills a raster that broke off: the printer takes it for white dots."""
        return bytes(BAND_ROWS * self.dots // 8) if self._interrupted else b""

    def _send(self, line: Line, job: bytes) -> bool:
        """Return whether the whole job went out; raises if not even its first chunk did."""
        for start in range(0, len(job), CHUNK):
            try:
                line.write(job[start : start + CHUNK])
            except PrinterError as error:
                self._interrupted = True
                if start == 0:
                    raise
                _log.warning("job broken off printer=%s error=%s", self.name, error)
                return False
        self._interrupted = False
        return True

    def _prove(self, line: Line) -> PrintResult:
        if line.plain_file:
            self._rest()
            return self._result(PrintOutcome.PRINTED)
        patience = self._answer_s if self._silent_jobs < _PATIENT_JOBS else _ANSWER_NOW_S
        try:
            state = _ask(line, ASK_PAPER_IN_TURN, paper_in_turn, patience)
        except PrinterError:
            self.close()
            return self._result(PrintOutcome.UNKNOWN, Reason.NO_ANSWER)
        self._rest()
        if state is None:
            self._silent_jobs += 1
            return self._result(PrintOutcome.UNKNOWN, Reason.NO_ANSWER)
        self._silent_jobs = 0
        self._silent = False
        if state is PrinterState.PAPER_OUT:
            return self._result(PrintOutcome.UNKNOWN, Reason.PAPER_OUT)
        return self._result(PrintOutcome.PRINTED)

    def _ask_state(self, line: Line) -> PrinterState:
        line.read(0)
        if line.plain_file:
            return PrinterState.READY
        paper = None if self._silent else _ask(line, ASK_PAPER_NOW, paper_now, _ANSWER_NOW_S)
        self._silent = paper is None
        if paper is None:
            return PrinterState.UNKNOWN
        cause = _ask(line, ASK_CAUSE_NOW, cause_now, _ANSWER_NOW_S)
        return cause if cause and not cause.can_print else paper

    def _result(self, outcome: PrintOutcome, reason: Reason | None = None) -> PrintResult:
        return PrintResult(outcome, reason, self.name)


def _ask(line: Line, question: bytes, meaning: Meaning, within_s: float) -> PrinterState | None:
    """Return the answer to `question`, or None if none came in time."""
    line.write(question)
    deadline = time.monotonic() + within_s
    received = b""
    while (left := deadline - time.monotonic()) > 0 and (heard := line.read(left)):
        received += heard
        if state := find_answer(received, meaning):
            return state
    return None
