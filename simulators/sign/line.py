"""A serial line as a pseudo terminal with a stable path, which can be pulled and put back."""

import contextlib
import os
import select
import threading
import time
import tty
from pathlib import Path

from simulators.sign.bank import SignBank

_LOOK_EVERY_S = 0.02


class PtyLine:
    """Hands `bank` what drivers write to `path`, and them what it answers."""

    def __init__(self, bank: SignBank, path: Path) -> None:
        self._bank = bank
        self._path = path
        self._thread: threading.Thread | None = None
        self._pulled = threading.Event()

    def plug(self) -> None:
        """Put the adapter in: `path` is there."""
        master, slave = os.openpty()
        tty.setraw(slave)
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)
        new.symlink_to(os.ttyname(slave))
        new.replace(self._path)
        self._pulled.clear()
        self._thread = threading.Thread(target=self._run, args=(master, slave), daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the adapter out: `path` is gone, and who has it open gets errors."""
        self._pulled.set()
        if self._thread:
            self._thread.join(5)
        self._path.unlink(missing_ok=True)

    def _run(self, master: int, slave: int) -> None:
        """Serve until pulled; the slave stays open here, so drivers may come and go."""
        while not self._pulled.is_set():
            ready, _, _ = select.select([master], [], [], _LOOK_EVERY_S)
            if ready:
                answer = self._bank.feed(os.read(master, 4096), time.monotonic())
                if answer:
                    with contextlib.suppress(OSError):
                        os.write(master, answer)
        os.close(slave)
        os.close(master)
