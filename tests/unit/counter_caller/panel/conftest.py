"""A counter of the built-in centre on a memory bus, with a service that tests direct."""

# ruff: noqa: ANN401 - builders take any field of what they build

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bus.codec import encode
from bus.commands import AnyCommand, Reply, decode_command
from bus.memory import MemoryBroker, MemoryBus
from bus.port import Incoming
from bus.session import ServiceClock, Session
from bus.states import ConfigState, CounterState, DeviceStatus
from bus.topics import Topics
from bus.vocabulary import Error
from config.load import centre_to_wire
from config.settings import Centre, PanelBox, Screen
from counter_caller.panel.counter_panel import CounterPanel
from counter_caller.panel.windows import Windows, open_windows
from hall.counter.desk import Desk
from hall.model import Hall as HallModel
from hall.words import Words
from ui.application import Application
from ui.owner import QtOwner

NOW = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
"""Monday, 08:24 in Hải Phòng."""
_SITE = "nhi-chieu"
_IN_A_MOMENT_MS = 30_000


class FakeService:
    """Publishes what a test says, and answers each command as the test says."""

    def __init__(self, broker: MemoryBroker) -> None:
        self.topics = Topics(_SITE)
        self.commands: queue.Queue[AnyCommand] = queue.Queue()
        self.bus = MemoryBus(broker, "service")
        self._revs = count(1)
        self.bus.subscribe(self.topics.every("cmd"), self._take)
        self.bus.start()

    def _take(self, message: Incoming) -> None:
        self.commands.put(decode_command(message.payload))

    def configure(self, centre: Centre, rev: int = 1) -> None:
        wire = centre_to_wire(centre)
        config = ConfigState(epoch="E", rev=rev, at=NOW, version=rev, centre=wire)
        self.bus.publish(self.topics.config(), encode(config), retain=True)

    def publish(self, state: CounterState) -> None:
        state = msgspec.structs.replace(state, rev=next(self._revs))
        self.bus.publish(self.topics.counter(state.counter), encode(state), retain=True)

    def status(self, device: str, status: DeviceStatus) -> None:
        self.bus.publish(self.topics.status(device), encode(status), retain=True)

    def next_command(self) -> AnyCommand:
        return self.commands.get(timeout=60)

    def accept(self, command: AnyCommand, result: dict[str, Any] | None = None) -> None:
        self._reply(Reply(id=command.id, ok=True, rev=1, result=result or {}))

    def refuse(self, command: AnyCommand, error: Error, message: str | None = None) -> None:
        self._reply(Reply(id=command.id, ok=False, error=error, message=message))

    def _reply(self, reply: Reply) -> None:
        self.bus.publish(self.topics.reply("counter-3"), encode(reply))


