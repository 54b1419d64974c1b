"""Qt's event loop as every process of ours runs it: its end by a signal, its garbage."""

import gc
import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer

_COLLECT_EVERY_MS = 10_000


class Loop:
    """Runs an application until its end is asked for, or a signal comes."""

    def __init__(self, qt: QCoreApplication) -> None:
        self._qt = qt
        self._wake: tuple[socket.socket, socket.socket] | None = None

    def run(self) -> int:
        """Run; returns the code to exit with."""
        self._quit_on_signals()
        collector = _collect_on_this_thread(self._qt)
        code = self._qt.exec()
        collector.stop()
        return code

    def end(self) -> None:
        """End the loop; `quit` would first ask the windows, and a kiosk's refuses."""
        self._qt.exit(0)

    def _quit_on_signals(self) -> None:
        """Let SIGTERM and SIGINT end the event loop, which alone would never notice them."""
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        signal.set_wakeup_fd(writer.fileno())
        self._wake = reader, writer
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, self._qt)
        notifier.activated.connect(self.end)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)


def _collect_on_this_thread(parent: QObject) -> QTimer:
    """Collect garbage by a timer: a bus's thread that did it would destroy Qt objects there."""
    gc.collect()
    gc.freeze()
    gc.disable()
    timer = QTimer(parent)
    timer.timeout.connect(lambda: gc.collect())  # noqa: PLW0108 - Qt would pass an argument
    timer.start(_COLLECT_EVERY_MS)
    return timer


def every(milliseconds: int, call: Callable[[], None], parent: QObject) -> QTimer:
    """Call `call` again and again, on the thread of `parent`."""
    timer = QTimer(parent)
    timer.timeout.connect(lambda: call())  # noqa: PLW0108 - Qt would pass an argument
    timer.start(milliseconds)
    return timer


def _ignore(_number: int, _frame: object) -> None:
    """Do nothing: the wake-up socket has already told the event loop."""
