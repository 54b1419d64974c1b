"""Printers on a serial line or a USB adapter that looks like one."""

import contextlib
import errno
import termios
import threading
import time

import serial

from config.settings import SerialPrinter
from hardware.printer.port import PrinterBusy, PrinterTimeout, PrinterUnavailable
from hardware.printer.thermal import CHUNK

_BITS_PER_BYTE = 10
_PIECE = 64
"""Bytes sent between two looks at DSR; printers say that they are busy 128 bytes too early."""
_LOOK_AGAIN_S = 0.005


class SerialLine:
    """An open serial port.

    The operating system's calls fail with OSError where pyserial's own checks fail with
    SerialException, which is one; both mean that the adapter was pulled. Linux heeds CTS by
    itself, but not DSR, and pyserial's `dsrdtr` does not make it: here each piece waits for it.
    """

    plain_file = False

    def __init__(self, settings: SerialPrinter) -> None:
        self._url = settings.url
        self._timeout_s = settings.timeout_s
        self._heeds_dsr = settings.flow_control == "dsr_dtr"
        self._pause = threading.Event()
        try:
            self._port = serial.serial_for_url(
                settings.url,
                baudrate=settings.baud,
                timeout=0,
                write_timeout=settings.timeout_s + CHUNK * _BITS_PER_BYTE / settings.baud,
                rtscts=settings.flow_control == "rts_cts",
                exclusive=True,
            )
        except (OSError, ValueError) as error:
            if getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY):
                raise PrinterBusy(f"{self._url} is in use") from error
            raise PrinterUnavailable(f"no printer on {self._url}: {error}") from error

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        if not self._heeds_dsr:
            self._send(data)
            return
        for start in range(0, len(data), _PIECE):
            self._wait_for_dsr()
            self._send(data[start : start + _PIECE], drained=True)

    def write_now(self, data: bytes) -> None:
        """Hand over a real-time command past CTS or DSR, unless others wait before it."""
        past_cts = self._port.rtscts and not self._waiting()
        if past_cts:
            self._set_rtscts(heed=False)
        try:
            self._send(data, drained=past_cts)
        finally:
            if past_cts:
                self._set_rtscts(heed=True)

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`."""
        try:
            self._port.timeout = timeout_s
            received: bytes = self._port.read(max(1, self._port.in_waiting))
        except OSError as error:
            raise self._gone(error) from error
        return received

    def close(self) -> None:
        """Close the port, dropping what was not sent: closing would wait for it."""
        with contextlib.suppress(OSError, termios.error):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError):
            self._port.close()

    def _send(self, data: bytes, *, drained: bool = False) -> None:
        """Send `data`; when `drained`, return after its last byte has left."""
        try:
            self._port.write(data)
            if drained:
                self._port.flush()
        except serial.SerialTimeoutException as error:
            raise PrinterTimeout(f"printer on {self._url} takes no bytes") from error
        except (OSError, termios.error) as error:
            raise self._gone(error) from error

    def _wait_for_dsr(self) -> None:
        deadline = time.monotonic() + self._timeout_s
        try:
            while not self._port.dsr:
                if time.monotonic() > deadline:
                    raise PrinterTimeout(f"printer on {self._url} says by DSR that it is busy")
                self._pause.wait(_LOOK_AGAIN_S)
        except OSError as error:
            raise self._gone(error) from error

    def _waiting(self) -> int:
        try:
            return int(self._port.out_waiting)
        except OSError as error:
            raise self._gone(error) from error

    def _set_rtscts(self, *, heed: bool) -> None:
        try:
            self._port.rtscts = heed
        except (OSError, termios.error) as error:
            raise self._gone(error) from error

    def _gone(self, error: Exception) -> PrinterUnavailable:
        return PrinterUnavailable(f"printer on {self._url} is gone: {error}")
