"""What a device may, said to three brokers: no one of them allows more than another."""

import re

import pytest

from bus.access import access_rules, nats_permissions, rabbitmq_rights, rights_of
from bus.port import matches

ROLES = ("service", "observer", "web", "web_public", "kiosk", "counter", "board", "announcer")
TOPICS = [
    f"denluot/v1/phuong/{tail}"
    for tail in (
        "cmd/own",
        "cmd/other",
        "reply/own",
        "reply/other",
        "do/own",
        "done/own",
        "done/other",
        "ack/own",
        "ack/other",
        "state/board",
        "state/counter/3",
        "event/issued",
        "device/own/status",
        "device/other/status",
    )
] + ["denluot/v1/other/state/board", "denluot/v1/phuongx/state/board", "zigbee2mqtt/x"]


def subject_fits(pattern: str, topic: str) -> bool:
    """Match as NATS does, whose `>` needs a level."""
    wanted, levels = pattern.split("."), topic.split("/")
    for index, part in enumerate(wanted):
        if part == ">":
            return len(levels) > index
        if index >= len(levels) or part not in ("*", levels[index]):
            return False
    return len(wanted) == len(levels)


@pytest.mark.parametrize("role", [*ROLES, "keypad", "buttons"])
def test_three_brokers_allow_the_same(role: str) -> None:
    rights = rights_of("phuong", "own", role)
    nats = nats_permissions("phuong", "own", role)
    _, writes, reads = rabbitmq_rights("phuong", "own", role)
    for topic in TOPICS:
        key = topic.replace("/", ".")
        for kind, pattern, may in (
            ("publish", writes, [r.topic for r in rights if r.writes]),
            ("subscribe", reads, [r.topic for r in rights if r.reads]),
        ):
            allowed = any(matches(one, topic) for one in may)
            subjects = nats[kind].get("allow", [])
            assert any(subject_fits(one, topic) for one in subjects) is allowed, (kind, topic)
            assert bool(re.search(pattern, key)) is allowed, (kind, topic)


def test_who_may_publish_nothing_is_denied_all_of_it() -> None:
    assert nats_permissions("phuong", "observer", "observer")["publish"] == {"deny": [">"]}
    assert rabbitmq_rights("phuong", "observer", "observer")[1] == "^$"


def test_a_queue_belongs_to_one_device_alone() -> None:
    queues, _, _ = rabbitmq_rights("phuong", "board-1", "board")
    assert re.search(queues, "mqtt-subscription-board-1-board-0123abcdqos1")
    assert not re.search(queues, "mqtt-subscription-board-2-board-0123abcdqos1")
    assert not re.search(queues, "mqtt-subscription-board-10-board-0123abcdqos1")


def test_mosquitto_reads_one_block_for_each_device() -> None:
    assert access_rules("phuong", {"o": "observer"}) == ("user o\ntopic read denluot/v1/phuong/#\n")
