"""A thermal printer at the end of a line: sends jobs, asks for proof, says only what it knows."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.printer.capability import Capability, Level, Proof
from hardware.printer.checkup import ANSWER_NOW_S, Checkup
from hardware.printer.conversation import Conversation, Transport
from hardware.printer.port import PrinterError, PrintResult, Reason, Settlement, reason_of
from hardware.printer.status import ID_LENGTH, REPORT_CHANGES
from paper.encode import BAND_ROWS
from paper.ticket import Ticket

CHUNK = 256
"""Bytes handed over at a time; the first chunk ends above the number, on the short ticket too."""
_INITIALISE = b"\x1b@"
_ID_DIGITS = str.maketrans("0123456789", "ABCDEFGHIJ")
"""Digits of an id; a 2 or 6 that lost its frame would look like an answer to DLE EOT."""
_CLEARED_WITHIN_S = 1.0
_PATIENT_JOBS = 2
_LATE_S = 15.0
"""How long a printer that said of no trouble may be late with its proof."""

_FAILURES = (PrinterError, OSError, ValueError, LookupError, TypeError, RuntimeError)
"""Whatever a line raises once bytes are on their way: nobody knows what is on paper then, and what
is not certain must not count as failed, or another printer makes a second original."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Unsettled:
    """A job whose end is unknown."""

    proof: Proof
    job: bytes
    talk: Conversation | None
    """Where its proof may still come; None when not all of it was sent."""
    patience_s: float
    until: float
    stopped: bool


