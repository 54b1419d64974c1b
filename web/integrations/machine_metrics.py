"""What `/metrics` says of the machine: its disk, its backups, its units."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from provisioning.backup.status import read_status
from web.integrations.metrics import Metric, gauge

_SYSTEMD = Path("/run/systemd/system")
_WITHIN_S = 5.0
_STATES = ("active", "activating", "deactivating", "failed", "inactive")

ShowUnits = Callable[[], str]
"""Returns what systemd says of our units, nothing where there is none."""


def machine_metrics(data: Path, now: datetime, show: ShowUnits) -> Iterator[Metric]:
    """Return what the machine is like that these pages run on; this blocks."""
    try:
        disk = shutil.disk_usage(data)
    except OSError:
        pass
    else:
        yield gauge("denluot_disk_free_bytes", "Room for the data.", disk.free)
        yield gauge("denluot_disk_size_bytes", "Size of the disk with the data.", disk.total)
    status = read_status(data)
    if status is not None:
        if status.good_at is not None:
            age_s = (now - status.good_at).total_seconds()
            yield gauge("denluot_backup_age_seconds", "Since the last good backup.", age_s)
            yield gauge("denluot_backup_size_bytes", "Size of the last good one.", status.size)
        yield gauge("denluot_backup_failed", "Whether the last try failed.", bool(status.problem))
    yield from _units(show())


def show_units() -> str:
    """Return state and restarts of our units as systemd knows them, nothing without systemd."""
    if not _SYSTEMD.exists():
        return ""
    program = ("systemctl", "show", "--property=Id,ActiveState,NRestarts", "--", "denluot*.service")
    try:
        done = subprocess.run(  # noqa: S603 - a program of the system
            program,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _units(said: str) -> Iterator[Metric]:
    units = [
        dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        for block in said.split("\n\n")
    ]
    known = [unit for unit in units if "Id" in unit]
    yield Metric(
        "denluot_unit_state",
        "gauge",
        "Units of this machine by what they do.",
        [
            ("", {"unit": unit["Id"], "state": state}, unit.get("ActiveState") == state)
            for unit in known
            for state in _STATES
        ],
    )
    yield Metric(
        "denluot_unit_restarts_total",
        "counter",
        "How often systemd started a unit again.",
        [
            ("", {"unit": unit["Id"]}, int(unit["NRestarts"]))
            for unit in known
            if unit.get("NRestarts", "").isdecimal()
        ],
    )
