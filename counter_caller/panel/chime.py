"""The sound of somebody who needs help: a short WAV through what the system has for that.

Qt's own sounds are in its Addons, which officers' computers do not get, and a counter window uses
no device of `hardware`: Windows plays a file by itself, elsewhere the sound server's player does.
"""

import importlib
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess

_log = logging.getLogger(__name__)

SOUND = Path(__file__).parent / "help.wav"
_PLAYERS = ("pw-play", "paplay", "aplay")


def chime(which: Callable[[str], str | None] = shutil.which) -> Callable[[], None]:
    """Return what makes the sound on this machine; nothing where it has no player."""
    if os.name == "nt":
        return _windows()
    player = next((found for name in _PLAYERS if (found := which(name))), None)
    if player is None:
        _log.info("no sound for help: none of %s is installed", ", ".join(_PLAYERS))
        return _be_silent

    def play() -> None:
        # Detached: nobody waits for it, and a player that hangs holds nothing up.
        started, _ = QProcess.startDetached(player, [str(SOUND)])
        if not started:
            _log.info("no sound for help player=%s", player)

    return play


def _windows() -> Callable[[], None]:
    winsound = importlib.import_module("winsound")  # not there elsewhere
    flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
    return lambda: winsound.PlaySound(str(SOUND), flags)


def _be_silent() -> None:
    """Leave it to the window, which asks for attention in the task bar."""
