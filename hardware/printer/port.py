"""The printer's port: what every driver does and says, and what can go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import Protocol

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.errors import HardwareError
from hardware.printer.capability import Level
from paper.ticket import Ticket


class PrinterError(HardwareError):
    """The base of the printers' errors."""


class PrinterUnavailable(PrinterError):  # noqa: N818 - a state of the device, named as such
    """The printer cannot be reached, or went away."""


class PrinterBusy(PrinterUnavailable):
    """Another program has taken the printer for itself."""


class PrinterTimeout(PrinterError):  # noqa: N818 - the same
    """The printer stopped taking bytes."""


class Reason(StrEnum):
    """Why a ticket was not, or perhaps not, printed."""

    OFFLINE = "offline"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    OVERHEATED = "overheated"
    DEVICE_FAULT = "device_fault"
    WRONG_BAUD = "wrong_baud"
    INTERRUPTED = "interrupted"
    """The printer stopped taking bytes in the middle."""
    NO_ANSWER = "no_answer"
    """The printer took every byte and does not say whether it printed them."""
    FAULT = "fault"
    """An error of ours; the log has it."""
    STOPPED = "stopped"
    """The process is ending."""


_REASONS = {
    PrinterState.PAPER_OUT: Reason.PAPER_OUT,
    PrinterState.COVER_OPEN: Reason.COVER_OPEN,
    PrinterState.CUTTER_ERROR: Reason.CUTTER_ERROR,
    PrinterState.OVERHEATED: Reason.OVERHEATED,
    PrinterState.FAULT: Reason.DEVICE_FAULT,
    PrinterState.WRONG_BAUD: Reason.WRONG_BAUD,
}


def reason_of(state: PrinterState) -> Reason:
    """Return why nothing can be printed in `state`."""
    return _REASONS.get(state, Reason.OFFLINE)


@dataclass(frozen=True, slots=True)
class PrintResult:
    """What became of one ticket's paper.

    `failed` is certain: no readable ticket came out. Anything doubtful is `unknown`.
    """

    outcome: PrintOutcome
    reason: Reason | None = None
    printer: str = ""
    late: bool = False
    """This ends an `unknown` that was told before."""
    lost: bool = False
    """The printer prints again and holds it no longer: a marked copy would be the first paper."""


class Settlement(Enum):
    """What became of the last job whose end was unknown."""

    NOTHING = "nothing"
    """There is no such job, or nobody will ever know."""
    WAITING = "waiting"
    """The printer may still print it."""
    PRINTED = "printed"
    """It came out by itself."""
    LOST = "lost"
    """The printer stopped before it was out, prints again now, and no longer holds it."""


class Printer(Protocol):
    """A ticket printer. Used from one thread only; no call waits without end."""

    @property
    def name(self) -> str:
        """The name by which the box's settings call it."""

    @property
    def dots(self) -> int:
        """The dots of one row."""

    @property
    def level(self) -> Level:
        """How much the printer says of itself."""

    def check(self) -> PrinterState:
        """Return the present state, opening the device if need be.

        Raises PrinterUnavailable or PrinterTimeout.
        """

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        """Print `job`, the bytes of `ticket`, and say what became of it.

        Raises PrinterUnavailable or PrinterTimeout when certainly nothing readable came out.
        """

    def settle(self) -> Settlement:
        """Say what became of the last job that ended `unknown`, by the state of the last check.

        Each job is settled once. Raises PrinterUnavailable or PrinterTimeout; it stays unsettled.
        """

    def close(self) -> None:
        """Let the device go; `check` and `print_ticket` open it again."""


@dataclass(frozen=True, slots=True)
class PrinterHealth:
    """How one printer is."""

    state: PrinterState
    level: Level
    last_proof: datetime | None = None
    """When it last proved that a ticket was printed."""


@dataclass(frozen=True, slots=True)
class StationHealth:
    """How all printers of a box are."""

    state: PrinterState
    """That of the printer which the next ticket goes to."""
    printers: Mapping[str, PrinterHealth]


HealthHandler = Callable[[StationHealth], None]
ResultHandler = Callable[[PrintResult], None]
