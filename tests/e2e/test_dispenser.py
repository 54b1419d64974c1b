"""A box of push-buttons: the real service, the real kiosk without a window, the real bytes."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bus.broker import PrivateBroker, mosquitto_program
from bus.health import KioskHealth, health_as
from bus.mqtt import Account
from bus.session import at_once, connect
from bus.states import DeviceStatus
from bus.vocabulary import UnitState
from config import Clock, load_centre
from config.settings import AsciiProtocol
from simulators.keypad import SimulatedLine
from tests.processes import start_process

ROOT = Path(__file__).parents[2]
SITE = "nhi-chieu"
WITHIN_S = 60.0
BOX = """
[dispenser.line]
driver = "serial"
url = "{line}"

[dispenser.buttons]
b1 = {{ service = "CERT" }}
b2 = {{ service = "CIVIL" }}
b3 = {{ service = "CERT", priority = true }}
"""

pytestmark = pytest.mark.skipif(mosquitto_program() is None, reason="mosquitto is not installed")


def wait(condition: Callable[[], bool], shows: Callable[[], object]) -> None:
    """Wait until it is so; else fail and show what there is."""
    deadline = time.monotonic() + WITHIN_S
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, shows()
        pause.wait(0.05)


class Hall:
    """The broker, the service and a kiosk with buttons, each a process of its own."""

    def __init__(self, data: Path, ending: ExitStack) -> None:
        self.data, self._ending = data, ending
        roles = {device.id: device.role.value for device in load_centre().devices}
        roles["service"] = "service"
        self.broker = ending.enter_context(PrivateBroker(data / "broker", SITE, roles))
        self.line = SimulatedLine(data / "line", AsciiProtocol(), [1], random.Random(3))
        self.line.plug_in()
        ending.callback(self.line.vanish)
        (data / "device.toml").write_text(BOX.format(line=data / "line"))
        self.status: DeviceStatus | None = None
        self._watch()
        self.service = self.start("queue_service", "service", "--always-open")
        self.kiosk = self.start("kiosk", "kiosk-1", "--device", str(data / "device.toml"))
        self.lit()

    def _watch(self) -> None:
        account = Account(
            "127.0.0.1", self.broker.port, "test", "web", self.broker.passwords["web"]
        )
        link = connect(
            account, SITE, "web", now=Clock().now, monotonic=time.monotonic, deliver=at_once
        )
        link.follow_devices(("kiosk-1",), self._take_status)
        link.start()
        self._ending.callback(link.stop)

    def _take_status(self, _device: str, status: DeviceStatus) -> None:
        self.status = status

    def start(self, module: str, device: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = start_process(self.broker, self.data, device, module, *arguments)
        self._ending.callback(process.wait, 20)
        self._ending.callback(process.terminate)
        return process

    @property
    def papers(self) -> list[str]:
        """Return the numbers that came out of the printer."""
        return sorted(file.stem for file in self.data.glob("**/[0-9]*.bin"))

    @property
    def health(self) -> KioskHealth:
        return health_as(KioskHealth, self.status.health if self.status else None)

    def lit(self) -> None:
        wait(lambda: self.line.displays.get(1, ("", ""))[1] == "0", self.log)

    def gives(self, *numbers: str) -> None:
        wait(lambda: self.papers == sorted(numbers), lambda: (self.papers, self.log()))

    def log(self) -> str:
        return (self.data / "kiosk-1.log").read_text()[-2000:]


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """Run a hall whose kiosk has no screen of any kind."""
    monkeypatch.delenv("QT_QPA_PLATFORM")
    with ExitStack() as ending:
        yield Hall(tmp_path, ending)


@pytest.mark.full
def test_a_morning_at_the_buttons(hall: Hall) -> None:
    hall.line.press(1, "b1")
    hall.gives("1001")
    for _ in range(20):
        hall.line.press(1, "b2")  # one finger on a contact that bounces
    hall.line.press(1, "b3")
    hall.gives("1001", "1002", "2001")
    # The cable is pulled: staff hear of it, and it is heard again.
    hall.line.vanish()
    wait(lambda: hall.health.buttons is UnitState.OFFLINE, lambda: hall.status)
    hall.line.plug_in()
    wait(lambda: hall.health.buttons is not UnitState.OFFLINE, lambda: hall.status)
    hall.line.press(1, "b2")
    hall.gives("1001", "1002", "2001", "2002")
    # The service dies: the offline book goes on, and the kiosk dies with it in the middle.
    hall.service.kill()
    hall.service.wait(20)
    hall.line.press(1, "b1")  # another button: the same one would be the same finger still
    hall.gives("1001", "1002", "1901", "2001", "2002")
    hall.kiosk.kill()
    hall.kiosk.wait(20)
    hall.line.displays.clear()  # what the light says is of the kiosk that has died
    hall.kiosk = hall.start("kiosk", "kiosk-1", "--device", str(hall.data / "device.toml"))
    hall.lit()
    hall.line.press(1, "b2")
    hall.gives("1001", "1002", "1901", "2001", "2002", "2901")
    # It is back: what the book gave is delivered, and numbers go on where they were.
    hall.start("queue_service", "service", "--always-open")
    wait(
        lambda: (
            bool(hall.health.numbers)
            and not hall.health.refused
            and "delivered number=2901" in hall.log()
        ),
        hall.log,
    )
    hall.line.press(1, "b1")
    hall.gives("1001", "1002", "1003", "1901", "2001", "2002", "2901")
    hall.kiosk.terminate()
    assert hall.kiosk.wait(20) == 0
