"""Which version of the centre's configuration the service runs by."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bus.codec import MAX_STATE_BYTES, plain
from bus.commands import AppliedConfig, ConfigProblem
from bus.typed import convert
from bus.vocabulary import AppointmentState, Error
from config import (
    Centre,
    ConfigError,
    Problem,
    Rule,
    centre_from_wire,
    centre_to_wire,
    check_centre,
    raw_problems,
)
from queue_service.domain.state import State
from queue_service.domain.tickets import OVER
from queue_service.domain.values import Refusal
from queue_service.errors import ServiceError
from queue_service.rules_from import rules_from
from wait_log.rows import ConfigRow

_HEAD_BYTES = 500
"""What stands around the centre in `state/config`."""
_MOST_PROBLEMS, _LONGEST_TEXT = 60, 200


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
    """Return the version that `apply_config` asks for, or refuse with all that speaks against."""
    if expected != present.number:
        detail = f"the configuration is at version {present.number}"
        raise Refusal(Error.CONFLICT, detail, _result(present, ()))
    _require_none(Error.INVALID, present, raw_problems(raw))
    centre = convert(raw, Centre)
    version = Version(present.number + 1, centre)
    most = MAX_STATE_BYTES - _HEAD_BYTES
    if len(version.row(0).body) > most:
        text = "the configuration is too long to be published"
        problem = Problem(Rule.TOO_LONG, text, "$", {"bytes": len(version.row(0).body) - most})
        _require_none(Error.INVALID, present, [problem])
    if centre.identity.site != present.centre.identity.site:
        problem = Problem(Rule.SITE_MOVED, "the site stays as it is", "$.identity.site")
        _require_none(Error.INVALID, present, [problem])
    in_use = [
        *_people_without_place(centre, state),
        *_booked(centre, state),
        *_numbers_in_use(centre, present.centre, state),
    ]
    _require_none(Error.NOT_ALLOWED, present, in_use)
    return version


def _require_none(error: Error, present: Version, problems: Sequence[Problem]) -> None:
    if problems:
        raise Refusal(error, str(problems[0]), _result(present, problems))


def _result(present: Version, problems: Sequence[Problem]) -> dict[str, Any]:
    """Return what the sender needs to say where it went wrong."""
    told = tuple(
        ConfigProblem(
            rule=each.rule,
            text=each.text[:_LONGEST_TEXT],
            path=each.path[:_LONGEST_TEXT],
            values={key: _short(value) for key, value in each.values.items()},
        )
        for each in problems[:_MOST_PROBLEMS]
    )
    return plain(AppliedConfig(version=present.number, problems=told))


def _short(value: str | int) -> str | int:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


def _people_without_place(centre: Centre, state: State) -> Iterator[Problem]:
    """Return what would leave people in line, or at a counter, without a place."""
    counters = {counter.number for counter in centre.counters}
    for number, counter in state.counters.items():
        if number not in counters and (counter.current or state.lines.get(number)):
            text = f"counter {number} still has people"
            yield Problem(Rule.PEOPLE_AT_COUNTER, text, "$.counters", {"counter": number})
    services = {service.code for service in centre.services}
    there = [ticket for ticket in state.tickets.values() if ticket.state not in OVER]
    waiting = Counter(ticket.service for ticket in there)
    waiting.update(t.way_back.service for t in there if t.way_back is not None)
    for code, count in waiting.items():
        if code not in services:
            text = f"people still wait for {code}"
            values: dict[str, str | int] = {"service": code, "count": count}
            yield Problem(Rule.PEOPLE_WAIT, text, "$.services", values)


def _booked(centre: Centre, state: State) -> Iterator[Problem]:
    """Return the services that go although people hold appointments for them."""
    services = {service.code for service in centre.services}
    open_ones = (a for a in state.appointments.values() if a.state is AppointmentState.BOOKED)
    for code, count in Counter(each.service for each in open_ones).items():
        if code not in services:
            text = f"people are appointed for {code}"
            values: dict[str, str | int] = {"service": code, "count": count}
            yield Problem(Rule.BOOKED, text, "$.services", values)


def _numbers_in_use(centre: Centre, was: Centre, state: State) -> Iterator[Problem]:
    """Return what could give a number of today a second time: that waits for the next day."""
    rules, present = rules_from(centre), rules_from(was)
    given = set(state.serials) | {service for _, service in state.books}
    torn = {ticket.roll.service for ticket in state.tickets.values() if ticket.roll is not None}
    for index, (code, service) in enumerate(rules.services.items()):
        known = present.services.get(code)
        changed = known is not None and (known.roll is None) != (service.roll is None)
        if changed and code in given | torn:
            text = f"numbers of {code} were given today"
            path = f"$.services[{index}].roll_last"
            yield Problem(Rule.ROLL_CHANGED, text, path, {"service": code})
    given |= torn
    if given and rules.numbering != present.numbering:
        yield Problem(Rule.NUMBERING_IN_USE, "numbers were given today", "$.numbering")
    owners = {present.services[code].series: code for code in given if code in present.services}
    for index, (code, service) in enumerate(rules.services.items()):
        kept = code not in given or owners.get(service.series) == code
        if not kept or owners.get(service.series, code) != code:
            key = "letter" if centre.numbering.style == "letter" else "digit"
            path = f"$.services[{index}].{key}"
            owner = owners.get(service.series, code)
            text = f"numbers of {owner} were given today"
            yield Problem(Rule.NUMBERS_IN_USE, text, path, {"service": owner})
