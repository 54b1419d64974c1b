"""The cold start of the service alone."""

import os
import queue
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.resources import drop_page_cache
from bus.broker import PrivateBroker
from bus.codec import decode
from bus.mqtt import Account, MqttBus
from bus.states import DeviceStatus
from bus.topics import Topics

_SITE = "nhi-chieu"
_TIMEOUT_S = 30.0


def service_start(directory: Path) -> Figure:
    """Return the seconds until the service says that it is there, and those of bare Python."""
    with tempfile.TemporaryDirectory(dir=directory) as name:
        roles = {"service": "service", "observer": "observer"}
        with PrivateBroker(Path(name) / "broker", _SITE, roles) as broker:
            drop_page_cache()
            bare = _seconds([sys.executable, "-c", "pass"])
            drop_page_cache()
            return Figure(_service_s(broker, Path(name)), bare)


def _service_s(broker: PrivateBroker, data: Path) -> float:
    statuses: queue.Queue[DeviceStatus] = queue.Queue()
    password = broker.passwords["observer"]
    account = Account(broker.host, broker.port, "benchmark", "observer", password)
    listener = MqttBus(account, random.Random(1))
    listener.subscribe(
        Topics(_SITE).status("service"),
        lambda message: statuses.put(decode(DeviceStatus, message.payload)),
    )
    listener.start()
    environment = {
        **os.environ,
        "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
        "DENLUOT_PASSWORD_FILE": str(broker.password_file("service")),
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "queue_service", "--data", str(data)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not statuses.get(timeout=_TIMEOUT_S).online:
            pass
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait(_TIMEOUT_S)
        listener.stop()


def _seconds(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - began
