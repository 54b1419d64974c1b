"""The main job: a simulated day through real broker, service, kiosk, boards and announcer."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQuick import QQuickWindow
from pytestqt.qtbot import QtBot

from appliance.connection import Connection
from bus.mqtt import Account
from bus.session import connect
from config import Clock
from config.settings import BoardBox
from display.board.app import Board
from display.board.screen import BoardScreen
from hardware.speaker.sound import read_wav
from tests.e2e.centre.told import Acks, called
from ui.application import Application
from ui.owner import QtOwner
from ui.wall_clock import WallClock
from voice.pack import BUILT_IN, load_pack
from wait_log.dialects import store_url
from wait_log.reader import open_reader

RunCentre = Callable[..., Connection]
ROOT = Path(__file__).parents[3]
TICKETS = 140
WHOLE_DAY, LATE_AFTERNOON = "06:55", "15:00"
DAYS = [LATE_AFTERNOON, pytest.param(WHOLE_DAY, marks=pytest.mark.full)]
SPEED = 300
DAY = "2026-11-23"
SITE = "nhi-chieu"
WITHIN_MS = 180_000
MOST_SKIPPED = 1 / 2
"""A call is too old to be spoken after a minute, which is a fifth of a second at this speed: a
machine that has much to do besides is often later than that, one with nothing else hardly ever."""
REDS = ((0xAD, 0x1B, 0x28), (0x9E, 0x17, 0x24))
DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


class Eye(QObject):
    """Look at every frame of a board that shows a call, and measure one in ten."""

    def __init__(self, window: QQuickWindow, screen: BoardScreen) -> None:
        super().__init__()
        self._window = window
        self._screen = screen
        self._seen: set[int] = set()
        self.wrong: list[str] = []
        self.measured = 0
        window.frameSwapped.connect(self.look)

    @Slot()
    def look(self) -> None:
        cards = self._screen.state.cards
        called = self._screen.state.called
        if len(cards) != 1 or not called or set(called) <= self._seen:
            return
        self._seen |= set(called)
        if len(self._seen) % 10 == 1:
            self._measure(cards[0].number)

    def _measure(self, number: str) -> None:
        read = visible_texts(self._window, "calledNumber")
        if read != [number]:
            self.wrong.append(f"{number}: the panel reads {read}")
        height, red = glyphs(self._window.grabWindow())
        if height < 285 or red < 0.1:
            self.wrong.append(f"{number}: {height} px of white on {red:.0%} red")
        self.measured += 1


def visible_texts(window: QQuickWindow, name: str) -> list[str]:
    waiting, found = [window.contentItem()], []
    while waiting:
        item = waiting.pop()
        if item.objectName() == name and item.isVisible():
            found.append(str(item.property("text")))
        waiting.extend(item.childItems())
    return found


def glyphs(image: QImage) -> tuple[int, float]:
    """Return the height of the tallest run of rows with white on red, and the share of red."""
    flat = image.convertToFormat(QImage.Format.Format_RGB888)
    picture = Image.frombuffer(
        "RGB", (flat.width(), flat.height()), bytes(flat.constBits()), "raw", "RGB",
        flat.bytesPerLine(),
    )  # fmt: skip
    left = picture.crop((0, 0, picture.width * 6 // 10, picture.height))
    pixels = left.load()
    assert pixels is not None
    rows, red = [], 0
    for y in range(left.height):
        line = [pixels[x, y] for x in range(60, left.width, 4)]
        reds = sum(1 for pixel in line if pixel in REDS)
        red += reds
        rows.append(reds > 0 and (255, 255, 255) in line)
    longest = current = 0
    for has_white in rows:
        current = current + 1 if has_white else 0
        longest = max(longest, current)
    return longest, red / (left.height * len(range(60, left.width, 4)))


@pytest.fixture
def application(qapp: QGuiApplication) -> Iterator[Application]:
    assert qapp
    application = Application("test", {})
    yield application
    application.close()


@contextmanager
def watched_board(application: Application, connection: Connection) -> Iterator[Eye]:
    """Show a board in this process, beside the real one of the same device."""
    clock = Clock.parse(connection.clock)
    known = connection.devices["board-2"]
    host, port = connection.broker.host, connection.broker.port
    account = Account(host, port, "watched", known.username, known.password)
    link = connect(
        account,
        connection.site,
        "board",
        now=clock.now,
        monotonic=clock.monotonic,
        presence=False,
        deliver=QtOwner(application.qt).deliver,
    )
    screen = BoardScreen()
    wall_clock = WallClock(clock.now, clock.real_s, ZoneInfo("Asia/Ho_Chi_Minh"))
    box = BoardBox(device="board-2")
    board = Board(link, box, screen, wall_clock, clock=clock, real=time.monotonic)
    window = application.load("display.board", "Board", vm=screen, clock=wall_clock)
    window.setGeometry(0, 0, 1920, 1080)
    window.show()
    board.show(window)
    eye = Eye(window, screen)
    link.start()
    try:
        yield eye
    finally:
        window.close()
        board.stop()


@pytest.mark.parametrize("begins", DAYS)
def test_a_day_of_140_tickets(
    run_centre: RunCentre, application: Application, tmp_path: Path, qtbot: QtBot, begins: str
) -> None:
    connection = run_centre("--now", f"{DAY}T{begins}", "--speed", str(SPEED))
    with (
        closing(Acks(connection)) as acks,
        watched_board(application, connection) as eye,
        ExitStack() as ended,
    ):
        history = tmp_path / "history.json"
        data = tmp_path / "data"
        command = [sys.executable, "-m", "appliance", "simulate", "--data", str(data)]
        command += ["--seed", "1", "--tickets", str(TICKETS), "--json", str(history)]
        command += ["--from", begins]
        output = tmp_path / "simulate.txt"
        with output.open("wb") as log:
            simulation = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        ended.callback(simulation.kill)
        qtbot.waitUntil(lambda: simulation.poll() is not None, timeout=200_000)
        assert simulation.returncode == 0, output.read_text()
        calls = called(data, DAY)

        qtbot.waitUntil(lambda: acks.told_everywhere(calls), timeout=WITHIN_MS)
        issued = check_numbers(history)
        assert issued == TICKETS if begins == WHOLE_DAY else issued > TICKETS / 10
        assert len(acks.skipped) <= issued * MOST_SKIPPED
    assert eye.wrong == []
    assert eye.measured > issued // 30
    check_papers(data, history)
    check_voice(data, issued)
    check_log(data, issued)


def check_numbers(history: Path) -> int:
    """See that no number is there twice and none is missing; return how many there are."""
    tickets = json.loads(history.read_text())["tickets"]
    numbers = [ticket["number"] for ticket in tickets]
    assert len(numbers) == len(set(numbers))
    for digit in {number[0] for number in numbers}:
        series = sorted(int(number[1:]) for number in numbers if number[0] == digit)
        assert series == list(range(1, len(series) + 1))
    return len(numbers)


def check_papers(data: Path, history: Path) -> None:
    numbers = {ticket["number"] for ticket in json.loads(history.read_text())["tickets"]}
    papers = data / "paper" / "kiosk-1" / DAY
    assert {path.stem for path in papers.glob("*.png")} == numbers
    assert {path.stem for path in papers.glob("*.bin")} == numbers
    for path in sorted(papers.glob("*.png"))[::20]:
        with Image.open(path) as paper:
            histogram = paper.convert("L").histogram()
            assert paper.width == 576
        ink = sum(histogram[:128]) / sum(histogram)
        assert 0.03 < ink < 0.4


def check_voice(data: Path, issued: int) -> None:
    clips = load_pack(BUILT_IN / "vi").clips
    files = sorted((data / "voice" / "announcer-1").glob("*.wav"))
    assert len(files) >= issued * 2 // 3
    for path in files[::15]:
        number = path.stem.split("-")[2]
        samples = read_wav(path).samples
        found = 0
        for digit in number:
            found = samples.find(clips[DIGITS[int(digit)]].samples, found)
            assert found >= 0, f"{path.name}: {digit} is not spoken in its place"
            found += 1


def check_log(data: Path, issued: int) -> None:
    command = [sys.executable, "-m", "appliance", "verify", "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with open_reader(store_url(data), SITE) as store:
        states = [row.state for row in store.tickets(DAY).values()]
    assert len(states) == issued
    assert not {"waiting", "called", "serving", "parked"} & set(states)
