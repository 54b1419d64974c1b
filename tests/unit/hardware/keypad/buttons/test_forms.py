import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.topics import BUTTON_TOPICS
from config.settings import MqttButtons
from config.settings.keypads import ButtonForm, Meaning
from hardware.keypad.buttons.forms import (
    MAX_BYTES,
    ButtonPresence,
    ButtonPress,
    Contact,
    Forms,
    Unread,
)

GESTURES = SINGLE, DOUBLE, HOLD = Meaning.SINGLE, Meaning.DOUBLE, Meaning.HOLD
FORMS = Forms()
said = FORMS.said
AT = 1764000000.5


def notify(*events: object, method: str = "NotifyEvent") -> dict[str, Any]:
    return {"src": "shelly-1", "method": method, "params": {"ts": AT, "events": list(events)}}


def pushed(component: str, event: str) -> dict[str, Any]:
    return {"component": component, "id": 0, "event": event, "ts": AT}


def raw(payload: object) -> bytes:
    return (payload if isinstance(payload, str) else json.dumps(payload)).encode()


@pytest.mark.parametrize(
    ("topic", "payload", "unit", "meaning"),
    [
        ("zigbee2mqtt/quay-3", {"action": "single", "battery": 97}, "zigbee2mqtt:quay-3", SINGLE),
        ("zigbee2mqtt/quay-3", {"action": "double"}, "zigbee2mqtt:quay-3", DOUBLE),
        ("zigbee2mqtt/quay-3", {"action": "hold"}, "zigbee2mqtt:quay-3", HOLD),
        ("zigbee2mqtt/hop", {"action": "1_single"}, "zigbee2mqtt:hop:1", SINGLE),
        ("zigbee2mqtt/hop", {"action": "button_2_hold"}, "zigbee2mqtt:hop:2", HOLD),
        ("zigbee2mqtt/hop", {"action": "single_left"}, "zigbee2mqtt:hop:left", SINGLE),
        ("zigbee2mqtt/tang-1/quay", {"action": "single"}, "zigbee2mqtt:tang-1/quay", SINGLE),
        ("zigbee2mqtt/quay-3/action", "single", "zigbee2mqtt:quay-3", SINGLE),
        ("zigbee2mqtt/s", {"action": "1_long_press"}, "zigbee2mqtt:s:1", HOLD),
        ("zigbee2mqtt/s", {"action": "1_double_press"}, "zigbee2mqtt:s:1", DOUBLE),
        ("zigbee2mqtt/s", {"action": "1_initial_press"}, "zigbee2mqtt:s:1", Meaning.DOWN),
        ("zigbee2mqtt/s", {"action": "1_short_release"}, "zigbee2mqtt:s:1", SINGLE),
        ("zigbee2mqtt/s", {"action": "1_long_release"}, "zigbee2mqtt:s:1", Meaning.END),
        ("zigbee2mqtt/s", {"action": "dots_2_double_press"}, "zigbee2mqtt:s:dots_2", DOUBLE),
        ("zigbee2mqtt/s", {"action": "button_1_double_click"}, "zigbee2mqtt:s:1", DOUBLE),
        ("zigbee2mqtt/s", {"action": "on_press_release"}, "zigbee2mqtt:s:on", SINGLE),
        ("zigbee2mqtt/s", {"action": "on"}, "zigbee2mqtt:s", SINGLE),
        ("zigbee2mqtt/s", {"action": "off"}, "zigbee2mqtt:s", DOUBLE),
        ("zigbee2mqtt/s", {"action": "toggle"}, "zigbee2mqtt:s", SINGLE),
        ("zigbee2mqtt/s", {"action": "toggle_hold"}, "zigbee2mqtt:s", HOLD),
        ("zigbee2mqtt/s", {"action": "brightness_move_up"}, "zigbee2mqtt:s", HOLD),
        ("zigbee2mqtt/s", {"action": "hold_release"}, "zigbee2mqtt:s", Meaning.END),
        ("zigbee2mqtt/s", {"action": "arrow_left_click"}, "zigbee2mqtt:s:arrow_left", SINGLE),
        ("nut/stat/RESULT", {"Button1": {"Action": "SINGLE"}}, "tasmota:nut:1", SINGLE),
        ("tele/nut/RESULT", {"Button3": {"Action": "DOUBLE"}}, "tasmota:nut:3", DOUBLE),
        ("nut/tele/RESULT", {"Button3": {"Action": "HOLD"}}, "tasmota:nut:3", HOLD),
        ("nut/stat/BUTTON2", {"ACTION": "SINGLE"}, "tasmota:nut:2", SINGLE),
        (
            "blugw-1/events/rpc",
            notify(pushed("bthomedevice:200", "single_push")),
            "shelly:blugw-1:bthomedevice-200",
            SINGLE,
        ),
        (
            "blugw-1/events/rpc",
            notify({**pushed("bthomedevice:201", "long_push"), "idx": 2}),
            "shelly:blugw-1:bthomedevice-201-2",
            HOLD,
        ),
        (
            "blugw-1/events/rpc",
            notify({"component": "bthomesensor:203", "id": 203, "event": "double_push"}),
            "shelly:blugw-1:bthomesensor-203",
            DOUBLE,
        ),
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
def test_a_press_of_every_family(topic: str, payload: object, unit: str, meaning: Meaning) -> None:
    (heard,) = said(topic, raw(payload))
    assert isinstance(heard, ButtonPress)
    assert (heard.unit, heard.meaning) == (unit, meaning)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("zigbee2mqtt/quay-3", {"battery": 97, "linkquality": 40}),
        ("zigbee2mqtt/quay-3", {"action": ""}),
        ("zigbee2mqtt/quay-3", {"action": None}),
        ("zigbee2mqtt/quay-3", {"action": ["single"]}),
        ("zigbee2mqtt/quay-3", ["action", "single"]),
        ("zigbee2mqtt/quay-3/set", {"action": "single"}),
        ("zigbee2mqtt/quay-3/get", {"action": "single"}),
        ("zigbee2mqtt/bridge/logging", {"action": "single"}),
        ("zigbee2mqtt/a:b", {"action": "single"}),
        ("zigbee2mqtt/quay-3/action", ""),
        ("stat/nut/RESULT", {"POWER": "ON"}),
        ("stat/nut/RESULT", {"Button1": "SINGLE"}),
        ("stat/nut/RESULT", {"Button1": {"Action": 1}}),
        ("s-1/events/rpc", notify(pushed("switch:0", "single_push"))),
        ("s-1/events/rpc", notify(pushed("input:0", "single_push"), method="NotifyStatus")),
        ("s-1/events/rpc", notify("single_push", None, 3)),
        ("s-1/events/rpc", {"method": "NotifyEvent", "params": {"events": {"event": "x"}}}),
        ("shellies/b1/input_event/0", {"event": "", "event_cnt": 7}),
        ("shellies/b1/input_event/0", {"event": "S", "event_cnt": None}),
        ("ban-6/event/goi/state", {"event_type": {}}),
        ("ban-6/sensor/goi/state", {"event_type": "single"}),
        ("denluot/v1/nhi-chieu/state/board", {"action": "single"}),
    ],
)
def test_what_is_no_press_of_any_family(topic: str, payload: object) -> None:
    assert said(topic, raw(payload)) == []


