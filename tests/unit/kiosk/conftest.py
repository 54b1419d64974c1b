"""A kiosk over the memory bus, with a service and a printer that do as they are told."""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.codec import decode, encode, plain
from bus.commands import (
    AnyCommand,
    IssuedTicket,
    IssueTicket,
    Reply,
    ReprintTicket,
    decode_command,
)
from bus.health import PrinterChoice
from bus.memory import MemoryBroker, MemoryBus
from bus.orders import OrderResult, PrintTest, PrintTicket, UsePrinter
from bus.port import Incoming
from bus.session import ServiceClock, Session, at_once
from bus.states import BookMark, ConfigState, HelpCall, ServicesState, ServiceState, Visit
from bus.topics import Topics
from bus.vocabulary import Error, PrintOutcome
from config import Centre, centre_to_wire, load_centre
from config.settings import FiveKeys
from hardware.printer import PrintResult, Reason
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, assemble
from kiosk.maintenance import Box, Maintenance
from kiosk.screens import KioskScreens
from kiosk.speaking.reader import Key, Mouth
from kiosk.speaking.running import codes_of, five_keys
from kiosk.stage import Stage
from kiosk.window import Attention
from paper import Ticket
from provisioning.maintenance_pin import MaintenancePin
from provisioning.passwords import Passwords
from ui.application import Application, find_item
from ui.owner import QtOwner

TOPICS = Topics("nhi-chieu")
MORNING = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
"""Monday 23 November 2026, 08:24 in Hải Phòng."""
HALL = {
    "CERT": (9, (15, 20)),
    "CIVIL": (2, (5, 10)),
    "SOC": (0, None),
    "ECON": (1, (5, 5)),
    "LAND": (4, (30, 45)),
    "TAX": (1, (5, 5)),
    "SI": (0, None),
    "PICK": (0, None),
    "HELP": (0, None),
}


