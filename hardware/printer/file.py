"""Printers behind a device file such as /dev/usb/lp0; a pipe or a plain file will do."""

import errno
import os
import select
import stat
from pathlib import Path

from config.settings import FilePrinter
from hardware.printer.port import PrinterBusy, PrinterTimeout, PrinterUnavailable

_READ_SIZE = 256


class FileLine:
    """An open file. It must exist: creating it would hide that a printer was unplugged."""

    def __init__(self, settings: FilePrinter) -> None:
        self._path = settings.path
        self._timeout_s = settings.timeout_s
        try:
            mode = Path(self._path).stat().st_mode
            self.plain_file = stat.S_ISREG(mode)
            self._readable = stat.S_ISCHR(mode)
            self._file = os.open(self._path, self._flags())
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise PrinterBusy(f"{self._path} is in use") from error
            raise PrinterUnavailable(f"no printer at {self._path}: {error}") from error

    def write(self, data: bytes) -> None:
        """Hand over all of `data`."""
        try:
            while data:
                _, ready, _ = select.select((), (self._file,), (), self._timeout_s)
                if not ready:
                    raise PrinterTimeout(f"printer at {self._path} takes no bytes")
                data = data[os.write(self._file, data) :]
        except OSError as error:
            raise PrinterUnavailable(f"printer at {self._path} is gone: {error}") from error

    def write_now(self, data: bytes) -> None:
        """Hand over a real-time command: this line has no other way than `write`."""
        self.write(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what came within `timeout_s`."""
        if not self._readable:
            return b""
        try:
            ready, _, _ = select.select((self._file,), (), (), timeout_s)
            return os.read(self._file, _READ_SIZE) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterUnavailable(f"printer at {self._path} is gone: {error}") from error

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _flags(self) -> int:
        waiting = os.O_NONBLOCK | os.O_NOCTTY
        if self.plain_file:
            return os.O_WRONLY | os.O_APPEND
        return (os.O_RDWR if self._readable else os.O_WRONLY) | waiting
