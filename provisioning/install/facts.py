"""What an installation looks at before it plans anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.errors import ConfigError
from config.load import load_device
from config.settings import Device
from provisioning.errors import ProvisioningError
from provisioning.layout import Layout
from provisioning.roles import Role, installed_role

PROGRAMS = {
    "cage": "bin/cage",
    "chrony": "sbin/chronyd",
    "mosquitto": "sbin/mosquitto",
    "openbox": "bin/openbox",
    "xinit": "bin/xinit",
    "xinput": "bin/xinput",
    "xserver-xorg-core": "lib/xorg/Xorg",
}
"""Debian's packages that a role may need, to the program that proves each."""
_CHECKOUT = Path(__file__).parents[2] / "deploy"
TARGET = "denluot.target"


@dataclass(frozen=True, slots=True)
class Facts:
    """A machine as it is found."""

    deploy: Mapping[str, bytes]
    """The files that the release brings for the system, by their path below `deploy/`."""
    device: Device | None = None
    """What `device.toml` says, None where there is none yet."""
    device_text: bytes = b""
    """The file itself."""
    role: Role | None = None
    """The role that it was given before."""
    paired: bool = False
    """Whether the machine has its password at the broker."""
    enabled: tuple[str, ...] = ()
    """The units of ours that start with the machine."""
    units: tuple[str, ...] = ()
    """The unit files of ours that are installed."""
    screens: int = 0
    """How many screens are plugged in."""
    printers: tuple[str, ...] = ()
    """The kernel's own printer devices."""
    here: bool = False
    """Whether it is the machine that the command runs on, and no tree that is being made."""
    systemd: bool = False
    """Whether systemd runs this machine now; in a tree that is being made it does not."""
    login_screen: bool = False
    """Whether a desktop's login would come up on the screen."""
    packages: frozenset[str] = frozenset(PROGRAMS)
    """Which of `PROGRAMS` are there."""


def look(layout: Layout) -> Facts:
    """Return the facts of the machine below `layout.root`; raises ProvisioningError."""
    try:
        text = layout.device_file.read_bytes() if layout.device_file.is_file() else b""
        device = load_device(layout.device_file) if text else None
    except (ConfigError, OSError) as error:
        raise ProvisioningError(str(error)) from error
    return Facts(
        deploy=deploy_files(layout),
        device=device,
        device_text=text,
        role=installed_role(layout),
        paired=layout.broker_password.exists(),
        enabled=_names(layout.units / f"{TARGET}.wants", "denluot-*"),
        units=_names(layout.units, "denluot*.*"),
        screens=sum(_connected(path) for path in layout.video_outputs.glob("card*-*")),
        printers=tuple(str(path) for path in sorted(layout.usb_printers.glob("lp*"))),
        here=layout.root == Path("/"),
        systemd=layout.root == Path("/") and layout.systemd.is_dir(),
        login_screen=_is_login_screen(layout.units / "display-manager.service"),
        packages=frozenset(
            name for name, file in PROGRAMS.items() if (layout.system_programs / file).exists()
        ),
    )


def deploy_files(layout: Layout) -> dict[str, bytes]:
    """Return the files for the system that the running release brings, or this checkout does."""
    folder = layout.share if layout.share.is_dir() else _CHECKOUT
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    if f"units/{TARGET}" not in found:
        raise ProvisioningError(f"{folder}: the files for the system are not there")
    return found


def _names(folder: Path, pattern: str) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folder.glob(pattern)))


def _is_login_screen(unit: Path) -> bool:
    return unit.is_symlink() and str(unit.readlink()) != "/dev/null"


def _connected(output: Path) -> bool:
    try:
        return (output / "status").read_text().strip() == "connected"
    except OSError:
        return False
