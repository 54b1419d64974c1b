"""What the service last said, kept for a kiosk that starts while the service does not answer."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from bus.states import ConfigState, ServicesState
from config.durable import replace_durably

_log = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LastKnown(Struct, frozen=True):
    """The centre and what was open in it."""

    config: ConfigState | None = None
    services: ServicesState | None = None


class LastKnownFile:
    """Keeps the last known states in one file, written only when something lasting changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = b""

    def read(self) -> LastKnown:
        """Return what was kept; nothing when there is none or it cannot be read."""
        try:
            stored = self.path.read_bytes()
            return msgspec.json.decode(stored, type=LastKnown)
        except FileNotFoundError:
            return LastKnown()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            _log.warning("last known states not readable file=%s error=%s", self.path, error)
            return LastKnown()

    def write(self, config: ConfigState | None, services: ServicesState | None) -> None:
        """Keep both states without what changes with every ticket."""
        if config is None or services is None:
            return
        lasting = LastKnown(_lasting_config(config), _lasting_services(services))
        content = msgspec.json.encode(lasting)
        if content == self._written:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_durably(self.path, content)
            self._written = content
        except OSError as error:
            _log.warning("last known states not kept file=%s error=%s", self.path, error)


def _lasting_config(config: ConfigState) -> ConfigState:
    return structs.replace(config, rev=config.version, at=_EPOCH)


def _lasting_services(services: ServicesState) -> ServicesState:
    quiet = tuple(
        structs.replace(service, waiting=0, wait_min=None) for service in services.services
    )
    return structs.replace(services, rev=0, at=_EPOCH, services=quiet)