@dataclass
class HandClock:
    """A clock that moves when told."""

    at: datetime = MORNING
    seconds: float = 1000.0
    real_s: float = 0.0
    """Real seconds, in which the service beats."""

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class Later:
    """Collects what is to be called after a while; the test says when that is."""

    calls: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __call__(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append((seconds, call))

    def pass_time(self) -> None:
        calls, self.calls = self.calls, []
        for _, call in calls:
            call()


@dataclass
class FakePrinter:
    """Takes papers and does with them what the test says."""

    result: PrintResult | None = field(
        default_factory=lambda: PrintResult(PrintOutcome.PRINTED, None, "fake")
    )
    papers: list[Ticket] = field(default_factory=list)
    held: list[Callable[[PrintResult], None]] = field(default_factory=list)

    def submit(self, ticket: Ticket, on_done: Callable[[PrintResult], None]) -> None:
        self.papers.append(ticket)
        if self.result is None:
            self.held.append(on_done)
        else:
            on_done(self.result)

    def ends(self, outcome: PrintOutcome, reason: Reason | None = None) -> None:
        self.result = PrintResult(outcome, reason, "fake")


class FakeService:
    """Answers as the queue service does, or as the test wants it to."""

    def __init__(self, broker: MemoryBroker, clock: HandClock, centre: Centre) -> None:
        self.centre = centre
        self.received: list[AnyCommand] = []
        self.answering = True
        self.errors: dict[type, Error] = {}
        self.issued: dict[str, IssuedTicket] = {}
        self.numbers = {service.code: count(1) for service in centre.services}
        self.books: tuple[BookMark, ...] = ()
        self.business_day = "2026-11-23"
        self.help: tuple[HelpCall, ...] = ()
        self.visits: tuple[Visit, ...] = ()
        self.services = {
            code: ServiceState(service=code, open=True, waiting=waiting, wait_min=wait)
            for code, (waiting, wait) in HALL.items()
        }
        self._clock = clock
        self._rev = count(1)
        self.link = Session(
            MemoryBus(broker, "service"),
            TOPICS,
            "service",
            "service",
            clock=ServiceClock(clock.now, clock.monotonic),
            real=time.monotonic,
            deliver=at_once,
            new_id=lambda: f"order-{next(self._rev)}",
        )
        self.results: list[tuple[str, str, str | None]] = []
        self.link.bus.subscribe(TOPICS.every("cmd"), self._take)
        self.link.bus.subscribe(TOPICS.result("kiosk-1"), self._take_result)

    def start(self) -> None:
        self.link.start()
        self.publish()

    def publish(self) -> None:
        header: dict[str, Any] = {"epoch": "E", "rev": next(self._rev), "at": self._clock.now()}
        config = ConfigState(version=1, centre=centre_to_wire(self.centre), **header)
        services = ServicesState(
            business_day=self.business_day,
            services=tuple(self.services.values()),
            books=self.books,
            help=self.help,
            visits=self.visits,
            **header,
        )
        self.link.bus.publish(TOPICS.config(), encode(config), retain=True)
        self.link.bus.publish(TOPICS.services(), encode(services), retain=True)

    def standing(self, service: str, **state: Any) -> None:  # noqa: ANN401
        self.services[service] = ServiceState(service=service, **state)

    def order(self, ticket: IssuedTicket, order_id: str, *, copy: bool = False) -> None:
        order = PrintTicket(id=order_id, at=self._clock.now(), ticket=ticket, copy=copy)
        self.link.bus.publish(TOPICS.order("kiosk-1"), encode(order))

    def order_test(self, order_id: str) -> None:
        order = PrintTest(id=order_id, at=self._clock.now())
        self.link.bus.publish(TOPICS.order("kiosk-1"), encode(order))

    def order_printer(self, printer: PrinterChoice, order_id: str) -> None:
        order = UsePrinter(id=order_id, at=self._clock.now(), printer=printer)
        self.link.bus.publish(TOPICS.order("kiosk-1"), encode(order))

    def _take_result(self, message: Incoming) -> None:
        result = decode(OrderResult, message.payload)
        self.results.append((result.order, result.outcome.value, result.reason))

    def of(self, kind: type) -> list[Any]:
        return [command for command in self.received if isinstance(command, kind)]

    def reply(self, reply: Reply) -> None:
        self.link.bus.publish(TOPICS.reply("kiosk-1"), encode(reply))

    def answer(self, command: AnyCommand) -> None:
        error = self.errors.get(type(command))
        if error:
            self.reply(Reply(id=command.id, ok=False, error=error, message="no"))
            return
        result: dict[str, Any] = {}
        if isinstance(command, IssueTicket):
            result = plain(self._issue(command))
        self.reply(Reply(id=command.id, ok=True, result=result))
        if isinstance(command, ReprintTicket):
            self.order(self.issued[command.ticket], f"copy-{command.id}", copy=True)

    def _take(self, message: Incoming) -> None:
        command = decode_command(message.payload)
        self.received.append(command)
        if self.answering:
            self.answer(command)

    def _issue(self, command: IssueTicket) -> IssuedTicket:
        serial = next(self.numbers[command.service])
        waiting, wait = HALL[command.service]
        ticket = IssuedTicket(
            ticket=f"ticket-{command.service}-{command.number or serial}",
            number=command.number or self.centre.number_text(command.service, serial),
            service=command.service,
            ticket_class=command.ticket_class,
            business_day=command.business_day or self.business_day,
            ahead=waiting,
            wait_min=wait,
            token="TOKEN",
            issued_at=self._clock.now(),
            lang=command.lang,
            language=command.language,
        )
        self.issued[ticket.ticket] = ticket
        return ticket


class Machine:
    """The machine that the maintenance menu may change: it writes down what it was asked."""

    def __init__(self, data: Path, clock: HandClock) -> None:
        self.pin = MaintenancePin(data / "kiosk", clock.monotonic, _cheap_passwords())
        self.asked: list[str] = []
        self.join_error: Exception | None = None
        self.restart_error: OSError | None = None

    def box(self) -> Box:
        return Box(
            pin=self.pin,
            version="0.3.0",
            broker="10.1.2.3:8883",
            addresses=lambda: ("10.1.2.40",),
            join=self._join,
            restart_program=lambda: self._restart("program"),
            restart_machine=lambda: self._restart("machine"),
        )

    def _join(self, code: str, lang: str) -> None:
        self.asked.append(f"join {code} {lang}")
        if self.join_error:
            raise self.join_error

    def _restart(self, what: str) -> None:
        if self.restart_error:
            raise self.restart_error
        self.asked.append(what)


def _cheap_passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass
class Hall:
    """One kiosk and what surrounds it."""

    kiosk: Kiosk
    service: FakeService
    printer: FakePrinter
    clock: HandClock
    later: Later
    link: Session
    data: Path
    maintenance: Maintenance
    machine: Machine
    languages: list[str]
    qtbot: QtBot

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)

    def ready(self) -> None:
        self.until(lambda: self.kiosk.listener.snapshot.service_up and bool(self.kiosk.offer.tiles))

    def pause(self) -> None:
        """Let the guard against double taps pass."""
        self.clock.advance(1)

    def take(self, service: str) -> None:
        self.pause()
        self.kiosk.choose(service)

    def closes(self) -> None:
        """Let the service say that it is past the hours of today's morning."""
        self.clock.advance(4 * 3600)
        opens = self.clock.now() + timedelta(minutes=36)
        for code in self.service.services:
            self.service.standing(code, open=False, why="hours", opens_at=opens)
        self.service.publish()
        self.until(lambda: self.kiosk.offer.closed_hours != "")

    def service_dies(self) -> None:
        self.service.link.stop()
        self.until(lambda: not self.kiosk.listener.snapshot.service_up)


