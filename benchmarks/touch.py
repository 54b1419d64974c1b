"""From a finger on the kiosk's glass to the first byte at the printer."""

import os
import queue
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPointingDevice
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from benchmarks.measure import Figure, percentile
from bus.broker import PrivateBroker
from bus.mqtt import Account
from bus.session import connect
from config import Clock
from config.settings import NetworkPrinter, Screen
from hardware.printer import PrintStation, open_printer
from kiosk.assembly import Surroundings, after, assemble
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from kiosk.window import show
from paper import encode_ticket, sample_ticket
from provisioning.maintenance_pin import MaintenancePin
from ui.application import Application, find_item
from ui.owner import QtOwner

_SITE = "nhi-chieu"
_TOUCHES = 6
_TIMEOUT_S = 10.0
_SETTLE_MS = 700
"""Longer than a page takes to come and than the pause that guards against double taps."""
_QUESTION = re.compile(rb"(?:\x10\x04|(\x1dr)).", re.DOTALL)
"""A printer is asked for its status: DLE EOT n, and after the paper GS r n."""
_READY, _PAPER_THERE = b"\x12", b"\x00"


def touch_against_drawing(directory: Path) -> Figure:
    """Return the median ms from a touch to the printer's first byte, and of drawing alone."""
    ticket = sample_ticket()
    times = []
    for _ in range(_TOUCHES):
        began = time.perf_counter()
        encode_ticket(ticket, 576)
        times.append((time.perf_counter() - began) * 1000)
    with tempfile.TemporaryDirectory(dir=directory) as name:
        return Figure(_touch_ms(Path(name)), percentile(times, 0.5))


def _touch_ms(data: Path) -> float:
    jobs: queue.Queue[float] = queue.Queue()
    with _service(data) as broker, _printer(jobs) as port, _kiosk(broker, data, port) as window:
        touch = QTest.createTouchDevice()
        times = []
        for turn in range(_TOUCHES + 1):
            _until(lambda: _there(window, "service-CERT"))
            _wait(_SETTLE_MS)
            _empty(jobs)
            began = time.perf_counter()
            _tap(window, touch, "service-CERT")
            _until(lambda: not jobs.empty())
            if turn:  # the first touch warms up
                times.append((jobs.get() - began) * 1000)
            _until(lambda: _there(window, "finish"))
            _wait(_SETTLE_MS)
            _tap(window, touch, "finish")
        return percentile(times, 0.5)


@contextmanager
def _service(data: Path) -> Iterator[PrivateBroker]:
    roles = {"service": "service", "kiosk-1": "kiosk"}
    with PrivateBroker(data / "broker", _SITE, roles) as broker:
        environment = {
            **os.environ,
            "DENLUOT_BROKER": f"{broker.host}:{broker.port}",
            "DENLUOT_PASSWORD_FILE": str(broker.password_file("service")),
        }
        command = [sys.executable, "-m", "queue_service", "--data", str(data), "--always-open"]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield broker
        finally:
            process.terminate()
            process.wait(_TIMEOUT_S)


@contextmanager
def _printer(jobs: "queue.Queue[float]") -> Iterator[int]:
    """Listen as a network printer with paper; put the times at which pieces of jobs arrive."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            while received := connection.recv(65536):
                if _QUESTION.sub(b"", received):
                    jobs.put(time.perf_counter())
                for question in _QUESTION.finditer(received):
                    connection.sendall(_PAPER_THERE if question[1] else _READY)

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed: the benchmark is over
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    with listener:
        yield listener.getsockname()[1]


@contextmanager
def _kiosk(broker: PrivateBroker, data: Path, port: int) -> Iterator[QQuickWindow]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    clock = Clock()
    application = Application("kiosk", os.environ)
    account = Account(broker.host, broker.port, "kiosk", "kiosk-1", broker.passwords["kiosk-1"])
    link = connect(
        account,
        _SITE,
        "kiosk",
        now=clock.now,
        monotonic=clock.monotonic,
        deliver=QtOwner(application.qt).deliver,
    )
    world = Surroundings(
        data=data,
        monotonic=clock.monotonic,
        real_monotonic=time.monotonic,
        after=after,
        rng=random.Random(1),
        speak=lambda _lang: None,
    )
    kiosk = assemble(link, world)
    printer = open_printer(NetworkPrinter(host="127.0.0.1", port=port), data, "kiosk-1")
    station = PrintStation([printer], kiosk.printing.tell_health, now=clock.now)
    kiosk.printing.use(station)
    box = Box(pin=MaintenancePin(data / "kiosk", time.monotonic))
    maintenance = Maintenance(kiosk, link, box, time.monotonic)
    screens = KioskScreens(kiosk, maintenance, link.now, clock.real_s)
    window = application.load("kiosk", "Kiosk", **screens.properties())
    show(window, Screen(mode="window", geometry=(0, 0, 1080, 1920)))
    station.start()
    link.start()
    screens.start()
    try:
        yield window
    finally:
        screens.stop()
        station.stop()
        link.stop()
        application.close()


def _there(window: QQuickWindow, name: str) -> bool:
    item = find_item(window, name)
    return isinstance(item, QQuickItem) and item.isVisible() and item.isEnabled()


def _tap(window: QQuickWindow, touch: QPointingDevice, name: str) -> None:
    item = find_item(window, name)
    if not isinstance(item, QQuickItem):
        raise TypeError(f"nothing to touch: {name}")
    point = item.mapToScene(item.boundingRect().center()).toPoint()
    QTest.touchEvent(window, touch).press(1, point, window).commit()
    QTest.touchEvent(window, touch).release(1, point, window).commit()


def _empty(jobs: "queue.Queue[float]") -> None:
    while not jobs.empty():
        jobs.get()


def _until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _TIMEOUT_S
    while not claim():
        if time.monotonic() > deadline:
            raise RuntimeError("the kiosk did not follow")
        _wait(1)


def _wait(milliseconds: int) -> None:
    """Let events pass; QTest.qWait would keep the other threads from running meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
