"""What each family of buttons publishes, as one table; docs/hardware.md names the sources."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from hardware.keypad.port import Gesture

MAX_BYTES = 8192
"""No button says more at once; what does is not one."""
_SET_CLOCK = 1_600_000_000
"""A clock that shows an earlier second since 1970 was never set."""
_NO_CLOCK = 100_000_000_000
"""A greater one is no second since 1970; it may be a millisecond."""
_SINGLE, _DOUBLE, _HOLD = Gesture.SINGLE, Gesture.DOUBLE, Gesture.HOLD

_WORDS = {
    **dict.fromkeys(("single", "click", "press", "short", "short_press", "single_press"), _SINGLE),
    **dict.fromkeys(("single_click", "single_push"), _SINGLE),
    **dict.fromkeys(("double", "double_press", "double_click", "double_push"), _DOUBLE),
    **dict.fromkeys(("hold", "long", "long_press", "long_click", "long_push"), _HOLD),
}
_TASMOTA = {"single": _SINGLE, "double": _DOUBLE, "hold": _HOLD}
_SHELLY = {"single_push": _SINGLE, "double_push": _DOUBLE, "long_push": _HOLD}
_SHELLY_FIRST = {"S": _SINGLE, "SS": _DOUBLE, "L": _HOLD}
_THERE = {"online": True, "true": True, "offline": False, "false": False}


@dataclass(frozen=True, slots=True)
class Pushed:
    """A finished press, as the button's own firmware judged it."""

    device: str
    """Family and device, such as `zigbee2mqtt:quay-3`."""
    button: str
    """Which button of the device; empty where it has one."""
    gesture: Gesture
    stamp: float | None = None
    """When it was pressed by the device's clock, in seconds since 1970."""
    count: int | None = None
    """The number of the press, which a repetition shares."""
    second_hand: bool = False
    """Said once more on another topic by most, by some on this one alone."""

    @property
    def unit(self) -> str:
        """Return the name by which settings give it a counter."""
        return f"{self.device}:{self.button}" if self.button else self.device


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that is open or closed now; only its closing is a press."""

    device: str
    button: str
    closed: bool

    @property
    def unit(self) -> str:
        """Return the name by which settings give it a counter."""
        return f"{self.device}:{self.button}"


@dataclass(frozen=True, slots=True)
class There:
    """A device, or the bridge of a whole family, says that it is there or gone."""

    device: str
    there: bool


Said = Pushed | Contact | There
Reader = Callable[[re.Match[str], str, Any], Iterator[Said]]


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of message: its topic, and what its payload says as text and as JSON."""

    topic: re.Pattern[str]
    read: Reader


def said(topic: str, payload: bytes) -> list[Said]:
    """Return what a message says of buttons; nothing for anything else. Raises nothing."""
    if len(payload) > MAX_BYTES:
        return []
    for form in FORMS:
        match = form.topic.fullmatch(topic)
        if match and ":" not in match["device"]:
            text = payload.decode("utf-8", "replace").strip()
            return list(form.read(match, text, _json(payload)))
    return []


# Zigbee2MQTT ----------------------------------------------------------------------------------