@pytest.mark.parametrize(
    ("topic", "payload", "unread"),
    [
        ("zigbee2mqtt/quay-3", {"action": "1_triple"}, Unread("zigbee2mqtt:quay-3", "1_triple")),
        ("zigbee2mqtt/quay-3", {"action": "recall_1"}, Unread("zigbee2mqtt:quay-3", "recall_1")),
        (
            "stat/nut/RESULT",
            {"Button1": {"Action": "TRIPLE"}},
            Unread("tasmota:nut", "triple"),
        ),
        (
            "s-1/events/rpc",
            notify(pushed("input:0", "triple_push")),
            Unread("shelly:s-1", "triple_push"),
        ),
        ("ban-6/event/goi/state", {"event_type": "triple"}, Unread("esphome:ban-6", "triple")),
    ],
)
def test_what_looks_like_a_press_and_means_nothing(
    topic: str, payload: object, unread: Unread
) -> None:
    assert said(topic, raw(payload)) == [unread]


@pytest.mark.parametrize("event", ["btn_down", "btn_up"])
def test_what_a_button_says_later_in_one_word_is_none(event: str) -> None:
    (heard,) = said("s-1/events/rpc", raw(notify(pushed("input:0", event))))
    assert isinstance(heard, ButtonPress)
    assert heard.meaning is Meaning.NONE


