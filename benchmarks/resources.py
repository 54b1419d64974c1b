"""Memory and processor of every process of a running centre, and how fast it starts."""

import os
import threading
import time
from pathlib import Path

import psutil

from benchmarks.running import centre

_SETTLE_S = 5.0
_MEASURE_S = 10.0
_MB = 1024 * 1024


def processes(directory: Path, *options: str) -> dict[str, tuple[float, float]]:
    """Return PSS in MB and per cent of one core, by process, of a centre that nobody uses."""
    with centre(directory, *options) as (_, launcher, _):
        threading.Event().wait(_SETTLE_S)
        found = {_name(p): p for p in psutil.Process(launcher).children()}
        before = {name: sum(p.cpu_times()[:2]) for name, p in found.items()}
        began = time.monotonic()
        threading.Event().wait(_MEASURE_S)
        took = time.monotonic() - began
        return {
            name: (
                p.memory_full_info().pss / _MB,
                (sum(p.cpu_times()[:2]) - before[name]) / took * 100,
            )
            for name, p in found.items()
        }


def whole_start_s(directory: Path) -> float:
    """Return the seconds from the command to a ready centre, its files read from disk."""
    drop_page_cache()
    with centre(directory) as (_, _, took):
        return took


def drop_page_cache() -> None:
    """Let the next start read from disk, where this user may ask for that."""
    os.sync()
    control = Path("/proc/sys/vm/drop_caches")
    if os.access(control, os.W_OK):
        control.write_text("3\n")


def _name(process: psutil.Process) -> str:
    line = process.cmdline()
    module = line[line.index("-m") + 1] if "-m" in line else Path(line[0]).name
    for option in ("--board", "--counter"):
        if option in line:
            module += f" {line[line.index(option) + 1]}"
    return module
