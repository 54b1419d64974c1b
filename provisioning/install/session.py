"""The X11 session of a machine with several screens: `python -m provisioning.install.session`.

openbox without a key or menu; screens that never go dark; touch that lands on the kiosk's screen
alone, also after the touch screen was plugged in again.
"""

import getpass
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from config.errors import ConfigError
from config.load import load_device
from config.settings import Screen
from hall.words import N_
from hall.words.arguments import CommandParser, words_of
from provisioning.errors import ProvisioningError
from provisioning.install.facts import deploy_files
from provisioning.layout import Layout
from provisioning.roles import PARTS, Part, installed_role

Ask = Callable[[Sequence[str]], str]
"""Runs a program and returns what it says, nothing where it fails."""
_HEADING = re.compile(r"id=(\d+)\s+\[slave")
_DIRECT = "Touch mode: direct"
_MONITOR = re.compile(r"^\s*\d+: \+\*?(\S+) ", re.MULTILINE)
_EVERY_LINE = ("udevadm", "monitor", "--udev", "--subsystem-match=input")
_NEVER_DARK = (("xset", "s", "off"), ("xset", "-dpms"))
_WITHIN_S = 20

_log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Hold the session until openbox ends; return the exit status."""
    t = words_of(os.environ)
    parser = CommandParser(
        "python -m provisioning.install.session",
        t(N_("Phiên màn hình của một máy có nhiều màn hình.")),
        t,
    )
    layout = Layout()
    parser.add_argument("--device", type=Path, metavar="FILE", default=layout.device_file)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        screen = kiosk_screen(layout, options.device)
        deploy_files(layout)
    except (ConfigError, ProvisioningError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for command in _NEVER_DARK:
        ask(command)
    # X11 lets every user of the machine in; nobody else's programs belong on these screens.
    if ask(("xhost", f"+si:localuser:{getpass.getuser()}")):
        ask(("xhost", "-local:"))
    openbox = subprocess.Popen(  # noqa: S603 - fixed words
        ["openbox", "--config-file", str(layout.share / "openbox/rc.xml")]  # noqa: S607
    )
    if screen:
        plugged = subprocess.Popen(_EVERY_LINE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        follow = partial(keep_touch_on, screen, plugged.stdout or (), ask)
        threading.Thread(target=follow, name="touch", daemon=True).start()
    return openbox.wait()


def kiosk_screen(layout: Layout, device_file: Path) -> Screen | None:
    """Return the screen that people touch, None on a machine without a kiosk."""
    role = installed_role(layout)
    if role is None or Part.KIOSK not in PARTS[role]:
        return None
    return load_device(device_file).kiosk.screen


def keep_touch_on(screen: Screen, plugged: Iterable[str], ask: Ask) -> None:
    """Have touch land on `screen`, and again whenever a line of `plugged` tells of an input."""
    map_touch(screen, ask)
    for _ in plugged:
        map_touch(screen, ask)


def map_touch(screen: Screen, ask: Ask) -> None:
    """Have every touch screen's touches land on `screen`."""
    output = output_of(screen, ask(("xrandr", "--listactivemonitors")))
    if output is None:
        _log.warning("no screen for the touch wanted=%s", screen.screen)
        return
    for device in touch_screens(ask(("xinput", "list", "--long"))):
        ask(("xinput", "map-to-output", device, output))


def output_of(screen: Screen, monitors: str) -> str | None:
    """Return X11's name of `screen` among what `xrandr --listactivemonitors` says."""
    names = _MONITOR.findall(monitors)
    if isinstance(screen.screen, str):
        return screen.screen if screen.screen in names else None
    return names[screen.screen] if screen.screen < len(names) else None


def touch_screens(devices: str) -> Iterator[str]:
    """Yield X11's number of each touch screen among what `xinput list --long` says.

    A touch pad's touches move the pointer: they have no place on a screen.
    """
    number = ""
    for line in devices.splitlines():
        if "id=" in line:
            heading = _HEADING.search(line)
            number = heading[1] if heading else ""
        elif number and _DIRECT in line:
            yield number
            number = ""


def ask(arguments: Sequence[str]) -> str:
    """Run a program of X11 and return what it says, nothing where it fails."""
    try:
        told = subprocess.run(  # noqa: S603 - fixed words and X11's own names
            arguments, check=True, capture_output=True, text=True, timeout=_WITHIN_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.warning("%s: %s", " ".join(arguments), error)
        return ""
    return told.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
