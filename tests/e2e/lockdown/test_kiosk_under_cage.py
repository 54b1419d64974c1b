"""A visitor tries to leave the kiosk: the real process under the real compositor."""

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WITHIN_S = 60.0
PERIOD_S = 2.0
FEEDS_PER_PERIOD = 2  # at the least
NOBODY = 65534
GESTURES = (
    "touch 0.02,0.02 0.98,0.98",
    "hold 0.5,0.5",
    "hold 0.01,0.99",
    "pinch",
    "swipe 0.0,0.5 0.9,0.5",
    "swipe 1.0,0.5 0.1,0.5",
    "swipe 0.5,0.0 0.5,0.9",
    "swipe 0.5,1.0 0.5,0.1",
    "touch 0.1,0.5 0.3,0.5 0.5,0.5 0.7,0.5 0.9,0.5",
)
KEYS = (
    "Alt+F4", "Ctrl+Q", "Ctrl+W", "Escape", "F11", "Alt+Tab", "Alt+Space", "Ctrl+Alt+F2",
    "Ctrl+Alt+Delete", "Ctrl+Alt+Backspace", "Meta+D", "Menu", "Ctrl+Shift+I", "Return", "Tab",
)  # fmt: skip
X_KEYS = (
    "alt+F4", "ctrl+q", "ctrl+w", "Escape", "F11", "alt+Tab", "alt+space", "ctrl+alt+F2",
    "ctrl+alt+Delete", "ctrl+alt+BackSpace", "super+d", "Menu", "ctrl+shift+i", "alt+Escape",
    "ctrl+alt+t", "Print", "XF86Eject", "Return", "Tab", "space",
)  # fmt: skip

pytestmark = [
    pytest.mark.full,
    pytest.mark.engine,
    pytest.mark.skipif(not shutil.which("cage"), reason="cage is not installed"),
]


