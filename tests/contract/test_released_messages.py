"""Boxes of the version before and a centre of this one understand each other.

`tests/data/messages-{version}.jsonl` are messages that this version's processes sent on a simulated
day: of every kind the fullest. What a box of it said is taken, and what its centre said is still
said: no field that it reads has gone or changed its type.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from bus import codec
from bus.codec import MAX_STATE_BYTES, Message
from bus.commands import MAX_CONFIG_BYTES, Command, Reply, decode_command
from bus.orders import Acknowledgement, decode_order
from bus.states import (
    BoardState,
    ConfigState,
    CounterState,
    DevicesState,
    DeviceStatus,
    Event,
    ServicesState,
    StaffState,
)
from bus.versions import Standing, standing, too_old
from config import centre_from_wire

DATA = Path(__file__).parents[1] / "data"
RELEASES = sorted(path.stem.removeprefix("messages-") for path in DATA.glob("messages-*.jsonl"))
STATES: dict[str, type[Message]] = {
    "board": BoardState,
    "config": ConfigState,
    "counter": CounterState,
    "devices": DevicesState,
    "services": ServicesState,
    "staff": StaffState,
}
KINDS: dict[str, type[Message]] = {
    "reply": Reply,
    "ack": Acknowledgement,
    "event": Event,
    "device": DeviceStatus,
}
ALWAYS = {"cmd", "reply", "do", "ack", "state", "event", "device"}


def recorded(release: str) -> list[tuple[list[str], dict[str, Any]]]:
    """Return topic and body of every recorded message."""
    lines = (DATA / f"messages-{release}.jsonl").read_text("utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    return [(message["topic"].split("/")[3:], message["payload"]) for message in messages]


def taken(levels: list[str], payload: bytes) -> Message:
    """Return a message as this version takes it from its topic."""
    if levels[0] == "cmd":
        return decode_command(payload, MAX_CONFIG_BYTES)
    if levels[0] == "do":
        return decode_order(payload)
    return codec.decode(STATES[levels[1]] if levels[0] == "state" else KINDS[levels[0]], payload)


def missing(before: object, after: object, where: str = "$") -> list[str]:
    """Return what a reader of `before` would not find in `after`."""
    if isinstance(before, dict):
        if not isinstance(after, dict):
            return [where]
        return [
            place
            for key, value in before.items()
            for place in (
                missing(value, after[key], f"{where}.{key}") if key in after else [f"{where}.{key}"]
            )
        ]
    if isinstance(before, list):
        if not isinstance(after, list) or len(before) != len(after):
            return [where]
        pairs = zip(before, after, strict=True)
        return [m for n, (a, b) in enumerate(pairs) for m in missing(a, b, f"{where}[{n}]")]
    return [] if before == after else [where]


def test_the_version_before_was_recorded() -> None:
    assert "0.3.0" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_every_message_is_taken_and_still_says_what_it_said(release: str) -> None:
    messages = recorded(release)
    assert {levels[0] for levels, _ in messages} == ALWAYS
    for levels, body in messages:
        message = taken(levels, json.dumps(body).encode())
        again = json.loads(codec.encode(message))
        assert missing(body, again) == [], levels
        assert len(codec.encode(message)) <= MAX_STATE_BYTES


@pytest.mark.parametrize("release", RELEASES)
def test_a_box_of_it_takes_part(release: str) -> None:
    statuses = [body for levels, body in recorded(release) if levels[0] == "device"]
    assert {body["kind"] for body in statuses} >= {"kiosk", "board", "announcer", "counter"}
    assert not any(too_old(body["version"]) for body in statuses)
    assert standing(release, "9.9.9") is Standing.BEHIND


@pytest.mark.parametrize("release", RELEASES)
def test_its_configuration_is_one_of_this_version(release: str) -> None:
    (body,) = (body for levels, body in recorded(release) if levels[1] == "config")
    assert centre_from_wire(body["centre"]).devices


def test_a_field_that_goes_is_noticed() -> None:
    assert missing({"a": [{"b": 1}]}, {"a": [{"c": 1}]}) == ["$.a[0].b"]
    assert missing({"a": 1}, {"a": "1"}) == ["$.a"]
    assert missing({"a": [1]}, {"a": [1, 2]}) == ["$.a"]
    assert issubclass(Command, Message)
