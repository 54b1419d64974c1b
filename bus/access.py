"""What each device may publish and read, said once for every broker."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bus.topics import BUTTON_TOPICS

_COMMANDING = frozenset({"kiosk", "counter", "keypad", "web", "web_public"})
_ANNOUNCING = frozenset({"board", "announcer", "web"})
_BRIDGES_MAY = (
    ("readwrite", "zigbee2mqtt/#"),
    ("write", "tele/#"),
    ("read", "cmnd/#"),
    ("read", "+/rpc"),
)
"""What bridges and firmware of buttons need besides: their own state, and commands to them."""


@dataclass(frozen=True, slots=True)
class Right:
    """What may be done on the topics of one MQTT filter: `read`, `write` or `readwrite`."""

    may: str
    topic: str

    @property
    def reads(self) -> bool:
        """Return whether it lets somebody subscribe."""
        return self.may.startswith("read")

    @property
    def writes(self) -> bool:
        """Return whether it lets somebody publish."""
        return self.may.endswith("write")


def rights_of(site: str, device: str, role: str) -> list[Right]:
    """Return what a device of `role` may do; nothing else is allowed."""
    head = f"denluot/v1/{site}"
    if role == "service":
        rights = [Right("readwrite", f"{head}/#")]
    elif role == "observer":
        rights = [Right("read", f"{head}/#")]
    elif role == "buttons":
        rights = [Right("write", topic) for topic in BUTTON_TOPICS]
        rights += [Right(may, topic) for may, topic in _BRIDGES_MAY]
    else:
        rights = [
            Right("write", f"{head}/device/{device}/status"),
            Right("read", f"{head}/state/#"),
            Right("read", f"{head}/device/+/status"),
            Right("read", f"{head}/do/{device}"),
            Right("write", f"{head}/done/{device}"),
            Right("read", f"{head}/reply/{device}"),  # every client asks, and some brokers refuse
        ]
    if role in _COMMANDING:
        rights.append(Right("write", f"{head}/cmd/{device}"))
    if role == "keypad":
        rights += [Right("read", topic) for topic in (*BUTTON_TOPICS, "zigbee2mqtt/#")]
    if role in _ANNOUNCING:
        rights.append(Right("write", f"{head}/ack/{device}"))
    if role == "web":
        rights.append(Right("read", f"{head}/event/#"))
    return rights


def access_rules(site: str, roles: Mapping[str, str]) -> str:
    """Return Mosquitto's ACL file for the devices of `roles` (id to role)."""
    blocks = []
    for device, role in roles.items():
        rules = [f"topic {right.may} {right.topic}" for right in rights_of(site, device, role)]
        blocks.append("\n".join([f"user {device}", *rules]))
    return "\n\n".join(blocks) + "\n"


def nats_permissions(site: str, device: str, role: str) -> dict[str, dict[str, list[str]]]:
    """Return NATS's permissions of a device: subjects, with what its MQTT needs for itself."""
    rights = rights_of(site, device, role)
    reads = _subjects(right.topic for right in rights if right.reads)
    writes = _subjects(right.topic for right in rights if right.writes)
    return {
        "publish": {"allow": writes} if writes else {"deny": [">"]},
        "subscribe": {"allow": [*reads, "$MQTT.sub.>"]},
    }


def rabbitmq_rights(site: str, device: str, role: str) -> tuple[str, str, str]:
    """Return RabbitMQ's regular expressions of a device: own queues, routing keys out and in."""
    rights = rights_of(site, device, role)
    queues = rf"^mqtt-subscription-{re.escape(device)}-.+-[0-9a-f]{{8}}qos[01]$"
    return (
        queues,
        _routing_keys(right.topic for right in rights if right.writes),
        _routing_keys(right.topic for right in rights if right.reads),
    )


def _subjects(topics: Iterable[str]) -> list[str]:
    """Return these topics in NATS's words; MQTT's `a/#` is `a` as well, its `a.>` is not."""
    subjects = []
    for topic in topics:
        if topic.endswith("/#"):
            subjects.append(topic.removesuffix("/#").replace("/", ".").replace("+", "*"))
        subjects.append(topic.replace("/", ".").replace("+", "*").replace("#", ">"))
    return subjects


def _routing_keys(topics: Iterable[str]) -> str:
    """Return what matches the routing keys of these topics, and of filters within them."""
    keys = [
        re.escape(topic.replace("/", ".")).replace(r"\+", "[^.]+").replace(r"\#", ".*")
        for topic in topics
    ]
    return f"^({'|'.join(keys)})$" if keys else "^$"