Build = Callable[..., Hall]


@pytest.fixture
def centre() -> Centre:
    return load_centre()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def build(
    qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path, centre: Centre, clock: HandClock
) -> Iterator[Build]:
    """Return a builder of halls that share one data directory, as a kiosk started again does."""
    assert qapp
    links: list[Session] = []
    stages: list[Stage] = []
    owners: list[QtOwner] = []
    ids = count(1)

    def make(
        *,
        with_service: bool = True,
        speak: Callable[[str], None] | None = None,
        of_centre: Centre = centre,
        before: Callable[[FakeService], None] = lambda _: None,
    ) -> Hall:
        broker = MemoryBroker()
        service = FakeService(broker, clock, of_centre)
        owners.append(owner := QtOwner())
        link = Session(
            MemoryBus(broker, "kiosk-1"),
            TOPICS,
            "kiosk-1",
            "kiosk",
            clock=ServiceClock(clock.now, clock.monotonic),
            real=lambda: clock.real_s,
            deliver=owner.deliver,
            new_id=lambda: f"k{next(ids)}",
        )
        later, printer = Later(), FakePrinter()
        languages: list[str] = []
        world = Surroundings(
            data=tmp_path,
            monotonic=clock.monotonic,
            real_monotonic=clock.monotonic,
            after=later,
            rng=random.Random(1),
            speak=speak or languages.append,
        )
        kiosk = assemble(link, world)
        kiosk.printing.use(printer)
        links.extend([service.link, link])
        stages.append(kiosk.stage)
        before(service)
        if with_service:
            service.start()
        link.start()
        machine = Machine(tmp_path, clock)
        maintenance = Maintenance(kiosk, link, machine.box(), clock.monotonic)
        hall = Hall(
            kiosk=kiosk,
            service=service,
            printer=printer,
            clock=clock,
            later=later,
            link=link,
            data=tmp_path,
            maintenance=maintenance,
            machine=machine,
            languages=languages,
            qtbot=qtbot,
        )
        if with_service:
            hall.ready()
        return hall

    yield make
    for link in links:
        link.stop()
    for owner in owners:
        delete(owner)
    for stage in stages:
        delete(stage)  # on this thread: the garbage collector may run on any


@pytest.fixture
def hall(build: Build) -> Hall:
    return build()