class ThermalPrinter:
    """An ESC/POS printer on any line."""

    def __init__(
        self,
        name: str,
        dots: int,
        connect: Callable[[], Transport],
        *,
        answer_s: float,
        keep_open: bool,
        bytes_per_s: float | None = None,
        capability: Capability | None = None,
    ) -> None:
        """Wait `answer_s`, and as long as the job is on its way, for proof after it.

        Without `keep_open`, connect for each job. Only a line whose speed must be set,
        `bytes_per_s`, can have the wrong one. Without a `capability`, learn by trying.
        """
        self.name = name
        self.dots = dots
        self._connect = connect
        self._answer_s = answer_s
        self._keep_open = keep_open
        self._bytes_per_s = bytes_per_s
        self._capability = capability
        self._talk: Conversation | None = None
        self._checkup = Checkup(capability, has_speed=bytes_per_s is not None, answer_s=answer_s)
        self._silent_jobs = 0
        self._proved = False
        self._interrupted = False
        self._unsettled: _Unsettled | None = None
        # After a restart, a job that the printer still holds must not have the id of a new one.
        self._ids = count(time.monotonic_ns() // 1_000_000)

    @property
    def level(self) -> Level:
        """How much the printer says of itself: by the self-test, else by what it has said."""
        if self._capability:
            return self._capability.level
        if self._proved:
            return Level.FULL
        return Level.BASIC if self._checkup.state is not PrinterState.UNKNOWN else Level.UNKNOWN

    def check(self) -> PrinterState:
        """Return what the printer says of itself, `unknown` if it says nothing."""
        try:
            state = self._checkup.ask(self._opened())
        except PrinterError:
            self.close()
            raise
        self._rest()
        return state

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        """Print `job` unless the printer says that it cannot, and ask it for proof."""
        self._unsettled = None
        try:
            talk = self._opened()
            state = self._checkup.ask(talk)
            if not state.can_print:
                self._rest()
                return self._result(PrintOutcome.FAILED, reason_of(state))
            complete = self._send(talk.line, self._flushing() + self._reporting(job))
        except PrinterError:
            self.close()
            raise
        if not complete:
            return self._broken_off(talk)
        _log.debug("sent number=%s printer=%s bytes=%d", ticket.number, self.name, len(job))
        return self._prove(talk, len(job))

    def settle(self) -> Settlement:
        """Say what became of the job whose end was unknown."""
        unsettled = self._unsettled
        if unsettled is None:
            return Settlement.NOTHING
        try:
            settlement = self._settled(unsettled)
        except PrinterError:
            self.close()
            raise
        if settlement is not Settlement.WAITING:
            self._unsettled = None
            self._rest()
        return settlement

    def close(self) -> None:
        """Let the line go; what is found there next is asked again."""
        self._hang_up()
        self._checkup.begin_anew()

    def _opened(self) -> Conversation:
        if self._talk is None:
            self._talk = Conversation(self._connect())
            if self._capability and self._capability.automatic:
                self._talk.ask_reports()
        return self._talk

    def _rest(self) -> None:
        if not self._keep_open and self._unsettled is None:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._talk:
            self._talk.line.close()
            self._talk = None

    def _flushing(self) -> bytes:
        """Return what fills a raster that broke off: the printer takes it for white dots."""
        return bytes(BAND_ROWS * self.dots // 8) if self._interrupted else b""

    def _reporting(self, job: bytes) -> bytes:
        """Return `job` with the request for reports, which its beginning would end."""
        if self._capability and self._capability.automatic:
            return job.replace(_INITIALISE, _INITIALISE + REPORT_CHANGES, 1)
        return job

    def _send(self, line: Transport, job: bytes) -> bool:
        """Return whether the whole job went out; raises if not even its first chunk did."""
        for start in range(0, len(job), CHUNK):
            try:
                line.write(job[start : start + CHUNK])
            except _FAILURES as error:
                self._interrupted = True
                if start == 0:
                    raise
                _log.warning("job broken off printer=%s error=%s", self.name, error)
                return False
        self._interrupted = False
        return True

    def _broken_off(self, talk: Conversation) -> PrintResult:
        """Return that nobody knows how much is on paper, and why it ended if the printer said."""
        try:
            talk.listen()
        except _FAILURES as error:
            _log.debug("nothing more heard printer=%s error=%s", self.name, error)
        said = talk.reported
        stopped = said is not None and said.stopped
        self._unsettled = self._open_end(Proof.NONE, b"", None, 0, stopped=stopped)
        self.close()
        reason = reason_of(said) if said and stopped else Reason.INTERRUPTED
        return self._result(PrintOutcome.UNKNOWN, reason)

    def _prove(self, talk: Conversation, length: int) -> PrintResult:
        if talk.line.plain_file:
            self._rest()
            return self._result(PrintOutcome.PRINTED)
        proof = self._capability.proof if self._capability else Proof.IN_TURN
        job = _job_id(next(self._ids))
        patience_s = self._patience_s(length)
        unsettled = self._open_end(proof, job, talk, patience_s, stopped=False)
        try:
            self._ask_proof(talk, proof, job)
            paper = self._proof(unsettled, talk, patience_s)
            if paper is None:
                return self._unproven(talk, unsettled)
        except _FAILURES as error:
            _log.info("proof not heard printer=%s error=%r", self.name, error)
            self._unsettled = unsettled
            self.close()
            return self._result(PrintOutcome.UNKNOWN, Reason.NO_ANSWER)
        self._proved = proof in (Proof.PROCESS_ID, Proof.IN_TURN)
        self._silent_jobs = 0
        self._checkup.note_answer()
        self._rest()
        if paper is PrinterState.PAPER_OUT:
            return self._result(PrintOutcome.UNKNOWN, Reason.PAPER_OUT)
        return self._result(PrintOutcome.PRINTED)

    def _unproven(self, talk: Conversation, unsettled: _Unsettled) -> PrintResult:
        self._silent_jobs += 1
        state = self._checkup.ask(talk)
        unsettled.stopped = state.stopped
        silent = self.level in (Level.NONE, Level.UNKNOWN)
        self._unsettled = None if silent else unsettled
        self._rest()
        reason = reason_of(state) if state.stopped else Reason.NO_ANSWER
        return self._result(PrintOutcome.UNKNOWN, reason)

    def _patience_s(self, length: int) -> float:
        if self._capability is None and self._silent_jobs >= _PATIENT_JOBS:
            return ANSWER_NOW_S
        return self._answer_s + (length / self._bytes_per_s if self._bytes_per_s else 0.0)

    @staticmethod
    def _ask_proof(talk: Conversation, proof: Proof, job: bytes) -> None:
        if proof is Proof.PROCESS_ID:
            talk.ask_processed(job)
        elif proof is Proof.IN_TURN:
            talk.ask_in_turn()

    def _proof(
        self, unsettled: _Unsettled, talk: Conversation, within_s: float
    ) -> PrinterState | None:
        """Return how the paper is if the job is proven to be on it."""
        match unsettled.proof:
            case Proof.PROCESS_ID:
                return PrinterState.READY if talk.processed(unsettled.job, within_s) else None
            case Proof.IN_TURN:
                return talk.in_turn(within_s)
            case Proof.STATUS:
                talk.wait(within_s)
                return PrinterState.READY if self._checkup.ask(talk).well else None
            case Proof.NONE:
                return None

    def _settled(self, unsettled: _Unsettled) -> Settlement:
        here = self._talk is not None and self._talk is unsettled.talk
        if here and unsettled.proof is not Proof.STATUS and self._comes(unsettled, 0):
            return Settlement.PRINTED
        unsettled.stopped = unsettled.stopped or self._checkup.state.stopped
        if self._checkup.state is PrinterState.OFFLINE:  # stalled: it may go on at any time
            unsettled.until = time.monotonic() + unsettled.patience_s + _LATE_S
        if not unsettled.stopped:
            late = time.monotonic() > unsettled.until
            return Settlement.NOTHING if late else Settlement.WAITING
        if not self._checkup.state.well:
            return Settlement.WAITING
        if here and self._comes(unsettled, unsettled.patience_s):
            return Settlement.PRINTED
        talk = self._opened()
        if not self._checkup.ask(talk).well:
            return Settlement.WAITING
        self._clear(talk)
        return Settlement.LOST

    def _comes(self, unsettled: _Unsettled, within_s: float) -> bool:
        talk = self._opened()
        paper = self._proof(unsettled, talk, within_s)
        return paper is not None and paper is not PrinterState.PAPER_OUT

    def _clear(self, talk: Conversation) -> None:
        if self._capability is None or self._capability.clears:
            cleared = talk.clear(_CLEARED_WITHIN_S)
            self._interrupted = self._interrupted and not cleared
            _log.info("held job cleared printer=%s confirmed=%s", self.name, cleared)

    def _open_end(
        self,
        proof: Proof,
        job: bytes,
        talk: Conversation | None,
        patience_s: float,
        *,
        stopped: bool,
    ) -> _Unsettled:
        until = time.monotonic() + patience_s + _LATE_S
        return _Unsettled(proof, job, talk, patience_s, until, stopped)

    def _result(self, outcome: PrintOutcome, reason: Reason | None = None) -> PrintResult:
        return PrintResult(outcome, reason, self.name)


def _job_id(number: int) -> bytes:
    return str(number % 10**ID_LENGTH).zfill(ID_LENGTH).translate(_ID_DIGITS).encode()
