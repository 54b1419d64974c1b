"""How a printer is, by asking it."""

from collections.abc import Iterator

from bus.vocabulary import PrinterState
from hardware.printer.capability import Capability, Level
from hardware.printer.conversation import Conversation
from hardware.printer.status import CAUSE, ERROR, PAPER, PRINTER, worst

ANSWER_NOW_S = 0.3
"""How soon a printer answers DLE EOT that does so at all."""
_UNTESTED = (PAPER, CAUSE, ERROR, PRINTER)
"""What a printer without a self-test is asked, for as long as it answers."""
_GARBLED_ROUNDS = 2


class Checkup:
    """Asks one printer how it is; remembers what it said last and what it never answers."""

    def __init__(self, capability: Capability | None, *, has_speed: bool, answer_s: float) -> None:
        """Of a tested printer, wait `answer_s` for what it can answer.

        Only a line whose speed must be set (`has_speed`) can have the wrong one.
        """
        self.state = PrinterState.UNKNOWN
        self._capability = capability
        self._has_speed = has_speed
        self._answer_s = answer_s
        self._unanswered: set[int] = set()
        self._garbled = 0

    def begin_anew(self) -> None:
        """Ask again what was not answered: the printer may be another."""
        self._unanswered.clear()

    def note_answer(self) -> None:
        """Ask a printer again that seemed to be silent: it answered something else."""
        if PAPER in self._unanswered:
            self._unanswered.clear()

    def ask(self, talk: Conversation) -> PrinterState:
        """Return how the printer is now; raises what the line raises."""
        self.state = PrinterState.READY if talk.line.plain_file else self._asked(talk)
        return self.state

    def _asked(self, talk: Conversation) -> PrinterState:
        talk.listen()
        understood, noise, late = talk.understood, talk.noise, talk.late
        if said := list(self._answers(talk)):
            self._garbled = 0
            return worst(said)
        if talk.noise > noise and talk.understood == understood:
            self._garbled += 1
            return self._garbled_means()
        answers = self._capability is not None and self._capability.level is not Level.NONE
        return PrinterState.OFFLINE if answers and talk.late == late else PrinterState.UNKNOWN

    def _answers(self, talk: Conversation) -> Iterator[PrinterState]:
        """Yield what the printer answers; one question at a time, and none after a silence."""
        if self._capability is None:
            yield from self._untested_answers(talk)
        elif self._capability.module:
            if answer := talk.ask_module(self._answer_s):
                yield answer
        else:
            for subject in self._capability.subjects:
                answer = talk.ask(subject, self._answer_s)
                if answer is None:
                    return
                yield answer

    def _untested_answers(self, talk: Conversation) -> Iterator[PrinterState]:
        for subject in _UNTESTED:
            if subject in self._unanswered:
                continue
            heard = talk.noise + talk.late
            answer = talk.ask(subject, ANSWER_NOW_S)
            if answer is None:
                if talk.noise + talk.late == heard:
                    self._unanswered |= set(_UNTESTED) if subject == PAPER else {subject}
                return
            yield answer

    def _garbled_means(self) -> PrinterState:
        """Return what bytes without sense mean, unless a person has seen that it prints."""
        tested = self._capability is not None and self._capability.level is Level.NONE
        if self._has_speed and self._garbled >= _GARBLED_ROUNDS and not tested:
            return PrinterState.WRONG_BAUD
        return PrinterState.UNKNOWN
