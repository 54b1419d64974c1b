"""A pseudo-terminal under a path of its own: what a driver opens as a device."""

import contextlib
import os
import pty
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

_LOOK_EVERY_S = 0.02
_READ_SIZE = 4096
_STOP_WITHIN_S = 5.0


class Terminal:
    """The far end of a cable. `path` is there while it is plugged in."""

    def __init__(self, path: Path, on_bytes: Callable[[bytes], None]) -> None:
        """Call `on_bytes`, on a thread of its own, with what the driver writes."""
        self.path = path
        self._on_bytes = on_bytes
        self._ends: tuple[int, int] | None = None
        self._unplugging = threading.Event()
        self._thread: threading.Thread | None = None

    def plug_in(self) -> None:
        """Appear."""
        if self._ends:
            return
        self._ends = near, far = pty.openpty()
        tty.setraw(far)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(far))
        self._unplugging.clear()
        self._thread = threading.Thread(target=self._listen, args=(near,), daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Vanish, as when the cable is pulled."""
        if self._ends is None:
            return
        self._unplugging.set()
        if self._thread:
            self._thread.join(_STOP_WITHIN_S)
        self.path.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def write(self, data: bytes) -> None:
        """Send to the driver; nothing happens while unplugged."""
        if self._ends:
            os.write(self._ends[0], data)

    def _listen(self, near: int) -> None:
        while not self._unplugging.is_set():
            ready, _, _ = select.select([near], [], [], _LOOK_EVERY_S)
            if ready:
                with contextlib.suppress(OSError):
                    self._on_bytes(os.read(near, _READ_SIZE))