class Hand:
    """Seconds of the officer's hand, moved by tests."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Hall:
    """A running panel of counter 3 and the service it talks to."""

    service: FakeService
    link_bus: MemoryBus
    panel: CounterPanel
    windows: Windows
    application: Application
    hand: Hand
    qtbot: QtBot
    now: list[datetime]
    real: list[float]
    """Real seconds, moved by tests."""

    @property
    def window(self) -> QQuickWindow:
        return self.windows.window

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=_IN_A_MOMENT_MS)

    def shows(self, state: CounterState) -> None:
        """Publish `state` and wait until the panel has it."""
        self.service.publish(state)
        same = msgspec.structs.replace
        self.wait(
            lambda: (
                (known := self.panel._desk.situation.state) is not None
                and same(known, rev=0, at=NOW) == same(state, rev=0, at=NOW)
            )
        )
        self.rest()

    def item(self, name: str, window: QQuickWindow | None = None) -> QQuickItem:
        """Return an item by its name: of two, the one that is seen."""
        waiting: list[QQuickItem] = [(window or self.window).contentItem()]
        hidden = None
        while waiting:
            item = waiting.pop()
            if item.objectName() == name:
                if item.isVisible():
                    return item
                hidden = item
            waiting.extend(item.childItems())
        assert hidden is not None, name
        return hidden

    def point(self, name: str, window: QQuickWindow | None = None) -> QPoint:
        item = self.item(name, window)
        return item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()

    def click(self, name: str, window: QQuickWindow | None = None) -> None:
        window = window or self.window
        window.grabWindow()  # lays everything out
        point = self.point(name, window)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)

    def rest(self) -> None:
        """Let the hand rest until what is under it has settled."""
        self.hand.seconds += 1

    def painted(self, window: QQuickWindow | None = None) -> QImage:
        """Return what is seen once everything is laid out."""
        window = window or self.window
        window.grabWindow()
        QCoreApplication.processEvents()
        return window.grabWindow()

    def key(self, key: Qt.Key, window: QQuickWindow | None = None) -> None:
        QTest.keyClick(window or self.window, key)

    def choose(self, text: str) -> None:
        """Press the line of the open sheet that says `text`."""
        self.wait(lambda: self.panel.state.sheet is not None)
        self.rest()
        sheet = self.panel.state.sheet
        assert sheet is not None
        texts = [choice.text for choice in sheet.choices]
        self.panel.choose(texts.index(text))

    def texts(self, window: QQuickWindow | None = None) -> list[tuple[QQuickItem, str]]:
        """Return every text that is painted."""
        found = []
        waiting: list[QQuickItem] = [(window or self.window).contentItem()]
        while waiting:
            item = waiting.pop()
            if not item.isVisible():
                continue
            text = item.property("text")
            if item.inherits("QQuickText") and text:
                found.append((item, text))
            waiting.extend(item.childItems())
        return found


@pytest.fixture
def open_hall(
    qtbot: QtBot, qapp: QGuiApplication, tmp_path: Path, scene: Any
) -> Iterator[Callable[..., Hall]]:
    assert qapp
    halls: list[tuple[Hall, Session]] = []

    def open_one(
        *,
        size: tuple[int, int] = (460, 690),
        lang: str = "vi",
        data: Path = tmp_path,
        text_scale: float = 1.0,
    ) -> Hall:
        broker = MemoryBroker()
        service = FakeService(broker)
        now = [NOW]
        hand = Hand()
        link_bus = MemoryBus(broker, "counter-3-panel")
        ids = (f"id-{n}" for n in count(1))
        owner = QtOwner(qapp)
        real = [0.0]
        link = Session(
            link_bus,
            Topics(_SITE),
            "counter-3",
            "counter",
            clock=ServiceClock(lambda: now[0], lambda: 0.0),
            real=lambda: real[0],
            deliver=owner.deliver,
            new_id=lambda: next(ids),
        )
        application = Application("test", {})
        desk = Desk(
            3,
            link.ask,
            now=lambda: now[0],
            elapsed_s=lambda: (now[0] - NOW) / timedelta(seconds=1),
            hand_s=hand,
            t=Words(lang),
        )
        panel = CounterPanel(desk, HallModel(link), float)
        panel.follow()
        application.speak(lang)
        screen = Screen(mode="window", geometry=(0, 0, *size))
        box = PanelBox(device="counter-3", counter=3, screen=screen)
        windows = open_windows(application, panel, box, data)
        for window in (windows.window, windows.bar):
            window.setProperty("textScale", text_scale)
        link.start()
        hall = Hall(service, link_bus, panel, windows, application, hand, qtbot, now, real)
        halls.append((hall, link))
        service.configure(scene.centre)
        service.status("service", scene.online("service"))
        service.status("keypad-1", scene.online("keypad"))
        hall.shows(scene.state())
        hall.wait(lambda: panel.state.header.services != "" and panel.state.header.live)
        hall.wait(windows.window.isExposed if not panel.is_compact else windows.bar.isExposed)
        hall.rest()
        return hall

    yield open_one
    for hall, link in halls:
        link.stop()
        hall.service.bus.stop()
        hall.application.speak("vi")
        hall.application.close()


@pytest.fixture
def hall(open_hall: Callable[..., Hall]) -> Hall:
    return open_hall()
