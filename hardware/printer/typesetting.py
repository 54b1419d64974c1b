"""Which layout a ticket gets: by who takes it, and by the printer it comes out of."""

from collections.abc import Callable

from config.settings import KioskBox, SerialPrinter
from config.settings import Printer as PrinterSettings
from hardware.printer.port import Printer
from paper.encode import encode_ticket
from paper.layout import load_layouts
from paper.ticket import Ticket
from paper.timing import SLOW_BAUD

Encode = Callable[[Ticket, Printer], bytes]


def encode_as_built_in(ticket: Ticket, printer: Printer) -> bytes:
    """Return the print job of `ticket` in the layouts that ship with the product."""
    return encode_ticket(ticket, printer.dots)


def encoder_of(box: KioskBox) -> Encode:
    """Return what encodes tickets for the printers of `box`, in its layouts.

    Raises ConfigError when one of its layouts cannot be used.
    """
    layouts = load_layouts(box)
    slow = {printer.name for printer in box.printers if is_slow(printer)}

    def encode(ticket: Ticket, printer: Printer) -> bytes:
        return encode_ticket(ticket, printer.dots, slow=printer.name in slow, layouts=layouts)

    return encode


def is_slow(printer: PrinterSettings) -> bool:
    """Return whether a printer gets the short ticket: the usual one would take many seconds."""
    return isinstance(printer, SerialPrinter) and printer.baud <= SLOW_BAUD
