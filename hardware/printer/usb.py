"""Printers on USB, spoken to directly."""

import contextlib
import errno
from typing import Any

import usb.core
import usb.util

from config.settings import UsbPrinter
from hardware.printer.port import PrinterBusy, PrinterTimeout, PrinterUnavailable

_PRINTER_CLASS = 7
_FAILURES = (usb.core.USBError, usb.core.NoBackendError, NotImplementedError, ValueError)
"""ValueError is what pyusb says when it may not read a device's serial number."""


class UsbLine:
    """The bulk pipes of one printer."""

    plain_file = False

    def __init__(self, settings: UsbPrinter, backend: Any = None) -> None:  # noqa: ANN401
        """Open the printer by `backend`, or by the system's libusb."""
        self._backend = backend
        self._name = f"{settings.vendor:04x}:{settings.product:04x}"
        self._timeout_ms = round(settings.timeout_s * 1000)
        try:
            self._device = self._find(settings)
            self._out, self._in = self._claim()
        except _FAILURES as error:
            if getattr(error, "errno", None) == errno.EBUSY:
                raise PrinterBusy(f"USB printer {self._name} is in use") from error
            raise PrinterUnavailable(f"USB printer {self._name}: {error}") from error

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        try:
            while data:
                data = data[self._out.write(data, self._timeout_ms) :]
        except usb.core.USBTimeoutError as error:
            raise PrinterTimeout(f"USB printer {self._name} takes no bytes") from error
        except usb.core.USBError as error:
            raise PrinterUnavailable(f"USB printer {self._name} is gone: {error}") from error

    def write_now(self, data: bytes) -> None:
        """Hand over a real-time command: this line has no other way than `write`."""
        self.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`."""
        if self._in is None:
            return b""
        try:
            # libusb takes 0 for "without end", and less than a packet for an overflow.
            timeout_ms = max(1, round(timeout_s * 1000))
            return bytes(self._in.read(self._in.wMaxPacketSize, timeout_ms))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            raise PrinterUnavailable(f"USB printer {self._name} is gone: {error}") from error

    def close(self) -> None:
        """Let the device go."""
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def _find(self, settings: UsbPrinter) -> Any:  # noqa: ANN401 - untyped library
        wanted = settings.serial_number
        for device in usb.core.find(
            find_all=True,
            backend=self._backend,
            idVendor=settings.vendor,
            idProduct=settings.product,
        ):
            if not wanted or usb.util.get_string(device, device.iSerialNumber) == wanted:
                return device
        raise PrinterUnavailable(f"USB printer {self._name} is not plugged in")

    def _claim(self) -> tuple[Any, Any]:
        """Take the printer's interface from the system; return its pipes out and in."""
        interface = self._interface()
        number = interface.bInterfaceNumber
        if self._device.is_kernel_driver_active(number):
            self._device.detach_kernel_driver(number)
        usb.util.claim_interface(self._device, number)
        pipes = {
            usb.util.endpoint_direction(pipe.bEndpointAddress): pipe
            for pipe in interface
            if usb.util.endpoint_type(pipe.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        }
        if usb.util.ENDPOINT_OUT not in pipes:
            raise PrinterUnavailable(f"USB device {self._name} takes no print jobs")
        return pipes[usb.util.ENDPOINT_OUT], pipes.get(usb.util.ENDPOINT_IN)

    def _interface(self) -> Any:  # noqa: ANN401
        """Return the interface of class printer, else the first one: some makers say neither."""
        interfaces = list(self._device.get_active_configuration())
        printers = [each for each in interfaces if each.bInterfaceClass == _PRINTER_CLASS]
        return (printers or interfaces)[0]
