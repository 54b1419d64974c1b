"""Which version of the centre's configuration the service runs by."""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from bus.codec import MAX_STATE_BYTES
from bus.vocabulary import Error
from config import Centre, ConfigError, centre_from_wire, centre_to_wire, check_centre
from queue_service.domain.rules import Rules
from queue_service.domain.state import State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import Refusal
from queue_service.errors import ServiceError
from queue_service.rules_from import rules_from
from wait_log.rows import ConfigRow

_HEAD_BYTES = 500
"""What stands around the centre in `state/config`."""


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
    return stored_version(stored)


def stored_version(stored: ConfigRow) -> Version:
    """Return a version that the store has; raises ServiceError when it does not hold."""
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
    _require_same_numbers(rules_from(centre), rules_from(present.centre), state)
    version = Version(present.number + 1, centre)
    if len(version.row(0).body) > MAX_STATE_BYTES - _HEAD_BYTES:
        raise Refusal(Error.INVALID, "the configuration is too long to be published")
    return version


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


def _require_same_numbers(rules: Rules, present: Rules, state: State) -> None:
    """Refuse what could give a number of today a second time: that waits for the next day."""
    given = set(state.serials) | {service for _, service in state.books}
    if given and rules.numbering != present.numbering:
        raise Refusal(Error.NOT_ALLOWED, "numbers were given today - at $.numbering")
    owners = {present.services[code].series: code for code in given if code in present.services}
    for code, service in rules.services.items():
        kept = code not in given or owners.get(service.series) == code
        if not kept or owners.get(service.series, code) != code:
            raise Refusal(Error.NOT_ALLOWED, f"numbers of {code} were given today - at $.services")
