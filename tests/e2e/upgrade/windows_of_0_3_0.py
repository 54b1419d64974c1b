"""The kiosk's and a counter's own windows of 0.3.0, touched and pressed by lines of stdin.

Started with that version's sources in front, whose own tests have the hands: names here are theirs.
Each line is answered by one line of JSON.
"""

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from bus.mqtt import Account
from bus.session import at_once, connect
from config.clock import Clock

SOURCES = Path.cwd()
SITE = "nhi-chieu"
COUNTER = 3
WITHIN_S = 120.0
_LOOK_MS = 10


class Hall:
    """What the hands of those tests work in: how to join, and to wait until something is true."""

    def __init__(self, ending: ExitStack) -> None:
        self.data = Path(os.environ["HALL_DATA"])
        self.clock = Clock.parse(os.environ["DENLUOT_CLOCK"])
        self._port = int(os.environ["HALL_PORT"])
        self._passwords = Path(os.environ["HALL_PASSWORDS"])
        self._ending = ending

    def link(self, device: str, kind: str, deliver: Any = at_once) -> Any:  # noqa: ANN401
        """Return a link of one of the windows' devices."""
        password = (self._passwords / device).read_text().strip()
        account = Account("127.0.0.1", self._port, "test", device, password)
        return connect(
            account, SITE, kind, now=self.clock.now, monotonic=self.clock.monotonic, deliver=deliver
        )

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the windows live until something is true."""
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError("nothing came of it")
            QTest.qWait(_LOOK_MS)

    wait = until


def hands(name: str) -> ModuleType:
    """Return a test module of that version, for what it can touch and press."""
    spec = importlib.util.spec_from_file_location(name, SOURCES / f"tests/e2e/{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


class Windows:
    """A kiosk and a counter of 0.3.0."""

    def __init__(self, hall: Hall, ending: ExitStack) -> None:
        touch, panels = hands("test_kiosk_touch"), hands("test_panel_counters")
        self._hall = hall
        self._booth = touch.Booth(hall, ending)
        self._counter = panels.Centre.open_panel(hall, COUNTER)
        panels.Centre.announce(hall)

    def take(self, service: str) -> str:
        """Touch a tile; return the number of the paper."""
        return str(self._booth.take(service))

    def help(self, _: str) -> str:
        """Touch the call for help; return where it stands once the service has it."""
        self._booth.finger.touch("help")
        self._hall.until(lambda: self._booth.kiosk.session.help_heard)
        return str(self._booth.kiosk.session.help.value)

    def helped(self, state: str) -> str:
        """Wait until the call for help stands there."""
        self._hall.until(lambda: self._booth.kiosk.session.help.value == state)
        return state

    def open(self, _: str) -> str:
        """Open the counter."""
        self._counter.press("presence")
        self._hall.until(lambda: self._counter.panel.state.header.status == "open")
        return str(self._counter.panel.state.header.status)

    def call(self, _: str) -> str:
        """Press the large button until another person is called, and say that they came."""
        panel = self._counter.panel
        before = panel.state.current.number
        self._counter.press("primary")
        self._hall.until(lambda: panel.state.current.number not in {"", before})
        number = str(panel.state.current.number)
        self._counter.press("arrived")
        return number

    def alarm(self, _: str) -> str:
        """Return the alarm of the counter's window."""
        return str(self._counter.panel.state.alarm.text)


def main() -> int:
    """Do as each line says until there is none."""
    application = QGuiApplication([])
    with ExitStack() as ending:
        windows = Windows(Hall(ending), ending)
        _tell("ready")
        notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

        def obey() -> None:
            notifier.setEnabled(False)
            line = sys.stdin.readline()
            if not line:
                application.quit()
                return
            what, _, argument = line.strip().partition(" ")
            _tell(getattr(windows, what)(argument))
            notifier.setEnabled(True)

        def give_up(*what: Any) -> None:  # noqa: ANN401 - as Python calls it
            sys.__excepthook__(*what)
            application.exit(1)

        sys.excepthook = give_up
        notifier.activated.connect(obey)
        return application.exec()


def _tell(said: str) -> None:
    sys.stdout.write(f"{json.dumps(said)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
