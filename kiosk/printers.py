"""The printers of this kiosk: those that are there, and the one that somebody chose on a page."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bus.health import FoundPrinter, PrinterChoice
from bus.vocabulary import PrinterLine
from config import settings
from hardware.printer import PrintResult
from hardware.printer.choosing import ChosenPrinter, choice_of, printer_settings
from hardware.printer.finding import MOST_FOUND
from paper import Ticket

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 5.0
_OF_MACHINE = (PrinterLine.FILE, PrinterLine.SERIAL)
NOT_FOUND, NOT_KEPT = "not_found", "not_kept"
"""Why another printer was not taken."""


class Station(Protocol):
    """What prints on some printers."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Finish the ticket in hand; this may take as long as a ticket does."""

    def submit(self, ticket: Ticket, on_done: Callable[[PrintResult], None]) -> None:
        """Print a ticket."""


class KioskPrinters:
    """Prints on the printers of this kiosk, and on another one as soon as it is chosen."""

    def __init__(
        self,
        chosen: ChosenPrinter,
        find: Callable[[], tuple[FoundPrinter, ...]],
        open_station: Callable[[Sequence[settings.Printer]], Station],
        use: Callable[[Station], None],
        monotonic: Callable[[], float],
    ) -> None:
        """Tell `use` on which station the next ticket is printed; `monotonic` is the wall's."""
        self._chosen = chosen
        self._find = find
        self._open = open_station
        self._use = use
        self._monotonic = monotonic
        self._looked = -_LOOK_EVERY_S
        self._found: tuple[FoundPrinter, ...] = ()
        self._configured = tuple(_lines(chosen.configured))
        self._printers = tuple(chosen.printers())
        self._station = open_station(self._printers)
        self._changing: threading.Thread | None = None
        use(self._station)

    @property
    def prints_on(self) -> PrinterChoice | None:
        """Return the first printer; None for one that only settings can say, or for none."""
        return choice_of(self._printers[0]) if self._printers else None

    @property
    def found(self) -> tuple[FoundPrinter, ...]:
        """Return the lines at which a printer may be: of the settings, and as seen lately."""
        now = self._monotonic()
        if now >= self._looked + _LOOK_EVERY_S:
            self._looked, seen = now, self._find()
            places = {each.address for each in seen}
            others = (each for each in self._configured if each.address not in places)
            self._found = (*seen, *others)[:MOST_FOUND]
        return self._found

    def start(self) -> None:
        """Open the printers."""
        self._station.start()

    def stop(self) -> None:
        """Finish the ticket in hand, and let the printers go."""
        if self._changing:
            self._changing.join()
        self._station.stop()

    def choose(self, choice: PrinterChoice) -> str:
        """Print on another printer from now on; return why not, "" when it is done.

        Of devices of this machine only those are taken that look like a printer's: what came over
        the network writes into no other file.
        """
        self._looked = -_LOOK_EVERY_S
        if choice.line in _OF_MACHINE and not self._is_there(choice):
            return NOT_FOUND
        try:
            choice = choice_of(printer_settings(choice)) or choice  # as every other place says it
        except ValueError:
            return NOT_FOUND
        if choice == self.prints_on:
            return ""
        try:
            self._chosen.keep(choice)
        except OSError as error:
            _log.warning("chosen printer not kept error=%s", error)
            return NOT_KEPT
        _log.info("prints on %s %s", choice.line, choice.address)
        self._printers = tuple(self._chosen.printers())
        self._change()
        return ""

    def _is_there(self, choice: PrinterChoice) -> bool:
        return any(
            (each.line, each.address) == (choice.line, choice.address) for each in self.found
        )

    def _change(self) -> None:
        """Take the new station at once; it begins when the old one has let its printers go."""
        before, earlier = self._station, self._changing
        after = self._station = self._open(self._printers)
        self._use(after)

        def change() -> None:
            if earlier:
                earlier.join()
            before.stop()
            after.start()

        self._changing = threading.Thread(target=change, name="print-change", daemon=True)
        self._changing.start()


def _lines(printers: Sequence[settings.Printer]) -> Iterator[FoundPrinter]:
    """Yield the printers of the settings that are at a line of this machine."""
    for printer in printers:
        choice = choice_of(printer)
        if choice and choice.line in _OF_MACHINE:
            yield FoundPrinter(line=choice.line, address=choice.address, name=printer.name)
