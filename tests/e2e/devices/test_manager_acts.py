"""A manager's acts on real devices: kiosk, board and announcer print, show and speak."""

# ruff: noqa: ANN401 - the types of the fixtures live in conftest.py

import queue
import shutil
import signal
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bus import commands
from bus.health import AnnouncerHealth, BoardHealth, health_as
from bus.states import DevicesState, DeviceStatus
from bus.vocabulary import OrderOutcome

pytestmark = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"
)
WITHIN_S = 120.0
BOX = """
[kiosk]
device = "kiosk-1"
printers = [{name = "main", driver = "simulated"}]
[[boards]]
device = "board-1"
[announcer]
device = "announcer-1"
speaker = {driver = "simulated"}
"""


@dataclass(frozen=True)
class Played:
    """One file of the simulated loudspeaker."""

    name: str
    begin: datetime
    end: datetime


class Desk:
    """The web process's place: what it hears, and commands in a manager's name."""

    def __init__(self, hall: Any) -> None:
        self.hall = hall
        self.statuses: dict[str, DeviceStatus] = {}
        self.orders: DevicesState | None = None
        self._link = hall.link("web", "web")
        self._link.follow_devices(("kiosk-1", "board-1", "announcer-1"), self.statuses.__setitem__)
        self._link.follow_device_orders(lambda state: setattr(self, "orders", state))
        self._link.start()

    def ask(self, command: commands.Command) -> commands.Reply:
        replies: queue.Queue[commands.Reply] = queue.Queue()
        self._link.ask(command, replies.put)
        return replies.get(timeout=WITHIN_S)

    def there(self, device: str) -> bool:
        status = self.statuses.get(device)
        return bool(status and status.online and status.health)

    def outcomes(self, device: str) -> list[OrderOutcome | None]:
        orders = self.orders.orders if self.orders else ()
        return [order.outcome for order in orders if order.device == device]

    def until_done(self, device: str, count: int) -> None:
        done = [OrderOutcome.DONE] * count
        self.hall.until(lambda: self.outcomes(device) == done, WITHIN_S)

    def stop(self) -> None:
        self._link.stop()


@pytest.fixture
def desk(hall: Any, tmp_path: Path) -> Iterator[Desk]:
    hall.kiosk.stop()  # the real one takes its place
    box = tmp_path / "device.toml"
    box.write_text(BOX)
    for module, device in (("kiosk", "kiosk-1"), ("display.announcer", "announcer-1")):
        hall.start(module, device, "--device", str(box))
    hall.board_process = hall.start(
        "display.board", "board-1", "--device", str(box), "--board", "board-1"
    )
    desk = Desk(hall)
    for device in ("kiosk-1", "announcer-1", "board-1"):
        hall.until(lambda device=device: desk.there(device), WITHIN_S)
    hall.until(lambda: health_as(BoardHealth, desk.statuses["board-1"].health).exposed, WITHIN_S)
    yield desk
    desk.stop()


def played(data: Path) -> list[Played]:
    """Return what the loudspeaker has played, in order."""
    found = []
    for path in (data / "voice").rglob("*.wav"):
        stamp, _, name = path.stem.partition("-")
        with wave.open(str(path)) as sound:
            length = timedelta(seconds=sound.getnframes() / sound.getframerate())
        begin = datetime.strptime(stamp, "%Y%m%dT%H%M%S.%f")  # noqa: DTZ007 - all are alike
        found.append(Played(name, begin, begin + length))
    return sorted(found, key=lambda one: one.begin)


@pytest.mark.full
def test_each_device_shows_that_it_works(desk: Desk, tmp_path: Path) -> None:
    for device in ("kiosk-1", "announcer-1", "board-1"):
        assert desk.ask(commands.TestDevice(device=device, by="giam-doc")).ok
    for device in ("kiosk-1", "announcer-1", "board-1"):
        desk.until_done(device, 1)
    (paper,) = (tmp_path / "paper" / "kiosk-1").rglob("*.png")
    assert paper.stem == "0000"
    (spoken,) = played(tmp_path)
    assert spoken.name.startswith("text-")
    assert (spoken.end - spoken.begin).total_seconds() > 1.5
    volume = commands.SetDeviceVolume(device="announcer-1", volume=0.5, by="giam-doc")
    assert desk.ask(volume).ok
    desk.until_done("announcer-1", 2)
    desk.hall.until(
        lambda: health_as(AnnouncerHealth, desk.statuses["announcer-1"].health).volume == 0.5,
        WITHIN_S,
    )


@pytest.mark.full
def test_a_text_is_spoken_after_the_calls_and_never_over_one(
    hall: Any, desk: Desk, tmp_path: Path
) -> None:
    hall.board_process.send_signal(signal.SIGSTOP)
    try:
        assert desk.ask(commands.TestDevice(device="board-1", by="giam-doc")).ok
        for counter in (3, 2):
            issue = commands.IssueTicket(service="CIVIL", by="giam-doc")
            assert desk.ask(issue).ok
            opened = commands.CallNext(counter=counter, by="giam-doc")
            assert desk.ask(opened).ok
            if counter == 3:
                text = commands.SpeakText(text="Mời chủ xe 15A ra cửa chính.", by="giam-doc")
                assert desk.ask(text).ok
        desk.until_done("announcer-1", 1)
        sounds = played(tmp_path)
        assert [one.name.startswith("text-") for one in sounds] == [False] * 4 + [True]
        for earlier, later in pairwise(sounds):
            assert later.begin >= earlier.end, "two sounds at once"
        hall.until(lambda: desk.outcomes("board-1") == [OrderOutcome.UNANSWERED], WITHIN_S)
    finally:
        hall.board_process.send_signal(signal.SIGCONT)