@dataclass
class Shown:
    """A kiosk's window that can be touched and looked at."""

    hall: Hall
    window: QQuickWindow
    screens: KioskScreens
    touchscreen: Any

    def item(self, name: str) -> QQuickItem:
        found = find_item(self.window, name)
        assert isinstance(found, QQuickItem), name
        return found

    def visible(self, name: str) -> bool:
        found = find_item(self.window, name)
        return isinstance(found, QQuickItem) and found.isVisible()

    def centre_of(self, name: str) -> QPoint:
        item = self.item(name)
        return item.mapToScene(item.boundingRect().center()).toPoint()

    def settle(self) -> None:
        """Let what has just changed be laid out, which happens when it is drawn."""
        QGuiApplication.processEvents()
        self.window.grabWindow()
        QGuiApplication.processEvents()

    def touch(self, name: str) -> None:
        self.settle()
        self.hall.pause()
        self.touch_at(self.centre_of(name))

    def key(self, key: Key, *, held_s: float = 0.0) -> None:
        """Press one of the five keys as they are wired by default."""
        self.hall.pause()
        code = next(code for code, what in KEYS.items() if what is key)
        QTest.keyPress(self.window, Qt.Key(code))
        self.hall.clock.advance(held_s)
        QTest.keyRelease(self.window, Qt.Key(code))

    def touch_at(self, point: QPoint) -> None:
        QTest.touchEvent(self.window, self.touchscreen).press(1, point, self.window).commit()
        QTest.touchEvent(self.window, self.touchscreen).release(1, point, self.window).commit()

    def texts(self) -> list[QQuickItem]:
        """Return every visible text."""
        found: list[QQuickItem] = []
        waiting: list[Any] = [self.window.contentItem()]
        while waiting:
            item = waiting.pop()
            if not item.isVisible():
                continue
            if item.inherits("QQuickText") and item.property("text"):
                found.append(item)
            waiting.extend(item.childItems())
        return found

    def picture(self, name: str) -> None:
        """Wait until nothing moves any more; keep the picture where pictures are kept."""
        seen: list[QImage] = []

        def unchanged() -> bool:
            seen.append(self.window.grabWindow())
            return len(seen) > 3 and all(image == seen[-1] for image in seen[-4:])

        self.hall.until(unchanged)
        if directory := os.environ.get("DENLUOT_SCREENSHOTS"):
            assert seen[-1].save(str(Path(directory) / f"kiosk-{name}.png"))

    def every_text_fits(self) -> None:
        """See that no visible text is cut or leaves the window."""
        width, height = self.window.width(), self.window.height()
        texts = self.texts()
        assert texts
        for text in texts:
            words = text.property("text")
            assert not text.property("truncated"), words
            assert text.property("contentWidth") <= text.width() + 1, words
            right = text.mapToScene(text.boundingRect().bottomRight())
            assert right.x() <= width + 1, words
            assert right.y() <= height + 1, words

    def words(self) -> str:
        return " | ".join(str(item.property("text")) for item in self.texts())

    def resize(self, width: int, height: int) -> None:
        self.window.resize(width, height)
        self.hall.until(lambda: (self.window.width(), self.window.height()) == (width, height))
        QGuiApplication.processEvents()


KEYS = codes_of(FiveKeys())
Show = Callable[..., Shown]


@pytest.fixture
def application(qapp: QGuiApplication) -> Iterator[Application]:
    assert qapp
    application = Application("kiosk", {})
    yield application
    application.speak("vi")
    application.close()


@pytest.fixture
def show(build: Build, application: Application) -> Iterator[Show]:
    """Return a builder of windows of `width` × `height`."""
    opened: list[tuple[QQuickWindow, KioskScreens, QObject]] = []

    def make(
        width: int = 1080,
        height: int = 1920,
        *,
        mouth: Mouth | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Shown:
        hall = build(speak=application.speak, **options)
        screens = KioskScreens(hall.kiosk, hall.maintenance, hall.clock.now, float, mouth)
        window = application.load("kiosk", "Kiosk", **screens.properties())
        attention = Attention(window, hall.kiosk.somebody_touches, screens.reader.interrupt)
        five_keys(window, screens, KEYS, hall.clock.monotonic)
        opened.append((window, screens, attention))
        window.resize(width, height)
        window.show()
        hall.until(window.isExposed)
        QGuiApplication.processEvents()
        return Shown(hall, window, screens, QTest.createTouchDevice())

    yield make
    for window, screens, attention in opened:
        assert isinstance(attention, Attention)
        attention.stop()
        screens.stop()
        window.setProperty("locked", False)
        window.close()
