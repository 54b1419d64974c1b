"""From settings to a driver; real ones are imported only where they are configured."""

from pathlib import Path
from typing import assert_never

from config import settings
from hardware.printer.port import Printer
from hardware.printer.simulated import SimulatedPrinter
from hardware.printer.thermal import ThermalPrinter


def open_printer(choice: settings.Printer, directory: Path, device: str) -> Printer:
    """Return the printer of `choice`, belonging to `device`; nothing is opened yet.

    The simulated one writes below `directory`/paper/`device`.
    """
    match choice:
        case settings.SimulatedPrinter():
            return SimulatedPrinter(choice.name, choice.dots, directory / "paper" / device)
        case settings.NetworkPrinter():
            return _network(choice)
        case settings.SerialPrinter():
            return _serial(choice)
        case settings.UsbPrinter():
            return _usb(choice)
        case settings.FilePrinter():
            return _file(choice)
        case _:
            assert_never(choice)


def _network(choice: settings.NetworkPrinter) -> Printer:
    """Connect for each job: a connection kept over night dies unnoticed and swallows a ticket."""
    from hardware.printer.network import NetworkLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: NetworkLine(choice),
        answer_s=choice.timeout_s,
        keep_open=False,
    )


def _serial(choice: settings.SerialPrinter) -> Printer:
    """Keep the port open: opening it moves DTR, which resets some printers."""
    from hardware.printer.serial import SYSTEM_BUFFER, SerialLine, seconds_for  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: SerialLine(choice),
        answer_s=choice.timeout_s + seconds_for(SYSTEM_BUFFER, choice.baud),
        keep_open=True,
    )


def _usb(choice: settings.UsbPrinter) -> Printer:
    from hardware.printer.usb import UsbLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: UsbLine(choice),
        answer_s=choice.timeout_s,
        keep_open=True,
    )


def _file(choice: settings.FilePrinter) -> Printer:
    from hardware.printer.file import FileLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: FileLine(choice),
        answer_s=choice.timeout_s,
        keep_open=False,
    )
