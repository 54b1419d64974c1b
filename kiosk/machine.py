"""This machine, as far as the maintenance menu may change it."""

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtNetwork import QNetworkInterface

from bus.session import installed_version
from config.process import Launch
from hall.words import Words
from kiosk.assembly import after
from kiosk.maintenance import Box
from provisioning.errors import PairingError
from provisioning.layout import Layout
from provisioning.maintenance_pin import MaintenancePin

_log = logging.getLogger(__name__)
_END_AFTER_S = 1.0
"""So long stands what a touch has brought about, before the screen goes dark."""


def this_machine(launch: Launch, end: Callable[[], None]) -> Box:
    """Return what the menu may do here: only systemd starts again what has ended."""
    request, under_systemd = Layout().restart_request, launch.watchdog.every_s is not None
    return Box(
        pin=MaintenancePin(launch.data / "kiosk", time.monotonic),
        version=installed_version(),
        broker=f"{launch.host}:{launch.port}",
        addresses=own_addresses,
        join=partial(_join, launch.arguments.device, launch.data),
        restart_program=partial(after, _END_AFTER_S, end) if under_systemd else None,
        restart_machine=request.touch if under_systemd else None,
    )


def own_addresses() -> tuple[str, ...]:
    """Return the addresses by which this machine can be reached."""
    return tuple(
        address.toString()
        for address in QNetworkInterface.allAddresses()
        if not address.isLoopback() and not address.isLinkLocal()
    )


def _join(device_file: Path | None, data: Path, code: str, lang: str) -> None:
    # Only here: cryptography and certificates take 18 MB and half a second of every start.
    from provisioning.pairing.box_files import BoxFiles  # noqa: PLC0415
    from provisioning.pairing.command import join  # noqa: PLC0415

    if device_file is None:
        raise PairingError("this kiosk was started without --device")
    join(None, code, BoxFiles(device_file, data), Words(lang), _log.info)
