"""Qt's thread as the owner of a session: what the bus hears is handled there."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class QtOwner(QObject):
    """Runs jobs from any thread on the thread this object lives in, one after the other."""

    _handed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._handed.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def deliver(self, job: Callable[[], None]) -> None:
        """Have `job` run soon."""
        self._handed.emit(job)

    @Slot(object)
    def _run(self, job: Callable[[], None]) -> None:
        job()


def queued(signal: object, slot: object) -> None:
    """Connect so that `slot` always runs on its object's own thread."""
    signal.connect(slot, Qt.ConnectionType.QueuedConnection)  # type: ignore[attr-defined]
