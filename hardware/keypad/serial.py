"""The serial port of a keypad line."""

import contextlib
import termios

import serial

from config.settings import SerialKeypads
from hardware.keypad.errors import KeypadUnavailable

_READ_WITHIN_S = 0.02
_WRITE_WITHIN_S = 1.0
_PARITY = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


class SerialPort:
    """An open port; used from one thread.

    The operating system's calls fail with OSError where pyserial's own checks fail with
    SerialException, which is one; both mean that the adapter was pulled.
    """

    def __init__(self, settings: SerialKeypads) -> None:
        self._url = settings.url
        parity = settings.parity != "none"
        self._bits = 1 + settings.data_bits + parity + settings.stop_bits
        self._baud = settings.baud
        try:
            self._port = serial.serial_for_url(
                settings.url,
                baudrate=settings.baud,
                bytesize=settings.data_bits,
                parity=_PARITY[settings.parity],
                stopbits=settings.stop_bits,
                timeout=_READ_WITHIN_S,
                write_timeout=_WRITE_WITHIN_S,
                exclusive=True,
            )
        except (OSError, ValueError, termios.error) as error:
            raise KeypadUnavailable(f"no line at {self._url}: {error}") from error

    def read(self) -> bytes:
        """Return what came, waiting 20 ms for it."""
        try:
            received: bytes = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise KeypadUnavailable(f"line at {self._url} is gone: {error}") from error
        return received

    def write(self, data: bytes) -> float:
        """Send `data`; return the seconds it takes on the line."""
        try:
            self._port.write(data)
        except OSError as error:
            raise KeypadUnavailable(f"line at {self._url} is gone: {error}") from error
        return len(data) * self._bits / self._baud

    def close(self) -> None:
        """Close the port, dropping what was not sent: closing would wait for it."""
        with contextlib.suppress(OSError, termios.error):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()
