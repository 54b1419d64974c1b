"""Learn what a printer can say: ask everything, one thing after another, with patience."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bus.vocabulary import PrinterState
from hardware.printer.capability import Capability, Proof
from hardware.printer.conversation import Conversation, Transport
from hardware.printer.status import CAUSE, ERROR, PAPER, PRINTER, worst
from hardware.printer.thermal import CHUNK

_ANSWER_S = 1.0
_SUBJECTS = (PAPER, CAUSE, ERROR, PRINTER)
_JOB = b"TEST"
_INITIALISE = b"\x1b@"


_Answer = TypeVar("_Answer")


class Step(StrEnum):
    """What the self-test is doing."""

    STATUS = "status"
    REPORTS = "reports"
    CLEARING = "clearing"
    PRINTING = "printing"
    PROCESS_ID = "process_id"
    IN_TURN = "in_turn"


StepHandler = Callable[[Step, float], None]
"""Told each step, and the most seconds that it takes."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the self-test has learnt."""

    state: PrinterState
    """Before the page was printed; one that cannot print has printed none."""
    capability: Capability | None
    """None when the printer could not be tested to the end."""


class SelfTest:
    """Asks one printer everything and prints a page."""

    def __init__(
        self,
        line: Transport,
        *,
        patience_s: float,
        has_speed: bool,
        on_step: StepHandler,
        answer_s: float = _ANSWER_S,
    ) -> None:
        """Wait `patience_s` for proof of the page, `answer_s` for anything else.

        Only a line whose speed must be set (`has_speed`) can have the wrong one.
        """
        self._line = line
        self._patience_s = patience_s
        self._has_speed = has_speed
        self._on_step = on_step
        self._answer_s = answer_s
        self._noise = 0
        self._understood = 0

    def only_print(self, page: bytes) -> Learnt:
        """Print `page` and ask nothing: the printer's answers are known to mean nothing."""
        self._send(page)
        Conversation(self._line).wait(self._patience_s)
        return Learnt(PrinterState.UNKNOWN, Capability())

    def run(self, page: bytes) -> Learnt:
        """Return what the printer says; prints `page` if it can. Raises PrinterError."""
        state, subjects, module = self._status()
        garbled = self._has_speed and self._noise > 0 and self._understood == 0
        if garbled:
            return Learnt(PrinterState.WRONG_BAUD, None)
        if not state.can_print:
            return Learnt(state, None)
        automatic = self._reports()
        clears = self._clears()
        proof = self._prints(page)
        if proof is Proof.NONE and (module or PAPER in subjects):
            proof = Proof.STATUS
        capability = Capability(
            proof=proof, subjects=subjects, module=module, automatic=automatic, clears=clears
        )
        return Learnt(state, capability)

    def _status(self) -> tuple[PrinterState, tuple[int, ...], bool]:
        self._on_step(Step.STATUS, (len(_SUBJECTS) + 1) * self._answer_s)
        said = {subject: self._ask(self._about(subject)) for subject in _SUBJECTS}
        module = self._ask(lambda talk: talk.ask_module(self._answer_s))
        states = [state for state in (*said.values(), module) if state is not None]
        subjects = tuple(subject for subject, state in said.items() if state is not None)
        known = worst(states) if states else PrinterState.UNKNOWN
        return known, subjects, module is not None

    def _about(self, subject: int) -> Callable[[Conversation], PrinterState | None]:
        return lambda talk: talk.ask(subject, self._answer_s)

    def _reports(self) -> bool:
        self._on_step(Step.REPORTS, self._answer_s)
        return self._ask(lambda talk: talk.ask_reports(self._answer_s)) is not None

    def _clears(self) -> bool:
        self._on_step(Step.CLEARING, self._answer_s)
        return self._ask(lambda talk: talk.clear(self._answer_s) or None) is not None

    def _prints(self, page: bytes) -> Proof:
        self._send(page)
        self._on_step(Step.PROCESS_ID, self._patience_s)
        if self._ask(self._processed):
            return Proof.PROCESS_ID
        # A printer that does not know the question may have taken it for text to print.
        self._line.write(_INITIALISE)
        self._on_step(Step.IN_TURN, self._patience_s)
        return Proof.IN_TURN if self._ask(self._in_turn) is not None else Proof.NONE

    def _send(self, page: bytes) -> None:
        self._on_step(Step.PRINTING, self._patience_s)
        for start in range(0, len(page), CHUNK):
            self._line.write(page[start : start + CHUNK])

    def _processed(self, talk: Conversation) -> bool | None:
        talk.ask_processed(_JOB)
        return talk.processed(_JOB, self._patience_s) or None

    def _in_turn(self, talk: Conversation) -> PrinterState | None:
        talk.ask_in_turn()
        return talk.in_turn(self._patience_s)

    def _ask(self, question: Callable[[Conversation], _Answer | None]) -> _Answer | None:
        """Put one question in a conversation of its own, in which nothing else is owed."""
        talk = Conversation(self._line)
        talk.listen()
        answer = question(talk)
        self._noise += talk.noise
        self._understood += talk.understood
        return answer
