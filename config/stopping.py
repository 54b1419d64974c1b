"""Waiting for the signal that ends a process."""

import queue
import signal


class Stopping:
    """Set once one of the signals came; waited for on the main thread.

    A handler runs on the main thread in the middle of whatever it does, also of a wait on a
    `threading.Event`, whose lock it would then wait for without end. Putting into a simple queue
    may interrupt itself.
    """

    def __init__(self, *signals: signal.Signals) -> None:
        """Take over `signals`, by default those by which people and systemd end a process."""
        self._asked: queue.SimpleQueue[bool] = queue.SimpleQueue()
        for number in signals or (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._asked.put(True))

    def wake(self) -> None:
        """Have a `wait` return False before its time."""
        self._asked.put(False)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Return True as soon as a signal has come, False after `timeout_s` or a `wake`."""
        try:
            asked = self._asked.get(timeout=timeout_s)
        except queue.Empty:
            return False
        if asked:
            self._asked.put(True)
        return asked
