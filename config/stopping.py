"""Waiting for the signal that ends a process."""

import contextlib
import os
import select
import signal

_MANY = 4096


class Stopping:
    """Set once one of the signals came; waited for on the main thread.

    Python runs a handler on the main thread only, but the kernel may give the signal to any
    thread, as it does when the process was frozen: a main thread that waits for a lock sleeps on.
    So it waits for a pipe, into which Python writes on whichever thread the signal comes.
    """

    def __init__(self, *signals: signal.Signals) -> None:
        """Take over `signals`, by default those by which people and systemd end a process."""
        self._asked = False
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in signals or (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def wake(self) -> None:
        """Have a `wait` return False before its time."""
        with contextlib.suppress(BlockingIOError):  # full: it wakes anyway
            os.write(self._writer, b"\0")

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return True as soon as a signal has come, False after `timeout_s` or a `wake`."""
        if not self._asked and select.select([self._reader], [], [], timeout_s)[0]:
            os.read(self._reader, _MANY)
        return self._asked

    def _ask(self, _number: int, _frame: object) -> None:
        self._asked = True
