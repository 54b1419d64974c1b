"""From settings to a driver; real ones are imported only where they are configured."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias, assert_never

from config import settings
from hardware.printer.capability import Capability, CapabilityFile
from hardware.printer.conversation import Transport
from hardware.printer.port import Printer
from hardware.printer.simulated import SimulatedPrinter
from hardware.printer.thermal import ThermalPrinter

RealPrinter: TypeAlias = (
    settings.NetworkPrinter | settings.SerialPrinter | settings.UsbPrinter | settings.FilePrinter
)
_BITS_PER_BYTE = 10


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
    if isinstance(choice, settings.SimulatedPrinter):
        return SimulatedPrinter(choice.name, choice.dots, directory / "paper" / device)
    return ThermalPrinter(
        choice.name,
        choice.dots,
        line_of(choice),
        answer_s=choice.timeout_s,
        keep_open=isinstance(choice, settings.SerialPrinter | settings.UsbPrinter),
        bytes_per_s=bytes_per_s_of(choice),
        capability=capability,
    )


def line_of(choice: RealPrinter) -> Callable[[], Transport]:
    """Return what opens the line to a printer.

    A serial port stays open: opening it moves DTR, which resets some printers. A connection over
    the network is made for each job: one kept over night dies unnoticed and swallows a ticket.
    """
    match choice:
        case settings.NetworkPrinter():
            from hardware.printer.network import NetworkLine  # noqa: PLC0415

            return lambda: NetworkLine(choice)
        case settings.SerialPrinter():
            from hardware.printer.serial import SerialLine  # noqa: PLC0415

            return lambda: SerialLine(choice)
        case settings.UsbPrinter():
            from hardware.printer.usb import UsbLine  # noqa: PLC0415

            return lambda: UsbLine(choice)
        case settings.FilePrinter():
            from hardware.printer.file import FileLine  # noqa: PLC0415

            return lambda: FileLine(choice)
        case _:
            assert_never(choice)


def bytes_per_s_of(choice: RealPrinter) -> float | None:
    """Return how fast the line is; None where nobody has to set its speed."""
    return choice.baud / _BITS_PER_BYTE if isinstance(choice, settings.SerialPrinter) else None


def address_of(choice: RealPrinter) -> str:
    """Return where a printer is, as people write it."""
    match choice:
        case settings.NetworkPrinter():
            return f"{choice.host}:{choice.port}"
        case settings.SerialPrinter():
            return f"{choice.url}, {choice.baud} baud, {choice.flow_control}"
        case settings.UsbPrinter():
            return f"USB {choice.vendor:04x}:{choice.product:04x} {choice.serial_number}".strip()
        case settings.FilePrinter():
            return choice.path
        case _:
            assert_never(choice)
