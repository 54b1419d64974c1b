import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.keypad import Gesture
from hardware.keypad.buttons.forms import MAX_BYTES, Contact, Pushed, There, said

SINGLE, DOUBLE, HOLD = Gesture.SINGLE, Gesture.DOUBLE, Gesture.HOLD
AT = 1764000000.5


def notify(*events: object, method: str = "NotifyEvent") -> dict[str, Any]:
    return {"src": "shelly-1", "method": method, "params": {"ts": AT, "events": list(events)}}


def pushed(component: str, event: str) -> dict[str, Any]:
    return {"component": component, "id": 0, "event": event, "ts": AT}


def raw(payload: object) -> bytes:
    return (payload if isinstance(payload, str) else json.dumps(payload)).encode()


@pytest.mark.parametrize(
    ("topic", "payload", "unit", "gesture"),
    [
        ("zigbee2mqtt/quay-3", {"action": "single", "battery": 97}, "zigbee2mqtt:quay-3", SINGLE),
        ("zigbee2mqtt/quay-3", {"action": "double"}, "zigbee2mqtt:quay-3", DOUBLE),
        ("zigbee2mqtt/quay-3", {"action": "hold"}, "zigbee2mqtt:quay-3", HOLD),
        ("zigbee2mqtt/hop", {"action": "1_single"}, "zigbee2mqtt:hop:1", SINGLE),
        ("zigbee2mqtt/hop", {"action": "button_2_hold"}, "zigbee2mqtt:hop:2", HOLD),
        ("zigbee2mqtt/hop", {"action": "single_left"}, "zigbee2mqtt:hop:left", SINGLE),
        ("zigbee2mqtt/tang-1/quay", {"action": "single"}, "zigbee2mqtt:tang-1/quay", SINGLE),
        ("zigbee2mqtt/quay-3/action", "single", "zigbee2mqtt:quay-3", SINGLE),
        ("stat/nut/RESULT", {"Button1": {"Action": "SINGLE"}}, "tasmota:nut:1", SINGLE),
        ("stat/nut/RESULT", {"BUTTON12": {"ACTION": "hold"}}, "tasmota:nut:12", HOLD),
        ("stat/nut/BUTTON2", {"ACTION": "DOUBLE"}, "tasmota:nut:2", DOUBLE),
        ("s-1/events/rpc", notify(pushed("input:0", "single_push")), "shelly:s-1:0", SINGLE),
        ("s-1/events/rpc", notify(pushed("input:3", "long_push")), "shelly:s-1:3", HOLD),
        ("shellies/b1/input_event/0", {"event": "SS", "event_cnt": 7}, "shelly:b1:0", DOUBLE),
        ("ban-6/event/goi/state", {"event_type": "single"}, "esphome:ban-6:goi", SINGLE),
        ("ban-6/event/goi/state", {"event_type": "double_press"}, "esphome:ban-6:goi", DOUBLE),
    ],
)
def test_a_press_of_every_family(topic: str, payload: object, unit: str, gesture: Gesture) -> None:
    (heard,) = said(topic, raw(payload))
    assert isinstance(heard, Pushed)
    assert (heard.unit, heard.gesture) == (unit, gesture)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("zigbee2mqtt/quay-3", {"battery": 97, "linkquality": 40}),
        ("zigbee2mqtt/quay-3", {"action": ""}),
        ("zigbee2mqtt/quay-3", {"action": None}),
        ("zigbee2mqtt/quay-3", {"action": "release"}),
        ("zigbee2mqtt/quay-3", {"action": "hold_release"}),
        ("zigbee2mqtt/quay-3", {"action": "1_triple"}),
        ("zigbee2mqtt/quay-3", {"action": ["single"]}),
        ("zigbee2mqtt/quay-3", ["action", "single"]),
        ("zigbee2mqtt/quay-3/set", {"action": "single"}),
        ("zigbee2mqtt/quay-3/get", {"action": "single"}),
        ("zigbee2mqtt/bridge/logging", {"action": "single"}),
        ("zigbee2mqtt/a:b", {"action": "single"}),
        ("zigbee2mqtt/quay-3/action", ""),
        ("stat/nut/RESULT", {"POWER": "ON"}),
        ("stat/nut/RESULT", {"Button1": "SINGLE"}),
        ("stat/nut/RESULT", {"Button1": {"Action": "TRIPLE"}}),
        ("stat/nut/RESULT", {"Button1": {"Action": 1}}),
        ("stat/nut/BUTTONx", {"ACTION": "SINGLE"}),
        ("s-1/events/rpc", notify(pushed("input:0", "btn_down"))),
        ("s-1/events/rpc", notify(pushed("input:0", "btn_up"))),
        ("s-1/events/rpc", notify(pushed("input:0", "triple_push"))),
        ("s-1/events/rpc", notify(pushed("switch:0", "single_push"))),
        ("s-1/events/rpc", notify(pushed("input:0", "single_push"), method="NotifyStatus")),
        ("s-1/events/rpc", notify("single_push", None, 3)),
        ("s-1/events/rpc", {"method": "NotifyEvent", "params": {"events": {"event": "x"}}}),
        ("shellies/b1/input_event/0", {"event": "", "event_cnt": 7}),
        ("shellies/b1/input_event/0", {"event": "S", "event_cnt": None}),
        ("ban-6/event/goi/state", {"event_type": "triple"}),
        ("ban-6/event/goi/state", {"event_type": {}}),
        ("ban-6/sensor/goi/state", {"event_type": "single"}),
        ("denluot/v1/nhi-chieu/state/board", {"action": "single"}),
    ],
)
def test_what_is_no_press_of_any_family(topic: str, payload: object) -> None:
    assert said(topic, raw(payload)) == []


