"""Keypads on a line, a real Mosquitto, the real service and the real bridge."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.codec import plain
from bus.commands import CallNext, IssuedTicket, IssueTicket, Reply, result_of
from bus.health import KeypadHealth, health_as
from bus.mqtt import Account
from bus.orders import Acknowledgement
from bus.session import Session, at_once, connect, new_id
from bus.states import BoardState, CounterState, DeviceStatus
from bus.vocabulary import AckOutcome
from config import Clock, load_centre
from config.settings import AsciiProtocol
from counter_caller.keypad.bridge import SEEN_AFTER_S
from simulators.keypad import SimulatedLine, SimulatedNumpad
from tests.processes import start_process

DEVICES = ("service", *(device.id for device in load_centre().devices))

ROOT = Path(__file__).parents[2]
SITE = "nhi-chieu"
WITHIN_S = 60.0
BOX = """
[[keypads]]
device = "keypad-1"

[[keypads.call_devices]]
driver = "serial"
url = "{line}"
units = [{{ address = 3, counter = 3 }}, {{ address = 1, counter = 1 }}]

[[keypads.call_devices]]
driver = "usb"
path = "{numpad}"
counter = 2
"""

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


class Hall:
    """The broker, the service, a kiosk that takes numbers, the bridge and its keypads."""

    def __init__(self, data: Path, ending: ExitStack) -> None:
        self.data = data
        self._ending = ending
        roles = {device.id: device.role.value for device in load_centre().devices}
        roles["service"] = "service"
        self.broker = ending.enter_context(PrivateBroker(data / "broker", SITE, roles))
        self.statuses: dict[str, DeviceStatus] = {}
        self.counters: dict[int, CounterState] = {}
        self.kiosk = self._kiosk()
        self.line = SimulatedLine(
            data / "line", AsciiProtocol(), [3, 1], random.Random(3), echo=True
        )
        self.numpad = SimulatedNumpad(data / "numpad")
        for device in (self.line, self.numpad):
            device.plug_in()
            ending.callback(device.vanish)
        box = data / "device.toml"
        box.write_text(BOX.format(line=data / "line", numpad=data / "numpad"))
        self.service = self.start("queue_service", "service", "--always-open")
        self.bridge = self.start("counter_caller.keypad", "keypad-1", "--device", str(box))
        self.announce_at_once()
        self.sees(3, "----", "0")

    def announce_at_once(self) -> None:
        """Speak every call as soon as it is made, so that the next press is not too soon."""
        link = self.link("announcer-1", "announcer")

        def speak(state: BoardState) -> None:
            for call in state.calls[:1]:
                for outcome in (AckOutcome.ACCEPTED, AckOutcome.SPOKEN):
                    ack = Acknowledgement(
                        epoch=state.epoch, call_seq=call.call_seq, outcome=outcome, eta_s=0.0
                    )
                    link.acknowledge(ack)

        link.follow_board(speak)
        link.start()
        self._ending.callback(link.stop)

    def start(self, module: str, device: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = start_process(self.broker, self.data, device, module, *arguments)
        self._ending.callback(process.wait, 10)
        self._ending.callback(process.terminate)
        return process

    def issue(self, service: str) -> str:
        replies: list[Reply] = []
        command = IssueTicket(id=new_id(), ts=self.kiosk.now(), service=service)
        self.kiosk.ask(command, replies.append)
        wait(lambda: bool(replies))
        return result_of(replies[0], IssuedTicket).number

    def sees(self, address: int, number: str, waiting: str) -> None:
        wanted = (number, waiting)
        wait(lambda: self.line.displays.get(address) == wanted, lambda: self.line.displays)

    def refused(self, address: int, reason: str, times: int = 1) -> None:
        wanted = [(address, reason)] * times
        wait(lambda: self.line.refusals == wanted, lambda: self.line.refusals)

    def serves(self, counter: int, number: str) -> None:
        def there() -> bool:
            state = self.counters.get(counter)
            current = state.current if state else None
            return (current.number if current else "") == number

        wait(there, lambda: self.counters)

    def link(self, device: str, kind: str) -> Session:
        password = self.broker.passwords[device]
        account = Account("127.0.0.1", self.broker.port, "test", device, password)
        return connect(
            account, SITE, kind, now=Clock().now, monotonic=time.monotonic, deliver=at_once
        )

    def _kiosk(self) -> Session:
        link = self.link("kiosk-1", "kiosk")
        link.follow_devices(DEVICES, self.statuses.__setitem__)
        link.follow_counters(
            range(1, 10), lambda state: self.counters.__setitem__(state.counter, state)
        )
        link.start()
        self._ending.callback(link.stop)
        return link


def look() -> None:
    """Let pass what an eye and a hand take: sooner, a press means the number before."""
    threading.Event().wait(SEEN_AFTER_S + 0.05)


def wait(condition: Callable[[], object], told: Callable[[], object] = lambda: "") -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, told()
        threading.Event().wait(0.02)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with ExitStack() as ending:
        yield Hall(tmp_path_factory.mktemp("hall"), ending)


def test_a_morning_at_the_keypads(hall: Hall) -> None:
    line = hall.line
    numbers = [hall.issue("CERT") for _ in range(4)]
    hall.sees(3, "----", "4")

    line.press(3, "next")
    hall.sees(3, numbers[0], "3")
    hall.sees(1, "----", "3")
    look()

    # Two presses 10 ms apart are a bouncing contact: nobody is skipped.
    line.press(3, "next")
    threading.Event().wait(0.01)
    line.press(3, "next")
    hall.sees(3, numbers[1], "2")
    look()

    line.press(3, "recall")
    wait(lambda: (current := hall.counters[3].current) is not None and current.calls == 2)
    wait(lambda: (current := hall.counters[3].current) and current.announced_at)
    line.press(3, "hold")
    hall.sees(3, numbers[2], "1")
    wait(lambda: [ticket.number for ticket in hall.counters[3].parked] == [numbers[1]])
    look()

    line.press(3, *numbers[1], "call")
    hall.sees(3, numbers[1], "1")

    hall.numpad.press("enter")
    hall.serves(2, numbers[3])
    look()
    hall.numpad.press(*numbers[1], "enter")
    wait(lambda: hall.numpad.lights[-7:] == [*[False, True] * 3, True], lambda: hall.numpad.lights)


def test_what_cannot_be_done_is_told_at_the_keypad(hall: Hall) -> None:
    hall.line.refusals.clear()
    wait(lambda: hall.counters[1].waiting_total == 0)
    hall.line.press(1, "recall")
    hall.refused(1, "NOT_ALLOWED")
    hall.line.refusals.clear()
    hall.line.press(1, "next")
    hall.refused(1, "EMPTY")
    hall.line.refusals.clear()
    hall.line.press(1, *"9999", "call")
    hall.refused(1, "UNKNOWN")
    wait(lambda: unit_facts(hall, "line-1").get("refused") == "unknown")
    assert unit_facts(hall, "line-1")["state"] == "ready"


def test_a_press_while_another_calls_passes_nobody_over(hall: Hall) -> None:
    hall.line.refusals.clear()
    numbers = [hall.issue("CERT"), hall.issue("CERT")]
    wait(lambda: hall.line.displays[3][1] == "2")
    window = hall.link("counter-3", "counter")
    replies: list[Reply] = []
    window.start()
    current = hall.counters[3].current
    shown = current.ticket if current else None
    window.ask(CallNext(id=new_id(), ts=hall.kiosk.now(), counter=3, current=shown), replies.append)
    wait(lambda: bool(replies))
    hall.line.press(3, "next")
    hall.refused(3, "STALE")
    hall.sees(3, numbers[0], "1")
    look()
    hall.line.press(3, "next")
    hall.sees(3, numbers[1], "0")
    window.stop()


def called(hall: Hall) -> tuple[str, int] | None:
    """Return whom counter 3 called, and how often."""
    current = hall.counters[3].current
    return (current.number, current.calls) if current else None


def test_noise_is_counted_and_is_no_press(hall: Hall) -> None:
    before = called(hall)
    for _ in range(20):
        hall.line.noise()
    hall.line.send(b"\r\n")
    hall.line.bad_sum(3)

    def counted() -> dict[str, int]:
        return health_as(KeypadHealth, hall.statuses["keypad-1"].health).dropped["line"]

    wait(lambda: counted().get("checksum") and counted().get("noise"), counted)
    assert counted()["echo"]
    assert called(hall) == before


def test_an_unplugged_line_is_a_state_and_comes_back(hall: Hall) -> None:
    hall.line.vanish()
    hall.numpad.vanish()
    wait(lambda: unit_facts(hall, "line-3")["state"] == "offline")
    wait(lambda: unit_facts(hall, "numpad")["state"] == "offline")
    message = hall.statuses["keypad-1"].message
    assert message is not None
    assert "quầy 1, 2, 3: mất kết nối" in message
    hall.line.displays.clear()
    hall.line.plug_in()
    hall.numpad.plug_in()
    wait(lambda: unit_facts(hall, "numpad")["state"] == "ready")
    wait(lambda: hall.line.displays.get(3, ("", ""))[0] not in ("", "----"))
    number = hall.issue("CERT")
    hall.line.press(1, "next")
    hall.serves(1, number)


def test_without_the_service_a_press_is_refused_and_never_kept(hall: Hall) -> None:
    hall.line.refusals.clear()
    shown = hall.counters[3].current
    hall.service.terminate()
    hall.service.wait(10)
    hall.sees(3, "----", "--")
    hall.line.press(3, "next")
    hall.refused(3, "UNAVAILABLE")
    hall.service = hall.start("queue_service", "service", "--always-open")
    assert shown is not None
    hall.sees(3, shown.number, "0")
    look()
    hall.line.press(3, "recall")
    wait(lambda: (current := hall.counters[3].current) and current.calls > shown.calls)
    current = hall.counters[3].current
    assert current is not None
    assert current.ticket == shown.ticket


def test_without_the_broker_a_press_is_refused_too(
    hall: Hall, expected_warnings: list[str]
) -> None:
    expected_warnings += ["link lost", "broker not reached"]
    hall.line.refusals.clear()
    shown = hall.line.displays[3]
    hall.broker.stop()
    hall.sees(3, "----", "--")
    hall.line.press(3, "next")
    hall.refused(3, "UNAVAILABLE")
    hall.broker.start()
    hall.sees(3, *shown)
    assert hall.line.refusals == [(3, "UNAVAILABLE")]


def unit_facts(hall: Hall, unit: str) -> dict[str, object]:
    health = health_as(KeypadHealth, hall.statuses["keypad-1"].health)
    facts: dict[str, object] = plain(health.units[unit])
    return facts
