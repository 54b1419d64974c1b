"""One process writes a store: a lock held for the life of the writer."""

import fcntl
from pathlib import Path

from wait_log.errors import StoreBusyError


class WriterLock:
    """An exclusive lock beside the store; the system lets go of it when the process ends."""

    def __init__(self, store: Path) -> None:
        self._file = store.with_suffix(".lock").open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise StoreBusyError(f"{store} is written by another process; stop it first") from error

    def release(self) -> None:
        """Let another process write; releasing twice is harmless."""
        self._file.close()
