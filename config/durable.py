"""Where data lies: a directory of our own, and small files that survive a power cut."""

import os
from pathlib import Path

from config.errors import ConfigError


def data_directory(path: Path) -> Path:
    """Return the directory `path`, made for this account alone when it is not there yet.

    Raises ConfigError with one line that says what to do when nothing can be written there.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = path / ".writable"
        os.close(os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600))
        probe.unlink()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"nothing can be written to {path}: {why}; choose another directory with --data"
        ) from error
    return path


def replace_durably(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path` so that a power cut leaves the old or the new."""
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
