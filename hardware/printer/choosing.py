"""The printer that somebody chose for a kiosk, instead of those of its settings."""

import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bus.health import PrinterChoice
from bus.typed import read_json
from bus.vocabulary import PrinterLine
from config import settings
from config.address import host_and_port
from config.durable import replace_durably

_log = logging.getLogger(__name__)
_RAW_PORT = 9100


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A choice, and what the box's settings said when it was made."""

    choice: PrinterChoice
    instead_of: tuple[settings.Printer, ...]


def printer_settings(choice: PrinterChoice) -> settings.Printer:
    """Return the settings of a chosen printer; raises ValueError when it can be none."""
    address, dots = choice.address, choice.dots
    match choice.line:
        case PrinterLine.SIMULATED:
            return settings.SimulatedPrinter(dots=dots)
        case PrinterLine.FILE:
            return settings.FilePrinter(name=Path(address).name, path=address, dots=dots)
        case PrinterLine.SERIAL:
            return settings.SerialPrinter(
                url=address, baud=choice.baud, flow_control=choice.flow, dots=dots
            )
        case PrinterLine.NETWORK:
            host, port = host_and_port(address, _RAW_PORT)
            return settings.NetworkPrinter(host=host, port=port, dots=dots)


def choice_of(printer: settings.Printer) -> PrinterChoice | None:
    """Return a printer of the settings as a choice; None for one that only settings can say."""
    match printer:
        case settings.SimulatedPrinter():
            return PrinterChoice(line=PrinterLine.SIMULATED, dots=printer.dots)
        case settings.FilePrinter():
            return PrinterChoice(line=PrinterLine.FILE, address=printer.path, dots=printer.dots)
        case settings.SerialPrinter():
            return PrinterChoice(
                line=PrinterLine.SERIAL,
                address=printer.url,
                dots=printer.dots,
                baud=printer.baud,
                flow=printer.flow_control,
            )
        case settings.NetworkPrinter():
            host = f"[{printer.host}]" if ":" in printer.host else printer.host
            at = f"{host}:{printer.port}"
            return PrinterChoice(line=PrinterLine.NETWORK, address=at, dots=printer.dots)
        case settings.UsbPrinter():
            return None


@dataclass(frozen=True, slots=True)
class ChosenPrinter:
    """What a kiosk prints on: its settings, unless somebody has chosen since they were written.

    Kept in `{data}/kiosk/{device}.printer.json`. Settings that were changed after the choice
    are the later word, and count.
    """

    data: Path
    device: str
    configured: tuple[settings.Printer, ...]

    @property
    def path(self) -> Path:
        """Return the file of the choice."""
        return self.data / "kiosk" / f"{self.device}.printer.json"

    def printers(self) -> tuple[settings.Printer, ...]:
        """Return the printers, the one that tickets go to first; for it others may stand in."""
        chosen = self._read()
        if chosen is None:
            return self.configured
        same = next((each for each in self.configured if choice_of(each) == chosen), None)
        if same:
            return (same, *(each for each in self.configured if each is not same))
        with contextlib.suppress(ValueError):
            return (printer_settings(chosen),)
        return self.configured

    def keep(self, choice: PrinterChoice) -> None:
        """Print on another one from now on, whenever the power goes; raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = _Kept(choice=choice, instead_of=self.configured)
        replace_durably(self.path, msgspec.json.encode(kept))

    def _read(self) -> PrinterChoice | None:
        try:
            kept = read_json(self.path.read_bytes(), _Kept)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("chosen printer not read file=%s error=%s", self.path, error)
            return None
        return kept.choice if kept.instead_of == self.configured else None


def printers_of(device: settings.Device, data: Path) -> tuple[settings.Printer, ...]:
    """Return the printers of this box's kiosk as it uses them."""
    box = device.kiosk
    return ChosenPrinter(data, box.device, box.printers).printers()
