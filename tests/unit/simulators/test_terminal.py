"""A cable that its own device pulls."""

import threading
from pathlib import Path

import pytest

from simulators.terminal import READ_SIZE, Terminal

WITHIN_S = 5.0


@pytest.mark.parametrize("when", ["asked for room", "speaking"])
def test_a_device_that_pulls_its_own_cable_ends_in_peace(tmp_path: Path, when: str) -> None:
    threads: list[threading.Thread] = []
    pulled = threading.Event()

    def pull() -> None:
        threads.append(threading.current_thread())
        terminal.unplug()
        pulled.set()

    def room() -> int:
        if when == "asked for room":
            pull()
        return READ_SIZE

    def speaks() -> bytes:
        if when == "speaking":
            pull()
        return b"too late"

    terminal = Terminal(tmp_path / "tty", lambda _: None, room=room, speaks=speaks)
    terminal.plug()
    assert pulled.wait(WITHIN_S)
    threads[0].join(WITHIN_S)
    assert not threads[0].is_alive()
    assert len(threads) == 1, "it went on though its cable was pulled"
    assert not terminal.plugged
    assert not terminal.path.is_symlink()
