"""Where data lies: a directory of our own, and small files that survive a power cut."""

import os
from pathlib import Path
from typing import BinaryIO

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
        _write(file, content)
    _replace(draft, path)


def replace_privately(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Do the same with a file that nobody but `mode` says may read, not even meanwhile.

    Whoever owned the file before owns the new one, where this user may give files away.
    """
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        _write(file, content)
    draft.chmod(mode)
    _keep_owner(path if path.exists() else path.parent, draft)
    _replace(draft, path)


def _keep_owner(model: Path, file: Path) -> None:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        status = model.stat()
        os.chown(file, status.st_uid, status.st_gid)


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _replace(draft: Path, path: Path) -> None:
    draft.replace(path)
    if hasattr(os, "O_DIRECTORY"):
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
