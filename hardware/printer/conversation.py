"""Questions to a printer and what it says, over one open line."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, assert_never

from bus.vocabulary import PrinterState
from hardware.printer.status import (
    ASK_MODULE,
    ASK_PAPER_IN_TURN,
    CLEAR,
    REPORT_CHANGES,
    Automatic,
    Cleared,
    Fact,
    InTurn,
    Module,
    Noise,
    Now,
    Processed,
    StatusParser,
    ask_now,
    ask_processed,
    automatic_means,
    in_turn_means,
    module_means,
    now_means,
    worst,
)

TURNS = 4
"""How often GS r 1 is asked. One such byte may be noise, and three may be what is left of
automatic status whose first byte was lost; only all four, and nothing else among them, prove."""
_LATE_NOW_S, _LATE_TURN_S = 8.0, 30.0
"""After so long an answer is no longer expected: at once, or in its turn."""
_FLOW_CONTROL = frozenset({0x11, 0x13})
_REMEMBERED = 16


class Transport(Protocol):
    """A way to move bytes to a printer and back. No call waits without end."""

    @property
    def plain_file(self) -> bool:
        """Whether this is no device: what was written is there, and nothing ever answers."""

    def write(self, data: bytes) -> None:
        """Hand over all of `data`.

        Raises PrinterTimeout when the printer takes no more, PrinterUnavailable when it is gone.
        """

    def write_now(self, data: bytes) -> None:
        """Hand over a real-time command, which a printer takes though it says that it is busy.

        Raises as `write` does.
        """

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`, without waiting for more; empty for silence.

        Raises PrinterUnavailable when the printer is gone.
        """

    def close(self) -> None:
        """Let the line go, dropping what was not sent."""


@dataclass(slots=True)
class _PendingQuery:
    subject: int
    until: float
    answer: PrinterState | None = None
    awaited: bool = True


class Conversation:
    """Pairs answers with questions; raises what the line raises.

    An answer that comes too late is counted off against the question it belongs to, so that it
    is never taken for the answer to a later one.
    """

    def __init__(self, line: Transport) -> None:
        self.line = line
        self.reported: PrinterState | None = None
        """What the printer last said by itself."""
        self.understood = 0
        self.noise = 0
        """How many facts, and how many bytes that are none, were heard."""
        self.late = 0
        """How many answers came for questions that nobody waited for any more."""
        self._parser = StatusParser()
        self._asked: deque[_PendingQuery] = deque()
        self._module: PrinterState | None = None
        self._processed: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._turns_owed: list[float] = []
        self._turns: list[PrinterState] = []
        self._turns_spoilt = False
        self._cleared = False

    def listen(self) -> None:
        """Take in what came since the last question."""
        while self._hear(0):
            pass
        self._sort(self._parser.quiet())

    def wait(self, within_s: float) -> None:
        """Let time pass, taking in what comes."""
        self._until(lambda: False, within_s)

    def ask(self, subject: int, within_s: float) -> PrinterState | None:
        """Ask DLE EOT `subject`; None for no answer in time."""
        asked = _PendingQuery(subject, time.monotonic() + _LATE_NOW_S)
        self._asked.append(asked)
        self.line.write_now(ask_now(subject))
        self._until(lambda: asked.answer is not None, within_s)
        asked.awaited = False
        return asked.answer

    def ask_module(self, within_s: float) -> PrinterState | None:
        """Ask DLE EOT 20; None for no answer in time."""
        self._module = None
        self._parser.asked_module = True
        self.line.write_now(ASK_MODULE)
        self._until(lambda: self._module is not None, within_s)
        self._parser.asked_module = False
        return self._module

    def ask_reports(self, within_s: float = 0) -> PrinterState | None:
        """Ask the printer to tell changes by itself; it begins with how it is, if it ever does."""
        self.line.write(REPORT_CHANGES)
        self._until(lambda: self.reported is not None, within_s)
        return self.reported

    def ask_processed(self, job: bytes) -> None:
        """Ask for word when everything sent so far is on paper; older words do not count."""
        self._processed = deque((each for each in self._processed if each != job), _REMEMBERED)
        self.line.write(ask_processed(job))

    def processed(self, job: bytes, within_s: float = 0) -> bool:
        """Return whether that word came."""
        return self._until(lambda: job in self._processed, within_s)

    def ask_in_turn(self) -> None:
        """Ask for the paper's state when everything sent so far was worked off."""
        now = time.monotonic()
        if not self._turns_owed or self._turns_owed[-1] < now:
            self._turns_owed, self._turns = [], []
        self._turns_spoilt = False
        self._turns_owed.append(now + _LATE_TURN_S)
        self.line.write(ASK_PAPER_IN_TURN * TURNS)

    def in_turn(self, within_s: float = 0) -> PrinterState | None:
        """Return the answer to the newest `ask_in_turn`; None while it is not beyond doubt."""
        self._until(lambda: len(self._turns) >= TURNS * len(self._turns_owed), within_s)
        if self._turns_spoilt or len(self._turns) != TURNS * len(self._turns_owed):
            return None
        return worst(self._turns[-TURNS:]) if self._turns else None

    def clear(self, within_s: float) -> bool:
        """Have the printer forget what it holds; return whether it says that it did."""
        self._cleared = False
        self.line.write_now(CLEAR)
        self._turns_owed, self._turns = [], []
        return self._until(lambda: self._cleared, within_s)

    def _until(self, claim: Callable[[], bool], within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while not claim():
            left = deadline - time.monotonic()
            if not self._hear(max(0.0, left)) or left <= 0:
                return claim()
        return True

    def _hear(self, within_s: float) -> bool:
        received = self.line.read(within_s)
        self._sort(self._parser.feed(received))
        return bool(received)

    def _sort(self, facts: list[Fact]) -> None:
        for fact in facts:
            if isinstance(fact, Noise):
                self._note_noise(fact.byte)
            else:
                self.understood += 1
                self._note(fact)

    def _note(self, fact: Now | InTurn | Automatic | Processed | Cleared | Module) -> None:
        match fact:
            case Now():
                self._pair(fact.byte)
            case InTurn():
                if self._turns_owed:
                    self._turns.append(in_turn_means(fact))
            case Automatic():
                self.reported = automatic_means(fact)
            case Processed():
                self._processed.append(fact.job)
            case Cleared():
                self._cleared = True
            case Module():
                self._module = module_means(fact)
            case _:
                assert_never(fact)

    def _note_noise(self, byte: int) -> None:
        if byte not in _FLOW_CONTROL:
            self.noise += 1
            self._turns_spoilt = True

    def _pair(self, byte: int) -> None:
        while self._asked and self._asked[0].until < time.monotonic():
            self._asked.popleft()
        if self._asked:
            asked = self._asked.popleft()
            asked.answer = now_means(asked.subject, byte)
            self.late += not asked.awaited
