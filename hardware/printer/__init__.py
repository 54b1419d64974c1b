"""Ticket printers: the port, the ticket, the station that prints, and how to open drivers."""

from hardware.printer.capability import Capability, Level, Proof
from hardware.printer.opening import open_printer
from hardware.printer.port import (
    HealthHandler,
    Printer,
    PrinterBusy,
    PrinterError,
    PrinterHealth,
    PrinterTimeout,
    PrinterUnavailable,
    PrintResult,
    Reason,
    ResultHandler,
    Settlement,
    StationHealth,
)
from hardware.printer.station import PrintStation
from hardware.printer.writer import Pace

__all__ = [
    "Capability",
    "HealthHandler",
    "Level",
    "Pace",
    "PrintResult",
    "PrintStation",
    "Printer",
    "PrinterBusy",
    "PrinterError",
    "PrinterHealth",
    "PrinterTimeout",
    "PrinterUnavailable",
    "Proof",
    "Reason",
    "ResultHandler",
    "Settlement",
    "StationHealth",
    "open_printer",
]
