"""From settings to a driver; real ones are imported only where they are configured."""

from pathlib import Path
from typing import assert_never

from config import settings
from hardware.printer.capability import Capability, CapabilityFile
from hardware.printer.port import Printer
from hardware.printer.simulated import SimulatedPrinter
from hardware.printer.thermal import ThermalPrinter


def open_printer(choice: settings.Printer, directory: Path, device: str) -> Printer:
    """Return the printer of `choice`, belonging to `device`; nothing is opened yet.

    The simulated one writes below `directory`/paper/`device`. What a self-test has learnt of a
    real one is read below `directory`/printers/`device`.
    """
    return printer_of(
        choice, directory, device, CapabilityFile(directory, device, choice.name).read()
    )


def printer_of(
    choice: settings.Printer, directory: Path, device: str, capability: Capability | None
) -> Printer:
    """Return the printer of `choice` that has this capability, whatever is kept."""
    match choice:
        case settings.SimulatedPrinter():
            return SimulatedPrinter(choice.name, choice.dots, directory / "paper" / device)
        case settings.NetworkPrinter():
            return _network(choice, capability)
        case settings.SerialPrinter():
            return _serial(choice, capability)
        case settings.UsbPrinter():
            return _usb(choice, capability)
        case settings.FilePrinter():
            return _file(choice, capability)
        case _:
            assert_never(choice)


def _network(choice: settings.NetworkPrinter, capability: Capability | None) -> Printer:
    """Connect for each job: a connection kept over night dies unnoticed and swallows a ticket."""
    from hardware.printer.network import NetworkLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: NetworkLine(choice),
        answer_s=choice.timeout_s,
        keep_open=False,
        capability=capability,
    )


def _serial(choice: settings.SerialPrinter, capability: Capability | None) -> Printer:
    """Keep the port open: opening it moves DTR, which resets some printers."""
    from hardware.printer.serial import SerialLine, bytes_per_s  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: SerialLine(choice),
        answer_s=choice.timeout_s,
        keep_open=True,
        bytes_per_s=bytes_per_s(choice.baud),
        capability=capability,
    )


def _usb(choice: settings.UsbPrinter, capability: Capability | None) -> Printer:
    from hardware.printer.usb import UsbLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: UsbLine(choice),
        answer_s=choice.timeout_s,
        keep_open=True,
        capability=capability,
    )


def _file(choice: settings.FilePrinter, capability: Capability | None) -> Printer:
    from hardware.printer.file import FileLine  # noqa: PLC0415

    return ThermalPrinter(
        choice.name,
        choice.dots,
        lambda: FileLine(choice),
        answer_s=choice.timeout_s,
        keep_open=False,
        capability=capability,
    )
