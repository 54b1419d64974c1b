"""The ticket printers of this box."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from appliance.doctor.finding import Finding, error, note, ok
from bus.health import KioskHealth
from bus.states import DeviceStatus
from bus.vocabulary import PrinterState
from config import Device
from config.settings import SerialPrinter, SimulatedPrinter
from hardware.printer import Level as Says
from hardware.printer import Printer, PrinterBusy, PrinterError, open_printer
from hardware.printer.choosing import printers_of

_Member = TypeVar("_Member", PrinterState, Says)
_BY_ORDER = ("/dev/ttyUSB", "/dev/ttyACM")
"""Names that depend on which adapter was plugged in first."""


def check_printers(
    device: Device, data: Path, statuses: dict[str, DeviceStatus]
) -> Iterator[Finding]:
    """Ask every printer how it is; of one that the kiosk is using, the kiosk knows."""
    printers = printers_of(device, data)
    for choice in printers:
        if isinstance(choice, SerialPrinter) and choice.url.startswith(_BY_ORDER):
            yield note("printer", "path_by_order", name=choice.name, path=choice.url)
    kiosk = statuses.get(device.kiosk.device)
    if kiosk and kiosk.online and isinstance(kiosk.health, KioskHealth):
        for choice in printers:
            yield printer_in_use(choice.name, kiosk.health)
        return
    for choice in printers:
        if isinstance(choice, SimulatedPrinter):
            yield ok("printer", "printer_files", name=choice.name, path=data / "paper")
        else:
            yield check_printer(open_printer(choice, data, device.kiosk.device))


def check_printer(printer: Printer) -> Finding:
    """Open a printer and ask how it is."""
    try:
        return printer_state(printer.name, printer.check(), printer.level)
    except PrinterBusy:
        return note("printer", "printer_busy", name=printer.name)
    except PrinterError as failure:
        return error("printer", "printer_gone", name=printer.name, reason=failure)
    finally:
        printer.close()


def printer_in_use(name: str, health: KioskHealth) -> Finding:
    """Say what the kiosk says of one of its printers."""
    known = health.printers.get(name)
    if known is None:
        return printer_state(name, health.printer)
    says = Says(known.capability) if known.capability in set(Says) else Says.UNKNOWN
    return printer_state(name, known.state, says)


def printer_state(name: str, state: PrinterState, says: Says = Says.FULL) -> Finding:
    """Say what a printer's state, and how much it tells, mean for people."""
    findings = {
        PrinterState.READY: ok("printer", name=name),
        PrinterState.UNKNOWN: ok("printer", "printer_unknown", name=name),
        PrinterState.PAPER_LOW: note("printer", "paper_low", name=name),
        PrinterState.TICKET_PRESENT: note("printer", "ticket_present", name=name),
        PrinterState.PAPER_OUT: error("printer", "paper_out", name=name),
        PrinterState.COVER_OPEN: error("printer", "cover_open", name=name),
        PrinterState.CUTTER_ERROR: error("printer", "cutter_error", name=name),
        PrinterState.OVERHEATED: error("printer", "overheated", name=name),
        PrinterState.FAULT: error("printer", "fault", name=name),
        PrinterState.OFFLINE: error("printer", "printer_gone", name=name, reason=state.value),
        PrinterState.WRONG_BAUD: error("printer", "wrong_baud", name=name),
    }
    if state is PrinterState.READY and says in (Says.UNKNOWN, Says.BASIC):
        return ok("printer", "printer_basic", name=name)
    if state is PrinterState.UNKNOWN and says is Says.NONE:
        return ok("printer", "printer_silent", name=name)
    return findings[state]


def _member(kind: type[_Member], text: object) -> _Member:
    """Return what a newer or older kiosk wrote, `unknown` when it has another word for it."""
    try:
        return kind(str(text))
    except ValueError:
        return kind("unknown")