def test_several_buttons_in_one_message() -> None:
    payload = notify(pushed("input:0", "single_push"), pushed("input:1", "double_push"))
    heard = said("s-1/events/rpc", json.dumps(payload).encode())
    assert heard == [
        Pushed("shelly:s-1", "0", SINGLE, AT),
        Pushed("shelly:s-1", "1", DOUBLE, AT),
    ]


@pytest.mark.parametrize(
    ("last_seen", "stamp"),
    [
        ("2025-11-24T16:00:00.500Z", AT),
        ("2025-11-24T23:00:00+07:00", AT - 0.5),
        (AT * 1000, AT),
        (AT, AT),
        ("2025-11-24T16:00:00", None),
        ("yesterday", None),
        (12.5, None),
        (True, None),
        (1e300, None),
        (10**400, None),
        ("0001-01-01T00:00:00+23:59", None),
        ("9999-12-31T23:59:59-23:59", None),
        (None, None),
    ],
)
def test_the_time_of_a_press(last_seen: object, stamp: float | None) -> None:
    payload = json.dumps({"action": "single", "last_seen": last_seen}).encode()
    (heard,) = said("zigbee2mqtt/quay-3", payload)
    assert isinstance(heard, Pushed)
    assert heard.stamp == stamp


@pytest.mark.parametrize(
    ("topic", "payload", "heard"),
    [
        ("zigbee2mqtt/quay-3/availability", b'{"state":"offline"}', ("zigbee2mqtt:quay-3", False)),
        ("zigbee2mqtt/quay-3/availability", b"online", ("zigbee2mqtt:quay-3", True)),
        ("zigbee2mqtt/bridge/state", b'{"state":"online"}', ("zigbee2mqtt", True)),
        ("tele/nut/LWT", b"Online", ("tasmota:nut", True)),
        ("tele/nut/LWT", b"Offline", ("tasmota:nut", False)),
        ("s-1/online", b"true", ("shelly:s-1", True)),
        ("shellies/b1/online", b"false", ("shelly:b1", False)),
        ("ban-6/status", b"offline", ("esphome:ban-6", False)),
        ("ban-6/status", b"maybe", None),
        ("zigbee2mqtt/bridge/state", b'{"state":7}', None),
    ],
)
def test_who_is_there(topic: str, payload: bytes, heard: tuple[str, bool] | None) -> None:
    assert said(topic, payload) == ([There(*heard)] if heard else [])


def test_a_contact_opens_and_closes() -> None:
    topic = "ban-6/binary_sensor/goi/state"
    assert said(topic, b"ON") == [Contact("esphome:ban-6", "goi", closed=True)]
    assert said(topic, b"OFF") == [Contact("esphome:ban-6", "goi", closed=False)]
    assert said(topic, b"on fire") == []


def test_more_than_a_button_ever_says_is_not_read() -> None:
    assert said("zigbee2mqtt/x", b'{"action":"single"}' + b" " * MAX_BYTES) == []


TOPICS = (
    "zigbee2mqtt/quay-3",
    "zigbee2mqtt/quay-3/action",
    "zigbee2mqtt/quay-3/availability",
    "zigbee2mqtt/bridge/state",
    "stat/nut/RESULT",
    "stat/nut/BUTTON1",
    "tele/nut/LWT",
    "s-1/events/rpc",
    "shellies/b1/input_event/0",
    "ban-6/event/goi/state",
    "ban-6/binary_sensor/goi/state",
    "ban-6/status",
)


def test_ten_thousand_random_payloads_are_no_press() -> None:
    rng = random.Random(9)
    for _ in range(10_000):
        payload = rng.randbytes(rng.randrange(60))
        for topic in TOPICS:
            assert not [one for one in said(topic, payload) if isinstance(one, Pushed)]


KEYS = st.sampled_from(
    ["action", "Button1", "Action", "method", "params", "events", "event", "event_cnt", "ts",
     "component", "event_type", "last_seen", "state"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
WORDS = SCALARS | st.sampled_from(["NotifyEvent", "input:0", "online", "release", "btn_down"])
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5)
)


WILD = st.integers(min_value=-(10**400), max_value=10**400) | st.floats() | TREES


@given(WILD, WILD)
def test_wild_values_in_a_true_press_break_nothing(first: object, second: object) -> None:
    event = {"component": first, "event": "single_push", "ts": second}
    for topic, payload in (
        ("zigbee2mqtt/q", {"action": "single", "last_seen": first}),
        ("zigbee2mqtt/q/availability", {"state": first}),
        ("stat/nut/RESULT", {"Button1": {"Action": first}, "button2": second}),
        ("s-1/events/rpc", notify(event, {**event, "component": "input:0"}, first)),
        ("shellies/b1/input_event/0", {"event": "S", "event_cnt": first}),
        ("ban-6/event/goi/state", {"event_type": first}),
    ):
        said(topic, json.dumps(payload).encode())


@given(st.sampled_from(TOPICS), TREES)
def test_wild_trees_of_the_right_words_are_no_press(topic: str, tree: object) -> None:
    heard = said(topic, json.dumps(tree).encode())
    assert not [one for one in heard if isinstance(one, Pushed)]
