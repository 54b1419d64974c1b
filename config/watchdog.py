"""What systemd is told of a process: that it is ready, and now and then that it works.

`sd_notify` is one datagram; the packages for it are abandoned (sdnotify) or bind libsystemd, which
a venv cannot bring along (cysystemd), see docs/decisions/0029-the-watchdog-and-the-kiosk.md.
"""

import faulthandler
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping

SOCKET_VARIABLE = "NOTIFY_SOCKET"
PERIOD_VARIABLE = "WATCHDOG_USEC"
_DEFAULT_EVERY_S = 10.0
_FEEDS_PER_PERIOD = 4
_LOOKS_PER_PERIOD = 8
_LATE = 0.75
"""Of a period: later than any that works, and early enough to be written before systemd acts."""
_US = 1_000_000

_log = logging.getLogger(__name__)


class Watchdog:
    """Says that this process works; without systemd it says nothing.

    WATCHDOG_PID is not looked at: whatever starts the process may stand between it and systemd.
    """

    def __init__(
        self,
        address: str = "",
        period_s: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tell the socket `address`, which waits `period_s` for a sign of life (0: for ever)."""
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._period_s = period_s
        self._monotonic = monotonic
        self._ready = False
        self._heard = True
        self._fed_at_s = float("-inf")
        self._stops = threading.Event()

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Watchdog":
        """Return the watchdog that systemd has announced, or one that tells nobody."""
        period = environment.get(PERIOD_VARIABLE, "")
        return cls(
            environment.get(SOCKET_VARIABLE, ""), int(period) / _US if period.isdecimal() else 0.0
        )

    @property
    def every_s(self) -> float | None:
        """Return how often to prove that the process works; None where nobody waits for it."""
        if not self._address:
            return None
        return self._period_s / _FEEDS_PER_PERIOD if self._period_s else _DEFAULT_EVERY_S

    def feed(self) -> None:
        """Say that the process works; the first time, that it is ready. From any thread.

        It may be called at every turn of a busy loop: systemd is told now and then.
        """
        every_s, now_s = self.every_s, self._monotonic()
        if every_s is None or now_s - self._fed_at_s < every_s / 2:
            return
        told = self._tell("WATCHDOG=1" if self._ready else "READY=1\nWATCHDOG=1")
        if told:
            self._ready, self._fed_at_s = True, now_s

    def stopping(self) -> None:
        """Say that the process ends in good order."""
        self._stops.set()
        self._tell("STOPPING=1")

    def feed_by(self, ask: Callable[[], None], wait: Callable[[float | None], bool]) -> None:
        """Call `ask`, which has somebody feed, now and then until `wait` returns True."""
        if self.every_s is None:
            wait(None)
            return
        ask()
        while not wait(self.every_s):
            ask()

    def write_hangs(self) -> None:
        """Have every thread's stack written to stderr when a sign of life is late, once a hang.

        A thread that holds the interpreter writes them: what walks the stacks of running threads
        from a signal's handler can crash on them, and then says nothing of the one that hangs.
        """
        if self._period_s:
            threading.Thread(target=self._write_hangs, name="watchdog", daemon=True).start()

    def _write_hangs(self) -> None:
        written = False
        while not self._stops.wait(self._period_s / _LOOKS_PER_PERIOD):
            late_s = self._monotonic() - self._fed_at_s
            late = self._ready and late_s > self._period_s * _LATE
            if late and not written:
                _log.error("no sign of life late_s=%.1f, where every thread stands:", late_s)
                faulthandler.dump_traceback()
            written = late

    def _tell(self, state: str) -> bool:
        """Send `state`, at once or not at all: a systemd that hangs must not hang this process."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(state.encode(), self._address)
        except OSError as error:
            if self._heard:
                _log.warning("systemd does not hear this process error=%s", error)
            self._heard = False
            return False
        self._heard = True
        return True
