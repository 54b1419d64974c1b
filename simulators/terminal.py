"""A pseudo-terminal under a path of its own: what a driver opens as a device."""

import contextlib
import os
import pty
import select
import termios
import threading
import tty
from collections.abc import Callable
from pathlib import Path

_STEP_S = 0.005
READ_SIZE = 4096
_STOP_WITHIN_S = 5.0
_OUTPUT_SPEED = 5
"""The place of the speed among what `tcgetattr` returns."""


class Terminal:
    """The device side of a cable. `path` is there while it is plugged in."""

    def __init__(
        self,
        path: Path,
        on_bytes: Callable[[bytes], None],
        *,
        room: Callable[[], int] = lambda: READ_SIZE,
        speaks: Callable[[], bytes] = bytes,
    ) -> None:
        """Call `on_bytes`, on a thread of its own, with what the driver writes.

        No more than `room` is taken at a time; what the device `speaks` by itself is sent on.
        """
        self.path = path
        self._on_bytes = on_bytes
        self._room = room
        self._speaks = speaks
        self._ends: tuple[int, int] | None = None
        self._unplugging = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def plugged(self) -> bool:
        """Return whether the cable is plugged in."""
        return self._ends is not None and not self._unplugging.is_set()

    @property
    def speed(self) -> int:
        """Return the speed that the driver has set, as `termios` names it."""
        return int(termios.tcgetattr(self._ends[1])[_OUTPUT_SPEED]) if self._ends else 0

    def plug(self) -> None:
        """Appear."""
        if self._ends:
            return
        near, far = pty.openpty()
        tty.setraw(far)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(os.ttyname(far))
        self._ends = near, far
        self._unplugging = threading.Event()  # this cable's: the last one's thread may still end
        ends = (near, self._unplugging)
        self._thread = threading.Thread(target=self._serve, args=ends, daemon=True)
        draft.replace(self.path)
        self._thread.start()

    def unplug(self) -> None:
        """Vanish, as when the cable is pulled: who has it open gets errors."""
        if self._ends is None:
            return
        self._unplugging.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(_STOP_WITHIN_S)
        self.path.unlink(missing_ok=True)
        ends, self._ends = self._ends, None
        for end in ends:
            os.close(end)

    def write(self, data: bytes) -> None:
        """Send to the driver; nothing happens while unplugged."""
        if self._ends and data:
            with contextlib.suppress(OSError):
                os.write(self._ends[0], data)

    def _serve(self, near: int, unplugging: threading.Event) -> None:
        while True:
            room = self._room()  # a device may pull its own cable here, and when it takes or speaks
            if unplugging.is_set():
                return
            ready, _, _ = select.select([near] if room else [], [], [], _STEP_S)
            if ready:
                with contextlib.suppress(OSError):
                    self._on_bytes(os.read(near, min(room, READ_SIZE)))
            if not unplugging.is_set():
                self.write(self._speaks())
