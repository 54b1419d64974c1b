"""Ticket printers: the port, the ticket, the station that prints, and how to open drivers."""

from hardware.printer.capability import Capability, Level, Proof
from hardware.printer.centre import centre_ticket
from hardware.printer.encode import encode_ticket
from hardware.printer.errors import (
    PrinterBusy,
    PrinterError,
    PrinterTimeout,
    PrinterUnavailable,
)
from hardware.printer.layout import Layouts, load_layouts
from hardware.printer.opening import open_printer
from hardware.printer.port import (
    HealthHandler,
    Printer,
    PrinterHealth,
    PrinterState,
    PrintResult,
    Reason,
    ResultHandler,
    Settlement,
    StationHealth,
)
from hardware.printer.preview import preview
from hardware.printer.station import PrintStation
from hardware.printer.ticket import Ticket, sample_ticket
from hardware.printer.timing import expected_seconds
from hardware.printer.typesetting import encoder_of, is_slow
from hardware.printer.writer import Pace

__all__ = [
    "Capability",
    "HealthHandler",
    "Layouts",
    "Level",
    "Pace",
    "PrintResult",
    "PrintStation",
    "Printer",
    "PrinterBusy",
    "PrinterError",
    "PrinterHealth",
    "PrinterState",
    "PrinterTimeout",
    "PrinterUnavailable",
    "Proof",
    "Reason",
    "ResultHandler",
    "Settlement",
    "StationHealth",
    "Ticket",
    "centre_ticket",
    "encode_ticket",
    "encoder_of",
    "expected_seconds",
    "is_slow",
    "load_layouts",
    "open_printer",
    "preview",
    "sample_ticket",
]
