"""The kiosk's own screen, touched, over a real Mosquitto, the real service and a printer."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.broker import PrivateBroker, mosquitto_program
from bus.commands import (
    AppliedConfig,
    ApplyConfig,
    CalledTicket,
    CallNext,
    Command,
    OpenCounter,
    Reply,
    result_of,
)
from bus.health import KioskHealth, health_as
from bus.mqtt import Account
from bus.session import Deliver, Session, at_once, connect
from bus.states import BoardState, DeviceStatus, ServicesState
from config.clock import Clock
from config.load import centre_to_wire, load_centre
from config.settings import SimulatedPrinter, Text
from hall.citizen.session import Page, Paper
from hardware.printer import PrintStation, open_printer
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from provisioning.maintenance_pin import MaintenancePin
from ui.application import Application, find_item
from ui.owner import QtOwner

DEVICES = ("service", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[2]
SITE = "nhi-chieu"
DAY = "2026-11-23"
WITHIN_MS = 60_000

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


class Finger:
    """A citizen's finger that never taps twice by mistake: every tap is long after the last."""

    def __init__(self, window: QQuickWindow) -> None:
        self._window = window
        self._device = QTest.createTouchDevice()

    def touch(self, name: str) -> None:
        QGuiApplication.processEvents()
        self._window.grabWindow()  # what has just changed is laid out when it is drawn
        QGuiApplication.processEvents()
        item = find_item(self._window, name)
        assert isinstance(item, QQuickItem), name
        at: QPoint = item.mapToScene(item.boundingRect().center()).toPoint()
        QTest.touchEvent(self._window, self._device).press(1, at, self._window).commit()
        QTest.touchEvent(self._window, self._device).release(1, at, self._window).commit()


class Centre:
    """The broker, the service, and an observer of what it publishes."""

    def __init__(self, data: Path, qtbot: QtBot, ending: ExitStack) -> None:
        self.data = data
        self.clock = Clock.starting(datetime(2026, 11, 23, 1, 24, tzinfo=UTC))
        self.statuses: dict[str, DeviceStatus] = {}
        self.board: BoardState | None = None
        self.services: ServicesState | None = None
        self._qtbot = qtbot
        self._ending = ending
        roles = {device.id: device.role.value for device in load_centre().devices}
        roles["service"] = "service"
        self.broker = ending.enter_context(PrivateBroker(data / "broker", SITE, roles))
        observer = self.link("board-1", "board")
        observer.follow_devices(DEVICES, self.statuses.__setitem__)
        observer.follow_board(lambda state: setattr(self, "board", state))
        observer.follow_services(lambda state: setattr(self, "services", state))
        observer.start()
        ending.callback(observer.stop)

    def link(self, device: str, kind: str, deliver: Deliver = at_once) -> Session:
        account = Account(
            "127.0.0.1", self.broker.port, "test", device, self.broker.passwords[device]
        )
        return connect(
            account, SITE, kind, now=self.clock.now, monotonic=self.clock.monotonic, deliver=deliver
        )

    def start(self, module: str, device: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DENLUOT_BROKER": f"127.0.0.1:{self.broker.port}",
            "DENLUOT_PASSWORD_FILE": str(self.broker.password_file(device)),
            "DENLUOT_CLOCK": str(self.clock),
            "PYTHONPATH": str(ROOT),
        }
        with (self.data / f"{device}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--data", str(self.data)],
                env=environment,
                cwd=self.data,
                stdout=log,
                stderr=log,
            )
        self._ending.callback(process.wait, 10)
        self._ending.callback(process.kill)
        self.until(lambda: self.online(device))
        return process

    def online(self, device: str) -> bool:
        return device in self.statuses and self.statuses[device].online

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WITHIN_MS)

    def waiting(self) -> int:
        return sum(line.count for line in self.board.waiting) if self.board else -1

    def called(self) -> list[tuple[str, int]]:
        return [(call.number, call.counter) for call in self.board.calls] if self.board else []

    def ask(self, link: Session, command: Command) -> Reply:
        replies: list[Reply] = []
        link.ask(command, replies.append)
        self.until(lambda: bool(replies))
        return replies[0]

    def papers(self) -> list[str]:
        return sorted(path.stem for path in (self.data / "paper/kiosk-1" / DAY).glob("*.png"))