def _zigbee(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    if isinstance(value, Mapping):
        stamp = _stamp(value.get("last_seen"))
        yield from _zigbee_action(match["device"], value.get("action"), stamp, second_hand=False)


def _zigbee_again(match: re.Match[str], text: str, _value: Any) -> Iterator[Said]:  # noqa: ANN401
    yield from _zigbee_action(match["device"], text, None, second_hand=True)


def _zigbee_action(
    device: str, action: object, stamp: float | None, *, second_hand: bool
) -> Iterator[Said]:
    """Read `single`, `1_single`, `button_1_hold`, `single_left`."""
    if not isinstance(action, str):
        return
    words = _WORDS
    before, _, last = action.rpartition("_")
    first, _, after = action.partition("_")
    if action in words:
        button, gesture = "", words[action]
    elif before and last in words:
        button, gesture = before.removeprefix("button_"), words[last]
    elif after and first in words and after != "release":
        button, gesture = after, words[first]
    else:
        return
    yield Pushed(f"zigbee2mqtt:{device}", button, gesture, stamp, second_hand=second_hand)


def _zigbee_there(match: re.Match[str], text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read `{"state": "online"}` of devices and of the bridge; older ones say `online`."""
    word = value.get("state") if isinstance(value, Mapping) else text
    device = "zigbee2mqtt" if match["device"] == "bridge" else f"zigbee2mqtt:{match['device']}"
    yield from _there(device, word)


# Tasmota --------------------------------------------------------------------------------------


def _tasmota(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read `{"Button1": {"Action": "SINGLE"}}`, in any case."""
    for key, entry in _entries(value):
        button = re.fullmatch(r"button(\d{1,2})", key)
        if button:
            yield from _tasmota_action(match["device"], button[1], entry)


def _tasmota_old(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read `{"ACTION": "SINGLE"}`."""
    yield from _tasmota_action(match["device"], match["button"], value)


def _tasmota_action(device: str, button: str, value: object) -> Iterator[Said]:
    for key, action in _entries(value):
        gesture = _TASMOTA.get(action.lower()) if isinstance(action, str) else None
        if key == "action" and gesture:
            yield Pushed(f"tasmota:{device}", button, gesture)


def _tasmota_there(match: re.Match[str], text: str, _value: Any) -> Iterator[Said]:  # noqa: ANN401
    yield from _there(f"tasmota:{match['device']}", text.lower())


# Shelly ---------------------------------------------------------------------------------------


def _shelly(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read the `input:N` events of a `NotifyEvent`; pushes alone, not `btn_down`."""
    if not isinstance(value, Mapping) or value.get("method") != "NotifyEvent":
        return
    params = value.get("params")
    events = params.get("events") if isinstance(params, Mapping) else None
    for event in events if isinstance(events, list) else ():
        if not isinstance(event, Mapping):
            continue
        kind, _, number = str(event.get("component")).partition(":")
        gesture = _SHELLY.get(str(event.get("event")))
        if kind == "input" and number.isdecimal() and gesture:
            yield Pushed(f"shelly:{match['device']}", number, gesture, _stamp(event.get("ts")))


def _shelly_first(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read `{"event": "S", "event_cnt": 7}` of the first generation."""
    if not isinstance(value, Mapping):
        return
    gesture = _SHELLY_FIRST.get(str(value.get("event")))
    count = value.get("event_cnt")
    if gesture and isinstance(count, int):
        yield Pushed(f"shelly:{match['device']}", match["button"], gesture, count=count)


def _shelly_there(match: re.Match[str], text: str, _value: Any) -> Iterator[Said]:  # noqa: ANN401
    yield from _there(f"shelly:{match['device']}", text)


# ESPHome --------------------------------------------------------------------------------------


def _esphome(match: re.Match[str], _text: str, value: Any) -> Iterator[Said]:  # noqa: ANN401
    """Read `{"event_type": "single"}` of an event entity."""
    kind = value.get("event_type") if isinstance(value, Mapping) else None
    gesture = _WORDS.get(kind) if isinstance(kind, str) else None
    if gesture:
        yield Pushed(f"esphome:{match['device']}", match["button"], gesture)


def _esphome_contact(match: re.Match[str], text: str, _value: Any) -> Iterator[Said]:  # noqa: ANN401
    if text in ("ON", "OFF"):
        yield Contact(f"esphome:{match['device']}", match["button"], closed=text == "ON")


def _esphome_there(match: re.Match[str], text: str, _value: Any) -> Iterator[Said]:  # noqa: ANN401
    yield from _there(f"esphome:{match['device']}", text)


# Parts ----------------------------------------------------------------------------------------


def _there(device: str, word: object) -> Iterator[Said]:
    there = _THERE.get(word) if isinstance(word, str) else None
    if there is not None:
        yield There(device, there)


def _entries(value: object) -> Iterator[tuple[str, object]]:
    """Return the entries of a table, keys in small letters."""
    if isinstance(value, Mapping):
        yield from ((str(key).lower(), entry) for key, entry in value.items())


def _stamp(value: object) -> float | None:
    """Return a time as seconds since 1970; None for no time, or a clock that was never set."""
    if isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return None
        value = at.timestamp() if at.tzinfo else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for unit in (1, 1000):
        if _SET_CLOCK * unit < value < _NO_CLOCK * unit:
            return value / unit
    return None


def _json(payload: bytes) -> object:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _form(topic: str, read: Reader) -> Form:
    """Return a form; in `topic` stands `{device}` and `{button}` for one level each."""
    pattern = topic.format(device="(?P<device>[^/]+)", button="(?P<button>[^/]+)")
    return Form(re.compile(pattern), read)


FORMS = (
    _form("zigbee2mqtt/(?P<device>.+)/action", _zigbee_again),
    _form("zigbee2mqtt/(?P<device>.+)/availability", _zigbee_there),
    _form("zigbee2mqtt/(?P<device>bridge)/state", _zigbee_there),
    _form("zigbee2mqtt/(?!bridge/)(?P<device>.+)(?<!/set)(?<!/get)", _zigbee),
    _form("stat/{device}/RESULT", _tasmota),
    _form("stat/{device}/BUTTON(?P<button>[0-9]{{1,2}})", _tasmota_old),
    _form("tele/{device}/LWT", _tasmota_there),
    _form("shellies/{device}/input_event/{button}", _shelly_first),
    _form("shellies/{device}/online", _shelly_there),
    _form("{device}/events/rpc", _shelly),
    _form("{device}/online", _shelly_there),
    _form("{device}/event/{button}/state", _esphome),
    _form("{device}/binary_sensor/{button}/state", _esphome_contact),
    _form("{device}/status", _esphome_there),
)
