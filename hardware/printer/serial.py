"""Printers on a serial line or a USB adapter that looks like one."""

import contextlib
import errno
import termios

import serial

from config.settings import SerialPrinter
from hardware.printer.errors import PrinterBusy, PrinterTimeout, PrinterUnavailable
from hardware.printer.thermal import CHUNK

_BITS_PER_BYTE = 10


class SerialLine:
    """An open serial port.

    The operating system's calls fail with OSError where pyserial's own checks fail with
    SerialException, which is one; both mean that the adapter was pulled.
    """

    plain_file = False

    def __init__(self, settings: SerialPrinter) -> None:
        self._url = settings.url
        try:
            self._port = serial.serial_for_url(
                settings.url,
                baudrate=settings.baud,
                timeout=0,
                write_timeout=settings.timeout_s + CHUNK * _BITS_PER_BYTE / settings.baud,
                rtscts=settings.flow_control == "rts_cts",
                dsrdtr=settings.flow_control == "dsr_dtr",
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            if getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY):
                raise PrinterBusy(f"{self._url} is in use") from error
            raise PrinterUnavailable(f"no printer on {self._url}: {error}") from error

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        try:
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise PrinterTimeout(f"printer on {self._url} takes no bytes") from error
        except OSError as error:
            raise PrinterUnavailable(f"printer on {self._url} is gone: {error}") from error

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`."""
        try:
            self._port.timeout = timeout_s
            received: bytes = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise PrinterUnavailable(f"printer on {self._url} is gone: {error}") from error
        return received

    def close(self) -> None:
        """Close the port, dropping what was not sent: closing would wait for it."""
        with contextlib.suppress(OSError, termios.error):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()
