"""Which version of the centre's configuration the service runs by."""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from bus.vocabulary import Error
from config import Centre, ConfigError, centre_from_wire, centre_to_wire, check_centre
from queue_service.domain.state import State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import Refusal
from queue_service.errors import ServiceError
from wait_log.rows import ConfigRow


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the centre."""

    number: int
    centre: Centre

    def row(self, at_us: int) -> ConfigRow:
        """Return this version as the store keeps it."""
        return ConfigRow(self.number, at_us, msgspec.json.encode(centre_to_wire(self.centre)))


def digest(centre: Centre) -> str:
    """Return what tells one configuration file's content from another's."""
    return hashlib.sha256(msgspec.json.encode(centre_to_wire(centre))).hexdigest()


def starting_version(
    file_centre: Centre, seen_digest: str | None, stored: ConfigRow | None
) -> Version:
    """Return the stored version, or the next one when the file has changed since it was read."""
    if stored is None:
        return Version(1, file_centre)
    if seen_digest != digest(file_centre):
        return Version(stored.version + 1, file_centre)
    try:
        centre = centre_from_wire(msgspec.json.decode(stored.body))
        check_centre(centre)
    except ConfigError as error:
        raise ServiceError(f"configuration {stored.version} in the store: {error}") from error
    return Version(stored.version, centre)


def next_version(present: Version, expected: int, raw: dict[str, Any], state: State) -> Version:
    """Return the version that `apply_config` asks for, or refuse."""
    if expected != present.number:
        raise Refusal(Error.CONFLICT, f"the configuration is at version {present.number}")
    try:
        centre = msgspec.convert(raw, Centre)
        check_centre(centre)
    except (msgspec.ValidationError, ConfigError) as error:
        raise Refusal(Error.INVALID, str(error)) from error
    _require_room(centre, present.centre, state)
    return Version(present.number + 1, centre)


def _require_room(centre: Centre, present: Centre, state: State) -> None:
    """Refuse what would leave people in line, or at a counter, without a place."""
    if centre.identity.site != present.identity.site:
        raise Refusal(Error.INVALID, "the site stays as it is - at $.identity.site")
    counters = {counter.number for counter in centre.counters}
    for number, counter in state.counters.items():
        if number not in counters and (counter.current or state.lines.get(number)):
            raise Refusal(Error.NOT_ALLOWED, f"counter {number} still has people")
    services = {service.code for service in centre.services}
    for ticket in state.tickets.values():
        if ticket.state not in OVER and ticket.service not in services:
            raise Refusal(Error.NOT_ALLOWED, f"people still wait for {ticket.service}")
