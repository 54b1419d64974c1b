"""What runs on this machine stops while its data are put back, and starts again after."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hall.words import N_
from provisioning.backup.errors import BackupError
from provisioning.layout import Layout

_TARGET = "denluot.target"
_UNITS = "denluot-*"
"""Named as well: systemctl waits for what it is told, not for what stops with a target."""
_WITHIN_S = 600
"""A service whose log is long examines it before it is ready."""

Systemctl = Callable[[Sequence[str]], int]
"""Runs systemctl with some words and returns its status; what it says is the person's to read."""
Say = Callable[[str], None]
"""Tells the person a text of the catalogue."""


def systemctl(words: Sequence[str]) -> int:
    """Run systemctl; one that does not come to an end counts as failed."""
    program = ["systemctl", *words]
    try:
        return subprocess.run(program, check=False, timeout=_WITHIN_S).returncode  # noqa: S603
    except subprocess.TimeoutExpired:
        return 1


@contextmanager
def paused_hall(layout: Layout, data: Path, say: Say, run: Systemctl = systemctl) -> Iterator[None]:
    """Keep the hall of this machine still while this is entered; raises BackupError.

    Where there is no systemd, or other data are put back than the machine's, nothing is stopped.
    However it ends, what ran runs again: nothing has changed, or everything has.
    """
    ours = data == layout.data and layout.systemd.exists()
    if not ours or run(["is-active", "--quiet", _TARGET]):
        yield
        return
    say(N_("Dừng trung tâm trong lúc phục hồi…"))
    if run(["stop", _TARGET, _UNITS]):
        run(["start", _TARGET])
        raise BackupError(
            N_("Không dừng được trung tâm. Xin chạy bằng quyền quản trị: sudo denluot restore")
        )
    try:
        yield
    finally:
        say(N_("Khởi động lại trung tâm…"))
        if run(["start", _TARGET]):
            say(N_("Trung tâm chưa khởi động lại được: sudo systemctl start denluot.target"))
