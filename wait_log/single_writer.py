"""One process writes a store: a lock held for the life of the writer."""

import fcntl
import os
from pathlib import Path

from wait_log.errors import StoreBusyError


class WriterLock:
    """An exclusive lock beside the store; the system lets go of it when the process ends."""

    def __init__(self, store: Path) -> None:
        path = store.with_suffix(".lock")
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreBusyError(f"{store} is written by another process; stop it first") from error

    def release(self) -> None:
        """Let another process write."""
        os.close(self._descriptor)
