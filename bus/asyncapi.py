"""The AsyncAPI document of the wire: `python -m bus.asyncapi > docs/asyncapi.yaml`."""

import sys
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, get_args

import msgspec
import yaml

from bus import commands, orders, states
from bus.topics import Topics


@dataclass(frozen=True, slots=True)
class _Channel:
    name: str
    address: str
    description: str
    kinds: tuple[type[msgspec.Struct], ...]
    from_service: bool
    retained: bool = False


def document() -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document, made of the topics and the message types alone."""
    channels = _channels()
    kinds = {kind: None for channel in channels for kind in channel.kinds}
    _, schemas = msgspec.json.schema_components(
        list(kinds), ref_template="#/components/schemas/{name}"
    )
    for schema in schemas.values():
        if "description" in schema:  # Python 3.13 takes the indent away, those before do not
            schema["description"] = cleandoc(schema["description"])
    for kind in get_args(commands.AnyCommand):
        schema = schemas[kind.__name__]
        schema["required"][1:1] = ["id", "ts"]  # stamped when sent: optional only for its maker
        for stamp in ("id", "ts"):
            del schema["properties"][stamp]["default"]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Đến Lượt on the wire",
            "version": "1",
            "description": "MQTT 3.1.1, QoS 1, clean sessions, keepalive 3 s. A device's name in a "
            "topic is its user name. Times are UTC with milliseconds; unknown fields are ignored.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in channels},
        "operations": {channel.name: _operation(channel) for channel in channels},
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in kinds},
            "schemas": schemas,
        },
    }


def text() -> str:
    """Return the document as YAML."""
    plain = msgspec.json.decode(msgspec.json.encode(document()))
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100))


def _channels() -> list[_Channel]:
    topics = Topics("SITE")

    def address(topic: str) -> str:
        braced = topic.replace("DEVICE", "{device}").replace("KIND", "{kind}")
        return braced.replace("SITE", "{site}").replace("/counter/1", "/counter/{number}")

    return [
        _Channel(
            "command",
            address(topics.command("DEVICE")),
            "What a device wishes; the same id again is harmless.",
            get_args(commands.AnyCommand),
            from_service=False,
        ),
        _Channel(
            "reply",
            address(topics.reply("DEVICE")),
            "What the service answers.",
            (commands.Reply, commands.IssuedTicket, commands.CalledTicket),
            from_service=True,
        ),
        _Channel(
            "order",
            address(topics.order("DEVICE")),
            "What a device is asked to do.",
            get_args(orders.AnyOrder),
            from_service=True,
        ),
        _Channel(
            "acknowledgement",
            address(topics.acknowledgement("DEVICE")),
            "What a board or an announcer did with a call.",
            (orders.Acknowledgement,),
            from_service=False,
        ),
        _Channel(
            "result",
            address(topics.result("DEVICE")),
            "What became of an order that somebody waits for.",
            (orders.OrderResult,),
            from_service=False,
        ),
        *(
            _Channel(name, address(topic), description, (kind,), from_service=True, retained=True)
            for name, topic, description, kind in (
                ("config_state", topics.config(), "The centre.", states.ConfigState),
                ("board_state", topics.board(), "What boards show.", states.BoardState),
                ("services_state", topics.services(), "What a kiosk offers.", states.ServicesState),
                (
                    "staff_state",
                    topics.staff(),
                    "Calls for colleagues, and messages between managers and counters.",
                    states.StaffState,
                ),
                (
                    "devices_state",
                    topics.devices(),
                    "What devices were told to do.",
                    states.DevicesState,
                ),
                ("counter_state", topics.counter(1), "What a counter has.", states.CounterState),
            )
        ),
        _Channel(
            "event",
            address(topics.event("KIND")),
            "Past facts for integrations.",
            (states.Event,),
            from_service=True,
        ),
        _Channel(
            "status",
            address(topics.status("DEVICE")),
            "Whether a device is there; its will says when it is not.",
            (states.DeviceStatus,),
            from_service=False,
            retained=True,
        ),
    ]


def _channel(channel: _Channel) -> dict[str, Any]:
    names = [part[1:-1] for part in channel.address.split("/") if part.startswith("{")]
    return {
        "address": channel.address,
        "description": channel.description,
        "parameters": {name: {} for name in names},
        "messages": {
            kind.__name__: {"$ref": f"#/components/messages/{kind.__name__}"}
            for kind in channel.kinds
        },
        "bindings": {"mqtt": {"bindingVersion": "0.2.0"}},
    }


def _operation(channel: _Channel) -> dict[str, Any]:
    return {
        "action": "send" if channel.from_service else "receive",
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "summary": "From the service." if channel.from_service else "From devices.",
        "bindings": {"mqtt": {"qos": 1, "retain": channel.retained, "bindingVersion": "0.2.0"}},
    }


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    tag = kind.__struct_config__.tag
    return {
        "name": str(tag or kind.__name__),
        "summary": (kind.__doc__ or "").strip().splitlines()[0],
        "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
    }


if __name__ == "__main__":
    sys.stdout.write(text())
