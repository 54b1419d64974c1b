"""Printers on the network that take raw bytes, usually at port 9100."""

import contextlib
import socket

from config.settings import NetworkPrinter
from hardware.printer.port import PrinterTimeout, PrinterUnavailable

_READ_SIZE = 256


class NetworkLine:
    """One TCP connection to a printer."""

    plain_file = False

    def __init__(self, settings: NetworkPrinter) -> None:
        self._where = f"{settings.host}:{settings.port}"
        self._timeout_s = settings.timeout_s
        try:
            self._socket = socket.create_connection(
                (settings.host, settings.port), timeout=settings.timeout_s
            )
        except OSError as error:
            raise PrinterUnavailable(f"no printer at {self._where}: {error}") from error

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        try:
            self._socket.settimeout(self._timeout_s)
            self._socket.sendall(data)
        except TimeoutError as error:
            raise PrinterTimeout(f"printer at {self._where} takes no bytes") from error
        except OSError as error:
            raise PrinterUnavailable(f"printer at {self._where} is gone: {error}") from error

    def write_now(self, data: bytes) -> None:
        """Hand over a real-time command: this line has no other way than `write`."""
        self.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`."""
        try:
            self._socket.settimeout(timeout_s)
            received = self._socket.recv(_READ_SIZE)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise PrinterUnavailable(f"printer at {self._where} is gone: {error}") from error
        if not received:
            raise PrinterUnavailable(f"printer at {self._where} hung up")
        return received

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._socket.close()
