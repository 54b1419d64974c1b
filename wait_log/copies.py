"""That a person has accepted to go on without a copy of the store, for this failure alone."""

import time
from collections.abc import Callable
from pathlib import Path

ACCEPTED_FILE = "without-copy"
_HOLDS_S = 600.0
"""An acceptance that nobody has taken up by then is of a failure that is over."""
_LONGEST = 100


def accept_without_copy(data: Path, who: str) -> None:
    """Let the service that keeps its files in `data` commit without a copy."""
    path = data / ACCEPTED_FILE
    written = path.with_suffix(".new")
    written.write_text(who[:_LONGEST].strip() + "\n", encoding="utf-8")
    written.replace(path)


def accepted_without_copy(data: Path, wall: Callable[[], float] = time.time) -> str:
    """Return who has just accepted it, once; empty when nobody has."""
    path = data / ACCEPTED_FILE
    try:
        fresh = abs(wall() - path.stat().st_mtime) < _HOLDS_S
        who = path.read_text(encoding="utf-8", errors="replace").strip()[:_LONGEST]
        path.unlink()
    except OSError:
        return ""
    return (who or "?") if fresh else ""
