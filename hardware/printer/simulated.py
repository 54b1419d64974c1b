"""A printer that writes what it would print to files: the demonstration's, and the tests'."""

from pathlib import Path

from bus.vocabulary import PrinterState, PrintOutcome
from hardware.printer.capability import Level
from hardware.printer.port import PrinterUnavailable, PrintResult, Settlement
from paper.rendering import render
from paper.ticket import Ticket


class SimulatedPrinter:
    """Each ticket becomes `{folder}/{business_day}/{number}[-copy].bin` and `.png`.

    A second paper of the same name is never hidden: it gets `-2`. Files appear whole, the
    picture last.
    """

    def __init__(self, name: str, dots: int, folder: Path) -> None:
        self.name = name
        self.dots = dots
        self._folder = folder

    @property
    def level(self) -> Level:
        """Files say all there is to say."""
        return Level.FULL

    def check(self) -> PrinterState:
        """Return that all is well, as long as there is somewhere to write."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PrinterUnavailable(f"cannot write to {self._folder}: {error}") from error
        return PrinterState.READY

    def print_ticket(self, ticket: Ticket, job: bytes) -> PrintResult:
        """Write the bytes and the paper they make."""
        paper = render(job, self.dots)
        try:
            target = self._free_name(ticket)
            _write(target.with_suffix(".bin"), job)
            _write(target.with_suffix(".png"), paper.png())
        except OSError as error:
            raise PrinterUnavailable(f"cannot write to {self._folder}: {error}") from error
        return PrintResult(PrintOutcome.PRINTED, printer=self.name)

    def settle(self) -> Settlement:
        """Return that every job has its end at once."""
        return Settlement.NOTHING

    def close(self) -> None:
        """Do nothing: there is no device."""

    def _free_name(self, ticket: Ticket) -> Path:
        day = self._folder / ticket.business_day
        day.mkdir(parents=True, exist_ok=True)
        stem = ticket.number + "-file" * ticket.file + "-copy" * ticket.copy
        target, count = day / stem, 1
        while target.with_suffix(".bin").exists():
            count += 1
            target = day / f"{stem}-{count}"
        return target


def _write(target: Path, content: bytes) -> None:
    """Write a file that is either whole or not there."""
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(target)
