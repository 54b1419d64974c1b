"""Two counter windows, a real Mosquitto and the real service: the work of a morning."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bus.broker import PrivateBroker, mosquitto_program
from bus.commands import IssuedTicket, IssueTicket, Reply, result_of
from bus.mqtt import Account
from bus.orders import Acknowledgement
from bus.session import Deliver, Session, at_once, connect, new_id
from bus.states import BoardState, DeviceStatus
from bus.vocabulary import AckOutcome
from config.clock import Clock
from config.load import load_centre
from config.settings import PanelBox, Screen
from counter_caller.panel.counter_panel import CounterPanel
from counter_caller.panel.windows import Windows, open_windows
from hall.counter.desk import Desk, buttons_of
from hall.model import Hall
from hall.words import Words
from tests.processes import start_process
from ui.application import Application
from ui.owner import QtOwner

DEVICES = ("service", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[2]
SITE = "nhi-chieu"
WITHIN_MS = 60_000
MEMORY_MB = 120

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


class Centre:
    """The broker, the service, a kiosk that takes numbers, and panels."""

    def __init__(self, data: Path, qtbot: QtBot, ending: ExitStack) -> None:
        self.data = data
        self.qtbot = qtbot
        self.clock = Clock.starting(datetime(2026, 11, 23, 1, 24, tzinfo=UTC))
        self._ending = ending
        roles = {device.id: device.role.value for device in load_centre().devices}
        roles["service"] = "service"
        self.broker = ending.enter_context(PrivateBroker(data / "broker", SITE, roles))
        self.statuses: dict[str, DeviceStatus] = {}
        self.kiosk = self.link("kiosk-1", "kiosk")
        self.kiosk.follow_devices(DEVICES, self.statuses.__setitem__)
        self.start("queue_service", "service")
        self.kiosk.start()
        ending.callback(self.kiosk.stop)
        self.wait(lambda: "service" in self.statuses and self.statuses["service"].online)

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
        self._ending.callback(process.terminate)
        return process

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=WITHIN_MS)

    def issue(self, service: str) -> str:
        replies: list[Reply] = []
        command = IssueTicket(id=new_id(), ts=self.clock.now(), service=service)
        self.kiosk.ask(command, replies.append)
        self.wait(lambda: bool(replies))
        return result_of(replies[0], IssuedTicket).number

    def announce(self) -> None:
        """Speak the newest call, and every later one."""
        link = self.link("announcer-1", "announcer")

        def speak(state: BoardState) -> None:
            for call in state.calls[:1]:
                for outcome in (AckOutcome.ACCEPTED, AckOutcome.SPOKEN):
                    link.acknowledge(
                        Acknowledgement(
                            epoch=state.epoch, call_seq=call.call_seq, outcome=outcome, eta_s=0.0
                        )
                    )

        link.follow_board(speak)
        link.start()
        self._ending.callback(link.stop)

    def open_panel(self, counter: int) -> "Counter":
        owner = QtOwner(QCoreApplication.instance())
        link = self.link(f"counter-{counter}", "counter", owner.deliver)
        hand = Hand()
        desk = Desk(
            counter,
            link.ask,
            now=link.now,
            elapsed_s=self.clock.monotonic,
            hand_s=hand,
            t=Words(),
        )
        application = Application("test", {})
        self._ending.callback(application.close)
        panel = CounterPanel(desk, Hall(link), self.clock.real_s)
        panel.follow()
        screen = Screen(mode="window", geometry=(0, 0, 460, 690))
        box = PanelBox(device=f"counter-{counter}", counter=counter, screen=screen)
        windows = open_windows(application, panel, box, self.data)
        link.start()
        self._ending.callback(link.stop)
        self.wait(lambda: panel.state.header.live and desk.situation.state is not None)
        self.wait(lambda: desk.situation.centre is not None)
        return Counter(self, panel, windows, hand)


class Hand:
    """An officer's hand that never double-clicks."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 10
        return self.seconds


class Counter:
    """What an officer sees and does at one counter."""

    def __init__(self, centre: Centre, panel: CounterPanel, windows: Windows, hand: Hand) -> None:
        self._centre = centre
        self._hand = hand
        self.panel = panel
        self.windows = windows

    def key(self, key: Qt.Key) -> None:
        window = self.windows.window
        window.requestActivate()
        self._centre.wait(window.isActive)
        QTest.keyClick(window, key)

    def sees(self, number: str) -> None:
        self._centre.wait(lambda: self.panel.state.current.number == number)

    def waiting(self, number: int) -> None:
        text = f"Đang chờ {number}"
        self._centre.wait(lambda: self.panel.state.tabs[0].text == text)

    def press(self, button: str) -> None:
        self._centre.wait(lambda: self._enabled(button))
        self.panel.press(button)

    def choose(self, text: str) -> None:
        self._centre.wait(lambda: self.panel.state.sheet is not None)
        sheet = self.panel.state.sheet
        assert sheet is not None
        self.panel.choose([choice.text for choice in sheet.choices].index(text))

    def _enabled(self, button: str) -> bool:
        return buttons_of(self.panel.state)[button].enabled


