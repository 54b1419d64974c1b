"""A whole headless centre, started as anybody starts it."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.connection import FILE_NAME, Connection, read_connection
from bus.mqtt import Account, MqttBus
from bus.session import ServiceClock, Session, at_once, new_id
from bus.topics import Topics
from config import Clock
from wait_log.dialects import STORE_FILE

_READY_WITHIN_S, _ENDED_WITHIN_S = 240.0, 120.0


@contextmanager
def centre(
    directory: Path, *options: str, store: Path | None = None
) -> Iterator[tuple[Connection, int, float]]:
    """Run a centre; yield how to join it, the launcher's process id and its start's seconds.

    It begins with `store`, if one is given, and goes on writing it.
    """
    with tempfile.TemporaryDirectory(dir=directory) as name:
        data = Path(name)
        if store:
            (data / STORE_FILE).hardlink_to(store)
        command = [sys.executable, "-m", "appliance", "run", "--headless", "--data", name]
        began = time.monotonic()
        process = subprocess.Popen(
            [*command, *options], stdout=subprocess.DEVNULL, env=dict(os.environ)
        )
        try:
            while not (data / FILE_NAME).exists():
                if process.poll() is not None or time.monotonic() - began > _READY_WITHIN_S:
                    raise RuntimeError("the centre did not start")
                threading.Event().wait(0.02)
            yield read_connection(data), process.pid, time.monotonic() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_ENDED_WITHIN_S)


def account(connection: Connection, device: str, process: str) -> Account:
    """Return the account with which a benchmark joins as `device`."""
    return connection.account(device, process)


def link(connection: Connection, device: str) -> Session:
    """Return a second client of `device`, not started yet."""
    clock = Clock.parse(connection.clock)
    return Session(
        MqttBus(account(connection, device, "benchmark"), random.SystemRandom()),
        Topics(connection.site),
        device,
        "counter",
        clock=ServiceClock(clock.now, clock.monotonic),
        real=time.monotonic,
        new_id=new_id,
        deliver=at_once,
        presence=False,
    )
