"""A centre of real processes around a kiosk whose own window is touched in this process."""

import random
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.exceptions import TimeoutError as QtTimeoutError
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.broker import PrivateBroker
from bus.commands import Command, Reply
from bus.mqtt import Account
from bus.session import Deliver, Session, at_once, connect
from bus.states import BoardState, DeviceStatus, ServicesState
from config.clock import Clock
from config.load import load_centre
from config.settings import SimulatedPrinter
from hall.citizen.session import Page, Paper
from hardware.printer import PrintResult, PrintStation, open_printer
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from kiosk.kept_procedures import Fetch, no_fetch
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from paper import Ticket
from provisioning.maintenance_pin import MaintenancePin
from tests.processes import start_process
from ui.application import Application, find_item
from ui.owner import QtOwner

DEVICES = ("service", "web", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[2]
SITE = "nhi-chieu"
DAY = "2026-11-23"
WITHIN_MS = 180_000
"""A machine that is busy with other work starts a process in a minute."""


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

    def start(self, module: str, device: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = start_process(
            self.broker, self.data, device, module, *arguments, DENLUOT_CLOCK=str(self.clock)
        )
        self._ending.callback(process.wait, 10)
        self._ending.callback(process.kill)
        self.until(lambda: self.online(device) or process.poll() is not None)
        assert process.poll() is None, (self.data / f"{device}.log").read_text()
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


class Tray:
    """Notes each paper on its way to the printer."""

    def __init__(self, station: PrintStation, papers: list[Ticket]) -> None:
        self._station = station
        self._papers = papers

    def submit(self, ticket: Ticket, on_done: Callable[[PrintResult], None]) -> None:
        self._papers.append(ticket)
        self._station.submit(ticket, on_done)


class Booth:
    """The kiosk's window with everything real behind it."""

    def __init__(self, centre: Centre, ending: ExitStack, fetch: Fetch = no_fetch) -> None:
        """Fetch the procedures by `fetch`."""
        self.centre = centre
        application = Application("kiosk", {})
        gestures = iter(range(0, 100_000, 10))
        link = centre.link("kiosk-1", "kiosk", QtOwner(QGuiApplication.instance()).deliver)
        world = Surroundings(
            data=centre.data,
            monotonic=centre.clock.monotonic,
            real_monotonic=lambda: float(next(gestures)),
            after=after,
            rng=random.Random(1),
            speak=application.speak,
            fetch_procedures=fetch,
        )
        self.kiosk: Kiosk = assemble(link, world)
        ending.callback(delete, self.kiosk.stage)
        printer = open_printer(SimulatedPrinter(), centre.data, "kiosk-1")
        station = PrintStation([printer], self.kiosk.printing.tell_health, now=centre.clock.now)
        self.papers: list[Ticket] = []
        self.kiosk.printing.use(Tray(station, self.papers))
        box = Box(pin=MaintenancePin(centre.data / "kiosk", time.monotonic))
        maintenance = Maintenance(self.kiosk, link, box, time.monotonic)
        screens = KioskScreens(self.kiosk, maintenance, link.now, centre.clock.real_s)
        window = application.load("kiosk", "Kiosk", **screens.properties())
        ending.callback(application.close)
        ending.callback(application.speak, "vi")
        window.resize(1080, 1920)
        window.show()
        station.start()
        ending.callback(station.stop)
        link.start()
        ending.callback(QGuiApplication.processEvents)  # what it still delivers has a taker
        ending.callback(link.stop)
        screens.start()
        ending.callback(screens.stop)
        kept = self.kiosk.kept_procedures
        assert kept is not None
        kept.start()
        ending.callback(kept.stop)
        self.window = window
        self.finger = Finger(window)
        centre.until(lambda: self.kiosk.listener.snapshot.service_up and window.isExposed())
        centre.until(lambda: bool(self.kiosk.offer.tiles))
        centre.until(lambda: self._placed("service-CIVIL"))

    def touch(self, name: str) -> None:
        """Touch something once it is there."""
        self.centre.until(lambda: self._placed(name))
        self.finger.touch(name)

    def texts(self) -> list[str]:
        """Return what can be read on the screen."""
        waiting, found = [self.window.contentItem()], []
        while waiting:
            item = waiting.pop()
            if not item.isVisible():
                continue
            if isinstance(text := item.property("text"), str) and text:
                found.append(text)
            waiting.extend(item.childItems())
        return found

    def _placed(self, name: str) -> bool:
        item = find_item(self.window, name)
        return isinstance(item, QQuickItem) and item.isVisible()

    def take(self, service: str) -> str:
        """Touch a service, wait for number and paper, touch "Xong"; return the number."""
        self.centre.until(lambda: self._placed(f"service-{service}"))
        self.finger.touch(f"service-{service}")
        try:
            self.centre.until(lambda: self.kiosk.session.page is Page.TICKET)
        except QtTimeoutError as error:
            raise AssertionError((self.kiosk.session, self.texts())) from error
        self.centre.until(self._printed)
        ticket = self.kiosk.session.ticket
        assert ticket is not None
        self.finger.touch("finish")
        self.centre.until(lambda: self.kiosk.session.page is Page.HOME)
        return ticket.number

    def _printed(self) -> bool:
        ticket = self.kiosk.session.ticket
        return ticket is not None and ticket.paper is Paper.PRINTED