@pytest.fixture
def centre(tmp_path: Path, qtbot: QtBot, qapp: QGuiApplication) -> Iterator[Centre]:
    assert qapp
    with ExitStack() as ending:
        yield Centre(tmp_path, qtbot, ending)


def test_call_park_recall_transfer_and_undo(centre: Centre) -> None:
    third, first = centre.open_panel(3), centre.open_panel(1)
    assert third.panel.state.buttons.primary.text == "Mở quầy"
    numbers = [centre.issue("CIVIL"), centre.issue("CIVIL"), centre.issue("CERT")]
    assert numbers == ["2001", "2002", "1001"]
    third.waiting(3)
    third.key(Qt.Key.Key_F9)
    third.sees("2001")
    assert third.panel.state.header.status == "open"

    third.key(Qt.Key.Key_F8)
    centre.wait(lambda: third.panel.state.current.facts[-1].value == "2 lần")

    third.press("park")
    third.sees("")
    assert third.panel.state.tabs[1].text == "Chờ ký 1"

    third.press("undo")
    third.sees("2001")
    assert third.panel.state.tabs[1].text == "Chờ ký 0"

    third.press("transfer")
    third.choose("Chứng thực")
    third.sees("")
    first.waiting(2)
    first.key(Qt.Key.Key_F9)
    first.sees("2001")
    third.waiting(2)
    third.key(Qt.Key.Key_F9)
    third.sees("2002")

    third.press("presence")
    third.choose("Trình ký")
    third.choose("15 phút")
    centre.wait(lambda: third.panel.state.header.status == "paused")
    third.press("presence")
    centre.wait(lambda: third.panel.state.header.status == "open")


def test_nobody_is_absent_before_they_were_called_aloud(centre: Centre) -> None:
    third = centre.open_panel(3)
    numbers = [centre.issue("CIVIL"), centre.issue("CIVIL")]
    third.waiting(2)
    third.key(Qt.Key.Key_F9)
    third.sees(numbers[0])
    assert third.panel.state.buttons.primary.text == "Đang gọi…"
    third.key(Qt.Key.Key_F9)
    third.key(Qt.Key.Key_F9)
    assert third.panel.state.notice.text.startswith(f"Số {numbers[0]} đang được gọi.")
    centre.announce()
    centre.wait(lambda: third.panel.state.buttons.second.text == "Vắng mặt – gọi tiếp")
    beckoned: list[bool] = []
    third.panel.changed.connect(lambda: beckoned.append(third.panel.state.buttons.beckons))
    third.key(Qt.Key.Key_F9)
    assert True in beckoned
    assert third.panel.state.current.number == numbers[0]
    third.press("second")
    third.sees(numbers[1])
    assert third.panel.state.tabs[2].text == "Vắng 1"
    assert third.panel.state.undo.text == f"Hoàn tác: vắng mặt {numbers[0]}"


def test_a_service_that_goes_away_is_said_and_comes_back(
    centre: Centre, expected_warnings: list[str]
) -> None:
    expected_warnings.append("link")
    third = centre.open_panel(3)
    centre.issue("CIVIL")
    third.waiting(1)
    centre.broker.stop()
    centre.wait(lambda: third.panel.state.header.lost == "Mất kết nối")
    assert not third.panel.state.buttons.primary.enabled
    centre.broker.start()
    centre.wait(lambda: third.panel.state.buttons.primary.enabled)
    third.key(Qt.Key.Key_F9)
    third.sees("2001")


def test_the_real_process_is_there_and_small(centre: Centre) -> None:
    process = centre.start("counter_caller.panel", "counter-3", "--counter", "3")
    centre.wait(lambda: "counter-3" in centre.statuses and centre.statuses["counter-3"].online)
    centre.issue("CIVIL")
    used = psutil.Process(process.pid)
    deadline = time.monotonic() + 1
    centre.wait(lambda: time.monotonic() > deadline)
    assert used.memory_full_info().pss / 1e6 <= MEMORY_MB
    process.terminate()
    assert process.wait(10) == 0
    centre.wait(lambda: not centre.statuses["counter-3"].online)
    assert (centre.data / "panels" / "counter-3.json").exists()
