"""What outlasts a restart, so that it neither repeats nor forgets a call, and is as loud."""

import logging
import os
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bus.typed import read_json

_log = logging.getLogger(__name__)


class History(msgspec.Struct, frozen=True):
    """The newest settled calls of one epoch, and the volume that managers ordered."""

    epoch: str = ""
    settled: tuple[int, ...] = ()
    volume: Annotated[float, Meta(ge=0, le=1)] = 1.0


def load_history(path: Path) -> History:
    """Return what `path` keeps; nothing when there is no such file or it is damaged."""
    try:
        return read_json(path.read_bytes(), History)
    except FileNotFoundError:
        return History()
    except (OSError, ValueError, RecursionError) as error:
        _log.warning("history unreadable, starting over path=%s error=%s", path, error)
        return History()


def save_history(path: Path, history: History) -> None:
    """Replace `path` durably and atomically; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(msgspec.json.encode(history))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
