"""What the firmware of each family publishes for a press, as its documentation shows it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from hardware.keypad.port import Gesture

_UPPER = {Gesture.SINGLE: "SINGLE", Gesture.DOUBLE: "DOUBLE", Gesture.HOLD: "HOLD"}
_SHELLY = {
    Gesture.SINGLE: "single_push",
    Gesture.DOUBLE: "double_push",
    Gesture.HOLD: "long_push",
}
_SHELLY_FIRST = {Gesture.SINGLE: "S", Gesture.DOUBLE: "SS", Gesture.HOLD: "L"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a button."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class SimulatedButton:
    """A button of a device, the gesture it makes, and the device's clock and counter."""

    device: str
    button: str
    gesture: Gesture
    seconds: float
    count: int


Family = Callable[[SimulatedButton], list[Sent]]


def _zigbee2mqtt(press: SimulatedButton) -> list[Sent]:
    """Publish on the base topic with `last_seen`, and once more below `action`."""
    action = f"{press.button}_{press.gesture}" if press.button else press.gesture.value
    seen = datetime.fromtimestamp(press.seconds, UTC).isoformat(timespec="milliseconds")
    state = {"action": action, "battery": 97, "linkquality": 134, "last_seen": seen}
    topic = f"zigbee2mqtt/{press.device}"
    return [Sent(topic, _json(state)), Sent(f"{topic}/action", action.encode())]


_REMOTES = {
    "zigbee2mqtt-hue": {
        Gesture.SINGLE: ("press", "press_release"),
        Gesture.HOLD: ("press", "hold", "hold", "hold", "hold_release"),
    },
    "zigbee2mqtt-ikea": {
        Gesture.SINGLE: ("initial_press", "short_release"),
        Gesture.DOUBLE: ("initial_press", "double_press"),
        Gesture.HOLD: ("initial_press", "long_press", "long_release"),
    },
}
"""What a Hue dimmer (324131092621) and an IKEA E2213 say; the first knows no double press."""
_E1812 = {
    Gesture.SINGLE: ("on",),
    Gesture.DOUBLE: ("off",),
    Gesture.HOLD: ("brightness_move_up", "brightness_stop"),
}


def _remote(kind: str) -> "Family":
    def parts(press: SimulatedButton) -> list[Sent]:
        words = _REMOTES[kind].get(press.gesture, ())
        actions = [f"{press.button or 1}_{word}" for word in words]
        return [Sent(f"zigbee2mqtt/{press.device}", _json({"action": each})) for each in actions]

    return parts


def _e1812(press: SimulatedButton) -> list[Sent]:
    topic = f"zigbee2mqtt/{press.device}"
    return [Sent(topic, _json({"action": word})) for word in _E1812[press.gesture]]


def _tasmota_turned(press: SimulatedButton) -> list[Sent]:
    """Publish with %topic%/%prefix%/ as full topic."""
    result = {f"Button{press.button or 1}": {"Action": _UPPER[press.gesture]}}
    return [Sent(f"{press.device}/stat/RESULT", _json(result))]


def _tasmota(press: SimulatedButton) -> list[Sent]:
    result = {f"Button{press.button or 1}": {"Action": _UPPER[press.gesture]}}
    return [Sent(f"stat/{press.device}/RESULT", _json(result))]


def _tasmota_old(press: SimulatedButton) -> list[Sent]:
    topic = f"stat/{press.device}/BUTTON{press.button or 1}"
    return [Sent(topic, _json({"ACTION": _UPPER[press.gesture]}))]


def _shelly_blu(press: SimulatedButton) -> list[Sent]:
    """Publish a Bluetooth button that a gateway passes on."""
    event = {
        "component": f"bthomedevice:{press.button or 200}",
        "id": int(press.button or 200),
        "event": _SHELLY[press.gesture],
        "idx": 0,
        "ts": round(press.seconds, 2),
    }
    said = {"src": press.device, "method": "NotifyEvent", "params": {"events": [event]}}
    return [Sent(f"{press.device}/events/rpc", _json(said))]


def _shelly(press: SimulatedButton) -> list[Sent]:
    number = int(press.button or 0)
    parts = ("btn_down", "btn_up", _SHELLY[press.gesture])
    return [
        Sent(
            f"{press.device}/events/rpc",
            _json(
                {
                    "src": press.device,
                    "dst": f"{press.device}/events",
                    "method": "NotifyEvent",
                    "params": {
                        "ts": round(press.seconds, 2),
                        "events": [
                            {
                                "component": f"input:{number}",
                                "id": number,
                                "event": event,
                                "ts": round(press.seconds, 2),
                            }
                        ],
                    },
                }
            ),
        )
        for event in parts
    ]


def _shelly_first(press: SimulatedButton) -> list[Sent]:
    said = {"event": _SHELLY_FIRST[press.gesture], "event_cnt": press.count}
    return [Sent(f"shellies/{press.device}/input_event/{press.button or 0}", _json(said))]


def _esphome(press: SimulatedButton) -> list[Sent]:
    """Publish an event entity, retained as ESPHome does with everything."""
    topic = f"{press.device}/event/{press.button or 'button'}/state"
    return [Sent(topic, _json({"event_type": press.gesture.value}), retain=True)]


def _esphome_contact(press: SimulatedButton) -> list[Sent]:
    """Publish a binary sensor; it knows a press and its end alone."""
    topic = f"{press.device}/binary_sensor/{press.button or 'button'}/state"
    return [Sent(topic, word, retain=True) for word in (b"OFF", b"ON", b"OFF")]


FAMILIES: dict[str, Family] = {
    "zigbee2mqtt": _zigbee2mqtt,
    "zigbee2mqtt-hue": _remote("zigbee2mqtt-hue"),
    "zigbee2mqtt-ikea": _remote("zigbee2mqtt-ikea"),
    "zigbee2mqtt-e1812": _e1812,
    "tasmota": _tasmota,
    "tasmota-old": _tasmota_old,
    "tasmota-turned": _tasmota_turned,
    "shelly": _shelly,
    "shelly-blu": _shelly_blu,
    "shelly-gen1": _shelly_first,
    "esphome": _esphome,
    "esphome-contact": _esphome_contact,
}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
