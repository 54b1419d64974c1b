"""What can go wrong with a printer."""

from hardware.errors import HardwareError


class PrinterError(HardwareError):
    """The base of the printers' errors."""


class PrinterUnavailable(PrinterError):  # noqa: N818 - a state of the device, named as such
    """The printer cannot be reached, or went away."""


class PrinterBusy(PrinterUnavailable):
    """Another program has taken the printer for itself."""


class PrinterTimeout(PrinterError):  # noqa: N818 - the same
    """The printer stopped taking bytes."""
