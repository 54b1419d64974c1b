"""The hall's network: a namespace per box, a bridge between them, and hands on every cable.

It stands in a network and mount namespace of the run's own (`inside`), so that nothing outlives
the run however it ends, and two runs never meet.
"""

import ctypes
import os
import shutil
import signal
import subprocess
from pathlib import Path

_NET = "10.77.0"
SERVER = f"{_NET}.1"
SWITCH = f"{_NET}.254"
_NOWHERE = "02:00:00:00:00:99"
_PR_SET_PDEATHSIG = 1
ROOT = Path("/run/hall")
"""Where a run keeps its files: in memory, in a mount namespace of its own."""
_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child=KILL", "--mount-proc")


def why_not() -> str:
    """Return why this machine cannot hold a hall of namespaces, empty when it can."""
    for program in ("unshare", "ip", "mosquitto"):
        if shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is None:
            return f"{program} is not installed"
    tried = subprocess.run(
        [*_UNSHARE, *_mapped(), "ip", "link", "add", "probe", "type", "bridge"],
        capture_output=True,
        text=True,
        check=False,
    )
    return tried.stderr.strip()


def inside(command: list[str]) -> list[str]:
    """Return the command that runs `command` in namespaces of its own."""
    return [*_UNSHARE, *_mapped(), *command]


def end_at_once_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies; for use between fork and exec."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _mapped() -> tuple[str, ...]:
    return () if os.geteuid() == 0 else ("--map-root-user",)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Lan:
    """Boxes by name on one bridge, at 10.77.0.1 and up in their order."""

    def __init__(self, boxes: list[str]) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
        ROOT.mkdir()
        Path("/run/netns").mkdir(parents=True, exist_ok=True)
        _ip("link", "set", "lo", "up")
        _ip("link", "add", "hall", "type", "bridge")
        _ip("link", "set", "hall", "up")
        _ip("addr", "add", f"{SWITCH}/24", "dev", "hall")
        self.addresses = {box: f"{_NET}.{place}" for place, box in enumerate(boxes, 1)}
        for box, address in self.addresses.items():
            _ip("netns", "add", box)
            _ip("link", "add", f"v-{box}", "type", "veth", "peer", "name", "eth0", "netns", box)
            _ip("link", "set", f"v-{box}", "master", "hall", "up")
            _ip("-n", box, "link", "set", "lo", "up")
            _ip("-n", box, "link", "set", "eth0", "up")
            _ip("-n", box, "addr", "add", f"{address}/24", "dev", "eth0")

    @staticmethod
    def inside(box: str) -> list[str]:
        """Return what a command begins with to run on a box."""
        return ["ip", "netns", "exec", box]

    def cut(self, box: str) -> None:
        """Pull the cable: both ends see that it is gone."""
        _ip("link", "set", f"v-{box}", "down")

    def mend(self, box: str) -> None:
        """Put the cable back."""
        _ip("link", "set", f"v-{box}", "up")

    def swallow(self, box: str) -> None:
        """Let the switch forward nothing: the cable looks whole at both ends."""
        _ip("link", "set", f"v-{box}", "nomaster")

    def forward(self, box: str) -> None:
        """Let the switch forward again."""
        _ip("link", "set", f"v-{box}", "master", "hall")

    def deafen(self, box: str) -> None:
        """Lose what goes to a box; what comes from it arrives."""
        for where in (["-n", "server"], []):
            _ip(*where, "neigh", "replace", *self._neighbour(box, where), "nud", "permanent")

    def undeafen(self, box: str) -> None:
        """Bring to a box what is sent to it."""
        for where in (["-n", "server"], []):
            device = "eth0" if where else "hall"
            _ip(*where, "neigh", "del", self.addresses[box], "dev", device)

    def _neighbour(self, box: str, where: list[str]) -> tuple[str, ...]:
        device = "eth0" if where else "hall"
        return self.addresses[box], "lladdr", _NOWHERE, "dev", device
