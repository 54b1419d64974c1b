"""Run a process of the product whose clock jumps when the nemesis says so.

`python -m nemesis.with_clock FILE MODULE …`: FILE holds the seconds by which this process's wall
clock is off, and is read at every look at the clock. The machine's clock stays as it is.
"""

import mmap
import runpy
import struct
import sys
from datetime import datetime, timedelta
from pathlib import Path

from config import Clock

_FORM = struct.Struct("d")


def set_offset(file: Path, seconds: float) -> None:
    """Put the clock of whoever reads `file` off by so many seconds."""
    if not file.exists():
        file.write_bytes(_FORM.pack(0.0))
    with file.open("r+b") as opened:
        opened.write(_FORM.pack(seconds))


def main() -> None:
    """Start the module with the clock that jumps."""
    file, module = Path(sys.argv[1]), sys.argv[2]
    with file.open("rb") as opened:
        shared = mmap.mmap(opened.fileno(), _FORM.size, prot=mmap.PROT_READ)
    right = Clock.now

    def now(clock: Clock) -> datetime:
        return right(clock) + timedelta(seconds=_FORM.unpack_from(shared)[0])

    Clock.now = now  # type: ignore[method-assign, assignment]
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