def test_a_new_kind_of_button_is_a_line() -> None:
    form = ButtonForm(
        family="pager",
        topic="hall/pagers/{device}/key{button}",
        payload=('{"k": {"how": "{action}", "n": "{count}"}}',),
        actions={"kurz": SINGLE, "lang": HOLD, "off": Meaning.NONE},
    )
    forms = Forms([form])
    payload = raw({"k": {"how": "LANG", "n": 7}})
    (heard,) = forms.said("hall/pagers/p4/key2", payload)
    assert heard == ButtonPress("pager:p4", "2", HOLD, count=7, action="lang")
    assert forms.filters()[0] == "hall/pagers/+/+"
    (heard,) = forms.said("hall/pagers/p4/key2", raw({"k": {"how": "off", "n": 8}}))
    assert isinstance(heard, ButtonPress)
    assert heard.meaning is Meaning.NONE
    settings = MqttButtons(units={"pager:p4:2": 4}, forms=(form,))
    assert settings.unit_names == {"pager:p4:2": 4}


def test_a_line_of_the_box_goes_before_the_built_in_ones() -> None:
    form = ButtonForm(family="zigbee2mqtt", topic="zigbee2mqtt/{device*}", payload=())
    assert Forms([form]).said("zigbee2mqtt/quay-3", raw({"action": "single"})) == []


@pytest.mark.parametrize(
    ("topic", "payload"), [("x/{devices}", "{action}"), ("x/{device}", '{"a": "{word}"}')]
)
def test_a_line_with_a_place_that_nobody_knows_is_refused(topic: str, payload: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        ButtonForm(family="x", topic=topic, payload=(payload,))


def test_every_family_of_the_settings_is_built_in() -> None:
    for family in ("zigbee2mqtt", "tasmota", "shelly", "esphome"):
        assert MqttButtons(units={f"{family}:x": 1})
        assert any(form.family == family for form, _, _ in FORMS._forms)
    with pytest.raises(ValueError, match="'knx:x' is of no known family: esphome, shelly"):
        MqttButtons(units={"knx:x": 1})


def test_the_private_broker_lets_every_built_in_topic_pass() -> None:
    assert set(FORMS.filters()) <= {*BUTTON_TOPICS, "stat/+/RESULT", "+/stat/RESULT"}
    nested = FORMS.filters(["zigbee2mqtt:tang-1/quay"])
    assert "zigbee2mqtt/tang-1/quay/action" in nested
    assert "zigbee2mqtt/tang-1/quay" in nested


def test_several_buttons_in_one_message() -> None:
    payload = notify(pushed("input:0", "single_push"), pushed("input:1", "double_push"))
    heard = said("s-1/events/rpc", json.dumps(payload).encode())
    assert heard == [
        ButtonPress("shelly:s-1", "0", SINGLE, AT, action="single_push"),
        ButtonPress("shelly:s-1", "1", DOUBLE, AT, action="double_push"),
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
    assert isinstance(heard, ButtonPress)
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
    assert said(topic, payload) == ([ButtonPresence(*heard)] if heard else [])


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
            assert not [one for one in said(topic, payload) if isinstance(one, ButtonPress)]


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
    assert not [one for one in heard if isinstance(one, ButtonPress) and one.meaning in GESTURES]
