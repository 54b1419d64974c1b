"""The printer's port: what every driver does and says."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bus.messages import PrintOutcome
from hardware.printer.ticket import Ticket


class PrinterState(StrEnum):
    """What is known of a printer; silence is `unknown`, never "ready"."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNKNOWN = "unknown"

    @property
    def can_print(self) -> bool:
        """Return whether a ticket is worth sending."""
        return self in {PrinterState.READY, PrinterState.PAPER_LOW, PrinterState.UNKNOWN}


class Reason(StrEnum):
    """Why a ticket was not, or perhaps not, printed."""

    OFFLINE = "offline"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    INTERRUPTED = "interrupted"
    """The printer stopped taking bytes in the middle."""
    NO_ANSWER = "no_answer"
    """The printer took every byte and does not say whether it printed them."""
    FAULT = "fault"
    """An error of ours; the log has it."""
    STOPPED = "stopped"
    """The process is ending."""


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What became of one ticket's paper.

    `failed` is certain: no readable ticket came out. Anything doubtful is `unknown`.
    """

    outcome: PrintOutcome
    reason: Reason | None = None
    printer: str = ""


class Printer(Protocol):
    """A ticket printer. Used from one thread only; no call waits without end."""

    @property
    def name(self) -> str:
        """The name by which the box's settings call it."""

    @property
    def dots(self) -> int:
        """The dots of one row."""

    def check(self) -> PrinterState:
        """Return the present state, opening the device if need be.

        Raises PrinterUnavailable or PrinterTimeout.
        """

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        """Print `job`, the bytes of `ticket`, and say what became of it.

        Raises PrinterUnavailable or PrinterTimeout when certainly nothing readable came out.
        """

    def close(self) -> None:
        """Let the device go; `check` and `print_ticket` open it again."""


StateHandler = Callable[[PrinterState], None]
ResultHandler = Callable[[PrintResult], None]