class Booth:
    """The kiosk's window with everything real behind it."""

    def __init__(self, centre: Centre, ending: ExitStack) -> None:
        self.centre = centre
        gestures = iter(range(0, 100_000, 10))
        link = centre.link("kiosk-1", "kiosk", QtOwner(QGuiApplication.instance()).deliver)
        world = Surroundings(
            data=centre.data,
            monotonic=centre.clock.monotonic,
            real_monotonic=lambda: float(next(gestures)),
            after=after,
            rng=random.Random(1),
            speak=lambda _: None,
        )
        self.kiosk: Kiosk = assemble(link, world)
        ending.callback(delete, self.kiosk.stage)
        printer = open_printer(SimulatedPrinter(), centre.data, "kiosk-1")
        station = PrintStation([printer], self.kiosk.printing.tell_health, now=centre.clock.now)
        self.kiosk.printing.use(station)
        box = Box(pin=MaintenancePin(centre.data / "kiosk", time.monotonic))
        maintenance = Maintenance(self.kiosk, link, box, time.monotonic)
        screens = KioskScreens(self.kiosk, maintenance, link.now, centre.clock.real_s)
        application = Application("kiosk", {})
        window = application.load("kiosk", "Kiosk", **screens.properties())
        ending.callback(application.close)
        window.resize(1080, 1920)
        window.show()
        station.start()
        ending.callback(station.stop)
        link.start()
        ending.callback(link.stop)
        screens.start()
        ending.callback(screens.stop)
        self.window = window
        self.finger = Finger(window)
        centre.until(lambda: self.kiosk.listener.snapshot.service_up and window.isExposed())
        centre.until(lambda: bool(self.kiosk.offer.tiles))
        centre.until(lambda: self._placed("service-CIVIL"))

    def _placed(self, name: str) -> bool:
        item = find_item(self.window, name)
        return isinstance(item, QQuickItem) and item.isVisible()

    def take(self, service: str) -> str:
        """Touch a service, wait for number and paper, touch "Xong"; return the number."""
        self.centre.until(lambda: self._placed(f"service-{service}"))
        self.finger.touch(f"service-{service}")
        self.centre.until(lambda: self.kiosk.session.page is Page.TICKET)
        self.centre.until(self._printed)
        ticket = self.kiosk.session.ticket
        assert ticket is not None
        self.finger.touch("finish")
        self.centre.until(lambda: self.kiosk.session.page is Page.HOME)
        return ticket.number

    def _printed(self) -> bool:
        ticket = self.kiosk.session.ticket
        return ticket is not None and ticket.paper is Paper.PRINTED


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def centre(qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path, ending: ExitStack) -> Centre:
    assert qapp
    return Centre(tmp_path, qtbot, ending)


def test_ten_touches_are_ten_tickets_and_ten_papers(centre: Centre, ending: ExitStack) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    services = ["CIVIL", "CERT", "LAND", "CIVIL", "TAX", "SI", "CIVIL", "PICK", "SOC", "ECON"]
    taken = [booth.take(service) for service in services]
    assert taken == [
        "2001", "1001", "5001", "2002", "6001", "7001", "2003", "8001", "3001", "4001",
    ]  # fmt: skip
    assert centre.papers() == sorted(taken)
    centre.until(lambda: centre.waiting() == 10)
    paper = QImage(str(centre.data / "paper/kiosk-1" / DAY / "2001.png"))
    assert paper.width() == 576
    assert printer(centre) == "ready"
    booth.finger.touch("large")
    centre.until(lambda: booth.kiosk.session.sight.large)
    assert booth.take("CIVIL") == "2004"
    large = QImage(str(centre.data / "paper/kiosk-1" / DAY / "2004.png"))
    assert large.height() > 1.2 * paper.height()


