"""A printer that stalls or stops in a ticket: nobody waits for it, and who gets a copy."""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from bus.broker import PrivateBroker, mosquitto_program
from bus.commands import AnyCommand, CallNext, Reply, VoidTicket
from bus.health import KioskHealth, health_as
from bus.mqtt import Account
from bus.session import Deliver, Session, at_once, connect, new_id
from bus.states import BoardState, DeviceStatus
from config import Clock, load_centre
from config.settings import NetworkPrinter
from hall.citizen.session import Page
from hardware.printer import Capability, PrintStation, Proof, open_printer
from hardware.printer.capability import CapabilityFile
from kiosk.app import Kiosk
from kiosk.assembly import Surroundings, after, assemble
from queue_service.codec import decode_fact
from queue_service.domain.events import PrintReported
from simulators.printer import PROFILES, Machine, Paper, TcpPort, Tray
from tests.processes import start_process
from ui.owner import QtOwner
from wait_log.dialects import store_url
from wait_log.reader import open_reader

DEVICES = ("service", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[2]
CENTRE = load_centre()
SITE = CENTRE.identity.site
MORNING = datetime(2026, 11, 23, 1, 24, tzinfo=UTC)
WITHIN_MS = 60_000
AT_ONCE_S = 1.5
"""How long a touch may take to its number, and a press to its call, on a busy machine."""
LONGEST_PAUSE_S = 0.6
BEAT_S = 0.02
SERVICES = ("CIVIL", "CERT", "LAND")
FULL = Capability(proof=Proof.PROCESS_ID, subjects=(4, 2, 3, 1), automatic=True, clears=True)

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


class RunningTime:
    """Counts the time in which this process runs: what the machine takes from all is left out."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _count(self) -> None:
        last = time.monotonic()
        while not self._over.wait(BEAT_S):
            now = time.monotonic()
            self.seconds += min(now - last, 2 * BEAT_S)
            last = now


class Hall:
    """The real service behind a real broker, a kiosk, a counter, and a printer that stalls."""

    def __init__(self, data: Path, qtbot: QtBot, ending: ExitStack) -> None:
        self.data = data
        self.clock = Clock.starting(MORNING)
        self.board: BoardState | None = None
        self.statuses: dict[str, DeviceStatus] = {}
        self.longest_pause_s = 0.0
        self._qtbot = qtbot
        self._ending = ending
        self._beat = 0.0
        roles = {device.id: device.role.value for device in CENTRE.devices} | {"service": "service"}
        self._broker = ending.enter_context(PrivateBroker(data / "broker", SITE, roles))
        self._start_service()
        board = self.link("board-1", "board")
        board.follow_board(lambda state: setattr(self, "board", state))
        board.follow_devices(DEVICES, self.statuses.__setitem__)
        self.counter = self.link("counter-2", "counter")
        for link in (board, self.counter):
            link.start()
            ending.callback(link.stop)
        self._put_up_a_printer()
        self._put_up_a_kiosk()
        self.until(lambda: self.kiosk.listener.snapshot.service_up and bool(self.kiosk.offer.tiles))
        self.until(lambda: self.health() == "ready")
        self._watch_the_screen()

    def link(self, device: str, kind: str, deliver: Deliver = at_once) -> Session:
        password = self._broker.passwords[device]
        account = Account("127.0.0.1", self._broker.port, "test", device, password)
        now, monotonic = self.clock.now, self.clock.monotonic
        return connect(account, SITE, kind, now=now, monotonic=monotonic, deliver=deliver)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=WITHIN_MS)

    def wait(self, seconds: float) -> None:
        self._qtbot.wait(round(seconds * 1000))

    def waiting(self) -> int:
        return sum(line.count for line in self.board.waiting) if self.board else -1

    def health(self) -> str:
        status = self.statuses.get("kiosk-1")
        return health_as(KioskHealth, status.health).printer if status else ""

    def take(self, service: str) -> float:
        """Touch a service; return how long its number took to the screen."""
        began = time.monotonic()
        self.kiosk.choose(service)
        self.until(lambda: self.kiosk.session.page is Page.TICKET)
        took = time.monotonic() - began
        self.kiosk.finish()
        self.until(lambda: self.kiosk.session.page is Page.HOME)
        return took

    def call_next(self) -> float:
        """Press for the next one at counter 2; return how long the answer took."""
        began = time.monotonic()
        self._command(CallNext(id=new_id(), ts=self.clock.now(), counter=2, current=None))
        return time.monotonic() - began

    def withdraw(self, ticket: str) -> None:
        """Take a ticket out at counter 2."""
        self._command(VoidTicket(id=new_id(), ts=self.clock.now(), ticket=ticket, reason="left"))

    def _command(self, command: AnyCommand) -> None:
        replies: queue.Queue[Reply] = queue.Queue()
        self.counter.ask(command, replies.put)
        reply = replies.get(timeout=60)
        assert reply.ok, reply

    def reports(self) -> list[tuple[str, str]]:
        with open_reader(store_url(self.data), SITE) as reader:
            events = [decode_fact(event.body or b"").event for event in reader.events()]
        return [(e.outcome, e.reason) for e in events if isinstance(e, PrintReported)]

    def _start_service(self) -> None:
        service = start_process(
            self._broker, self.data, "service", "queue_service", DENLUOT_CLOCK=str(self.clock)
        )
        self._ending.callback(service.wait, 10)
        self._ending.callback(service.kill)

    def _put_up_a_printer(self) -> None:
        self.tray = Tray(576)
        self.machine = Machine(
            PROFILES["full"],
            self.tray.take,
            monotonic=time.monotonic,
            rng=random.Random(1),
            prints_bytes_s=20_000,
        )
        self.port = TcpPort(self.machine)
        self.port.start()
        self._ending.callback(self.port.stop)

    def _put_up_a_kiosk(self) -> None:
        gestures = iter(range(0, 100_000, 10))
        link = self.link("kiosk-1", "kiosk", QtOwner(QGuiApplication.instance()).deliver)
        world = Surroundings(
            data=self.data,
            monotonic=self.clock.monotonic,
            real_monotonic=lambda: float(next(gestures)),
            after=after,
            rng=random.Random(1),
            speak=lambda _: None,
        )
        self.kiosk: Kiosk = assemble(link, world)
        self._ending.callback(delete, self.kiosk.stage)
        CapabilityFile(self.data, "kiosk-1", "network").write(FULL)
        choice = NetworkPrinter(host="127.0.0.1", port=self.port.port, timeout_s=0.5)
        printer = open_printer(choice, self.data, "kiosk-1")
        station = PrintStation([printer], self.kiosk.printing.tell_health, now=self.clock.now)
        self.kiosk.printing.use(station)
        for part in (station, link):
            part.start()
            self._ending.callback(part.stop)

    def _watch_the_screen(self) -> None:
        """Measure how long the thread of the screen is ever busy while others run."""
        self._running = RunningTime()
        self._running.start()
        self._ending.callback(self._running.stop)
        self._timer = QTimer(self.kiosk)
        self._timer.setInterval(round(1000 * BEAT_S))
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = self._running.seconds
        self.longest_pause_s = max(self.longest_pause_s, now - self._beat)
        self._beat = now


@pytest.fixture
def hall(qapp: QGuiApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Hall]:
    assert qapp
    with ExitStack() as ending:
        yield Hall(tmp_path, qtbot, ending)


@pytest.mark.parametrize("stall_s", [2, pytest.param(30, marks=pytest.mark.full)])
def test_a_stalled_printer_stops_nobody(
    hall: Hall, stall_s: float, expected_warnings: list[str]
) -> None:
    expected_warnings.append("printer state=offline")
    began = time.monotonic()
    hall.kiosk.choose("CIVIL")
    hall.until(lambda: len(hall.machine.received) > 3000)
    hall.machine.stalled = True
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    hall.kiosk.finish()
    hall.until(lambda: hall.health() == "offline")
    taken = [hall.take(service) for service in SERVICES]
    called = hall.call_next()
    hall.until(lambda: hall.board is not None and len(hall.board.calls) == 1)
    hall.until(lambda: hall.waiting() == len(SERVICES))
    while time.monotonic() - began < stall_s:
        hall.wait(0.2)
    assert max(*taken, called) < AT_ONCE_S
    assert hall.longest_pause_s < LONGEST_PAUSE_S
    assert hall.tray.papers == []
    hall.machine.stalled = False
    hall.until(lambda: hall.health() == "ready")
    hall.until(lambda: hall.reports().count(("printed", "")) == 1)
    assert hall.reports()[0] == ("unknown", "no_answer")
    assert hall.reports().count(("failed", "offline")) == len(SERVICES)
    assert len(hall.tray.papers) == 1, "the ticket it held, and no other"


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_lost_paper_is_copied_unless_a_counter_has_withdrawn_its_number(
    hall: Hall, withdrawn: bool, expected_warnings: list[str]
) -> None:
    expected_warnings.extend(["printer state=", "job broken off"])
    hall.machine.change_after(3000, paper=Paper.OUT)
    hall.kiosk.choose("CIVIL")
    hall.until(lambda: hall.kiosk.session.page is Page.TICKET)
    shown = hall.kiosk.session.ticket
    assert shown is not None
    assert shown.ticket is not None
    hall.until(lambda: [outcome for outcome, _ in hall.reports()] == ["unknown"])
    if withdrawn:
        hall.withdraw(shown.ticket)
    hall.kiosk.finish()
    hall.port.switch_off()
    hall.until(lambda: hall.health() == "offline")
    hall.machine.change(paper=Paper.OK)
    hall.port.plug()
    hall.until(lambda: hall.health() == "ready")
    copies = 0 if withdrawn else 1
    if copies:
        hall.until(lambda: hall.reports().count(("printed", "")) == copies)
    hall.take("CERT")
    hall.until(lambda: hall.reports().count(("printed", "")) == copies + 1)
    assert len(hall.tray.papers) == copies + 1