class Box:
    """cage with the kiosk in it, as nobody in particular, and systemd's ear beside."""

    def __init__(self, ending: ExitStack, **environment: str) -> None:
        self.home = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="cage-")))
        self.home.chmod(0o700)
        (self.home / "device.toml").write_text('[kiosk.screen]\nmode = "fullscreen"\n')
        self.systemd = ending.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        self.systemd.bind(str(self.home / "notify"))
        self.systemd.settimeout(WITHIN_S)
        user: list[str] = []
        if os.geteuid() == 0:  # cage refuses root; whoever the tests are may read their files
            for path in (self.home, *self.home.iterdir()):
                os.chown(path, NOBODY, NOBODY)
            may = "+dac_read_search,+dac_override"
            user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            user += [f"--inh-caps={may}", f"--ambient-caps={may}"]
        python, script = sys.executable, str(Path(__file__).with_name("visitor.py"))
        kiosk = [python, script, "--data", str(self.home / "data")]
        kiosk += ["--device", str(self.home / "device.toml")]
        qt = ["env", "-u", "DISPLAY", "QT_QPA_PLATFORM=wayland", "QT_QUICK_BACKEND=software"]
        self.log = (self.home / "log").open("wb")
        ending.callback(self.log.close)
        self.process = subprocess.Popen(
            [*user, "cage", "--", *qt, *kiosk],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
            cwd=self.home,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "PYTHONPATH": str(ROOT),
                "PYTHONDONTWRITEBYTECODE": "1",
                "XDG_RUNTIME_DIR": str(self.home),
                "WLR_LIBINPUT_NO_DEVICES": "1",
                "WLR_RENDERER": "pixman",
                "NOTIFY_SOCKET": str(self.home / "notify"),
                "WATCHDOG_USEC": str(int(PERIOD_S * 1_000_000)),
                "DENLUOT_BROKER": "127.0.0.1:1",
                **environment,
            },
        )
        ending.callback(self._end)
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.state = self._answer()

    def do(self, line: str) -> dict[str, object]:
        """Have the visitor do something; return how the kiosk is after that."""
        self.tell(line)
        return self._answer()

    def tell(self, line: str) -> None:
        """Have the visitor do something that takes its time."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def feeds(self, times: int = 2) -> bool:
        """Return whether the kiosk goes on proving to systemd that it draws."""
        self.hear_all()
        return all(self.systemd.recv(100) for _ in range(times))

    def starves(self) -> bool:
        """Return whether systemd, having waited for more than its time, hears nothing more."""
        self.systemd.settimeout(3 * PERIOD_S)
        try:
            for _ in range(100):
                self.systemd.recv(100)
        except TimeoutError:
            return True
        finally:
            self.systemd.settimeout(WITHIN_S)
        return False

    def hear_all(self) -> None:
        self.systemd.setblocking(False)
        try:
            while True:
                self.systemd.recv(100)
        except BlockingIOError:
            self.systemd.settimeout(WITHIN_S)

    def _answer(self) -> dict[str, object]:
        try:
            answer: dict[str, object] = json.loads(self._answers.get(timeout=WITHIN_S))
        except queue.Empty:
            pytest.fail((self.home / "log").read_text()[-2000:])
        return answer

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self._answers.put(line)

    def _end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WITHIN_S)
        self._reader.join(WITHIN_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def box(ending: ExitStack) -> Box:
    return Box(ending, WLR_BACKENDS="headless")


def there(state: dict[str, object]) -> bool:
    """Return whether the visitor sees the kiosk, all of the kiosk and nothing else."""
    return state == {"windows": 1, "full": True, "locked": True, "platform": "wayland"}


def test_no_finger_and_no_application_key_leaves_the_kiosk(box: Box) -> None:
    assert box.systemd.recv(100) == b"READY=1\nWATCHDOG=1"
    for what in (*GESTURES, *(f"key {key}" for key in KEYS)):
        assert there(box.do(what)), what
    assert box.process.poll() is None
    assert box.feeds()


@pytest.mark.skipif(
    not shutil.which("Xvfb") or not shutil.which("xdotool"), reason="no X server to type into"
)
def test_no_key_that_comes_through_the_compositor_leaves_it(ending: ExitStack) -> None:
    read, write = os.pipe()
    ending.callback(os.close, read)
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    ending.callback(screen.wait, WITHIN_S)
    ending.callback(screen.kill)
    display = f":{os.read(read, 20).decode().strip()}"
    box = Box(ending, WLR_BACKENDS="x11", DISPLAY=display)
    assert box.systemd.recv(100) == b"READY=1\nWATCHDOG=1"

    def xdotool(*words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, env={**os.environ, "DISPLAY": display})

    xdotool("mousemove", "400", "300")
    for key in X_KEYS:
        xdotool("key", key)
        assert there(box.do("state")), key
    for button in ("1", "2", "3"):
        for x, y in ((2, 2), (400, 300), (1000, 700)):
            xdotool("mousemove", str(x), str(y), "click", "--repeat", "2", button)
            assert there(box.do("state")), (button, x, y)
    assert box.process.poll() is None
    assert box.feeds()


def test_a_screen_that_takes_no_frame_restarts_nothing(box: Box) -> None:
    """A compositor whose TV is off asks for no frame: the stopped one stands for it."""
    assert box.systemd.recv(100) == b"READY=1\nWATCHDOG=1"
    assert box.feeds()
    box.process.send_signal(signal.SIGSTOP)
    assert box.feeds(times=3 * FEEDS_PER_PERIOD)
    box.process.send_signal(signal.SIGCONT)
    assert there(box.do("state"))
    assert box.feeds()


def test_a_kiosk_that_hangs_is_not_fed_for_by_its_compositor(box: Box) -> None:
    assert box.systemd.recv(100) == b"READY=1\nWATCHDOG=1"
    box.tell("hang 15")
    assert box.starves()