def test_a_wrong_choice_leaves_the_line(centre: Centre, ending: ExitStack) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    booth.finger.touch("service-CIVIL")
    centre.until(lambda: booth.kiosk.session.page is Page.TICKET)
    centre.until(lambda: centre.waiting() == 1)
    booth.finger.touch("askVoid")
    booth.finger.touch("void")
    centre.until(lambda: booth.kiosk.session.page is Page.NOTICE)
    centre.until(lambda: centre.waiting() == 0)


def test_numbers_go_on_while_the_service_is_dead(centre: Centre, ending: ExitStack) -> None:
    service = centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    assert booth.take("CIVIL") == "2001"
    service.kill()
    service.wait(10)
    began = time.monotonic()
    assert booth.take("CIVIL") == "2901"
    assert time.monotonic() - began < 4
    assert booth.take("LAND") == "5901"
    assert centre.papers() == ["2001", "2901", "5901"]
    centre.until(lambda: not centre.online("service"))
    centre.start("queue_service", "service")
    book = centre.data / "kiosk" / "kiosk-1.book.json"
    centre.until(lambda: json.loads(book.read_bytes())["content"]["deliveries"] == [])
    centre.until(lambda: centre.waiting() == 3)
    centre.until(lambda: centre.services is not None and len(centre.services.books) == 2)
    assert centre.services is not None
    marks = {(mark.service, mark.highest) for mark in centre.services.books}
    assert marks == {("CIVIL", 901), ("LAND", 901)}
    assert booth.take("CIVIL") == "2002"


def test_a_changed_service_is_on_its_tile_at_once_and_its_line_keeps_its_terms(
    centre: Centre, ending: ExitStack
) -> None:
    centre.start("queue_service", "service")
    booth = Booth(centre, ending)
    web = centre.link("web", "web")
    web.start()
    ending.callback(web.stop)
    desk = centre.link("counter-7", "counter")
    desk.start()
    ending.callback(desk.stop)
    first = booth.take("CERT")
    before = load_centre()
    services = list(before.services)
    services[0] = replace(services[0], name=Text(vi="Sao y, chứng thực", en="Certified copies"))
    counters = [
        replace(counter, serves={c: m for c, m in counter.serves.items() if c != "CERT"})
        for counter in before.counters
    ]
    counters[0] = replace(counters[0], serves={"PICK": 0})
    counters[6] = replace(counters[6], serves={"TAX": 0, "CERT": 0})
    after = replace(before, services=tuple(services), counters=tuple(counters))
    reply = centre.ask(web, ApplyConfig(version=1, centre=centre_to_wire(after), by="ha"))
    assert reply.ok, reply
    centre.until(lambda: "Sao y, chứng thực" in names(booth))
    second = booth.take("CERT")
    assert (first, second) == ("1001", "1002")
    assert centre.ask(desk, OpenCounter(counter=7)).ok
    called = centre.ask(desk, CallNext(counter=7))
    assert called.ok, called
    assert result_of(called, CalledTicket).number == first
    centre.until(lambda: centre.called() == [(first, 7)])
    back = centre.ask(web, ApplyConfig(version=2, centre=centre_to_wire(before), by="ha"))
    assert back.ok, back
    assert result_of(back, AppliedConfig).version == 3
    centre.until(lambda: before.services[0].name.vi in names(booth))
    assert centre.waiting() == 1


def names(booth: Booth) -> list[str]:
    """Return what stands on the tiles."""
    return [tile.name for tile in booth.kiosk.offer.tiles]


def test_the_process_starts_says_how_it_is_and_ends(centre: Centre) -> None:
    centre.start("queue_service", "service")
    kiosk = centre.start("kiosk", "kiosk-1")
    centre.until(lambda: printer(centre) == "ready")
    kiosk.terminate()
    assert kiosk.wait(5) == 0, (centre.data / "kiosk-1.log").read_text()
    centre.until(lambda: not centre.online("kiosk-1"))
    log = (centre.data / "kiosk-1.log").read_text()
    assert "WARNING" not in log, log
    assert "Traceback" not in log, log


def printer(centre: Centre) -> str:
    """Return the state of the printer that citizens meet."""
    return health_as(KioskHealth, centre.statuses["kiosk-1"].health).printer
